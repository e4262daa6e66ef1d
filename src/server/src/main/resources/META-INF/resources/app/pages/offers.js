// Offers of licenses: those of the party, the form that publishes or amends one, and the public page of one.
import {html, nothing} from 'lit';
import {account} from '../account.js';
import {call} from '../api.js';
import {PageElement, navigate, toast} from '../element.js';
import {faultsView, showFaults} from '../faults.js';
import {currentLanguage, dateTime, isolated, number, t} from '../i18n.js';
import {draftOf, faultLines, termsFaults, termsOf} from '../license-terms.js';
import {fieldView, priceText, termsView} from '../license-words.js';
import {offerCard, post, signInView} from '../licensing.js';
import {stripView} from '../strip.js';
import '../sure.js';
import {licenseLinks, problemText, refusalView, subjectView} from '../words.js';

const PAGE = 50;
const MOST_LIMITS = 100;
const ACCEPTANCES = ['licensor', 'automatic'];
const DECLARATION = /\bd_[0-9a-z]{26}\b/;

/** Withdraws an offer after the person agreed. Answers false if not. */
async function withdraw(page, offer) {
  const sure = await page.querySelector('af-sure').ask({
    title: t('offer.withdraw.sure'),
    text: t('offer.withdraw.text'),
    button: t('offer.withdraw'),
    danger: true,
  });
  if (!sure) return false;
  await call('DELETE', `/v1/offers/${offer.id}`);
  toast(t('offer.withdrawn'));
  return true;
}

class OffersPage extends PageElement {
  static properties = {offers: {state: true}, next: {state: true}, refusal: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    if (account.key) this.#load();
  }

  async #load(after = 0) {
    try {
      const page = await call('GET', `/v1/offers?party=${account.id}&limit=${PAGE}&after=${after}`);
      this.offers = after ? [...this.offers, ...page.offers] : page.offers;
      this.next = page.next;
      this.refusal = null;
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #withdraw(offer) {
    try {
      if (await withdraw(this, offer)) await this.#load();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  render() {
    return html`<div class="page">
      <div class="intro">
        <h1 tabindex="-1">${t('title.offers')}</h1>
        <p class="lead">${t('offers.lead')}</p>
        ${licenseLinks('offers')}
      </div>
      ${account.key
        ? html`<div><a class="button primary" href="/offers/new">${t('offer.new')}</a></div>`
        : signInView('license.sign-in')}
      ${refusalView(this.refusal)}
      ${this.offers
        ? this.offers.length === 0
          ? html`<p class="note">${t('offer.none')}</p>`
          : html`<ul class="cards">
              ${this.offers.map(offer => offerCard(offer, {name: false, more: this.#buttons(offer)}))}
            </ul>`
        : account.key && !this.refusal
          ? html`<p class="soft" role="status">${t('loading')}</p>`
          : nothing}
      ${this.next === undefined
        ? nothing
        : html`<div><button class="button" @click=${() => this.#load(this.next)}>${t('asked.more')}</button></div>`}
      <af-sure></af-sure>
    </div>`;
  }

  #buttons(offer) {
    const price = priceText(offer.terms.price);
    return html`<div class="row">
      <a class="button s" href="/offers/${offer.id}/amend" aria-label=${t('offer.amend.label', {price})}
        >${t('offer.amend')}</a
      >
      <button
        class="button s"
        aria-label=${t('offer.withdraw.label', {price})}
        @click=${() => this.#withdraw(offer)}
      >
        ${t('offer.withdraw')}
      </button>
    </div>`;
  }
}
customElements.define('af-offers', OffersPage);

class OfferFormPage extends PageElement {
  static properties = {
    offer: {attribute: true},
    templates: {state: true},
    template: {state: true},
    found: {state: true},
    draft: {state: true},
    acceptance: {state: true},
    limited: {state: true},
    faults: {state: true},
    refusal: {state: true},
    busy: {state: true},
  };

  constructor() {
    super();
    this.faults = {};
  }

  willUpdate(changed) {
    if (changed.has('offer') && account.key) this.#load();
  }

  async #load() {
    try {
      if (this.offer) {
        const found = await call('GET', `/v1/offers/${this.offer}`);
        this.draft = draftOf(found.terms);
        this.acceptance = found.acceptance;
        this.limited = found.declarations.length + found.subjects.length > 0;
        this.found = found;
      } else {
        this.templates = (await call('GET', '/v1/offer-templates', {key: null})).templates;
        this.limited = new URLSearchParams(location.search).has('declaration');
      }
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #choose(template) {
    this.template = template;
    this.draft = draftOf(template.terms);
    this.acceptance = template.acceptance;
    this.faults = {};
    await this.updateComplete;
    const heading = this.querySelector('#fill');
    heading.scrollIntoView({block: 'start'});
    heading.focus({preventScroll: true});
  }

  /** Takes what the person changed. Faults that were shown go away once they are mended. */
  #change(draft) {
    this.draft = draft;
    const {limits} = this.faults;
    if (Object.keys(this.faults).length > 0)
      this.faults = {...termsFaults(draft, false), ...(limits ? {limits} : {})};
  }

  /** The lines that limit the offer at first. */
  get #limits() {
    if (this.found) return [...this.found.declarations, ...this.found.subjects].join('\n');
    return new URLSearchParams(location.search).get('declaration') ?? '';
  }

  /** The declarations or the subjects to which the offer is limited, or the fault in the lines. */
  async #limit() {
    if (!this.limited) return {};
    const texts = this.querySelector('#limits')
      .value.split('\n')
      .map(line => line.trim())
      .filter(Boolean);
    const declarations = texts.map(text => DECLARATION.exec(text)?.[0]).filter(Boolean);
    if (texts.length === 0 || texts.length > MOST_LIMITS) return {fault: t('offer.limits.fault')};
    if (declarations.length > 0)
      return declarations.length === texts.length ? {declarations} : {fault: t('offer.limits.mixed')};
    const {subjects} = await call('POST', '/v1/subjects/parse', {key: null, json: {texts}});
    const odd = subjects.find(one => one.problem || !one.subject);
    if (odd) return {fault: odd.problem ? problemText(odd.problem) : t('offer.limits.fault')};
    return {subjects: [...new Set(subjects.map(one => one.subject))]};
  }

  async #send(event) {
    event.preventDefault();
    this.refusal = null;
    try {
      const {fault, ...limit} = await this.#limit();
      this.faults = {...termsFaults(this.draft, false), ...(fault ? {limits: fault} : {})};
      if (Object.keys(this.faults).length > 0) return showFaults(this);
      const json = {...limit, acceptance: this.acceptance, terms: termsOf(this.draft)};
      const sure = await this.querySelector('af-sure').ask({
        title: t(this.offer ? 'offer.amend.sure' : 'offer.publish.sure'),
        text: t(`offer.publish.text.${this.acceptance}`, {price: priceText(json.terms.price)}),
        button: t(this.offer ? 'offer.amend' : 'offer.publish'),
      });
      if (!sure) return null;
      this.busy = true;
      const made = this.offer
        ? await call('PUT', `/v1/offers/${this.offer}`, {json})
        : await post('/v1/offers', json);
      toast(t(this.offer ? 'offer.amended' : 'offer.published'));
      navigate(`/offers/${made.id}`);
    } catch (refusal) {
      this.refusal = refusal;
      await this.updateComplete;
      this.querySelector('[role=alert]')?.scrollIntoView({block: 'center'});
    } finally {
      this.busy = false;
    }
    return null;
  }

  render() {
    return html`<div class="page narrow-page">
      <div class="intro">
        <h1 tabindex="-1">${t(this.offer ? 'title.offer-amend' : 'title.offer-new')}</h1>
        <p class="lead">${t(this.offer ? 'offer-amend.lead' : 'offer-new.lead')}</p>
      </div>
      ${account.key ? nothing : signInView('license.sign-in')}
      ${this.templates ? this.#templates() : nothing} ${this.draft ? this.#form() : nothing}
      ${this.draft ? nothing : refusalView(this.refusal)}
      <af-sure></af-sure>
    </div>`;
  }

  #templates() {
    const language = currentLanguage();
    return html`<section class="step" aria-labelledby="templates">
      <h2 id="templates">${t('offer.template')}</h2>
      <fieldset aria-labelledby="templates">
        ${this.templates.map(
          template =>
            html`<label class="choice"
              ><input
                type="radio"
                name="template"
                value=${template.id}
                .checked=${this.template?.id === template.id}
                @change=${() => this.#choose(template)}
              />
              <span class="strong">${template.title[language]}</span>
              <span class="hint">${template.text[language]}</span></label
            >`,
        )}
      </fieldset>
    </section>`;
  }

  #form() {
    const {faults, template, draft} = this;
    const isSound = Object.keys(termsFaults(draft, false)).length === 0;
    const lines = faultLines(faults).map(line => (line.id === 'terms-limits' ? {...line, id: 'limits'} : line));
    return html`<form class="step stack" novalidate @submit=${this.#send}>
      <h2 id="fill" tabindex="-1">${t(template ? 'offer.fill' : 'offer.terms')}</h2>
      ${faultsView(lines)}
      <af-terms
        .draft=${draft}
        .faults=${faults}
        .first=${template ? ['price'] : ['price', 'period', 'uses', 'model', 'more']}
        ?fixed=${Boolean(template)}
        @changed=${event => this.#change(event.detail)}
      ></af-terms>
      <fieldset>
        <legend>${t('offer.acceptance')}</legend>
        ${ACCEPTANCES.map(
          one =>
            html`<label class="choice"
              ><input
                type="radio"
                name="acceptance"
                value=${one}
                .checked=${this.acceptance === one}
                @change=${() => (this.acceptance = one)}
              />
              <span class="strong">${t(`offer.acceptance.${one}.choice`)}</span>
              <span class="hint">${t(`offer.acceptance.${one}.text`)}</span></label
            >`,
        )}
      </fieldset>
      <fieldset>
        <legend>${t('offer.works')}</legend>
        ${[false, true].map(
          one =>
            html`<label class="choice"
              ><input
                type="radio"
                name="limited"
                value=${one ? 'some' : 'all'}
                .checked=${Boolean(this.limited) === one}
                @change=${() => (this.limited = one)}
              />
              <span class="strong">${t(one ? 'offer.works.some' : 'offer.works.all')}</span>
              <span class="hint">${t(one ? 'offer.works.some.text' : 'offer.works.all.text')}</span></label
            >`,
        )}
      </fieldset>
      ${this.limited
        ? fieldView(
            'limits',
            t('offer.limits'),
            t('offer.limits.hint'),
            faults.limits,
            html`<textarea
              id="limits"
              rows="4"
              maxlength="20000"
              .defaultValue=${this.#limits}
              aria-describedby="limits-hint limits-fault"
              aria-invalid=${faults.limits ? 'true' : 'false'}
            ></textarea>`,
          )
        : nothing}
      ${isSound
        ? html`<h3>${t('offer.preview')}</h3>
            ${termsView(termsOf(draft), t('offer.preview'))}`
        : nothing}
      <p class="hint">${t('offer.public')}</p>
      ${refusalView(this.refusal)}
      <div class="row">
        <button class="button primary" ?disabled=${this.busy}>
          ${t(this.offer ? 'offer.amend' : 'offer.publish')}
        </button>
        <a class="button" href=${this.offer ? `/offers/${this.offer}` : '/offers'}>${t('cancel')}</a>
      </div>
    </form>`;
  }
}
customElements.define('af-offer-form', OfferFormPage);

class OfferPage extends PageElement {
  static properties = {offer: {attribute: true}, found: {state: true}, refusal: {state: true}};

  willUpdate(changed) {
    if (changed.has('offer')) this.#load();
  }

  async #load() {
    this.found = this.refusal = null;
    try {
      this.found = await call('GET', `/v1/offers/${this.offer}`, {key: null});
      document.title = `${isolated(this.#heading())} · ${t('brand')}`;
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  #heading() {
    return t('offer.h1', {name: this.found.partyName ?? t('party.unnamed')});
  }

  async #withdraw() {
    try {
      if (await withdraw(this, this.found)) await this.#load();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  render() {
    const {found} = this;
    if (!found)
      return html`<div class="page narrow-page">
        <h1 tabindex="-1">${t('title.offer')}</h1>
        ${this.refusal ? refusalView(this.refusal) : html`<p class="soft" role="status">${t('loading')}</p>`}
      </div>`;
    const isOwn = found.party === account.id;
    const inForce = found.status === 'in-force';
    return html`<div class="page narrow-page">
      <div class="intro">
        <h1 tabindex="-1">${this.#heading()}</h1>
        <p class="lead">${t(inForce ? 'offer.lead' : 'offer.lead.withdrawn')}</p>
      </div>
      ${inForce ? stripView('ask', priceText(found.terms.price)) : nothing} ${refusalView(this.refusal)}
      ${inForce ? html`<p class="note">${t(`offer.follows.${found.acceptance}`)}</p>` : nothing}
      ${isOwn && inForce
        ? html`<div class="row">
            <a class="button" href="/offers/${found.id}/amend">${t('offer.amend')}</a>
            <button class="button danger" @click=${this.#withdraw}>${t('offer.withdraw')}</button>
          </div>`
        : nothing}
      <section class="step" aria-labelledby="terms">
        <h2 id="terms">${t('offer.terms')}</h2>
        ${termsView(found.terms, t('offer.terms'))}
      </section>
      ${this.#works(found, inForce && !isOwn)}
      <p class="hint">
        ${t('offer.recorded', {when: dateTime(found.recordedAt)})} ·
        ${t('certificate.position', {position: number(found.position)})}
      </p>
      ${isOwn ? licenseLinks() : nothing}
      <af-sure></af-sure>
    </div>`;
  }

  /** The works of the offer, and where to ask for a license of them. */
  #works(found, mayAsk) {
    const {declarations, subjects, party, partyName} = found;
    return html`<section class="step" aria-labelledby="works">
      <h2 id="works">${t('offer.works')}</h2>
      ${declarations.length + subjects.length === 0
        ? html`<p>${t('offer.works.all.public')}</p>`
        : html`<p>${t('offer.works.some.public')}</p>`}
      ${declarations.length > 0
        ? html`<ul class="plain">
            ${declarations.map(
              id =>
                html`<li>
                  <a class="value" href="/d/${id}">${id}</a>
                  ${mayAsk
                    ? html`<a href="/d/${id}/license?offer=${found.id}">${t('license.ask.link')}</a>`
                    : nothing}
                </li>`,
            )}
          </ul>`
        : nothing}
      ${subjects.length > 0
        ? html`<ul class="plain">
            ${subjects.map(subject => html`<li>${subjectView(subject)}</li>`)}
          </ul>`
        : nothing}
      <p>
        <a href="/p/${party}"><bdi>${partyName ?? party}</bdi></a>
      </p>
      ${mayAsk ? html`<p class="soft">${t('offer.how')} <a href="/check">${t('nav.check')}</a></p>` : nothing}
    </section>`;
  }
}
customElements.define('af-offer', OfferPage);
