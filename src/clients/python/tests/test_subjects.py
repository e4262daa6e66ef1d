"""The language-neutral vectors of docs/formats/subjects.md, each member of them."""

import re
import unittest
from pathlib import Path

from askfirst import _accounts, _suffixes, subjects
from askfirst._text import LEADS
from askfirst.subjects import MalformedSubject, UndeclarableSubject, parse, recognise
from tests.support import CORE, ROOT, vectors
from tools import public_suffixes

VECTORS = vectors("subjects.json")
ACCOUNTS = vectors("accounts.json")


class SubjectVectors(unittest.TestCase):
    def test_subjects_keys_and_expansions(self):
        seen = set()
        for vector in VECTORS["subjects"]:
            with self.subTest(vector["input"]):
                subject = parse(vector["input"])
                self.assertEqual(vector["canonical"], subject.canonical)
                self.assertEqual(vector["key"], subject.key.hex())
                prefilter = subject.site_prefilter()
                self.assertEqual(vector.get("gate"), None if prefilter is None else prefilter.hex())
                expansion = [
                    {"subject": entry.canonical, "specificity": entry.specificity} for entry in subject.expand().entries
                ]
                self.assertEqual(vector["expansion"], expansion)
                self.assertEqual(subject, parse(subject.canonical))
                seen.add(subject.scheme.name)
        self.assertEqual({scheme.name for scheme in subjects.SCHEMES}, seen)

    def test_plain_spellings(self):
        self.assertGreaterEqual(len(VECTORS["spellings"]), 50)
        for vector in VECTORS["spellings"]:
            with self.subTest(vector["input"]):
                subject = parse(vector["input"])
                plain = parse(vector["plain"])
                self.assertEqual(vector["plain"], subject.indexed_as()[-1].canonical)
                self.assertEqual([plain], plain.indexed_as())
                self.assertEqual(subject.stored_site_prefilter(), plain.stored_site_prefilter())

    def test_recognised(self):
        self.assertGreater(len(VECTORS["recognised"]), 10)
        for vector in VECTORS["recognised"]:
            with self.subTest(vector["input"]):
                self.assertEqual(vector["canonical"], recognise(vector["input"]).canonical)

    def test_unrecognised(self):
        self.assertGreater(len(VECTORS["unrecognised"]), 10)
        for vector in VECTORS["unrecognised"]:
            with self.subTest(vector["input"]), self.assertRaises(MalformedSubject) as raised:
                recognise(vector["input"])
            self.assertEqual(vector["reason"], raised.exception.reason, vector["input"])
            self.assertEqual(vector.get("meant"), raised.exception.suggestion, vector["input"])

    def test_refused(self):
        seen = set()
        for vector in VECTORS["refused"]:
            with self.subTest(vector["input"]), self.assertRaises(MalformedSubject) as raised:
                parse(vector["input"])
            fault = raised.exception
            self.assertEqual(vector["reason"], fault.reason, vector["input"])
            self.assertTrue(fault.detail.startswith(LEADS[fault.reason] + ": "), fault.detail)
            meant = vector.get("meant")
            # One vector lists the schemes in words, which is not a value that somebody could send.
            self.assertEqual(None if meant is None or " " in meant else meant, fault.suggestion, vector["input"])
            if meant is not None:
                self.assertTrue(fault.detail.endswith(f"Did you mean {meant}?"), fault.detail)
            seen.add(fault.reason)
        self.assertLessEqual(set(LEADS) - {"too-long", "ambiguous"}, seen)

    def test_undeclarable(self):
        undeclarable = set()
        for vector in VECTORS["undeclarable"]:
            subject = parse(vector["input"])
            with self.subTest(vector["input"]), self.assertRaises(UndeclarableSubject) as raised:
                subject.require_declarable()
            self.assertEqual(vector["reason"], raised.exception.reason, vector["input"])
            self.assertEqual(vector.get("meant"), raised.exception.suggestion, vector["input"])
            if "meant" in vector:
                parse(vector["meant"]).require_declarable()
            undeclarable.add(subject)
        for vector in VECTORS["subjects"]:
            subject = parse(vector["input"])
            if subject not in undeclarable:
                subject.require_declarable()

    def test_invisible_characters_are_removed_at_both_ends(self):
        self.assertGreaterEqual(len(VECTORS["invisible"]), 20)
        values = [
            ("url", "https://example.com/a"), ("domain", "example.com"), ("isbn", "9788936434120"),
            ("doi", "10.1000/182"), ("kcc", "C-2023-012345"), ("isni", "0000000121032683"),
            ("sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ]  # fmt: skip
        for span in VECTORS["invisible"]:
            for point in range(int(span["first"], 16), int(span["last"], 16) + 1):
                # One scheme for most of the thousands of characters, and all of them for some.
                chosen = values if point < 0x3000 or point % 64 == 0 else [values[point % len(values)]]
                for scheme, value in chosen:
                    found = parse(scheme + ":" + chr(point) + value + chr(point))
                    self.assertEqual(scheme + ":" + value, found.canonical, hex(point))

    def test_eight_digits_that_are_two_things_are_ambiguous(self):
        with self.assertRaises(MalformedSubject) as raised:
            recognise("10000038")
        self.assertEqual("ambiguous", raised.exception.reason)
        self.assertEqual("issn:10000038", recognise("1000-0038").canonical)

    def test_the_own_host_of_an_account_has_no_site_prefilter(self):
        self.assertIsNone(parse("domain:moon.tistory.com").site_prefilter())
        self.assertIsNotNone(parse("domain:tistory.com").site_prefilter())

    def test_work_ids(self):
        for vector in VECTORS["works"]:
            self.assertEqual(vector["canonical"], subjects.of_work(bytes.fromhex(vector["random"])).canonical)

    def test_members_that_these_tests_read(self):
        known = {
            "about", "licence", "publicSuffixList", "subjects", "spellings", "recognised", "refused", "unrecognised",
            "undeclarable", "invisible", "works",
        }  # fmt: skip
        self.assertEqual(known, set(VECTORS))


class AccountVectors(unittest.TestCase):
    def test_addresses(self):
        for vector in ACCOUNTS["addresses"]:
            with self.subTest(vector["address"]):
                subject = parse("url:" + vector["address"])
                account = subject.account()
                self.assertEqual(vector.get("account"), None if account is None else account.canonical)
                if "names" in vector:
                    found = recognise(vector["address"]).scheme.name
                    self.assertEqual(bool(vector["names"]), found == "account")

    def test_spellings(self):
        for vector in ACCOUNTS["spellings"]:
            with self.subTest(vector["input"]):
                self.assertEqual(vector["canonical"], parse(vector["input"]).canonical)

    def test_undeclarable(self):
        for vector in ACCOUNTS["undeclarable"]:
            with self.subTest(vector["input"]), self.assertRaises(UndeclarableSubject):
                parse(vector["input"]).require_declarable()


class Data(unittest.TestCase):
    """The package has data of the core. It must not be older or newer than the core's."""

    def test_the_table_of_platforms_is_the_cores(self):
        core = CORE / "src/main/resources/org/askfirst/subject/platforms.txt"
        ours = Path(_accounts.__file__).parent / "resources" / "platforms.txt"
        self.assertEqual(core.read_bytes(), ours.read_bytes())
        self.assertEqual(ACCOUNTS["platforms"], subjects.platforms_version())

    def test_the_public_suffix_list_has_the_version_of_the_vectors(self):
        self.assertEqual(VECTORS["publicSuffixList"], subjects.public_suffixes_version())

    def test_the_public_suffix_list_is_the_cores(self):
        version = re.search(r"<crawler-commons.version>(.+)</", (ROOT / "pom.xml").read_text("utf-8")).group(1)
        name = f"com/github/crawler-commons/crawler-commons/{version}/crawler-commons-{version}.jar"
        jar = Path.home() / ".m2" / "repository" / name
        if not jar.exists():
            self.skipTest(f"no local Maven repository has {jar.name}, so only the version of the list is compared")
        ours = Path(_suffixes.__file__).parent / "resources" / "public_suffix_list.dat"
        self.assertEqual(public_suffixes.shortened(public_suffixes.read(jar)), ours.read_text("utf-8"))


if __name__ == "__main__":
    unittest.main()
