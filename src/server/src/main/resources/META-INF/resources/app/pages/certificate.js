import {html, nothing} from 'lit';
import {account} from '../account.js';
import {call, send} from '../api.js';
import '../choice.js';
import {choiceOf, faults, stancesAndTerms} from '../choice.js';
import {PageElement, navigate, toast} from '../element.js';
import {save} from '../files.js';
import {date, dateTime, number, t} from '../i18n.js';
import {verify} from '../proof.js';
import {contactView, kindName, refusalView, stancesByUse, subjectView, titleOf} from '../words.js';

const RECENT = 20_000;
const LISTED = 50;

const creatorsText = work => work?.creators?.join(', ') ?? '';

class CertificatePage extends PageElement {
  static properties = {
    declaration: {attribute: true},
    found: {state: true},
    party: {state: true},
    history: {state: true},
    proof: {state: true},
    listed: {state: true},
    refusal: {state: true},
    failed: {state: true},
  };

  willUpdate(changed) {
    if (changed.has('declaration')) this.#load();
  }

  async #load() {
    this.refusal = this.found = this.party = this.history = this.proof = this.listed = null;
    const address = `/v1/declarations/${this.declaration}`;
    try {
      const found = await call('GET', address);
      this.found = found;
      await this.updateComplete;
      document.title = `${titleOf(found)} · ${t('brand')}`;
      if (found.repertoire) await this.#list();
      const [history, party] = await Promise.all([call('GET', `${address}/history`), this.#loadParty(found)]);
      this.history = history.entries;
      this.party = party;
      await this.#verify();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  /** The party's name and trust, as a lookup shows them. For a list, the lookup asks about an item of the list. */
  async #loadParty(found) {
    const mandate = found.mandate ? await call('GET', `/v1/mandates/${found.mandate}`, {key: null}) : null;
    const known = {
      partyName: mandate?.societyName ?? (found.party === account.id ? account.name : undefined),
      member: mandate?.member,
      memberName: mandate?.memberName,
      inForce: mandate?.inForce,
    };
    const subjects = found.repertoire ? this.listed.all.map(one => one.subject) : found.subjects;
    if (found.status !== 'in-force' || subjects.length === 0) return known;
    const {answers} = await call('POST', '/v1/lookups', {
      json: {items: [{subjects: subjects.slice(0, 1)}], uses: ['text-and-data-mining', 'search-indexing']},
    });
    return {...known, ...answers[0].statements?.find(one => one.declaration === found.id)};
  }

  /** Loads more items of the list. */
  async #list() {
    const page = await call(
      'GET',
      `/v1/declarations/${this.declaration}/repertoire?limit=${LISTED}${
        this.listed?.next ? `&after=${this.listed.next}` : ''
      }`,
    );
    this.listed = {all: [...(this.listed?.all ?? []), ...page.items], count: page.listedCount, next: page.next};
  }

  async #more() {
    try {
      await this.#list();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #verify() {
    this.failed = null;
    try {
      const [proof, key] = await Promise.all([
        call('GET', `/v1/declarations/${this.declaration}/proof`),
        send('GET', '/log/verifier-key', {accept: 'text/plain'}).then(response => response.text()),
      ]);
      this.proof = await verify(proof, key, this.declaration);
    } catch (refusal) {
      this.failed = refusal;
    }
  }

  async #withdraw() {
    try {
      await call('DELETE', `/v1/declarations/${this.declaration}`);
      this.querySelector('dialog').close();
      toast(t('certificate.withdrawn'));
      await this.#load();
    } catch (refusal) {
      this.querySelector('dialog').close();
      this.refusal = refusal;
    }
  }

  render() {
    const {found} = this;
    if (!found)
      return html`<div class="page">
        <h1 tabindex="-1">${t('certificate.h1')}</h1>
        ${this.refusal
          ? html`${refusalView(this.refusal)}
              <p><a href="/">${t('nav.home')}</a></p>`
          : html`<p class="soft" role="status">${t('loading')}</p>`}
      </div>`;
    return html`<div class="page">
      ${this.#document(found)} ${refusalView(this.refusal)}
      ${found.party === account.id && found.status !== 'withdrawn' && found.pending?.length
        ? html`<section class="note warn stack no-print" aria-labelledby="pending">
            <h2 id="pending">${t('done.pending.h2')}</h2>
            <p>${t('done.pending')}</p>
            <ul class="plain">
              ${found.pending.map(
                subject =>
                  html`<li class="row">
                    ${subjectView(subject)}
                    <a class="button s" href="/prove?subject=${encodeURIComponent(subject)}">${t('prove.now')}</a>
                  </li>`,
              )}
            </ul>
          </section>`
        : nothing}
      <div class="row no-print">
        <button class="button primary" @click=${() => print()}>${t('certificate.print')}</button>
        <button class="button" @click=${() => this.#share(found)}>${t('certificate.share')}</button>
        ${found.party === account.id &&
        found.status !== 'withdrawn' &&
        !(found.mandate && this.party?.inForce === false)
          ? html`<a class="button" href="/d/${found.id}/amend">${t('certificate.amend')}</a>`
          : nothing}${this.#mayWithdraw(found)
          ? html`<button class="button danger" @click=${() => this.querySelector('dialog').showModal()}>
              ${t('certificate.withdraw')}
            </button>`
          : nothing}
      </div>
      ${found.repertoire && this.listed ? this.#contents(this.listed) : nothing}
      <section class="step no-print" aria-labelledby="proof">
        <h2 id="proof">${t('proof.h2')}</h2>
        ${this.#proof(found)}
      </section>
      <section class="step no-print" aria-labelledby="history">
        <h2 id="history">${t('history.h2')}</h2>
        <ol class="timeline">
          ${(this.history ?? []).map(
            entry =>
              html`<li>
                <span class="strong">${t(`entry.${entry.entry.type}`)}</span>
                <span class="soft">${dateTime(entry.recordedAt)}</span><br /><span class="hint"
                  >${t('certificate.position', {position: number(entry.position)})} ·
                  <span class="value">${entry.leafHash.slice(0, 16)}…</span></span
                >
              </li>`,
          )}
        </ol>
      </section>
      <dialog aria-labelledby="sure">
        <div>
          <h2 id="sure">${t('withdraw.sure')}</h2>
          <p>${t('withdraw.text')}</p>
          <div class="row">
            <button class="button danger" @click=${this.#withdraw}>${t('certificate.withdraw')}</button>
            <button class="button" @click=${() => this.querySelector('dialog').close()}>${t('cancel')}</button>
          </div>
        </div>
      </dialog>
    </div>`;
  }

  /** The declaring party may withdraw. After the end of the mandate, only the member may. */
  #mayWithdraw(found) {
    const ended = found.mandate && this.party?.inForce === false;
    return (
      found.status !== 'withdrawn' &&
      account.id !== undefined &&
      (ended ? this.party.member : found.party) === account.id
    );
  }

  #contents({all, count, next}) {
    return html`<section class="step no-print" aria-labelledby="listed">
      <h2 id="listed">${t('repertoire.contents')}</h2>
      <p role="status" class="soft">
        ${count === 0
          ? t('repertoire.empty')
          : next
            ? t('check.shown', {shown: number(all.length), all: number(count)})
            : t('repertoire.count', {count: number(count)})}
      </p>
      ${all.length > 0
        ? html`<ul class="cards">
            ${all.map(
              one =>
                html`<li class="card">
                  <div>
                    ${subjectView(one.subject)}${one.pending
                      ? html`<span class="hint">${t('certificate.pending')}</span>`
                      : nothing}
                  </div>
                  <span class="meta">${t('certificate.position', {position: number(one.position)})}</span>
                </li>`,
            )}
          </ul>`
        : nothing}
      ${next ? html`<div><button class="button" @click=${this.#more}>${t('repertoire.more')}</button></div>` : nothing}
    </section>`;
  }

  #document(found) {
    const by = Object.entries(stancesByUse(found.stances));
    const alike = by.length > 0 && by.every(([, stance]) => stance === by[0][1]);
    const address = found.terms?.contact ?? found.terms?.license ?? this.party?.contact;
    const stance = one => t(one === 'reserved' && address ? 'stance.reserved-ask' : `stance.${one}`);
    const name = this.party?.partyName ?? (found.party === account.id ? account.name : null);
    const member = found.mandate
      ? this.party?.mandate?.memberName ?? this.party?.memberName ?? t('certificate.mandate.member')
      : null;
    const statement =
      found.status === 'withdrawn'
        ? 'certificate.statement.withdrawn'
        : found.mandate
          ? 'certificate.statement.mandate'
          : found.repertoire
            ? 'certificate.statement.list'
            : 'certificate.statement';
    const row = (label, content) =>
      content
        ? html`<div>
            <dt>${label}</dt>
            <dd>${content}</dd>
          </div>`
        : nothing;
    return html`<article class="certificate ${found.status}">
      <div class="top">
        <div class="stack-s">
          <p class="soft small">${t('brand')} · ${t('registry')}</p>
          <h1 tabindex="-1">${t('certificate.h1')}</h1>
          <p>${t(`status.${found.status}`)}</p>
        </div>
        <img src="/app/seal.svg" alt="" width="72" height="72" />
      </div>
      <p class="statement">${t(statement, {name: name ?? t('certificate.somebody'), member})}</p>
      <dl class="pairs">
        ${row(
          t('certificate.list'),
          found.repertoire
            ? html`<span class="strong">${found.repertoire.title ?? t('repertoire.untitled')}</span><br />${t(
                  'repertoire.listed',
                  {count: number(this.listed?.count ?? found.repertoire.listedCount)},
                )}<br /><span class="hint">${t('repertoire.hint')}</span>`
            : null,
        )}
        ${row(
          t('certificate.work'),
          found.work
            ? html`<span class="strong">${found.work.title}</span>${found.work.creators?.length
                  ? html`<br />${found.work.creators.join(', ')}`
                  : nothing}${found.work.kind
                  ? html` <span class="soft">(${kindName(found.work.kind)})</span>`
                  : nothing}`
            : null,
        )}
        ${row(
          t('certificate.subjects'),
          found.subjects.length > 0
            ? html`<div class="stack-s">
                ${found.subjects.map(
                  subject =>
                    html`<div>
                      ${subjectView(subject)}${found.pending?.includes(subject)
                        ? html`<span class="hint">${t('certificate.pending')}</span>`
                        : nothing}
                    </div>`,
                )}
              </div>`
            : null,
        )}
        ${row(
          t('certificate.stances'),
          alike && by.length >= 5
            ? html`<span class="strong">${stance(by[0][1])}</span><br /><span class="hint"
                  >${by.map(([use]) => t(`use.${use}`)).join(', ')}</span
                >`
            : html`<ul class="stances">
                ${by.map(([use, one]) => html`<li>${t(`use.${use}`)}: <span class="strong">${stance(one)}</span></li>`)}
              </ul>`,
        )}
        ${row(t('certificate.contact'), address ? contactView(address) : null)}
        ${row(
          t('certificate.terms'),
          found.terms?.text || found.terms?.payment
            ? html`${found.terms.text ?? nothing}${found.terms.payment?.amount
                ? html`<p>${number(found.terms.payment.amount)} ${found.terms.payment.currency}</p>`
                : nothing}`
            : null,
        )}
        ${row(
          t('certificate.period'),
          found.validFrom || found.validTo
            ? `${found.validFrom ? date(found.validFrom) : ''} – ${found.validTo ? date(found.validTo) : ''}`
            : null,
        )}
        ${row(
          t('certificate.party'),
          html`${name ?? nothing} <span class="value soft">${found.party}</span>${this.party?.trust
              ? html`<br /><span class="hint">${t(`trust.${this.party.trust}`)}</span>`
              : nothing}`,
        )}
        ${row(
          t('certificate.mandate'),
          found.mandate
            ? html`${member} <span class="value soft">${found.mandate}</span>${this.party?.inForce === false
                  ? html`<br /><span class="hint">${t('certificate.mandate.ended')}</span>`
                  : nothing}`
            : null,
        )}
        ${row(
          t('certificate.recorded'),
          html`${dateTime(found.recordedAt)}<br /><span class="hint"
              >${t('certificate.position', {position: number(found.position)})}</span
            >`,
        )}
      </dl>
      <div class="foot-row">
        <img class="qr" src="/d/${found.id}/qr.svg" alt=${t('certificate.qr')} width="120" height="120" />
        <div class="stack-s small">
          <p class="value">${location.origin}/d/${found.id}</p>
          <p class="hint">${t('certificate.leaf')} <span class="value">${found.receipt.leafHash}</span></p>
          <p class="soft">${t('certificate.disclaimer')}</p>
        </div>
      </div>
    </article>`;
  }

  async #share(found) {
    const url = `${location.origin}/d/${found.id}`;
    try {
      if (navigator.share && matchMedia('(pointer: coarse)').matches)
        await navigator.share({title: titleOf(found), url});
      else {
        await navigator.clipboard.writeText(url);
        toast(t('copied'));
      }
    } catch {
      /* The person cancelled. */
    }
  }

  #proof(found) {
    const {proof} = this;
    if (this.failed)
      return html`${refusalView(this.failed)}
        <p><button class="button s" @click=${this.#verify}>${t('proof.again')}</button></p>`;
    if (!proof)
      return html`<p class="soft" role="status">
        ${t(Date.now() - Date.parse(found.recordedAt) < RECENT ? 'proof.soon' : 'loading')}
      </p>`;
    const step = (result, name, values) =>
      html`<li class=${result ? 'ok' : result === false ? 'no' : ''}>
        ${t(result === false ? `${name}.no` : result === null ? `${name}.unknown` : name, values)}
      </li>`;
    const good = proof.entry && proof.path && proof.signature !== false;
    return html`<p>${t('proof.text')}</p>
      <div role="status">
        <ul class="steps-ok">
          ${step(proof.entry, 'proof.entry')}${step(proof.path, 'proof.path', {size: number(proof.size)})}${step(
            proof.signature,
            'proof.signature',
            {origin: proof.origin},
          )}
        </ul>
      </div>
      <p class="note ${good ? 'good' : 'bad'}">${t(good ? 'proof.good' : 'proof.bad')}</p>
      <div class="row">
        <button
          class="button s"
          @click=${async () =>
            save(
              `${found.id}.tlog-proof`,
              await (await send('GET', `/v1/declarations/${found.id}/proof`, {accept: 'text/plain'})).text(),
            )}
        >
          ${t('proof.save')}
        </button>
      </div>`;
  }
}
customElements.define('af-certificate', CertificatePage);

class AmendPage extends PageElement {
  static properties = {
    declaration: {attribute: true},
    found: {state: true},
    choice: {state: true},
    wrong: {state: true},
    refusal: {state: true},
    busy: {state: true},
  };

  constructor() {
    super();
    this.wrong = {};
  }

  willUpdate(changed) {
    if (changed.has('declaration')) this.#load();
  }

  async #load() {
    try {
      this.found = await call('GET', `/v1/declarations/${this.declaration}`);
      this.choice = choiceOf(this.found);
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  async #submit(event) {
    event.preventDefault();
    this.wrong = faults(this.choice);
    if (Object.keys(this.wrong).length > 0) return;
    // An amendment replaces the whole declaration: members that are not repeated here would be lost.
    const kept = Object.fromEntries(
      ['validFrom', 'validTo', 'mandate', 'market']
        .filter(name => this.found[name] !== undefined)
        .map(name => [name, this.found[name]]),
    );
    this.busy = true;
    this.refusal = null;
    try {
      await call('PUT', `/v1/declarations/${this.declaration}`, {
        json: {...this.#named(), ...stancesAndTerms(this.choice), ...kept},
      });
      toast(t('amend.done'));
      navigate(`/d/${this.declaration}`);
    } catch (refusal) {
      this.refusal = refusal;
    } finally {
      this.busy = false;
    }
  }

  /** The subjects and the work, or the list. */
  #named() {
    const {subjects, repertoire, work} = this.found;
    const title = this.querySelector('#title').value.trim();
    if (repertoire) return title ? {repertoire: {title}} : {};
    if (!title) return {subjects};
    const field = this.querySelector('#creators').value;
    // A name may contain a comma, so an unchanged field keeps its list.
    const creators =
      field === creatorsText(work)
        ? work?.creators ?? []
        : field
            .split(',')
            .map(name => name.trim())
            .filter(Boolean);
    return {
      subjects,
      work: {...(work?.kind ? {kind: work.kind} : {}), title, ...(creators.length > 0 ? {creators} : {})},
    };
  }

  #fields({work, repertoire}) {
    if (repertoire)
      return html`<div class="fields">
        <div class="field">
          <label for="title">${t('repertoire.title')}</label>
          <span class="hint">${t('repertoire.stays', {count: number(repertoire.listedCount)})}</span>
          <input id="title" type="text" maxlength="1000" .value=${repertoire.title ?? ''} />
        </div>
      </div>`;
    return html`<div class="fields">
      <div class="field">
        <label for="title">${t('works.title.optional')}</label>
        <input id="title" type="text" maxlength="1000" .value=${work?.title ?? ''} />
      </div>
      <div class="field">
        <label for="creators">${t('works.creators')}</label>
        <input id="creators" type="text" .value=${creatorsText(work)} />
      </div>
    </div>`;
  }

  render() {
    const {found} = this;
    if (!found)
      return html`<div class="page">
        <h1 tabindex="-1">${t('amend.h1')}</h1>
        ${refusalView(this.refusal)}
      </div>`;
    return html`<form class="page" novalidate @submit=${this.#submit}>
      <div class="intro">
        <h1 tabindex="-1">${t('amend.h1')}</h1>
        <p class="lead">${t('amend.lead')}</p>
      </div>
      ${found.subjects.length > 0 ? html`<div class="stack-s">${found.subjects.map(subjectView)}</div>` : nothing}
      ${this.#fields(found)}
      ${found.mandate
        ? html`<p class="note">${t('amend.mandate')} <span class="value soft">${found.mandate}</span></p>`
        : nothing}
      ${found.market ? html`<p class="note">${t('amend.market')}</p>` : nothing}
      <section class="step" aria-labelledby="may">
        <h2 id="may">${t('declare.may')}</h2>
        <af-choice
          .value=${this.choice}
          .faults=${this.wrong}
          @chosen=${event => (this.choice = event.detail)}
        ></af-choice>
      </section>
      ${refusalView(this.refusal)}
      <div class="row">
        <button class="button primary" ?disabled=${this.busy}>${t('amend.submit')}</button>
        <a class="button" href="/d/${this.declaration}">${t('cancel')}</a>
      </div>
    </form>`;
  }
}
customElements.define('af-amend', AmendPage);
