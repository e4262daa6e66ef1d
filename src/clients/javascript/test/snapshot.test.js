import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {Refused, openSnapshot} from '../lib/snapshot.js';
import {LOG, Published, Signer, scratch} from './support/registry.js';
import {Segments, id} from './support/segment-writer.js';

const ANN = id(1);
const RESERVED = {'text-and-data-mining': 'reserved'};
const BOOK = 'isbn:9788936434120';
const SONG = 'iswc:T0345246801';
const PAGE = 'url:https://example.com/a';

const about = (subject, position, stances = RESERVED) => new Segments()
  .statement(subject, {party: ANN, position, stances})
  .proof(subject, {party: ANN, position: position - 1});

const published = (t) => new Published(t).release(10, about(BOOK, 5)).publish();

function options(folder, more = {}) {
  return {source: folder.place, key: folder.signer.key, ...more};
}

async function opened(t, folder, more) {
  const snapshot = await openSnapshot(options(folder, more));
  t.after(() => snapshot.close());
  return snapshot;
}

function refuses(folder, code, more) {
  return assert.rejects(openSnapshot(options(folder, more)), (refused) => {
    assert.ok(refused instanceof Refused, refused.stack);
    assert.equal(refused.code, code, refused.message);
    return true;
  });
}

/** Serves a folder, and counts the requests. */
async function serve(t, folder) {
  const asked = [];
  const served = {status: 200, asked, cut: Infinity, stalls: () => false, gone: 0};
  const server = createServer((request, response) => {
    asked.push(request.url);
    const path = join(folder.place, decodeURIComponent(request.url.slice('/snapshot/'.length)));
    if (served.status !== 200 || !existsSync(path)) {
      response.writeHead(served.status === 200 ? 404 : served.status).end();
      return;
    }
    const bytes = readFileSync(path);
    if (served.stalls(request.url)) {
      // Half of the body, and then nothing.
      response.writeHead(200, {'content-length': bytes.length}).write(bytes.subarray(0, bytes.length >> 1));
      response.on('close', () => {
        served.gone++;
      });
      return;
    }
    if (path.endsWith('.segment') && bytes.length > served.cut) {
      response.writeHead(200, {'content-length': bytes.length});
      response.write(bytes.subarray(0, served.cut), () => response.destroy());
      return;
    }
    response.end(bytes);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  served.source = `http://127.0.0.1:${server.address().port}/snapshot`;
  return served;
}

test('it answers from a folder, and only allow is allowed', async (t) => {
  const folder = new Published(t).release(10, new Segments()
    .statement(BOOK, {party: ANN, position: 5, stances: {...RESERVED, 'search-indexing': 'permitted'}})
    .proof(BOOK, {party: ANN, position: 4})
    .statement(SONG, {party: ANN, position: 6, stances: RESERVED, contact: 'terms'})).publish();
  const snapshot = await opened(t, folder);
  const denied = snapshot.check(BOOK);
  assert.deepEqual(
    {...denied, checkedAt: null},
    {
      verdict: 'deny', allowed: false, reason: 'declared', detail: 'reserved', subject: BOOK, matched: BOOK, position: 10,
      uses: {
        'text-and-data-mining': 'deny', 'data-analysis': 'deny', 'ai-training': 'deny', 'generative-ai-training': 'deny',
        'non-generative-ai-training': 'deny', 'ai-input': 'deny', 'ai-index': 'deny',
      },
      checkedAt: null,
    });
  const allowed = snapshot.check(['978-89-364-3412-0'].map((isbn) => `isbn:${isbn}`), {uses: ['search-indexing']});
  assert.equal(allowed.allowed, true);
  assert.equal(allowed.verdict, 'allow');
  assert.equal(snapshot.check(SONG).verdict, 'ask');
  assert.equal(snapshot.check(SONG).allowed, false);
  assert.equal(snapshot.check(PAGE).verdict, 'unknown');
  assert.equal(snapshot.check(PAGE).allowed, false);
  assert.equal(snapshot.position, 10);
  snapshot.verify();
});

test('several subjects of one work are answered together, and creators reach it', async (t) => {
  const isni = 'isni:0000000121032683';
  const folder = new Published(t).release(10, new Segments()
    .statement(BOOK, {party: id(2), position: 6, stances: {'text-and-data-mining': 'permitted'}})
    .proof(BOOK, {party: id(2), position: 5})
    .statement(isni, {party: ANN, position: 7, stances: RESERVED})
    .proof(isni, {party: ANN, position: 4})).publish();
  const snapshot = await opened(t, folder);
  assert.equal(snapshot.check(BOOK).verdict, 'allow');
  assert.equal(snapshot.check([BOOK, isni]).verdict, 'deny');
  assert.equal(snapshot.check([SONG, isni]).verdict, 'deny');
});

test('a subject that cannot be read is unknown, and an error is unreachable', async (t) => {
  const snapshot = await opened(t, published(t));
  for (const wrong of ['', 'isbn:1', [], [BOOK, 'nonsense'], null, 42, new Array(21).fill(BOOK)]) {
    const answer = snapshot.check(wrong);
    assert.equal(answer.verdict, 'unknown', String(wrong));
    assert.equal(answer.reason, 'unreadable');
    assert.equal(answer.allowed, false);
  }
  assert.equal(snapshot.check([BOOK, 'url:https://allow.askfirst.example/']).reason, 'unreadable');
  assert.equal(snapshot.check(BOOK, {uses: ['no-use']}).verdict, 'unreachable');
  assert.equal(snapshot.check(BOOK, {moment: new Date(NaN)}).verdict, 'unreachable');
  snapshot.close();
  assert.equal(snapshot.check(BOOK).verdict, 'unreachable');
});

test('bad-signature: another key', async (t) => {
  await refuses(published(t), 'bad-signature', {key: new Signer().key});
});

test('bad-signature: another catalogue, position, log, or none', async (t) => {
  const folder = published(t);
  const path = join(folder.place, 'catalog.json');
  const document = JSON.parse(readFileSync(path, 'utf8'));
  const write = (change) => writeFileSync(path, JSON.stringify({...document, ...change}));
  write({catalog: {...document.catalog, expiresAt: '2999-01-01T00:00:00Z'}});
  await refuses(folder, 'bad-signature');
  write({note: undefined});
  await refuses(folder, 'bad-signature');
  write({note: document.note.replace('\n10\n', '\n11\n')});
  await refuses(folder, 'bad-signature');
  writeFileSync(path, 'no JSON');
  await refuses(folder, 'bad-signature');
  folder.publish({}, {position: 11});
  await refuses(folder, 'bad-signature');
  folder.publish({}, {log: 'other.example/log'});
  await refuses(folder, 'bad-signature');
  folder.publish({log: 'other.example/log'});
  await refuses(folder, 'bad-signature');
  folder.publish({}, {hash: '00'.repeat(32)});
  await refuses(folder, 'bad-signature');
  folder.publish();
  await opened(t, folder);
});

test('unsupported: another format, other rules, a newer client', async (t) => {
  const folder = published(t);
  for (const changes of [
    {format: 2}, {rules: 2}, {minimumClient: '0.1.1'}, {minimumClient: '1.0.0'}, {minimumClient: 'newest'},
    {releases: []}, {releases: [{...folder.releases[0], path: '../../secret'}]}, {expiresAt: 'never'},
  ]) {
    await refuses(folder.publish(changes), 'unsupported');
  }
  await refuses(new Published(t).release(10, about(BOOK, 5), {version: 8}).publish(), 'unsupported');
  await opened(t, folder.publish({minimumClient: '0.0.9'}));
});

test('expired: at the moment of opening, and later', async (t) => {
  const folder = published(t);
  let now = Date.now();
  const clock = () => now;
  await refuses(folder.publish({expiresAt: new Date(now).toISOString()}), 'expired', {clock});
  const snapshot = await opened(t, folder.publish({expiresAt: new Date(now + 1000).toISOString()}), {clock});
  now += 999;
  assert.equal(snapshot.check(BOOK).verdict, 'deny');
  now += 1;
  const answer = snapshot.check(BOOK);
  assert.deepEqual([answer.verdict, answer.reason, answer.allowed], ['unreachable', 'expired', false]);
  await assert.rejects(snapshot.refresh(), {code: 'expired'});
});

test('expired: issued more than ten minutes after now, when opening a copy and when deciding', async (t) => {
  const folder = published(t);
  const served = await serve(t, folder);
  const start = Date.now();
  let now = start;
  const clock = () => now;
  const copy = scratch(t);
  const remote = {source: served.source, copy, clock};
  const issued = (millis) => folder.publish({
    issuedAt: new Date(start + millis).toISOString(), expiresAt: new Date(start + 7_200_000).toISOString(),
  });
  issued(600_001);
  await refuses(folder, 'expired', {clock});
  await refuses(folder, 'expired', remote);
  issued(600_000);
  const snapshot = await opened(t, folder, remote);
  assert.equal(snapshot.check(BOOK).verdict, 'deny');
  issued(600_001);
  await assert.rejects(snapshot.refresh(), {code: 'expired'});
  assert.equal(snapshot.check(BOOK).verdict, 'deny', 'the refused catalogue replaces nothing');
  now = start - 1;
  const answer = snapshot.check(BOOK);
  assert.deepEqual([answer.verdict, answer.reason, answer.allowed], ['unreachable', 'expired', false]);
  now = start;
  assert.equal(snapshot.check(BOOK).verdict, 'deny');
  snapshot.close();
  served.status = 503;
  (await opened(t, folder, remote)).close();
  now = start - 1;
  await refuses(folder, 'unreachable', remote);
});

test('rolled-back: an earlier position, or an earlier time', async (t) => {
  const folder = published(t);
  const state = join(scratch(t), 'state.json');
  const at = (seconds) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
  const ten = folder.releases;
  folder.release(20, about(BOOK, 15)).publish({issuedAt: at(10)});
  (await opened(t, folder, {state})).close();
  folder.publish({position: 10, releases: ten, issuedAt: at(11)});
  await refuses(folder, 'rolled-back', {state});
  folder.publish({issuedAt: at(9)});
  await refuses(folder, 'rolled-back', {state});
  folder.publish({issuedAt: at(10)});
  await opened(t, folder, {state});
  assert.deepEqual(readdirSync(join(state, '..')), ['state.json'], 'the state is written in one step');
});

test('a state that cannot be read is no state without memory', async (t) => {
  const state = join(scratch(t), 'state.json');
  writeFileSync(state, '{"position": 1');
  await refuses(published(t), 'unreachable', {state});
  writeFileSync(state, JSON.stringify({log: 'other.example/log', position: 1, issuedAt: '2026-01-01T00:00:00Z', files: []}));
  await refuses(published(t), 'mixed', {state});
});

test('truncated: a file is missing, short or long', async (t) => {
  const folder = published(t);
  const path = join(folder.place, folder.releases[0].path);
  const bytes = readFileSync(path);
  truncateSync(path, bytes.length - 8);
  await refuses(folder, 'truncated');
  writeFileSync(path, Buffer.concat([bytes, Buffer.alloc(8)]));
  await refuses(folder, 'truncated');
  rmSync(path);
  await refuses(folder, 'truncated');
});

test('truncated: a checked file became shorter', async (t) => {
  const folder = published(t);
  const state = join(scratch(t), 'state.json');
  (await opened(t, folder, {state})).close();
  truncateSync(join(folder.place, folder.releases[0].path), 4096);
  await refuses(folder, 'truncated', {state});
});

test('tampered: another byte', async (t) => {
  const folder = published(t);
  const state = join(scratch(t), 'state.json');
  (await opened(t, folder, {state})).close();
  const path = join(folder.place, folder.releases[0].path);
  const bytes = readFileSync(path);
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(path, bytes);
  utimesSync(path, new Date(), new Date(0));
  await refuses(folder, 'tampered');
  await refuses(folder, 'tampered', {state});
});

test('mixed: the header names another log or position', async (t) => {
  await refuses(new Published(t).release(10, about(BOOK, 5), {log: 'other.example/log'}).publish(), 'mixed');
  await refuses(new Published(t).release(10, about(BOOK, 5), {position: 9}).publish(), 'mixed');
  await refuses(
    new Published(t).release(10, about(BOOK, 5)).delta(10, 12, about(SONG, 11), {position: 13}).publish(), 'mixed');
});

test('mixed: a delta does not begin where the file before it ended', async (t) => {
  await refuses(new Published(t).release(10, about(BOOK, 5)).delta(11, 12, about(SONG, 12)).publish(), 'mixed');
  await refuses(new Published(t).release(10, about(BOOK, 5)).publish({position: 11}), 'mixed');
});

test('unreachable: no folder, no server, an error of the server', async (t) => {
  const folder = published(t);
  await refuses({...folder, signer: folder.signer, place: join(folder.place, 'nowhere')}, 'unreachable');
  const served = await serve(t, folder);
  served.status = 503;
  await refuses(folder, 'unreachable', {source: served.source, copy: scratch(t)});
  served.status = 404;
  await refuses(folder, 'unreachable', {source: served.source, copy: scratch(t)});
  await refuses(folder, 'unreachable', {source: 'http://127.0.0.1:1/snapshot', copy: scratch(t)});
});

test('unreachable: a server that stalls in the middle of a body, or before it', async (t) => {
  const folder = published(t);
  const served = await serve(t, folder);
  const more = {source: served.source, copy: scratch(t), stallSeconds: 0.5};
  for (const part of ['catalog.json', '.segment']) {
    served.stalls = (url) => url.endsWith(part);
    const gone = served.gone;
    await refuses(folder, 'unreachable', more);
    await until(() => served.gone === gone + 1);
    assert.deepEqual(filesOf(more.copy), [], 'nothing unfinished stays');
  }
  served.stalls = () => false;
  (await opened(t, folder, {...more, stallSeconds: 60})).close();
  const snapshot = await opened(t, folder, more);
  served.stalls = () => true;
  await assert.rejects(snapshot.refresh(), {code: 'unreachable'});
  assert.equal(snapshot.check(BOOK).verdict, 'deny', 'it continues with what it has');
  const silent = createServer(() => {});
  await new Promise((listening) => silent.listen(0, '127.0.0.1', listening));
  t.after(() => {
    silent.closeAllConnections();
    silent.close();
  });
  await refuses(folder, 'unreachable', {
    source: `http://127.0.0.1:${silent.address().port}/`, copy: scratch(t), stallSeconds: 0.1,
  });
});

test('a slow server that sends something in time is read to the end', async (t) => {
  const folder = published(t);
  const slow = createServer(async (request, response) => {
    const bytes = readFileSync(join(folder.place, request.url));
    for (let i = 0; i < 8; i++) {
      response.write(bytes.subarray(Math.floor(bytes.length * i / 8), Math.floor(bytes.length * (i + 1) / 8)));
      await new Promise((later) => setTimeout(later, 200));
    }
    response.end();
  });
  await new Promise((listening) => slow.listen(0, '127.0.0.1', listening));
  t.after(() => {
    slow.closeAllConnections();
    slow.close();
  });
  const source = `http://127.0.0.1:${slow.address().port}/`;
  const snapshot = await opened(t, folder, {source, copy: scratch(t), stallSeconds: 1});
  assert.equal(snapshot.check(BOOK).verdict, 'deny');
});

test('a key that is none is an error of the caller', async (t) => {
  const folder = published(t);
  await assert.rejects(openSnapshot(options(folder, {key: 'nonsense'})), TypeError);
  await assert.rejects(openSnapshot(options(folder, {key: folder.signer.key.replace(LOG, 'a.example/log')})), TypeError);
  await assert.rejects(openSnapshot(options(folder, {source: 'http://127.0.0.1:1/'})), TypeError);
});

test('it follows deltas by the one that reaches furthest', async (t) => {
  const folder = published(t);
  const snapshot = await opened(t, folder);
  assert.equal(snapshot.check(SONG).verdict, 'unknown');
  folder.delta(10, 11, new Segments()).delta(10, 12, about(SONG, 11)).delta(12, 14, new Segments().hide(BOOK)).publish();
  assert.equal(await snapshot.refresh(), true);
  assert.equal(snapshot.position, 14);
  assert.equal(snapshot.files, 3);
  assert.equal(snapshot.check(SONG).verdict, 'deny');
  assert.equal(snapshot.check(BOOK).verdict, 'unknown');
  assert.equal(await snapshot.refresh(), false);
  // No delta begins here: it takes the latest release.
  folder.deltas = [];
  folder.release(30, about(BOOK, 25)).publish();
  assert.equal(await snapshot.refresh(), true);
  assert.equal(snapshot.files, 1);
  assert.equal(snapshot.check(SONG).verdict, 'unknown');
  assert.equal(snapshot.check(BOOK).verdict, 'deny');
});

test('it continues by deltas only if the last file is listed with the same SHA-256', async (t) => {
  const folder = published(t);
  const served = await serve(t, folder);
  const copy = scratch(t);
  const asked = () => served.asked.splice(0).map((url) => url.slice('/snapshot/'.length));
  folder.delta(10, 12, about(SONG, 11)).publish();
  const snapshot = await opened(t, folder, {source: served.source, copy});
  assert.equal(snapshot.check(SONG).verdict, 'deny');
  asked();
  // The registry began anew after 10: another delta has the name of the last file, and another one follows it.
  folder.deltas = [];
  folder.delta(10, 12, about(PAGE, 11)).delta(12, 14, new Segments()).publish();
  assert.equal(await snapshot.refresh(), true);
  assert.deepEqual(asked(), [
    'catalog.json', 'deltas/000000000010-000000000012.segment', 'deltas/000000000012-000000000014.segment',
  ]);
  assert.deepEqual([snapshot.check(SONG).verdict, snapshot.check(PAGE).verdict], ['unknown', 'deny']);
  // The last file is not listed any longer, though a delta begins at its position. A new process remembers it too.
  snapshot.close();
  folder.deltas = [];
  folder.release(14, about(SONG, 13)).delta(14, 16, new Segments()).publish();
  const next = await opened(t, folder, {source: served.source, copy});
  assert.deepEqual(asked(), [
    'catalog.json', 'releases/000000000014.segment', 'deltas/000000000014-000000000016.segment',
  ]);
  assert.deepEqual([next.check(SONG).verdict, next.check(PAGE).verdict, next.files], ['deny', 'unknown', 2]);
  // Another release of the same position.
  folder.releases = [];
  folder.deltas = [];
  folder.release(16, about(PAGE, 15)).publish();
  assert.equal(await next.refresh(), false);
  assert.deepEqual(asked(), ['catalog.json', 'releases/000000000016.segment']);
  assert.deepEqual([next.check(SONG).verdict, next.check(PAGE).verdict, next.files], ['unknown', 'deny', 1]);
});

test('many small deltas are replaced by the merged one', async (t) => {
  const folder = published(t);
  const snapshot = await opened(t, folder);
  for (let position = 11; position <= 30; position++) {
    folder.delta(position - 1, position, about(SONG, position)).publish();
    await snapshot.refresh();
    if (position === 20) {
      folder.delta(10, 20, about(SONG, 20)).publish();
    }
  }
  assert.equal(snapshot.position, 30);
  assert.ok(snapshot.files <= 16, `${snapshot.files} files`);
  assert.equal(snapshot.check(SONG).verdict, 'deny');
});

test('it keeps what it has if a new catalogue is refused, until that expires', async (t) => {
  const folder = published(t);
  let now = Date.now();
  const snapshot = await opened(t, folder, {clock: () => now});
  folder.publish({rules: 2});
  await assert.rejects(snapshot.refresh(), {code: 'unsupported'});
  assert.equal(snapshot.lastRefused.code, 'unsupported');
  assert.equal(snapshot.check(BOOK).verdict, 'deny');
  rmSync(folder.place, {recursive: true});
  await assert.rejects(snapshot.refresh(), {code: 'unreachable'});
  assert.equal(snapshot.check(BOOK).verdict, 'deny');
  now += 3_600_001;
  assert.equal(snapshot.check(BOOK).verdict, 'unreachable');
});

test('a refused delta changes nothing', async (t) => {
  const folder = published(t);
  const snapshot = await opened(t, folder);
  folder.delta(10, 12, about(SONG, 11)).publish();
  const path = join(folder.place, folder.deltas[0].path);
  const bytes = readFileSync(path);
  bytes[4100] ^= 1;
  writeFileSync(path, bytes);
  await assert.rejects(snapshot.refresh(), {code: 'tampered'});
  assert.equal(snapshot.position, 10);
  assert.equal(snapshot.check(BOOK).verdict, 'deny');
});

test('it keeps a copy of an address, and fetches only what is new', async (t) => {
  const folder = published(t);
  const served = await serve(t, folder);
  const copy = join(scratch(t), 'new', 'copy');
  const first = await opened(t, folder, {source: served.source, copy});
  assert.equal(first.check(BOOK).verdict, 'deny');
  folder.delta(10, 12, about(SONG, 11)).publish();
  await first.refresh();
  assert.equal(first.check(SONG).verdict, 'deny');
  assert.deepEqual(served.asked.map((url) => url.slice('/snapshot/'.length)), [
    'catalog.json', 'releases/000000000010.segment', 'catalog.json', 'deltas/000000000010-000000000012.segment',
  ]);
  first.close();
  // The next start fetches nothing but the catalogue, and works without the server.
  served.asked.length = 0;
  const second = await opened(t, folder, {source: served.source, copy});
  assert.deepEqual(served.asked, ['/snapshot/catalog.json']);
  second.close();
  served.status = 503;
  const third = await opened(t, folder, {source: served.source, copy});
  assert.equal(third.lastRefused.code, 'unreachable');
  assert.equal(third.check(SONG).verdict, 'deny');
  third.close();
  await refuses(folder, 'unreachable', {source: served.source, copy, clock: () => Date.now() + 4_000_000});
  // A release removes what is not needed any longer.
  served.status = 200;
  folder.deltas = [];
  folder.release(30, about(BOOK, 25)).publish();
  const fourth = await opened(t, folder, {source: served.source, copy});
  assert.equal(fourth.position, 30);
  await fourth.refresh();
  assert.deepEqual(
    readdirSync(join(copy, 'releases')), [`000000000030.segment.${folder.releases[0].sha256.slice(0, 16)}`]);
  assert.deepEqual(readdirSync(join(copy, 'deltas')), []);
});

test('a damaged copy is fetched again, and a damaged answer is refused', async (t) => {
  const folder = published(t);
  const served = await serve(t, folder);
  const copy = scratch(t);
  (await opened(t, folder, {source: served.source, copy})).close();
  const path = join(copy, `${folder.releases[0].path}.${folder.releases[0].sha256.slice(0, 16)}`);
  truncateSync(path, 4096);
  const again = await opened(t, folder, {source: served.source, copy});
  assert.equal(again.check(BOOK).verdict, 'deny');
  assert.equal(statSync(path).size, folder.releases[0].bytes);
  again.close();
  served.cut = 4100;
  await refuses(folder, 'unreachable', {source: served.source, copy: scratch(t)});
  served.cut = Infinity;
  const bytes = readFileSync(join(folder.place, folder.releases[0].path));
  const serveInstead = (instead) => writeFileSync(join(folder.place, folder.releases[0].path), instead);
  serveInstead(bytes.subarray(0, bytes.length - 8));
  await refuses(folder, 'truncated', {source: served.source, copy: scratch(t)});
  serveInstead(Buffer.concat([bytes, bytes]));
  await refuses(folder, 'truncated', {source: served.source, copy: scratch(t)});
  bytes[4100] ^= 1;
  serveInstead(bytes);
  await refuses(folder, 'tampered', {source: served.source, copy: scratch(t)});
  rmSync(join(folder.place, folder.releases[0].path));
  await refuses(folder, 'truncated', {source: served.source, copy: scratch(t)});
});

test('the rolled-back catalogue of a mirror does not replace the copy', async (t) => {
  const folder = published(t);
  const served = await serve(t, folder);
  const copy = scratch(t);
  const old = readFileSync(join(folder.place, 'catalog.json'));
  folder.release(20, about(SONG, 15)).publish();
  (await opened(t, folder, {source: served.source, copy})).close();
  writeFileSync(join(folder.place, 'catalog.json'), old);
  const again = await opened(t, folder, {source: served.source, copy});
  assert.equal(again.lastRefused.code, 'rolled-back');
  assert.equal(again.position, 20);
});

test('it follows by itself', async (t) => {
  const folder = published(t);
  const snapshot = await opened(t, folder);
  const refusals = [];
  snapshot.follow({seconds: 0.01, onRefused: (refused) => refusals.push(refused.code)});
  folder.publish({rules: 2});
  await until(() => refusals.includes('unsupported'));
  folder.delta(10, 12, about(SONG, 11)).publish();
  await until(() => snapshot.position === 12);
  assert.equal(snapshot.check(SONG).verdict, 'deny');
});

test('conformance: one line for each question', async (t) => {
  const folder = published(t);
  const questions = join(scratch(t), 'questions.jsonl');
  writeFileSync(questions, [
    {id: 'a', subjects: [BOOK], uses: ['ai-training']}, {id: 'b', subjects: [SONG]}, {id: 3, subjects: ['isbn:1']},
  ].map((question) => JSON.stringify(question)).join('\n'));
  const program = fileURLToPath(new URL('../bin/conformance.js', import.meta.url));
  const lines = execFileSync(process.execPath, ['--no-warnings', program, folder.place, folder.signer.key, questions], {encoding: 'utf8'})
    .trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(lines[0], {
    id: 'a', verdict: 'deny',
    uses: {'ai-training': 'deny', 'generative-ai-training': 'deny', 'non-generative-ai-training': 'deny'},
    reason: 'declared',
  });
  assert.equal(lines[1].verdict, 'unknown');
  assert.equal(lines[1].reason, 'nothing-declared');
  assert.equal(Object.keys(lines[1].uses).length, 7);
  assert.deepEqual(lines[2], {id: 3, verdict: 'unknown', uses: {}, reason: 'unreadable'});
});

test('conformance: a refusal is named, and nothing is answered', (t) => {
  const folder = published(t);
  truncateSync(join(folder.place, folder.releases[0].path), 4096);
  const questions = join(scratch(t), 'questions.jsonl');
  writeFileSync(questions, JSON.stringify({id: 'a', subjects: [BOOK]}));
  const program = fileURLToPath(new URL('../bin/conformance.js', import.meta.url));
  const {status, stdout, stderr} = spawnSync(
    process.execPath, [program, folder.place, folder.signer.key, questions], {encoding: 'utf8'});
  assert.deepEqual([status, stdout], [3, '']);
  assert.match(stderr, /truncated/);
});

test('test subjects have their known answers offline', async (t) => {
  const folder = new Published(t).release(10, about(BOOK, 5)).publish();
  const snapshot = await opened(t, folder);
  const expected = {
    allow: ['allow', 'declared'], deny: ['deny', 'declared'], ask: ['ask', 'declared'], terms: ['ask', 'declared'],
    unknown: ['unknown', 'nothing-declared'], other: ['unknown', 'nothing-declared'],
    unavailable: ['unreachable', 'unreachable'], 'too-many-requests': ['unreachable', 'unreachable'],
  };
  for (const [label, answer] of Object.entries(expected)) {
    const host = `${label}.askfirst.example`;
    for (const subject of [`https://x.${host}:8443/a?b`, `domain:${host}`, `under:https://${host}/a/`]) {
      const {verdict, reason, allowed, matched, position} = snapshot.check(subject, {uses: ['ai-input']});
      assert.deepEqual([verdict, reason, allowed], [...answer, label === 'allow'], subject);
      if (reason === 'declared') {
        assert.deepEqual([matched, position], [`domain:${label}.askfirst.example`, 0]);
      }
    }
  }
  const {uses, verdict} = snapshot.check('https://mixed.askfirst.example/');
  assert.deepEqual([verdict, uses['generative-ai-training'], uses['ai-input']], ['deny', 'deny', 'allow']);
  // Nobody makes a work, or another test, look permitted by adding such an address.
  for (const other of [BOOK, 'https://deny.askfirst.example/', 'https://example.com/']) {
    assert.equal(snapshot.check([other, 'https://allow.askfirst.example/']).reason, 'unreadable');
  }
  assert.equal(snapshot.check(['https://a.allow.askfirst.example/', 'https://b.allow.askfirst.example/']).verdict, 'allow');
  snapshot.close();
  assert.equal(snapshot.check('https://allow.askfirst.example/').allowed, false);
});

test('an address is read as an address, also if it names an account or a DOI', async (t) => {
  const folder = new Published(t).release(10, about('url:https://www.instagram.com/moon_toon/', 5)).publish();
  const snapshot = await opened(t, folder);
  assert.equal(snapshot.check('https://www.instagram.com/moon_toon/').verdict, 'deny');
  assert.equal(snapshot.check('https://doi.org/10.1000/182').subject, 'url:https://doi.org/10.1000/182');
  assert.equal(snapshot.check('ISBN 978-89-364-3412-0').reason, 'unreadable', 'an identifier needs its scheme');
  assert.equal(snapshot.check('mailto:a@example.com').reason, 'unreadable');
});

/** Returns the files of a folder and of the folders in it. */
function filesOf(folder) {
  return readdirSync(folder, {withFileTypes: true}).flatMap((entry) => (entry.isDirectory()
    ? filesOf(join(folder, entry.name)).map((name) => join(entry.name, name))
    : [entry.name])).sort();
}

async function until(condition) {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, 'it did not happen in time');
    await new Promise((later) => setTimeout(later, 5));
  }
}
