// The base class of all elements: they render into the page itself, under its one style sheet, in the page's language.
import {LitElement} from 'lit';
import {t} from './i18n.js';

export class PageElement extends LitElement {
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

/** Opens an address of the pages without a reload. */
export function navigate(address) {
  history.pushState(null, '', address);
  window.dispatchEvent(new Event('navigate'));
}

/** Shows a short message for four seconds. */
export function toast(text) {
  const place = document.querySelector('.toast');
  place.textContent = text;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (place.textContent = ''), 4000);
}

/** Copies the text. If the browser refuses, selects it in the element. */
export async function copy(text, element) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t('copied'));
  } catch {
    getSelection().selectAllChildren(element);
    toast(t('copy.selected'));
  }
}
