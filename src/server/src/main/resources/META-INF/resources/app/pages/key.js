import {html, nothing} from 'lit';
import {unsafeHTML} from 'lit/directives/unsafe-html.js';
import {SESSION, account, idOf, keyFile, keyIn} from '../account.js';
import {call} from '../api.js';
import {PageElement, toast} from '../element.js';
import {save} from '../files.js';
import {date, dateTime, t} from '../i18n.js';
import {contactFrom, contactText, licenseLinks, noticesView, refusalView, subjectView} from '../words.js';
import '../mail-sign-in.js';
import {storesKey} from '../passkeys.js';
import '../staff.js';
import '../new-key.js';

const SCOPES = ['full', 'declare', 'read', 'look-up', 'test'];

/** The registry keeps at least one key that can do everything and does not expire. */
const lasting = key => key.scope === 'full' && !key.expiresAt;

class KeyPage extends PageElement {
  static properties = {
    party: {state: true},
    refusal: {state: true},
    fresh: {state: true},
    fault: {state: true},
    messages: {state: true},
    more: {state: true},
    sure: {state: true},
    passkeys: {state: true},
    sessions: {state: true},
    link: {state: true},
    followed: {state: true},
    renamed: {state: true},
  };

  connectedCallback() {
    super.connectedCallback();
    // The token of a link is a secret: it does not stay in the address.
    const [, kind, token] = /^#(link|mail)=(af[le]_[0-9a-z]+)$/.exec(location.hash) ?? [];
    this.followed = kind && {[kind]: token};
    if (this.followed) history.replaceState(null, '', location.pathname + location.search);
    if (account.key) this.#load();
  }

  async #load() {
    try {
      const [party, {passkeys}, {sessions}] = await Promise.all([
        call('GET', '/v1/parties/me'),
        call('GET', '/v1/parties/me/passkeys'),
        call('GET', '/v1/sessions'),
      ]);
      Object.assign(this, {party, passkeys, sessions, refusal: null});
      await this.#loadMessages(0);
    } catch (refusal) {
      this.party = null;
      this.refusal = refusal;
    }
  }

  async #loadMessages(after) {
    const page = await call('GET', `/v1/parties/me/messages?after=${after}`);
    this.messages = after ? [...this.messages, ...page.messages] : page.messages;
    this.more = page.next;
  }

  async #verify() {
    try {
      const {expiresAt} = await call('POST', '/v1/parties/me/contact-verification');
      this.refusal = null;
      toast(t('contact.sent', {until: dateTime(expiresAt)}));
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #use(text) {
    const key = keyIn(text ?? '');
    this.fault = key ? null : t('key.fault');
    if (!key) return;
    try {
      const party = await call('GET', '/v1/parties/me', {key});
      account.keep({...party, key});
      await this.#load();
      toast(t('key.used', {name: party.name}));
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #make(event) {
    event.preventDefault();
    const scope = this.querySelector('#key-scope').value;
    const label = this.querySelector('#key-name').value.trim();
    const day = this.querySelector('#key-until').value;
    const json = {scope};
    if (label) json.label = label;
    if (day) json.expiresAt = new Date(`${day}T23:59:59`).toISOString();
    try {
      this.fresh = await call('POST', '/v1/parties/me/keys', {json});
      // This device keeps a key that can do everything; a smaller one is for a program.
      if (scope === 'full' && !day && account.key !== SESSION) account.keep({...this.party, key: this.fresh.key});
      event.target.reset();
      await this.#load();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  /** Asks before something is lost. */
  async #ask(title, text, button, act) {
    this.sure = {title, text, button, act};
    await this.updateComplete;
    this.querySelector('#sure').showModal();
  }

  async #forget() {
    account.forget();
    this.party = null;
    this.fresh = null;
    this.refusal = null;
    await this.updateComplete;
    this.querySelector('h1').focus();
  }

  async #revoke(id) {
    try {
      await call('DELETE', `/v1/parties/me/keys/${encodeURIComponent(id)}`);
      if (id === this.#here()) await this.#forget();
      else await this.#load();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  /** The id of the key that this device stores. */
  #here() {
    return account.key && account.key !== SESSION ? idOf(account.key) : null;
  }

  async #end(session) {
    try {
      await call('DELETE', `/v1/sessions/${encodeURIComponent(session.id)}`);
      if (session.current && account.key === SESSION) await this.#forget();
      else await this.#load();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #link() {
    try {
      this.link = await call('POST', '/v1/sessions/links');
      this.refusal = null;
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #follow() {
    try {
      await call('POST', '/v1/sessions', {json: this.followed, key: SESSION});
      const party = await call('GET', '/v1/parties/me', {key: SESSION});
      account.keep({...party, key: SESSION});
      this.followed = null;
      toast(t('key.used', {name: party.name}));
      await this.#load();
    } catch (refusal) {
      this.followed = null;
      this.refusal = refusal;
    }
  }

  async #turnMail(on) {
    try {
      await call(on ? 'PUT' : 'DELETE', '/v1/parties/me/mail-sign-in');
      await this.#load();
      if (account.key) toast(t(on ? 'mail-in.on' : 'mail-in.off'));
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #rename(event) {
    event.preventDefault();
    const label = this.querySelector('#passkey-name').value.trim();
    this.querySelector('#rename').close();
    try {
      await call('PATCH', `/v1/parties/me/passkeys/${encodeURIComponent(this.renamed.id)}`, {
        json: {label},
      });
      await this.#load();
      toast(t('passkey.renamed'));
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #askName(passkey) {
    this.renamed = passkey;
    await this.updateComplete;
    const field = this.querySelector('#passkey-name');
    field.value = passkey.label ?? '';
    this.querySelector('#rename').showModal();
    field.select();
  }

  async #remove(id) {
    try {
      await call('DELETE', `/v1/parties/me/passkeys/${encodeURIComponent(id)}`);
      await this.#load();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #close() {
    try {
      const {closesAt} = await call('DELETE', `/v1/parties/me?party=${encodeURIComponent(this.party.id)}`);
      toast(t('key.closed', {until: dateTime(closesAt)}));
      await this.#load();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #reopen() {
    try {
      this.party = await call('POST', '/v1/parties/me/reopening');
      this.refusal = null;
      toast(t('key.reopened'));
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #change(event) {
    event.preventDefault();
    const name = this.querySelector('#own-name').value.trim();
    const contact = this.querySelector('#own-contact').value.trim();
    try {
      const relay = this.querySelector('#own-relay').checked;
      const json = {name, contact: contact ? (contactFrom(contact) ?? contact) : null, relay};
      this.party = await call('PATCH', '/v1/parties/me', {json});
      account.keep({...this.party, key: account.key});
      this.refusal = null;
      toast(t('key.changed'));
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
      ${this.followed
        ? html`<section class="note warn stack" aria-labelledby="follow">
            <h2 id="follow">${t('link.open.h2')}</h2>
            <p>${t(this.followed.mail ? 'mail-in.open.text' : 'link.open.text')}</p>
            <div><button class="button primary" @click=${this.#follow}>${t('link.open')}</button></div>
          </section>`
        : nothing}
      ${this.refusal?.slug === 'sign-in-again'
        ? html`<div class="stack narrow">
            <af-passkey @done=${() => this.#load()}></af-passkey>
            ${this.party?.mailSignIn ? html`<af-mail-sign-in></af-mail-sign-in>` : nothing}
          </div>`
        : nothing}
      ${account.key && this.party?.closesAt
        ? html`<section class="note warn stack" aria-labelledby="closing">
            <h2 id="closing">${t('key.closing')}</h2>
            <p>${t('key.closing.text', {until: dateTime(this.party.closesAt)})}</p>
            <div><button class="button primary" @click=${this.#reopen}>${t('key.reopen')}</button></div>
          </section>`
        : nothing}
      ${this.fresh ? html`<af-new-key .party=${this.fresh}></af-new-key>` : nothing}
      ${account.key
        ? this.#own()
        : html`<section class="step narrow" aria-labelledby="sign-in">
            <h2 id="sign-in">${t('passkey.h2')}</h2>
            <p>${t('passkey.sign-in')}</p>
            <af-passkey @done=${() => this.#load()}></af-passkey>
            <h3>${t('mail-in.h2')}</h3>
            <p>${t('mail-in.text')}</p>
            <af-mail-sign-in></af-mail-sign-in>
          </section>`}
      ${this.party && this.party.kind !== 'creator' ? html`<af-staff @made=${() => this.#load()}></af-staff>` : nothing}
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
      ${account.key && this.messages?.length ? this.#messages() : nothing}
      <section class="step narrow" aria-labelledby="lost">
        <h2 id="lost">${t('key.lost')}</h2>
        <p>${t('key.lost.text')}</p>
        <div><a class="button" href="/recover">${t('key.lost.recover')}</a></div>
      </section>
      ${this.#surely()}
      <dialog id="rename" aria-labelledby="rename-title">
        <form class="stack" @submit=${this.#rename}>
          <h2 id="rename-title">${t('passkey.rename.h2')}</h2>
          <div class="field">
            <label for="passkey-name">${t('passkey.rename.field')}</label>
            <input id="passkey-name" type="text" maxlength="100" autocomplete="off" required />
          </div>
          <div class="row">
            <button class="button primary">${t('passkey.rename.save')}</button>
            <button class="button" type="button" @click=${() => this.querySelector('#rename').close()}>
              ${t('cancel')}
            </button>
          </div>
        </form>
      </dialog>
    </div>`;
  }

  #messages() {
    return html`<section class="step" aria-labelledby="messages">
      <h2 id="messages">${t('messages')}</h2>
      <p class="soft">${t('messages.text')}</p>
      <ul class="cards">
        ${this.messages.map(
          one =>
            html`<li class="card">
              <span class="stack"
                ><span class="strong">${one.name}</span
                ><a href="mailto:${one.replyTo}" rel="noreferrer nofollow">${one.replyTo}</a>${one.works.map(
                  work => html`<span>${subjectView(work)}</span>`,
                )}<span class="message">${one.message}</span><span class="meta">${dateTime(one.time)}</span></span
              >
            </li>`,
        )}
      </ul>
      ${this.more
        ? html`<div>
            <button class="button" @click=${() => this.#loadMessages(this.more)}>${t('messages.more')}</button>
          </div>`
        : nothing}
    </section>`;
  }

  /** The contact, with the evidence for it, and the way to get one. */
  #contact(party) {
    if (!party.contact && !party.relay) return nothing;
    const state = party.contactRefused ? 'refused' : party.contactVerifiedBy ? party.contactVerifiedBy : 'none';
    const isMail = party.contact?.startsWith('mailto:');
    return html`<h3>${t('contact.own')}</h3>
      ${party.contact
        ? html`<p><span class="value">${contactText(party.contact)}</span></p>
            <p class="hint">${t(`contact.own.${state}`)}</p>`
        : nothing}
      ${party.relay
        ? html`<p>${t('contact.own.relay')} <a href="/ask/${party.id}">/ask/${party.id}</a></p>`
        : nothing}
      ${isMail && state !== 'link' && state !== 'refused'
        ? html`<div><button class="button" @click=${this.#verify}>${t('contact.own.verify')}</button></div>`
        : nothing}
      ${this.#byMail(party, isMail && state === 'link' ? contactText(party.contact) : null)}`;
  }

  /** The address with which the party signs in, or its confirmed address with which it could. */
  #byMail(party, confirmed) {
    const other = confirmed && confirmed !== party.mailSignIn;
    if (!party.mailSignIn && !confirmed) return nothing;
    return html`<h3>${t('mail-in.h2')}</h3>
      <p>
        ${party.mailSignIn
          ? t('mail-in.is-on', {address: party.mailSignIn})
          : t('mail-in.is-off', {address: confirmed})}
      </p>
      <div class="row">
        ${other
          ? html`<button class="button" @click=${() => this.#turnMail(true)}>
              ${t('mail-in.turn-on', {address: confirmed})}
            </button>`
          : nothing}
        ${party.mailSignIn
          ? html`<button
              class="button"
              @click=${() =>
                this.#ask(t('mail-in.turn-off.sure'), t('mail-in.turn-off.text'), t('mail-in.turn-off'), () =>
                  this.#turnMail(false),
                )}
            >
              ${t('mail-in.turn-off')}
            </button>`
          : nothing}
      </div>`;
  }

  #aboutKey(key) {
    return [
      t(`key.scope.${key.scope}`),
      t('key.since', {day: date(key.createdAt)}),
      key.lastUsedAt ? t('key.last-used', {day: date(key.lastUsedAt)}) : t('key.unused'),
      ...(key.expiresAt ? [t('key.expires', {day: dateTime(key.expiresAt)})] : []),
    ].join(' · ');
  }

  #own() {
    const {party} = this;
    return html`<section class="step" aria-labelledby="own">
      <h2 id="own">${party?.name ?? account.name ?? account.id}</h2>
      <p class="soft">${t(account.key === SESSION ? 'session.kept' : 'key.kept')}</p>
      ${account.key === SESSION
        ? nothing
        : html`<div class="row">
            <button class="button" @click=${() => save('askfirst-key.txt', keyFile(t('key.file'), account))}>
              ${t('key.save')}
            </button>
            <button
              class="button"
              @click=${() =>
                this.#ask(t('key.forget.sure'), t('key.forget.text'), t('key.forget'), () => this.#forget())}
            >
              ${t('key.forget')}
            </button>
          </div>`}
      ${licenseLinks()}
      ${party
        ? html`${this.#contact(party)} ${this.#waysIn()}
            <h3>${t('key.list')}</h3>
            <ul class="cards">
              ${party.keys.map(
                key =>
                  html`<li class="card">
                    <span class="stack"
                      ><span>${key.label ? html`${key.label} ` : nothing}<span class="value">${key.id}</span>
                        ${key.id === this.#here() ? html`<strong>${t('key.here')}</strong>` : nothing}</span
                      ><span class="meta">${this.#aboutKey(key)}</span></span
                    ><span class="row"
                      ><button
                        class="button s"
                        ?disabled=${lasting(key) && party.keys.filter(lasting).length === 1}
                        aria-label=${t('key.revoke.label', {id: key.id})}
                        @click=${() =>
                          this.#ask(
                            t('key.revoke.sure', {name: key.label ?? key.id}),
                            t(key.id === this.#here() ? 'key.revoke.here' : 'key.revoke.text'),
                            t('key.revoke'),
                            () => this.#revoke(key.id),
                          )}
                      >
                        ${t('key.revoke')}
                      </button></span
                    >
                  </li>`,
              )}
            </ul>
            <form class="stack narrow" @submit=${this.#make}>
              <div class="fields">
                <div class="field">
                  <label for="key-name">${t('key.name')}</label>
                  <input id="key-name" type="text" maxlength="100" autocomplete="off" />
                </div>
                <div class="field">
                  <label for="key-scope">${t('key.scope')}</label>
                  <select id="key-scope">
                    ${SCOPES.map(scope => html`<option value=${scope}>${t(`key.scope.${scope}`)}</option>`)}
                  </select>
                </div>
                <div class="field">
                  <label for="key-until">${t('key.until')}</label>
                  <input id="key-until" type="date" />
                </div>
              </div>
              <div><button class="button">${t('key.make')}</button></div>
            </form>
            <details>
              <summary>${t('key.change')}</summary>
              <form class="stack narrow" @submit=${this.#change}>
                <div class="field">
                  <label for="own-name">${t('key.change.name')}</label>
                  <input id="own-name" type="text" required maxlength="200" .value=${party.name} />
                </div>
                <div class="field">
                  <label for="own-contact">${t('key.change.contact')}</label>
                  <input id="own-contact" type="text" maxlength="500" .value=${contactText(party.contact ?? '')} />
                </div>
                <label class="check"
                  ><input id="own-relay" type="checkbox" .checked=${party.relay ?? false} />
                  <span>${t('key.change.relay')}</span></label
                >
                <p class="soft">${t('key.change.text')}</p>
                <div><button class="button">${t('key.change.save')}</button></div>
              </form>
            </details>
            <details>
              <summary>${t('key.close')}</summary>
              <div class="stack narrow">
                <p>${t('key.close.text')}</p>
                <div>
                  <button
                    class="button danger"
                    @click=${() =>
                      this.#ask(t('key.close.sure'), t('key.close.text'), t('key.close'), () => this.#close())}
                  >
                    ${t('key.close')}
                  </button>
                </div>
              </div>
            </details>`
        : nothing}
    </section>`;
  }

  /** The passkeys, and the browsers in which somebody is signed in. */
  #waysIn() {
    return html`<h3>${t('passkey.h2')}</h3>
      <p>${t('passkey.text')}</p>
      ${this.passkeys?.length
        ? html`<ul class="cards">
            ${this.passkeys.map(
              one =>
                html`<li class="card">
                  <span class="stack"
                    ><span>${one.label ? html`${one.label} ` : nothing}<span class="value">${one.id}</span></span
                    ><span class="meta"
                      >${t('key.since', {day: date(one.createdAt)})} ·
                      ${one.lastUsedAt ? t('key.last-used', {day: date(one.lastUsedAt)}) : t('key.unused')}</span
                    ></span
                  ><span class="row"
                    ><button
                      class="button s"
                      aria-label=${t('passkey.rename.label', {id: one.id})}
                      @click=${() => this.#askName(one)}
                    >
                      ${t('passkey.rename')}</button
                    ><button
                      class="button s"
                      aria-label=${t('passkey.remove.label', {id: one.id})}
                      @click=${() =>
                        this.#ask(t('passkey.remove.sure'), t('passkey.remove.text'), t('passkey.remove'), () =>
                          this.#remove(one.id),
                        )}
                    >
                      ${t('passkey.remove')}
                    </button></span
                  >
                </li>`,
            )}
          </ul>`
        : nothing}
      <div class="row"><af-passkey make plain @done=${() => this.#load()}></af-passkey></div>
      ${this.passkeys?.length && storesKey() ? html`<af-key-away></af-key-away>` : nothing}
      <h3>${t('link.h2')}</h3>
      <p>${t('link.text')}</p>
      ${this.link
        ? html`<div class="qr" role="img" aria-label=${t('link.alt')}>${unsafeHTML(this.link.qr)}</div>
            <p class="hint">${t('link.until', {until: dateTime(this.link.expiresAt)})}</p>`
        : html`<div><button class="button" @click=${this.#link}>${t('link.make')}</button></div>`}
      ${this.sessions?.length
        ? html`<h3>${t('session.h2')}</h3>
            <ul class="cards">
              ${this.sessions.map(
                one =>
                  html`<li class="card">
                    <span class="stack"
                      ><span
                        >${t(`session.by.${one.method}`)}
                        ${one.current ? html`<strong>${t('key.here')}</strong>` : nothing}</span
                      ><span class="meta"
                        >${t('session.since', {day: dateTime(one.signedInAt)})} ·
                        ${t('key.last-used', {day: date(one.lastUsedAt)})}</span
                      ></span
                    ><span class="row"
                      ><button
                        class="button s"
                        aria-label=${t('session.end.label', {day: dateTime(one.signedInAt)})}
                        @click=${() => this.#end(one)}
                      >
                        ${t('session.end')}
                      </button></span
                    >
                  </li>`,
              )}
            </ul>`
        : nothing}`;
  }

  #surely() {
    const close = () => this.querySelector('#sure').close();
    return html`<dialog id="sure" aria-labelledby="sure-title">
      <div>
        <h2 id="sure-title">${this.sure?.title}</h2>
        <p>${this.sure?.text}</p>
        <div class="row">
          <button
            class="button danger"
            @click=${() => {
              close();
              this.sure.act();
            }}
          >
            ${this.sure?.button}
          </button>
          <button class="button" @click=${close}>${t('cancel')}</button>
        </div>
      </div>
    </dialog>`;
  }
}
customElements.define('af-key', KeyPage);
