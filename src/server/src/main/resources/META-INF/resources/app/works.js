// The list of works: links, numbers, files or titles.
import {html, nothing} from 'lit';
import {PageElement} from './element.js';
import {call} from './api.js';
import {filesOf, fingerprint} from './files.js';
import {bytes, percent, t} from './i18n.js';
import {addressOf, mayBeName, search} from './search.js';
import {FILELESS_WORK_KINDS} from './vocabulary.js';
import {
  detailView,
  problemText,
  refusalView,
  schemeName,
  schemeOf,
  subjectView,
  suggestionOf,
  valueOf,
  verdictView,
} from './words.js';

const PREVIEW_MILLIS = 350;
const LEFT_MILLIS = 250;

/** The time that a person waits at most for what is declared already. */
const SEARCH_MILLIS = 4000;

/** The number of titles that are searched at once, and of works that are shown for each. A search costs quota. */
const SEARCHED = 5;
const FOUND = 3;

/** The number of subjects that one item of a lookup may have. */
const LOOKED_UP = 20;
const AT_ONCE = 500;
const SHOWN = 5;
const THUMBNAIL = 112;
let last = 0;

/**
 * The subjects that a link can mean: the page, everything below its folder, or the whole site. On a site that many
 * people share, it is the page or the account.
 */
export function reachOptions(subject, {account, sharedSite} = {}) {
  if (schemeOf(subject) !== 'url') return [];
  if (sharedSite) return account ? [{reach: 'url', subject}, {reach: 'account', subject: account}] : [];
  try {
    const link = new URL(valueOf(subject));
    const folder = link.pathname.replace(/[^/]*$/, '');
    const host = link.hostname.replace(/^www\./, '');
    return [
      {reach: 'url', subject},
      ...(folder === '/' ? [] : [{reach: 'under', subject: `under:${link.origin}${folder}`}]),
      {reach: 'domain', subject: `domain:${host}`},
    ];
  } catch {
    return [];
  }
}

/** True if a text that names no subject can be the title of a work: it has letters, and is no handle or address. */
const looksLikeTitle = text => /\p{L}/u.test(text) && !/^@|:\/\/|^\S+\.[^\s.]{2,}(\/\S*)?$/u.test(text);

/** The title of a file: its name without folder and extension. */
const titleOfFile = name => name.replace(/\.[^.\s]{1,8}$/, '').trim() || name;

const byName = new Intl.Collator(undefined, {numeric: true, sensitivity: 'base'});

/**
 * The titles of a series, in order. The last number in the text counts up: “달토끼 7화” gives 7화, 8화, 9화. Without a
 * number, the titles count from 1.
 */
export function seriesTitles(text, count) {
  const numbered = /^(.*?)(\d+)(\D*)$/su.exec(text.trim());
  const [, before, first, after] = numbered ?? [null, `${text.trim()} `, '1', ''];
  return Array.from({length: count}, (_, place) => {
    const value = String(BigInt(first) + BigInt(place)).padStart(first.length, '0');
    return `${before}${value}${after}`;
  });
}

/**
 * The list of works that a person composes. Sends the event `works` after each change.
 *
 * <p>The field keeps what a person types until the person presses Enter, pastes, leaves it or presses the button. Then
 * readable lines move to the list. Other lines stay in the field, and below it is why.
 */
class Works extends PageElement {
  static properties = {
    forLookup: {type: Boolean},
    items: {attribute: false},
    typed: {attribute: false},
    unread: {state: true},
    preview: {state: true},
    refused: {state: true},
    refusal: {state: true},
    over: {state: true},
    unfolded: {state: true},
  };

  constructor() {
    super();
    this.forLookup = false;
    this.items = [];
    this.typed = '';
    this.unread = [];
    this.refused = [];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    for (const item of this.items) item.stop?.abort();
  }

  #notify() {
    this.items = [...this.items];
    this.dispatchEvent(new CustomEvent('works', {detail: this.items}));
  }

  #typing(event) {
    this.typed = event.target.value;
    this.unread = this.unread.filter(one => this.typed.includes(one.text));
    this.preview = null;
    clearTimeout(this.timer);
    if (!event.isComposing) this.timer = setTimeout(() => this.#look(), PREVIEW_MILLIS);
    this.dispatchEvent(new CustomEvent('works', {detail: this.items}));
  }

  /** Shows below the field what its text would be. The text stays as it is. */
  async #look() {
    const text = this.typed.trim();
    if (!text || text.includes('\n')) return;
    try {
      const {subjects} = await call('POST', '/v1/subjects/parse', {json: {texts: [text]}, key: null});
      if (this.typed.trim() === text && subjects[0].subject) this.preview = subjects[0].subject;
    } catch {
      /* A preview is not needed: the button reads the text again. */
    }
  }

  /**
   * Moves the readable lines to the list. With `titles`, a line that looks like a title becomes a work without a link.
   * Calls follow one another, so that no line is read twice.
   */
  recognise(titles = !this.forLookup) {
    this.reading = (this.reading ?? Promise.resolve()).then(() => this.#read(titles));
    return this.reading;
  }

  async #read(titles) {
    clearTimeout(this.timer);
    const typed = this.typed;
    const texts = typed
      .split(/\r?\n/)
      .map(line => line.trim())
      .filter(Boolean);
    if (texts.length === 0) return;
    this.refusal = null;
    const added = [];
    const unread = [];
    try {
      for (let from = 0; from < texts.length; from += AT_ONCE) {
        const {subjects} = await call('POST', '/v1/subjects/parse', {
          json: {texts: texts.slice(from, from + AT_ONCE)},
          key: null,
        });
        for (const found of subjects) {
          const problem = found.problem ?? (this.forLookup ? undefined : found.declarationProblem);
          if (!problem) added.push(this.#addSubject(found));
          else if (titles && found.problem && looksLikeTitle(found.text) && !suggestionOf(problem))
            added.push(this.#addNameless(found.text));
          // A title needs no link. It waits in the field for Enter or the button.
          else
            unread.push({
              text: found.text,
              problem,
              quiet: !titles && !this.forLookup && looksLikeTitle(found.text),
            });
        }
      }
    } catch (refusal) {
      this.refusal = refusal;
      return;
    }
    // What the person typed meanwhile stays.
    const rest = this.typed.startsWith(typed) ? this.typed.slice(typed.length) : this.typed === typed ? '' : null;
    if (rest !== null) this.typed = [...unread.map(one => one.text), ...(rest.trim() ? [rest] : [])].join('\n');
    this.unread = unread;
    this.preview = null;
    this.#notify();
    const items = added.filter(Boolean);
    await Promise.race([this.#search(items), new Promise(resolve => setTimeout(resolve, SEARCH_MILLIS))]);
  }

  /** The typed lines that name no subject and may be a title or a name. */
  get names() {
    return this.unread.filter(mayBeName).map(line => line.text);
  }

  #addSubject(found) {
    if (this.items.some(item => item.subject === found.subject || item.own === found.subject)) return null;
    const item = {
      key: ++last,
      text: found.text,
      subject: found.subject,
      own: found.subject,
      account: found.account,
      sharedSite: found.sharedSite,
      title: '',
    };
    this.items.push(item);
    return item;
  }

  #addNameless(title) {
    const item = {key: ++last, nameless: true, title, creators: '', kind: ''};
    this.items.push(item);
    return item;
  }

  /** Finds what is declared already: subjects by a lookup, and works without a subject by their titles. */
  async #search(items) {
    if (this.forLookup) return;
    const named = items.filter(item => item.subject);
    await Promise.all([
      named.length > 0 ? this.#lookUp(named) : null,
      ...items
        .filter(item => item.nameless && item.title.trim())
        .slice(0, SEARCHED)
        .map(item => this.#searchTitle(item)),
    ]);
    this.requestUpdate();
  }

  async #lookUp(items) {
    try {
      const {answers} = await call('POST', '/v1/lookups', {
        json: {items: items.map(item => ({subjects: [item.subject]}))},
        key: null,
      });
      items.forEach((item, place) => (item.known = answers[place]));
    } catch {
      /* The person can declare without it. */
    }
  }

  /** Searches works with such a title, and looks up whether their declarations count. */
  async #searchTitle(item) {
    try {
      const {results} = await search(item.title.trim(), {kind: 'work', limit: FOUND});
      item.found = undefined;
      if (results.length === 0) return;
      const asked = results.filter(result => result.subjects.length > 0);
      const {answers} =
        asked.length > 0
          ? await call('POST', '/v1/lookups', {
              json: {items: asked.map(result => ({subjects: result.subjects.slice(0, LOOKED_UP)}))},
              key: null,
            })
          : {answers: []};
      item.found = results.map(result => ({
        result,
        counts: answers[asked.indexOf(result)]?.statements?.some(
          one => one.declaration === result.declaration && one.applied,
        ),
      }));
    } catch {
      /* The person can declare without it. */
    }
  }

  async #addFiles(files) {
    const chosen = [...files].sort((one, other) => byName.compare(one.name, other.name));
    for (const file of chosen) {
      if (file.size === 0) {
        this.#refuse(file.name, 'works.refused.empty');
        continue;
      }
      this.items.push({
        key: ++last,
        file,
        text: file.name,
        size: file.size,
        done: 0,
        title: titleOfFile(file.name),
        stop: new AbortController(),
      });
    }
    this.#notify();
    // One file at a time: a disk reads one file faster than five at once.
    for (const item of this.items.filter(one => one.file && !one.subject && !one.busy)) {
      item.busy = true;
      // It was removed, or the page left, before its turn.
      if (item.stop.signal.aborted) continue;
      try {
        const hash = await fingerprint(
          item.file,
          done => {
            item.done = done;
            this.requestUpdate();
          },
          item.stop.signal,
        );
        if (this.items.some(other => other.subject === `sha256:${hash}`)) {
          this.#drop(item);
          this.#refuse(item.text, 'works.refused.twice');
          continue;
        }
        item.subject = `sha256:${hash}`;
        item.own = item.subject;
      } catch (failure) {
        if (failure.name === 'AbortError') continue;
        this.#drop(item);
        this.#refuse(item.text, 'works.refused.unreadable');
      }
      this.#notify();
    }
    this.#search(this.items.filter(item => item.file && item.subject && !item.known));
  }

  #refuse(name, why) {
    this.refused = [...this.refused, {name, why}];
  }

  #drop(item) {
    this.items = this.items.filter(one => one !== item);
    this.#notify();
  }

  #remove(item) {
    item.stop?.abort();
    this.#drop(item);
    this.querySelector('textarea')?.focus();
  }

  /** Replaces an unreadable line by the subject that the registry suggests, or by a title. */
  #mend(line, item) {
    this.unread = this.unread.filter(one => one !== line);
    const lines = this.typed.split('\n');
    const place = lines.findIndex(one => one.trim() === line.text);
    if (place >= 0) lines.splice(place, 1);
    this.typed = lines.join('\n');
    this.#notify();
    this.#search([item].filter(Boolean));
    this.querySelector('textarea')?.focus();
  }

  /** Reads the field when it is left. A button reads it by itself, and must not move away under the finger. */
  #left(event) {
    if (event.relatedTarget?.closest?.('button')) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.recognise(false), LEFT_MILLIS);
  }

  async #keyed(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    await this.recognise();
    if (this.forLookup) this.closest('form')?.requestSubmit();
  }

  render() {
    return html`<div class="stack">
      <div class="field">
        <label for="typed">${t(this.forLookup ? 'works.typed.lookup' : 'works.typed')}</label>
        <span class="hint" id="typed-hint">${t(this.forLookup ? 'works.typed.hint.lookup' : 'works.typed.hint')}</span>
        <div class="box">
          <textarea
            id="typed"
            rows=${Math.min(6, Math.max(1, this.typed.split('\n').length))}
            spellcheck="false"
            autocapitalize="off"
            enterkeyhint="done"
            aria-describedby="typed-hint typed-fault"
            aria-invalid=${this.unread.some(line => !line.quiet && !(this.forLookup && mayBeName(line)))
              ? 'true'
              : 'false'}
            .value=${this.typed}
            @input=${this.#typing}
            @compositionend=${this.#typing}
            @keydown=${this.#keyed}
            @paste=${() => setTimeout(() => this.recognise(), 0)}
            @blur=${this.#left}
          ></textarea>
          ${this.forLookup
            ? nothing
            : html`<button
                class="button"
                type="button"
                ?disabled=${!this.typed.trim()}
                @click=${() => this.recognise()}
              >
                ${t('works.add')}
              </button>`}
        </div>
        ${this.preview
          ? html`<div class="hint understood">${subjectView(this.preview)} ${t('works.preview')}</div>`
          : nothing}
        <div id="typed-fault">
          ${this.unread.filter(line => !line.quiet).map(line => this.#unreadable(line))}
        </div>
      </div>
      <div
        class="drop ${this.over ? 'over' : ''}"
        @dragover=${event => {
          event.preventDefault();
          this.over = true;
        }}
        @dragleave=${() => (this.over = false)}
        @drop=${async event => {
          event.preventDefault();
          this.over = false;
          this.#addFiles(await filesOf(event.dataTransfer));
        }}
      >
        <div class="row">
          <button class="button s" type="button" @click=${() => this.querySelector('input[type=file]').click()}>
            ${t('works.files')}
          </button>
          ${this.forLookup
            ? nothing
            : html`<button class="link-button" type="button" @click=${this.#withoutLink}>
                ${t('works.nameless')}
              </button>`}
        </div>
        <input
          type="file"
          multiple
          hidden
          aria-label=${t('works.files')}
          @change=${event => {
            this.#addFiles([...event.target.files]);
            event.target.value = '';
          }}
        />
        <p class="hint">${t('works.never-leaves')}</p>
      </div>
      ${refusalView(this.refusal)} ${this.#refusedView()}
      <div role="status" class="visually-hidden">
        ${this.items.length > 0 ? t('works.count', {count: this.items.length}) : ''}
      </div>
      ${this.items.length > 0 ? this.#list() : nothing}
    </div>`;
  }

  async #withoutLink() {
    const item = this.#addNameless('');
    this.unfolded = this.unfolded || this.items.length > SHOWN;
    this.#notify();
    await this.updateComplete;
    this.querySelector(`#title-${item.key}`)?.focus();
  }

  #unreadable(line) {
    if (this.forLookup && mayBeName(line))
      return html`<div class="stack-s">
        <p class="row">
          <span class="tag">${t('search.name')}</span><span class="strong"><bdi>${line.text}</bdi></span>
        </p>
        <p class="hint">${t('search.hint')}</p>
      </div>`;
    const suggestion = suggestionOf(line.problem);
    return html`<div class="unread stack-s">
      <p>
        <bdi class="value">${line.text}</bdi> <span class="error">${problemText(line.problem)}</span>${detailView(
          line.problem,
        )}
      </p>
      <div class="row">
        ${suggestion
          ? html`<button
              class="button s"
              type="button"
              @click=${() =>
                this.#mend(line, this.#addSubject({text: line.text, subject: suggestion}))}
            >
              ${t('works.suggestion', {subject: suggestion})}
            </button>`
          : nothing}${this.forLookup
          ? nothing
          : html`<button
              class="link-button"
              type="button"
              @click=${() => this.#mend(line, this.#addNameless(line.text))}
            >
              ${t('works.as-title')}
            </button>`}
      </div>
    </div>`;
  }

  #refusedView() {
    if (this.refused.length === 0) return nothing;
    return html`<div class="note warn" role="status">
      <ul class="plain">
        ${this.refused.map(one => html`<li><bdi>${one.name}</bdi>: ${t(one.why)}</li>`)}
      </ul>
      <button class="link-button small" type="button" @click=${() => (this.refused = [])}>${t('works.seen')}</button>
    </div>`;
  }

  #list() {
    const shown = this.unfolded ? this.items : this.items.slice(0, SHOWN);
    const hidden = this.items.length - shown.length;
    return html`<ul class="items" aria-label=${t('works.list')}>
        ${shown.map(item => html`<li class="item">${this.#item(item)}</li>`)}
      </ul>
      ${hidden > 0
        ? html`<div>
            <button class="button s" type="button" @click=${() => (this.unfolded = true)}>
              ${t('works.more', {count: hidden})}
            </button>
          </div>`
        : nothing}`;
  }

  #item(item) {
    const name = item.title || item.text || '';
    const head = content =>
      html`<div class="head">
        ${item.file?.type.startsWith('image/')
          ? html`<af-thumbnail .file=${item.file}></af-thumbnail>`
          : html`<span class="cover" aria-hidden="true">${coverText(item)}</span>`}
        <div class="stack-s grow">${content}</div>
        <button
          class="link-button small"
          type="button"
          @click=${() => this.#remove(item)}
          aria-label=${t('works.remove.label', {what: name})}
        >
          ${t('works.remove')}
        </button>
      </div>`;
    if (!item.subject && !item.nameless)
      return head(
        html`<span class="strong"><bdi>${item.text}</bdi></span
          ><label class="hint" for="hash-${item.key}"
            >${t('works.hashing', {
              done: percent(item.size ? item.done / item.size : 0),
              size: bytes(item.size),
            })}</label
          >
          <progress id="hash-${item.key}" max="1" .value=${item.size ? item.done / item.size : 0}></progress>`,
      );
    const options = this.forLookup || item.nameless ? [] : reachOptions(item.own, item);
    return html`${head(
      html`${item.nameless
        ? html`<span class="row"><span class="tag">${t('works.by-title')}</span></span>`
        : html`<span class="row"
              ><span class="tag">${schemeName(schemeOf(item.subject))}</span>${item.size
                ? html`<span class="strong"><bdi>${item.text}</bdi></span>`
                : nothing}</span
            ><bdi class="value ${item.size ? 'short' : ''}">${valueOf(item.subject)}</bdi>`}
      ${this.#known(item)} ${this.#spellings(item)}`,
    )}
    ${options.length > 0
      ? html`<fieldset>
          <legend class="visually-hidden">${t('works.reach')}</legend>
          <div class="inline-choices">
            ${options.map(
              option =>
                html`<label
                  ><input
                    type="radio"
                    name="reach-${item.key}"
                    .checked=${item.subject === option.subject}
                    @change=${() => {
                      item.subject = option.subject;
                      this.#notify();
                    }}
                  />${t(`works.reach.${option.reach}`)}</label
                >`,
            )}
          </div>
        </fieldset>`
      : nothing}
    ${['under', 'domain'].includes(schemeOf(item.subject ?? ':'))
      ? html`<p class="hint">${t('works.reach.pending')}</p>`
      : nothing}
    ${this.forLookup ? nothing : this.#names(item)}`;
  }

  #names(item) {
    const field = (name, label, maximum) =>
      html`<div class="field">
        <label class="hint" for="${name}-${item.key}">${label}</label>
        <input
          id="${name}-${item.key}"
          type="text"
          maxlength=${maximum}
          .value=${item[name] ?? ''}
          @input=${event => {
            item[name] = event.target.value;
            this.dispatchEvent(new CustomEvent('works', {detail: this.items}));
          }}
          @change=${() => name === 'title' && item.nameless && this.#search([item])}
        />
      </div>`;
    if (!item.nameless) return field('title', t('works.title.optional'), 1000);
    return html`<div class="fields">
      ${field('title', t('works.title'), 1000)} ${field('creators', t('works.creators'), 500)}
      <div class="field">
        <label class="hint" for="kind-${item.key}">${t('works.kind')}</label>
        <select
          id="kind-${item.key}"
          @change=${event => {
            item.kind = event.target.value;
            this.#notify();
          }}
        >
          <option value="">${t('works.kind.none')}</option>
          ${FILELESS_WORK_KINDS.map(
            kind => html`<option value=${kind} ?selected=${item.kind === kind}>${t(`kind.${kind}`)}</option>`,
          )}
        </select>
      </div>
    </div>`;
  }

  /** Tells who has declared the work already, and whether that counts. */
  #known(item) {
    if (item.found) return this.#found(item.found);
    const statements = item.known?.statements ?? [];
    if (statements.length === 0) return nothing;
    return html`<div class="known small" tabindex="-1">
      <p class="strong">${t('works.known')}</p>
      ${statements.slice(0, 3).map(
        one =>
          html`<p>
            <a href="/d/${one.declaration}" target="_blank"><bdi>${one.partyName ?? one.party}</bdi></a>
            · ${t(one.applied ? 'counts.short' : 'counts.short.no')}
          </p>`,
      )}
      <p>${verdictView(item.known.verdict)}</p>
    </div>`;
  }

  /** The works with such a title. A title is no evidence that they are the same work. */
  #found(found) {
    return html`<div class="known small" tabindex="-1">
      <p class="strong">${t('works.found')}</p>
      ${found.map(
        ({result, counts}) =>
          html`<p>
            <a href=${addressOf(result)} target="_blank"><bdi>${result.title ?? result.declaration}</bdi></a>
            · <bdi>${result.party.name ?? result.party.id}</bdi> · ${t(counts ? 'counts.short' : 'counts.short.no')}
          </p>`,
      )}
    </div>`;
  }

  /** The other spellings under which the work is found. */
  #spellings(item) {
    if (this.forLookup || !item.subject) return nothing;
    const scheme = schemeOf(item.subject);
    if (scheme === 'account') return html`<p class="hint">${t('works.spellings.account')}</p>`;
    return scheme === 'url' ? html`<p class="hint">${t('works.spellings.url')}</p>` : nothing;
  }
}
customElements.define('af-works', Works);

/** The text on the cover that stands for a work: the first letters of its title, or its kind of number. */
function coverText(item) {
  const title = (item.title ?? '').trim();
  if (title) return [...title].slice(0, 2).join('');
  if (!item.subject) return '…';
  const scheme = schemeOf(item.subject);
  return scheme === 'url' || scheme === 'under' || scheme === 'domain' || scheme === 'account'
    ? '↗'
    : scheme.slice(0, 4).toUpperCase();
}

/** A small picture of an image file, drawn on this device. */
class Thumbnail extends PageElement {
  static properties = {file: {attribute: false}};

  async updated(changed) {
    if (!changed.has('file')) return;
    const canvas = this.querySelector('canvas');
    try {
      const image = await createImageBitmap(this.file, {resizeHeight: THUMBNAIL, resizeQuality: 'medium'});
      const scale = Math.max(canvas.width / image.width, canvas.height / image.height);
      const [wide, high] = [image.width * scale, image.height * scale];
      canvas.getContext('2d').drawImage(image, (canvas.width - wide) / 2, (canvas.height - high) / 2, wide, high);
      image.close();
    } catch {
      /* The browser cannot draw this kind of image: the place stays empty. */
    }
  }

  render() {
    return html`<canvas class="cover" width=${THUMBNAIL} height=${THUMBNAIL} aria-hidden="true"></canvas>`;
  }
}
customElements.define('af-thumbnail', Thumbnail);
