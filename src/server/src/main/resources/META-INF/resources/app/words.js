// Views and texts of the registry's terms: problems, verdicts, uses, subjects.
import {html, nothing} from 'lit';
import {slugOf} from './api.js';
import {currentLanguage, dateTime, has, t} from './i18n.js';
import {LEAF_USES, UMBRELLAS} from './vocabulary.js';

/** The value that the registry suggests instead, if any. */
export const suggestionOf = problem => problem.errors?.find(error => error.suggestion)?.suggestion;

/** A sentence about a problem in the page's language: by its first reason, or else by its type. */
export function problemText(problem) {
  const names = [`reason.${problem.errors?.[0]?.reason}`, `problem.${slugOf(problem)}`, 'problem.other'];
  return t(names.find(has));
}

/** The registry's detail of the problem, which is English. */
export function detailView(problem) {
  const detail = problem.detail ?? '';
  if (!detail || slugOf(problem) === 'offline') return nothing;
  return currentLanguage() === 'en'
    ? html` <span class="hint">${detail}</span>`
    : html` <details class="technical">
        <summary>${t('technical')}</summary>
        <span lang="en">${detail}</span>
      </details>`;
}

export const problemView = problem => html`<span>${problemText(problem)}</span>${detailView(problem)}`;

export const refusalView = refusal =>
  refusal
    ? html`<div class="note bad" role="alert">
        ${refusal.problem ? problemView(refusal.problem) : t('problem.other')}
      </div>`
    : nothing;

/** The notices of the party, newest first. */
export const noticesView = notices =>
  notices?.length
    ? html`<section class="step" aria-labelledby="notices">
        <h2 id="notices">${t('notices')}</h2>
        <ul class="cards">
          ${notices.map(
            notice =>
              html`<li class="card">
                <span
                  >${notice.text[currentLanguage()]}${notice.kind === 'recovery-begun'
                    ? html` <a href="/recover/${notice.subjectId}">${t('recover.look')}</a>`
                    : nothing}</span
                ><span class="meta">${dateTime(notice.time)}</span>
              </li>`,
          )}
        </ul>
      </section>`
    : nothing;

const MARKS = {allow: '✓', ask: '?', deny: '✕', unknown: '–'};
export const verdictView = verdict =>
  html`<span class="verdict ${verdict}"
    ><span class="mark" aria-hidden="true">${MARKS[verdict]}</span><span>${t(`verdict.${verdict}`)}</span></span
  >`;

export const schemeName = scheme => t(`scheme.${scheme}`);
export const schemeOf = subject => subject.slice(0, subject.indexOf(':'));
export const valueOf = subject => subject.slice(subject.indexOf(':') + 1);
export const subjectView = subject =>
  html`<span class="row"
    ><span class="tag">${schemeName(schemeOf(subject))}</span> <span class="value">${valueOf(subject)}</span></span
  >`;
export const contactText = contact => contact.replace(/^(mailto|tel):/, '');
export const contactView = contact => html`<a href=${contact} rel="noreferrer nofollow">${contactText(contact)}</a>`;
export const kindName = kind => (has(`kind.${kind}`) ? t(`kind.${kind}`) : kind);

/** The title of a declaration in a list of its owner's declarations. */
export const titleOf = declaration =>
  declaration.work?.title ??
  declaration.repertoire?.title ??
  (declaration.subjects?.length ? valueOf(declaration.subjects[0]) : declaration.id);

/** The stance on each leaf use, with umbrella uses expanded. Unstated uses are left out. */
export function stancesByUse(stances) {
  const by = {};
  for (const use of LEAF_USES) {
    const nearest = [use, 'ai-training', 'text-and-data-mining'].find(
      one => stances[one] && (one === use || UMBRELLAS[one]?.includes(use)),
    );
    if (nearest) by[use] = stances[nearest];
  }
  return by;
}

/** The mode of the choice that a declaration corresponds to: ask, no, yes or uses. */
export function modeOf(declaration) {
  const by = stancesByUse(declaration.stances);
  const mined = UMBRELLAS['text-and-data-mining'].map(use => by[use]);
  if (!mined.every(stance => stance === mined[0])) return 'uses';
  if (mined[0] === 'permitted') return 'yes';
  if (mined[0] === undefined) return 'uses';
  return mined[0] === 'permitted-with-terms' || declaration.terms?.contact || declaration.terms?.license ? 'ask' : 'no';
}
