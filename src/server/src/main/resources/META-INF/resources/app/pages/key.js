import {html, nothing} from 'lit';
import {account, keyFile, keyIn} from '../account.js';
import {call} from '../api.js';
import {PageElement, toast} from '../element.js';
import {save} from '../files.js';
import {date, dateTime, t} from '../i18n.js';
import {noticesView, refusalView} from '../words.js';
import './declare.js';

const WATCHED = 20;

class KeyPage extends PageElement {
  static properties = {
    party: {state: true},
    refusal: {state: true},
    fresh: {state: true},
    asked: {state: true},
    fault: {state: true},
  };

  connectedCallback() {
    super.connectedCallback();
    if (account.key) this.#load();
  }

  async #load() {
    try {
      this.party = await call('GET', '/v1/parties/me');
      this.refusal = null;
      await this.#watch();
    } catch (refusal) {
      this.party = null;
      this.refusal = refusal;
    }
  }

  /** Finds open recoveries of this account. The person must not overlook them. */
  async #watch() {
    const {party} = this;
    const ids = [
      ...new Set(party.notices.filter(notice => notice.kind === 'recovery-begun').map(notice => notice.subjectId)),
    ].slice(0, WATCHED);
    // If one cannot be loaded, the others are still shown, and its notice still links to it.
    const recoveries = await Promise.all(
      ids.map(id => call('GET', `/v1/recoveries/${id}`, {key: null}).catch(() => null)),
    );
    if (this.party === party) this.asked = recoveries.filter(one => one?.state === 'waiting');
  }

  async #use(text) {
    const key = keyIn(text ?? '');
    this.fault = key ? null : t('key.fault');
    if (!key) return;
    try {
      const party = await call('GET', '/v1/parties/me', {key});
      account.keep({...party, key});
      this.party = party;
      this.asked = [];
      this.refusal = null;
      await this.#watch();
      toast(t('key.used', {name: party.name}));
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #make() {
    try {
      this.fresh = await call('POST', '/v1/parties/me/keys');
      account.keep({...this.party, key: this.fresh.key});
      await this.#load();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #revoke(id) {
    try {
      await call('DELETE', `/v1/parties/me/keys/${encodeURIComponent(id)}`);
      await this.#load();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #close() {
    try {
      await call('DELETE', '/v1/parties/me');
      account.forget();
      this.party = null;
      this.querySelector('dialog').close();
      toast(t('key.closed'));
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  render() {
    return html`<div class="page narrow-page">
      <div class="intro">
        <h1 tabindex="-1">${t('nav.key')}</h1>
        <p class="lead">${t('key.lead')}</p>
      </div>
      ${refusalView(this.refusal)}
      ${account.key && this.asked?.length
        ? html`<section class="note bad stack" aria-labelledby="asked">
            <h2 id="asked">${t('recover.object.h2')}</h2>
            ${this.asked.map(
              one =>
                html`<p id="until-${one.id}">${t('key.asked', {until: dateTime(one.until)})}</p>
                  <div>
                    <a class="button danger" href="/recover/${one.id}" aria-describedby="until-${one.id}"
                      >${t('recover.look')}</a
                    >
                  </div>`,
            )}
          </section>`
        : nothing}
      ${this.fresh ? html`<af-new-key .party=${this.fresh}></af-new-key>` : nothing}
      ${account.key ? this.#own() : nothing}
      <section class="step" aria-labelledby="enter">
        <h2 id="enter">${t(account.key ? 'key.other' : 'key.enter')}</h2>
        <form
          class="stack narrow"
          novalidate
          @submit=${event => {
            event.preventDefault();
            this.#use(this.querySelector('#entered').value);
          }}
        >
          <div class="field">
            <label for="entered">${t('key.label')}</label>
            <input
              id="entered"
              type="password"
              autocomplete="off"
              spellcheck="false"
              placeholder="afk_…"
              aria-invalid=${this.fault ? 'true' : 'false'}
              aria-describedby="entered-fault"
            />
            <span class="error" id="entered-fault">${this.fault ?? ''}</span>
          </div>
          <div class="row">
            <button class="button primary">${t('key.use')}</button>
            <button class="button" type="button" @click=${() => this.querySelector('input[type=file]').click()}>
              ${t('key.from-file')}
            </button>
          </div>
          <input
            type="file"
            hidden
            accept=".txt,text/plain"
            aria-label=${t('key.from-file')}
            @change=${async event => {
              const [file] = event.target.files;
              event.target.value = '';
              if (file) this.#use(await file.slice(0, 65536).text());
            }}
          />
        </form>
      </section>
      ${account.key && this.party ? noticesView(this.party.notices) : nothing}
      <section class="step narrow" aria-labelledby="lost">
        <h2 id="lost">${t('key.lost')}</h2>
        <p>${t('key.lost.text')}</p>
        <div><a class="button" href="/recover">${t('key.lost.recover')}</a></div>
      </section>
    </div>`;
  }

  #own() {
    const {party} = this;
    return html`<section class="step" aria-labelledby="own">
      <h2 id="own">${party?.name ?? account.name ?? account.id}</h2>
      <p class="soft">${t('key.kept')}</p>
      <div class="row">
        <button class="button" @click=${() => save('askfirst-key.txt', keyFile(t('key.file'), account))}>
          ${t('key.save')}
        </button>
        <button
          class="button"
          @click=${() => {
            account.forget();
            this.party = null;
            this.fresh = null;
            this.refusal = null;
          }}
        >
          ${t('key.forget')}
        </button>
      </div>
      ${party
        ? html`<h3>${t('key.list')}</h3>
            <ul class="cards">
              ${party.keys.map(
                key =>
                  html`<li class="card">
                    <span class="value">${key.id}</span
                    ><span class="row"
                      ><span class="soft">${date(key.createdAt)}</span
                      ><button
                        class="button s"
                        ?disabled=${party.keys.length === 1}
                        aria-label=${t('key.revoke.label', {id: key.id})}
                        @click=${() => this.#revoke(key.id)}
                      >
                        ${t('key.revoke')}
                      </button></span
                    >
                  </li>`,
              )}
            </ul>
            <div><button class="button" @click=${this.#make}>${t('key.make')}</button></div>
            <details>
              <summary>${t('key.close')}</summary>
              <div class="stack narrow">
                <p>${t('key.close.text')}</p>
                <div>
                  <button class="button danger" @click=${() => this.querySelector('dialog').showModal()}>
                    ${t('key.close')}
                  </button>
                </div>
              </div>
            </details>
            <dialog aria-labelledby="close-sure">
              <div>
                <h2 id="close-sure">${t('key.close.sure')}</h2>
                <p>${t('key.close.text')}</p>
                <div class="row">
                  <button class="button danger" @click=${this.#close}>${t('key.close')}</button>
                  <button class="button" @click=${() => this.querySelector('dialog').close()}>${t('cancel')}</button>
                </div>
              </div>
            </dialog>`
        : nothing}
    </section>`;
  }
}
customElements.define('af-key', KeyPage);
