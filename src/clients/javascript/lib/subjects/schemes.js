/** The rules of each scheme: how values are read, what contains them, what may be declared, how people write them. */
import {canExist, canonicalHost, isIpAddress, isPublicAddress} from './hosts.js';
import {canonicalIscc, fromBase64, headsOf, parseIscc} from './iscc.js';
import {accountId, accountOf, hasPlatform} from './platforms.js';
import {hasKnownTopLevel, registrable} from './suffixes.js';
import {
  UndeclarableSubject, asciiLower, characterBefore, compact, fromBytes, isAlphanumeric, isDigits, isHex, isInvisible,
  isPossiblyEveryday, isWhiteSpace, isWrittenEveryday, plain, quote, refusal, strip, toBytes, undoEscapes, without,
  wrongCheckDigit,
} from './text.js';
import {addressOf, canonicalAddress, directories} from './url.js';

export const MAX_DIRECTORIES = 16;
export const MAX_SUBDOMAIN_LABELS = 8;

export const EXACT = 4000;
export const AROUND = 3999;
export const WITHOUT_QUERY = 3998;
export const OTHER_SPELLING = 1;
export const ACCOUNT = 3000;
const CREATOR = 100;

/** @param {number} length characters or directories */
export function prefixSpecificity(length) {
  return 2000 + Math.min(length, 900);
}

/** @param {number} labels before the registrable domain */
export function domainSpecificity(labels) {
  return 1000 + Math.min(labels, 900);
}

/**
 * @typedef {{
 *   needsControl?: boolean,
 *   parse: (value: string) => string,
 *   specificity?: (value: string) => number,
 *   containers?: (value: string, add: (scheme: string, specificity: number, value: string) => void) => void,
 *   requireDeclarable?: (value: string) => void,
 *   labels?: string[],
 *   shapes?: {rank: number, compact: boolean, pattern: RegExp}[],
 *   resolvers?: {host: string, path: string}[],
 * }} SchemeRules
 */

const WS = '[ \\t\\n\\v\\f\\r]';

const written = (rank, source) => ({rank, compact: false, pattern: new RegExp(`^(?:${source})$`, 'i')});
const compactShape = (rank, source) => ({rank: 1000 + rank, compact: true, pattern: new RegExp(`^(?:${source})$`, 'i')});

// Check digits

function gs1(digits) {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    sum += ((digits.length - i) % 2 === 0 ? 1 : 3) * (digits.charCodeAt(i) - 48);
  }
  return String((10 - sum % 10) % 10);
}

function modulo11(digits) {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    sum += (digits.length + 1 - i) * (digits.charCodeAt(i) - 48);
  }
  const check = (11 - sum % 11) % 11;
  return check === 10 ? 'X' : String(check);
}

function mod11Radix2(digits) {
  let product = 0;
  for (let i = 0; i < digits.length; i++) {
    product = (product + digits.charCodeAt(i) - 48) * 2 % 11;
  }
  const check = (12 - product) % 11;
  return check === 10 ? 'X' : String(check);
}

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function mod37Radix36(characters) {
  let product = 36;
  for (const character of characters) {
    const sum = (product + ALPHANUMERIC.indexOf(character)) % 36;
    product = (sum === 0 ? 36 : sum) * 2 % 37;
  }
  return ALPHANUMERIC[(37 - product) % 36];
}

function iswcCheck(nine) {
  let sum = 1;
  for (let i = 0; i < nine.length; i++) {
    sum += (i + 1) * (nine.charCodeAt(i) - 48);
  }
  return String((10 - sum % 10) % 10);
}

function ipiCheck(nine) {
  let sum = 0;
  for (let i = 0; i < nine.length; i++) {
    sum += (10 - i) * (nine.charCodeAt(i) - 48);
  }
  return String(sum % 101 === 0 ? 0 : (101 - sum % 101) % 100).padStart(2, '0');
}

// Placeholders

function isRepeated(text) {
  return text.length > 0 && text === text[0].repeat(text.length);
}

function isSequence(digits) {
  return '0123456789012345'.startsWith(digits) || '0123456789012345'.startsWith(digits, 1)
    || '9876543210987654'.startsWith(digits);
}

function placeholder(what, text) {
  return refusal('placeholder',
    `${what} ${quote(text)} stands where a number is missing; leave it out, or give the number of the work`);
}

function refusePlaceholder(number, what, text) {
  const isFilled = /^[09]/.test(number) && isRepeated(number.slice(0, -1));
  if (isFilled || isRepeated(number)) {
    throw placeholder(what, text);
  }
}

// Bar codes

const BOOKLAND = '978';
const MUSICLAND = '9790';
const SERIALS = '977';

function serialOf(gtin13) {
  const body = gtin13.slice(3, 10);
  return body + modulo11(body);
}

function isBook(digits) {
  return digits.startsWith(BOOKLAND) || digits.startsWith('979');
}

function refusePlaceholderOfBook(nine, what, text) {
  if (isRepeated(nine) || isSequence(nine)) {
    throw placeholder(what, text);
  }
}

function refusePlaceholderOfSerial(issn, what, text) {
  refusePlaceholder(issn, what, text);
  if (isSequence(issn.slice(0, 7))) {
    throw placeholder(what, text);
  }
}

function requireGs1(number, text, what) {
  const body = number.slice(0, -1);
  const due = gs1(body);
  const is = number[number.length - 1];
  if (is !== due) {
    throw wrongCheckDigit(what, text, is, due, `${what.toLowerCase()}:${body}${due}`);
  }
}

function bookOrScore(number, text, what) {
  const isScore = number.startsWith(MUSICLAND);
  if (isScore) {
    refusePlaceholder(number.slice(MUSICLAND.length), what, text);
  } else {
    refusePlaceholderOfBook(number.slice(3, 12), what, text);
  }
  requireGs1(number, text, what);
  return (isScore ? 'ismn:' : 'isbn:') + number;
}

function isDigitsOrX(number) {
  return /^[0-9]+[0-9X]$/.test(number);
}

// Declarability

const LOCAL_NAMES = new Set(['localhost', 'localdomain', 'local', 'internal', 'intranet', 'lan', 'invalid', 'alt']);

function requireHost(host, meant = null) {
  if (host.startsWith('%2A.') && canExist(host.slice(4))) {
    throw new UndeclarableSubject('wildcard', 'the host has a wildcard', `domain:${host.slice(4)}`);
  }
  if (!canExist(host)) {
    throw new UndeclarableSubject('impossible-host', `no host can have the name ${quote(host)}`);
  }
  const last = host.lastIndexOf('.') + 1;
  const isPublic = isIpAddress(host)
    ? isPublicAddress(host)
    : last > 0 && !LOCAL_NAMES.has(host.slice(last)) && !host.endsWith('.home.arpa');
  if (!isPublic) {
    throw new UndeclarableSubject('not-public-host',
      `${quote(host)} is not a host on the public internet, so it is another machine for each asker`, meant);
  }
}

function requireAddress(scheme, address) {
  requireHost(address.host, addressBehind(scheme, address));
  const {text} = address;
  const asterisk = text.indexOf('*', address.hostEnd);
  if (asterisk >= 0) {
    throw new UndeclarableSubject('wildcard', 'a * in an address is not applied as a wildcard',
      asterisk > address.pathEnd
        ? text.slice(0, address.pathEnd)
        : `under:${text.slice(scheme.length + 1, text.lastIndexOf('/', asterisk) + 1)}`);
  }
  const end = scheme === 'under' ? text.length - 1 : text.length;
  if (text[end - 1] === '$') {
    throw new UndeclarableSubject('wildcard', 'a $ at the end of an address is not applied',
      text.slice(0, end - 1) + text.slice(end));
  }
}

/** Returns the address that was meant by one with two schemes. */
function addressBehind(scheme, address) {
  if (address.host !== 'https' && address.host !== 'http') {
    return null;
  }
  const rest = address.text.slice(address.hostEnd + 1);
  return /^[^./]+\./.test(rest) ? `${scheme}:https://${rest}` : null;
}

// DOI

const SECOND_DOI = new RegExp(
  `[ \\t\\n\\v\\f\\r,;|&+\\u00B7\\u3001()\\[\\]<>{}"'\\u201C\\u201D\\u2018\\u2019\\u300C\\u300E]${WS}*`
  + `(?:doi${WS}*:?${WS}*|(?:https?:)?//[a-z.]+/+(?:doi:)?|(?:dx\\.|www\\.)?doi\\.org/+)?10\\.[0-9]{2,}[0-9.]*/`, 'g');
const SENTENCE_MARKS = '.,;:!?/\'"\u2018\u2019\u201C\u201D\u300D\u300F\u300B\u3009\u3002\u3001\u2026\u00B7';
const CLOSING = ')]}>';
const OPENING = '([{<';
const ENTITIES = [
  ['&lt;', '<'], ['&gt;', '>'], ['&quot;', '"'], ['&apos;', '\''], ['&nbsp;', ' '], ['&#60;', '<'], ['&#x3c;', '<'],
  ['&#62;', '>'], ['&#x3e;', '>'], ['&#34;', '"'], ['&#39;', '\''], ['&#x27;', '\''], ['&#38;', '&'], ['&#x26;', '&'],
  ['&amp;', '&'],
];
const EIDR_PREFIX = '10.5240';

function isDoiPrefix(text) {
  return /^10\.[0-9]+(?:\.[0-9]+)*$/.test(text);
}

function isPlaceholderPrefix(prefix) {
  return /^10\.[0.]+$/.test(prefix);
}

function addDoiPrefixes(value, end, add) {
  let prefixEnd = end;
  for (let i = 0; i < 8 && prefixEnd > 3 && !isPlaceholderPrefix(value.slice(0, prefixEnd)); i++) {
    add('doi-prefix', prefixSpecificity(prefixEnd), value.slice(0, prefixEnd));
    prefixEnd = value.lastIndexOf('.', prefixEnd - 1);
  }
}

function withoutResolver(text) {
  if (text.startsWith('10.')) {
    return text;
  }
  const rest = without(text, 'urn:doi', 'info:doi/', 'doi', 'hdl');
  const bare = without(rest, 'https://', 'http://', '//');
  const name = without(bare, 'doi.org/', 'dx.doi.org/', 'www.doi.org/', 'hdl.handle.net/');
  if (name.length === bare.length) {
    return strip(rest);
  }
  return without(strip(name.replace(/[?#].*$/s, '').replace(/^\/+/, '')), 'doi:');
}

function decodeDoi(name) {
  let decoded = name;
  while (decoded.includes('%')) {
    const text = fromBytes(undoEscapes(toBytes(decoded)));
    if (text === null) {
      throw refusal('wrong-characters', `the escapes of ${quote(decoded)} are not UTF-8`);
    }
    const next = plain(text);
    if (next === decoded) {
      break;
    }
    decoded = next;
  }
  return decoded;
}

function withoutEntities(name) {
  let decoded = name;
  let length;
  do {
    length = decoded.length;
    if (decoded.includes('&')) {
      for (const [escape, character] of ENTITIES) {
        decoded = decoded.replaceAll(escape, character);
      }
    }
  } while (decoded.length < length);
  return decoded;
}

function withoutSentenceMarks(name) {
  const shortest = name.indexOf('/') + 2;
  let end = name.length;
  while (end > shortest && isSentenceMark(name, end)) {
    end -= characterBefore(name, end).length;
  }
  return name.slice(0, end);
}

function isSentenceMark(name, end) {
  const last = characterBefore(name, end);
  const bracket = CLOSING.indexOf(last);
  if (bracket < 0) {
    return SENTENCE_MARKS.includes(last) || isInvisible(last);
  }
  let open = 0;
  for (let i = 0; i < end; i++) {
    open += name[i] === OPENING[bracket] ? 1 : name[i] === last ? -1 : 0;
  }
  return open < 0;
}

function requireOneDoi(name, text) {
  SECOND_DOI.lastIndex = 3;
  if (name.indexOf('10.', 3) > 0 && SECOND_DOI.test(name)) {
    throw refusal('several-subjects', `${quote(text)} has two or more DOIs; give each by itself`);
  }
  let space = 0;
  while (space < name.length && !isWhiteSpace(name.charCodeAt(space))) {
    space++;
  }
  if (space < name.length) {
    throw refusal('wrong-characters', `a DOI has no white space; this is ${quote(text)}`, meantDoi(name, space));
  }
}

function meantDoi(name, space) {
  const rest = strip(name.slice(space));
  const slash = name.indexOf('/');
  let meant = '';
  if (space < slash || (slash >= 0 && name.slice(slash + 1, space) === '')) {
    meant = name.replace(/[ \t\n\v\f\r]/g, '');
  } else if (rest !== '' && ('([{<'.includes(rest[0]) || rest.charCodeAt(0) >= 0x80)) {
    meant = withoutSentenceMarks(name.slice(0, space));
  }
  const end = meant.indexOf('/');
  return end > 0 && end < meant.length - 1 && isDoiPrefix(meant.slice(0, end)) ? `doi:${meant}` : null;
}

function parseDoi(value) {
  const text = plain(value);
  let name = withoutEntities(asciiLower(decodeDoi(withoutResolver(text))))
    .replace(/^[([{<"'\u2018\u201C\u300C\u300E]+(?=10\.)/, '');
  if (name.startsWith('10.')) {
    requireOneDoi(name, text);
    name = withoutSentenceMarks(name);
  }
  const slash = name.indexOf('/');
  const prefix = name.slice(0, Math.max(slash, 0));
  if (slash < 0 || !isDoiPrefix(prefix)) {
    throw name.startsWith('10/')
      ? refusal('wrong-shape', `${quote(text)} is a short DOI, which is an alias; give the full DOI`)
      : refusal('wrong-shape', `a DOI is 10., a number, a slash and a name; this is ${quote(text)}`);
  }
  const suffix = name.slice(slash + 1);
  if (suffix === '') {
    throw refusal('wrong-shape', `nothing follows the slash of ${quote(text)}`, `doi-prefix:${prefix}`);
  }
  if (name.length > 1024) {
    throw refusal('too-long', 'a DOI may have at most 1024 characters');
  }
  if (/^(?:0{4,}|x{4,})$/.test(suffix) || isPlaceholderPrefix(prefix)) {
    throw placeholder('DOI', text);
  }
  if (prefix === EIDR_PREFIX && isEidr(compact(suffix))) {
    return parseEidr(compact(suffix));
  }
  if (prefix.startsWith('10.978.') || prefix.startsWith('10.979.')) {
    const digits = prefix.slice(3).replaceAll('.', '') + suffix;
    if (/^[0-9]{13}$/.test(digits) && gs1(digits.slice(0, 12)) === digits[12]) {
      return parseIsbn(digits);
    }
  }
  return `doi:${name}`;
}

function isEidr(code) {
  return /^[0-9A-Fa-f]{20}[0-9A-Z]$/.test(code);
}

function groupEidr(code) {
  return `${EIDR_PREFIX}/${code.slice(0, 20).match(/.{4}/g).join('-')}-${code[20]}`;
}

function parseEidr(value) {
  const text = plain(value);
  let rest = withoutResolver(without(text, 'urn:eidr', 'https://ui.eidr.org/view/content?id=', 'eidr'));
  rest = without(rest, `${EIDR_PREFIX}/`, `${EIDR_PREFIX}:`);
  const code = compact(rest);
  if (code.length >= 20 && isRepeated(code.slice(0, 20))) {
    throw placeholder('EIDR', text);
  }
  if (code.length === 20 && isHex(code)) {
    throw refusal('wrong-shape', `the check character of EIDR ${quote(text)} is missing`,
      `eidr:${groupEidr(code + mod37Radix36(code))}`);
  }
  if (!isEidr(code)) {
    throw refusal('wrong-shape',
      `an EIDR is 10.5240/, twenty hexadecimal digits and a check character; this is ${quote(text)}`);
  }
  const due = mod37Radix36(code.slice(0, 20));
  if (code[20] !== due) {
    throw refusal('wrong-check-digit', `EIDR ${quote(text)} ends in ${code[20]} where ${due} is due`,
      `eidr:${groupEidr(code.slice(0, 20) + due)}`);
  }
  return `eidr:${groupEidr(code)}`;
}

// ISBN

const BEHIND = /^(.*?[0-9Xx])(?:[ \t\n\v\f\r]+[0-9]{5})?(?:[ \t\n\v\f\r]*\(([^()]{0,200})\))?$/;

function parseIsbn(value) {
  const text = plain(value);
  let number = withoutLength(compact(without(text, 'urn:isbn', 'isbn')));
  if (!isLongIsbn(number)) {
    number = withoutLength(withoutAddOn(number, text));
  }
  if (number.length === 9 && isDigitsOrX(number)) {
    // A standard book number from before 1970 has nine digits, and spreadsheets remove a leading zero.
    number = `0${number}`;
  }
  if ((number.length === 7 || number.length === 8) && isDigitsOrX(number)) {
    throw refuseSerial(number.padStart(8, '0'), text);
  }
  if (number.length === 10 && isDigitsOrX(number)) {
    const body = number.slice(0, 9);
    refusePlaceholderOfBook(body, 'ISBN', text);
    const due = modulo11(body);
    if (number[9] !== due) {
      throw wrongCheckDigit('ISBN', text, number[9], due, `isbn:${body}${due}`);
    }
    return `isbn:${BOOKLAND}${body}${gs1(BOOKLAND + body)}`;
  }
  if (!isDigits(number)) {
    throw refusal('wrong-characters',
      `an ISBN has 13 digits, or 10 of which the last may be X; this is ${quote(text)}`);
  }
  if (number.length === 13 && isBook(number)) {
    return bookOrScore(number, text, 'ISBN');
  }
  refusePlaceholder(number, 'ISBN', text);
  if (number.length === 13) {
    throw isPossiblyEveryday(text)
      ? refusal('wrong-shape', 'an ISBN begins with 978 or 979')
      : refusal('wrong-shape', `an ISBN begins with 978 or 979; this is ${quote(text)}`, `gtin:${number}`);
  }
  if (number.length === 12 && isBook(number)) {
    throw refusal('wrong-shape', 'an ISBN has 13 digits; this has 12', `isbn:${number}${gs1(number)}`);
  }
  throw refusal('wrong-shape', `an ISBN has 13 or 10 digits; this has ${number.length}`);
}

function isLongIsbn(number) {
  return (number.length === 13 || number.length === 10) && isDigitsOrX(number);
}

function withoutAddOn(number, text) {
  if (number.length === 18 && isBook(number) && isDigits(number)) {
    return number.slice(0, 13);
  }
  const behind = BEHIND.exec(text);
  if (behind === null) {
    return number;
  }
  if (behind[2] !== undefined && behind[2].replace(/[^0-9]/g, '').length >= 8) {
    throw refusal('several-subjects', `a second number stands behind ${quote(behind[1])}; give each by itself`);
  }
  return compact(without(behind[1], 'urn:isbn', 'isbn'));
}

/** Removes a label of the length in front of a number. */
function withoutLength(number) {
  const isLabelled = (number.startsWith('10') && number.length === 12)
    || (number.startsWith('13') && number.length === 15)
    || number.startsWith('10:')
    || number.startsWith('13:');
  return isLabelled ? number.slice(number[2] === ':' ? 3 : 2) : number;
}

/** Returns the refusal of seven or eight digits: with zeros in front, every ISSN would be a valid ISBN. */
function refuseSerial(issn, text) {
  refusePlaceholderOfSerial(issn, 'ISBN', text);
  const isIssn = modulo11(issn.slice(0, 7)) === issn[7];
  const fault = `an ISBN has 13 or 10 digits; this is ${quote(text)}`;
  return isIssn && !isWrittenEveryday(text)
    ? refusal('wrong-shape', fault, `issn:${issn}`)
    : refusal('wrong-shape', fault);
}

// ISBN prefixes

function isPlaceholderOfPrefix(digits) {
  return digits.length >= 10 && /^...(?:0+|9+)$/.test(digits);
}

function parseIsbnPrefix(value) {
  const text = plain(value);
  const digits = compact(without(text, 'isbn-prefix', 'isbn'));
  if (!isDigits(digits)) {
    throw refusal('wrong-characters', `an ISBN prefix has digits and hyphens only; this is ${quote(text)}`);
  }
  if (digits.startsWith(MUSICLAND)) {
    throw refusal('wrong-shape', '979-0 is printed music, which has no ISBN');
  }
  if (digits.length === 13) {
    throw refusal('wrong-shape', '13 digits are a complete ISBN', `isbn:${digits}`);
  }
  if (digits.length < 4 || digits.length > 12) {
    throw refusal('wrong-shape', `an ISBN prefix has four to twelve digits; this has ${digits.length}`);
  }
  if (!isBook(digits)) {
    throw refusal('wrong-shape', 'an ISBN prefix begins with 978 or 979', `isbn-prefix:978${digits}`);
  }
  if (isPlaceholderOfPrefix(digits)) {
    throw placeholder('ISBN prefix', text);
  }
  return `isbn-prefix:${digits}`;
}

function addIsbnPrefixes(number, longest, add) {
  for (let length = longest; length >= 5; length--) {
    if (!isPlaceholderOfPrefix(number.slice(0, length))) {
      add('isbn-prefix', prefixSpecificity(length), number.slice(0, length));
    }
  }
}

/** Returns the number of digits that name only a country or a language. */
function groupLength(prefix) {
  const rest = prefix.slice(3);
  if (!prefix.startsWith(BOOKLAND)) {
    return rest.startsWith('8') ? 4 : 5;
  }
  if (rest < '6' || rest.startsWith('7')) {
    return 4;
  }
  if (rest.startsWith('65') || rest.startsWith('8') || (rest.startsWith('9') && rest < '95')) {
    return 5;
  }
  if (rest.startsWith('6') || rest < '99') {
    return 6;
  }
  return rest.startsWith('999') ? 8 : 7;
}

// ISAN

function parseIsan(value) {
  const text = plain(value);
  const code = compact(without(text, 'urn:isan', 'v-isan', 'isan'));
  const endsInCheck = () => isHex(code.slice(0, 24)) && mod37Radix36(code.slice(0, 24)) === code[24];
  const hasWorkCheck = code.length === 17 || code.length === 26 || (code.length === 25 && !endsInCheck());
  const digits = hasWorkCheck ? code.slice(0, 16) + code.slice(17) : code;
  const hasVersionCheck = digits.length === 25;
  const bare = hasVersionCheck ? digits.slice(0, 24) : digits;
  if ((bare.length !== 16 && bare.length !== 24) || !isHex(bare)) {
    throw refusal('wrong-shape', 'an ISAN has 16 hexadecimal digits, or 24 with its version, and a check character'
      + ` after each; this is ${quote(text)}`);
  }
  if (isRepeated(bare.slice(0, 12))) {
    throw placeholder('ISAN', text);
  }
  const requireCheck = (is, checked) => {
    const due = mod37Radix36(checked);
    if (is !== due) {
      throw refusal('wrong-check-digit', `ISAN ${quote(text)} has ${is} where ${due} is due`, `isan:${checked}${due}`);
    }
  };
  if (hasWorkCheck) {
    requireCheck(code[16], bare.slice(0, 16));
  }
  if (hasVersionCheck) {
    requireCheck(digits[24], bare);
  }
  return `isan:${bare.length === 24 && bare.endsWith('00000000') ? bare.slice(0, 16) : bare}`;
}

// UCI

/** Returns the end of 1*AN [":" 1*AN] ["+" 1*AN]; zero if the code does not begin so. */
function uciPrefixEnd(code) {
  return /^(?:[0-9A-Z]+(?::[0-9A-Z]+)?(?:\+[0-9A-Z]+)?)?/.exec(code)[0].length;
}

function withoutUciLabel(text) {
  let code = text;
  let length;
  do {
    length = code.length;
    code = without(code, 'urn:uci:', 'uci:', 'uci ');
  } while (code.length < length);
  return code.toUpperCase();
}

function requireUciCharacters(code, start, text) {
  const wrong = /[^0-9A-Z()+,\-.=@;$_!*'%:]/.exec(code.slice(start));
  if (wrong !== null) {
    throw refusal('wrong-characters', `a UCI cannot have ${quote(wrong[0])}; this is ${quote(text)}`);
  }
}

function requireBounded(code) {
  if (code.length > 256) {
    throw refusal('too-long', 'it may have at most 256 characters');
  }
  return code;
}

function parseUci(value) {
  const text = plain(value);
  const code = withoutUciLabel(text);
  if (code.includes('#') || code.startsWith('01:')) {
    throw refusal('wrong-shape', `${quote(text)} identifies a vaccination certificate and not a work`);
  }
  const end = uciPrefixEnd(code);
  if (end <= 0 || end >= code.length - 1 || code[end] !== '-' || code[end + 1] === ':') {
    throw refusal('wrong-shape', 'a UCI is a prefix, a hyphen and an instance, such as'
      + ` I410-ECN-0102-2023-500-000819813; here is ${quote(text)}`);
  }
  requireUciCharacters(code, end, text);
  const letters = code.slice(end + 1).split(':', 1)[0].replace(/[^0-9A-Z]/g, '');
  if (/^0{4,}$/.test(letters)) {
    throw placeholder('UCI', text);
  }
  return `uci:${requireBounded(code)}`;
}

function parseUciPrefix(value) {
  const text = plain(value);
  const code = withoutUciLabel(text).replace(/-$/, '');
  const end = uciPrefixEnd(code);
  if (end <= 0 || (end < code.length && code[end] !== '-') || code.endsWith('-')) {
    throw refusal('wrong-shape', `a UCI prefix is letters and digits, such as I410 or I410-ECN; this is ${quote(text)}`);
  }
  requireUciCharacters(code, end, text);
  if (code.indexOf(':', end) >= 0) {
    throw refusal('wrong-shape', `a UCI prefix has no qualifier; this is ${quote(text)}`);
  }
  return `uci-prefix:${requireBounded(code)}`;
}

function addUciPrefixes(value, add) {
  const prefixEnd = uciPrefixEnd(value);
  const qualifier = value.indexOf(':', prefixEnd);
  const ends = [];
  for (let i = prefixEnd; i < (qualifier < 0 ? value.length : qualifier) && ends.length < 7; i++) {
    if (value[i] === '-' && value[i - 1] !== '-') {
      ends.push(i);
    }
  }
  for (let i = ends.length - 1; i >= 0; i--) {
    add('uci-prefix', prefixSpecificity(ends[i]), value.slice(0, ends[i]));
  }
  for (let i = prefixEnd - 1; i > 0; i--) {
    if (value[i] === ':' || value[i] === '+') {
      add('uci-prefix', prefixSpecificity(i), value.slice(0, i));
    }
  }
}

// The numbers whose format is not public

function parseOpaque(scheme, value) {
  const code = plain(value).replace(/[ \t\n\v\f\r]+/g, ' ');
  const digits = code.replace(/[^0-9]/g, '');
  if (digits === '') {
    throw refusal('wrong-shape', `the number of a work has digits; this is ${quote(code)}`);
  }
  if (/^(?:0{4,}|9{4,})$/.test(digits)) {
    throw placeholder('The number', code);
  }
  return `${scheme}:${requireBounded(code)}`;
}

// Work ids

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

function times(a, b) {
  let product = 0;
  let shifted = a;
  for (let rest = b; rest > 0; rest >>= 1) {
    product ^= (rest & 1) * shifted;
    shifted = shifted << 1 ^ (shifted >> 4) * 0b100101;
  }
  return product;
}

function workCheck(id) {
  let sum = 0;
  let power = 1;
  for (let i = 0; i < 20; i++) {
    power = times(power, 2);
    sum ^= times(power, CROCKFORD.indexOf(id[i]));
  }
  return CROCKFORD[sum];
}

/**
 * Returns the canonical subject of a new work.
 *
 * @param {Uint8Array} random at least 13 random bytes
 */
export function workOf(random) {
  if (random.length < 13) {
    throw new RangeError('a work id needs 13 random bytes');
  }
  let id = '';
  for (let i = 0; i < 20; i++) {
    const bit = i * 5;
    const window = random[bit >> 3] << 8 | random[Math.min((bit >> 3) + 1, random.length - 1)];
    id += CROCKFORD[window >> (11 - bit % 8) & 0x1F];
  }
  return `work:${id}${workCheck(id)}`;
}

function parseWork(value) {
  const text = plain(value);
  const id = asciiLower(compact(without(text, 'work'))).replaceAll('o', '0').replace(/[il]/g, '1');
  const wrong = /[^0-9abcdefghjkmnpqrstvwxyz]/.exec(id);
  if (wrong !== null) {
    throw refusal('wrong-characters', `a work id cannot have ${quote(wrong[0])}`);
  }
  if (id.length !== 21) {
    throw refusal('wrong-shape', `a work id has 21 characters; this has ${id.length}`);
  }
  if (isRepeated(id)) {
    throw placeholder('Work id', text);
  }
  if (workCheck(id) !== id[20]) {
    throw refusal('wrong-check-digit', `one or more characters of ${quote(text)} are mistyped`);
  }
  return `work:${id}`;
}

// Others

function parseDomain(value) {
  let text = without(plain(value), 'https://', 'http://', '//');
  text = without(text, '*.');
  requireNoWildcard(text);
  const host = text.endsWith('/') ? text.slice(0, -1) : text;
  if (host.includes('/')) {
    throw refusal('wrong-shape', `a domain has no path; this is ${quote(text)}`, `under:https://${text}`);
  }
  const colon = host.lastIndexOf(':');
  const isPort = colon > 0 && isDigits(host.slice(colon + 1)) && host[0] !== '[';
  const canonical = canonicalHost(toBytes(isPort ? host.slice(0, colon) : host));
  if (isIpAddress(canonical)) {
    throw refusal('wrong-shape', 'an IP address is not a domain', `under:https://${canonical}/`);
  }
  return `domain:${canonical}`;
}

function requireNoWildcard(text) {
  const asterisk = text.indexOf('*');
  const slash = text.indexOf('/');
  if (asterisk < 0) {
    return;
  }
  if (slash >= 0 && slash < asterisk) {
    const end = text.lastIndexOf('/', asterisk);
    throw refusal('wildcard', `a domain has no path; this is ${quote(text)}`,
      end === slash ? `domain:${text.slice(0, slash)}` : `under:https://${text.slice(0, end + 1)}`);
  }
  const end = text.slice(text.lastIndexOf('*') + 1);
  const domain = end.startsWith('.') ? end.slice(1) : end;
  throw refusal('wildcard', `in a domain, *. may only be in front; this is ${quote(text)}`,
    domain.indexOf('.') > 0 ? `domain:${domain}` : null);
}

function labels(host, end) {
  return host.slice(0, end).split('.').length - 1;
}

function parseSha256(value) {
  const text = plain(value);
  const ofHash = (hash) => {
    if (isRepeated(hash)) {
      throw placeholder('SHA-256', text);
    }
    return `sha256:${hash}`;
  };
  if (/^[0-9a-fA-F]{64}$/.test(text)) {
    return ofHash(text.toLowerCase());
  }
  const rest = without(text, 'urn:sha256', 'sha256-', 'sha-256', 'sha256');
  const hex = asciiLower(compact(rest));
  if (/^[0-9a-f]{64}$/.test(hex)) {
    return ofHash(hex);
  }
  if (rest.length === 43 || rest.length === 44) {
    const bytes = fromBase64(rest.replaceAll('-', '+').replaceAll('_', '/'));
    if (bytes !== null && bytes.length === 32) {
      return ofHash(bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(''));
    }
  }
  throw refusal('wrong-shape', `a SHA-256 has 64 hexadecimal digits; this is ${quote(text)}`);
}

const ISSN_LABELS = [
  'https://portal.issn.org/resource/issn/', 'https://issn.org/resource/issn/', 'urn:issn', 'issn-l', 'e-issn', 'eissn',
  'p-issn', 'pissn', 'issn',
];

function parseIssn(value) {
  const text = plain(value);
  const number = compact(without(text, ...ISSN_LABELS));
  if (/^977[0-9]{10}$/.test(number)) {
    requireGs1(number, text, 'ISSN');
    const serial = serialOf(number);
    refusePlaceholderOfSerial(serial, 'ISSN', text);
    return `issn:${serial}`;
  }
  if (number.length !== 8 || !isDigitsOrX(number)) {
    throw refusal('wrong-shape', `an ISSN has eight digits, of which the last may be X; this is ${quote(text)}`);
  }
  refusePlaceholderOfSerial(number, 'ISSN', text);
  const due = modulo11(number.slice(0, 7));
  if (number[7] !== due) {
    throw wrongCheckDigit('ISSN', text, number[7], due, `issn:${number.slice(0, 7)}${due}`);
  }
  return `issn:${number}`;
}

function parseIsmn(value) {
  const text = plain(value);
  const number = compact(without(text, 'urn:ismn', 'ismn')).replace(/^M/, MUSICLAND);
  if (!/^9790[0-9]{9}$/.test(number)) {
    throw refusal('wrong-shape', `an ISMN is 979-0 and nine digits, or M and nine digits; this is ${quote(text)}`);
  }
  return bookOrScore(number, text, 'ISMN');
}

const ISRC = /^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$/;
const REGISTRANT = /^[A-Z]{2}[A-Z0-9]{3}$/;

function parseIsrc(value) {
  const text = plain(value);
  let code = compact(text);
  // Tries the whole text first: the codes of an Icelandic registrant may begin with ISRC1.
  if (!ISRC.test(code)) {
    code = compact(without(text, 'urn:isrc', 'isrc'));
  }
  if (!ISRC.test(code)) {
    throw refusal('wrong-shape',
      `an ISRC is two letters, three letters or digits and seven digits; this is ${quote(text)}`);
  }
  if (/^.{5}(?:0{7}|9{7})$/.test(code)) {
    throw placeholder('ISRC', text);
  }
  return `isrc:${code}`;
}

function parseRegistrant(value) {
  const text = plain(value);
  let code = compact(text);
  if (!REGISTRANT.test(code)) {
    code = compact(without(text, 'isrc'));
  }
  if (!REGISTRANT.test(code)) {
    throw refusal('wrong-shape',
      `an ISRC registrant is two letters and three letters or digits; this is ${quote(text)}`);
  }
  return `isrc-registrant:${code}`;
}

function parseIswc(value) {
  const text = plain(value);
  const bare = compact(without(text, 'urn:iswc', 'iswc')).replaceAll('.', '');
  const code = bare.length === 10 ? `T${bare}` : bare;
  if (!/^T[0-9]{10}$/.test(code)) {
    throw refusal('wrong-shape', `an ISWC is T and ten digits; this is ${quote(text)}`);
  }
  refusePlaceholder(code.slice(1), 'ISWC', text);
  const due = iswcCheck(code.slice(1, 10));
  if (code[10] !== due) {
    throw wrongCheckDigit('ISWC', text, code[10], due, `iswc:${code.slice(0, 10)}${due}`);
  }
  return `iswc:${code}`;
}

function parseGrid(value) {
  const text = plain(value);
  const code = compact(without(text, 'urn:grid', 'grid'));
  if (!/^A1[0-9A-Z]{16}$/.test(code)) {
    throw refusal('wrong-shape', `a GRid is A1 and sixteen more letters and digits; this is ${quote(text)}`);
  }
  if (isRepeated(code.slice(2, 17))) {
    throw placeholder('GRid', text);
  }
  const due = mod37Radix36(code.slice(0, 17));
  if (code[17] !== due) {
    throw refusal('wrong-check-digit', `GRid ${quote(text)} ends in ${code[17]} where ${due} is due`,
      `grid:${code.slice(0, 17)}${due}`);
  }
  return `grid:${code}`;
}

function parseGtin(value) {
  const text = plain(value);
  const number = compact(without(
    text, 'https://id.gs1.org/01/', 'urn:gtin', 'gtin-14', 'gtin-13', 'gtin-12', 'gtin-8', 'gtin', '(01)'));
  if (!isDigits(number)) {
    throw refusal('wrong-characters', `a GTIN has digits only; this is ${quote(text)}`);
  }
  if (number.length !== 8 && (number.length < 12 || number.length > 14)) {
    throw refusal('wrong-shape', `a GTIN has 8, 12, 13 or 14 digits; this has ${number.length}`);
  }
  const padded = number.padStart(14, '0');
  refusePlaceholderOfProduct(padded, text);
  requireGs1(padded, text, 'GTIN');
  return padded[0] === '0' && isBook(padded.slice(1)) ? bookOrScore(padded.slice(1), text, 'GTIN') : `gtin:${padded}`;
}

function refusePlaceholderOfProduct(padded, text) {
  refusePlaceholder(padded, 'GTIN', text);
  const number = padded.replace(/^0+/, '');
  if (number.length >= 7) {
    refusePlaceholder(number, 'GTIN', text);
    if (isSequence(number.slice(0, -1))) {
      throw placeholder('GTIN', text);
    }
  }
  if (padded.startsWith(`0${SERIALS}`)) {
    refusePlaceholderOfSerial(serialOf(padded.slice(1)), 'GTIN', text);
  }
}

const ISNI_LABELS = [
  'isni.org/isni/', 'isni.org/page/', 'isni.org/', 'www.isni.org/isni/', 'www.isni.org/page/', 'www.isni.org/',
  'orcid.org/', 'www.orcid.org/', 'urn:isni', 'isni', 'orcid',
];

function parseIsni(value) {
  const text = plain(value);
  const number = compact(without(without(text, 'https://', 'http://'), ...ISNI_LABELS).replace(/\/$/, ''));
  if (number.length !== 16 || !isDigits(number.slice(0, 15))) {
    throw refusal('wrong-shape', `an ISNI has sixteen digits, of which the last may be X; this is ${quote(text)}`);
  }
  refusePlaceholder(number, 'ISNI', text);
  const due = mod11Radix2(number.slice(0, 15));
  if (number[15] !== due) {
    throw wrongCheckDigit('ISNI', text, number[15], due, `isni:${number.slice(0, 15)}${due}`);
  }
  return `isni:${number}`;
}

function parseIpi(value) {
  const text = plain(value);
  const number = compact(without(text, 'ipi base', 'ipi name', 'ipi', 'cae')).replaceAll('.', '');
  if (/^I[0-9]{10}$/.test(number)) {
    refusePlaceholder(number.slice(1), 'IPI', text);
    return `ipi:${number}`;
  }
  if (!/^[0-9]{3,11}$/.test(number)) {
    throw refusal('wrong-shape',
      `an IPI name number has eleven digits, a base number has I and ten digits; this is ${quote(text)}`);
  }
  const padded = number.padStart(11, '0');
  refusePlaceholder(padded.slice(0, 10), 'IPI', text);
  const due = ipiCheck(padded.slice(0, 9));
  if (!padded.endsWith(due)) {
    throw wrongCheckDigit('IPI', text, padded.slice(9), due, `ipi:${padded.slice(0, 9)}${due}`);
  }
  return `ipi:${padded}`;
}

function parseDoiPrefix(value) {
  const text = plain(value);
  const prefix = asciiLower(withoutResolver(text)).replace(/\/$/, '');
  if (!isDoiPrefix(prefix) || prefix.length > 64) {
    throw refusal('wrong-shape', `a DOI prefix is 10. and a number, such as 10.1234; this is ${quote(text)}`);
  }
  if (isPlaceholderPrefix(prefix)) {
    throw placeholder('DOI prefix', text);
  }
  return `doi-prefix:${prefix}`;
}

function parseAccount(value) {
  const text = plain(value);
  if (text.includes('://')) {
    const canonical = canonicalAddress(text, false);
    const account = accountOf(addressOf(canonical));
    if (account === null) {
      throw refusal('wrong-shape', `${quote(text)} carries no account of a known platform`);
    }
    return `account:${account.value}`;
  }
  const colon = text.indexOf(':');
  const platform = asciiLower(strip(text.slice(0, Math.max(colon, 0))));
  const id = strip(text.slice(colon + 1));
  if (!/^[a-z0-9-]{1,32}$/.test(platform) || id === '') {
    throw refusal('wrong-shape', 'an account is a platform, a colon and an id, as in account:instagram:moon_toon;'
      + ` this is ${quote(text)}`);
  }
  if (id.length > 128) {
    throw refusal('too-long', 'the id of an account may have at most 128 characters');
  }
  // After a slash it would be read as an address the second time.
  if (id[0] === '/' || id.includes(':') || Array.from(id).some((c) => isWhiteSpace(c.charCodeAt(0)))) {
    throw refusal('wrong-characters', `${quote(id)} is not the id of an account`);
  }
  return `account:${platform}:${accountId(platform, id) ?? id}`;
}

const ISCC_HEADERS = '(?:AA|CA|CE|CI|CM|CQ|EA|EE|EI|EM|EQ|GA|IA|KA|KE|KI|KM|KQ|KU|KY|K4|MA|ME|MI|MM|OA)';

/**
 * The schemes in the order of the contract: files number them by their place.
 *
 * @type {Record<string, SchemeRules>}
 */
export const SCHEMES = {
  'url': {
    parse: (value) => canonicalAddress(value, false),
    requireDeclarable: (value) => requireAddress('url', addressOf(`url:${value}`)),
  },
  'under': {
    needsControl: true,
    parse: (value) => canonicalAddress(value, true),
    requireDeclarable: (value) => {
      const address = addressOf(`under:${value}`);
      requireAddress('under', address);
      const count = directories(address);
      if (count > MAX_DIRECTORIES) {
        throw new UndeclarableSubject('too-deep', `it has ${count} directories, and at most ${MAX_DIRECTORIES} are`
          + ' allowed; declare one above it, or the addresses below it as url:');
      }
    },
  },
  'domain': {
    needsControl: true,
    parse: parseDomain,
    requireDeclarable: (host) => {
      const start = registrable(host);
      if (start >= 0 || !hasKnownTopLevel(host)) {
        requireHost(host);
      }
      if (start < 0) {
        throw new UndeclarableSubject('public-suffix', `under ${quote(host)} anybody can register a name (it is a public`
          + ' suffix); declare your own name below it');
      }
      const count = labels(host, start);
      if (count > MAX_SUBDOMAIN_LABELS) {
        throw new UndeclarableSubject('too-deep', `it is ${count} labels below ${quote(host.slice(start))}, and at most`
          + ` ${MAX_SUBDOMAIN_LABELS} are allowed; declare a domain above it`);
      }
    },
  },
  'sha256': {
    parse: parseSha256,
    labels: ['sha-256'],
    shapes: [written(30, 'sha-?256-.{43,44}'), compactShape(10, '[0-9A-F]{64}')],
  },
  'iscc': {
    parse: (value) => `iscc:${canonicalIscc(parseIscc(value))}`,
    containers: (value, add) => {
      let specificity = AROUND;
      for (const head of headsOf(parseIscc(value)).reverse()) {
        if (head !== value) {
          add('iscc', specificity--, head);
        }
      }
    },
    shapes: [written(70, '[fbvzu][0-9A-Z_=-]{12,127}'), written(80, `${ISCC_HEADERS}[A-Z2-7-]{8,100}`)],
  },
  'isbn': {
    parse: parseIsbn,
    containers: (value, add) => addIsbnPrefixes(value, 11, add),
    shapes: [
      written(45, '(?:97[89][- ]?)?(?:[0-9][- ]?){9}[0-9X](?: +[0-9]{5})?(?: *\\([^()]*\\))?'),
      compactShape(40, '97[89][0-9]{10}(?:[0-9]{5})?'),
      compactShape(60, '[0-9]{9}[0-9X]'),
    ],
  },
  'issn': {
    parse: parseIssn,
    labels: ['e-issn', 'eissn', 'p-issn', 'pissn', 'issn-l'],
    shapes: [compactShape(70, '[0-9]{7}[0-9X]')],
    resolvers: [{host: 'portal.issn.org', path: 'resource/issn/'}],
  },
  'ismn': {parse: parseIsmn, shapes: [compactShape(30, 'M[0-9]{9}')]},
  'isrc': {
    parse: parseIsrc,
    containers: (value, add) => add('isrc-registrant', prefixSpecificity(5), value.slice(0, 5)),
    shapes: [compactShape(50, '[A-Z]{2}[A-Z0-9]{3}[0-9]{7}')],
  },
  'iswc': {
    parse: parseIswc,
    shapes: [written(50, 'T[-. ]?[0-9]{3}[-. ]?[0-9]{3}[-. ]?[0-9]{3}[-. ]?[0-9]')],
  },
  'doi': {
    parse: parseDoi,
    containers: (value, add) => addDoiPrefixes(value, value.indexOf('/'), add),
    shapes: [written(10, '10\\.[0-9. ]+/.+'), written(20, '10/\\S+')],
    resolvers: [
      {host: 'doi.org', path: ''}, {host: 'dx.doi.org', path: ''}, {host: 'hdl.handle.net', path: ''},
    ],
  },
  'eidr': {
    parse: parseEidr,
    containers: (value, add) => addDoiPrefixes(value, value.indexOf('/'), add),
    shapes: [compactShape(100, '[0-9A-F]{20}[0-9A-Z]')],
  },
  'isan': {
    parse: parseIsan,
    containers: (value, add) => {
      if (value.length > 16) {
        add('isan', AROUND, value.slice(0, 16));
      }
      const series = `${value.slice(0, 12)}0000`;
      if (!value.startsWith(series)) {
        add('isan', AROUND - 1, series);
      }
    },
    labels: ['v-isan'],
    shapes: [compactShape(90, '[0-9A-F]{16}(?:[0-9A-Z]|[0-9A-F]{8}|[0-9A-Z][0-9A-F]{8}[0-9A-Z])?')],
  },
  'grid': {parse: parseGrid, shapes: [compactShape(20, 'A1[0-9A-Z]{16}')]},
  'gtin': {
    parse: parseGtin,
    containers: (value, add) => {
      if (value.startsWith(`0${SERIALS}`)) {
        add('issn', AROUND, serialOf(value.slice(1)));
      }
    },
    labels: ['ean', 'upc'],
    shapes: [compactShape(110, '[0-9]{12,14}|[0-9]{8}')],
    resolvers: [{host: 'id.gs1.org', path: '01/'}],
  },
  'uci': {
    parse: parseUci,
    containers: (value, add) => {
      const qualifier = value.indexOf(':', uciPrefixEnd(value));
      if (qualifier > 0) {
        add('uci', AROUND, value.slice(0, qualifier));
      }
      addUciPrefixes(value, add);
    },
    shapes: [written(40, '[A-Z][0-9]{3}(?:[:+][A-Z0-9]+)*-[A-Z0-9].*')],
  },
  'icn': {parse: (value) => parseOpaque('icn', value)},
  'kcc': {parse: (value) => parseOpaque('kcc', value)},
  'isbn-prefix': {
    needsControl: true,
    parse: parseIsbnPrefix,
    specificity: (value) => prefixSpecificity(value.length),
    containers: (value, add) => addIsbnPrefixes(value, Math.min(value.length - 1, 11), add),
    requireDeclarable: (prefix) => {
      const group = groupLength(prefix);
      if (prefix.length <= group) {
        throw new UndeclarableSubject('registration-group', `${quote(prefix)} names a country or a language and not a`
          + ` publisher; a publisher's prefix has more than ${group} digits`);
      }
      if (prefix.length > 11) {
        throw new UndeclarableSubject(
          'too-long', 'a prefix has at most 11 digits, because the title needs at least one');
      }
    },
  },
  'isrc-registrant': {
    needsControl: true,
    parse: parseRegistrant,
    specificity: (value) => prefixSpecificity(value.length),
  },
  'doi-prefix': {
    needsControl: true,
    parse: parseDoiPrefix,
    specificity: (value) => prefixSpecificity(value.length),
    containers: (value, add) => addDoiPrefixes(value, value.lastIndexOf('.'), add),
  },
  'uci-prefix': {
    needsControl: true,
    parse: parseUciPrefix,
    specificity: (value) => prefixSpecificity(value.length),
    containers: addUciPrefixes,
    requireDeclarable: (prefix) => {
      if (prefix.slice(uciPrefixEnd(prefix)).split('-').length - 1 > 6) {
        throw new UndeclarableSubject('too-deep', 'it has more than 6 parts after its prefix');
      }
    },
  },
  'isni': {
    needsControl: true,
    parse: parseIsni,
    specificity: () => CREATOR,
    labels: ['orcid'],
    shapes: [compactShape(80, '0000[0-9]{11}[0-9X]')],
    resolvers: [
      {host: 'isni.org', path: 'isni/'}, {host: 'isni.org', path: 'page/'}, {host: 'isni.org', path: ''},
      {host: 'orcid.org', path: ''},
    ],
  },
  'ipi': {
    needsControl: true,
    parse: parseIpi,
    specificity: () => CREATOR,
    shapes: [written(60, 'I-[0-9]{9}-[0-9]'), compactShape(120, '[0-9]{11}')],
  },
  'work': {parse: parseWork, shapes: [compactShape(130, '[0-9A-HJ-KM-NP-TV-Z]{21}')]},
  'account': {
    parse: parseAccount,
    specificity: () => ACCOUNT,
    requireDeclarable: (value) => {
      const colon = value.indexOf(':');
      const platform = value.slice(0, colon);
      const id = value.slice(colon + 1);
      if (accountId(platform, id) !== id) {
        throw new UndeclarableSubject('unknown-account', hasPlatform(platform)
          ? `${quote(platform)} has no account ${quote(id)}`
          : `the platform ${quote(platform)} is not known; declare the address`);
      }
    },
  },
};

/** The names of the schemes in the order of the contract. */
export const SCHEME_NAMES = Object.keys(SCHEMES);
