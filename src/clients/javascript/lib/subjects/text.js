/** Text as people write it: spellings that are normalised, percent-escapes, and the reasons for refusing a text. */

/** The greatest length of an identifier in UTF-16 units. */
export const MAX_INPUT_LENGTH = 2048;

const QUOTED_CHARACTERS = 48;
const LONGEST_SUGGESTION = 2048;

const LEADS = {
  'empty': 'Nothing is there',
  'too-long': 'It is too long',
  'unknown-scheme': 'The scheme is not known',
  'wrong-characters': 'It has characters that do not belong',
  'wrong-shape': 'It does not have the right shape',
  'wrong-check-digit': 'The check digit does not fit',
  'unreadable-host': 'The host cannot be read',
  'not-on-the-web': 'It is not an address on the web',
  'wildcard': 'It has a wildcard',
  'placeholder': 'It is a placeholder',
  'several-subjects': 'It is more than one subject',
  'ambiguous': 'It could be more than one thing',
};

/** The refusal of a text that is not a subject. */
export class MalformedSubject extends Error {
  /**
   * @param {string} reason the reason, as docs/formats/subjects.md names it
   * @param {string} message
   * @param {string | null} suggestion the subject that was probably meant; null if it is not known
   */
  constructor(reason, message, suggestion) {
    super(message);
    this.name = 'MalformedSubject';
    this.reason = reason;
    this.suggestion = suggestion;
  }
}

/** The refusal of a subject that may be asked and not declared. */
export class UndeclarableSubject extends Error {
  /**
   * @param {string} reason
   * @param {string} why
   * @param {string | null} [meant]
   */
  constructor(reason, why, meant = null) {
    super(`It cannot be declared: ${why}${meant === null ? '.' : `. Did you mean ${shorten(meant)}?`}`);
    this.name = 'UndeclarableSubject';
    this.reason = reason;
    this.suggestion = meant;
  }
}

/**
 * Returns the refusal with this reason.
 *
 * @param {keyof typeof LEADS} reason
 * @param {string} detail
 * @param {string | null} [meant] the subject that was probably meant
 */
export function refusal(reason, detail, meant = null) {
  if (meant === null) {
    return new MalformedSubject(reason, `${LEADS[reason]}: ${detail}.`, null);
  }
  const isSendable = meant.length <= LONGEST_SUGGESTION && !UNSHOWABLE.test(meant);
  return inWords(reason, detail, shorten(meant), isSendable ? meant : null);
}

/**
 * Returns the refusal with the probable meaning in words.
 *
 * @param {keyof typeof LEADS} reason
 * @param {string} detail
 * @param {string} meant
 * @param {string | null} suggestion
 */
export function inWords(reason, detail, meant, suggestion) {
  return new MalformedSubject(reason, `${LEADS[reason]}: ${detail}. Did you mean ${meant}?`, suggestion);
}

/**
 * Returns the refusal of a check digit. It suggests nothing if the number can be a date, a telephone number or a number
 * of a person.
 *
 * @param {string} what
 * @param {string} plain
 * @param {string} is
 * @param {string} due
 * @param {string} meant
 */
export function wrongCheckDigit(what, plain, is, due, meant) {
  return isPossiblyEveryday(plain)
    ? refusal('wrong-check-digit', `this is no ${what}`)
    : refusal('wrong-check-digit', `${what} ${quote(plain)} ends in ${is} where ${due} is due`, meant);
}

const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** @param {string} input */
export function quote(input) {
  return `\u201C${shorten(input)}\u201D`;
}

/** @param {string} input */
export function shorten(input) {
  let visible = '';
  let index = 0;
  while (index < input.length && visible.length < QUOTED_CHARACTERS) {
    const character = String.fromCodePoint(input.codePointAt(index));
    index += character.length;
    visible += UNSHOWABLE.test(character) ? '\uFFFD' : character;
  }
  return index < input.length ? `${visible}\u2026` : visible;
}

// Invisible characters

const INVISIBLE = '[\\u0000-\\u0020\\u0080-\\u00A0\\u00AD\\u034F\\u061C\\u115F\\u1160\\u1680\\u17B4\\u17B5\\u180B-\\u180F'
  + '\\u2000-\\u200F\\u2028-\\u202F\\u205F-\\u206F\\u3000\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF0-\\uFFF8'
  + '\\u{1BCA0}-\\u{1BCA3}\\u{1D173}-\\u{1D17A}\\u{E0000}-\\u{E0FFF}]';
const ONE_INVISIBLE = new RegExp(`^${INVISIBLE}$`, 'u');
const SELECTOR = /[\uFE00-\uFE0F\u{E0020}-\u{E01EF}]/u;
const TAKES_SELECTOR = /^(?:(?![\0-\x7F])[\p{So}\p{Sm}\p{Sk}]|(?![\0-\u1FFF])[\p{Po}\p{Pd}]|\p{Ideographic})$/u;

/** @param {string} character one code point */
export function isInvisible(character) {
  return ONE_INVISIBLE.test(character);
}

/**
 * Returns the code point before an index.
 *
 * @param {string} text
 * @param {number} end greater than 0
 */
export function characterBefore(text, end) {
  const low = text.charCodeAt(end - 1);
  const isPair = end > 1 && low >= 0xDC00 && low < 0xE000 && (text.charCodeAt(end - 2) & 0xFC00) === 0xD800;
  return text.slice(isPair ? end - 2 : end - 1, end);
}

/** @param {string} text @param {number} at */
function characterAt(text, at) {
  return String.fromCodePoint(text.codePointAt(at));
}

/**
 * Returns the text without invisible characters at both ends. A variation selector or a tag after a symbol or an
 * ideograph stays.
 *
 * @param {string} text
 */
export function trimInvisible(text) {
  let start = 0;
  while (start < text.length && isInvisible(characterAt(text, start))) {
    start += characterAt(text, start).length;
  }
  let end = text.length;
  while (end > start && isInvisible(characterBefore(text, end))) {
    end -= characterBefore(text, end).length;
  }
  if (end > start && end < text.length && TAKES_SELECTOR.test(characterBefore(text, end))) {
    while (end < text.length && SELECTOR.test(characterAt(text, end))) {
      end += characterAt(text, end).length;
    }
  }
  return text.slice(start, end);
}

// Spelling

/**
 * Returns true for the white space of Java's Character.isWhitespace: without the spaces that do not break.
 *
 * @param {number} c
 */
export function isWhiteSpace(c) {
  return c <= 0x20
    ? c >= 0x1C || (c >= 9 && c <= 13)
    : c >= 0x1680
      && (c === 0x1680 || (c >= 0x2000 && c <= 0x200A && c !== 0x2007) || c === 0x2028 || c === 0x2029
        || c === 0x205F || c === 0x3000);
}

/** @param {string} text */
export function stripLeading(text) {
  let start = 0;
  while (start < text.length && isWhiteSpace(text.charCodeAt(start))) {
    start++;
  }
  return text.slice(start);
}

/** @param {string} text */
export function strip(text) {
  let end = text.length;
  while (end > 0 && isWhiteSpace(text.charCodeAt(end - 1))) {
    end--;
  }
  return stripLeading(text.slice(0, end));
}

const VISIBLE_ASCII = /^[\x21-\x7E]+$/;
const ASCII = /^[\0-\x7F]*$/;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** @param {string} text */
export function isAscii(text) {
  return ASCII.test(text);
}

/** @param {string} text */
export function requireNoLoneSurrogates(text) {
  const lone = LONE_SURROGATE.exec(text);
  if (lone !== null) {
    throw refusal('wrong-characters', `half of a character (a lone surrogate) is at index ${lone.index}`);
  }
}

/**
 * Returns the text with one kind of digit, dash, space and width, without invisible characters at its ends.
 *
 * @param {string} text
 */
export function plain(text) {
  if (text.length > MAX_INPUT_LENGTH) {
    throw refusal('too-long', `an identifier may have at most ${MAX_INPUT_LENGTH} characters`);
  }
  if (VISIBLE_ASCII.test(text)) {
    return text;
  }
  requireNoLoneSurrogates(text);
  const trimmed = trimInvisible(isAscii(text) ? text : fold(text));
  if (trimmed === '') {
    throw refusal('empty', 'an identifier is needed after the scheme');
  }
  for (let i = 0; i < trimmed.length; i++) {
    const c = trimmed.charCodeAt(i);
    if ((c < 0x20 || (c >= 0x7F && c <= 0x9F)) && !isWhiteSpace(c)) {
      throw refusal('wrong-characters', `${quote(trimmed)} has a control character`);
    }
  }
  return trimmed;
}

const FORMAT = /\p{Cf}/gu;
const DASH = /[\p{Pd}\u2212]/gu;
const SEPARATOR = /[\p{Zs}\p{Zl}\p{Zp}]/gu;
const DIGIT = /(?![0-9])\p{Nd}/gu;
const ONE_DIGIT = /^\p{Nd}$/u;

/** @param {string} text */
function fold(text) {
  return text.normalize('NFKC')
    .replace(FORMAT, '')
    .replace(DASH, '-')
    .replace(SEPARATOR, ' ')
    .replace(DIGIT, digitOf)
    // A dropped character may have separated a letter and its accent.
    .normalize('NFKC');
}

/** Returns the value of a decimal digit of any script. The digits of a script follow each other from 0 to 9. */
function digitOf(digit) {
  const point = digit.codePointAt(0);
  let first = point;
  while (ONE_DIGIT.test(String.fromCodePoint(first - 1))) {
    first--;
  }
  return String((point - first) % 10);
}

/**
 * Returns the text without white space and hyphens, ASCII letters in upper case.
 *
 * @param {string} text
 */
export function compact(text) {
  if (/^[0-9A-Z]*$/.test(text)) {
    return text;
  }
  let result = '';
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c !== 0x2D && !isWhiteSpace(c)) {
      result += c >= 0x61 && c <= 0x7A ? String.fromCharCode(c - 0x20) : text[i];
    }
  }
  return result;
}

/** The upper case of one UTF-16 unit, as Java's Character.toUpperCase. */
function upperUnit(unit) {
  const upper = unit.toUpperCase();
  return upper.length === 1 ? upper : unit;
}

function lowerUnit(unit) {
  const lower = unit.toLowerCase();
  return lower.length === 1 ? lower : unit === '\u0130' ? 'i' : unit;
}

/**
 * Returns true if a text has a label at an index, in any case, as Java's String.regionMatches.
 *
 * @param {string} text
 * @param {number} at
 * @param {string} label
 */
export function matchesAt(text, at, label) {
  if (at + label.length > text.length) {
    return false;
  }
  for (let i = 0; i < label.length; i++) {
    const one = text[at + i];
    const other = label[i];
    if (one !== other) {
      const upper = upperUnit(one);
      const otherUpper = upperUnit(other);
      if (upper !== otherUpper && lowerUnit(upper) !== lowerUnit(otherUpper)) {
        return false;
      }
    }
  }
  return true;
}

/**
 * Returns the text without the first of these labels that it begins with, and without the separators after it.
 *
 * @param {string} text
 * @param {...string} labels
 */
export function without(text, ...labels) {
  for (const label of labels) {
    if (matchesAt(text, 0, label)) {
      let start = label.length;
      while (start < text.length && (text[start] === ':' || text[start] <= ' ')) {
        start++;
      }
      return text.slice(start);
    }
  }
  return text;
}

/** @param {string} text */
export function isDigits(text) {
  return /^[0-9]+$/.test(text);
}

/** @param {string} text */
export function isHex(text) {
  return /^[0-9a-fA-F]+$/.test(text);
}

/** @param {string} text */
export function isAlphanumeric(text) {
  return /^[0-9A-Z]+$/.test(text);
}

/** @param {string} text */
export function asciiLower(text) {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Returns the lower case of a code point, one code point, as Java's Character.toLowerCase. */
export function lowerCharacter(character) {
  return character === '\u0130' ? 'i' : character.toLowerCase();
}

/** @param {string} text */
export function narrow(text) {
  return text.replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xFEE0));
}

/** @param {string} text */
export function startsFullWidth(text) {
  return /^[\uFF01-\uFF5E]/.test(stripLeading(text));
}

// Bytes: strings of which each character is one byte.

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
const LENIENT = new TextDecoder('utf-8', {ignoreBOM: true});

/**
 * Returns the UTF-8 of a text, each byte as one character.
 *
 * @param {string} text
 */
export function toBytes(text) {
  if (isAscii(text)) {
    return text;
  }
  const encoded = ENCODER.encode(text);
  let bytes = '';
  for (let i = 0; i < encoded.length; i += 8192) {
    bytes += String.fromCharCode(...encoded.subarray(i, i + 8192));
  }
  return bytes;
}

function arrayOf(bytes) {
  const array = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    array[i] = bytes.charCodeAt(i);
  }
  return array;
}

/**
 * Returns the text of bytes; null if they are not UTF-8.
 *
 * @param {string} bytes
 */
export function fromBytes(bytes) {
  if (isAscii(bytes)) {
    return bytes;
  }
  try {
    return DECODER.decode(arrayOf(bytes));
  } catch {
    return null;
  }
}

/**
 * Returns the text of bytes, with a mark for what is not UTF-8.
 *
 * @param {string} bytes
 */
export function shownBytes(bytes) {
  return isAscii(bytes) ? bytes : LENIENT.decode(arrayOf(bytes));
}

function hexValue(c) {
  if (c >= 0x30 && c <= 0x39) {
    return c - 0x30;
  }
  const lower = c | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/**
 * Undoes escapes until none is left, in linear time: if the output ends in an escape, its byte replaces it, which may
 * complete another escape.
 *
 * @param {string} bytes
 */
export function undoEscapes(bytes) {
  if (!bytes.includes('%')) {
    return bytes;
  }
  const out = new Uint8Array(bytes.length);
  let end = 0;
  for (let i = 0; i < bytes.length; i++) {
    out[end++] = bytes.charCodeAt(i);
    while (end >= 3 && out[end - 3] === 0x25) {
      const high = hexValue(out[end - 2]);
      const low = hexValue(out[end - 1]);
      if (high < 0 || low < 0) {
        break;
      }
      end -= 2;
      out[end - 1] = high << 4 | low;
    }
  }
  let text = '';
  for (let i = 0; i < end; i += 8192) {
    text += String.fromCharCode(...out.subarray(i, Math.min(end, i + 8192)));
  }
  return text;
}

const ESCAPED = {
  query: /[\x00-\x20\x7F-\xFF#%]/g,
  path: /[\x00-\x20\x7F-\xFF#%?\\]/g,
  host: /[\x00-\x20\x7F-\xFF#%*]/g,
};

/**
 * Escapes bytes.
 *
 * @param {string} bytes
 * @param {'query' | 'path' | 'host'} component
 */
export function escapeBytes(bytes, component) {
  return bytes.replace(
    ESCAPED[component], (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

// Numbers that name no work

const MONTH_AND_DAY = '(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])';

const WRITTEN = new RegExp(`^(?:${[
  '(?:1[89]|2[01])[0-9]{2} ?[-./\\u5E74\\uB144] ?[0-9]{1,2} ?[-./\\u6708\\uC6D4] ?[0-9]{1,2} ?[.\\u65E5\\uC77C]?'
    + '(?:[ T][0-9:.]+Z?)?',
  '[0-9]{1,2} ?[-./] ?[0-9]{1,2} ?[-./] ?(?:(?:1[89]|2[01])?[0-9]{2})\\.?',
  `[0-9]{2}${MONTH_AND_DAY} ?- ?[0-9](?:[0-9]{6}|[*xX]{6})`,
  '(?:\\+ ?82[-. )]*|\\(?0)1[016789][-. )]+[0-9]{3,4}[-. ]+[0-9]{4}',
  '(?:\\+ ?82[-. )]*|\\(?0)(?:2|[3-6][1-9]|70|80|50[0-9]?)[-. )]+[0-9]{3,4}[-. ]+[0-9]{4}',
  '\\+[0-9][0-9 .()-]{6,20}',
  '[0-9]{3}-[0-9]{2}-[0-9]{5}',
].join('|')})$`);

const BARE = new RegExp(`^(?:${[
  `(?:1[89]|2[01])[0-9]{2}${MONTH_AND_DAY}(?:[0-9]{4}|[0-9]{6})?`,
  `[0-9]{2}${MONTH_AND_DAY}[0-9]{7}`,
  '(?:82|0)1[016789][0-9]{7,8}',
  '(?:82|0)(?:2|[3-6][1-9]|70)[0-9]{7,8}',
  '1(?:5(?:22|33|44|66|77|88|99)|6(?:00|44|61|66|70|88)|8(?:00|11|33|55|77|99))[- ]?[0-9]{4}',
].join('|')})$`);

/**
 * Returns true if the text is written as a date, a telephone number or a number of a person or a business.
 *
 * @param {string} text
 */
export function isWrittenEveryday(text) {
  return text.length <= 40 && WRITTEN.test(text);
}

/**
 * Returns true if the text can be such a number.
 *
 * @param {string} text
 */
export function isPossiblyEveryday(text) {
  const isPossible = isWrittenEveryday(text) || (text.length <= 40 && BARE.test(text));
  const isProduct = text.length === 13 && text.startsWith('880') && !hasResidentCheck(text);
  return isPossible && !isProduct;
}

function hasResidentCheck(digits) {
  let sum = 0;
  for (let i = 0; i < 12; i++) {
    sum += (digits.charCodeAt(i) - 0x30) * (2 + i % 8);
  }
  return (11 - sum % 11) % 10 === digits.charCodeAt(12) - 0x30;
}
