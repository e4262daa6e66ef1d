/** Filters that are kept in a folder. It needs a file system. */
import {mkdirSync, readFileSync, readdirSync, rmSync, statSync} from 'node:fs';
import {open, rename} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {Refused} from './catalog.js';
import {Filter} from './filter.js';
import {lock} from './lock.js';
import {readKey} from './note.js';
import {DEFAULT_USES} from './policy.js';
import {UNFINISHED, folderOf, readState, syncFolder, writeAtomically} from './state.js';

const STALL_SECONDS = 60;
const PARTS = ['releases', 'deltas'];

/**
 * A folder of this machine as a store. Several processes may share it.
 *
 * @typedef {import('./filter.js').Store} Store
 * @implements {Store}
 */
class FolderStore {
  #place;
  #log;

  constructor(place, log) {
    this.#place = place;
    this.#log = log;
  }

  get #statePath() {
    return join(this.#place, 'state.json');
  }

  async lock(seconds) {
    const path = join(this.#place, 'lock');
    const held = await lock(path, seconds);
    if (held === null) {
      throw new Refused('unreachable', `another process updates the copy, and holds ${path}`);
    }
    return held;
  }

  memory() {
    return readState(this.#statePath, this.#log);
  }

  /** In a copy the name of a file has its hash, so that no other file of that path replaces it. */
  #pathOf({path, sha256}) {
    return join(this.#place, `${path}.${sha256.slice(0, 16)}`);
  }

  has(file) {
    return statSync(this.#pathOf(file), {throwIfNoEntry: false})?.size === file.bytes;
  }

  async read(file) {
    return this.has(file) ? readFileSync(this.#pathOf(file)) : null;
  }

  async write(file, bytes) {
    const path = this.#pathOf(file);
    const unfinished = `${path}.${process.pid}${UNFINISHED}`;
    mkdirSync(dirname(path), {recursive: true});
    const out = await open(unfinished, 'w');
    try {
      await out.writeFile(bytes);
      await out.sync();
    } finally {
      await out.close();
    }
    await rename(unfinished, path);
    syncFolder(dirname(path));
  }

  remember(memory, before) {
    writeAtomically(this.#statePath, `${JSON.stringify({log: this.#log, ...memory})}\n`);
    // Another process may have read the state before, and open its files now. They stay until the next update.
    const needed = new Set([...memory.files, ...before].map((file) => this.#pathOf(file)));
    try {
      for (const part of PARTS) {
        const folder = join(this.#place, part);
        for (const name of statSync(folder, {throwIfNoEntry: false}) === undefined ? [] : readdirSync(folder)) {
          if (!needed.has(join(folder, name))) {
            rmSync(join(folder, name), {force: true});
          }
        }
      }
      for (const name of readdirSync(this.#place).filter((one) => one.endsWith(UNFINISHED))) {
        rmSync(join(this.#place, name), {force: true});
      }
    } catch {
      // The update is done. The next one removes them.
    }
  }
}

/**
 * Opens the filters of a registry.
 *
 * @param {object} options
 * @param {string} options.source the address (http, https) or the folder of the snapshot
 * @param {string} options.key the key of the log, from somebody you trust
 * @param {import('./online.js').CallOptions | string} options.registry the registry that is asked for ranges
 * @param {string} [options.copy] a folder for a copy, which no snapshot uses. Without it the filters are in memory
 * @param {string[]} [options.uses] the uses about which a check asks if it names none
 * @param {() => number} [options.clock] milliseconds since 1970
 * @param {number} [options.stallSeconds] the time without progress after which a server is given up; 60 by default. A
 *   filter waits for as long while another process updates the copy
 * @returns {Promise<Filter>}
 * @throws {Refused} if there is nothing from which it may answer
 */
export async function openFilter({
  source, key, registry, copy, uses = DEFAULT_USES, clock = Date.now, stallSeconds = STALL_SECONDS,
}) {
  const verifier = await readKey(key);
  const folder = folderOf(source, stallSeconds);
  const store = copy === undefined ? null : new FolderStore(copy, verifier.name);
  return await new Filter({folder, store, key: verifier, registry, uses, clock, stallSeconds}).start();
}
