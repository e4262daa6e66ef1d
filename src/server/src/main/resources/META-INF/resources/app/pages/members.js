import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {account, codeIn} from '../account.js';
import {Refusal, call, callPatiently, pause, send} from '../api.js';
import {PageElement, copy, toast} from '../element.js';
import {csvRow, filesOf, fingerprint, save} from '../files.js';
import {has, number, percent, t} from '../i18n.js';
import {isJsonLines, linesOfJson, linesOfTable} from '../lines.js';
import {scopeText} from '../mandates.js';
import {pasteView} from '../methods.js';
import {LEAF_USES, MANDATE_SCHEMES, MANDATE_STATES, UMBRELLA_USES} from '../vocabulary.js';
import {detailView, noticesView, problemText, refusalView, schemeName} from '../words.js';
import '../new-key.js';

const PAGE = 50;
const AT_ONCE = 500;
const LARGEST = 16 << 20;
const PREVIEWED = 5;
const COLUMNS = ['memberNumber', 'name', 'schemes', 'uses', 'territory', 'validFrom', 'validTo', 'documentSha256'];
const SHOWN = 100;
const problem = slug => new Refusal(0, {type: `https://askfirst.org/problems/${slug}`, detail: ''});

/** The beginning of the day in the person's time zone. */
const dayStart = day => new Date(`${day}T00:00`).toISOString();

class MembersPage extends PageElement {
  static properties = {
    opened: {state: true},
    me: {state: true},
    page: {state: true},
    offers: {state: true},
    refusal: {state: true},
    busy: {state: true},
    batch: {state: true},
    list: {state: true},
    reading: {state: true},
    ending: {state: true},
    coding: {state: true},
    coded: {state: true},
    wrong: {state: true},
    over: {state: true},
    hashing: {state: true},
  };

  constructor() {
    super();
    this.text = '';
    this.state = '';
    this.before = [];
    this.after = 0;
    this.wrong = {};
    this.leaving = event =>
      (this.batch?.lost.length > 0 || (this.batch?.codes.length > 0 && !this.batch.saved)) && event.preventDefault();
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('beforeunload', this.leaving);
    if (account.key) this.#load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('beforeunload', this.leaving);
    this.stop?.abort();
    this.loading?.abort();
  }

  async #load() {
    this.loading?.abort();
    const {signal} = (this.loading = new AbortController());
    const query = new URLSearchParams({after: this.after, limit: PAGE, order: 'newest'});
    if (this.text.trim()) query.set('text', this.text.trim());
    if (this.state) query.set('state', this.state);
    this.busy = true;
    try {
      const [me, page, offered] = await Promise.all([
        call('GET', '/v1/parties/me', {signal}),
        call('GET', `/v1/parties/me/mandates?${query}`, {signal}),
        call('GET', '/v1/parties/me/mandates?state=offered&order=newest&limit=100', {signal}),
      ]);
      this.me = me;
      this.page = page;
      this.offers = offered.mandates.filter(one => one.offeredBy !== me.id);
      this.refusal = null;
      this.busy = false;
    } catch (refusal) {
      if (refusal.name === 'AbortError') return;
      this.refusal = refusal;
      this.busy = false;
    }
  }

  #search(part) {
    Object.assign(this, part);
    this.before = [];
    this.after = 0;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#load(), 'text' in part ? 300 : 0);
  }

  async #turn(forward) {
    if (forward) {
      this.before.push(this.after);
      this.after = this.page.next;
    } else {
      this.after = this.before.pop();
    }
    await this.#load();
    this.querySelector('#list')?.focus();
  }

  async #act(method, path, json, message) {
    try {
      const answer = await call(method, path, json ? {json} : {});
      toast(message);
      await this.#load();
      return answer;
    } catch (refusal) {
      this.refusal = refusal;
      return null;
    }
  }

  async #end(event) {
    event.preventDefault();
    const day = this.querySelector('#until').value;
    const {id} = this.ending;
    this.querySelector('#end').close();
    await this.#act(
      'DELETE',
      `/v1/mandates/${id}${day ? `?${new URLSearchParams({until: dayStart(day)})}` : ''}`,
      null,
      t('members.withdrawn'),
    );
  }

  async #claim(event) {
    event.preventDefault();
    const field = this.querySelector('#code');
    const code = codeIn(field.value);
    this.wrong = code ? {} : {code: t('members.code.fault')};
    if (!code) return field.focus();
    const name = this.querySelector('#new-name');
    if (name) {
      if (!name.value.trim()) {
        this.wrong = {name: t('declare.name.fault')};
        return name.focus();
      }
      try {
        const json = {name: name.value.trim(), kind: 'creator'};
        this.opened = await call('POST', '/v1/parties', {json, key: null});
        this.code = code;
        account.keep(this.opened);
      } catch (refusal) {
        this.refusal = refusal;
        return null;
      }
    }
    if (await this.#act('POST', '/v1/mandates/claims', {code}, t('members.claimed'))) field.value = '';
    return null;
  }

  async #offer(event) {
    event.preventDefault();
    const value = name => this.querySelector(`#${name}`).value.trim();
    const chosen = name => [...this.querySelectorAll(`[name=${name}]:checked`)].map(one => one.value);
    const other = /p_[0-9a-z]{26}/.exec(value('other'))?.[0];
    const territory = value('territory')
      .toUpperCase()
      .split(/[\s,;]+/)
      .filter(Boolean);
    const wrong = {};
    if (!other) wrong.other = t('members.other.fault');
    if (territory.some(one => !/^[A-Z]{2}$/.test(one))) wrong.territory = t('members.territory.fault');
    if (value('from') && value('to') && value('from') >= value('to')) wrong.to = t('members.to.fault');
    this.wrong = wrong;
    if (Object.keys(wrong).length > 0) {
      await this.updateComplete;
      this.querySelector('form [aria-invalid="true"]')?.focus();
      return;
    }
    const json = {
      [this.querySelector('#side').value]: other,
      ...(chosen('schemes').length > 0 ? {schemes: chosen('schemes')} : {}),
      ...(chosen('uses').length > 0 ? {uses: chosen('uses')} : {}),
      ...(territory.length > 0 ? {territory} : {}),
      ...(value('from') ? {validFrom: dayStart(value('from'))} : {}),
      ...(value('to') ? {validTo: dayStart(value('to'))} : {}),
      ...(this.document ? {documentSha256: this.document.hash} : {}),
    };
    if (await this.#act('POST', '/v1/mandates', json, t('members.offered'))) {
      this.document = null;
      this.querySelector('#offer form').reset();
    }
  }

  async #hash(file) {
    this.hashing = 0;
    try {
      this.document = {
        name: file.name,
        hash: await fingerprint(file, done => (this.hashing = file.size ? done / file.size : 0)),
      };
    } catch {
      this.refusal = problem('unreadable-file');
    } finally {
      this.hashing = undefined;
    }
  }

  /** Reads a file of members, and shows what will be recorded. Nothing is recorded before the person says so. */
  async #read(file) {
    this.refusal = null;
    this.list = null;
    if (file.size === 0 || file.size > LARGEST) {
      this.refusal = problem(file.size === 0 ? 'empty-file' : 'too-large');
      return;
    }
    this.reading = file.name;
    try {
      const beginning = new TextDecoder().decode(await file.slice(0, 64).arrayBuffer());
      this.list = isJsonLines(beginning)
        ? {name: file.name, lines: linesOfJson(await file.text()), used: [], unused: []}
        : {
            name: file.name,
            ...linesOfTable(
              await callPatiently('POST', '/v1/tables', {body: file, type: 'application/octet-stream'}, () => {}),
            ),
          };
    } catch (failure) {
      this.refusal = failure instanceof Refusal ? failure : problem('unreadable-file');
    } finally {
      this.reading = undefined;
    }
    await this.updateComplete;
    this.querySelector('#list-preview')?.focus();
  }

  /** Records the members in batches. Keeps each answer as it arrives, because its code is sent only once. */
  async #record() {
    const {name, lines} = this.list;
    this.list = null;
    this.batch = {
      name,
      lines,
      done: 0,
      sent: 0,
      coded: new Set(),
      codes: [],
      lost: [],
      repeated: [],
      refused: [],
    };
    await this.#run();
  }

  async #run() {
    const {batch} = this;
    const {signal} = (this.stop = new AbortController());
    batch.running = true;
    batch.waiting = false;
    this.requestUpdate();
    try {
      for (let tries = 0; batch.done < batch.lines.length; tries++) {
        const before = batch.done;
        try {
          await this.#some(batch, signal);
        } catch (failure) {
          if (
            failure.name === 'AbortError' ||
            (failure instanceof Refusal && ![0, 429, 503].includes(failure.status)) ||
            tries > 60
          )
            throw failure;
          batch.waiting = true;
          this.requestUpdate();
          await pause((failure.retryAfter || 2) * 1000, signal);
        }
        if (batch.done > before) {
          tries = 0;
          batch.waiting = false;
        }
      }
      await this.#load();
    } catch (failure) {
      if (failure.name !== 'AbortError') this.refusal = failure instanceof Refusal ? failure : problem('offline');
    } finally {
      batch.running = false;
      this.requestUpdate();
    }
  }

  async #some(batch, signal) {
    // The newest mandate before the batch began, or 0.
    batch.began ??=
      (await call('GET', '/v1/parties/me/mandates?order=newest&limit=1', {signal})).mandates[0]?.position ?? 0;
    const some = batch.lines.slice(batch.done, batch.done + AT_ONCE);
    const before = batch.sent;
    batch.sent = Math.max(before, batch.done + some.length);
    const response = await send('POST', '/v1/mandates/batch', {
      body: `${some.map(line => line.text).join('\n')}\n`,
      type: 'application/x-ndjson',
      accept: 'application/x-ndjson',
      signal,
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const from = batch.done;
    let rest = '';
    for (let {value, done} = await reader.read(); !done; {value, done} = await reader.read()) {
      const answers = (rest + value).split('\n');
      rest = answers.pop();
      for (const text of answers.filter(Boolean)) {
        const answer = JSON.parse(text);
        const line = batch.lines[from + answer.line - 1];
        const one = {...line, memberNumber: answer.memberNumber, id: answer.id};
        // The line was sent before and never answered, and its mandate is newer than the batch: this page recorded it,
        // but nobody has its code.
        const lost =
          !answer.problem &&
          !answer.code &&
          from + answer.line <= before &&
          answer.position > batch.began &&
          !batch.coded.has(one.id);
        if (answer.problem) batch.refused.push({...line, problem: answer.problem});
        else if (answer.code) batch.codes.push({...one, code: answer.code});
        else batch[lost ? 'lost' : 'repeated'].push(one);
        // A later line may name the same member.
        if (answer.code || lost) batch.coded.add(one.id);
        batch.saved = false;
        batch.done = from + answer.line;
      }
      this.requestUpdate();
    }
    if (batch.done < from + some.length) throw problem('offline');
  }

  /** Makes new codes for the members in one list of the batch: `lost` or `repeated`. */
  async #remake(list) {
    const {batch} = this;
    const left = [];
    const {signal} = (this.stop = new AbortController());
    batch.running = true;
    this.refusal = null;
    this.requestUpdate();
    try {
      while (batch[list].length > 0) {
        const [one] = batch[list];
        try {
          // This batch already has its code, and a new code would replace it.
          if (list === 'repeated' && batch.coded.has(one.id)) left.push(one);
          else {
            const {code} = await callPatiently('POST', `/v1/mandates/${one.id}/code`, {signal}, waiting => {
              batch.waiting = Boolean(waiting);
              this.requestUpdate();
            });
            batch.codes.push({...one, code});
            batch.coded.add(one.id);
            batch.saved = false;
          }
        } catch (refusal) {
          // The member has already claimed the mandate.
          if (refusal.status !== 409) throw refusal;
          left.push(one);
        }
        batch[list].shift();
        this.requestUpdate();
      }
    } catch (failure) {
      if (failure.name !== 'AbortError') this.refusal = failure;
    } finally {
      batch.repeated.push(...left);
      batch.running = false;
      this.requestUpdate();
    }
  }

  async #code(event) {
    event.preventDefault();
    const mandate = this.coding;
    this.querySelector('#new-code').close();
    try {
      this.coded = await call('POST', `/v1/mandates/${mandate.id}/code`);
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  #save() {
    const {batch} = this;
    const rows = batch.codes.map(one => csvRow([one.memberNumber, one.code, one.id, one.name]));
    save(
      `${batch.name.replace(/\.[^.]*$/, '')}-codes.csv`,
      new Blob(['\uFEFF', csvRow(['memberNumber', 'code', 'mandate', 'name'].map(name => t(`csv.${name}`))), ...rows], {
        type: 'text/csv;charset=utf-8',
      }),
    );
    batch.saved = true;
    this.requestUpdate();
  }

  render() {
    const intro = html`<div class="intro">
      <h1 tabindex="-1">${t('title.members')}</h1>
      <p class="lead">${t('members.lead')}</p>
    </div>`;
    if (!account.key)
      return html`<div class="page narrow-page">
        ${intro}
        ${refusalView(this.refusal)} ${this.#claiming(true)}
        <section class="step" aria-labelledby="no-key">
          <h2 id="no-key">${t('members.no-code')}</h2>
          <p>${t('members.no-key')}</p>
          <div class="row">
            <a class="button" href="/key">${t('declare.use-key')}</a>
            <af-passkey @done=${() => this.#load()}></af-passkey>
            <a class="button" href="/bulk">${t('bulk.open')}</a>
          </div>
        </section>
      </div>`;
    import('../memberships.js');
    const society = (this.me?.kind ?? account.kind) !== 'creator';
    return html`<div class="page">
      ${intro} ${refusalView(this.refusal)}
      ${this.opened ? html`<af-new-key .party=${this.opened}></af-new-key>` : nothing}
      <af-memberships></af-memberships>
      ${this.offers?.length
        ? html`<section class="step" aria-labelledby="offers">
            <h2 id="offers">${t('members.offers')}</h2>
            <ul class="items">
              ${this.offers.map(
                one =>
                  html`<li class="item">
                    ${this.#facts(one)}
                    <div class="row">
                      <button
                        class="button primary"
                        aria-label=${t('members.accept.label', {name: this.#other(one)})}
                        @click=${() =>
                          this.#act('POST', `/v1/mandates/${one.id}/acceptance`, null, t('members.accepted'))}
                      >
                        ${t('members.accept')}
                      </button>
                      <button
                        class="button"
                        aria-label=${t('members.decline.label', {name: this.#other(one)})}
                        @click=${() => this.#act('DELETE', `/v1/mandates/${one.id}`, null, t('members.declined'))}
                      >
                        ${t('members.decline')}
                      </button>
                    </div>
                  </li>`,
              )}
            </ul>
          </section>`
        : nothing}
      ${society ? nothing : this.#claiming()} ${this.#list()} ${society ? this.#bulk() : nothing} ${this.#form(society)}
      ${society ? this.#claiming() : nothing}
      ${this.me?.vouchableSchemes ? html`<af-vouched></af-vouched>` : nothing}
      <section class="step" aria-labelledby="own-id">
        <h2 id="own-id">${t('members.own-id')}</h2>
        <p class="hint">${t('members.own-id.text')}</p>
        <div class="paste">
          <code class="value">${account.id}</code>
          <button
            class="button s"
            type="button"
            @click=${event => copy(account.id, event.target.previousElementSibling)}
          >
            ${t('copy')}
          </button>
        </div>
      </section>
      ${noticesView(this.me?.notices.filter(notice => /^(?:mandate-|vouch)/.test(notice.kind)))}
      ${this.batch?.printing ? this.#slips(this.batch) : nothing}
      <dialog id="new-code" aria-labelledby="new-code-sure">
        <form novalidate @submit=${this.#code}>
          <h2 id="new-code-sure">${t('members.new-code.sure')}</h2>
          <p>${this.coding ? this.#other(this.coding) : ''}</p>
          <p>${t('members.new-code.text')}</p>
          <div class="row">
            <button class="button primary">${t('members.new-code')}</button>
            <button class="button" type="button" @click=${() => this.querySelector('#new-code').close()}>
              ${t('cancel')}
            </button>
          </div>
        </form>
      </dialog>
      <dialog id="end" aria-labelledby="end-sure">
        ${this.ending
          ? html`<form novalidate @submit=${this.#end}>
              <h2 id="end-sure">${t('members.end.sure')}</h2>
              <p>${this.#other(this.ending)}</p>
              <p>${t('members.end.text')}</p>
              <div class="field">
                <label for="until">${t('members.until')}</label>
                <span class="hint" id="until-hint">${t('members.until.hint')}</span>
                <input id="until" type="date" aria-describedby="until-hint" />
              </div>
              <div class="row">
                <button class="button danger">${t('members.withdraw')}</button>
                <button class="button" type="button" @click=${() => this.querySelector('#end').close()}>
                  ${t('cancel')}
                </button>
              </div>
            </form>`
          : html`<h2 id="end-sure">${t('members.end.sure')}</h2>`}
      </dialog>
    </div>`;
  }

  /** The name of the other side, as seen by this account. */
  #other(one) {
    if (one.society !== account.id) return one.societyName ?? one.society;
    return one.memberNumber ? t('members.number', {number: one.memberNumber}) : one.memberName ?? one.member ?? one.id;
  }

  #facts(one) {
    return html`<div class="stack-s">
      <p>
        <bdi class="strong">${this.#other(one)}</bdi>${one.society === account.id &&
        one.memberNumber &&
        one.memberName
          ? html` <bdi class="soft">${one.memberName}</bdi>`
          : nothing}
        <span class="tag">${t(one.society === account.id ? 'members.as-society' : 'members.as-member')}</span>
      </p>
      <p class="meta soft">${scopeText(one)}</p>
    </div>`;
  }

  #list() {
    const {page} = this;
    const mayEnd = one =>
      ['accepted', 'recorded'].includes(one.state) &&
      (one.member ? one.member === account.id : one.society === account.id);
    return html`<section class="step" aria-labelledby="list">
      <h2 id="list" tabindex="-1">${t('members.list')}</h2>
      <form
        class="fields"
        role="search"
        @submit=${event => {
          event.preventDefault();
          this.#search({});
        }}
      >
        <div class="field">
          <label for="text">${t('members.search')}</label>
          <input
            id="text"
            type="search"
            maxlength="200"
            .value=${this.text}
            @input=${event => this.#search({text: event.target.value})}
          />
        </div>
        <div class="field">
          <label for="state">${t('mine.status')}</label>
          <select id="state" @change=${event => this.#search({state: event.target.value})}>
            <option value="">${t('mine.all')}</option>
            ${MANDATE_STATES.map(state => html`<option value=${state}>${t(`mandate.${state}`)}</option>`)}
          </select>
        </div>
      </form>
      <div role="status" class=${page && page.mandates.length === 0 && !this.busy ? 'note' : 'visually-hidden'}>
        ${this.busy
          ? t('loading')
          : page?.mandates.length === 0
            ? t(this.text || this.state ? 'members.none-found' : 'members.none')
            : ''}
      </div>
      ${page?.mandates.length
        ? html`<ul class="cards" aria-busy=${this.busy ? 'true' : 'false'}>
            ${repeat(
              page.mandates,
              one => one.id,
              one =>
                html`<li class="card">
                  ${this.#facts(one)}
                  <div class="stack-s">
                    <p class="meta"><span class="strong">${t(`mandate.${one.state}`)}</span></p>
                    <div class="row">
                      ${one.state === 'recorded' && !one.member && one.society === account.id
                        ? html`<button
                            class="button s"
                            aria-label=${t('members.new-code.label', {name: this.#other(one)})}
                            @click=${() => {
                              this.coding = one;
                              this.coded = null;
                              this.querySelector('#new-code').showModal();
                            }}
                          >
                            ${t('members.new-code')}
                          </button>`
                        : nothing}${mayEnd(one)
                        ? html`<button
                            class="button s"
                            aria-label=${t('members.withdraw.label', {name: this.#other(one)})}
                            @click=${async () => {
                              this.ending = one;
                              await this.updateComplete;
                              this.querySelector('#end').showModal();
                            }}
                          >
                            ${t('members.withdraw')}
                          </button>`
                        : nothing}
                    </div>
                  </div>
                  ${this.coded?.id === one.id
                    ? html`<div class="wide" role="status">
                        ${pasteView(t('members.new-code.made'), this.coded.code)}
                      </div>`
                    : nothing}${['offered', 'declined'].includes(one.state)
                    ? nothing
                    : html`<af-mandate-declarations class="wide" mandate=${one.id}></af-mandate-declarations>`}
                </li>`,
            )}
          </ul>`
        : nothing}
      ${page && (this.before.length > 0 || page.next !== undefined)
        ? html`<div class="row">
            <button class="button" ?disabled=${this.before.length === 0 || this.busy} @click=${() => this.#turn(false)}>
              ${t('mine.back')}
            </button>
            <button class="button" ?disabled=${page.next === undefined || this.busy} @click=${() => this.#turn(true)}>
              ${t('mine.forward')}
            </button>
            <span class="soft">${t('mine.page', {page: number(this.before.length + 1)})}</span>
          </div>`
        : nothing}
    </section>`;
  }

  /** Without an account, the form opens one. */
  #claiming(opens = false) {
    return html`<section class="step" aria-labelledby="claim">
      <h2 id="claim">${t('members.claim')}</h2>
      <form class="stack narrow" novalidate @submit=${this.#claim}>
        <div class="field">
          <label for="code">${t('members.code')}</label>
          <span class="hint" id="code-hint">${t('members.code.hint')}</span>
          <input
            id="code"
            type="text"
            maxlength="200"
            autocomplete="off"
            spellcheck="false"
            autocapitalize="off"
            placeholder="afm_…"
            .value=${this.code ?? ''}
            aria-describedby="code-hint code-fault"
            aria-invalid=${this.wrong.code ? 'true' : 'false'}
          />
          <span class="error" id="code-fault">${this.wrong.code ?? ''}</span>
        </div>
        ${opens
          ? html`<div class="field">
              <label for="new-name">${t('declare.name')}</label>
              <span class="hint" id="new-name-hint">${t('members.claim.name')}</span>
              <input
                id="new-name"
                type="text"
                maxlength="200"
                autocomplete="name"
                aria-describedby="new-name-hint new-name-fault"
                aria-invalid=${this.wrong.name ? 'true' : 'false'}
              />
              <span class="error" id="new-name-fault">${this.wrong.name ?? ''}</span>
            </div>`
          : nothing}
        <div>
          <button class=${opens ? 'button primary' : 'button'}>
            ${t(opens ? 'members.claim.open' : 'members.claim.submit')}
          </button>
        </div>
      </form>
    </section>`;
  }

  #bulk() {
    const {batch} = this;
    const take = files => files[0] && this.#read(files[0]);
    return html`<section class="step" id="record" aria-labelledby="record-h">
      <h2 id="record-h">${t('members.record')}</h2>
      <p>${t('members.record.text')}</p>
      ${this.me && !this.me.vouchableSchemes
        ? html`<p class="note">${t('members.record.cannot')}</p>`
        : html`<p>${t('members.lost')} <a href="/recover">${t('title.recover')}</a></p>
            ${batch?.running
              ? nothing
              : html`<div
                    class="drop ${this.over ? 'over' : ''}"
                    @dragover=${event => {
                      event.preventDefault();
                      this.over = true;
                    }}
                    @dragleave=${() => (this.over = false)}
                    @drop=${async event => {
                      event.preventDefault();
                      this.over = false;
                      take(await filesOf(event.dataTransfer));
                    }}
                  >
                    <div class="row">
                      <button class="button" type="button" @click=${() => this.querySelector('#members-file').click()}>
                        ${t('bulk.choose')}
                      </button>
                      <span class="soft">${t('works.drop')}</span>
                    </div>
                    <input
                      id="members-file"
                      type="file"
                      hidden
                      accept=".csv,.tsv,.txt,.xlsx,.xls,.ods,.ndjson,.jsonl,text/csv,application/x-ndjson"
                      aria-label=${t('bulk.choose')}
                      @change=${event => {
                        const files = [...event.target.files];
                        event.target.value = '';
                        take(files);
                      }}
                    />
                    <p class="hint">${t('members.record.kinds')}</p>
                  </div>
                  ${this.reading ? html`<p role="status">${t('bulk.reading')} ${this.reading}</p>` : nothing}
                  ${this.list ? this.#preview(this.list) : nothing}
                  <details>
                    <summary>${t('members.columns')}</summary>
                    <dl class="pairs">
                      ${COLUMNS.map(
                        name =>
                          html`<div>
                            <dt><code>${t(`members.column.${name}`)}</code></dt>
                            <dd>${t(`members.column.${name}.text`)}</dd>
                          </div>`,
                      )}
                    </dl>
                  </details>`}
            ${batch ? this.#batch(batch) : nothing}`}
    </section>`;
  }

  /** What will be recorded of a list. */
  #preview({name, lines, used, unused}) {
    const shown = lines.slice(0, PREVIEWED);
    return html`<section class="stack" aria-labelledby="list-preview">
      <h3 id="list-preview" tabindex="-1">${t('members.preview')}</h3>
      <p>
        <bdi>${name}</bdi> · ${t('members.preview.count', {count: number(lines.length)})}
        ${unused.length > 0 ? t('members.preview.unused', {columns: unused.join(', ')}) : ''}
      </p>
      <div class="table-wrap" tabindex="0" role="region" aria-label=${t('members.preview.table')}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t('csv.row')}</th>
              ${used.length > 0
                ? used.map(field => html`<th scope="col">${t(`members.column.${field}`)}</th>`)
                : html`<th scope="col">${t('csv.cells')}</th>`}
            </tr>
          </thead>
          <tbody>
            ${shown.map(
              line =>
                html`<tr>
                  <th scope="row" class="num">${number(line.row)}</th>
                  ${used.length > 0
                    ? used.map(field => html`<td><bdi>${line.given[field] ?? ''}</bdi></td>`)
                    : html`<td><bdi>${line.shown}</bdi></td>`}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${lines.length > shown.length
        ? html`<p class="hint">${t('bulk.problems.more', {shown: number(shown.length)})}</p>`
        : nothing}
      <div class="row">
        <button class="button primary" id="record-list" @click=${this.#record}>
          ${t('members.preview.record', {count: number(lines.length)})}
        </button>
        <button class="button" @click=${() => (this.list = null)}>${t('cancel')}</button>
      </div>
    </section>`;
  }

  /** A slip of paper for each member, with its code. Only a printer shows them. */
  #slips({codes}) {
    return html`<section class="slips" aria-hidden="true">
      ${codes.map(
        one =>
          html`<div class="slip">
            <p class="strong">${t('members.slip', {society: account.name ?? ''})}</p>
            <p>
              ${one.name ? html`<bdi>${one.name}</bdi> · ` : nothing}${t('members.number', {number: one.memberNumber})}
            </p>
            <p class="value">${one.code}</p>
            <p class="small">${t('members.slip.text', {address: `${location.host}/members`})}</p>
          </div>`,
      )}
    </section>`;
  }

  #batch(batch) {
    const over = batch.done === batch.lines.length;
    return html`<div class="stack">
      <label for="recording"><bdi>${batch.name}</bdi></label>
      <progress id="recording" max="1" .value=${batch.done / batch.lines.length}></progress>
      <p role="status" class="num">
        ${over
          ? t('members.recorded.all', {count: number(batch.lines.length)})
          : t('bulk.going', {
              read: number(batch.done),
              all: number(batch.lines.length),
              percent: percent(batch.done / batch.lines.length),
            })}
      </p>
      ${batch.waiting ? html`<p class="note warn" role="status">${t('waiting.offline')}</p>` : nothing}
      <dl class="figures">
        <div>
          <dt>${t('members.recorded')}</dt>
          <dd>${number(batch.codes.length + batch.lost.length)}</dd>
        </div>
        <div>
          <dt>${t('members.repeated')}</dt>
          <dd>${number(batch.repeated.length)}</dd>
        </div>
        <div>
          <dt>${t('members.refused')}</dt>
          <dd>${number(batch.refused.length)}</dd>
        </div>
      </dl>
      ${batch.codes.length > 0
        ? html`<div class="key-box">
            <h3>${t('members.codes')}</h3>
            <p>${t('members.codes.text')}</p>
            <div class="row">
              <button class="button primary" ?disabled=${batch.running} @click=${this.#save}>
                ${t(batch.saved ? 'members.codes.again' : 'members.codes.save')}
              </button>
              <button
                class="button"
                ?disabled=${batch.running}
                @click=${async () => {
                  batch.printing = true;
                  this.requestUpdate();
                  await this.updateComplete;
                  window.print();
                }}
              >
                ${t('members.slips', {count: number(batch.codes.length)})}
              </button>
            </div>
          </div>`
        : nothing}
      ${batch.lost.length > 0
        ? html`<section class="note warn stack" aria-labelledby="lost-codes">
            <h3 id="lost-codes">${t('members.lost-codes')}</h3>
            <p>${t('members.lost-codes.text', {count: number(batch.lost.length)})}</p>
            <div>
              <button class="button" ?disabled=${batch.running} @click=${() => this.#remake('lost')}>
                ${t('members.lost-codes.make', {count: number(batch.lost.length)})}
              </button>
            </div>
          </section>`
        : nothing}
      ${over && batch.repeated.length > 0
        ? html`<details>
            <summary>${t('members.old-codes')}</summary>
            <div class="stack-s">
              <p>${t('members.old-codes.text', {count: number(batch.repeated.length)})}</p>
              <div>
                <button class="button" ?disabled=${batch.running} @click=${() => this.#remake('repeated')}>
                  ${t('members.lost-codes.make', {count: number(batch.repeated.length)})}
                </button>
              </div>
            </div>
          </details>`
        : nothing}
      ${!over && !batch.running
        ? html`<div><button class="button primary" @click=${this.#run}>${t('bulk.resume')}</button></div>`
        : nothing}
      ${batch.running
        ? html`<div><button class="button" @click=${() => this.stop.abort()}>${t('bulk.pause')}</button></div>`
        : nothing}
      ${batch.refused.length > 0
        ? html`<div class="table-wrap" tabindex="0" role="region" aria-label=${t('members.refused')}>
              <table class="troubles">
                <thead>
                  <tr>
                    <th scope="col">${t('csv.row')}</th>
                    <th scope="col">${t('csv.cells')}</th>
                    <th scope="col">${t('csv.reason')}</th>
                  </tr>
                </thead>
                <tbody>
                  ${batch.refused.slice(0, SHOWN).map(
                    one =>
                      html`<tr>
                        <th scope="row" class="num">${number(one.row)}</th>
                        <td><bdi>${one.shown}</bdi></td>
                        <td>
                          <span class="bad-text">${this.#column(one.problem)}${problemText(one.problem)}</span
                          >${detailView(one.problem)}
                        </td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>
            ${batch.refused.length > SHOWN
              ? html`<p class="hint">${t('bulk.problems.more', {shown: number(SHOWN)})}</p>`
              : nothing}`
        : nothing}
    </div>`;
  }

  /** The name of the column with the error. */
  #column(fault) {
    const [, name] = /^#\/(\w+)/.exec(fault.errors?.[0]?.pointer ?? '') ?? [];
    return has(`members.column.${name}`) ? `${t(`members.column.${name}`)}: ` : '';
  }

  #form(society) {
    const {wrong} = this;
    return html`<section class="step" id="offer" aria-labelledby="offer-h">
      <h2 id="offer-h">${t('members.offer')}</h2>
      <p>${t(society ? 'members.offer.text' : 'members.offer.member')}</p>
      <form class="stack" novalidate @submit=${this.#offer}>
        <div class="fields">
          <div class="field">
            <label for="side">${t('members.side')}</label>
            <select id="side">
              ${(society ? ['member', 'society'] : ['society', 'member']).map(
                side => html`<option value=${side}>${t(`members.side.${side}`)}</option>`,
              )}
            </select>
          </div>
          <div class="field">
            <label for="other">${t('members.other')}</label>
            <input
              id="other"
              type="text"
              maxlength="100"
              spellcheck="false"
              autocapitalize="off"
              placeholder="p_…"
              aria-describedby="other-hint other-fault"
              aria-invalid=${wrong.other ? 'true' : 'false'}
            /><span class="hint" id="other-hint">${t('members.other.hint')}</span>
            <span class="error" id="other-fault">${wrong.other ?? ''}</span>
          </div>
        </div>
        <details ?open=${Boolean(wrong.territory || wrong.to)}>
          <summary>${t('members.limits')}</summary>
          <div class="stack">
            <p class="hint">${t('members.limits.hint')}</p>
            <fieldset>
              <legend>${t('members.schemes')}</legend>
              <div class="inline-choices">
                ${MANDATE_SCHEMES.map(
                  scheme =>
                    html`<label><input type="checkbox" name="schemes" value=${scheme} />${schemeName(scheme)}</label>`,
                )}
              </div>
            </fieldset>
            <fieldset>
              <legend>${t('members.uses')}</legend>
              <div class="inline-choices">
                ${[...UMBRELLA_USES, ...LEAF_USES].map(
                  use => html`<label><input type="checkbox" name="uses" value=${use} />${t(`use.${use}`)}</label>`,
                )}
              </div>
            </fieldset>
            <div class="fields">
              <div class="field">
                <label for="territory">${t('members.territory')}</label>
                <span class="hint" id="territory-hint">${t('members.territory.hint')}</span>
                <input
                  id="territory"
                  type="text"
                  maxlength="800"
                  aria-describedby="territory-hint territory-fault"
                  aria-invalid=${wrong.territory ? 'true' : 'false'}
                />
                <span class="error" id="territory-fault">${wrong.territory ?? ''}</span>
              </div>
            </div>
            <div class="fields">
              <div class="field"><label for="from">${t('members.from')}</label> <input id="from" type="date" /></div>
              <div class="field">
                <label for="to">${t('members.to')}</label>
                <input id="to" type="date" aria-describedby="to-fault" aria-invalid=${wrong.to ? 'true' : 'false'} />
                <span class="error" id="to-fault">${wrong.to ?? ''}</span>
              </div>
            </div>
            <div class="stack-s">
              <p class="strong">${t('members.document')}</p>
              <p class="hint">${t('members.document.hint')}</p>
              <div class="row">
                <button class="button s" type="button" @click=${() => this.querySelector('#document').click()}>
                  ${t('bulk.choose')}</button
                >${this.hashing !== undefined
                  ? html`<span role="status">${percent(this.hashing)}</span>`
                  : this.document
                    ? html`<bdi>${this.document.name}</bdi>
                        <span class="value soft">${this.document.hash.slice(0, 16)}…</span>`
                    : nothing}
              </div>
              <input
                id="document"
                type="file"
                hidden
                aria-label=${t('members.document')}
                @change=${event => {
                  const [file] = event.target.files;
                  event.target.value = '';
                  if (file) this.#hash(file);
                }}
              />
            </div>
          </div>
        </details>
        <div><button class="button">${t('members.offer.submit')}</button></div>
      </form>
    </section>`;
  }
}
customElements.define('af-members', MembersPage);
