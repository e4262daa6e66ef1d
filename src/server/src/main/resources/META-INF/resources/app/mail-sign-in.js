// Sign-in by a link in an e-mail.
import {html, nothing} from 'lit';
import {call} from './api.js';
import {PageElement} from './element.js';
import {t} from './i18n.js';
import {refusalView} from './words.js';

/** A form that lets a sign-in link be sent. */
class MailSignIn extends PageElement {
  static properties = {sent: {state: true}, refusal: {state: true}, fault: {state: true}, busy: {state: true}};

  async #send(event) {
    event.preventDefault();
    const field = this.querySelector('input');
    const address = field.value.trim();
    this.fault = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) ? null : t('mail-in.fault');
    if (this.fault) return field.focus();
    this.busy = true;
    try {
      await call('POST', '/v1/sessions/mails', {json: {address}, key: null});
      this.sent = address;
      this.refusal = null;
    } catch (refusal) {
      this.sent = null;
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
    return null;
  }

  render() {
    return html`<form class="stack" novalidate @submit=${this.#send}>
      <div class="field">
        <label for="mail-in">${t('mail-in.label')}</label>
        <input
          id="mail-in"
          type="email"
          autocomplete="email"
          maxlength="254"
          aria-describedby="mail-in-fault"
          aria-invalid=${this.fault ? 'true' : 'false'}
        />
        <span class="error" id="mail-in-fault">${this.fault ?? ''}</span>
      </div>
      <div role="status">
        ${this.sent ? html`<p class="note good">${t('mail-in.sent', {address: this.sent})}</p>` : nothing}
      </div>
      ${this.refusal?.slug === 'no-mail'
        ? html`<p class="note warn">${t('mail-in.none')}</p>`
        : refusalView(this.refusal)}
      <div><button class="button" ?disabled=${this.busy}>${t('mail-in.send')}</button></div>
    </form>`;
  }
}
customElements.define('af-mail-sign-in', MailSignIn);
