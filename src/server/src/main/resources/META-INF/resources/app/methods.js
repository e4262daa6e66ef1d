// The methods of proof of control: where to paste the token, and the text to paste.
import {html} from 'lit';
import {copy} from './element.js';
import {t} from './i18n.js';

/** A text with a label and a copy button. */
export const pasteView = (label, text, link = false) =>
  html`<div class="paste">
    <span class="hint">${label}</span>
    <code class="value">${link ? html`<a href=${text} rel="noreferrer" target="_blank">${text}</a>` : text}</code>
    <button
      class="button s"
      type="button"
      aria-label=${t('copy.label', {what: label})}
      @click=${event => copy(text, event.target.previousElementSibling)}
    >
      ${t('copy')}
    </button>
  </div>`;

/** The methods of one control challenge. The method `first` is open, if given. */
export const methodsView = (name, methods, first) =>
  html`<div class="methods">
    ${methods.map(
      method =>
        html`<details name="methods-${name}" ?open=${method.method === first}>
          <summary>${t(`method.${method.method}`)}</summary>
          <div class="stack-s">
            <p>${t(`method.${method.method}.do`)}</p>
            ${pasteView(t(`method.${method.method}.where`), method.location, method.method !== 'dns-txt')}
            ${pasteView(t(`method.${method.method}.text`), method.text)}
            <p class="hint">${t(`method.${method.method}.hint`)}</p>
          </div>
        </details>`,
    )}
  </div>`;
