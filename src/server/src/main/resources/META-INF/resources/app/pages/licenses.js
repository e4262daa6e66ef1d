// License requests: those of the party by whose turn it is, and the thread of one with its terms and its clock.
import {html, nothing} from 'lit';
import {account} from '../account.js';
import {call} from '../api.js';
import {PageElement, toast} from '../element.js';
import {faultsView, showFaults} from '../faults.js';
import {save} from '../files.js';
import {dateTime, deadline, isolated, number, t} from '../i18n.js';
import {draftOf, faultLines, termsFaults, termsOf} from '../license-terms.js';
import {dayText, fieldView, modelName, modelText, priceText, termsView} from '../license-words.js';
import {countText, post, signInView, standView} from '../licensing.js';
import '../sure.js';
import {licenseLinks, refusalView} from '../words.js';

const PAGE = 20;
const ANSWERED = 1000;
const OFFERS = 100;

/** The lists of the page: whose turn it is, for the party as licensor and as asker. */
const TURNS = {
  mine: {licensor: 'licensor', asker: 'asker'},
  theirs: {licensor: 'asker', asker: 'licensor'},
  ended: {licensor: 'nobody', asker: 'nobody'},
};
const LISTS = Object.entries(TURNS).flatMap(([turn, sides]) =>
  Object.entries(sides).map(([side, waitingFor]) => ({turn, side, waitingFor})),
);

/** How a request stands, as a verdict's colour and mark. */
const MARKS = {
  waiting: 'ask',
  countered: 'ask',
  granted: 'allow',
  refused: 'deny',
  withdrawn: 'unknown',
  unanswered: 'unknown',
};

class LicensesPage extends PageElement {
  static properties = {
    lists: {state: true},
    offers: {state: true},
    refusal: {state: true},
    answered: {state: true},
    busy: {state: true},
  };

  connectedCallback() {
    super.connectedCallback();
    if (account.key) this.#load();
  }

  #page({side, waitingFor, turn}, after = 0) {
    const order = turn === 'ended' ? 'newest' : 'oldest';
    return call('GET', `/v1/license-requests?${new URLSearchParams({side, waitingFor, order, limit: PAGE, after})}`);
  }

  async #load() {
    this.refusal = null;
    try {
      const [{offers}, ...pages] = await Promise.all([
        call('GET', `/v1/offers?party=${account.id}&limit=${OFFERS}`),
        ...LISTS.map(list => this.#page(list)),
      ]);
      this.offers = offers;
      this.lists = LISTS.map((list, place) => ({...list, ...pages[place]}));
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #more(list) {
    try {
      const page = await this.#page(list, list.next);
      this.lists = this.lists.map(one =>
        one === list ? {...list, requests: [...list.requests, ...page.requests], next: page.next} : one,
      );
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  /** Answers all requests that an offer covers, in several calls. */
  async #answer(event) {
    event.preventDefault();
    const offer = this.offers.find(one => one.id === this.querySelector('#bulk-offer').value);
    const sure = await this.querySelector('af-sure').ask({
      title: t('license.bulk.sure'),
      text: t('license.bulk.sure.text', {price: priceText(offer.terms.price)}),
      button: t('license.bulk.send'),
      message: t('license.message.optional'),
    });
    if (!sure) return;
    this.busy = true;
    this.refusal = this.answered = null;
    const counts = {granted: 0, countered: 0, left: 0};
    try {
      for (let after = 0; after !== undefined; ) {
        const answer = await post('/v1/license-requests/answers', {
          offer: offer.id,
          after,
          limit: ANSWERED,
          ...(sure.message ? {message: sure.message} : {}),
        });
        for (const name of Object.keys(counts)) counts[name] += answer[name].length;
        after = answer.next;
      }
      this.answered = counts;
      await this.#load();
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<div class="page">
      <div class="intro">
        <h1 tabindex="-1">${t('title.licenses')}</h1>
        <p class="lead">${t('licenses.lead')}</p>
        ${licenseLinks('licenses')}
      </div>
      ${account.key ? nothing : signInView('license.sign-in')} ${refusalView(this.refusal)}
      ${this.answered
        ? html`<p class="note good" role="status">
            ${t('license.bulk.done', {
              granted: number(this.answered.granted),
              countered: number(this.answered.countered),
              left: number(this.answered.left),
            })}
          </p>`
        : nothing}
      ${this.lists
        ? Object.keys(TURNS).map(turn => this.#section(turn))
        : account.key && !this.refusal
          ? html`<p class="soft" role="status">${t('loading')}</p>`
          : nothing}
      <af-sure></af-sure>
    </div>`;
  }

  #section(turn) {
    const lists = this.lists.filter(list => list.turn === turn);
    const isEmpty = lists.every(list => list.requests.length === 0);
    const toAnswer = turn === 'mine' && lists.some(list => list.side === 'licensor' && list.requests.length > 0);
    return html`<section class="step" aria-labelledby=${turn}>
      <h2 id=${turn}>${t(`license.turn.${turn}`)}</h2>
      ${isEmpty
        ? html`<p class="soft">${t(`license.turn.${turn}.none`)}</p>`
        : html`<ul class="cards">
            ${lists.flatMap(list => list.requests.map(one => this.#card(one, list.side)))}
          </ul>`}
      ${lists
        .filter(list => list.next !== undefined)
        .map(
          list =>
            html`<div>
              <button class="button" @click=${() => this.#more(list)}>${t(`license.more.${list.side}`)}</button>
            </div>`,
        )}
      ${toAnswer ? this.#bulk() : nothing}
    </section>`;
  }

  #card(one, side) {
    const other = side === 'licensor' ? one.askerName ?? one.asker : one.licensorName ?? one.licensor;
    return html`<li class="card">
      <div class="stack-s">
        <p>
          <a class="title" href="/licenses/${one.id}"><bdi>${other}</bdi></a>
          <span class="tag">${t(`license.side.${side}`)}</span>
        </p>
        <p class="meta">${countText(one.workCount)} · ${t('license.since', {day: dayText(one.recordedAt)})}</p>
      </div>
      <p class="meta">
        <span class="strong">${t(`license.status.${one.status}`)}</span>${one.waitingFor !== 'nobody' && one.until
          ? html`<br />${t('license.until', {until: deadline(one.until)})}`
          : nothing}
      </p>
    </li>`;
  }

  /** The form that answers all requests with one offer, or the way to a first offer. */
  #bulk() {
    if (this.offers.length === 0)
      return html`<p class="note">${t('license.bulk.none')} <a href="/offers/new">${t('offer.new')}</a></p>`;
    return html`<form class="note stack" @submit=${this.#answer}>
      <h3>${t('license.bulk.h3')}</h3>
      <p>${t('license.bulk.text')}</p>
      <div class="field">
        <label for="bulk-offer">${t('license.bulk.offer')}</label>
        <select id="bulk-offer">
          ${this.offers.map(offer => html`<option value=${offer.id}>${optionText(offer)}</option>`)}
        </select>
      </div>
      <div><button class="button" ?disabled=${this.busy}>${t('license.bulk.send')}</button></div>
    </form>`;
  }
}
customElements.define('af-licenses', LicensesPage);

const optionText = offer => `${priceText(offer.terms.price)} · ${modelText(offer.terms.model)}`;

class LicensePage extends PageElement {
  static properties = {
    request: {attribute: true},
    one: {state: true},
    offers: {state: true},
    draft: {state: true},
    faults: {state: true},
    refusal: {state: true},
    busy: {state: true},
  };

  constructor() {
    super();
    this.faults = {};
  }

  willUpdate(changed) {
    if (changed.has('request') && account.key) this.#load();
  }

  async #load() {
    this.refusal = this.one = this.draft = null;
    try {
      const one = await call('GET', `/v1/license-requests/${this.request}`);
      // An offer of one's own fills the form of a counter-offer.
      this.offers =
        one.licensor === account.id && one.waitingFor === 'licensor'
          ? (await call('GET', `/v1/offers?party=${account.id}&limit=${OFFERS}`)).offers
          : [];
      this.one = one;
      document.title = `${isolated(this.#heading())} · ${t('brand')}`;
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  get #side() {
    return this.one.licensor === account.id ? 'licensor' : 'asker';
  }

  get #other() {
    const {one} = this;
    return this.#side === 'licensor' ? one.askerName ?? one.asker : one.licensorName ?? one.licensor;
  }

  #heading() {
    return t(`license.h1.${this.#side}`, {name: this.#other});
  }

  get #isMine() {
    return this.one.waitingFor === this.#side;
  }

  /** The terms that were proposed before the last ones. */
  get #before() {
    const proposed = (this.one.steps ?? []).filter(step => step.terms && step.type !== 'accepted');
    return proposed.length > 1 ? proposed.at(-2).terms : undefined;
  }

  async #act(work, done) {
    this.busy = true;
    this.refusal = null;
    try {
      await work();
      this.draft = null;
      toast(t(done));
      await this.#load();
      await this.updateComplete;
      this.querySelector('h1').focus();
      window.scrollTo(0, 0);
    } catch (refusal) {
      this.refusal = refusal;
      await this.updateComplete;
      this.querySelector('[role=alert]')?.scrollIntoView({block: 'center'});
    } finally {
      this.busy = false;
    }
  }

  #step(json, message, done) {
    return this.#act(
      () => post(`/v1/license-requests/${this.one.id}/steps`, {...json, ...(message ? {message} : {})}),
      done,
    );
  }

  #ask(step, more) {
    return this.querySelector('af-sure').ask({
      title: t(`license.${step}.sure`),
      text: t(`license.${step}.text.${this.#side}`),
      button: t(`license.${step}`),
      ...more,
    });
  }

  async #accept() {
    const sure = await this.#ask('accept', {
      detail: priceText(this.one.terms.price),
      message: t('license.message.optional'),
    });
    if (sure) await this.#step({step: 'accept'}, sure.message, 'license.accept.done');
  }

  async #refuse() {
    const sure = await this.#ask('refuse', {danger: true, message: t('license.message.optional')});
    if (sure) await this.#step({step: 'refuse'}, sure.message, 'license.refuse.done');
  }

  async #withdraw() {
    const sure = await this.#ask('withdraw', {danger: true});
    if (sure) await this.#act(() => call('DELETE', `/v1/license-requests/${this.one.id}`), 'license.withdraw.done');
  }

  async #counter(event) {
    event.preventDefault();
    this.faults = termsFaults(this.draft, true);
    if (Object.keys(this.faults).length > 0) return showFaults(this);
    const message = this.querySelector('#message').value.trim();
    const terms = termsOf(this.draft);
    const sure = await this.#ask('counter', {detail: priceText(terms.price)});
    if (sure) await this.#step({step: 'counter', terms}, message, 'license.counter.done');
    return null;
  }

  async #openCounter() {
    this.faults = {};
    this.draft = draftOf(this.one.terms);
    await this.updateComplete;
    const heading = this.querySelector('#counter');
    heading.scrollIntoView({block: 'start'});
    heading.focus({preventScroll: true});
  }

  /** Takes the price and the duties of an offer of one's own. */
  #fill(id) {
    const offer = this.offers.find(one => one.id === id);
    if (!offer) return;
    const {price, reporting, transfer, attribution, text, route} = offer.terms;
    const terms = {...this.one.terms, price, reporting, transfer, attribution, text, route};
    this.draft = {...draftOf(terms), given: Object.fromEntries(Object.entries(terms).filter(([, value]) => value))};
  }

  async #saveRecord() {
    try {
      const record = await call('GET', `/v1/license-requests/${this.one.id}/unanswered`);
      save(`${this.one.id}-unanswered.json`, JSON.stringify(record, null, 2), 'application/json');
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  render() {
    const {one} = this;
    if (!one)
      return html`<div class="page narrow-page">
        <h1 tabindex="-1">${t('title.license')}</h1>
        ${account.key ? nothing : signInView('license.sign-in')}
        ${this.refusal
          ? refusalView(this.refusal)
          : account.key
            ? html`<p class="soft" role="status">${t('loading')}</p>`
            : nothing}
      </div>`;
    const isOpen = one.waitingFor !== 'nobody';
    const turn = this.#isMine ? 'mine' : 'theirs';
    return html`<div class="page narrow-page">
      <div class="intro">
        <h1 tabindex="-1">${this.#heading()}</h1>
        <p class="lead">
          ${t(isOpen ? `license.lead.${one.status}.${turn}` : `license.lead.${one.status}`, {name: this.#other})}
        </p>
      </div>
      ${standView(
        MARKS[one.status],
        one.askerName ?? one.asker,
        t('license.question', {
          works: countText(one.workCount),
          model: one.terms ? modelName(one.terms.model) : t('license.erased'),
        }),
        t(`license.status.${one.status}`),
        isOpen,
      )}
      ${this.#follows(isOpen, turn)} ${refusalView(this.refusal)}
      <section class="step" aria-labelledby="terms">
        <h2 id="terms">${t(one.status === 'granted' ? 'license.terms.agreed' : 'license.terms.h2')}</h2>
        ${one.terms
          ? html`${one.terms.price.basis === 'negotiated' && isOpen
                ? html`<p class="soft">${t('license.terms.negotiated')}</p>`
                : nothing}
              ${termsView(one.terms, t('license.terms.h2'), this.#before)}`
          : html`<p class="note">${t('license.erased')}</p>`}
      </section>
      ${isOpen ? this.#actions() : nothing} ${this.draft ? this.#counterForm() : nothing} ${this.#about()}
      <section class="step" aria-labelledby="works">
        <h2 id="works">${countText(one.workCount)}</h2>
        <af-paged-works
          address="/v1/license-requests/${one.id}/works"
          member="works"
          count=${one.workCount}
        ></af-paged-works>
      </section>
      ${this.#thread()}
      <p class="hint">${t('license.confidential')}</p>
      <p><a href="/licenses">${t('license.all')}</a></p>
      <af-sure></af-sure>
    </div>`;
  }

  /** What follows from how the request stands. */
  #follows(isOpen, turn) {
    const {one} = this;
    const evidence = one.evidenced
      ? nothing
      : html`<p class="note">
          ${t(`license.evidence.${this.#side}`)}
          ${this.#side === 'licensor' ? html`<a href="/prove">${t('nav.prove')}</a>` : nothing}
        </p>`;
    if (isOpen)
      return html`<p class="note warn">
          ${t(`license.clock.${turn}`, {until: deadline(one.until), name: this.#other})}
          ${t(`license.clock.end.${this.#side}`)}
        </p>
        ${evidence}`;
    if (one.status === 'granted')
      return html`<div class="note good stack">
          <p>${t(`license.granted.${this.#side}`, {name: this.#other})}</p>
          ${one.grant
            ? html`<div><a class="button" href="/grants/${one.grant}">${t('license.granted.look')}</a></div>`
            : html`<p>${t('license.granted.soon')}</p>`}
        </div>
        ${evidence}`;
    if (one.status === 'unanswered')
      return html`<div class="note stack">
        <p>${t('license.unanswered', {until: deadline(one.until)})}</p>
        <div><button class="button" @click=${this.#saveRecord}>${t('license.unanswered.save')}</button></div>
      </div>`;
    return html`<p class="note">${t(`license.ended.${this.#side}`)}</p>`;
  }

  #actions() {
    const {busy} = this;
    const action = (name, act, primary) =>
      html`<li>
        <button
          class="button ${primary ? 'primary' : ''}"
          ?disabled=${busy}
          aria-describedby="${name}-text"
          @click=${act}
        >
          ${t(`license.${name}`)}
        </button>
        <p class="hint" id="${name}-text">${t(`license.${name}.text.${this.#side}`)}</p>
      </li>`;
    const withdrawal = this.#side === 'asker' ? action('withdraw', () => this.#withdraw()) : nothing;
    if (!this.#isMine && this.#side !== 'asker') return nothing;
    return html`<section class="step" aria-labelledby="answer">
      <h2 id="answer">${t(this.#isMine ? 'license.answer' : 'license.can')}</h2>
      <ul class="steps-to-take">
        ${this.#isMine && this.one.terms
          ? html`${action('accept', () => this.#accept(), true)} ${action('counter', () => this.#openCounter())}`
          : nothing}
        ${this.#isMine ? action('refuse', () => this.#refuse()) : nothing} ${withdrawal}
      </ul>
    </section>`;
  }

  #counterForm() {
    return html`<form class="step stack" novalidate @submit=${this.#counter}>
      <h2 id="counter" tabindex="-1">${t('license.counter')}</h2>
      ${faultsView(faultLines(this.faults))}
      ${this.offers.length > 0
        ? fieldView(
            'from-offer',
            t('license.counter.fill'),
            null,
            null,
            html`<select id="from-offer" @change=${event => this.#fill(event.target.value)}>
              <option value="">${t('license.counter.fill.none')}</option>
              ${this.offers.map(offer => html`<option value=${offer.id}>${optionText(offer)}</option>`)}
            </select>`,
          )
        : nothing}
      <af-terms
        wanted
        .draft=${this.draft}
        .faults=${this.faults}
        .first=${['price', 'period']}
        @changed=${event => {
          this.draft = event.detail;
          if (Object.keys(this.faults).length > 0) this.faults = termsFaults(this.draft, true);
        }}
      ></af-terms>
      ${fieldView(
        'message',
        t('license.message.optional'),
        t('license.private'),
        null,
        html`<textarea
          id="message"
          rows="4"
          maxlength="10000"
          aria-describedby="message-hint message-fault"
        ></textarea>`,
      )}
      <p class="note">${t(`license.counter.text.${this.#side}`)}</p>
      <div class="row">
        <button class="button primary" ?disabled=${this.busy}>${t('license.counter.send')}</button>
        <button class="button" type="button" @click=${() => (this.draft = null)}>${t('cancel')}</button>
      </div>
    </form>`;
  }

  #about() {
    const {one} = this;
    const row = (label, content) =>
      html`<div>
        <dt>${t(label)}</dt>
        <dd>${content}</dd>
      </div>`;
    const party = (id, name) => html`<a href="/p/${id}"><bdi>${name ?? id}</bdi></a>`;
    const record = one.askerRecord;
    return html`<dl class="pairs">
      ${row('license.asker', party(one.asker, one.askerName))}
      ${record
        ? row(
            'license.record',
            html`${t('license.record.value', {
                requests: number(record.requests),
                granted: number(record.granted),
                refused: number(record.refused),
                withdrawn: number(record.withdrawn),
                unanswered: number(record.unanswered),
              })}<br /><span class="hint">${t('license.record.hint')}</span>`,
          )
        : nothing}
      ${row('license.licensor', party(one.licensor, one.licensorName))}
      ${one.purpose ? row('license.purpose', html`<bdi class="message">${one.purpose}</bdi>`) : nothing}
      ${one.offer
        ? row('license.offer', html`<a href="/offers/${one.offer}">${t('license.offer.look')}</a>`)
        : nothing}
      ${row('license.made', dateTime(one.recordedAt))}
    </dl>`;
  }

  #thread() {
    return html`<section class="step" aria-labelledby="thread">
      <h2 id="thread">${t('dispute.thread')}</h2>
      <ol class="timeline">
        ${(this.one.steps ?? []).map(
          step =>
            html`<li class="stack-s">
              <p>
                <span class="strong"
                  >${step.automatic
                    ? t('license.step.automatic')
                    : t(`license.step.${step.type}`, {name: this.#nameOf(step.side)})}</span
                >
              </p>
              ${step.terms && step.type !== 'accepted' ? html`<p>${priceText(step.terms.price)}</p>` : nothing}
              ${step.message ? html`<p class="note"><bdi class="message">${step.message}</bdi></p>` : nothing}
              <p class="hint">
                ${dateTime(step.recordedAt)} · ${t('certificate.position', {position: number(step.position)})}
              </p>
            </li>`,
        )}
      </ol>
    </section>`;
  }

  #nameOf(side) {
    if (side === this.#side) return t('license.you');
    return this.#other;
  }
}
customElements.define('af-license', LicensePage);
