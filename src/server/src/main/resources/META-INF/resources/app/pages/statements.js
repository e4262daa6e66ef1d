// Statements of what is due: all of them with a chart, and one with its lines, the parts of members and disputes.
import {html, nothing, svg} from 'lit';
import {account} from '../account.js';
import {call, send} from '../api.js';
import {PageElement, toast} from '../element.js';
import {save} from '../files.js';
import {bothZones, isolated, number, t} from '../i18n.js';
import {money, priceText} from '../license-words.js';
import {signInView} from '../licensing.js';
import '../sure.js';
import {licenseLinks, refusalView, subjectView} from '../words.js';

const PAGE = 100;
const LISTED = 20;
const BARS = 12;
const WIDE = 720;
const HIGH = 160;
const ROLES = ['licensor', 'licensee'];
const VERDICTS = ['accepted', 'unknown', 'outside-grant', 'over-claimed', 'duplicate'];
const LARGEST_EXPORT = 64 << 20;

const otherOf = role => (role === 'licensor' ? 'licensee' : 'licensor');
const nameOf = (one, role) => one[`${role}Name`] ?? one[role];
const pathOf = one => `/grants/${one.grant}/reports/${one.period}/${one.revision}`;
const dueText = one =>
  one.due === undefined ? t('statement.negotiated') : one.currency ? money(one.due, one.currency) : t('statement.free');

/** The sums by period of the currency that has most statements, the newest periods. */
function sums(statements) {
  const priced = statements.filter(one => one.currency && one.due !== undefined);
  const counts = new Map();
  for (const {currency} of priced) counts.set(currency, (counts.get(currency) ?? 0) + 1);
  const [currency] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [null];
  const byPeriod = new Map();
  for (const one of priced)
    if (one.currency === currency) byPeriod.set(one.period, (byPeriod.get(one.period) ?? 0) + Number(one.due));
  return {currency, periods: [...byPeriod].sort(([a], [b]) => (a < b ? -1 : 1)).slice(-BARS)};
}

/** A bar for each period. The table below has the same amounts, exactly; only the picture rounds. */
function chartView(statements) {
  const {currency, periods} = sums(statements);
  if (periods.length === 0) return nothing;
  const most = Math.max(1e-9, ...periods.map(([, sum]) => sum));
  const step = WIDE / Math.max(4, periods.length);
  return html`<figure>
    <svg
      class="chart asked-chart"
      viewBox="0 0 ${WIDE} ${HIGH}"
      preserveAspectRatio="none"
      role="img"
      aria-label=${t('statement.chart', {currency})}
    >
      ${periods.map(
        ([, sum], place) =>
          svg`<rect class="named" x=${(place + 0.2) * step} width=${step * 0.6}
            y=${HIGH * (1 - sum / most)} height=${(HIGH * sum) / most} />`,
      )}
      ${svg`<path class="axis" d="M0 ${HIGH}H${WIDE}" />`}
    </svg>
    <figcaption><span>${periods[0][0]}</span><span>${periods.length > 1 ? periods.at(-1)[0] : ''}</span></figcaption>
  </figure>`;
}

const tableView = (label, heads, rows) =>
  html`<div class="table-wrap" tabindex="0" role="region" aria-label=${t('statement.table', {name: label})}>
    <table>
      <thead>
        <tr>
          ${heads.map(head => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;

class StatementsPage extends PageElement {
  static properties = {lists: {state: true}, members: {state: true}, refusal: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    if (account.key) this.#load();
  }

  async #all(role) {
    const all = [];
    for (let after = 0; after !== undefined && all.length < PAGE * LISTED; ) {
      const page = await call('GET', `/v1/statements?${new URLSearchParams({role, limit: PAGE, after})}`);
      all.push(...page.statements);
      after = page.next;
    }
    return all.reverse();
  }

  async #load() {
    try {
      const [licensor, licensee] = await Promise.all(ROLES.map(role => this.#all(role)));
      this.members = licensor.length > 0 ? (await call('GET', `/v1/statements/members?limit=${PAGE}`)).members : [];
      this.lists = {licensor, licensee};
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #export(role) {
    try {
      const response = await send('GET', `/v1/statements?${new URLSearchParams({role})}`, {accept: 'text/csv'});
      save(`statements-${role}.csv`, await response.text(), 'text/csv;charset=utf-8');
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  render() {
    return html`<div class="page">
      <div class="intro">
        <h1 tabindex="-1">${t('title.statements')}</h1>
        <p class="lead">${t('statements.lead')}</p>
        ${licenseLinks('statements')}
      </div>
      ${account.key ? nothing : signInView('license.sign-in')} ${refusalView(this.refusal)}
      ${this.lists
        ? ROLES.map(role => this.#list(role))
        : account.key && !this.refusal
          ? html`<p class="soft" role="status">${t('loading')}</p>`
          : nothing}
      ${this.members?.length > 0 ? this.#members() : nothing}
    </div>`;
  }

  #list(role) {
    const ones = this.lists[role];
    const other = otherOf(role);
    return html`<section class="step" aria-labelledby=${role}>
      <h2 id=${role}>${t(`statement.list.${role}`)}</h2>
      ${ones.length === 0
        ? html`<p class="soft">${t(`statement.list.${role}.none`)}</p>`
        : html`${chartView(ones)}
            ${tableView(
              t(`statement.list.${role}`),
              [
                t('statement.period'),
                t(role === 'licensor' ? 'grant.licensee' : 'license.licensor'),
                t('statement.due'),
              ],
              ones.map(
                one =>
                  html`<tr>
                    <td><a href=${pathOf(one)}>${one.period}</a></td>
                    <td><bdi>${nameOf(one, other)}</bdi></td>
                    <td>${dueText(one)}</td>
                  </tr>`,
              ),
            )}
            <div><button class="button s" @click=${() => this.#export(role)}>${t('statement.csv')}</button></div>`}
    </section>`;
  }

  #members() {
    return html`<section class="step" aria-labelledby="members">
      <h2 id="members">${t('statement.members')}</h2>
      <p>${t('statement.members.text')}</p>
      ${tableView(
        t('statement.members'),
        [t('statement.member'), t('statement.lines'), t('statement.amount')],
        this.members.map(
          one =>
            html`<tr>
              <td><bdi>${one.memberName ?? one.member}</bdi></td>
              <td>${number(one.lines)}</td>
              <td>${money(one.amount, one.currency)}</td>
            </tr>`,
        ),
      )}
    </section>`;
  }
}
customElements.define('af-statements', StatementsPage);

class StatementPage extends PageElement {
  static properties = {
    path: {attribute: true},
    one: {state: true},
    report: {state: true},
    verdict: {state: true},
    lines: {state: true},
    members: {state: true},
    disputes: {state: true},
    refusal: {state: true},
    busy: {state: true},
  };

  willUpdate(changed) {
    if (changed.has('path') && account.key) this.#load();
  }

  async #load() {
    this.refusal = this.one = null;
    try {
      const at = `/v1${this.path}`;
      const [one, report] = await Promise.all([call('GET', `${at}/statement`), call('GET', at)]);
      const [members, disputes] = await Promise.all([
        one.memberCount > 0 ? call('GET', `${at}/statement/members?limit=${PAGE}`) : {members: []},
        call('GET', `${at}/disputes?limit=${PAGE}`),
      ]);
      this.report = report;
      this.members = members.members;
      this.disputes = disputes.disputes;
      this.one = one;
      document.title = `${this.#heading()} · ${t('brand')}`;
      this.verdict = VERDICTS.slice(1).find(name => report.verdicts[name] > 0) ?? 'accepted';
      await this.#choose(this.verdict);
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  #choose(verdict) {
    return this.#try(async () => {
      this.verdict = verdict;
      this.lines = await call('GET', `/v1${this.path}/lines?${new URLSearchParams({verdict, limit: LISTED})}`);
    });
  }

  #more() {
    return this.#try(async () => {
      const {next, lines} = this.lines;
      const query = new URLSearchParams({verdict: this.verdict, limit: LISTED, after: next});
      const page = await call('GET', `/v1${this.path}/lines?${query}`);
      this.lines = {...page, lines: [...lines, ...page.lines]};
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

  get #role() {
    return this.one.licensor === account.id ? 'licensor' : 'licensee';
  }

  #heading() {
    const role = this.#role;
    return t(`statement.h1.${role}`, {name: isolated(nameOf(this.one, otherOf(role))), period: this.one.period});
  }

  #saveSigned() {
    return this.#try(async () => {
      const signed = await call('GET', `/v1${this.path}/statement/signed`);
      save(`${this.one.report}.json`, JSON.stringify(signed, null, 2), 'application/json');
    });
  }

  #saveLines() {
    return this.#try(async () => {
      const response = await send('GET', `/v1${this.path}/lines`, {accept: 'text/csv'});
      save(`${this.one.report}.csv`, await response.text(), 'text/csv;charset=utf-8');
    });
  }

  async #dispute(line) {
    const sure = await this.querySelector('af-sure').ask({
      title: t('statement.dispute', {line: number(line)}),
      text: t('statement.dispute.text'),
      button: t('statement.dispute.send'),
      message: t('statement.dispute.reason'),
    });
    if (sure?.message)
      await this.#try(async () => {
        await call('PUT', `/v1${this.path}/disputes/${line}`, {json: {text: sure.message}});
        toast(t('statement.dispute.sent'));
        this.disputes = (await call('GET', `/v1${this.path}/disputes?limit=${PAGE}`)).disputes;
      });
  }

  async #answer(line, outcome) {
    const sure = await this.querySelector('af-sure').ask({
      title: t(`statement.answer.${outcome}`),
      text: t(`statement.answer.${outcome}.text`),
      button: t(`statement.answer.${outcome}`),
      message: t('statement.answer.reason'),
    });
    if (sure?.message)
      await this.#try(async () => {
        await call('PUT', `/v1${this.path}/disputes/${line}/answer`, {json: {outcome, text: sure.message}});
        this.disputes = (await call('GET', `/v1${this.path}/disputes?limit=${PAGE}`)).disputes;
      });
  }

  render() {
    const {one} = this;
    if (!one)
      return html`<div class="page narrow-page">
        <h1 tabindex="-1">${t('title.statement')}</h1>
        ${account.key ? nothing : signInView('license.sign-in')}
        ${this.refusal
          ? refusalView(this.refusal)
          : account.key
            ? html`<p class="soft" role="status">${t('loading')}</p>`
            : nothing}
      </div>`;
    const role = this.#role;
    return html`<div class="page narrow-page">
      <div class="intro">
        <h1 tabindex="-1">${this.#heading()}</h1>
        <p class="lead">${t(`statement.lead.${role}`)}</p>
      </div>
      ${one.current ? nothing : html`<p class="note warn">${t('statement.replaced')}</p>`} ${refusalView(this.refusal)}
      <dl class="figures">
        <div>
          <dt>${t('statement.due')}</dt>
          <dd>${dueText(one)}</dd>
        </div>
        ${VERDICTS.filter(name => this.report.verdicts[name] > 0).map(
          name =>
            html`<div>
              <dt>${t(`statement.verdict.${name}`)}</dt>
              <dd>${number(this.report.verdicts[name])}</dd>
            </div>`,
        )}
      </dl>
      <section class="step" aria-labelledby="arithmetic">
        <h2 id="arithmetic">${t('statement.arithmetic')}</h2>
        <p>${priceText(one.price)}</p>
        <p class="value"><bdi>${one.arithmetic}</bdi></p>
        <p class="hint">${t('statement.rounding')}</p>
      </section>
      ${this.members.length > 0 ? this.#members() : nothing} ${this.#lines()} ${this.#disputed()}
      <section class="step" aria-labelledby="proof">
        <h2 id="proof">${t('statement.proof')}</h2>
        <p>${t('statement.proof.text', {time: bothZones(one.issuedAt)[0]})}</p>
        <div class="row">
          <button class="button" ?disabled=${this.busy} @click=${this.#saveSigned}>${t('statement.signed')}</button>
          ${this.report.lines * 64 < LARGEST_EXPORT
            ? html`<button class="button" ?disabled=${this.busy} @click=${this.#saveLines}>
                ${t('statement.lines.csv')}
              </button>`
            : nothing}
        </div>
      </section>
      <p><a href="/grants/${one.grant}">${t('title.grant')}</a> · <a href="/statements">${t('title.statements')}</a></p>
      <af-sure></af-sure>
    </div>`;
  }

  #members() {
    const {one} = this;
    return html`<section class="step" aria-labelledby="members">
      <h2 id="members">${t('statement.members')}</h2>
      ${tableView(
        t('statement.members'),
        [t('statement.member'), t('statement.lines'), t('statement.amount')],
        this.members.map(
          each =>
            html`<tr>
              <td><bdi>${each.memberName ?? each.member}</bdi></td>
              <td>${number(each.lines)}</td>
              <td>${one.currency ? money(each.amount, one.currency) : each.amount}</td>
            </tr>`,
        ),
      )}
    </section>`;
  }

  #lines() {
    const {verdicts} = this.report;
    return html`<section class="step" aria-labelledby="lines">
      <h2 id="lines">${t('statement.lines')}</h2>
      <div class="field">
        <label for="verdict">${t('statement.verdict')}</label>
        <select id="verdict" @change=${event => this.#choose(event.target.value)}>
          ${VERDICTS.map(
            name =>
              html`<option value=${name} ?selected=${this.verdict === name}>
                ${t(`statement.verdict.${name}`)} (${number(verdicts[name] ?? 0)})
              </option>`,
          )}
        </select>
      </div>
      <p class="hint">${t(`statement.verdict.${this.verdict}.text`)}</p>
      <ul class="cards">
        ${(this.lines?.lines ?? []).map(
          line =>
            html`<li class="card">
              <div class="stack-s">
                ${line.verdict === 'unknown' || !line.work
                  ? html`<bdi class="value">${line.work ?? t('statement.line.unread')}</bdi>`
                  : subjectView(line.work)}
                <p class="meta">
                  ${t('statement.line', {line: number(line.line)})}
                  ${line.part !== undefined && this.one.currency ? `· ${money(line.part, this.one.currency)}` : nothing}
                </p>
              </div>
              <button class="link-button" @click=${() => this.#dispute(line.line)}>
                ${t('statement.dispute.begin')}<span class="visually-hidden">
                  ${t('statement.line', {line: number(line.line)})}</span
                >
              </button>
            </li>`,
        )}
      </ul>
      ${this.lines?.next === undefined
        ? nothing
        : html`<div><button class="button s" @click=${this.#more}>${t('license.works.more')}</button></div>`}
    </section>`;
  }

  #disputed() {
    if (this.disputes.length === 0) return nothing;
    return html`<section class="step" aria-labelledby="disputes">
      <h2 id="disputes">${t('statement.disputes')}</h2>
      <ul class="cards">
        ${this.disputes.map(
          one =>
            html`<li class="card">
              <div class="stack-s">
                <p class="strong">
                  ${t('statement.line', {line: number(one.line)})} · ${t(`statement.dispute.${one.status}`)}
                </p>
                <p><bdi>${one.text ?? t('license.erased')}</bdi></p>
                ${one.answer ? html`<p class="soft"><bdi>${one.answer}</bdi></p>` : nothing}
                ${one.status === 'open' && one.by !== this.#role
                  ? html`<div class="row">
                      ${['accepted', 'rejected'].map(
                        outcome =>
                          html`<button class="button s" @click=${() => this.#answer(one.line, outcome)}>
                            ${t(`statement.answer.${outcome}`)}
                          </button>`,
                      )}
                    </div>`
                  : nothing}
              </div>
            </li>`,
        )}
      </ul>
    </section>`;
  }
}
customElements.define('af-statement', StatementPage);
