// Where a token may be shown, each way with what to paste where.
import {html} from 'lit';
import {copy} from './element.js';
import {t} from './i18n.js';

/** A text to be copied, with what it is. */
export const pasteView = (label, text, link = false) => html`<div class="paste"><span class="hint">${label}</span><code class="value">${link ? html`<a href=${text} rel="noreferrer" target="_blank">${text}</a>` : text}</code><button class="button s" type="button" aria-label=${t('copy.label', {what: label})} @click=${event => copy(text, event.target.previousElementSibling)}>${t('copy')}</button></div>`;

/** The ways of one claim, of which one stands open: `first`, if any. */
export const waysView = (name, ways, first) => html`<div class="ways">${ways.map(way => html`<details name="ways-${name}" ?open=${way.method === first}><summary>${t(`way.${way.method}`)}</summary><div class="stack-s">
  <p>${t(`way.${way.method}.do`)}</p>
  ${pasteView(t(`way.${way.method}.where`), way.location, way.method !== 'dns-txt')}
  ${pasteView(t(`way.${way.method}.text`), way.text)}
  <p class="hint">${t(`way.${way.method}.hint`)}</p></div></details>`)}</div>`;
