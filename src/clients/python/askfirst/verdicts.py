"""The verdict on one work, computed from the statements that reach it.

These are the rules of version 1, as docs/formats/range.md ("Judging") describes them. `reaching` turns what was found
under the keys of an expansion into statements, and `judge` computes the verdict. Neither knows files or calls.

Moments are whole microseconds since 1970.
"""

from dataclasses import dataclass
from typing import NamedTuple

RULES = 1
"""The version of the rules. Whoever does not know the version of an answer must take every verdict as unknown."""

DENY = "deny"
ASK = "ask"
UNKNOWN = "unknown"
ALLOW = "allow"
VERDICTS = (DENY, ASK, UNKNOWN, ALLOW)
"""The verdicts, the most cautious first."""

_CAUTION = {verdict: rank for rank, verdict in enumerate(VERDICTS)}

USES = (
    "text-and-data-mining",
    "data-analysis",
    "ai-training",
    "generative-ai-training",
    "non-generative-ai-training",
    "ai-input",
    "ai-index",
    "search-indexing",
)
"""The uses, in the order of the contract. Files number them by their place."""

_UMBRELLA = {
    "data-analysis": "text-and-data-mining",
    "ai-training": "text-and-data-mining",
    "generative-ai-training": "ai-training",
    "non-generative-ai-training": "ai-training",
    "ai-input": "text-and-data-mining",
    "ai-index": "text-and-data-mining",
}

RESERVED = 1
PERMITTED_WITH_TERMS = 2
PERMITTED = 3
STANCES = {"reserved": RESERVED, "permitted-with-terms": PERMITTED_WITH_TERMS, "permitted": PERMITTED}

NONE = 0
SHOWN = 1
PROVED = 2

WHOLE = "whole"
OTHER_SPELLING = "other spelling"
SHARED_SITE = "shared site"

OUTCOMES = (
    "applied",
    "outranked",
    "no standing",
    OTHER_SPELLING,
    SHARED_SITE,
    "suspended",
    "mandate ended",
    "set aside",
    "pending",
)
"""The effects of a statement, the best first."""

_RANK = {outcome: rank for rank, outcome in enumerate(OUTCOMES)}
_FOREVER = float("inf")


def _upwards(use):
    while use is not None:
        yield use
        use = _UMBRELLA.get(use)


_BELOW = {use: tuple(other for other in USES if use in _upwards(other)) for use in USES}
_LEAVES = {use: tuple(other for other in _BELOW[use] if len(_BELOW[other]) == 1) for use in USES}
_CHAIN = {use: tuple(2 * USES.index(one) for one in _upwards(use)) for use in USES}


def pack(stances):
    """Returns the stances on uses as files have them: two bits for each use."""
    packed = 0
    for use, stance in stances.items():
        packed |= STANCES[stance] << 2 * USES.index(use)
    return packed


def stance_on(packed, use):
    """Returns the stance on the use, or that of the nearest umbrella that has one; 0 if there is none."""
    for shift in _CHAIN[use]:
        stance = packed >> shift & 3
        if stance:
            return stance
    return 0


def more_cautious(one, other):
    return one if _CAUTION[one] <= _CAUTION[other] else other


# ---- Statements


class Period(NamedTuple):
    """The time from `start` until before `end`; None for no bound."""

    start: int | None = None
    end: int | None = None

    def contains(self, moment):
        return (self.start is None or moment >= self.start) and (self.end is None or moment < self.end)


ALWAYS = Period()
NEVER = Period(None, -_FOREVER)


class ContestState(NamedTuple):
    """The effect of the contests of one statement, by moment; None where there is none."""

    contested_until: float | None = None
    permissions_end_at: float | None = None
    set_aside_at: float | None = None

    def is_contested_at(self, moment):
        return self.contested_until is not None and moment < self.contested_until and not _reached(
            self.set_aside_at, moment
        )

    def is_set_aside(self, stance, moment):
        return _reached(self.set_aside_at, moment) or (
            stance == PERMITTED and _reached(self.permissions_end_at, moment)
        )

    def also(self, other):
        return ContestState(
            _choose(max, self.contested_until, other.contested_until),
            _choose(min, self.permissions_end_at, other.permissions_end_at),
            _choose(min, self.set_aside_at, other.set_aside_at),
        )


def _reached(at, moment):
    return at is not None and moment >= at


def _choose(which, one, other):
    if one is None or other is None:
        return other if one is None else one
    return which(one, other)


UNCONTESTED = ContestState()


@dataclass(frozen=True)
class Statement:
    """A declaration as it applies to one asked work.

    `on_behalf_of` is the party in whose name it is made, and `mandate` the period of the mandate; None if the party
    speaks for itself.
    """

    party: object
    position: int
    specificity: int
    reaches_others: bool
    reach: str
    control: int
    stances: int
    contactable: bool
    period: Period
    on_behalf_of: object
    suspended: bool
    mandate: Period | None
    contest: ContestState = UNCONTESTED

    def __hash__(self):
        return hash(self.position)

    @property
    def evidenced(self):
        """True if the right of the party, or of its member, to the asked work is evidenced."""
        return self.control == PROVED and self.reach != SHARED_SITE

    @property
    def pending(self):
        return self.reaches_others and self.control == NONE

    def is_out_of_mandate(self, moment):
        return self.mandate is not None and not self.mandate.contains(moment)

    def outranks(self, other):
        """Returns true if this statement applies in place of another of the same party in the same name."""
        mine = (self.specificity, self.position, self.evidenced, self.control)
        return mine > (other.specificity, other.position, other.evidenced, other.control)


class Assessment(NamedTuple):
    """A statement that bears on the asked uses, with its best outcome and its most restrictive stance."""

    statement: Statement
    outcome: str
    stance: int
    decides: bool


class Judgement(NamedTuple):
    """The verdict, the verdict for each asked use and those below it, and the statements, deciding ones first."""

    verdict: str
    uses: dict
    assessments: list


class _Candidacy:
    def __init__(self):
        self.outcome = "pending"
        self.stance = PERMITTED
        self.verdict = ALLOW

    def include(self, outcome):
        if _RANK[outcome] < _RANK[self.outcome]:
            self.outcome = outcome


def judge(statements, asked, moment):
    """Computes the verdict.

    `statements` are all that reach the work, `asked` the names of uses, at least one, and `moment` the moment for which
    the verdict is true.
    """
    if not asked:
        raise ValueError("no use is asked")
    in_force = [statement for statement in statements if statement.period.contains(moment)]
    candidacies = {}
    leaves = {}
    for use in asked:
        for leaf in _LEAVES[use]:
            if leaf not in leaves:
                leaves[leaf] = _judge_leaf(leaf, in_force, moment, candidacies)
    uses = {}
    for use in USES:
        if any(use in _BELOW[one] for one in asked):
            uses[use] = ALLOW
            for leaf in _LEAVES[use]:
                uses[use] = more_cautious(uses[use], leaves[leaf])
    verdict = ALLOW
    for use in asked:
        verdict = more_cautious(verdict, uses[use])
    assessments = []
    for statement in in_force:
        candidacy = candidacies.get(statement)
        if candidacy is not None:
            decides = candidacy.outcome == "applied" and candidacy.verdict == verdict
            assessments.append(Assessment(statement, candidacy.outcome, candidacy.stance, decides))
    assessments.sort(
        key=lambda one: (
            not one.decides,
            _RANK[one.outcome],
            not one.statement.evidenced,
            -one.statement.specificity,
            -one.statement.position,
            -one.statement.control,
        )
    )
    return Judgement(verdict, uses, assessments)


def _judge_leaf(leaf, in_force, moment, candidacies):
    chosen = {}
    for statement in in_force:
        stance = stance_on(statement.stances, leaf)
        if not stance:
            continue
        candidacy = candidacies.setdefault(statement, _Candidacy())
        candidacy.stance = min(candidacy.stance, stance)
        outcome = _outcome(statement, stance, moment)
        candidacy.include(outcome)
        if outcome == "outranked":
            voice = (statement.party, statement.on_behalf_of, statement.mandate is None)
            other = chosen.get(voice)
            if other is None or statement.outranks(other):
                chosen[voice] = statement
    own = {name for _, name, is_own in chosen if is_own}
    chosen = [one for (_, name, is_own), one in chosen.items() if is_own or name not in own]
    return _decide(chosen, leaf, moment, candidacies)


def _decide(chosen, leaf, moment, candidacies):
    """Returns the verdict that follows from the statements that apply, one for each party."""
    if not chosen:
        return UNKNOWN
    verdicts = [_verdict_of(statement, leaf, moment) for statement in chosen]
    of_evidenced = ALLOW
    of_others = ALLOW
    evidenced = 0
    for statement, own in zip(chosen, verdicts):
        if statement.evidenced:
            evidenced += 1
            of_evidenced = more_cautious(of_evidenced, own)
        else:
            of_others = more_cautious(of_others, own)
    # A stranger can neither permit, nor turn the permission of somebody with evidence into more than a question.
    is_mixed = 0 < evidenced < len(chosen)
    verdict = more_cautious(of_evidenced, ASK if is_mixed else of_others)
    for statement, own in zip(chosen, verdicts):
        decides = _CAUTION[own] <= _CAUTION[verdict] or (is_mixed and of_evidenced == ALLOW and statement.evidenced)
        candidacy = candidacies[statement]
        candidacy.include("applied")
        candidacy.verdict = more_cautious(candidacy.verdict, verdict if decides else own)
    return verdict


def _outcome(statement, stance, moment):
    """Returns the reason why the statement does not apply; "outranked" if there is none and it may be chosen."""
    if statement.pending:
        return "pending"
    if statement.contest.is_set_aside(stance, moment):
        return "set aside"
    if stance != PERMITTED:
        return "suspended" if statement.suspended and not statement.evidenced else "outranked"
    if statement.reach != WHOLE:
        return statement.reach
    if statement.is_out_of_mandate(moment):
        return "mandate ended"
    if statement.suspended:
        return "suspended"
    return "outranked" if statement.evidenced else "no standing"


def _verdict_of(statement, leaf, moment):
    stance = stance_on(statement.stances, leaf)
    if stance == PERMITTED:
        return ASK if statement.contest.is_contested_at(moment) else ALLOW
    can_ask = stance == PERMITTED_WITH_TERMS or statement.contactable
    return ASK if can_ask and not statement.is_out_of_mandate(moment) else DENY


# ---- From what is found under keys to statements


class PartyState(NamedTuple):
    """The status of a party. `vouches` has the names of the schemes in which it may vouch for others."""

    erased: bool = False
    suspended: bool = False
    vouches: frozenset = frozenset()
    contactable: bool | None = None

    def may_vouch_for(self, scheme):
        return not self.suspended and not self.erased and scheme.name in self.vouches


PLAIN_STATE = PartyState()


class MandateTerm(NamedTuple):
    """A mandate: its member, None while it is not known, and its period."""

    member: object
    period: Period


class Stated(NamedTuple):
    """A statement as it was found under a key.

    `entry` names the entry that states it and, in a listing, the one that lists the subject. `repertoire` is true in a
    listing.
    """

    party: object
    position: int
    stances: int
    contactable: bool
    other_subject: bool
    period: Period
    mandate: object
    repertoire: bool
    entry: object


class Proof(NamedTuple):
    """A proof that a party controls the subject of a key, or on the word of a body, that it has a right to it."""

    party: object
    control: int
    by: object


class Contest(NamedTuple):
    """A contest of what a party states about the subject of a key. `by` is None if the operator decided."""

    kind: str
    party: object
    by: object
    position: int
    ends_at: int | None
    lapses_at: int | None
    other_subject: bool


class Found(NamedTuple):
    """Everything in force under one key."""

    statements: tuple = ()
    proofs: tuple = ()
    contests: tuple = ()


NOTHING = Found()


class Register(NamedTuple):
    """The states of parties and the mandates, by id."""

    states: dict
    mandates: dict

    def state(self, party):
        return self.states.get(party, PLAIN_STATE)


class Match(NamedTuple):
    """A statement that reaches an asked subject, and the subject under whose key it was found."""

    statement: Statement
    subject: str
    entry: object


def reaching(expansion, found, register):
    """Returns the matches of a subject, the most specific first.

    `found` has a `Found` for each entry of the expansion.
    """
    if all(not one.statements for one in found):
        return []
    evidence = _Evidence(expansion, found, register)
    matches = []
    for i, entry in enumerate(expansion.entries):
        for stated in found[i].statements:
            statement = _statement(stated, i, entry, evidence, register)
            # A statement about an address is stored under several spellings. Only the closest counts.
            if statement.reach == OTHER_SPELLING and any(match.entry == stated.entry for match in matches):
                continue
            matches.append(Match(statement, entry.canonical, stated.entry))
    return matches


class _Evidence:
    """The evidence of rights to the entries of an expansion, and the contests of statements about them."""

    def __init__(self, expansion, found, register):
        self._expansion = expansion
        self._found = found
        self._register = register
        self._contests = [(i, contest) for i, one in enumerate(found) for contest in one.contests]
        self._listed = set()
        for i, one in enumerate(found):
            scheme = expansion[i].scheme
            for stated in one.statements:
                if stated.repertoire and not stated.other_subject and not scheme.needs_control:
                    if register.state(stated.party).may_vouch_for(scheme):
                        self._listed.add((i, stated.party))
                        term = register.mandates.get(stated.mandate)
                        if term is not None and term.member is not None:
                            self._listed.add((i, term.member))

    def of(self, entry, is_other_spelling, party):
        """Returns the strongest evidence that the party controls an entry or one that contains it."""
        control = NONE
        for i in range(len(self._expansion)):
            if self._found[i] is NOTHING and not self._listed:
                continue
            contains = (
                self._expansion.contains_every_spelling(i) if is_other_spelling else self._expansion.contains(i, entry)
            )
            if contains:
                control = max(control, self._direct(i, party), PROVED if (i, party) in self._listed else NONE)
        return control

    def _direct(self, i, party):
        control = NONE
        for proof in self._found[i].proofs:
            if proof.party == party:
                strength = proof.control
                if strength == PROVED and proof.by is not None:
                    body = self._register.state(proof.by)
                    strength = PROVED if body.may_vouch_for(self._expansion[i].scheme) else SHOWN
                control = max(control, strength)
        return control

    def contests_of(self, stated, entry, is_other_spelling, evidenced):
        """Returns what the contests mean for a statement that was found under that entry."""
        state = UNCONTESTED
        for i, contest in self._contests:
            if contest.party == stated.party and self._reaches(i, contest, entry, stated, is_other_spelling):
                state = state.also(self._effect(i, contest, stated.position, is_other_spelling, evidenced))
        return state

    def _reaches(self, i, contest, entry, stated, is_other_spelling):
        if i == entry:
            return contest.other_subject == stated.other_subject
        if contest.other_subject:
            return False
        if is_other_spelling:
            return self._expansion.contains_every_spelling(i)
        return self._expansion.contains(i, entry)

    def _effect(self, i, contest, position, is_other_spelling, evidenced):
        by = PLAIN_STATE if contest.by is None else self._register.state(contest.by)
        against_unproved = (
            not evidenced
            and contest.by is not None
            and not by.suspended
            and self.of(i, is_other_spelling, contest.by) == PROVED
            and not self._expansion.is_shared(i)
        )
        ends_at = contest.ends_at
        if contest.kind == "rejected":
            return ContestState(ends_at, None, ends_at) if against_unproved else UNCONTESTED
        if contest.kind == "disputed":
            if by.suspended or by.erased:
                return UNCONTESTED
            until = contest.lapses_at if ends_at is None else ends_at
            return ContestState(
                _FOREVER if until is None else until,
                ends_at if position < contest.position else None,
                ends_at if against_unproved else None,
            )
        return ContestState(None, None, -_FOREVER)


def _statement(stated, i, entry, evidence, register):
    """Combines what a party stated with the states of the parties."""
    expansion = evidence._expansion
    scheme = entry.scheme
    spelled = stated.other_subject and scheme.name == "url" and not expansion.is_other_spelling(i)
    is_other_spelling = spelled or expansion.is_other_spelling(i)
    state = register.state(stated.party)
    control = evidence.of(i, is_other_spelling, stated.party)
    on_behalf_of = stated.party
    suspended = state.suspended
    mandate = None
    if stated.mandate is not None:
        term = register.mandates.get(stated.mandate)
        member = None if term is None else term.member
        on_behalf_of = ("mandate", stated.mandate) if member is None else member
        mandate = NEVER if term is None else term.period
        if member is not None:
            suspended = suspended or register.state(member).suspended
            control = max(control, evidence.of(i, is_other_spelling, member))
    reach = OTHER_SPELLING if is_other_spelling else SHARED_SITE if expansion.is_shared(i) else WHOLE
    evidenced = control == PROVED and reach != SHARED_SITE
    return Statement(
        party=stated.party,
        position=stated.position,
        specificity=entry.specificity - (1 if spelled else 0),
        reaches_others=scheme.needs_control,
        reach=reach,
        control=control,
        stances=stated.stances,
        contactable=stated.contactable,
        period=stated.period,
        on_behalf_of=on_behalf_of,
        suspended=suspended,
        mandate=mandate,
        contest=evidence.contests_of(stated, i, is_other_spelling, evidenced),
    )
