// The answer strip: a question about a work and the answer that the registry gives to it.
import {html, nothing} from 'lit';
import {call} from './api.js';
import {PageElement} from './element.js';
import {t} from './i18n.js';
import {verdictMark} from './words.js';

const NAMED = 2;

/** The names of the parties whose statements decided, the party `first` before all others; many are counted. */
export function decidedBy(answer, first) {
  const applied = (answer?.statements ?? []).filter(one => one.applied);
  const ordered = [...applied.filter(one => one.party === first), ...applied.filter(one => one.party !== first)];
  const names = [...new Set(ordered.map(one => one.partyName ?? t('strip.somebody')))];
  const shown = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? t('strip.more', {names: shown, count: names.length - NAMED}) : shown;
}

/** A question and its answer. `to` names whom to ask or who answered. */
export const stripView = (verdict, to, {note, question, pending} = {}) =>
  html`<figure class="strip ${pending ? 'pending' : ''}">
    <p class="question"><span class="who">AI</span><span>${question ?? t('strip.question')}</span></p>
    <p class="answer">
      <span class="verdict ${verdict}">${verdictMark(verdict)}<span>${t(`strip.${verdict}`)}</span></span>
      ${to ? html`<span class="to"><span aria-hidden="true">→ </span><bdi>${to}</bdi></span>` : nothing}
    </p>
    ${note ? html`<figcaption>${note}</figcaption>` : nothing}
  </figure>`;

/** The answers about test subjects, which never change: each visit asks once. */
const tests = new Map();

async function ask(subject) {
  const kept = tests.get(subject);
  if (kept) return kept;
  const answer = await call('GET', `/v1/lookup?subject=${encodeURIComponent(subject)}`, {key: null});
  if (answer.test) tests.set(subject, answer);
  return answer;
}

/**
 * The strip of a subject. It asks the registry itself, as a program does. `unknown` is the note of an unknown answer.
 */
class Strip extends PageElement {
  static properties = {
    subject: {attribute: true},
    to: {attribute: true},
    note: {attribute: true},
    unknown: {attribute: true},
    answer: {state: true},
  };

  async willUpdate(changed) {
    if (!changed.has('subject') || !this.subject) return;
    const asked = this.subject;
    try {
      const answer = await ask(asked);
      if (asked === this.subject) this.answer = answer;
    } catch {
      // Without an answer there is no permission, and the strip says so.
      if (asked === this.subject) this.answer = {verdict: 'unknown', statements: []};
    }
  }

  render() {
    if (!this.answer) return html`<div class="strip empty" aria-hidden="true"></div>`;
    const {verdict} = this.answer;
    return stripView(verdict, verdict === 'unknown' ? '' : this.to ?? decidedBy(this.answer), {
      note: this.note ?? (verdict === 'unknown' ? this.unknown : undefined),
    });
  }
}
customElements.define('af-strip', Strip);
