// The list of works: links, numbers, files or titles.
import {html, nothing} from 'lit';
import {PageElement} from './element.js';
import {call} from './api.js';
import {filesOf, fingerprint} from './files.js';
import {bytes, percent, t} from './i18n.js';
import {FILELESS_WORK_KINDS} from './vocabulary.js';
import {detailView, suggestionOf, problemText, refusalView, schemeName, schemeOf, valueOf} from './words.js';

const WAIT = 350;
const AT_ONCE = 500;
let last = 0;

/** The subjects that a link can mean: the page, everything below its folder, or the whole site. */
export function reachOptions(subject) {
  if (schemeOf(subject) !== 'url') return [];
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

/** The list of works that a person composes. Sends the event `works` after each change. */
class Works extends PageElement {
  static properties = {
    forLookup: {type: Boolean},
    items: {state: true},
    typed: {state: true},
    refusal: {state: true},
    over: {state: true},
    withoutLink: {state: true},
  };

  constructor() {
    super();
    this.forLookup = false;
    this.items = [];
    this.typed = '';
    this.withoutLink = false;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const item of this.items) item.stop?.abort();
  }

  #notify() {
    this.items = [...this.items];
    this.dispatchEvent(new CustomEvent('works', {detail: this.items}));
  }

  #typing(text) {
    this.typed = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.recognise(), /\n/.test(text.trimEnd() === text ? '' : text) ? 0 : WAIT * 2);
  }

  /** Moves the typed lines to the list, including unreadable ones, so that no typed line gets lost. */
  async recognise() {
    clearTimeout(this.timer);
    const texts = this.typed
      .split(/\r?\n/)
      .map(line => line.trim())
      .filter(Boolean);
    if (texts.length === 0) return;
    const typed = this.typed;
    this.refusal = null;
    try {
      for (let from = 0; from < texts.length; from += AT_ONCE) {
        const {subjects} = await call('POST', '/v1/subjects/parse', {json: {texts: texts.slice(from, from + AT_ONCE)}});
        for (const found of subjects) this.#add(found);
      }
      if (this.typed === typed) this.typed = '';
      else if (this.typed.startsWith(typed)) this.typed = this.typed.slice(typed.length);
    } catch (refusal) {
      this.refusal = refusal;
    }
    this.#notify();
  }

  #add(found) {
    const problem = found.problem ?? (this.forLookup ? undefined : found.declarationProblem);
    if (found.subject && this.items.some(item => item.subject === found.subject)) return;
    this.items.push({
      key: ++last,
      text: found.text,
      subject: problem ? undefined : found.subject,
      own: found.subject,
      problem,
      title: '',
    });
  }

  async #addFiles(files) {
    for (const file of files) {
      const item = {
        key: ++last,
        file,
        text: file.name,
        size: file.size,
        done: 0,
        title: '',
        stop: new AbortController(),
      };
      this.items.push(item);
    }
    this.#notify();
    // One file at a time: a disk reads one file faster than five at once.
    for (const item of this.items.filter(one => one.file && !one.subject && !one.problem && !one.busy)) {
      item.busy = true;
      try {
        const hash = await fingerprint(
          item.file,
          done => {
            item.done = done;
            this.requestUpdate();
          },
          item.stop.signal,
        );
        item.subject = `sha256:${hash}`;
        item.own = item.subject;
      } catch (failure) {
        if (failure.name === 'AbortError') continue;
        item.problem = {type: 'https://askfirst.org/problems/unreadable-file', detail: ''};
      }
      this.#notify();
    }
  }

  #remove(item) {
    item.stop?.abort();
    this.items = this.items.filter(one => one !== item);
    this.#notify();
    this.querySelector('textarea')?.focus();
  }

  #useInstead(item, subject) {
    item.problem = undefined;
    item.subject = subject;
    item.own = subject;
    this.#notify();
  }

  render() {
    return html`<div class="stack">
      <div class="field">
        <label for="typed">${t('works.typed')}</label>
        <span class="hint" id="typed-hint">${t('works.typed.hint')}</span>
        <textarea
          id="typed"
          rows="3"
          spellcheck="false"
          autocapitalize="off"
          aria-describedby="typed-hint"
          .value=${this.typed}
          placeholder=${t('works.typed.example')}
          @input=${event => this.#typing(event.target.value)}
          @change=${() => this.recognise()}
        ></textarea>
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
          <button class="button" type="button" @click=${() => this.querySelector('input[type=file]').click()}>
            ${t('works.files')}
          </button>
          <span class="soft">${t('works.drop')}</span>
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
      ${this.forLookup ? nothing : this.#nameless()} ${refusalView(this.refusal)}
      <div role="status" class="visually-hidden">
        ${this.items.length > 0 ? t('works.count', {count: this.items.length}) : ''}
      </div>
      ${this.items.length > 0
        ? html`<ul class="items" aria-label=${t('works.list')}>
            ${this.items.map(item => html`<li class="item">${this.#item(item)}</li>`)}
          </ul>`
        : nothing}
    </div>`;
  }

  #nameless() {
    if (!this.withoutLink)
      return html`<p>
        <button
          class="link-button"
          type="button"
          @click=${async () => {
            this.withoutLink = true;
            await this.updateComplete;
            this.querySelector('#nameless-title').focus();
          }}
        >
          ${t('works.nameless')}
        </button>
      </p>`;
    const add = () => {
      const title = this.querySelector('#nameless-title');
      if (!title.value.trim()) {
        title.setAttribute('aria-invalid', 'true');
        title.focus();
        return;
      }
      this.items.push({
        key: ++last,
        nameless: true,
        title: title.value.trim(),
        creators: this.querySelector('#nameless-creators').value,
        kind: this.querySelector('#nameless-kind').value,
      });
      this.withoutLink = false;
      this.#notify();
    };
    return html`<fieldset class="item">
      <legend class="visually-hidden">${t('works.nameless')}</legend>
      <p class="strong" aria-hidden="true">${t('works.nameless')}</p>
      <div class="fields">
        <div class="field">
          <label for="nameless-title">${t('works.title')}</label>
          <input id="nameless-title" type="text" maxlength="1000" />
        </div>
        <div class="field">
          <label for="nameless-creators">${t('works.creators')}</label>
          <input id="nameless-creators" type="text" maxlength="500" />
        </div>
        <div class="field">
          <label for="nameless-kind">${t('works.kind')}</label>
          <select id="nameless-kind">
            ${FILELESS_WORK_KINDS.map(kind => html`<option value=${kind}>${t(`kind.${kind}`)}</option>`)}
          </select>
        </div>
      </div>
      <div class="row">
        <button class="button" type="button" @click=${add}>${t('works.add')}</button>
        <button class="link-button" type="button" @click=${() => (this.withoutLink = false)}>${t('cancel')}</button>
      </div>
    </fieldset>`;
  }

  #item(item) {
    const head = content =>
      html`<div class="head">
        <div class="stack-s">${content}</div>
        <button
          class="link-button small"
          type="button"
          @click=${() => this.#remove(item)}
          aria-label=${t('works.remove.label', {what: item.title || item.text})}
        >
          ${t('works.remove')}
        </button>
      </div>`;
    if (item.nameless)
      return head(
        html`<span class="row"
          ><span class="tag">${t(`kind.${item.kind}`)}</span><span class="strong">${item.title}</span
          ><span class="soft">${item.creators}</span></span
        >`,
      );
    if (item.problem) {
      const suggestion = suggestionOf(item.problem);
      return head(
        html`<span class="value">${item.text}</span>
          <div><span class="error">${problemText(item.problem)}</span>${detailView(item.problem)}</div>
          ${suggestion
            ? html`<p>
                <button class="button s" type="button" @click=${() => this.#useInstead(item, suggestion)}>
                  ${t('works.suggestion', {subject: suggestion})}
                </button>
              </p>`
            : nothing}`,
      );
    }
    if (!item.subject)
      return head(
        html`<span class="strong">${item.text}</span
          ><label class="hint" for="hash-${item.key}"
            >${t('works.hashing', {
              done: percent(item.size ? item.done / item.size : 0),
              size: bytes(item.size),
            })}</label
          >
          <progress id="hash-${item.key}" max="1" .value=${item.size ? item.done / item.size : 0}></progress>`,
      );
    const options = this.forLookup ? [] : reachOptions(item.own);
    return html`${head(
      html`<span class="row"
          ><span class="tag">${schemeName(schemeOf(item.subject))}</span>${item.file
            ? html`<span class="strong">${item.text}</span>`
            : nothing}</span
        ><span class="value">${valueOf(item.subject)}</span>`,
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
    ${schemeOf(item.subject) !== 'url' && options.length > 0
      ? html`<p class="hint">${t('works.reach.pending')}</p>`
      : nothing}
    ${this.forLookup
      ? nothing
      : html`<div class="field">
          <label class="hint" for="title-${item.key}">${t('works.title.optional')}</label>
          <input
            id="title-${item.key}"
            type="text"
            maxlength="1000"
            .value=${item.title}
            @input=${event => {
              item.title = event.target.value;
            }}
          />
        </div>`}`;
  }
}
customElements.define('af-works', Works);
