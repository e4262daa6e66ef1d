// The lists of works (repertoires) of a party: makes them, and adds and removes works by a file.
import {html, nothing} from 'lit';
import {account} from '../account.js';
import {Refusal, call, callPatiently} from '../api.js';
import {sendLines} from '../batches.js';
import '../choice.js';
import {emptyChoice, faults, stancesAndTerms} from '../choice.js';
import {PageElement, toast} from '../element.js';
import {number, percent, t} from '../i18n.js';
import '../mandates.js';
import {COLUMN_SCHEMES} from '../vocabulary.js';
import {modeOf, problemText, refusalView, schemeName, schemeOf} from '../words.js';

const PAGE = 1000;
const LARGEST = 16 << 20;
const AT_ONCE = 1000;
const SHOWN = 50;
const problem = slug => new Refusal(0, {type: `https://askfirst.org/problems/${slug}`, detail: ''});

class ListsPage extends PageElement {
  static properties = {
    lists: {state: true},
    busy: {state: true},
    refusal: {state: true},
    choice: {state: true},
    mandate: {state: true},
    wrong: {state: true},
    chosen: {state: true},
    steps: {state: true},
    run: {state: true},
    waiting: {state: true},
  };

  constructor() {
    super();
    this.lists = [];
    this.choice = emptyChoice();
    this.wrong = {};
  }

  connectedCallback() {
    super.connectedCallback();
    if (account.key) this.#load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.loading?.abort();
    this.stop?.abort();
  }

  /** Shows each list as soon as it is found among the declarations. */
  async #load() {
    this.loading?.abort();
    const {signal} = (this.loading = new AbortController());
    this.busy = true;
    const lists = [];
    let after = 0;
    try {
      do {
        const query = new URLSearchParams({after, limit: PAGE, order: 'newest'});
        const page = await callPatiently('GET', `/v1/parties/me/declarations?${query}`, {signal});
        lists.push(...page.declarations.filter(one => one.repertoire && one.status !== 'withdrawn'));
        this.lists = [...lists];
        after = page.next;
      } while (after !== undefined);
      this.busy = false;
    } catch (refusal) {
      if (refusal.name === 'AbortError') return;
      this.refusal = refusal;
      this.busy = false;
    }
  }

  async #make(event) {
    event.preventDefault();
    const title = this.querySelector('#list-title').value.trim();
    this.wrong = {...faults(this.choice), ...(title ? {} : {title: t('lists.title.fault')})};
    if (Object.keys(this.wrong).length > 0) {
      await this.updateComplete;
      await this.querySelector('af-choice').updateComplete;
      this.querySelector('[aria-invalid="true"]')?.focus();
      return;
    }
    this.refusal = null;
    try {
      await call('POST', '/v1/declarations', {
        json: {
          repertoire: {title},
          ...stancesAndTerms(this.choice, this.mandate?.uses),
          ...(this.mandate ? {mandate: this.mandate.id} : {}),
        },
      });
      toast(t('lists.made'));
      this.querySelector('#list-title').value = '';
      await this.#load();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  /** Finds the numbers and links in a file, in any of its columns. */
  async #read(file, list) {
    this.refusal = null;
    this.run = null;
    this.steps = null;
    this.chosen = list;
    if (file.size === 0 || file.size > LARGEST) {
      this.refusal = problem(file.size === 0 ? 'empty-file' : 'too-large');
      return;
    }
    const onWait = waiting => (this.waiting = waiting);
    try {
      const {headerRow, columns, rows} = await callPatiently(
        'POST',
        '/v1/tables',
        {body: file, type: 'application/octet-stream'},
        onWait,
      );
      const texts = [
        ...new Set(rows.flatMap(({cells}) => cells.map(cell => cell.trim()).filter(cell => /\d|\./.test(cell)))),
      ].filter(text => text.length <= 2000);
      // Without a header, the names of the columns are the first row.
      if (headerRow > 0 && rows.length === 0) texts.push(...columns);
      const found = [];
      for (let place = 0; place < texts.length; place += AT_ONCE) {
        const {subjects} = await callPatiently(
          'POST',
          '/v1/subjects/parse',
          {json: {texts: texts.slice(place, place + AT_ONCE)}},
          onWait,
        );
        found.push(
          ...subjects.filter(one => one.subject && !one.declarationProblem && isCertain(one)).map(one => one.subject),
        );
      }
      const subjects = [...new Set(found)];
      if (subjects.length === 0) throw problem('no-numbers');
      this.left = new Set();
      this.steps = {name: file.name, rows: rows.length, found: subjects, subjects};
    } catch (failure) {
      this.refusal = failure instanceof Refusal ? failure : problem('unreadable-file');
    }
  }

  /** Leaves the numbers of a scheme out, or takes them again. */
  #toggle(scheme) {
    if (!this.left.delete(scheme)) this.left.add(scheme);
    this.steps = {...this.steps, subjects: this.steps.found.filter(one => !this.left.has(schemeOf(one)))};
  }

  async #change(act) {
    const {chosen, steps} = this;
    this.querySelector('#list-sure').close();
    const {signal} = (this.stop = new AbortController());
    const run = (this.run = {act, all: steps.subjects.length, done: 0, fresh: 0, refused: [], running: true});
    this.steps = null;
    try {
      await sendLines(
        `/v1/declarations/${chosen.id}/repertoire`,
        steps.subjects.map(subject => JSON.stringify({[act]: subject})),
        {
          signal,
          onAnswer: (place, answer) => {
            run.done = place + 1;
            if (answer.problem) run.refused.push({subject: steps.subjects[place], problem: answer.problem});
            else if (!answer.alreadyDeclared) run.fresh++;
            this.requestUpdate();
          },
          onWait: waiting => (this.waiting = waiting),
        },
      );
    } catch (refusal) {
      if (refusal.name !== 'AbortError') this.refusal = refusal instanceof Refusal ? refusal : problem('offline');
    } finally {
      run.running = false;
      this.waiting = null;
      await this.#load();
    }
  }

  render() {
    const intro = html`<div class="intro">
      <h1 tabindex="-1">${t('title.lists')}</h1>
      <p class="lead">${t('lists.lead')}</p>
    </div>`;
    if (!account.key)
      return html`<div class="page narrow-page">
        ${intro}
        <p class="note">${t('bulk.no-key')}</p>
        <div class="row">
          <a class="button primary" href="/bulk">${t('bulk.open')}</a>
          <a class="button" href="/key">${t('declare.use-key')}</a>
        </div>
      </div>`;
    return html`<div class="page">
      ${intro}
      ${this.waiting
        ? html`<p class="note warn" role="status">
            ${t(this.waiting.status === 0 ? 'waiting.offline' : 'waiting.busy', {
              seconds: this.waiting.retryAfter || 2,
            })}
          </p>`
        : nothing}
      ${refusalView(this.refusal)}
      <section class="step" aria-labelledby="lists">
        <h2 id="lists">${t('lists.own')}</h2>
        <p role="status" class=${this.lists.length > 0 && !this.busy ? 'visually-hidden' : 'soft'}>
          ${this.busy ? t('loading') : this.lists.length === 0 ? t('lists.none') : ''}
        </p>
        ${this.lists.length > 0
          ? html`<ul class="cards">
              ${this.lists.map(list => this.#card(list))}
            </ul>`
          : nothing}
      </section>
      <section class="step" aria-labelledby="make">
        <h2 id="make">${t('lists.make')}</h2>
        <form class="stack" novalidate @submit=${this.#make}>
          <div class="field narrow">
            <label for="list-title">${t('repertoire.title')}</label>
            <input
              id="list-title"
              type="text"
              maxlength="1000"
              aria-describedby="list-title-fault"
              aria-invalid=${this.wrong.title ? 'true' : 'false'}
            />
            <span class="error" id="list-title-fault">${this.wrong.title ?? ''}</span>
          </div>
          <af-mandate-choice
            .value=${this.mandate ?? null}
            @chosen=${event => (this.mandate = event.detail)}
          ></af-mandate-choice>
          <h3>${t('declare.may')}</h3>
          <af-choice
            .value=${this.choice}
            .faults=${this.wrong}
            @chosen=${event => (this.choice = event.detail)}
          ></af-choice>
          <div><button class="button primary">${t('lists.make')}</button></div>
        </form>
      </section>
      <dialog id="list-sure" aria-labelledby="list-sure-h">
        <div>
          <h2 id="list-sure-h">
            ${t(`lists.${this.act ?? 'add'}.sure`, {
              count: number(this.steps?.subjects.length ?? 0),
              list: this.chosen?.repertoire.title ?? t('repertoire.untitled'),
            })}
          </h2>
          <div class="row">
            <button class="button primary" id="list-yes" @click=${() => this.#change(this.act)}>
              ${t(`lists.${this.act ?? 'add'}.go`, {count: number(this.steps?.subjects.length ?? 0)})}
            </button>
            <button class="button" @click=${() => this.querySelector('#list-sure').close()}>${t('cancel')}</button>
          </div>
        </div>
      </dialog>
    </div>`;
  }

  #card(list) {
    const isChosen = this.chosen?.id === list.id;
    const {steps, run} = this;
    const schemes = [...new Set((steps?.found ?? []).map(schemeOf))];
    const ask = act => {
      this.act = act;
      this.requestUpdate();
      this.querySelector('#list-sure').showModal();
    };
    return html`<li class="card">
      <div>
        <a class="title" href="/d/${list.id}"><bdi>${list.repertoire.title ?? t('repertoire.untitled')}</bdi></a>
        <p class="meta">
          <span class="tag">${t('repertoire.count', {count: number(list.repertoire.listedCount)})}</span>
          ${t(`mode.${modeOf(list)}`)}
        </p>
      </div>
      <div class="row">
        <button
          class="button s"
          type="button"
          aria-label=${t('lists.file.label', {list: list.repertoire.title ?? t('repertoire.untitled')})}
          @click=${() => this.querySelector(`#file-${list.id}`).click()}
        >
          ${t('lists.file')}
        </button>
        <input
          id="file-${list.id}"
          type="file"
          hidden
          accept=".csv,.tsv,.txt,.xlsx,.xls,.ods"
          aria-label=${t('lists.file.label', {list: list.repertoire.title ?? t('repertoire.untitled')})}
          @change=${event => {
            const [file] = event.target.files;
            event.target.value = '';
            if (file) this.#read(file, list);
          }}
        />
        <a class="button s" href="/d/${list.id}/amend">${t('certificate.amend')}</a>
      </div>
      ${isChosen && steps
        ? html`<div class="wide stack">
            <p role="status">
              ${t('lists.found', {name: steps.name, rows: number(steps.rows), count: number(steps.subjects.length)})}
            </p>
            ${schemes.length > 1
              ? html`<div class="inline-choices">
                  ${schemes.map(
                    scheme =>
                      html`<label
                        ><input
                          type="checkbox"
                          .checked=${!this.left.has(scheme)}
                          @change=${() => this.#toggle(scheme)}
                        />${schemeName(scheme)}
                        (${number(steps.found.filter(one => schemeOf(one) === scheme).length)})</label
                      >`,
                  )}
                </div>`
              : nothing}
            <div class="row">
              <button
                class="button primary"
                id="list-add"
                ?disabled=${steps.subjects.length === 0}
                @click=${() => ask('add')}
              >
                ${t('lists.add.go', {count: number(steps.subjects.length)})}
              </button>
              <button
                class="button"
                id="list-remove"
                ?disabled=${steps.subjects.length === 0}
                @click=${() => ask('remove')}
              >
                ${t('lists.remove.go', {count: number(steps.subjects.length)})}
              </button>
              <button class="button" @click=${() => (this.steps = null)}>${t('cancel')}</button>
            </div>
          </div>`
        : nothing}
      ${isChosen && run
        ? html`<div class="wide stack">
            <label for="list-changing">${t('bulk.progress')}</label>
            <progress id="list-changing" max="1" .value=${run.done / run.all}></progress>
            <p role="status" class="num">
              ${run.running
                ? t('bulk.going', {read: number(run.done), all: number(run.all), percent: percent(run.done / run.all)})
                : t(`lists.${run.act}.done`, {
                    count: number(run.fresh),
                    same: number(run.done - run.fresh - run.refused.length),
                    refused: number(run.refused.length),
                  })}
            </p>
            ${run.refused.length > 0
              ? html`<ul class="plain">
                  ${run.refused
                    .slice(0, SHOWN)
                    .map(
                      one => html`<li><span class="value">${one.subject}</span>: ${problemText(one.problem)}</li>`,
                    )}
                </ul>`
              : nothing}
          </div>`
        : nothing}
    </li>`;
  }
}

/** True if a text of a table is a number of a work or a link. Numbers of creators and whole sites are not taken. */
const isCertain = one =>
  one.scheme === 'url' ? /^(?:url:|https?:\/\/|www\.)/i.test(one.text) : COLUMN_SCHEMES.includes(one.scheme);
customElements.define('af-lists', ListsPage);
