// How a society gives each of its staff a key of their own, with as much as their work needs.
import {html, nothing} from 'lit';
import {account, keyFile} from './account.js';
import {call} from './api.js';
import {PageElement} from './element.js';
import {save} from './files.js';
import {t} from './i18n.js';
import {pasteView} from './methods.js';
import {refusalView} from './words.js';

const ROLES = ['declare', 'read', 'full'];

class Staff extends PageElement {
  static properties = {fresh: {state: true}, refusal: {state: true}, fault: {state: true}};

  async #make(event) {
    event.preventDefault();
    const form = event.target;
    const label = this.querySelector('#staff-name').value.trim();
    const day = this.querySelector('#staff-until').value;
    this.fault = label ? null : t('staff.name.fault');
    if (!label) return this.querySelector('#staff-name').focus();
    const json = {label, scope: this.querySelector('#staff-role').value};
    if (day) json.expiresAt = new Date(`${day}T23:59:59`).toISOString();
    try {
      this.fresh = {...(await call('POST', '/v1/parties/me/keys', {json})), label};
      this.refusal = null;
      form.reset();
      this.dispatchEvent(new CustomEvent('made'));
    } catch (refusal) {
      this.refusal = refusal;
    }
    return null;
  }

  render() {
    const {fresh} = this;
    return html`<section class="step" aria-labelledby="staff">
      <h2 id="staff">${t('staff.h2')}</h2>
      <p>${t('staff.text')}</p>
      <dl class="pairs">
        ${ROLES.map(
          role =>
            html`<div>
              <dt>${t(`staff.${role}`)}</dt>
              <dd>${t(`staff.${role}.text`)}</dd>
            </div>`,
        )}
      </dl>
      ${refusalView(this.refusal)}
      ${fresh
        ? html`<div class="key-box" role="status">
            <h3>${t('staff.made', {name: fresh.label})}</h3>
            ${pasteView(t('staff.once'), fresh.key)}
            <div>
              <button
                class="button"
                @click=${() =>
                  save(
                    'askfirst-key.txt',
                    keyFile(t('key.file'), {id: account.id, name: `${account.name} · ${fresh.label}`, key: fresh.key}),
                  )}
              >
                ${t('key.save')}
              </button>
            </div>
          </div>`
        : nothing}
      <form class="stack narrow" novalidate @submit=${this.#make}>
        <div class="fields">
          <div class="field">
            <label for="staff-name">${t('staff.name')}</label>
            <input
              id="staff-name"
              maxlength="100"
              autocomplete="off"
              aria-describedby="staff-name-fault"
              aria-invalid=${this.fault ? 'true' : 'false'}
            />
            <span class="error" id="staff-name-fault">${this.fault ?? ''}</span>
          </div>
          <div class="field">
            <label for="staff-role">${t('staff.role')}</label>
            <select id="staff-role">
              ${ROLES.map(role => html`<option value=${role}>${t(`staff.${role}`)}</option>`)}
            </select>
          </div>
          <div class="field">
            <label for="staff-until">${t('key.until')}</label>
            <input id="staff-until" type="date" />
          </div>
        </div>
        <div><button class="button">${t('staff.make')}</button></div>
      </form>
    </section>`;
  }
}
customElements.define('af-staff', Staff);
