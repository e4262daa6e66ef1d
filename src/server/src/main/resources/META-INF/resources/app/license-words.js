// Terms of licenses in plain words and as a table, and the fields of their forms.
import {html, nothing} from 'lit';
import {currentLanguage, has, isolated, t} from './i18n.js';
import {LEAF_USES, UMBRELLAS} from './vocabulary.js';
import {kindName} from './words.js';

export const WORLD = 'world';

const locale = () => (currentLanguage() === 'ko' ? 'ko-KR' : 'en-GB');

/** An exact decimal with separators. Intl formats the text itself, so no digit is lost. */
export const decimal = text => new Intl.NumberFormat(locale(), {maximumFractionDigits: 9}).format(text);

/** An amount as people write it. */
export function money(amount, currency) {
  if (currency === 'KRW' && currentLanguage() === 'ko') return `${decimal(amount)}원`;
  return new Intl.NumberFormat(locale(), {style: 'currency', currency, maximumFractionDigits: 9}).format(amount);
}

export const unitName = unit => (has(`license.unit.${unit}`) ? t(`license.unit.${unit}`) : isolated(unit));

/** The price in one sentence, without weights. */
export function priceText(price) {
  const {basis, amount, currency, percent, unit} = price;
  const sum = amount === undefined ? undefined : money(amount, currency);
  if (basis === 'revenue-share' || basis === 'pool') {
    const values = {percent: percent && decimal(percent), amount: sum};
    return t(sum === undefined ? `license.price.${basis}` : `license.price.${basis}.amount`, values);
  }
  return t(`license.price.${basis}`, {amount: sum, unit: unit && unitName(unit)});
}

export const usesText = uses => uses.map(use => t(`use.${use}`)).join(', ');

/** The uses without parts that these uses stand for. */
export const leavesOf = uses => LEAF_USES.filter(use => uses.some(one => one === use || UMBRELLAS[one]?.includes(use)));

export function modelText({scope, name, version}) {
  if (scope === 'any') return t('license.model.any');
  if (!name) return t(`license.model.${scope}.open`);
  return version ? t('license.model.named', {name, version}) : t(`license.model.${scope}.named`, {name});
}

/** The name of the model alone, for a sentence. */
export const modelName = ({scope, name, version}) =>
  name ? [name, version].filter(Boolean).join(' ') : t(scope === 'any' ? 'license.model.any' : 'license.model.one');

const countryName = code => {
  try {
    return new Intl.DisplayNames([currentLanguage()], {type: 'region'}).of(code);
  } catch {
    return code;
  }
};
export const territoryText = territory =>
  territory.includes(WORLD) ? t('license.territory.world') : territory.map(countryName).join(', ');

/** A day in a sentence, such as 30 November 2026. */
export const dayText = moment => new Intl.DateTimeFormat(locale(), {dateStyle: 'long'}).format(new Date(moment));

export function periodText({validFrom, validTo}) {
  const values = {from: validFrom && dayText(validFrom), to: validTo && dayText(validTo)};
  if (validFrom && validTo) return t('license.period.both', values);
  if (validTo) return t('license.period.to', values);
  return validFrom ? t('license.period.from', values) : t('license.period.open');
}

const weightsView = weights =>
  weights && Object.keys(weights).length > 0
    ? html`<p class="hint">
        ${t('license.weights')}:
        ${Object.entries(weights).map(
          ([kind, weight], place) =>
            html`${place > 0 ? ', ' : nothing}<bdi>${kindName(kind)}</bdi> ×${decimal(weight)}`,
        )}
      </p>`
    : nothing;

/** The rows of a table of terms: a name, and the content for readers. */
const ROWS = [
  ['uses', terms => usesText(terms.uses)],
  ['price', terms => html`<span class="strong">${priceText(terms.price)}</span>${weightsView(terms.price.weights)}`],
  ['model', terms => html`<bdi>${modelText(terms.model)}</bdi>`],
  ['period', terms => periodText(terms)],
  ['territory', terms => territoryText(terms.territory)],
  ['transfer', terms => t(`license.transfer.${terms.transfer}`)],
  ['reporting', terms => t(`license.reporting.${terms.reporting}`)],
  ['attribution', terms => (terms.attribution ? html`<bdi>${terms.attribution}</bdi>` : null)],
  ['text', terms => (terms.text ? html`<bdi class="message">${terms.text}</bdi>` : null)],
  [
    'route',
    terms =>
      terms.route
        ? html`<span class="tag">${terms.route.kind}</span>
            <a class="value" href=${terms.route.uri} rel="noreferrer nofollow">${terms.route.uri}</a>`
        : null,
  ],
];

/** The members of the terms that a row shows. */
const MEMBERS = {period: ['validFrom', 'validTo']};
const isSame = (name, one, other) =>
  (MEMBERS[name] ?? [name]).every(member => JSON.stringify(one[member]) === JSON.stringify(other[member]));

/** A table of terms. With the terms that were proposed before, it marks what changed. */
export const termsView = (terms, caption, before) =>
  html`<div class="table-wrap">
    <table class="terms">
      <caption class="visually-hidden">
        ${caption}
      </caption>
      <tbody>
        ${ROWS.map(([name, view]) => {
          const content = view(terms);
          const changed = before && !isSame(name, before, terms);
          if (content === null && !(changed && view(before) !== null)) return nothing;
          return html`<tr>
            <th scope="row">
              ${t(`license.terms.${name}`)}${changed
                ? html`<br /><span class="tag">${t('license.changed')}</span>`
                : nothing}
            </th>
            <td>
              ${content ?? t('license.none')}${changed
                ? html`<div class="hint">${t('license.before')} ${view(before) ?? t('license.none')}</div>`
                : nothing}
            </td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;

/** The day of a moment as a field of the form has it, such as 2026-11-30, on this device's calendar. */
export function dayOf(moment) {
  if (!moment) return '';
  const day = new Date(moment);
  const two = value => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The last second of a day. If the day is that of the given moment, it is this moment, so that nothing changes. */
export const endOf = (day, moment) =>
  moment && dayOf(moment) === day ? moment : new Date(`${day}T23:59:59`).toISOString();

/** A field with its label, hint and fault. `control` gets the attributes that refer to them. */
export const fieldView = (id, label, hint, fault, control) =>
  html`<div class="field">
    <label for=${id}>${label}</label>
    ${hint ? html`<span class="hint" id="${id}-hint">${hint}</span>` : nothing} ${control}
    <span class="error" id="${id}-fault">${fault ?? ''}</span>
  </div>`;

/** The boxes of uses. */
export const usesView = (id, legend, uses, chosen, fault, change) =>
  html`<fieldset id=${id} tabindex="-1" aria-describedby="${id}-fault">
    <legend>${legend}</legend>
    ${uses.map(
      use =>
        html`<label class="check"
          ><input
            type="checkbox"
            name="use"
            value=${use}
            .checked=${chosen.includes(use)}
            @change=${event =>
              change(event.target.checked ? [...chosen, use] : chosen.filter(one => one !== use))}
          /><span>${t(`use.${use}`)}<br /><span class="hint">${t(`use.${use}.hint`)}</span></span></label
        >`,
    )}
    <span class="error" id="${id}-fault">${fault ?? ''}</span>
  </fieldset>`;
