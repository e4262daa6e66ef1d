// The public page of a party: who it is, how that was checked, who vouches for it, and what it declares.
import {html, nothing} from 'lit';
import {call} from '../api.js';
import {PageElement} from '../element.js';
import {date, isolated, number, t} from '../i18n.js';
import {contactView, modeOf, refusalView, schemeName, schemeOf, subjectView, titleOf, valueOf} from '../words.js';

const PAGE = 20;
const COUNTED = 100_000;

class PartyPage extends PageElement {
  static properties = {
    party: {attribute: true},
    found: {state: true},
    declared: {state: true},
    next: {state: true},
    busy: {state: true},
    refusal: {state: true},
  };

  willUpdate(changed) {
    if (changed.has('party')) this.#load();
  }

  async #load() {
    this.found = this.refusal = this.declared = null;
    try {
      this.found = await call('GET', `/v1/parties/${this.party}`, {key: null});
      document.title = `${isolated(this.found.name ?? t('party.unnamed'))} · ${t('brand')}`;
      await this.#declarations('');
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  /** Loads a full page in several calls: a call looks at a part of a long list. */
  async #declarations(after) {
    const asked = this.party;
    this.busy = true;
    try {
      const some = [];
      let next = after;
      do {
        const query = new URLSearchParams({status: 'in-force', order: 'newest', limit: PAGE - some.length});
        if (next !== '') query.set('after', next);
        const page = await call('GET', `/v1/parties/${asked}/declarations?${query}`, {key: null});
        some.push(...page.declarations);
        next = page.next;
      } while (next !== undefined && some.length < PAGE);
      if (asked !== this.party) return;
      this.declared = [...(this.declared ?? []), ...some];
      this.next = next;
      this.refusal = null;
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
  }

  async #more() {
    const shown = this.declared.length;
    await this.#declarations(this.next);
    await this.updateComplete;
    this.querySelectorAll('.cards a.title')[shown]?.focus();
  }

  #card(one) {
    const [first] = one.subjects ?? [];
    return html`<li class="card">
      <div>
        <a class="title" href="/d/${one.id}"><bdi>${titleOf(one)}</bdi></a>${one.work?.creators?.length
          ? html` <span class="soft"><bdi>${one.work.creators.join(', ')}</bdi></span>`
          : nothing}
        <p class="meta">
          ${first
            ? html`<span class="tag">${schemeName(schemeOf(first))}</span> ${one.work
                  ? html`<bdi class="value">${valueOf(first)}</bdi>`
                  : nothing}`
            : nothing}${one.repertoire
            ? html`<span class="tag">${t('repertoire.count', {count: number(one.repertoire.listedCount)})}</span>`
            : nothing}
        </p>
      </div>
      <p class="meta"><span class="strong">${t(`mode.${modeOf(one)}`)}</span><br />${date(one.recordedAt)}</p>
    </li>`;
  }

  #declares() {
    if (!this.declared) return nothing;
    return html`<section class="step" aria-labelledby="declares">
      <h2 id="declares">${t('party.declares')}</h2>
      ${this.declared.length === 0
        ? html`<p class="note">${t('party.declares.none')}</p>`
        : html`<p class="hint">${t('served.counts')}</p>
            <ul class="cards" aria-busy=${this.busy ? 'true' : 'false'}>
              ${this.declared.map(one => this.#card(one))}
            </ul>`}
      ${this.next === undefined
        ? nothing
        : html`<div>
            <button class="button" ?disabled=${this.busy} @click=${this.#more}>${t('party.declares.more')}</button>
          </div>`}
    </section>`;
  }

  render() {
    const {found} = this;
    if (!found)
      return html`<div class="page">
        <h1 tabindex="-1">${t('title.party')}</h1>
        ${this.refusal ? refusalView(this.refusal) : html`<p class="soft" role="status">${t('loading')}</p>`}
      </div>`;
    const row = (label, content) =>
      html`<div>
        <dt>${t(label)}</dt>
        <dd>${content}</dd>
      </div>`;
    return html`<div class="page">
      <div class="intro">
        <h1 tabindex="-1"><bdi>${found.name ?? t('party.unnamed')}</bdi></h1>
        <p class="lead">${t('party.lead')}</p>
      </div>
      ${found.status === 'open' ? nothing : html`<p class="note warn">${t(`party.status.${found.status}`)}</p>`}
      ${found.openRecoveries ? html`<p class="note warn">${t('party.recovery')}</p>` : nothing}
      <dl class="pairs">
        ${row('party.kind', t(`party.${found.kind}`))}
        ${row(
          'party.trust',
          html`<span class="strong">${t(`trust.${found.trust}`)}</span><br /><span class="soft"
              >${t(`party.trust.${found.trust}`)}</span
            >`,
        )}
        ${found.vouchedBy.length > 0
          ? row(
              'party.vouched',
              html`<ul class="plain">
                ${found.vouchedBy.map(
                  one =>
                    html`<li>
                      <a href="/p/${one.body}"><bdi>${one.name ?? one.body}</bdi></a> ${one.since
                        ? html`<span class="soft">${t('party.vouched.since', {day: date(one.since)})}</span>`
                        : nothing}
                    </li>`,
                )}
              </ul>`,
            )
          : nothing}
        ${found.proved.length > 0
          ? row(
              'party.proved',
              html`<ul class="plain">
                ${found.proved.map(
                  one =>
                    html`<li>
                      ${subjectView(one.subject)}
                      <span class="soft">${t('party.proved.since', {day: date(one.since)})}</span>
                    </li>`,
                )}
              </ul>`,
            )
          : nothing}
        ${found.contact
          ? row(
              'party.contact',
              html`${contactView(found.contact)}
                <p class="hint">${t(found.contactVerified ? 'contact.verified' : 'contact.unverified')}</p>`,
            )
          : nothing}
        ${row(
          'party.count',
          t(found.declarationCount < COUNTED ? 'party.count.value' : 'party.count.more', {
            count: number(found.declarationCount),
          }),
        )}
        ${row('party.since', t('party.since.value', {day: date(found.openedAt)}))}
        ${row('party.id', html`<span class="value">${found.id}</span>`)}
      </dl>
      ${refusalView(this.refusal)} ${this.#declares()}
    </div>`;
  }
}
customElements.define('af-party', PartyPage);
