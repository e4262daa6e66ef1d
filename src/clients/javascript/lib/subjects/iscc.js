/** ISCC (ISO 24138): a unit, or a composite of units (docs/formats/subjects.md, section 6.1). */
import {isHex, plain, quote, refusal, without} from './text.js';

const META = 0;
const SEMANTIC = 1;
const CONTENT = 2;
const DATA = 3;
const INSTANCE = 4;
const COMPOSITE = 5;
const ID = 6;
const FLAKE = 7;

const SUBTYPE_SUM = 5;
const SUBTYPE_NONE = 6;
const SUBTYPE_WIDE = 7;
const HEAD_BYTES = 8;
const WIDE_BYTES = 16;
const EMPTY_TEXT = '25f0bab671f506e1';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE32_HEX = '0123456789ABCDEFGHIJKLMNOPQRSTUV';
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const MAX_CHARACTERS = 128;

/** @typedef {{mainType: number, subType: number, version: number, length: number, body: number[]}} Iscc */

/**
 * Reads any spelling.
 *
 * @param {string} untrusted
 * @returns {Iscc}
 */
export function parseIscc(untrusted) {
  const text = without(plain(untrusted), 'urn:iscc', 'iscc');
  const bytes = multibase(text);
  if (bytes !== null) {
    return decode(bytes, text);
  }
  const units = [];
  let joined = '';
  for (const part of text.replaceAll(' ', '-').split('-')) {
    joined += part.toUpperCase();
    // Hyphens separate units, or only groups of characters: a unit ends where the code is complete.
    if (isComplete(joined)) {
      units.push(decode(fromBase32(joined), text));
      joined = '';
    }
  }
  if (units.length === 0 || joined !== '') {
    return decode(fromBase32(text.replaceAll('-', '').replaceAll(' ', '')), text);
  }
  return units.length === 1 ? units[0] : compose(units, text);
}

function isComplete(base32) {
  if (base32.length < 10) {
    return false;
  }
  const bytes = fromBase32(base32);
  const header = readHeader(bytes);
  return header !== null && header.bytes + bodyBytes(header) === bytes.length;
}

function decode(bytes, text) {
  const header = readHeader(bytes);
  if (header === null) {
    throw refusal('wrong-shape', `${quote(text)} is not an ISCC: its header is not known`);
  }
  if (header.bytes + bodyBytes(header) !== bytes.length) {
    throw refusal('wrong-shape', `the header of ISCC ${quote(text)} announces ${bodyBytes(header) * 8} bits, and the code`
      + ` has ${(bytes.length - header.bytes) * 8}`);
  }
  const {mainType, subType, version, length} = header;
  return {mainType, subType, version, length, body: bytes.slice(header.bytes)};
}

function compose(parts, text) {
  const units = new Map();
  for (const unit of parts.flatMap(unitsOf)) {
    if (unit.mainType >= COMPOSITE || unit.body.length < HEAD_BYTES || units.has(unit.mainType)) {
      throw refusal('wrong-shape', `the units of ${quote(text)} do not form an ISCC-CODE`);
    }
    units.set(unit.mainType, unit);
  }
  if (!units.has(DATA) || !units.has(INSTANCE)) {
    throw refusal('wrong-shape',
      `an ISCC-CODE needs a data unit and an instance unit; ${quote(text)} does not have both`);
  }
  const flags = (units.has(META) ? 4 : 0) | (units.has(SEMANTIC) ? 2 : 0) | (units.has(CONTENT) ? 1 : 0);
  const media = new Set([SEMANTIC, CONTENT].filter((type) => units.has(type)).map((type) => units.get(type).subType));
  if (media.size > 1) {
    throw refusal('wrong-shape', 'the semantic unit and the content unit describe different media');
  }
  const subType = media.size === 1 ? [...media][0] : flags === 0 ? SUBTYPE_SUM : SUBTYPE_NONE;
  const body = [META, SEMANTIC, CONTENT, DATA, INSTANCE]
    .filter((type) => units.has(type))
    .flatMap((type) => units.get(type).body.slice(0, HEAD_BYTES));
  return {mainType: COMPOSITE, subType, version: 0, length: flags, body};
}

/**
 * Returns the text form without "ISCC:".
 *
 * @param {Iscc} iscc
 */
export function canonicalIscc(iscc) {
  const nibbles = [];
  for (const field of [iscc.mainType, iscc.subType, iscc.version, iscc.length]) {
    if (field >= 8) {
      nibbles.push(8 | (field - 8) >> 4, (field - 8) & 0xF);
    } else {
      nibbles.push(field);
    }
  }
  if (nibbles.length % 2 === 1) {
    nibbles.push(0);
  }
  const header = [];
  for (let i = 0; i < nibbles.length; i += 2) {
    header.push(nibbles[i] << 4 | nibbles[i + 1]);
  }
  return toBase32([...header, ...iscc.body]);
}

function unitsOf(iscc) {
  if (iscc.mainType !== COMPOSITE) {
    return [iscc];
  }
  const unit = (mainType, subType, body) => ({mainType, subType, version: 0, length: body.length / 4 - 1, body});
  if (iscc.subType === SUBTYPE_WIDE) {
    return [
      unit(DATA, 0, iscc.body.slice(0, WIDE_BYTES)),
      unit(INSTANCE, 0, iscc.body.slice(WIDE_BYTES, 2 * WIDE_BYTES)),
    ];
  }
  const types = [];
  if ((iscc.length & 4) !== 0) {
    types.push([META, 0]);
  }
  if ((iscc.length & 2) !== 0) {
    types.push([SEMANTIC, iscc.subType]);
  }
  if ((iscc.length & 1) !== 0) {
    types.push([CONTENT, iscc.subType]);
  }
  types.push([DATA, 0], [INSTANCE, 0]);
  return types.map(([type, subType], i) => unit(type, subType, iscc.body.slice(i * HEAD_BYTES, (i + 1) * HEAD_BYTES)));
}

/**
 * Returns the canonical text of the first 64 bits of each unit that identifies content.
 *
 * @param {Iscc} iscc
 */
export function headsOf(iscc) {
  return unitsOf(iscc).filter(identifiesContent).map((unit) =>
    canonicalIscc(unit.body.length === HEAD_BYTES ? unit : {...unit, length: 1, body: unit.body.slice(0, HEAD_BYTES)}));
}

function identifiesContent(unit) {
  if (unit.body.length < HEAD_BYTES) {
    return false;
  }
  return unit.mainType === CONTENT ? !isOfNothing(unit.body) : unit.mainType === DATA || unit.mainType === INSTANCE;
}

/** Returns true for the content unit of silence, of one colour or of no text, which unrelated works share. */
function isOfNothing(body) {
  const head = body.slice(0, HEAD_BYTES);
  const ones = head.reduce((sum, byte) => sum + bitCount(byte), 0);
  return ones < 2 || ones > 62 || head.map((byte) => byte.toString(16).padStart(2, '0')).join('') === EMPTY_TEXT;
}

function bitCount(number) {
  let count = 0;
  for (let rest = number; rest > 0; rest >>= 1) {
    count += rest & 1;
  }
  return count;
}

function readHeader(bytes) {
  const nibbleAt = (index) => {
    if (index >> 1 >= bytes.length) {
      return -1;
    }
    return index % 2 === 0 ? bytes[index >> 1] >> 4 & 0xF : bytes[index >> 1] & 0xF;
  };
  const fields = [];
  let nibble = 0;
  for (let i = 0; i < 4; i++) {
    const first = nibbleAt(nibble);
    if (first < 0) {
      return null;
    }
    if (first < 8) {
      fields.push(first);
      nibble++;
    } else if (first < 12 && nibbleAt(nibble + 1) >= 0) {
      fields.push(((first & 3) << 4 | nibbleAt(nibble + 1)) + 8);
      nibble += 2;
    } else {
      return null;
    }
  }
  if (nibble % 2 === 1 && nibbleAt(nibble++) !== 0) {
    return null;
  }
  const [mainType, subType, version, length] = fields;
  const header = {mainType, subType, version, length, bytes: nibble / 2};
  return mainType <= FLAKE && isKnown(header) ? header : null;
}

function isKnown({mainType, subType, version, length}) {
  switch (mainType) {
    case SEMANTIC:
    case CONTENT:
      return subType < SUBTYPE_SUM && version === 0 && length < 8;
    case COMPOSITE:
      return subType <= SUBTYPE_WIDE && version === 0 && isKnownComposition(subType, length);
    case ID:
      return subType < 8 && version < 2 && length < 64;
    default:
      return subType === 0 && version === 0 && length < 8;
  }
}

function isKnownComposition(subType, length) {
  const hasMedium = (length & 3) !== 0;
  switch (subType) {
    case SUBTYPE_SUM:
    case SUBTYPE_WIDE:
      return length === 0;
    case SUBTYPE_NONE:
      return !hasMedium && length < 8;
    default:
      return hasMedium && length < 8;
  }
}

function bodyBytes({mainType, subType, length}) {
  switch (mainType) {
    case COMPOSITE:
      return subType === SUBTYPE_WIDE ? 2 * WIDE_BYTES : (bitCount(length) + 2) * HEAD_BYTES;
    case ID:
      return HEAD_BYTES + length;
    default:
      return (length + 1) * 4;
  }
}

// The alphabets

/** Returns the bytes after the multicodec; null if the text is not multibase with that codec. */
function multibase(text) {
  if (text.length < 10 || text.length > MAX_CHARACTERS) {
    return null;
  }
  const rest = text.slice(1);
  const bytes = decodeMultibase(text[0], rest);
  return bytes !== null && bytes.length > 2 && bytes[0] === 0xCC && bytes[1] === 1 ? bytes.slice(2) : null;
}

function decodeMultibase(base, text) {
  switch (base) {
    case 'f':
      return text.length % 2 === 0 && isHex(text) ? text.match(/../g).map((pair) => Number.parseInt(pair, 16)) : null;
    case 'b':
      return fromAlphabet(BASE32, text.toUpperCase());
    case 'v':
      return fromAlphabet(BASE32_HEX, text.toUpperCase());
    case 'z':
      return fromBase58(text);
    case 'u':
      return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'), /[+/]/.test(text));
    default:
      return null;
  }
}

function fromBase32(text) {
  const upper = text.toUpperCase();
  if (upper.length > MAX_CHARACTERS) {
    throw refusal('too-long', `an ISCC has fewer than ${MAX_CHARACTERS} characters`);
  }
  const bytes = fromAlphabet(BASE32, upper);
  if (bytes === null || bytes.length === 0) {
    throw refusal('wrong-shape', `${quote(text)} is not an ISCC: it is not base 32`);
  }
  return bytes;
}

function fromAlphabet(alphabet, text) {
  const bytes = [];
  let buffer = 0;
  let bits = 0;
  for (const character of text) {
    const value = alphabet.indexOf(character);
    if (value < 0) {
      return null;
    }
    buffer = (buffer << 5 | value) & 0xFFF;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push(buffer >> bits & 0xFF);
    }
  }
  return bits < 5 && (buffer & ((1 << bits) - 1)) === 0 ? bytes : null;
}

function toBase32(bytes) {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8 | byte) & 0xFFFF;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[buffer >> bits & 0x1F];
    }
  }
  return bits === 0 ? text : text + BASE32[buffer << (5 - bits) & 0x1F];
}

function fromBase58(text) {
  let value = 0n;
  for (const character of text) {
    const digit = BASE58.indexOf(character);
    if (digit < 0) {
      return null;
    }
    value = value * 58n + BigInt(digit);
  }
  const digits = value.toString(16);
  const padded = digits.length % 2 === 0 ? digits : `0${digits}`;
  return padded.match(/../g).map((pair) => Number.parseInt(pair, 16));
}

/**
 * Returns the bytes of Base64; null if the text is none. Like Java's decoder, it takes the padding or its absence, and
 * ignores the unused bits.
 *
 * @param {string} text in the alphabet with + and /
 * @param {boolean} [isWrongAlphabet]
 */
export function fromBase64(text, isWrongAlphabet = false) {
  const match = /^([A-Za-z0-9+/]*)(={0,2})$/.exec(text);
  if (match === null || isWrongAlphabet || match[1].length % 4 === 1
    || (match[2] !== '' && text.length % 4 !== 0)) {
    return null;
  }
  return Array.from(atob(match[1]), (character) => character.charCodeAt(0));
}
