// The page of a link that was sent to a contact: its reader confirms the contact, or refuses it.
import {html, nothing} from 'lit';
import {call} from '../api.js';
import {PageElement} from '../element.js';
import {dateTime, t} from '../i18n.js';
import {contactText, refusalView} from '../words.js';

class ContactPage extends PageElement {
  static properties = {
    token: {attribute: true},
    link: {state: true},
    refusal: {state: true},
    busy: {state: true},
  };

  willUpdate(changed) {
    if (changed.has('token')) this.#load();
  }

  async #load() {
    this.refusal = this.link = null;
    try {
      this.link = await call('GET', `/v1/contact-links/${this.token}`, {key: null});
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #answer(answer) {
    this.refusal = null;
    this.busy = true;
    try {
      this.link = await call('POST', `/v1/contact-links/${this.token}`, {key: null, json: {answer}});
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
  }

  render() {
    const {link} = this;
    return html`<div class="page narrow-page">
      <div class="intro">
        <h1 tabindex="-1">${t('title.contact')}</h1>
        <p class="lead">${t('contact.lead')}</p>
      </div>
      ${this.refusal?.status === 404
        ? html`<div class="note bad" role="alert">${t('contact.gone')}</div>`
        : refusalView(this.refusal)}
      ${link ? this.#claim(link) : nothing}
      ${link || this.refusal ? nothing : html`<p class="soft" role="status">${t('loading')}</p>`}
    </div>`;
  }

  #claim(link) {
    const {status} = link;
    return html`<section class="step stack" aria-labelledby="claim">
      <h2 id="claim">${t('contact.who')}</h2>
      <ul class="cards">
        <li class="card">
          <span class="stack"
            ><bdi class="strong">${link.name}</bdi><span class="value">${link.party}</span
            ><span>${t('contact.names')} <span class="value">${contactText(link.contact)}</span></span></span
          >
        </li>
      </ul>
      <p>${t('contact.meaning')}</p>
      <div role="status">
        ${status === 'open'
          ? html`<p class="hint">${t('contact.until', {until: dateTime(link.expiresAt)})}</p>`
          : html`<p class="note ${status === 'verified' ? 'good' : 'warn'}">${t(`contact.status.${status}`)}</p>`}
      </div>
      <div class="row">
        ${status === 'open'
          ? html`<button class="button primary" ?disabled=${this.busy} @click=${() => this.#answer('confirm')}>
              ${t('contact.confirm')}
            </button>`
          : nothing}
        ${status === 'refused'
          ? nothing
          : html`<button class="button danger" ?disabled=${this.busy} @click=${() => this.#answer('refuse')}>
              ${t('contact.refuse')}
            </button>`}
      </div>
    </section>`;
  }
}
customElements.define('af-contact', ContactPage);
