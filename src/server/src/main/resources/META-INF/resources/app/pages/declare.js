import {html, nothing} from 'lit';
import {account} from '../account.js';
import {Refusal, callPatiently} from '../api.js';
import '../choice.js';
import '../consent.js';
import {FAULT_FIELDS, emptyChoice, faults, stancesAndTerms, takesTerms} from '../choice.js';
import {dropDraft, keepDraft, storedDraft} from '../draft.js';
import {PageElement} from '../element.js';
import {faultsView, showFaults} from '../faults.js';
import {save} from '../files.js';
import {withFreshProofs} from '../fresh.js';
import {bothZones, isolated, number, rich, t} from '../i18n.js';
import {decidedBy, stripView} from '../strip.js';
import '../strip.js';
import {DECLARING_KINDS} from '../vocabulary.js';
import {
  contactFrom,
  onBehalfOfView,
  placeOf,
  problemText,
  refusalView,
  schemeOf,
  subjectView,
  titleOf,
} from '../words.js';
import {reachOptions, seriesTitles} from '../works.js';

/** The number of subjects that one declaration may have. */
const MAX_SUBJECTS = 100;
const STEPS = ['what', 'may', 'you'];
const LISTED = 20;

const creatorsIn = text =>
  (text ?? '')
    .split(/[,;、，]/)
    .map(name => name.trim())
    .filter(Boolean);

/** True for a work that the person began to describe by its title and then left empty. */
const isEmpty = item => item.nameless && !item.title.trim() && !item.creators.trim();

/** One declaration for each work. Names of the same work go together, in parts that one declaration can have. */
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
    const subjects = items.filter(item => item.subject).map(item => item.subject);
    const titled = work(items.find(item => item.title?.trim()));
    const parts = Math.max(1, Math.ceil(subjects.length / MAX_SUBJECTS));
    return Array.from({length: parts}, (_, part) => ({
      subjects: subjects.slice(part * MAX_SUBJECTS, (part + 1) * MAX_SUBJECTS),
      ...declared,
      ...titled,
    }));
  }
  return items.map(item => ({...(item.subject ? {subjects: [item.subject]} : {}), ...declared, ...work(item)}));
}

/**
 * The answer that machines will get for the work once it is declared. A permission does not count before the right to
 * the work is evidenced, and a whole site does not count before control of it is proved. What others have declared
 * already makes no answer more lenient. Null if nothing is chosen yet.
 */
function expectedAnswer(item, choice) {
  const uses = choice.mode === 'uses' ? Object.values(choice.uses) : [];
  if (!choice.mode || (choice.mode === 'uses' && !uses.some(Boolean))) return null;
  const reserved = choice.mode === 'no' || uses.includes('reserved');
  const asked = choice.mode === 'ask' || uses.includes('permitted-with-terms');
  const permitted = choice.mode === 'yes' || uses.includes('permitted');
  const own = reserved && !contactOf(choice) ? 'deny' : reserved || asked ? 'ask' : 'unknown';
  const waits = ['under', 'domain'].includes(schemeOf(item?.subject ?? ':'));
  const today = item?.known?.verdict ?? 'unknown';
  const verdict = [waits ? 'unknown' : own, today].sort(byCaution)[0];
  return {
    verdict,
    isOwn: !waits && own === verdict,
    note: waits ? t('works.reach.pending') : permitted ? t('choice.yes.note') : undefined,
  };
}

const contactOf = choice => (choice.mode === 'no' ? null : contactFrom(choice.contact));
const CAUTION = ['deny', 'ask', 'unknown', 'allow'];
const byCaution = (one, other) => CAUTION.indexOf(one) - CAUTION.indexOf(other);

/** Declares works: one question on each screen, with the answer that machines will get beside it. */
class DeclarePage extends PageElement {
  static properties = {
    step: {state: true},
    items: {state: true},
    typed: {state: true},
    series: {state: true},
    choice: {state: true},
    mandate: {state: true},
    together: {state: true},
    name: {state: true},
    kind: {state: true},
    wrong: {state: true},
    refusal: {state: true},
    restored: {state: true},
    done: {state: true},
    opened: {state: true},
    progress: {state: true},
    waiting: {state: true},
  };

  constructor() {
    super();
    this.#begin();
    const draft = storedDraft();
    if (!draft) return;
    this.items = draft.items.map((item, place) => ({...item, key: `draft-${place}`}));
    this.typed = draft.typed ?? '';
    this.series = draft.series ?? '';
    this.choice = {...this.choice, ...draft.choice};
    this.together = Boolean(draft.together);
    this.name = draft.name ?? '';
    this.kind = draft.kind ?? this.kind;
    this.attempts = new Map(draft.attempts ?? []);
    this.restored = this.items.length > 0;
    this.isAsked = Boolean(draft.isAsked);
  }

  #begin() {
    this.step = 'what';
    this.items = [];
    this.typed = '';
    this.series = '';
    this.choice = emptyChoice();
    this.mandate = null;
    this.together = false;
    this.name = '';
    this.kind = DECLARING_KINDS[0];
    this.wrong = [];
    this.refusal = null;
    this.attempts = new Map();
    this.restored = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.came = () => this.#goTo(this.#stepOfAddress());
    window.addEventListener('popstate', this.came);
    this.step = this.#stepOfAddress();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('popstate', this.came);
  }

  /**
   * A text that the home page took is read at once. If it names one work, nothing is declared for it, and there is
   * nothing to choose about it, the next question follows.
   */
  async firstUpdated() {
    if (!this.isAsked || !this.typed.trim()) return;
    await this.querySelector('af-works').recognise();
    const [item] = this.items;
    const isPlain = item?.subject && item.known?.statements?.length === 0 && reachOptions(item.own, item).length === 0;
    if (isPlain && this.items.length === 1 && !this.typed.trim() && this.step === 'what') await this.#next();
  }

  get ready() {
    return this.items.filter(item => (item.subject || item.nameless) && !isEmpty(item));
  }

  get #faultsOfChoice() {
    return Object.entries(faults(this.choice)).map(([field, text]) => ({
      id: FAULT_FIELDS[field],
      field,
      text,
      step: field === 'mode' || field === 'uses' ? 'may' : 'you',
    }));
  }

  /** The faults of the steps up to this one, in order. */
  #faultsUntil(step) {
    const found = [];
    const works = this.querySelector('af-works');
    for (const line of works?.unread ?? [])
      found.push({id: 'typed', step: 'what', text: `${isolated(line.text)}: ${problemText(line.problem)}`});
    for (const item of this.items.filter(one => one.nameless && !one.title.trim() && one.creators.trim()))
      found.push({id: `title-${item.key}`, step: 'what', text: t('works.title.fault')});
    if (found.length === 0 && this.items.some(item => !item.subject && !item.nameless))
      found.push({id: 'typed', step: 'what', text: t('declare.hashing')});
    else if (found.length === 0 && this.ready.length === 0) {
      const begun = this.items.find(isEmpty);
      found.push(
        begun
          ? {id: `title-${begun.key}`, step: 'what', text: t('works.title.fault')}
          : {id: 'typed', step: 'what', text: t('declare.nothing')},
      );
    }
    found.push(...this.#faultsOfChoice);
    if (!account.key && !this.name.trim()) found.push({id: 'party-name', step: 'you', text: t('declare.name.fault')});
    const last = STEPS.indexOf(step);
    return found.filter(fault => STEPS.indexOf(fault.step) <= last);
  }

  /** The step in the address, if the steps before it have no faults; else the first that has one. */
  #stepOfAddress() {
    const asked = new URLSearchParams(location.search).get('step');
    const wanted = Math.max(0, STEPS.indexOf(asked));
    const before = STEPS.slice(0, wanted);
    if (before.length === 0) return 'what';
    const first = this.#faultsUntil(before.at(-1))[0];
    return first ? first.step : STEPS[wanted];
  }

  async #goTo(step) {
    this.step = step;
    this.wrong = [];
    await this.updateComplete;
    this.querySelector('h1')?.focus({preventScroll: true});
    window.scrollTo(0, 0);
  }

  #keep() {
    if (this.done) return;
    const {items, typed, series, choice, together, name, kind} = this;
    keepDraft({items, typed, series, choice, together, name, kind, attempts: [...this.attempts]});
  }

  updated() {
    this.#keep();
  }

  async #submit(event) {
    event.preventDefault();
    if (this.progress !== undefined) return;
    let isNews = false;
    if (this.step === 'what') {
      const before = this.items.length;
      await this.querySelector('af-works').recognise();
      isNews = this.items.slice(before).some(item => item.known?.statements?.length > 0 || item.found);
    }
    const wrong = this.#faultsUntil(this.step);
    this.wrong = wrong;
    if (wrong.length > 0) {
      if (wrong[0].step !== this.step) this.step = wrong[0].step;
      await this.querySelector('af-works').updateComplete;
      await showFaults(this);
      return;
    }
    // What others have declared is shown before the next question.
    if (isNews) this.querySelector('.known')?.focus();
    else if (this.step === STEPS.at(-1)) await this.#declare();
    else await this.#next();
  }

  async #next() {
    const next = STEPS[STEPS.indexOf(this.step) + 1];
    history.pushState(null, '', `/declare?step=${next}`);
    await this.#goTo(next);
  }

  async #declare() {
    this.refusal = null;
    this.progress = 0;
    const onWait = refusal => (this.waiting = refusal);
    let declaring = null;
    try {
      if (!account.key) {
        // The key can be shown only once, so what shows it comes first.
        await import('../new-key.js');
        const json = {name: this.name.trim(), kind: this.kind};
        const party = await callPatiently('POST', '/v1/parties', {json, key: null}, onWait);
        account.keep(party);
        this.opened = party;
      }
      const all = bodies(this.#titled(), this.together, this.choice, this.mandate);
      const made = [];
      for (const [place, body] of all.entries()) {
        declaring = place;
        // The same body has the same idempotency key, however often the button is pressed, also after a reload.
        const json = JSON.stringify(body);
        if (!this.attempts.has(json))
          this.attempts.set(json, crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
        this.#keep();
        made.push(
          await withFreshProofs(() =>
            callPatiently(
              'POST',
              '/v1/declarations',
              {json: body, headers: {'Idempotency-Key': this.attempts.get(json)}},
              onWait,
            ),
          ),
        );
        this.progress = made.length / all.length;
      }
      this.done = made;
      dropDraft();
      history.replaceState(null, '', '/declare');
      await this.updateComplete;
      this.querySelector('h1').focus();
      window.scrollTo(0, 0);
    } catch (refusal) {
      await this.#showRefusal(refusal, declaring);
    } finally {
      this.progress = undefined;
      this.waiting = null;
    }
  }

  /** Leads to the field that the registry refuses, if the form has it. */
  async #showRefusal(refusal, declaring) {
    if (!(refusal instanceof Refusal)) throw refusal;
    const place = placeOf(refusal.problem.errors?.[0]);
    const item = this.ready[this.together ? 0 : declaring ?? 0];
    const fields = {
      subjects: ['what', `title-${item?.key}`],
      title: ['what', `title-${item?.key}`],
      creators: ['what', `creators-${item?.key}`],
      contact: ['you', 'contact'],
      license: ['you', 'license'],
      amount: ['you', 'amount'],
      text: ['you', 'terms-text'],
      name: ['you', 'party-name'],
    };
    if (!place || !fields[place]) {
      this.refusal = refusal;
      return;
    }
    const [step, id] = fields[place];
    this.step = step;
    this.wrong = [{id, step, text: problemText(refusal.problem)}];
    await showFaults(this);
  }

  /** The works with the titles of the series, if there is one. */
  #titled() {
    const files = this.ready.filter(item => item.size);
    if (!this.series.trim() || files.length < 2) return this.ready;
    if (this.together) return this.ready.map((item, place) => (place === 0 ? {...item, title: this.series} : item));
    const titles = seriesTitles(this.series, files.length);
    return this.ready.map(item => (item.size ? {...item, title: titles[files.indexOf(item)]} : item));
  }

  render() {
    return this.done ? this.#afterwards() : this.#form();
  }

  #form() {
    const busy = this.progress !== undefined;
    const place = STEPS.indexOf(this.step);
    const isLast = place === STEPS.length - 1;
    const isKnown = account.key && !this.opened;
    const question =
      this.step !== 'you' ? this.step : takesTerms(this.choice) ? 'ask' : isKnown ? 'check' : 'who';
    const wrong = Object.fromEntries(this.wrong.filter(one => one.field).map(one => [one.field, one.text]));
    const count = this.together ? Math.ceil(this.ready.length / MAX_SUBJECTS) : this.ready.length;
    return html`<form class="page flow" novalidate @submit=${this.#submit}>
      <div class="flow-main">
        <div class="intro">
          <p class="soft small">
            <span class="visually-hidden">${t('title.declare')},</span> ${place + 1}/${STEPS.length}
          </p>
          <h1 tabindex="-1">${t(`declare.${question}`)}</h1>
          ${place > 0 ? this.#work() : nothing}
        </div>
        ${faultsView(this.wrong)}
        <section ?hidden=${this.step !== 'what'}>${this.#what()}</section>
        <section ?hidden=${this.step !== 'may'}>
          <af-choice
            part="answer"
            .value=${this.choice}
            .faults=${wrong}
            @chosen=${event => (this.choice = event.detail)}
            @answered=${() => this.#next()}
          ></af-choice>
        </section>
        <section ?hidden=${this.step !== 'you'}>${this.#you(wrong)}</section>
        ${this.waiting
          ? html`<p class="note warn" role="status">
              ${t(this.waiting.status === 0 ? 'waiting.offline' : 'waiting.busy', {
                seconds: this.waiting.retryAfter || 2,
              })}
            </p>`
          : nothing}
        ${busy && count > 1
          ? html`<div>
              <label for="declaring" class="hint">${t('declare.progress')}</label>
              <progress id="declaring" max="1" .value=${this.progress}></progress>
            </div>`
          : nothing}
        ${refusalView(this.refusal)}
        <div class="row">
          ${this.step === 'may' && !this.choice.mode
            ? nothing
            : html`<button class="button primary" ?disabled=${busy}>
                ${busy
                  ? t('declare.busy')
                  : !isLast
                    ? t('declare.next')
                    : count > 1
                      ? t('declare.submit.many', {count: number(count)})
                      : t('declare.submit')}
              </button>`}
          ${place > 0
            ? html`<button class="link-button" type="button" @click=${() => this.#back(STEPS[place - 1])}>
                ${t('declare.back')}
              </button>`
            : nothing}
        </div>
      </div>
      ${this.#preview(isLast)}
    </form>`;
  }

  async #back(step) {
    history.pushState(null, '', `/declare?step=${step}`);
    await this.#goTo(step);
  }

  #what() {
    const files = this.ready.filter(item => item.size);
    return html`<div class="stack">
      ${this.restored
        ? html`<p class="note row">
            ${t('draft.restored')}
            <button class="link-button" type="button" @click=${this.#beginAgain}>${t('draft.drop')}</button>
          </p>`
        : nothing}
      <af-works
        .items=${this.items}
        .typed=${this.typed}
        @works=${event => {
          this.items = [...event.detail];
          this.typed = event.target.typed;
          this.wrong = [];
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
      ${files.length > 1
        ? html`<div class="field">
            <label for="series">${t('declare.series')}</label>
            <span class="hint" id="series-hint"
              >${this.series.trim() && !this.together
                ? t('declare.series.titles', {
                    first: seriesTitles(this.series, files.length)[0],
                    last: seriesTitles(this.series, files.length).at(-1),
                  })
                : t('declare.series.hint')}</span
            >
            <input
              id="series"
              type="text"
              maxlength="900"
              aria-describedby="series-hint"
              .value=${this.series}
              @input=${event => (this.series = event.target.value)}
            />
          </div>`
        : nothing}
    </div>`;
  }

  async #beginAgain() {
    dropDraft();
    this.#begin();
    await this.updateComplete;
    this.querySelector('#typed')?.focus();
  }

  /** The work that the question is about. */
  #work() {
    const [item] = this.ready;
    if (!item) return nothing;
    const others = this.ready.length - 1;
    return html`<p class="understood-work">
      ${item.subject && !item.title?.trim()
        ? subjectView(item.subject)
        : html`<bdi class="strong">${item.title}</bdi>`}
      ${others > 0 ? html`<span class="soft">${t('search.more-subjects', {count: number(others)})}</span>` : nothing}
    </p>`;
  }

  #you(wrong) {
    const contact = takesTerms(this.choice)
      ? html`<af-choice
          part="ask"
          .value=${this.choice}
          .faults=${wrong}
          @chosen=${event => (this.choice = event.detail)}
        ></af-choice>`
      : nothing;
    if (account.key && !this.opened) {
      import('../mandates.js');
      return html`<div class="stack">
        <p>
          ${rich('declare.as', {name: html`<bdi>${account.name ?? account.id}</bdi>`})}
          <a href="/key">${t('nav.key')}</a>
        </p>
        <af-mandate-choice
          .value=${this.mandate}
          @chosen=${event => (this.mandate = event.detail)}
        ></af-mandate-choice>
        ${this.mandate ? html`<p>${onBehalfOfView(this.mandate)}</p>` : nothing} ${contact}
        <p class="hint">${t('declare.public')}</p>
      </div>`;
    }
    const fault = this.wrong.find(one => one.id === 'party-name')?.text;
    return html`<div class="stack">
      <div class="field">
        <label for="party-name">${t('declare.pen-name')}</label>
        <input
          id="party-name"
          type="text"
          maxlength="200"
          autocomplete="name"
          enterkeyhint="next"
          aria-describedby="name-fault"
          aria-invalid=${fault ? 'true' : 'false'}
          .value=${this.name}
          @input=${event => (this.name = event.target.value)}
          @keydown=${this.#named}
        />
        <span class="error" id="name-fault">${fault ?? ''}</span>
      </div>
      ${contact}
      <details ?open=${this.kind !== DECLARING_KINDS[0]}>
        <summary>${t('declare.kind')}</summary>
        <div class="field">
          <label class="visually-hidden" for="party-kind">${t('declare.kind.label')}</label>
          <select id="party-kind" @change=${event => (this.kind = event.target.value)}>
            ${DECLARING_KINDS.map(
              kind => html`<option value=${kind} ?selected=${this.kind === kind}>${t(`party.${kind}`)}</option>`,
            )}
          </select>
        </div>
      </details>
      <af-consent></af-consent>
      <details @toggle=${() => import('../passkeys.js')}>
        <summary>${t('declare.have')}</summary>
        <div class="row"><a href="/key">${t('declare.use-key')}</a> <af-passkey></af-passkey></div>
      </details>
    </div>`;
  }

  /** Enter after the name leads to the contact, as the key on a phone says. */
  #named(event) {
    const contact = this.querySelector('#contact');
    if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229 || !contact || contact.value.trim()) return;
    event.preventDefault();
    contact.focus();
  }

  /** The answer of today, by a real lookup, and the answer after this declaration. */
  #preview(isLast) {
    const item = this.ready[0];
    const name = account.name ?? this.name.trim();
    const expected = expectedAnswer(item, this.choice);
    const others = decidedBy(item?.known);
    return html`<aside class="flow-side ${isLast ? 'last' : ''}" aria-label=${t('preview.label')}>
      <div class="stack-s now">
        <h2>${t('preview.now')}</h2>
        ${item?.subject
          ? html`<af-strip subject=${item.subject}></af-strip>`
          : stripView('unknown', '', {pending: true})}
      </div>
      ${expected
        ? html`<div class="stack-s">
            <h2>${t('preview.then')}</h2>
            ${stripView(
              expected.verdict,
              expected.verdict === 'unknown' ? '' : expected.isOwn ? name || t('preview.you') : others,
              {note: expected.note},
            )}
          </div>`
        : nothing}
    </aside>`;
  }

  #afterwards() {
    const pending = [...new Set(this.done.flatMap(one => one.pending))];
    const first = this.done[0];
    return html`<div class="page">
      <div class="intro">
        <h1 tabindex="-1">${t('done.h1')}</h1>
        ${this.mandate ? html`<p>${onBehalfOfView(this.mandate)}</p>` : nothing}
      </div>
      ${first.subjects.length > 0
        ? html`<af-strip subject=${first.subjects[0]} unknown=${t('done.unknown')}></af-strip>`
        : nothing}
      ${this.opened ? html`<af-new-key .party=${this.opened}></af-new-key>` : nothing}
      ${pending.length > 0
        ? html`<section class="note warn stack no-print" aria-labelledby="pending">
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
      ${this.done.length > 1 ? this.#set() : this.#one(first)}
      <div class="row no-print">
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
            // The key is shown only here.
            if (this.opened && !this.querySelector('#key-kept').checked) {
              this.querySelector('#key-unkept').hidden = false;
              this.querySelector('#key-kept').focus();
              return;
            }
            this.done = undefined;
            this.opened = undefined;
            this.#begin();
            window.scrollTo(0, 0);
          }}
        >
          ${t('done.more')}
        </button>
        <a class="button" href="/mine">${t('nav.mine')}</a>
      </div>
    </div>`;
  }

  #one(one) {
    return html`<ul class="cards">
      <li class="card">
        <div>
          <a class="title" href="/d/${one.id}"><bdi>${titleOf(one)}</bdi></a>
        </div>
        <div class="row"><a class="button s" href="/d/${one.id}">${t('done.certificate')}</a></div>
      </li>
    </ul>`;
  }

  /** One document for all works that were declared together. */
  #set() {
    const shown = this.unfolded ? this.done : this.done.slice(0, LISTED);
    return html`<article class="certificate set">
        <div class="top">
          <div class="stack-s">
            <p class="soft small">${t('brand')} · ${t('registry')}</p>
            <h2>${t('set.h2', {count: number(this.done.length)})}</h2>
            <p class="soft"><bdi>${account.name ?? ''}</bdi> · ${bothZones(this.done[0].recordedAt).join(' · ')}</p>
          </div>
        </div>
        <ol class="cards">
          ${this.done.map(
            (one, place) =>
              html`<li class="card ${place < shown.length ? '' : 'print-only'}">
                <a class="title" href="/d/${one.id}"><bdi>${titleOf(one)}</bdi></a>
                <span class="meta"
                  >${one.pending.length > 0 ? `${t('mine.pending')} · ` : ''}${t('certificate.position', {
                    position: number(one.position),
                  })}</span
                >
              </li>`,
          )}
        </ol>
        <p class="hint">${t('set.hint')}</p>
      </article>
      <div class="row no-print">
        <button class="button" @click=${() => print()}>${t('set.print')}</button>
        ${shown.length < this.done.length
          ? html`<button
              class="button unfold"
              @click=${() => {
                this.unfolded = true;
                this.requestUpdate();
              }}
            >
              ${t('works.more', {count: this.done.length - shown.length})}
            </button>`
          : nothing}
      </div>`;
  }
}
customElements.define('af-declare', DeclarePage);
