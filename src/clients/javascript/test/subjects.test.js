import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {
  MalformedSubject, SCHEME_NAMES, SUFFIX_LIST, UndeclarableSubject, ofWork, parse, platformsVersion, recognise,
} from '../lib/subjects.js';
import {hex} from '../lib/subjects/sha256.js';

const VECTORS = new URL('../../../core/src/test/resources/vectors/', import.meta.url);
const vectors = JSON.parse(readFileSync(new URL('subjects.json', VECTORS), 'utf8'));
const accounts = JSON.parse(readFileSync(new URL('accounts.json', VECTORS), 'utf8'));

const prefilter = (words) => (words === null ? undefined : hex(words));

test('every member of the vectors is tested here', () => {
  assert.deepEqual(Object.keys(vectors).sort(), [
    'about', 'invisible', 'licence', 'publicSuffixList', 'recognised', 'refused', 'spellings', 'subjects',
    'undeclarable', 'unrecognised', 'works',
  ]);
});

test('subjects: canonical form, key, site prefilter and whole expansion', () => {
  const seen = new Set();
  for (const vector of vectors.subjects) {
    const subject = parse(vector.input);
    assert.equal(subject.canonical, vector.canonical, vector.input);
    assert.equal(subject.key, vector.key, vector.input);
    assert.equal(prefilter(subject.sitePrefilter()), vector.gate, vector.input);
    assert.deepEqual(
      subject.expand().entries.map(({subject: reaching, specificity}) => ({subject: reaching, specificity})),
      vector.expansion, vector.input);
    assert.equal(parse(subject.canonical).canonical, subject.canonical, 'a canonical subject is its own canonical form');
    seen.add(subject.scheme);
  }
  assert.deepEqual([...seen].sort(), [...SCHEME_NAMES].sort(), 'every scheme has a vector');
});

test('spellings: the plain spelling of an address', () => {
  assert.ok(vectors.spellings.length >= 50);
  for (const vector of vectors.spellings) {
    const subject = parse(vector.input);
    assert.equal(subject.indexedAs().at(-1).canonical, vector.plain, vector.input);
    const plain = parse(vector.plain);
    assert.deepEqual(plain.indexedAs().map(String), [plain.canonical], 'a plain spelling is plain');
    assert.equal(hex(subject.storedSitePrefilter()), hex(plain.storedSitePrefilter()), vector.input);
  }
});

test('recognised: texts without a scheme', () => {
  assert.ok(vectors.recognised.length > 10);
  for (const vector of vectors.recognised) {
    assert.equal(recognise(vector.input).canonical, vector.canonical, vector.input);
  }
});

test('unrecognised: texts that name no work', () => {
  assert.ok(vectors.unrecognised.length > 10);
  for (const vector of vectors.unrecognised) {
    const refused = refusalOf(() => recognise(vector.input), vector.input);
    assert.equal(refused.reason, vector.reason, vector.input);
    assert.equal(refused.suggestion, vector.meant ?? null, vector.input);
  }
});

test('refused: each with its reason and what was meant', () => {
  assert.ok(vectors.refused.length > 100);
  for (const vector of vectors.refused) {
    const refused = refusalOf(() => parse(vector.input), vector.input);
    assert.equal(refused.reason, vector.reason, vector.input);
    // One vector lists the schemes in words, which is not a value that a caller could send.
    const meant = vector.meant === undefined || vector.meant.includes(' ') ? null : vector.meant;
    assert.equal(refused.suggestion, meant, vector.input);
    if (vector.meant !== undefined) {
      assert.ok(refused.message.endsWith(`Did you mean ${vector.meant}?`), refused.message);
    }
  }
});

test('undeclarable: asked and never declared', () => {
  assert.ok(vectors.undeclarable.length >= 10);
  const undeclarable = new Set();
  for (const vector of vectors.undeclarable) {
    const subject = parse(vector.input);
    assert.throws(() => subject.requireDeclarable(), (refused) => {
      assert.ok(refused instanceof UndeclarableSubject, vector.input);
      assert.equal(refused.reason, vector.reason, vector.input);
      assert.equal(refused.suggestion, vector.meant ?? null, vector.input);
      return true;
    });
    if (vector.meant !== undefined) {
      parse(vector.meant).requireDeclarable();
    }
    undeclarable.add(subject.canonical);
  }
  for (const vector of vectors.subjects) {
    const subject = parse(vector.input);
    if (!undeclarable.has(subject.canonical)) {
      subject.requireDeclarable();
    }
  }
});

test('invisible: characters that are removed at both ends', () => {
  assert.ok(vectors.invisible.length >= 20);
  const ends = [
    ['url', 'https://example.com/a'], ['under', 'https://example.com/a/'], ['domain', 'example.com'],
    ['isbn', '9788936434120'], ['doi', '10.1000/182'], ['kcc', 'C-2023-012345'], ['isni', '0000000121032683'],
    ['sha256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ].map(([scheme, value]) => [scheme, value, parse(`${scheme}:${value}`).canonical]);
  for (const range of vectors.invisible) {
    for (let point = Number.parseInt(range.first, 16); point <= Number.parseInt(range.last, 16); point++) {
      const mark = String.fromCodePoint(point);
      for (const [scheme, value, canonical] of ends) {
        assert.equal(parse(`${scheme}:${mark}${value}${mark}`).canonical, canonical, point.toString(16));
      }
    }
  }
});

test('works: ids of random bytes', () => {
  for (const vector of vectors.works) {
    assert.equal(ofWork(Buffer.from(vector.random, 'hex')).canonical, vector.canonical);
  }
});

test('the lists are those of the vectors', () => {
  assert.equal(SUFFIX_LIST, vectors.publicSuffixList);
  assert.equal(platformsVersion(), accounts.platforms);
});

test('accounts: the accounts that addresses carry', () => {
  for (const vector of accounts.addresses) {
    const subject = parse(`url:${vector.address}`);
    assert.equal(subject.account()?.canonical, vector.account ?? undefined, vector.address);
    assert.equal(subject.namedAccount() !== null, vector.names ?? false, vector.address);
  }
  for (const vector of accounts.spellings) {
    assert.equal(parse(vector.input).canonical, vector.canonical, vector.input);
  }
  for (const vector of accounts.undeclarable) {
    assert.throws(() => parse(vector.input).requireDeclarable(), UndeclarableSubject, vector.input);
  }
});

test('a text that is no text is refused as any other', () => {
  for (const wrong of [null, undefined, 42, {}, '']) {
    assert.throws(() => parse(wrong), MalformedSubject);
    assert.throws(() => recognise(wrong), MalformedSubject);
  }
});

function refusalOf(read, input) {
  try {
    read();
  } catch (refused) {
    assert.ok(refused instanceof MalformedSubject, `${input}: ${refused.stack}`);
    return refused;
  }
  assert.fail(`${input} was read`);
}
