// The form of the terms of a license.
import {html, nothing} from 'lit';
import {PageElement} from './element.js';
import {has, isolated, t} from './i18n.js';
import {
  WORLD,
  dayOf,
  decimal,
  endOf,
  fieldView,
  leavesOf,
  territoryText,
  unitName,
  usesView,
} from './license-words.js';
import {CATALOGUE_WORK_KINDS, FILELESS_WORK_KINDS, LEAF_USES} from './vocabulary.js';
import {kindName} from './words.js';

const BASES = ['negotiated', 'per-work', 'flat', 'revenue-share', 'pool', 'per-unit', 'free'];
const SCOPES = ['model-version', 'model', 'any'];
const TRANSFERS = ['none', 'same-terms'];
const REPORTS = ['none', 'month', 'quarter', 'year'];
const CURRENCIES = ['KRW', 'USD', 'EUR', 'JPY', 'CNY', 'GBP'];
const UNITS = ['answer', 'request', 'page', 'second', 'token'];
const KINDS = [...new Set([...FILELESS_WORK_KINDS, ...CATALOGUE_WORK_KINDS])];

/** The parts of a price, by its basis. */
const PARTS = {
  flat: ['amount'],
  'per-work': ['amount'],
  'per-unit': ['amount', 'unit'],
  'revenue-share': ['percent', 'amount', 'weights'],
  pool: ['amount', 'weights'],
};
const mustHaveAmount = basis => ['flat', 'per-work', 'per-unit'].includes(basis);
const NUMBER = /^(0|[1-9][0-9]{0,11})(\.[0-9]{1,9})?$/;

const startOf = (day, moment) =>
  moment && dayOf(moment) === day ? moment : new Date(`${day}T00:00:00`).toISOString();

/** The content of the form for terms of the contract. */
export function draftOf(terms) {
  const {price = {}, model = {}, territory = [WORLD]} = terms;
  const places = territory.join(', ');
  return {
    given: terms,
    uses: leavesOf(terms.uses ?? []),
    scope: model.scope ?? 'model-version',
    name: model.name ?? '',
    version: model.version ?? '',
    basis: price.basis ?? 'negotiated',
    amount: price.amount ?? '',
    currency: price.currency ?? 'KRW',
    unit: price.unit ?? UNITS[0],
    percent: price.percent ?? '',
    weights: Object.entries(price.weights ?? {}),
    from: dayOf(terms.validFrom),
    to: dayOf(terms.validTo),
    transfer: terms.transfer ?? 'none',
    place: places === WORLD || places === 'KR' ? places : 'other',
    countries: places === WORLD ? '' : places,
    reporting: terms.reporting ?? 'none',
    attribution: terms.attribution ?? '',
    text: terms.text ?? '',
  };
}

const plain = text => text.replace(/[\s,%]/g, '');
const countriesOf = draft => draft.countries.toUpperCase().split(/[\s,]+/).filter(Boolean);

/** The errors of the form, by field. `wanted` are the terms of a request, whose end and model are required. */
export function termsFaults(draft, wanted) {
  const faults = {};
  const {basis} = draft;
  const parts = PARTS[basis] ?? [];
  const percent = plain(draft.percent);
  const amount = plain(draft.amount);
  if (draft.uses.length === 0) faults.uses = t('license.uses.fault');
  if (wanted && draft.scope !== 'any' && !draft.name.trim()) faults.name = t('license.name.fault');
  if (wanted && draft.scope === 'model-version' && !draft.version.trim()) faults.version = t('license.version.fault');
  if (parts.includes('amount') && (amount ? !NUMBER.test(amount) : mustHaveAmount(basis)))
    faults.amount = t('license.amount.fault');
  if (parts.includes('percent') && !(NUMBER.test(percent) && Number(percent) > 0 && Number(percent) <= 100))
    faults.percent = t('license.percent.fault');
  if (parts.includes('weights') && draft.weights.some(([, weight]) => !NUMBER.test(plain(weight))))
    faults.weights = t('license.weights.fault');
  const isPast = draft.to && Date.parse(endOf(draft.to, draft.given.validTo)) <= Date.now();
  if (wanted ? !draft.to || isPast : isPast) faults.to = t('license.to.fault');
  else if (draft.from && draft.to && draft.from > draft.to) faults.to = t('license.to.before');
  const countries = countriesOf(draft);
  const readable = countries.length > 0 && countries.every(code => /^[A-Z]{2}$/.test(code));
  if (draft.place === 'other' && !readable) faults.countries = t('license.countries.fault');
  return faults;
}

/** The uses to send. If the person did not change them, those that were given, which may be umbrellas. */
function usesOf({uses, given}) {
  const before = leavesOf(given.uses ?? []);
  return before.length === uses.length && before.every(use => uses.includes(use)) ? given.uses : uses;
}

function priceOf(draft) {
  const parts = PARTS[draft.basis] ?? [];
  const amount = plain(draft.amount);
  return {
    basis: draft.basis,
    ...(parts.includes('percent') ? {percent: plain(draft.percent)} : {}),
    ...(parts.includes('amount') && amount ? {amount, currency: draft.currency} : {}),
    ...(parts.includes('unit') ? {unit: draft.unit} : {}),
    ...(parts.includes('weights') && draft.weights.length > 0
      ? {weights: Object.fromEntries(draft.weights.map(([kind, weight]) => [kind, plain(weight)]))}
      : {}),
  };
}

/** The terms of the contract that the form has. Call it only if there are no faults. */
export function termsOf(draft) {
  const {given} = draft;
  const name = draft.scope === 'any' ? '' : draft.name.trim();
  const version = draft.scope === 'model-version' && name ? draft.version.trim() : '';
  return {
    uses: usesOf(draft),
    model: {scope: draft.scope, ...(name ? {name} : {}), ...(version ? {version} : {})},
    transfer: draft.transfer,
    territory: draft.place === 'other' ? countriesOf(draft) : [draft.place],
    ...(draft.from ? {validFrom: startOf(draft.from, given.validFrom)} : {}),
    ...(draft.to ? {validTo: endOf(draft.to, given.validTo)} : {}),
    price: priceOf(draft),
    reporting: draft.reporting,
    ...(given.route ? {route: given.route} : {}),
    ...(draft.attribution.trim() ? {attribution: draft.attribution.trim()} : {}),
    ...(draft.text.trim() ? {text: draft.text.trim()} : {}),
  };
}

/** The lines of the summary of faults, in the order of the form. */
export const faultLines = faults => Object.entries(faults).map(([field, text]) => ({id: `terms-${field}`, text}));

/**
 * The form of terms. `draft` is its content, which it changes with an event `changed`; `first` are the groups that are
 * shown at once, the others are behind a line to open; `fixed` hides the choice of the basis.
 */
class TermsForm extends PageElement {
  static properties = {
    draft: {attribute: false},
    faults: {attribute: false},
    first: {attribute: false},
    wanted: {type: Boolean},
    fixed: {type: Boolean},
  };

  constructor() {
    super();
    this.faults = {};
    this.first = ['price', 'period', 'uses', 'model', 'more'];
  }

  #set(part) {
    this.draft = {...this.draft, ...part};
    this.dispatchEvent(new CustomEvent('changed', {detail: this.draft}));
  }

  #input(field, label, {hint, type = 'text', most = 200} = {}) {
    const id = `terms-${field}`;
    return fieldView(
      id,
      label,
      hint,
      this.faults[field],
      html`<input
        id=${id}
        type=${type}
        maxlength=${type === 'date' ? nothing : most}
        autocomplete="off"
        .value=${this.draft[field]}
        aria-describedby="${hint ? `${id}-hint ` : ''}${id}-fault"
        aria-invalid=${this.faults[field] ? 'true' : 'false'}
        @input=${event => this.#set({[field]: event.target.value})}
      />`,
    );
  }

  #select(field, label, options, name) {
    const all = options.includes(this.draft[field]) ? options : [...options, this.draft[field]];
    return fieldView(
      `terms-${field}`,
      label,
      null,
      null,
      html`<select
        id="terms-${field}"
        aria-describedby="terms-${field}-fault"
        @change=${event => this.#set({[field]: event.target.value})}
      >
        ${all.map(one => html`<option value=${one} ?selected=${one === this.draft[field]}>${name(one)}</option>`)}
      </select>`,
    );
  }

  #area(field, label, most, hint) {
    return fieldView(
      `terms-${field}`,
      label,
      hint,
      null,
      html`<textarea
        id="terms-${field}"
        rows="3"
        maxlength=${most}
        .value=${this.draft[field]}
        aria-describedby="${hint ? `terms-${field}-hint ` : ''}terms-${field}-fault"
        @input=${event => this.#set({[field]: event.target.value})}
      ></textarea>`,
    );
  }

  #price() {
    const {basis} = this.draft;
    const parts = PARTS[basis] ?? [];
    return html`${this.fixed
        ? nothing
        : this.#select('basis', t('license.basis'), BASES, one => t(`license.basis.${one}`))}
      ${parts.length > 0
        ? html`<div class="fields">
            ${parts.includes('percent')
              ? this.#input('percent', t('license.percent'))
              : nothing}
            ${parts.includes('amount')
              ? html`${this.#input('amount', t(`license.amount.${basis}`))}
                ${this.#select('currency', t('license.currency'), CURRENCIES, one => one)}`
              : nothing}
            ${parts.includes('unit') ? this.#select('unit', t('license.unit'), UNITS, unitName) : nothing}
          </div>`
        : nothing}
      ${parts.includes('weights') ? this.#weights() : nothing}
      ${parts.length === 0 && this.fixed ? html`<p>${t(`license.price.${basis}`)}</p>` : nothing}`;
  }

  #weights() {
    const {weights} = this.draft;
    const set = (place, row) => this.#set({weights: weights.map((one, other) => (other === place ? row : one))});
    return html`<fieldset id="terms-weights" tabindex="-1" aria-describedby="weights-hint terms-weights-fault">
      <legend>${t('license.weights.legend')}</legend>
      <span class="hint" id="weights-hint">${t('license.weights.hint')}</span>
      ${weights.map(
        ([kind, weight], place) =>
          html`<div class="row">
            <select
              class="weight"
              aria-label=${t('license.weights.kind', {place: place + 1})}
              @change=${event => set(place, [event.target.value, weight])}
            >
              ${[...new Set([...KINDS, kind])].map(
                one => html`<option value=${one} ?selected=${one === kind}>${isolated(kindName(one))}</option>`,
              )}
            </select>
            <input
              class="weight"
              type="text"
              inputmode="decimal"
              maxlength="22"
              aria-label=${t('license.weights.number', {place: place + 1})}
              .value=${weight}
              @input=${event => set(place, [kind, event.target.value])}
            />
            <button
              class="link-button"
              type="button"
              @click=${() => this.#set({weights: weights.filter((one, other) => other !== place)})}
            >
              ${t('license.weights.remove')}
            </button>
          </div>`,
      )}
      <span class="error" id="terms-weights-fault">${this.faults.weights ?? ''}</span>
      <div>
        <button
          class="button s"
          type="button"
          @click=${() => {
            const free = KINDS.find(kind => !weights.some(([one]) => one === kind));
            if (free) this.#set({weights: [...weights, [free, '1']]});
          }}
        >
          ${t('license.weights.add')}
        </button>
      </div>
    </fieldset>`;
  }

  #group(name) {
    if (name === 'price') return this.#price();
    if (name === 'period')
      return html`<div class="fields">
        ${this.#input('to', t(this.wanted ? 'license.to' : 'license.to.optional'), {type: 'date'})}
        ${this.#input('from', t('license.from'), {type: 'date'})}
      </div>`;
    if (name === 'uses')
      return usesView('terms-uses', t('license.terms.uses'), LEAF_USES, this.draft.uses, this.faults.uses, uses =>
        this.#set({uses}),
      );
    if (name === 'model')
      return html`${this.#select('scope', t('license.terms.model'), SCOPES, one => t(`license.model.${one}.open`))}
        ${this.draft.scope === 'any'
          ? nothing
          : html`<div class="fields">
              ${this.#input('name', t(this.wanted ? 'license.name' : 'license.name.optional'))}
              ${this.draft.scope === 'model-version'
                ? this.#input('version', t(this.wanted ? 'license.version' : 'license.version.optional'))
                : nothing}
            </div>`}`;
    return html`${this.#select('transfer', t('license.terms.transfer'), TRANSFERS, one =>
        t(`license.transfer.${one}`),
      )}
      ${this.#select('place', t('license.terms.territory'), [WORLD, 'KR', 'other'], one =>
        one === 'other' ? t('license.territory.other') : territoryText([one]),
      )}
      ${this.draft.place === 'other'
        ? this.#input('countries', t('license.countries'), {hint: t('license.countries.hint'), most: 1200})
        : nothing}
      ${this.#select('reporting', t('license.terms.reporting'), REPORTS, one => t(`license.reporting.${one}`))}
      ${this.#area('attribution', t('license.attribution'), 500)}
      ${this.#area('text', t('license.text'), 4000, t('license.text.hint'))}`;
  }

  render() {
    if (!this.draft) return nothing;
    const all = ['price', 'period', 'uses', 'model', 'more'];
    const rest = all.filter(name => !this.first.includes(name));
    const fields = {uses: ['uses'], model: ['name', 'version'], period: ['to'], more: ['countries']};
    const wrong = rest.some(name => fields[name]?.some(field => this.faults[field]));
    return html`<div class="stack">
      ${this.first.map(name => this.#group(name))}
      ${rest.length > 0
        ? html`<details ?open=${wrong}>
            <summary>${t('license.more')}</summary>
            <div class="stack">${rest.map(name => this.#group(name))}</div>
          </details>`
        : nothing}
    </div>`;
  }
}
customElements.define('af-terms', TermsForm);
