// Views and texts of the registry's terms: problems, verdicts, uses, subjects.
import {html, nothing} from 'lit';
import {account} from './account.js';
import {slugOf} from './api.js';
import {currentLanguage, dateTime, has, t} from './i18n.js';
import {LEAF_USES, UMBRELLAS} from './vocabulary.js';

/** The value that the registry suggests instead, if any. */
export const suggestionOf = problem => problem.errors?.find(error => error.suggestion)?.suggestion;

/** The fields of the forms, by the last name in the pointer of an error. */
const PLACES = {
  subjects: 'works.list',
  title: 'works.title',
  creators: 'works.creators',
  kind: 'works.kind',
  contact: 'choice.contact',
  license: 'choice.license',
  text: 'choice.text',
  amount: 'choice.amount',
  name: 'declare.name',
  memberNumber: 'members.column.memberNumber',
};

/** The name of the field that an error is about, or null. */
export function placeOf(error) {
  const name = (error?.pointer ?? '')
    .split('/')
    .findLast(part => !/^[0-9#]*$/.test(part));
  return name && Object.hasOwn(PLACES, name) ? name : null;
}

/** A sentence about a problem in the page's language: the field, and the first reason or else the type. */
export function problemText(problem) {
  const error = problem.errors?.[0];
  const place = placeOf(error);
  const special = `fault.${place}.${error?.reason}`;
  if (has(special)) return t(special);
  const names = [`reason.${error?.reason}`, `problem.${slugOf(problem)}`, 'problem.other'];
  const sentence = t(names.find(has), {when: problem.retryAt ? dateTime(problem.retryAt) : ''});
  return place ? t('fault.at', {place: t(PLACES[place]), sentence}) : sentence;
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

/** The pages about the things that notices name, by the beginning of their ids. */
const NOTICE_PAGES = {x_: '/dispute', q_: '/licenses', g_: '/grants'};
const placeOfNotice = ({kind, subjectId}) =>
  kind === 'recovery-begun' ? '/recover' : NOTICE_PAGES[subjectId.slice(0, 2)];

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
                  >${notice.text[currentLanguage()]}${placeOfNotice(notice)
                    ? html` <a href="${placeOfNotice(notice)}/${notice.subjectId}">${t('recover.look')}</a>`
                    : nothing}</span
                ><span class="meta">${dateTime(notice.time)}</span>
              </li>`,
          )}
        </ul>
      </section>`
    : nothing;

const MARKS = {allow: '✓', ask: '?', deny: '✕', unknown: '–'};
export const verdictMark = verdict => html`<span class="mark" aria-hidden="true">${MARKS[verdict]}</span>`;
export const verdictView = verdict =>
  html`<span class="verdict ${verdict}">${verdictMark(verdict)}<span>${t(`verdict.${verdict}`)}</span></span>`;

/** A subject that the operator hides begins with this, and its key follows. */
const HIDDEN = 'hidden';
export const schemeName = scheme => (scheme === HIDDEN ? t('subject.hidden') : t(`scheme.${scheme}`));
export const schemeOf = subject => subject.slice(0, subject.indexOf(':'));
export const valueOf = subject => subject.slice(subject.indexOf(':') + 1);
export const subjectView = subject =>
  html`<span class="row"
    ><span class="tag">${schemeName(schemeOf(subject))}</span> <bdi class="value">${valueOf(subject)}</bdi></span
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

/** Converts typed text to a contact of the contract, or to null. */
export function contactFrom(text) {
  const plain = text.trim();
  if (/^(mailto:[^\s@]+@[^\s@]+|https?:\/\/\S+|tel:\+?[0-9 ().-]+)$/.test(plain)) return plain;
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(plain)) return `mailto:${plain}`;
  if (/^\+?[0-9][0-9 ().-]{5,}$/.test(plain)) return `tel:${plain}`;
  if (/^[^\s/@]+\.[^\s/@]{2,}(\/\S*)?$/.test(plain)) return `https://${plain}`;
  return null;
}

/** The links between the pages of a licensor and a licensee. `here` is the page that has them. */
export const licenseLinks = here =>
  html`<p class="soft">
    ${['licenses', 'offers', 'grants', 'statements'].map(
      (name, place) =>
        html`${place > 0 ? ' · ' : nothing}<a href="/${name}" aria-current=${name === here ? 'page' : nothing}
            >${t(`title.${name}`)}</a
          >`,
    )}
  </p>`;

/** The name of the member, the society's number for it, or both. */
export const memberName = mandate =>
  [mandate.memberName, mandate.memberNumber ? t('members.number', {number: mandate.memberNumber}) : null]
    .filter(Boolean)
    .join(' · ') ||
  mandate.member ||
  t('certificate.mandate.member');

/** A sentence that names the society and the member. */
export const onBehalfOfView = mandate =>
  html`${t('on-behalf.under', {name: account.name ?? account.id, member: memberName(mandate)})}
    <span class="value soft">${mandate.id}</span>`;
