"""Filters: their files, and decisions from a copy of them and from ranges of a registry over HTTP."""

import base64
import contextlib
import functools
import io
import os
import random
import struct
import tempfile
import time
import unittest
from array import array
from unittest import mock

from askfirst import Filter, Online, Refused, Snapshot, command, parse, policy, segment
from askfirst.filter import DamagedFilter, FilterFile
from tests.support import CORE, Content, Registry, filter_bytes, hashes_of, list_body, posting, proof, vectors, written
from tests.test_online import Registry as Service, mangler
from tests.test_segment import WithFiles
from tests.test_snapshot import served

NOW = 1_800_000_000
AUTHOR = 7
OTHER = 8
PAGE = "https://example.com/art/1.png"
BOOK = "isbn:9788936434120"
SONG = "iswc:T0345246801"
TRAINING = ["ai-training"]

C_HASHES = (
    0xBDD732262FEB6E95, 0x28EFE333B266F103, 0x47526757130F9F52, 0x581CE1FF0E4AE394, 0x09BC585A244823F2,
    0xDE4431FA3C80DB06, 0x37E9671C45376D5D, 0xCCF635EE9E9E2FA4, 0x5705B8770B3D7DD5, 0x9E54D738297F77AE,
)  # fmt: skip
C_FUSE = base64.b64decode(
    "ZzTSNyWy9m0KAAAAEAAAAAEAAAAQAAAAMAAAAAAAAAAAAAAAAAAAAAAAqY0AAAAAb/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAwEEAAAAAAAAA"
    "AHTqAABtiAAAAAAAAIVyAAAAAAAACi0AAOwEAAAAAA09AAADDg=="
)
"""What `binary_fuse16_serialize` of FastFilter/xor_singleheader (commit c482686) writes for these hashes."""


class Files(WithFiles):
    def opened(self, data):
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
            file.write(data)
        found = FilterFile(file.name)
        self.addCleanup(found.close)
        return found

    @staticmethod
    def hashes(count):
        rng = random.Random(count)
        return sorted(rng.getrandbits(64) for _ in range(count))

    def test_a_fuse_filter_has_every_hash_and_hardly_another(self):
        for count in (0, 1, 2, 3, 10, 100, 5000):
            rng = random.Random(count)
            hashes = sorted(rng.getrandbits(64) for _ in range(count))
            file = self.opened(filter_bytes(hashes, 12))
            self.assertEqual((12, None, count), (file.position, file.start, file.count))
            self.assertEqual(("registry.example/log", 0), (file.log, len(file.values)))
            self.assertTrue(all(map(file.has, hashes)))
            others = sum(file.has(rng.getrandbits(64)) for _ in range(20_000))
            self.assertLessEqual(others, 10 if count else 0)

    def test_the_fuse_filter_of_the_library_in_c_is_read(self):
        file = self.opened(filter_bytes(C_HASHES, 12, body=C_FUSE))
        self.assertTrue(all(map(file.has, C_HASHES)))
        self.assertLess(sum(file.has(hash + 1) for hash in range(20_000)), 10)

    def test_a_list_has_every_value(self):
        for count in (0, 1, 2, 10, 1000):
            rng = random.Random(count)
            for bits in (48, 20):
                values = sorted({rng.getrandbits(bits) for _ in range(count)})
                for low_bits in {None, 47, 40, 30} | ({0, 5} if bits == 20 else set()):
                    file = self.opened(filter_bytes([], 12, 9, count=len(values), body=list_body(values, low_bits)))
                    self.assertEqual((values, 12, 9), (list(file.values), file.position, file.start))
        ends = [0, 1, 2, (1 << 48) - 1]
        self.assertEqual(ends, list(self.opened(filter_bytes([], 12, 9, count=4, body=list_body(ends))).values))

    def test_a_list_is_at_most_six_bytes_a_key(self):
        rng = random.Random(1)
        hashes = sorted(rng.getrandbits(64) for _ in range(1000))
        self.assertLess(len(filter_bytes(hashes, 12, 9)), 6 * 1000 + 100)

    def test_a_file_that_is_cut_or_longer_is_refused(self):
        hashes = self.hashes(20)
        for data in (filter_bytes(hashes, 12), filter_bytes(hashes, 12, 9)):
            for length in range(len(data)):
                with self.assertRaises(DamagedFilter):
                    self.opened(data[:length])
            for more in (b"\0", b"x", bytes(64)):
                with self.assertRaises(DamagedFilter):
                    self.opened(data + more)

    def test_impossible_numbers_are_refused_before_anything_is_allocated(self):
        hashes = self.hashes(20)
        fuse = filter_bytes(hashes, 12)
        body = fuse[len(filter_bytes([], 12)) :]
        self.assertEqual(struct.pack("<I", 20), body[8:12])
        for at in (8, 12, 16, 20, 24):  # Size, segment length, count, reach and length.
            for number in (0, 1, 3, 7, 1 << 19, 1 << 31, (1 << 32) - 1):
                changed = body[:at] + struct.pack("<I", number) + body[at + 4 :]
                if changed == body:
                    continue
                with self.assertRaises(DamagedFilter):
                    self.opened(filter_bytes(hashes, 12, body=changed))
        listed = list_body(sorted(hash >> 16 for hash in hashes))
        for count in (0, 1, 19, 21, 1 << 40, (1 << 64) - 1):
            with self.assertRaises(DamagedFilter):
                self.opened(filter_bytes(hashes, 12, 9, count=count, body=listed))
            with self.assertRaises(DamagedFilter):
                self.opened(filter_bytes(hashes, 12, count=count, body=body))
        for changed in (b"", b"\x30" + listed[1:], b"\xff" + listed[1:], b"\0" + b"\xff" * 500):
            with self.assertRaises(DamagedFilter):
                self.opened(filter_bytes(hashes, 12, 9, body=changed))
        # A value above 48 bits.
        with self.assertRaises(DamagedFilter):
            self.opened(filter_bytes([], 12, 9, count=2, body=list_body([(1 << 48) - 1, 1 << 48])))

    def test_what_is_newer_is_told_from_what_is_damaged(self):
        for changed in ({"version": 2}, {"rules": 2}):
            with self.assertRaises(DamagedFilter) as raised:
                self.opened(filter_bytes([1, 2], 12, **changed))
            self.assertTrue(raised.exception.needs_newer, changed)
        data = filter_bytes([1, 2], 12)
        for changed in (
            b"", b"AskFirst" + data[8:], data[:48] + struct.pack("<I", 1 << 31) + data[52:], data[:52] + b"\xff" * 20 + data[72:],
            filter_bytes([1, 2], 12, form=2), filter_bytes([1, 2], 12, reserved=1), filter_bytes([1, 2], 12, 13),
            filter_bytes([1, 2], 12, 9, form=0), filter_bytes([1, 2], 12, log="x" * 1001),
            self.dirty_padding(filter_bytes([1, 2], 12, log="registry.example/logs")),
        ):  # fmt: skip
            with self.assertRaises(DamagedFilter) as raised:
                self.opened(changed)
            self.assertFalse(raised.exception.needs_newer)

    @staticmethod
    def dirty_padding(data):
        """Returns a file whose header is not filled with zeros."""
        end = 48 + 4 + struct.unpack_from("<I", data, 48)[0]
        end += 4 + struct.unpack_from("<I", data, end)[0]
        assert end % 8, "there is a padding"
        return data[:end] + b"x" + data[end + 1 :]

    def test_the_shared_vectors(self):
        if not (CORE / "src/test/resources/vectors/filter.json").exists():
            self.skipTest("the core has no vectors of filters")
        shared = vectors("filter.json")
        self.assertLess(5, len(shared["files"]))
        for one in shared["files"]:
            with self.subTest(one["name"]):
                file = self.opened(base64.b64decode(one["file"]))
                start = one["from"] if one["form"] == 1 else None
                self.assertEqual(
                    (one["position"], start, one["count"], one["log"], shared["suffixes"]),
                    (file.position, file.start, file.count, file.log, file.public_suffixes),
                )

                def has(text, file=file):
                    hash = int(text, 16)
                    return file.has(hash) or hash >> 16 in file.values

                self.assertTrue(all(map(has, one["hashes"] + one["falsePositives"])))
                self.assertFalse(any(map(has, one["absent"])))
        for kind, needs_newer in (("damaged", False), ("unsupported", True)):
            self.assertLess(0, len(shared[kind]))
            for one in shared[kind]:
                with self.subTest(one["case"]), self.assertRaises(DamagedFilter) as raised:
                    self.opened(base64.b64decode(one["file"]))
                self.assertEqual(needs_newer, raised.exception.needs_newer, one["case"])

    def test_a_closed_filter_answers_nothing(self):
        file = self.opened(filter_bytes([1, 2], 12))
        file.close()
        with self.assertRaises(ValueError):
            file.has(1)


class WithFilter(WithFiles):
    """A folder with a snapshot and its filters, and a service with the same content."""

    def setUp(self):
        super().setUp()
        self.now = NOW
        content = Content()
        content.state_about("url:" + PAGE, posting(AUTHOR, 1, {"ai-training": "permitted"}))
        content.prove("domain:example.com", proof(AUTHOR, 2))
        content.state_about(BOOK, posting(AUTHOR, 3, {"ai-training": "reserved"}, contact="none"))
        content.state_about("domain:reserved.example", posting(OTHER, 4, {"ai-training": "reserved"}))
        content.prove("domain:reserved.example", proof(OTHER, 5))
        self.content = content
        self.registry = Registry(self.folder / "snapshot", NOW).release(content, 10).publish()
        self.serve(content)

    def serve(self, *contents):
        """Serves ranges of these contents, the newest first."""
        files = [self.segment(content, 100 - i) for i, content in enumerate(contents)]
        self.service = Service(segment.Index(files))
        self.service.headers = {"Cache-Control": "public, max-age=30"}
        self.addCleanup(self.service.close)
        self.online = Online(
            self.service.address, tries=1, timeout=10, sleep=lambda _: None, clock=lambda: self.now,
            ticks=lambda: self.now,
        )  # fmt: skip

    def filter(self, source=None, copy="copy", key=None):
        found = Filter(
            self.folder / copy, key or self.registry.key, self.online, source or self.registry.folder,
            clock=lambda: self.now,
        )  # fmt: skip
        self.addCleanup(found.close)
        return found

    def updated(self, **options):
        found = self.filter(**options)
        found.update()
        return found

    def prefixes(self):
        return [path.removeprefix("/v1/range/") for path, _, _ in self.service.calls]

    @staticmethod
    def keys(work):
        """Returns the first digits of all keys that reach a work."""
        return {entry.key.hex()[:6] for entry in parse("url:" + work).expand().entries}

    def word(self, found, work):
        decision = found.check(work, TRAINING)
        return decision.verdict, decision.reason


class Answers(WithFilter):
    def test_only_the_ranges_of_present_keys_are_asked(self):
        filter = self.updated()
        page = filter.check(PAGE, TRAINING)
        self.assertEqual(("allow", policy.DECLARED, 10, "url:" + PAGE, True),
                         (page.verdict, page.reason, page.position, page.matched, page.allowed))  # fmt: skip
        # A permission is confirmed with all keys of the page.
        page_keys = self.keys(PAGE)
        self.assertLess(2, len(page_keys))
        self.assertEqual(page_keys, set(self.prefixes()))
        self.service.calls.clear()
        self.assertEqual(("deny", policy.DECLARED), self.word(filter, BOOK))
        self.assertEqual([parse(BOOK).key.hex()[:6]], self.prefixes())
        self.assertEqual(("ask", policy.DECLARED), self.word(filter, "https://www.reserved.example/any/page"))

    def test_a_work_that_the_filter_has_not_is_unknown_without_a_call(self):
        filter = self.updated()
        for work in ("https://example.org/", "isbn:9788932473901", "https://example.net/a/b?c=d", SONG):
            decision = filter.check(work, TRAINING)
            self.assertEqual(
                ("unknown", policy.NOTHING_DECLARED, False, True, 10),
                (decision.verdict, decision.reason, decision.allowed, decision.is_answer, decision.position),
            )
            self.assertEqual("unknown", decision.uses["ai-training"])
        self.assertEqual([], self.service.calls)

    def test_the_answers_are_those_of_the_snapshot(self):
        filter = self.updated()
        snapshot = Snapshot(self.folder / "whole", self.registry.key, self.registry.folder, clock=lambda: self.now)
        self.addCleanup(snapshot.close)
        snapshot.update()
        works = [
            PAGE, BOOK, SONG, [PAGE, BOOK], "https://www.example.com/art/1.png?utm_source=x", "https://example.com/",
            "https://reserved.example/x", "domain:reserved.example", "under:reserved.example/a", "nonsense", [],
            "https://deny.askfirst.example/", [BOOK, SONG], "https://example.org/",
        ]  # fmt: skip
        for uses in (TRAINING, ["ai-input"], policy.DEFAULT_USES):
            for work, one, other in zip(
                works, filter.check_all(works, uses), snapshot.check_all(works, uses), strict=True
            ):
                with self.subTest(work):
                    self.assertEqual(
                        (other.verdict, other.reason, other.uses, other.matched, other.position, other.checked_at),
                        (one.verdict, one.reason, one.uses, one.matched, one.position, one.checked_at),
                    )

    def test_works_that_are_asked_together_ask_each_range_once(self):
        self.service.headers = {}  # No range may be kept.
        filter = self.updated()
        works = [PAGE, BOOK, PAGE, [PAGE, BOOK], "https://example.com/art/2.png", "nonsense"]
        verdicts = [one.verdict for one in filter.check_all(works, TRAINING)]
        self.assertEqual(["allow", "deny", "allow", "deny", "unknown", "unknown"], verdicts)
        self.assertEqual(len(set(self.prefixes())), len(self.prefixes()))
        before = len(self.prefixes())
        filter.check(PAGE, TRAINING)
        self.assertLess(before, len(self.prefixes()))

    def test_a_range_is_kept_for_its_time(self):
        filter = self.updated()
        filter.check(PAGE, TRAINING)
        before = len(self.prefixes())
        filter.check(PAGE, TRAINING)
        self.assertEqual(before, len(self.prefixes()))
        self.now += 30
        filter.check(PAGE, TRAINING)
        self.assertEqual(2 * before, len(self.prefixes()))

    def test_a_range_that_fails_is_unreachable_and_is_not_kept(self):
        filter = self.updated()
        whole = b'{"prefix": "0000", "minPrefixLength": 2, "rules": 1, "keys": [], "parties": [], "mandates": []}'
        for script in (
            (503, {}, None), (404, {}, None), (429, {"Retry-After": "1"}, None), (None, {}, None), (200, {}, b"[]"),
            (200, {}, whole), (200, {}, whole[:-1]), (200, {"Content-Length": "9999"}, b"{}"), (500, {}, b"x"),
        ):  # fmt: skip
            with self.subTest(script):
                self.service.script = [script] * 9
                for work in (PAGE, [BOOK, SONG]):
                    decision = filter.check(work, TRAINING)
                    self.assertEqual(
                        ("unknown", policy.UNREACHABLE, False, False),
                        (decision.verdict, decision.reason, decision.allowed, decision.is_answer),
                    )
                self.assertEqual(("unknown", policy.NOTHING_DECLARED), self.word(filter, SONG))
        self.service.script = []
        self.service.changed = {"rules": 2}
        self.assertEqual(("unknown", policy.UNREACHABLE), self.word(filter, PAGE))
        self.service.changed = {}
        self.assertEqual([("allow", policy.DECLARED), ("deny", policy.DECLARED)],
                         [self.word(filter, PAGE), self.word(filter, BOOK)])  # fmt: skip

    def test_after_a_failure_no_other_range_is_asked(self):
        filter = self.updated()
        self.service.script = [(503, {}, None)]
        reasons = {one.reason for one in filter.check_all([PAGE, BOOK, "https://reserved.example/"], TRAINING)}
        self.assertEqual({policy.UNREACHABLE}, reasons)
        self.assertEqual(1, len(self.service.calls))

    def test_a_permission_counts_only_with_all_keys_of_the_work(self):
        """The site is reserved since: the filter lacks its key, and the page is still permitted."""
        filter = self.updated()
        later = Content()
        later.state_about("domain:example.com", posting(OTHER, 90, {"ai-training": "reserved"}, contact="none"))
        later.prove("domain:example.com", proof(OTHER, 91))
        later.prove("domain:example.com", proof(AUTHOR, 2))
        self.registry.releases[0] = self.registry._write("releases/000000000010", self.page_only(), 10, None, {}, None)
        self.registry.publish()
        fresh = self.updated(copy="page")
        self.serve(later, self.page_only())
        for one in (fresh, filter):
            one._registry = self.online
            self.assertEqual(("deny", policy.DECLARED), self.word(one, PAGE))

    def page_only(self):
        content = Content()
        content.state_about("url:" + PAGE, posting(AUTHOR, 1, {"ai-training": "permitted"}))
        content.prove("url:" + PAGE, proof(AUTHOR, 2))
        return content

    def test_a_range_that_is_older_than_the_filter_is_no_answer(self):
        filter = self.updated()
        self.service.headers = {"Askfirst-Position": "9"}
        self.assertEqual(("unknown", policy.UNREACHABLE), self.word(filter, BOOK))
        self.service.headers = {"Askfirst-Position": "10"}
        self.assertEqual(("deny", policy.DECLARED), self.word(filter, BOOK))

    def test_a_range_that_is_too_old_is_asked_once_more_and_fails_alone(self):
        filter = self.updated()
        prefix = parse(BOOK).key.hex()[:6]
        old = {"Askfirst-Position": "9"}
        self.service.of_prefix[prefix] = old
        works = [BOOK, PAGE, [PAGE, BOOK], "https://www.reserved.example/x", BOOK]
        reasons = [one.reason for one in filter.check_all(works, TRAINING)]
        unreachable, declared = policy.UNREACHABLE, policy.DECLARED
        self.assertEqual([unreachable, declared, unreachable, declared, unreachable], reasons)
        asked = [headers.get("Cache-Control") for path, _, headers in self.service.calls if path.endswith(prefix)]
        self.assertEqual([None, "no-cache"], asked)
        # Only a cache is too old.
        self.service.of_prefix.clear()
        self.service.stale[prefix] = (self.service.range(prefix)[1], old)
        self.serve_anew()
        self.assertEqual([("deny", declared)], [self.word(filter, BOOK)])

    def serve_anew(self):
        """Forgets the ranges that the client keeps."""
        self.online._ranges.clear()

    def test_an_answer_of_another_log_is_no_answer(self):
        filter = self.updated()
        for log in ("other.example/log", None):
            if log is None:
                del self.service.always["Askfirst-Log"]
            else:
                self.service.always["Askfirst-Log"] = log
            for work in (PAGE, BOOK):
                decision = filter.check(work, TRAINING)
                self.assertEqual(("unknown", policy.UNREACHABLE), (decision.verdict, decision.reason))
                self.assertIn("another registry", decision.detail)
        # The answers of that registry are kept for those who ask it, and are still none for this filter.
        self.service.always["Askfirst-Log"] = "registry.example/log"
        self.now += 30
        self.assertEqual(("allow", policy.DECLARED), self.word(filter, PAGE))

    def test_a_member_of_another_type_is_unreachable(self):
        filter = self.updated()
        for value in ([], {}, ["p"], None, 7, True):
            def mangle(tree, value=value):
                for key in tree["keys"]:
                    for one in key["statements"]:
                        one["party"] = value
                return tree

            self.service.mangle = mangle
            for work in (PAGE, BOOK):
                self.assertEqual(("unknown", policy.UNREACHABLE), self.word(filter, work))
        self.service.mangle = mangler(12)
        refused = 0
        for i in range(200):
            self.serve_anew()
            work, answer = ((PAGE, "allow"), (BOOK, "deny"), ([PAGE, BOOK], "deny"))[i % 3]
            word = self.word(filter, work)
            self.assertIn(word, ((answer, policy.DECLARED), ("unknown", policy.UNREACHABLE)))
            refused += word[1] == policy.UNREACHABLE
        self.assertLess(130, refused)

    def test_a_copy_that_expires_while_the_registry_answers_is_no_answer(self):
        filter = self.updated()
        self.service.script = [(503, {"Retry-After": "5"}, None)]

        def sleep(seconds):
            self.now += 86_400

        filter._registry = Online(self.service.address, tries=2, sleep=sleep, clock=lambda: self.now)
        self.assertEqual(("unknown", policy.EXPIRED), self.word(filter, BOOK))

    def test_without_a_registry_a_work_that_the_filter_has_is_unreachable(self):
        self.online = None
        filter = self.updated()
        self.assertEqual(("unknown", policy.UNREACHABLE), self.word(filter, PAGE))
        self.assertEqual(("unknown", policy.NOTHING_DECLARED), self.word(filter, SONG))

    def test_one_key_of_a_work_is_enough_to_ask(self):
        filter = self.updated()
        self.assertEqual(("deny", policy.DECLARED), self.word(filter, [SONG, BOOK]))

    def test_the_site_prefilter_counts_only_with_our_list_of_public_suffixes(self):
        # The filter has no prefilter, but the key of the page.
        content = Content()
        content.state_about("url:" + PAGE, posting(AUTHOR, 1, {"ai-training": "reserved"}, contact="none"))
        content.prefilters.clear()
        self.serve(content)
        for suffixes, expected in ((None, "unknown"), ("1999-01-01 x", "deny")):
            registry = Registry(self.folder / f"snapshot-{expected}", NOW)
            self.registry = registry.release(content, 10, {"suffixes": suffixes}).publish()
            self.assertEqual(expected, self.word(self.updated(copy=f"copy-{expected}"), PAGE)[0])

    def test_expired_future_closed_and_missing_copies_answer_nothing(self):
        self.assertEqual(("unknown", policy.UNREACHABLE), self.word(self.filter(copy="empty"), SONG))
        filter = self.updated()
        for now in (NOW + 86_400, NOW - 601):
            self.now = now
            for work in (SONG, PAGE):
                self.assertEqual(("unknown", policy.EXPIRED), self.word(filter, work))
        self.now = NOW
        filter.close()
        self.assertEqual(("unknown", policy.UNREACHABLE), self.word(filter, SONG))
        self.assertEqual([], self.service.calls)

    def test_test_subjects_are_answered_here(self):
        filter = self.updated()
        for label, expected in (
            ("allow", ("allow", policy.DECLARED)), ("deny", ("deny", policy.DECLARED)), ("ask", ("ask", policy.DECLARED)),
            ("unavailable", ("unknown", policy.UNREACHABLE)), ("other", ("unknown", policy.NOTHING_DECLARED)),
        ):  # fmt: skip
            self.assertEqual(expected, self.word(filter, f"https://{label}.askfirst.example/x"))
        self.assertEqual(policy.UNREADABLE, self.word(filter, [PAGE, "https://allow.askfirst.example/"])[1])
        self.assertEqual([], self.service.calls)


class Moments(WithFilter):
    """Ranges of several moments. The registry denies the page at each of them."""

    OUTSIDE = "https://example.com/other"

    def setUp(self):
        super().setUp()
        one, two = Content(), Content()
        for content, position, stance in ((one, 90, "permitted"), (two, 95, "reserved")):
            content.state_about(
                "domain:example.com", posting(AUTHOR, position, {"ai-training": stance}, contact="none")
            )
            content.prove("domain:example.com", proof(AUTHOR, 2))
        one.state_about("under:example.com/art/", posting(AUTHOR, 91, {"ai-training": "reserved"}, contact="none"))
        self.registry = Registry(self.folder / "moments", NOW).release(one, 92).publish()
        self.one, self.two = one, two
        self.serve(one)
        self.at(92)

    def at(self, position, content=None):
        """Lets the registry go on to a position."""
        self.service.always["Askfirst-Position"] = str(position)
        if content is not None:
            self.service.index = segment.Index([self.segment(content)])

    def askers(self):
        """Yields the two ways to ask, each with nothing kept, at the first moment."""
        filter = self.updated(copy="moments-copy")
        for check in (
            lambda work: filter.check(work, TRAINING),
            lambda work: self.online.check_privately(work, TRAINING),
        ):
            self.serve(self.one)
            self.at(92)
            filter._registry = self.online
            yield check

    def fresh(self):
        return [path for path, _, headers in self.service.calls if headers.get("Cache-Control") == "no-cache"]

    def test_the_registry_denies_the_page_at_both_moments(self):
        for check in self.askers():
            self.assertEqual("allow", check(self.OUTSIDE).verdict)
            self.assertEqual("deny", check(PAGE).verdict)
        for check in self.askers():
            self.at(96, self.two)
            self.assertEqual(["deny", "deny"], [check(PAGE).verdict, check(self.OUTSIDE).verdict])

    def test_a_kept_range_and_a_newer_one_permit_nothing_together(self):
        for check in self.askers():
            self.assertEqual("allow", check(self.OUTSIDE).verdict)  # The range of the domain is kept.
            self.at(96, self.two)
            decision = check(PAGE)
            self.assertEqual(("deny", policy.DECLARED), (decision.verdict, decision.reason))

    def test_a_cache_between_does_not_matter(self):
        for check in self.askers():
            prefix = parse("domain:example.com").key.hex()
            for digits in (4, 6):
                of_one = self.service.range(prefix[:digits])[1]
                self.service.stale[prefix[:digits]] = (of_one, {"Askfirst-Position": "92", "Age": "29"})
            self.at(96, self.two)
            self.assertEqual("deny", check(PAGE).verdict)
            self.assertEqual(1, len(self.fresh()), "only the range that is behind")

    def test_a_range_that_stays_behind_is_unreachable_and_is_not_asked_for_ever(self):
        for check in self.askers():
            self.assertEqual("allow", check(self.OUTSIDE).verdict)
            of_one = self.service.range
            prefixes = {parse("domain:example.com").key.hex()[:digits] for digits in (4, 6)}
            stale = {prefix: of_one(prefix) for prefix in prefixes}
            self.at(96, self.two)
            self.service.range = lambda prefix, stale=stale, newer=of_one: stale.get(prefix) or newer(prefix)
            for prefix in prefixes:
                self.service.of_prefix[prefix] = {"Askfirst-Position": "92"}
            decision = check(PAGE)
            self.assertEqual(("unknown", policy.UNREACHABLE, False),
                             (decision.verdict, decision.reason, decision.allowed))  # fmt: skip
            asked = [path for path in self.fresh() if path.removeprefix("/v1/range/") in prefixes]
            self.assertEqual(3, len(asked))

    def test_the_same_content_at_a_later_position_permits(self):
        for check in self.askers():
            self.assertEqual("allow", check(self.OUTSIDE).verdict)
            self.at(96)
            other = self.OUTSIDE + "/below"
            self.assertEqual("allow", check(other).verdict)
            behind = len(self.fresh())
            self.assertLess(0, behind)
            self.service.calls.clear()
            self.assertEqual(["allow", "allow"], [check(other).verdict, check(self.OUTSIDE).verdict])
            self.assertEqual(0, len(self.fresh()), "each range is true since 92 or 96, and until 96")

    def test_the_same_tag_is_the_same_content(self):
        self.service.headers["ETag"] = '"same"'
        for check in self.askers():
            self.service.headers["ETag"] = '"same"'
            self.assertEqual("allow", check(self.OUTSIDE).verdict)
            self.at(96)
            self.service.changed = {"padding": " "}
            self.assertEqual("allow", check(self.OUTSIDE + "/below").verdict)

    def test_a_registry_that_fails_meanwhile_permits_nothing(self):
        for check in self.askers():
            self.assertEqual("allow", check(self.OUTSIDE).verdict)
            self.at(96, self.two)
            answer = self.service.answer

            def fail(exchange, service=self.service, answer=answer):
                if exchange.headers.get("Cache-Control") == "no-cache":
                    service.script = [(503, {}, None)]
                answer(exchange)

            self.service.answer = fail
            self.assertEqual(("unknown", policy.UNREACHABLE), (check(PAGE).verdict, check(PAGE).reason))

    def test_many_works_ask_a_range_that_is_behind_once(self):
        filter = self.updated(copy="moments-copy")
        self.assertEqual(("allow", policy.DECLARED), self.word(filter, self.OUTSIDE))
        self.at(96)
        works = [f"https://example.com/other/{i}" for i in range(20)]
        self.assertEqual({"allow"}, {one.verdict for one in filter.check_all(works, TRAINING)})
        self.assertEqual(len(set(self.fresh())), len(self.fresh()))


class Copies(WithFilter):
    def change(self, subject, position):
        content = Content()
        content.state_about(subject, posting(AUTHOR, position, {"ai-training": "reserved"}, contact="none"))
        return content

    def assert_refused(self, name, call):
        with self.assertRaises(Refused) as raised:
            call()
        self.assertEqual(name, raised.exception.name, str(raised.exception))

    def test_only_filters_are_fetched_and_changes_are_followed(self):
        server = served(self.registry.folder)
        self.addCleanup(server.__exit__)
        filter = self.updated(source=server.address)
        self.assertEqual(("unknown", policy.NOTHING_DECLARED), self.word(filter, SONG))
        song = self.change(SONG, 11)
        self.registry.delta(song, 10, 12).publish()
        self.serve(song, self.content)
        filter._registry = self.online
        self.assertEqual(12, filter.update().position)
        self.assertEqual(("deny", policy.DECLARED), self.word(filter, SONG))
        self.assertEqual(("allow", policy.DECLARED), self.word(filter, PAGE))
        self.assertEqual(
            ["catalog.json", "releases/000000000010.filter", "catalog.json", "deltas/000000000010-000000000012.filter"],
            [path for path, _ in server.asked],
        )
        filter.close()
        again = Filter(self.folder / "copy", self.registry.key, self.online, clock=lambda: self.now)
        self.addCleanup(again.close)
        self.assertEqual([("deny", policy.DECLARED)] * 2, [self.word(again, SONG), self.word(again, BOOK)])

    def test_a_key_that_was_withdrawn_stays_until_the_next_release(self):
        filter = self.updated()
        gone = Content()
        gone.add(parse(BOOK).key)
        self.assertEqual([], hashes_of(gone))
        self.registry.delta(gone, 10, 11).publish()
        self.serve(gone, self.content)
        filter._registry = self.online
        self.assertEqual(11, filter.update().position)
        self.assertEqual(("unknown", policy.NOTHING_DECLARED), self.word(filter, BOOK))
        self.assertEqual(1, len(self.service.calls))

    def test_many_changes_are_one_list(self):
        filter = self.updated()
        songs = []
        for position in range(11, 31):
            songs.append(f"issn:{self.issn(position)}")
            self.registry.delta(self.change(songs[-1], position), position - 1, position)
        self.registry.publish()
        filter.update()
        self.assertTrue(all(filter._opened.index.has(parse(one).key) for one in songs))
        self.assertFalse(filter._opened.index.has(parse(SONG).key))

    @staticmethod
    def issn(number):
        digits = f"{1234000 + number}"
        check = -sum((8 - i) * int(digit) for i, digit in enumerate(digits)) % 11
        return digits + ("X" if check == 10 else str(check))

    def test_a_later_release_takes_the_place_of_longer_lists(self):
        for number in range(100):
            self.content.add(bytes([number]) * 32, posting(AUTHOR, 3, {"ai-training": "reserved"}))
        self.registry = Registry(self.folder / "more", NOW).release(self.content, 10).publish()
        filter = self.updated()
        self.registry.delta(self.change(SONG, 11), 10, 12).publish()
        filter.update()
        self.assertEqual(2, len(filter._opened.files))
        # A later release is not taken while the lists are short, and none is there when they are long.
        long = Content()
        for number in range(300):
            long.state_about(f"issn:{self.issn(number)}", posting(AUTHOR, 13, {"ai-training": "reserved"}))
        self.registry.release(self.content, 12).delta(self.change(SONG, 13), 12, 13).publish()
        filter.update()
        self.assertEqual(10, filter._opened.files[0].position)
        self.registry.delta(long, 13, 14).publish()
        filter.update()
        self.assertEqual([12, 13, 14], [file.position for file in filter._opened.files])
        self.registry.delta(long, 14, 15).publish()
        filter.update()
        self.assertEqual([12, 13, 14, 15], [file.position for file in filter._opened.files])

    def test_damage_with_the_time_of_before_is_found_at_each_opening(self):
        self.updated().close()
        path = self.folder / "copy/releases/000000000010.filter"
        status = path.stat()
        data = path.read_bytes()
        path.write_bytes(data[:-2] + b"xx")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        filter = self.filter()
        self.assertEqual("tampered", filter.damage.name)
        self.assertEqual(("unknown", policy.UNREACHABLE), self.word(filter, SONG))
        filter.update()
        self.assertEqual(data, path.read_bytes())
        self.assertEqual(("allow", policy.DECLARED), self.word(filter, PAGE))

    def test_each_kind_of_copy_needs_its_own_folder(self):
        self.updated()
        self.assert_refused("tampered", lambda: Snapshot(self.folder / "copy", self.registry.key))
        with Snapshot(self.folder / "whole", self.registry.key, self.registry.folder, clock=lambda: NOW) as snapshot:
            snapshot.update()
        self.assert_refused("tampered", lambda: self.filter(copy="whole"))

    def test_a_registry_without_filters_is_unsupported(self):
        for one in self.registry.releases:
            del one["filter"]
        self.registry.publish()
        self.assert_refused("unsupported", self.filter().update)

    def test_each_refusal(self):
        filter = self.updated()
        path = "deltas/000000000010-000000000012.filter"
        song = self.change(SONG, 11)

        def publish(of_filter=None, **changed):
            self.registry.deltas.clear()
            self.registry.delta(song, 10, 12, of_filter).publish(**changed)

        def cut():
            publish()
            (self.registry.folder / path).write_bytes((self.registry.folder / path).read_bytes()[:-1])

        def changed():
            publish()
            data = (self.registry.folder / path).read_bytes()
            (self.registry.folder / path).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))

        for name, act in (
            ("truncated", cut), ("tampered", changed), ("truncated", lambda: (self.registry.folder / path).unlink()),
            ("mixed", lambda: publish({"log": "other.example/log"})), ("mixed", lambda: publish({"position": 13})),
            ("mixed", lambda: publish({"start": 9})), ("mixed", lambda: publish({"start": None})),
            ("unsupported", lambda: publish({"version": 2})), ("unsupported", lambda: publish({"rules": 2})),
            ("tampered", lambda: publish({"count": 2})), ("expired", lambda: publish(expiresAt=written(NOW))),
            ("expired", lambda: publish(issuedAt=written(NOW + 601))),
            ("rolled-back", lambda: publish(issuedAt=written(NOW - 1))),
            ("bad-signature", lambda: publish(note=lambda lines: lines[:3])),
        ):  # fmt: skip
            with self.subTest(name):
                act()
                self.assert_refused(name, filter.update)
                self.assertEqual(("allow", policy.DECLARED), self.word(filter, PAGE), "the copy still answers")
        publish()
        self.assertEqual(12, filter.update().position)
        self.registry.publish(releases=[{**self.registry.releases[0], "filter": {"path": "../x.filter", "bytes": 1}}])
        self.assert_refused("unsupported", filter.update)
        (self.registry.folder / "catalog.json").unlink()
        self.assert_refused("unreachable", filter.update)

    def test_a_damaged_file_answers_nothing_and_is_fetched_again(self):
        filter = self.updated()
        path = self.folder / "copy/releases/000000000010.filter"
        data = path.read_bytes()
        for changed in (data[:-2] + b"xx", bytes(len(data)), data[:-2], data + b"x", None):
            if changed is None:
                path.unlink()
            else:
                path.write_bytes(changed)
            fresh = self.filter()
            self.assertEqual(("unknown", policy.UNREACHABLE), self.word(fresh, SONG))
            if changed is not None:
                self.assertEqual(("unknown", policy.UNREACHABLE), self.word(filter, SONG))
            filter.update()
            self.assertEqual(data, path.read_bytes())
            self.assertEqual(("allow", policy.DECLARED), self.word(filter, PAGE))


class Command(WithFilter):
    def run_here(self, *arguments):
        out = io.StringIO()
        err = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = command.main([str(one) for one in arguments])
        return code, out.getvalue(), err.getvalue()

    def test_a_copy_of_filters_is_made_checked_and_asked(self):
        self.registry = Registry(self.folder / "now", int(time.time())).release(self.content, 10).publish()
        where = ("--copy", self.folder / "other")
        check = ("check", *where, "--use", "ai-training", "--filter", self.service.address)
        self.assertEqual(3, self.run_here(*check, "--key", self.registry.key, SONG)[0])
        code, _, err = self.run_here("update", *where, "--filter", "--key", self.registry.key, self.registry.folder)
        self.assertEqual((0, True), (code, "position 10" in err), err)
        self.assertEqual([], list((self.folder / "other").glob("**/*.segment")))
        self.assertEqual(0, self.run_here("verify", *where, "--filter")[0])
        for works, expected in (([PAGE], 0), ([PAGE, BOOK], 1), ([SONG], 1)):
            code, out, err = self.run_here(*check, *works)
            self.assertEqual((expected, len(works)), (code, len(out.splitlines())), err)
        self.service.close()
        self.assertEqual(1, self.run_here(*check, SONG)[0])
        with mock.patch.object(command, "Online", functools.partial(Online, tries=1)):
            self.assertEqual(3, self.run_here(*check, PAGE)[0])

    def test_it_goes_without_online(self):
        for more in (["--online", self.service.address], ["--private"]):
            code, _, err = self.run_here("check", "--filter", self.service.address, *more, PAGE)
            self.assertEqual((2, True), (code, "--" in err))
        self.assertEqual(2, self.run_here("check", "--filter", "ftp://x", "--copy", self.folder, PAGE)[0])


class Speed(unittest.TestCase):
    def test_fingerprints_and_values_are_kept_compactly(self):
        """A list of Python's numbers would take some 36 bytes for each."""
        with_file = Files("opened")
        with_file.setUp()
        self.addCleanup(with_file.doCleanups)
        fuse = with_file.opened(filter_bytes([1, 2, 3], 12))
        self.assertEqual(2, fuse._fingerprints.itemsize)
        self.assertIsInstance(with_file.opened(filter_bytes([1 << 20], 12, 9)).values, array)


if __name__ == "__main__":
    unittest.main()
