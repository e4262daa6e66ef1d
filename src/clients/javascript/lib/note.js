/** Checkpoints as signed notes, and the keys that verify them (docs/formats/log.md). They need Web Cryptography. */

const ED25519 = 1;

/**
 * @typedef {{name: string, id: string, key: CryptoKey}} VerifierKey
 */

/**
 * Reads the key of a log: `name+id+base64`.
 *
 * @param {string} text
 * @returns {Promise<VerifierKey>}
 */
export async function readKey(text) {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text.trim());
  const bytes = match === null ? null : base64(match[3]);
  if (match === null || bytes === null || bytes.length !== 33 || bytes[0] !== ED25519) {
    throw new TypeError('the key of the log is not of the form name+id+base64');
  }
  const [, name, id] = match;
  const hash = await sha256(concatenate(new TextEncoder().encode(`${name}\n`), bytes));
  if (hex(hash.subarray(0, 4)) !== id) {
    throw new TypeError('the id of the key of the log does not fit the key');
  }
  const key = await globalThis.crypto.subtle.importKey('raw', bytes.slice(1), {name: 'Ed25519'}, false, ['verify']);
  return {name, id, key};
}

/**
 * Returns the lines of a note that has a valid signature by a key; null if it has none.
 *
 * @param {string} note
 * @param {VerifierKey} key
 */
export async function verifiedLines(note, key) {
  const end = note.lastIndexOf('\n\n');
  if (end < 0) {
    return null;
  }
  const text = note.slice(0, end + 1);
  for (const line of note.slice(end + 2).split('\n')) {
    const match = /^\u2014 (\S+) ([A-Za-z0-9+/]+=*)$/.exec(line);
    const bytes = match === null || match[1] !== key.name ? null : base64(match[2]);
    if (bytes !== null && bytes.length === 68 && hex(bytes.subarray(0, 4)) === key.id
      && await globalThis.crypto.subtle.verify(
        {name: 'Ed25519'}, key.key, bytes.slice(4), new TextEncoder().encode(text))) {
      return text.slice(0, -1).split('\n');
    }
  }
  return null;
}

/**
 * Returns a value in canonical JSON (RFC 8785).
 *
 * @param {unknown} value
 * @returns {string}
 */
export function canonicalJson(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonicalJson).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** @param {string} text */
export async function sha256Hex(text) {
  return hex(await sha256(new TextEncoder().encode(text)));
}

/** @param {Uint8Array} bytes */
export async function sha256(bytes) {
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes));
}

function concatenate(one, other) {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

function base64(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Returns the bytes of hexadecimal digits.
 *
 * @param {string} text
 */
export function bytesOfHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}
