/**
 * Filters. With about two bytes a key, they show for most works that nothing is declared (docs/formats/filter.md). If a
 * filter has a key of a work, the registry is asked for the range of that key, and learns its first six digits. It
 * learns nothing about the other works. It works everywhere; filter-copy.js keeps the filters in a folder.
 */
import {
  Refused, filtersOf, nameOf, plan, readCatalog, refusedBy, requireCurrent, requireNotOlder, requireNotRestored,
  requireSupported, timesOf,
} from './catalog.js';
import {RemoteFolder} from './folder.js';
import {bytesOfHex, readKey, sha256} from './note.js';
import {Ranges, permits, prefixOf, rangeOf, requireOneMoment, statementsIn} from './online.js';
import {DEFAULT_USES, failed, judged, knownAnswer, readSubjects} from './policy.js';
import {SUFFIX_LIST} from './subjects.js';
import {RULES, microsAt, usesOf} from './verdicts.js';

export {Refused};

const VERSION = 1;
const HEADER_BYTES = 48;
const FUSE_HEADER_BYTES = 28;
const MOST_TEXT_BYTES = 1000;
const MOST_SEGMENT_LENGTH = 1 << 18;
const MOST_BYTES = 2 ** 31 - 1;
const VALUE_BITS = 48;
const MOST_VALUES = 2 ** VALUE_BITS;
const TWO_32 = 2 ** 32;
const STALL_SECONDS = 60;

/** The refusal of a file that is not a complete filter, or that this client cannot read. */
export class FilterError extends Error {
  /**
   * @param {'unsupported' | 'tampered'} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'FilterError';
    this.code = code;
  }
}

/** One file: that of a release, which has a fuse filter, or that of changes, which has a list. */
export class FilterFile {
  /** @type {DataView} */ #view;
  /** @type {Fuse | null} */ #fuse = null;
  /** The first 48 bits of the hashes of changes, sorted. */
  values = new Float64Array(0);

  /**
   * @param {Uint8Array} bytes
   * @throws {FilterError}
   */
  constructor(bytes) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const view = this.#view;
    if (bytes.length < HEADER_BYTES || new TextDecoder('latin1').decode(bytes.subarray(0, 8)) !== 'AskFiltr') {
      throw new FilterError('tampered', 'it is not a filter');
    }
    const version = view.getUint32(8, true);
    if (version !== VERSION) {
      throw new FilterError('unsupported', `it has version ${version}, and this client reads ${VERSION}`);
    }
    this.rules = view.getUint32(40, true);
    if (this.rules !== RULES) {
      throw new FilterError(
        'unsupported', `it is for version ${this.rules} of the rules, and this client judges by ${RULES}`);
    }
    const form = view.getUint32(12, true);
    this.position = this.#number(16);
    const from = this.#number(24);
    this.count = this.#number(32);
    this.isChanges = form === 1;
    /** The position after which the changes begin; null in a release. @type {number | null} */
    this.from = this.isChanges ? from : null;
    if (form > 1 || from > (this.isChanges ? this.position : 0) || view.getUint32(44, true) !== 0) {
      throw new FilterError('tampered', 'its header has impossible numbers');
    }
    let at = HEADER_BYTES;
    const text = () => {
      const length = at + 4 > bytes.length ? Infinity : view.getUint32(at, true);
      if (length > MOST_TEXT_BYTES || at + 4 + length > bytes.length) {
        throw new FilterError('tampered', 'its header has an impossible text');
      }
      at += 4 + length;
      return new TextDecoder().decode(bytes.subarray(at - length, at));
    };
    this.log = text();
    this.suffixList = text();
    const body = Math.ceil(at / 8) * 8;
    if (body > bytes.length || bytes.subarray(at, body).some((byte) => byte !== 0)) {
      throw new FilterError('tampered', 'its header is damaged');
    }
    if (this.isChanges) {
      this.values = readList(bytes.subarray(body), this.count);
    } else {
      this.#fuse = this.#readFuse(body);
    }
  }

  #number(at) {
    const value = this.#view.getUint32(at + 4, true) * TWO_32 + this.#view.getUint32(at, true);
    if (!Number.isSafeInteger(value)) {
      throw new FilterError('tampered', 'its header has a number that is too large');
    }
    return value;
  }

  /**
   * @typedef {{low: number, high: number, segment: number, reach: number, fingerprints: number}} Fuse
   * @returns {Fuse | null}
   */
  #readFuse(at) {
    const view = this.#view;
    const expects = (length) => {
      if (length !== view.byteLength) {
        throw new FilterError('tampered', `it has ${view.byteLength} bytes and should have ${length}`);
      }
    };
    if (this.count === 0) {
      expects(at);
      return null;
    }
    if (at + FUSE_HEADER_BYTES > view.byteLength) {
      throw new FilterError('tampered', 'it ends early');
    }
    const [size, segment, segments, reach, slots] = [8, 12, 16, 20, 24].map(
      (place) => view.getUint32(at + place, true));
    const fingerprints = at + FUSE_HEADER_BYTES;
    expects(fingerprints + 2 * slots);
    // Then each slot is inside the array.
    if (size !== this.count || size > slots || segment === 0 || segment > MOST_SEGMENT_LENGTH
      || (segment & segment - 1) !== 0 || segments === 0 || reach !== segments * segment
      || slots !== reach + 2 * segment) {
      throw new FilterError('tampered', 'its fuse filter has impossible numbers');
    }
    return {low: view.getUint32(at, true), high: view.getUint32(at + 4, true), segment, reach, fingerprints};
  }

  /**
   * Returns true if a release may have a hash; false means that it has not.
   *
   * @param {number} high the first 32 bits of the hash
   * @param {number} low
   */
  has(high, low) {
    const fuse = this.#fuse;
    if (fuse === null) {
      return false;
    }
    // The hash plus the seed, mixed as in MurmurHash3, in halves of 32 bits.
    let l = low + fuse.low;
    let h = high + fuse.high + (l >= TWO_32 ? 1 : 0) >>> 0;
    l = (l ^ h >>> 1) >>> 0;
    h = Math.imul(h, 0xed558ccd) + Math.imul(l, 0xff51afd7) + upperHalf(l, 0xed558ccd) >>> 0;
    l = (Math.imul(l, 0xed558ccd) ^ h >>> 1) >>> 0;
    h = Math.imul(h, 0x1a85ec53) + Math.imul(l, 0xc4ceb9fe) + upperHalf(l, 0x1a85ec53) >>> 0;
    l = (Math.imul(l, 0x1a85ec53) ^ h >>> 1) >>> 0;
    const mask = fuse.segment - 1;
    const carried = (Math.imul(h, fuse.reach) >>> 0) + upperHalf(l, fuse.reach);
    const first = upperHalf(h, fuse.reach) + (carried >= TWO_32 ? 1 : 0);
    const second = first + fuse.segment ^ (l >>> 18 | h << 14) & mask;
    const third = first + 2 * fuse.segment ^ l & mask;
    const fingerprint = (place) => this.#view.getUint16(fuse.fingerprints + 2 * (place >>> 0), true);
    return ((l ^ h) & 0xFFFF) === (fingerprint(first) ^ fingerprint(second) ^ fingerprint(third));
  }
}

/** Returns the upper 32 bits of the product of two numbers of 32 bits. */
function upperHalf(one, other) {
  const low = one & 0xFFFF;
  const high = one >>> 16;
  const otherLow = other & 0xFFFF;
  const otherHigh = other >>> 16;
  const middle = high * otherLow + Math.floor(low * otherLow / 65536);
  const cross = low * otherHigh + middle % 65536;
  return high * otherHigh + Math.floor(middle / 65536) + Math.floor(cross / 65536);
}

/** Reads sorted numbers of 48 bits in Golomb-Rice code. */
function readList(bytes, count) {
  const lowBits = bytes[0] ?? VALUE_BITS;
  // The least that the values need bounds their number before anything is allocated.
  if (lowBits >= VALUE_BITS || count * (lowBits + 1) > 8 * (bytes.length - 1)) {
    throw new FilterError('tampered', 'its list is damaged');
  }
  const end = 8 * bytes.length;
  let at = 8;
  const need = (bits) => {
    if (at + bits > end) {
      throw new FilterError('tampered', 'its list ends early');
    }
  };
  const values = new Float64Array(count);
  let last = -1;
  for (let i = 0; i < count; i++) {
    let high = 0;
    for (;; high++, at++) {
      need(1);
      if ((bytes[at >>> 3] >>> (at & 7) & 1) === 0) {
        break;
      }
    }
    at++;
    need(lowBits);
    let low = 0;
    for (let done = 0; done < lowBits;) {
      const now = Math.min(8 - (at & 7), lowBits - done);
      low += (bytes[at >>> 3] >>> (at & 7) & (1 << now) - 1) * 2 ** done;
      done += now;
      at += now;
    }
    last += 1 + high * 2 ** lowBits + low;
    if (last >= MOST_VALUES) {
      throw new FilterError('tampered', 'its list has a value that is too large');
    }
    values[i] = last;
  }
  if (end - at >= 8 || (at < end && bytes[bytes.length - 1] >>> (at & 7) !== 0)) {
    throw new FilterError('tampered', 'its list is longer than its values');
  }
  return values;
}

/** A release and the changes after it as one filter. */
export class FilterView {
  /** @param {FilterFile[]} files the newest first */
  constructor(files) {
    const release = files[files.length - 1];
    const isRelease = release !== undefined && !release.isChanges;
    if (!isRelease || files.slice(0, -1).some((file, i) => file.from !== files[i + 1].position)) {
      throw new FilterError('tampered', 'the filters are not a release and the changes after it');
    }
    this.release = release;
    this.position = files[0].position;
    this.log = release.log;
    this.changes = new Float64Array(files.reduce((count, {values}) => count + values.length, 0));
    let at = 0;
    for (const {values} of files) {
      this.changes.set(values, at);
      at += values.length;
    }
    this.changes.sort();
    /** Site prefilters of another public suffix list cannot settle that nothing reaches an address. */
    this.isPrefiltered = files.every(({suffixList}) => suffixList === SUFFIX_LIST);
  }

  /**
   * Returns true if something may be declared under a key, or if it is a site prefilter that is present.
   *
   * @param {Uint32Array} words
   */
  has(words) {
    if (this.release.has(words[0], words[1])) {
      return true;
    }
    const value = words[0] * 65536 + (words[1] >>> 16);
    let low = 0;
    let high = this.changes.length;
    while (low < high) {
      const middle = low + high >>> 1;
      if (this.changes[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this.changes[low] === value;
  }

  /**
   * Returns false if the filter tells that nothing reaches a subject, because its site is absent.
   *
   * @param {import('./subjects.js').Subject} subject
   */
  mayReach(subject) {
    const prefilter = this.isPrefiltered ? subject.sitePrefilter() : null;
    return prefilter === null || this.has(prefilter);
  }
}

/**
 * A place that keeps filters beyond the life of this object.
 *
 * @typedef {object} Store
 * @property {(seconds: number) => Promise<import('./lock.js').Lock>} lock
 * @property {() => Memory} memory
 * @property {(file: File) => boolean} has
 * @property {(file: File) => Promise<Uint8Array | null>} read
 * @property {(file: File, bytes: Uint8Array) => Promise<void>} write
 * @property {(memory: Memory, before: File[]) => void} remember
 *
 * @typedef {import('./catalog.js').File} File
 * @typedef {{position: number, issuedAt: string | null, files: File[], catalog: string}} Memory
 */

/** The filters of a registry. It follows them, and asks the registry about the works that they may have. */
export class Filter {
  #folder;
  /** @type {Store | null} */ #store;
  #key;
  #clock;
  #uses;
  #stallSeconds;
  #ranges;
  /** @type {Memory} */ #memory = {position: 0, issuedAt: null, files: [], catalog: ''};
  /** @type {{view: FilterView, files: Map<string, FilterFile>, issuedAt: number, expiresAt: number} | null} */
  #current = null;
  /** @type {Promise<boolean> | null} */ #refreshing = null;
  /** @type {ReturnType<typeof setTimeout> | null} */ #timer = null;
  #isClosed = false;

  /** The refusal of the latest catalogue; null if it was accepted. @type {Refused | null} */
  lastRefused = null;

  /**
   * @param {object} parts
   * @param {import('./folder.js').Folder} parts.folder
   * @param {Store | null} parts.store
   * @param {import('./note.js').VerifierKey} parts.key
   * @param {import('./online.js').CallOptions | string} parts.registry
   * @param {string[]} parts.uses
   * @param {() => number} parts.clock
   * @param {number} parts.stallSeconds
   */
  constructor({folder, store, key, registry, uses, clock, stallSeconds}) {
    usesOf(uses);
    this.#folder = folder;
    this.#store = store;
    this.#key = key;
    this.#ranges = new Ranges(typeof registry === 'string' ? {address: registry} : registry, key.name);
    this.#uses = uses;
    this.#clock = clock;
    this.#stallSeconds = stallSeconds;
  }

  /**
   * Takes the newest filters, or those of the store if that is refused.
   *
   * @returns {Promise<this>}
   * @throws {Refused} if there is nothing from which it may answer
   */
  async start() {
    // A store that cannot be read has forgotten the last catalogue, so it is refused.
    this.#memory = this.#store?.memory() ?? this.#memory;
    try {
      await this.refresh();
    } catch (refused) {
      if (!await this.#openKept()) {
        throw refused;
      }
    }
    return this;
  }

  async #openKept() {
    try {
      const memory = this.#store?.memory();
      if (memory === undefined) {
        return false;
      }
      requireNotRestored(memory, this.#memory);
      const catalog = await readCatalog(memory.catalog, this.#key);
      requireSupported(catalog);
      const times = timesOf(catalog);
      requireCurrent(times, microsAt(this.#clock()));
      const files = await this.#usable(memory.files, catalog.log);
      if (files.size !== memory.files.length || memory.files[memory.files.length - 1]?.position !== catalog.position) {
        return false;
      }
      this.#current = {view: viewOf(files), files, ...times};
      this.#memory = memory;
      return true;
    } catch {
      return false;
    }
  }

  /** The position of the ledger up to which the filters have everything. */
  get position() {
    return this.#current?.view.position ?? null;
  }

  /** The moment from which on nothing may be answered. */
  get expiresAt() {
    return this.#current === null ? null : new Date(this.#current.expiresAt / 1000);
  }

  /**
   * Takes the newest catalogue and the filters that it needs. Returns true if the position changed.
   *
   * @returns {Promise<boolean>}
   * @throws {Refused} if the catalogue or a file is refused; then everything stays as it was
   */
  refresh() {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refresh() {
    /** @type {import('./lock.js').Lock | undefined} */
    let held;
    try {
      held = await this.#store?.lock(this.#stallSeconds);
      const changed = await this.#update(held);
      this.lastRefused = null;
      return changed;
    } catch (failure) {
      this.lastRefused = refusedBy(failure);
      throw this.lastRefused;
    } finally {
      held?.release();
    }
  }

  async #update(held) {
    // Another process may have updated the store since.
    const before = this.#store?.memory() ?? this.#memory;
    try {
      requireNotRestored(before, this.#memory);
    } catch (refused) {
      // The newer state returns to the disk. The next update fetches the files that are missing there.
      if (held?.isHeld() === true) {
        this.#store?.remember(this.#memory, before.files);
      }
      throw refused;
    }
    const text = await this.#folder.catalog();
    const signed = await readCatalog(text, this.#key);
    requireSupported(signed);
    const times = timesOf(signed);
    requireCurrent(times, microsAt(this.#clock()));
    requireNotOlder(signed, this.#memory);
    requireNotOlder(signed, before);
    const catalog = filtersOf(signed);
    const usable = await this.#usable(before.files, catalog.log);
    const following = plan(catalog, before.files.slice(0, usable.size));
    const needed = isOutgrown(following, catalog) ? plan(catalog, []) : following;
    /** @type {Map<string, FilterFile>} */
    const files = new Map();
    for (const file of needed) {
      files.set(nameOf(file), usable.get(nameOf(file)) ?? await this.#fetch(file, catalog.log));
    }
    const view = viewOf(files);
    if (this.#isClosed) {
      throw new Refused('unreachable', 'the filter is closed');
    }
    if (held?.isHeld() === false) {
      throw new Refused('unreachable', 'another process took over the update of the copy');
    }
    const changed = catalog.position !== this.position;
    const memory = {position: catalog.position, issuedAt: catalog.issuedAt, files: needed, catalog: text};
    this.#store?.remember(memory, before.files);
    this.#memory = memory;
    this.#current = {view, files, ...times};
    return changed;
  }

  /** Returns the files that are here, up to the first one that is missing or damaged. */
  async #usable(files, log) {
    /** @type {Map<string, FilterFile>} */
    const usable = new Map();
    for (const file of files) {
      const name = nameOf(file);
      let opened = this.#current?.files.get(name) ?? null;
      if (this.#store !== null && (opened === null || !this.#store.has(file))) {
        opened = await this.#kept(file, log);
      }
      if (opened === null) {
        break;
      }
      usable.set(name, opened);
    }
    return usable;
  }

  async #kept(file, log) {
    try {
      const bytes = await this.#store?.read(file);
      return bytes === undefined || bytes === null ? null : await read(file, log, bytes);
    } catch {
      return null;
    }
  }

  async #fetch(file, log) {
    // It may be here, behind one that is not.
    const kept = await this.#kept(file, log);
    if (kept !== null) {
      return kept;
    }
    if (file.bytes > MOST_BYTES) {
      throw new Refused('unsupported', `${file.path} has ${file.bytes} bytes, which is too much for this client`);
    }
    const bytes = new Uint8Array(file.bytes);
    let length = 0;
    for await (const chunk of await this.#folder.read(file.path)) {
      if (length + chunk.length > file.bytes) {
        throw new Refused('truncated', `${file.path} is longer than ${file.bytes} bytes`);
      }
      bytes.set(chunk, length);
      length += chunk.length;
    }
    const opened = await read(file, log, bytes.subarray(0, length));
    await this.#store?.write(file, bytes);
    return opened;
  }

  /**
   * Refreshes again and again until it is closed. A refusal is in `lastRefused`.
   *
   * @param {{seconds?: number, onRefused?: (refused: Refused) => void}} [options]
   */
  follow({seconds = 60, onRefused} = {}) {
    if (this.#timer !== null || this.#isClosed) {
      return;
    }
    const next = () => {
      this.#timer = setTimeout(() => {
        this.refresh().catch((refused) => onRefused?.(refused)).catch(() => {}).finally(() => {
          if (!this.#isClosed) {
            next();
          }
        });
      }, seconds * 1000);
      // A browser has numbers in the place of timers.
      /** @type {{unref?: () => void}} */ (/** @type {unknown} */ (this.#timer)).unref?.();
    };
    next();
  }

  /** Ends it. Every later check is `unreachable`. */
  close() {
    this.#isClosed = true;
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
    }
    this.#current = null;
  }

  /**
   * Decides about one work. It never throws: what cannot be answered is not allowed.
   *
   * @param {import('./online.js').Work} work
   * @param {{uses?: string[]}} [options]
   */
  async check(work, options) {
    const [answer] = await this.checkAll([work], options);
    return answer;
  }

  /**
   * Decides about many works, in their order. It never throws. Each range is asked once.
   *
   * @param {import('./online.js').Work[]} works
   * @param {{uses?: string[]}} [options]
   */
  async checkAll(works, {uses = this.#uses} = {}) {
    const current = this.#current;
    const moment = microsAt(this.#clock());
    const questions = works.map((work) => this.#question(work, uses, current, moment));
    const open = () => questions.filter((one) => one.answer === null);
    if (current !== null && open().length > 0) {
      const {position} = current.view;
      /** @type {import('./online.js').Found} */
      const ranges = new Map();
      const decide = async (asked) => {
        await this.#ranges.add(asked.flatMap(({keys}) => keys), ranges, position);
        asked.forEach((one) => {
          one.answer = answered(one, ranges, uses, moment, position);
        });
      };
      const asked = open();
      await decide(asked);
      // An answer of the registry is newer than the filter. Meanwhile a reservation may have moved from a key that was
      // asked to one that the filter lacks. So a permission is confirmed with all keys that may reach the work.
      const permitted = asked.filter(({answer}) => permits(answer));
      await decide(permitted.map((one) => Object.assign(one, all(one.subjects))));
      const confirmed = permitted.filter(({answer}) => permits(answer));
      await this.#ranges.align(confirmed.map(({keys}) => keys.map(prefixOf)), ranges);
      confirmed.forEach((one) => {
        one.answer = answered(one, ranges, uses, moment, position, true);
      });
      this.#requireStillCurrent(asked, current);
    }
    return questions.map(({answer}) => answer ?? failed(new Error('it has no answer')));
  }

  /** Takes answers back if the filter has expired, or was closed, while the registry answered. */
  #requireStillCurrent(asked, current) {
    try {
      if (this.#isClosed) {
        throw new Refused('unreachable', 'the filter is closed');
      }
      requireCurrent(current, microsAt(this.#clock()));
    } catch (failure) {
      asked.forEach((one) => {
        one.answer = failed(failure, one.subjects[0].canonical);
      });
    }
  }

  /**
   * @typedef {{subjects: import('./subjects.js').Subject[], expansions: import('./subjects.js').Expansion[],
   *   keys: string[], answer: Readonly<import('./policy.js').Decision> | null}} Question
   * @returns {Question} with its answer, if the filter has it
   */
  #question(work, uses, current, moment) {
    /** @type {Question} */
    const question = {subjects: [], expansions: [], keys: [], answer: null};
    let subject = null;
    try {
      if (current === null || this.#isClosed) {
        throw new Refused('unreachable', 'the filter is closed');
      }
      requireCurrent(current, moment);
      usesOf(uses);
      question.subjects = readSubjects(work);
      subject = question.subjects[0].canonical;
      question.answer = knownAnswer(question.subjects, uses, moment);
      if (question.answer === null) {
        const {view} = current;
        question.expansions = question.subjects.filter((one) => view.mayReach(one)).map((one) => one.expand());
        question.keys = question.expansions.flatMap(
          ({entries}) => entries.filter(({words}) => view.has(words)).map(({key}) => key));
        if (question.keys.length === 0) {
          question.answer = judged(subject, [], uses, moment, view.position);
        }
      }
    } catch (failure) {
      question.answer = failed(failure, subject);
    }
    return question;
  }
}

/** Returns all expansions and keys of a work. */
function all(subjects) {
  const expansions = subjects.map((one) => one.expand());
  return {expansions, keys: expansions.flatMap(({entries}) => entries.map(({key}) => key))};
}

function answered({subjects, expansions, keys}, ranges, uses, moment, position, isOfOneMoment = false) {
  const [{canonical}] = subjects;
  try {
    const found = new Map(keys.map((key) => [key, rangeOf(ranges, prefixOf(key))]));
    if (isOfOneMoment) {
      requireOneMoment([...found.values()]);
    }
    return judged(canonical, statementsIn(expansions, found), uses, moment, position);
  } catch (failure) {
    return failed(failure, canonical);
  }
}

/** Checks the bytes of a file, and reads it. */
async function read(file, log, bytes) {
  if (bytes.length !== file.bytes) {
    throw new Refused('truncated', `${file.path} has ${bytes.length} bytes and should have ${file.bytes}`);
  }
  const hash = await sha256(bytes);
  if (!bytesOfHex(file.sha256).every((byte, i) => byte === hash[i])) {
    throw new Refused('tampered', `the SHA-256 of ${file.path} is another one`);
  }
  const opened = new FilterFile(bytes);
  if (opened.log !== log || opened.position !== file.position || opened.from !== (file.from ?? null)) {
    throw new Refused('mixed', `the header of ${file.path} names ${opened.log} and position ${opened.position}`);
  }
  return opened;
}

/** Lists of changes keep what was withdrawn, so a release takes their place when they are longer than one. */
function isOutgrown([release, ...changes], catalog) {
  return changes.reduce((length, {bytes}) => length + bytes, 0) > release.bytes
    && catalog.releases[0].position > release.position;
}

/** @param {Map<string, FilterFile>} files the oldest first */
function viewOf(files) {
  return new FilterView([...files.values()].reverse());
}

/**
 * Opens the filters of a registry, in memory.
 *
 * @param {object} options
 * @param {string} options.source the address of the snapshot
 * @param {string} options.key the key of the log, from somebody you trust
 * @param {import('./online.js').CallOptions | string} options.registry the registry that is asked for ranges
 * @param {string[]} [options.uses] the uses about which a check asks if it names none
 * @param {() => number} [options.clock] milliseconds since 1970
 * @param {number} [options.stallSeconds] the time without progress after which a server is given up
 * @returns {Promise<Filter>}
 * @throws {Refused} if there is nothing from which it may answer
 */
export async function openFilter({
  source, key, registry, uses = DEFAULT_USES, clock = Date.now, stallSeconds = STALL_SECONDS,
}) {
  const folder = new RemoteFolder(source, stallSeconds);
  return await new Filter({folder, store: null, key: await readKey(key), registry, uses, clock, stallSeconds}).start();
}
