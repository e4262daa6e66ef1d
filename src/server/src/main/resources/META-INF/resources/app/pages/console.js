// The operator's console: what waits, what looks wrong, and the acts. The key stays in this tab.
import {html, nothing} from 'lit';
import {call} from '../api.js';
import {PageElement, toast} from '../element.js';
import {dateTime, has, number, t} from '../i18n.js';
import {refusalView, schemeName, subjectView} from '../words.js';

const NAME = 'askfirst.operator';
const KEY = /afo_[0-9a-hjkmnp-tv-z]{52}(?:[0-9a-hjkmnp-tv-z]{7})?/;
const GROUNDS = ['law', 'court-order', 'personal-data', 'impersonation', 'abuse'];
const ALARMS = ['works', 'overlaps', 'permissions'];

/** The acts of the form: the path, the member that says what is done, and the things that the form asks for. */
const ACTS = {
  'hide-party': {path: 'measures', json: {measure: 'hide'}, fields: ['party', 'ground']},
  'hide-declaration': {path: 'measures', json: {measure: 'hide'}, fields: ['declaration', 'ground']},
  'hide-subject': {path: 'measures', json: {measure: 'hide'}, fields: ['party', 'subject', 'ground']},
  'unhide-party': {path: 'measures', json: {measure: 'unhide'}, fields: ['party']},
  'unhide-declaration': {path: 'measures', json: {measure: 'unhide'}, fields: ['declaration']},
  'unhide-subject': {path: 'measures', json: {measure: 'unhide'}, fields: ['party', 'subject']},
  restrict: {path: 'measures', json: {measure: 'restrict'}, fields: ['party', 'ground']},
  unrestrict: {path: 'measures', json: {measure: 'unrestrict'}, fields: ['party']},
  suspend: {path: 'decisions', json: {decision: 'suspended'}, fields: ['party']},
  reinstate: {path: 'decisions', json: {decision: 'reinstated'}, fields: ['party']},
  'set-aside': {path: 'dispute-decisions', json: {outcome: 'set-aside'}, fields: ['declaration']},
  verify: {path: 'decisions', json: {decision: 'verified'}, fields: ['party']},
  unverify: {path: 'decisions', json: {decision: 'unverified'}, fields: ['party']},
  transfer: {path: 'successions', json: {}, fields: ['party']},
};

function storedKey() {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null; // Storage is off: only this page keeps the key.
  }
}

class OperatorPage extends PageElement {
  static properties = {
    key: {state: true},
    overview: {state: true},
    disputes: {state: true},
    proposals: {state: true},
    acts: {state: true},
    next: {state: true},
    act: {state: true},
    asked: {state: true},
    refusal: {state: true},
    refused: {state: true},
    wrong: {state: true},
    busy: {state: true},
  };

  constructor() {
    super();
    this.key = storedKey();
    this.act = 'hide-party';
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.key) this.#load();
  }

  #call(method, path, options = {}) {
    return call(method, `/v1/operator/${path}`, {...options, key: this.key});
  }

  async #load() {
    this.busy = true;
    this.refusal = null;
    try {
      const [overview, undecided, unanswered, proposals, log] = await Promise.all([
        this.#call('GET', 'overview'),
        this.#call('GET', 'disputes?limit=50'),
        this.#call('GET', 'disputes?status=unanswered&limit=50'),
        this.#call('GET', 'proposals'),
        this.#call('GET', 'acts?limit=20'),
      ]);
      this.overview = overview;
      this.disputes = [...undecided.disputes, ...unanswered.disputes];
      this.proposals = proposals.proposals;
      this.acts = log.acts;
      this.next = log.next;
    } catch (refusal) {
      if (refusal.status === 401 || refusal.status === 403) this.#forget();
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
  }

  async #more() {
    try {
      const log = await this.#call('GET', `acts?limit=20&before=${this.next}`);
      this.acts = [...this.acts, ...log.acts];
      this.next = log.next;
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #enter(event) {
    event.preventDefault();
    const field = this.querySelector('#key');
    const key = KEY.exec(field.value)?.[0];
    this.wrong = !key;
    if (!key) return field.focus();
    this.key = key;
    try {
      sessionStorage.setItem(NAME, key);
    } catch {
      /* Storage is off. */
    }
    return this.#load();
  }

  #forget() {
    this.key = this.overview = null;
    try {
      sessionStorage.removeItem(NAME);
    } catch {
      /* Storage is off. */
    }
  }

  /** Asks for a confirmation, and for a reason if the act has one. */
  async #ask(title, what, method, path, json) {
    this.refused = null;
    this.asked = {title, what, method, path, json};
    await this.updateComplete;
    this.querySelector('dialog').showModal();
  }

  async #send(event) {
    event.preventDefault();
    const {method, path, json} = this.asked;
    const reason = this.querySelector('#reason')?.value.trim();
    this.refused = null;
    this.busy = true;
    try {
      await this.#call(method, path, json ? {json: {...json, reason}} : {});
      this.querySelector('dialog').close();
      toast(t('operator.done'));
      await this.#load();
    } catch (refusal) {
      this.refused = refusal;
    } finally {
      this.busy = false;
    }
  }

  #submit(event) {
    event.preventDefault();
    const {path, json, fields} = ACTS[this.act];
    const given = Object.fromEntries(fields.map(field => [field, this.querySelector(`#act-${field}`).value.trim()]));
    const what = fields
      .filter(field => field !== 'ground')
      .map(field => given[field])
      .join(' · ');
    return this.#ask(t(`operator.act.${this.act}`), what, 'POST', path, {...json, ...given});
  }

  render() {
    if (!this.key || (!this.overview && this.refusal)) return this.#entrance();
    return html`<div class="page">
      <div class="intro">
        <h1 tabindex="-1">${t('title.console')}</h1>
        ${this.overview
          ? html`<div class="row between">
              <p>${t('operator.in', {name: this.overview.key})}</p>
              <span class="row"
                ><button class="button s" ?disabled=${this.busy} @click=${() => this.#load()}>
                  ${t('operator.again')}</button
                ><button class="button s" @click=${() => this.#forget()}>${t('operator.leave')}</button></span
              >
            </div>`
          : html`<p class="soft" role="status">${t('loading')}</p>`}
        ${this.overview && this.overview.keys.length < 2
          ? html`<p class="note warn">${t('operator.one-key')}</p>`
          : nothing}
        ${refusalView(this.refusal)}
      </div>
      ${this.overview
        ? [
            this.#proposals(),
            this.#queue(),
            this.#requests('verifications'),
            this.#requests('bodies'),
            this.#recoveries(),
            this.#alarms(),
            this.#form(),
            this.#log(),
            this.#dialog(),
          ]
        : nothing}
    </div>`;
  }

  #entrance() {
    return html`<div class="page narrow-page">
      <div class="intro">
        <h1 tabindex="-1">${t('title.console')}</h1>
        <p class="lead">${t('operator.lead')}</p>
      </div>
      <form class="stack" novalidate @submit=${event => this.#enter(event)}>
        <div class="field">
          <label for="key">${t('operator.key')}</label>
          <span class="hint" id="key-hint">${t('operator.key.hint')}</span>
          <input
            id="key"
            type="password"
            autocomplete="off"
            spellcheck="false"
            aria-describedby="key-hint key-fault"
            aria-invalid=${this.wrong ? 'true' : 'false'}
          />
          <span class="error" id="key-fault">${this.wrong ? t('operator.key.fault') : ''}</span>
        </div>
        ${refusalView(this.refusal)}
        <p><button class="button primary">${t('operator.enter')}</button></p>
      </form>
    </div>`;
  }

  #section(name, count, content) {
    return html`<section class="step" aria-labelledby="h-${name}">
      <h2 id="h-${name}">
        ${t(`operator.${name}`)} ${count ? html`<span class="tag">${number(count)}</span>` : nothing}
      </h2>
      ${content}
    </section>`;
  }

  #list(name, things, view) {
    return this.#section(
      name,
      things.length,
      things.length
        ? html`<ul class="items">
            ${things.map(thing => html`<li class="item">${view(thing)}</li>`)}
          </ul>`
        : html`<p class="soft">${t('operator.none')}</p>`,
    );
  }

  #button(text, action, kind = '') {
    return html`<button class="button s ${kind}" ?disabled=${this.busy} @click=${action}>${text}</button>`;
  }

  #proposals() {
    return this.#list(
      'proposals',
      this.proposals,
      one => html`<div class="row between">
          <span class="strong">${t(`operator.proposal.${one.act}`)}</span>
          <span class="soft small">${t('operator.until', {when: dateTime(one.expiresAt)})}</span>
        </div>
        <p class="value">
          ${one.party}${one.successor ? html` → ${one.successor}` : nothing}
          ${one.declaration ?? one.subjectKey ?? nothing}
        </p>
        <p><bdi>${one.reason}</bdi></p>
        <p class="soft small">${t('operator.by', {name: one.proposedBy})}</p>
        <div class="row">
          ${one.proposedBy === this.overview.key
            ? html`<span class="soft small">${t('operator.other-key')}</span>`
            : this.#button(
                t('operator.confirm'),
                () =>
                  this.#ask(
                    t(`operator.proposal.${one.act}`),
                    one.party,
                    'POST',
                    `proposals/${one.id}/confirmation`,
                    null,
                  ),
                'primary',
              )}
          ${this.#button(t('operator.withdraw'), () =>
            this.#ask(t('operator.withdraw'), one.party, 'DELETE', `proposals/${one.id}`, null),
          )}
        </div>`,
    );
  }

  #queue() {
    return this.#list(
      'disputes',
      this.disputes,
      one => html`<div class="row between">
          <a class="strong" href="/dispute/${one.id}"
            >${t(`operator.kind.${one.kind}`)} <span class="value">${one.id}</span></a
          >
          <span class="soft small">${dateTime(one.recordedAt)}</span>
        </div>
        ${one.subjects.slice(0, 3).map(subjectView)}
        ${one.subjects.length > 3 ? html`<p class="soft small">+${number(one.subjects.length - 3)}</p>` : nothing}
        <div class="row">
          ${['set-aside', 'upheld'].map(outcome =>
            this.#button(t(`operator.outcome.${outcome}`), () =>
              this.#ask(t(`operator.outcome.${outcome}`), one.id, 'POST', 'dispute-decisions', {
                dispute: one.id,
                outcome,
              }),
            ),
          )}
        </div>`,
    );
  }

  #requests(name) {
    const decision = name === 'bodies' ? 'vouching-granted' : 'verified';
    return this.#list(
      name,
      this.overview[name],
      one => html`<div class="row between">
          <bdi class="strong">${one.name ?? one.party}</bdi>
          <span class="soft small">${dateTime(one.requestedAt)}</span>
        </div>
        <p class="value">${one.party}</p>
        ${one.schemes ? html`<p class="soft small">${one.schemes.map(schemeName).join(', ')}</p>` : nothing}
        <p><bdi>${one.statement}</bdi></p>
        <div class="row">
          ${this.#button(
            t(`operator.grant.${name}`),
            () =>
              this.#ask(t(`operator.grant.${name}`), one.name ?? one.party, 'POST', 'decisions', {
                party: one.party,
                decision,
                ...(one.schemes ? {schemes: one.schemes} : {}),
              }),
            'primary',
          )}
          ${this.#button(t('operator.decline'), () =>
            this.#ask(t('operator.decline'), one.name ?? one.party, 'DELETE', `requests/${one.party}`, null),
          )}
        </div>`,
    );
  }

  #recoveries() {
    return this.#list(
      'recoveries',
      this.overview.recoveries,
      one => html`<div class="row between">
          <a class="value" href="/recover/${one.id}">${one.id}</a>
          ${one.until
            ? html`<span class="soft small">${t('operator.until', {when: dateTime(one.until)})}</span>`
            : nothing}
        </div>
        <p class="value">${one.party}</p>
        ${one.subject ? subjectView(one.subject) : nothing}`,
    );
  }

  #alarms() {
    const {alarms} = this.overview;
    return this.#section(
      'alarms',
      0,
      html`<p class="soft small">
          ${t('operator.alarms.scope', {when: dateTime(alarms.since), count: number(alarms.entries)})}
        </p>
        ${ALARMS.map(name =>
          this.#alarm(
            name,
            alarms[name],
            one => one.party,
            one =>
              html`<span class="row"
                >${this.#button(t('operator.act.restrict'), () => this.#fill('restrict', one.party))}${this.#button(
                  t('operator.act.suspend'),
                  () => this.#fill('suspend', one.party),
                )}</span
              >`,
          ),
        )}
        ${this.#alarm(
          'signUps',
          alarms.signUps,
          one => one.network,
          () => nothing,
        )}`,
    );
  }

  #alarm(name, rows, what, buttons) {
    return html`<div class="stack-s">
      <h3>${t(`operator.alarm.${name}`)}</h3>
      ${rows.length
        ? html`<ul class="cards">
            ${rows.map(
              one =>
                html`<li class="card">
                  <span
                    ><span class="value">${what(one)}</span> <span class="num strong">${number(one.count)}</span></span
                  >${buttons(one)}
                </li>`,
            )}
          </ul>`
        : html`<p class="soft small">${t('operator.none')}</p>`}
    </div>`;
  }

  /** Prepares the form for an act about the party. */
  async #fill(act, party) {
    this.act = act;
    await this.updateComplete;
    this.querySelector('#act-party').value = party;
    this.querySelector('#h-form').scrollIntoView();
    this.querySelector('#act-party').focus();
  }

  #form() {
    const {fields} = ACTS[this.act];
    return this.#section(
      'form',
      0,
      html`<form class="stack narrow" @submit=${event => this.#submit(event)}>
        <div class="field">
          <label for="act">${t('operator.what')}</label>
          <select id="act" .value=${this.act} @change=${event => (this.act = event.target.value)}>
            ${Object.keys(ACTS).map(
              name => html`<option value=${name} ?selected=${name === this.act}>${t(`operator.act.${name}`)}</option>`,
            )}
          </select>
          <span class="hint">${t(`operator.effect.${this.act}`)}</span>
        </div>
        ${fields
          .filter(field => field !== 'ground')
          .map(
            field =>
              html`<div class="field">
                <label for="act-${field}">${t(`operator.field.${field}`)}</label>
                <input id="act-${field}" type="text" required autocomplete="off" spellcheck="false" />
              </div>`,
          )}
        ${fields.includes('ground')
          ? html`<div class="field">
              <label for="act-ground">${t('operator.field.ground')}</label>
              <select id="act-ground">
                ${GROUNDS.map(ground => html`<option value=${ground}>${t(`ground.${ground}`)}</option>`)}
              </select>
              <span class="hint">${t('operator.ground.hint')}</span>
            </div>`
          : nothing}
        <p><button class="button primary" ?disabled=${this.busy}>${t('operator.next')}</button></p>
      </form>`,
    );
  }

  #log() {
    return this.#section(
      'log',
      0,
      this.acts.length
        ? html`<ul class="cards">
              ${this.acts.map(
                one =>
                  html`<li class="card">
                    <span class="strong">${this.#typeName(one)}</span>
                    <span class="meta">${dateTime(one.recordedAt)}</span>
                    <span class="wide value">${one.party}</span>
                    ${one.reason ? html`<span class="wide">${one.reason}</span>` : nothing}
                    <span class="wide meta"
                      >${one.operators.length
                        ? t('operator.by', {name: one.operators.join(' + ')})
                        : t('operator.by-unknown')}
                      · ${t('operator.position', {position: number(one.position)})}</span
                    >
                  </li>`,
              )}
            </ul>
            ${this.next
              ? html`<p><button class="button" @click=${() => this.#more()}>${t('operator.older')}</button></p>`
              : nothing}`
        : html`<p class="soft">${t('operator.none')}</p>`,
    );
  }

  #typeName(one) {
    const name = `operator.type.${one.entry.decision ?? one.type}`;
    return has(name) ? t(name) : one.type;
  }

  #dialog() {
    return html`<dialog aria-labelledby="asked">
      ${this.asked
        ? html`<form @submit=${event => this.#send(event)}>
            <h2 id="asked">${this.asked.title}</h2>
            <p><bdi class="value">${this.asked.what}</bdi></p>
            ${this.asked.json
              ? html`<div class="field">
                  <label for="reason">${t('operator.reason')}</label>
                  <span class="hint">${t('operator.reason.hint')}</span>
                  <textarea id="reason" rows="4" maxlength="2000" required></textarea>
                </div>`
              : nothing}
            ${refusalView(this.refused)}
            <div class="row">
              <button class="button primary" ?disabled=${this.busy}>${t('operator.do')}</button>
              <button class="button" type="button" @click=${() => this.querySelector('dialog').close()}>
                ${t('operator.cancel')}
              </button>
            </div>
          </form>`
        : nothing}
    </dialog>`;
  }
}
customElements.define('af-operator', OperatorPage);
