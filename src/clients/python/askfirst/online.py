"""Asks a registry over HTTP.

`check_all` asks in bulk, and the registry learns what is asked. `check_privately` asks for everything whose key has a
certain prefix, and judges here (docs/formats/range.md). Both wait when the registry tells them to, and try again after
failures that pass. What they cannot learn is `unreachable`, which is no permission and is never kept.
"""

import hashlib
import http.client
import itertools
import json
import random
import re
import time
import urllib.error
import urllib.request
from collections import Counter, OrderedDict
from datetime import datetime, timezone

from . import _sources, _times, policy, verdicts
from ._version import VERSION
from ._works import Work, known_answer
from .subjects import BY_NAME, MalformedSubject
from .verdicts import NOTHING, Contest, Found, MandateTerm, PartyState, Period, Proof, Register, Stated

MAX_ITEMS = 10_000
"""The greatest number of works in one call."""

_LONGEST_ANSWER = 64 << 20
_LONGEST_RANGE = 8 << 20
_LONGEST_REFUSAL = 1 << 14
_LONGEST_WAIT = 300
_MOST_DIGITS = 6
_MOST_ROUNDS = 3
_KEPT_RANGES = 4096
_KEPT_BYTES = 64 << 20
_KEPT_SECONDS = 60
_KEY = re.compile("[0-9a-f]{64}")
_NUMBER = re.compile("[0-9]{1,18}")
_CONTROLS = {"shown": verdicts.SHOWN, "proved": verdicts.PROVED}
_KINDS = ("rejected", "disputed", "set-aside")


class Failed(Exception):
    """The registry did not answer, or refused the call."""

    def __init__(self, detail, status=None):
        super().__init__(detail)
        self.status = status


class _TooOld(Failed):
    """One range is older than the filter. The registry may still answer about others."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A registry does not redirect calls, and the key of the asker must not go elsewhere."""

    def redirect_request(self, *_):
        return None


class Online:
    """A registry, such as `https://registry.example`. Used by one thread.

    `api_key` is the key of the asker, or None. `together` is the number of works in one call. `clock` tells the time.
    `ticks` tells the seconds of a clock that nobody sets, for which a range may be kept.
    """

    def __init__(
        self,
        address,
        api_key=None,
        *,
        together=2_000,
        tries=6,
        timeout=60,
        sleep=time.sleep,
        clock=time.time,
        ticks=time.monotonic,
    ):
        if not str(address).startswith(("http://", "https://")):
            raise ValueError("the address of a registry begins with https://")
        if not 1 <= together <= MAX_ITEMS:
            raise ValueError(f"a call takes 1 to {MAX_ITEMS} works")
        self._address = str(address).rstrip("/")
        self._api_key = api_key
        self._together = together
        self._tries = tries
        self._timeout = timeout
        self._sleep = sleep
        self._clock = clock
        self._ticks = ticks
        self._opener = _sources.opener(_NoRedirect)
        self._is_down = False
        self._quota = None
        self._digits = 4
        self._ranges = OrderedDict()
        self._range_bytes = 0

    # ---- In bulk

    def check(self, work, uses=policy.DEFAULT_USES):
        """Returns the decision about one work: a subject, a link or a number, or a list of everything known of it."""
        return self.check_all([work], uses)[0]

    def check_all(self, works, uses=policy.DEFAULT_USES):
        """Returns the decisions about many works, in their order."""
        return list(self.check_each(works, uses))

    def check_each(self, works, uses=policy.DEFAULT_USES):
        """Yields the decisions about any number of works, in their order, while they arrive."""
        uses = _require_uses(uses)
        works = iter(works)
        while batch := [Work.read(one) for one in itertools.islice(works, self._together)]:
            yield from self._batch(batch, uses)

    def _batch(self, works, uses):
        decisions = [policy.nothing(policy.UNREADABLE, one.name, one.fault, self._now()) for one in works]
        places = [place for place, one in enumerate(works) if one.fault is None]
        if not places:
            return decisions
        items = [
            {"id": str(place), "subjects": [subject.canonical for subject in works[place].subjects]} for place in places
        ]
        body = json.dumps({"items": items, "uses": list(uses)}, ensure_ascii=False).encode("utf-8")
        try:
            answers = self._call(
                "/v1/lookups?detail=verdict", body, len(places), lambda answer, *_: self._read(answer, works, places)
            )
        except Failed as fault:
            answers = [policy.nothing(policy.UNREACHABLE, works[one].name, str(fault), self._now()) for one in places]
        for place, decision in zip(places, answers):
            decisions[place] = decision
        return decisions

    def _read(self, answer, works, places):
        """Returns the decisions of a complete answer. Raises `ValueError` for any other."""
        position = answer["position"]
        moment = _times.to_datetime(_times.parse(answer["answeredAt"]))
        if type(position) is not int or position < 0 or len(answer["answers"]) != len(places):
            raise ValueError("the answer is incomplete")
        decisions = []
        for place, one in zip(places, answer["answers"]):
            if one["id"] != str(place):
                raise ValueError("the answers are in another order")
            decisions.append(self._decision(one, works[place], position, moment))
        return decisions

    def _decision(self, answer, work, position, moment):
        problem = answer.get("problem")
        if problem is not None:
            failed = problem.get("status") not in (400, 422)
            reason = policy.UNREACHABLE if failed else policy.UNREADABLE
            return policy.nothing(reason, work.name, problem.get("detail"), self._now())
        verdict = answer["verdict"]
        uses = answer["verdicts"]
        if verdict not in verdicts.VERDICTS or not uses or any(one not in verdicts.VERDICTS for one in uses.values()):
            raise ValueError("the answer has an unknown verdict")
        reason = policy.NOTHING_DECLARED if verdict == verdicts.UNKNOWN else policy.DECLARED
        return policy.Decision(verdict, reason, work.name, None, position, moment, dict(uses))

    # ---- Calls

    def _now(self):
        return datetime.fromtimestamp(self._clock(), timezone.utc)

    def _call(self, path, body, cost, read, longest=_LONGEST_ANSWER, fresh=False):
        """Returns what `read` makes of an answer, its headers and its bytes, after several attempts. Raises `Failed`.

        An answer with more bytes than `longest` is refused. If `fresh`, no cache may answer.
        """
        fault = None
        # After a call that failed in spite of all attempts, the next ones try once, until one succeeds.
        for attempts_left in range(0 if self._is_down else self._tries - 1, -1, -1):
            self._pace(cost)
            try:
                data, headers = self._attempt(path, body, longest, fresh)
                result = read(json.loads(data.decode("utf-8")), headers, data)
                self._is_down = False
                return result
            except _Passing as passing:
                fault = passing
            except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as nonsense:
                fault = _Passing(f"the answer cannot be read: {nonsense}", None)
            if attempts_left:
                self._wait(fault.wait, self._tries - 1 - attempts_left)
        self._is_down = True
        raise Failed(str(fault))

    def _attempt(self, path, body, longest, fresh):
        headers = {"Accept": "application/json", "User-Agent": "askfirst-python/" + VERSION}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if fresh:
            headers["Cache-Control"] = "no-cache"
        if self._api_key:
            headers["Authorization"] = "Bearer " + self._api_key
        request = urllib.request.Request(self._address + path, body, headers)
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                data = _sources.read_all(answer, longest + 1, self._timeout)
                status = answer.status
                headers = answer.headers
        except urllib.error.HTTPError as refusal:
            with refusal:
                self._note_quota(refusal.headers)
                detail = f"the registry answered {refusal.code}{self._detail(refusal)}"
                if refusal.code == 429 or refusal.code >= 500:
                    raise _Passing(detail, _seconds(refusal.headers.get("Retry-After"))) from None
                raise Failed(detail, refusal.code) from None
        except (OSError, http.client.HTTPException) as fault:
            raise _Passing(f"the registry does not answer: {fault}", None) from None
        self._note_quota(headers)
        if status != 200:
            raise Failed(f"the registry answered {status}")
        if len(data) > longest:
            raise Failed(f"the registry answered more than {longest} bytes")
        return data, headers

    def _detail(self, refusal):
        """Returns what a refusal says about itself. A body that stalls or drips says nothing."""
        try:
            problem = json.loads(_sources.read_all(refusal.fp, _LONGEST_REFUSAL, self._timeout).decode("utf-8"))
            return f": {problem['detail']}" if isinstance(problem.get("detail"), str) else ""
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError, http.client.HTTPException):
            return ""

    def _wait(self, asked, attempt):
        """Waits as long as the registry asks, or longer with each attempt."""
        if asked is None:
            asked = min(0.5 * 2**attempt, 30) * (0.75 + random.random() / 2)
        if asked > _LONGEST_WAIT:
            raise Failed(f"the registry asks to wait for {asked:.0f} seconds")
        self._sleep(asked)

    def _note_quota(self, headers):
        """Remembers what is left of the quota.

        The headers are `RateLimit: "works";r=412;t=60` and `RateLimit-Policy: "works";q=600000;w=60`.
        """
        left = _parameter(headers.get("RateLimit"), "r")
        if left is None:
            return
        window = _parameter(headers.get("RateLimit-Policy"), "w")
        limit = _parameter(headers.get("RateLimit-Policy"), "q")
        self._quota = (left, _parameter(headers.get("RateLimit"), "t") or 0, limit, window)

    def _pace(self, cost):
        """Waits until the quota has refilled, if less is left than the next call needs."""
        if self._quota is None:
            return
        left, reset, limit, window = self._quota
        self._quota = None
        if left < cost:
            # The quota refills steadily.
            wait = (cost - left) * window / limit if limit and window else reset
            self._sleep(min(max(wait, 0.05), _LONGEST_WAIT))

    # ---- Privately

    def check_privately(self, work, uses=policy.DEFAULT_USES):
        """Returns the decision about one work without telling the registry which.

        It learns prefixes of keys, each of which many works share. A call is made for each subject that reaches the
        work, in random order, so this is slow; a `Snapshot` reveals nothing and is fast.
        """
        uses = _require_uses(uses)
        work = Work.read(work)
        now = self._now()
        if work.fault is not None:
            return policy.nothing(policy.UNREADABLE, work.name, work.fault, now)
        try:
            if known_answer(work) is not None:
                return self.check(work.subjects, uses)  # It is no work, so nobody may learn it.
            return self._judged(work, uses)
        except MalformedSubject as fault:
            return policy.nothing(policy.UNREADABLE, work.name, fault.detail, now)
        except Failed as fault:
            return policy.nothing(policy.UNREACHABLE, work.name, str(fault), now)

    def _judged(self, work, uses):
        expansions = [subject.expand() for subject in work.subjects]
        return Ranges(self).settle(work, expansions, uses, int(self._clock() * 1_000_000))

    def _range(self, key):
        """Returns the range of a key with as few digits as the registry accepts, padded."""
        while True:
            prefix = key[: self._digits]
            kept = self._kept(prefix)
            if kept is not None:
                return kept
            try:
                answer = self._ask_range(prefix, "?padding=true")
            except Failed as fault:
                if fault.status == 422 and self._digits < _MOST_DIGITS:
                    self._digits += 1
                    continue
                raise
            self._digits = max(self._digits, min(answer.least_digits, _MOST_DIGITS))
            return answer

    def _newer_range(self, prefix, position):
        """Returns a range that is not older than a position."""
        answer = self._kept(prefix)
        if answer is None or answer.position < position:
            answer = self._ask_range(prefix, "")
        if answer.position < position:
            answer = self._ask_range(prefix, "", answer, fresh=True)
        _require_position(answer, position)
        return answer

    def _kept(self, prefix):
        kept = self._ranges.get(prefix)
        return kept if kept is not None and kept.until > self._ticks() else None

    def _ask_range(self, prefix, query, earlier=None, fresh=False):
        """Asks for a range. `earlier` is the last answer; None for the one that is kept.

        If `fresh`, no cache may answer.
        """
        asked = self._ticks()
        answer = self._call("/v1/range/" + prefix + query, None, 1, _Range, _LONGEST_RANGE, fresh)
        if answer.prefix != prefix:
            raise Failed("the answer is about another prefix")
        answer.follow(earlier or self._ranges.get(prefix))
        answer.until = asked + answer.seconds
        kept = self._ranges.pop(prefix, None)
        if kept is not None:
            self._range_bytes -= kept.bytes
        if answer.seconds > 0:
            self._ranges[prefix] = answer
            self._range_bytes += answer.bytes
        while len(self._ranges) > _KEPT_RANGES or self._range_bytes > _KEPT_BYTES:
            self._range_bytes -= self._ranges.popitem(last=False)[1].bytes
        return answer


class Ranges:
    """The ranges of one call. A range that several keys share is asked once.

    `position` and `log` are those of a filter; then each range has the digits that every registry accepts. It must be
    of that log, and not be older than the filter. If the registry does not answer, nothing more is asked. `online` may
    be None; then no range answers.
    """

    def __init__(self, online, position=None, log=None):
        self._online = online
        self._position = position
        self._log = log
        self._prefixes = {}
        self._ranges = {}
        # How often a range was asked past every cache, and its answer was still too old.
        self._behind = Counter()
        self._failed = None
        if online is None:
            self._failed = Failed("there is no registry to ask about a work that the filter has")

    def ask(self, keys):
        """Asks for the ranges of keys. A range that fails is a failure for the works that need it."""
        missing = [key for key in keys if key not in self._prefixes]
        # In random order, because the order tells which keys belong together.
        random.shuffle(missing)
        for key in missing:
            digits = key.hex()
            prefix = digits[: self._online._digits if self._position is None else _MOST_DIGITS]
            if prefix not in self._ranges:
                try:
                    one = self._asked(self._first, digits)
                    prefix = one.prefix
                except Failed as fault:
                    one = fault
                self._ranges[prefix] = one
            self._prefixes[key] = prefix

    def _first(self, digits):
        if self._position is None:
            return self._online._range(digits)
        return self._online._newer_range(digits[:_MOST_DIGITS], self._position)

    def _again(self, one):
        """Asks for a range past every cache."""
        padding = "?padding=true" if self._position is None else ""
        answer = self._online._ask_range(one.prefix, padding, one, fresh=True)
        if self._position is not None:
            _require_position(answer, self._position)
        return answer

    def _asked(self, ask, what):
        if self._failed is not None:
            raise self._failed
        try:
            one = ask(what)
            if self._log is not None and one.log != self._log:
                raise Failed(f"this is another registry: its log is {one.log}, and that of the filter is {self._log}")
            return one
        except _TooOld:
            raise
        except Failed as fault:
            self._failed = fault
            raise

    def judge(self, work, expansions, keys, uses, moment):
        """Returns the decision about a work from the ranges of some of its keys, as if nothing were under the others.

        Raises `Failed` if one of these ranges is a failure. The ranges may be of several moments, so this decision must
        not permit anything: `settle` may.
        """
        ranges = {key: self._ranges[self._prefixes[key]] for key in keys}
        return judge_ranges(work, expansions, ranges, uses, moment, self._position)

    def settle(self, work, expansions, uses, moment):
        """Returns the decision about a work from the ranges of all its keys. Raises `Failed`.

        It permits only what was permitted at one position for which all of these ranges are true. Ranges that are too
        old for that are asked again, past every cache.
        """
        keys = {entry.key for expansion in expansions for entry in expansion.entries}
        self.ask(keys)
        for rounds in range(_MOST_ROUNDS + 1):
            decision = self.judge(work, expansions, keys, uses, moment)
            if verdicts.ALLOW not in decision.uses.values():
                return decision
            prefixes = {self._prefixes[key] for key in keys}
            common = max(self._ranges[prefix].since for prefix in prefixes)
            behind = [prefix for prefix in prefixes if self._ranges[prefix].position < common]
            if not behind:
                return decision
            if rounds < _MOST_ROUNDS:
                random.shuffle(behind)
                for prefix in behind:
                    self._catch_up(prefix, common)
        raise Failed("the registry did not answer for one position of its ledger")

    def _catch_up(self, prefix, position):
        """Asks again for a range that should reach a position. Many works may share it, so the attempts are counted."""
        if self._behind[prefix] >= _MOST_ROUNDS:
            raise Failed(f"the registry did not answer for position {position} of its ledger")
        self._behind[prefix] += 1
        one = self._ranges[prefix] = self._asked(self._again, self._ranges[prefix])
        if one.position >= position:
            del self._behind[prefix]


class _Passing(Failed):
    """A failure that may pass. `wait` is the number of seconds that the registry asks to wait, or None."""

    def __init__(self, detail, wait):
        super().__init__(detail)
        self.wait = wait


class _Range:
    """An answer to a range call: everything under the keys, by their hexadecimal digits.

    It is true from the position `since` to the position `position`. `log` is the name of the registry's log, or None.
    """

    def __init__(self, answer, headers, data):
        if _member(answer, "rules", int) != verdicts.RULES:
            raise ValueError(f"it is for version {answer['rules']} of the rules")
        self.prefix = _member(answer, "prefix", str)
        self.least_digits = _member(answer, "minPrefixLength", int)
        if not _NUMBER.fullmatch(headers["Askfirst-Position"]):
            raise ValueError("it has no position")
        self.position = int(headers["Askfirst-Position"])
        self.since = self.position
        self.log = headers.get("Askfirst-Log")
        self.seconds = _kept_seconds(headers)
        self.until = 0.0
        self.bytes = len(data)
        self._content = hashlib.sha256(data).digest()
        self._tag = headers.get("ETag")
        self.keys = {}
        for one in _member(answer, "keys", list):
            key = _member(one, "key", str)
            if not _KEY.fullmatch(key) or not key.startswith(self.prefix) or key in self.keys:
                raise ValueError("a key cannot be read")
            self.keys[key] = _found(one)
        states = {}
        for one in _member(answer, "parties", list):
            party = _member(one, "party", str)
            if party in states:
                raise ValueError("a party is there twice")
            schemes = _member(one, "vouchableSchemes", list, [])
            if any(type(scheme) is not str for scheme in schemes):
                raise ValueError("vouchableSchemes is of another type")
            states[party] = PartyState(
                erased=_member(one, "erased", bool, False),
                suspended=_member(one, "suspended", bool, False),
                vouches=frozenset(scheme for scheme in schemes if scheme in BY_NAME),
            )
        mandates = {}
        for one in _member(answer, "mandates", list):
            mandate = _member(one, "id", str)
            if mandate in mandates:
                raise ValueError("a mandate is there twice")
            mandates[mandate] = MandateTerm(_member(one, "member", str, None), _period(one))
        self.register = Register(states, mandates)

    def follow(self, earlier):
        """Notes that an earlier answer had the same content, so it was true since then."""
        if earlier is None or earlier.log != self.log:
            return
        if earlier._content == self._content or (self._tag is not None and earlier._tag == self._tag):
            self.since = earlier.since
            self.position = max(earlier.position, self.position)


def _require_position(answer, position):
    """Raises `_TooOld` if an answer is older than a filter: it may lack what the filter already has."""
    if answer.position < position:
        raise _TooOld(f"the registry answered for position {answer.position}, and the filter is of {position}")


def _kept_seconds(headers):
    """Returns the seconds for which an answer may be kept, from when it was asked."""
    seconds = None
    for directive in ",".join(headers.get_all("Cache-Control") or ()).split(","):
        name, _, value = directive.strip().lower().partition("=")
        if name in ("no-store", "no-cache"):
            return 0
        if name == "max-age":
            number = int(value) if _NUMBER.fullmatch(value) else 0
            seconds = number if seconds is None else min(seconds, number)
    age = headers.get("Age", "0").strip()
    if seconds is None or not _NUMBER.fullmatch(age):
        return 0
    return max(0, min(seconds - int(age), _KEPT_SECONDS))


def judge_ranges(work, expansions, ranges, uses, moment, position=None):
    """Returns the decision about a work from the ranges of its keys. Nothing is declared under a key without a range.

    `position` is that of a filter which named the keys. Raises `Failed` if a range is a failure.
    """
    found = {}
    register = Register({}, {})
    positions = [] if position is None else [position]
    logs = set()
    for key in {entry.key for expansion in expansions for entry in expansion.entries if entry.key in ranges}:
        one = ranges[key]
        if isinstance(one, Failed):
            raise one
        found[key] = one.keys.get(key.hex(), NOTHING)
        for party, state in one.register.states.items():
            register.states[party] = _more_cautious(register.states.get(party, state), state)
        register.mandates.update(one.register.mandates)
        positions.append(one.position)
        logs.add(one.log)
    if len(logs - {None}) > 1:
        raise Failed("the ranges are of several registries")
    matches = {}
    for expansion in expansions:
        everything = [found.get(entry.key, NOTHING) for entry in expansion.entries]
        for match in verdicts.reaching(expansion, everything, register):
            matches.setdefault(match.statement, match)
    judgement = verdicts.judge(list(matches), uses, moment)
    matched = next((matches[one.statement].subject for one in judgement.assessments if one.decides), None)
    return policy.of_judgement(judgement, work.name, matched, min(positions), _times.to_datetime(moment))


def _more_cautious(one, other):
    """Returns the state of a party of which two ranges of different ages tell."""
    return PartyState(
        erased=one.erased or other.erased,
        suspended=one.suspended or other.suspended,
        vouches=one.vouches & other.vouches,
    )


_REQUIRED = object()


def _member(tree, name, kind, default=_REQUIRED):
    """Returns a member of an answer. Raises `ValueError` if it is of another type, or missing without a default."""
    if type(tree) is not dict:
        raise ValueError("something else is in the place of an object")
    value = tree.get(name, default)
    if name in tree and type(value) is not kind or value is _REQUIRED:
        raise ValueError(f"{name} is missing or of another type")
    return value


def _found(key):
    statements = []
    for one in _member(key, "statements", list, ()):
        stances = _member(one, "stances", dict)
        if not stances:
            raise ValueError("a statement has no stances")
        position = _position(one)
        repertoire = _member(one, "repertoire", str, None)
        statements.append(
            Stated(
                party=_member(one, "party", str),
                position=position,
                stances=verdicts.pack(stances),
                contactable=_member(one, "contactable", bool),
                other_subject=_member(one, "otherSubject", bool, False),
                period=_period(one),
                mandate=_member(one, "mandate", str, None),
                repertoire=repertoire is not None,
                entry=(position, repertoire),
            )
        )
    proofs = [
        Proof(_member(one, "party", str), _CONTROLS[_member(one, "control", str)], _member(one, "by", str, None))
        for one in _member(key, "controls", list, ())
    ]
    contests = []
    for one in _member(key, "contests", list, ()):
        if _member(one, "kind", str) not in _KINDS:
            raise ValueError("a contest has an unknown kind")
        contests.append(
            Contest(
                one["kind"],
                _member(one, "party", str),
                _member(one, "by", str, None),
                _position(one),
                _moment(one, "endsAt"),
                _moment(one, "lapsesAt"),
                _member(one, "otherSubject", bool, False),
            )
        )
    return Found(tuple(statements), tuple(proofs), tuple(contests))


def _position(tree):
    position = _member(tree, "position", int)
    if position < 0:
        raise ValueError("a position is negative")
    return position


def _period(tree):
    return Period(_moment(tree, "validFrom"), _moment(tree, "validTo"))


def _moment(tree, member):
    return _times.parse(tree[member]) if member in tree else None


def _require_uses(uses):
    uses = tuple(uses)
    if not uses or any(use not in verdicts.USES for use in uses):
        raise ValueError("not a list of uses")
    return uses


def _parameter(header, name):
    found = re.search(rf";\s*{name}=([0-9]{{1,12}})(?![0-9])", header or "", re.A)
    return int(found.group(1)) if found else None


def _seconds(text):
    """Returns the seconds of a `Retry-After`; None if it has none."""
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text.strip(), re.A) else None
