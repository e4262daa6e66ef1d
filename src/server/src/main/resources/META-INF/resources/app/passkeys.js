// Passkeys of this device: saving one for the account, and signing in with one.
import {html, nothing} from 'lit';
import {account, keyFile, SESSION} from './account.js';
import {call} from './api.js';
import {PageElement, toast} from './element.js';
import {save} from './files.js';
import {t} from './i18n.js';
import {refusalView} from './words.js';

export const passkeysWork = () => isSecureContext && 'PublicKeyCredential' in window;

const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), one => one.charCodeAt(0));
const text = buffer =>
  btoa(Array.from(new Uint8Array(buffer), one => String.fromCharCode(one)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const identified = list => list?.map(one => ({...one, id: bytes(one.id)}));

/** The answer of the browser as PublicKeyCredential.toJSON writes it, which not every browser has. */
const written = (credential, response) => ({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  response: {clientDataJSON: text(credential.response.clientDataJSON), ...response},
  clientExtensionResults: credential.getClientExtensionResults(),
});

/** Saves a passkey for the account. Throws a DOMException if the person or the device refuses. */
export async function makePasskey() {
  const {id, options} = await call('POST', '/v1/parties/me/passkeys/challenges');
  const {publicKey} = options;
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: {...publicKey.user, id: bytes(publicKey.user.id)},
      excludeCredentials: identified(publicKey.excludeCredentials),
    },
  });
  const credential = written(made, {attestationObject: text(made.response.attestationObject)});
  return call('POST', '/v1/parties/me/passkeys', {json: {challenge: id, credential}});
}

/** Signs in with a passkey, and returns the party. */
export async function signIn() {
  const {id, options} = await call('POST', '/v1/sessions/challenges', {key: null});
  const {publicKey} = options;
  const found = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: identified(publicKey.allowCredentials),
    },
  });
  const {response} = found;
  const credential = written(found, {
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : undefined,
  });
  await call('POST', '/v1/sessions', {json: {passkey: {challenge: id, credential}}, key: SESSION});
  const party = await call('GET', '/v1/parties/me', {key: SESSION});
  account.keep({...party, key: SESSION});
  return party;
}

/** True if this device stores a key, which every script of the page could read. */
export const storesKey = () => Boolean(account.key) && account.key !== SESSION;

/**
 * Takes the key away from this device, once the person signs in with a passkey. She is told first, and can save the
 * key. The session goes on with a cookie.
 */
class KeyAway extends PageElement {
  static properties = {refusal: {state: true}, saved: {state: true}};

  #save() {
    save('askfirst-key.txt', keyFile(t('key.file'), account));
    this.saved = true;
  }

  async #remove() {
    try {
      await call('POST', '/v1/sessions', {json: {}, headers: {'Askfirst-Session': '1'}});
      account.keep({id: account.id, name: account.name, kind: account.kind, key: SESSION});
      toast(t('key-away.done'));
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  render() {
    if (!storesKey()) return nothing;
    return html`<section class="note warn stack" aria-labelledby="key-away">
      <h3 id="key-away">${t('key-away.h2')}</h3>
      <p>${t('key-away.text')}</p>
      ${refusalView(this.refusal)}
      <div class="row">
        <button class="button" type="button" @click=${this.#save}>${t('key.save')}</button>
        <button class="button primary" type="button" @click=${this.#remove}>
          ${t(this.saved ? 'key-away.remove' : 'key-away.remove.unsaved')}
        </button>
      </div>
    </section>`;
  }
}
customElements.define('af-key-away', KeyAway);

/**
 * A button that saves a passkey (`make`), or that signs in with one. With `plain` the page itself tells of the key.
 * Sends the event `done`.
 */
class PasskeyButton extends PageElement {
  static properties = {
    make: {type: Boolean},
    refusal: {state: true},
    busy: {state: true},
    made: {state: true},
    plain: {type: Boolean},
  };

  async #press() {
    this.busy = true;
    this.refusal = null;
    try {
      if (this.make) {
        await makePasskey();
        toast(t('passkey.made'));
        this.made = true;
      } else {
        toast(t('key.used', {name: (await signIn()).name}));
      }
      this.dispatchEvent(new Event('done'));
    } catch (failure) {
      if (failure instanceof DOMException)
        toast(t(failure.name === 'InvalidStateError' ? 'passkey.there' : 'passkey.cancelled'));
      else this.refusal = failure;
    } finally {
      this.busy = false;
    }
  }

  render() {
    if (!passkeysWork()) return nothing;
    return html`<button class="button" type="button" ?disabled=${this.busy} @click=${this.#press}>
        ${t(this.make ? 'passkey.make' : 'passkey.use')}
      </button>
      ${refusalView(this.refusal)} ${this.made && !this.plain ? html`<af-key-away></af-key-away>` : nothing}`;
  }
}
customElements.define('af-passkey', PasskeyButton);
