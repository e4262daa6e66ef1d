import {html, nothing} from 'lit';
import {account, keyFile} from './account.js';
import {PageElement, copy} from './element.js';
import {save} from './files.js';
import {t} from './i18n.js';
import './passkeys.js';

/** A new key, which is shown only once. Sends the event `kept` when the person saves or copies it. */
class NewKey extends PageElement {
  static properties = {party: {attribute: false}, text: {attribute: true}, kept: {state: true}};

  constructor() {
    super();
    this.leaving = event => !this.kept && event.preventDefault();
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('beforeunload', this.leaving);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('beforeunload', this.leaving);
  }

  willUpdate(changed) {
    if (changed.has('party')) this.kept = false;
  }

  #keep(kept = true) {
    this.kept = kept;
    if (kept) this.dispatchEvent(new Event('kept'));
  }

  render() {
    const {party} = this;
    return html`<section class="key-box" aria-labelledby="new-key">
      <h2 id="new-key">${t('key.new')}</h2>
      <p>${t(this.text ?? 'key.new.text')}</p>
      <code class="value" id="shown-key">${party.key}</code>
      <div class="row">
        <button
          class="button primary"
          @click=${() => {
            save(
              'askfirst-key.txt',
              keyFile(t('key.file'), {id: party.id ?? account.id, name: party.name ?? account.name, key: party.key}),
            );
            this.#keep();
          }}
        >
          ${t('key.save')}
        </button>
        <button
          class="button"
          @click=${() => {
            copy(party.key, this.querySelector('#shown-key'));
            this.#keep();
          }}
        >
          ${t('copy')}
        </button>
        ${account.key === party.key
          ? html`<af-passkey make @done=${() => this.#keep()}></af-passkey>`
          : nothing}
      </div>
      <div class="inline-choices">
        <label
          ><input
            type="checkbox"
            id="key-kept"
            .checked=${!!this.kept}
            @change=${event => this.#keep(event.target.checked)}
          />${t('key.kept.tick')}</label
        >
      </div>
      <p class="error" id="key-unkept" role="alert" hidden>${t('key.unkept')}</p>
      <details>
        <summary>${t('key.ways.h2')}</summary>
        <div class="stack-s">
          <p class="hint">${t('key.ways')}</p>
          ${account.key === party.key ? html`<p class="hint">${t('passkey.text')}</p>` : nothing}
        </div>
      </details>
    </section>`;
  }
}
customElements.define('af-new-key', NewKey);
