// Grants: those that the party gave and holds, and one with its terms, works and signed statement.
import {html, nothing} from 'lit';
import {account} from '../account.js';
import {call} from '../api.js';
import {PageElement, toast} from '../element.js';
import {save} from '../files.js';
import {bothZones, dateTime, isolated, number, t} from '../i18n.js';
import {dayOf, dayText, priceText, termsView, usesText} from '../license-words.js';
import {countText, post, signInView} from '../licensing.js';
import {decidedBy, stripView} from '../strip.js';
import '../sure.js';
import {licenseLinks, refusalView, subjectView} from '../words.js';

const PAGE = 20;
const DAY = 86_400_000;
const ROLES = ['licensor', 'licensee'];
const LIVE = ['in-force', 'scheduled'];

const nameOf = (grant, role) => grant[`${role}Name`] ?? grant[role];
const worksText = ({works}) => (works.everything ? t('grant.everything') : countText(works.count ?? 0));

class GrantsPage extends PageElement {
  static properties = {lists: {state: true}, refusal: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    if (account.key) this.#load();
  }

  #page(role, after = 0) {
    return call('GET', `/v1/grants?${new URLSearchParams({role, order: 'newest', limit: PAGE, after})}`);
  }

  async #load() {
    try {
      const pages = await Promise.all(ROLES.map(role => this.#page(role)));
      this.lists = Object.fromEntries(ROLES.map((role, place) => [role, pages[place]]));
      this.refusal = null;
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #more(role) {
    try {
      const page = await this.#page(role, this.lists[role].next);
      this.lists = {...this.lists, [role]: {...page, grants: [...this.lists[role].grants, ...page.grants]}};
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  render() {
    return html`<div class="page">
      <div class="intro">
        <h1 tabindex="-1">${t('title.grants')}</h1>
        <p class="lead">${t('grants.lead')}</p>
        ${licenseLinks('grants')}
      </div>
      ${account.key ? nothing : signInView('license.sign-in')} ${refusalView(this.refusal)}
      ${this.lists
        ? ROLES.map(role => this.#list(role))
        : account.key && !this.refusal
          ? html`<p class="soft" role="status">${t('loading')}</p>`
          : nothing}
    </div>`;
  }

  #list(role) {
    const {grants, next} = this.lists[role];
    const other = role === 'licensor' ? 'licensee' : 'licensor';
    return html`<section class="step" aria-labelledby=${role}>
      <h2 id=${role}>${t(`grant.list.${role}`)}</h2>
      ${grants.length === 0
        ? html`<p class="soft">${t(`grant.list.${role}.none`)}</p>`
        : html`<ul class="cards">
            ${grants.map(
              grant =>
                html`<li class="card">
                  <div class="stack-s">
                    <p>
                      <a class="title" href="/grants/${grant.id}"><bdi>${nameOf(grant, other)}</bdi></a>
                    </p>
                    <p class="meta">
                      ${worksText(grant)} · ${usesText(grant.terms.uses)} · ${priceText(grant.terms.price)}
                    </p>
                  </div>
                  <p class="meta">
                    <span class="strong">${t(`grant.status.${grant.status}`)}</span><br />${t(
                      LIVE.includes(grant.status) ? 'grant.until' : 'grant.ended',
                      {day: dayText(grant.endsAt)},
                    )}
                  </p>
                </li>`,
            )}
          </ul>`}
      ${next === undefined
        ? nothing
        : html`<div><button class="button" @click=${() => this.#more(role)}>${t('asked.more')}</button></div>`}
    </section>`;
  }
}
customElements.define('af-grants', GrantsPage);

class GrantPage extends PageElement {
  static properties = {
    grant: {attribute: true},
    one: {state: true},
    answer: {state: true},
    reports: {state: true},
    refusal: {state: true},
    busy: {state: true},
  };

  willUpdate(changed) {
    if (changed.has('grant') && account.key) this.#load();
  }

  async #load() {
    this.refusal = this.one = this.answer = this.reports = null;
    try {
      const one = await call('GET', `/v1/grants/${this.grant}`);
      if (one.terms.reporting && one.terms.reporting !== 'none')
        this.reports = (await call('GET', `/v1/grants/${this.grant}/reports?limit=${PAGE}`)).reports;
      this.one = one;
      document.title = `${isolated(this.#heading())} · ${t('brand')}`;
      if (one.licensee === account.id) await this.#look(one);
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  /** Looks the first work up with the licensee's own key, as its crawler does. */
  async #look(one) {
    const {subjects} = await call('GET', `/v1/grants/${one.id}/works?limit=1`);
    if (subjects.length === 0) return;
    const {answers} = await call('POST', '/v1/lookups', {
      json: {items: [{subjects}], uses: one.terms.uses},
    });
    const [answer] = answers;
    if (answer.verdict) this.answer = {...answer, subject: subjects[0]};
  }

  get #role() {
    return this.one.licensor === account.id ? 'licensor' : 'licensee';
  }

  #heading() {
    const role = this.#role;
    return t(`grant.h1.${role}`, {name: nameOf(this.one, role === 'licensor' ? 'licensee' : 'licensor')});
  }

  async #try(work) {
    this.busy = true;
    this.refusal = null;
    try {
      await work();
    } catch (refusal) {
      this.refusal = refusal;
      await this.updateComplete;
      this.querySelector('[role=alert]')?.scrollIntoView({block: 'center'});
    } finally {
      this.busy = false;
    }
  }

  #save() {
    return this.#try(async () => {
      const statement = await call('GET', `/v1/grants/${this.one.id}/statement`);
      save(`${this.one.id}.json`, JSON.stringify(statement, null, 2), 'application/json');
    });
  }

  async #revoke() {
    const tomorrow = dayOf(Date.now() + DAY);
    const sure = await this.querySelector('af-sure').ask({
      title: t('grant.revoke.sure'),
      text: t('grant.revoke.text'),
      button: t('grant.revoke'),
      danger: true,
      day: t('grant.revoke.from'),
      earliest: tomorrow,
    });
    if (!sure) return;
    await this.#try(async () => {
      const from = sure.day >= tomorrow ? new Date(`${sure.day}T00:00:00`).toISOString() : null;
      await post(`/v1/grants/${this.one.id}/revocation`, from ? {from} : {});
      toast(t('grant.revoke.done'));
      await this.#load();
      await this.updateComplete;
      this.querySelector('h1').focus();
      window.scrollTo(0, 0);
    });
  }

  render() {
    const {one} = this;
    if (!one)
      return html`<div class="page narrow-page">
        <h1 tabindex="-1">${t('title.grant')}</h1>
        ${account.key ? nothing : signInView('license.sign-in')}
        ${this.refusal
          ? refusalView(this.refusal)
          : account.key
            ? html`<p class="soft" role="status">${t('loading')}</p>`
            : nothing}
      </div>`;
    const role = this.#role;
    const isLive = LIVE.includes(one.status);
    return html`<div class="page narrow-page">
      <div class="intro">
        <h1 tabindex="-1">${this.#heading()}</h1>
        <p class="lead">${t(`grant.lead.${one.status}`, {day: dayText(one.endsAt)})}</p>
      </div>
      ${this.#lookup()}
      <p class="note ${isLive ? 'good' : ''}">${t(isLive ? `grant.follows.${role}` : `grant.over.${role}`)}</p>
      ${refusalView(this.refusal)}
      <section class="step" aria-labelledby="terms">
        <h2 id="terms">${t('license.terms.agreed')}</h2>
        ${one.erased ? html`<p class="note">${t('license.erased')}</p>` : nothing}
        ${termsView(one.terms, t('license.terms.agreed'))}
      </section>
      ${this.#facts()} ${this.#works()} ${this.#reports()} ${this.#statement()}
      ${role === 'licensor' && isLive
        ? html`<section class="step" aria-labelledby="revoke">
            <h2 id="revoke">${t('grant.revoke')}</h2>
            <p>${t('grant.revoke.text')}</p>
            <div>
              <button class="button danger" ?disabled=${this.busy} @click=${this.#revoke}>${t('grant.revoke')}</button>
            </div>
          </section>`
        : nothing}
      <p><a href="/grants">${t('grant.all')}</a></p>
      <af-sure></af-sure>
    </div>`;
  }

  /** The answer that the licensee's key gets for the first work. */
  #lookup() {
    const {answer} = this;
    if (!answer) return nothing;
    return html`<div class="stack-s">
      ${subjectView(answer.subject)}
      ${stripView(answer.verdict, answer.verdict === 'unknown' ? '' : decidedBy(answer, this.one.licensor), {
        note: t(answer.verdict === 'allow' ? 'grant.lookup' : 'grant.lookup.not'),
      })}
    </div>`;
  }

  #facts() {
    const {one} = this;
    const row = (label, content) =>
      html`<div>
        <dt>${t(label)}</dt>
        <dd>${content}</dd>
      </div>`;
    const party = role => html`<a href="/p/${one[role]}"><bdi>${nameOf(one, role)}</bdi></a>`;
    return html`<dl class="pairs">
      ${row('license.licensor', party('licensor'))} ${row('grant.licensee', party('licensee'))}
      ${row(
        'grant.recorded',
        html`${dateTime(one.recordedAt)} · ${t('certificate.position', {position: number(one.position)})}`,
      )}
      ${row('grant.ends', bothZones(one.endsAt)[0])}
      ${one.supersedes
        ? row('grant.supersedes', html`<a class="value" href="/grants/${one.supersedes}">${one.supersedes}</a>`)
        : nothing}
      ${one.supersededBy
        ? row('grant.superseded-by', html`<a class="value" href="/grants/${one.supersededBy}">${one.supersededBy}</a>`)
        : nothing}
      ${row('grant.id', html`<span class="value">${one.id}</span>`)}
    </dl>`;
  }

  #works() {
    const {one} = this;
    return html`<section class="step" aria-labelledby="works">
      <h2 id="works">${worksText(one)}</h2>
      ${one.works.everything
        ? html`<p>${t('grant.everything.text')}</p>`
        : html`<af-paged-works
            address="/v1/grants/${one.id}/works"
            member="subjects"
            count=${one.works.count ?? 0}
          ></af-paged-works>`}
    </section>`;
  }

  /** What was reported, if the terms demand reports. */
  #reports() {
    const {reports} = this;
    if (!reports) return nothing;
    return html`<section class="step" aria-labelledby="reports">
      <h2 id="reports">${t('statement.reports')}</h2>
      <p>${t(`statement.reports.${this.#role}`)}</p>
      <ul class="plain">
        ${reports.map(
          report =>
            html`<li>
              ${report.status === 'filed'
                ? html`<a href="/grants/${report.grant}/reports/${report.period}/${report.revision}"
                    >${t('statement.report', {period: report.period, revision: number(report.revision)})}</a
                  >`
                : t('statement.report.open', {period: report.period, lines: number(report.lines)})}
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #statement() {
    return html`<section class="step" aria-labelledby="statement">
      <h2 id="statement">${t('grant.statement')}</h2>
      <p>${t('grant.statement.text')}</p>
      <div>
        <button class="button" ?disabled=${this.busy} @click=${this.#save}>${t('grant.statement.save')}</button>
      </div>
    </section>`;
  }
}
customElements.define('af-grant', GrantPage);
