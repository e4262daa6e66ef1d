import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {NONE, PROVED, SHOWN, UNCONTESTED, both, judge, microsOf, packStances} from '../lib/verdicts.js';

const CASES = readFileSync(new URL('../../../core/src/test/resources/verdicts/cases.txt', import.meta.url), 'utf8');

const STATEMENT = /^(\d+) (\w+) declares for the (work|spelling|account|folder|site|platform|creator)(?: \(([^)]*)\))?: (.+)$/;
const QUESTION = /^asked ([a-z, -]+?)(?: on (\S+))?: (\w+)$/;
const SPECIFICITY = {work: 4000, spelling: 3999, account: 3000, folder: 2002, site: 1000, platform: 1000, creator: 100};
const REACH = {spelling: 'other-spelling', platform: 'shared-site'};
const TWO_WORDS = ['no standing', 'shared site', 'mandate ended', 'set aside', 'other spelling'];

const day = (text) => microsOf(`${text}T00:00:00Z`);

function read(text) {
  const cases = [];
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line.startsWith('== ')) {
      cases.push({
        title: line.slice(3), statements: [], asked: [], moment: microsOf('2026-11-22T09:00:00Z'), verdict: null, uses: null,
        because: [],
      });
    } else if (line !== '' && !line.startsWith('#')) {
      readLine(cases.at(-1), line);
    }
  }
  return cases;
}

function readLine(one, line) {
  const statement = STATEMENT.exec(line);
  const question = QUESTION.exec(line);
  if (statement !== null) {
    one.statements.push(statementOf(statement));
  } else if (question !== null) {
    one.asked = question[1].split(', ');
    one.moment = question[2] === undefined ? one.moment : day(question[2]);
    one.verdict = question[3];
  } else if (line.startsWith('uses ')) {
    one.uses = Object.fromEntries(line.slice(5).split(', ').map((use) => use.split(' ')));
  } else if (line.startsWith('because ')) {
    const because = TWO_WORDS.reduce((text, words) => text.replaceAll(words, words.replace(' ', '-')), line.slice(8));
    one.because = because.split(', ');
  } else {
    throw new Error(`cannot be read: ${line}`);
  }
}

function statementOf([, position, party, what, remarks, stances]) {
  const statement = {
    party,
    position: Number(position),
    specificity: SPECIFICITY[what],
    reachesOthers: ['folder', 'site', 'platform', 'creator'].includes(what),
    reach: REACH[what] ?? 'whole',
    control: NONE,
    stances: packStances(Object.fromEntries(stances.split(', ').map((one) => one.split(' ')))),
    contactable: false,
    from: -Infinity,
    to: Infinity,
    onBehalfOf: {of: party, suspended: false, mandate: null},
    contest: UNCONTESTED,
  };
  let mandatedUntil = Infinity;
  const contest = (state) => {
    statement.contest = both(statement.contest, {...UNCONTESTED, ...state});
  };
  for (const remark of remarks === undefined ? [] : remarks.split(', ')) {
    const last = remark.slice(remark.lastIndexOf(' ') + 1);
    switch (remark.split(' ')[0]) {
      case 'token':
        statement.control = Math.max(statement.control, SHOWN);
        break;
      case 'evidenced':
        statement.control = PROVED;
        break;
      case 'suspended':
        statement.onBehalfOf.suspended = true;
        break;
      case 'can':
        statement.contactable = true;
        break;
      case 'contested':
        contest({contestedUntil: Infinity});
        break;
      case 'set':
        contest({setAsideAt: -Infinity});
        break;
      case 'unanswered':
        contest({contestedUntil: day(last), permissionsEndAt: day(last)});
        break;
      case 'rejected':
        contest({contestedUntil: day(last), setAsideAt: day(last)});
        break;
      case 'from':
        statement.from = day(last);
        break;
      case 'until':
        statement.to = day(last);
        break;
      case 'for':
        statement.onBehalfOf.of = last;
        break;
      case 'mandate':
        mandatedUntil = day(last);
        break;
      case 'vouched':
      case 'verified':
        // These say who the party is, and decide nothing.
        break;
      default:
        throw new Error(`cannot be read: ${remark}`);
    }
  }
  if (statement.onBehalfOf.of !== party) {
    statement.onBehalfOf.mandate = {from: -Infinity, to: mandatedUntil};
  }
  return statement;
}

const cases = read(CASES);

test('there are cases', () => assert.ok(cases.length >= 90, `${cases.length} cases`));

for (const one of cases) {
  test(one.title, () => {
    const {verdict, uses, assessments} = judge(one.statements, one.asked, one.moment);
    const because = assessments.map(({statement, outcome, decides}) =>
      `${statement.position} ${outcome === 'applied' && decides ? 'decides' : outcome}`);
    assert.deepEqual(
      {verdict, uses: one.uses === null ? null : uses, because},
      {verdict: one.verdict, uses: one.uses, because: one.because});
  });
}

test('a use that is not known is refused', () => {
  assert.throws(() => judge([], ['ai-trainnig'], 0), TypeError);
  assert.throws(() => judge([], [], 0), TypeError);
});

test('moments have microseconds', () => {
  assert.equal(microsOf('1970-01-01T00:00:01.0000019Z'), 1000001);
  assert.equal(microsOf('1970-01-01T01:00:00+01:00'), 0);
  assert.throws(() => microsOf('yesterday'), TypeError);
});
