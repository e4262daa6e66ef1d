"""Asks a registry over HTTP.

`check_all` asks in bulk, and the registry learns what is asked. `check_privately` asks for everything whose key has a
certain prefix, and judges here (docs/formats/range.md). Both wait when the registry tells them to, and try again after
failures that pass. What they cannot learn is `unreachable`, which is no permission and is never kept.
"""

import http.client
import itertools
import json
import random
import re
import time
import urllib.error
import urllib.request
from collections import OrderedDict
from datetime import datetime, timezone

from . import _sources, _times, policy, verdicts
from ._version import VERSION
from ._works import Work, known_answer
from .subjects import BY_NAME, MalformedSubject
from .verdicts import NOTHING, Contest, Found, MandateTerm, PartyState, Period, Proof, Register, Stated

MAX_ITEMS = 10_000
"""The greatest number of works in one call."""

_LONGEST_ANSWER = 64 << 20
_LONGEST_WAIT = 300
_MOST_DIGITS = 6
_KEPT_RANGES = 4096
_CONTROLS = {"shown": verdicts.SHOWN, "proved": verdicts.PROVED}
_KINDS = ("rejected", "disputed", "set-aside")


class Failed(Exception):
    """The registry did not answer, or refused the call."""

    def __init__(self, detail, status=None):
        super().__init__(detail)
        self.status = status


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A registry does not redirect calls, and the key of the asker must not go elsewhere."""

    def redirect_request(self, *_):
        return None


class Online:
    """A registry, such as `https://registry.example`. Used by one thread.

    `api_key` is the key of the asker, or None. `together` is the number of works in one call.
    """

    def __init__(
        self, address, api_key=None, *, together=2_000, tries=6, timeout=60, sleep=time.sleep, clock=time.time
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
        self._opener = _sources.opener(_NoRedirect)
        self._is_down = False
        self._quota = None
        self._digits = 4
        self._ranges = OrderedDict()

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
                "/v1/lookups?detail=verdict", body, len(places), lambda answer, _: self._read(answer, works, places)
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

    def _call(self, path, body, cost, read):
        """Returns what `read` makes of an answer and its headers, after several attempts. Raises `Failed`."""
        fault = None
        # After a call that failed in spite of all attempts, the next ones try once, until one succeeds.
        for attempts_left in range(0 if self._is_down else self._tries - 1, -1, -1):
            self._pace(cost)
            try:
                answer, headers = self._attempt(path, body)
                result = read(answer, headers)
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

    def _attempt(self, path, body):
        headers = {"Accept": "application/json", "User-Agent": "askfirst-python/" + VERSION}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self._api_key:
            headers["Authorization"] = "Bearer " + self._api_key
        request = urllib.request.Request(self._address + path, body, headers)
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                data = _sources.read_all(answer, _LONGEST_ANSWER + 1, self._timeout)
                status = answer.status
                headers = answer.headers
        except urllib.error.HTTPError as refusal:
            with refusal:
                self._note_quota(refusal.headers)
                detail = f"the registry answered {refusal.code}{_detail(refusal)}"
                if refusal.code == 429 or refusal.code >= 500:
                    raise _Passing(detail, _seconds(refusal.headers.get("Retry-After"))) from None
                raise Failed(detail, refusal.code) from None
        except (OSError, http.client.HTTPException) as fault:
            raise _Passing(f"the registry does not answer: {fault}", None) from None
        self._note_quota(headers)
        if status != 200 or len(data) > _LONGEST_ANSWER:
            raise Failed(f"the registry answered {status} with {len(data)} bytes")
        return json.loads(data.decode("utf-8")), headers

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
        ranges = self.ranges({entry.key for expansion in expansions for entry in expansion.entries})
        return judge_ranges(work, expansions, ranges, uses, int(self._clock() * 1_000_000))

    def ranges(self, keys, found=None, position=None):
        """Returns the range of each key, or its `Failed`. A range that several keys share is asked once.

        `found` has ranges of an earlier call. With `position`, the position of a filter, each range has the digits that
        every registry accepts, and one that is older than the filter is a failure. After a failure nothing more is asked.
        """
        found = {} if found is None else found
        asked = {one.prefix: one for one in found.values() if isinstance(one, _Range)}
        failed = next((one for one in found.values() if isinstance(one, Failed)), None)
        missing = [key for key in keys if key not in found]
        # In random order, because the order tells which keys belong together.
        random.shuffle(missing)
        for key in missing:
            digits = key.hex()
            one = asked.get(digits[: self._digits if position is None else _MOST_DIGITS])
            if one is None and failed is None:
                try:
                    one = self._range(digits) if position is None else self._newer_range(digits[:_MOST_DIGITS], position)
                    asked[one.prefix] = one
                except Failed as fault:
                    failed = fault
            found[key] = one or failed
        return found

    def _range(self, key):
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
        answer = self._kept(prefix)
        if answer is None or answer.position < position:
            answer = self._ask_range(prefix, "")
        if answer.position < position:
            # It may lack what the filter already has.
            raise Failed(f"the registry answered for position {answer.position}, and the filter is of {position}")
        return answer

    def _kept(self, prefix):
        kept = self._ranges.get(prefix)
        return kept if kept is not None and kept.until > self._clock() else None

    def _ask_range(self, prefix, query):
        answer = self._call("/v1/range/" + prefix + query, None, 1, _Range)
        if answer.prefix != prefix:
            raise Failed("the answer is about another prefix")
        answer.until = self._clock() + answer.seconds
        self._ranges[prefix] = answer
        if len(self._ranges) > _KEPT_RANGES:
            self._ranges.popitem(last=False)
        return answer


class _Passing(Failed):
    """A failure that may pass. `wait` is the number of seconds that the registry asks to wait, or None."""

    def __init__(self, detail, wait):
        super().__init__(detail)
        self.wait = wait


class _Range:
    """An answer to a range call: everything under the keys, by their hexadecimal digits."""

    def __init__(self, answer, headers):
        if answer["rules"] != verdicts.RULES:
            raise ValueError(f"it is for version {answer['rules']} of the rules")
        self.prefix = answer["prefix"]
        self.least_digits = int(answer["minPrefixLength"])
        self.position = int(headers["Askfirst-Position"])
        age = re.search(r"max-age=([0-9]{1,6})", headers.get("Cache-Control") or "")
        self.seconds = int(age.group(1)) if age else 0
        self.until = 0.0
        self.keys = {one["key"]: _found(one) for one in answer["keys"]}
        states = {}
        for party in answer["parties"]:
            states[party["party"]] = PartyState(
                erased=party.get("erased") is True,
                suspended=party.get("suspended") is True,
                vouches=frozenset(one for one in party.get("vouchableSchemes", ()) if one in BY_NAME),
            )
        mandates = {
            one["id"]: MandateTerm(one.get("member"), Period(_moment(one, "validFrom"), _moment(one, "validTo")))
            for one in answer["mandates"]
        }
        self.register = Register(states, mandates)


def judge_ranges(work, expansions, ranges, uses, moment, position=None):
    """Returns the decision about a work from the ranges of its keys. Nothing is declared under a key without a range.

    `position` is that of a filter which named the keys. Raises `Failed` if a range is a failure.
    """
    found = {}
    register = Register({}, {})
    positions = [] if position is None else [position]
    for key in {entry.key for expansion in expansions for entry in expansion.entries if entry.key in ranges}:
        one = ranges[key]
        if isinstance(one, Failed):
            raise one
        found[key] = one.keys.get(key.hex(), NOTHING)
        for party, state in one.register.states.items():
            register.states[party] = _more_cautious(register.states.get(party, state), state)
        register.mandates.update(one.register.mandates)
        positions.append(one.position)
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


def _found(key):
    statements = []
    for one in key.get("statements", ()):
        if type(one["position"]) is not int or type(one["contactable"]) is not bool or not one["stances"]:
            raise ValueError("a statement cannot be read")
        statements.append(
            Stated(
                party=one["party"],
                position=one["position"],
                stances=verdicts.pack(one["stances"]),
                contactable=one["contactable"],
                other_subject=one.get("otherSubject") is True,
                period=Period(_moment(one, "validFrom"), _moment(one, "validTo")),
                mandate=one.get("mandate"),
                repertoire="repertoire" in one,
                entry=(one["position"], one.get("repertoire")),
            )
        )
    proofs = [Proof(one["party"], _CONTROLS[one["control"]], one.get("by")) for one in key.get("controls", ())]
    contests = []
    for one in key.get("contests", ()):
        if one["kind"] not in _KINDS:
            raise ValueError("a contest has an unknown kind")
        contests.append(
            Contest(
                one["kind"],
                one["party"],
                one.get("by"),
                int(one["position"]),
                _moment(one, "endsAt"),
                _moment(one, "lapsesAt"),
                one.get("otherSubject") is True,
            )
        )
    return Found(tuple(statements), tuple(proofs), tuple(contests))


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


def _detail(refusal):
    try:
        problem = json.loads(refusal.read(1 << 16).decode("utf-8"))
        return f": {problem['detail']}" if isinstance(problem.get("detail"), str) else ""
    except (ValueError, KeyError, TypeError, AttributeError, OSError, http.client.HTTPException):
        return ""
