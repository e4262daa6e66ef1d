"""The client against a server that answers as the contract says, and also as it should not."""

import hashlib
import json
import random
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest import mock
from urllib.parse import parse_qs, urlsplit

from askfirst import online, policy, segment, verdicts
from askfirst.online import Online
from tests.support import Content, contest, listing, posting, proof, repertoire_key, written
from tests.test_segment import AUTHOR, NOW, PUBLISHER, SOCIETY, WithFiles

PAGE = "https://example.com/art/1.png"
BOOK = "isbn:9788936434120"
TRAINING = ["ai-training"]


class Registry:
    """A server of `/v1/lookups` and `/v1/range` over an index. `script` has the next answers that are no answers.

    `of_prefix` has other headers for single ranges, `mangle` changes ranges, and `stale` has ranges that a cache keeps:
    it answers with them unless the call wants none of a cache.
    """

    def __init__(self, index):
        self.index = index
        self.script = []
        self.always = {"Askfirst-Position": "100", "Askfirst-Log": "registry.example/log"}
        self.headers = {}
        self.calls = []
        self.least_digits = 2
        self.changed = {}
        self.of_prefix = {}
        self.mangle = lambda tree: tree
        self.stale = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                outer.answer(self)

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self._http.shutdown()
        self._http.server_close()

    def answer(self, exchange):
        body = exchange.rfile.read(int(exchange.headers.get("Content-Length") or 0))
        url = urlsplit(exchange.path)
        self.calls.append((url.path, json.loads(body) if body else None, dict(exchange.headers)))
        status, headers, data = self.script.pop(0) if self.script else (200, {}, None)
        if status is None:
            exchange.connection.close()
            return
        if data is None and status == 200:
            if url.path == "/v1/lookups":
                assert parse_qs(url.query)["detail"] == ["verdict"]
                data = self.lookups(json.loads(body))
            else:
                prefix = url.path.removeprefix("/v1/range/")
                status, data = self.range(prefix)
                data = self.mangle(data)
                headers = self.of_prefix.get(prefix, {})
                if prefix in self.stale and exchange.headers.get("Cache-Control") != "no-cache":
                    data, headers = self.stale[prefix]
        data = data if isinstance(data, bytes) else json.dumps(data or {}).encode()
        exchange.send_response(status)
        for name, value in {**self.always, **self.headers, **headers}.items():
            exchange.send_header(name, value)
        exchange.send_header("Content-Length", str(len(data)))
        exchange.end_headers()
        exchange.wfile.write(data)

    def lookups(self, call):
        from askfirst import parse

        answers = []
        for item in call["items"]:
            judgement, _ = self.index.judge([parse(one) for one in item["subjects"]], call["uses"], NOW)
            answers.append({"id": item["id"], "verdict": judgement.verdict, "verdicts": judgement.uses})
        at = written(NOW // 1_000_000)
        return {"position": 100, "asOf": f"100@{at}", "answeredAt": at, "answers": answers}

    def range(self, prefix):
        if len(prefix) < self.least_digits:
            return 422, {"status": 422, "detail": "give more digits"}
        present = {key for one in self.index.segments for key in self.keys_of(one) if key.hex().startswith(prefix)}
        keys = [self.range_key(key) for key in sorted(present)]
        register = self.index.register
        return 200, {
            "prefix": prefix,
            "minPrefixLength": self.least_digits,
            "rules": 1,
            "keys": keys,
            "parties": [
                {"party": str(party), "suspended": state.suspended, "erased": state.erased,
                 "vouchableSchemes": sorted(state.vouches)}
                for party, state in register.states.items()
            ],
            "mandates": [
                {"id": str(id), "society": "x", **({"member": str(term.member)} if term.member else {}),
                 **({"validTo": written(term.period.end // 1_000_000)} if term.period.end else {})}
                for id, term in register.mandates.items()
            ],
            **self.changed,
        }  # fmt: skip

    def keys_of(self, one):
        for place in range(one.keys):
            prefix = one._map[one._starts["prefixes"] + 8 * place :][:8][::-1]
            record = one._map[one._starts["records"] + 48 * place :][:24]
            yield prefix + b"".join(record[i : i + 8][::-1] for i in (0, 8, 16))

    def range_key(self, key):
        found = self.index._found(key)
        names = {number: name for name, number in verdicts.STANCES.items()}

        def party(one):
            return str(one)

        def optional(**members):
            return {name: value for name, value in members.items() if value is not None and value is not False}

        return {
            "key": key.hex(),
            "statements": [
                {"party": party(one.party), "position": one.position, "contactable": one.contactable,
                 "stances": {use: names[one.stances >> 2 * i & 3] for i, use in enumerate(verdicts.USES)
                             if one.stances >> 2 * i & 3},
                 **optional(otherSubject=one.other_subject, mandate=one.mandate and str(one.mandate),
                            repertoire="d_x" if one.repertoire else None)}
                for one in found.statements
            ],
            "controls": [
                {"party": party(one.party), "position": 1, "control": "proved" if one.control == 2 else "shown",
                 **optional(by=one.by and str(one.by))}
                for one in found.proofs
            ],
            "contests": [
                {"party": party(one.party), "position": one.position, "kind": one.kind,
                 **optional(by=one.by and str(one.by), otherSubject=one.other_subject,
                            endsAt=one.ends_at and written(one.ends_at // 1_000_000))}
                for one in found.contests
            ],
        }  # fmt: skip


def mangler(seed):
    """Returns a function that puts a value of another JSON type into a random place of an answer."""
    random_ = random.Random(seed)
    values = (None, True, False, 0, -1, 7, 1e300, "", "x", "permitted", [], [[]], ["x"], [{}], {}, {"x": []})

    def mangle(tree):
        holder = {"": tree}
        places = [(holder, "")]
        for inside, name in places:  # It grows meanwhile.
            value = inside[name]
            if isinstance(value, (dict, list)):
                places += [(value, one) for one in (value if isinstance(value, dict) else range(len(value)))]
        inside, name = random_.choice(places)
        inside[name] = random_.choice([one for one in values if type(one) is not type(inside[name])])
        return holder[""]

    return mangle


class WithRegistry(WithFiles):
    def setUp(self):
        super().setUp()
        self.slept = []
        self.content = Content()
        self.content.state_about("url:" + PAGE, posting(AUTHOR, 1, {"ai-training": "permitted"}))
        self.content.prove("domain:example.com", proof(AUTHOR, 2))
        self.content.state_about(BOOK, posting(PUBLISHER, 3, {"ai-training": "reserved"}, contact="none"))
        self.serve()

    def serve(self):
        self.registry = Registry(segment.Index([self.segment(self.content)]))
        self.addCleanup(self.registry.close)
        self.online = self.client()

    def client(self, **options):
        options = {"sleep": self.slept.append, "clock": lambda: NOW / 1_000_000, "timeout": 10, **options}
        return Online(self.registry.address, **options)

    def assert_unreachable(self, decision):
        self.assertEqual(
            ("unknown", policy.UNREACHABLE, False, False),
            (decision.verdict, decision.reason, decision.allowed, decision.is_answer),
        )


class InBulk(WithRegistry):
    def test_works_are_answered_in_their_order(self):
        works = [PAGE, "nonsense", BOOK, [PAGE, BOOK], "https://example.org/"]
        decisions = self.online.check_all(works, TRAINING)
        self.assertEqual(
            [("allow", "declared"), ("unknown", "unreadable"), ("deny", "declared"), ("ask", "declared"),
             ("unknown", "nothing-declared")],
            [(one.verdict, one.reason) for one in decisions],
        )  # fmt: skip
        self.assertEqual([True, False, False, False, False], [one.allowed for one in decisions])
        self.assertEqual(100, decisions[0].position)
        self.assertEqual(NOW, decisions[0].checked_at.timestamp() * 1_000_000)
        _, call, headers = self.registry.calls[0]
        self.assertEqual({"id": "0", "subjects": ["url:" + PAGE]}, call["items"][0])
        self.assertNotIn("Authorization", headers)

    def test_many_works_take_several_calls(self):
        online = self.client(together=10)
        decisions = online.check_all([f"https://example.com/{i}" for i in range(35)] + [PAGE], TRAINING)
        self.assertEqual(36, len(decisions))
        self.assertTrue(decisions[35].allowed)
        self.assertEqual([10, 10, 10, 6], [len(call["items"]) for _, call, _ in self.registry.calls])

    def test_the_key_of_the_asker_is_sent(self):
        self.client(api_key="secret").check(PAGE)
        self.assertEqual("Bearer secret", self.registry.calls[0][2]["Authorization"])

    def test_the_key_does_not_follow_a_redirect(self):
        elsewhere = Registry(self.registry.index)
        self.addCleanup(elsewhere.close)
        for status in (301, 302, 303, 307, 308):
            self.registry.script = [(status, {"Location": elsewhere.address + "/v1/lookups?detail=verdict"}, None)] * 9
            self.assert_unreachable(self.client(api_key="secret").check(PAGE, TRAINING))
            self.assert_unreachable(self.client(api_key="secret").check_privately(PAGE, TRAINING))
        self.assertEqual([], elsewhere.calls)

    def test_a_failure_that_passes_is_tried_again(self):
        for failure in [(503, {}, None), (500, {}, None), (None, {}, None), (200, {}, b"{"), (200, {}, b"")]:
            with self.subTest(failure[0]):
                self.slept.clear()
                self.registry.script = [failure, failure]
                self.assertTrue(self.online.check(PAGE, TRAINING).allowed)
                self.assertEqual(2, len(self.slept))
                self.assertGreater(self.slept[1], self.slept[0] * 1.1)

    def test_the_registry_says_how_long_to_wait(self):
        self.registry.script = [(429, {"Retry-After": "17"}, None), (503, {"Retry-After": "5"}, None)]
        self.assertTrue(self.online.check(PAGE, TRAINING).allowed)
        self.assertEqual([17, 5], self.slept)

    def test_a_wait_that_is_too_long_is_not_waited_for(self):
        self.registry.script = [(429, {"Retry-After": "86400"}, None)]
        self.assert_unreachable(self.online.check(PAGE, TRAINING))
        self.assertEqual([], self.slept)

    def test_what_fails_always_is_unreachable(self):
        for failure in [(503, {}, None), (429, {}, None), (None, {}, None)]:
            self.registry.script = [failure] * 6
            self.registry.calls.clear()
            online = self.client()
            self.assert_unreachable(online.check(PAGE, TRAINING))
            self.assertEqual(6, len(self.registry.calls))
            # Nothing of it is kept, and the next call tries once and succeeds.
            self.assertTrue(online.check(PAGE, TRAINING).allowed)

    def test_a_registry_that_is_down_is_asked_once_for_each_call_after_the_first(self):
        online = self.client(together=1)
        self.registry.script = [(503, {}, None)] * 99
        decisions = online.check_all([PAGE] * 4, TRAINING)
        self.assertEqual(9, len(self.registry.calls))
        for decision in decisions:
            self.assert_unreachable(decision)

    def test_a_refusal_is_not_repeated(self):
        for status in (400, 401, 403, 404, 413, 422):
            self.registry.calls.clear()
            self.registry.script = [(status, {}, {"detail": "No."})]
            decision = self.client().check(PAGE, TRAINING)
            self.assert_unreachable(decision)
            self.assertIn("No.", decision.detail)
            self.assertEqual(1, len(self.registry.calls))

    def test_a_server_that_is_not_there(self):
        self.registry.close()
        self.assert_unreachable(self.client(tries=2).check(PAGE, TRAINING))

    def test_what_is_no_complete_answer_is_no_answer(self):
        good = self.registry.lookups({"items": [{"id": "0", "subjects": ["url:" + PAGE]}], "uses": TRAINING})
        one = good["answers"][0]
        self.assertEqual("allow", one["verdict"])
        for bad in (
            {**good, "answers": []},
            {**good, "answers": [one, one]},
            {**good, "answers": [{**one, "id": "1"}]},
            {**good, "answers": [{**one, "verdict": "yes"}]},
            {**good, "answers": [{**one, "verdicts": {"ai-training": "yes"}}]},
            {**good, "answers": [{**one, "verdicts": {}}]},
            {**good, "answers": [None]},
            {**good, "position": "100"},
            {**good, "answeredAt": "now"},
            [], None, "allow", {},
        ):  # fmt: skip
            with self.subTest(bad):
                self.registry.script = [(200, {}, json.dumps(bad).encode())] * 2
                self.assert_unreachable(self.client(tries=2).check(PAGE, TRAINING))

    def test_the_problem_of_an_item_is_no_permission(self):
        good = self.registry.lookups({"items": [{"id": "0", "subjects": ["url:" + PAGE]}], "uses": TRAINING})
        for status, reason in [(422, policy.UNREADABLE), (503, policy.UNREACHABLE), (429, policy.UNREACHABLE)]:
            problem = {"id": "0", "problem": {"status": status, "detail": "No."}}
            self.registry.script = [(200, {}, {**good, "answers": [problem]})]
            decision = self.online.check(PAGE, TRAINING)
            self.assertEqual(("unknown", reason, False), (decision.verdict, decision.reason, decision.allowed))

    def test_the_quota_is_not_exceeded(self):
        self.registry.headers = {"RateLimit": '"works";r=4;t=60', "RateLimit-Policy": '"works";q=60;w=60'}
        online = self.client(together=10)
        online.check_all([PAGE] * 20, TRAINING)
        self.assertEqual([6.0], self.slept, "six works more refill in six seconds")
        self.registry.headers = {"RateLimit": '"works";r=4;t=33'}
        self.slept.clear()
        online = self.client(together=10)
        online.check_all([PAGE] * 20, TRAINING)
        self.assertEqual([33], self.slept)
        self.registry.headers = {"RateLimit": '"works";r=10;t=1'}
        self.slept.clear()
        self.client(together=10).check_all([PAGE] * 20, TRAINING)
        self.assertEqual([], self.slept)

    def test_arguments(self):
        with self.assertRaises(ValueError):
            Online("ftp://registry.example")
        with self.assertRaises(ValueError):
            self.client(together=10_001)
        with self.assertRaises(ValueError):
            self.online.check(PAGE, ["painting"])
        with self.assertRaises(ValueError):
            self.online.check(PAGE, [])


class Privately(WithRegistry):
    def works(self):
        return [
            PAGE, BOOK, "https://www.example.com/art/1.png?utm_source=x", "https://example.com/", "issn:03784371",
            "isrc:KRA301500123", [PAGE, "isni:0000000121032683"], "iscc:KUAG2PRCRS5LNVZVJKAFAVOJXLZZM",
        ]  # fmt: skip

    def fill(self):
        c = self.content
        c.state_about("issn:03784371", listing(9, 5))
        c.add(repertoire_key(9), posting(SOCIETY, 4, {"ai-training": "permitted"}, mandate=77))
        c.mandates[77] = (SOCIETY, AUTHOR, -(1 << 63), NOW + 1_000_000)
        c.states[SOCIETY] = (1 << 16 + 6, [])
        c.state_about("isrc:KRA301500123", posting(PUBLISHER, 6, {"ai-training": "permitted"}))
        c.prove("isrc:KRA301500123", proof(PUBLISHER, 7, by=SOCIETY))
        c.state_about("isni:0000000121032683", posting(AUTHOR, 8, {"ai-training": "reserved"}))
        c.prove("isni:0000000121032683", proof(AUTHOR, 9, proved=False))
        c.state_about("iscc:KUAG2PRCRS5LNVZVJKAFAVOJXLZZM", posting(PUBLISHER, 10, {"ai-training": "permitted"}))
        c.prove("iscc:KUAG2PRCRS5LNVZVJKAFAVOJXLZZM", proof(PUBLISHER, 11))
        c.state_about(
            "iscc:KUAG2PRCRS5LNVZVJKAFAVOJXLZZM",
            contest(PUBLISHER, 12, "disputed", by=AUTHOR, ends_at=NOW + 1_000_000),
        )

    def test_the_verdicts_are_those_of_the_registry(self):
        self.fill()
        self.serve()
        seen = set()
        for work in self.works():
            with self.subTest(work):
                private = self.online.check_privately(work, TRAINING)
                public = self.online.check(work, TRAINING)
                self.assertEqual((public.verdict, public.uses, 100), (private.verdict, private.uses, private.position))
                self.assertTrue(private.is_answer)
                seen.add(private.verdict)
        self.assertEqual(set(verdicts.VERDICTS), seen)

    def test_only_prefixes_are_sent_and_ranges_are_kept_for_their_time(self):
        self.registry.headers = {"Cache-Control": "public, max-age=30"}
        clock = [0]
        online = self.client(ticks=lambda: clock[0])
        online.check_privately(PAGE, TRAINING)
        first = len(self.registry.calls)
        keys = {hashlib.sha256(one.encode()).hexdigest()[:4] for one in ("url:" + PAGE, "domain:example.com")}
        paths = [path for path, _, _ in self.registry.calls]
        self.assertTrue(all(len(path) == len("/v1/range/") + 4 for path in paths))
        self.assertLessEqual({"/v1/range/" + key for key in keys}, set(paths))
        online.check_privately(PAGE, TRAINING)
        self.assertEqual(first, len(self.registry.calls))
        clock[0] += 30
        online.check_privately(PAGE, TRAINING)
        self.assertEqual(2 * first, len(self.registry.calls))

    def test_the_prefix_grows_with_the_registry(self):
        self.registry.least_digits = 6
        self.assertTrue(self.online.check_privately(PAGE, TRAINING).allowed)
        self.assertEqual({4, 5, 6}, {len(path) - len("/v1/range/") for path, _, _ in self.registry.calls})
        self.registry.least_digits = 7
        self.assert_unreachable(self.client().check_privately(PAGE, TRAINING))

    def test_what_is_no_range_is_no_answer(self):
        statement = {"party": "p", "position": 1, "stances": {"ai-training": "permitted"}, "contactable": True}
        bad = [
            {"rules": 2}, {"prefix": "ffff"}, {"keys": None}, {"parties": None}, {"mandates": [{}]},
            {"parties": [{"party": "p"}, {"party": "p", "suspended": True}]}, {"mandates": [{"id": "m"}, {"id": "m"}]},
            {"parties": [{"party": ["p"]}]}, {"parties": [{"party": "p", "suspended": "yes"}]},
            {"parties": [{"party": "p", "vouchableSchemes": [["isbn"]]}]},
        ]  # fmt: skip
        # These are under a key of each range that is asked.
        bad += [
            {"statements": [{**statement, "stances": {"ai-training": "yes"}}]},
            {"statements": [{**statement, "stances": {"painting": "reserved"}}]},
            {"statements": [{**statement, "stances": {}}]},
            {"statements": [{**statement, "validTo": "tomorrow"}]},
            {"statements": [{**statement, "party": ["p"]}]},
            {"statements": [{**statement, "otherSubject": "no"}]},
            {"statements": [{**statement, "position": -1}]},
            {"statements": {}}, {"key": "x"}, {"key": "0" * 64},
            {"contests": [{"party": "p", "position": 1, "kind": "new"}]},
            {"contests": [{"party": "p", "position": 1, "kind": "rejected", "by": None}]},
            {"controls": [{"party": "p", "position": 1, "control": "new"}]},
            {"controls": [{"party": {}, "position": 1, "control": "proved"}]},
        ]  # fmt: skip
        for one in bad:
            with self.subTest(one):
                if {"rules", "prefix", "keys", "parties", "mandates"} & set(one):
                    self.registry.changed = one
                    self.registry.mangle = lambda tree: tree
                else:
                    self.registry.changed = {}
                    self.registry.mangle = lambda tree, one=one: {
                        **tree, "keys": [{"key": tree["prefix"].ljust(64, "a"), **one}],
                    }  # fmt: skip
                self.assert_unreachable(self.client(tries=1).check_privately(PAGE, TRAINING))
        self.registry.changed = {}
        self.registry.mangle = lambda tree: tree
        self.assertTrue(self.client(tries=1).check_privately(PAGE, TRAINING).allowed)
        self.registry.script = [(200, {}, b"[]")] * 99
        self.assert_unreachable(self.client(tries=1).check_privately(PAGE, TRAINING))
        self.registry.script = [(503, {}, None)] * 99
        self.assert_unreachable(self.client(tries=1).check_privately(PAGE, TRAINING))

    def kept_for(self, seconds, **headers):
        """Asserts for how long a range with these headers is kept."""
        self.registry.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        ticks = [5000.0]
        online = self.client(ticks=lambda: ticks[0])
        online.check_privately(BOOK, TRAINING)
        for later in (seconds - 0.5, seconds + 0.5):
            ticks[0] = 5000 + max(later, 0)
            self.registry.calls.clear()
            online.check_privately(BOOK, TRAINING)
            self.assertEqual(later < seconds, not self.registry.calls, (headers, later)) if later > 0 else None

    def test_how_long_a_range_is_kept(self):
        for seconds, headers in (
            (30, {"Cache_Control": "public, max-age=30"}),
            (20, {"Cache_Control": "public, max-age=30", "Age": "10"}),
            (0, {"Cache_Control": "public, max-age=30", "Age": "30"}),
            (0, {"Cache_Control": "public, max-age=30", "Age": "400"}),
            (0, {"Cache_Control": "public, max-age=30", "Age": "-5"}),
            (0, {"Cache_Control": "public, max-age=30", "Age": "soon"}),
            (60, {"Cache_Control": "max-age=86400"}),
            (0, {"Cache_Control": "max-age=86400", "Age": "86399.5"}),
            (1, {"Cache_Control": "max-age=86400", "Age": "86399"}),
            (10, {"Cache_Control": "max-age=30, MAX-AGE=10"}),
            (0, {"Cache_Control": "no-store, max-age=30"}),
            (0, {"Cache_Control": "max-age=30, No-Cache"}),
            (0, {"Cache_Control": 'max-age=30, no-cache="Set-Cookie"'}),
            (0, {"Cache_Control": "max-age=-30"}),
            (0, {"Cache_Control": "s-maxage=30"}),
            (0, {}),
        ):
            self.kept_for(seconds, **headers)

    def test_a_clock_that_is_set_back_keeps_nothing_longer(self):
        self.registry.headers = {"Cache-Control": "max-age=30"}
        clock, ticks = [NOW / 1_000_000], [0]
        online = self.client(clock=lambda: clock[0], ticks=lambda: ticks[0])
        online.check_privately(BOOK, TRAINING)
        first = len(self.registry.calls)
        clock[0] -= 86_400
        ticks[0] += 29
        online.check_privately(BOOK, TRAINING)
        self.assertEqual(first, len(self.registry.calls))
        ticks[0] += 1
        online.check_privately(BOOK, TRAINING)
        self.assertEqual(2 * first, len(self.registry.calls))

    def test_the_time_counts_from_before_the_call(self):
        self.registry.headers = {"Cache-Control": "max-age=10"}
        online = self.client(ticks=lambda: 10 * len(self.registry.calls))  # Each call takes ten seconds.
        online.check_privately(BOOK, TRAINING)
        first = len(self.registry.calls)
        online.check_privately(BOOK, TRAINING)
        self.assertEqual(2 * first, len(self.registry.calls))

    def test_a_range_that_is_too_long_is_refused(self):
        for length, expected in ((8 << 20, policy.DECLARED), ((8 << 20) + 1, policy.UNREACHABLE)):
            self.registry.mangle = lambda tree, length=length: json.dumps(tree).encode().ljust(length)
            self.assertEqual(expected, self.client().check_privately(BOOK, TRAINING).reason)

    def test_what_is_kept_is_bounded(self):
        self.registry.headers = {"Cache-Control": "max-age=30"}
        one = self.client()
        one.check_privately(PAGE, TRAINING)
        self.assertLess(4, len(one._ranges))
        self.assertEqual(sum(kept.bytes for kept in one._ranges.values()), one._range_bytes)
        for name, bound in (("_KEPT_RANGES", 3), ("_KEPT_BYTES", one._range_bytes // 2)):
            with mock.patch.object(online, name, bound):
                fewer = self.client()
                for _ in range(2):
                    self.assertTrue(fewer.check_privately(PAGE, TRAINING).allowed)
                    self.assertLess(len(fewer._ranges), len(one._ranges))
                    self.assertLess(0, len(fewer._ranges))
                    self.assertEqual(sum(kept.bytes for kept in fewer._ranges.values()), fewer._range_bytes)
                    kept = {"_KEPT_RANGES": len(fewer._ranges), "_KEPT_BYTES": fewer._range_bytes}
                    self.assertLessEqual(kept[name], bound)

    def test_ranges_of_several_logs_are_not_judged_together(self):
        prefix = hashlib.sha256(("url:" + PAGE).encode()).hexdigest()[:4]
        self.registry.of_prefix[prefix] = {"Askfirst-Log": "other.example/log"}
        self.assert_unreachable(self.client().check_privately(PAGE, TRAINING))
        self.assertEqual("deny", self.client().check_privately(BOOK, TRAINING).verdict)

    def test_a_member_of_another_type_is_no_answer(self):
        self.fill()
        self.serve()
        expected = {repr(work): self.online.check_privately(work, TRAINING).verdict for work in self.works()}
        self.registry.mangle = mangler(11)
        refused = 0
        for i in range(250):
            work = self.works()[i % len(self.works())]
            decision = self.client(tries=1).check_privately(work, TRAINING)
            if decision.reason == policy.UNREACHABLE:
                self.assert_unreachable(decision)
                refused += 1
            else:
                self.assertEqual(expected[repr(work)], decision.verdict, "a member that no verdict needs")
        self.assertLess(180, refused)

    def test_what_cannot_be_read_is_not_asked(self):
        self.assertEqual(policy.UNREADABLE, self.online.check_privately("nonsense").reason)
        self.assertEqual([], self.registry.calls)


if __name__ == "__main__":
    unittest.main()
