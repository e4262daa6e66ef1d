// The account whose key this device stores, or in which the person is signed in.
import {hex, sha256} from './sha256.js';

const NAME = 'askfirst.account';

/** Stands for the key if the person is signed in. The browser then keeps a cookie that no script can read. */
export const SESSION = 'session';

function read() {
  try {
    return JSON.parse(localStorage.getItem(NAME)) ?? {};
  } catch {
    return {};
  }
}

export const account = {
  ...read(),
  keep({id, name, kind, key}) {
    Object.assign(this, {id, name, kind, key});
    try {
      localStorage.setItem(NAME, JSON.stringify({id, name, kind, key}));
    } catch {
      /* Storage is off: only this window keeps the account. */
    }
    // The browser then does not delete the key to make room. It may refuse, which changes nothing.
    navigator.storage?.persist?.().catch(() => {});
    window.dispatchEvent(new Event('account'));
  },
  forget() {
    for (const member of ['id', 'name', 'kind', 'key']) delete this[member];
    try {
      localStorage.removeItem(NAME);
    } catch {
      /* Storage is off. */
    }
    window.dispatchEvent(new Event('account'));
  },
};

// Another window may have changed the account.
window.addEventListener('storage', event => {
  if (event.key !== NAME) return;
  for (const member of ['id', 'name', 'kind', 'key']) delete account[member];
  Object.assign(account, read());
  window.dispatchEvent(new Event('account'));
});

/** The text of a key file. The key has a line of its own. */
export const keyFile = (words, party) => `${words}\n\n${party.name}\n${party.id}\n${party.key}\n`;

const KEY = /afk_[0-9a-hjkmnp-tv-z]{52}(?:[0-9a-hjkmnp-tv-z]{7})?/;
const CODE = /afm_[0-9a-hjkmnp-tv-z]{26}/;

/** Mail programs and messengers break long texts, and phones begin a line with a capital. */
const find = (form, text) => {
  const lower = text.toLowerCase();
  return (form.exec(lower) ?? form.exec(lower.replace(/[\s\u00ad\u200b-\u200d\u2060\ufeff]/g, '')))?.[0];
};

/** The key in a text; undefined if there is none. */
export const keyIn = text => find(KEY, text);

/** The code of a society's member in a text; undefined if there is none. */
export const codeIn = text => find(CODE, text);

/** The public id of a key, as the registry computes it. */
export const idOf = key => `k_${hex(sha256(new TextEncoder().encode(key))).slice(0, 16)}`;
