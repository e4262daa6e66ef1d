import {html, nothing} from 'lit';
import {account} from '../account.js';
import {Refusal, call} from '../api.js';
import {PageElement} from '../element.js';
import {date, dateTime, t} from '../i18n.js';
import {noticesView, problemText, refusalView, schemeName, schemeOf, subjectView, valueOf} from '../words.js';
import {methodsView, platformOf} from '../methods.js';
import {CHECKABLE_SCHEMES} from '../vocabulary.js';
import '../sweep.js';
import {reachOptions} from '../works.js';

/** The method that asks the least of a person: the text goes where most people can paste it. */
const easiest = claim =>
  platformOf(claim.subject)?.methods[0] ??
  (claim.methods.some(method => method.method === 'page-token') && schemeOf(claim.subject) === 'under'
    ? 'page-token'
    : 'meta-tag');

const POLL_MILLIS = 2000;
const MAX_POLLS = 35;

class ProvePage extends PageElement {
  static properties = {
    claims: {state: true},
    notices: {state: true},
    refusal: {state: true},
    fault: {state: true},
    busy: {state: true},
    reach: {state: true},
    results: {state: true},
  };

  constructor() {
    super();
    this.reach = 'domain';
    this.results = {};
    this.asked = new URLSearchParams(location.search).get('subject') ?? '';
  }

  connectedCallback() {
    super.connectedCallback();
    if (account.key) this.#load();
  }

  async #load() {
    this.refusal = null;
    try {
      const [{controls}, me] = await Promise.all([
        call('GET', '/v1/parties/me/controls'),
        call('GET', '/v1/parties/me'),
      ]);
      // Newest first: the person is working on the newest.
      this.claims = controls.reverse();
      this.notices = me.notices.filter(notice => notice.kind.startsWith('control-'));
      const asked = this.asked;
      this.asked = '';
      if (asked) await this.#claim(asked);
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #claim(subject) {
    this.fault = null;
    if (!CHECKABLE_SCHEMES.includes(schemeOf(subject))) {
      this.fault = t('prove.elsewhere', {kind: schemeName(schemeOf(subject))});
      return;
    }
    this.busy = true;
    try {
      const claim = await call('POST', '/v1/parties/me/controls', {json: {subject}});
      this.claims = [claim, ...(this.claims ?? []).filter(one => one.id !== claim.id)];
      history.replaceState(null, '', `/prove?subject=${encodeURIComponent(claim.subject)}`);
      await this.updateComplete;
      this.querySelector(`#h-${claim.id}`)?.focus();
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
  }

  /** Starts a challenge for the typed address, with the chosen reach. */
  async #submit(event) {
    event.preventDefault();
    this.refusal = null;
    const field = this.querySelector('#address');
    const text = field.value.trim();
    this.fault = text ? null : t('prove.address.fault');
    if (!text) return field.focus();
    try {
      const {
        subjects: [found],
      } = await call('POST', '/v1/subjects/parse', {json: {texts: [text]}});
      // The page of an account can be proved, and not the account itself or the site of everybody.
      const own = found.scheme === 'account' ? await this.#pageOf(text) : found.subject;
      if (!own || found.problem) {
        this.fault = found.problem ? problemText(found.problem) : t('prove.address.fault');
        return field.focus();
      }
      const options = found.scheme === 'account' ? [] : reachOptions(own, found);
      const chosen = options.find(one => one.reach === this.reach) ?? (found.sharedSite ? options[0] : options.at(-1));
      await this.#claim(chosen?.subject ?? own);
      field.value = '';
    } catch (refusal) {
      this.refusal = refusal;
    }
    return null;
  }

  /** The page that an address names, without regard to the account that it carries. */
  async #pageOf(text) {
    const address = /^https?:/i.test(text) ? text : `https://${text}`;
    const {subjects} = await call('POST', '/v1/subjects/parse', {json: {texts: [`url:${address}`]}});
    return subjects[0].subject;
  }

  async #check(claim) {
    this.results = {...this.results, [claim.id]: {busy: true}};
    try {
      let checked = await call('POST', `/v1/parties/me/controls/${claim.id}/check`);
      // The check of a slow site continues after the answer. It ends within a minute.
      for (let polls = 0; checked.checking && polls < MAX_POLLS; polls++) {
        await new Promise(resume => setTimeout(resume, POLL_MILLIS));
        const {controls} = await call('GET', '/v1/parties/me/controls');
        checked = controls.find(one => one.id === claim.id) ?? {...checked, checking: false};
      }
      this.claims = this.claims.map(one => (one.id === checked.id ? checked : one));
      this.results = {...this.results, [claim.id]: {now: true}};
    } catch (refusal) {
      this.results = {
        ...this.results,
        [claim.id]: {
          refusal: refusal instanceof Refusal && refusal.status === 429 ? null : refusal,
          soon: refusal.status === 429,
        },
      };
    }
  }

  render() {
    const intro = html`<div class="intro">
      <h1 tabindex="-1">${t('title.prove')}</h1>
      <p class="lead">${t('prove.lead')}</p>
    </div>`;
    if (!account.key)
      return html`<div class="page narrow-page">
        ${intro}
        <p class="note">${t('prove.no-key')}</p>
        <div class="row">
          <a class="button primary" href="/declare">${t('nav.declare')}</a>
          <a class="button" href="/key">${t('declare.use-key')}</a>
        </div>
      </div>`;
    return html`<div class="page">
      ${intro} ${refusalView(this.refusal)}
      ${this.claims?.length
        ? html`<section class="stack" aria-labelledby="claims">
            <h2 id="claims">${t('prove.claims')}</h2>
            ${this.claims.map((claim, place) => this.#card(claim, place === 0))}
          </section>`
        : nothing}
      <section class="step" aria-labelledby="another">
        <h2 id="another">${t(this.claims?.length ? 'prove.another' : 'prove.begin')}</h2>
        <form class="stack narrow" novalidate @submit=${this.#submit}>
          <div class="field">
            <label for="address">${t('prove.address')}</label>
            <span class="hint" id="address-hint">${t('prove.address.hint')}</span>
            <input
              id="address"
              type="text"
              inputmode="url"
              maxlength="4000"
              spellcheck="false"
              autocapitalize="off"
              placeholder="https://"
              aria-describedby="address-hint address-fault"
              aria-invalid=${this.fault ? 'true' : 'false'}
            />
            <span class="error" id="address-fault" role=${this.fault ? 'alert' : nothing}>${this.fault ?? ''}</span>
          </div>
          <fieldset>
            <legend>${t('works.reach')}</legend>
            <div class="inline-choices">
              ${CHECKABLE_SCHEMES.map(
                reach =>
                  html`<label
                    ><input
                      type="radio"
                      name="reach"
                      .checked=${this.reach === reach}
                      @change=${() => (this.reach = reach)}
                    />${t(`works.reach.${reach}`)}</label
                  >`,
              )}
            </div>
          </fieldset>
          <div><button class="button primary" ?disabled=${this.busy}>${t('prove.claim')}</button></div>
        </form>
      </section>
      <section class="step" aria-labelledby="why">
        <h2 id="why">${t('prove.why')}</h2>
        <ul class="plain">
          ${['keep', 'daily', 'visitor', 'numbers'].map(one => html`<li>${t(`prove.why.${one}`)}</li>`)}
        </ul>
      </section>
      <af-sweep></af-sweep>
      ${noticesView(this.notices)}
    </div>`;
  }

  #card(claim, open) {
    const result = this.results[claim.id] ?? {};
    const proved = claim.state === 'proved';
    const methods = methodsView(claim.id, claim.methods, proved ? null : easiest(claim), platformOf(claim.subject));
    const note = {
      proved: claim.method === 'page-token' ? 'warn' : 'good',
      pending: 'warn',
      gone: 'bad',
      revoked: 'bad',
    }[claim.state];
    const state =
      claim.method === 'page-token' && proved
        ? 'prove.state.shown'
        : claim.state === 'pending' && schemeOf(claim.subject) === 'url'
          ? 'prove.state.pending.url'
          : `prove.state.${claim.state}`;
    return html`<article class="item claim" aria-labelledby="h-${claim.id}">
      <div class="head"><h3 id="h-${claim.id}" tabindex="-1">${subjectView(claim.subject)}</h3></div>
      <p class="note ${note}">${t(state, {until: claim.expiresAt ? date(claim.expiresAt) : ''})}</p>
      ${result.busy
        ? html`<p role="status">${t('prove.looking')}</p>`
        : result.soon
          ? html`<p class="note warn" role="status">${t('prove.soon')}</p>`
          : result.refusal
            ? refusalView(result.refusal)
            : html`<div role="status">${result.now ? this.#checks(claim, true) : nothing}</div>`}
      ${proved
        ? html`<details>
            <summary>${t('prove.methods.again')}</summary>
            ${methods}
          </details>`
        : open
          ? html`<div class="stack">
              <p class="strong">${t('prove.methods')}</p>
              ${methods}
            </div>`
          : html`<details>
              <summary>${t('prove.methods')}</summary>
              ${methods}
            </details>`}
      <div class="row">
        <button
          class="button ${proved ? '' : 'primary'}"
          ?disabled=${result.busy}
          aria-label="${t(proved ? 'prove.check.again' : 'prove.check')}: ${valueOf(claim.subject)}"
          @click=${() => this.#check(claim)}
        >
          ${t(result.busy ? 'prove.looking.short' : proved ? 'prove.check.again' : 'prove.check')}
        </button>
      </div>
      ${claim.checks.length > 0 && !result.now
        ? html`<details>
            <summary>${t('prove.checks', {when: dateTime(claim.checks[0].time)})}</summary>
            ${this.#checks(claim, false)}
          </details>`
        : nothing}
    </article>`;
  }

  /** The results of the latest check, or of all recent checks. */
  #checks(claim, latest) {
    const moments = [...new Set(claim.checks.map(check => check.time))].slice(0, latest ? 1 : 10);
    return html`<div class="stack-s">
      ${moments.map(
        time =>
          html`<div>
            <p class="hint">${t('prove.checked', {when: dateTime(time)})}</p>
            <ul class="steps-ok">
              ${claim.checks
                .filter(check => check.time === time)
                .map(
                  check =>
                    html`<li class=${check.outcome === 'found' ? 'ok' : check.outcome === 'absent' ? 'no' : ''}>
                      <span
                        >${t(`method.${check.method}`)}:
                        ${t(`outcome.${check.outcome}`)}${check.dnssec
                          ? ` ${t('outcome.dnssec')}`
                          : ''}${check.outcome === 'found'
                          ? nothing
                          : html` <details class="technical">
                              <summary>${t('technical')}</summary>
                              <span lang="en">${check.observation}</span>
                            </details>`}</span
                      >
                    </li>`,
                )}
            </ul>
          </div>`,
      )}
    </div>`;
  }
}
customElements.define('af-prove', ProvePage);
