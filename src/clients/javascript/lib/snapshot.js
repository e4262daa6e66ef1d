/**
 * The snapshot: the registry's index as files, with which a crawler answers its questions alone
 * (docs/formats/snapshot.md). It needs a file system.
 */
import {createHash} from 'node:crypto';
import {createReadStream, existsSync, mkdirSync, readdirSync, rmSync, statSync} from 'node:fs';
import {open, rename, stat} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {
  Refused, nameOf, plan, readCatalog, refusedBy, requireCurrent, requireNotOlder, requireNotRestored,
  requireSupported, timesOf,
} from './catalog.js';
import {lock} from './lock.js';
import {readKey} from './note.js';
import {DEFAULT_USES, failed, judged, knownAnswer, readSubjects} from './policy.js';
import {SegmentError, View} from './segment.js';
import {openSegment} from './segment-file.js';
import {UNFINISHED, folderOf, isRemote, readState, syncFolder, writeAtomically} from './state.js';
import {microsAt, usesOf} from './verdicts.js';

export {Refused};

const STALL_SECONDS = 60;
const LOCK = 'lock';

/**
 * @typedef {import('./catalog.js').File} File
 * @typedef {import('./state.js').State} State
 */

/**
 * A snapshot. It follows the registry, and goes on answering from what it has if a new catalogue is refused, until that
 * expires.
 */
export class Snapshot {
  /** @type {import('./folder.js').Folder} */ #folder;
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
    if (isRemote(source) && copy === undefined) {
      throw new TypeError('a snapshot from an address needs a folder for its copy');
    }
    usesOf(uses);
    const snapshot = new Snapshot();
    snapshot.#folder = folderOf(source, stallSeconds);
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
      requireNotRestored(state, this.#state);
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
      const known = knownAnswer(read, uses, microsAt(moment ?? now));
      if (known !== null) {
        return known;
      }
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
    try {
      requireNotRestored(before, this.#state);
    } catch (refused) {
      // The newer state returns to the disk. The next update fetches the files that are missing there.
      if (held?.isHeld() === true) {
        this.#remember(this.#state);
      }
      throw refused;
    }
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
