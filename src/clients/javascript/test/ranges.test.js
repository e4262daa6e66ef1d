import assert from 'node:assert/strict';
import {test} from 'node:test';
import {gzipSync} from 'node:zlib';
import {openFilter} from '../lib/filter-copy.js';
import {Online, PrivateLookups, Ranges} from '../lib/online.js';
import {parse} from '../lib/subjects.js';
import {Published} from './support/registry.js';
import {Segments, id} from './support/segment-writer.js';
import {serve} from './support/service.js';

const ANN = id(1);
const SITE = 'domain:example.com';
const FOLDER = 'under:https://example.com/art/';
const PAGE = 'url:https://example.com/art/1.png';
const OTHER = 'url:https://example.com/';
const BOOK = 'isbn:9788936434120';
const USES = ['ai-training'];

const stances = (stance) => ({'ai-training': stance});

/** What is in force: a stance on the site, and another one on a folder of it, or none there. */
function inForce(site, folder, position = 5) {
  const segments = new Segments()
    .proof(SITE, {party: ANN, position: 2})
    .statement(SITE, {party: ANN, position, stances: stances(site)});
  return folder === null ? segments : segments.statement(FOLDER, {party: ANN, position, stances: stances(folder)});
}

const withBook = (segments) => segments.statement(
  BOOK, {party: ANN, position: 3, stances: stances('reserved')});

/** What a registry without any work answers. */
const nothing = (prefix) => ({prefix, minPrefixLength: 4, rules: 1, keys: [], parties: [], mandates: []});

/** Opens private lookups and a filter at one registry; `use` gets each with a registry of its own. */
async function withEach(t, use) {
  const content = () => withBook(inForce('permitted', 'reserved'));
  for (const kind of ['private lookups', 'filter']) {
    const service = await serve(t, content());
    const registry = {address: service.address, attempts: 1};
    let checker = new PrivateLookups({...registry, uses: USES});
    if (kind === 'filter') {
      const folder = new Published(t).release(10, content()).publish();
      const filter = await openFilter({source: folder.place, key: folder.signer.key, registry, uses: USES});
      t.after(() => filter.close());
      checker = filter;
    }
    await use(checker, service, kind);
  }
}

const isPastCaches = ({headers}) => headers['cache-control'] === 'no-cache';
const prefixOf = (subject, service) => parse(subject).key.slice(0, service.calls[0].url.length - '/v1/range/'.length);

test('a kept range and a newer one never permit what was forbidden at each moment', async (t) => {
  await withEach(t, async (checker, service, kind) => {
    assert.equal((await checker.check(OTHER)).verdict, 'allow', 'the range of the site is kept');
    // The reservation moves from the folder to the site.
    service.show(inForce('reserved', null, 101), 101);
    const answer = await checker.check(PAGE);
    assert.deepEqual([answer.verdict, answer.allowed], ['deny', false], kind);
    assert.ok(service.calls.some((call) => isPastCaches(call) && call.url.endsWith(prefixOf(SITE, service))), kind);
  });
});

test('a range with the same content as before counts for both moments', async (t) => {
  await withEach(t, async (checker, service, kind) => {
    service.show(inForce('permitted', null), 100);
    assert.equal((await checker.check(OTHER)).verdict, 'allow');
    assert.deepEqual(service.calls.filter(isPastCaches), [], 'ranges of one position are not asked again');
    service.show(inForce('permitted', 'permitted', 101), 101);
    service.calls.length = 0;
    assert.equal((await checker.check(PAGE)).verdict, 'allow', kind);
    const again = service.calls.filter(isPastCaches).map(({url}) => url);
    assert.equal(new Set(again).size, again.length, 'each is asked again once');
    service.calls.length = 0;
    service.show(inForce('permitted', 'permitted', 101), 102);
    assert.equal((await checker.check(PAGE)).verdict, 'allow', kind);
    assert.deepEqual(service.calls, [], 'what agrees is kept');
  });
});

test('a registry that changes all the time permits nothing', async (t) => {
  await withEach(t, async (checker, service, kind) => {
    let position = 100;
    const next = () => {
      position++;
      service.show(inForce('permitted', 'permitted', position), position);
      return false;
    };
    next();
    service.before = next;
    const answer = await checker.check(PAGE);
    assert.deepEqual([answer.verdict, answer.allowed], ['unreachable', false], kind);
    assert.match(answer.detail, /different moments/);
    const again = service.calls.filter(isPastCaches).map(({url}) => url);
    assert.ok(again.every((url) => again.filter((one) => one === url).length <= 3), 'at most three rounds');
    service.before = undefined;
    assert.equal((await checker.check(PAGE)).verdict, 'allow', `${kind}: the failure is not kept`);
  });
});

test('an older answer is asked once more past caches, and fails alone', async (t) => {
  const content = () => withBook(inForce('reserved', null));
  const folder = new Published(t).release(10, content()).publish();
  const service = await serve(t, content());
  const registry = {address: service.address, attempts: 1};
  const open = async () => {
    const filter = await openFilter({source: folder.place, key: folder.signer.key, registry, uses: USES});
    t.after(() => filter.close());
    return filter;
  };
  const site = `/v1/range/${parse(SITE).key.slice(0, 6)}`;
  /** A cache in front has an old answer, without the reservation. */
  const answersOld = (call, send) => call.url === site && (send(200, nothing(site.slice(-6)), {
    'askfirst-position': '9', 'askfirst-log': service.log, 'cache-control': 'max-age=30',
  }), true);
  service.before = (call, send) => !isPastCaches(call) && answersOld(call, send);
  assert.equal((await (await open()).check(PAGE)).verdict, 'deny');
  assert.deepEqual(service.calls.map((call) => [call.url, isPastCaches(call)]), [[site, false], [site, true]]);
  service.before = answersOld;
  service.calls.length = 0;
  const answers = await (await open()).checkAll([PAGE, BOOK]);
  assert.deepEqual(answers.map(({verdict}) => verdict), ['unreachable', 'deny']);
  assert.match(answers[0].detail, /position 9, and the filter is of 10/);
  assert.equal(service.calls.filter(({url}) => url === site).length, 2);
});

test('an answer of another log is unreachable, and is not kept', async (t) => {
  const content = () => inForce('permitted', null);
  const folder = new Published(t).release(10, content()).publish();
  const service = await serve(t, content(), {log: 'other.example/log'});
  const registry = {address: service.address, attempts: 1};
  const filter = await openFilter({source: folder.place, key: folder.signer.key, registry, uses: USES});
  t.after(() => filter.close());
  let answer = await filter.check(PAGE);
  assert.deepEqual([answer.verdict, answer.allowed], ['unreachable', false]);
  assert.match(answer.detail, /another registry: it names the log other\.example\/log/);
  service.before = (call, send) => {
    send(200, nothing(call.url.slice(-6)), {'askfirst-position': '100'});
    return true;
  };
  answer = await filter.check(PAGE);
  assert.equal(answer.verdict, 'unreachable', 'no log');
  service.before = undefined;
  service.log = folder.signer.name;
  assert.equal((await filter.check(PAGE)).verdict, 'allow');
});

test('private lookups do not judge ranges of two logs together', async (t) => {
  const service = await serve(t, inForce('permitted', null));
  const lookups = new PrivateLookups({address: service.address, attempts: 1, uses: USES});
  assert.equal((await lookups.check(OTHER)).verdict, 'allow');
  service.log = 'other.example/log';
  const answer = await lookups.check(PAGE);
  assert.equal(answer.verdict, 'unreachable');
  assert.match(answer.detail, /several registries/);
});

test('an answer is kept by the monotonic clock, for at most 60 seconds, less its age', async (t) => {
  const service = await serve(t, new Segments());
  let later = 0;
  const {now} = performance;
  t.mock.method(performance, 'now', () => now.call(performance) + later);
  const key = parse(BOOK).key;
  let position = 100;
  /** Asks twice with a time between; returns the number of calls. */
  const callsOf = async (headers, seconds) => {
    service.before = (call, send) => {
      send(200, nothing(key.slice(0, 4)), {'askfirst-position': `${position++}`, ...headers});
      return true;
    };
    service.calls.length = 0;
    const ranges = new Ranges({address: service.address});
    await ranges.ofKey(key);
    later += seconds * 1000;
    await ranges.ofKey(key);
    return service.calls.length;
  };
  const control = 'public, max-age=30';
  assert.equal(await callsOf({'cache-control': control}, 20), 1);
  assert.equal(await callsOf({'cache-control': control}, 31), 2);
  assert.equal(await callsOf({'cache-control': control, age: '5'}, 20), 1);
  assert.equal(await callsOf({'cache-control': control, age: '15'}, 20), 2);
  assert.equal(await callsOf({'cache-control': control, age: 'x'}, 0), 2);
  assert.equal(await callsOf({'cache-control': 'max-age=3600'}, 50), 1);
  assert.equal(await callsOf({'cache-control': 'max-age=3600'}, 61), 2);
  for (const none of [
    'no-store', 'max-age=30, no-cache', 'Max-Age=30, No-Store', 'private', 's-maxage=30', 'max-age=0', '',
  ]) {
    assert.equal(await callsOf({'cache-control': none}, 0), 2, none);
  }
  // Somebody sets the clock of the wall back by an hour.
  const wall = Date.now;
  let back = 0;
  t.mock.method(Date, 'now', () => wall.call(Date) - back);
  service.before = undefined;
  const ranges = new Ranges({address: service.address});
  await ranges.ofKey(key);
  back = 3_600_000;
  later += 31_000;
  service.calls.length = 0;
  await ranges.ofKey(key);
  assert.equal(service.calls.length, 1, 'it is not kept for longer');
});

test('the time of a call counts', async (t) => {
  const service = await serve(t, new Segments());
  let later = 0;
  const {now} = performance;
  t.mock.method(performance, 'now', () => now.call(performance) + later);
  service.before = () => {
    later += 31_000;
    return false;
  };
  const ranges = new Ranges({address: service.address});
  await ranges.ofKey(parse(BOOK).key);
  await ranges.ofKey(parse(BOOK).key);
  assert.equal(service.calls.length, 2);
});

test('the kept answers are bounded in number and bytes', async (t) => {
  const service = await serve(t, new Segments());
  const ranges = new Ranges({address: service.address});
  const keyOf = (number) => number.toString(16).padStart(6, '0').padEnd(64, '0');
  const add = (first, count) => ranges.add(Array.from({length: count}, (_, i) => keyOf(first + i)), new Map(), 0);
  await add(0, 1);
  await add(1, 4095);
  service.calls.length = 0;
  await add(0, 4096);
  assert.equal(service.calls.length, 0);
  await add(4096, 1);
  service.calls.length = 0;
  await add(1, 4096);
  assert.equal(service.calls.length, 0);
  await add(0, 1);
  assert.equal(service.calls.length, 1, 'the oldest is gone');
  const long = new Ranges({address: service.address});
  service.before = (call, send) => {
    const answer = {...nothing(call.url.slice(-6)), padding: '0'.repeat(8_000_000)};
    send(200, answer, {'askfirst-position': '100', 'cache-control': 'max-age=60'});
    return true;
  };
  for (let number = 0; number < 9; number++) {
    await long.add([keyOf(number)], new Map(), 0);
  }
  service.calls.length = 0;
  await long.add([keyOf(8)], new Map(), 0);
  assert.equal(service.calls.length, 0);
  await long.add([keyOf(0)], new Map(), 0);
  assert.equal(service.calls.length, 1, 'nine of them are more than 64 MiB');
});

/** Sends 100 MB in pieces, and counts the bytes that leave. */
function endless(response, status, headers = {}) {
  const piece = Buffer.alloc(1 << 16, ' ');
  const sent = {bytes: 0, isEnded: false};
  response.writeHead(status, {'content-type': 'application/json', ...headers});
  const more = () => {
    while (sent.bytes < 100_000_000 && !response.destroyed) {
      sent.bytes += piece.length;
      if (!response.write(piece)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  response.on('close', () => {
    sent.isEnded = true;
  });
  more();
  return sent;
}

test('an answer that is too long ends early', async (t) => {
  const service = await serve(t, new Segments());
  const options = {address: service.address, attempts: 2, firstWaitSeconds: 0};
  const online = new Online(options);
  const ranges = new Ranges(options);
  const key = parse(BOOK).key;
  const asked = async (ask) => {
    service.calls.length = 0;
    return await ask();
  };
  // A connection holds some MB that nobody has read.
  const SLACK = 8 << 20;
  for (const [name, limit, ask] of [
    ['range', 8 << 20, () => ranges.ofKey(key).then(() => 'allow', ({message}) => message)],
    ['lookups', (64 << 10) + (4 << 10), () => online.check(BOOK).then(({verdict, detail}) => `${verdict} ${detail}`)],
  ]) {
    let sent = {bytes: 0, isEnded: false};
    service.before = (call, send, response) => {
      sent = endless(response, 200);
      return true;
    };
    assert.match(await asked(ask), new RegExp(`more than ${limit} bytes`), name);
    assert.ok(sent.bytes <= limit + SLACK, `${name}: ${sent.bytes} bytes were sent`);
    assert.equal(service.calls.length, 1, 'it is not asked again');
    for (const deadline = Date.now() + 10_000; !sent.isEnded;) {
      assert.ok(Date.now() < deadline, 'the connection was not ended');
      await new Promise((later) => setTimeout(later, 5));
    }
    // The length in the header is enough.
    service.before = (call, send, response) => {
      sent = endless(response, 200, {'content-length': '100000000'});
      return true;
    };
    assert.match(await asked(ask), /more than/, name);
    // A compressed answer counts with the length that it has when it is read.
    const small = gzipSync(Buffer.alloc(limit + 1, ' '));
    service.before = (call, send, response) => {
      response.writeHead(200, {'content-encoding': 'gzip'}).end(small);
      return true;
    };
    assert.match(await asked(ask), /more than/, name);
  }
});

test('an answer of the most bytes is read', async (t) => {
  const service = await serve(t, new Segments());
  const key = parse(BOOK).key;
  const text = (bytes) => JSON.stringify(nothing(key.slice(0, 4))).padEnd(bytes);
  let bytes = 8 << 20;
  service.before = (call, send) => {
    send(200, text(bytes), {'askfirst-position': '100'});
    return true;
  };
  assert.equal((await new Ranges({address: service.address}).ofKey(key)).position, 100);
  bytes++;
  await assert.rejects(new Ranges({address: service.address}).ofKey(key), /more than/);
});

test('a problem that is too long is a failure like any other', async (t) => {
  const service = await serve(t, new Segments());
  for (const status of [403, 503]) {
    /** @type {{bytes: number}[]} */
    const sent = [];
    service.before = (call, send, response) => {
      sent.push(endless(response, status));
      return true;
    };
    const online = new Online({address: service.address, attempts: 2, firstWaitSeconds: 0});
    const answer = await online.check(BOOK);
    assert.deepEqual([answer.verdict, answer.allowed], ['unreachable', false]);
    assert.match(answer.detail, new RegExp(`answers ${status}`));
    assert.equal(sent.length, status === 503 ? 2 : 1);
    sent.forEach(({bytes}) => assert.ok(bytes <= 9 << 20, `${bytes} bytes were sent`));
  }
});
