/** The signed catalogue of a snapshot, and the refusals (docs/formats/snapshot.md). It works everywhere. */
import {canonicalJson, sha256Hex, verifiedLines} from './note.js';
import {RULES, microsOf} from './verdicts.js';
import {VERSION} from './version.js';

const FORMAT = 1;
const MOST_FILES = 16;
const MOST_FUTURE_MICROS = 600_000_000;

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

/** Returns a failure as a refusal: what has no other name is `unreachable`. */
export function refusedBy(failure) {
  if (failure instanceof Refused) {
    return failure;
  }
  const message = failure instanceof Error ? failure.message : String(failure);
  return new Refused(CODES.has(failure?.code) ? failure.code : 'unreachable', message, failure);
}

/** The refusals that a file may have. */
const CODES = new Set(['unsupported', 'truncated', 'tampered', 'mixed']);

export function nameOf(file) {
  return `${file.path} ${file.sha256}`;
}

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
export async function readCatalog(text, key) {
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
export function requireSupported(catalog) {
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

export function isCount(value) {
  return Number.isSafeInteger(value) && value >= 0;
}

export function isFile(file) {
  return isCount(file?.position) && isCount(file.bytes) && /^[0-9a-f]{64}$/.test(file.sha256)
    && /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(file.path);
}

/**
 * Returns a catalogue of the filters: with each file replaced by the filter beside it.
 *
 * @param {Catalog} catalog
 * @returns {Catalog}
 */
export function filtersOf(catalog) {
  const filters = (files) => files.flatMap(({filter, position, from}) => {
    if (filter === undefined) {
      return [];
    }
    const {path, bytes, sha256} = filter ?? {};
    const file = {position, ...(from === undefined ? {} : {from}), path, bytes, sha256};
    if (!isFile(file) || bytes === 0 || !/^[a-z]{1,20}\/[0-9-]{1,40}\.filter$/.test(path)) {
      throw new Refused('unsupported', 'the catalogue has a filter that cannot be read');
    }
    return [file];
  });
  const releases = filters(catalog.releases);
  if (releases.length === 0) {
    throw new Refused('unsupported', 'the catalogue has no filters');
  }
  return {...catalog, releases, deltas: filters(catalog.deltas)};
}

export function timesOf(catalog) {
  return {issuedAt: microsOf(catalog.issuedAt), expiresAt: microsOf(catalog.expiresAt)};
}

/** Refuses a catalogue that is older than one that was accepted before. */
export function requireNotOlder(catalog, remembered) {
  if (isOlder(catalog, remembered)) {
    throw new Refused('rolled-back', `the catalogue is of position ${catalog.position}, issued at ${catalog.issuedAt};`
      + ` one of position ${remembered.position}, issued at ${remembered.issuedAt}, was accepted before`);
  }
}

/**
 * Refuses a state that is older than what this process has accepted: somebody has restored an old copy. A state that is
 * missing is no older one. A person removed it, and the memory of this process counts.
 *
 * @param {{position: number, issuedAt: string | null}} state what the disk has
 * @param {{position: number, issuedAt: string | null}} remembered
 */
export function requireNotRestored(state, remembered) {
  if (state.issuedAt !== null && isOlder(state, remembered)) {
    throw new Refused('rolled-back', `the state on the disk is of position ${state.position}, issued at`
      + ` ${state.issuedAt}; this process has accepted position ${remembered.position}, issued at ${remembered.issuedAt}`);
  }
}

function isOlder({position, issuedAt}, remembered) {
  return position < remembered.position
    || (remembered.issuedAt !== null && microsOf(issuedAt) < microsOf(remembered.issuedAt));
}

/**
 * Refuses a catalogue that has expired, and one from the future: then one of the two clocks is wrong, and the catalogue
 * would be valid for too long.
 */
export function requireCurrent({issuedAt, expiresAt}, now) {
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
export function plan(catalog, held) {
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
