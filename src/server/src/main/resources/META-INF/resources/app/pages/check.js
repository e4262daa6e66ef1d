import {html, nothing} from 'lit';
import {account} from '../account.js';
import {callPatiently} from '../api.js';
import {keepReceipts} from '../audit.js';
import {PageElement} from '../element.js';
import {dateTime, number, t} from '../i18n.js';
import '../search.js';
import {decidedBy, stripView} from '../strip.js';
import {contactView, problemView, refusalView, subjectView, valueOf} from '../words.js';
import '../works.js';

const AT_ONCE = 1000;
const SHOWN = 200;
const SEARCHES = 5;
const SELECTABLE_USES = [
  'generative-ai-training',
  'ai-training',
  'ai-input',
  'ai-index',
  'data-analysis',
  'search-indexing',
];

const shell = text => `'${text.replaceAll("'", String.raw`'\''`)}'`;

class CheckPage extends PageElement {
  static properties = {
    items: {state: true},
    answers: {state: true},
    position: {state: true},
    refusal: {state: true},
    busy: {state: true},
    waiting: {state: true},
    use: {state: true},
    copied: {state: true},
    names: {state: true},
    search: {},
  };

  constructor() {
    super();
    this.items = [];
    this.names = [];
    this.use = new URLSearchParams(location.search).get('use') ?? '';
  }

  firstUpdated() {
    return this.#askAddress();
  }

  /** A result of a search leads to this page again, with other subjects. */
  updated(changed) {
    const before = changed.get('search');
    if (before === undefined || before === this.search) return;
    const works = this.querySelector('af-works');
    works.items = [];
    this.items = [];
    this.#askAddress();
  }

  async #askAddress() {
    const parameters = new URLSearchParams(location.search);
    const asked = [...parameters.getAll('subject'), ...parameters.getAll('q')];
    if (asked.length === 0) return;
    const works = this.querySelector('af-works');
    works.typed = asked.join('\n');
    await this.#ask();
  }

  async #ask(event) {
    event?.preventDefault();
    const works = this.querySelector('af-works');
    await works.recognise();
    const items = this.items.filter(item => item.subject);
    this.names = [...new Set(works.names)].slice(0, SEARCHES);
    if (items.length === 0) {
      const isAsked = this.items.length > 0 || this.names.length > 0;
      this.answers = isAsked ? [] : null;
      this.refusal = isAsked ? null : {problem: {type: 'https://askfirst.org/problems/nothing-asked'}};
      if (this.names.length > 0) {
        history.replaceState(null, '', `/check?${new URLSearchParams(this.names.map(name => ['q', name]))}`);
        await this.updateComplete;
        this.querySelector('#found').focus();
      }
      return;
    }
    this.refusal = null;
    this.busy = true;
    try {
      const answers = [];
      const lookups = [];
      for (let from = 0; from < items.length; from += AT_ONCE) {
        const some = items.slice(from, from + AT_ONCE);
        const request = {
          items: some.map(item => ({id: String(item.key), subjects: [item.subject]})),
          ...(this.use ? {uses: [this.use]} : {}),
          // Whoever has an account gets evidence that she has asked.
          ...(account.key ? {receipt: true} : {}),
        };
        const answer = await callPatiently(
          'POST',
          '/v1/lookups',
          {json: request},
          waiting => (this.waiting = waiting),
        );
        lookups.push({request, answer});
        answers.push(...answer.answers.map((one, place) => ({...one, item: some[place]})));
        this.position = answer.position;
        this.answeredAt = answer.answeredAt;
      }
      this.answers = answers;
      this.lookups = lookups;
      keepReceipts(lookups);
      const asked = new URLSearchParams(this.use ? {use: this.use} : {});
      if (items.length <= 5) for (const item of items) asked.append('subject', item.subject);
      history.replaceState(null, '', `/check${asked.size > 0 ? `?${asked}` : ''}`);
      await this.updateComplete;
      this.querySelector('#results').focus();
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
      this.waiting = null;
    }
  }

  render() {
    return html`<form class="page" novalidate @submit=${this.#ask}>
      <div class="intro">
        <h1 tabindex="-1">${t('check.h1')}</h1>
        <p class="lead">${t('check.lead')}</p>
      </div>
      <af-works forLookup @works=${event => (this.items = event.detail)}></af-works>
      <div class="fields">
        <div class="field">
          <label for="use">${t('check.use')}</label>
          <select id="use" @change=${event => (this.use = event.target.value)}>
            <option value="">${t('check.use.all')}</option>
            ${SELECTABLE_USES.map(
              use => html`<option value=${use} ?selected=${this.use === use}>${t(`use.${use}`)}</option>`,
            )}
          </select>
        </div>
      </div>
      ${this.waiting
        ? html`<p class="note warn" role="status">
            ${t(this.waiting.status === 0 ? 'waiting.offline' : 'waiting.busy', {
              seconds: this.waiting.retryAfter || 2,
            })}
          </p>`
        : nothing}
      ${refusalView(this.refusal)}
      <div>
        <button class="button primary" ?disabled=${this.busy}>${t(this.busy ? 'check.busy' : 'check.submit')}</button>
      </div>
      ${this.answers?.length ? this.#results() : nothing} ${this.names.length > 0 ? this.#found() : nothing}
    </form>`;
  }

  #found() {
    return html`<section class="step" aria-labelledby="found">
      <h2 id="found" tabindex="-1">${t('search.h2')}</h2>
      ${this.names.map(name => html`<af-search-results .text=${name}></af-search-results>`)}
    </section>`;
  }

  #results() {
    const counts = {};
    for (const answer of this.answers)
      counts[answer.verdict ?? 'unknown'] = (counts[answer.verdict ?? 'unknown'] ?? 0) + 1;
    return html`<section class="step" aria-labelledby="results">
      <h2 id="results" tabindex="-1">${t('check.results')}</h2>
      ${this.answers.length > 1
        ? html`<p>
            ${['deny', 'ask', 'unknown', 'allow']
              .filter(verdict => counts[verdict])
              .map(verdict => `${t(`verdict.${verdict}`)} ${number(counts[verdict])}`)
              .join(' · ')}
          </p>`
        : nothing}
      <ul class="items">
        ${this.answers.slice(0, SHOWN).map(answer => html`<li class="item">${this.#answer(answer)}</li>`)}
      </ul>
      ${this.answers.length > SHOWN
        ? html`<p class="hint">${t('check.shown', {shown: number(SHOWN), all: number(this.answers.length)})}</p>`
        : nothing}
      <p class="hint">${t('check.position', {position: number(this.position), when: dateTime(this.answeredAt)})}</p>
      <af-audit .lookups=${this.lookups}></af-audit>
      ${this.#programs()}
    </section>`;
  }

  #answer({item, verdict, statements, problem}) {
    const what = html`<div class="stack-s">
      ${item.file ? html`<span class="strong"><bdi>${item.text}</bdi></span>` : nothing}${subjectView(item.subject)}
    </div>`;
    if (problem)
      return html`${what}
        <div class="error">${problemView(problem)}</div>`;
    const applied = statements.filter(one => one.applied);
    const notApplied = statements.filter(one => !one.applied);
    return html`${what}
      ${stripView(verdict, verdict === 'unknown' ? '' : decidedBy({statements}), {
        note: t(notApplied.length > 0 && verdict === 'unknown' ? 'check.why.not-applied' : `check.why.${verdict}`),
      })}
      ${applied.map(
        one =>
          html`<div class="note">
            <p>
              <a class="strong" href="/p/${one.party}"><bdi>${one.partyName ?? one.party}</bdi></a>
              <span class="soft">(${t(`trust.${one.trust}`)})</span>
            </p>
            <p class="hint">${t(one.evidenced ? 'evidence.yes' : 'evidence.no')}</p>
            <p>
              ${t(
                one.stance === 'reserved' && one.contact ? 'stance.reserved-ask' : `stance.${one.stance}`,
              )}${one.subject === item.subject
                ? ''
                : ` · ${t('check.by', {subject: valueOf(one.subject)})}`}
            </p>
            ${one.mandate
              ? html`<p class="small">
                  ${t(one.mandate.memberName ? 'check.for' : 'check.for.member', {name: one.mandate.memberName})}
                </p>`
              : nothing}
            ${one.through
              ? html`<p class="small">
                  ${t('check.through', {
                    title: one.through.title ?? one.through.repertoire,
                    subject: valueOf(one.subject),
                    position: number(one.through.listedPosition),
                  })}
                </p>`
              : nothing}
            ${one.contested ? html`<p class="small">${t('check.contested')}</p>` : nothing}
            ${one.contact
              ? html`<p>${t('check.contact')} ${contactView(one.contact)}</p>
                  <p class="hint">${t(one.contactVerified ? 'contact.verified' : 'contact.unverified')}</p>`
              : nothing}${one.terms?.text
              ? html`<p class="small">${one.terms.text}</p>`
              : nothing}${one.terms?.license
              ? html`<p class="small">
                  <a href=${one.terms.license} rel="noreferrer nofollow">${one.terms.license}</a>
                </p>`
              : nothing}
            <p class="small">
              <a href="/d/${one.declaration}">${t('done.certificate')}</a> ·
              <a href="/dispute/${one.declaration}">${t('dispute.not-theirs')}</a>${verdict === 'ask' &&
              one.party !== account.id
                ? html` ·
                    <a href="/d/${one.declaration}/license?subject=${encodeURIComponent(item.subject)}"
                      >${t('license.ask.link')}</a
                    >`
                : nothing}
            </p>
          </div>`,
      )}
      ${notApplied.length > 0
        ? html`<details>
            <summary>${t('check.not-applied', {count: number(notApplied.length)})}</summary>
            <ul>
              ${notApplied.map(
                one =>
                  html`<li>
                    <a href="/d/${one.declaration}"><bdi>${one.partyName ?? one.party}</bdi></a>:
                    ${t(`stance.${one.stance}`)}
                    <span class="hint"
                      >${t(`not-applied.${one.notAppliedReason}`)}${one.through
                        ? ` ${t('check.through.shown', {title: one.through.title ?? one.through.repertoire})}`
                        : ''}</span
                    >
                  </li>`,
              )}
            </ul>
          </details>`
        : nothing}`;
  }

  /** The same lookup as a program makes it. */
  #programs() {
    const some = this.answers.slice(0, 3);
    const json = JSON.stringify(
      {
        items: some.map(({item}) => ({id: String(item.key), subjects: [item.subject]})),
        uses: [this.use || 'text-and-data-mining'],
      },
      null,
      1,
    );
    const address = `${location.origin}/v1/lookups`;
    const curl = [`curl -s ${address} \\`, "  -H 'Content-Type: application/json' \\", `  -d ${shell(json)}`].join(
      '\n',
    );
    const python = [
      'import json, urllib.request',
      '',
      `question = json.loads(r'''${json.replaceAll("'''", '')}''')`,
      `request = urllib.request.Request("${address}",`,
      '    json.dumps(question).encode(), {"Content-Type": "application/json"})',
      'with urllib.request.urlopen(request, timeout=20) as response:',
      '    answers = json.load(response)["answers"]',
      '',
      'for answer in answers:',
      '    # Only "allow" is permission. Errors, time-outs and "unknown" are not.',
      '    print(answer["id"], answer.get("verdict", "problem") == "allow", answer.get("verdict"))',
    ].join('\n');
    return html`<details>
      <summary>${t('check.programs')}</summary>
      <div class="stack">
        <h3>curl</h3>
        <pre tabindex="0" aria-label="curl"><code>${curl}</code></pre>
        <h3>Python</h3>
        <pre tabindex="0" aria-label="Python"><code>${python}</code></pre>
        <p><a href="/crawlers">${t('nav.crawlers')}</a></p>
      </div>
    </details>`;
  }
}
customElements.define('af-check', CheckPage);
