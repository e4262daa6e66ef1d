import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Online, PrivateLookups} from '../lib/online.js';
import {parse} from '../lib/subjects.js';
import {distinct, judge} from '../lib/verdicts.js';
import {Segments, id} from './support/segment-writer.js';
import {serve} from './support/service.js';

const ANN = id(1);
const BOOK = 'isbn:9788936434120';
const SONG = 'iswc:T0345246801';
const PERMITTED = {'text-and-data-mining': 'permitted'};
const RESERVED = {'text-and-data-mining': 'reserved'};

const known = () => new Segments()
  .statement(BOOK, {party: ANN, position: 5, stances: PERMITTED})
  .proof(BOOK, {party: ANN, position: 4})
  .statement('domain:example.com', {party: ANN, position: 6, stances: RESERVED, contact: 'terms'})
  .proof('domain:example.com', {party: ANN, position: 3});

/** Records the pauses instead of sleeping. */
function sleeper() {
  const pauses = [];
  return {pauses, sleep: async (seconds) => void pauses.push(seconds)};
}

test('many works are asked in bulk, in their order', async (t) => {
  const service = await serve(t, known());
  const online = new Online({address: service.address, key: 'afk_x', itemsPerCall: 2});
  const answers = await online.checkAll([BOOK, 'isbn:1', 'url:https://a.example.com/x', [SONG, BOOK], SONG]);
  assert.deepEqual(answers.map(({verdict}) => verdict), ['allow', 'unknown', 'ask', 'allow', 'unknown']);
  assert.deepEqual(answers.map(({allowed}) => allowed), [true, false, false, true, false]);
  assert.equal(answers[1].reason, 'unreadable');
  assert.equal(answers[0].position, 100);
  assert.equal(service.calls.length, 2);
  assert.equal(service.calls[0].headers.authorization, 'Bearer afk_x');
  assert.deepEqual(service.calls[0].body, {
    items: [{id: '0', subjects: [BOOK]}, {id: '1', subjects: ['url:https://a.example.com/x']}],
    uses: ['text-and-data-mining'], detail: 'verdict',
  });
});

test('it waits as the registry says after a refusal, and tries again', async (t) => {
  const service = await serve(t, known());
  const {pauses, sleep} = sleeper();
  service.before = (call, send) => {
    if (service.calls.length === 1) {
      send(429, {type: 'https://askfirst.org/problems/too-many-requests'}, {'retry-after': '7'});
      return true;
    }
    if (service.calls.length === 2) {
      send(503, 'not JSON', {'retry-after': '3'});
      return true;
    }
    return false;
  };
  const answer = await new Online({address: service.address, sleep}).check(BOOK);
  assert.equal(answer.verdict, 'allow');
  assert.deepEqual(pauses, [7, 3]);
});

test('it backs off after errors, and what stays unanswered is unreachable', async (t) => {
  const service = await serve(t, known());
  const {pauses, sleep} = sleeper();
  service.before = (call, send) => {
    send(502, '');
    return true;
  };
  const answer = await new Online({address: service.address, sleep, attempts: 4, firstWaitSeconds: 1}).check(BOOK);
  assert.deepEqual([answer.verdict, answer.reason, answer.allowed], ['unreachable', 'unreachable', false]);
  assert.equal(service.calls.length, 4);
  assert.equal(pauses.length, 3);
  pauses.forEach((seconds, i) => assert.ok(seconds >= 2 ** i / 2 && seconds <= 2 ** i, `pause ${i}: ${seconds}`));
});

test('an error is not kept: the next check asks again', async (t) => {
  const service = await serve(t, known());
  const online = new Online({address: service.address, attempts: 1});
  const ranges = new PrivateLookups({address: service.address, attempts: 1});
  service.before = (call, send) => {
    send(503, {});
    return true;
  };
  assert.equal((await online.check(BOOK)).verdict, 'unreachable');
  assert.equal((await ranges.check(BOOK)).verdict, 'unreachable');
  service.before = undefined;
  assert.equal((await online.check(BOOK)).verdict, 'allow');
  assert.equal((await ranges.check(BOOK)).verdict, 'allow');
});

test('a pause that is too long ends the call', async (t) => {
  const service = await serve(t, known());
  const {pauses, sleep} = sleeper();
  service.before = (call, send) => {
    send(429, {}, {'retry-after': '3600'});
    return true;
  };
  const answer = await new Online({address: service.address, sleep, mostWaitSeconds: 60}).check(BOOK);
  assert.deepEqual([answer.verdict, answer.reason], ['unreachable', 'unreachable']);
  assert.match(answer.detail, /^quota: /);
  assert.deepEqual(pauses, []);
});

test('it paces itself by the quota that is left', async (t) => {
  const service = await serve(t, known());
  const {pauses, sleep} = sleeper();
  service.headers = {'ratelimit-policy': '"works";q=600;w=60', 'ratelimit': '"works";r=2;t=60'};
  const online = new Online({address: service.address, sleep, itemsPerCall: 10});
  await online.checkAll(new Array(10).fill(BOOK));
  assert.deepEqual(pauses, []);
  await online.checkAll(new Array(10).fill(BOOK));
  // Eight works are missing, and the quota gains ten in a second.
  assert.equal(pauses.length, 1);
  assert.ok(pauses[0] > 0.7 && pauses[0] <= 0.8, `${pauses[0]}`);
  service.headers = {'ratelimit-policy': '"works";q=3;w=60', 'ratelimit': '"works";r=3;t=0'};
  await online.check(BOOK);
  service.calls.length = 0;
  await online.checkAll(new Array(7).fill(BOOK));
  assert.deepEqual(service.calls.map(({body}) => body.items.length), [3, 3, 1], 'no call exceeds the whole quota');
});

test('a refused request is not sent again', async (t) => {
  const service = await serve(t, known());
  for (const status of [400, 401, 403, 413, 422]) {
    service.calls.length = 0;
    service.before = (call, send) => {
      send(status, {});
      return true;
    };
    const answer = await new Online({address: service.address}).check(BOOK);
    assert.deepEqual([answer.verdict, answer.reason], ['unreachable', 'unreachable']);
    assert.match(answer.detail, /^refused: /);
    assert.equal(service.calls.length, 1);
  }
});

test('no answer, a broken answer and an answer in time are told apart', async (t) => {
  const service = await serve(t, known());
  const online = new Online({address: service.address, attempts: 2, firstWaitSeconds: 0, timeoutSeconds: 0.1});
  service.before = () => true;
  assert.equal((await online.check(BOOK)).verdict, 'unreachable');
  assert.equal(service.calls.length, 2);
  service.before = (call, send, response) => {
    response.writeHead(200, {'content-type': 'application/json', 'content-length': '1000'});
    response.write('{"answers":[{"id":"0","verdict":"allow"');
    response.destroy();
    return true;
  };
  assert.equal((await online.check(BOOK)).verdict, 'unreachable');
  assert.equal((await new Online({address: 'http://127.0.0.1:1', attempts: 1}).check(BOOK)).verdict, 'unreachable');
});

test('a registry that stalls in the middle of a body is unreachable', async (t) => {
  const service = await serve(t, known());
  const options = {address: service.address, attempts: 2, firstWaitSeconds: 0, timeoutSeconds: 0.3};
  for (const status of [200, 503]) {
    for (const checker of [new Online(options), new PrivateLookups(options)]) {
      service.calls.length = 0;
      let gone = 0;
      service.before = (call, send, response) => {
        response.writeHead(status, {'content-type': 'application/json', 'content-length': '1000'});
        response.write('{"answers":[{"id":"0","verdict":"allow"');
        response.on('close', () => {
          gone++;
        });
        return true;
      };
      const answer = await checker.check(BOOK);
      assert.deepEqual([answer.verdict, answer.reason, answer.allowed], ['unreachable', 'unreachable', false]);
      assert.ok(service.calls.length >= 2, `${service.calls.length} calls`);
      for (const deadline = Date.now() + 10_000; gone < service.calls.length;) {
        assert.ok(Date.now() < deadline, `${gone} of ${service.calls.length} connections were ended`);
        await new Promise((later) => setTimeout(later, 5));
      }
    }
  }
});

test('answers that are not understood are no permission', async (t) => {
  const service = await serve(t, known());
  const online = new Online({address: service.address});
  const all = {'text-and-data-mining': 'allow'};
  for (const answers of [
    [], undefined, {}, [null], [{id: '0'}], [{id: '1', verdict: 'allow', verdicts: all}],
    [{id: '0', verdict: 'Allow', verdicts: all}], [{id: '0', verdict: 'permit', verdicts: all}],
    [{id: '0', verdict: 'allow'}], [{id: '0', verdict: 'allow', verdicts: {'text-and-data-mining': 'deny'}}],
    [{id: '0', verdict: 'allow', verdicts: all, problem: {type: 'https://askfirst.org/problems/unavailable'}}],
    [{id: '0', verdict: 'allow', verdicts: all}, {id: '1', verdict: 'allow', verdicts: all}],
  ]) {
    service.before = (call, send) => {
      send(200, {position: 1, answers});
      return true;
    };
    const answer = await online.check(BOOK);
    assert.deepEqual([answer.verdict, answer.allowed], ['unreachable', false], JSON.stringify(answers));
  }
  service.before = (call, send) => {
    send(200, {position: 1, answers: [{id: '0', verdict: 'allow', verdicts: all}]});
    return true;
  };
  assert.equal((await online.check(BOOK)).allowed, true, 'the same answer, complete, is understood');
});

test('private lookups send prefixes only, and adapt their length', async (t) => {
  const service = await serve(t, known(), {minPrefixLength: 5});
  const ranges = new PrivateLookups({address: service.address, padding: true});
  assert.equal((await ranges.check('url:https://a.example.com/x')).verdict, 'ask');
  const keys = parse('url:https://a.example.com/x').expand().entries.map(({key}) => key);
  for (const {url} of service.calls) {
    const prefix = /^\/v1\/range\/([0-9a-f]{4,5})\?padding=true$/.exec(url)?.[1];
    assert.ok(keys.some((key) => key.startsWith(prefix)), url);
  }
  service.calls.length = 0;
  const answer = await ranges.check('url:https://a.example.com/x');
  assert.deepEqual([answer.verdict, answer.position, answer.matched], ['ask', 100, 'domain:example.com']);
  assert.deepEqual(service.calls, [], 'answers are kept for as long as they are valid');
  service.minPrefixLength = 7;
  assert.equal((await ranges.check(SONG)).verdict, 'unreachable', 'six digits are the most that it sends');
});

test('rules that are not known, and other answers, are no permission', async (t) => {
  const service = await serve(t, known());
  const good = {prefix: parse(BOOK).key.slice(0, 4), minPrefixLength: 4, rules: 1, keys: [], parties: [], mandates: []};
  for (const [change, code] of [
    [{rules: 2}, 'unsupported'], [{prefix: 'ffff'}, 'unreachable'], [{keys: null}, 'unreachable'],
    [{parties: undefined}, 'unreachable'], [{keys: [{key: parse(BOOK).key, statements: [{party: 'p', position: 1, stances: {'a': 'b'}}]}]}, 'error'],
    [{keys: [{key: parse(BOOK).key, contests: [{party: 'p', position: 1, kind: 'new'}], statements: [{party: 'p', position: 1, stances: PERMITTED}]}]}, 'error'],
  ]) {
    service.before = (call, send) => {
      if (call.url.endsWith(good.prefix)) {
        send(200, {...good, ...change}, {'askfirst-position': '100'});
        return true;
      }
      return false;
    };
    const answer = await new PrivateLookups({address: service.address, attempts: 1}).check(BOOK);
    assert.deepEqual([answer.verdict, answer.reason], ['unreachable', 'unreachable'], JSON.stringify(change));
    assert.ok(answer.detail.startsWith(`${code}: `), answer.detail);
  }
});

test('private lookups of tests of failures fail', async (t) => {
  const service = await serve(t, new Segments());
  const ranges = new PrivateLookups({address: service.address});
  for (const label of ['unavailable', 'too-many-requests']) {
    const answer = await ranges.check(`url:https://${label}.askfirst.example/a`);
    assert.deepEqual([answer.verdict, answer.allowed], ['unreachable', false]);
  }
  assert.equal((await ranges.check('url:https://other.askfirst.example/')).verdict, 'unknown');
});

test('a test subject beside a real work is refused', async (t) => {
  const service = await serve(t, known());
  const ranges = new PrivateLookups({address: service.address});
  const answer = await ranges.check([SONG, 'url:https://allow.askfirst.example/']);
  assert.deepEqual([answer.verdict, answer.reason], ['unknown', 'unreadable']);
  assert.deepEqual(service.calls, []);
});

test('private lookups judge as a segment does', async (t) => {
  const random = generator(42);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const subjects = [
    BOOK, SONG, 'isbn-prefix:97889364', 'url:https://example.com/a', 'url:https://www.example.com/a/?utm_source=x',
    'under:https://example.com/', 'domain:example.com', 'url:https://www.instagram.com/moon_toon/p/1', 'account:instagram:moon_toon',
    'domain:instagram.com', 'url:https://doi.org/10.1000/182', 'doi:10.1000/182', 'doi-prefix:10.1000', 'isni:0000000121032683',
    'iscc:KACT4EBWK27737D2AYCJRAL5Z36G76RFRMO4554RU26HZ4ORJGIVHDI',
  ];
  const DAY = 86_400_000_000;
  const now = Date.now() * 1000;
  const moment = () => (random() < 0.5 ? undefined : now + Math.floor((random() - 0.5) * 20) * DAY + DAY / 2);
  const period = () => {
    const [from, to] = [moment(), moment()];
    return from !== undefined && to !== undefined && from >= to ? {from} : {from, to};
  };
  const verdicts = new Map();
  for (let round = 0; round < 25; round++) {
    const segments = new Segments();
    let position = 0;
    const party = () => id(1 + Math.floor(random() * 4));
    const statement = () => ({
      party: party(), position: ++position, ...period(),
      stances: {[pick(['text-and-data-mining', 'ai-training'])]: pick(['reserved', 'permitted', 'permitted', 'permitted-with-terms'])},
      contact: pick(['none', 'party', 'terms', 'license']), mandate: random() < 0.2 ? id(0x70 + Math.floor(random() * 3)) : undefined,
    });
    for (let i = 0; i < 12; i++) {
      segments.statement(pick(subjects), statement());
      segments.proof(pick(subjects.filter((one) => !one.startsWith('iscc'))), {
        party: party(), position: ++position, proved: random() < 0.8, by: random() < 0.3 ? party() : undefined,
      });
    }
    segments.listing(pick(subjects), {repertoire: id(0x900), position: ++position});
    segments.repertoire(id(0x900), statement());
    segments.contest(pick(subjects), {
      party: party(), position: ++position, kind: pick(['rejected', 'disputed', 'set-aside']), by: random() < 0.8 ? party() : undefined,
      endsAt: moment(), lapsesAt: moment(),
    });
    for (let i = 1; i <= 4; i++) {
      segments.state(id(i), {
        suspended: random() < 0.15, contactable: pick([undefined, true, false]),
        vouchesFor: random() < 0.5 ? ['isbn', 'url', 'doi', 'iscc', 'account', 'iswc'] : [],
      });
    }
    if (random() < 0.2) {
      segments.erase(party(), 1);
    }
    segments.mandate(id(0x70), {society: id(1), member: id(2), ...period()});
    segments.mandate(id(0x71), {society: id(3), ...period()});
    const service = await serve(t, segments);
    const ranges = new PrivateLookups({address: service.address, uses: ['ai-training', 'ai-input']});
    for (const work of subjects.map((subject) => (random() < 0.2 ? [subject, pick(subjects)] : [subject]))) {
      const answer = await ranges.check(work);
      const expected = judge(
        distinct(work.flatMap((subject) => service.view.reaching(parse(subject)))), ['ai-training', 'ai-input'], now);
      assert.deepEqual([answer.verdict, answer.uses], [expected.verdict, expected.uses], `round ${round}: ${work}`);
      verdicts.set(answer.verdict, (verdicts.get(answer.verdict) ?? 0) + 1);
    }
  }
  assert.deepEqual([...verdicts.keys()].sort(), ['allow', 'ask', 'deny', 'unknown'], 'every verdict was compared');
});

/** Random numbers that are the same in every run. */
function generator(seed) {
  let state = seed;
  return () => {
    state = Math.imul(state, 1664525) + 1013904223 >>> 0;
    return state / 2 ** 32;
  };
}
