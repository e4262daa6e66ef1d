/**
 * Segments: files with everything that was in force at one position, by key (docs/formats/segment.md). A segment reads
 * from a buffer here; segment-file.js reads from a file. Numbers of 64 bits are read as two halves.
 */
import {SCHEME_NAMES, SUFFIX_LIST} from './subjects.js';
import {sha256} from './subjects/sha256.js';
import {PLAIN, PROVED, RULES, SHOWN, statementsOf} from './verdicts.js';

const HEADER_BYTES = 4096;
const VERSION = 7;
const TWO_32 = 2 ** 32;
const SECTIONS = [
  'records', 'prefixes', 'elsewhere', 'directory', 'prefilters', 'prefilterDirectory', 'erasures', 'states', 'terms',
];

/**
 * Bytes at places. A place may be above 2^32.
 *
 * @typedef {object} Source
 * @property {number} length
 * @property {(at: number) => number} u32 reads a little-endian number of 32 bits at a multiple of four
 * @property {(at: number, length: number) => Uint8Array} bytes
 * @property {() => void} close
 */

/** The refusal of a file that is not a complete segment, or that this client cannot read. */
export class SegmentError extends Error {
  /**
   * @param {'unsupported' | 'truncated' | 'tampered'} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'SegmentError';
    this.code = code;
  }
}

/** A buffer as a source. */
class BufferSource {
  /** @param {Uint8Array} buffer */
  constructor(buffer) {
    this.buffer = buffer;
    this.length = buffer.byteLength;
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  u32(at) {
    return this.view.getUint32(at, true);
  }

  bytes(at, length) {
    if (at + length > this.length) {
      throw new RangeError('the place is beyond the end');
    }
    return this.buffer.subarray(at, at + length);
  }

  close() {}
}

const CRC_TABLE = crcTable();

function crcTable() {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let crc = i;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? crc >>> 1 ^ 0x82F63B78 : crc >>> 1;
    }
    table[i] = crc >>> 0;
  }
  return table;
}

/**
 * Returns the CRC-32C of bytes; pass the result of the bytes before them to go on.
 *
 * @param {Uint8Array} bytes
 * @param {number} [before]
 */
export function crc32c(bytes, before = 0) {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) {
    crc = crc >>> 8 ^ CRC_TABLE[(crc ^ bytes[i]) & 0xFF];
  }
  return ~crc >>> 0;
}

/**
 * Returns the number of bits of a prefix that number its bucket.
 *
 * @param {number} count
 */
export function bucketBits(count) {
  let bits = 1;
  while (bits < 30 && 8 * 2 ** bits < count) {
    bits++;
  }
  return bits;
}

/** A segment. */
export class Segment {
  /**
   * Opens a buffer with a whole segment.
   *
   * @param {Uint8Array} buffer
   */
  static of(buffer) {
    return new Segment(new BufferSource(buffer));
  }

  /** @param {Source} source */
  constructor(source) {
    this.source = source;
    if (source.length < HEADER_BYTES) {
      throw new SegmentError('truncated', 'it is shorter than a header');
    }
    const header = source.bytes(0, HEADER_BYTES);
    const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
    if (new TextDecoder('latin1').decode(header.subarray(0, 8)) !== 'AskFirst') {
      throw new SegmentError('tampered', 'it is not a segment');
    }
    if (view.getUint32(8, true) !== VERSION || view.getUint32(12, true) !== HEADER_BYTES) {
      throw new SegmentError('unsupported', `it has version ${view.getUint32(8, true)}, and this client reads ${VERSION}`);
    }
    if (view.getUint32(HEADER_BYTES - 4, true) !== crc32c(header.subarray(0, HEADER_BYTES - 4))) {
      throw new SegmentError('tampered', 'its header is damaged');
    }
    const number = (at) => {
      const value = view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);
      if (!Number.isSafeInteger(value)) {
        throw new SegmentError('tampered', 'its header has a number that is too large');
      }
      return value;
    };
    this.position = number(16);
    this.keys = number(24);
    this.elsewhereCount = number(32);
    this.prefilterCount = number(40);
    this.erasureCount = number(48);
    this.stateLongs = number(56);
    this.termCount = number(64);
    this.checksums = SECTIONS.map((_, i) => view.getUint32(72 + 4 * i, true));
    this.rules = view.getUint32(108, true);
    if (this.rules !== RULES) {
      throw new SegmentError(
        'unsupported', `it is for version ${this.rules} of the rules, and this client judges by ${RULES}`);
    }
    let at = 112;
    const text = () => {
      const length = view.getUint32(at, true);
      if (length > HEADER_BYTES - 8 - at) {
        throw new SegmentError('tampered', 'its header has a text that is too long');
      }
      at += 4 + length;
      return new TextDecoder().decode(header.subarray(at - length, at));
    };
    this.log = text();
    this.leafHash = text();
    this.suffixList = text();
    this.platforms = text();
    this.#place();
    this.keyBits = bucketBits(this.keys);
    this.prefilterBits = bucketBits(this.prefilterCount);
  }

  /** Computes the places of the sections from the counts. */
  #place() {
    const directory = (count) => 4 * 2 ** bucketBits(count) + 8;
    const lengths = [
      48 * this.keys, 8 * (this.keys + 1), 56 * this.elsewhereCount, directory(this.keys), 8 * (this.prefilterCount + 1),
      directory(this.prefilterCount), 24 * this.erasureCount, 8 * this.stateLongs, 64 * this.termCount,
    ];
    /** @type {Record<string, number>} */
    this.starts = {};
    let at = HEADER_BYTES;
    this.sections = lengths.map((length, i) => {
      const start = at;
      this.starts[SECTIONS[i]] = start;
      at += length;
      return {name: SECTIONS[i], start, end: at};
    });
    if (at !== this.source.length) {
      throw new SegmentError('truncated', `it has ${this.source.length} bytes and should have ${at}`);
    }
  }

  /** Checks every byte against the checksums of the sections. */
  verify() {
    this.sections.forEach(({name, start, end}, i) => {
      let crc = 0;
      for (let at = start; at < end; at += 1 << 20) {
        crc = crc32c(this.source.bytes(at, Math.min(1 << 20, end - at)), crc);
      }
      if (crc !== this.checksums[i]) {
        throw new SegmentError('tampered', `its section ${name} is damaged`);
      }
    });
  }

  close() {
    this.source.close();
  }

  /** Returns the first place of a prefix, and the place after its bucket; the first place is -1 if it is absent. */
  #findPrefix(prefixes, directory, bits, count, high, low) {
    const bucket = directory + 4 * (high >>> (32 - bits));
    const end = this.source.u32(bucket + 4);
    let place = this.source.u32(bucket);
    if (place > end || end > count) {
      throw new SegmentError('tampered', 'a directory is damaged');
    }
    for (; place < end; place++) {
      const at = prefixes + 8 * place;
      if (this.source.u32(at) === low && this.source.u32(at + 4) === high) {
        return [place, end];
      }
    }
    return [-1, end];
  }

  /**
   * Returns true if the file has a site prefilter.
   *
   * @param {Uint32Array} words
   */
  hasSitePrefilter(words) {
    return this.#findPrefix(this.starts.prefilters, this.starts.prefilterDirectory, this.prefilterBits,
      this.prefilterCount, words[0], words[1])[0] >= 0;
  }

  /**
   * Returns the place of a key; -1 if it is absent.
   *
   * @param {Uint32Array} words
   */
  find(words) {
    let [place, end] = this.#findPrefix(
      this.starts.prefixes, this.starts.directory, this.keyBits, this.keys, words[0], words[1]);
    if (place < 0) {
      return -1;
    }
    // Two keys may have the same first eight bytes.
    for (; place < end; place++) {
      const prefix = this.starts.prefixes + 8 * place;
      if (this.source.u32(prefix) !== words[1] || this.source.u32(prefix + 4) !== words[0]) {
        return -1;
      }
      const record = this.starts.records + 48 * place;
      let isRest = true;
      for (let i = 0; i < 3 && isRest; i++) {
        isRest = this.source.u32(record + 8 * i) === words[2 * i + 3] && this.source.u32(record + 8 * i + 4) === words[2 * i + 2];
      }
      if (isRest) {
        return place;
      }
    }
    return -1;
  }

  /**
   * Returns the postings and the listings at a place.
   *
   * @param {number} place
   * @returns {(import('./verdicts.js').Posting | Listing)[]}
   */
  postings(place) {
    const at = this.starts.records + 48 * place + 24;
    const low = this.source.u32(at + 16);
    switch (low & 3) {
      case 3:
        return [];
      case 2: {
        const first = this.source.u32(at + 4) * TWO_32 + this.source.u32(at);
        const count = this.source.u32(at + 8);
        if (count === 0 || first + count > this.elsewhereCount) {
          throw new SegmentError('tampered', 'a record is damaged');
        }
        return Array.from({length: count}, (_, i) => this.#posting(this.starts.elsewhere + 56 * (first + i), true));
      }
      default:
        return [this.#posting(at, false)];
    }
  }

  #posting(at, isElsewhere) {
    const {source} = this;
    const party = this.#id(at);
    const low = source.u32(at + 16);
    const position = source.u32(at + 20) * 256 + (low >>> 24);
    const from = isElsewhere ? this.#moment(at + 24) : -Infinity;
    const to = isElsewhere ? this.#moment(at + 32) : Infinity;
    const under = isElsewhere ? this.#idOrNull(at + 40) : null;
    const otherSubject = (low & 16) !== 0;
    if ((low & 3) === 1) {
      if ((low & 8) !== 0) {
        const contest = ['rejected', 'disputed', 'set-aside'][low >>> 6 & 3];
        if (contest === undefined) {
          throw new SegmentError('tampered', 'a contest is damaged');
        }
        return {kind: 'contest', party, position, otherSubject, contest, by: under, from, to};
      }
      return {kind: 'proof', party, position, otherSubject, control: (low & 4) !== 0 ? PROVED : SHOWN, by: under};
    }
    if ((low & 3) !== 0) {
      throw new SegmentError('tampered', 'a posting is damaged');
    }
    if ((low & 32) !== 0) {
      return {kind: 'listing', repertoire: party, position, otherSubject};
    }
    const stances = low >>> 8 & 0xFFFF;
    if (stances === 0) {
      throw new SegmentError('tampered', 'a statement has no stance');
    }
    const contact = (low & 8) !== 0 ? 'license' : (low & 4) === 0 ? 'none' : (low & 64) === 0 ? 'terms' : 'party';
    return {kind: 'statement', party, position, otherSubject, stances, contact, from, to, mandate: under};
  }

  /** Returns an id of 128 bits in hexadecimal, the high half first. */
  #id(at) {
    const {source} = this;
    return half(source.u32(at + 4)) + half(source.u32(at)) + half(source.u32(at + 12)) + half(source.u32(at + 8));
  }

  #idOrNull(at) {
    const id = this.#id(at);
    return id === NOBODY ? null : id;
  }

  /** Returns a moment in microseconds. Above 2^53, which is after the year 2255, it is rounded. */
  #moment(at) {
    const low = this.source.u32(at);
    const high = this.source.u32(at + 4);
    if (low === 0 && high === 0x80000000) {
      return -Infinity;
    }
    return low === 0xFFFFFFFF && high === 0x7FFFFFFF ? Infinity : (high | 0) * TWO_32 + low;
  }

  /**
   * Reads the states of parties and the mandates.
   *
   * @returns {import('./verdicts.js').Register}
   */
  register() {
    const {source} = this;
    const states = new Map();
    let at = this.starts.states;
    const end = at + 8 * this.stateLongs;
    while (at < end) {
      const party = this.#id(at);
      const low = source.u32(at + 16);
      const high = source.u32(at + 20);
      states.set(party, {
        suspended: (low & 2) !== 0,
        erased: false,
        contactable: (low & 4) === 0 ? null : (low & 8) !== 0,
        vouchesFor: new Set(SCHEME_NAMES.filter((_, i) => {
          const bit = 16 + i;
          return bit < 32 ? (low >>> bit & 1) !== 0 : (high >>> (bit - 32) & 1) !== 0;
        })),
      });
      at += 24 + 16 * (low >>> 8 & 0xFF);
    }
    if (at !== end) {
      throw new SegmentError('tampered', 'the states of parties are damaged');
    }
    at = this.starts.erasures;
    for (let i = 0; i < this.erasureCount; i++, at += 24) {
      const party = this.#id(at);
      if (source.u32(at + 20) * TWO_32 + source.u32(at + 16) <= this.position) {
        states.set(party, {...(states.get(party) ?? PLAIN), erased: true});
      }
    }
    const terms = new Map();
    at = this.starts.terms;
    for (let i = 0; i < this.termCount; i++, at += 64) {
      terms.set(this.#id(at), {
        member: this.#idOrNull(at + 32), from: this.#moment(at + 48), to: this.#moment(at + 56),
      });
    }
    return {state: (party) => states.get(party) ?? PLAIN, term: (mandate) => terms.get(mandate) ?? null};
  }
}

/**
 * The fact that a repertoire lists a subject.
 *
 * @typedef {{kind: 'listing', repertoire: string, position: number, otherSubject: boolean}} Listing
 */

const NOBODY = '0'.repeat(32);

function half(word) {
  return word.toString(16).padStart(8, '0');
}

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Returns the key of the statement of a repertoire.
 *
 * @param {string} id 32 hexadecimal digits
 */
export function repertoireKey(id) {
  let rest = BigInt(`0x${id}`);
  let text = '';
  for (let i = 0; i < 26; i++) {
    text = CROCKFORD[Number(rest & 31n)] + text;
    rest >>= 5n;
  }
  return sha256(`repertoire:d_${text}`);
}

/** Several segments of one log, which are read as one: a base and the changes after it. */
export class View {
  /** @param {Segment[]} segments the newest first */
  constructor(segments) {
    if (segments.length === 0) {
      throw new TypeError('a view needs a segment');
    }
    for (let i = 1; i < segments.length; i++) {
      if (segments[i].log !== segments[0].log || segments[i].position >= segments[i - 1].position) {
        throw new TypeError('the segments are not those of one log, the newest first');
      }
    }
    this.segments = segments;
    this.position = segments[0].position;
    this.log = segments[0].log;
    this.register = segments[0].register();
    /** Site prefilters of another public suffix list cannot settle that nothing reaches an address. */
    this.isFiltered = segments.every(({suffixList}) => suffixList === SUFFIX_LIST);
  }

  /** Returns the postings of a key in the newest segment that has it. */
  #raw(words) {
    for (const segment of this.segments) {
      const place = segment.find(words);
      if (place >= 0) {
        return segment.postings(place).filter(({position}) => position <= this.position);
      }
    }
    return [];
  }

  /**
   * Returns the postings of a key, with the statements of repertoires in the place of listings.
   *
   * @param {Uint32Array} words
   * @returns {import('./verdicts.js').Posting[]}
   */
  postings(words) {
    const raw = this.#raw(words);
    return raw.some(({kind}) => kind === 'listing') ? raw.flatMap((one) => this.#resolved(one)) : raw;
  }

  #resolved(posting) {
    if (posting.kind !== 'listing') {
      return [posting];
    }
    return this.#raw(repertoireKey(posting.repertoire))
      .filter(({kind}) => kind === 'statement')
      .map((statement) => ({
        ...statement,
        position: Math.max(statement.position, posting.position),
        otherSubject: posting.otherSubject,
        listed: true,
        statedAt: statement.position,
      }));
  }

  /**
   * Returns the statements that reach a subject.
   *
   * @param {import('./subjects.js').Subject} subject
   */
  reaching(subject) {
    if (this.isFiltered) {
      const prefilter = subject.sitePrefilter();
      if (prefilter !== null && !this.segments.some((segment) => segment.hasSitePrefilter(prefilter))) {
        return [];
      }
    }
    const expansion = subject.expand();
    return statementsOf(expansion, expansion.entries.map(({words}) => this.postings(words)), this.register);
  }

  close() {
    for (const segment of this.segments) {
      segment.close();
    }
  }
}

