/** Subjects: the names of works and of groups of works (docs/formats/subjects.md). */
import {Expansion, hostOf, sitePrefilterOf, storedSitePrefilterOf} from './subjects/expansion.js';
import {headsOf, parseIscc} from './subjects/iscc.js';
import {accountOf, platformsVersion} from './subjects/platforms.js';
import {SCHEMES, SCHEME_NAMES, workOf} from './subjects/schemes.js';
import {hex, sha256} from './subjects/sha256.js';
import {SUFFIX_LIST, site} from './subjects/suffixes.js';
import {
  MAX_INPUT_LENGTH, MalformedSubject, UndeclarableSubject, asciiLower, compact, inWords, isPossiblyEveryday,
  isWrittenEveryday, matchesAt, narrow, plain, quote, refusal, strip, trimInvisible,
} from './subjects/text.js';
import {addressOf, plainSpelling} from './subjects/url.js';

export {Expansion, MalformedSubject, SCHEME_NAMES, SUFFIX_LIST, UndeclarableSubject, platformsVersion};

/** The domain of the subjects that exist only for tests of clients. */
export const TEST_DOMAIN = 'askfirst.example';

const LONGEST_SCHEME = 32;

/** A canonical subject. */
export class Subject {
  #expansion = null;
  #words = null;

  /**
   * @param {string} canonical a canonical subject, which is not parsed again
   */
  constructor(canonical) {
    this.canonical = canonical;
    this.scheme = canonical.slice(0, canonical.indexOf(':'));
  }

  /** The part after the scheme and its colon. */
  get value() {
    return this.canonical.slice(this.scheme.length + 1);
  }

  /** The key as eight words of 32 bits. */
  get words() {
    this.#words ??= sha256(this.canonical);
    return this.#words;
  }

  /** The key in hexadecimal. */
  get key() {
    return hex(this.words);
  }

  /** Returns the subjects that reach this one, the most specific first. */
  expand() {
    this.#expansion ??= new Expansion(this.scheme, this.canonical);
    return this.#expansion;
  }

  /** Returns the site prefilter as eight words; null if the subject has none, so that it must be expanded. */
  sitePrefilter() {
    return sitePrefilterOf(this.scheme, this.canonical);
  }

  /** Returns the site prefilter that an index stores for a statement about this subject; null if it stores none. */
  storedSitePrefilter() {
    return storedSitePrefilterOf(this.scheme, this.canonical);
  }

  /** Returns the subjects under whose keys a statement about this one is stored, this one first. */
  indexedAs() {
    let others = [];
    if (this.scheme === 'iscc') {
      others = headsOf(parseIscc(this.value)).map((head) => `iscc:${head}`);
    } else if (this.scheme === 'url') {
      others = [plainSpelling(addressOf(this.canonical))];
    }
    return [...new Set([this.canonical, ...others])].map((canonical) => new Subject(canonical));
  }

  /** Returns the account that a `url` carries; null if it carries none. */
  account() {
    const account = this.scheme === 'url' ? accountOf(addressOf(this.canonical)) : null;
    return account === null ? null : new Subject(`account:${account.value}`);
  }

  /** Returns the account if the `url` names the account itself; null otherwise. */
  namedAccount() {
    const account = this.scheme === 'url' ? accountOf(addressOf(this.canonical)) : null;
    return account === null || !account.isNamed ? null : new Subject(`account:${account.value}`);
  }

  /** Returns the registrable domain of an address or a domain, or its host if it has none; null for other schemes. */
  registrableDomain() {
    const host = hostOf(this.scheme, this.canonical);
    return host === null ? null : site(host);
  }

  /** Returns the host if it is the domain of tests or below it; null otherwise. */
  testHost() {
    const host = this.canonical.includes(TEST_DOMAIN) ? hostOf(this.scheme, this.canonical) : null;
    return host !== null && (host === TEST_DOMAIN || host.endsWith(`.${TEST_DOMAIN}`)) ? host : null;
  }

  /**
   * Refuses subjects that may be asked and not declared.
   *
   * @throws {UndeclarableSubject}
   */
  requireDeclarable() {
    if (this.testHost() !== null) {
      throw new UndeclarableSubject('impossible-host', `everything below ${TEST_DOMAIN} is reserved for tests of clients`);
    }
    SCHEMES[this.scheme].requireDeclarable?.(this.value);
  }

  toString() {
    return this.canonical;
  }
}

function isScheme(name) {
  return Object.hasOwn(SCHEMES, name);
}

function parseAs(scheme, value) {
  return new Subject(SCHEMES[scheme].parse(value));
}

/**
 * Reads `scheme:value` in any spelling.
 *
 * @param {string} text
 * @throws {MalformedSubject}
 */
export function parse(text) {
  if (typeof text !== 'string') {
    throw refusal('wrong-shape', 'a subject is a text');
  }
  const colon = text.indexOf(':');
  const scheme = colon < 0 || colon > LONGEST_SCHEME ? '' : text.slice(0, colon);
  return isScheme(scheme) ? parseAs(scheme, text.slice(colon + 1)) : parseUnusual(text);
}

function parseUnusual(input) {
  const text = trimInvisible(input);
  if (text === '') {
    throw refusal('empty', 'a subject is a scheme, a colon and a value');
  }
  const colon = /[:\uFF1A]/.exec(text)?.index ?? text.length;
  if (colon < text.length && colon <= LONGEST_SCHEME) {
    const name = asciiLower(narrow(strip(text.slice(0, colon))));
    if (isScheme(name)) {
      return parseAs(name, text.slice(colon + 1));
    }
    if (name === 'urn') {
      return recognise(text);
    }
  }
  const noScheme = `${quote(text)} does not begin with a scheme and a colon`;
  const meant = attempt(() => recognise(text));
  throw meant === null
    ? inWords('unknown-scheme', noScheme, 'url:, isbn: or another scheme in front of it', null)
    : refusal('unknown-scheme', noScheme, meant.canonical);
}

/**
 * Returns a new id for a work that has none.
 *
 * @param {Uint8Array} random at least 13 random bytes
 */
export function ofWork(random) {
  return new Subject(workOf(random));
}

function attempt(read) {
  try {
    return read();
  } catch (refused) {
    if (refused instanceof MalformedSubject) {
      return null;
    }
    throw refused;
  }
}

// Recognition of a text without a scheme (section 13)

const BY_LABEL = new Map(SCHEME_NAMES.flatMap((scheme) =>
  [scheme, ...(SCHEMES[scheme].labels ?? [])].map((label) => [label, scheme])));

const LABEL = new RegExp(
  `^(?:urn:|info:)?(${[...BY_LABEL.keys()].sort().join('|')})(?:-1[03])?[ \\t\\n\\v\\f\\r:/][ \\t\\n\\v\\f\\r]*(.+)$`, 'is');
const LINK = /^(?:https?:)?\/\/(?:www\.)?([^/]+)\/(.+)$/is;

const RESOLVERS = SCHEME_NAMES
  .flatMap((scheme) => (SCHEMES[scheme].resolvers ?? []).map((resolver) => ({...resolver, scheme})))
  .sort((one, other) => (one.host < other.host ? -1 : one.host > other.host ? 1 : 0));
const SHAPES = SCHEME_NAMES
  .flatMap((scheme) => (SCHEMES[scheme].shapes ?? []).map((shape) => ({...shape, scheme})))
  .sort((one, other) => one.rank - other.rank);

/**
 * Reads a text without a scheme: a link, an ISBN with hyphens, a DOI link, a code.
 *
 * @param {string} text
 * @throws {MalformedSubject}
 */
export function recognise(text) {
  if (typeof text !== 'string') {
    throw refusal('wrong-shape', 'a subject is a text');
  }
  const subject = recogniseAny(text);
  const isLabelled = () => text.length <= MAX_INPUT_LENGTH && LABEL.test(plain(text));
  return subject.scheme === 'url' && !isLabelled() ? subject.namedAccount() ?? subject : subject;
}

function recogniseAny(input) {
  if (input.length > MAX_INPUT_LENGTH) {
    // Only addresses are that long.
    return parse(`url:${input}`);
  }
  const text = plain(input);
  if (isWrittenEveryday(text)) {
    throw namesNoWork();
  }
  const label = LABEL.exec(text);
  if (label !== null) {
    return parse(`${BY_LABEL.get(asciiLower(label[1]))}:${label[2]}`);
  }
  if (LINK.test(text) || text.includes('://')) {
    return parseLink(input, text);
  }
  const subjects = [];
  const refusals = [];
  const short = compact(text);
  for (const shape of SHAPES) {
    if (shape.pattern.test(shape.compact ? short : text)) {
      try {
        const subject = parse(`${shape.scheme}:${text}`);
        if (!subjects.some((other) => other.canonical === subject.canonical)) {
          subjects.push(subject);
        }
      } catch (refused) {
        if (!(refused instanceof MalformedSubject)) {
          throw refused;
        }
        refusals.push(refused);
      }
    }
  }
  return decide(input, text, subjects, refusals);
}

function namesNoWork() {
  return refusal('wrong-shape', 'this looks like a date, a telephone number or a number of a person or a business, which'
    + ' names no work; if it is the number of a work, write the scheme in front of it');
}

function parseLink(input, text) {
  const link = LINK.exec(text);
  if (link !== null) {
    const host = asciiLower(link[1]);
    const path = link[2];
    for (const resolver of RESOLVERS) {
      if (host === resolver.host && matchesAt(path, 0, resolver.path)) {
        const value = path.slice(resolver.path.length).replace(/[?#].*$/s, '');
        const subject = attempt(() => parse(`${resolver.scheme}:${value}`));
        if (subject !== null) {
          return subject;
        }
        if (value.includes(' ')) {
          // Escaped, the white space would hide the fault of the identifier in an address.
          return parse(`${resolver.scheme}:${value}`);
        }
      }
    }
  }
  return parse(`url:${input}`);
}

function decide(input, text, subjects, refusals) {
  // Only an ISSN is printed with a hyphen in the middle, so only eight digits without one are ambiguous.
  if (subjects.length > 1 && text.length === 8) {
    throw refusal('ambiguous', `${quote(text)} is valid as ${subjects[0].canonical} and as ${subjects[1].canonical}; name`
      + ' the scheme');
  }
  if (subjects.length > 0) {
    return subjects[0];
  }
  if (refusals.length === 0 && text.indexOf(':') > 0) {
    // It looks like an address, so the refusal describes its fault as an address.
    return parse(`url:${input}`);
  }
  const address = text.includes(' ') ? null : attempt(() => parse(`url:${input}`));
  if (address !== null) {
    return address;
  }
  if (isPossiblyEveryday(text)) {
    throw namesNoWork();
  }
  throw refusals[0] ?? refusal('wrong-shape', `${quote(text)} is neither a link nor a known identifier; write the scheme`
    + ' in front of it, as in isbn:9788936434120');
}
