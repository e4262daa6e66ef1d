"""Lists of addresses and documents: only what is allowed is kept, also if something fails.

datatrove and img2dataset are not run here. The tests follow their shapes: the files that img2dataset reads, and the calls
that datatrove's BaseFilter makes.
"""

import csv
import functools
import gzip
import json
import os
import pickle
import sys
import time
import unittest
from types import SimpleNamespace

from askfirst import Filter, Online, Snapshot
from askfirst.datasets import AskFirstFilter, filter_file, filter_rows
from askfirst.rows import ADDED
from askfirst.segment import Index
from tests.support import Content, Registry, posting, proof, written
from tests.test_online import Registry as OnlineServer
from tests.test_segment import WithFiles

try:
    import pyarrow
    import pyarrow.parquet
except ImportError:
    pyarrow = None
    print("SKIPPED: the tests of Parquet files. This Python has no pyarrow.", file=sys.stderr)

TRAINING = ["ai-training"]
ALLOWED = "https://example.com/free/1.png"
DENIED = "https://example.com/art/1.png"
SILENT = "https://example.org/"
ROWS = [
    (ALLOWED, "a cat", "1"), (DENIED, "a dog, \"big\"", "2"), (SILENT, "", "3"), ("", "none", "4"), ("no address", "x", "5"),
    ("https://example.com/free/2.png", "한국", "6"), ("isbn:9788936434120", "y", "7"),
    ("https://unavailable.askfirst.example/", "z", "8"),
]  # fmt: skip
REASONS = ["declared", "nothing-declared", "unreadable", "unreadable", "unreadable", "unreachable"]


class WithCopy(WithFiles):
    def setUp(self):
        super().setUp()
        content = Content()
        content.prove("domain:example.com", proof(7, 1))
        content.state_about("under:https://example.com/free/", posting(7, 2, {"ai-training": "permitted"}))
        content.state_about("url:" + DENIED, posting(7, 3, {"ai-training": "reserved"}, contact="none"))
        content.state_about("isbn:9788936434120", posting(7, 4, {"ai-training": "permitted"}))
        self.content = content
        self.registry = Registry(self.folder / "snapshot", int(time.time())).release(content, 5).publish()
        self.copy = self.folder / "copy"
        self.snapshot = Snapshot(self.copy, self.registry.key, self.registry.folder)
        self.addCleanup(self.snapshot.close)
        self.snapshot.update()

    def path(self, name):
        return self.folder / name

    def filter(self, name, checker=None, **more):
        parts = (self.path(name), self.path("allowed-" + name), self.path("rejected-" + name))
        return filter_file(self.snapshot if checker is None else checker, *parts, uses=TRAINING, **more)


class Broken:
    """A checker that fails, or does not answer as a checker does."""

    def __init__(self, answer):
        self._answer = answer

    def check_all(self, works, uses):
        return self._answer(works)


def _raise(works):
    raise RuntimeError("broken")


BROKEN = {
    "raises": _raise,
    "too few": lambda works: [],
    "true": lambda works: [True] * len(works),
    "nothing": lambda works: None,
    "looks allowed": lambda works: [SimpleNamespace(allowed=True)] * len(works),
}


class Files(WithCopy):
    def test_tables_with_a_heading(self):
        for name, delimiter in (("urls.csv", ","), ("urls.tsv", "\t"), ("urls.tsv.gz", "\t")):
            with self.subTest(name):
                opener = gzip.open if name.endswith(".gz") else open
                with opener(self.path(name), "wt", encoding="utf-8", newline="") as file:
                    csv.writer(file, delimiter=delimiter).writerows([("URL", "TEXT", "n"), *ROWS, ("https://example.com/free/",)])
                counts = self.filter(name, url_col="URL")
                tables = []
                for output in ("allowed-" + name, "rejected-" + name):
                    with opener(self.path(output), "rt", encoding="utf-8", newline="") as file:
                        tables.append(list(csv.reader(file, delimiter=delimiter)))
                self.assertEqual([["URL", "TEXT", "n"], list(ROWS[0]), list(ROWS[5])], tables[0])
                self.assertEqual(["URL", "TEXT", "n", *ADDED], tables[1][0])
                self.assertEqual([list(row) for row in ROWS[1:5] + ROWS[6:]], [row[:3] for row in tables[1][1:-1]])
                self.assertEqual(["unreadable row: https://example.com/free/", "", ""], tables[1][-1][:3])
                self.assertEqual({8}, set(map(len, tables[1])))
                self.assertEqual([*REASONS, "unreadable"], [row[-4] for row in tables[1][1:]])
                self.assertEqual(["deny", "declared", "url:" + DENIED], tables[1][1][3:6])
                self.assertEqual(
                    {"allow (declared)": 2, "deny (declared)": 1, "unknown (nothing-declared)": 1,
                     "unknown (unreadable)": 4, "unreachable (unreachable)": 1}, counts,
                )  # fmt: skip

    def test_columns_of_the_answer_never_shift(self):
        for row in (
            f"{DENIED},foo,allow", f"{ALLOWED},foo,allow,declared,x,y,5", ALLOWED, f"{ALLOWED},a,", f'{ALLOWED},"foo',
            f'"{ALLOWED}","foo\n{ALLOWED},allow\n', f'"{ALLOWED}"x,foo', '"', f"{ALLOWED},\udcff",
        ):  # fmt: skip
            with self.subTest(row):
                text = f"url,caption\n{ALLOWED},first\n{row}"
                self.path("urls.csv").write_text(text, "utf-8", "surrogateescape")
                counts = self.filter("urls.csv")
                self.assertEqual({"allow (declared)": 1, "unknown (unreadable)": 1}, counts)
                self.assertEqual(f"url,caption\n{ALLOWED},first\n", self.path("allowed-urls.csv").read_text())
                with open(self.path("rejected-urls.csv"), newline="", encoding="utf-8", errors="surrogateescape") as file:
                    rows = list(csv.reader(file, strict=True))
                self.assertEqual([["url", "caption", *ADDED]], rows[:1])
                self.assertEqual([7, 7], [len(cells) for cells in rows])
                self.assertEqual(["unknown", "unreadable"], rows[1][2:4])
                # A later run does not read the row either.
                os.replace(self.path("rejected-urls.csv"), self.path("again.csv"))
                self.assertEqual({"unknown (unreadable)": 1}, self.filter("again.csv"))

    def test_a_cell_with_line_breaks_stays_one_cell(self):
        for end in ("\n", "\r", "\r\n"):
            caption = f"x{end}{DENIED}"
            with open(self.path("urls.csv"), "w", newline="") as file:
                file.write(f'url,caption\n{ALLOWED},"{caption}"\n{DENIED},"{caption}"\n')
            self.filter("urls.csv")
            for output in ("allowed-urls.csv", "rejected-urls.csv"):
                with open(self.path(output), newline="") as file:
                    rows = list(csv.reader(file, strict=True))
                self.assertEqual((2, caption), (len(rows), rows[1][1]))

    def test_bytes_that_are_not_utf_8_and_tabs_allow_nothing(self):
        for name, text in (
            ("urls.txt", f"{ALLOWED}?\udcff\n{DENIED}\tallow\tdeclared\n"),
            ("urls.jsonl", f'{{"url": "{ALLOWED}", "caption": "\udcff"}}\n{{"url": "{DENIED}"}}\n'),
            ("urls.json", f'[{{"url": "{ALLOWED}", "caption": "\udcff"}}, {{"url": "{DENIED}"}}]'),
        ):
            with self.subTest(name):
                self.path(name).write_text(text, "utf-8", "surrogateescape")
                counts = self.filter(name)
                self.assertEqual((0, 2), (counts["allow (declared)"], counts.total()))
        self.filter("urls.txt")
        rejected = self.path("rejected-urls.txt").read_text("utf-8", "surrogateescape").splitlines()
        self.assertEqual(["unknown", "unreadable"], rejected[1].split("\t")[1:3])

    def test_json(self):
        rows = [{"url": row[0], "caption": row[1], "more": {"n": [1]}} for row in ROWS] + [{"url": 5}, {"url": [ALLOWED]}, {}]
        for name, text in (
            ("urls.json", json.dumps([*rows, "no object"])), ("urls.jsonl", "".join(json.dumps(row) + "\n" for row in rows) + "{\n"),
        ):  # fmt: skip
            with self.subTest(name):
                self.path(name).write_text(text, "utf-8")
                self.filter(name)
                found = []
                for output in ("allowed-" + name, "rejected-" + name):
                    text = self.path(output).read_text("utf-8")
                    found.append(json.loads(text) if name == "urls.json" else [json.loads(line) for line in text.splitlines()])
                self.assertEqual([rows[0], rows[5]], found[0])
                self.assertEqual(REASONS + ["unreadable"] * 4, [row["askfirst_reason"] for row in found[1]])
                self.assertEqual(DENIED, found[1][0]["url"])
        self.path("empty.json").write_text("[]")
        self.filter("empty.json")
        self.assertEqual([], json.loads(self.path("allowed-empty.json").read_text()))

    def test_lists(self):
        quoted = f'"{ALLOWED}'
        self.path("urls.txt").write_text("\n".join([ALLOWED, "", DENIED, quoted, ALLOWED + "?a,b", " " + ALLOWED]))
        self.filter("urls.txt")
        self.assertEqual([ALLOWED, " " + ALLOWED], self.path("allowed-urls.txt").read_text().splitlines())
        rejected = [line.split("\t")[:3] for line in self.path("rejected-urls.txt").read_text().splitlines()]
        self.assertEqual(
            [[DENIED, "deny", "declared"], [quoted, "unknown", "unreadable"], [ALLOWED + "?a,b", "unknown", "unreadable"]],
            rejected,
        )

    @unittest.skipIf(pyarrow is None, "no pyarrow")
    def test_parquet(self):
        columns = {"URL": [row[0] or None for row in ROWS], "TEXT": [row[1] for row in ROWS], "n": list(range(len(ROWS)))}
        table = pyarrow.table(columns, schema=pyarrow.schema({"URL": "string", "TEXT": "string", "n": "int32"}))
        pyarrow.parquet.write_table(table, self.path("urls.parquet"), row_group_size=3)
        self.filter("urls.parquet", url_col="URL")
        allowed = pyarrow.parquet.read_table(self.path("allowed-urls.parquet"))
        self.assertEqual(table.schema, allowed.schema)
        self.assertEqual([0, 5], allowed.column("n").to_pylist())
        rejected = pyarrow.parquet.read_table(self.path("rejected-urls.parquet"))
        self.assertEqual([*columns, *ADDED], rejected.column_names)
        self.assertEqual([1, 2, 3, 4, 6, 7], rejected.column("n").to_pylist())
        self.assertEqual(REASONS, rejected.column("askfirst_reason").to_pylist())

    def test_a_checker_that_fails_allows_nothing(self):
        self.path("urls.csv").write_text(f"url\n{ALLOWED}\n")
        for name, answer in BROKEN.items():
            with self.subTest(name):
                with self.assertLogs("askfirst.datasets", "ERROR"):
                    self.assertEqual({"unknown (error)": 1}, self.filter("urls.csv", Broken(answer)))
                self.assertEqual("url\n", self.path("allowed-urls.csv").read_text())

    def test_no_copy_and_an_expired_copy_allow_nothing(self):
        self.path("urls.csv").write_text(f"url\n{ALLOWED}\n")
        with Snapshot(self.folder / "other", self.registry.key) as empty:
            self.assertEqual({"unreachable (unreachable)": 1}, self.filter("urls.csv", empty))
        later = time.time() + 90_000
        with Snapshot(self.copy, self.registry.key, clock=lambda: later) as expired:
            self.assertEqual({"unreachable (expired)": 1}, self.filter("urls.csv", expired))
        self.assertEqual("url\n", self.path("allowed-urls.csv").read_text())
        self.assertEqual({"allow (declared)": 1}, self.filter("urls.csv"))

    def test_a_run_that_fails_leaves_no_list(self):
        self.path("urls.jsonl").write_text(json.dumps({"url": ALLOWED}) + "\n")
        self.filter("urls.jsonl")
        for text in (b"\x1f\x8b damaged",):
            self.path("urls.jsonl.gz").write_bytes(text)
            for output in ("allowed", "rejected"):
                self.path(f"{output}-urls.jsonl.gz").write_text("of an earlier run")
            with self.assertRaises(OSError):
                self.filter("urls.jsonl.gz")
            self.assertEqual([], list(self.folder.glob("*ed-urls.jsonl.gz*")))

        def interrupt(works):
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            self.filter("urls.jsonl", Broken(interrupt))
        self.assertEqual([], list(self.folder.glob("*ed-urls.jsonl*")))

    def test_misuse(self):
        self.path("urls.csv").write_text(f"a,url,url\n1,{ALLOWED},{DENIED}\n")
        self.path("open.csv").write_text(f'url,"caption\n{ALLOWED},x\n')
        self.path("urls.json").write_text("{}")
        self.path("urls.xml").write_text("")
        for name, more in (("urls.csv", {}), ("urls.csv", {"url_col": "b"}), ("open.csv", {}), ("urls.json", {}), ("urls.xml", {})):
            with self.subTest(name), self.assertRaises(ValueError):
                self.filter(name, **more)
        with self.assertRaises(ValueError):
            filter_file(self.snapshot, self.path("urls.csv"), self.path("urls.csv"), self.path("b.csv"), uses=TRAINING)
        with self.assertRaises(ValueError):
            filter_file(self.snapshot, *map(self.path, ("urls.csv", "a.csv", "b.csv")), uses=["painting"])


class Rows(WithCopy):
    def test_rows_of_any_number(self):
        rows = [{"url": ALLOWED}, {"url": DENIED}, ALLOWED, {}, 7, None, {"url": ALLOWED, "n": 1}] * 700
        found = list(filter_rows(self.snapshot, rows, uses=TRAINING))
        self.assertEqual(rows, [row for row, _ in found])
        self.assertEqual(
            [True, False, True, False, False, False, True] * 700, [decision.allowed for _, decision in found]
        )

    def test_a_registry_online(self):
        server = OnlineServer(Index([self.segment(self.content)]))
        self.addCleanup(server.close)
        registry = Online(server.address, sleep=lambda _: None)
        server.script = [(503, {}, None)] * 6 + [(429, {}, None)]
        rows = [{"url": ALLOWED}, {"url": DENIED}]
        found = [decision for _, decision in filter_rows(registry, rows, uses=TRAINING)]
        self.assertEqual([("unknown", "unreachable")] * 2, [(one.verdict, one.reason) for one in found])
        found = [decision for _, decision in filter_rows(registry, rows, uses=TRAINING)]
        self.assertEqual(["unreachable"] * 2, [one.reason for one in found])
        found = [decision for _, decision in filter_rows(registry, rows, uses=TRAINING)]
        self.assertEqual(["allow", "deny"], [one.verdict for one in found])


def document(url):
    """Returns a document with the members of datatrove's."""
    return SimpleNamespace(text="words", id="1", media=[], metadata={"url": url})


class Documents(WithCopy):
    def opener(self):
        return functools.partial(Snapshot, str(self.copy), self.registry.key)

    def test_documents(self):
        step = AskFirstFilter(self.opener(), uses=TRAINING)
        self.assertIs(True, step.filter(document(ALLOWED)))
        for url, reason in (
            (DENIED, "deny"), (SILENT, "unknown"), ("nonsense", "unreadable"), (None, "unreadable"),
            ("https://unavailable.askfirst.example/", "unreachable"),
        ):  # fmt: skip
            self.assertEqual((False, "askfirst_" + reason), step.filter(document(url)))
        self.assertEqual((False, "askfirst_unreadable"), step.filter(SimpleNamespace(text="words")))
        self.assertEqual(
            [True, (False, "askfirst_deny"), True], step.filter_batch([document(ALLOWED), document(DENIED), document(ALLOWED)])
        )

    def test_a_step_is_sent_to_workers(self):
        step = AskFirstFilter(self.opener(), uses=TRAINING, exclusion_writer=None)
        self.assertIs(True, step.filter(document(ALLOWED)))
        sent = pickle.loads(pickle.dumps(step))
        self.assertIs(True, sent.filter(document(ALLOWED)))
        self.assertEqual((False, "askfirst_deny"), sent.filter(document(DENIED)))

    def test_no_copy_and_a_damaged_copy_allow_nothing(self):
        empty = AskFirstFilter(functools.partial(Snapshot, str(self.folder / "other"), self.registry.key), uses=TRAINING)
        self.assertEqual((False, "askfirst_unreachable"), empty.filter(document(ALLOWED)))
        (self.copy / "state.json").write_text("{}")
        step = AskFirstFilter(self.opener(), uses=TRAINING)
        self.assertEqual((False, "askfirst_tampered"), step.filter(document(ALLOWED)))

    def test_a_copy_whose_files_are_damaged_is_not_taken(self):
        step = AskFirstFilter(self.opener(), uses=TRAINING, reopen=0)
        self.assertIs(True, step.filter(document(ALLOWED)))
        (self.copy / "releases/000000000005.segment").unlink()
        with self.assertLogs("askfirst.datasets", "ERROR"):
            self.assertIs(True, step.filter(document(ALLOWED)), "the copy that is open answers")
        fresh = AskFirstFilter(self.opener(), uses=TRAINING)
        self.assertEqual((False, "askfirst_truncated"), fresh.filter(document(ALLOWED)))

    def test_an_older_copy_that_was_put_back_is_not_taken(self):
        older = (self.copy / "state.json").read_bytes()
        step = AskFirstFilter(self.opener(), uses=TRAINING, reopen=0)
        self.content.state_about("url:" + ALLOWED, posting(7, 6, {"ai-training": "reserved"}, contact="none"))
        self.registry.release(self.content, 10).publish()
        self.snapshot.update()
        self.assertEqual((False, "askfirst_deny"), step.filter(document(ALLOWED)))
        (self.copy / "state.json").write_bytes(older)
        with self.assertLogs("askfirst.datasets", "ERROR"):
            self.assertEqual((False, "askfirst_deny"), step.filter(document(ALLOWED)))

    def test_filters_take_the_place_of_a_snapshot(self):
        server = OnlineServer(Index([self.segment(self.content)]))
        self.addCleanup(server.close)
        registry = Online(server.address, sleep=lambda _: None)
        with Filter(self.folder / "filters", self.registry.key, registry, self.registry.folder) as filter:
            filter.update()
            self.path("urls.txt").write_text(f"{ALLOWED}\n{DENIED}\n{SILENT}\n")
            self.filter("urls.txt", filter)
            self.assertEqual(ALLOWED + "\n", self.path("allowed-urls.txt").read_text())
            step = AskFirstFilter(lambda: filter, uses=TRAINING)
            found = step.filter_batch([document(ALLOWED), document(DENIED), document(SILENT)])
            self.assertEqual([True, (False, "askfirst_deny"), (False, "askfirst_unknown")], found)

    def test_an_opener_or_a_check_that_crashes(self):
        for opener in (lambda: 1 // 0, lambda: None, *(lambda answer=answer: Broken(answer) for answer in BROKEN.values())):
            with self.assertLogs("askfirst.datasets", "ERROR"):
                self.assertEqual(
                    (False, "askfirst_error"), AskFirstFilter(opener, uses=TRAINING).filter(document(ALLOWED))
                )

    def test_a_later_state_counts_and_a_copy_expires(self):
        step = AskFirstFilter(self.opener(), uses=TRAINING, reopen=0)
        self.assertIs(True, step.filter(document(ALLOWED)))
        self.content.state_about("url:" + ALLOWED, posting(7, 6, {"ai-training": "reserved"}, contact="none"))
        ends = time.time() + 1
        self.registry.release(self.content, 10).publish(expiresAt=written(ends))
        self.snapshot.update()
        self.assertEqual((False, "askfirst_deny"), step.filter(document(ALLOWED)))
        time.sleep(max(0, ends - time.time()) + 0.1)
        self.assertEqual((False, "askfirst_expired"), step.filter(document("https://example.com/free/2.png")))
        (self.copy / "state.json").write_text("{}")
        with self.assertLogs("askfirst.datasets", "ERROR"):
            self.assertEqual((False, "askfirst_expired"), step.filter(document(ALLOWED)))

    def test_misuse(self):
        with self.assertRaises(ValueError):
            AskFirstFilter(self.opener(), uses=["painting"])


if __name__ == "__main__":
    unittest.main()
