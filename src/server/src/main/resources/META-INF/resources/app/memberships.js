// The bodies that confirm who an account is, and the members that a body confirms.
import {html, nothing} from 'lit';
import {account} from './account.js';
import {call} from './api.js';
import {PageElement, toast} from './element.js';
import {date, t} from './i18n.js';
import {refusalView} from './words.js';

const PAGE = 50;

/** The other side's name, or its id if it has none any more. */
const nameOf = one => one.name ?? one.body ?? one.party;

const stateText = one =>
  one.state === 'offered'
    ? t('membership.offered', {day: date(one.expiresAt)})
    : [
        t(`membership.${one.state}`),
        ...(one.acceptedAt ? [t('membership.since', {day: date(one.acceptedAt)})] : []),
        ...(one.mayRecover ? [t('membership.may-recover')] : []),
      ].join(' · ');

/** The offers to this account, and the bodies that vouch for it. */
class Memberships extends PageElement {
  static properties = {all: {state: true}, refusal: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  async #load() {
    try {
      this.all = (await call('GET', '/v1/parties/me/memberships')).memberships;
      this.refusal = null;
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #act(method, path, json, message) {
    try {
      await call(method, `/v1/parties/me/memberships/${path}`, json ? {json} : {});
      toast(message);
      await this.#load();
      window.dispatchEvent(new Event('account'));
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  #accept(one) {
    const mayRecover = this.querySelector(`#may-${one.body}`).checked;
    return this.#act('POST', `${one.body}/acceptance`, {mayRecover}, t('members.accepted'));
  }

  render() {
    const shown = this.all?.filter(one => ['offered', 'accepted', 'recorded'].includes(one.state)) ?? [];
    if (shown.length === 0) return refusalView(this.refusal);
    return html`<section class="step" aria-labelledby="memberships">
      <h2 id="memberships">${t('membership.h2')}</h2>
      <p class="hint">${t('membership.text')}</p>
      ${refusalView(this.refusal)}
      <ul class="items">
        ${shown.map(
          one =>
            html`<li class="item">
              <div class="stack-s">
                <p><bdi class="strong">${nameOf(one)}</bdi> <span class="value soft">${one.body}</span></p>
                <p class="meta soft">${stateText(one)}</p>
                <label class="check" for="may-${one.body}"
                  ><input id="may-${one.body}" type="checkbox" ?checked=${one.mayRecover} />
                  <span>${t('membership.allow')}</span></label
                >
                <p class="hint">${t('membership.allow.text')}</p>
              </div>
              <div class="row">
                <button
                  class="button ${one.state === 'offered' ? 'primary' : ''}"
                  aria-label=${t('members.accept.label', {name: nameOf(one)})}
                  @click=${() => this.#accept(one)}
                >
                  ${t(one.state === 'accepted' ? 'membership.save' : 'members.accept')}
                </button>
                <button
                  class="button"
                  aria-label=${t(one.state === 'offered' ? 'members.decline.label' : 'membership.end.label', {
                    name: nameOf(one),
                  })}
                  @click=${() =>
                    this.#act(
                      'DELETE',
                      one.body,
                      null,
                      t(one.state === 'offered' ? 'members.declined' : 'membership.ended'),
                    )}
                >
                  ${t(one.state === 'offered' ? 'members.decline' : 'membership.end')}
                </button>
              </div>
            </li>`,
        )}
      </ul>
    </section>`;
  }
}
customElements.define('af-memberships', Memberships);

/** The members of this body, and its offers to others. */
class Vouched extends PageElement {
  static properties = {page: {state: true}, refusal: {state: true}, wrong: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.after = 0;
    this.#load();
  }

  async #load() {
    try {
      this.page = await call('GET', `/v1/parties/me/members?after=${this.after}&limit=${PAGE}`);
      this.refusal = null;
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #act(method, path, json, message) {
    try {
      await call(method, path, json ? {json} : {});
      toast(message);
      await this.#load();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #offer(event) {
    event.preventDefault();
    const field = this.querySelector('#vouched');
    const [party] = /p_[0-9a-z]{26}/.exec(field.value) ?? [];
    this.wrong = party ? null : t('members.other.fault');
    if (!party) return field.focus();
    await this.#act('POST', '/v1/parties/me/members', {party}, t('members.offered'));
    field.value = '';
    return null;
  }

  render() {
    return html`<section class="step" aria-labelledby="vouching">
      <h2 id="vouching">${t('vouching.h2')}</h2>
      <p class="hint">${t('vouching.text')}</p>
      ${refusalView(this.refusal)}
      <form class="stack narrow" novalidate @submit=${this.#offer}>
        <div class="field">
          <label for="vouched">${t('recover.member')}</label>
          <input
            id="vouched"
            type="text"
            maxlength="200"
            spellcheck="false"
            autocomplete="off"
            placeholder="p_…"
            aria-describedby="vouched-fault"
            aria-invalid=${this.wrong ? 'true' : 'false'}
          />
          <span class="error" id="vouched-fault">${this.wrong ?? ''}</span>
        </div>
        <div><button class="button">${t('vouching.offer')}</button></div>
      </form>
      ${this.page?.members.length
        ? html`<ul class="cards">
            ${this.page.members.map(
              one =>
                html`<li class="card">
                  <div class="stack-s">
                    <p><bdi class="strong">${nameOf(one)}</bdi> <span class="value soft">${one.party}</span></p>
                    <p class="meta soft">${stateText(one)}</p>
                  </div>
                  <div class="row">
                    <button
                      class="button s"
                      aria-label=${t('membership.end.label', {name: nameOf(one)})}
                      @click=${() =>
                        this.#act('DELETE', `/v1/parties/me/members/${one.party}`, null, t('membership.ended'))}
                    >
                      ${t('membership.end')}
                    </button>
                  </div>
                </li>`,
            )}
          </ul>`
        : nothing}
      ${this.page?.next
        ? html`<div>
            <button
              class="button"
              @click=${() => {
                this.after = this.page.next;
                this.#load();
              }}
            >
              ${t('vouching.next')}
            </button>
          </div>`
        : nothing}
    </section>`;
  }
}
customElements.define('af-vouched', Vouched);

/** What waits for this account, at the head of every page: requests for a new key, and offers of bodies. */
class Watch extends PageElement {
  static properties = {party: {state: true}, here: {attribute: true}};

  connectedCallback() {
    super.connectedCallback();
    this.reload = () => this.#load();
    window.addEventListener('account', this.reload);
    this.#load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('account', this.reload);
  }

  willUpdate(changed) {
    if (changed.get('here')) this.#load();
  }

  async #load() {
    const {key} = account;
    try {
      const party = key ? await call('GET', '/v1/parties/me') : null;
      if (account.key === key) this.party = party;
    } catch {
      // The page itself says what is wrong with the key or the connection.
      this.party = null;
    }
  }

  render() {
    const open = this.party?.openRecoveries ?? [];
    const offers = (this.party?.memberships ?? []).filter(one => one.state === 'offered');
    return html`${open.length > 0 && this.here !== 'recover'
      ? html`<section class="note bad stack watch" aria-labelledby="asked">
          <h2 id="asked">${t('recover.object.h2')}</h2>
          ${open.map(
            one =>
              html`<p id="until-${one.id}">${t('key.asked', {until: date(one.until)})}</p>
                <div>
                  <a class="button danger" href="/recover/${one.id}" aria-describedby="until-${one.id}"
                    >${t('recover.look')}</a
                  >
                </div>`,
          )}
        </section>`
      : nothing}
    ${offers.length > 0 && this.here !== 'members'
      ? html`<p class="note warn watch">
          ${t('membership.waiting', {name: nameOf(offers[0])})} <a href="/members">${t('membership.look')}</a>
        </p>`
      : nothing}`;
  }
}
customElements.define('af-watch', Watch);
