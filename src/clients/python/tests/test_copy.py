"""Copies: one updater at a time, processes that are killed, damage, and servers that stall."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import unittest

from askfirst import Filter, Online, Refused, Snapshot, _copy, policy
from tests.support import ROOT
from tests.test_snapshot import BOOK, NOW, PAGE, WithRegistry, change, first, served

PYTHON = ROOT / "src" / "clients" / "python"
SEGMENT = "releases/000000000003.segment"
HOLDER = """
import sys
from pathlib import Path
from askfirst import _copy
with _copy._alone(Path(sys.argv[1]), 10):
    print("held", flush=True)
    sys.stdin.read()
"""


class WithProcesses(WithRegistry):
    def started(self, *arguments):
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)], cwd=PYTHON, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        self.addCleanup(self.kill, process)
        return process

    @staticmethod
    def kill(process):
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()

    def holder(self, copy="copy"):
        """Starts a process that holds the lock of a copy."""
        process = self.started("-c", HOLDER, self.home / copy / "lock")
        self.assertEqual("held\n", process.stdout.readline())
        return process

    def updater(self, kind="segment", copy="copy"):
        return self.started(
            "-m", "tests.updater", self.registry.folder, self.registry.key, self.home / copy, kind, NOW
        )

    def impatient(self, source=None, copy="copy", patience=0.3):
        found = Snapshot(
            self.home / copy, self.registry.key, source or self.registry.folder, clock=lambda: self.now,
            patience=patience,
        )  # fmt: skip
        self.addCleanup(found.close)
        return found


class OneUpdater(WithProcesses):
    def test_while_another_process_updates_the_copy_answers_and_is_not_updated(self):
        snapshot = self.impatient()
        snapshot.update()
        self.registry.delta(change(4), 3, 4).publish()
        holder = self.holder()
        state = (self.home / "copy/state.json").read_bytes()
        for _ in range(2):
            self.assert_refused("unreachable", snapshot.update)
            self.assertEqual("allow", self.verdict(snapshot, PAGE))
        self.assertEqual(state, (self.home / "copy/state.json").read_bytes())
        self.assertEqual(3, self.impatient().catalog.position, "a copy opens without the lock")
        # A process that was killed holds nothing.
        holder.kill()
        holder.wait()
        self.assertEqual(4, snapshot.update().position)

    def test_an_update_waits_for_its_turn(self):
        snapshot = self.impatient(patience=30)
        snapshot.update()
        holder = self.holder()
        done = []
        thread = threading.Thread(target=lambda: done.append(snapshot.update().position))
        thread.start()
        self.assertEqual([], done)
        holder.stdin.close()
        thread.join(30)
        self.assertEqual([3], done)

    def test_two_copies_of_one_process_take_turns(self):
        (self.home / "copy").mkdir()
        with _copy._alone(self.home / "copy/lock", 0):
            self.assert_refused("unreachable", self.impatient().update)
        self.assertEqual(3, self.impatient().update().position)

    def test_an_update_follows_what_another_one_has_accepted(self):
        one, other = self.updated(), self.updated()
        old = (self.registry.folder / "catalog.json").read_bytes()
        self.registry.delta(change(4), 3, 4).publish()
        newest = (self.registry.folder / "catalog.json").read_bytes()
        one.update()
        (self.registry.folder / "catalog.json").write_bytes(old)
        self.assert_refused("rolled-back", other.update)
        self.assertEqual("deny", self.verdict(other, "https://example.com/4"), "it has opened the newer files")
        (self.registry.folder / "catalog.json").write_bytes(newest)
        shutil.rmtree(self.registry.folder / "deltas")
        self.assertEqual(4, other.update().position, "nothing is fetched twice")

    def publish_next(self, position):
        if position % 8 == 0:
            self.registry.release(first(), position)
            self.registry.releases = self.registry.releases[:2]
            oldest = self.registry.releases[-1]["position"]
            self.registry.deltas = [one for one in self.registry.deltas if one["from"] >= oldest]
        self.registry.delta(change(position + 1), position, position + 1).publish()
        return position + 1

    def test_several_processes_update_one_copy_and_are_killed_at_any_moment(self):
        path = self.registry.folder / "catalog.json"
        for kind in ("segment", "filter"):
            with self.subTest(kind):
                copy = "copy-" + kind
                position = self.registry.position
                steady = self.updater(kind, copy)
                steady.stdout.readline()
                for step in range(6):
                    doomed = self.updater(kind, copy)
                    lines = [doomed.stdout.readline().strip()]
                    for _ in range(2):
                        self.quietly_publish(path, position)
                        position += 1
                        time.sleep(0.003 * step)
                    self.kill(doomed)
                    self.assertTrue(lines[0].isdigit(), lines)
                    kept = self.opened(kind, copy)
                    self.assertIsNone(kept.damage)
                    self.assertIsNotNone(kept.catalog)
                    kept.close()
                deadline = time.monotonic() + 60
                while int(steady.stdout.readline()) != position:
                    self.assertLess(time.monotonic(), deadline, "it does not arrive")
                self.kill(steady)
                last = self.opened(kind, copy)
                self.assertEqual(position, last.update().position)
                last.verify()
                last.update()
                left = {str(one.relative_to(self.home / copy)) for one in (self.home / copy).glob("*/*")}
                self.assertEqual({file.path for file in last._opened.files}, left, "nothing else stays")

    def opened(self, kind, copy):
        found = (Filter if kind == "filter" else Snapshot)(
            self.home / copy, self.registry.key, source=self.registry.folder, clock=lambda: NOW
        )
        self.addCleanup(found.close)
        return found

    def quietly_publish(self, path, position):
        """Publishes one more position. The catalogue is replaced in one step, as a registry does it."""
        hidden = self.home / "hidden"
        hidden.mkdir(exist_ok=True)
        folder = self.registry.folder
        publish = self.registry.publish
        self.registry.publish = lambda: self.registry
        try:
            self.publish_next(position)
            self.registry.folder = hidden
            publish()
        finally:
            self.registry.folder = folder
            self.registry.publish = publish
        os.replace(hidden / "catalog.json", path)


class Damage(WithRegistry):
    def setUp(self):
        super().setUp()
        self.registry.delta(change(4), 3, 4).publish()
        self.path = self.home / "copy" / SEGMENT

    def damaged(self, data):
        """Returns a file with one other byte under each key."""
        return data[:4096] + bytes(byte ^ 1 for byte in data[4096:])

    def test_a_file_that_is_changed_answers_nothing_from_then_on(self):
        server = served(self.registry.folder)
        self.addCleanup(server.__exit__)
        snapshot = self.updated(source=server.address)
        data = self.path.read_bytes()
        for changed in (self.damaged(data), data[:-8], data + b"x", data[:-1] + b"x"):
            self.path.write_bytes(changed)
            for copy in (snapshot, self.snapshot()):
                for work in (PAGE, BOOK, "https://example.org/"):
                    decision = copy.check(work, ["ai-training"])
                    self.assertEqual((policy.UNREACHABLE, False), (decision.reason, decision.allowed))
                self.assertIsNotNone(copy.damage)
                self.assertIsNone(copy.catalog)
            server.asked.clear()
            self.assertEqual(4, snapshot.update().position)
            self.assertEqual(["catalog.json", SEGMENT], [path for path, _ in server.asked], "only it is fetched again")
            self.assertEqual(data, self.path.read_bytes())
            self.assertEqual(("allow", None), (self.verdict(snapshot, PAGE), snapshot.damage))

    def test_a_damaged_change_is_fetched_again_and_the_release_is_not(self):
        server = served(self.registry.folder)
        self.addCleanup(server.__exit__)
        snapshot = self.updated(source=server.address)
        delta = "deltas/000000000003-000000000004.segment"
        # There is a newer release by now, but the one of the copy is good.
        self.registry.release(first(), 5).delta(change(5), 4, 5).publish()
        (self.home / "copy" / delta).write_bytes(b"damaged")
        server.asked.clear()
        self.assertEqual(5, snapshot.update().position)
        fetched = [path for path, _ in server.asked]
        self.assertEqual(["catalog.json", delta, "deltas/000000000004-000000000005.segment"], fetched)

    def test_damage_with_the_time_of_before_is_found_by_verify_and_mended(self):
        snapshot = self.updated()
        status = self.path.stat()
        data = self.path.read_bytes()
        snapshot.close()
        self.path.write_bytes(data[:-1] + b"x")
        os.utime(self.path, ns=(status.st_atime_ns, status.st_mtime_ns))
        snapshot = self.snapshot()
        self.assert_refused("tampered", snapshot.verify)
        snapshot.update()
        self.assertEqual(4, snapshot.verify().position)
        self.assertEqual(data, self.path.read_bytes())

    def test_damage_that_a_question_finds_is_mended(self):
        snapshot = self.updated()
        status = self.path.stat()
        data = self.path.read_bytes()
        snapshot.close()
        self.path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
        os.utime(self.path, ns=(status.st_atime_ns, status.st_mtime_ns))
        snapshot = self.snapshot()
        decision = snapshot.check(PAGE, ["ai-training"])
        self.assertEqual((policy.UNREACHABLE, False), (decision.reason, decision.allowed))
        snapshot.update()
        self.assertEqual("allow", self.verdict(snapshot, PAGE))

    def test_a_file_with_another_time_is_read_again_and_used(self):
        self.updated().close()
        os.utime(self.path, (1, 1))
        self.assertEqual("allow", self.verdict(self.snapshot(), PAGE))

    def test_a_file_that_was_replaced_or_removed_stays_open(self):
        snapshot = self.updated()
        other = self.path.with_name("other")
        other.write_bytes(b"another file")
        os.replace(other, self.path)
        self.assertEqual("allow", self.verdict(snapshot, PAGE))
        self.path.unlink()
        self.assertEqual("allow", self.verdict(snapshot, PAGE))
        snapshot.update()
        self.assertEqual("allow", self.verdict(self.snapshot(), PAGE))

    def test_an_older_folder_that_was_put_back_does_not_answer(self):
        for restore in ("a folder", "files in place"):
            with self.subTest(restore):
                shutil.rmtree(self.home / "copy", ignore_errors=True)
                shutil.rmtree(self.home / "backup", ignore_errors=True)
                snapshot = self.updated()
                position = snapshot.catalog.position
                shutil.copytree(self.home / "copy", self.home / "backup")
                work = f"https://example.com/{position + 1}"
                self.assertEqual("unknown", self.verdict(snapshot, work))
                self.registry.delta(change(position + 1), position, position + 1).publish()
                snapshot.update()
                newest = (self.home / "copy/state.json").read_bytes()
                if restore == "a folder":
                    shutil.rmtree(self.home / "copy")
                    shutil.copytree(self.home / "backup", self.home / "copy")
                else:
                    shutil.copy(self.home / "backup/state.json", self.home / "copy/state.json")
                # The registry does not answer either, so nothing newer comes.
                catalog = self.registry.folder / "catalog.json"
                hidden = catalog.rename(catalog.with_name("hidden"))
                for _ in range(2):
                    self.assert_refused("rolled-back", snapshot.update)
                    self.assertEqual("deny", self.verdict(snapshot, work))
                    self.assertEqual(position + 1, snapshot.catalog.position)
                hidden.rename(catalog)
                self.assert_refused("rolled-back", snapshot.update)
                # What the refusal advises helps, and the newer state is still remembered.
                (self.home / "copy/state.json").unlink()
                self.assertEqual(position + 1, snapshot.update().position)
                self.assertEqual("deny", self.verdict(snapshot, work))
                self.assertEqual(json.loads(newest)["position"], self.snapshot().catalog.position)

    def test_a_folder_that_was_issued_earlier_at_the_same_position_is_older(self):
        snapshot = self.updated()
        older = (self.home / "copy/state.json").read_bytes()
        self.registry.now += 60
        self.registry.publish()
        snapshot.update()
        (self.home / "copy/state.json").write_bytes(older)
        self.assert_refused("rolled-back", snapshot.update)

    def test_the_folder_of_another_client_is_called_so(self):
        self.updated().close()
        path = self.home / "copy/state.json"
        state = json.loads(path.read_text())
        path.write_text(json.dumps({"catalog": state["catalog"], "files": state["files"], "last": state["files"][-1]}))
        with self.assertRaises(Refused) as raised:
            self.snapshot()
        self.assertEqual("unsupported", raised.exception.name)
        self.assertIn("another client", raised.exception.detail)

    def test_a_failed_mending_leaves_the_copy_without_answers(self):
        snapshot = self.updated()
        self.path.write_bytes(b"damaged")
        (self.registry.folder / SEGMENT).unlink()
        self.assert_refused("truncated", snapshot.update)
        self.assertEqual(policy.UNREACHABLE, snapshot.check(PAGE).reason)


class Slow:
    """A server that answers with `parts`, and then sends a byte at a time for a while, or nothing."""

    def __init__(self, drips):
        self.parts = {}
        self.drips = drips
        self._ended = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        with connection, contextlib.suppress(OSError):
            request = connection.recv(65536).decode()
            path = request.split(" ")[1].removeprefix("/")
            head, body, drip = self.parts[path]
            connection.sendall(head + body)
            while drip and not self._ended.wait(0.02):
                if self.drips:
                    connection.sendall(b"x")

    def close(self):
        self._ended.set()
        self._socket.close()


class SlowServers(WithProcesses):
    def slow(self, drips):
        server = Slow(drips)
        self.addCleanup(server.close)
        return server

    @staticmethod
    def head(length):
        return f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n".encode()

    def test_a_server_that_stalls_or_drips_is_given_up(self):
        """Without a limit, each of these updates would take for ever."""
        catalog = (self.registry.folder / "catalog.json").read_bytes()
        whole = (self.head(len(catalog)), catalog, False)
        segment = (self.registry.folder / SEGMENT).read_bytes()
        snapshot = self.impatient()
        snapshot.update()
        self.registry.now += 1
        for drips in (False, True):
            server = self.slow(drips)
            for name, parts in {
                "the head of the catalogue": {"catalog.json": (b"HTTP/1.1 200 OK\r\nX-Drip: ", b"", True)},
                "nothing at all": {"catalog.json": (b"", b"", True)},
                "the catalogue": {"catalog.json": (self.head(1_000_000), b"{", True)},
                "a catalogue without an end": {"catalog.json": (b"HTTP/1.1 200 OK\r\n\r\n", b"{", True)},
                "a file": {"catalog.json": whole, SEGMENT: (self.head(len(segment)), segment[:100], True)},
                "the head of a file": {"catalog.json": whole, SEGMENT: (b"HTTP/1.1 ", b"", True)},
            }.items():
                with self.subTest(name, drips=drips):
                    server.parts = parts
                    fresh = self.impatient(server.address, "fresh")
                    self.assert_refused("unreachable", fresh.update)
                    self.assertEqual(policy.UNREACHABLE, fresh.check(PAGE).reason)
        self.assertEqual("allow", self.verdict(snapshot, PAGE))

    def test_the_body_of_a_refusal_that_stalls_or_drips_is_given_up(self):
        """Without a limit, each of these calls would take for minutes or for ever."""
        for drips in (False, True):
            server = self.slow(drips)
            for status in ("403 Forbidden", "429 Too Many Requests", "503 Service Unavailable"):
                head = f"HTTP/1.1 {status}\r\nContent-Length: 1000000\r\nConnection: close\r\n\r\n".encode()
                with self.subTest(status, drips=drips):
                    server.parts = {"v1/lookups?detail=verdict": (head, b'{"detail": "', True)}
                    decision = Online(server.address, tries=1, timeout=0.3).check(PAGE)
                    self.assertEqual((policy.UNREACHABLE, False), (decision.reason, decision.allowed))
                    self.assertIn(status[:3], decision.detail)

    def test_what_came_before_the_server_stalled_is_kept(self):
        catalog = (self.registry.folder / "catalog.json").read_bytes()
        segment = (self.registry.folder / SEGMENT).read_bytes()
        server = self.slow(False)
        server.parts = {
            "catalog.json": (self.head(len(catalog)), catalog, False),
            SEGMENT: (self.head(len(segment)), segment[:4200], True),
        }
        self.assert_refused("unreachable", self.impatient(server.address).update)
        with served(self.registry.folder) as good:
            snapshot = self.impatient(good.address, patience=30)
            snapshot.update()
            self.assertEqual((SEGMENT, "bytes=4200-"), good.asked[-1])
        self.assertEqual("allow", self.verdict(snapshot, PAGE))


if __name__ == "__main__":
    unittest.main()
