// Changes or withdraws many declarations at once: those that a search finds, or those that an import made.
import {html, nothing} from 'lit';
import {account} from './account.js';
import {Refusal, callPatiently} from './api.js';
import {sendLines} from './batches.js';
import './choice.js';
import {emptyChoice, faults, stancesAndTerms} from './choice.js';
import {PageElement} from './element.js';
import {csvRow, save} from './files.js';
import {number, percent, t} from './i18n.js';
import {problemText, refusalView, titleOf} from './words.js';

const PAGE = 1000;
const SHOWN = 50;
// Members of a declaration that an amendment must repeat, because it replaces the whole content.
const KEPT = ['validFrom', 'validTo', 'mandate', 'market', 'work'];

class BulkChange extends PageElement {
  static properties = {
    /** Returns the path of a page of declarations: query(after, limit). */
    query: {attribute: false},
    /** Returns the ids to which the change is limited; without it, all that are found are changed. */
    only: {attribute: false},
    found: {state: true},
    counting: {state: true},
    act: {state: true},
    choice: {state: true},
    wrong: {state: true},
    refusal: {state: true},
    waiting: {state: true},
    run: {state: true},
  };

  constructor() {
    super();
    this.wrong = {};
    this.act = 'change';
    this.choice = emptyChoice();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.abort();
  }

  /** Forgets what was found, because the search has changed. */
  reset() {
    this.stop?.abort();
    this.found = undefined;
    this.counting = undefined;
    this.run = undefined;
  }

  async #find() {
    this.stop?.abort();
    const {signal} = (this.stop = new AbortController());
    this.found = undefined;
    this.run = undefined;
    this.refusal = null;
    this.counting = 0;
    const onWait = waiting => (this.waiting = waiting);
    try {
      const only = this.only ? await this.only(signal) : null;
      const found = [];
      let after = 0;
      do {
        const page = await callPatiently('GET', this.query(after, PAGE), {signal}, onWait);
        found.push(
          ...page.declarations.filter(
            one => one.status !== 'withdrawn' && one.party === account.id && (!only || only.has(one.id)),
          ),
        );
        this.counting = found.length;
        after = page.next;
      } while (after !== undefined && !(only && found.length >= only.size));
      this.uses = found.some(one => one.mandate) ? await this.#usesByMandate(signal) : new Map();
      this.found = found;
    } catch (refusal) {
      if (refusal.name !== 'AbortError') this.refusal = refusal;
    } finally {
      this.counting = undefined;
    }
  }

  /** The uses to which each mandate is limited. */
  async #usesByMandate(signal) {
    const uses = new Map();
    let after = 0;
    do {
      const query = new URLSearchParams({after, limit: PAGE});
      const page = await callPatiently('GET', `/v1/parties/me/mandates?${query}`, {signal});
      page.mandates.forEach(one => uses.set(one.id, one.uses));
      after = page.next;
    } while (after !== undefined);
    return uses;
  }

  #line(one) {
    if (this.act === 'withdraw') return {withdraw: one.id, ifPosition: one.position};
    const kept = Object.fromEntries(KEPT.filter(name => one[name] !== undefined).map(name => [name, one[name]]));
    return {
      amend: one.id,
      ifPosition: one.position,
      ...(one.repertoire ? {repertoire: {title: one.repertoire.title}} : {subjects: one.subjects}),
      ...stancesAndTerms({...this.choice, other: one.terms}, this.uses.get(one.mandate)),
      ...kept,
    };
  }

  async #ask() {
    this.wrong = this.act === 'change' ? faults(this.choice) : {};
    await this.updateComplete;
    if (Object.keys(this.wrong).length > 0) {
      await this.querySelector('af-choice').updateComplete;
      this.querySelector('[aria-invalid="true"]')?.focus();
      return;
    }
    this.querySelector('dialog').showModal();
  }

  async #start() {
    this.querySelector('dialog').close();
    const {signal} = (this.stop = new AbortController());
    const {found} = this;
    const run = (this.run = {act: this.act, all: found.length, done: 0, same: 0, refused: [], running: true});
    this.refusal = null;
    try {
      await sendLines(
        '/v1/declarations/batch',
        found.map(one => JSON.stringify(this.#line(one))),
        {
          signal,
          onAnswer: (place, answer) => {
            run.done = place + 1;
            if (answer.problem) run.refused.push({one: found[place], problem: answer.problem});
            else if (answer.alreadyDeclared) run.same++;
            this.requestUpdate();
          },
          onWait: waiting => (this.waiting = waiting),
        },
      );
    } catch (refusal) {
      if (refusal.name !== 'AbortError')
        this.refusal =
          refusal instanceof Refusal
            ? refusal
            : new Refusal(0, {type: 'https://askfirst.org/problems/offline', detail: ''});
    } finally {
      run.running = false;
      this.waiting = null;
      this.requestUpdate();
      this.dispatchEvent(new CustomEvent('changed'));
    }
  }

  #report() {
    const rows = this.run.refused.map(({one, problem}) =>
      csvRow([one.id, titleOf(one), problemText(problem), problem.detail]),
    );
    save(
      'askfirst-not-changed.csv',
      new Blob(['\uFEFF', csvRow(['id', 'title', 'reason', 'detail'].map(name => t(`csv.${name}`))), ...rows], {
        type: 'text/csv;charset=utf-8',
      }),
    );
  }

  render() {
    const {found, counting, run} = this;
    return html`<section class="stack" aria-label=${t('bulk-change.h2')}>
      ${this.waiting
        ? html`<p class="note warn" role="status">
            ${t(this.waiting.status === 0 ? 'waiting.offline' : 'waiting.busy', {
              seconds: this.waiting.retryAfter || 2,
            })}
          </p>`
        : nothing}
      ${refusalView(this.refusal)}
      ${run
        ? this.#progress(run)
        : found
          ? this.#choose(found)
          : html`<div class="row">
              <button class="button" ?disabled=${counting !== undefined} @click=${this.#find}>
                ${t('bulk-change.h2')}
              </button>
              ${counting === undefined
                ? nothing
                : html`<span role="status">${t('mine.exporting', {count: number(counting)})}</span>
                    <button class="button s" @click=${() => this.stop.abort()}>${t('cancel')}</button>`}
            </div>`}
      <dialog aria-labelledby="bulk-change-sure">
        <div>
          <h2 id="bulk-change-sure">
            ${t(`bulk-change.${this.act}.sure`, {count: number(found?.length ?? 0)})}
          </h2>
          <p>${t(`bulk-change.${this.act}.text`)}</p>
          <div class="row">
            <button
              class="button ${this.act === 'withdraw' ? 'danger' : 'primary'}"
              id="bulk-change-yes"
              @click=${this.#start}
            >
              ${t(`bulk-change.${this.act}.go`, {count: number(found?.length ?? 0)})}
            </button>
            <button class="button" @click=${() => this.querySelector('dialog').close()}>${t('cancel')}</button>
          </div>
        </div>
      </dialog>
    </section>`;
  }

  #choose(found) {
    if (found.length === 0)
      return html`<p class="note" role="status">${t('bulk-change.none')}</p>
        <div><button class="button" @click=${() => this.reset()}>${t('cancel')}</button></div>`;
    return html`<h2 tabindex="-1">${t('bulk-change.found', {count: number(found.length)})}</h2>
      <fieldset>
        <legend class="visually-hidden">${t('bulk-change.h2')}</legend>
        <div class="inline-choices">
          ${['change', 'withdraw'].map(
            act =>
              html`<label
                ><input
                  type="radio"
                  name="bulk-act"
                  value=${act}
                  .checked=${this.act === act}
                  @change=${() => (this.act = act)}
                />${t(`bulk-change.${act}`)}</label
              >`,
          )}
        </div>
      </fieldset>
      ${this.act === 'change'
        ? html`<af-choice
            .value=${this.choice}
            .faults=${this.wrong}
            @chosen=${event => (this.choice = event.detail)}
          ></af-choice>`
        : nothing}
      <div class="row">
        <button
          class="button ${this.act === 'withdraw' ? 'danger' : 'primary'}"
          id="bulk-change-ask"
          @click=${this.#ask}
        >
          ${t(`bulk-change.${this.act}.go`, {count: number(found.length)})}
        </button>
        <button class="button" @click=${() => this.reset()}>${t('cancel')}</button>
      </div>`;
  }

  #progress(run) {
    return html`<label for="bulk-changing">${t('bulk.progress')}</label>
      <progress id="bulk-changing" max="1" .value=${run.done / run.all}></progress>
      <p role="status" class="num">
        ${run.running
          ? t('bulk.going', {read: number(run.done), all: number(run.all), percent: percent(run.done / run.all)})
          : t(`bulk-change.${run.act}.done`, {
              count: number(run.done - run.refused.length),
              all: number(run.all),
              refused: number(run.refused.length),
            })}
      </p>
      ${run.refused.length > 0
        ? html`<ul class="plain">
              ${run.refused
                .slice(0, SHOWN)
                .map(
                  ({one, problem}) =>
                    html`<li><a href="/d/${one.id}"><bdi>${titleOf(one)}</bdi></a>: ${problemText(problem)}</li>`,
                )}
            </ul>
            <div>
              <button class="button s" ?disabled=${run.running} @click=${this.#report}>
                ${t('bulk-change.refused', {count: number(run.refused.length)})}
              </button>
            </div>`
        : nothing}
      <div class="row">
        ${run.running
          ? html`<button class="button" @click=${() => this.stop.abort()}>${t('bulk.pause')}</button>`
          : html`<button class="button" @click=${() => this.reset()}>${t('bulk-change.end')}</button>`}
      </div>`;
  }
}
customElements.define('af-bulk-change', BulkChange);
