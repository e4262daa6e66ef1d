// Mandates: their texts, the choice of a mandate, and the declarations made under a mandate.
import {html, nothing} from 'lit';
import {account} from './account.js';
import {call} from './api.js';
import {PageElement} from './element.js';
import {date, isolated, t} from './i18n.js';
import {memberName, modeOf, refusalView, schemeName, schemeOf, titleOf} from './words.js';

const PAGE = 100;
const MAX_CALLS = 10;
const SHOWN = 20;

/** The limits of a mandate. */
export const scopeText = mandate =>
  [
    mandate.schemes ? mandate.schemes.map(schemeName).join(', ') : t('members.schemes.all'),
    mandate.uses ? mandate.uses.map(use => t(`use.${use}`)).join(', ') : t('members.uses.all'),
    mandate.territory ? mandate.territory.join(', ') : null,
    mandate.validFrom
      ? `${date(mandate.validFrom)} – ${mandate.validTo ? date(mandate.validTo) : ''}`
      : mandate.validTo
        ? t('members.ends', {day: date(mandate.validTo)})
        : null,
  ]
    .filter(Boolean)
    .join(' · ');

/**
 * The choice between the party itself and a member whose mandate it has. Sends the event `chosen`. Shows nothing if the
 * party has no mandate.
 */
class MandateChoice extends PageElement {
  static properties = {value: {attribute: false}, mandates: {state: true}, many: {state: true}, refusal: {state: true}};

  constructor() {
    super();
    this.value = null;
    this.mandates = [];
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

  /** Loads mandates in force in which this party is the society. */
  async #load() {
    this.loading?.abort();
    const {signal} = (this.loading = new AbortController());
    const mandates = [];
    let after = 0;
    try {
      for (let calls = 0; after !== undefined && mandates.length < PAGE && calls < MAX_CALLS; calls++) {
        const query = new URLSearchParams({
          after,
          limit: PAGE,
          order: 'newest',
          ...(this.text ? {text: this.text} : {}),
        });
        const page = await call('GET', `/v1/parties/me/mandates?${query}`, {signal});
        mandates.push(...page.mandates.filter(one => one.society === account.id && one.inForce));
        after = page.next;
      }
      this.mandates = mandates;
      this.many ||= after !== undefined && mandates.length > 0;
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
    this.value = this.mandates.find(one => one.id === id) ?? (this.value?.id === id ? this.value : null);
    this.dispatchEvent(new CustomEvent('chosen', {detail: this.value}));
  }

  render() {
    const {value, mandates} = this;
    if (this.refusal) return refusalView(this.refusal);
    if (mandates.length === 0 && !this.many && !value) return nothing;
    const shown = value && !mandates.some(one => one.id === value.id) ? [value, ...mandates] : mandates;
    return html`<div class="stack">
      <div class="fields">
        ${this.many
          ? html`<div class="field">
              <label for="for-text">${t('on-behalf.search')}</label>
              <input id="for-text" type="search" maxlength="200" @input=${event => this.#search(event.target.value)} />
            </div>`
          : nothing}
        <div class="field">
          <label for="for">${t('on-behalf.label')}</label>
          <select
            id="for"
            aria-describedby="for-hint"
            .value=${value?.id ?? ''}
            @change=${event => this.#choose(event.target.value)}
          >
            <option value="" ?selected=${!value}>${t('on-behalf.self')}</option>
            ${shown.map(
              one =>
                html`<option value=${one.id} ?selected=${value?.id === one.id}>${isolated(memberName(one))}</option>`,
            )}
          </select>
        </div>
      </div>
      <p class="hint" id="for-hint">
        ${value
          ? html`${t('on-behalf.reach')} ${scopeText(value)} <span class="value">${value.id}</span>`
          : this.many
            ? t('on-behalf.many')
            : t('on-behalf.hint')}
      </p>
    </div>`;
  }
}
customElements.define('af-mandate-choice', MandateChoice);

/** The declarations made under a mandate. Loads them when it is opened. */
class MandateDeclarations extends PageElement {
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
      // One call examines a part of the list, so that no call takes long.
      do {
        const page = await call(
          'GET',
          `/v1/parties/me/mandates/${this.mandate}/declarations?${new URLSearchParams({
            after: this.next ?? 0,
            limit: SHOWN,
            order: 'newest',
          })}`,
          {signal},
        );
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
    return html`<details @toggle=${event => event.target.open && !this.all && !this.busy && this.#load()}>
      <summary>${t('members.declarations')}</summary>
      <div class="stack-s">
        ${refusalView(this.refusal)}
        <p role="status" class=${this.all?.length ? 'visually-hidden' : 'soft'}>
          ${this.busy ? t('loading') : this.all?.length === 0 ? t('members.declarations.none') : ''}
        </p>
        ${this.all?.length
          ? html`<ul class="cards">
              ${this.all.map(
                one =>
                  html`<li class="card">
                    <div>
                      <a class="title" href="/d/${one.id}"><bdi>${titleOf(one)}</bdi></a>${one.subjects.length > 0
                        ? html` <span class="tag">${schemeName(schemeOf(one.subjects[0]))}</span>`
                        : nothing}
                    </div>
                    <p class="meta">
                      <span class="strong">${t(`mode.${modeOf(one)}`)}</span> ·
                      ${one.status === 'in-force' ? '' : `${t(`status.${one.status}`)} · `}${date(one.recordedAt)}
                    </p>
                  </li>`,
              )}
            </ul>`
          : nothing}
        ${this.all && this.next !== undefined
          ? html`<div>
              <button class="button s" type="button" ?disabled=${this.busy} @click=${this.#load}>
                ${t('repertoire.more')}
              </button>
            </div>`
          : nothing}
      </div>
    </details>`;
  }
}
customElements.define('af-mandate-declarations', MandateDeclarations);
