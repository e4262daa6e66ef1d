/**
 * The rules of verdicts, version 1 (docs/formats/range.md, "Judging").
 *
 * Moments are microseconds since 1970. An open beginning is -Infinity, an open end Infinity. Parties, mandates and
 * repertoires are texts, which are compared and nothing else.
 */
import {SCHEMES} from './subjects/schemes.js';

/** The version of the rules that this client knows. */
export const RULES = 1;

/** The uses in the order of the contract. */
export const USES = [
  'text-and-data-mining', 'data-analysis', 'ai-training', 'generative-ai-training', 'non-generative-ai-training',
  'ai-input', 'ai-index', 'search-indexing',
];
const UMBRELLA = [-1, 0, 0, 2, 2, 0, 0, -1];
const BELOW = USES.map((_, use) => USES.map((__, other) => other).filter((other) => isAtOrBelow(other, use)));
const LEAVES = BELOW.map((below) => below.filter((use) => BELOW[use].length === 1));

function isAtOrBelow(use, other) {
  for (let at = use; at >= 0; at = UMBRELLA[at]) {
    if (at === other) {
      return true;
    }
  }
  return false;
}

/** Stances by their numbers. */
export const STANCES = ['unstated', 'reserved', 'permitted-with-terms', 'permitted'];
const PERMITTED_WITH_TERMS = 2;
const PERMITTED = 3;

/** The strength of evidence, weakest first. */
export const NONE = 0;
export const SHOWN = 1;
export const PROVED = 2;

/** Verdicts, the most cautious first. */
const VERDICTS = ['deny', 'ask', 'unknown', 'allow'];
const DENY = 0;
const ASK = 1;
const UNKNOWN = 2;
const ALLOW = 3;

/** The outcomes of a statement, the best first. */
const OUTCOMES = [
  'applied', 'outranked', 'no-standing', 'other-spelling', 'shared-site', 'suspended', 'mandate-ended', 'set-aside',
  'pending',
];
const APPLIED = 0;
const OUTRANKED = 1;
const NO_STANDING = 2;
const SUSPENDED = 5;
const MANDATE_ENDED = 6;
const SET_ASIDE = 7;
const PENDING = 8;

/**
 * A party's statement as it applies to one asked work.
 *
 * @typedef {object} Statement
 * @property {string} party
 * @property {number} position
 * @property {number} specificity
 * @property {boolean} reachesOthers
 * @property {'whole' | 'other-spelling' | 'shared-site'} reach
 * @property {number} control
 * @property {number} stances two bits for each use
 * @property {boolean} contactable
 * @property {number} from
 * @property {number} to
 * @property {{of: string, suspended: boolean, mandate: {from: number, to: number} | null}} onBehalfOf
 * @property {ContestState} contest
 * @property {string} [matched] the subject whose key has the statement
 */

/**
 * The effect of the contests of a statement; null if no moment is set.
 *
 * @typedef {{contestedUntil: number | null, permissionsEndAt: number | null, setAsideAt: number | null}} ContestState
 */

/** @type {ContestState} */
export const UNCONTESTED = {contestedUntil: null, permissionsEndAt: null, setAsideAt: null};

/**
 * Returns the numbers of uses.
 *
 * @param {string[]} names
 */
export function usesOf(names) {
  const uses = [...new Set(names)].map((name) => USES.indexOf(name)).sort((one, other) => one - other);
  if (uses.length === 0 || uses[0] < 0) {
    throw new TypeError(`the uses are ${USES.join(', ')}; these are not: ${names.join(', ')}`);
  }
  return uses;
}

/**
 * Returns stances as two bits for each use.
 *
 * @param {Record<string, string>} stated
 */
export function packStances(stated) {
  let packed = 0;
  for (const [use, stance] of Object.entries(stated)) {
    const number = USES.indexOf(use);
    const value = STANCES.indexOf(stance);
    if (number < 0 || value < 1) {
      throw new TypeError(`not a stance: ${use} ${stance}`);
    }
    packed |= value << 2 * number;
  }
  return packed;
}

/** Returns the stance that applies to a use: its own, or that of the nearest umbrella; 0 if there is none. */
function stanceOn(packed, use) {
  for (let at = use; at >= 0; at = UMBRELLA[at]) {
    const stance = packed >>> 2 * at & 3;
    if (stance !== 0) {
      return stance;
    }
  }
  return 0;
}

function isEvidenced(control, reach) {
  return control === PROVED && reach !== 'shared-site';
}

function isIn(period, moment) {
  return moment >= period.from && moment < period.to;
}

function isOutOfMandate(statement, moment) {
  const {mandate} = statement.onBehalfOf;
  return mandate !== null && !isIn(mandate, moment);
}

function isReached(at, moment) {
  return at !== null && moment >= at;
}

function isContested(contest, moment) {
  return contest.contestedUntil !== null && moment < contest.contestedUntil && !isReached(contest.setAsideAt, moment);
}

/**
 * Computes the verdict on a work.
 *
 * @param {Statement[]} statements all statements on subjects that reach the work
 * @param {string[]} asked the asked uses
 * @param {number} moment in microseconds
 */
export function judge(statements, asked, moment) {
  const uses = usesOf(asked);
  const inForce = statements.filter((statement) => isIn(statement, moment));
  const candidacies = new Map();
  const leaves = new Map();
  for (const use of uses) {
    for (const leaf of LEAVES[use]) {
      if (!leaves.has(leaf)) {
        leaves.set(leaf, judgeLeaf(leaf, inForce, moment, candidacies));
      }
    }
  }
  /** @type {Record<string, string>} */
  const byUse = {};
  const combined = new Map();
  for (const use of [...new Set(uses.flatMap((one) => BELOW[one]))].sort((one, other) => one - other)) {
    const verdict = Math.min(...LEAVES[use].map((leaf) => leaves.get(leaf)));
    combined.set(use, verdict);
    byUse[USES[use]] = VERDICTS[verdict];
  }
  const verdict = Math.min(...uses.map((use) => combined.get(use)));
  return {verdict: VERDICTS[verdict], uses: byUse, assessments: assessments(inForce, candidacies, verdict)};
}

function candidacyOf(candidacies, statement) {
  let candidacy = candidacies.get(statement);
  if (candidacy === undefined) {
    candidacy = {outcome: PENDING, stance: PERMITTED, verdict: ALLOW};
    candidacies.set(statement, candidacy);
  }
  return candidacy;
}

function judgeLeaf(leaf, inForce, moment, candidacies) {
  const chosen = new Map();
  for (const statement of inForce) {
    const stance = stanceOn(statement.stances, leaf);
    if (stance === 0) {
      continue;
    }
    const candidacy = candidacyOf(candidacies, statement);
    candidacy.stance = Math.min(candidacy.stance, stance);
    const outcome = outcomeOf(statement, stance, moment);
    candidacy.outcome = Math.min(candidacy.outcome, outcome);
    if (outcome === OUTRANKED) {
      const {of, mandate} = statement.onBehalfOf;
      const voice = `${statement.party} ${of} ${mandate === null}`;
      const other = chosen.get(voice);
      if (other === undefined || outranks(statement, other)) {
        chosen.set(voice, statement);
      }
    }
  }
  const own = new Set();
  for (const {onBehalfOf} of chosen.values()) {
    if (onBehalfOf.mandate === null) {
      own.add(onBehalfOf.of);
    }
  }
  const voices = [...chosen.values()].filter(
    ({onBehalfOf}) => onBehalfOf.mandate === null || !own.has(onBehalfOf.of));
  return decide(voices, leaf, moment, candidacies);
}

/** Returns the reason why a statement does not apply; "outranked" if there is none, unless it is chosen later. */
function outcomeOf(statement, stance, moment) {
  if (statement.reachesOthers && statement.control === NONE) {
    return PENDING;
  }
  const {contest} = statement;
  if (isReached(contest.setAsideAt, moment) || (stance === PERMITTED && isReached(contest.permissionsEndAt, moment))) {
    return SET_ASIDE;
  }
  const evidenced = isEvidenced(statement.control, statement.reach);
  if (stance !== PERMITTED) {
    return statement.onBehalfOf.suspended && !evidenced ? SUSPENDED : OUTRANKED;
  }
  if (statement.reach !== 'whole') {
    return OUTCOMES.indexOf(statement.reach);
  }
  if (isOutOfMandate(statement, moment)) {
    return MANDATE_ENDED;
  }
  if (statement.onBehalfOf.suspended) {
    return SUSPENDED;
  }
  return evidenced ? OUTRANKED : NO_STANDING;
}

function outranks(statement, other) {
  if (statement.specificity !== other.specificity) {
    return statement.specificity > other.specificity;
  }
  if (statement.position !== other.position) {
    return statement.position > other.position;
  }
  const evidenced = isEvidenced(statement.control, statement.reach);
  return evidenced === isEvidenced(other.control, other.reach) ? statement.control > other.control : evidenced;
}

/** Returns the verdict that follows from the statements that apply, one for each party. */
function decide(chosen, leaf, moment, candidacies) {
  if (chosen.length === 0) {
    return UNKNOWN;
  }
  let ofEvidenced = ALLOW;
  let ofOthers = ALLOW;
  let evidenced = 0;
  for (const statement of chosen) {
    const own = verdictOf(statement, leaf, moment);
    if (isEvidenced(statement.control, statement.reach)) {
      evidenced++;
      ofEvidenced = Math.min(ofEvidenced, own);
    } else {
      ofOthers = Math.min(ofOthers, own);
    }
  }
  // A stranger can neither permit, nor turn the permission of somebody with evidence into more than a question.
  const isMixed = evidenced > 0 && evidenced < chosen.length;
  const verdict = Math.min(ofEvidenced, isMixed ? ASK : ofOthers);
  const isPermissionInDoubt = isMixed && ofEvidenced === ALLOW;
  for (const statement of chosen) {
    const own = verdictOf(statement, leaf, moment);
    const decides = own <= verdict || (isPermissionInDoubt && isEvidenced(statement.control, statement.reach));
    const candidacy = candidacyOf(candidacies, statement);
    candidacy.outcome = APPLIED;
    candidacy.verdict = Math.min(candidacy.verdict, decides ? verdict : own);
  }
  return verdict;
}

function verdictOf(statement, leaf, moment) {
  const stance = stanceOn(statement.stances, leaf);
  if (stance === PERMITTED) {
    return isContested(statement.contest, moment) ? ASK : ALLOW;
  }
  const canBeAsked = !isOutOfMandate(statement, moment)
    && (stance === PERMITTED_WITH_TERMS || statement.contactable);
  return canBeAsked ? ASK : DENY;
}

function assessments(inForce, candidacies, verdict) {
  return inForce
    .filter((statement) => candidacies.has(statement))
    .map((statement) => {
      const candidacy = candidacies.get(statement);
      return {statement, ...candidacy, decides: candidacy.outcome === APPLIED && candidacy.verdict === verdict};
    })
    .sort((one, other) => Number(other.decides) - Number(one.decides)
      || one.outcome - other.outcome
      || Number(isEvidenced(other.statement.control, other.statement.reach))
        - Number(isEvidenced(one.statement.control, one.statement.reach))
      || other.statement.specificity - one.statement.specificity
      || other.statement.position - one.statement.position
      || other.statement.control - one.statement.control)
    .map(({statement, outcome, stance, decides}) => (
      {statement, outcome: OUTCOMES[outcome], stance: STANCES[stance], decides}));
}

// From postings to statements

/**
 * A value under a key.
 *
 * @typedef {object} Posting
 * @property {'statement' | 'proof' | 'contest'} kind
 * @property {string} party the party that states, has proved control, or whose statements are contested
 * @property {number} position
 * @property {boolean} otherSubject
 * @property {number} [stances] of a statement
 * @property {'none' | 'party' | 'terms' | 'license'} [contact] of a statement
 * @property {number} [from] of a statement; in a contest the moment at which the time of the party ends, or -Infinity
 * @property {number} [to] of a statement; in a contest the moment at which it ends without effect, or Infinity
 * @property {string | null} [mandate] of a statement
 * @property {boolean} [listed] of a statement of a repertoire that lists the subject
 * @property {number} [statedAt] of a listed statement: the position of the repertoire's statement
 * @property {number} [control] of a proof
 * @property {string | null} [by] of a proof: the body on whose word it rests; of a contest: the party that contests
 * @property {'rejected' | 'disputed' | 'set-aside'} [contest]
 */

/**
 * The recorded state of a party.
 *
 * @typedef {{suspended: boolean, erased: boolean, contactable: boolean | null, vouchesFor: Set<string>}} PartyState
 */

/**
 * The states of parties and the mandates.
 *
 * @typedef {object} Register
 * @property {(party: string) => PartyState} state
 * @property {(mandate: string) => {member: string | null, from: number, to: number} | null} term null if it is unknown
 */

/** @type {PartyState} */
export const PLAIN = {suspended: false, erased: false, contactable: null, vouchesFor: new Set()};

function mayVouchFor(state, scheme) {
  return !state.suspended && !state.erased && state.vouchesFor.has(scheme);
}

function canBeAsked(state, contact) {
  if (contact === 'license') {
    return true;
  }
  if (state.erased) {
    return false;
  }
  return contact === 'terms' || (state.contactable === null ? contact === 'party' : state.contactable);
}

/**
 * Returns the statements that reach the subject of an expansion.
 *
 * @param {import('./subjects/expansion.js').Expansion} expansion
 * @param {Posting[][]} postings those under the key of each entry
 * @param {Register} register
 * @returns {Statement[]}
 */
export function statementsOf(expansion, postings, register) {
  if (postings.every((some) => some.length === 0)) {
    return [];
  }
  const evidence = new Evidence(expansion, postings, register);
  const found = [];
  const seen = [];
  postings.forEach((some, entry) => {
    for (const posting of some) {
      if (posting.kind === 'statement') {
        const statement = statementOf(expansion, entry, posting, register, evidence);
        const statedAt = posting.statedAt ?? posting.position;
        const listedAt = posting.listed ? posting.position : 0;
        // A statement about an address is stored under several spellings; a closer one was found before.
        const isRepeated = statement.reach === 'other-spelling'
          && seen.some((closer) => closer.statedAt === statedAt && closer.listedAt === listedAt);
        if (!isRepeated) {
          found.push(statement);
          seen.push({statedAt, listedAt});
        }
      }
    }
  });
  return found;
}

function statementOf(expansion, entry, posting, register, evidence) {
  const {scheme, specificity, subject} = expansion.entries[entry];
  const storedAsSpelling = posting.otherSubject && scheme === 'url' && !expansion.isOtherSpelling(entry);
  const isOtherSpelling = storedAsSpelling || expansion.isOtherSpelling(entry);
  const state = register.state(posting.party);
  let control = evidence.of(entry, isOtherSpelling, posting.party);
  let onBehalfOf = {of: posting.party, suspended: state.suspended, mandate: null};
  if (posting.mandate !== null && posting.mandate !== undefined) {
    const term = register.term(posting.mandate);
    const member = term?.member ?? null;
    onBehalfOf = {
      of: member ?? posting.mandate,
      suspended: state.suspended || (member !== null && register.state(member).suspended),
      // An unknown mandate is never in force.
      mandate: term === null ? {from: Infinity, to: -Infinity} : {from: term.from, to: term.to},
    };
    if (member !== null) {
      control = Math.max(control, evidence.of(entry, isOtherSpelling, member));
    }
  }
  const reach = isOtherSpelling ? 'other-spelling' : expansion.isShared(entry) ? 'shared-site' : 'whole';
  return {
    party: posting.party,
    matched: subject,
    position: posting.position,
    specificity: specificity - (storedAsSpelling ? 1 : 0),
    reachesOthers: SCHEMES[scheme].needsControl === true,
    reach,
    control,
    stances: posting.stances,
    contactable: canBeAsked(state, posting.contact),
    from: posting.from,
    to: posting.to,
    onBehalfOf,
    contest: evidence.contestsOf(posting, entry, isOtherSpelling, isEvidenced(control, reach)),
  };
}

/** The evidence of rights to the entries of one expansion, and the contests of statements about them. */
class Evidence {
  constructor(expansion, postings, register) {
    this.expansion = expansion;
    this.register = register;
    this.proofs = [];
    this.contests = [];
    postings.forEach((some, entry) => {
      const {scheme} = expansion.entries[entry];
      for (const posting of some) {
        if (posting.kind === 'proof') {
          const stopped = posting.control === PROVED && posting.by !== null
            && !mayVouchFor(register.state(posting.by), scheme);
          this.proofs.push({entry, party: posting.party, control: stopped ? SHOWN : posting.control});
        } else if (posting.kind === 'contest') {
          this.contests.push({entry, posting});
        } else if (posting.listed && !posting.otherSubject) {
          this.#addListing(entry, scheme, posting);
        }
      }
    });
  }

  /** Adds the list of a body that may vouch: evidence for the body, and for the member for whom it keeps the list. */
  #addListing(entry, scheme, posting) {
    if (SCHEMES[scheme].needsControl === true || !mayVouchFor(this.register.state(posting.party), scheme)) {
      return;
    }
    this.proofs.push({entry, party: posting.party, control: PROVED});
    const member = posting.mandate === null ? null : this.register.term(posting.mandate)?.member ?? null;
    if (member !== null) {
      this.proofs.push({entry, party: member, control: PROVED});
    }
  }

  of(entry, isOtherSpelling, party) {
    let control = NONE;
    for (const proof of this.proofs) {
      if (proof.party === party && proof.control > control
        && (isOtherSpelling
          ? this.expansion.containsEverySpelling(proof.entry)
          : this.expansion.contains(proof.entry, entry))) {
        control = proof.control;
      }
    }
    return control;
  }

  contestsOf(statement, entry, isOtherSpelling, evidenced) {
    let state = UNCONTESTED;
    for (const one of this.contests) {
      const {posting} = one;
      if (posting.party === statement.party && this.#reaches(one, entry, statement.otherSubject, isOtherSpelling)) {
        const isAgainstUnproved = !evidenced
          && posting.by !== null
          && !this.register.state(posting.by).suspended
          && this.of(one.entry, isOtherSpelling, posting.by) === PROVED
          && !this.expansion.isShared(one.entry);
        state = both(state, this.#effect(posting, statement.position, isAgainstUnproved));
      }
    }
    return state;
  }

  #reaches(one, entry, otherSubject, isOtherSpelling) {
    if (one.entry === entry) {
      return one.posting.otherSubject === otherSubject;
    }
    return !one.posting.otherSubject
      && (isOtherSpelling
        ? this.expansion.containsEverySpelling(one.entry)
        : this.expansion.contains(one.entry, entry));
  }

  #effect(posting, position, isAgainstUnproved) {
    const endsAt = posting.from === -Infinity ? null : posting.from;
    switch (posting.contest) {
      case 'rejected':
        return isAgainstUnproved ? {contestedUntil: endsAt, permissionsEndAt: null, setAsideAt: endsAt} : UNCONTESTED;
      case 'disputed': {
        const by = posting.by === null ? PLAIN : this.register.state(posting.by);
        return by.suspended || by.erased
          ? UNCONTESTED
          : {
            contestedUntil: endsAt ?? posting.to,
            permissionsEndAt: position < posting.position ? endsAt : null,
            setAsideAt: isAgainstUnproved ? endsAt : null,
          };
      }
      case 'set-aside':
        return {contestedUntil: null, permissionsEndAt: null, setAsideAt: -Infinity};
      default:
        throw new TypeError(`the kind of contest ${posting.contest} is not known`);
    }
  }
}

/**
 * Returns the statements without those that are equal to an earlier one: two subjects of one work may be reached by one
 * statement, and two lists of one repertoire may have a subject.
 *
 * @param {Statement[]} statements
 * @returns {Statement[]}
 */
export function distinct(statements) {
  if (statements.length < 2) {
    return statements;
  }
  const seen = new Map();
  for (const statement of statements) {
    const {onBehalfOf, contest} = statement;
    const key = [
      statement.party, statement.position, statement.specificity, statement.reachesOthers, statement.reach,
      statement.control, statement.stances, statement.contactable, statement.from, statement.to, onBehalfOf.of,
      onBehalfOf.suspended, onBehalfOf.mandate?.from, onBehalfOf.mandate?.to, contest.contestedUntil,
      contest.permissionsEndAt, contest.setAsideAt,
    ].join();
    if (!seen.has(key)) {
      seen.set(key, statement);
    }
  }
  return [...seen.values()];
}

/**
 * Returns the effect of two contests of one statement.
 *
 * @param {ContestState} one
 * @param {ContestState} other
 * @returns {ContestState}
 */
export function both(one, other) {
  return {
    contestedUntil: combine(one.contestedUntil, other.contestedUntil, Math.max),
    permissionsEndAt: combine(one.permissionsEndAt, other.permissionsEndAt, Math.min),
    setAsideAt: combine(one.setAsideAt, other.setAsideAt, Math.min),
  };
}

function combine(one, other, choose) {
  return one === null || other === null ? one ?? other : choose(one, other);
}

/**
 * Returns a moment of RFC 3339 in microseconds.
 *
 * @param {string} text
 */
export function microsOf(text) {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const seconds = match === null ? NaN : Date.parse(match[1] + match[3]);
  if (Number.isNaN(seconds)) {
    throw new TypeError(`not a moment: ${text}`);
  }
  return seconds * 1000 + Number((match[2] ?? '').padEnd(6, '0').slice(0, 6));
}

/**
 * Returns a moment in microseconds.
 *
 * @param {Date | number | undefined} moment a date, or milliseconds since 1970; now if it is absent
 */
export function microsAt(moment) {
  const millis = moment === undefined ? Date.now() : Number(moment);
  if (Number.isNaN(millis)) {
    throw new TypeError('not a moment');
  }
  return millis * 1000;
}
