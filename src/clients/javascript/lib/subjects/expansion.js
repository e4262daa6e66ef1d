/** The subjects that reach a subject (docs/formats/subjects.md, section 9), and the site prefilter (section 10). */
import {accountOf, accountOfHost, isSharedHost} from './platforms.js';
import {
  ACCOUNT, AROUND, EXACT, MAX_DIRECTORIES, MAX_SUBDOMAIN_LABELS, OTHER_SPELLING, SCHEMES, WITHOUT_QUERY,
  domainSpecificity, prefixSpecificity,
} from './schemes.js';
import {hex, sha256} from './sha256.js';
import {registrable, site} from './suffixes.js';
import {MalformedSubject} from './text.js';
import {addressOf, directories, endsInWildcard, isDoiResolver, plainHostStart, plainSpelling} from './url.js';

/** @param {string} scheme */
export function isAddressScheme(scheme) {
  return scheme === 'url' || scheme === 'under' || scheme === 'domain';
}

/** A subject of an expansion. Its key is computed when it is needed. */
class Entry {
  /**
   * @param {string} scheme
   * @param {number} specificity
   * @param {string} subject
   * @param {number} [place] the place in the asked address at which the host begins; -1 if there is none
   * @param {number} [length] the length of that host
   */
  constructor(scheme, specificity, subject, place = -1, length = 0) {
    this.scheme = scheme;
    this.specificity = specificity;
    this.subject = subject;
    this.place = place;
    this.length = length;
    /** @type {Uint32Array | null} */
    this.hash = null;
  }

  /** The key as eight words of 32 bits. */
  get words() {
    this.hash ??= sha256(this.subject);
    return this.hash;
  }

  /** The key in hexadecimal. */
  get key() {
    return hex(this.words);
  }
}

/** All subjects that reach one subject, the most specific first. The first entry is the subject itself. */
export class Expansion {
  /** @param {string} scheme @param {string} canonical */
  constructor(scheme, canonical) {
    /** @type {Entry[]} */
    this.entries = [];
    /** The length of the plain host of an address. */
    this.plainHostLength = 0;
    /** The place in the address from which on a host that begins there is shared by many people. */
    this.sharedFrom = Infinity;
    if (scheme === 'url') {
      this.#addUrl(canonical);
    } else if (scheme === 'under') {
      this.#addUnder(canonical);
    } else if (scheme === 'domain') {
      this.#addDomain(canonical);
    } else {
      this.#addIdentifier(scheme, canonical);
    }
  }

  #add(scheme, specificity, subject, place, length) {
    this.entries.push(new Entry(scheme, specificity, subject, place, length));
  }

  #addIdentifier(scheme, canonical) {
    const rules = SCHEMES[scheme];
    const value = canonical.slice(scheme.length + 1);
    this.#add(scheme, rules.specificity?.(value) ?? EXACT, canonical);
    rules.containers?.(value, (other, specificity, container) => this.#add(other, specificity, `${other}:${container}`));
  }

  #addUrl(canonical) {
    const address = addressOf(canonical);
    this.#addSpellings(address);
    const account = accountOf(address);
    if (account !== null) {
      this.#addAccount(account, address.host, address.hostStart);
    }
    this.#addDirectories(address, 4, false);
    this.#addHostsOf(address);
    const doi = doiOf(address);
    if (doi !== null) {
      this.#addIdentifier(doi.slice(0, doi.indexOf(':')), doi);
      this.entries.sort((one, other) => other.specificity - one.specificity);
    }
  }

  #addUnder(canonical) {
    const address = addressOf(canonical);
    this.#addDirectories(address, 6, true);
    this.#addHostsOf(address);
    const account = accountOf(address);
    if (account !== null) {
      this.#addAccount(account, address.host, address.hostStart);
    } else if (isSharedHost(address.host)) {
      this.sharedFrom = address.hostStart;
    }
  }

  #addDomain(canonical) {
    const host = canonical.slice(7);
    this.#addHosts(host, 7, Math.max(registrable(host), 0), true);
    const account = accountOfHost(host);
    if (account !== null) {
      this.#addAccount(account, host, 7);
    } else if (isSharedHost(host)) {
      this.sharedFrom = 7;
    }
  }

  /** Adds the address and the address without its query, each followed by its plain spelling if that is another. */
  #addSpellings(address) {
    const {text, pathEnd} = address;
    this.#addSpelling(EXACT, text, text.length);
    const plain = plainSpelling(address);
    this.plainHostLength = address.hostEnd - address.plainHostStart;
    const isPlain = plain === text;
    if (isPlain && !address.hasQuery) {
      return;
    }
    const query = isPlain ? pathEnd : plain.indexOf('?', address.hostStart);
    const plainPathEnd = query < 0 ? plain.length : query;
    const isPlainPath = plainPathEnd === pathEnd;
    if (!isPlain && !(isPlainPath && plain.length === plainPathEnd)) {
      this.#addSpelling(EXACT - OTHER_SPELLING, plain, plain.length);
    }
    if (address.hasQuery) {
      this.#addSpelling(WITHOUT_QUERY, text, pathEnd);
      if (!isPlainPath && plainPathEnd < plain.length) {
        this.#addSpelling(WITHOUT_QUERY - OTHER_SPELLING, plain, plainPathEnd);
      }
    }
  }

  #addSpelling(specificity, text, end) {
    const spelling = text.slice(0, end);
    if (end === text.length || !endsInWildcard(spelling)) {
      this.#add('url', specificity, spelling);
    }
  }

  #addAccount(account, host, hostStart) {
    this.#add('account', ACCOUNT, `account:${account.value}`);
    this.sharedFrom = account.hasOwnHost ? hostStart + host.indexOf('.', plainHostStart(host)) + 1 : hostStart;
  }

  #addDirectories(address, schemeEnd, isUnder) {
    const {text, hostStart, hostEnd} = address;
    let depth = directories(address);
    let end = address.pathEnd;
    if (text[end - 1] !== '/') {
      // The page itself, as a directory: a declaration of that directory also covers the page.
      if (depth < MAX_DIRECTORIES) {
        this.#add('under', prefixSpecificity(depth + 1), `under:${text.slice(schemeEnd, end)}/`, hostStart);
      }
      end = text.lastIndexOf('/', end - 1) + 1;
    }
    let isDeclaredDeep = isUnder;
    while (end > hostEnd) {
      if (depth <= MAX_DIRECTORIES || isDeclaredDeep) {
        this.#add('under', prefixSpecificity(depth), `under:${text.slice(schemeEnd, end)}`, hostStart);
      }
      isDeclaredDeep = false;
      depth--;
      end = text.lastIndexOf('/', end - 2) + 1;
    }
  }

  #addHostsOf(address) {
    const start = registrable(address.host);
    if (start >= 0) {
      this.#addHosts(address.host, address.hostStart, start, false);
    }
  }

  #addHosts(host, hostStart, registrableStart, withDeepest) {
    let labels = host.slice(0, registrableStart).split('.').length - 1;
    let isAsked = withDeepest;
    let start = 0;
    for (;;) {
      if (labels <= MAX_SUBDOMAIN_LABELS || isAsked) {
        this.#add('domain', domainSpecificity(labels), `domain:${host.slice(start)}`, hostStart + start,
          host.length - start);
      }
      if (start === registrableStart) {
        return;
      }
      isAsked = false;
      labels--;
      start = host.indexOf('.', start) + 1;
    }
  }

  /** The number of entries. */
  get size() {
    return this.entries.length;
  }

  /**
   * Returns true if entry i contains entry j, so that the controller of one also controls the other.
   *
   * @param {number} i
   * @param {number} j
   */
  contains(i, j) {
    return i === j
      || (this.entries[i].specificity < this.entries[j].specificity
        && this.#areOfOneKind(this.entries[i].scheme, this.entries[j].scheme)
        && (!this.isShared(i) || this.isShared(j))
        && (!this.isOtherSpelling(j) || this.containsEverySpelling(i)));
  }

  #areOfOneKind(one, other) {
    return isAddressScheme(one) === isAddressScheme(other)
      || (one === 'account' && other === 'url')
      || (other === 'account' && isAddressScheme(one));
  }

  /**
   * Returns true if entry i is a site on which many people publish, and the asked subject is what one of them published
   * or may have published.
   *
   * @param {number} i
   */
  isShared(i) {
    const {place} = this.entries[i];
    return place >= 0 && place >= this.sharedFrom;
  }

  /**
   * Returns true if entry i contains every spelling of the asked address.
   *
   * @param {number} i
   */
  containsEverySpelling(i) {
    const entry = this.entries[i];
    return entry.scheme === 'domain' && entry.length <= this.plainHostLength && !this.isShared(i);
  }

  /**
   * Returns true if entry i is not the asked address, with or without its query, but the plain spelling of it.
   *
   * @param {number} i
   */
  isOtherSpelling(i) {
    const {scheme, specificity} = this.entries[i];
    return scheme === 'url'
      && (specificity === AROUND || specificity === WITHOUT_QUERY - OTHER_SPELLING);
  }
}

/** Returns the canonical DOI that a link to the DOI resolver names; null if it names none. */
function doiOf(address) {
  const path = address.text.slice(address.hostEnd + 1, address.pathEnd);
  if (!isDoiResolver(address.host) || !/^(?:doi:)?10\./i.test(path)) {
    return null;
  }
  try {
    return SCHEMES.doi.parse(path);
  } catch (refused) {
    if (refused instanceof MalformedSubject) {
      return null;
    }
    throw refused;
  }
}

/** Returns the host of an address or a domain; null for other schemes. */
export function hostOf(scheme, canonical) {
  switch (scheme) {
    case 'url':
    case 'under':
      return addressOf(canonical).host;
    case 'domain':
      return canonical.slice(7);
    default:
      return null;
  }
}

/**
 * Returns the site prefilter of an asked subject; null if it has none, so that it must be expanded.
 *
 * @param {string} scheme
 * @param {string} canonical
 */
export function sitePrefilterOf(scheme, canonical) {
  switch (scheme) {
    case 'url':
    case 'under': {
      const address = addressOf(canonical);
      return doiOf(address) !== null || accountOf(address) !== null ? null : prefilter(address.host);
    }
    case 'domain':
      return accountOfHost(canonical.slice(7)) !== null ? null : prefilter(canonical.slice(7));
    default:
      return null;
  }
}

/**
 * Returns the site prefilter that an index stores for a statement; null if it stores none.
 *
 * @param {string} scheme
 * @param {string} canonical
 */
export function storedSitePrefilterOf(scheme, canonical) {
  const host = hostOf(scheme, canonical);
  return host === null ? null : prefilter(host);
}

function prefilter(host) {
  const domain = site(host);
  return sha256(`gate:${domain.slice(plainHostStart(domain))}`);
}
