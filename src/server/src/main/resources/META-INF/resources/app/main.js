// The frame of every page: header, navigation, language, footer.
import {html, nothing} from 'lit';
import {account} from './account.js';
import {PageElement} from './element.js';
import {currentLanguage, loadTexts, setLanguage, t} from './i18n.js';

const ROUTES = [
  {path: /^\/$/, name: 'home', load: () => import('./pages/home.js'), view: () => html`<af-home></af-home>`},
  {
    path: /^\/declare$/,
    name: 'declare',
    load: () => import('./pages/declare.js'),
    view: () => html`<af-declare></af-declare>`,
  },
  {
    path: /^\/check$/,
    name: 'check',
    load: () => import('./pages/check.js'),
    view: () => html`<af-check search=${location.search}></af-check>`,
  },
  {path: /^\/mine$/, name: 'mine', load: () => import('./pages/mine.js'), view: () => html`<af-mine></af-mine>`},
  {
    path: /^\/bulk(?:\/(i_[0-9a-f]{32}))?$/,
    name: 'bulk',
    load: () => import('./pages/bulk.js'),
    texts: 'societies',
    view: ([, id]) => html`<af-bulk import=${id ?? ''}></af-bulk>`,
  },
  {
    path: /^\/crawlers$/,
    name: 'crawlers',
    load: () => import('./pages/crawlers.js'),
    texts: 'account',
    view: () => html`<af-crawlers></af-crawlers>`,
  },
  {
    path: /^\/prove$/,
    name: 'prove',
    load: () => import('./pages/prove.js'),
    texts: 'account',
    view: () => html`<af-prove></af-prove>`,
  },
  {
    path: /^\/members$/,
    name: 'members',
    load: () => import('./pages/members.js'),
    texts: 'societies',
    view: () => html`<af-members></af-members>`,
  },
  {
    path: /^\/lists$/,
    name: 'lists',
    load: () => import('./pages/lists.js'),
    texts: 'societies',
    view: () => html`<af-lists></af-lists>`,
  },
  {
    path: /^\/recover(?:\/(r_[0-9a-f]{16}))?$/,
    name: 'recover',
    load: () => import('./pages/recover.js'),
    texts: 'account',
    view: ([, id]) => html`<af-recover recovery=${id ?? ''}></af-recover>`,
  },
  {
    path: /^\/key$/,
    name: 'key',
    load: () => import('./pages/key.js'),
    texts: 'account',
    view: () => html`<af-key></af-key>`,
  },
  {
    path: /^\/console$/,
    name: 'console',
    load: () => import('./pages/console.js'),
    texts: 'operator',
    view: () => html`<af-operator></af-operator>`,
  },
  {
    path: /^\/contact\/([0-9a-f]{64})$/,
    name: 'contact',
    load: () => import('./pages/contact.js'),
    texts: 'account',
    view: ([, token]) => html`<af-contact token=${token}></af-contact>`,
  },
  {
    path: /^\/ask\/(p_[0-9a-z]{26})$/,
    name: 'ask',
    load: () => import('./pages/ask.js'),
    view: ([, party]) => html`<af-ask party=${party}></af-ask>`,
  },
  {
    path: /^\/dispute\/([dx]_[0-9a-z]{26})$/,
    name: 'dispute',
    load: () => import('./pages/dispute.js'),
    texts: 'account',
    view: ([, id]) => html`<af-dispute about=${id}></af-dispute>`,
  },
  {
    path: /^\/p\/(p_[0-9a-z]{26})$/,
    name: 'party',
    load: () => import('./pages/party.js'),
    view: ([, id]) => html`<af-party party=${id}></af-party>`,
  },
  {
    path: /^\/d\/(d_[0-9a-z]{26})$/,
    name: 'certificate',
    load: () => import('./pages/certificate.js'),
    view: ([, id]) => html`<af-certificate declaration=${id}></af-certificate>`,
  },
  {
    path: /^\/(?:d\/(d_[0-9a-z]{26})\/)?asked$/,
    name: 'asked',
    load: () => import('./pages/asked.js'),
    texts: 'account',
    view: ([, id]) => html`<af-asked declaration=${id ?? ''}></af-asked>`,
  },
  {
    path: /^\/d\/(d_[0-9a-z]{26})\/retrievability$/,
    name: 'retrievability',
    load: () => import('./pages/asked.js'),
    texts: 'account',
    view: ([, id]) => html`<af-retrievability declaration=${id}></af-retrievability>`,
  },
  {
    path: /^\/d\/(d_[0-9a-z]{26})\/license$/,
    name: 'license-ask',
    load: () => import('./pages/license-ask.js'),
    texts: 'licenses',
    view: ([, id]) => html`<af-license-ask declaration=${id}></af-license-ask>`,
  },
  {
    path: /^\/licenses$/,
    name: 'licenses',
    load: () => import('./pages/licenses.js'),
    texts: 'licenses',
    view: () => html`<af-licenses></af-licenses>`,
  },
  {
    path: /^\/licenses\/(q_[0-9a-z]{26})$/,
    name: 'license',
    load: () => import('./pages/licenses.js'),
    texts: 'licenses',
    view: ([, id]) => html`<af-license request=${id}></af-license>`,
  },
  {
    path: /^\/offers$/,
    name: 'offers',
    load: () => import('./pages/offers.js'),
    texts: 'licenses',
    view: () => html`<af-offers></af-offers>`,
  },
  {
    path: /^\/offers\/new$/,
    name: 'offer-new',
    load: () => import('./pages/offers.js'),
    texts: 'licenses',
    view: () => html`<af-offer-form offer=""></af-offer-form>`,
  },
  {
    path: /^\/offers\/(o_[0-9a-z]{26})\/amend$/,
    name: 'offer-amend',
    load: () => import('./pages/offers.js'),
    texts: 'licenses',
    view: ([, id]) => html`<af-offer-form offer=${id}></af-offer-form>`,
  },
  {
    path: /^\/offers\/(o_[0-9a-z]{26})$/,
    name: 'offer',
    load: () => import('./pages/offers.js'),
    texts: 'licenses',
    view: ([, id]) => html`<af-offer offer=${id}></af-offer>`,
  },
  {
    path: /^\/grants$/,
    name: 'grants',
    load: () => import('./pages/grants.js'),
    texts: 'licenses',
    view: () => html`<af-grants></af-grants>`,
  },
  {
    path: /^\/grants\/(g_[0-9a-z]{26})$/,
    name: 'grant',
    load: () => import('./pages/grants.js'),
    texts: 'licenses',
    view: ([, id]) => html`<af-grant grant=${id}></af-grant>`,
  },
  {
    path: /^\/statements$/,
    name: 'statements',
    load: () => import('./pages/statements.js'),
    texts: 'licenses',
    view: () => html`<af-statements></af-statements>`,
  },
  {
    path: /^\/grants\/g_[0-9a-z]{26}\/reports\/[0-9]{4}(?:-Q[1-4]|-[0-9]{2})?\/[1-9][0-9]{0,8}$/,
    name: 'statement',
    load: () => import('./pages/statements.js'),
    texts: 'licenses',
    view: ([path]) => html`<af-statement path=${path}></af-statement>`,
  },
  {
    path: /^\/d\/(d_[0-9a-z]{26})\/amend$/,
    name: 'amend',
    load: () => import('./pages/amend.js'),
    view: ([, id]) => html`<af-amend declaration=${id}></af-amend>`,
  },
];
const LEGAL = ['about', 'operator', 'terms', 'privacy', 'faq', 'status'];
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
const NAV = ['declare', 'check', 'mine'];
const MENU = ['licenses', 'prove', 'bulk', 'members', 'crawlers'];

/** The text that the server has written for the first sight. */
const served = () => document.getElementById('served');
const MAX_WAIT = 4000;

class Frame extends PageElement {
  static properties = {route: {state: true}, broken: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.hidden = served() !== null;
    window.addEventListener('popstate', () => this.#route());
    window.addEventListener('navigate', () => this.#route(true));
    document.addEventListener('click', event => this.#follow(event));
    this.#route();
  }

  /** Opens links to our own pages without a reload. The browser handles all other links. */
  #follow(event) {
    const menu = this.querySelector('.menu');
    if (menu && !menu.contains(event.target)) menu.open = false;
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
      await Promise.all([route.load(), loadTexts(route.texts)]);
      this.broken = false;
    } catch {
      this.broken = true;
    }
    this.route = {...route, parts: route.path?.exec(path), path};
    this.#title();
    await this.updateComplete;
    const menu = this.querySelector('.menu');
    if (menu) menu.open = false;
    if (served()) await this.#takeOver();
    if (isNavigation) {
      window.scrollTo(0, 0);
      await new Promise(requestAnimationFrame);
      this.querySelector('h1')?.focus({preventScroll: true});
    }
  }

  /** Replaces what the server has written, once there is something to put in its place. */
  async #takeOver() {
    const end = Date.now() + MAX_WAIT;
    const isLoading = () => served().hasAttribute('data-facts') && this.querySelector('.page > p[role=status]');
    while (isLoading() && Date.now() < end) await new Promise(resolve => setTimeout(resolve, 50));
    served()?.remove();
    this.hidden = false;
  }

  #title() {
    document.title =
      this.route.name === 'home'
        ? `${t('brand')} · ${t('registry')}`
        : `${t(`title.${this.route.name}`)} · ${t('brand')}`;
  }

  #link(name, kind = nothing) {
    return html`<a class=${kind} href="/${name}" aria-current=${this.route.name === name ? 'page' : nothing}
      >${t(`nav.${name}`)}</a
    >`;
  }

  /** Closes the menu on Escape, and when the focus leaves it. */
  #closeMenu(event) {
    const menu = event.currentTarget;
    if (event.type === 'keydown' ? event.key !== 'Escape' : menu.contains(event.relatedTarget) || !event.relatedTarget)
      return;
    menu.open = false;
    if (event.type === 'keydown') menu.querySelector('summary').focus();
  }

  /** Warnings about the account, at the head of every page. Nobody without an account loads their script. */
  #watch() {
    import('./memberships.js').catch(() => (this.broken = true));
    return html`<af-watch here=${this.route.name}></af-watch>`;
  }

  async #chooseLanguage(language) {
    await setLanguage(language);
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
          <nav class="nav" aria-label=${t('nav.label')}>${NAV.map(name => this.#link(name))}</nav>
          <div class="tools">
            ${account.key
              ? html`<a class="quiet" href="/key" aria-current=${this.route.name === 'key' ? 'page' : nothing}
                  >${t('nav.key')}</a
                >`
              : nothing}<button class="link-button" lang=${other} @click=${() => this.#chooseLanguage(other)}>
              ${other === 'ko' ? '한국어' : 'English'}
            </button>
            <details class="menu" @keydown=${this.#closeMenu} @focusout=${this.#closeMenu}>
              <summary>${t('nav.menu')}</summary>
              <nav aria-label=${t('nav.menu')}>
                ${NAV.map(name => this.#link(name, 'narrow'))}
                ${account.key ? this.#link('key', 'narrow') : nothing} ${MENU.map(name => this.#link(name))}
              </nav>
            </details>
          </div>
        </div>
      </header>
      <main id="main" tabindex="-1">
        ${account.key ? this.#watch() : nothing}
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
            ${LEGAL.map(
              name =>
                html`<a href="/${name}"
                  >${name === 'privacy' ? html`<strong>${t('foot.privacy')}</strong>` : t(`foot.${name}`)}</a
                > `,
            )}<a href="/operator#contact">${t('foot.contact')}</a>
            <a href="/key">${t('nav.key')}</a>
            <a href="/docs/api">${t('nav.api')}</a>
            <a href="/log/checkpoint">${t('foot.log')}</a>
          </nav>
        </div>
      </footer>
      <div class="toast" role="status"></div>`;
  }
}
customElements.define('ask-first', Frame);
