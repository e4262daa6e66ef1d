// The choice: what AI may do with the work.
import {html, nothing} from 'lit';
import {PageElement} from './element.js';
import {has, t} from './i18n.js';
import {LEAF_USES, STANCES} from './vocabulary.js';
import {contactFrom, contactText, modeOf, stancesByUse} from './words.js';

const MODES = ['ask', 'no', 'yes', 'uses'];
const CONTACT_KEY = 'askfirst.contact';

function rememberedContact() {
  try {
    return localStorage.getItem(CONTACT_KEY) ?? '';
  } catch {
    return '';
  }
}

export const emptyChoice = () => ({
  mode: '',
  contact: rememberedContact(),
  text: '',
  amount: '',
  currency: 'KRW',
  license: '',
  uses: Object.fromEntries(LEAF_USES.map(use => [use, ''])),
});

/** The choice that corresponds to an existing declaration. */
export function choiceOf(declaration) {
  const terms = declaration.terms ?? {};
  const by = stancesByUse(declaration.stances);
  const mode = by['search-indexing'] ? 'uses' : modeOf(declaration);
  const uses = Object.fromEntries(LEAF_USES.map(use => [use, by[use] ?? '']));
  return {
    mode,
    uses,
    declared: {mode, uses, stances: declaration.stances},
    contact: contactText(terms.contact ?? ''),
    text: terms.text ?? '',
    amount: terms.payment?.amount ?? '',
    currency: terms.payment?.currency ?? 'KRW',
    license: terms.license ?? '',
    other: terms,
  };
}

const needsContact = choice =>
  choice.mode === 'ask' || (choice.mode === 'uses' && Object.values(choice.uses).includes('permitted-with-terms'));
/** True if the answer can name whom to ask. */
export const takesTerms = choice => needsContact(choice) || choice.mode === 'uses';

/** The errors of a choice, by field. */
export function faults(choice) {
  const faults = {};
  if (!choice.mode) faults.mode = t('choice.fault');
  if (
    needsContact(choice)
      ? !(contactFrom(choice.contact) || (choice.license && !choice.contact))
      : takesTerms(choice) && choice.contact.trim() && !contactFrom(choice.contact)
  )
    faults.contact = t('choice.contact.fault');
  if (takesTerms(choice) && choice.license.trim() && !/^https?:\/\/\S+$/.test(choice.license.trim()))
    faults.license = t('choice.license.fault');
  if (takesTerms(choice) && choice.amount && !/^[0-9]{1,12}(\.[0-9]{1,6})?$/.test(choice.amount.replaceAll(',', '')))
    faults.amount = t('choice.amount.fault');
  if (choice.mode === 'uses' && !Object.values(choice.uses).some(Boolean)) faults.uses = t('choice.uses.fault');
  return faults;
}

/**
 * True if the person did not change the answer. Then the declared stances are sent again unchanged, because they may
 * name other uses than the form shows.
 */
const isUnchanged = ({mode, uses, declared}) =>
  declared !== undefined &&
  mode === declared.mode &&
  (mode !== 'uses' || LEAF_USES.every(use => uses[use] === declared.uses[use]));

/** The uses that a plain answer is about: all text and data mining, or the part of it that the mandate covers. */
function plainAnswerUses(mandateUses) {
  if (!mandateUses || mandateUses.includes('text-and-data-mining')) return ['text-and-data-mining'];
  const mined = mandateUses.filter(use => use !== 'search-indexing');
  return mined.length > 0 ? mined : mandateUses;
}

/**
 * The stances and terms of a declaration that correspond to the choice. Terms that the form does not show stay as they
 * were.
 * `mandateUses` are the uses that the mandate covers, if the mandate limits them.
 */
export function stancesAndTerms(choice, mandateUses) {
  const stances = isUnchanged(choice)
    ? choice.declared.stances
    : choice.mode === 'uses'
      ? Object.fromEntries(Object.entries(choice.uses).filter(([, stance]) => stance))
      : Object.fromEntries(
          plainAnswerUses(mandateUses).map(use => [use, choice.mode === 'yes' ? 'permitted' : 'reserved']),
        );
  const terms = {...choice.other};
  const paid = terms.payment;
  for (const name of ['contact', 'license', 'text', 'payment']) delete terms[name];
  if (takesTerms(choice)) {
    const contact = contactFrom(choice.contact);
    if (contact) terms.contact = contact;
    if (choice.license.trim()) terms.license = choice.license.trim();
    if (choice.text.trim()) terms.text = choice.text.trim();
    if (choice.amount)
      terms.payment = {
        type: paid?.type ?? 'training',
        amount: choice.amount.replaceAll(',', ''),
        currency: choice.currency,
      };
    else if (paid && !paid.amount) terms.payment = paid;
    try {
      if (contact) localStorage.setItem(CONTACT_KEY, choice.contact.trim());
    } catch {
      /* Storage is off: the person types the contact again next time. */
    }
  }
  return Object.keys(terms).length > 0 ? {stances, terms} : {stances};
}

/** The ids of the fields that have faults. */
export const FAULT_FIELDS = {
  mode: 'mode-ask',
  uses: 'use-generative-ai-training',
  contact: 'contact',
  license: 'license',
  amount: 'amount',
};

/**
 * The choice. `part` limits it to the answer (`answer`) or to whom to ask (`ask`). As one question of several, the
 * answers are buttons, and one press answers: the event `answered` follows, except for use by use.
 */
class Choice extends PageElement {
  static properties = {value: {attribute: false}, faults: {attribute: false}, part: {attribute: true}};

  constructor() {
    super();
    this.value = emptyChoice();
    this.faults = {};
  }

  #set(part) {
    this.value = {...this.value, ...part};
    this.dispatchEvent(new CustomEvent('chosen', {detail: this.value}));
  }

  async #answer(mode) {
    this.#set({mode});
    if (mode !== 'uses') {
      this.dispatchEvent(new Event('answered'));
      return;
    }
    await this.updateComplete;
    this.querySelector('select')?.focus();
  }

  render() {
    const {value} = this;
    if (this.part === 'ask') return this.#terms();
    if (this.part === 'answer')
      return html`<div class="stack">
        <div class="choices" role="group" aria-label=${t('choice.legend')}>
          ${MODES.map(
            mode =>
              html`<button
                class="choice"
                type="button"
                id="mode-${mode}"
                aria-pressed=${value.mode === mode ? 'true' : 'false'}
                @click=${() => this.#answer(mode)}
              >
                <span class="title">${t(`choice.${mode}`)}</span>
                ${has(`choice.${mode}.hint`) ? html`<span class="hint">${t(`choice.${mode}.hint`)}</span>` : nothing}
              </button>`,
          )}
        </div>
        ${value.mode === 'uses' ? this.#uses() : nothing}
      </div>`;
    return html`<div class="stack">
      <fieldset>
        <legend class="visually-hidden">${t('choice.legend')}</legend>
        ${MODES.map(
          mode =>
            html`<label class="choice"
              ><input
                id="mode-${mode}"
                type="radio"
                name="mode"
                value=${mode}
                aria-describedby="mode-fault"
                .checked=${value.mode === mode}
                @change=${() => this.#set({mode})}
              />
              <span class="title">${t(`choice.${mode}`)}</span>
              ${has(`choice.${mode}.hint`)
                ? html`<span class="hint">${t(`choice.${mode}.hint`)}</span>`
                : nothing}</label
            >`,
        )}
        <span class="error" id="mode-fault">${this.faults.mode ?? ''}</span>
      </fieldset>
      ${value.mode === 'uses' ? this.#uses() : nothing} ${takesTerms(value) ? this.#terms() : nothing}
      ${value.mode === 'yes' ? html`<p class="note warn small">${t('choice.yes.note')}</p>` : nothing}
    </div>`;
  }

  #uses() {
    return html`<fieldset class="stack">
      <legend>${t('choice.uses.legend')}</legend>
      <div class="fields uses">
        ${LEAF_USES.map(
          use =>
            html`<div class="field">
              <label for="use-${use}">${t(`use.${use}`)} <span class="hint">${t(`use.${use}.hint`)}</span></label>
              <select
                id="use-${use}"
                @change=${event => this.#set({uses: {...this.value.uses, [use]: event.target.value}})}
              >
                ${['', ...STANCES].map(
                  stance =>
                    html`<option value=${stance} ?selected=${this.value.uses[use] === stance}>
                      ${t(`choice.stance.${stance || 'unstated'}`)}
                    </option>`,
                )}
              </select>
            </div>`,
        )}
      </div>
      ${this.faults.uses ? html`<p class="error" role="alert">${this.faults.uses}</p>` : nothing}
      <p class="hint">${t('choice.uses.contact')}</p>
    </fieldset>`;
  }

  #terms() {
    const {value, faults: wrong} = this;
    return html`<div class="stack">
      <div class="field">
        <label for="contact">${t(this.part === 'ask' ? 'choice.contact.kinds' : 'choice.contact')}</label>
        ${this.part === 'ask'
          ? nothing
          : html`<span class="hint" id="contact-hint">${t('choice.contact.hint')}</span>`}
        <input
          id="contact"
          type="text"
          autocomplete="email"
          inputmode="email"
          .value=${value.contact}
          aria-describedby="contact-hint contact-fault"
          aria-invalid=${wrong.contact ? 'true' : 'false'}
          @input=${event => this.#set({contact: event.target.value})}
        />
        <span class="error" id="contact-fault">${wrong.contact ?? ''}</span>
      </div>
      <details ?open=${Boolean(value.text || value.amount || value.license || wrong.amount || wrong.license)}>
        <summary>${t('choice.terms')}</summary>
        <div class="stack">
          <div class="field">
            <label for="terms-text">${t('choice.text')}</label>
            <span class="hint" id="text-hint">${t('choice.text.hint')}</span>
            <textarea
              id="terms-text"
              maxlength="4000"
              rows="3"
              aria-describedby="text-hint"
              .value=${value.text}
              @input=${event => this.#set({text: event.target.value})}
            ></textarea>
          </div>
          <div class="fields">
            <div class="field">
              <label for="amount">${t('choice.amount')}</label>
              <input
                id="amount"
                type="text"
                inputmode="decimal"
                .value=${value.amount}
                aria-describedby="amount-fault"
                aria-invalid=${wrong.amount ? 'true' : 'false'}
                @input=${event => this.#set({amount: event.target.value})}
              />
              <span class="error" id="amount-fault">${wrong.amount ?? ''}</span>
            </div>
            <div class="field">
              <label for="currency">${t('choice.currency')}</label>
              <select id="currency" @change=${event => this.#set({currency: event.target.value})}>
                ${['KRW', 'USD', 'EUR', 'JPY', 'GBP', 'CNY'].map(
                  one => html`<option ?selected=${value.currency === one}>${one}</option>`,
                )}
              </select>
            </div>
          </div>
          <div class="field">
            <label for="license">${t('choice.license')}</label>
            <input
              id="license"
              type="text"
              inputmode="url"
              placeholder="https://"
              .value=${value.license}
              aria-describedby="license-fault"
              aria-invalid=${wrong.license ? 'true' : 'false'}
              @input=${event => this.#set({license: event.target.value})}
            />
            <span class="error" id="license-fault">${wrong.license ?? ''}</span>
          </div>
        </div>
      </details>
    </div>`;
  }
}
customElements.define('af-choice', Choice);
