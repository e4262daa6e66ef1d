"""Segments: what is found in files, one and several, and which files are refused."""

import random
import struct
import tempfile
import unittest
from pathlib import Path

from askfirst import segment, subjects
from askfirst.segment import DamagedSegment, Index, Segment, crc32c
from askfirst.subjects import parse
from tests.support import Content, contest, listing, posting, proof, repertoire_key, segment_bytes

NOW = 1_800_000_000_000_000
RESERVED = {"ai-training": "reserved"}
PERMITTED = {"ai-training": "permitted"}
AUTHOR = 0x0190_0000_0000_0000_8000_0000_0000_0001
PUBLISHER = 0x0190_0000_0000_0000_8000_0000_0000_0002
SOCIETY = 0x0190_0000_0000_0000_8000_0000_0000_0003


class WithFiles(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def segment(self, content, position=100, **header):
        path = self.folder / f"{len(list(self.folder.iterdir()))}.segment"
        path.write_bytes(segment_bytes(content, position, **header))
        found = Segment(path)
        self.addCleanup(found.close)
        return found

    def verdict(self, contents, *asked, use="ai-training", **header):
        """Returns the verdict by files with these contents, the newest first."""
        contents = contents if isinstance(contents, list) else [contents]
        files = [self.segment(content, 100 - i, **header) for i, content in enumerate(contents)]
        judgement, _ = Index(files).judge([parse(one) for one in asked], [use], NOW)
        return judgement.verdict


class OneFile(WithFiles):
    def test_every_key_is_found_and_no_other(self):
        for count in (0, 1, 2, 100, 3000):
            rng = random.Random(count)
            content = Content()
            keys = [rng.randbytes(32) for _ in range(count)]
            # Some share their first eight bytes, which real keys do not.
            keys += [key[:8] + rng.randbytes(24) for key in keys[: count // 3]]
            for place, key in enumerate(keys):
                content.add(key, posting(place, 1, RESERVED))
            file = self.segment(content)
            for place, key in enumerate(keys):
                self.assertEqual(place, file.find(key)[0][0])
                self.assertIsNone(file.find(key[:8] + rng.randbytes(24)))
            for _ in range(500):
                self.assertIsNone(file.find(rng.randbytes(32)))

    def test_every_site_prefilter_is_found_and_no_other(self):
        rng = random.Random(5)
        content = Content()
        content.prefilters = {rng.getrandbits(64) for _ in range(2000)}
        file = self.segment(content)
        for prefix in content.prefilters:
            self.assertTrue(file.has_site_prefilter(struct.pack(">Q", prefix) + bytes(24)))
        self.assertFalse(any(file.has_site_prefilter(rng.randbytes(32)) for _ in range(2000)))

    def test_a_reservation_reaches_the_pages_below(self):
        content = Content()
        content.state_about("under:https://example.com/art/", posting(AUTHOR, 1, RESERVED, contact="none"))
        content.prove("domain:example.com", proof(AUTHOR, 2))
        self.assertEqual("deny", self.verdict(content, "url:https://example.com/art/1.png"))
        self.assertEqual("unknown", self.verdict(content, "url:https://example.com/other"))
        self.assertEqual("unknown", self.verdict(content, "url:https://example.com/art/1.png", use="search-indexing"))

    def test_a_permission_needs_evidence(self):
        content = Content()
        content.state_about("url:https://example.com/a", posting(AUTHOR, 1, PERMITTED))
        self.assertEqual("unknown", self.verdict(content, "url:https://example.com/a"))
        content.prove("domain:example.com", proof(AUTHOR, 2))
        self.assertEqual("allow", self.verdict(content, "url:https://example.com/a"))
        content.states[AUTHOR] = (2, [])  # suspended
        self.assertEqual("unknown", self.verdict(content, "url:https://example.com/a"))

    def test_a_contest_makes_a_question_of_a_permission(self):
        content = Content()
        content.state_about("isbn:9788936434120", posting(PUBLISHER, 1, PERMITTED))
        content.prove("isbn:9788936434120", proof(PUBLISHER, 2))
        self.assertEqual("allow", self.verdict(content, "isbn:9788936434120"))
        content.state_about("isbn:9788936434120", contest(PUBLISHER, 3, "disputed", by=AUTHOR, ends_at=NOW + 1))
        self.assertEqual("ask", self.verdict(content, "isbn:9788936434120"))
        content.erasures[AUTHOR] = 4
        self.assertEqual("allow", self.verdict(content, "isbn:9788936434120"))

    def test_a_mandate_binds_the_statement_to_its_period(self):
        content = Content()
        content.state_about("isbn:9788936434120", posting(SOCIETY, 1, PERMITTED, mandate=77))
        content.prove("isbn:9788936434120", proof(AUTHOR, 2))
        self.assertEqual("unknown", self.verdict(content, "isbn:9788936434120"))
        content.mandates[77] = (SOCIETY, AUTHOR, -(1 << 63), NOW + 1)
        self.assertEqual("allow", self.verdict(content, "isbn:9788936434120"))
        content.mandates[77] = (SOCIETY, AUTHOR, -(1 << 63), NOW)
        self.assertEqual("unknown", self.verdict(content, "isbn:9788936434120"))

    def test_a_repertoire_speaks_for_what_it_lists(self):
        content = Content()
        content.state_about("isbn:9788936434120", listing(9, 5))
        self.assertEqual("unknown", self.verdict(content, "isbn:9788936434120"), "the repertoire was withdrawn")
        content.add(repertoire_key(9), posting(SOCIETY, 3, PERMITTED))
        self.assertEqual("unknown", self.verdict(content, "isbn:9788936434120"))
        scheme = subjects.BY_NAME["isbn"].number
        content.states[SOCIETY] = (1 << 16 + scheme, [])
        self.assertEqual("allow", self.verdict(content, "isbn:9788936434120"), "a body's list is evidence")

    def test_a_creator_reaches_the_works_asked_with_it(self):
        content = Content()
        content.state_about("isni:0000000121032683", posting(AUTHOR, 1, RESERVED, contact="none"))
        content.prove("isni:0000000121032683", proof(AUTHOR, 2))
        self.assertEqual("unknown", self.verdict(content, "isbn:9788936434120"))
        self.assertEqual("deny", self.verdict(content, "isbn:9788936434120", "isni:0000000121032683"))

    def test_a_contact_counts_as_long_as_it_exists(self):
        for contact, word, erased, expected in [
            ("none", 0, False, "deny"), ("none", 4 | 8, False, "ask"), ("party", 0, False, "ask"),
            ("party", 4, False, "deny"), ("terms", 4, False, "ask"), ("terms", 0, True, "deny"),
            ("license", 0, True, "ask"),
        ]:  # fmt: skip
            content = Content()
            content.state_about("isbn:9788936434120", posting(AUTHOR, 1, RESERVED, contact=contact))
            content.states[AUTHOR] = (word, [])
            if erased:
                content.erasures[AUTHOR] = 9
            with self.subTest(contact=contact, word=word, erased=erased):
                self.assertEqual(expected, self.verdict(content, "isbn:9788936434120"))

    def test_a_prefilter_of_another_public_suffix_list_hides_nothing(self):
        content = Content()
        content.state_about("url:https://example.com/a", posting(AUTHOR, 1, RESERVED, contact="none"))
        content.prefilters = set()
        self.assertEqual("unknown", self.verdict(content, "url:https://example.com/a"), "the prefilter is absent")
        self.assertEqual("deny", self.verdict(content, "url:https://example.com/a", suffixes="another"))


class SeveralFiles(WithFiles):
    def test_the_newest_file_answers_for_a_key(self):
        older = Content()
        older.state_about("isbn:9788936434120", posting(AUTHOR, 1, RESERVED, contact="none"))
        older.state_about("issn:03784371", posting(AUTHOR, 2, RESERVED, contact="none"))
        newer = Content()
        newer.state_about("isbn:9788936434120", posting(AUTHOR, 3, RESERVED))
        self.assertEqual("deny", self.verdict(older, "isbn:9788936434120"))
        self.assertEqual("ask", self.verdict([newer, older], "isbn:9788936434120"))
        self.assertEqual("deny", self.verdict([newer, older], "issn:03784371"))

    def test_an_empty_record_hides_older_ones(self):
        older = Content()
        older.state_about("isbn:9788936434120", posting(AUTHOR, 1, RESERVED))
        newer = Content()
        newer.add(parse("isbn:9788936434120").key)
        self.assertEqual("unknown", self.verdict([newer, older], "isbn:9788936434120"))

    def test_a_site_prefilter_of_any_file_counts(self):
        older = Content()
        older.state_about("url:https://example.com/a", posting(AUTHOR, 1, RESERVED, contact="none"))
        self.assertEqual("deny", self.verdict([Content(), older], "url:https://example.com/a"))
        self.assertEqual("deny", self.verdict([older, Content()], "url:https://example.com/a"))

    def test_the_register_is_that_of_the_newest(self):
        older = Content()
        older.state_about("url:https://example.com/a", posting(AUTHOR, 1, PERMITTED))
        older.prove("url:https://example.com/a", proof(AUTHOR, 2))
        older.states[AUTHOR] = (2, [])
        self.assertEqual("unknown", self.verdict(older, "url:https://example.com/a"))
        self.assertEqual("allow", self.verdict([Content(), older], "url:https://example.com/a"))


class Refusals(WithFiles):
    def setUp(self):
        super().setUp()
        self.content = Content()
        for i in range(40):
            self.content.state_about(f"url:https://example.com/{i}", posting(AUTHOR, i + 1, RESERVED, start=5))
        self.content.states[AUTHOR] = (1, [PUBLISHER])
        self.content.erasures[PUBLISHER] = 3
        self.content.mandates[4] = (SOCIETY, 0, 5, 6)

    def refused(self, data, words, needs_newer=False):
        path = self.folder / "damaged.segment"
        path.write_bytes(data)
        with self.assertRaises(DamagedSegment) as raised:
            Segment(path)
        self.assertIn(words, str(raised.exception))
        self.assertEqual(needs_newer, raised.exception.needs_newer)

    def test_the_file_is_read(self):
        self.assertEqual(40, self.segment(self.content).keys)

    def test_no_segment(self):
        self.refused(b"", "not a segment")
        self.refused(b"x" * 5000, "not a segment")

    def test_another_version(self):
        self.refused(segment_bytes(self.content, 1, version=8), "version 8", needs_newer=True)

    def test_rules_that_are_not_known(self):
        self.refused(segment_bytes(self.content, 1, rules=2), "version 2 of the rules", needs_newer=True)

    def test_cut_short(self):
        self.refused(segment_bytes(self.content, 1)[:-8], "should have")

    def test_too_long(self):
        self.refused(segment_bytes(self.content, 1) + bytes(8), "should have")

    def test_a_changed_byte_anywhere(self):
        data = segment_bytes(self.content, 1)
        rng = random.Random(1)
        places = [rng.randrange(12, 4096) for _ in range(20)] + [rng.randrange(4096, len(data)) for _ in range(200)]
        for at in places:
            damaged = bytearray(data)
            damaged[at] ^= 1 << rng.randrange(8)
            self.refused(bytes(damaged), "damaged")

    def test_damage_that_nobody_looked_for_is_an_error_at_most(self):
        """Without the checks of sections, damage may go unnoticed, but never leads out of the file."""
        data = segment_bytes(self.content, 1)
        rng = random.Random(2)
        asked = [parse(f"url:https://example.com/{i}") for i in range(40)]
        failed = 0
        for _ in range(150):
            damaged = bytearray(data)
            for _ in range(60):
                damaged[rng.randrange(4096, len(data))] = rng.randrange(256)
            path = self.folder / "damaged.segment"
            path.write_bytes(damaged)
            file = Segment(path, check_sections=False)
            try:
                index = Index([file])
                for subject in asked:
                    index.judge([subject], ["ai-training"], NOW)
            except (DamagedSegment, struct.error):
                failed += 1
            finally:
                file.close()
        self.assertGreater(failed, 10)


class Checksums(unittest.TestCase):
    def test_crc32c(self):
        # RFC 3720, B.4.
        self.assertEqual(0x8A9136AA, crc32c(bytes(32)))
        self.assertEqual(0x62A8AB43, crc32c(b"\xff" * 32))
        self.assertEqual(0x46DD794E, crc32c(bytes(range(32))))
        self.assertEqual(crc32c(b"123456789"), crc32c(b"6789", crc32c(b"12345")))

    def test_directory_bits(self):
        self.assertEqual([1, 1, 1, 2, 2, 3, 30], [segment.directory_bits(n) for n in (0, 1, 16, 17, 32, 33, 1 << 40)])


if __name__ == "__main__":
    unittest.main()
