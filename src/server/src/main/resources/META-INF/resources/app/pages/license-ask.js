// Asks for a license of a work: who asks, for which uses, models and time, and under which offer.
import {html, nothing} from 'lit';
import {account} from '../account.js';
import {call} from '../api.js';
import {PageElement, navigate, toast} from '../element.js';
import {faultsView, showFaults} from '../faults.js';
import {isolated, number, t} from '../i18n.js';
import {dayOf, endOf, fieldView, leavesOf, priceText, termsView, usesView} from '../license-words.js';
import {post, standing} from '../licensing.js';
import '../new-key.js';
import {stripView} from '../strip.js';
import '../sure.js';
import {refusalView, subjectView, titleOf} from '../words.js';

const MOST_OF_A_WORK = 20;
const MOST_WORKS = 1000;
const SHOWN = 10;
const LOOKED_UP = 50;
const OFFERS = 20;
const YEAR = 365 * 86_400_000;

/** The works that a declaration names. With a title it is one work, which may have several addresses and numbers. */
function worksOf({work, subjects}) {
  const shown = subjects.filter(subject => !subject.startsWith('hidden:'));
  return work?.title && shown.length <= MOST_OF_A_WORK ? [shown] : shown.map(subject => [subject]);
}

class LicenseAskPage extends PageElement {
  static properties = {
    declaration: {attribute: true},
    found: {state: true},
    works: {state: true},
    stand: {state: true},
    offers: {state: true},
    offer: {state: true},
    uses: {state: true},
    faults: {state: true},
    refusal: {state: true},
    opened: {state: true},
    made: {state: true},
    busy: {state: true},
  };

  constructor() {
    super();
    this.faults = {};
  }

  willUpdate(changed) {
    if (changed.has('declaration')) this.#load();
  }

  async #load() {
    this.found = this.refusal = this.made = this.offer = null;
    try {
      const found = await call('GET', `/v1/declarations/${this.declaration}`);
      document.title = `${t('title.license-ask')} · ${isolated(titleOf(found))} · ${t('brand')}`;
      const asked = new URLSearchParams(location.search);
      const subject = asked.get('subject');
      const works = subject ? [[subject]] : worksOf(found.repertoire ? await this.#listed() : found);
      const stand =
        works.length > 0
          ? await standing(works.slice(0, LOOKED_UP))
          : {askable: [], verdict: 'unknown', to: ''};
      const offers = works.length > 0 ? await this.#fitting(works[0], stand.askable) : [];
      Object.assign(this, {works, stand, offers, found});
      this.#choose(offers.find(offer => offer.id === asked.get('offer')) ?? offers[0] ?? null);
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  /** The items of a list, as a declaration that names them. */
  async #listed() {
    const query = new URLSearchParams({limit: MOST_WORKS});
    const {items} = await call('GET', `/v1/declarations/${this.declaration}/repertoire?${query}`);
    return {subjects: items.filter(one => !one.pending).map(one => one.subject)};
  }

  async #fitting(subjects, askable) {
    if (askable.length === 0) return [];
    const query = new URLSearchParams({limit: OFFERS});
    subjects.slice(0, MOST_OF_A_WORK).forEach(subject => query.append('subject', subject));
    askable.forEach(use => query.append('use', use));
    const {offers} = await call('GET', `/v1/offers?${query}`, {key: null});
    const now = Date.now();
    return offers.filter(({party, terms}) => party !== account.id && !(Date.parse(terms.validTo) <= now));
  }

  /** Takes an offer, or none, and what it is for. */
  #choose(offer) {
    const {askable} = this.stand;
    this.offer = offer;
    this.uses = offer ? leavesOf(offer.terms.uses).filter(use => askable.includes(use)) : askable.slice(0, 1);
  }

  /** The uses among which the asker can choose: those that an offer licenses, or all that need a license. */
  get #choice() {
    const {askable} = this.stand;
    return this.offer ? leavesOf(this.offer.terms.uses).filter(use => askable.includes(use)) : askable;
  }

  #value(id) {
    return this.querySelector(`#${id}`).value.trim();
  }

  async #open(event) {
    event.preventDefault();
    const name = this.#value('asker');
    this.faults = name ? {} : {asker: t('declare.name.fault')};
    if (!name) return this.querySelector('#asker').focus();
    try {
      this.opened = await call('POST', '/v1/parties', {json: {name, kind: 'crawler'}, key: null});
      account.keep(this.opened);
      this.refusal = null;
      await this.updateComplete;
      this.querySelector('#new-key')?.scrollIntoView();
    } catch (refusal) {
      this.refusal = refusal;
    }
    return null;
  }

  /** The terms to ask for: those of the offer, narrowed to what the form says. */
  #terms() {
    const offered = this.offer?.terms;
    const name = this.#value('model');
    const version = this.#value('version');
    const day = this.#value('until');
    const until = day && endOf(day, offered?.validTo);
    return {
      uses: this.uses,
      model: version ? {scope: 'model-version', name, version} : {scope: 'model', name},
      ...(offered ? {territory: offered.territory, transfer: offered.transfer} : {}),
      ...(offered && Date.parse(offered.validFrom) > Date.now() ? {validFrom: offered.validFrom} : {}),
      validTo: until && offered?.validTo && until > offered.validTo ? offered.validTo : until,
    };
  }

  #faultsOf(terms) {
    const needsVersion = this.offer?.terms.model.scope === 'model-version';
    const last = this.offer?.terms.validTo;
    return {
      ...(terms.uses.length > 0 ? {} : {uses: t('license.uses.fault')}),
      ...(terms.model.name ? {} : {model: t('license.name.fault')}),
      ...(needsVersion && !terms.model.version ? {version: t('license.version.fault')} : {}),
      ...(!terms.validTo || Date.parse(terms.validTo) <= Date.now()
        ? {until: t('license.to.fault')}
        : last && this.#value('until') > dayOf(last)
          ? {until: t('license.to.offer')}
          : {}),
    };
  }

  async #send(event) {
    event.preventDefault();
    this.refusal = null;
    const terms = this.#terms();
    this.faults = this.#faultsOf(terms);
    if (Object.keys(this.faults).length > 0) return showFaults(this);
    if (this.offer) {
      const sure = await this.querySelector('af-sure').ask({
        title: t('license.ask.sure'),
        text: t(`license.ask.sure.${this.offer.acceptance}`, {price: priceText(this.offer.terms.price)}),
        button: t('license.ask.send'),
      });
      if (!sure) return null;
    }
    this.busy = true;
    try {
      const purpose = this.#value('purpose');
      const message = this.#value('message');
      const made = await post('/v1/license-requests', {
        items: this.works.map((subjects, place) => ({id: String(place), subjects})),
        terms,
        ...(this.offer ? {offers: [this.offer.id]} : {}),
        ...(purpose ? {purpose} : {}),
        ...(message ? {message} : {}),
      });
      toast(t('license.ask.sent'));
      if (made.requests.length === 1 && made.skipped.length === 0) navigate(`/licenses/${made.requests[0].id}`);
      else this.made = made;
      await this.updateComplete;
      this.querySelector('h1')?.focus();
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
    const {found} = this;
    if (!found)
      return html`<div class="page narrow-page">
        <h1 tabindex="-1">${t('title.license-ask')}</h1>
        ${this.refusal ? refusalView(this.refusal) : html`<p class="soft" role="status">${t('loading')}</p>`}
      </div>`;
    const {stand, works} = this;
    return html`<div class="page narrow-page">
      <div class="intro">
        <h1 tabindex="-1">${t('title.license-ask')}</h1>
        <p class="lead">${t('license-ask.lead')}</p>
      </div>
      <div class="stack-s">
        <p class="strong"><bdi>${titleOf(found)}</bdi></p>
        ${works.slice(0, SHOWN).map(subjects => html`<div>${subjects.map(subjectView)}</div>`)}
        ${works.length > SHOWN
          ? html`<p class="hint">
              ${t('check.shown', {shown: number(SHOWN), all: number(works.length)})}
            </p>`
          : nothing}
        ${found.repertoire && found.repertoire.listedCount > works.length
          ? html`<p class="note">${t('license.ask.list', {count: number(works.length)})}</p>`
          : nothing}
        <p><a href="/d/${found.id}">${t('asked.back')}</a></p>
      </div>
      ${stripView(stand.verdict, stand.verdict === 'unknown' ? '' : stand.to)}
      ${this.made
        ? this.#result(this.made)
        : stand.askable.length === 0
          ? html`<p class="note warn">${t(`check.why.${stand.verdict}`)}</p>`
          : found.party === account.id
            ? html`<p class="note">${t('license.ask.own')}</p>`
            : html`${this.#who()} ${this.#form()}`}
      <af-sure></af-sure>
    </div>`;
  }

  #result({requests, skipped}) {
    return html`<section class="note good stack" role="status" aria-labelledby="sent">
      <h2 id="sent">${t('license.ask.sent')}</h2>
      <p>${t('license.ask.several')}</p>
      <ul class="plain">
        ${requests.map(
          one =>
            html`<li>
              <a href="/licenses/${one.id}"><bdi>${one.licensorName ?? one.licensor}</bdi></a>
              (${t('license.works', {count: number(one.workCount)})})
            </li>`,
        )}
      </ul>
      ${skipped.length > 0 ? html`<p>${t('license.ask.skipped', {count: number(skipped.length)})}</p>` : nothing}
    </section>`;
  }

  /** Who asks: the account of this device, or a new one for an operator of a crawler. */
  #who() {
    return html`<section class="step" aria-labelledby="who">
      <h2 id="who">${t('license.ask.who')}</h2>
      ${this.opened
        ? html`<af-new-key .party=${this.opened} text="crawlers.account.key"></af-new-key>`
        : nothing}
      ${account.key
        ? html`<p><bdi class="strong">${account.name}</bdi></p>
            <p class="hint">${t('license.ask.who.own')}</p>`
        : html`<form class="stack" novalidate @submit=${this.#open}>
            <p>${t('license.ask.who.text')} <a href="/key">${t('license.sign-in.link')}</a></p>
            ${fieldView(
              'asker',
              t('crawlers.account.name'),
              null,
              this.faults.asker,
              html`<input
                id="asker"
                type="text"
                maxlength="200"
                autocomplete="organization"
                aria-describedby="asker-fault"
                aria-invalid=${this.faults.asker ? 'true' : 'false'}
              />`,
            )}
            <div><button class="button primary">${t('bulk.open.submit')}</button></div>
          </form>`}
      ${account.key ? nothing : refusalView(this.refusal)}
    </section>`;
  }

  #form() {
    if (!account.key) return nothing;
    const {offer, faults} = this;
    const invalid = name => (faults[name] ? 'true' : 'false');
    const year = Date.now() + YEAR;
    const last = offer?.terms.validTo ? Math.min(year, Date.parse(offer.terms.validTo)) : year;
    return html`<form class="step stack" novalidate @submit=${this.#send}>
      ${faultsView(Object.entries(faults).map(([id, text]) => ({id, text})))}
      <fieldset>
        <legend>${t('license.ask.offer')}</legend>
        ${this.offers.map(one => this.#option(one))} ${this.#option(null)}
      </fieldset>
      ${offer
        ? html`<details>
            <summary>${t('license.ask.all-terms')}</summary>
            ${termsView(offer.terms, t('license.ask.all-terms'))}
          </details>`
        : nothing}
      ${usesView('uses', t('license.ask.uses'), this.#choice, this.uses, faults.uses, uses => (this.uses = uses))}
      <div class="fields">
        ${fieldView(
          'model',
          t('license.name'),
          t('license.name.hint'),
          faults.model,
          html`<input
            id="model"
            type="text"
            maxlength="200"
            autocomplete="off"
            aria-describedby="model-hint model-fault"
            aria-invalid=${invalid('model')}
          />`,
        )}
        ${fieldView(
          'version',
          t(offer?.terms.model.scope === 'model-version' ? 'license.version' : 'license.version.optional'),
          t('license.version.hint'),
          faults.version,
          html`<input
            id="version"
            type="text"
            maxlength="200"
            autocomplete="off"
            aria-describedby="version-hint version-fault"
            aria-invalid=${invalid('version')}
          />`,
        )}
      </div>
      ${fieldView(
        'until',
        t('license.to'),
        null,
        faults.until,
        html`<input
          id="until"
          type="date"
          value=${dayOf(last)}
          aria-describedby="until-fault"
          aria-invalid=${invalid('until')}
        />`,
      )}
      ${fieldView(
        'purpose',
        t('license.purpose'),
        t('license.purpose.hint'),
        null,
        html`<input
          id="purpose"
          type="text"
          maxlength="1000"
          autocomplete="off"
          aria-describedby="purpose-hint purpose-fault"
        />`,
      )}
      ${fieldView(
        'message',
        t('license.message'),
        t('license.private'),
        null,
        html`<textarea
          id="message"
          rows="4"
          maxlength="10000"
          aria-describedby="message-hint message-fault"
        ></textarea>`,
      )}
      ${refusalView(this.refusal)}
      <p class="note">${t(`license.ask.then.${offer?.acceptance ?? 'none'}`)}</p>
      <div><button class="button primary" ?disabled=${this.busy}>${t('license.ask.send')}</button></div>
    </form>`;
  }

  #option(offer) {
    return html`<label class="choice"
      ><input
        type="radio"
        name="offer"
        value=${offer?.id ?? ''}
        .checked=${this.offer?.id === offer?.id}
        @change=${() => this.#choose(offer)}
      />
      <span class="strong"
        >${offer ? priceText(offer.terms.price) : t('license.ask.none')}${offer?.partyName
          ? html` <bdi class="soft small">${offer.partyName}</bdi>`
          : nothing}</span
      >
      <span class="hint">${t(offer ? `offer.acceptance.${offer.acceptance}` : 'license.ask.none.text')}</span></label
    >`;
  }
}
customElements.define('af-license-ask', LicenseAskPage);
