// Lookups as evidence: an audit of them as CSV and signed, the receipts that this device keeps, and their verification.
import {html, nothing} from 'lit';
import {account} from './account.js';
import {call} from './api.js';
import {PageElement, copy} from './element.js';
import {csvRow, save} from './files.js';
import {dateTime, number, t} from './i18n.js';
import {canonical} from './proof.js';
import {hex, sha256} from './sha256.js';
import {refusalView} from './words.js';

const FORMAT = 'askfirst-audit-1';
const RECEIPTS = 'askfirst.receipts';
const KEPT = 100;
const MAX_BYTES = 64 << 20;

const utf8 = new TextEncoder();
const digest = value => hex(sha256(utf8.encode(canonical(value))));
const decoded = part => {
  const text = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, one => one.charCodeAt(0));
};
const encoded = bytes =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const json = part => JSON.parse(new TextDecoder().decode(decoded(part)));

/** The RFC 7638 thumbprint of an Ed25519 key. */
const thumbprint = ({crv, kty, x}) => encoded(sha256(utf8.encode(canonical({crv, kty, x}))));

function receipts() {
  try {
    return JSON.parse(localStorage.getItem(RECEIPTS)) ?? [];
  } catch {
    return [];
  }
}

/** Keeps the receipts of lookups on this device: the registry does not keep what somebody looks up. */
export function keepReceipts(lookups) {
  const fresh = lookups
    .filter(({answer}) => answer.receipt)
    .map(({answer}) => ({
      party: account.id,
      at: new Date().toISOString(),
      position: answer.position,
      works: answer.answers.length,
      receipt: answer.receipt,
    }));
  try {
    localStorage.setItem(RECEIPTS, JSON.stringify([...fresh, ...receipts()].slice(0, KEPT)));
  } catch {
    /* Storage is off or full. The audit file has the receipts, too. */
  }
}

const day = () => new Date().toISOString().slice(0, 10);

function saveCsv(lookups) {
  const rows = lookups.flatMap(({request, answer}) =>
    answer.answers.map((one, place) => {
      const deciding = (one.statements ?? []).filter(statement => statement.applied);
      return csvRow([
        request.items[place].subjects.join(' '),
        one.verdict ?? one.problem?.type,
        Object.entries(one.verdicts ?? {})
          .map(([use, verdict]) => `${use}=${verdict}`)
          .join(' '),
        deciding.map(statement => statement.partyName ?? statement.party).join(' | '),
        deciding.map(statement => statement.declaration).join(' '),
        deciding.map(statement => statement.contact ?? '').join(' '),
        answer.asOf,
        answer.receipt,
      ]);
    }),
  );
  const columns = ['work', 'verdict', 'uses', 'party', 'declaration', 'contact', 'as-of', 'receipt'];
  const content = ['\uFEFF', csvRow(columns.map(name => t(`audit.csv.${name}`))), ...rows];
  save(`askfirst-audit-${day()}.csv`, new Blob(content, {type: 'text/csv;charset=utf-8'}));
}

async function saveSigned(lookups) {
  const {keys} = await call('GET', '/.well-known/jwks.json', {key: null});
  const file = {
    format: FORMAT,
    registry: location.origin,
    savedAt: new Date().toISOString(),
    ...(account.id ? {party: account.id} : {}),
    lookups,
    keys,
  };
  save(`askfirst-audit-${day()}.json`, `${JSON.stringify(file, null, 1)}\n`, 'application/json');
}

/** What a person does with the answers of her lookups. `lookups` has each request with its signed answer. */
class Audit extends PageElement {
  static properties = {lookups: {attribute: false}, refusal: {state: true}};

  async #signed() {
    try {
      await saveSigned(this.lookups);
      this.refusal = null;
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  render() {
    if (!this.lookups?.every(({answer}) => answer.receipt)) return nothing;
    return html`<section class="stack" aria-labelledby="audit">
      <h3 id="audit">${t('audit.h2')}</h3>
      <p>${t('audit.text')}</p>
      ${refusalView(this.refusal)}
      <div class="row">
        <button class="button" type="button" @click=${() => saveCsv(this.lookups)}>${t('audit.csv')}</button>
        <button class="button" type="button" @click=${this.#signed}>${t('audit.signed')}</button>
        <a class="button" href="/crawlers">${t('audit.account')}</a>
      </div>
    </section>`;
  }
}
customElements.define('af-audit', Audit);

async function signedBy(jws, keys) {
  const [head, body, signature] = jws.split('.');
  const {alg, kid} = json(head);
  const key = keys.find(one => one.kid === kid);
  if (alg !== 'EdDSA' || !key || thumbprint(key) !== kid) return null;
  const raw = decoded(key.x);
  const imported = await crypto.subtle.importKey('raw', raw, {name: 'Ed25519'}, false, ['verify']);
  const isGood = await crypto.subtle.verify(
    {name: 'Ed25519'},
    imported,
    decoded(signature),
    utf8.encode(`${head}.${body}`),
  );
  return isGood ? {kid, claims: json(body)} : null;
}

/**
 * Checks an audit file on this device: each signature, and that it is about this request and this answer.
 *
 * @param known the keys of the registry that this device has seen itself; empty if it has seen none
 */
export async function verifyAudit(file, known) {
  if (file?.format !== FORMAT || !Array.isArray(file.lookups) || file.lookups.length === 0) return {fault: 'no-audit'};
  if (!globalThis.crypto?.subtle) return {fault: 'no-crypto'};
  let works = 0;
  const kids = new Set();
  let since = Infinity;
  let until = 0;
  let log = '';
  for (const {request, answer} of file.lookups) {
    const {receipt, ...answered} = answer;
    const signed = await signedBy(receipt, file.keys);
    if (!signed) return {fault: 'signature'};
    const {claims} = signed;
    const isAbout =
      claims.kind === 'lookup' &&
      claims.request === digest(request) &&
      claims.answer === digest(answered) &&
      claims.position === answer.position;
    if (!isAbout) return {fault: 'content'};
    kids.add(signed.kid);
    works += answer.answers.length;
    since = Math.min(since, claims.iat);
    until = Math.max(until, claims.iat);
    log = claims.iss;
  }
  const isKnown = known.length === 0 ? null : [...kids].every(kid => known.some(key => key.kid === kid));
  return {works, lookups: file.lookups.length, kids: [...kids], since, until, log, isKnown};
}

const KEYS = 'askfirst.keys';

/** The keys of this registry, and if it cannot be reached, those that this device saw before. */
async function knownKeys() {
  try {
    const {keys} = await call('GET', '/.well-known/jwks.json', {key: null});
    localStorage.setItem(KEYS, JSON.stringify(keys));
    return keys;
  } catch {
    try {
      return JSON.parse(localStorage.getItem(KEYS)) ?? [];
    } catch {
      return [];
    }
  }
}

const keyName = isKnown => (isKnown === null ? 'unseen' : isKnown ? 'own' : 'other');

/** Verifies an audit file without the registry. */
class VerifyAudit extends PageElement {
  static properties = {result: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    knownKeys();
  }

  async #verify(event) {
    const [file] = event.target.files;
    event.target.value = '';
    if (!file) return;
    try {
      const content = file.size > MAX_BYTES ? null : JSON.parse(await file.text());
      this.result = await verifyAudit(content, await knownKeys());
    } catch {
      this.result = {fault: 'no-audit'};
    }
    await this.updateComplete;
    this.querySelector('#audit-result').focus();
  }

  render() {
    const {result} = this;
    return html`<section class="stack" aria-labelledby="verify-audit">
      <h3 id="verify-audit">${t('audit.verify')}</h3>
      <p>${t('audit.verify.text')}</p>
      <div>
        <button class="button" type="button" @click=${() => this.querySelector('input').click()}>
          ${t('audit.verify.file')}
        </button>
      </div>
      <input
        type="file"
        hidden
        accept=".json,application/json"
        aria-label=${t('audit.verify.file')}
        @change=${this.#verify}
      />
      <div id="audit-result" tabindex="-1" role="status">
        ${result?.fault ? html`<p class="note bad">${t(`audit.fault.${result.fault}`)}</p>` : nothing}
        ${result?.works
          ? html`<div class="note good stack-s">
              <p>
                <strong>${t('audit.good', {works: number(result.works), lookups: number(result.lookups)})}</strong>
              </p>
              <p>
                ${t('audit.good.when', {
                  since: dateTime(result.since * 1000),
                  until: dateTime(result.until * 1000),
                })}
              </p>
              <p>${t(`audit.key.${keyName(result.isKnown)}`)}</p>
              <p class="hint">${result.log} · ${result.kids.join(' ')}</p>
            </div>`
          : nothing}
      </div>
    </section>`;
  }
}
customElements.define('af-verify-audit', VerifyAudit);

/** The quota of the account, and the receipts of its lookups. */
class LookupAccount extends PageElement {
  static properties = {quota: {state: true}, refusal: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  async #load() {
    try {
      this.quota = await call('GET', '/v1/quota');
      this.refusal = null;
    } catch (refusal) {
      this.refusal = refusal;
    }
  }

  #use(name) {
    const one = this.quota[name];
    return html`<tr>
      <th scope="row">${t(`quota.${name}`)}</th>
      <td class="number">${number(one.limit)}</td>
      <td class="number" data-used=${name}>${number(one.used)}</td>
      <td class="number" data-left=${name}>${number(one.left)}</td>
      <td>${one.used === 0 ? t('quota.whole') : dateTime(one.resetAt)}</td>
    </tr>`;
  }

  render() {
    const own = receipts().filter(one => one.party === account.id);
    return html`<div class="stack">
      ${refusalView(this.refusal)}
      <h3>${t('quota.h2')}</h3>
      ${this.quota
        ? html`<div class="table-wrap" tabindex="0" role="region" aria-label=${t('quota.h2')}>
            <table>
              <thead>
                <tr>
                  ${['what', 'limit', 'used', 'left', 'reset'].map(
                    name => html`<th scope="col">${t(`quota.${name}`)}</th>`,
                  )}
                </tr>
              </thead>
              <tbody>
                ${this.#use('works')} ${this.#use('contacts')}
              </tbody>
            </table>
          </div>`
        : nothing}
      <div class="row">
        <a class="button primary" href="/check">${t('quota.ask')}</a>
        <button class="button" type="button" @click=${this.#load}>${t('quota.again')}</button>
        <a class="button" href="/key">${t('nav.key')}</a>
      </div>
      <h3>${t('receipts.h2')}</h3>
      <p class="hint">${t('receipts.text')}</p>
      ${own.length > 0
        ? html`<ul class="cards">
            ${own.slice(0, 10).map(
              one =>
                html`<li class="card">
                  <span class="stack"
                    ><span>${t('receipts.one', {works: number(one.works), position: number(one.position)})}</span
                    ><span class="meta">${dateTime(one.at)}</span></span
                  ><span class="row"
                    ><button
                      class="button s"
                      type="button"
                      aria-label=${t('copy.label', {what: dateTime(one.at)})}
                      @click=${event => copy(one.receipt, event.target)}
                    >
                      ${t('copy')}
                    </button></span
                  >
                </li>`,
            )}
          </ul>`
        : html`<p>${t('receipts.none')}</p>`}
    </div>`;
  }
}
customElements.define('af-lookup-account', LookupAccount);
