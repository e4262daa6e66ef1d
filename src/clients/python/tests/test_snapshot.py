"""Snapshots: what is accepted, followed and refused, from a folder and over HTTP."""

import json
import shutil
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from askfirst import policy
from askfirst.snapshot import MAX_FILES, REFUSALS, Refused, Snapshot
from tests.support import Content, Registry, Signer, posting, proof, written

NOW = 1_800_000_000
AUTHOR = 7
BOOK = "isbn:9788936434120"
PAGE = "https://example.com/art/1.png"


def first():
    """Returns the content of a first release: a page may be used, and a book may not."""
    content = Content()
    content.state_about("url:" + PAGE, posting(AUTHOR, 1, {"ai-training": "permitted"}))
    content.prove("domain:example.com", proof(AUTHOR, 2))
    content.state_about(BOOK, posting(AUTHOR, 3, {"ai-training": "reserved"}, contact="none"))
    return content


def change(position):
    """Returns changes that reserve one more address each."""
    content = Content()
    content.state_about(
        f"url:https://example.com/{position}", posting(AUTHOR, position, {"ai-training": "reserved"}, contact="none")
    )
    return content


class WithRegistry(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name)
        self.now = NOW
        self.registry = Registry(self.home / "snapshot", NOW).release(first(), 3).publish()

    def snapshot(self, source=None, copy="copy", key=None):
        found = Snapshot(
            self.home / copy, key or self.registry.key, source or self.registry.folder, clock=lambda: self.now
        )
        self.addCleanup(found.close)
        return found

    def updated(self, **options):
        found = self.snapshot(**options)
        found.update()
        return found

    def assert_refused(self, name, call):
        with self.assertRaises(Refused) as raised:
            call()
        self.assertEqual(name, raised.exception.name, str(raised.exception))
        self.assertIn(raised.exception.name, REFUSALS)

    def verdict(self, snapshot, work):
        return snapshot.check(work, ["ai-training"]).verdict


class Answers(WithRegistry):
    def test_only_allow_is_allowed(self):
        snapshot = self.updated()
        page = snapshot.check(PAGE, ["ai-training"])
        self.assertTrue(page.allowed)
        self.assertTrue(page)
        self.assertEqual(
            ("allow", policy.DECLARED, 3, "url:" + PAGE), (page.verdict, page.reason, page.position, page.matched)
        )
        self.assertEqual(NOW, page.checked_at.timestamp())
        book = snapshot.check("978-89-364-3412-0", ["ai-training"])
        self.assertFalse(book)
        self.assertEqual(("deny", BOOK, BOOK), (book.verdict, book.subject, book.matched))
        other = snapshot.check("https://example.org/", ["ai-training"])
        self.assertFalse(other.allowed)
        self.assertEqual(("unknown", policy.NOTHING_DECLARED, None), (other.verdict, other.reason, other.matched))
        self.assertTrue(other.is_answer)

    def test_a_decision_that_is_no_answer_is_never_allowed(self):
        for reason in (policy.UNREADABLE, policy.EXPIRED, policy.UNREACHABLE):
            self.assertFalse(policy.Decision("allow", reason, PAGE).allowed)
        with self.assertRaises(ValueError):
            policy.Decision("yes", policy.DECLARED, PAGE)

    def test_the_page_is_not_allowed_for_what_nobody_permitted(self):
        self.assertFalse(self.updated().check(PAGE).allowed)

    def test_a_work_of_several_subjects(self):
        snapshot = self.updated()
        self.assertEqual("deny", self.verdict(snapshot, [PAGE, BOOK]))

    def test_what_cannot_be_read_is_not_allowed(self):
        snapshot = self.updated()
        for work in ("nonsense", "isbn:1", "", [], [PAGE, "nonsense"], [PAGE] * 21, [PAGE, None]):
            with self.subTest(work):
                decision = snapshot.check(work, ["ai-training"])
                self.assertFalse(decision.allowed)
                self.assertFalse(decision.is_answer)
                self.assertEqual(("unknown", policy.UNREADABLE), (decision.verdict, decision.reason))

    def test_without_a_copy_nothing_is_allowed(self):
        decision = self.snapshot().check(PAGE, ["ai-training"])
        self.assertEqual(("unknown", policy.UNREACHABLE, False), (decision.verdict, decision.reason, decision.allowed))

    def test_a_closed_copy_answers_nothing(self):
        snapshot = self.updated()
        index = snapshot._opened
        snapshot.close()
        self.assertEqual(policy.UNREACHABLE, snapshot.check(PAGE).reason)
        snapshot._opened = index  # As in another thread, which asks at the same moment.
        self.assertEqual(policy.UNREACHABLE, snapshot.check(PAGE).reason)
        snapshot._opened = None

    def test_from_its_expiry_on_the_copy_answers_nothing(self):
        snapshot = self.updated()
        self.now = NOW + 86_399
        self.assertTrue(snapshot.check(PAGE, ["ai-training"]).allowed)
        self.now = NOW + 86_400
        decision = snapshot.check(PAGE, ["ai-training"])
        self.assertEqual(("unknown", policy.EXPIRED, False), (decision.verdict, decision.reason, decision.allowed))

    def test_a_catalogue_from_the_future_answers_nothing(self):
        snapshot = self.updated()
        for now, reason in ((NOW - 600, policy.DECLARED), (NOW - 601, policy.EXPIRED), (NOW, policy.DECLARED)):
            self.now = now
            # Also if the copy is opened at that moment.
            for copy in (snapshot, self.snapshot()):
                decision = copy.check(PAGE, ["ai-training"])
                self.assertEqual((reason, reason == policy.DECLARED), (decision.reason, decision.allowed))
        self.now = NOW - 601
        self.assert_refused("expired", snapshot.verify)

    def test_a_statement_that_cannot_be_read_is_no_answer(self):
        content = first()
        content.state_about("issn:03784371", posting(AUTHOR, 4, {}))
        self.registry.release(content, 5).publish()
        snapshot = self.updated()
        decision = snapshot.check("issn:03784371", ["ai-training"])
        self.assertEqual(("unknown", policy.UNREACHABLE), (decision.verdict, decision.reason))
        self.assertTrue(snapshot.check(PAGE, ["ai-training"]).allowed)

    def test_the_uses_must_be_known(self):
        snapshot = self.updated()
        for uses in ([], ["painting"]):
            with self.assertRaises(ValueError):
                snapshot.check(PAGE, uses)

    def test_test_subjects_have_their_known_answers(self):
        snapshot = self.updated()
        for label, expected, reason in [
            ("allow", "allow", policy.DECLARED), ("deny", "deny", policy.DECLARED), ("ask", "ask", policy.DECLARED),
            ("terms", "ask", policy.DECLARED), ("unknown", "unknown", policy.NOTHING_DECLARED),
            ("other", "unknown", policy.NOTHING_DECLARED), ("unavailable", "unknown", policy.UNREACHABLE),
            ("too-many-requests", "unknown", policy.UNREACHABLE),
        ]:  # fmt: skip
            with self.subTest(label):
                decision = snapshot.check(f"https://x.{label}.askfirst.example/page", ["ai-input"])
                self.assertEqual((expected, reason), (decision.verdict, decision.reason))
                if reason == policy.DECLARED:
                    self.assertEqual((f"domain:{label}.askfirst.example", 0), (decision.matched, decision.position))
        mixed = snapshot.check("domain:mixed.askfirst.example")
        self.assertEqual(("deny", "allow"), (mixed.uses["generative-ai-training"], mixed.uses["ai-input"]))
        # Nobody makes a work look permitted by adding such an address.
        beside = snapshot.check([BOOK, "https://allow.askfirst.example/"], ["ai-training"])
        self.assertEqual((policy.UNREADABLE, False), (beside.reason, beside.allowed))


class Copies(WithRegistry):
    def test_a_copy_is_opened_again_without_its_source(self):
        self.updated().close()
        shutil.rmtree(self.registry.folder)
        self.assertEqual("allow", self.verdict(self.snapshot(), PAGE))

    def test_an_update_follows_the_changes(self):
        snapshot = self.updated()
        self.registry.delta(change(4), 3, 4).delta(change(5), 4, 5).publish()
        self.assertEqual("unknown", self.verdict(snapshot, "https://example.com/5"))
        self.assertEqual(5, snapshot.update().position)
        self.assertEqual("deny", self.verdict(snapshot, "https://example.com/4"))
        self.assertEqual("deny", self.verdict(snapshot, "https://example.com/5"))
        self.assertEqual("allow", self.verdict(snapshot, PAGE))
        snapshot.close()
        self.assertEqual("deny", self.verdict(self.snapshot(), "https://example.com/5"))

    def test_the_change_that_reaches_furthest_is_taken(self):
        both = change(4)
        both.state_about("url:https://example.com/5", posting(AUTHOR, 5, {"ai-training": "reserved"}, contact="none"))
        self.registry.delta(change(4), 3, 4).delta(change(5), 4, 5).delta(both, 3, 5).publish()
        (self.registry.folder / "deltas/000000000003-000000000004.segment").unlink()
        snapshot = self.updated()
        self.assertEqual("deny", self.verdict(snapshot, "https://example.com/5"))

    def test_a_withdrawal_arrives(self):
        snapshot = self.updated()
        gone = Content()
        gone.add(self.registry_key(BOOK))
        self.registry.delta(gone, 3, 4).publish()
        snapshot.update()
        self.assertEqual("unknown", self.verdict(snapshot, BOOK))

    @staticmethod
    def registry_key(subject):
        from askfirst import parse

        return parse(subject).key

    def test_if_no_change_begins_at_the_position_the_latest_release_is_taken(self):
        snapshot = self.updated()
        self.registry.deltas.clear()
        later = change(9)
        self.registry.release(later, 9).publish()
        snapshot.update()
        self.assertEqual("unknown", self.verdict(snapshot, BOOK))
        self.assertEqual("deny", self.verdict(snapshot, "https://example.com/9"))
        # A process that was opening the copy finds the files of before, until the next update.
        self.assertEqual(2, len(list((self.home / "copy/releases").iterdir())))
        snapshot.update()
        self.assertEqual(["000000000009.segment"], [p.name for p in (self.home / "copy/releases").iterdir()])

    def test_the_same_catalogue_is_accepted_again(self):
        snapshot = self.updated()
        self.registry.now += 60
        self.registry.publish()
        self.assertEqual(3, snapshot.update().position)

    def test_many_changes_are_replaced_by_merged_ones(self):
        snapshot = self.updated()
        for position in range(4, 4 + 2 * MAX_FILES):
            self.registry.delta(change(position), position - 1, position)
            merged = Content()
            for one in range(4, position + 1):
                merged.keys.update(change(one).keys)
                merged.prefilters.update(change(one).prefilters)
            self.registry.delta(merged, 3, position).publish()
            snapshot.update()
            self.assertLessEqual(len(snapshot._opened.files), MAX_FILES)
            self.assertLessEqual(len(list((self.home / "copy/deltas").iterdir())), 2 * MAX_FILES)
            self.assertEqual("deny", self.verdict(snapshot, f"https://example.com/{position}"))
            self.assertEqual("deny", self.verdict(snapshot, "https://example.com/4"))

    def anew(self):
        """Returns the registry after a restore: at position 3 its ledger, and so its release, is another one."""
        shutil.rmtree(self.registry.folder)
        self.other = Content()
        self.other.state_about(BOOK, posting(AUTHOR, 3, {"ai-training": "reserved"}, contact="none"))
        registry = Registry(self.home / "snapshot", NOW + 60)
        return registry.release(self.other, 3)

    def test_the_changes_of_a_registry_that_began_anew_are_not_added_to_older_files(self):
        for position in (3, 4):
            with self.subTest(position):
                self.registry = Registry(self.home / "snapshot", NOW).release(first(), 3).publish()
                snapshot = self.updated(copy=f"copy-{position}")
                self.assertEqual("allow", self.verdict(snapshot, PAGE))
                registry = self.anew()
                if position == 4:
                    registry.delta(change(4), 3, 4)
                registry.publish()
                self.assertEqual(position, snapshot.update().position)
                for copy in (snapshot, self.snapshot(copy=f"copy-{position}")):
                    self.assertEqual("unknown", self.verdict(copy, PAGE), "only the old ledger permits it")
                    self.assertEqual("deny", self.verdict(copy, BOOK))
                    self.assertEqual(position, copy.verify().position)
                # Later changes follow from the new files, and what is old goes away.
                registry.delta(change(5), position, 5).publish()
                snapshot.update()
                self.assertEqual("deny", self.verdict(snapshot, "https://example.com/5"))
                self.assertEqual(1, len(list((self.home / f"copy-{position}/releases").iterdir())))

    def test_another_change_with_the_same_path_is_no_base(self):
        self.registry.delta(change(4), 3, 4).publish()
        snapshot = self.updated()
        self.registry.deltas.clear()
        other = Content()
        other.state_about("url:https://example.com/other", posting(AUTHOR, 4, {"ai-training": "reserved"}, contact="none"))
        self.registry.delta(other, 3, 4).delta(change(5), 4, 5).publish()
        snapshot.update()
        verdicts = [self.verdict(snapshot, f"https://example.com/{name}") for name in (4, "other", 5)]
        self.assertEqual(["unknown", "deny", "deny"], verdicts)
        names = [path.name for path in (self.home / "copy/deltas").iterdir()]
        self.assertIn(f"000000000003-000000000004.segment.{self.registry.deltas[0]['sha256']}", names)

    def test_until_the_new_files_are_accepted_the_copy_keeps_the_old_ones(self):
        snapshot = self.updated()
        registry = self.anew().delta(change(4), 3, 4).publish()
        (registry.folder / "deltas/000000000003-000000000004.segment").unlink()
        self.assert_refused("truncated", snapshot.update)
        for copy in (snapshot, self.snapshot()):
            self.assertEqual("allow", self.verdict(copy, PAGE))
            self.assertEqual(3, copy.verify().position)

    def test_what_is_unfinished_of_another_file_is_fetched_anew(self):
        (self.home / "copy/releases").mkdir(parents=True)
        (self.home / "copy/releases/000000000003.segment.unfinished").write_bytes(b"x" * 4200)
        self.assertEqual("allow", self.verdict(self.updated(), PAGE))

    def test_a_file_that_the_copy_lost_is_fetched_again(self):
        snapshot = self.updated()
        (self.home / "copy/releases/000000000003.segment").unlink()
        snapshot.update()
        snapshot.close()
        self.assertEqual("allow", self.verdict(self.snapshot(), PAGE))

    def test_a_lost_file_that_the_registry_has_no_longer_is_replaced_by_newer_ones(self):
        snapshot = self.updated()
        (self.home / "copy/releases/000000000003.segment").unlink()
        (self.registry.folder / "releases/000000000003.segment").unlink()
        self.registry.releases.clear()
        self.registry.delta(change(4), 3, 4).release(first(), 4).publish()
        snapshot.update()
        self.assertEqual("allow", self.verdict(snapshot, PAGE))

    def test_what_is_unfinished_and_long_is_fetched_anew(self):
        data = (self.registry.folder / "releases/000000000003.segment").read_bytes()
        (self.home / "copy/releases").mkdir(parents=True)
        for length in (len(data), len(data) + 8):
            (self.home / "copy/releases/000000000003.segment.unfinished").write_bytes(b"x" * length)
            self.assertEqual("allow", self.verdict(self.updated(), PAGE))
            (self.home / "copy/releases/000000000003.segment").unlink()
            (self.home / "copy/state.json").unlink()

    def test_what_is_unfinished_is_continued(self):
        data = (self.registry.folder / "releases/000000000003.segment").read_bytes()
        (self.home / "copy/releases").mkdir(parents=True)
        (self.home / "copy/releases/000000000003.segment.unfinished").write_bytes(data[:4200])
        self.assertEqual("allow", self.verdict(self.updated(), PAGE))

    def test_the_copy_needs_a_folder_of_its_own(self):
        with self.assertRaises(ValueError):
            Snapshot(self.registry.folder, self.registry.key, self.registry.folder)
        with self.assertRaises(ValueError):
            Snapshot(self.home / "copy", self.registry.key).update()

    def test_verify_reads_every_byte(self):
        snapshot = self.updated()
        self.assertEqual(3, snapshot.verify().position)
        self.damage(self.home / "copy/releases/000000000003.segment")
        self.assert_refused("tampered", snapshot.verify)

    @staticmethod
    def damage(path, at=-20):
        data = bytearray(path.read_bytes())
        data[at] ^= 1
        path.write_bytes(data)


class Refusals(WithRegistry):
    """One test for each name, and what an update does after it: the copy goes on answering."""

    def assert_update_refused(self, name, snapshot=None):
        snapshot = snapshot or self.updated()
        self.assert_refused(name, snapshot.update)
        self.assertEqual("allow", self.verdict(snapshot, PAGE), "the copy still answers")
        fresh = self.snapshot(copy="fresh")
        self.assert_refused(name, fresh.update)
        self.assertEqual(policy.UNREACHABLE, fresh.check(PAGE).reason)

    def test_bad_signature_by_another_key(self):
        snapshot = self.updated()
        self.registry.publish(signer=Signer(seed=b"\2" * 32))
        self.assert_update_refused("bad-signature", snapshot)

    def test_bad_signature_of_another_catalogue(self):
        snapshot = self.updated()
        path = self.registry.folder / "catalog.json"
        file = json.loads(path.read_text())
        file["catalog"]["expiresAt"] = written(NOW + 10 * 86_400)
        path.write_text(json.dumps(file))
        self.assert_update_refused("bad-signature", snapshot)

    def test_bad_signature_of_another_position_log_or_nothing(self):
        snapshot = self.updated()
        for note in (
            lambda lines: [lines[0], "4", *lines[2:]],
            lambda lines: ["other.example/log", *lines[1:]],
            lambda lines: lines[:3],
            lambda lines: lines[:3] + ["catalog " + "0" * 64],
        ):
            self.registry.publish(note=note)
            self.assert_update_refused("bad-signature", snapshot)
        self.registry.publish(log="other.example/log", note=lambda lines: ["registry.example/log", *lines[1:]])
        self.assert_update_refused("bad-signature", snapshot)

    def test_bad_signature_of_what_is_no_catalogue(self):
        snapshot = self.updated()
        good = (self.registry.folder / "catalog.json").read_text()
        for text in (
            "", "{", "[]", '{"note": "x"}', good.replace('"format": 1', '"format": 1.0'),
            good.replace('"format": 1', '"format": 1, "format": 1'), good[:-1], good + "x", '"\\ud800"',
        ):  # fmt: skip
            (self.registry.folder / "catalog.json").write_text(text)
            self.assert_update_refused("bad-signature", snapshot)

    def test_bad_signature_of_a_key_that_is_none(self):
        self.assert_refused("bad-signature", lambda: self.snapshot(key="registry.example/log+x+y"))

    def test_unsupported(self):
        snapshot = self.updated()
        for changed in (
            {"format": 2}, {"rules": 2}, {"minimumClient": "0.1.1"}, {"minimumClient": "1.0.0"},
            {"minimumClient": "next"}, {"issuedAt": "yesterday"}, {"deltas": None},
            {"releases": [{**self.registry.releases[0], "path": "../../x.segment"}]},
            {"releases": [{**self.registry.releases[0], "path": "/x/1.segment"}]},
        ):  # fmt: skip
            with self.subTest(changed):
                self.registry.publish(**changed)
                self.assert_update_refused("unsupported", snapshot)

    def test_unsupported_segment(self):
        snapshot = self.updated()
        self.registry.release(first(), 5, version=8).publish()
        self.assert_update_refused("unsupported", snapshot)

    def test_an_older_client_may_be_needed(self):
        self.registry.publish(minimumClient="0.0.9")
        self.updated()

    def test_expired(self):
        snapshot = self.updated()
        self.registry.publish(expiresAt=written(NOW))
        self.assert_update_refused("expired", snapshot)

    def test_expired_if_it_is_from_the_future(self):
        snapshot = self.updated()
        self.registry.publish(issuedAt=written(NOW + 601))
        self.assert_update_refused("expired", snapshot)
        self.registry.publish(issuedAt=written(NOW + 600))
        self.assertEqual(3, snapshot.update().position)

    def test_rolled_back(self):
        self.registry.delta(change(4), 3, 4).publish()
        snapshot = self.updated()
        self.registry.publish(position=3, issuedAt=written(NOW + 60))
        self.assert_refused("rolled-back", snapshot.update)
        self.registry.publish(issuedAt=written(NOW - 1))
        self.assert_refused("rolled-back", snapshot.update)
        self.assertEqual("deny", self.verdict(snapshot, "https://example.com/4"))
        snapshot.close()
        # What was accepted is remembered by the copy.
        again = self.snapshot()
        self.assert_refused("rolled-back", again.update)

    def test_truncated(self):
        snapshot = self.updated()
        self.registry.delta(change(4), 3, 4).publish()
        path = self.registry.folder / "deltas/000000000003-000000000004.segment"
        data = path.read_bytes()
        path.write_bytes(data[:-8])
        self.assert_update_refused("truncated", snapshot)
        path.write_bytes(data + b"x" * 8)
        self.assert_update_refused("truncated", snapshot)
        path.unlink()
        self.assert_update_refused("truncated", snapshot)
        path.write_bytes(data)
        self.assertEqual(4, snapshot.update().position)

    def test_truncated_copy(self):
        self.updated().close()
        path = self.home / "copy/releases/000000000003.segment"
        data = path.read_bytes()
        path.write_bytes(data[:-8])
        self.assert_unusable("truncated")
        path.unlink()
        self.assert_unusable("truncated")

    def assert_unusable(self, name):
        """A copy that is damaged opens, and answers nothing until an update has mended it."""
        copy = self.snapshot()
        self.assertEqual((None, name), (copy.catalog, copy.damage.name), str(copy.damage))
        self.assert_refused(name, copy.verify)
        decision = copy.check(PAGE, ["ai-training"])
        self.assertEqual((policy.UNREACHABLE, False), (decision.reason, decision.allowed))
        return copy

    def test_tampered(self):
        snapshot = self.updated()
        self.registry.delta(change(4), 3, 4).publish()
        path = self.registry.folder / "deltas/000000000003-000000000004.segment"
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        self.assert_update_refused("tampered", snapshot)
        path.write_bytes(data)
        self.assertEqual(4, snapshot.update().position)

    def test_tampered_state(self):
        self.updated().close()
        for content in ("{}", "[]", "{", '{"position": "3"}'):
            (self.home / "copy/state.json").write_text(content)
            self.assert_refused("tampered", self.snapshot)

    def test_a_state_with_a_gap_is_mixed(self):
        snapshot = self.updated()
        for position in (4, 5):
            self.registry.delta(change(position), position - 1, position).publish()
            snapshot.update()
        snapshot.close()
        path = self.home / "copy/state.json"
        state = json.loads(path.read_text())
        for files in (
            [state["files"][0], state["files"][2]], state["files"][1:], state["files"][::-1], state["files"][:2], [],
        ):  # fmt: skip
            path.write_text(json.dumps({**state, "files": files}))
            copy = self.assert_unusable("mixed")
            self.assertEqual(5, copy.update().position)
            self.assertEqual("deny", self.verdict(copy, "https://example.com/5"))

    def test_the_state_of_a_copy_is_signed_too(self):
        self.updated().close()
        path = self.home / "copy/state.json"
        state = json.loads(path.read_text())
        state["catalog"] = state["catalog"].replace(written(NOW + 86_400), written(NOW + 999_999))
        path.write_text(json.dumps(state))
        self.assert_refused("bad-signature", self.snapshot)

    def test_mixed_log(self):
        snapshot = self.updated()
        self.registry.delta(change(4), 3, 4, log="other.example/log").publish()
        self.assert_update_refused("mixed", snapshot)

    def test_mixed_position(self):
        snapshot = self.updated()
        self.registry.delta(change(4), 3, 4).publish()
        file = self.registry.deltas[0]
        self.registry.position = 5
        self.registry.deltas[0] = {**file, "position": 5}
        self.registry.publish()
        self.assert_update_refused("mixed", snapshot)

    def test_mixed_gap(self):
        snapshot = self.updated()
        self.registry.delta(change(6), 5, 6).publish()
        self.assert_update_refused("mixed", snapshot)

    def test_mixed_without_a_release(self):
        snapshot = self.updated()
        self.registry.release(first(), 9).publish(releases=[])
        self.assert_update_refused("mixed", snapshot)

    def test_unreachable_folder(self):
        snapshot = self.updated()
        (self.registry.folder / "catalog.json").unlink()
        self.assert_update_refused("unreachable", snapshot)
        shutil.rmtree(self.registry.folder)
        self.assert_update_refused("unreachable", snapshot)

    def test_unreachable_server(self):
        with served(self.registry.folder) as server:
            snapshot = self.updated(source=server.address)
        self.assert_refused("unreachable", snapshot.update)
        self.assertEqual("allow", self.verdict(snapshot, PAGE))


class Server:
    """Serves a folder on a free port."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.ranges = True
        self.fail = {}
        self.asked = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self)

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._http.server_port}/snapshot/"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, exchange):
        path = exchange.path.removeprefix("/snapshot/")
        wanted = exchange.headers.get("Range")
        self.asked.append((path, wanted))
        status, cut = self.fail.get(path, (200, None))
        file = self.folder / path
        if status != 200 or not file.exists():
            exchange.send_error(404 if status == 200 else status)
            return
        data = file.read_bytes()
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges else 0
        exchange.send_response(206 if start else 200)
        exchange.send_header("Content-Length", str(len(data) - start))
        exchange.end_headers()
        exchange.wfile.write(data[start:cut])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._http.shutdown()
        self._http.server_close()


def served(folder):
    return Server(folder)


class OverHttp(WithRegistry):
    def setUp(self):
        super().setUp()
        self.server = served(self.registry.folder)
        self.addCleanup(self.server.__exit__)

    def test_a_copy_is_fetched_and_followed(self):
        snapshot = self.updated(source=self.server.address)
        self.assertEqual("allow", self.verdict(snapshot, PAGE))
        self.registry.delta(change(4), 3, 4).publish()
        snapshot.update()
        self.assertEqual("deny", self.verdict(snapshot, "https://example.com/4"))
        fetched = [path for path, _ in self.server.asked]
        self.assertEqual(
            ["catalog.json", "releases/000000000003.segment", "catalog.json",
             "deltas/000000000003-000000000004.segment"],
            fetched,
        )  # fmt: skip

    def test_a_broken_download_is_continued(self):
        for ranges in (True, False):
            self.server.ranges = ranges
            self.server.asked.clear()
            self.server.fail = {"releases/000000000003.segment": (200, 4200)}
            snapshot = self.snapshot(source=self.server.address, copy=f"copy-{ranges}")
            self.assert_refused("truncated", snapshot.update)
            self.assertEqual(policy.UNREACHABLE, snapshot.check(PAGE).reason)
            self.server.fail = {}
            snapshot.update()
            self.assertEqual("allow", self.verdict(snapshot, PAGE))
            self.assertEqual(("releases/000000000003.segment", "bytes=4200-"), self.server.asked[-1])

    def test_a_catalogue_that_is_cut_is_unreachable(self):
        for cut in (0, 1, 200, -1):
            self.server.fail = {"catalog.json": (200, cut)}
            snapshot = self.snapshot(source=self.server.address, copy=f"copy{cut}")
            self.assert_refused("unreachable", snapshot.update)
            self.assertFalse(snapshot.check(PAGE, ["ai-training"]).allowed)
        # One that is whole and damaged is not.
        path = self.registry.folder / "catalog.json"
        path.write_bytes(path.read_bytes()[:-1])
        self.server.fail = {}
        self.assert_refused("bad-signature", self.snapshot(source=self.server.address, copy="other").update)

    def test_errors_of_the_server(self):
        for path, status, name in [
            ("catalog.json", 500, "unreachable"), ("catalog.json", 404, "unreachable"),
            ("releases/000000000003.segment", 503, "unreachable"), ("releases/000000000003.segment", 404, "truncated"),
        ]:  # fmt: skip
            self.server.fail = {path: (status, None)}
            snapshot = self.snapshot(source=self.server.address, copy=f"{status}-{name}")
            self.assert_refused(name, snapshot.update)
            self.assertFalse(snapshot.check(PAGE, ["ai-training"]).allowed)


if __name__ == "__main__":
    unittest.main()
