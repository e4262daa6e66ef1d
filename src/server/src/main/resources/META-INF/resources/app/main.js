// The frame of every page: header, navigation, language, footer.
import {html, nothing} from 'lit';
import {account} from './account.js';
import {PageElement} from './element.js';
import {currentLanguage, setLanguage, t} from './i18n.js';

const ROUTES = [
  {path: /^\/$/, name: 'home', load: () => import('./pages/home.js'), view: () => html`<af-home></af-home>`},
  {
    path: /^\/declare$/,
    name: 'declare',
    load: () => import('./pages/declare.js'),
    view: () => html`<af-declare></af-declare>`,
  },
  {path: /^\/check$/, name: 'check', load: () => import('./pages/check.js'), view: () => html`<af-check></af-check>`},
  {path: /^\/mine$/, name: 'mine', load: () => import('./pages/mine.js'), view: () => html`<af-mine></af-mine>`},
  {
    path: /^\/bulk(?:\/(i_[0-9a-f]{32}))?$/,
    name: 'bulk',
    load: () => import('./pages/bulk.js'),
    view: ([, id]) => html`<af-bulk import=${id ?? ''}></af-bulk>`,
  },
  {
    path: /^\/crawlers$/,
    name: 'crawlers',
    load: () => import('./pages/crawlers.js'),
    view: () => html`<af-crawlers></af-crawlers>`,
  },
  {path: /^\/prove$/, name: 'prove', load: () => import('./pages/prove.js'), view: () => html`<af-prove></af-prove>`},
  {
    path: /^\/members$/,
    name: 'members',
    load: () => import('./pages/members.js'),
    view: () => html`<af-members></af-members>`,
  },
  {
    path: /^\/recover(?:\/(r_[0-9a-f]{16}))?$/,
    name: 'recover',
    load: () => import('./pages/recover.js'),
    view: ([, id]) => html`<af-recover recovery=${id ?? ''}></af-recover>`,
  },
  {path: /^\/key$/, name: 'key', load: () => import('./pages/key.js'), view: () => html`<af-key></af-key>`},
  {
    path: /^\/d\/(d_[0-9a-z]{26})$/,
    name: 'certificate',
    load: () => import('./pages/certificate.js'),
    view: ([, id]) => html`<af-certificate declaration=${id}></af-certificate>`,
  },
  {
    path: /^\/d\/(d_[0-9a-z]{26})\/amend$/,
    name: 'amend',
    load: () => import('./pages/certificate.js'),
    view: ([, id]) => html`<af-amend declaration=${id}></af-amend>`,
  },
];
const NOT_FOUND = {
  name: 'not-found',
  load: async () => {},
  view: () =>
    html`<div class="page">
      <h1 tabindex="-1">${t('not-found.h1')}</h1>
      <p class="lead">${t('not-found.text')}</p>
      <p><a href="/">${t('nav.home')}</a></p>
    </div>`,
};
const NAV = ['declare', 'check', 'mine', 'prove', 'bulk', 'members', 'crawlers'];

class Frame extends PageElement {
  static properties = {route: {state: true}, broken: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('popstate', () => this.#route());
    window.addEventListener('navigate', () => this.#route(true));
    document.addEventListener('click', event => this.#follow(event));
    this.#route();
  }

  /** Opens links to our own pages without a reload. The browser handles all other links. */
  #follow(event) {
    const link = event.target.closest?.('a[href]');
    if (
      !link ||
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const address = new URL(link.href);
    if (
      address.origin !== location.origin ||
      link.target ||
      link.hasAttribute('download') ||
      !ROUTES.some(route => route.path.test(address.pathname))
    )
      return;
    event.preventDefault();
    history.pushState(null, '', address.pathname + address.search);
    this.#route(true);
  }

  async #route(isNavigation = false) {
    const path = location.pathname.replace(/(?<=.)\/$/, '');
    const route = ROUTES.find(one => one.path.test(path)) ?? NOT_FOUND;
    try {
      await route.load();
      this.broken = false;
    } catch {
      this.broken = true;
    }
    this.route = {...route, parts: route.path?.exec(path), path};
    this.#title();
    await this.updateComplete;
    if (isNavigation) {
      window.scrollTo(0, 0);
      await new Promise(requestAnimationFrame);
      this.querySelector('h1')?.focus({preventScroll: true});
    }
  }

  #title() {
    document.title =
      this.route.name === 'home'
        ? `${t('brand')} · ${t('registry')}`
        : `${t(`title.${this.route.name}`)} · ${t('brand')}`;
  }

  #chooseLanguage(language) {
    setLanguage(language);
    this.#title();
  }

  render() {
    if (!this.route) return nothing;
    const other = currentLanguage() === 'ko' ? 'en' : 'ko';
    return html`<a
        class="skip"
        href="#main"
        @click=${event => {
          event.preventDefault();
          this.querySelector('main').focus();
        }}
        >${t('skip')}</a
      >
      <header class="masthead">
        <div class="masthead-inner">
          <a class="brand" href="/"
            ><img src="/app/seal.svg" alt="" width="32" height="32" /><span>${t('brand')}</span></a
          >
          <nav class="nav" aria-label=${t('nav.label')}>
            ${NAV.map(
              name =>
                html`<a href="/${name}" aria-current=${this.route.name === name ? 'page' : nothing}
                  >${t(`nav.${name}`)}</a
                >`,
            )}
          </nav>
          <div class="tools">
            ${account.key
              ? html`<a class="quiet" href="/key" aria-current=${this.route.name === 'key' ? 'page' : nothing}
                  >${t('nav.key')}</a
                >`
              : nothing}<button class="link-button" lang=${other} @click=${() => this.#chooseLanguage(other)}>
              ${other === 'ko' ? '한국어' : 'English'}
            </button>
          </div>
        </div>
      </header>
      <main id="main" tabindex="-1">
        ${this.broken
          ? html`<div class="page">
              <h1 tabindex="-1">${t('broken.h1')}</h1>
              <p>${t('problem.offline')}</p>
              <p><button class="button" @click=${() => location.reload()}>${t('broken.again')}</button></p>
            </div>`
          : this.route.view(this.route.parts)}
      </main>
      <footer class="foot">
        <div class="foot-inner">
          <p>${t('foot.silence')}</p>
          <nav aria-label=${t('foot.label')}>
            <a href="/key">${t('nav.key')}</a>
            <a href="/crawlers">${t('nav.crawlers')}</a>
            <a href="/docs/api">${t('nav.api')}</a>
            <a href="/openapi.yaml">openapi.yaml</a>
            <a href="/log/checkpoint">${t('foot.log')}</a>
          </nav>
        </div>
      </footer>
      <div class="toast" role="status"></div>`;
  }
}
customElements.define('ask-first', Frame);
