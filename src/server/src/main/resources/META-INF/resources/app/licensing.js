// Parts that the pages of licenses share.
import {html, nothing} from 'lit';
import {call} from './api.js';
import {PageElement} from './element.js';
import {number, t} from './i18n.js';
import {decidedBy} from './strip.js';
import {modelText, periodText, priceText, usesText} from './license-words.js';
import {LEAF_USES, UMBRELLAS} from './vocabulary.js';
import {refusalView, subjectView, verdictMark} from './words.js';

const LISTED = 20;

const attempts = new Map();

/** Sends a POST once: until it succeeds, the same request has the same idempotency key. */
export async function post(path, json) {
  const text = `${path} ${JSON.stringify(json)}`;
  if (!attempts.has(text)) attempts.set(text, crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
  const made = await call('POST', path, {json, headers: {'Idempotency-Key': attempts.get(text)}});
  attempts.delete(text);
  return made;
}

export const signInView = text =>
  html`<p class="note">
    ${t(text)} <a href="/key">${t('license.sign-in.link')}</a>
  </p>`;

/** A question and an answer that say how a license stands, in the manner of the answer strip. */
export const standView = (verdict, who, question, answer, pending) =>
  html`<figure class="strip ${pending ? 'pending' : ''}">
    <p class="question">
      <span class="who">AI</span><span>${who ? html`<bdi class="strong">${who}</bdi>: ` : nothing}${question}</span>
    </p>
    <p class="answer">
      <span class="verdict ${verdict}">${verdictMark(verdict)}<span>${answer}</span></span>
    </p>
  </figure>`;

export const countText = count => t('license.works', {count: number(count)});

/** One offer in a list, in plain words. `more` is what the page adds to it. */
export const offerCard = (offer, {name = true, more = nothing} = {}) =>
  html`<li class="card">
    <div class="stack-s">
      <p>
        <a class="title" href="/offers/${offer.id}">${priceText(offer.terms.price)}</a>
        ${name && offer.partyName ? html`<span class="soft"><bdi>${offer.partyName}</bdi></span>` : nothing}
      </p>
      <p class="meta">
        ${usesText(offer.terms.uses)} · <bdi>${modelText(offer.terms.model)}</bdi> · ${periodText(offer.terms)}
      </p>
      <p class="meta">${t(`offer.acceptance.${offer.acceptance}`)}</p>
    </div>
    ${more}
  </li>`;

/** The works of a request or a grant, page by page: the address has them, and `read` finds them in an answer. */
class PagedWorks extends PageElement {
  static properties = {
    address: {attribute: true},
    count: {type: Number},
    member: {attribute: true},
    works: {state: true},
    next: {state: true},
    refusal: {state: true},
  };

  willUpdate(changed) {
    if (!changed.has('address') || !this.address) return;
    this.works = [];
    this.#load(0);
  }

  async #load(after) {
    const asked = this.address;
    try {
      const page = await call('GET', `${asked}?limit=${LISTED}&after=${after}`);
      if (asked !== this.address) return;
      this.works = [...this.works, ...page[this.member].map(one => (Array.isArray(one) ? one : [one]))];
      this.next = page.next;
      this.refusal = null;
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #more() {
    const shown = this.works.length;
    await this.#load(this.next);
    await this.updateComplete;
    this.querySelectorAll('li')[shown]?.focus();
  }

  render() {
    return html`${refusalView(this.refusal)}
      <ul class="plain works">
        ${this.works.map(one => html`<li tabindex="-1">${one.map(subjectView)}</li>`)}
      </ul>
      ${this.next === undefined
        ? nothing
        : html`<p class="hint">
              ${t('check.shown', {shown: number(this.works.length), all: number(this.count)})}
            </p>
            <div><button class="button s" @click=${this.#more}>${t('license.works.more')}</button></div>`}`;
  }
}
customElements.define('af-paged-works', PagedWorks);

/** The offers that fit a work, and the way to ask for a license. A page shows it where AI is answered “ask”. */
class WorkOffers extends PageElement {
  static properties = {
    declaration: {attribute: true},
    subject: {attribute: true},
    offers: {state: true},
    failed: {state: true},
  };

  async willUpdate(changed) {
    if (!changed.has('subject')) return;
    this.offers = null;
    try {
      const query = new URLSearchParams({subject: this.subject, limit: LISTED});
      this.offers = (await call('GET', `/v1/offers?${query}`, {key: null})).offers;
    } catch {
      // The link to ask does not need them.
      this.offers = [];
    }
  }

  render() {
    if (!this.offers) return nothing;
    return html`<section class="step no-print" aria-labelledby="license">
      <h2 id="license">${t('license.work.h2')}</h2>
      <p>${t(this.offers.length > 0 ? 'license.work.offers' : 'license.work.none')}</p>
      ${this.offers.length > 0
        ? html`<ul class="cards">
            ${this.offers.map(offer => offerCard(offer))}
          </ul>`
        : nothing}
      <div>
        <a class="button primary" href="/d/${this.declaration}/license">${t('license.ask.link')}</a>
      </div>
    </section>`;
  }
}
customElements.define('af-work-offers', WorkOffers);

/** The uses that need a license, the verdict to show for all, and who decided, by lookups of the works. */
export async function standing(items) {
  const {answers} = await call('POST', '/v1/lookups', {
    json: {items: items.map(subjects => ({subjects})), uses: LEAF_USES},
  });
  const read = answers.filter(answer => answer.verdicts);
  const asks = answer => Object.values(answer.verdicts).includes('ask');
  const mined = read.flatMap(answer => UMBRELLAS['text-and-data-mining'].map(use => answer.verdicts[use]));
  return {
    askable: LEAF_USES.filter(use => read.some(answer => answer.verdicts[use] === 'ask')),
    verdict: read.some(asks) ? 'ask' : ['deny', 'unknown', 'allow'].find(one => mined.includes(one)) ?? 'unknown',
    to: decidedBy(read.find(asks) ?? read[0]),
  };
}
