// The form that takes the place of a party's contact.
import {html, nothing} from 'lit';
import {call} from '../api.js';
import {PageElement} from '../element.js';
import {date, t} from '../i18n.js';
import {problemText, refusalView} from '../words.js';

const MAX_WORKS = 20;

class AskPage extends PageElement {
  static properties = {
    party: {attribute: true},
    one: {state: true},
    refusal: {state: true},
    wrong: {state: true},
    busy: {state: true},
    sent: {state: true},
  };

  constructor() {
    super();
    this.wrong = {};
  }

  willUpdate(changed) {
    if (changed.has('party')) this.#load();
  }

  async #load() {
    this.refusal = this.one = this.sent = null;
    this.wrong = {};
    try {
      this.one = await call('GET', `/v1/parties/${this.party}`, {key: null});
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  #value(id) {
    return this.querySelector(`#${id}`).value.trim();
  }

  /** The works of the lines, and a fault if one of them is none. */
  async #works() {
    const texts = this.#value('works')
      .split('\n')
      .map(line => line.trim())
      .filter(Boolean);
    if (texts.length === 0) return {works: []};
    if (texts.length > MAX_WORKS) return {fault: t('ask.works.fault')};
    const {subjects} = await call('POST', '/v1/subjects/parse', {key: null, json: {texts}});
    const odd = subjects.find(one => one.problem || !one.subject);
    return odd
      ? {fault: odd.problem ? problemText(odd.problem) : t('ask.works.fault')}
      : {works: [...new Set(subjects.map(one => one.subject))]};
  }

  async #send(event) {
    event.preventDefault();
    this.refusal = null;
    this.busy = true;
    try {
      const name = this.#value('name');
      const replyTo = this.#value('reply-to');
      const message = this.#value('message');
      const {works, fault} = await this.#works();
      this.wrong = {
        ...(name ? {} : {name: t('ask.name.fault')}),
        ...(/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(replyTo) ? {} : {replyTo: t('ask.reply-to.fault')}),
        ...(fault ? {works: fault} : {}),
        ...(message ? {} : {message: t('ask.message.fault')}),
      };
      if (Object.keys(this.wrong).length > 0) {
        await this.updateComplete;
        this.querySelector('[aria-invalid="true"]')?.focus();
        return;
      }
      this.sent = await call('POST', `/v1/parties/${this.party}/messages`, {
        key: null,
        json: {name, replyTo, message, ...(works.length > 0 ? {works} : {})},
      });
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<div class="page narrow-page">
      <div class="intro">
        <h1 tabindex="-1">${this.one?.name ? t('ask.h1', {name: this.one.name}) : t('title.ask')}</h1>
        <p class="lead">${t('ask.lead')}</p>
      </div>
      ${refusalView(this.refusal)}
      ${this.sent
        ? html`<div class="note good" role="status">${t('ask.sent', {until: date(this.sent.keptUntil)})}</div>`
        : this.one
          ? this.#form()
          : nothing}
      ${this.one || this.refusal ? nothing : html`<p class="soft" role="status">${t('loading')}</p>`}
    </div>`;
  }

  #field(name, label, hint, control) {
    return html`<div class="field">
      <label for=${name}>${label}</label>
      ${hint ? html`<span class="hint" id="${name}-hint">${hint}</span>` : nothing} ${control}
      <span class="error" id="${name}-fault">${this.wrong[name === 'reply-to' ? 'replyTo' : name] ?? ''}</span>
    </div>`;
  }

  #form() {
    const {wrong} = this;
    const invalid = name => (wrong[name] ? 'true' : 'false');
    return html`<form class="step stack narrow" novalidate @submit=${this.#send}>
      ${this.#field(
        'name',
        t('ask.name'),
        null,
        html`<input
          id="name"
          type="text"
          maxlength="200"
          autocomplete="organization"
          aria-invalid=${invalid('name')}
          aria-describedby="name-fault"
        />`,
      )}
      ${this.#field(
        'reply-to',
        t('ask.reply-to'),
        t('ask.reply-to.hint'),
        html`<input
          id="reply-to"
          type="email"
          maxlength="254"
          autocomplete="email"
          aria-invalid=${invalid('replyTo')}
          aria-describedby="reply-to-hint reply-to-fault"
        />`,
      )}
      ${this.#field(
        'works',
        t('ask.works'),
        t('ask.works.hint'),
        html`<textarea
          id="works"
          rows="3"
          maxlength="8000"
          aria-invalid=${invalid('works')}
          aria-describedby="works-hint works-fault"
        ></textarea>`,
      )}
      ${this.#field(
        'message',
        t('ask.message'),
        t('ask.message.hint'),
        html`<textarea
          id="message"
          rows="8"
          maxlength="4000"
          aria-invalid=${invalid('message')}
          aria-describedby="message-hint message-fault"
        ></textarea>`,
      )}
      <p class="soft">${t('ask.privacy')}</p>
      <div><button class="button primary" ?disabled=${this.busy}>${t('ask.send')}</button></div>
    </form>`;
  }
}
customElements.define('af-ask', AskPage);
