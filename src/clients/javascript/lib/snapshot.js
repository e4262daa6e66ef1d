/**
 * The snapshot: the registry's index as files, with which a crawler answers its questions alone
 * (docs/formats/snapshot.md). It needs a file system.
 */
import {createHash} from 'node:crypto';
import {
  closeSync, createReadStream, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync,
  statSync, writeFileSync,
} from 'node:fs';
import {open, rename, stat} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {lock} from './lock.js';
import {canonicalJson, readKey, sha256Hex, verifiedLines} from './note.js';
import {DEFAULT_USES, decision, failed, judged, readSubjects} from './policy.js';
import {SegmentError, View} from './segment.js';
import {openSegment} from './segment-file.js';
import {RULES, microsAt, microsOf, usesOf} from './verdicts.js';
import {VERSION} from './version.js';

const FORMAT = 1;
const MOST_CATALOG_BYTES = 4 << 20;
const MOST_FILES = 16;
const STALL_SECONDS = 60;
const MOST_FUTURE_MICROS = 600_000_000;
const CATALOG = 'catalog.json';
const LOCK = 'lock';
const UNFINISHED = '.unfinished';

/** The refusal of a catalogue or of its files. `code` is the name in docs/formats/snapshot.md. */
export class Refused extends Error {
  /**
   * @param {'bad-signature' | 'unsupported' | 'expired' | 'rolled-back' | 'truncated' | 'tampered' | 'mixed'
   *   | 'unreachable'} code
   * @param {string} message
   * @param {unknown} [cause]
   */
  constructor(code, message, cause) {
    super(message, cause === undefined ? undefined : {cause});
    this.name = 'Refused';
    this.code = code;
  }
}

/**
 * A file of the catalogue.
 *
 * @typedef {{position: number, from?: number, path: string, bytes: number, sha256: string}} File
 */

/**
 * A snapshot. It follows the registry, and goes on answering from what it has if a new catalogue is refused, until that
 * expires.
 */
export class Snapshot {
  /** @type {Folder} */ #folder;
  /** @type {string | null} */ #copy;
  /** @type {string | null} */ #statePath;
  /** @type {State} */ #state;
  /** The files whose hash was checked, by their names. @type {State['checked']} */ #checked = {};
  /** True after a file was found damaged; then the next update checks all hashes anew. */ #isDamaged = false;
  /** @type {number} */ #stallSeconds;
  /** @type {import('./note.js').VerifierKey} */ #key;
  #clock;
  #pages;
  #uses;
  /** @type {{view: View, files: File[], segments: Map<string, import('./segment.js').Segment>, issuedAt: number,
   *   expiresAt: number} | null} */
  #current = null;
  /** @type {Promise<boolean> | null} */ #refreshing = null;
  /** @type {NodeJS.Timeout | null} */ #timer = null;
  #isClosed = false;

  /** The refusal of the latest catalogue; null if it was accepted. @type {Refused | null} */
  lastRefused = null;

  /**
   * Opens a snapshot.
   *
   * @param {object} options
   * @param {string} options.source an address (http, https), or a folder of this machine
   * @param {string} options.key the key of the log, from somebody you trust
   * @param {string} [options.copy] a folder for a copy; needed for an address. Several processes may share it, if they
   *   share its state too
   * @param {string} [options.state] the file that remembers the last accepted catalogue; by default in the copy
   * @param {string[]} [options.uses] the uses about which a check asks if it names none
   * @param {() => number} [options.clock] milliseconds since 1970
   * @param {number} [options.pages] the number of pages of 4,096 bytes of each file that stay in memory
   * @param {number} [options.stallSeconds] the time without a byte after which a server does not answer; 60 by
   *   default. A snapshot waits for as long while another process updates the copy
   * @returns {Promise<Snapshot>}
   * @throws {Refused} if there is nothing from which it may answer
   */
  static async open({
    source, key, copy, state, uses = DEFAULT_USES, clock = Date.now, pages, stallSeconds = STALL_SECONDS,
  }) {
    const isRemote = /^https?:\/\//i.test(source);
    if (isRemote && copy === undefined) {
      throw new TypeError('a snapshot from an address needs a folder for its copy');
    }
    usesOf(uses);
    const snapshot = new Snapshot();
    snapshot.#folder = isRemote ? new RemoteFolder(source, stallSeconds) : new LocalFolder(source);
    snapshot.#copy = copy ?? null;
    snapshot.#statePath = state ?? (copy === undefined ? null : join(copy, 'state.json'));
    snapshot.#key = await readKey(key);
    snapshot.#clock = clock;
    snapshot.#pages = pages;
    snapshot.#uses = uses;
    snapshot.#stallSeconds = stallSeconds;
    snapshot.#state = readState(snapshot.#statePath, snapshot.#key.name);
    try {
      await snapshot.refresh();
    } catch (refused) {
      if (!await snapshot.#openKept()) {
        throw refused;
      }
    }
    return snapshot;
  }

  /** Opens the copy of the last accepted catalogue; returns false if there is none from which it may answer. */
  async #openKept() {
    if (this.#copy === null) {
      return false;
    }
    /** @type {Segments} */
    const opened = new Map();
    try {
      const state = this.#readState();
      const catalog = await readCatalog(state.catalog, this.#key);
      requireSupported(catalog);
      const times = timesOf(catalog);
      requireCurrent(times, microsAt(this.#clock()));
      const files = await this.#usable(state.files, catalog.log, opened);
      if (files[files.length - 1]?.position !== catalog.position) {
        throw new Refused('truncated', 'the files of the copy cannot be used');
      }
      this.#swap({view: viewOf(opened), files, segments: opened, ...times});
      this.#state = state;
      return true;
    } catch {
      closeAll(opened);
      return false;
    }
  }

  /** The position of the ledger up to which the snapshot has everything. */
  get position() {
    return this.#current?.view.position ?? null;
  }

  /** The moment from which on nothing may be answered. */
  get expiresAt() {
    return this.#current === null ? null : new Date(this.#current.expiresAt / 1000);
  }

  /** The number of files from which it answers. */
  get files() {
    return this.#current?.files.length ?? 0;
  }

  /**
   * Decides about one work. It never throws: what cannot be answered is not allowed.
   *
   * @param {string | string[]} subjects everything that is known of the work: its address, the hash of its file, its
   *   identifiers, the creators
   * @param {{uses?: string[], moment?: Date | number}} [options]
   */
  check(subjects, {uses = this.#uses, moment} = {}) {
    let subject = null;
    try {
      const current = this.#current;
      const now = this.#clock();
      if (current === null || this.#isClosed) {
        throw new Refused('unreachable', 'the snapshot is closed');
      }
      requireCurrent(current, microsAt(now));
      const read = readSubjects(subjects);
      subject = read[0].canonical;
      const statements = read.flatMap((one) => current.view.reaching(one));
      return judged(subject, statements, uses, microsAt(moment ?? now), current.view.position);
    } catch (failure) {
      this.#noticeDamage(failure);
      return failed(failure, subject);
    }
  }

  #noticeDamage(failure) {
    this.#isDamaged ||= failure instanceof SegmentError || failure instanceof RangeError;
  }

  /**
   * Takes the newest catalogue and what it needs. Returns true if the position changed.
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
    let held = null;
    try {
      held = await this.#lock();
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

  /** Takes the lock of the copy, or of the state; returns null if there is nothing that it would write. */
  async #lock() {
    if (this.#copy === null && this.#statePath === null) {
      return null;
    }
    const path = this.#copy === null ? `${this.#statePath}.${LOCK}` : join(this.#copy, LOCK);
    const held = await lock(path, this.#stallSeconds);
    if (held === null) {
      throw new Refused('unreachable', `another process updates the copy, and holds ${path}`);
    }
    return held;
  }

  /**
   * Refreshes again and again until the snapshot is closed. A refusal is in `lastRefused`.
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
      this.#timer.unref();
    };
    next();
  }

  /** Closes all files. Every later check is `unreachable`. */
  close() {
    this.#isClosed = true;
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
    }
    this.#current?.view.close();
    this.#current = null;
  }

  /** Checks every byte of the files against their checksums. */
  verify() {
    try {
      this.#current?.view.segments.forEach((segment) => segment.verify());
    } catch (failure) {
      this.#noticeDamage(failure);
      throw refusedBy(failure);
    }
  }

  /**
   * Takes the newest catalogue. Until the state is written in one step, the state before and its files stay as they were,
   * so that a crash at any moment leaves a copy that can be opened and updated.
   *
   * @param {import('./lock.js').Lock | null} held
   */
  async #update(held) {
    // Another process may have updated the copy since.
    const before = this.#readState();
    const text = await this.#folder.catalog();
    const catalog = await readCatalog(text, this.#key);
    requireSupported(catalog);
    const times = timesOf(catalog);
    requireCurrent(times, microsAt(this.#clock()));
    requireNotOlder(catalog, this.#state);
    requireNotOlder(catalog, before);
    this.#checked = this.#isDamaged ? {} : {...this.#checked, ...before.checked};
    /** @type {Segments} */
    const opened = new Map();
    try {
      const current = this.#copy === null ? this.#current : null;
      const files = plan(catalog, current?.files ?? await this.#usable(before.files, catalog.log, opened));
      /** @type {Segments} */
      const segments = new Map();
      for (const file of files) {
        segments.set(nameOf(file), await this.#segment(file, catalog.log, opened));
      }
      const view = viewOf(segments);
      if (this.#isClosed) {
        throw new Refused('unreachable', 'the snapshot is closed');
      }
      if (held?.isHeld() === false) {
        throw new Refused('unreachable', 'another process took over the update of the copy');
      }
      const changed = catalog.position !== (this.#current?.view.position ?? before.position);
      this.#remember({position: catalog.position, issuedAt: catalog.issuedAt, files, catalog: text});
      this.#swap({view, files, segments, ...times});
      this.#isDamaged = false;
      opened.forEach((segment, name) => segments.get(name) === segment || segment.close());
      // Another process may have read the state before, and open its files now. They stay until the next update.
      this.#removeUnused([...files, ...before.files]);
      return changed;
    } catch (failure) {
      closeAll(opened);
      throw refusedBy(failure);
    }
  }

  #swap(next) {
    const before = this.#current;
    if (this.#isClosed) {
      throw new Refused('unreachable', 'the snapshot is closed');
    }
    this.#current = next;
    for (const [name, segment] of before?.segments ?? []) {
      if (next.segments.get(name) !== segment) {
        segment.close();
      }
    }
  }

  /** Removes the files of the copy that are not needed any longer, also those that a crash left unfinished. */
  #removeUnused(files) {
    const needed = new Set(files.map((file) => this.#pathOf(file)));
    const remove = (folder, isUnused) => {
      for (const name of existsSync(folder) ? readdirSync(folder) : []) {
        if (isUnused(name)) {
          rmSync(join(folder, name), {force: true});
        }
      }
    };
    try {
      for (const folder of this.#copy === null ? [] : ['releases', 'deltas'].map((name) => join(this.#copy, name))) {
        remove(folder, (name) => !needed.has(join(folder, name)));
      }
      if (this.#copy !== null) {
        remove(this.#copy, (name) => name.startsWith(`${LOCK}.`) && name.endsWith(UNFINISHED));
      }
      if (this.#statePath !== null) {
        const state = `${basename(this.#statePath)}.`;
        remove(dirname(this.#statePath), (name) => name.startsWith(state) && name.endsWith(UNFINISHED));
      }
    } catch {
      // The update is done. The next one removes them.
    }
  }

  /** @returns {State} */
  #readState() {
    return this.#statePath === null ? this.#state : readState(this.#statePath, this.#key.name);
  }

  /** Writes the state. One file has all of it, so it is the old or the new one, whatever happens. */
  #remember({position, issuedAt, files, catalog}) {
    const names = new Set(files.map(nameOf));
    const checked = Object.fromEntries(Object.entries(this.#checked).filter(([name]) => names.has(name)));
    const state = {position, issuedAt, files, checked, catalog};
    if (this.#statePath !== null) {
      writeAtomically(this.#statePath, `${JSON.stringify({log: this.#key.name, ...state})}\n`);
    }
    this.#state = state;
    this.#checked = checked;
  }

  /**
   * Opens the files of a state. Returns them; or none if one of them is missing or damaged, so that a release is fetched.
   *
   * @param {File[]} files
   * @param {string} log
   * @param {Segments} opened gets the files that were opened
   * @returns {Promise<File[]>}
   */
  async #usable(files, log, opened) {
    try {
      for (const file of files) {
        const path = this.#pathOf(file);
        if (!this.#isChecked(file, path)) {
          await requireHash(file, path);
          await this.#setChecked(file, path);
        }
        await this.#segment(file, log, opened);
      }
      return files;
    } catch {
      // Their hashes are checked anew, and those that are still good are not fetched again.
      for (const file of files) {
        delete this.#checked[nameOf(file)];
      }
      return [];
    }
  }

  /**
   * Returns an open file.
   *
   * @param {File} file
   * @param {string} log
   * @param {Segments} opened gets the file if it was not open
   */
  async #segment(file, log, opened) {
    const name = nameOf(file);
    const known = this.#isDamaged ? undefined : this.#current?.segments.get(name);
    // A file that is open here may be missing in the copy by now; then the next process could not open it.
    const isKnown = known !== undefined && (this.#copy === null || this.#isChecked(file, this.#pathOf(file)));
    const segment = opened.get(name) ?? (isKnown ? known : await this.#open(file));
    if (segment.log !== log || segment.position !== file.position) {
      if (segment !== known) {
        segment.close();
        opened.delete(name);
      }
      throw new Refused('mixed', `the header of ${file.path} names ${segment.log} and position ${segment.position}`);
    }
    if (segment !== known) {
      opened.set(name, segment);
    }
    return segment;
  }

  /** Fetches a file if it is not here, and opens it. Its hash is checked once. */
  async #open(file) {
    const path = this.#pathOf(file);
    if (!this.#isChecked(file, path)) {
      if (this.#copy === null) {
        await requireHash(file, path);
      } else if (!await hasHash(file, path)) {
        await this.#fetch(file, path);
      }
      await this.#setChecked(file, path);
    }
    return openSegment(path, this.#pages === undefined ? {} : {pages: this.#pages});
  }

  /** Returns the place of a file. In a copy its name has its hash, so that no other file of that path replaces it. */
  #pathOf(file) {
    return this.#copy === null
      ? join(this.#folder.place, file.path)
      : join(this.#copy, `${file.path}.${file.sha256.slice(0, 16)}`);
  }

  async #setChecked(file, path) {
    const {mtimeMs} = await stat(path);
    this.#checked[nameOf(file)] = {mtimeMs};
  }

  #isChecked(file, path) {
    const checked = this.#checked[nameOf(file)];
    if (checked === undefined || !existsSync(path)) {
      return false;
    }
    const {size, mtimeMs} = statSync(path);
    return size === file.bytes && mtimeMs === checked.mtimeMs;
  }

  async #fetch(file, path) {
    mkdirSync(dirname(path), {recursive: true});
    const unfinished = `${path}.${process.pid}${UNFINISHED}`;
    const hash = createHash('sha256');
    let length = 0;
    const out = await open(unfinished, 'w');
    try {
      for await (const chunk of await this.#folder.read(file.path)) {
        length += chunk.length;
        if (length > file.bytes) {
          throw new Refused('truncated', `${file.path} is longer than ${file.bytes} bytes`);
        }
        hash.update(chunk);
        await out.writeFile(chunk);
      }
      if (length !== file.bytes) {
        throw new Refused('truncated', `${file.path} has ${length} bytes and should have ${file.bytes}`);
      }
      if (hash.digest('hex') !== file.sha256) {
        throw new Refused('tampered', `the SHA-256 of ${file.path} is another one`);
      }
      await out.sync();
      await out.close();
      await rename(unfinished, path);
      syncFolder(dirname(path));
    } catch (failure) {
      await out.close().catch(() => {});
      rmSync(unfinished, {force: true});
      throw refusedBy(failure);
    }
  }
}

/**
 * Opens a snapshot; see {@link Snapshot.open}.
 *
 * @param {Parameters<typeof Snapshot.open>[0]} options
 */
export function openSnapshot(options) {
  return Snapshot.open(options);
}

function nameOf(file) {
  return `${file.path} ${file.sha256}`;
}

/**
 * Open files by their names, the oldest first.
 *
 * @typedef {Map<string, import('./segment.js').Segment>} Segments
 */

/** @param {Segments} segments */
function viewOf(segments) {
  return new View([...segments.values()].reverse());
}

/** @param {Segments} segments */
function closeAll(segments) {
  segments.forEach((segment) => segment.close());
}

/** Returns a failure as a refusal: what has no other name is `unreachable`. */
function refusedBy(failure) {
  if (failure instanceof Refused) {
    return failure;
  }
  const message = failure instanceof Error ? failure.message : String(failure);
  return new Refused(failure instanceof SegmentError ? failure.code : 'unreachable', message, failure);
}

// Folders

/**
 * The place of the files.
 *
 * @typedef {object} Folder
 * @property {string} place
 * @property {() => Promise<string>} catalog
 * @property {(path: string) => Promise<AsyncIterable<Uint8Array>>} read
 */

class LocalFolder {
  constructor(place) {
    this.place = place.startsWith('file:') ? fileURLToPath(place) : place;
  }

  async catalog() {
    try {
      return readFileSync(join(this.place, CATALOG), 'utf8');
    } catch (failure) {
      throw new Refused('unreachable', `the folder has no readable ${CATALOG}`, failure);
    }
  }

  async read(path) {
    try {
      await stat(join(this.place, path));
    } catch (failure) {
      throw new Refused('truncated', `${path} is missing`, failure);
    }
    return createReadStream(join(this.place, path));
  }
}

class RemoteFolder {
  #stallSeconds;

  constructor(address, stallSeconds) {
    this.place = address.endsWith('/') ? address : `${address}/`;
    this.#stallSeconds = stallSeconds;
  }

  async catalog() {
    const chunks = [];
    let length = 0;
    for await (const chunk of await this.#get(CATALOG, 'unreachable')) {
      length += chunk.length;
      if (length > MOST_CATALOG_BYTES) {
        throw new Refused('unreachable', 'the catalogue is too long');
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  read(path) {
    return this.#get(path, 'truncated');
  }

  /** Yields the bytes of a file. A server that sends nothing for too long does not answer. */
  async #get(path, missing) {
    const stalled = new AbortController();
    const seconds = this.#stallSeconds;
    const answer = await within(seconds, stalled, async () => fetch(new URL(path, this.place), {
      signal: stalled.signal, cache: 'no-store', headers: {'user-agent': `askfirst-javascript/${VERSION}`},
    }));
    if (answer.status !== 200 || answer.body === null) {
      stalled.abort();
      throw answer.status === 404 || answer.status === 410
        ? new Refused(missing, `${path} is missing`)
        : new Refused('unreachable', `the folder answers ${answer.status}`);
    }
    const reader = answer.body.getReader();
    return (async function* chunks() {
      try {
        for (;;) {
          const {done, value} = await within(seconds, stalled, () => reader.read());
          if (done) {
            return;
          }
          yield value;
        }
      } finally {
        stalled.abort();
      }
    })();
  }
}

/**
 * Waits for a part of an answer. It does not rely on the connection to notice that it was aborted.
 *
 * @template T
 * @param {number} seconds
 * @param {AbortController} stalled is aborted if the part does not come
 * @param {() => Promise<T>} receive
 * @returns {Promise<T>}
 */
async function within(seconds, stalled, receive) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const tooLate = new Promise((_, refuse) => {
    timer = setTimeout(() => {
      refuse(new Refused('unreachable', `the folder has sent nothing for ${seconds} seconds`));
      stalled.abort();
    }, seconds * 1000);
  });
  try {
    return await /** @type {Promise<T>} */ (Promise.race([receive(), tooLate]));
  } catch (failure) {
    throw failure instanceof Refused
      ? failure
      : new Refused('unreachable', `the folder does not answer: ${failure}`, failure);
  } finally {
    clearTimeout(timer);
  }
}

async function hasHash(file, path) {
  try {
    await requireHash(file, path);
    return true;
  } catch {
    return false;
  }
}

async function requireHash(file, path) {
  let size;
  try {
    ({size} = await stat(path));
  } catch (failure) {
    throw new Refused('truncated', `${file.path} is missing`, failure);
  }
  if (size !== file.bytes) {
    throw new Refused('truncated', `${file.path} has ${size} bytes and should have ${file.bytes}`);
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk);
  }
  if (hash.digest('hex') !== file.sha256) {
    throw new Refused('tampered', `the SHA-256 of ${file.path} is another one`);
  }
}

// The catalogue

/**
 * @typedef {object} Catalog
 * @property {number} format
 * @property {string} log
 * @property {number} position
 * @property {string} issuedAt
 * @property {string} expiresAt
 * @property {string} minimumClient
 * @property {number} rules
 * @property {File[]} releases
 * @property {File[]} deltas
 */

/**
 * Reads a catalogue that the log has signed.
 *
 * @param {string} text
 * @param {import('./note.js').VerifierKey} key
 * @returns {Promise<Catalog>}
 */
async function readCatalog(text, key) {
  let document;
  try {
    document = JSON.parse(text);
  } catch (failure) {
    throw new Refused('bad-signature', 'the catalogue is not JSON', failure);
  }
  const {note, catalog} = document ?? {};
  const lines = typeof note === 'string' ? await verifiedLines(note, key) : null;
  if (lines === null || typeof catalog !== 'object' || catalog === null) {
    throw new Refused('bad-signature', 'the catalogue has no valid signature by the key of the log');
  }
  const [log, position, root, signed, ...more] = lines;
  if (more.length > 0 || log !== key.name || log !== catalog.log || position !== String(catalog.position)
    || root === undefined || signed !== `catalog ${await sha256Hex(canonicalJson(catalog))}`) {
    throw new Refused('bad-signature', 'the signed note does not name this catalogue');
  }
  return catalog;
}

/** Refuses a catalogue that this client does not understand, or that is made for a newer one. */
function requireSupported(catalog) {
  if (catalog.format !== FORMAT) {
    throw new Refused('unsupported', `the format ${catalog.format} is not known`);
  }
  if (catalog.rules !== RULES) {
    throw new Refused('unsupported', `the rules ${catalog.rules} are not known`);
  }
  if (!/^\d+(?:\.\d+)*$/.test(catalog.minimumClient) || isNewer(catalog.minimumClient, VERSION)) {
    throw new Refused('unsupported', `the catalogue needs a client of version ${catalog.minimumClient}`);
  }
  const isUnderstood = isCount(catalog.position)
    && Array.isArray(catalog.releases) && catalog.releases.length > 0 && catalog.releases.every(isFile)
    && Array.isArray(catalog.deltas) && catalog.deltas.every((file) => isFile(file) && isCount(file.from));
  try {
    microsOf(catalog.issuedAt);
    microsOf(catalog.expiresAt);
  } catch (failure) {
    throw new Refused('unsupported', 'the times of the catalogue cannot be read', failure);
  }
  if (!isUnderstood) {
    throw new Refused('unsupported', 'the catalogue has members that cannot be read');
  }
}

function isCount(value) {
  return Number.isSafeInteger(value) && value >= 0;
}

function isFile(file) {
  return isCount(file?.position) && isCount(file.bytes) && /^[0-9a-f]{64}$/.test(file.sha256)
    && /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(file.path);
}

function timesOf(catalog) {
  return {issuedAt: microsOf(catalog.issuedAt), expiresAt: microsOf(catalog.expiresAt)};
}

/** Refuses a catalogue that is older than one that was accepted before. */
function requireNotOlder(catalog, remembered) {
  if (catalog.position < remembered.position
    || (remembered.issuedAt !== null && microsOf(catalog.issuedAt) < microsOf(remembered.issuedAt))) {
    throw new Refused('rolled-back', `the catalogue is of position ${catalog.position}, issued at ${catalog.issuedAt};`
      + ` one of position ${remembered.position}, issued at ${remembered.issuedAt}, was accepted before`);
  }
}

/**
 * Refuses a catalogue that has expired, and one from the future: then one of the two clocks is wrong, and the catalogue
 * would be valid for too long.
 */
function requireCurrent({issuedAt, expiresAt}, now) {
  if (!(now < expiresAt)) {
    throw new Refused('expired', `the catalogue expired at ${timeOf(expiresAt)}`);
  }
  if (!(issuedAt <= now + MOST_FUTURE_MICROS)) {
    throw new Refused('expired', `the catalogue is of ${timeOf(issuedAt)}, which is in the future`);
  }
}

function timeOf(micros) {
  return new Date(micros / 1000).toISOString();
}

function isNewer(version, than) {
  const one = version.split('.').map(Number);
  const other = than.split('.').map(Number);
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    if ((one[i] ?? 0) !== (other[i] ?? 0)) {
      return (one[i] ?? 0) > (other[i] ?? 0);
    }
  }
  return false;
}

/**
 * Returns the files that together equal the position of the catalogue, the oldest first. It continues from the files that
 * are here only if the catalogue lists the last of them with the same SHA-256. Otherwise the registry began anew, and the
 * changes have another base.
 *
 * @param {Catalog} catalog
 * @param {File[]} held the files that are here
 * @returns {File[]}
 */
function plan(catalog, held) {
  const last = held[held.length - 1];
  const isListed = last !== undefined
    && [...catalog.releases, ...catalog.deltas].some((file) => nameOf(file) === nameOf(last));
  const extended = isListed ? extend(held, catalog) : null;
  if (extended !== null && extended.length <= MOST_FILES) {
    return extended;
  }
  const bases = catalog.releases.filter((release) => held[0] !== undefined && nameOf(release) === nameOf(held[0]));
  const fresh = [...bases, catalog.releases[0]].map((release) => extend([release], catalog));
  const found = fresh.find((files) => files !== null && files.length <= MOST_FILES)
    ?? fresh.find((files) => files !== null) ?? extended;
  if (found === null || found === undefined) {
    throw new Refused('mixed', `no files of the catalogue lead to its position ${catalog.position}`);
  }
  return found;
}

function extend(files, catalog) {
  const extended = [...files];
  let position = files[files.length - 1].position;
  while (position < catalog.position) {
    const next = catalog.deltas
      .filter((delta) => delta.from === position && delta.position > position && delta.position <= catalog.position)
      .reduce((best, delta) => (best === null || delta.position > best.position ? delta : best), null);
    if (next === null) {
      return null;
    }
    extended.push(next);
    ({position} = next);
  }
  return position === catalog.position ? extended : null;
}

// The memory of the last accepted catalogue

/**
 * @typedef {object} State
 * @property {number} position
 * @property {string | null} issuedAt
 * @property {File[]} files the files that equal that position, the oldest first
 * @property {Record<string, {mtimeMs: number}>} checked the files whose hash was checked, by their names
 * @property {string} catalog the text of the catalogue
 */

/** @returns {State} */
function readState(path, log) {
  if (path === null || !existsSync(path)) {
    return {position: 0, issuedAt: null, files: [], checked: {}, catalog: ''};
  }
  let state;
  try {
    state = JSON.parse(readFileSync(path, 'utf8'));
    microsOf(state.issuedAt);
    if (!isCount(state.position)) {
      throw new TypeError('it has no position');
    }
  } catch (failure) {
    // Without memory, a rollback would not be noticed. Only a person may decide to forget: by removing the file.
    throw new Refused('unreachable', `the state in ${path} cannot be read`, failure);
  }
  if (state.log !== log) {
    throw new Refused('mixed', `the state in ${path} is that of the log ${state.log}`);
  }
  // Everything else can be fetched again.
  return {
    position: state.position,
    issuedAt: state.issuedAt,
    files: Array.isArray(state.files) && state.files.every(isFile) ? state.files : [],
    checked: typeof state.checked === 'object' && state.checked !== null ? state.checked : {},
    catalog: typeof state.catalog === 'string' ? state.catalog : '',
  };
}

/** Writes a file so that after a crash it has either the old or the new text. */
function writeAtomically(path, text) {
  mkdirSync(dirname(path), {recursive: true});
  const unfinished = `${path}.${process.pid}${UNFINISHED}`;
  const file = openSync(unfinished, 'w');
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, path);
  syncFolder(dirname(path));
}

/** Makes the names in a folder durable, where the system can do that. */
function syncFolder(path) {
  let folder = -1;
  try {
    folder = openSync(path, 'r');
    fsyncSync(folder);
  } catch {
    // Then a crash may bring the old name back, which has the old content.
  } finally {
    if (folder >= 0) {
      closeSync(folder);
    }
  }
}
