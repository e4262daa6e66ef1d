import {html, nothing} from 'lit';
import {account} from '../account.js';
import {call, callPatiently} from '../api.js';
import '../bulk-change.js';
import {PageElement} from '../element.js';
import {csvRow, save} from '../files.js';
import {date, number, t} from '../i18n.js';
import {DECLARATION_STATUSES} from '../vocabulary.js';
import {modeOf, refusalView, schemeName, schemeOf, titleOf, valueOf} from '../words.js';

const PAGE = 50;
const EXPORTED = 1000;

class MinePage extends PageElement {
  static properties = {
    page: {state: true},
    refusal: {state: true},
    busy: {state: true},
    exporting: {state: true},
    waiting: {state: true},
  };

  constructor() {
    super();
    const asked = new URLSearchParams(location.search);
    this.text = asked.get('text') ?? '';
    this.status = asked.get('status') ?? '';
    this.order = asked.get('order') ?? 'newest';
    this.before = [];
    this.after = 0;
    this.page = null;
  }

  connectedCallback() {
    super.connectedCallback();
    if (account.key) this.#load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.loading?.abort();
    this.exportStop?.abort();
  }

  #query(after, limit) {
    const query = new URLSearchParams({after, limit, order: this.order});
    if (this.text.trim()) query.set('text', this.text.trim());
    if (this.status) query.set('status', this.status);
    return `/v1/parties/me/declarations?${query}`;
  }

  /** Loads a full page in several calls: one call examines a part of the list, so that no call takes long. */
  async #load() {
    this.loading?.abort();
    const loading = (this.loading = new AbortController());
    this.busy = true;
    this.refusal = null;
    try {
      const declarations = [];
      let next = this.after;
      do {
        const some = await call('GET', this.#query(next, PAGE - declarations.length), {signal: loading.signal});
        declarations.push(...some.declarations);
        next = some.next;
      } while (next !== undefined && declarations.length < PAGE);
      this.page = {declarations, next};
      this.busy = false;
    } catch (refusal) {
      if (refusal.name === 'AbortError') return;
      this.refusal = refusal;
      this.busy = false;
    }
  }

  #search(part) {
    Object.assign(this, part);
    this.before = [];
    this.after = 0;
    this.querySelector('af-bulk-change')?.reset();
    const asked = new URLSearchParams(
      Object.entries({
        text: this.text.trim(),
        status: this.status,
        order: this.order === 'newest' ? '' : this.order,
      }).filter(([, value]) => value),
    );
    history.replaceState(null, '', `/mine${asked.size > 0 ? `?${asked}` : ''}`);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#load(), 'text' in part ? 300 : 0);
  }

  async #turn(forward) {
    if (forward) {
      this.before.push(this.after);
      this.after = this.page.next;
    } else {
      this.after = this.before.pop();
    }
    await this.#load();
    this.querySelector('h1')?.focus();
    window.scrollTo(0, 0);
  }

  async #export() {
    this.exportStop = new AbortController();
    const parts = [
      '\uFEFF',
      csvRow(
        ['id', 'title', 'creators', 'kind', 'subjects', 'stance', 'contact', 'status', 'position', 'recorded'].map(
          name => t(`csv.${name}`),
        ),
      ),
    ];
    let after = 0;
    let count = 0;
    this.exporting = 0;
    try {
      do {
        const {declarations, next} = await callPatiently(
          'GET',
          this.#query(after, EXPORTED),
          {signal: this.exportStop.signal},
          waiting => (this.waiting = waiting),
        );
        parts.push(
          new Blob(
            declarations.map(one =>
              csvRow([
                one.id,
                one.work?.title ?? one.repertoire?.title,
                one.work?.creators?.join('; '),
                one.work?.kind,
                (one.subjects ?? []).join(' '),
                t(`mode.${modeOf(one)}`),
                one.terms?.contact,
                t(`status.${one.status}`),
                one.position,
                one.recordedAt,
              ]),
            ),
          ),
        );
        count += declarations.length;
        this.exporting = count;
        after = next;
      } while (after !== undefined);
      save('askfirst-declarations.csv', new Blob(parts, {type: 'text/csv;charset=utf-8'}));
    } catch (refusal) {
      if (refusal.name !== 'AbortError') this.refusal = refusal;
    } finally {
      this.exporting = undefined;
    }
  }

  render() {
    const {page} = this;
    if (!account.key)
      return html`<div class="page">
        <div class="intro">
          <h1 tabindex="-1">${t('title.mine')}</h1>
          <p class="lead">${t('mine.no-key')}</p>
        </div>
        <div class="row">
          <a class="button primary" href="/declare">${t('nav.declare')}</a>
          <a class="button" href="/key">${t('declare.use-key')}</a>
        </div>
      </div>`;
    return html`<div class="page">
      <div class="intro">
        <h1 tabindex="-1">${t('title.mine')}</h1>
        <p class="soft">
          <bdi>${account.name}</bdi> · <a href="/prove">${t('nav.prove')}</a> ·
          <a href="/members">${t('nav.members')}</a> ·
          <a href="/lists">${t('title.lists')}</a> · <a href="/asked">${t('asked.link')}</a> ·
          <a href="/licenses">${t('nav.licenses')}</a>
        </p>
      </div>
      <form
        class="fields"
        role="search"
        @submit=${event => {
          event.preventDefault();
          this.#search({});
        }}
      >
        <div class="field">
          <label for="text">${t('mine.search')}</label>
          <input
            id="text"
            type="search"
            maxlength="200"
            placeholder=${t('mine.search.hint')}
            .value=${this.text}
            @input=${event => this.#search({text: event.target.value})}
          />
        </div>
        <div class="field">
          <label for="status">${t('mine.status')}</label>
          <select id="status" @change=${event => this.#search({status: event.target.value})}>
            <option value="">${t('mine.all')}</option>
            ${DECLARATION_STATUSES.map(
              status =>
                html`<option value=${status} ?selected=${this.status === status}>${t(`status.${status}`)}</option>`,
            )}
          </select>
        </div>
        <div class="field">
          <label for="order">${t('mine.order')}</label>
          <select id="order" @change=${event => this.#search({order: event.target.value})}>
            ${['newest', 'oldest'].map(
              order => html`<option value=${order} ?selected=${this.order === order}>${t(`mine.${order}`)}</option>`,
            )}
          </select>
        </div>
      </form>
      ${refusalView(this.refusal)}
      <div role="status" class=${page && page.declarations.length === 0 && !this.busy ? 'note' : 'visually-hidden'}>
        ${this.busy
          ? t('loading')
          : page?.declarations.length === 0
            ? t(this.text || this.status ? 'mine.none-found' : 'mine.none')
            : ''}
      </div>
      ${page
        ? html`<ul class="cards" aria-busy=${this.busy ? 'true' : 'false'}>
            ${page.declarations.map(one => this.#card(one))}
          </ul>`
        : nothing}
      <div class="row between">
        <div class="row">
          <button class="button" ?disabled=${this.before.length === 0 || this.busy} @click=${() => this.#turn(false)}>
            ${t('mine.back')}
          </button>
          <button class="button" ?disabled=${page?.next === undefined || this.busy} @click=${() => this.#turn(true)}>
            ${t('mine.forward')}
          </button>
          <span class="soft">${t('mine.page', {page: number(this.before.length + 1)})}</span>
        </div>
        ${this.exporting === undefined
          ? html`<button class="button" ?disabled=${!page || page.declarations.length === 0} @click=${this.#export}>
              ${t('mine.export')}
            </button>`
          : html`<span class="row" role="status"
              ><span>${t('mine.exporting', {count: number(this.exporting)})}</span
              ><button class="button s" @click=${() => this.exportStop.abort()}>${t('cancel')}</button></span
            >`}
      </div>
      ${page?.declarations.length > 0 || this.changing
        ? html`<af-bulk-change
            .query=${(after, limit) => this.#query(after, limit)}
            @changed=${() => {
              this.changing = true;
              this.#load();
            }}
          ></af-bulk-change>`
        : nothing}
    </div>`;
  }

  #card(one) {
    const subjects = one.subjects ?? [];
    const more = subjects.length - 1;
    return html`<li class="card">
      <div>
        <a class="title" href="/d/${one.id}"><bdi>${titleOf(one)}</bdi></a>${one.work?.creators?.length
          ? html` <bdi class="soft">${one.work.creators.join(', ')}</bdi>`
          : nothing}
        <p class="meta">
          ${subjects.length > 0
            ? html`<span class="tag">${schemeName(schemeOf(subjects[0]))}</span> ${one.work
                  ? html`<span class="value">${valueOf(subjects[0])}</span>`
                  : nothing}`
            : nothing}${one.repertoire
            ? html`<span class="tag">${t('repertoire.count', {count: number(one.repertoire.listedCount)})}</span>`
            : nothing}${more > 0 ? ` ${t('mine.more', {count: number(more)})}` : ''}
        </p>
      </div>
      <p class="meta">
        <span class="strong">${t(`mode.${modeOf(one)}`)}</span><br />${one.status === 'in-force'
          ? ''
          : `${t(`status.${one.status}`)} · `}${one.pending?.length > 0
          ? html`<a href="/prove?subject=${encodeURIComponent(one.pending[0])}">${t('mine.pending')}</a> · `
          : nothing}${date(one.recordedAt)}
      </p>
    </li>`;
  }
}
customElements.define('af-mine', MinePage);
