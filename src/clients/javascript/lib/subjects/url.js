/** Addresses on the web in canonical form, and their plain spelling (docs/formats/subjects.md, section 4). */
import {canonicalHost, isIpAddress} from './hosts.js';
import {hasKnownTopLevel} from './suffixes.js';
import {
  escapeBytes, fromBytes, isAscii, narrow, quote, refusal, requireNoLoneSurrogates, shownBytes, startsFullWidth, strip,
  toBytes, trimInvisible, undoEscapes,
} from './text.js';

const MAX_LENGTH = 8192;
const MAX_INPUT_LENGTH = 4 * MAX_LENGTH;
const PREFIX = 'https://';

const WEB_SCHEMES = new Set([
  'http', 'https', 'ws', 'wss', 'ftp', 'ftps', 'sftp', 'rtsp', 'rtsps', 'rtmp', 'rtmps', 'mms', 'gopher', 'gemini',
  'feed',
]);
const FILE_TYPES = new Set(['zip', 'mov', 'mobi', 'md', 'py', 'sh', 'ps', 'cab']);
const DOI_RESOLVERS = new Set(['doi.org', 'dx.doi.org', 'www.doi.org', 'hdl.handle.net']);

const SECOND_MARK = /(?:https?|wss?|ftps?):\/\/|www\./gi;
const SPACE = /[ \t\n\v\f\r\p{Z}]/u;
const SEPARATOR = /[ \t\n\v\f\r\p{Z},;|\u3001\uFF0C\uFF1B\u00B7]/u;
const OPENING = /[ \t\n\v\f\r\p{Z}([<"']/u;

/** Refuses a text with two addresses. It looks back from each mark of an address, which takes linear time. */
function requireOneAddress(text) {
  const first = text.indexOf('://');
  const isSuspect = (first >= 0 && text.indexOf('://', first + 3) >= 0)
    || text.indexOf('www.', Math.max(first + 4, 1)) >= 0
    || (first >= 0 && text.lastIndexOf('.', first) > 0);
  if (!isSuspect) {
    return;
  }
  let least = 0;
  for (const mark of text.matchAll(SECOND_MARK)) {
    let run = mark.index;
    while (run > least && OPENING.test(text[run - 1])) {
      run--;
    }
    let start = -1;
    if (run > least && SEPARATOR.test(text[run - 1])) {
      start = run - 1;
    } else {
      for (let i = run; i < mark.index && start < 0; i++) {
        start = SPACE.test(text[i]) ? i : -1;
      }
    }
    if (start < 0) {
      continue;
    }
    least = mark.index + mark[0].length;
    const before = text.slice(0, start);
    if (!before.includes('.')) {
      continue;
    }
    // A list that is itself a part of the first address is not a second address.
    const isListed = text[start] > ' ' && before.indexOf('://', Math.max(before.indexOf('://') + 3, 9)) > 0;
    if (!isListed) {
      throw refusal('several-subjects',
        `${quote(strip(before))} and ${quote(strip(text.slice(start + 1)))} are two addresses; give each by itself`);
    }
  }
}

/**
 * Returns the canonical subject of an address.
 *
 * @param {string} text
 * @param {boolean} isDirectory true for an `under`
 */
export function canonicalAddress(text, isDirectory) {
  if (text.length > MAX_INPUT_LENGTH) {
    throw refusal('too-long', `an address may have at most ${MAX_LENGTH} bytes in canonical form`);
  }
  if (!isAscii(text)) {
    requireNoLoneSurrogates(text);
    const address = trimInvisible(text);
    const typed = startsFullWidth(address) ? narrow(address) : address;
    requireOneAddress(typed);
    return canonicalBytes(toBytes(typed), isDirectory, true);
  }
  const isSeparated = /[\0- ,;|]/.test(text);
  if (isSeparated) {
    requireOneAddress(text);
  }
  return canonicalBytes(text, isDirectory, isSeparated || text.includes('%'));
}

function canonicalBytes(bytes, isDirectory, mayHideAnother) {
  let rest = bytes.replace(/^[\0- ]+/, '');
  let last = rest.length;
  while (last > 0 && rest[last - 1] <= ' ') {
    last--;
  }
  rest = cutFragment(rest.slice(0, last)).replace(/[\t\n\r]+/g, '');
  if (rest === '') {
    throw refusal('empty', 'an address needs a host');
  }
  let hasScheme;
  [rest, hasScheme] = skipScheme(rest);
  const authorityEnd = until(rest, 0, /[/\\?]/g);
  const authority = rest.slice(0, authorityEnd);
  const host = hostOf(authority);
  if (!hasScheme) {
    requireHostLike(rest, authority, host);
  }
  const queryStart = until(rest, authorityEnd, /\?/g);
  const prefix = isDirectory ? 'under:' : 'url:';
  let out = prefix + PREFIX + host + path(rest.slice(authorityEnd, queryStart), host);
  let isWildcard = false;
  if (queryStart >= rest.length - 1 && endsInWildcard(out)) {
    isWildcard = true;
    out = out.replace(/\*+$/, '');
  }
  if (isDirectory) {
    if (queryStart < rest.length - 1) {
      throw refusal('wrong-shape', 'a directory has no query',
        `under:${shownBytes(rest.slice(0, authorityEnd) + rest.slice(authorityEnd, queryStart).replaceAll('\\', '/'))}`);
    }
    out = out.endsWith('/') ? out : `${out}/`;
  } else if (queryStart + 1 < rest.length) {
    out += `?${escapeText(undoEscapes(rest.slice(queryStart + 1)), 'query')}`;
  }
  if (out.length > MAX_LENGTH) {
    throw refusal('too-long', `it has ${out.length} bytes in canonical form, and at most ${MAX_LENGTH} are allowed`);
  }
  if (mayHideAnother) {
    requireOneAddress(out.slice(prefix.length));
  }
  return isWildcard && !isDirectory ? `under:${out.slice(4)}` : out;
}

function until(text, from, pattern) {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

function cutFragment(text) {
  const hash = text.indexOf('#');
  return hash < 0 ? text : text.slice(0, hash);
}

function schemeEnd(text) {
  return /^[A-Za-z0-9+.-]*/.exec(text)[0].length;
}

/** Returns the text after the scheme and its slashes, and true if there was a scheme. */
function skipScheme(text) {
  let rest = text;
  let colon = schemeEnd(rest);
  if (colon > 0 && /^%3a/i.test(rest.slice(colon, colon + 3))) {
    rest = cutFragment(undoEscapes(rest));
    colon = schemeEnd(rest);
  }
  if (rest[colon] !== ':') {
    if (rest.length > 2 && rest.startsWith('//')) {
      return [rest.slice(2), true];
    }
    if (/^[/?:]/.test(rest) || rest === '') {
      throw refusal('wrong-shape', `${quote(shownBytes(rest))} has no host`);
    }
    return [rest, false];
  }
  const name = rest.slice(0, colon).toLowerCase();
  if (WEB_SCHEMES.has(name)) {
    return [rest.slice(colon + 1).replace(/^[/\\]+/, ''), true];
  }
  if (/^[0-9]+(?:$|[/\\?])/.test(rest.slice(colon + 1))) {
    return [rest, false];
  }
  throw refusal('not-on-the-web', `an address on the web does not begin with ${quote(`${name}:`)}`);
}

function hostOf(authority) {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  for (let i = host.length - 1; i >= 0 && host[i] !== ']'; i--) {
    // The colons of an IPv6 address are inside its brackets.
    if (host[i] === ':' && (host[0] !== '[' || host[i - 1] === ']')) {
      if (!/^[0-9]*$/.test(host.slice(i + 1))) {
        throw refusal('unreadable-host', 'the text after its colon is not a port number');
      }
      return canonicalHost(host.slice(0, i));
    }
  }
  return canonicalHost(host);
}

/** Refuses a text without a scheme that does not begin with a host. */
function requireHostLike(rest, authority, host) {
  if (authority.startsWith('*.') && host.indexOf('.') > 0) {
    throw refusal(
      'wildcard', `${quote(shownBytes(rest))} is no address`, `domain:${host.slice(host.indexOf('.') + 1)}`);
  }
  if (authority.includes('@')) {
    throw refusal('wrong-shape', `${quote(shownBytes(rest))} is an e-mail address and not an address on the web;`
      + ' if it is one, write https:// in front of it');
  }
  if (/[.[\x80-\xFF]/.test(authority) && isHostLike(rest, authority, host)) {
    return;
  }
  throw refusal('wrong-shape', `${quote(shownBytes(rest))} is neither an address with a scheme nor one that starts with`
    + ' a host; if it is an address, write https:// in front of it');
}

function isHostLike(rest, authority, host) {
  if (host[0] === '[') {
    return true;
  }
  if (host.includes('%') || !host.includes('.')) {
    return false;
  }
  if (isIpAddress(host)) {
    const port = authority.lastIndexOf(':');
    return /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/.test(shownBytes(port < 0 ? authority : authority.slice(0, port)));
  }
  const isFile = authority.length === rest.length
    && host.indexOf('.') === host.lastIndexOf('.')
    && FILE_TYPES.has(host.slice(host.indexOf('.') + 1));
  return !isFile && hasKnownTopLevel(host);
}

function path(raw, host) {
  const decoded = undoEscapes(raw.replaceAll('\\', '/'));
  if (DOI_RESOLVERS.has(host)) {
    const doi = /^\/*((?:doi:)?10\.[0-9].*)$/is.exec(decoded);
    if (doi !== null) {
      return `/${doi[1].split('/').map((segment) => escapeText(segment, 'path')).join('/')}`;
    }
  }
  if (decoded === '') {
    return '/';
  }
  const segments = decoded.slice(1).split('/');
  const out = [];
  segments.forEach((segment, i) => {
    const isLast = i === segments.length - 1;
    if (segment === '..') {
      out.pop();
    }
    if (segment === '.' || segment === '..') {
      if (isLast) {
        out.push('');
      }
      return;
    }
    out.push(escapeText(segment, 'path'));
  });
  return `/${out.join('/')}`.replace(/\/{2,}/g, '/');
}

/** Composes text (NFC) and escapes it. Bytes that are not UTF-8 are only escaped. */
function escapeText(bytes, component) {
  const text = isAscii(bytes) ? null : fromBytes(bytes);
  return escapeBytes(text === null ? bytes : toBytes(text.normalize('NFC')), component);
}

/**
 * Returns true if the last segment has only asterisks, one at least.
 *
 * @param {string} text
 */
export function endsInWildcard(text) {
  return /\/\*+$/.test(text);
}

/** @param {string} host */
export function isDoiResolver(host) {
  return DOI_RESOLVERS.has(host);
}

/**
 * The places of the parts of a canonical `url` or `under`.
 *
 * @param {string} text
 */
export function addressOf(text) {
  const hostStart = text.indexOf(':') + 1 + PREFIX.length;
  const hostEnd = text.indexOf('/', hostStart);
  const query = text.indexOf('?', hostEnd);
  const host = text.slice(hostStart, hostEnd);
  return {
    text,
    host,
    hostStart,
    hostEnd,
    plainHostStart: hostStart + plainHostStart(host),
    pathEnd: query < 0 ? text.length : query,
    hasQuery: query >= 0,
  };
}

/** @typedef {ReturnType<typeof addressOf>} WebAddress */

/** @param {WebAddress} address */
export function directories(address) {
  let count = 0;
  for (let i = address.hostEnd + 1; i < address.pathEnd; i++) {
    count += address.text[i] === '/' ? 1 : 0;
  }
  return count;
}

// The plain spelling

const TRACKERS = new Set(
  ('gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid _ga _gl fbclid fb_action_ids fb_action_types '
    + 'fb_ref fb_source igshid igsh msclkid twclid ref_src ref_url ttclid yclid ysclid li_fat_id epik rdt_cid '
    + 'mc_cid mc_eid _hsenc _hsmi __hstc __hssc __hsfp hsctatracking mkt_tok oly_anon_id oly_enc_id vero_id wickedid '
    + 'pk_campaign pk_cid pk_content pk_keyword pk_kwd pk_medium pk_source '
    + 'spm n_ad n_ad_group n_ad_group_type n_campaign_type n_keyword n_keyword_id n_match n_media n_network n_query '
    + 'n_rank napm').split(' '));

const TRACKERS_BY_PLAIN_HOST = new Map([
  ['youtube.com', ['si', 'feature']],
  ['music.youtube.com', ['si', 'feature']],
  ['youtu.be', ['si', 'feature']],
  ['open.spotify.com', ['si']],
  ['soundcloud.com', ['si']],
  ['x.com', ['s', 't']],
  ['twitter.com', ['s', 't']],
  ['tiktok.com', ['_r', '_t']],
]);

const INDEX = /\/(?:index|default)\.(?:html?|shtml|xhtml|php|phtml|aspx?|jspx?|do|cgi|cfm|pl)$/i;

/**
 * Returns the index at which the plain host begins in a canonical host.
 *
 * @param {string} host
 */
export function plainHostStart(host) {
  return /^(?:(?:www|m|mobile)\.(?=.*\.))*/.exec(host)[0].length;
}

/**
 * Returns the plain spelling of a canonical `url`.
 *
 * @param {WebAddress} address
 */
export function plainSpelling(address) {
  const {text} = address;
  let end = address.pathEnd;
  let path = text.slice(address.hostEnd, end);
  for (;;) {
    if (path.length > 1 && path.endsWith('/')) {
      path = path.slice(0, -1);
    } else {
      const index = INDEX.exec(path);
      if (index === null) {
        break;
      }
      path = path.slice(0, index.index + 1);
    }
  }
  let plain = text.slice(0, address.hostStart) + text.slice(address.plainHostStart, address.hostEnd) + path;
  if (address.hasQuery) {
    const host = text.slice(address.plainHostStart, address.hostEnd);
    const kept = text.slice(address.pathEnd + 1).split('&').filter((parameter) => !isTracker(parameter, host));
    plain += kept.length === 0 ? '' : `?${kept.join('&')}`;
  }
  return endsInWildcard(plain) ? text : plain;
}

function isTracker(parameter, plainHost) {
  if (parameter === '') {
    return true;
  }
  const equals = parameter.indexOf('=');
  const name = (equals < 0 ? parameter : parameter.slice(0, equals)).toLowerCase();
  return /^(?:utm_|mtm_)/i.test(parameter)
    || TRACKERS.has(name)
    || (TRACKERS_BY_PLAIN_HOST.get(plainHost)?.includes(name) ?? false);
}
