/** The table of platforms: hosts on which many people publish, and the addresses there that carry an account. */
import source from '../generated/platforms.js';
import {plainHostStart} from './url.js';
import {lowerCharacter, matchesAt, shownBytes, undoEscapes} from './text.js';

const ID = '{id}';

/**
 * An account that an address carries.
 *
 * @typedef {{value: string, isNamed: boolean, hasOwnHost: boolean}} Account
 */

/** Ids of accounts: their characters, their length, and the words that are no ids. */
class Ids {
  constructor(classes, least, most, folds, not) {
    this.hasLetters = classes.startsWith('*');
    this.ascii = new Set();
    const characters = this.hasLetters ? classes.slice(1) : classes;
    for (let i = 0; i < characters.length; i++) {
      const isRange = i + 2 < characters.length && characters[i + 1] === '-';
      const last = characters.charCodeAt(isRange ? i + 2 : i);
      for (let c = characters.charCodeAt(i); c <= last; c++) {
        this.ascii.add(String.fromCharCode(c));
      }
      i += isRange ? 2 : 0;
    }
    this.least = least;
    this.most = most;
    this.folds = folds;
    this.not = not;
  }

  /** Returns the canonical id; null if the text is none. */
  read(text) {
    let id = '';
    let length = 0;
    for (const character of text) {
      const folded = this.folds ? lowerCharacter(character) : character;
      const fits = folded < '\x80' ? this.ascii.has(folded) : this.hasLetters && /^[\p{L}\p{Mn}]$/u.test(folded);
      if (!fits) {
        return null;
      }
      id += folded;
      length++;
    }
    return length < this.least || length > this.most || this.not.has(id) ? null : id;
  }
}

/** A segment of a pattern: a fixed text, or an id between two texts. */
class Segment {
  constructor(pattern) {
    const id = pattern.indexOf(ID);
    this.before = id < 0 ? pattern : pattern.slice(0, id);
    this.after = id < 0 ? null : pattern.slice(id + ID.length);
  }

  /** Returns the id in a segment of an address; null if the segment does not fit; empty if it fits and has none. */
  idIn(segment) {
    if (this.after === null) {
      const fits = this.before === '*'
        || (this.before.length === segment.length && matchesAt(segment, 0, this.before));
      return fits ? '' : null;
    }
    const end = segment.length - this.after.length;
    return end > this.before.length && segment.startsWith(this.before) && segment.endsWith(this.after)
      ? segment.slice(this.before.length, end)
      : null;
  }
}

/** A pattern of addresses on one host. */
class Rule {
  constructor(beginning, ids, isNamed, segments, isOpen, parameter) {
    this.beginning = beginning;
    this.ids = ids;
    this.isNamed = isNamed;
    this.segments = segments;
    this.isOpen = isOpen;
    this.parameter = parameter;
  }

  find(query, path) {
    if (path.length < this.segments.length || (!this.isOpen && path.length > this.segments.length)) {
      return null;
    }
    let found = this.parameter === null ? null : valueOf(query, this.parameter);
    for (let i = 0; i < this.segments.length; i++) {
      const id = this.segments[i].idIn(path[i]);
      if (id === null) {
        return null;
      }
      found = id === '' ? found : id;
    }
    return this.account(found, false);
  }

  account(found, hasOwnHost) {
    const id = found === null ? null : this.ids.read(decoded(found));
    return id === null ? null : {value: this.beginning + id, isNamed: this.isNamed, hasOwnHost};
  }
}

function valueOf(query, name) {
  const parameter = query.split('&').find((one) => one.startsWith(`${name}=`));
  return parameter === undefined ? null : parameter.slice(name.length + 1);
}

function decoded(text) {
  return text.includes('%') ? shownBytes(undoEscapes(text)).normalize('NFKC') : text;
}

let loaded = null;

function table() {
  loaded ??= read(source);
  return loaded;
}

/** Reads a table of platforms. Its format is described in docs/formats/subjects.md, section 6.8. */
function read(text) {
  const rulesByHost = new Map();
  const rulesBySite = new Map();
  const forms = new Map();
  let version = '';
  let date = '';
  let platform = '';
  let hosts = [];
  let ids = null;
  let id = ['', 1, 1, false];
  let not = new Set();
  const rule = (template, isNamed, segments, isOpen, parameter) => {
    const beginning = template.slice(0, -ID.length);
    forms.get(platform).push({beginning, ids});
    return new Rule(`${platform}:${beginning}`, ids, isNamed, segments, isOpen, parameter);
  };
  const pattern = (isNamed, [written, template = ID]) => {
    const query = written.indexOf('?');
    let path = query < 0 ? written : written.slice(0, query);
    const parameter = query < 0 ? null : written.slice(query + 1, -ID.length - 1);
    const isOpen = path.endsWith('/**');
    path = isOpen ? path.slice(0, -3) : path;
    const segments = path === '' ? [] : path.slice(1).split('/').map((segment) => new Segment(segment));
    const made = rule(template, isNamed, segments, isOpen, parameter);
    for (const host of hosts) {
      rulesByHost.get(host).push(made);
    }
  };
  for (const line of text.split('\n')) {
    const [word, ...values] = line.split(' ');
    switch (word) {
      case '':
        break;
      case 'version':
        [version] = values;
        break;
      case 'date':
        [date] = values;
        break;
      case 'platform':
        [platform] = values;
        forms.set(platform, []);
        not = new Set();
        hosts = [];
        break;
      case 'id':
        id = [values[0], Number(values[1]), Number(values[2]), values[3] === 'fold'];
        ids = new Ids(...id, not);
        break;
      case 'not':
        not = new Set([...not, ...values]);
        ids = new Ids(...id, not);
        break;
      case 'host':
        hosts = values;
        hosts.forEach((host) => rulesByHost.set(host, []));
        break;
      case 'account':
        pattern(true, values);
        break;
      case 'within':
        pattern(false, values);
        break;
      case 'site':
        for (const site of values) {
          rulesBySite.set(site.slice(ID.length + 1), rule(ID, true, [], true, null));
        }
        break;
      default:
        throw new Error(`the word ${word} of the table of platforms is not known`);
    }
  }
  return {version: `${version} ${date}`, rulesByHost, rulesBySite, forms};
}

/** Returns the version and the date of the table. */
export function platformsVersion() {
  return table().version;
}

/** @param {string} platform */
export function hasPlatform(platform) {
  return table().forms.has(platform);
}

/**
 * Returns the canonical id on a platform; null if the platform is unknown or has no such ids.
 *
 * @param {string} platform
 * @param {string} text
 * @returns {string | null}
 */
export function accountId(platform, text) {
  for (const {beginning, ids} of table().forms.get(platform) ?? []) {
    if (matchesAt(text, 0, beginning)) {
      const id = ids.read(text.slice(beginning.length));
      if (id !== null) {
        return beginning + id;
      }
    }
  }
  // People write the @ of a name also where ids have none.
  return text.startsWith('@') ? accountId(platform, text.slice(1)) : null;
}

/**
 * Returns the account that an address carries; null if it carries none.
 *
 * @param {import('./url.js').WebAddress} address
 * @returns {Account | null}
 */
export function accountOf(address) {
  const host = address.text.slice(address.plainHostStart, address.hostEnd);
  const rules = table().rulesByHost.get(host);
  if (rules === undefined) {
    return ofSite(host, address.hostEnd + 1 === address.text.length);
  }
  const raw = address.text.slice(address.hostEnd + 1, address.pathEnd);
  const path = raw === '' ? [] : (raw.endsWith('/') ? raw.slice(0, -1) : raw).split('/');
  const query = address.text.slice(address.pathEnd + 1);
  for (const rule of rules) {
    const account = rule.find(query, path);
    if (account !== null) {
      return account;
    }
  }
  return null;
}

/**
 * Returns the account whose own host this is; null if it is nobody's.
 *
 * @param {string} host
 * @returns {Account | null}
 */
export function accountOfHost(host) {
  return ofSite(host.slice(plainHostStart(host)), true);
}

function ofSite(host, isNamed) {
  const dot = host.indexOf('.');
  const rule = dot < 0 ? undefined : table().rulesBySite.get(host.slice(dot + 1));
  if (rule === undefined || table().rulesByHost.has(host)) {
    return null;
  }
  const account = rule.account(host.slice(0, dot), true);
  return account === null ? null : {...account, isNamed};
}

/**
 * Returns true if many people publish on the host, or on hosts below it.
 *
 * @param {string} host
 */
export function isSharedHost(host) {
  const plain = host.slice(plainHostStart(host));
  return table().rulesByHost.has(plain) || table().rulesBySite.has(plain);
}
