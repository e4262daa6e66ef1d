import {html, nothing} from 'lit';
import {account} from '../account.js';
import {Refusal, call} from '../api.js';
import {PageElement, navigate, toast} from '../element.js';
import {dateTime, t} from '../i18n.js';
import {pasteView, methodsView} from '../methods.js';
import {problemText, refusalView, subjectView} from '../words.js';
import '../new-key.js';

class RecoverPage extends PageElement {
  static properties = {
    recovery: {attribute: true},
    one: {state: true},
    fresh: {state: true},
    me: {state: true},
    refusal: {state: true},
    wrong: {state: true},
    busy: {state: true},
    soon: {state: true},
    missed: {state: true},
  };

  constructor() {
    super();
    this.wrong = {};
    this.leaving = event => this.fresh && !this.kept && event.preventDefault();
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
    if (changed.has('recovery')) this.#load();
  }

  async #load() {
    this.refusal = null;
    this.missed = this.soon = false;
    if (this.one?.id !== this.recovery) this.one = null;
    try {
      if (this.recovery) this.one ??= await call('GET', `/v1/recoveries/${this.recovery}`, {key: null});
      else if (account.key) this.me = await call('GET', '/v1/parties/me');
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  /** Finds the account by its id, or by the address of one of its certificates. */
  async #party(text) {
    const [party] = /p_[0-9a-z]{26}/.exec(text) ?? [];
    const [declaration] = /d_[0-9a-z]{26}/.exec(text) ?? [];
    if (party || !declaration) return party;
    return (await call('GET', `/v1/declarations/${declaration}`)).party;
  }

  async #showFaults(wrong) {
    this.wrong = wrong;
    await this.updateComplete;
    this.querySelector('[aria-invalid="true"]')?.focus();
  }

  /** Keeps the new key: only this answer contains it. */
  #asked(one) {
    this.fresh = {recovery: one.id, id: one.party, name: '', key: one.key};
    this.kept = false;
    this.one = one;
    navigate(`/recover/${one.id}`);
  }

  async #ask(event) {
    event.preventDefault();
    this.refusal = null;
    this.busy = true;
    try {
      const party = await this.#party(this.querySelector('#account').value);
      const {
        subjects: [found],
      } = await call('POST', '/v1/subjects/parse', {json: {texts: [this.querySelector('#site').value.trim() || '-']}});
      const wrong = {
        ...(party ? {} : {account: t('recover.account.fault')}),
        ...(found.subject && !found.problem
          ? {}
          : {site: found.problem ? problemText(found.problem) : t('prove.address.fault')}),
      };
      if (Object.keys(wrong).length > 0) return await this.#showFaults(wrong);
      this.wrong = {};
      this.#asked(await this.#first(party, found.subject));
    } catch (refusal) {
      this.refusal = refusal;
      this.missed = refusal.status === 422;
    } finally {
      this.busy = false;
    }
    return null;
  }

  /** Tries the typed address, then the site it is on: people remember an address, not the reach of its proof. */
  async #first(party, subject) {
    const host = /^(?:url|under):https?:\/\/(?:www\.)?([^/:]+)/.exec(subject)?.[1];
    const tried = [
      subject,
      ...(subject.startsWith('url:') ? [`under:${subject.slice(4)}`] : []),
      ...(host ? [`domain:${host}`] : []),
    ];
    for (const [place, one] of tried.entries()) {
      try {
        return await call('POST', '/v1/recoveries', {json: {party, subject: one}, key: null});
      } catch (refusal) {
        if (refusal.status !== 422 || place === tried.length - 1) throw refusal;
      }
    }
    return null;
  }

  async #askBody(event) {
    event.preventDefault();
    this.refusal = null;
    this.missed = false;
    try {
      const party = await this.#party(this.querySelector('#mine').value);
      const [body] = /p_[0-9a-z]{26}/.exec(this.querySelector('#body').value) ?? [];
      const wrong = {
        ...(party ? {} : {mine: t('recover.account.fault')}),
        ...(body ? {} : {body: t('members.other.fault')}),
      };
      if (Object.keys(wrong).length > 0) return await this.#showFaults(wrong);
      this.wrong = {};
      this.#asked(await call('POST', '/v1/recoveries', {json: {party, body}, key: null}));
    } catch (refusal) {
      this.refusal = refusal;
    }
    return null;
  }

  async #confirm() {
    try {
      const {party, id} = this.one;
      this.one = await call('POST', `/v1/parties/me/members/${party}/recovery`, {json: {recovery: id}});
      this.refusal = null;
      toast(t('recover.confirmed'));
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #see(event) {
    event.preventDefault();
    const [id] = /r_[0-9a-f]{16}/.exec(this.querySelector('#number').value) ?? [];
    if (!id) return this.#showFaults({number: t('recover.number.fault')});
    this.wrong = {};
    return navigate(`/recover/${id}`);
  }

  /** Continues the recovery: checks the token, or switches to the new key. */
  async #check() {
    this.refusal = null;
    this.missed = this.soon = false;
    this.busy = true;
    try {
      const before = this.one.state;
      this.one = await call('POST', `/v1/recoveries/${this.one.id}/check`, {key: null});
      this.missed = before === 'unproved' && this.one.state === before;
    } catch (refusal) {
      if (refusal instanceof Refusal && refusal.status === 429) this.soon = true;
      else this.refusal = refusal;
    } finally {
      this.busy = false;
    }
  }

  async #object() {
    try {
      this.one = await call('POST', `/v1/recoveries/${this.one.id}/objection`);
      toast(t('recover.objected'));
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #use() {
    try {
      account.keep({...(await call('GET', '/v1/parties/me', {key: this.fresh.key})), key: this.fresh.key});
      this.kept = true;
      navigate('/key');
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  render() {
    if (this.recovery) return this.#one();
    const {wrong} = this;
    const field = (name, hint, rest) =>
      html`<div class="field">
        <label for=${name}>${t(`recover.${name}`)}</label>
        <span class="hint" id="${name}-hint">${hint}</span>
        <input
          id=${name}
          type="text"
          maxlength="4000"
          spellcheck="false"
          autocapitalize="off"
          autocomplete="off"
          placeholder=${rest}
          aria-describedby="${name}-hint ${name}-fault"
          aria-invalid=${wrong[name] ? 'true' : 'false'}
        />
        <span class="error" id="${name}-fault">${wrong[name] ?? ''}</span>
      </div>`;
    return html`<div class="page narrow-page">
      <div class="intro">
        <h1 tabindex="-1">${t('title.recover')}</h1>
        <p class="lead">${t('recover.lead')}</p>
      </div>
      ${refusalView(this.refusal)}${this.missed ? html`<p class="note warn">${t('recover.not-proved')}</p>` : nothing}
      <section class="step" aria-labelledby="by-site">
        <h2 id="by-site">${t('recover.by-site')}</h2>
        <p>${t('recover.by-site.text')}</p>
        <form class="stack" novalidate @submit=${this.#ask}>
          ${field('account', t('recover.account.hint'), 'p_…')}${field('site', t('recover.site.hint'), 'https://')}
          <div><button class="button primary" ?disabled=${this.busy}>${t('recover.ask')}</button></div>
        </form>
      </section>
      <section class="step" aria-labelledby="by-body">
        <h2 id="by-body">${t('recover.by-body')}</h2>
        <p>${t('recover.by-body.text')}</p>
        <form class="stack" novalidate @submit=${this.#askBody}>
          ${field('mine', t('recover.account.hint'), 'p_…')}${field('body', t('recover.body.hint'), 'p_…')}
          <div><button class="button">${t('recover.ask')}</button></div>
        </form>
      </section>
      ${this.me?.vouchableSchemes
        ? html`<section class="step" aria-labelledby="for-member">
            <h2 id="for-member">${t('recover.for-member')}</h2>
            <p>${t('recover.for-member.text')}</p>
          </section>`
        : nothing}
      <section class="step" aria-labelledby="see">
        <h2 id="see">${t('recover.see')}</h2>
        <form class="stack" novalidate @submit=${this.#see}>
          ${field('number', t('recover.number.hint'), 'r_…')}
          <div><button class="button">${t('recover.see.submit')}</button></div>
        </form>
      </section>
      <section class="step" aria-labelledby="none">
        <h2 id="none">${t('recover.none')}</h2>
        <p>${t('recover.none.text')}</p>
        <p><a href="/declare">${t('nav.declare')}</a></p>
      </section>
    </div>`;
  }

  #one() {
    const {one} = this;
    if (!one)
      return html`<div class="page narrow-page">
        <h1 tabindex="-1">${t('title.recover')}</h1>
        ${this.refusal
          ? html`${refusalView(this.refusal)}
              <p><a href="/recover">${t('title.recover')}</a></p>`
          : html`<p class="soft" role="status">${t('loading')}</p>`}
      </div>`;
    const over = one.until && Date.parse(one.until) <= Date.now();
    const own = account.key && account.id === one.party;
    const note = {unproved: 'warn', waiting: 'warn', stopped: 'bad', recovered: 'good'}[one.state];
    const unconfirmed = one.state === 'unproved' && one.by;
    const text = unconfirmed
      ? 'recover.state.unconfirmed'
      : one.state === 'waiting' && over
        ? 'recover.state.over'
        : `recover.state.${one.state}`;
    return html`<div class="page narrow-page">
      <div class="intro"><h1 tabindex="-1">${t('title.recover')}</h1></div>
      <p class="note ${note}" role="status">${t(text, {until: one.until ? dateTime(one.until) : ''})}</p>
      ${this.fresh?.recovery === one.id && one.state !== 'stopped'
        ? html`<af-new-key
            .party=${this.fresh}
            text="recover.key"
            @kept=${() => (this.kept = true)}
          ></af-new-key>`
        : nothing}
      ${unconfirmed && one.by === account.id
        ? html`<section class="note warn stack" aria-labelledby="confirm">
            <h2 id="confirm">${t('recover.confirm.h2')}</h2>
            <p>${t('recover.confirm.text')}</p>
            <div><button class="button danger" @click=${this.#confirm}>${t('recover.confirm')}</button></div>
          </section>`
        : unconfirmed
          ? html`<section class="step" aria-labelledby="tell">
              <h2 id="tell">${t('recover.tell')}</h2>
              <p>${t('recover.tell.text')}</p>
              ${pasteView(t('recover.number'), one.id)}
            </section>`
          : nothing}
      ${one.state === 'unproved' && one.methods
        ? html`<section class="step" aria-labelledby="show">
            <h2 id="show">${t('recover.show')}</h2>
            ${subjectView(one.subject)}
            <p class="strong">${t('prove.methods')}</p>
            ${methodsView(one.id, one.methods, 'meta-tag')}
            ${this.soon
              ? html`<p class="note warn" role="status">${t('prove.soon')}</p>`
              : this.missed
                ? html`<p class="note warn" role="status">${t('recover.missed')}</p>`
                : nothing}
            <div class="row">
              <button class="button primary" ?disabled=${this.busy} @click=${this.#check}>
                ${t(this.busy ? 'prove.looking.short' : 'prove.check')}
              </button>
            </div>
          </section>`
        : nothing}
      ${one.state === 'waiting' ? this.#waiting(one, over, own) : nothing}
      ${this.fresh?.recovery !== one.id && !own && ['unproved', 'waiting'].includes(one.state)
        ? html`<p class="hint">${t('recover.have-key')} <a href="/recover">${t('recover.again')}</a></p>`
        : nothing}
      ${refusalView(this.refusal)}
      ${one.state === 'recovered'
        ? html`<div class="row">
            ${this.fresh?.recovery === one.id
              ? html`<button class="button primary" @click=${this.#use}>${t('key.use')}</button>`
              : html`<a class="button primary" href="/key">${t('key.enter')}</a>`}
          </div>`
        : nothing}
      ${one.state === 'stopped' ? html`<p><a href="/recover">${t('recover.again')}</a></p>` : nothing}
      <section class="step" aria-label=${t('recover.facts')}>
        <dl class="pairs">
          <div>
            <dt>${t('recover.number')}</dt>
            <dd class="value">${one.id}</dd>
          </div>
          <div>
            <dt>${t('recover.account')}</dt>
            <dd class="value">${one.party}</dd>
          </div>
          ${one.by
            ? html`<div>
                <dt>${t('recover.by')}</dt>
                <dd class="value">${one.by}</dd>
              </div>`
            : nothing}
        </dl>
      </section>
    </div>`;
  }

  #waiting(one, over, own) {
    return html`${own
      ? html`<section class="note bad stack" aria-labelledby="objection">
          <h2 id="objection">${t('recover.object.h2')}</h2>
          <p>${t('recover.object.text')}</p>
          <div><button class="button danger" @click=${this.#object}>${t('recover.object')}</button></div>
        </section>`
      : nothing}
    ${own
      ? nothing
      : over
        ? html`<div>
            <button class="button primary" ?disabled=${this.busy} @click=${this.#check}>${t('recover.finish')}</button>
          </div>`
        : html`<section class="step" aria-labelledby="back">
            <h2 id="back">${t('recover.back')}</h2>
            <p>${t('recover.back.text', {until: dateTime(one.until)})}</p>
            ${pasteView(t('recover.address'), `${location.origin}/recover/${one.id}`)}
          </section>`}
    ${own ? nothing : html`<p class="hint">${t('recover.object.other')} <a href="/key">${t('key.enter')}</a></p>`}`;
  }
}
customElements.define('af-recover', RecoverPage);
