import assert from 'node:assert/strict';
import {spawn, spawnSync, execFile} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {openFilter} from '../lib/filter-copy.js';
import {FilterFile, FilterView, openFilter as openInMemory} from '../lib/filter.js';
import {openSnapshot} from '../lib/snapshot.js';
import {parse} from '../lib/subjects.js';
import {filterBytes, fuseBody, listBody} from './support/filter-writer.js';
import {Published, scratch} from './support/registry.js';
import {Segments, id} from './support/segment-writer.js';
import {serve} from './support/service.js';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const VECTORS = fileURLToPath(new URL('../../../core/src/test/resources/vectors/filter.json', import.meta.url));
const PAGE = 'url:https://example.com/art/1.png';
const BOOK = 'isbn:9788936434120';
const SONG = 'iswc:T0345246801';
const USES = ['ai-training'];

/** What `binary_fuse16_serialize` of FastFilter/xor_singleheader (commit c482686) writes for these hashes. */
const C_HASHES = [
  0xBDD732262FEB6E95n, 0x28EFE333B266F103n, 0x47526757130F9F52n, 0x581CE1FF0E4AE394n, 0x09BC585A244823F2n,
  0xDE4431FA3C80DB06n, 0x37E9671C45376D5Dn, 0xCCF635EE9E9E2FA4n, 0x5705B8770B3D7DD5n, 0x9E54D738297F77AEn,
];
const C_FUSE = Buffer.from(
  'ZzTSNyWy9m0KAAAAEAAAAAEAAAAQAAAAMAAAAAAAAAAAAAAAAAAAAAAAqY0AAAAAb/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAwEEAAA'
  + 'AAAAAAAHTqAABtiAAAAAAAAIVyAAAAAAAACi0AAOwEAAAAAA09AAADDg==', 'base64');

/** Returns numbers of 64 bits that are the same at each run. */
function numbers(count, seed = BigInt(count)) {
  let state = seed;
  const found = Array.from({length: count}, () => {
    state = state * 6364136223846793005n + 1442695040888963407n & (1n << 64n) - 1n;
    return (state ^ state >> 29n) * 0x9E3779B97F4A7C15n & (1n << 64n) - 1n;
  });
  return found.sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
}

const has = (file, hash) => file.has(Number(hash >> 32n), Number(hash & 0xffffffffn));
const valuesOf = (hashes) => hashes.map((hash) => Number(hash >> 16n));

test('a fuse filter has every hash, and hardly another', () => {
  for (const count of [0, 1, 2, 3, 10, 100, 5000]) {
    const hashes = numbers(count);
    const file = new FilterFile(filterBytes(hashes, {position: 12}));
    assert.deepEqual([file.position, file.from, file.count, file.log], [12, null, count, 'test.example/log']);
    assert.ok(hashes.every((hash) => has(file, hash)));
    const others = numbers(20_000, 77n).filter((hash) => has(file, hash)).length;
    assert.ok(others <= (count === 0 ? 0 : 10), `${others} others`);
  }
});

test('the fuse filter of the library in C is read', () => {
  const file = new FilterFile(filterBytes(C_HASHES, {position: 12, body: C_FUSE}));
  assert.ok(C_HASHES.every((hash) => has(file, hash)));
  // The bytes may begin at any place of a buffer.
  const shifted = Buffer.concat([Buffer.from('x'), filterBytes(C_HASHES, {position: 12, body: C_FUSE})]).subarray(1);
  assert.ok(C_HASHES.every((hash) => has(new FilterFile(shifted), hash)));
});

test('a list has every value', () => {
  for (const count of [0, 1, 2, 10, 1000]) {
    for (const shift of [0n, 28n]) {
      const values = [...new Set(numbers(count).map((hash) => hash >> 16n + shift))];
      for (const lowBits of [undefined, 47, 40, 30, ...(shift > 0n ? [0, 5] : [])]) {
        const body = listBody(values, lowBits);
        const file = new FilterFile(filterBytes([], {position: 12, from: 9, count: values.length, body}));
        assert.deepEqual([[...file.values], file.position, file.from], [values.map(Number), 12, 9]);
      }
    }
  }
  const ends = [0n, 1n, 2n, (1n << 48n) - 1n];
  const {values} = new FilterFile(filterBytes([], {position: 12, from: 9, count: 4, body: listBody(ends)}));
  assert.deepEqual([...values], ends.map(Number));
});

test('files that are damaged or newer are refused', () => {
  const refused = (bytes, code = 'tampered') => assert.throws(() => new FilterFile(bytes), {name: 'FilterError', code});
  const hashes = numbers(20);
  for (const from of [undefined, 9]) {
    const whole = filterBytes(hashes, {position: 12, from});
    for (let length = 0; length < whole.length; length++) {
      refused(whole.subarray(0, length));
    }
    for (const more of ['\0', 'x', '\0'.repeat(64)]) {
      refused(Buffer.concat([whole, Buffer.from(more)]));
    }
    refused(filterBytes(hashes, {position: 12, from, version: 2}), 'unsupported');
    refused(filterBytes(hashes, {position: 12, from, rules: 2}), 'unsupported');
    for (const changed of [
      {form: 2}, {reserved: 1}, {log: 'x'.repeat(1001)}, {count: 19}, {count: 21}, {count: 2 ** 40},
    ]) {
      refused(filterBytes(hashes, {position: 12, from, ...changed}));
    }
    refused(Buffer.concat([Buffer.from('AskFirst'), whole.subarray(8)]));
    refused(whole.fill(0xff, 16, 24));
  }
  refused(filterBytes(hashes, {position: 12, from: 13}));
  refused(filterBytes(hashes, {position: 12, from: 9, form: 0}));
  const body = fuseBody(hashes);
  for (const at of [8, 12, 16, 20, 24]) {
    for (const number of [0, 1, 3, 7, 1 << 19, 2 ** 31, 2 ** 32 - 1]) {
      const changed = Buffer.from(body);
      changed.writeUInt32LE(number, at);
      if (!changed.equals(body)) {
        refused(filterBytes(hashes, {position: 12, body: changed}));
      }
    }
  }
  const huge = Buffer.from(body);
  huge.writeUInt32LE(2 ** 32 - 1, 8);
  refused(filterBytes(hashes, {position: 12, body: huge, count: 2 ** 32 - 1}));
  const list = listBody(hashes.map((hash) => hash >> 16n));
  for (const first of [48, 255]) {
    const changed = Buffer.concat([Buffer.from([first]), list.subarray(1)]);
    refused(filterBytes(hashes, {position: 12, from: 9, body: changed}));
  }
  refused(filterBytes(hashes, {position: 12, from: 9, body: Buffer.alloc(500, 0xff).fill(0, 0, 1)}));
  refused(filterBytes([], {position: 12, from: 9, count: 2, body: listBody([(1n << 48n) - 1n, 1n << 48n])}));
});

test('a view is a release and the changes after it', () => {
  const wordsOfHash = (hash) => Uint32Array.of(Number(hash >> 32n), Number(hash & 0xffffffffn));
  const file = (position, from) => new FilterFile(filterBytes(numbers(3, BigInt(position)), {position, from}));
  const view = new FilterView([file(14, 12), file(12, 10), file(10)]);
  assert.equal(view.position, 14);
  const values = [...valuesOf(numbers(3, 14n)), ...valuesOf(numbers(3, 12n))];
  assert.deepEqual([...view.changes], values.sort((one, other) => one - other));
  for (const hash of [10n, 12n, 14n].flatMap((seed) => numbers(3, seed))) {
    assert.ok(view.has(wordsOfHash(hash)));
  }
  assert.equal(numbers(1000, 5n).filter((hash) => view.has(wordsOfHash(hash))).length, 0);
  const wrong = [
    [], [file(14, 12)], [file(14, 12), file(10)], [file(14), file(12)], [file(12, 10), file(14, 12), file(10)],
  ];
  for (const files of wrong) {
    assert.throws(() => new FilterView(files), {name: 'FilterError'});
  }
});

test('the shared vectors', (t) => {
  if (!existsSync(VECTORS)) {
    t.skip('the core has no vectors of filters');
    return;
  }
  const vectors = JSON.parse(readFileSync(VECTORS, 'utf8'));
  assert.ok(vectors.files.length > 5);
  for (const one of vectors.files) {
    const file = new FilterFile(Buffer.from(one.file, 'base64'));
    assert.deepEqual([file.position, file.from, file.count, file.log, file.suffixList],
      [one.position, one.form === 1 ? one.from : null, one.count, one.log, vectors.suffixes], one.name);
    const found = (text) => has(file, BigInt(`0x${text}`)) || file.values.includes(Number(BigInt(`0x${text}`) >> 16n));
    assert.deepEqual([...one.hashes, ...one.falsePositives].filter((text) => !found(text)), [], one.name);
    assert.deepEqual(one.absent.filter(found), [], one.name);
  }
  for (const [kind, code] of [['damaged', 'tampered'], ['unsupported', 'unsupported']]) {
    assert.ok(vectors[kind].length > 0);
    for (const one of vectors[kind]) {
      assert.throws(() => new FilterFile(Buffer.from(one.file, 'base64')), {name: 'FilterError', code}, one.case);
    }
  }
});

const content = () => new Segments()
  .statement(PAGE, {party: id(1), position: 1, stances: {'ai-training': 'permitted'}})
  .proof('domain:example.com', {party: id(1), position: 2})
  .statement(BOOK, {party: id(1), position: 3, stances: {'ai-training': 'reserved'}})
  .statement('domain:reserved.example', {party: id(2), position: 4, stances: {'ai-training': 'reserved'}})
  .proof('domain:reserved.example', {party: id(2), position: 5});

const withSong = (segments) => segments.statement(
  SONG, {party: id(1), position: 11, stances: {'ai-training': 'reserved'}});

const prefixesOf = (...subjects) => new Set(subjects.flatMap(
  (subject) => parse(subject).expand().entries.map(({key}) => key.slice(0, 6))));

/** Publishes a snapshot with its filters, and serves ranges of the same content. */
async function setUp(t, segments = content(), options = {}) {
  const folder = new Published(t).release(10, segments, options).publish();
  const service = await serve(t, segments);
  const copy = scratch(t);
  const registry = {address: service.address, attempts: 1};
  const open = async (more) => {
    const options = {source: folder.place, key: folder.signer.key, registry, copy, uses: USES, stallSeconds: 30};
    const filter = await openFilter({...options, ...more});
    t.after(() => filter.close());
    return filter;
  };
  const asked = () => service.calls.map(({url}) => url.replace('/v1/range/', ''));
  return {folder, service, copy, open, asked, registry};
}

const wordsOf = ({verdict, reason, allowed}) => [verdict, reason, allowed];

test('only the ranges of present keys are asked', async (t) => {
  const {open, service, asked} = await setUp(t);
  const filter = await open();
  for (const work of ['url:https://example.org/', 'isbn:9788932473901', 'https://example.net/a/b?c=d', SONG]) {
    const answer = await filter.check(work);
    assert.deepEqual(wordsOf(answer), ['unknown', 'nothing-declared', false]);
    assert.deepEqual([answer.position, answer.uses['ai-training']], [10, 'unknown']);
  }
  assert.deepEqual(asked(), [], 'what the filter has not is unknown without a call');
  assert.deepEqual(wordsOf(await filter.check(BOOK)), ['deny', 'declared', false]);
  assert.deepEqual(asked(), [parse(BOOK).key.slice(0, 6)]);
  service.calls.length = 0;
  const page = await filter.check(PAGE);
  assert.deepEqual([...wordsOf(page), page.matched, page.position], ['allow', 'declared', true, PAGE, 10]);
  assert.deepEqual(new Set(asked()), prefixesOf(PAGE), 'a permission is confirmed with all keys');
  assert.equal((await filter.check('https://www.reserved.example/any')).verdict, 'deny');
});

test('the answers are those of the snapshot', async (t) => {
  const {folder, open} = await setUp(t);
  const filter = await open();
  const snapshot = await openSnapshot({source: folder.place, key: folder.signer.key});
  t.after(() => snapshot.close());
  const works = [
    PAGE, BOOK, SONG, [PAGE, BOOK], 'url:https://www.example.com/art/1.png?utm_source=x', 'url:https://example.com/',
    'url:https://reserved.example/x', 'domain:reserved.example', 'under:https://reserved.example/a/', 'nonsense', [],
    [BOOK, SONG], 'https://deny.askfirst.example/', 'https://unavailable.askfirst.example/',
    [BOOK, 'https://allow.askfirst.example/'],
  ];
  for (const uses of [USES, ['ai-input'], ['text-and-data-mining']]) {
    const answers = await filter.checkAll(works, {uses});
    works.forEach((work, i) => {
      const {checkedAt: one, ...answer} = answers[i];
      const {checkedAt: other, ...expected} = snapshot.check(work, {uses});
      assert.deepEqual(answer, expected, `${work}`);
    });
  }
});

test('works that are asked together ask each range once, and ranges are kept for their time', async (t) => {
  const {open, asked, service} = await setUp(t);
  const filter = await open();
  const works = [PAGE, BOOK, PAGE, [PAGE, BOOK], 'url:https://example.com/art/2.png', 'nonsense'];
  const answers = await filter.checkAll(works);
  assert.deepEqual(answers.map(({verdict}) => verdict), ['allow', 'deny', 'allow', 'deny', 'unknown', 'unknown']);
  assert.equal(new Set(asked()).size, asked().length);
  service.calls.length = 0;
  await filter.checkAll(works);
  assert.deepEqual(asked(), []);
});

test('a range that fails is unreachable and is not kept', async (t) => {
  const {open, service} = await setUp(t);
  const whole = (url) => ({prefix: url.slice(10), minPrefixLength: 4, rules: 1, keys: [], parties: [], mandates: []});
  service.headers = {'askfirst-log': service.log};
  const failures = {
    503: (call, send) => send(503, {}),
    404: (call, send) => send(404, {}),
    cut: (call, send, response) => {
      response.writeHead(200, {'content-length': 999, 'askfirst-position': '100'}).write('{"prefix"');
      response.destroy();
    },
    'half of it': (call, send) => send(200, JSON.stringify(whole(call.url)).slice(0, -1), {'askfirst-position': '100'}),
    rules: (call, send) => send(200, {...whole(call.url), rules: 2}, {'askfirst-position': '100'}),
    'another prefix': (call, send) => send(200, {...whole(call.url), prefix: 'ffffff'}, {'askfirst-position': '100'}),
    older: (call, send) => send(200, whole(call.url), {'askfirst-position': '9', 'cache-control': 'max-age=30'}),
    'no position': (call, send) => send(200, whole(call.url), {'cache-control': 'max-age=30'}),
    'too long': (call, send) => send(
      200, JSON.stringify(whole(call.url)).padEnd(9 << 20), {'askfirst-position': '100'}),
  };
  for (const [name, fail] of Object.entries(failures)) {
    const fresh = await open();
    service.before = (...parts) => {
      fail(...parts);
      return true;
    };
    const answers = await fresh.checkAll([PAGE, [BOOK, SONG], SONG]);
    assert.deepEqual(answers.map(({verdict}) => verdict), ['unreachable', 'unreachable', 'unknown'], name);
    assert.deepEqual(answers.filter(({allowed}) => allowed), []);
    service.before = undefined;
    const after = await fresh.checkAll([PAGE, BOOK]);
    assert.deepEqual(after.map(({verdict}) => verdict), ['allow', 'deny'], `after ${name}`);
    fresh.close();
  }
});

test('a permission counts only with all keys of the work', async (t) => {
  const page = () => new Segments()
    .statement(PAGE, {party: id(1), position: 1, stances: {'ai-training': 'permitted'}})
    .proof(PAGE, {party: id(1), position: 2});
  const {open} = await setUp(t, page());
  // The site is reserved since: the filter lacks its key.
  const later = await serve(t, page()
    .statement('domain:example.com', {party: id(2), position: 90, stances: {'ai-training': 'reserved'}})
    .proof('domain:example.com', {party: id(2), position: 91}));
  const registry = {address: later.address, attempts: 1};
  assert.equal((await (await open({registry})).check(PAGE)).verdict, 'deny');
  const site = parse('domain:example.com').key.slice(0, 6);
  later.before = (call, send) => call.url.endsWith(site) && (send(503, {}), true);
  assert.equal((await (await open({registry})).check(PAGE)).verdict, 'unreachable');
});

test('the site prefilter counts only with our list of public suffixes', async (t) => {
  const reserved = () => {
    const segments = new Segments().statement(PAGE, {party: id(1), position: 1, stances: {'ai-training': 'reserved'}});
    segments.prefilters.clear();
    return segments;
  };
  for (const [suffixList, expected] of [[undefined, 'unknown'], ['1999-01-01 x', 'deny']]) {
    const {open} = await setUp(t, reserved(), {filter: suffixList === undefined ? {} : {suffixList}});
    assert.equal((await (await open()).check(PAGE)).verdict, expected);
  }
});

test('an expired, a future and a closed filter answer nothing', async (t) => {
  const {open, asked, service} = await setUp(t);
  let now = Date.now();
  const filter = await open({clock: () => now});
  const answers = async () => (await filter.checkAll([SONG, PAGE])).map(({verdict, reason}) => `${verdict} ${reason}`);
  for (const moment of [now + 3_600_000, now - 3_600_000]) {
    const before = now;
    now = moment;
    assert.deepEqual(await answers(), ['unreachable expired', 'unreachable expired']);
    now = before;
  }
  assert.deepEqual(asked(), []);
  // It expires while the registry answers.
  service.before = () => {
    now += 3_600_000;
    return false;
  };
  assert.equal((await filter.check(BOOK)).reason, 'expired');
  filter.close();
  assert.deepEqual(await answers(), ['unreachable unreachable', 'unreachable unreachable']);
});

test('only filters are fetched, changes are followed, and the copy is opened without its source', async (t) => {
  const {folder, open, copy, registry} = await setUp(t);
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url.slice(1));
    const path = join(folder.place, request.url);
    response.writeHead(existsSync(path) ? 200 : 404).end(existsSync(path) ? readFileSync(path) : '');
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  const source = `http://127.0.0.1:${server.address().port}/`;
  const filter = await open({source});
  assert.equal((await filter.check(SONG)).verdict, 'unknown');
  folder.delta(10, 12, withSong(new Segments())).publish();
  const later = await serve(t, withSong(content()));
  registry.address = later.address;
  assert.equal(await filter.refresh(), true);
  assert.equal(filter.position, 12);
  assert.equal(await filter.refresh(), false);
  assert.deepEqual(asked, [
    'catalog.json', 'releases/000000000010.filter', 'catalog.json', 'deltas/000000000010-000000000012.filter',
    'catalog.json',
  ]);
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  const again = await open({source});
  assert.equal(again.lastRefused.code, 'unreachable');
  assert.deepEqual((await again.checkAll([SONG, BOOK])).map(({verdict}) => verdict), ['deny', 'deny']);
  assert.deepEqual(readdirSync(copy).sort(), ['deltas', 'releases', 'state.json']);
  // The same in memory, from an address, as in a browser.
  await assert.rejects(openInMemory({source, key: folder.signer.key, registry: later.address}), {code: 'unreachable'});
});

test('a later release takes the place of longer lists', async (t) => {
  const many = content();
  for (let number = 0; number < 100; number++) {
    many.statement(`url:https://old${number}.example/`, {party: id(1), position: 3, stances: {'ai-training': 'reserved'}});
  }
  const {folder, open, copy} = await setUp(t, many);
  const filter = await open();
  const filesOf = () => JSON.parse(readFileSync(join(copy, 'state.json'), 'utf8')).files.map(({position}) => position);
  const long = new Segments();
  for (let number = 0; number < 300; number++) {
    long.statement(`url:https://site${number}.example/`, {party: id(1), position: 13, stances: {'ai-training': 'reserved'}});
  }
  folder.release(12, many).delta(10, 12, withSong(new Segments())).delta(12, 13, new Segments()).publish();
  await filter.refresh();
  assert.deepEqual(filesOf(), [10, 12, 13]);
  folder.delta(13, 14, long).publish();
  await filter.refresh();
  assert.deepEqual(filesOf(), [12, 13, 14]);
  folder.delta(14, 15, long).publish();
  await filter.refresh();
  assert.deepEqual(filesOf(), [12, 13, 14, 15], 'there is no later one');
});

test('damaged files of the copy answer nothing and are fetched again', async (t) => {
  const {folder, open, copy} = await setUp(t);
  folder.delta(10, 12, withSong(new Segments())).publish();
  (await open()).close();
  const pathOf = ({filter: {path, sha256}}) => join(copy, `${path}.${sha256.slice(0, 16)}`);
  for (const file of [folder.releases[0], folder.deltas[0]]) {
    const good = readFileSync(pathOf(file));
    for (const bytes of [Buffer.alloc(good.length), good.subarray(1), null]) {
      if (bytes === null) {
        rmSync(pathOf(file));
      } else {
        writeFileSync(pathOf(file), bytes);
      }
      await assert.rejects(open({source: scratch(t)}), {code: 'unreachable'});
      const filter = await open();
      assert.deepEqual([filter.position, (await filter.check(PAGE)).verdict], [12, 'allow']);
      assert.deepEqual(readFileSync(pathOf(file)), good);
      filter.close();
    }
  }
});

test('each refusal keeps what is there', async (t) => {
  const {folder, open} = await setUp(t);
  const opened = await open();
  const song = withSong(new Segments());
  const publish = (filterOptions = {}, ...more) => {
    folder.deltas = [];
    folder.delta(10, 12, song, {filter: filterOptions}).publish(...more);
    return join(folder.place, folder.deltas[0].filter.path);
  };
  const cases = [
    ['truncated', () => {
      const path = publish();
      writeFileSync(path, readFileSync(path).subarray(1));
    }],
    ['truncated', () => rmSync(publish())],
    ['truncated', () => {
      const path = publish();
      writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from('x')]));
    }],
    ['tampered', () => {
      const path = publish();
      writeFileSync(path, Buffer.alloc(readFileSync(path).length));
    }],
    ['tampered', () => publish({count: 2})],
    ['mixed', () => publish({log: 'other.example/log'})],
    ['mixed', () => publish({position: 13})],
    ['mixed', () => publish({from: 9})],
    ['mixed', () => publish({from: undefined})],
    ['unsupported', () => publish({version: 2})],
    ['unsupported', () => publish({rules: 2})],
    ['unsupported', () => publish({}, {rules: 2})],
    ['unsupported', () => publish({}, {releases: folder.releases.map(({filter: _, ...one}) => one)})],
    ...[null, {...folder.releases[0].filter, path: '../x.filter'}].map((filter) => [
      'unsupported', () => publish({}, {releases: folder.releases.map((one) => ({...one, filter}))}),
    ]),
    ['expired', () => publish({}, {expiresAt: new Date(Date.now() - 1000).toISOString()})],
    ['expired', () => publish({}, {issuedAt: new Date(Date.now() + 700_000).toISOString()})],
    ['rolled-back', () => publish({}, {issuedAt: new Date(Date.now() - 700_000).toISOString()})],
    ['bad-signature', () => publish({}, {}, {hash: '0'.repeat(64)})],
    ['unreachable', () => rmSync(join(folder.place, 'catalog.json'))],
  ];
  for (const [code, act] of cases) {
    act();
    await assert.rejects(opened.refresh(), {name: 'Refused', code}, `${code} ${act}`);
    assert.equal(opened.lastRefused.code, code);
    assert.deepEqual([opened.position, (await opened.check(PAGE)).verdict], [10, 'allow']);
  }
  publish();
  assert.equal(await opened.refresh(), true);
});

test('while another process updates, a filter answers from what it has', async (t) => {
  const {folder, open, copy} = await setUp(t);
  const filter = await open({stallSeconds: 0.3});
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {stdio: 'ignore'});
  const ended = once(other, 'close');
  t.after(() => other.kill('SIGKILL'));
  folder.delta(10, 12, new Segments()).publish();
  writeFileSync(join(copy, 'lock'), JSON.stringify({pid: other.pid, host: hostname(), thread: 0, token: 'x'}));
  await assert.rejects(filter.refresh(), {code: 'unreachable', message: /another process/});
  assert.equal((await filter.check(BOOK)).verdict, 'deny');
  other.kill('SIGKILL');
  await ended;
  assert.equal(await filter.refresh(), true);
});

test('a server that drips is given up', async (t) => {
  const {folder} = await setUp(t);
  const server = createServer((request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('x'), 10);
    response.on('close', () => clearInterval(timer));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const source = `http://127.0.0.1:${server.address().port}/`;
  await assert.rejects(
    openInMemory({source, key: folder.signer.key, registry: source, stallSeconds: 0.4}),
    {code: 'unreachable', message: /only/});
});

test('a browser keeps filters in memory', async (t) => {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const chromium = names.find((name) => spawnSync(name, ['--version']).status === 0);
  if (chromium === undefined) {
    t.skip('no Chromium is installed');
    return;
  }
  const {folder, service} = await setUp(t);
  service.headers = {'access-control-allow-origin': '*', 'access-control-expose-headers': '*'};
  const page = `<!doctype html><meta charset="utf-8"><pre id="out">waiting</pre><script type="module">
    import {openFilter} from '/lib/browser.js';
    const out = document.getElementById('out');
    try {
      const filter = await openFilter({
        source: location.href + 'snapshot/', key: '${folder.signer.key}', registry: '${service.address}',
        uses: ['ai-training'],
      });
      const answers = await filter.checkAll(['${PAGE}', '${BOOK}', '${SONG}']);
      filter.follow();
      filter.close();
      out.textContent = 'DONE ' + filter.position + ' ' + answers.map(({verdict}) => verdict).join(' ');
    } catch (error) {
      out.textContent = 'FAILED ' + error.stack;
    }
  </script>`;
  const server = createServer((request, response) => {
    const isSnapshot = request.url.startsWith('/snapshot/');
    const path = isSnapshot ? join(folder.place, request.url.slice(9)) : join(PACKAGE, request.url);
    if (request.url === '/') {
      response.setHeader('content-type', 'text/html').end(page);
    } else if (/^\/(?:lib|snapshot)\//.test(request.url) && existsSync(path)) {
      response.setHeader('content-type', isSnapshot ? 'application/octet-stream' : 'text/javascript');
      response.end(readFileSync(path));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const {stdout} = await promisify(execFile)(chromium, [
    '--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${scratch(t)}`, '--timeout=20000',
    '--virtual-time-budget=20000', '--dump-dom', `http://127.0.0.1:${server.address().port}/`,
  ], {timeout: 60_000});
  assert.match(stdout, /DONE null allow deny unknown/, stdout);
});
