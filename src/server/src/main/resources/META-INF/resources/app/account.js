// The account whose key this device stores.
const NAME = 'askfirst.account';

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

export const keyIn = text => /afk_[0-9a-hjkmnp-tv-z]{52}/.exec(text)?.[0];
