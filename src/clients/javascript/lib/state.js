/** The memory of a copy, as a file, and folders of this machine. It needs a file system. */
import {
  closeSync, createReadStream, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync,
} from 'node:fs';
import {stat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Refused, isCount, isFile} from './catalog.js';
import {CATALOG, RemoteFolder} from './folder.js';
import {VERSION} from './version.js';
import {microsOf} from './verdicts.js';

export const UNFINISHED = '.unfinished';

/**
 * Returns a folder of this machine, or one of a web server.
 *
 * @param {string} source
 * @param {number} stallSeconds
 * @returns {import('./folder.js').Folder}
 */
export function folderOf(source, stallSeconds) {
  return isRemote(source)
    ? new RemoteFolder(source, stallSeconds, {'user-agent': `askfirst-javascript/${VERSION}`})
    : new LocalFolder(source);
}

/** @param {string} source */
export function isRemote(source) {
  return /^https?:\/\//i.test(source);
}

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

/**
 * @typedef {object} State
 * @property {number} position
 * @property {string | null} issuedAt
 * @property {File[]} files the files that equal that position, the oldest first
 * @property {Record<string, {mtimeMs: number}>} checked the files whose hash was checked, by their names
 * @property {string} catalog the text of the catalogue
 */

/** @returns {State} */
export function readState(path, log) {
  if (path === null || !existsSync(path)) {
    return {position: 0, issuedAt: null, files: [], checked: {}, catalog: ''};
  }
  let state;
  try {
    state = JSON.parse(readFileSync(path, 'utf8'));
  } catch (failure) {
    throw unreadable(path, failure);
  }
  if (typeof state?.catalog === 'string' && Array.isArray(state.files) && state.log === undefined) {
    // Those in Java and Python do not write the log.
    throw new Refused('unsupported', `another client of Ask First made the copy of ${path}, perhaps that in Java or`
      + ' Python: give each client a folder of its own');
  }
  try {
    microsOf(state.issuedAt);
    if (!isCount(state.position)) {
      throw new TypeError('it has no position');
    }
  } catch (failure) {
    throw unreadable(path, failure);
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

/** Without memory, a rollback would not be noticed. Only a person may decide to forget: by removing the file. */
function unreadable(path, failure) {
  return new Refused('unreachable', `the state in ${path} cannot be read`, failure);
}

/** Writes a file so that after a crash it has either the old or the new text. */
export function writeAtomically(path, text) {
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
export function syncFolder(path) {
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
