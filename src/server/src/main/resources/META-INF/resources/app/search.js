// Search for works and parties: the call, and the list of its results.
import {html, nothing} from 'lit';
import {callPatiently} from './api.js';
import {PageElement} from './element.js';
import {has, number, t} from './i18n.js';
import {refusalView, schemeName, schemeOf, valueOf} from './words.js';

const AT_ONCE = 10;

/** The reasons of texts that somebody meant as an identifier: they are no titles. */
const NO_NAMES = ['wrong-check-digit', 'placeholder', 'ambiguous', 'several-subjects', 'cut-off'];

/** True if the text of an item that names no subject may be a title or a name. */
export const mayBeName = item =>
  Boolean(item.problem && item.text && !item.file && !NO_NAMES.includes(item.problem.errors?.[0]?.reason));

/** Searches. Returns a page: `results`, and `next` if there are more. */
export async function search(text, {kind, cursor, limit = AT_ONCE, signal, onWait} = {}) {
  const asked = new URLSearchParams({q: [...text].slice(0, 200).join(''), limit: String(limit)});
  if (kind) asked.set('kind', kind);
  if (cursor) asked.set('cursor', cursor);
  return callPatiently('GET', `/v1/search?${asked}`, {signal}, onWait);
}

/** The page of a found work; null for a party. */
export const addressOf = result => (result.kind === 'work' ? `/d/${result.declaration}` : null);

/** A lookup of a found work on the check page; null if it names no subject. */
export const lookupOf = result =>
  result.subjects?.length > 0
    ? `/check?${new URLSearchParams(result.subjects.map(subject => ['subject', subject]))}`
    : null;

const partyView = party =>
  html`<bdi>${party.name ?? party.id}</bdi> <span class="soft">(${t(`trust.${party.trust}`)})</span>`;

/** A result as a card. Names of strangers are isolated, so that they cannot change the direction of the text around. */
export function resultView(result) {
  if (result.kind === 'party')
    return html`<div class="row">
        <span class="tag">${t('search.party')}</span><span class="strong">${partyView(result.party)}</span>
      </div>
      <p class="hint">${t(`party.${result.party.kind}`)} · <bdi class="value">${result.party.id}</bdi></p>`;
  const kind = result.workKind && has(`kind.${result.workKind}`) ? t(`kind.${result.workKind}`) : result.workKind;
  const subject = result.subjects[0];
  return html`<div class="row">
      <span class="tag">${kind ? html`<bdi>${kind}</bdi>` : t('search.work')}</span
      ><a class="strong" href=${addressOf(result)}
        ><bdi>${result.title ?? (subject ? valueOf(subject) : result.declaration)}</bdi></a
      >
    </div>
    ${result.creators
      ? html`<p>${result.creators.map((creator, place) => html`${place > 0 ? ', ' : ''}<bdi>${creator}</bdi>`)}</p>`
      : nothing}
    <p class="small">${t('search.declared-by')} ${partyView(result.party)}</p>
    ${subject
      ? html`<p class="hint">
          ${schemeName(schemeOf(subject))} <bdi class="value">${valueOf(subject)}</bdi>${result.subjectCount > 1
            ? ` ${t('search.more-subjects', {count: number(result.subjectCount - 1)})}`
            : ''}
        </p>`
      : nothing}
    <p class="small">
      ${lookupOf(result) ? html`<a href=${lookupOf(result)}>${t('search.look-up')}</a> · ` : nothing}<a
        href=${addressOf(result)}
        >${t('done.certificate')}</a
      >
    </p>`;
}

/** The results for one text. Searches again when `text` or `kind` changes. */
class SearchResults extends PageElement {
  static properties = {
    text: {},
    kind: {},
    results: {state: true},
    next: {state: true},
    incomplete: {state: true},
    refusal: {state: true},
    busy: {state: true},
    waiting: {state: true},
  };

  constructor() {
    super();
    this.text = '';
    this.results = null;
  }

  willUpdate(changed) {
    if ((changed.has('text') || changed.has('kind')) && this.text) {
      this.results = null;
      this.next = undefined;
      this.#load();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.abort();
  }

  async #load() {
    this.stop?.abort();
    const stop = new AbortController();
    this.stop = stop;
    this.busy = true;
    this.refusal = null;
    const before = this.next ? this.results : [];
    try {
      const page = await search(this.text, {
        kind: this.kind || undefined,
        cursor: this.next,
        signal: stop.signal,
        onWait: waiting => (this.waiting = waiting),
      });
      this.results = [...before, ...page.results];
      this.next = page.next;
      this.incomplete = page.incomplete;
    } catch (refusal) {
      if (refusal.name !== 'AbortError') this.refusal = refusal;
    } finally {
      if (this.stop === stop) this.busy = false;
    }
  }

  render() {
    if (!this.text) return nothing;
    return html`<div class="stack">
      <h3>${t('search.for')} <bdi>${this.text}</bdi></h3>
      ${refusalView(this.refusal)}
      <p role="status" class=${this.busy || this.results?.length === 0 ? '' : 'visually-hidden'}>
        ${this.busy
          ? t(this.waiting ? 'waiting.busy' : 'search.busy', {seconds: this.waiting?.retryAfter || 2})
          : this.results?.length === 0
            ? t('search.none')
            : t('search.count', {count: number(this.results?.length ?? 0)})}
      </p>
      ${this.results?.length
        ? html`<ul class="items">
              ${this.results.map(result => html`<li class="item">${resultView(result)}</li>`)}
            </ul>
            ${this.incomplete ? html`<p class="hint">${t('search.incomplete')}</p>` : nothing}
            <p class="hint">${t('search.no-evidence')}</p>`
        : nothing}
      ${this.next && !this.busy
        ? html`<p>
            <button class="button" type="button" @click=${() => this.#load()}>${t('search.more')}</button>
          </p>`
        : nothing}
    </div>`;
  }
}
customElements.define('af-search-results', SearchResults);
