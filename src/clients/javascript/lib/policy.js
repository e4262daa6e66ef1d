/** Decisions: only the verdict `allow` is permission. Silence, refusals and errors are none. */
import {MalformedSubject, TEST_DOMAIN, parse} from './subjects.js';
import {PROVED, UNCONTESTED, distinct, judge, packStances} from './verdicts.js';

/** The use about which a check asks if it names none: all of mining. */
export const DEFAULT_USES = ['text-and-data-mining'];

const MAX_SUBJECTS = 20;
const VERDICTS = new Set(['allow', 'ask', 'deny', 'unknown', 'unreachable']);

/**
 * The answer to a check.
 *
 * @typedef {object} Decision
 * @property {'allow' | 'ask' | 'deny' | 'unknown' | 'unreachable'} verdict
 * @property {boolean} allowed true for `allow` alone
 * @property {'declared' | 'nothing-declared' | 'unreadable' | 'expired' | 'unreachable'} reason
 * @property {string | null} detail the stance or the outcome that decided, or the failure in words
 * @property {string | null} subject the first asked subject, canonical; null if it cannot be read
 * @property {string | null} matched the subject of the statement that decided; null if it is not known
 * @property {Record<string, string>} uses the verdict for each use
 * @property {number | null} position the position of the ledger that the answer is about
 * @property {string} checkedAt
 */

/**
 * Returns a decision. Everything that is not a known verdict is `unreachable`.
 *
 * @param {Partial<Omit<Decision, 'allowed'>> & {verdict: string}} parts
 * @returns {Readonly<Decision>}
 */
export function decision(parts) {
  const verdict = VERDICTS.has(parts.verdict) ? parts.verdict : 'unreachable';
  return Object.freeze({
    verdict: /** @type {Decision['verdict']} */ (verdict),
    allowed: verdict === 'allow',
    reason: parts.reason ?? reasonOf(verdict),
    detail: parts.detail ?? null,
    subject: parts.subject ?? null,
    matched: parts.matched ?? null,
    uses: Object.freeze({...parts.uses}),
    position: parts.position ?? null,
    checkedAt: parts.checkedAt ?? new Date().toISOString(),
  });
}

/** @returns {Decision['reason']} */
function reasonOf(verdict) {
  return verdict === 'unreachable' ? 'unreachable' : verdict === 'unknown' ? 'nothing-declared' : 'declared';
}

/**
 * Returns the decision after a refusal or an error.
 *
 * @param {unknown} failure
 * @param {string | null} [subject]
 */
export function failed(failure, subject = null) {
  const error = failure instanceof Error ? failure : new Error(String(failure));
  if (error instanceof MalformedSubject) {
    return decision({verdict: 'unknown', reason: 'unreadable', detail: error.message, subject});
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'error';
  return decision({
    verdict: 'unreachable', reason: code === 'expired' ? 'expired' : 'unreachable', detail: `${code}: ${error.message}`, subject,
  });
}

/**
 * Reads the subjects of one work.
 *
 * @param {string | string[]} subjects
 * @throws {MalformedSubject} if one of them cannot be read, or if a test subject is beside a real one
 */
export function readSubjects(subjects) {
  const texts = typeof subjects === 'string' ? [subjects] : subjects;
  if (!Array.isArray(texts) || texts.length === 0 || texts.length > MAX_SUBJECTS) {
    throw new MalformedSubject('wrong-shape', `name a work by 1 to ${MAX_SUBJECTS} subjects`, null);
  }
  const read = texts.map(readSubject);
  const labels = read.map(testLabelOf);
  if (labels.some((label) => label !== labels[0])) {
    // Otherwise somebody could add the subject that always allows to those of a real work.
    throw new MalformedSubject('conflict', 'ask about a test subject alone: it is no real work', null);
  }
  return read;
}

/**
 * Reads a subject, or an address without a scheme of subjects. An address stays an address: as the account or the DOI
 * that it names, it would miss what is declared for the address itself.
 */
function readSubject(text) {
  try {
    return parse(text);
  } catch (refused) {
    if (refused instanceof MalformedSubject && refused.reason === 'unknown-scheme' && /^\s*https?:\/\//i.test(text)) {
      return parse(`url:${text}`);
    }
    throw refused;
  }
}

/**
 * The known answers to test subjects by their labels (docs/sandbox.md): the stances of the statement, or null if the
 * registry answers with a problem.
 *
 * @type {Map<string, Record<string, string> | null>}
 */
const TESTS = new Map([
  ['allow', {'text-and-data-mining': 'permitted', 'search-indexing': 'permitted'}],
  ['ask', {'text-and-data-mining': 'reserved', 'search-indexing': 'reserved'}],
  ['terms', {'text-and-data-mining': 'permitted-with-terms', 'search-indexing': 'permitted-with-terms'}],
  ['deny', {'text-and-data-mining': 'reserved', 'search-indexing': 'reserved'}],
  ['mixed', {
    'text-and-data-mining': 'permitted', 'generative-ai-training': 'reserved', 'search-indexing': 'permitted',
  }],
  ['unknown', {}],
  ['unavailable', null],
  ['too-many-requests', null],
]);
const CONTACTABLE_TESTS = new Set(['ask', 'terms']);
const TEST_PARTY = '0'.repeat(32);

/** Returns the label of a test subject; null for a subject of a work. */
function testLabelOf(subject) {
  const host = subject.testHost();
  if (host === null) {
    return null;
  }
  const label = host.slice(0, -TEST_DOMAIN.length).replace(/\.$/, '').replace(/^.*\./, '');
  return TESTS.has(label) ? label : 'unknown';
}

/**
 * Returns the known answer if the work is a test subject; null if it is a work. The ledger has nothing about tests.
 *
 * @param {import('./subjects.js').Subject[]} subjects
 * @param {string[]} uses
 * @param {number} moment in microseconds
 */
export function knownAnswer(subjects, uses, moment) {
  const label = testLabelOf(subjects[0]);
  if (label === null) {
    return null;
  }
  const stances = TESTS.get(label);
  const subject = subjects[0].canonical;
  if (stances === null || stances === undefined) {
    return failed(new Error('this is a test: it is always answered so'), subject);
  }
  const statements = Object.keys(stances).length === 0 ? [] : [{
    party: TEST_PARTY,
    position: 0,
    specificity: 0,
    reachesOthers: true,
    reach: /** @type {'whole'} */ ('whole'),
    control: PROVED,
    stances: packStances(stances),
    contactable: CONTACTABLE_TESTS.has(label),
    from: -Infinity,
    to: Infinity,
    onBehalfOf: {of: TEST_PARTY, suspended: false, mandate: null},
    contest: UNCONTESTED,
    matched: `domain:${label}.${TEST_DOMAIN}`,
  }];
  return judged(subject, statements, uses, moment, 0);
}

/**
 * Judges the statements that reach a work.
 *
 * @param {string} subject the first asked subject, canonical
 * @param {import('./verdicts.js').Statement[]} statements
 * @param {string[]} uses
 * @param {number} moment in microseconds
 * @param {number | null} position
 */
export function judged(subject, statements, uses, moment, position) {
  const answer = judge(distinct(statements), uses, moment);
  const [first] = answer.assessments;
  const detail = first === undefined ? null : first.decides ? first.stance : first.outcome;
  return decision({
    verdict: answer.verdict,
    detail,
    subject,
    matched: first?.decides ? first.statement.matched : null,
    uses: answer.uses,
    position,
  });
}
