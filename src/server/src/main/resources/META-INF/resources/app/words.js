// What the registry says, in a person's words: problems, verdicts, uses, subjects.
import {html, nothing} from 'lit';
import {slugOf} from './api.js';
import {currentLanguage, dateTime, has, t} from './i18n.js';

export const USES = ['generative-ai-training', 'non-generative-ai-training', 'ai-input', 'ai-index', 'data-analysis', 'search-indexing'];
export const UMBRELLAS = {'text-and-data-mining': ['generative-ai-training', 'non-generative-ai-training', 'ai-input', 'ai-index', 'data-analysis'], 'ai-training': ['generative-ai-training', 'non-generative-ai-training']};

/** The value that was probably meant, where the registry suggests one. */
export const meant = problem => problem.errors?.find(error => error.suggestion)?.suggestion;

/** A problem in a sentence of the page's language: by the first reason given, or else by the problem's kind. */
export function problemText(problem) {
  const names = [`reason.${problem.errors?.[0]?.reason}`, `problem.${slugOf(problem)}`, 'problem.other'];
  return t(names.find(has));
}

/** What the registry said of this very case, which it says in English. */
export function detailView(problem) {
  const detail = problem.detail ?? '';
  if (!detail || slugOf(problem) === 'offline') return nothing;
  return currentLanguage() === 'en' ? html` <span class="hint">${detail}</span>` : html` <details class="technical"><summary>${t('technical')}</summary><span lang="en">${detail}</span></details>`;
}

export const problemView = problem => html`<span>${problemText(problem)}</span>${detailView(problem)}`;

export const refusalView = refusal => (refusal
  ? html`<div class="note bad" role="alert">${refusal.problem ? problemView(refusal.problem) : t('problem.other')}</div>`
  : nothing);

/** What the party was told, newest first. */
export const noticesView = notices => (notices?.length
  ? html`<section class="step" aria-labelledby="notices"><h2 id="notices">${t('notices')}</h2><ul class="cards">${notices.map(notice => html`<li class="card"><span>${notice.text[currentLanguage()]}${notice.kind === 'recovery-begun' ? html` <a href="/recover/${notice.subjectId}">${t('recover.look')}</a>` : nothing}</span><span class="meta">${dateTime(notice.time)}</span></li>`)}</ul></section>`
  : nothing);

const MARKS = {allow: '✓', ask: '?', deny: '✕', unknown: '–'};
export const verdictView = verdict => html`<span class="verdict ${verdict}"><span class="mark" aria-hidden="true">${MARKS[verdict]}</span><span>${t(`verdict.${verdict}`)}</span></span>`;

export const schemeName = scheme => t(`scheme.${scheme}`);
export const schemeOf = subject => subject.slice(0, subject.indexOf(':'));
export const valueOf = subject => subject.slice(subject.indexOf(':') + 1);
export const subjectView = subject => html`<span class="row"><span class="tag">${schemeName(schemeOf(subject))}</span> <span class="value">${valueOf(subject)}</span></span>`;
export const contactText = contact => contact.replace(/^(mailto|tel):/, '');
export const contactView = contact => html`<a href=${contact} rel="noreferrer nofollow">${contactText(contact)}</a>`;
export const kindName = kind => (has(`kind.${kind}`) ? t(`kind.${kind}`) : kind);

/** What a declaration is called among its owner's others. */
export const titleOf = declaration => declaration.work?.title ?? declaration.repertoire?.title ?? (declaration.subjects?.length ? valueOf(declaration.subjects[0]) : declaration.id);

/** The stance on each use, umbrellas unfolded; uses that nothing is said of are left out. */
export function stancesByUse(stances) {
  const by = {};
  for (const use of USES) {
    const nearest = [use, 'ai-training', 'text-and-data-mining'].find(one => stances[one] && (one === use || UMBRELLAS[one]?.includes(use)));
    if (nearest) by[use] = stances[nearest];
  }
  return by;
}

/** What a declaration says, in one of the words of the first choice, where it is that simple. */
export function gist(declaration) {
  const by = stancesByUse(declaration.stances);
  const mined = UMBRELLAS['text-and-data-mining'].map(use => by[use]);
  if (!mined.every(stance => stance === mined[0])) return 'uses';
  if (mined[0] === 'permitted') return 'yes';
  if (mined[0] === undefined) return 'uses';
  return mined[0] === 'permitted-with-terms' || declaration.terms?.contact || declaration.terms?.license ? 'ask' : 'no';
}
