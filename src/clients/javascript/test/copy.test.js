import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {
  closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, statSync, utimesSync,
  writeFileSync, writeSync,
} from 'node:fs';
import {createServer} from 'node:http';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {openFilter} from '../lib/filter-copy.js';
import {openSnapshot} from '../lib/snapshot.js';
import {Published, scratch} from './support/registry.js';
import {Segments, id} from './support/segment-writer.js';

const UPDATER = fileURLToPath(new URL('./support/updater.js', import.meta.url));
const BOOK = 'isbn:9788936434120';
const SONG = 'iswc:T0345246801';

const about = (subject, position) => new Segments()
  .statement(subject, {party: id(1), position, stances: {'text-and-data-mining': 'reserved'}})
  .proof(subject, {party: id(1), position: position - 1});

/** Serves a folder; a test may let it fail, or stall after the head of a file. */
async function serve(t, folder) {
  const served = {status: 200, asked: [], stalls: () => false};
  const server = createServer((request, response) => {
    served.asked.push(request.url.slice(1));
    const path = join(folder.place, request.url);
    if (served.status !== 200 || !existsSync(path)) {
      response.writeHead(served.status === 200 ? 404 : served.status).end();
    } else if (served.stalls(request.url)) {
      response.writeHead(200, {'content-length': 1_000_000}).write('a part');
    } else {
      response.end(readFileSync(path));
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  served.source = `http://127.0.0.1:${server.address().port}/`;
  return served;
}

async function setUp(t) {
  const folder = new Published(t).release(10, about(BOOK, 5)).publish();
  const served = await serve(t, folder);
  const copy = scratch(t);
  const options = {source: served.source, key: folder.signer.key, copy, stallSeconds: 30};
  const open = async (more) => {
    const snapshot = await openSnapshot({...options, ...more});
    t.after(() => snapshot.close());
    return snapshot;
  };
  return {folder, served, copy, open, options};
}

const stateOf = (copy) => JSON.parse(readFileSync(join(copy, 'state.json'), 'utf8'));
const fileOf = (copy, {path, sha256}) => join(copy, `${path}.${sha256.slice(0, 16)}`);

const LONG_AGO = new Date(Date.UTC(2026, 0, 1));

/** Overwrites a part of a file, and sets its time. */
function damage(path, bytes, at, time = new Date()) {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
  utimesSync(path, time, time);
}

/** Starts a process that updates a copy. */
function updater(t, {source, key, copy}, pauseMillis) {
  const child = spawn(process.execPath, [UPDATER, source, key, copy, String(pauseMillis)], {stdio: ['ignore', 'pipe', 'inherit']});
  const lines = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop();
    lines.push(...parts);
  });
  const ended = once(child, 'close');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  t.after(kill);
  return {child, lines, kill};
}

async function until(condition) {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, 'it did not happen in time');
    await new Promise((later) => setTimeout(later, 5));
  }
}

test('one state file has everything, and files of the state before stay for one update', async (t) => {
  const {folder, served, copy, open} = await setUp(t);
  const snapshot = await open();
  const [first] = folder.releases;
  mkdirSync(join(copy, 'deltas'));
  for (const name of ['lock.1.x.unfinished', 'state.json.1.unfinished', 'deltas/x.1.unfinished']) {
    writeFileSync(join(copy, name), 'left by a crash');
  }
  folder.releases = [];
  folder.release(30, about(SONG, 25)).publish();
  await snapshot.refresh();
  assert.deepEqual(readdirSync(copy).sort(), ['deltas', 'releases', 'state.json']);
  assert.deepEqual(readdirSync(join(copy, 'deltas')), []);
  const state = stateOf(copy);
  assert.equal(state.catalog, readFileSync(join(folder.place, 'catalog.json'), 'utf8'));
  assert.deepEqual([state.position, state.issuedAt], [30, JSON.parse(state.catalog).catalog.issuedAt]);
  assert.deepEqual(state.files, folder.releases);
  assert.ok(existsSync(fileOf(copy, first)) && existsSync(fileOf(copy, folder.releases[0])));
  await snapshot.refresh();
  assert.ok(!existsSync(fileOf(copy, first)), 'the next update removes it');
  served.status = 503;
  assert.equal((await open()).check(SONG).verdict, 'deny');
});

test('files that cannot be used are fetched again, and the memory of the catalogue is kept', async (t) => {
  const {folder, served, copy, open, options} = await setUp(t);
  folder.delta(10, 12, about(SONG, 11)).publish();
  const older = new Date(Date.now() - 60_000).toISOString();
  const cases = {
    missing: (path) => rmSync(path),
    'another header': (path) => damage(path, Buffer.from('not a segment'), 0),
    'another header, with the time of before': (path) => damage(path, Buffer.from('not a segment'), 0, LONG_AGO),
    'no files in the state': () => writeFileSync(join(copy, 'state.json'), JSON.stringify({...stateOf(copy), files: [{}]})),
    'no catalogue in the state': () => writeFileSync(join(copy, 'state.json'), JSON.stringify({...stateOf(copy), catalog: 1})),
  };
  for (const [name, damages] of Object.entries(cases)) {
    for (const file of [folder.releases[0], folder.deltas[0]]) {
      folder.publish();
      (await open()).close();
      utimesSync(fileOf(copy, file), LONG_AGO, LONG_AGO);
      (await open()).close();
      damages(fileOf(copy, file));
      served.status = 503;
      await assert.rejects(openSnapshot(options), {code: 'unreachable'}, name);
      served.status = 200;
      folder.publish({issuedAt: older});
      await assert.rejects(openSnapshot(options), {code: 'rolled-back'}, name);
      folder.publish();
      served.asked.length = 0;
      const again = await open();
      assert.deepEqual([again.check(BOOK).verdict, again.check(SONG).verdict, again.position], ['deny', 'deny', 12], name);
      assert.deepEqual(served.asked, name.startsWith('no ') ? ['catalog.json'] : ['catalog.json', file.path], name);
      again.verify();
      again.close();
    }
  }
});

test('damage that a check finds is mended by the next update', async (t) => {
  const {folder, copy, open} = await setUp(t);
  (await open()).close();
  const path = fileOf(copy, folder.releases[0]);
  utimesSync(path, LONG_AGO, LONG_AGO);
  const snapshot = await open();
  damage(path, Buffer.alloc(statSync(path).size - 4096, 0xff), 4096, LONG_AGO);
  const answer = snapshot.check(BOOK);
  assert.deepEqual([answer.verdict, answer.allowed], ['unreachable', false]);
  assert.equal(await snapshot.refresh(), false);
  assert.equal(snapshot.check(BOOK).verdict, 'deny');
  snapshot.verify();
});

test('a failed update leaves the state and the files of before, also of the same path', async (t) => {
  const {folder, served, copy, open} = await setUp(t);
  folder.delta(10, 12, about(SONG, 11)).publish();
  (await open()).close();
  const state = readFileSync(join(copy, 'state.json'), 'utf8');
  folder.deltas = [];
  folder.delta(10, 12, about(BOOK, 11)).delta(12, 14, new Segments()).publish();
  served.stalls = (url) => url.includes('000000000014');
  const again = await open({stallSeconds: 0.5});
  assert.equal(again.lastRefused.code, 'unreachable');
  assert.equal(again.check(SONG).verdict, 'deny', 'it answers from the state before');
  assert.equal(readFileSync(join(copy, 'state.json'), 'utf8'), state);
  served.stalls = () => false;
  assert.equal((await open()).check(SONG).verdict, 'unknown');
});

test('while another process updates, a snapshot answers from what it has', async (t) => {
  const {folder, served, copy, open, options} = await setUp(t);
  const patient = await open();
  const snapshot = await open({stallSeconds: 0.3});
  const path = join(copy, 'lock');
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {stdio: 'ignore'});
  const ended = once(other, 'close');
  t.after(() => other.kill('SIGKILL'));
  const holds = (holder) => writeFileSync(path, typeof holder === 'string' ? holder : JSON.stringify(holder));
  const long = new Date(Date.now() - 61_000);
  folder.delta(10, 12, about(SONG, 11)).publish();
  served.asked.length = 0;
  for (const holder of [
    {pid: other.pid, host: hostname(), thread: 0, token: 'x'}, {pid: other.pid, host: 'other.example', thread: 0, token: 'x'}, '',
  ]) {
    holds(holder);
    await assert.rejects(snapshot.refresh(), {code: 'unreachable', message: /another process/});
    assert.equal(snapshot.check(BOOK).verdict, 'deny');
    const second = await open({stallSeconds: 0.3});
    assert.deepEqual([second.lastRefused.code, second.position], ['unreachable', 10]);
    await assert.rejects(openSnapshot({...options, stallSeconds: 0.3, state: join(scratch(t), 'state.json')}), {code: 'unreachable'});
    assert.equal(readFileSync(path, 'utf8'), typeof holder === 'string' ? holder : JSON.stringify(holder), 'the lock stays');
  }
  assert.deepEqual(served.asked, []);
  other.kill('SIGKILL');
  await ended;
  let position = 12;
  for (const [holder, touched] of [
    [{pid: other.pid, host: hostname(), thread: 0, token: 'x'}, new Date()],
    // A container that was started again has the process id of before.
    [{pid: process.pid, host: hostname(), thread: 0, token: 'x'}, new Date()],
    [{pid: 1, host: 'other.example', thread: 0, token: 'x'}, long],
    ['', long],
  ]) {
    holds(holder);
    utimesSync(path, touched, touched);
    assert.equal(await patient.refresh(), true, JSON.stringify(holder));
    assert.equal(patient.position, position);
    assert.deepEqual(readdirSync(copy).sort(), ['deltas', 'releases', 'state.json']);
    folder.delta(position, position + 2, about(SONG, position + 1)).publish();
    position += 2;
  }
});

test('a snapshot follows what another one has accepted in the same copy', async (t) => {
  const {folder, served, open} = await setUp(t);
  const [one, other] = [await open(), await open()];
  const old = readFileSync(join(folder.place, 'catalog.json'));
  folder.delta(10, 12, about(SONG, 11)).publish();
  const newest = readFileSync(join(folder.place, 'catalog.json'));
  await one.refresh();
  served.asked.length = 0;
  writeFileSync(join(folder.place, 'catalog.json'), old);
  await assert.rejects(other.refresh(), {code: 'rolled-back'});
  writeFileSync(join(folder.place, 'catalog.json'), newest);
  assert.equal(await other.refresh(), true);
  assert.deepEqual([other.position, other.check(SONG).verdict], [12, 'deny']);
  assert.deepEqual(served.asked, ['catalog.json', 'catalog.json'], 'nothing is fetched twice');
});

test('an update whose lock was taken over writes nothing', async (t) => {
  const {folder, served, copy, open} = await setUp(t);
  const snapshot = await open();
  const state = readFileSync(join(copy, 'state.json'), 'utf8');
  folder.delta(10, 12, about(SONG, 11)).publish();
  const other = JSON.stringify({pid: process.ppid, host: hostname(), thread: 0, token: 'x'});
  served.stalls = (url) => {
    if (url.endsWith('.segment')) {
      writeFileSync(join(copy, 'lock'), other);
    }
    return false;
  };
  await assert.rejects(snapshot.refresh(), {code: 'unreachable', message: /took over/});
  assert.equal(readFileSync(join(copy, 'state.json'), 'utf8'), state);
  assert.equal(readFileSync(join(copy, 'lock'), 'utf8'), other, 'the lock of the other process stays');
  assert.equal(snapshot.position, 10);
});

/** Publishes one more position: mostly a delta, sometimes a release. */
function next(folder, position) {
  if (position % 8 === 0) {
    folder.release(position, about(BOOK, 5));
    const oldest = folder.releases[folder.releases.length - 1].position;
    folder.deltas = folder.deltas.filter(({from}) => from >= oldest);
  }
  folder.delta(position, position + 1, about(SONG, position)).publish();
  return position + 1;
}

test('a process that is killed at any moment leaves a copy that opens and updates', async (t) => {
  const {folder, served, copy, open, options} = await setUp(t);
  let position = 10;
  let killedInside = 0;
  for (let round = 0; round < 8; round++) {
    const {lines, kill} = updater(t, options, 0);
    await until(() => lines.length > 0);
    for (let step = 0; step < 4 + round % 3; step++) {
      position = next(folder, position);
      await new Promise((later) => setTimeout(later, 1 + (round * 7 + step * 5) % 11));
    }
    await kill();
    killedInside += existsSync(join(copy, 'lock')) ? 1 : 0;
    assert.deepEqual(lines.filter((line) => !/^\d+$/.test(line)), []);
    served.status = 503;
    const kept = await open();
    assert.ok(kept.position >= Number(lines[lines.length - 1]), `${kept.position} after ${lines[lines.length - 1]}`);
    assert.equal(kept.check(BOOK).verdict, 'deny');
    kept.close();
    served.status = 200;
    const updated = await open();
    assert.deepEqual([updated.lastRefused, updated.position], [null, position]);
    updated.verify();
    updated.close();
    assert.deepEqual(readdirSync(copy).sort(), ['deltas', 'releases', 'state.json'], 'nothing unfinished stays');
  }
  assert.ok(killedInside > 0, 'no process was killed inside an update');
});

test('several processes update one copy', async (t) => {
  const {folder, copy, open, options} = await setUp(t);
  const processes = [10, 15, 20].map((pauseMillis) => updater(t, options, pauseMillis));
  let position = 10;
  await until(() => processes.every(({lines}) => lines.length > 0));
  for (let step = 0; step < 24; step++) {
    position = next(folder, position);
    await new Promise((later) => setTimeout(later, step % 7));
  }
  const last = String(position);
  await until(() => processes.every(({lines}) => lines[lines.length - 1] === last));
  for (const {lines, kill} of processes) {
    await kill();
    assert.deepEqual(lines.filter((line) => !/^\d+$/.test(line)), [], 'no update was refused');
    lines.map(Number).reduce((before, now) => {
      assert.ok(now >= before, `${now} after ${before}`);
      return now;
    });
  }
  const snapshot = await open();
  assert.equal(snapshot.position, position);
  snapshot.verify();
});

test('an old copy that somebody restores is refused, and the newer state returns', async (t) => {
  const opens = {
    snapshot: openSnapshot,
    filter: (options) => openFilter({...options, registry: 'http://127.0.0.1:1/'}),
  };
  const at = (seconds) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
  for (const [kind, openAny] of Object.entries(opens)) {
    for (const isNewPosition of [true, false]) {
      const {folder, options, copy} = await setUp(t);
      const backup = join(scratch(t), 'backup');
      folder.publish({issuedAt: at(1)});
      const opened = await openAny(options);
      t.after(() => opened.close());
      const old = readFileSync(join(folder.place, 'catalog.json'));
      cpSync(copy, backup, {recursive: true});
      if (isNewPosition) {
        folder.delta(10, 12, about(SONG, 11));
      }
      folder.publish({issuedAt: at(2)});
      await opened.refresh();
      const {position, issuedAt} = stateOf(copy);
      rmSync(copy, {recursive: true});
      cpSync(backup, copy, {recursive: true});
      await assert.rejects(opened.refresh(), {code: 'rolled-back', message: /the state on the disk/}, kind);
      assert.equal(opened.lastRefused.code, 'rolled-back');
      assert.equal(opened.position, position, 'it answers from what it has');
      assert.deepEqual([stateOf(copy).position, stateOf(copy).issuedAt], [position, issuedAt]);
      const newest = readFileSync(join(folder.place, 'catalog.json'));
      writeFileSync(join(folder.place, 'catalog.json'), old);
      const other = openAny(options).then((one) => {
        t.after(() => one.close());
        return one.position;
      });
      // Its files may be missing; then it does not open.
      assert.equal(await other.catch(({code}) => code), isNewPosition ? 'rolled-back' : position, kind);
      writeFileSync(join(folder.place, 'catalog.json'), newest);
      assert.equal(await opened.refresh(), false);
      assert.deepEqual([opened.lastRefused, opened.position, stateOf(copy).position], [null, position, position]);
      const again = await openAny(options);
      t.after(() => again.close());
      assert.deepEqual([again.lastRefused, again.position], [null, position]);
      // A person who removes the state forgets it for the copy, and not for the process that runs.
      rmSync(join(copy, 'state.json'));
      writeFileSync(join(folder.place, 'catalog.json'), old);
      await assert.rejects(opened.refresh(), {code: 'rolled-back', message: /^the catalogue/});
      writeFileSync(join(folder.place, 'catalog.json'), newest);
      await opened.refresh();
      assert.equal(stateOf(copy).position, position);
    }
  }
});

test('a copy of another client is named as such', async (t) => {
  const {folder, options, copy} = await setUp(t);
  const catalog = readFileSync(join(folder.place, 'catalog.json'), 'utf8');
  const {filter: _, ...file} = folder.releases[0];
  for (const state of [
    // The copy of the client in Java, and that of the client in Python.
    {catalog, files: [file], last: file},
    {position: 10, issuedAt: 1_767_225_600_000_000, files: [file], catalog, checked: {}},
  ]) {
    writeFileSync(join(copy, 'state.json'), JSON.stringify(state));
    const refusal = {code: 'unsupported', message: /another client of Ask First made the copy.*a folder of its own/};
    await assert.rejects(openSnapshot(options), refusal);
    await assert.rejects(openFilter({...options, registry: 'http://127.0.0.1:1/'}), refusal);
    assert.deepEqual(stateOf(copy), state, 'it stays');
  }
});
