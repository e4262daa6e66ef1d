// Rejecting or disputing a declaration, and the thread of a dispute with its clock.
import {html, nothing} from 'lit';
import {account} from '../account.js';
import {Refusal, call} from '../api.js';
import {PageElement, navigate, toast} from '../element.js';
import {dateTime, deadline, isolated, t} from '../i18n.js';
import {DISPUTE_GROUNDS} from '../vocabulary.js';
import {refusalView, schemeOf, subjectView, valueOf} from '../words.js';
import {reachOptions} from '../works.js';

/** The next step of each side, by the status of the dispute. */
const STEPS = {
  respondent: {filed: 'answer', upheld: 'appeal', 'set-aside': 'appeal'},
  challenger: {answered: 'continue', defective: 'cure', upheld: 'appeal', 'set-aside': 'appeal'},
};

/** The statuses in which the operator decides, or the arbiter that it named. */
const TO_DECIDE = ['continued', 'appealed'];

/** The subjects that a proof of control may be about, if it makes these declared subjects count: the widest first. */
function provable(subjects) {
  const all = subjects.flatMap(subject =>
    ['domain', 'under'].includes(schemeOf(subject))
      ? [subject]
      : reachOptions(subject)
          .map(option => option.subject)
          .reverse(),
  );
  return [...new Set(all)];
}

/** The statuses in which the challenger can withdraw. */
const UNDECIDED = ['open', 'ended', 'filed', 'unanswered', 'defective', 'answered', 'continued'];

class DisputePage extends PageElement {
  static properties = {
    about: {attribute: true},
    declaration: {state: true},
    one: {state: true},
    refusal: {state: true},
    wrong: {state: true},
    busy: {state: true},
    way: {state: true},
  };

  constructor() {
    super();
    this.way = 'reject';
  }

  willUpdate(changed) {
    if (changed.has('about')) this.#load();
  }

  async #load() {
    this.refusal = this.declaration = this.one = null;
    try {
      if (this.about.startsWith('d_')) this.declaration = await call('GET', `/v1/declarations/${this.about}`);
      else this.one = await this.#find(this.about);
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  /** A rejection is a short dispute, and has an id of the same form. */
  async #find(id) {
    try {
      const one = await call('GET', `/v1/disputes/${id}`);
      return {...one, isRejection: one.kind === 'rejection'};
    } catch (refusal) {
      if (!(refusal instanceof Refusal) || refusal.status !== 404) throw refusal;
      return {...(await call('GET', `/v1/rejections/${id}`)), isRejection: true};
    }
  }

  async #send(event) {
    event.preventDefault();
    this.refusal = null;
    const text = this.querySelector('#statement').value.trim();
    this.wrong = this.way !== 'reject' && !text;
    if (this.wrong) return this.querySelector('#statement').focus();
    this.busy = true;
    try {
      const declaration = this.declaration.id;
      const made =
        this.way === 'reject'
          ? await call('POST', '/v1/rejections', {json: {declaration, ...(text ? {reason: text} : {})}})
          : await call('POST', '/v1/disputes', {
              json: {
                ...(this.way === 'control'
                  ? {control: {party: this.declaration.party, subject: this.querySelector('#control').value}}
                  : {declaration}),
                grounds: this.querySelector('#grounds').value,
                statement: text,
              },
            });
      navigate(`/dispute/${made.id}`);
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
    return null;
  }

  async #step(event) {
    event.preventDefault();
    const step = this.#nextStep();
    const statement = this.querySelector('#statement').value.trim();
    this.wrong = step !== 'continue' && !statement;
    if (this.wrong) return this.querySelector('#statement').focus();
    this.refusal = null;
    this.busy = true;
    try {
      this.one = await call('POST', `/v1/disputes/${this.one.id}/steps`, {
        json: {step, ...(statement ? {statement} : {})},
      });
      toast(t('dispute.sent'));
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
    return null;
  }

  /** Sends the decision of the arbiter. What it sets aside is what is ticked. */
  async #decide(event) {
    event.preventDefault();
    this.refusal = null;
    const reason = this.querySelector('#statement').value.trim();
    const outcome = this.querySelector('[name=outcome]:checked')?.value;
    const ticked = [...this.querySelectorAll('[name=subject]:checked')].map(one => one.value);
    this.undecided = !outcome || (outcome === 'set-aside' && this.one.subjects.length > 1 && ticked.length === 0);
    this.wrong = !reason;
    this.requestUpdate();
    if (this.undecided) return this.querySelector('[name=outcome]').focus();
    if (this.wrong) return this.querySelector('#statement').focus();
    this.busy = true;
    try {
      const subjects = outcome === 'set-aside' && ticked.length < this.one.subjects.length ? ticked : [];
      await call('POST', `/v1/disputes/${this.one.id}/decision`, {
        json: {outcome, reason, ...(subjects.length > 0 ? {subjects} : {})},
      });
      toast(t('dispute.sent'));
      await this.#load();
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
    return null;
  }

  async #withdraw() {
    this.refusal = null;
    try {
      await call('DELETE', `/v1/${this.one.isRejection ? 'rejections' : 'disputes'}/${this.one.id}`);
      await this.#load();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  get #side() {
    if (!account.key) return null;
    if (this.one.party === account.id) return 'challenger';
    return this.one.respondent === account.id ? 'respondent' : null;
  }

  #nextStep() {
    if (this.one.isRejection || !this.one.endsAt) return null;
    return STEPS[this.#side]?.[this.one.status] ?? null;
  }

  #text(label, hint) {
    return html`<div class="field">
      <label for="statement">${label}</label>
      <span class="hint" id="statement-hint">${hint}</span>
      <textarea
        id="statement"
        rows="6"
        maxlength="2000"
        aria-describedby="statement-hint statement-fault"
        aria-invalid=${this.wrong ? 'true' : 'false'}
      ></textarea>
      <span class="error" id="statement-fault">${this.wrong ? t('dispute.statement.fault') : ''}</span>
    </div>`;
  }

  render() {
    if (this.declaration) return this.#form();
    if (this.one) return this.#thread();
    return html`<div class="page narrow-page">
      <h1 tabindex="-1">${t('title.dispute')}</h1>
      ${this.refusal ? refusalView(this.refusal) : html`<p class="soft" role="status">${t('loading')}</p>`}
    </div>`;
  }

  #form() {
    const way = name =>
      html`<label class="choice"
        ><input
          type="radio"
          name="way"
          value=${name}
          .checked=${this.way === name}
          @change=${() => (this.way = name)}
        />
        <span><span class="strong">${t(`dispute.${name}`)}</span><br /><span class="hint"
            >${t(`dispute.${name}.text`)}</span
          ></span
        ></label
      >`;
    const places = provable(this.declaration.subjects);
    return html`<div class="page narrow-page">
      <div class="intro">
        <h1 tabindex="-1">${t('dispute.not-theirs')}</h1>
        <p class="lead">${t('dispute.lead')}</p>
      </div>
      <ul class="plain">
        ${this.declaration.subjects.slice(0, 20).map(subject => html`<li>${subjectView(subject)}</li>`)}
      </ul>
      <p><a href="/d/${this.declaration.id}">${t('done.certificate')}</a></p>
      ${refusalView(this.refusal)}
      ${account.key
        ? html`<form class="stack" novalidate @submit=${this.#send}>
            <fieldset class="stack">
              <legend>${t('dispute.way')}</legend>
              ${way('reject')}${way('dispute')}${places.length > 0 ? way('control') : nothing}
            </fieldset>
            ${this.way === 'control'
              ? html`<div class="field">
                  <label for="control">${t('dispute.control.subject')}</label>
                  <select id="control">
                    ${places.map(
                      subject =>
                        html`<option value=${subject}>
                          ${t(`works.reach.${schemeOf(subject)}`)}: ${isolated(valueOf(subject))}
                        </option>`,
                    )}
                  </select>
                </div>`
              : nothing}
            ${this.way !== 'reject'
              ? html`<div class="field">
                  <label for="grounds">${t('dispute.grounds')}</label>
                  <select id="grounds">
                    ${DISPUTE_GROUNDS.map(one => html`<option value=${one}>${t(`dispute.grounds.${one}`)}</option>`)}
                  </select>
                </div>`
              : nothing}
            ${this.#text(t('dispute.statement'), t('dispute.statement.hint'))}
            <div><button class="button primary" ?disabled=${this.busy}>${t('dispute.send')}</button></div>
          </form>`
        : html`<p class="note warn">${t('dispute.account')} <a href="/key">${t('key.enter')}</a></p>`}
    </div>`;
  }

  #thread() {
    const {one} = this;
    const step = this.#nextStep();
    const own = this.#side === 'challenger';
    const until = one.endsAt ? deadline(one.endsAt) : '';
    const otherwise = one.isRejection && one.status === 'open' ? 'rejected' : one.ifNobodyActs;
    const undecided = UNDECIDED.includes(one.status);
    return html`<div class="page narrow-page">
      <div class="intro">
        <h1 tabindex="-1">${t('title.dispute')}</h1>
        <p class="lead">${t(`dispute.status.${one.status}`)}</p>
      </div>
      ${otherwise && until
        ? html`<p class="note warn" role="status">
            ${t('dispute.until', {until})} ${t(`dispute.otherwise.${otherwise}`)}
          </p>`
        : nothing}
      <ul class="plain">
        ${one.subjects.slice(0, 20).map(subject => html`<li>${subjectView(subject)}</li>`)}
      </ul>
      ${one.declaration
        ? html`<p><a href="/d/${one.declaration}">${t('done.certificate')}</a></p>`
        : nothing}
      ${one.aboutControl ? html`<p class="note">${t('dispute.about-control')}</p>` : nothing}
      ${one.reason ? html`<blockquote><bdi>${one.reason}</bdi></blockquote>` : nothing}
      ${one.steps
        ? html`<section class="step" aria-labelledby="thread">
            <h2 id="thread">${t('dispute.thread')}</h2>
            <ul class="cards">
              ${one.steps.map(
                entry =>
                  html`<li class="card">
                    <div>
                      <span class="strong">${entry.arbiterName
                        ? t('dispute.entry.by-arbiter', {name: entry.arbiterName})
                        : t(`dispute.entry.${entry.type}`)}</span>
                      ${entry.statement ? html`<p><bdi>${entry.statement}</bdi></p>` : nothing}
                    </div>
                    <span class="meta">${dateTime(entry.recordedAt)}</span>
                  </li>`,
              )}
            </ul>
          </section>`
        : nothing}
      ${refusalView(this.refusal)}
      ${one.isRejection && this.#side === 'respondent' && one.status !== 'withdrawn'
        ? html`<p><a class="button" href="/prove">${t('dispute.evidence')}</a></p>`
        : nothing}
      ${step
        ? html`<form class="stack" novalidate @submit=${this.#step}>
            ${this.#text(t(`dispute.step.${step}`), t('dispute.statement.hint'))}
            <div><button class="button primary" ?disabled=${this.busy}>${t('dispute.send')}</button></div>
          </form>`
        : nothing}
      ${account.key && one.arbiter === account.id && TO_DECIDE.includes(one.status) ? this.#decision(one) : nothing}
      ${own && undecided
        ? html`<div><button class="button" @click=${this.#withdraw}>${t('dispute.withdraw')}</button></div>`
        : nothing}
    </div>`;
  }

  /** The form of the arbiter, which decides in the place of the operator. */
  #decision(one) {
    const outcome = name =>
      html`<label class="choice"
        ><input
          type="radio"
          name="outcome"
          value=${name}
          aria-describedby="outcome-fault"
          @change=${() => {
            this.outcome = name;
            this.undecided = false;
            this.requestUpdate();
          }}
        />
        <span class="strong">${t(`dispute.outcome.${name}`)}</span>
        <span class="hint">${t(`dispute.outcome.${name}.text`)}</span></label
      >`;
    return html`<section class="step" aria-labelledby="decide">
      <h2 id="decide">${t('dispute.decide')}</h2>
      <form class="stack" novalidate @submit=${this.#decide}>
        <fieldset>
          <legend class="visually-hidden">${t('dispute.decide')}</legend>
          ${outcome('upheld')}${outcome('set-aside')}
          <span class="error" id="outcome-fault">${this.undecided ? t('dispute.decide.fault') : ''}</span>
        </fieldset>
        ${this.outcome === 'set-aside' && one.subjects.length > 1
          ? html`<fieldset>
              <legend>${t('dispute.decide.subjects')}</legend>
              ${one.subjects.map(
                subject =>
                  html`<label class="check"
                    ><input type="checkbox" name="subject" value=${subject} checked /><span
                      >${subjectView(subject)}</span
                    ></label
                  >`,
              )}
            </fieldset>`
          : nothing}
        ${this.#text(t('dispute.decide.reason'), t('dispute.statement.hint'))}
        <div><button class="button primary" ?disabled=${this.busy}>${t('dispute.decide.send')}</button></div>
      </form>
    </section>`;
  }
}
customElements.define('af-dispute', DisputePage);
