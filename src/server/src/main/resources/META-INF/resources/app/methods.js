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

/** The platforms that pages have steps for, by their hosts. `methods` are the methods that a person can use there. */
const PLATFORMS = [
  {name: 'instagram', hosts: ['instagram.com'], methods: ['page-token']},
  {name: 'naver', hosts: ['blog.naver.com'], methods: ['page-token']},
  {name: 'youtube', hosts: ['youtube.com'], methods: ['page-token', 'meta-tag']},
  {name: 'kakao', hosts: ['kakao.com'], methods: ['page-token']},
  {name: 'x', hosts: ['x.com', 'twitter.com'], methods: ['page-token']},
  {name: 'pixiv', hosts: ['pixiv.net'], methods: ['page-token']},
  {name: 'tistory', hosts: ['tistory.com'], methods: ['meta-tag', 'page-token']},
  {name: 'brunch', hosts: ['brunch.co.kr'], methods: ['page-token']},
];

/** The platform of a link, or undefined. */
export function platformOf(subject) {
  try {
    const {hostname} = new URL(subject.replace(/^[a-z]+:(?=https?:)/, ''));
    return PLATFORMS.find(({hosts}) => hosts.some(host => hostname === host || hostname.endsWith(`.${host}`)));
  } catch {
    return undefined;
  }
}

/** The methods of one control challenge. The method `first` is open, if given. */
export const methodsView = (name, methods, first, platform) =>
  html`<div class="methods">
    ${methods
      .filter(method => !platform || platform.methods.includes(method.method))
      .map(
      method =>
        html`<details name="methods-${name}" ?open=${method.method === first}>
          <summary>${t(`method.${method.method}`)}</summary>
          <div class="stack-s">
            <p>
              ${t(platform?.methods[0] === method.method ? `platform.${platform.name}` : `method.${method.method}.do`)}
            </p>
            ${pasteView(t(`method.${method.method}.where`), method.location, method.method !== 'dns-txt')}
            ${pasteView(t(`method.${method.method}.text`), method.text)}
            <p class="hint">${t(`method.${method.method}.hint`)}</p>
          </div>
        </details>`,
    )}
  </div>`;
