/** The public suffix list, with its private section. It determines where a registrable domain begins. */
import rules, {VERSION} from '../generated/public-suffixes.js';
import {isIpAddress} from './hosts.js';

const PRESENT = 1;
const RULE = 2;
const WILDCARD = 4;
const EXCEPTION = 8;

/** The version of the list: its date and the first digits of its commit. */
export const SUFFIX_LIST = VERSION;

/** @type {Map<string, number> | null} */
let loaded = null;

function flags() {
  if (loaded === null) {
    const map = new Map();
    for (const rule of rules.split('\n')) {
      const kind = rule.startsWith('!') ? EXCEPTION : rule.startsWith('*.') ? WILDCARD : RULE;
      const suffix = rule.slice(kind === EXCEPTION ? 1 : kind === WILDCARD ? 2 : 0);
      map.set(suffix, (map.get(suffix) ?? 0) | kind | PRESENT);
      // Every parent is present too, so a search from the right may stop at the first absent name.
      for (let dot = suffix.indexOf('.'); dot >= 0; dot = suffix.indexOf('.', dot + 1)) {
        const parent = suffix.slice(dot + 1);
        map.set(parent, (map.get(parent) ?? 0) | PRESENT);
      }
    }
    loaded = map;
  }
  return loaded;
}

/**
 * Returns the index at which the registrable domain of a canonical host begins; -1 for an IP address and a public
 * suffix.
 *
 * @param {string} host
 */
export function registrable(host) {
  if (isIpAddress(host)) {
    return -1;
  }
  const map = flags();
  let suffix = host.lastIndexOf('.') + 1;
  let label = suffix;
  for (;;) {
    const found = map.get(host.slice(label)) ?? 0;
    if (found === 0) {
      break;
    }
    if ((found & EXCEPTION) !== 0) {
      suffix = host.indexOf('.', label) + 1;
      break;
    }
    if ((found & RULE) !== 0) {
      suffix = label;
    }
    if (label === 0) {
      break;
    }
    const next = label < 2 ? 0 : host.lastIndexOf('.', label - 2) + 1;
    if ((found & WILDCARD) !== 0) {
      suffix = next;
    }
    label = next;
  }
  return suffix <= 0 ? -1 : suffix < 2 ? 0 : host.lastIndexOf('.', suffix - 2) + 1;
}

/**
 * Returns true if the last label of a canonical host is a top-level domain of the list.
 *
 * @param {string} host
 */
export function hasKnownTopLevel(host) {
  return flags().has(host.slice(host.lastIndexOf('.') + 1));
}

/**
 * Returns the registrable domain; the host itself if it has none.
 *
 * @param {string} host
 */
export function site(host) {
  const start = registrable(host);
  return start < 0 ? host : host.slice(start);
}
