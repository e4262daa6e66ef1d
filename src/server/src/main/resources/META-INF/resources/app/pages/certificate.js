import {html, nothing} from 'lit';
import {account} from '../account.js';
import {call, send} from '../api.js';
import {PageElement, navigate, toast} from '../element.js';
import {save} from '../files.js';
import {bothZones, date, dateTime, isolated, number, t} from '../i18n.js';
import {pasteView} from '../methods.js';
import {verify} from '../proof.js';
import {decidedBy, stripView} from '../strip.js';
import {badge, badgeAddress, badgeCode, headerLines, imprint, metaTags, qrCard, robotsLines} from '../takeaway.js';
import {contactView, kindName, refusalView, stancesByUse, subjectView, titleOf} from '../words.js';

const RECENT = 20_000;
const LISTED = 50;

/** The number of subjects of a declaration whose answers its page asks for. */
const ASKED = 50;
const MOST_CAUTIOUS_FIRST = ['deny', 'ask', 'unknown', 'allow'];

/** A time in both zones, one below the other. */
const zonesView = value => bothZones(value).map((one, place) => (place === 0 ? one : html`<br />${one}`));

/** Whether the declaration counts for machines today, by the answers to a lookup of each of its subjects. */
function standingOf({id, party}, answers) {
  const own = answers.map(answer => answer.statements?.find(one => one.declaration === id));
  const applied = own.filter(one => one?.applied);
  const deciding = answers
    .filter((answer, place) => answer.verdict && (applied.length === 0 || own[place]?.applied))
    .sort((one, other) => MOST_CAUTIOUS_FIRST.indexOf(one.verdict) - MOST_CAUTIOUS_FIRST.indexOf(other.verdict))[0];
  return {
    counts: applied.length === 0 ? 'no' : applied.length < answers.length ? 'some' : 'yes',
    asked: answers.length,
    applied: applied.length,
    reasons: [...new Set(own.filter(one => one && !one.applied).map(one => one.notAppliedReason))].filter(Boolean),
    evidenced: applied.length > 0 && applied.every(one => one.evidenced),
    verdict: deciding?.verdict ?? 'unknown',
    asks: deciding !== undefined && Object.values(deciding.verdicts).includes('ask'),
    to: deciding?.verdict === 'unknown' ? '' : decidedBy(deciding, party),
  };
}

class CertificatePage extends PageElement {
  static properties = {
    declaration: {attribute: true},
    found: {state: true},
    party: {state: true},
    standing: {state: true},
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
    this.refusal = this.found = this.party = this.standing = this.history = this.proof = this.listed = null;
    const address = `/v1/declarations/${this.declaration}`;
    try {
      const found = await call('GET', address);
      document.title = `${isolated(titleOf(found))} · ${t('brand')}`;
      if (found.repertoire) await this.#list();
      const [history, party] = await Promise.all([call('GET', `${address}/history`), this.#loadParty(found)]);
      this.history = history.entries;
      this.party = party;
      // The document appears at once and whole: whether it is a certificate depends on the lookup.
      this.found = found;
      await this.updateComplete;
      await this.#verify();
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  /** The party's name and trust, as a lookup shows them. For a list, the lookup asks about an item of the list. */
  async #loadParty(found) {
    const mandate = found.mandate ? await call('GET', `/v1/mandates/${found.mandate}`, {key: null}) : null;
    const party = await call('GET', `/v1/parties/${found.party}`, {key: null});
    const known = {
      partyName: party.name,
      trust: party.trust,
      contact: party.contact,
      contactVerified: party.contactVerified,
      member: mandate?.member,
      memberName: mandate?.memberName,
      inForce: mandate?.inForce,
    };
    const all = found.repertoire ? this.listed.all.map(one => one.subject) : found.subjects;
    const subjects = all.filter(one => !one.startsWith('hidden:')).slice(0, ASKED);
    if (found.status !== 'in-force' || subjects.length === 0) {
      this.standing = {counts: 'no', asked: 0, applied: 0, reasons: []};
      return known;
    }
    const {answers} = await call('POST', '/v1/lookups', {
      json: {items: subjects.map(subject => ({subjects: [subject]})), uses: Object.keys(found.stances)},
    });
    this.standing = standingOf(found, answers);
    const statements = answers.flatMap(answer => answer.statements ?? []).filter(one => one.declaration === found.id);
    return {...known, ...(statements.find(one => one.applied) ?? statements[0])};
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
      return html`<div class="page tall">
        <h1 tabindex="-1">${t('certificate.h1.loading')}</h1>
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
        ${found.party !== account.id && found.status !== 'withdrawn'
          ? html`<a class="button" href="/dispute/${found.id}">${t('dispute.not-theirs')}</a>`
          : nothing}
        <button class="button" @click=${() => this.#share(found)}>${t('certificate.share')}</button>
        ${account.key ? html`<a class="button" href="/d/${found.id}/asked">${t('asked.link')}</a>` : nothing}
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
      ${this.#license(found)} ${this.#takeAway(found)}
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

  /** The offers that fit, and the way to ask, for others and where a lookup says “ask” to some use. */
  #license(found) {
    const {asks, counts} = this.standing;
    const [subject] = found.repertoire ? this.listed.all.map(one => one.subject) : found.subjects;
    if (!asks || counts === 'no' || found.party === account.id || !subject) return nothing;
    import('../licensing.js');
    return html`<af-work-offers declaration=${found.id} subject=${subject}></af-work-offers>`;
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
    // Under a mandate that is not in force, nobody can be asked.
    const asks = address && this.party?.inForce !== false;
    const stance = one => t(one === 'reserved' && asks ? 'stance.reserved-ask' : `stance.${one}`);
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
    const {standing} = this;
    const counts = standing.counts !== 'no';
    const first = this.history?.[0];
    const row = (label, content) =>
      content
        ? html`<div>
            <dt>${label}</dt>
            <dd>${content}</dd>
          </div>`
        : nothing;
    const document =
      found.status === 'withdrawn' ? 'certificate.h1.withdrawn' : counts ? 'certificate.h1' : 'certificate.h1.receipt';
    return html`<article class="certificate ${found.status} ${counts ? '' : 'receipt'}">
      <div class="top">
        <div class="stack-s">
          <p class="soft small">${t('brand')} · ${t('registry')}</p>
          <h1 tabindex="-1">${t(document)}</h1>
          ${counts || found.status !== 'in-force'
            ? html`<p class="soft">${t(`status.${found.status}`)}</p>`
            : nothing}
        </div>
        ${standing.evidenced ? html`<span class="stamp">${t('stamp.evidenced')}</span>` : nothing}
      </div>
      ${found.textsHidden
        ? html`<p class="note">${t('certificate.hidden', {ground: t(`ground.${found.textsHidden}`)})}</p>`
        : nothing}
      ${this.#headline(found)}
      ${standing.verdict ? stripView(standing.verdict, standing.to) : nothing}
      <p class="statement">
        ${t(counts || found.status === 'withdrawn' ? statement : 'certificate.statement.receipt', {
          name: name ?? t('certificate.somebody'),
          member,
        })}
      </p>
      <dl class="pairs">
        ${row(
          t('certificate.list'),
          found.repertoire
            ? html`<bdi class="strong">${found.repertoire.title ?? t('repertoire.untitled')}</bdi><br />${t(
                  'repertoire.listed',
                  {count: number(this.listed?.count ?? found.repertoire.listedCount)},
                )}<br /><span class="hint">${t('repertoire.hint')}</span>`
            : null,
        )}
        ${row(
          t('certificate.work'),
          found.work
            ? html`<bdi class="strong">${found.work.title}</bdi>${found.work.creators?.length
                  ? html`<br /><bdi>${found.work.creators.join(', ')}</bdi>`
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
                        : nothing}${found.contested?.includes(subject)
                        ? html`<span class="hint">${t('certificate.contested')}</span>`
                        : nothing}${found.setAside?.includes(subject)
                        ? html`<span class="hint">${t('certificate.set-aside')}</span>`
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
        ${row(
          t('certificate.contact'),
          address
            ? html`${contactView(address)}${address === this.party?.contact
                ? html`<p class="hint">${t(this.party.contactVerified ? 'contact.verified' : 'contact.unverified')}</p>`
                : nothing}`
            : null,
        )}
        ${row(
          t('certificate.terms'),
          found.terms?.text || found.terms?.payment
            ? html`<bdi>${found.terms.text ?? nothing}</bdi>${found.terms.payment?.amount
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
          html`<bdi>${name ?? nothing}</bdi>
            <a class="value soft" href="/p/${found.party}">${found.party}</a>${this.party?.trust
              ? html`<br /><span class="hint">${t(`trust.${this.party.trust}`)}</span>`
              : nothing}`,
        )}
        ${row(
          t('certificate.mandate'),
          found.mandate
            ? html`<bdi>${member}</bdi> <span class="value soft">${found.mandate}</span>${this.party?.inForce === false
                  ? html`<br /><span class="hint">${t('certificate.mandate.ended')}</span>`
                  : nothing}`
            : null,
        )}
        ${row(
          t('certificate.first'),
          first
            ? html`${zonesView(first.recordedAt)}<br /><span class="hint"
                  >${t('certificate.position', {position: number(first.position)})}</span
                >`
            : null,
        )}
        ${row(
          t(found.status === 'withdrawn' ? 'certificate.withdrawn-at' : 'certificate.changed'),
          found.position === found.firstPosition
            ? null
            : html`${zonesView(found.recordedAt)}<br /><span class="hint"
                  >${t('certificate.position', {position: number(found.position)})}</span
                >`,
        )}
        ${row(
          t('certificate.issuer'),
          html`${t('certificate.issuer.name')} · <span class="value">${location.origin}</span>`,
        )}
        ${row(t('certificate.issued'), zonesView(Date.now()))}
      </dl>
      <div class="foot-row">
        ${counts
          ? html`<img class="qr" src="/d/${found.id}/qr.svg" alt=${t('certificate.qr')} width="120" height="120" />`
          : nothing}
        <div class="stack-s small">
          <p class="value">${location.origin}/d/${found.id}</p>
          <p class="hint">${t('certificate.leaf')} <span class="value">${found.receipt.leafHash}</span></p>
          <p class="soft">${t('certificate.disclaimer')}</p>
        </div>
      </div>
    </article>`;
  }

  /** The most prominent line: whether the declaration counts for machines today, and why not. */
  #headline(found) {
    const {counts, applied, asked, reasons, evidenced} = this.standing;
    const why =
      found.status !== 'in-force'
        ? [t(`counts.why.${found.status}`)]
        : asked === 0
          ? [t('counts.why.empty')]
          : reasons.map(reason => t(`not-applied.${reason}`));
    return html`<div class="counts ${counts}">
      <p class="line">
        ${t(`counts.${counts}`, {applied: number(applied), asked: number(asked)})}
      </p>
      ${why.map(reason => html`<p>${reason}</p>`)}
      ${counts === 'no' ? nothing : html`<p class="hint">${t(evidenced ? 'evidence.yes' : 'evidence.no')}</p>`}
    </div>`;
  }

  /** The things to take away. Only a declaration that counts has them, so that no badge says more than a lookup. */
  #takeAway(found) {
    const {standing} = this;
    if (found.status === 'withdrawn' || (found.party !== account.id && standing.counts === 'no')) return nothing;
    if (standing.counts === 'no')
      return html`<section class="step no-print" aria-labelledby="takeaway">
        <h2 id="takeaway">${t('takeaway.h2')}</h2>
        <p class="soft">${t('takeaway.later')}</p>
      </section>`;
    const address = `${location.origin}/d/${found.id}`;
    const {verdict} = standing;
    const svg = badge(verdict, address);
    return html`<section class="step no-print" aria-labelledby="takeaway">
      <h2 id="takeaway">${t('takeaway.h2')}</h2>
      <div class="row">
        <img alt=${t('takeaway.badge.alt')} src=${badgeAddress(found.id)} height="32" />
        <button class="button s" @click=${() => save(`${found.id}.svg`, svg, 'image/svg+xml')}>
          ${t('takeaway.badge.save')}
        </button>
        <button class="button s" @click=${() => this.#saveCard(found, verdict, address)}>${t('takeaway.card')}</button>
      </div>
      <p class="hint">${t('takeaway.badge.hint')}</p>
      <details>
        <summary>${t('takeaway.lines')}</summary>
        <div class="stack">
          ${pasteView(t('takeaway.imprint'), imprint(verdict, address))}
          ${pasteView(t('takeaway.badge.code'), badgeCode(`${location.origin}${badgeAddress(found.id)}`, address))}
          ${pasteView('robots.txt', robotsLines(verdict, address))}
          ${pasteView(t('takeaway.meta'), metaTags(verdict, address))}
          ${pasteView(t('takeaway.header'), headerLines(verdict, address))}
          <p class="hint">${t('takeaway.lines.hint')}</p>
        </div>
      </details>
    </section>`;
  }

  async #saveCard(found, verdict, address) {
    try {
      const response = await fetch(`/d/${found.id}/qr.svg`);
      if (!response.ok) throw new Error(response.statusText);
      const card = qrCard(verdict, titleOf(found), address, await response.text());
      save(`${found.id}-card.svg`, card, 'image/svg+xml');
    } catch {
      toast(t('problem.offline'));
    }
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
    const good = proof.entry !== false && proof.path && proof.signature !== false;
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
