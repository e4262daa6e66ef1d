// For whom something is said: mandates in a person's words, and the choice among those that the party holds.
import {html, nothing} from 'lit';
import {account} from './account.js';
import {call} from './api.js';
import {Piece} from './element.js';
import {date, t} from './i18n.js';
import {gist, refusalView, schemeName, schemeOf, titleOf} from './words.js';

const PAGE = 100;
const LOOKS = 10;
const SHOWN = 20;

/** What its society calls the member: by name, by its own number, or both. */
export const memberOf = mandate => [mandate.memberName, mandate.memberNumber ? t('members.number', {number: mandate.memberNumber}) : null].filter(Boolean).join(' · ') || mandate.member || t('certificate.mandate.member');

/** Who says something for whom, in a sentence. */
export const underView = mandate => html`${t('for.under', {name: account.name ?? account.id, member: memberOf(mandate)})} <span class="value soft">${mandate.id}</span>`;

/** How far a mandate reaches. */
export const reachOf = mandate =>
  [
    mandate.schemes ? mandate.schemes.map(schemeName).join(', ') : t('members.kinds.all'),
    mandate.uses ? mandate.uses.map(use => t(`use.${use}`)).join(', ') : t('members.uses.all'),
    mandate.territory ? mandate.territory.join(', ') : null,
    mandate.validFrom ? `${date(mandate.validFrom)} – ${mandate.validTo ? date(mandate.validTo) : ''}` : mandate.validTo ? t('members.ends', {day: date(mandate.validTo)}) : null,
  ].filter(Boolean).join(' · ');

/** The party itself, or a member whose mandate it holds; tells its owner by the event `chosen`. Nothing at all for whoever holds none. */
class For extends Piece {
  static properties = {value: {attribute: false}, held: {state: true}, many: {state: true}, refusal: {state: true}};

  constructor() {
    super();
    this.value = null;
    this.held = [];
    this.text = '';
  }

  willUpdate() {
    if (account.key && this.party !== account.id) {
      this.party = account.id;
      this.many = false;
      this.#load();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.loading?.abort();
    clearTimeout(this.timer);
  }

  /** A page of those that hold; what was only offered, or given by the party itself, is passed over. */
  async #load() {
    this.loading?.abort();
    const {signal} = (this.loading = new AbortController());
    const held = [];
    let after = 0;
    try {
      for (let looks = 0; after !== undefined && held.length < PAGE && looks < LOOKS; looks++) {
        const query = new URLSearchParams({after, limit: PAGE, order: 'newest', ...(this.text ? {text: this.text} : {})});
        const page = await call('GET', `/v1/parties/me/mandates?${query}`, {signal});
        held.push(...page.mandates.filter(one => one.society === account.id && one.inForce));
        after = page.next;
      }
      this.held = held;
      this.many ||= after !== undefined && held.length > 0;
      this.refusal = null;
    } catch (refusal) {
      if (refusal.name !== 'AbortError') this.refusal = refusal;
    }
  }

  #search(text) {
    this.text = text.trim();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#load(), 300);
  }

  #choose(id) {
    this.value = this.held.find(one => one.id === id) ?? (this.value?.id === id ? this.value : null);
    this.dispatchEvent(new CustomEvent('chosen', {detail: this.value}));
  }

  render() {
    const {value, held} = this;
    if (this.refusal) return refusalView(this.refusal);
    if (held.length === 0 && !this.many && !value) return nothing;
    const shown = value && !held.some(one => one.id === value.id) ? [value, ...held] : held;
    return html`<div class="stack">
      <div class="fields">${this.many ? html`<div class="field"><label for="for-text">${t('for.search')}</label><input id="for-text" type="search" maxlength="200" @input=${event => this.#search(event.target.value)}></div>` : nothing}
        <div class="field"><label for="for">${t('for.label')}</label><select id="for" aria-describedby="for-hint" .value=${value?.id ?? ''} @change=${event => this.#choose(event.target.value)}>
          <option value="" ?selected=${!value}>${t('for.self')}</option>${shown.map(one => html`<option value=${one.id} ?selected=${value?.id === one.id}>${memberOf(one)}</option>`)}</select></div></div>
      <p class="hint" id="for-hint">${value ? html`${t('for.reach')} ${reachOf(value)} <span class="value">${value.id}</span>` : this.many ? t('for.many') : t('for.hint')}</p></div>`;
  }
}
customElements.define('af-for', For);

/** What was declared under a mandate, asked for when somebody looks; alike for the member and for its society. */
class Said extends Piece {
  static properties = {mandate: {attribute: true}, all: {state: true}, refusal: {state: true}, busy: {state: true}};

  disconnectedCallback() {
    super.disconnectedCallback();
    this.loading?.abort();
  }

  async #load() {
    const {signal} = (this.loading = new AbortController());
    this.busy = true;
    this.refusal = null;
    try {
      const some = [];
      // One call looks at a part only, so that it never takes long.
      do {
        const page = await call('GET', `/v1/parties/me/mandates/${this.mandate}/declarations?${new URLSearchParams({after: this.next ?? 0, limit: SHOWN, order: 'newest'})}`, {signal});
        some.push(...page.declarations);
        this.next = page.next;
      } while (this.next !== undefined && some.length < SHOWN);
      this.all = [...(this.all ?? []), ...some];
    } catch (refusal) {
      if (refusal.name !== 'AbortError') this.refusal = refusal;
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<details @toggle=${event => event.target.open && !this.all && !this.busy && this.#load()}><summary>${t('members.said')}</summary><div class="stack-s">
      ${refusalView(this.refusal)}
      <p role="status" class=${this.all?.length ? 'visually-hidden' : 'soft'}>${this.busy ? t('loading') : this.all?.length === 0 ? t('members.said.none') : ''}</p>
      ${this.all?.length ? html`<ul class="cards">${this.all.map(one => html`<li class="card"><div><a class="title" href="/d/${one.id}">${titleOf(one)}</a>${one.subjects.length > 0 ? html` <span class="tag">${schemeName(schemeOf(one.subjects[0]))}</span>` : nothing}</div><p class="meta"><span class="strong">${t(`gist.${gist(one)}`)}</span> · ${one.status === 'in-force' ? '' : `${t(`status.${one.status}`)} · `}${date(one.recordedAt)}</p></li>`)}</ul>` : nothing}
      ${this.all && this.next !== undefined ? html`<div><button class="button s" type="button" ?disabled=${this.busy} @click=${this.#load}>${t('repertoire.more')}</button></div>` : nothing}</div></details>`;
  }
}
customElements.define('af-said', Said);
