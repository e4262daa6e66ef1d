import assert from 'node:assert/strict';
import {closeSync, openSync, writeFileSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {Segment, SegmentError, View, crc32c} from '../lib/segment.js';
import {openSegment} from '../lib/segment-file.js';
import {parse} from '../lib/subjects.js';
import {judge, microsOf} from '../lib/verdicts.js';
import {scratch} from './support/registry.js';
import {Segments, id} from './support/segment-writer.js';

const NOW = microsOf('2026-11-22T09:00:00Z');
const PAST = microsOf('2026-01-01T00:00:00Z');
const FUTURE = microsOf('2027-01-01T00:00:00Z');
const [ANN, BEN, BODY, MEMBER] = [id(0xA1n << 64n | 1n), id(2), id(3), id(4)];
const TRAINING = {'ai-training': 'reserved'};
const OPEN = {'ai-training': 'permitted'};

/** Returns the verdict of a view about a subject. */
function verdict(view, subject, use = 'ai-training') {
  return judge(view.reaching(parse(subject)), [use], NOW).verdict;
}

function view(...segments) {
  return new View(segments.map((one, i) => Segment.of(one.write({position: 1000 - i}))));
}

test('the checksum is CRC-32C', () => {
  assert.equal(crc32c(Buffer.from('123456789')), 0xE3069283);
  assert.equal(crc32c(Buffer.from('6789'), crc32c(Buffer.from('12345'))), 0xE3069283);
});

test('a reservation of a work, a site and another spelling is found', () => {
  const one = view(new Segments()
    .statement('url:https://www.example.com/art/1.png', {party: ANN, position: 5, stances: TRAINING})
    .statement('domain:example.org', {party: BEN, position: 6, stances: TRAINING, contact: 'terms'})
    .proof('domain:example.org', {party: BEN, position: 7}));
  assert.equal(verdict(one, 'url:https://www.example.com/art/1.png'), 'deny');
  assert.equal(verdict(one, 'url:http://example.com/art/1.png?utm_source=x'), 'deny');
  assert.equal(verdict(one, 'url:https://example.com/art/2.png'), 'unknown');
  assert.equal(verdict(one, 'url:https://a.b.example.org/x'), 'ask');
  assert.equal(verdict(one, 'url:https://example.net/'), 'unknown');
});

test('a permission needs evidence', () => {
  const stated = () => new Segments().statement('isbn:9788936434120', {party: ANN, position: 5, stances: OPEN});
  assert.equal(verdict(view(stated()), 'isbn:9788936434120'), 'unknown');
  assert.equal(verdict(view(stated().proof('isbn-prefix:97889364', {party: ANN, position: 4})), 'isbn:9788936434120'), 'allow');
  assert.equal(
    verdict(view(stated().proof('isbn-prefix:97889364', {party: ANN, position: 4, proved: false})), 'isbn:9788936434120'),
    'unknown');
  assert.equal(verdict(view(stated().proof('isbn-prefix:97889364', {party: BEN, position: 4})), 'isbn:9788936434120'), 'unknown');
});

test('a proof on the word of a body counts while the body may vouch', () => {
  const stated = () => new Segments()
    .statement('isrc:KRA301500123', {party: ANN, position: 5, stances: OPEN})
    .proof('isrc:KRA301500123', {party: ANN, position: 4, by: BODY});
  const may = {vouchesFor: ['isrc']};
  assert.equal(verdict(view(stated()), 'isrc:KRA301500123'), 'unknown');
  assert.equal(verdict(view(stated().state(BODY, may)), 'isrc:KRA301500123'), 'allow');
  assert.equal(verdict(view(stated().state(BODY, {...may, suspended: true})), 'isrc:KRA301500123'), 'unknown');
  assert.equal(verdict(view(stated().state(BODY, may).erase(BODY, 9)), 'isrc:KRA301500123'), 'unknown');
  assert.equal(verdict(view(stated().state(BODY, {vouchesFor: ['account']})), 'isrc:KRA301500123'), 'unknown');
});

test('the contact of a party counts while it has one', () => {
  const stated = (contact) => new Segments().statement('iswc:T0345246801', {party: ANN, position: 5, stances: TRAINING, contact});
  assert.equal(verdict(view(stated('party')), 'iswc:T0345246801'), 'ask');
  assert.equal(verdict(view(stated('party').state(ANN, {contactable: false})), 'iswc:T0345246801'), 'deny');
  assert.equal(verdict(view(stated('none').state(ANN, {contactable: true})), 'iswc:T0345246801'), 'ask');
  assert.equal(verdict(view(stated('terms').erase(ANN, 9)), 'iswc:T0345246801'), 'deny');
  assert.equal(verdict(view(stated('license').erase(ANN, 9)), 'iswc:T0345246801'), 'ask');
});

test('a statement counts in its period, under a mandate in the period of the mandate', () => {
  const stated = (more) => new Segments().statement('iswc:T0345246801', {party: ANN, position: 5, stances: TRAINING, ...more});
  assert.equal(verdict(view(stated({from: PAST, to: FUTURE})), 'iswc:T0345246801'), 'deny');
  assert.equal(verdict(view(stated({from: FUTURE})), 'iswc:T0345246801'), 'unknown');
  assert.equal(verdict(view(stated({to: PAST})), 'iswc:T0345246801'), 'unknown');
  const mandated = (term) => new Segments()
    .statement('iswc:T0345246801', {party: ANN, position: 5, stances: OPEN, mandate: id(77)})
    .proof('iswc:T0345246801', {party: MEMBER, position: 4})
    .mandate(id(77), {society: ANN, ...term});
  assert.equal(verdict(view(mandated({member: MEMBER})), 'iswc:T0345246801'), 'allow');
  assert.equal(verdict(view(mandated({member: MEMBER, to: PAST})), 'iswc:T0345246801'), 'unknown');
  assert.equal(verdict(view(mandated({member: MEMBER, to: FUTURE})), 'iswc:T0345246801'), 'allow');
  assert.equal(verdict(view(mandated({})), 'iswc:T0345246801'), 'unknown');
  const unknownMandate = new Segments()
    .statement('iswc:T0345246801', {party: ANN, position: 5, stances: OPEN, mandate: id(78)})
    .proof('iswc:T0345246801', {party: ANN, position: 4});
  assert.equal(verdict(view(unknownMandate), 'iswc:T0345246801'), 'unknown', 'a mandate that is not known is not in force');
  assert.equal(verdict(view(mandated({member: MEMBER}).state(MEMBER, {suspended: true})), 'iswc:T0345246801'), 'unknown');
});

test('a listing reads as the statement of its repertoire', () => {
  const listed = (repertoire) => new Segments()
    .listing('isrc:KRA301500123', {repertoire: id(0x0190n << 112n | 5n), position: 8})
    .state(BODY, {vouchesFor: ['isrc']})
    .repertoire(id(0x0190n << 112n | (repertoire ? 5n : 6n)), {party: BODY, position: 7, stances: OPEN});
  assert.equal(verdict(view(listed(true)), 'isrc:KRA301500123'), 'allow');
  assert.equal(verdict(view(listed(false)), 'isrc:KRA301500123'), 'unknown', 'a withdrawn repertoire has no effect');
});

test('contests: rejected, disputed and set aside', () => {
  const stated = (contest) => new Segments()
    .statement('isbn:9788936434120', {party: ANN, position: 5, stances: TRAINING})
    .statement('isbn:9788936434120', {party: BEN, position: 6, stances: OPEN})
    .proof('isbn:9788936434120', {party: BEN, position: 4})
    .contest('isbn:9788936434120', {position: 9, ...contest});
  const of = (contest) => verdict(view(stated(contest)), 'isbn:9788936434120');
  assert.equal(of({party: ANN, kind: 'rejected', by: BEN, endsAt: FUTURE}), 'ask');
  assert.equal(of({party: ANN, kind: 'rejected', by: BEN, endsAt: PAST}), 'allow');
  assert.equal(of({party: ANN, kind: 'rejected', by: MEMBER, endsAt: PAST}), 'ask');
  assert.equal(of({party: ANN, kind: 'set-aside'}), 'allow');
  assert.equal(of({party: BEN, kind: 'set-aside'}), 'deny');
  assert.equal(of({party: BEN, kind: 'disputed', by: ANN, lapsesAt: FUTURE}), 'ask');
  assert.equal(of({party: BEN, kind: 'disputed', by: ANN, lapsesAt: PAST}), 'ask');
  assert.equal(of({party: BEN, kind: 'disputed', by: ANN, endsAt: PAST}), 'deny');
});

test('what is about another spelling is neither evidence nor a contest of an address', () => {
  const [plain, other] = ['url:https://example.com/a', 'url:https://www.example.com/a'];
  const listed = (subject) => new Segments()
    .statement(plain, {party: BODY, position: 5, stances: OPEN})
    .listing(subject, {repertoire: id(5), position: 8})
    .repertoire(id(5), {party: BODY, position: 7, stances: {'search-indexing': 'reserved'}})
    .state(BODY, {vouchesFor: ['url']});
  assert.equal(verdict(view(listed(plain)), plain), 'allow');
  assert.equal(verdict(view(listed(other)), plain), 'unknown');
  const contested = (subject) => new Segments()
    .statement(plain, {party: ANN, position: 5, stances: TRAINING})
    .contest(subject, {party: ANN, position: 6, kind: 'set-aside'});
  assert.equal(verdict(view(contested(plain)), plain), 'unknown');
  assert.equal(verdict(view(contested(other)), plain), 'deny');
});

test('a newer segment hides the keys that it has, also with an empty record', () => {
  const base = new Segments()
    .statement('isbn:9788936434120', {party: ANN, position: 5, stances: TRAINING})
    .statement('iswc:T0345246801', {party: ANN, position: 6, stances: TRAINING})
    .statement('url:https://example.com/a', {party: ANN, position: 7, stances: TRAINING});
  const delta = new Segments()
    .hide('isbn:9788936434120')
    .statement('iswc:T0345246801', {party: ANN, position: 12, stances: TRAINING, contact: 'terms'})
    .statement('url:https://example.net/b', {party: ANN, position: 13, stances: TRAINING});
  const both = view(delta, base);
  assert.equal(verdict(both, 'isbn:9788936434120'), 'unknown');
  assert.equal(verdict(both, 'iswc:T0345246801'), 'ask');
  assert.equal(verdict(both, 'url:https://example.com/a'), 'deny', 'a site prefilter of the base still counts');
  assert.equal(verdict(both, 'url:https://example.net/b'), 'deny', 'and one of the delta');
  const older = [Segment.of(base.write({position: 1})), Segment.of(delta.write({position: 2}))];
  assert.throws(() => new View(older), TypeError, 'the newest comes first');
});

test('states are those of the newest segment alone', () => {
  const base = new Segments()
    .statement('isbn:9788936434120', {party: ANN, position: 5, stances: OPEN})
    .proof('isbn:9788936434120', {party: ANN, position: 4})
    .state(ANN, {suspended: true});
  assert.equal(verdict(view(base), 'isbn:9788936434120'), 'unknown');
  assert.equal(verdict(view(new Segments(), base), 'isbn:9788936434120'), 'allow');
});

test('site prefilters of another public suffix list settle nothing', () => {
  const stated = new Segments().statement('url:https://example.com/a', {party: ANN, position: 5, stances: TRAINING});
  stated.prefilters.clear();
  const of = (suffixList) => new View([Segment.of(stated.write({position: 9, suffixList}))]);
  assert.equal(verdict(of('2001-01-01 000000000000'), 'url:https://example.com/a'), 'deny');
  assert.equal(verdict(view(stated), 'url:https://example.com/a'), 'unknown', 'the prefilter is used at all');
});

test('a file is read as a buffer is, also with few pages in memory', (t) => {
  const many = new Segments();
  for (let i = 0; i < 3000; i++) {
    many.statement(`url:https://s${i % 97}.example.com/${i}`, {
      party: i % 2 === 0 ? ANN : BEN, position: i + 1, stances: TRAINING, from: i % 3 === 0 ? PAST : undefined,
      contact: i % 5 === 0 ? 'terms' : 'none',
    });
  }
  const bytes = many.write({position: 5000});
  const path = join(scratch(t), 'a.segment');
  writeFileSync(path, bytes);
  const file = openSegment(path, {pages: 2});
  const buffer = Segment.of(bytes);
  file.verify();
  buffer.verify();
  const [fromFile, fromBuffer] = [new View([file]), new View([buffer])];
  const verdicts = new Set();
  for (let i = 0; i < 3200; i++) {
    const subject = `url:https://s${i % 97}.example.com/${i}`;
    const expected = i >= 3000 ? 'unknown' : i % 5 === 0 ? 'ask' : 'deny';
    assert.equal(verdict(fromFile, subject), expected, subject);
    assert.equal(verdict(fromBuffer, subject), expected, subject);
    verdicts.add(expected);
  }
  assert.equal(verdicts.size, 3);
  file.close();
  assert.throws(() => verdict(fromFile, 'url:https://s1.example.com/1'));
});

test('places above 4 GB are read', (t) => {
  // One key, whose two postings are the last ones of 80,000,000. The file has holes and needs little of the disk.
  const bytes = new Segments()
    .statement('iswc:T0345246801', {party: ANN, position: 5, stances: OPEN, from: PAST})
    .proof('iswc:T0345246801', {party: ANN, position: 4})
    .write({position: 9});
  const many = 80_000_000;
  const {starts} = Segment.of(bytes);
  bytes.writeBigUInt64LE(BigInt(many), 32);
  bytes.writeBigUInt64LE(BigInt(many - 2), starts.records + 24);
  bytes.writeUInt32LE(crc32c(bytes.subarray(0, 4092)), 4092);
  const hole = 56 * (many - 2);
  const path = join(scratch(t), 'large.segment');
  const file = openSync(path, 'w');
  writeSync(file, bytes.subarray(0, starts.elsewhere), 0, undefined, 0);
  writeSync(file, bytes.subarray(starts.elsewhere), 0, undefined, starts.elsewhere + hole);
  closeSync(file);
  const segment = openSegment(path);
  t.after(() => segment.close());
  assert.ok(segment.source.length > 2 ** 32);
  assert.equal(verdict(new View([segment]), 'iswc:T0345246801'), 'allow');
});

test('an empty segment answers nothing', () => {
  assert.equal(verdict(view(new Segments()), 'isbn:9788936434120'), 'unknown');
});

test('files that are no complete segments are refused', () => {
  const bytes = new Segments().statement('isbn:9788936434120', {party: ANN, position: 5, stances: TRAINING}).write({position: 9});
  const changed = (at, value, from = bytes) => {
    const copy = Buffer.from(from);
    copy[at] = value;
    return copy;
  };
  const refused = (buffer, code) => assert.throws(() => Segment.of(buffer), (error) => {
    assert.ok(error instanceof SegmentError, error.stack);
    assert.equal(error.code, code);
    return true;
  });
  refused(bytes.subarray(0, 100), 'truncated');
  refused(bytes.subarray(0, bytes.length - 8), 'truncated');
  refused(Buffer.concat([bytes, Buffer.alloc(8)]), 'truncated');
  refused(changed(0, 0x61), 'tampered');
  refused(changed(16, 0x61), 'tampered');
  refused(new Segments().write({position: 1, version: 8}), 'unsupported');
  refused(new Segments().write({position: 1, rules: 2}), 'unsupported');
  assert.throws(() => Segment.of(changed(4100, bytes[4100] ^ 1)).verify(), {code: 'tampered'});
});
