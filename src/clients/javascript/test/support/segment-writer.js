/** Writes segments for tests, from lists in memory. The core has the writer of the registry. */
import {parse, SCHEME_NAMES, SUFFIX_LIST} from '../../lib/subjects.js';
import {bucketBits, crc32c, repertoireKey} from '../../lib/segment.js';
import {packStances} from '../../lib/verdicts.js';

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** Returns an id of 32 hexadecimal digits. */
export function id(number) {
  return number.toString(16).padStart(32, '0');
}

const longsOf = (hex) => [BigInt(`0x${hex.slice(0, 16)}`), BigInt(`0x${hex.slice(16)}`)];
const micros = (moment, none) => (moment === undefined || moment === null ? none : BigInt(moment));

/** Collects postings, and writes them as one segment. */
export class Segments {
  constructor() {
    this.byKey = new Map();
    this.prefilters = new Set();
    this.states = new Map();
    this.erasures = new Map();
    this.terms = new Map();
  }

  #add(words, ...longs) {
    const key = Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
    const all = this.byKey.get(key) ?? [];
    // Several subjects of one entry may share a key.
    if (!all.some((other) => other[2] >> 24n === longs[2] >> 24n)) {
      all.push(longs);
    }
    this.byKey.set(key, all);
    return this;
  }

  #addUnderAll(subject, longs) {
    const parsed = parse(subject);
    for (const as of parsed.indexedAs()) {
      const other = as.canonical === parsed.canonical ? 0n : 16n;
      this.#add(as.words, longs[0], longs[1], longs[2] | other, ...longs.slice(3));
    }
    const prefilter = parsed.storedSitePrefilter();
    if (prefilter !== null) {
      this.prefilters.add(BigInt(prefilter[0]) << 32n | BigInt(prefilter[1]));
    }
    return this;
  }

  #statement({party, position, stances, contact = 'none', from, to, mandate}) {
    const flags = {none: 0, party: 4 | 64, terms: 4, license: 4 | 8}[contact];
    const word = BigInt(position) << 24n | BigInt(packStances(stances)) << 8n | BigInt(flags);
    return [
      ...longsOf(party), word, micros(from, MIN), micros(to, MAX), ...(mandate === undefined ? [0n, 0n] : longsOf(mandate)),
    ];
  }

  statement(subject, statement) {
    return this.#addUnderAll(subject, this.#statement(statement));
  }

  listing(subject, {repertoire, position}) {
    return this.#addUnderAll(subject, [...longsOf(repertoire), BigInt(position) << 24n | 32n, MIN, MAX, 0n, 0n]);
  }

  repertoire(repertoire, statement) {
    return this.#add(repertoireKey(repertoire), ...this.#statement(statement));
  }

  proof(subject, {party, position, proved = true, by}) {
    return this.#add(parse(subject).words, ...longsOf(party), BigInt(position) << 24n | (proved ? 5n : 1n), MIN, MAX,
      ...(by === undefined ? [0n, 0n] : longsOf(by)));
  }

  contest(subject, {party, position, kind, by, endsAt, lapsesAt}) {
    const number = {'rejected': 0n, 'disputed': 1n, 'set-aside': 2n}[kind];
    return this.#addUnderAll(subject, [
      ...longsOf(party), BigInt(position) << 24n | 9n | number << 6n, micros(endsAt, MIN), micros(lapsesAt, MAX),
      ...(by === undefined ? [0n, 0n] : longsOf(by)),
    ]);
  }

  /** Hides the key of a subject from older segments. */
  hide(subject) {
    this.byKey.set(parse(subject).key, []);
    return this;
  }

  state(party, state) {
    this.states.set(party, state);
    return this;
  }

  erase(party, position) {
    this.erasures.set(party, position);
    return this;
  }

  mandate(mandate, term) {
    this.terms.set(mandate, term);
    return this;
  }

  /** Returns the bytes of the segment. */
  write({log = 'test.example/log', position, rules = 1, version = 7, suffixList = SUFFIX_LIST}) {
    const keys = [...this.byKey.keys()].sort();
    const records = [];
    const prefixes = [];
    const elsewhere = [];
    for (const key of keys) {
      const words = key.match(/.{16}/g).map((word) => BigInt(`0x${word}`));
      const postings = this.byKey.get(key).sort((one, other) => (one[2] < other[2] ? -1 : 1));
      prefixes.push(words[0]);
      records.push(...words.slice(1));
      const [first] = postings;
      if (postings.length === 0) {
        records.push(0n, 0n, 3n);
      } else if (postings.length === 1 && first[3] === MIN && first[4] === MAX && first[5] === 0n && first[6] === 0n) {
        records.push(...first.slice(0, 3));
      } else {
        records.push(BigInt(elsewhere.length / 7), BigInt(postings.length), 2n);
        elsewhere.push(...postings.flat());
      }
    }
    const prefilters = [...this.prefilters].sort((one, other) => (one < other ? -1 : 1));
    const sorted = (map) => [...map].sort(([one], [other]) => (one < other ? -1 : 1));
    const erasures = sorted(this.erasures).flatMap(([party, at]) => [...longsOf(party), BigInt(at)]);
    const states = sorted(this.states).flatMap(([party, state]) => {
      let word = BigInt(state.vouchedBy?.length ?? 0) << 8n;
      word |= state.verified ? 1n : 0n;
      word |= state.suspended ? 2n : 0n;
      word |= state.contactable === undefined ? 0n : state.contactable ? 12n : 4n;
      for (const scheme of state.vouchesFor ?? []) {
        word |= 1n << BigInt(16 + SCHEME_NAMES.indexOf(scheme));
      }
      return [...longsOf(party), word, ...(state.vouchedBy ?? []).flatMap(longsOf)];
    });
    const terms = sorted(this.terms).flatMap(([mandate, {society, member, from, to}]) => [
      ...longsOf(mandate), ...longsOf(society), ...longsOf(member ?? id(0)), micros(from, MIN), micros(to, MAX),
    ]);
    const sections = [
      longs(records), longs([...prefixes, 0n]), longs(elsewhere), directory(prefixes), longs([...prefilters, 0n]),
      directory(prefilters), longs(erasures), longs(states), longs(terms),
    ];
    const header = Buffer.alloc(4096);
    header.write('AskFirst', 'latin1');
    header.writeUInt32LE(version, 8);
    header.writeUInt32LE(4096, 12);
    [position, keys.length, elsewhere.length / 7, prefilters.length, this.erasures.size, states.length, this.terms.size]
      .forEach((count, i) => header.writeBigUInt64LE(BigInt(count), 16 + 8 * i));
    sections.forEach((section, i) => header.writeUInt32LE(crc32c(section), 72 + 4 * i));
    header.writeUInt32LE(rules, 108);
    let at = 112;
    for (const text of [log, 'ab'.repeat(32), suffixList, '1 2026-11-29']) {
      header.writeUInt32LE(Buffer.byteLength(text), at);
      at += 4 + header.write(text, at + 4);
    }
    header.writeUInt32LE(crc32c(header.subarray(0, 4092)), 4092);
    return Buffer.concat([header, ...sections]);
  }
}

function longs(values) {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => bytes.writeBigUInt64LE(BigInt.asUintN(64, value), 8 * i));
  return bytes;
}

function directory(prefixes) {
  const bits = bucketBits(prefixes.length);
  const bytes = Buffer.alloc(4 * 2 ** bits + 8);
  let place = 0;
  for (let bucket = 0; bucket <= 2 ** bits; bucket++) {
    while (place < prefixes.length && Number(prefixes[place] >> BigInt(64 - bits)) < bucket) {
      place++;
    }
    bytes.writeUInt32LE(place, 4 * bucket);
  }
  return bytes;
}
