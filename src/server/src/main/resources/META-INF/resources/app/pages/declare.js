import {html, nothing} from 'lit';
import {account, keyFile} from '../account.js';
import {callPatiently} from '../api.js';
import '../choice.js';
import {emptyChoice, faults, stancesAndTerms} from '../choice.js';
import {PageElement, copy} from '../element.js';
import {save} from '../files.js';
import {number, t} from '../i18n.js';
import {onBehalfOfView} from '../mandates.js';
import {DECLARING_KINDS} from '../vocabulary.js';
import {contactText, refusalView, subjectView, titleOf} from '../words.js';
import '../works.js';

const creatorsIn = text =>
  (text ?? '')
    .split(/[,;、，]/)
    .map(name => name.trim())
    .filter(Boolean);

/** One declaration for each work, or one for all if they are names of the same work. */
function bodies(items, together, choice, mandate) {
  const declared = {...stancesAndTerms(choice, mandate?.uses), ...(mandate ? {mandate: mandate.id} : {})};
  const work = item =>
    item?.title?.trim()
      ? {
          work: {
            title: item.title.trim(),
            ...(creatorsIn(item.creators).length > 0 ? {creators: creatorsIn(item.creators)} : {}),
            ...(item.kind ? {kind: item.kind} : {}),
          },
        }
      : {};
  if (together) {
    const named = items.filter(item => item.subject);
    return [{subjects: named.map(item => item.subject), ...declared, ...work(items.find(item => item.title?.trim()))}];
  }
  return items.map(item => ({...(item.subject ? {subjects: [item.subject]} : {}), ...declared, ...work(item)}));
}

class DeclarePage extends PageElement {
  static properties = {
    items: {state: true},
    choice: {state: true},
    mandate: {state: true},
    together: {state: true},
    wrong: {state: true},
    refusal: {state: true},
    done: {state: true},
    opened: {state: true},
    progress: {state: true},
    waiting: {state: true},
  };

  constructor() {
    super();
    this.items = [];
    this.choice = emptyChoice();
    this.mandate = null;
    this.together = false;
    this.wrong = {};
    this.attempts = new Map();
  }

  get ready() {
    return this.items.filter(item => item.subject || item.nameless);
  }

  async #submit(event) {
    event.preventDefault();
    await this.querySelector('af-works').recognise();
    const wrong = {...faults(this.choice)};
    if (this.ready.length === 0) wrong.works = t('declare.nothing');
    else if (this.items.some(item => item.problem)) wrong.works = t('declare.unreadable');
    else if (this.items.length > this.ready.length) wrong.works = t('declare.hashing');
    const name = this.querySelector('#party-name');
    if (!account.key && !name.value.trim()) wrong.name = t('declare.name.fault');
    this.wrong = wrong;
    if (Object.keys(wrong).length > 0) {
      await this.updateComplete;
      await this.querySelector('af-choice').updateComplete;
      (wrong.works
        ? this.querySelector('#typed')
        : this.querySelector('[aria-invalid="true"]') ?? this.querySelector('.error')
      )?.focus();
      return;
    }
    await this.#declare(name?.value.trim());
  }

  async #declare(name) {
    this.refusal = null;
    this.progress = 0;
    const onWait = refusal => (this.waiting = refusal);
    try {
      if (!account.key) {
        const kind = this.querySelector('#party-kind').value;
        const party = await callPatiently('POST', '/v1/parties', {json: {name, kind}, key: null}, onWait);
        account.keep(party);
        this.opened = party;
      }
      const all = bodies(this.ready, this.together, this.choice, this.mandate);
      const made = [];
      for (const body of all) {
        // The same body has the same idempotency key, however often the button is pressed.
        const json = JSON.stringify(body);
        if (!this.attempts.has(json))
          this.attempts.set(json, {id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`});
        const attempt = this.attempts.get(json);
        attempt.answer ??= await callPatiently(
          'POST',
          '/v1/declarations',
          {json: body, headers: {'Idempotency-Key': attempt.id}},
          onWait,
        );
        made.push(attempt.answer);
        this.progress = made.length / all.length;
      }
      this.done = made;
      await this.updateComplete;
      this.querySelector('h1').focus();
      window.scrollTo(0, 0);
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.progress = undefined;
      this.waiting = null;
    }
  }

  render() {
    return this.done ? this.#afterwards() : this.#form();
  }

  #form() {
    const busy = this.progress !== undefined;
    const count = this.together ? 1 : this.ready.length;
    return html`<form class="page narrow-page" novalidate @submit=${this.#submit}>
      <div class="intro">
        <h1 tabindex="-1">${t('declare.h1')}</h1>
        <p class="lead">${t('declare.lead')}</p>
      </div>
      <section class="step" aria-labelledby="step-1">
        <h2 id="step-1"><span class="count" aria-hidden="true">1</span>${t('declare.what')}</h2>
        <af-works
          @works=${event => {
            this.items = event.detail;
            this.wrong = {...this.wrong, works: undefined};
          }}
        ></af-works>
        ${this.ready.length > 1
          ? html`<fieldset>
              <legend>${t('declare.several')}</legend>
              <div class="inline-choices">
                <label
                  ><input
                    type="radio"
                    name="together"
                    .checked=${!this.together}
                    @change=${() => (this.together = false)}
                  />${t('declare.apart')}</label
                >
                <label
                  ><input
                    type="radio"
                    name="together"
                    .checked=${this.together}
                    ?disabled=${this.ready.some(item => item.nameless)}
                    @change=${() => (this.together = true)}
                  />${t('declare.together')}</label
                >
              </div>
            </fieldset>`
          : nothing}
        ${this.wrong.works ? html`<p class="error" role="alert">${this.wrong.works}</p>` : nothing}
      </section>
      <section class="step" aria-labelledby="step-2">
        <h2 id="step-2"><span class="count" aria-hidden="true">2</span>${t('declare.may')}</h2>
        <af-choice
          .value=${this.choice}
          .faults=${this.wrong}
          @chosen=${event => (this.choice = event.detail)}
        ></af-choice>
      </section>
      <section class="step" aria-labelledby="step-3">
        <h2 id="step-3"><span class="count" aria-hidden="true">3</span>${t('declare.who')}</h2>
        ${this.#who()}
      </section>
      <section class="step" aria-labelledby="step-4">
        <h2 id="step-4"><span class="count" aria-hidden="true">4</span>${t('declare.review')}</h2>
        <p>${this.#summary(count)}</p>
        ${this.mandate ? html`<p>${this.#onBehalfOf()}</p>` : nothing}
        ${this.waiting
          ? html`<p class="note warn" role="status">
              ${t(this.waiting.status === 0 ? 'waiting.offline' : 'waiting.busy', {
                seconds: this.waiting.retryAfter || 2,
              })}
            </p>`
          : nothing}
        ${busy && count > 1
          ? html`<label for="declaring" class="hint">${t('declare.progress')}</label>
              <progress id="declaring" max="1" .value=${this.progress}></progress>`
          : nothing}
        ${refusalView(this.refusal)}
        <div class="row">
          <button class="button primary" ?disabled=${busy}>
            ${busy
              ? t('declare.busy')
              : count > 1
                ? t('declare.submit.many', {count: number(count)})
                : t('declare.submit')}
          </button>
        </div>
      </section>
    </form>`;
  }

  #summary(count) {
    if (count === 0) return t('declare.nothing');
    const what = count === 1 ? t('declare.summary.one') : t('declare.summary.many', {count: number(count)});
    return `${what} ${t(`declare.summary.${this.choice.mode}`, {
      contact: contactText(this.choice.contact || t('declare.summary.nobody')),
    })}`;
  }

  /** The sentence about the mandate. */
  #onBehalfOf() {
    return onBehalfOfView(this.mandate);
  }

  #who() {
    if (account.key && !this.opened)
      return html`<p>${t('declare.as', {name: account.name ?? account.id})} <a href="/key">${t('nav.key')}</a></p>
        <af-mandate-choice
          .value=${this.mandate}
          @chosen=${event => (this.mandate = event.detail)}
        ></af-mandate-choice>`;
    return html`<p class="hint">${t('declare.account')}</p>
      <div class="fields">
        <div class="field">
          <label for="party-name">${t('declare.name')}</label>
          <span class="hint" id="name-hint">${t('declare.name.hint')}</span>
          <input
            id="party-name"
            type="text"
            maxlength="200"
            autocomplete="name"
            aria-describedby="name-hint name-fault"
            aria-invalid=${this.wrong.name ? 'true' : 'false'}
          />
          <span class="error" id="name-fault">${this.wrong.name ?? ''}</span>
        </div>
        <div class="field">
          <label for="party-kind">${t('declare.kind')}</label>
          <span class="hint">${t('declare.kind.hint')}</span>
          <select id="party-kind">
            ${DECLARING_KINDS.map(kind => html`<option value=${kind}>${t(`party.${kind}`)}</option>`)}
          </select>
        </div>
      </div>
      <p class="hint">${t('declare.have-key')} <a href="/key">${t('declare.use-key')}</a></p>`;
  }

  #afterwards() {
    const pending = [...new Set(this.done.flatMap(one => one.pending))];
    return html`<div class="page">
      <div class="intro">
        <h1 tabindex="-1">${t('done.h1')}</h1>
        <p class="lead">${t('done.lead')}</p>
        ${this.mandate ? html`<p>${this.#onBehalfOf()}</p>` : nothing}
      </div>
      ${this.opened ? html`<af-new-key .party=${this.opened}></af-new-key>` : nothing}
      ${pending.length > 0
        ? html`<section class="note warn stack" aria-labelledby="pending">
            <h2 id="pending">${t('done.pending.h2')}</h2>
            <p>${t('done.pending')}</p>
            <ul class="plain">
              ${pending.map(
                subject =>
                  html`<li class="row">
                    ${subjectView(subject)}
                    <a class="button s" href="/prove?subject=${encodeURIComponent(subject)}">${t('prove.now')}</a>
                  </li>`,
              )}
            </ul>
          </section>`
        : nothing}
      <ul class="cards">
        ${this.done.map(
          one =>
            html`<li class="card">
              <div>
                <a class="title" href="/d/${one.id}">${titleOf(one)}</a>
                <p class="meta">${t('certificate.position', {position: number(one.position)})}</p>
              </div>
              <div class="row"><a class="button s" href="/d/${one.id}">${t('done.certificate')}</a></div>
            </li>`,
        )}
      </ul>
      <div class="row">
        <button
          class="button"
          @click=${() =>
            save(
              'askfirst-receipts.json',
              JSON.stringify(
                this.done.map(one => ({declaration: one.id, receipt: one.receipt})),
                null,
                2,
              ),
              'application/json',
            )}
        >
          ${t('done.receipts')}
        </button>
        <button
          class="button"
          @click=${() => {
            this.done = undefined;
            this.opened = undefined;
            this.items = [];
            this.attempts.clear();
            window.scrollTo(0, 0);
          }}
        >
          ${t('done.more')}
        </button>
        <a class="button" href="/mine">${t('nav.mine')}</a>
      </div>
    </div>`;
  }
}
customElements.define('af-declare', DeclarePage);

/** A new key, which is shown only once. Sends the event `kept` when the person saves or copies it. */
class NewKey extends PageElement {
  static properties = {party: {attribute: false}, text: {attribute: true}};

  #keep() {
    this.dispatchEvent(new Event('kept'));
  }

  render() {
    const {party} = this;
    return html`<section class="key-box" aria-labelledby="new-key">
      <h2 id="new-key">${t('key.new')}</h2>
      <p>${t(this.text ?? 'key.new.text')}</p>
      <code class="value" id="shown-key">${party.key}</code>
      <div class="row">
        <button
          class="button primary"
          @click=${() => {
            save(
              'askfirst-key.txt',
              keyFile(t('key.file'), {id: party.id ?? account.id, name: party.name ?? account.name, key: party.key}),
            );
            this.#keep();
          }}
        >
          ${t('key.save')}
        </button>
        <button
          class="button"
          @click=${() => {
            copy(party.key, this.querySelector('#shown-key'));
            this.#keep();
          }}
        >
          ${t('copy')}
        </button>
      </div>
    </section>`;
  }
}
customElements.define('af-new-key', NewKey);
