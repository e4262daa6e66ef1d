/** Hosts in canonical form: lower case, Punycode, single dots, one form for each IP address. */
import {escapeBytes, fromBytes, isAscii, lowerCharacter, quote, refusal, shownBytes, toBytes, undoEscapes} from './text.js';

/** The greatest length of a name in the DNS. */
const MAX_LENGTH = 253;
const MAX_RAW_LENGTH = 1024;

const IGNORED = /[\u00AD\u034F\u180B-\u180D\u180F\u200B\u2060\u2064\uFE00-\uFE0F\uFEFF\u{E0100}-\u{E01EF}]/gu;

/**
 * Returns a name in ASCII and lower case: UTS #46, non-transitional, mapped and not validated. The URL of the platform
 * is no help: it refuses names that a key must have, and decodes others.
 *
 * @param {string} name
 */
export function toAscii(name) {
  return foldOnce(foldOnce(name)).split('.').map((label) => {
    if (isAscii(label)) {
      return label;
    }
    if (label.length > MAX_LENGTH) {
      throw refusal('unreadable-host', `it has more than ${MAX_LENGTH} characters`);
    }
    return `xn--${punycode(label)}`;
  }).join('.');
}

function foldOnce(name) {
  if (isAscii(name)) {
    return name.toLowerCase();
  }
  let folded = '';
  for (const character of name.normalize('NFKC').replace(IGNORED, '')) {
    folded += character === '\u3002' ? '.' : character === '\u0130' ? 'i\u0307' : lowerCharacter(character);
  }
  return folded.normalize('NFC');
}

/** Returns the Punycode of a label (RFC 3492, section 6.3). */
function punycode(label) {
  const points = Array.from(label, (character) => character.codePointAt(0));
  let out = points.filter((point) => point < 0x80).map((point) => String.fromCharCode(point)).join('');
  const basic = out.length;
  if (basic > 0) {
    out += '-';
  }
  let n = 128;
  let delta = 0;
  let bias = 72;
  let handled = basic;
  while (handled < points.length) {
    let next = Infinity;
    for (const point of points) {
      next = point >= n && point < next ? point : next;
    }
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of points) {
      if (point < n) {
        delta++;
      }
      if (point === n) {
        let rest = delta;
        for (let k = 36; ; k += 36) {
          const threshold = Math.min(Math.max(k - bias, 1), 26);
          if (rest < threshold) {
            out += digit(rest);
            break;
          }
          out += digit(threshold + (rest - threshold) % (36 - threshold));
          rest = Math.floor((rest - threshold) / (36 - threshold));
        }
        bias = adapt(delta, handled + 1, handled === basic);
        delta = 0;
        handled++;
      }
    }
    delta++;
    n++;
  }
  return out;
}

function digit(value) {
  return String.fromCharCode(value < 26 ? 0x61 + value : 0x30 + value - 26);
}

function adapt(delta, points, first) {
  let rest = Math.floor(delta / (first ? 700 : 2));
  rest += Math.floor(rest / points);
  let k = 0;
  while (rest > 455) {
    rest = Math.floor(rest / 35);
    k += 36;
  }
  return k + Math.floor(36 * rest / (rest + 38));
}

/**
 * Returns the canonical form of a host.
 *
 * @param {string} bytes the host in bytes of UTF-8, without user and port
 */
export function canonicalHost(bytes) {
  if (bytes === '') {
    throw refusal('unreadable-host', 'it is empty');
  }
  if (bytes[0] === '[') {
    return version6(shownBytes(bytes));
  }
  if (bytes.length <= MAX_LENGTH && /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/.test(bytes)) {
    return resolveNumber(bytes.toLowerCase());
  }
  if (bytes.length > MAX_RAW_LENGTH) {
    throw refusal('unreadable-host', `it has more than ${MAX_LENGTH} characters`);
  }
  const name = undoEscapes(bytes).split('.').map(label).join('.').replace(/\.{2,}/g, '.').replace(/^\.|\.$/g, '');
  if (name === '') {
    throw refusal('unreadable-host', 'it is empty');
  }
  if (name.length > MAX_LENGTH) {
    throw refusal('unreadable-host', `it has more than ${MAX_LENGTH} characters`);
  }
  return resolveNumber(name);
}

function label(bytes) {
  const text = fromBytes(bytes);
  const mapped = text === null
    ? bytes.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    : toBytes(toAscii(text));
  const wrong = /[/\\?@:[\]%]/.exec(mapped);
  if (wrong !== null) {
    throw refusal('unreadable-host', `it contains ${quote(wrong[0])}`);
  }
  return escapeBytes(mapped, 'host');
}

/** Returns the host; if its last label is a number, the IPv4 address that it must then be. */
function resolveNumber(host) {
  const last = host.slice(host.lastIndexOf('.') + 1);
  return /^[0-9]+$|^0x[0-9a-f]*$/.test(last) ? version4(host) : host;
}

/** @param {string} host a canonical host */
export function isIpAddress(host) {
  return host.endsWith(']') ? host.startsWith('[') : /(?:^|\.)[0-9]+$/.test(host);
}

/**
 * Returns true if a canonical host can exist.
 *
 * @param {string} host
 */
export function canExist(host) {
  return isIpAddress(host) || /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/.test(host);
}

/** Returns the dotted decimal form of one to four numbers, the last of which fills the rest of the 32 bits. */
function version4(host) {
  const parts = host.split('.');
  const numbers = parts.map(number);
  let address = 0;
  const isWrong = parts.length > 4 || numbers.some((value, i) => {
    const isLast = i === parts.length - 1;
    const limit = isLast ? 2 ** (8 * (5 - parts.length)) : 256;
    address += isLast ? value : value * 2 ** (8 * (3 - i));
    return !(value >= 0 && value < limit);
  });
  if (isWrong) {
    throw refusal('unreadable-host', `${quote(host)} ends in a number and is not an IP address`);
  }
  return dotted(address);
}

function dotted(address) {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** Returns the value of a part; NaN if it is none. */
function number(part) {
  if (/^0x[0-9a-f]*$/.test(part)) {
    return part.length === 2 ? 0 : bounded(Number.parseInt(part.slice(2), 16));
  }
  if (/^0[0-7]+$/.test(part)) {
    return bounded(Number.parseInt(part, 8));
  }
  return /^(?:0|[1-9][0-9]*)$/.test(part) ? bounded(Number.parseInt(part, 10)) : NaN;
}

function bounded(value) {
  return value > 0xFFFFFFFF ? NaN : value;
}

function version6(bracketed) {
  const groups = bracketed.endsWith(']') ? groupsOf(bracketed.slice(1, -1)) : null;
  if (groups === null) {
    throw refusal('unreadable-host', `${quote(bracketed)} is not an IPv6 address`);
  }
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xFFFF;
  const isTranslated = groups[0] === 0x64 && groups[1] === 0xFF9B && groups.slice(2, 6).every((group) => group === 0);
  return isMapped || isTranslated ? dotted(groups[6] * 65536 + groups[7]) : compress(groups);
}

/** Returns the eight groups of an IPv6 address; null if the text is none. */
function groupsOf(text) {
  const gap = text.indexOf('::');
  if (gap < 0) {
    const all = fill(text);
    return all !== null && all.length === 8 ? all : null;
  }
  if (text.indexOf('::', gap + 1) >= 0) {
    return null;
  }
  const before = gap === 0 ? [] : fill(text.slice(0, gap));
  const after = gap + 2 === text.length ? [] : fill(text.slice(gap + 2));
  if (before === null || after === null || before.length + after.length >= 8) {
    return null;
  }
  return [...before, ...new Array(8 - before.length - after.length).fill(0), ...after];
}

function fill(text) {
  const groups = [];
  const parts = text.split(':');
  for (let i = 0; i < parts.length; i++) {
    if (i === parts.length - 1 && parts[i].includes('.')) {
      const bytes = parts[i].split('.');
      if (bytes.length !== 4 || groups.length > 6
        || !bytes.every((byte) => /^[0-9]{1,3}$/.test(byte) && Number(byte) <= 255)) {
        return null;
      }
      groups.push(Number(bytes[0]) * 256 + Number(bytes[1]), Number(bytes[2]) * 256 + Number(bytes[3]));
      return groups;
    }
    if (!/^[0-9a-fA-F]{1,4}$/.test(parts[i]) || groups.length === 8) {
      return null;
    }
    groups.push(Number.parseInt(parts[i], 16));
  }
  return groups;
}

/** Writes the form of RFC 5952. */
function compress(groups) {
  let gap = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) {
      end++;
    }
    if (end - i > longest) {
      longest = end - i;
      gap = i;
    }
  }
  const written = groups.map((group) => group.toString(16));
  return gap < 0
    ? `[${written.join(':')}]`
    : `[${written.slice(0, gap).join(':')}::${written.slice(gap + longest).join(':')}]`;
}

const NOT_PUBLIC_4 = [
  [0x00000000, 8], [0x0A000000, 8], [0x64400000, 10], [0x7F000000, 8], [0xA9FE0000, 16], [0xAC100000, 12],
  [0xC0000000, 24], [0xC0000200, 24], [0xC01FC400, 24], [0xC034C100, 24], [0xC0586300, 24], [0xC0A80000, 16],
  [0xC0AF3000, 24], [0xC6120000, 15], [0xC6336400, 24], [0xCB007100, 24], [0xE0000000, 3],
];

/**
 * Returns true if a canonical IP address is one on the public internet.
 *
 * @param {string} canonical
 */
export function isPublicAddress(canonical) {
  if (canonical[0] === '[') {
    const groups = groupsOf(canonical.slice(1, -1));
    if (groups === null) {
      return false;
    }
    const first = groups[0];
    const isSpecial = (first === 0x2001 && (groups[1] < 0x200 || groups[1] === 0xDB8))
      || first === 0x2002
      || (first === 0x2620 && groups[1] === 0x4F && groups[2] === 0x8000)
      || (first === 0x3FFF && groups[1] < 0x1000);
    return first >> 13 === 1 && !isSpecial;
  }
  const address = canonical.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return !NOT_PUBLIC_4.some(
    ([block, bits]) => Math.floor(address / 2 ** (32 - bits)) === Math.floor(block / 2 ** (32 - bits)));
}
