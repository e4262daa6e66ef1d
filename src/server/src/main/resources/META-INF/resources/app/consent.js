// The notice and the consent where a name or a contact becomes public.
import {html, nothing} from 'lit';
import {PageElement} from './element.js';
import {t} from './i18n.js';

/**
 * A box to tick, with the notice above it. Until it is ticked, the form around it is not sent. A page uses it with one
 * line, next to the field: <af-consent></af-consent>.
 */
class Consent extends PageElement {
  static properties = {missing: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.form = this.closest('form');
    this.check = event => this.#check(event);
    this.form?.addEventListener('submit', this.check, {capture: true});
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.form?.removeEventListener('submit', this.check, {capture: true});
  }

  /** Stops the form before its own listener sends it. */
  #check(event) {
    // In a form of several steps, only the step that shows the box needs it.
    if (this.closest('[hidden]')) return;
    const box = this.querySelector('input');
    this.missing = !box.checked;
    if (!this.missing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    box.focus();
  }

  render() {
    return html`<div class="stack-s">
      <p class="hint" id="consent-hint">${t('consent.short')}</p>
      <details class="small">
        <summary>${t('consent.more')}</summary>
        <p class="hint">
          ${t('consent.hint')} <a href="/privacy" target="_blank" rel="noopener">${t('consent.policy')}</a>
        </p>
      </details>
      <label class="check"
        ><input
          type="checkbox"
          id="consent"
          aria-describedby="consent-hint"
          aria-invalid=${this.missing ? 'true' : nothing}
          @change=${() => (this.missing = false)}
        /><span>${t('consent.label')}</span></label
      >
      ${this.missing ? html`<span class="error" role="alert">${t('consent.missing')}</span>` : nothing}
    </div>`;
  }
}
customElements.define('af-consent', Consent);
