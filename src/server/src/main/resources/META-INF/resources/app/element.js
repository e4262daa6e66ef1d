// What all our elements share: they live in the page itself, under its one style sheet, and speak its language.
import {LitElement} from 'lit';
import {t} from './i18n.js';

export class Piece extends LitElement {
  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.renewed ??= () => this.requestUpdate();
    window.addEventListener('language', this.renewed);
    window.addEventListener('account', this.renewed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('language', this.renewed);
    window.removeEventListener('account', this.renewed);
  }
}

export function go(address) {
  history.pushState(null, '', address);
  window.dispatchEvent(new Event('place'));
}

export function toast(text) {
  const place = document.querySelector('.toast');
  place.textContent = text;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (place.textContent = ''), 4000);
}

/** Copies that text; where the browser does not let us, it is selected in that element. */
export async function copy(text, element) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t('copied'));
  } catch {
    getSelection().selectAllChildren(element);
    toast(t('copy.selected'));
  }
}
