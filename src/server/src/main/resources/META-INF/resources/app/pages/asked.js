// Who asked: the lookups of one declaration or of all, as a chart and tables; and the certificate of retrievability.
import {html, nothing, svg} from 'lit';
import {account} from '../account.js';
import {call, send} from '../api.js';
import {PageElement} from '../element.js';
import {save} from '../files.js';
import {bothZones, currentLanguage, date, number, t} from '../i18n.js';
import {verify} from '../proof.js';
import {refusalView, subjectView} from '../words.js';

const DAYS = 30;
const LISTED = 50;
const EXPORTED = 1000;
const WIDE = 720;
const HIGH = 160;
const DAY = 86_400_000;
const KINDS = ['identified', 'anonymous'];

const dayOf = time => new Date(time).toISOString().slice(0, 10);
const monthOf = time => new Date(time).toISOString().slice(0, 7);

/** The name of a month, such as 2026-11, in the page's language. */
const monthName = month =>
  new Intl.DateTimeFormat(currentLanguage() === 'ko' ? 'ko-KR' : 'en-GB', {
    year: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  }).format(new Date(`${month}-01T00:00:00Z`));

/** The last months, the present one first. */
function months() {
  const now = new Date();
  return Array.from({length: 13}, (_, before) =>
    monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - before, 1)),
  );
}

/** Bars of each day. The table below has the same numbers, so the picture needs no more than a label. */
function chartView(rows, from, to) {
  const byDay = new Map(rows.map(row => [row.day, row]));
  const count = Math.round((Date.parse(to) - Date.parse(from)) / DAY) + 1;
  const days = Array.from({length: count}, (_, place) => {
    const row = byDay.get(dayOf(Date.parse(from) + place * DAY));
    return KINDS.map(kind => row?.[kind] ?? 0);
  });
  const most = Math.max(1, ...days.map(([named, others]) => named + others));
  const step = WIDE / count;
  const total = rows.reduce((sum, row) => sum + row.identified + row.anonymous, 0);
  const bar = (place, low, high, kind) =>
    high > low
      ? svg`<rect class=${kind} x=${(place + 0.12) * step} width=${step * 0.76}
          y=${HIGH * (1 - high / most)} height=${(HIGH * (high - low)) / most} />`
      : nothing;
  return html`<figure>
    <svg
      class="chart asked-chart"
      viewBox="0 0 ${WIDE} ${HIGH}"
      preserveAspectRatio="none"
      role="img"
      aria-label=${t('asked.chart', {from: date(from), to: date(to), count: number(total)})}
    >
      ${days.map(
        ([named, others], place) =>
          svg`${bar(place, 0, named, 'named')}${bar(place, named, named + others, 'others')}`,
      )}
      ${svg`<path class="axis" d="M0 ${HIGH}H${WIDE}" />`}
    </svg>
    <figcaption>
      <span>${date(from)}</span>
      <span class="legend"
        ><span><i class="named"></i>${t('asked.identified')}</span
        ><span><i class="others"></i>${t('asked.anonymous')}</span></span
      >
      <span>${date(to)}</span>
    </figcaption>
  </figure>`;
}

class AskedPage extends PageElement {
  static properties = {
    declaration: {attribute: true},
    days: {state: true},
    askers: {state: true},
    works: {state: true},
    month: {state: true},
    refusal: {state: true},
    busy: {state: true},
  };

  constructor() {
    super();
    this.month = monthOf(Date.now());
  }

  willUpdate(changed) {
    if (changed.has('declaration') && account.key) this.#load();
  }

  get #address() {
    return this.declaration ? `/v1/declarations/${this.declaration}/lookups` : '/v1/parties/me/lookups';
  }

  #query(by, more = {}) {
    const to = dayOf(Date.now());
    const range = by === 'work' ? {month: this.month} : {from: dayOf(Date.now() - (DAYS - 1) * DAY), to};
    return `${this.#address}?${new URLSearchParams({by, ...range, limit: LISTED, ...more})}`;
  }

  async #load() {
    this.refusal = this.days = this.askers = this.works = null;
    try {
      [this.days, this.askers, this.works] = await Promise.all(
        ['day', 'asker', 'work'].map(by => call('GET', this.#query(by))),
      );
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  /** Loads the next rows of a list. */
  async #more(name, by) {
    await this.#try(async () => {
      const page = await call('GET', this.#query(by, {after: this[name].next}));
      this[name] = {...page, rows: [...this[name].rows, ...page.rows]};
    });
  }

  async #chooseMonth(month) {
    this.month = month;
    await this.#try(async () => (this.works = await call('GET', this.#query('work'))));
  }

  /** Saves all rows as one table, page by page. */
  async #export(by) {
    await this.#try(async () => {
      const parts = [];
      let after = 0;
      for (let more = true; more; after += EXPORTED) {
        const response = await send('GET', this.#query(by, {after, limit: EXPORTED}), {accept: 'text/csv'});
        const table = (await response.text()).replace(/^\ufeff/, '');
        const lines = table.split('\r\n');
        parts.push(after === 0 ? `\ufeff${table}` : lines.slice(1).join('\r\n'));
        more = lines.length - 2 >= EXPORTED;
      }
      save(`lookups-${by}-${dayOf(Date.now())}.csv`, parts.join(''), 'text/csv;charset=utf-8');
    });
  }

  async #try(work) {
    this.busy = true;
    this.refusal = null;
    try {
      await work();
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<div class="page">
      <div class="intro">
        <h1 tabindex="-1">${t('asked.h1')}</h1>
        <p class="lead">${t(this.declaration ? 'asked.lead.one' : 'asked.lead')}</p>
      </div>
      ${this.declaration
        ? html`<div class="row">
            <a class="button primary" href="/d/${this.declaration}/retrievability">${t('asked.certificate')}</a>
            <a class="button" href="/d/${this.declaration}">${t('asked.back')}</a>
          </div>`
        : nothing}
      ${account.key ? nothing : html`<p class="note"><a href="/key">${t('asked.sign-in')}</a></p>`}
      ${refusalView(this.refusal)}
      ${this.days && this.askers && this.works
        ? [this.#overview(this.days), this.#askersView(this.askers), this.#worksView(this.works), this.#hidden()]
        : account.key && !this.refusal
          ? html`<p class="soft" role="status">${t('loading')}</p>`
          : nothing}
    </div>`;
  }

  #exportView(by) {
    return html`<div>
      <button class="button s" ?disabled=${this.busy} @click=${() => this.#export(by)}>${t('asked.export')}</button>
    </div>`;
  }

  #overview({total, rows, from, to, countedUntil}) {
    const figure = (label, value) =>
      html`<div>
        <dt>${t(label)}</dt>
        <dd class="num">${number(value)}</dd>
      </div>`;
    return html`<section class="step" aria-labelledby="days">
      <h2 id="days">${t('asked.days')}</h2>
      <dl class="figures">
        ${figure('asked.identified', total.identified)} ${figure('asked.anonymous', total.anonymous)}
        ${figure('asked.own', total.own)}
      </dl>
      ${rows.length > 0 ? chartView(rows, from, to) : html`<p>${t('asked.none')}</p>`}
      ${rows.length > 0
        ? html`<details>
              <summary>${t('asked.table')}</summary>
              <div class="table-wrap tall" tabindex="0" role="region" aria-label=${t('asked.table')}>
                <table>
                  <thead>
                    <tr>
                      <th scope="col">${t('asked.day')}</th>
                      <th scope="col">${t('asked.identified')}</th>
                      <th scope="col">${t('asked.anonymous')}</th>
                      <th scope="col">${t('asked.own')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${rows.map(
                      row =>
                        html`<tr>
                          <th scope="row">${row.day}</th>
                          <td class="num">${number(row.identified)}</td>
                          <td class="num">${number(row.anonymous)}</td>
                          <td class="num">${number(row.own)}</td>
                        </tr>`,
                    )}
                  </tbody>
                </table>
              </div>
            </details>
            ${this.#exportView('day')}`
        : nothing}
      <p class="hint">${t('asked.until', {moment: bothZones(countedUntil)[0]})}</p>
    </section>`;
  }

  #moreView(name, by) {
    return this[name].next === undefined
      ? nothing
      : html`<div>
          <button class="button" ?disabled=${this.busy} @click=${() => this.#more(name, by)}>${t('asked.more')}</button>
        </div>`;
  }

  #askersView({rows}) {
    return html`<section class="step" aria-labelledby="askers">
      <h2 id="askers">${t('asked.askers')}</h2>
      <p class="soft">${t('asked.askers.text')}</p>
      ${rows.length === 0
        ? html`<p>${t('asked.askers.none')}</p>`
        : html`<ul class="cards">
              ${rows.map(
                row =>
                  html`<li class="card">
                    <a class="title" href="/p/${row.asker}"><bdi>${row.askerName ?? row.asker}</bdi></a>
                    <span class="meta">${t('asked.times', {count: number(row.identified)})}</span>
                  </li>`,
              )}
            </ul>
            ${this.#moreView('askers', 'asker')} ${this.#exportView('asker')}`}
    </section>`;
  }

  #worksView({rows, sketchError}) {
    return html`<section class="step" aria-labelledby="works">
      <h2 id="works">${t('asked.works')}</h2>
      <div class="field narrow">
        <label for="month">${t('asked.month')}</label>
        <select id="month" .value=${this.month} @change=${event => this.#chooseMonth(event.target.value)}>
          ${months().map(
            month => html`<option value=${month} ?selected=${month === this.month}>${monthName(month)}</option>`,
          )}
        </select>
      </div>
      ${sketchError ? html`<p class="note">${t('asked.sketch', {error: number(sketchError)})}</p>` : nothing}
      ${rows.length === 0
        ? html`<p>${t('asked.works.none')}</p>`
        : html`<ul class="cards">
              ${rows.map(
                row =>
                  html`<li class="card">
                    <div>${row.subject ? subjectView(row.subject) : t('asked.work.gone')}</div>
                    <span class="meta"
                      >${this.declaration
                        ? nothing
                        : html`<a href="/d/${row.declaration}/asked">${t('asked.declaration')}</a> · `}${t(
                        row.atMost ? 'asked.times.between' : 'asked.times',
                        {count: number(row.identified + row.anonymous), most: number(row.atMost ?? 0)},
                      )}</span
                    >
                  </li>`,
              )}
            </ul>
            ${this.#moreView('works', 'work')} ${this.#exportView('work')}`}
    </section>`;
  }

  #hidden() {
    return html`<section class="step" aria-labelledby="hidden">
      <h2 id="hidden">${t('asked.hidden')}</h2>
      <ul class="plain">
        ${['tens', 'own', 'range', 'pages'].map(one => html`<li>${t(`asked.hidden.${one}`)}</li>`)}
      </ul>
    </section>`;
  }
}
customElements.define('af-asked', AskedPage);

class RetrievabilityPage extends PageElement {
  static properties = {
    declaration: {attribute: true},
    found: {state: true},
    proof: {state: true},
    refusal: {state: true},
  };

  willUpdate(changed) {
    if (changed.has('declaration') && account.key) this.#load();
  }

  async #load() {
    this.refusal = this.found = this.proof = null;
    try {
      const [found, key] = await Promise.all([
        call('GET', `/v1/declarations/${this.declaration}/retrievability`),
        send('GET', '/log/verifier-key', {accept: 'text/plain'}).then(response => response.text()),
      ]);
      this.found = found;
      this.proof = await verify(found.proof, key, this.declaration);
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  render() {
    const {found} = this;
    if (!found)
      return html`<div class="page">
        <h1 tabindex="-1">${t('retrievability.h1')}</h1>
        ${account.key ? nothing : html`<p class="note"><a href="/key">${t('asked.sign-in')}</a></p>`}
        ${this.refusal
          ? refusalView(this.refusal)
          : account.key
            ? html`<p class="soft" role="status">${t('loading')}</p>`
            : nothing}
      </div>`;
    return html`<div class="page">
      ${this.#document(found)} ${refusalView(this.refusal)}
      <div class="row no-print">
        <button class="button primary" @click=${() => print()}>${t('retrievability.print')}</button>
        <button
          class="button"
          @click=${() =>
            save(`${found.declaration}-retrievability.json`, JSON.stringify(found, null, 2), 'application/json')}
        >
          ${t('retrievability.save')}
        </button>
        <a class="button" href="/d/${found.declaration}/asked">${t('retrievability.asked')}</a>
      </div>
      <p class="soft no-print">${t('retrievability.check')}</p>
    </div>`;
  }

  #document(found) {
    const row = (label, content) =>
      html`<div>
        <dt>${t(label)}</dt>
        <dd>${content}</dd>
      </div>`;
    const languages = currentLanguage() === 'ko' ? ['ko', 'en'] : ['en', 'ko'];
    const {proof} = this;
    const good = proof && proof.entry !== false && proof.path && proof.signature !== false;
    return html`<article class="certificate">
      <div class="top">
        <div class="stack-s">
          <p class="soft small">${t('brand')} · ${t('registry')}</p>
          <h1 tabindex="-1">${t('retrievability.h1')}</h1>
          <p class="soft">${t(`status.${found.status}`)}</p>
        </div>
      </div>
      ${languages.map(
        language =>
          html`<div class="stack-s" lang=${language}>${found.text[language].map(line => html`<p>${line}</p>`)}</div>`,
      )}
      <dl class="pairs">
        ${row(
          'certificate.party',
          html`<bdi>${found.partyName ?? nothing}</bdi> <span class="value soft">${found.party}</span>`,
        )}
        ${row(
          'certificate.first',
          html`${bothZones(found.recordedAt).map(
              (one, place) => (place === 0 ? one : html`<br />${one}`),
            )}<br /><span class="hint">${t('certificate.position', {position: number(found.position)})}</span>`,
        )}
        ${row(
          'retrievability.first',
          found.firstDay ? `${found.firstDay} – ${found.lastDay} (UTC)` : t('retrievability.never'),
        )}
        ${row(
          'retrievability.count',
          html`${t('asked.identified')}: ${number(found.retrievals.identified)}<br />${t('asked.anonymous')}:
            ${number(found.retrievals.anonymous)}`,
        )}
        ${found.askers.length > 0
          ? row(
              'retrievability.askers',
              html`<div class="stack-s">
                ${found.askers.map(
                  one =>
                    html`<div>
                      <bdi>${one.askerName ?? one.asker}</bdi>: ${t('asked.times', {count: number(one.lookups)})}<br />
                      <span class="hint">${bothZones(one.firstBy)[0]} – ${bothZones(one.lastSince)[0]}</span>
                    </div>`,
                )}
                ${found.omittedAskers > 0
                  ? html`<div>${t('retrievability.omitted', {count: number(found.omittedAskers)})}</div>`
                  : nothing}
              </div>`,
            )
          : nothing}
        ${row('retrievability.until', bothZones(found.countedUntil).join(' · '))}
        ${row(
          'certificate.issuer',
          html`${t('certificate.issuer.name')} · <span class="value">${location.origin}</span>`,
        )}
      </dl>
      <div class="stack-s small">
        ${proof ? html`<p class=${good ? 'good' : 'bad'}>${t(good ? 'proof.good' : 'proof.bad')}</p>` : nothing}
        <p class="hint">${t('certificate.leaf')} <span class="value">${found.leafHash}</span></p>
        <p class="hint">
          ${t('retrievability.signature')} <span class="value">${found.jws.split('.')[2].slice(0, 32)}…</span>
        </p>
      </div>
    </article>`;
  }
}
customElements.define('af-retrievability', RetrievabilityPage);
