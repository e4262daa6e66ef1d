import {html, nothing} from 'lit';
import {account} from '../account.js';
import {Refusal, call, callPatiently, pause, send} from '../api.js';
import {objectsOf} from '../batches.js';
import '../bulk-change.js';
import '../choice.js';
import {FAULT_FIELDS, choiceOf, emptyChoice, faults, stancesAndTerms} from '../choice.js';
import {PageElement, navigate} from '../element.js';
import {csvRow, filesOf, save} from '../files.js';
import {bytes, currentLanguage, dateTime, has, isolated, number, percent, t} from '../i18n.js';
import '../mandates.js';
import {CATALOGUE_WORK_KINDS, COLUMN_SCHEMES} from '../vocabulary.js';
import {
  kindName,
  onBehalfOfView,
  problemText,
  refusalView,
  schemeName,
  subjectView,
  suggestionOf,
} from '../words.js';

const CHUNK = 2 << 20;
const POLL_MILLIS = 800;
const REPORTED = 1000;
const REPORT_COLUMNS = [
  'row',
  'result',
  'id',
  'position',
  'reason',
  'suggestion',
  'detail',
  'cells',
  'memberNumber',
  'repaired',
];
const LARGEST = 512 << 20;
const DESCRIBING = ['title', 'creators', 'kind', 'contact', 'license', 'memberNumber', 'identifier'];
const roleName = role => (DESCRIBING.includes(role) ? t(`role.${role}`) : schemeName(role));
const goesOn = one => one.status === 'running' || one.status === 'paused';
const nameOf = (column, place) => column?.name || t('bulk.column', {number: place + 1});
const keyOf = repair => `${repair.column} ${repair.text} ${repair.subject}`;
const ENCODINGS = ['UTF-8', 'CP949', 'UTF-16LE', 'Shift_JIS'];

class BulkPage extends PageElement {
  static properties = {
    import: {attribute: true},
    one: {state: true},
    imports: {state: true},
    uploading: {state: true},
    refusal: {state: true},
    waiting: {state: true},
    choice: {state: true},
    mandate: {state: true},
    wrong: {state: true},
    busy: {state: true},
    over: {state: true},
    writing: {state: true},
    kind: {state: true},
    ticked: {state: true},
  };

  constructor() {
    super();
    this.choice = emptyChoice();
    this.mandate = null;
    this.kind = '';
    this.wrong = {};
    this.ticked = new Set();
  }

  willUpdate(changed) {
    if (changed.has('import')) this.#open();
    if (changed.has('one'))
      this.ticked = new Set((this.one?.check?.repairs ?? []).filter(repair => repair.accepted).map(keyOf));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.abort();
    this.polling?.abort();
  }

  async #open() {
    this.polling?.abort();
    this.refusal = null;
    if (!this.import) {
      this.one = null;
      if (account.key) this.#list();
      return;
    }
    if (this.one?.id === this.import) return;
    try {
      this.one = await call('GET', `/v1/imports/${this.import}`);
      if (this.one.plan?.stances) this.choice = choiceOf({stances: this.one.plan.stances, terms: this.one.plan.terms});
      this.kind = this.one.plan?.kind ?? '';
      this.mandate = this.one.plan?.mandate ? await call('GET', `/v1/mandates/${this.one.plan.mandate}`) : null;
      if (this.one.status === 'ready') await this.#plan(this.one.plan ?? {});
      else this.#poll();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #list() {
    try {
      this.imports = (await call('GET', '/v1/imports')).imports;
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  /** Uploads the file in chunks. The registry keeps each chunk that arrives; the upload resumes after the last one. */
  async #send(file, begun) {
    if (file.size === 0 || file.size > LARGEST) {
      this.refusal = new Refusal(0, {
        type: `https://askfirst.org/problems/${file.size === 0 ? 'empty-file' : 'too-large'}`,
        detail: '',
      });
      return;
    }
    this.refusal = null;
    this.stop = new AbortController();
    const {signal} = this.stop;
    let one = begun;
    this.uploading = {file, done: one?.received ?? 0, one};
    const onWait = waiting => (this.waiting = waiting);
    try {
      if (!one) {
        const query = new URLSearchParams({name: file.name, size: file.size});
        one = await callPatiently(
          'POST',
          `/v1/imports?${query}`,
          {body: file.slice(0, Math.min(CHUNK, file.size)), type: 'application/octet-stream', signal},
          onWait,
        );
      }
      while (one.status === 'receiving') {
        this.uploading = {file, done: one.received, one};
        const known = one;
        try {
          one = await call('PATCH', `/v1/imports/${one.id}?offset=${one.received}`, {
            body: file.slice(one.received, one.received + CHUNK),
            type: 'application/octet-stream',
            signal,
          });
          onWait(null);
        } catch (refusal) {
          const passing =
            refusal instanceof Refusal &&
            refusal.slug !== 'budget-spent' &&
            [0, 409, 429, 503].includes(refusal.status);
          if (!passing) throw refusal;
          onWait(refusal);
          await pause((refusal.retryAfter || 2) * 1000, signal);
          one = await callPatiently('GET', `/v1/imports/${known.id}`, {signal}, onWait);
        }
      }
      this.one = one;
      this.uploading = undefined;
      navigate(`/bulk/${one.id}`);
      if (!one.check) await this.#plan({});
    } catch (refusal) {
      this.uploading = refusal.name === 'AbortError' && one ? {...this.uploading, paused: true} : undefined;
      if (refusal.name !== 'AbortError') this.refusal = refusal;
    } finally {
      this.waiting = null;
    }
  }

  async #plan(change) {
    const before = this.one.plan ?? {};
    const plan = {...before, ...change};
    for (const name of Object.keys(plan)) if (plan[name] === undefined) delete plan[name];
    this.busy = true;
    try {
      this.one = await call('PUT', `/v1/imports/${this.one.id}/plan`, {json: plan});
      this.refusal = null;
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
  }

  /** Reads the table in another way. Choices that name its columns do not apply any longer. */
  #layout(change) {
    this.#plan({columns: undefined, leaveOut: undefined, repairs: undefined, ...change});
  }

  /** Accepts exactly these of the suggested repairs. */
  #repair(repairs) {
    this.#plan({repairs: repairs.map(({column, text, subject}) => ({column, text, subject}))});
  }

  #leaveOut(change) {
    const {rows, where} = {...this.one.plan?.leaveOut, ...change};
    const leaveOut = {...(rows?.length ? {rows} : {}), ...(where?.length ? {where} : {})};
    this.#plan({leaveOut: Object.keys(leaveOut).length > 0 ? leaveOut : undefined});
  }

  /** Puts the mandate in the plan at once, so that the preview shows rows outside of it. Resets the stances. */
  #setMandate(mandate) {
    this.mandate = mandate;
    this.#plan({mandate: mandate?.id, stances: undefined, terms: undefined});
  }

  #role(place, role) {
    const columns = this.one.table.columns.map(column => column.role ?? null);
    columns[place] = role || null;
    this.#plan({columns});
  }

  async #start() {
    this.wrong = faults(this.choice);
    if (Object.keys(this.wrong).length > 0) {
      await this.updateComplete;
      await this.querySelector('af-choice').updateComplete;
      this.querySelector(this.wrong.mode ? `#${FAULT_FIELDS.mode}` : '[aria-invalid="true"]')?.focus();
      return;
    }
    const {stances, terms} = stancesAndTerms(this.choice, this.mandate?.uses);
    await this.#plan({
      stances,
      terms,
      mandate: this.mandate?.id,
      kind: this.kind || undefined,
      columns: this.one.table.columns.map(column => column.role ?? null),
    });
    if (!this.refusal) await this.#run();
  }

  async #run() {
    this.busy = true;
    try {
      this.one = await callPatiently(
        'POST',
        `/v1/imports/${this.one.id}/start`,
        {},
        waiting => (this.waiting = waiting),
      );
      this.#poll();
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
    await this.updateComplete;
    this.querySelector('h1')?.focus();
    window.scrollTo(0, 0);
  }

  async #poll() {
    this.polling?.abort();
    const {signal} = (this.polling = new AbortController());
    try {
      while (goesOn(this.one)) {
        await pause(POLL_MILLIS, signal);
        this.one = await callPatiently(
          'GET',
          `/v1/imports/${this.one.id}`,
          {signal},
          waiting => (this.waiting = waiting),
        );
      }
    } catch (refusal) {
      if (refusal.name !== 'AbortError') this.refusal = refusal;
    }
  }

  async #act(method, path) {
    try {
      const answer = await call(method, `/v1/imports/${this.one.id}${path}`);
      if (answer) this.one = answer;
      else {
        this.one = null;
        navigate('/bulk');
      }
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  /** Downloads the report in the person's language. Reads its lines as they arrive. */
  async #report() {
    this.writing = 0;
    try {
      const response = await send('GET', `/v1/imports/${this.one.id}/report`, {accept: 'application/x-ndjson'});
      const parts = [
        '\uFEFF',
        csvRow(
          REPORT_COLUMNS.map(name => t(`csv.${name}`)),
        ),
      ];
      let rows = [];
      for await (const line of objectsOf(response)) {
        rows.push(this.#reportRow(line));
        if (rows.length < REPORTED) continue;
        parts.push(new Blob(rows));
        this.writing += rows.length;
        rows = [];
      }
      parts.push(new Blob(rows));
      save(`${this.one.name.replace(/\.[^.]*$/, '')}-askfirst.csv`, new Blob(parts, {type: 'text/csv;charset=utf-8'}));
    } catch (refusal) {
      this.refusal =
        refusal instanceof Refusal
          ? refusal
          : new Refusal(0, {type: 'https://askfirst.org/problems/offline', detail: ''});
    } finally {
      this.writing = undefined;
    }
  }

  /** The ids of the declarations that the import made or found. */
  async #declared(signal) {
    const ids = new Set();
    const report = await send('GET', `/v1/imports/${this.one.id}/report`, {accept: 'application/x-ndjson', signal});
    for await (const line of objectsOf(report)) if (line.id) ids.add(line.id);
    return ids;
  }

  #reportRow(line) {
    const problem = line.problem ?? line.notes?.[0]?.problem;
    const result = line.skipped
      ? 'skipped'
      : line.problem
        ? 'refused'
        : line.notes
          ? 'declaredWithWarnings'
          : line.alreadyDeclared
            ? 'alreadyDeclared'
            : 'declared';
    return csvRow([
      line.row,
      t(`bulk.${result}`),
      line.id,
      line.position,
      problem ? problemText(problem) : line.skipped ? t(`bulk.skip.${line.skipped}`) : '',
      problem ? suggestionOf(problem) : '',
      currentLanguage() === 'en' || !problem ? problem?.detail : problem.detail,
      (line.cells ?? []).join(' | '),
      line.memberNumber,
      (line.repairs ?? []).map(repair => `${repair.text} → ${repair.subject}`).join(' | '),
    ]);
  }

  render() {
    const {one} = this;
    return html`<div class="page">
      <div class="intro">
        <h1 tabindex="-1">${one ? t(`bulk.h1.${one.status}`) : t('nav.bulk')}</h1>
        ${one
          ? html`<p class="soft">
              <bdi>${one.name}</bdi> ·
              ${bytes(one.size)}${one.table ? ` · ${t('bulk.rows', {count: number(one.table.rows)})}` : ''}
            </p>`
          : html`<p class="lead">${t('bulk.lead')}</p>
              ${account.key
                ? html`<p class="soft">
                    <a href="/members">${t('nav.members')}</a> · <a href="/lists">${t('title.lists')}</a>
                  </p>`
                : nothing}`}
      </div>
      ${this.waiting
        ? html`<p class="note warn" role="status">
            ${t(this.waiting.status === 0 ? 'waiting.offline' : 'waiting.busy', {
              seconds: this.waiting.retryAfter || 2,
            })}
          </p>`
        : nothing}
      ${refusalView(this.refusal)}
      ${account.key
        ? one
          ? this.#import(one)
          : this.#arrive()
        : html`<p class="note">${t('bulk.no-key')}</p>
            <div class="row">
              <a class="button primary" href="/declare">${t('nav.declare')}</a>
              <a class="button" href="/key">${t('declare.use-key')}</a>
            </div>
            ${this.#account()}`}
    </div>`;
  }

  #account() {
    const open = async event => {
      event.preventDefault();
      const name = this.querySelector('#party-name').value.trim();
      if (!name) return this.querySelector('#party-name').focus();
      try {
        // The key can be shown only once, so what shows it comes first.
        await import('../new-key.js');
        account.keep(
          (this.fresh = await call('POST', '/v1/parties', {
            json: {name, kind: this.querySelector('#party-kind').value},
            key: null,
          })),
        );
        this.#list();
      } catch (refusal) {
        this.refusal = refusal;
      }
      return null;
    };
    return html`<form class="step" novalidate @submit=${open}>
      <h2>${t('bulk.open')}</h2>
      <div class="fields">
        <div class="field">
          <label for="party-name">${t('declare.name')}</label>
          <input id="party-name" type="text" maxlength="200" autocomplete="organization" />
        </div>
        <div class="field">
          <label for="party-kind">${t('declare.kind.label')}</label>
          <select id="party-kind">
            ${['society', 'publisher', 'creator'].map(
              kind => html`<option value=${kind}>${t(`party.${kind}`)}</option>`,
            )}
          </select>
        </div>
      </div>
      <div><button class="button primary">${t('bulk.open.submit')}</button></div>
    </form>`;
  }

  #arrive() {
    const {uploading} = this;
    const take = files => files[0] && this.#send(files[0]);
    return html`${this.fresh ? html`<af-new-key .party=${this.fresh}></af-new-key>` : nothing}
    ${uploading
      ? html`<section class="stack" aria-label=${t('bulk.uploading')}>
          <label for="uploading"
            >${t(
              uploading.paused
                ? 'bulk.paused'
                : uploading.done >= uploading.file.size || uploading.file.size <= CHUNK
                  ? 'bulk.reading'
                  : 'bulk.uploading',
            )}
            <bdi>${uploading.file.name}</bdi></label
          >
          <progress id="uploading" max="1" .value=${uploading.done / uploading.file.size}></progress>
          <p class="soft" role="status">
            ${percent(uploading.done / uploading.file.size)} · ${bytes(uploading.done)} / ${bytes(uploading.file.size)}
          </p>
          <div class="row">
            ${uploading.paused
              ? html`<button
                    class="button primary"
                    @click=${async () =>
                      this.#send(uploading.file, await callPatiently('GET', `/v1/imports/${uploading.one.id}`))}
                  >
                    ${t('bulk.resume')}
                  </button>
                  <button
                    class="button"
                    @click=${async () => {
                      await call('DELETE', `/v1/imports/${uploading.one.id}`);
                      this.uploading = undefined;
                      this.#list();
                    }}
                  >
                    ${t('bulk.discard')}
                  </button>`
              : html`<button class="button" @click=${() => this.stop.abort()}>${t('bulk.pause')}</button>`}
          </div>
        </section>`
      : html`<div
          class="drop large ${this.over ? 'over' : ''}"
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
          <p class="strong">${t('bulk.drop')}</p>
          <button class="button primary" @click=${() => this.querySelector('input[type=file]').click()}>
            ${t('bulk.choose')}
          </button>
          <input
            type="file"
            hidden
            aria-label=${t('bulk.choose')}
            @change=${event => {
              const files = [...event.target.files];
              event.target.value = '';
              take(files);
            }}
          />
          <p class="hint narrow">${t('bulk.kinds')}</p>
        </div>`}
    ${this.imports?.length
      ? html`<section class="step" aria-labelledby="before">
          <h2 id="before">${t('bulk.before')}</h2>
          <ul class="cards">
            ${this.imports.map(
              one =>
                html`<li class="card">
                  <div>
                    ${one.status === 'receiving'
                      ? html`<bdi class="strong">${one.name}</bdi>`
                      : html`<a class="title" href="/bulk/${one.id}"><bdi>${one.name}</bdi></a>`}
                    <p class="meta">${dateTime(one.createdAt)}</p>
                  </div>
                  <p class="meta">
                    <span class="strong">${t(`bulk.status.${one.status}`)}</span><br />${one.status === 'receiving'
                      ? html`${percent(one.received / one.size)}
                          <button class="link-button" @click=${() => this.#again(one)}>${t('bulk.again')}</button>`
                      : t('bulk.rows', {count: number(one.counts.read || one.table?.rows || 0)})}
                  </p>
                </li>`,
            )}
          </ul>
          <input id="again" type="file" hidden aria-label=${t('bulk.again')} />
        </section>`
      : nothing}`;
  }

  /** Resumes an interrupted upload after the person has chosen the same file again. */
  #again(one) {
    const input = this.querySelector('#again');
    input.onchange = () => {
      const [file] = input.files;
      input.value = '';
      if (!file) return;
      if (file.size !== one.size || file.name !== one.name)
        this.refusal = new Refusal(0, {type: 'https://askfirst.org/problems/another-file', detail: ''});
      else this.#send(file, one);
    };
    input.click();
  }

  /** The sentence about the mandate, if there is one. */
  #who() {
    return this.mandate ? html`<p>${onBehalfOfView(this.mandate)}</p>` : nothing;
  }

  #import(one) {
    if (one.status === 'ready') return this.#ready(one);
    const {counts} = one;
    const total = Math.max((one.table?.rows ?? 0) + (one.table?.rowsAbove ?? 0), counts.read, 1);
    const over = one.status === 'done';
    return html`${this.#who()}
      <section class="stack" aria-label=${t('bulk.progress')}>
        <label for="reading">${t('bulk.progress')}</label>
        <progress id="reading" max="1" .value=${over ? 1 : counts.read / total}></progress>
        <p role="status" class="num">
          ${over
            ? t('bulk.over', {count: number(counts.read - counts.skipped)})
            : t('bulk.going', {read: number(counts.read), all: number(total), percent: percent(counts.read / total)})}
        </p>
      </section>
      <dl class="figures">
        ${['declared', 'alreadyDeclared', 'declaredWithWarnings', 'refused', 'skipped'].map(
          name =>
            html`<div>
              <dt>${t(`bulk.${name}`)}</dt>
              <dd>${number(counts[name])}</dd>
            </div>`,
        )}
      </dl>
      <p class="hint">
        ${t('bulk.counts.hint')}
        ${counts.placeholders > 0 ? t('bulk.placeholders', {count: number(counts.placeholders)}) : ''}
        ${counts.repaired > 0 ? t('bulk.repaired', {count: number(counts.repaired)}) : ''}
      </p>
      ${one.problem ? refusalView({problem: one.problem}) : nothing}
      ${one.status === 'paused'
        ? html`<p class="note">
            ${t('bulk.budget', {when: dateTime(one.pausedUntil)})} <a href="/prove">${t('bulk.budget.prove')}</a>
          </p>`
        : nothing}
      ${goesOn(one) ? html`<p class="hint">${t('bulk.leave')}</p>` : nothing}
      <div class="row">
        ${goesOn(one)
          ? html`<button class="button" @click=${() => this.#act('POST', '/cancel')}>${t('bulk.halt')}</button>`
          : nothing}
        ${['paused', 'cancelled', 'stopped'].includes(one.status)
          ? html`<button class="button primary" @click=${this.#run}>${t('bulk.resume')}</button>`
          : nothing}
        ${counts.read > 0
          ? html`<button
              class="button ${over ? 'primary' : ''}"
              ?disabled=${this.writing !== undefined}
              @click=${this.#report}
            >
              ${this.writing === undefined ? t('bulk.report') : t('mine.exporting', {count: number(this.writing)})}
            </button>`
          : nothing}
        ${over ? html`<a class="button" href="/mine">${t('nav.mine')}</a>` : nothing}
        ${goesOn(one)
          ? nothing
          : html`<button class="button" @click=${() => this.#act('DELETE', '')}>${t('bulk.forget')}</button>`}
      </div>
      ${!goesOn(one) && counts.declared + counts.alreadyDeclared > 0
        ? html`<af-bulk-change
            .query=${(after, limit) =>
              `/v1/parties/me/declarations?${new URLSearchParams({after, limit, order: 'newest'})}`}
            .only=${signal => this.#declared(signal)}
          ></af-bulk-change>`
        : nothing}`;
  }

  #ready(one) {
    const {table, check} = one;
    // If not all rows were checked, nobody knows how many can be declared.
    const start = check?.complete
      ? t('bulk.start', {count: number(check.declarable)})
      : t('bulk.start.some', {count: number(table.rows)});
    return html`<section class="step" aria-labelledby="columns">
        <h2 id="columns"><span class="count" aria-hidden="true">1</span>${t('bulk.columns')}</h2>
        <p class="hint">${t('bulk.columns.hint')}</p>
        <div class="table-wrap" tabindex="0" role="region" aria-label=${t('bulk.columns.table')}>
          <table class="map" aria-busy=${this.busy ? 'true' : 'false'}>
            <thead>
              <tr>
                ${table.columns.map(
                  (column, place) =>
                    html`<th scope="col">
                      <label for="role-${place}"><bdi>${nameOf(column, place)}</bdi></label>
                      <select
                        id="role-${place}"
                        ?disabled=${this.busy}
                        @change=${event => this.#role(place, event.target.value)}
                      >
                        <option value="" ?selected=${!column.role}>${t('role.none')}</option>
                        ${[
                          ...DESCRIBING,
                          ...COLUMN_SCHEMES,
                          ...(column.role && ![...DESCRIBING, ...COLUMN_SCHEMES].includes(column.role)
                            ? [column.role]
                            : []),
                        ].map(
                          role =>
                            html`<option value=${role} ?selected=${column.role === role}>${roleName(role)}</option>`,
                        )}
                      </select>
                    </th>`,
                )}
              </tr>
            </thead>
            <tbody>
              ${(check?.sampleRows ?? []).slice(0, 4).map(
                row =>
                  html`<tr>
                    ${table.columns.map(
                      (column, place) =>
                        html`<td class=${column.role ? '' : 'left-out'}><bdi>${row.cells[place] ?? ''}</bdi></td>`,
                    )}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
        <details>
          <summary>${t('bulk.layout')}</summary>
          <div class="fields">
            ${table.format === 'text'
              ? html`<div class="field">
                    <label for="encoding">${t('bulk.encoding')}</label>
                    <select
                      id="encoding"
                      ?disabled=${this.busy}
                      @change=${event => this.#layout({encoding: event.target.value})}
                    >
                      ${[...new Set([table.encoding === 'x-windows-949' ? 'CP949' : table.encoding, ...ENCODINGS])].map(
                        (name, place) => html`<option ?selected=${place === 0}>${name}</option>`,
                      )}
                    </select>
                  </div>
                  <div class="field">
                    <label for="delimiter">${t('bulk.delimiter')}</label>
                    <select
                      id="delimiter"
                      ?disabled=${this.busy}
                      @change=${event => this.#layout({delimiter: event.target.value})}
                    >
                      ${[
                        [',', ','],
                        ['\t', 'Tab'],
                        [';', ';'],
                        ['|', '|'],
                      ].map(
                        ([value, name]) =>
                          html`<option value=${value} ?selected=${table.delimiter === value}>${name}</option>`,
                      )}
                    </select>
                  </div>`
              : html`<div class="field">
                  <label for="sheet">${t('bulk.sheet')}</label>
                  <select
                    id="sheet"
                    ?disabled=${this.busy}
                    @change=${event =>
                      this.#layout({sheet: Number(event.target.value), headerRow: undefined})}
                  >
                    ${(table.sheets ?? []).map(
                      (name, place) =>
                        html`<option value=${place} ?selected=${table.sheet === place}>${isolated(name)}</option>`,
                    )}
                  </select>
                </div>`}
            <div class="field">
              <label for="header">${t('bulk.header')}</label>
              <input
                id="header"
                type="number"
                min="0"
                max="10000"
                .value=${String(table.headerRow)}
                ?disabled=${this.busy}
                @change=${event => this.#layout({headerRow: Number(event.target.value)})}
              />
            </div>
            <div class="field">
              <label for="kind">${t('bulk.kind')}</label>
              <select id="kind" @change=${event => (this.kind = event.target.value)}>
                <option value="">${t('bulk.kind.none')}</option>
                ${CATALOGUE_WORK_KINDS.map(
                  kind => html`<option value=${kind} ?selected=${this.kind === kind}>${kindName(kind)}</option>`,
                )}
              </select>
            </div>
          </div>
          <p>
            <label class="check"
              ><input
                type="checkbox"
                .checked=${Boolean(one.plan?.strict)}
                @change=${event => this.#plan({strict: event.target.checked})}
              /><span>${t('bulk.strict')}</span></label
            >
          </p>
        </details>
      </section>
      <section class="step" aria-labelledby="preview">
        <h2 id="preview"><span class="count" aria-hidden="true">2</span>${t('bulk.preview')}</h2>
        ${check ? html`${this.#check(check)}${this.#repairs(check, table)}${this.#left(check, table)}` : nothing}
      </section>
      <section class="step" aria-labelledby="may">
        <h2 id="may"><span class="count" aria-hidden="true">3</span>${t('declare.may')}</h2>
        <af-choice
          .value=${this.choice}
          .faults=${this.wrong}
          @chosen=${event => (this.choice = event.detail)}
        ></af-choice>
      </section>
      <section class="step" aria-labelledby="who">
        <h2 id="who"><span class="count" aria-hidden="true">4</span>${t('declare.who')}</h2>
        <p>${t('declare.as', {name: account.name ?? account.id})}</p>
        ${table.columns.some(column => column.role === 'memberNumber')
          ? html`<p>
              ${t('bulk.members')}
              ${check?.withoutMember > 0
                ? t(this.mandate ? 'bulk.members.none' : 'bulk.members.own', {count: number(check.withoutMember)})
                : ''}
            </p>`
          : nothing}
        <af-mandate-choice
          .value=${this.mandate}
          @chosen=${event => this.#setMandate(event.detail)}
        ></af-mandate-choice>
      </section>
      <section class="step" aria-label=${start}>
        ${this.#who()}${refusalView(this.refusal)}
        <div class="row">
          <button class="button primary" ?disabled=${this.busy || check?.declarable === 0} @click=${this.#start}>
            ${start}
          </button>
          <button class="button" @click=${() => this.#act('DELETE', '')}>${t('bulk.discard')}</button>
        </div>
      </section>`;
  }

  #check(check) {
    return html`<p role="status">
        ${t(check.complete ? 'bulk.checked' : 'bulk.checked.some', {
          rows: number(check.rows),
          declarable: number(check.declarable),
          warnings: number(check.declaredWithWarnings),
          refused: number(check.refused),
        })}
        ${check.placeholders > 0 ? t('bulk.placeholders', {count: number(check.placeholders)}) : ''}
        ${check.repaired > 0 ? t('bulk.repaired', {count: number(check.repaired)}) : ''}
        ${check.leftOut > 0 ? t('bulk.left-out', {count: number(check.leftOut)}) : ''}
      </p>
      <div class="table-wrap" tabindex="0" role="region" aria-label=${t('bulk.preview.table')}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t('csv.row')}</th>
              <th scope="col">${t('bulk.as')}</th>
            </tr>
          </thead>
          <tbody>
            ${check.sampleRows.slice(0, 5).map(
              row =>
                html`<tr>
                  <th scope="row" class="num">${number(row.row)}</th>
                  <td>${this.#row(row)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${check.problemRows.length > 0
        ? html`<details ?open=${check.refused > 0}>
            <summary>${t('bulk.problems', {count: number(check.declaredWithWarnings + check.refused)})}</summary>
            <p class="hint">${t('bulk.problems.hint')}</p>
            <div
              class="table-wrap"
              tabindex="0"
              role="region"
              aria-label=${t('bulk.problems', {count: number(check.declaredWithWarnings + check.refused)})}
            >
              <table class="troubles">
                <thead>
                  <tr>
                    <th scope="col">${t('csv.row')}</th>
                    <th scope="col">${t('csv.cells')}</th>
                    <th scope="col">${t('csv.reason')}</th>
                  </tr>
                </thead>
                <tbody>
                  ${check.problemRows.map(
                    row =>
                      html`<tr>
                        <th scope="row" class="num">${number(row.row)}</th>
                        <td><bdi>${row.work?.title ?? row.cells.filter(Boolean).slice(0, 3).join(' | ')}</bdi></td>
                        <td>${this.#problems(row)}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>
            ${check.declaredWithWarnings + check.refused > check.problemRows.length
              ? html`<p class="hint">${t('bulk.problems.more', {shown: number(check.problemRows.length)})}</p>`
              : nothing}
          </details>`
        : nothing}
      ${check.skipped > 0
        ? html`<details>
            <summary>${t('bulk.skipped.rows', {count: number(check.skipped)})}</summary>
            <p class="hint">${t('bulk.skipped.hint')}</p>
            <div
              class="table-wrap"
              tabindex="0"
              role="region"
              aria-label=${t('bulk.skipped.rows', {count: number(check.skipped)})}
            >
              <table class="troubles">
                <thead>
                  <tr>
                    <th scope="col">${t('csv.row')}</th>
                    <th scope="col">${t('csv.cells')}</th>
                    <th scope="col">${t('csv.reason')}</th>
                  </tr>
                </thead>
                <tbody>
                  ${check.skippedRows.map(
                    row =>
                      html`<tr>
                        <th scope="row" class="num">${number(row.row)}</th>
                        <td>${row.cells.filter(Boolean).slice(0, 3).join(' | ')}</td>
                        <td>${t(`bulk.skip.${row.skipped}`)}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>
            ${check.skipped > check.skippedRows.length
              ? html`<p class="hint">${t('bulk.problems.more', {shown: number(check.skippedRows.length)})}</p>`
              : nothing}
          </details>`
        : nothing}`;
  }

  /** The suggested repairs for review, by the reason why a text cannot be read. */
  #repairs({repairs}, table) {
    if (repairs.length === 0) return nothing;
    const {ticked} = this;
    const accepted = repairs.filter(repair => repair.accepted);
    const chosen = repairs.filter(repair => ticked.has(keyOf(repair)));
    const groups = [...new Set(repairs.map(repair => repair.reason))].map(reason => [
      reason,
      repairs.filter(repair => repair.reason === reason),
    ]);
    const tick = (some, on) => {
      this.ticked = new Set(
        on ? [...ticked, ...some.map(keyOf)] : [...ticked].filter(key => !some.some(repair => keyOf(repair) === key)),
      );
    };
    return html`<section class="stack" id="repairs" aria-labelledby="repairs-h">
      <h3 id="repairs-h">${t('bulk.repairs', {count: number(repairs.length)})}</h3>
      <p class="hint">${t('bulk.repairs.hint')}</p>
      ${groups.map(
        ([reason, some]) =>
          html`<p>${t(`reason.${reason}`)}</p>
            <div class="table-wrap tall" tabindex="0" role="region" aria-label=${t(`reason.${reason}`)}>
            <table class="troubles">
              <thead>
                <tr>
                  <th scope="col">
                    <label class="check"
                      ><input
                        type="checkbox"
                        .checked=${some.every(repair => ticked.has(keyOf(repair)))}
                        @change=${event => tick(some, event.target.checked)}
                      /><span>${t('bulk.repairs.all-of', {count: number(some.length)})}</span></label
                    >
                  </th>
                  <th scope="col">${t('bulk.repairs.change')}</th>
                  <th scope="col">${t('csv.row')}</th>
                </tr>
              </thead>
              <tbody>
                ${some.map(
                  (repair, place) =>
                    html`<tr>
                      <td>
                        <label class="check"
                          ><input
                            type="checkbox"
                            .checked=${ticked.has(keyOf(repair))}
                            @change=${event => tick([repair], event.target.checked)}
                          /><span
                            ><bdi>${repair.title ?? t('bulk.repairs.untitled', {number: number(place + 1)})}</bdi
                            ><br /><bdi class="hint">${nameOf(table.columns[repair.column], repair.column)}</bdi></span
                          ></label
                        >
                      </td>
                      <td>
                        <span class="value"><del>${repair.text}</del></span><br />
                        <span class="value">${repair.subject}</span>
                      </td>
                      <td class="num">
                        ${number(repair.row)}${repair.rows > 1
                          ? html` <span class="hint">${t('bulk.repairs.rows', {count: number(repair.rows)})}</span>`
                          : nothing}
                      </td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`,
      )}
      <div class="row">
        <button
          class="button"
          ?disabled=${this.busy || accepted.length === repairs.length}
          @click=${() => this.#repair(repairs)}
        >
          ${t('bulk.repairs.all', {count: number(repairs.length)})}
        </button>
        <button
          class="button"
          ?disabled=${this.busy || chosen.length === 0 || chosen.length === repairs.length}
          @click=${() => this.#repair(chosen)}
        >
          ${t('bulk.repairs.some', {count: number(chosen.length)})}
        </button>
        ${accepted.length > 0
          ? html`<button class="button" ?disabled=${this.busy} @click=${() => this.#repair([])}>
              ${t('bulk.repairs.none')}
            </button>`
          : nothing}
      </div>
    </section>`;
  }

  /** The rows that are left out: by their numbers, and by what a cell has. */
  #left(check, table) {
    const {rows = [], where = []} = this.one.plan?.leaveOut ?? {};
    const add = event => {
      event.preventDefault();
      const column = Number(this.querySelector('#left-column').value);
      const text = this.querySelector('#left-text');
      const contains = text.value.trim();
      const same = where.some(one => one.column === column && (one.contains ?? '') === contains);
      text.value = '';
      if (!same) this.#leaveOut({where: [...where, contains ? {column, contains} : {column, empty: true}]});
    };
    return html`<details id="left" ?open=${check.leftOut > 0}>
      <summary>${t('bulk.left')}</summary>
      <div class="stack">
        <p class="hint">${t('bulk.left.hint')}</p>
        <div class="field">
          <label for="left-rows">${t('bulk.left.rows')}</label>
          <input
            id="left-rows"
            type="text"
            maxlength="4000"
            autocomplete="off"
            aria-describedby="left-rows-hint"
            .value=${rows.join(', ')}
            ?disabled=${this.busy}
            @change=${event =>
              this.#leaveOut({
                rows: [
                  ...new Set(
                    event.target.value
                      .replace(/\s*[-–~]\s*/g, '-')
                      .split(/[\s,;]+/)
                      .filter(Boolean),
                  ),
                ],
              })}
          />
          <span class="hint" id="left-rows-hint">${t('bulk.left.rows.hint')}</span>
        </div>
        ${where.length > 0
          ? html`<ul class="items">
              ${where.map(
                (one, place) =>
                  html`<li class="item">
                    <div class="head">
                      <span
                        >${t(one.empty ? 'bulk.left.empty' : 'bulk.left.contains', {
                          column: nameOf(table.columns[one.column], one.column),
                          text: one.contains ?? '',
                        })}</span
                      >
                      <button
                        class="link-button"
                        ?disabled=${this.busy}
                        @click=${() => this.#leaveOut({where: where.filter((_, other) => other !== place)})}
                      >
                        ${t('bulk.left.undo')}
                      </button>
                    </div>
                  </li>`,
              )}
            </ul>`
          : nothing}
        <form class="stack" novalidate @submit=${add}>
          <div class="fields">
            <div class="field">
              <label for="left-column">${t('bulk.left.column')}</label>
              <select id="left-column">
                ${table.columns.map(
                  (column, place) => html`<option value=${place}>${isolated(nameOf(column, place))}</option>`,
                )}
              </select>
            </div>
            <div class="field">
              <label for="left-text">${t('bulk.left.text')}</label>
              <input id="left-text" type="text" maxlength="200" autocomplete="off" aria-describedby="left-text-hint" />
              <span class="hint" id="left-text-hint">${t('bulk.left.text.hint')}</span>
            </div>
          </div>
          <div><button class="button" ?disabled=${this.busy}>${t('bulk.left.add')}</button></div>
        </form>
      </div>
    </details>`;
  }

  #row(row) {
    return html`<div class="stack-s">
      ${row.work
        ? html`<span
            ><bdi class="strong">${row.work.title}</bdi>
            <bdi class="soft">${row.work.creators?.join(', ') ?? ''}</bdi></span
          >`
        : nothing}${row.memberNumber && !row.problem
        ? html`<span class="soft">${t('members.number', {number: row.memberNumber})}</span>`
        : nothing}${(row.subjects ?? []).map(subjectView)}${!row.subjects && row.work && !row.notes
        ? html`<span class="hint">${t('bulk.by-title')}</span>`
        : nothing}${this.#problems(row)}
    </div>`;
  }

  /** The problem of a row as a whole. If its member has no mandate, the sentence has the number of the member. */
  #own({problem, memberNumber}, problemView) {
    const [{reason} = {}] = problem.errors ?? [];
    return has(`bulk.members.${reason}`)
      ? html`<p class="small bad-text">${t(`bulk.members.${reason}`, {number: memberNumber})}</p>`
      : problemView(problem, memberNumber);
  }

  #problems(row) {
    const problemView = (problem, text) =>
      html`<p class="small">
        <span class=${row.problem ? 'bad-text' : 'warn-text'}
          >${text ? html`<span class="value">${text}</span> ` : nothing}${problemText(problem)}</span
        >${suggestionOf(problem) ? html` ${t('bulk.suggestion', {subject: suggestionOf(problem)})}` : nothing}
      </p>`;
    const notes = (row.notes ?? []).map(note => problemView(note.problem, note.text));
    const isOwn = row.problem && (notes.length === 0 || row.problem.errors?.[0]?.pointer === '#/memberNumber');
    return html`${notes}${isOwn ? this.#own(row, problemView) : nothing}${!row.problem &&
    notes.length > 0 &&
    !row.subjects
      ? html`<p class="hint">${t('bulk.by-title')}</p>`
      : nothing}`;
  }
}
customElements.define('af-bulk', BulkPage);
