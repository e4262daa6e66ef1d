"""The command, in a process of its own and in this one, and the answers of the shared test."""

import contextlib
import csv
import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import time
import unittest
from pathlib import Path
from unittest import mock

from askfirst import command, conformance
from askfirst.rows import ADDED
from tests.support import Content, Registry, posting, proof
from tests.test_online import Registry as Online
from tests.test_segment import WithFiles
from askfirst import segment

AUTHOR = 7
BOOK = "isbn:9788936434120"
PAGE = "https://example.com/art/1.png"
FILE = b"a picture"


class WithCopy(WithFiles):
    def setUp(self):
        super().setUp()
        self.content = Content()
        self.content.state_about("url:" + PAGE, posting(AUTHOR, 1, {"ai-training": "permitted"}))
        self.content.prove("domain:example.com", proof(AUTHOR, 2))
        self.content.state_about(BOOK, posting(AUTHOR, 3, {"ai-training": "reserved"}, contact="none"))
        file = "sha256:" + hashlib.sha256(FILE).hexdigest()
        self.content.state_about(file, posting(AUTHOR, 4, {"ai-training": "permitted"}))
        self.content.prove(file, proof(AUTHOR, 5))
        self.registry = Registry(self.folder / "snapshot", int(time.time())).release(self.content, 5).publish()
        self.copy = self.folder / "copy"

    def run_here(self, *arguments):
        """Runs the command, and returns its exit code, its output and its messages."""
        out = io.StringIO()
        err = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = command.main([str(one) for one in arguments])
        return code, out.getvalue(), err.getvalue()

    def updated(self):
        code, _, err = self.run_here(
            "update", "--copy", self.copy, "--key", self.registry.key, self.registry.folder
        )
        self.assertEqual(0, code, err)

    def check(self, *arguments):
        return self.run_here("check", "--copy", self.copy, "--use", "ai-training", *arguments)

    def write(self, name, text):
        path = self.folder / name
        path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
        return path


class Commands(WithCopy):
    def test_the_exit_code_tells_a_script_what_to_do(self):
        self.updated()
        for works, expected in [
            ([PAGE], 0), ([BOOK], 1), ([PAGE, BOOK], 1), (["https://example.org/"], 1), (["nonsense"], 1), ([], 2),
        ]:  # fmt: skip
            with self.subTest(works):
                code, out, err = self.check(*works)
                self.assertEqual(expected, code, err)
                self.assertEqual(len(works), len(out.splitlines()))

    def test_the_command_in_a_process_of_its_own(self):
        self.updated()
        run = subprocess.run(
            [sys.executable, "-m", "askfirst", "check", "--copy", self.copy, "--use", "ai-training", PAGE, BOOK],
            cwd=Path(command.__file__).parent.parent, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        self.assertEqual(1, run.returncode, run.stderr)
        rows = [line.split("\t") for line in run.stdout.splitlines()]
        self.assertEqual([PAGE, "allow", "declared", "url:" + PAGE], rows[0][:4])
        self.assertEqual(["deny", "declared", BOOK], rows[1][1:4])
        self.assertEqual("5", rows[0][5])

    def test_misuse(self):
        self.updated()
        for arguments in (
            [], ["look"], ["check", "--use", "painting", PAGE], ["check", "--resume", PAGE],
            ["check", "--private", PAGE], ["check", "--online", "registry.example", PAGE], ["update"],
            ["check", "--copy", self.copy, "--input", self.write("a.csv", "title,md5\nx,y\n")],
            ["check", "--copy", self.copy, "--column", "b", "--input", self.write("b.csv", "a\nx\n")],
            ["check", "--copy", self.copy, "--column", "a=painting", "--input", self.write("b.csv", "a\nx\n")],
        ):  # fmt: skip
            with self.subTest(arguments):
                self.assertEqual(2, self.run_here(*arguments)[0])

    def test_nothing_can_be_learned(self):
        self.assertEqual(3, self.check(PAGE)[0], "without a copy")
        self.updated()
        self.registry.publish(expiresAt="2020-01-01T00:00:00Z")
        code, _, err = self.run_here("update", "--copy", self.copy, self.registry.folder)
        self.assertEqual(3, code)
        self.assertIn("expired", err)
        self.assertEqual(0, self.check(PAGE)[0], "the copy still answers")
        code, _, err = self.run_here("update", "--copy", self.copy, self.folder / "nowhere")
        self.assertEqual((3, True), (code, "unreachable" in err))
        path = self.copy / "releases/000000000005.segment"
        path.write_bytes(path.read_bytes()[:-8])
        code, out, err = self.check(PAGE)
        self.assertEqual((3, "", True), (code, out, "truncated" in err))

    def test_verify(self):
        self.assertEqual(3, self.run_here("verify", "--copy", self.copy)[0])
        self.updated()
        code, out, _ = self.run_here("verify", "--copy", self.copy)
        self.assertEqual((0, True), (code, "position     5" in out))
        path = self.copy / "releases/000000000005.segment"
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        code, _, err = self.run_here("verify", "--copy", self.copy)
        self.assertEqual((3, True), (code, "tampered" in err))

    def test_the_copy_keeps_its_key(self):
        code, _, _ = self.run_here("update", "--copy", self.copy, self.registry.folder)
        self.assertEqual(2, code, "no key was given yet")
        file = self.write("key", self.registry.key + "\n")
        self.assertEqual(0, self.run_here("update", "--copy", self.copy, "--key", file, self.registry.folder)[0])
        self.assertEqual(0, self.run_here("update", "--copy", self.copy, self.registry.folder)[0])
        other = self.registry.key.replace("registry", "another")
        self.assertEqual(3, self.run_here("update", "--copy", self.copy, "--key", other, self.registry.folder)[0])

    def test_files_are_hashed(self):
        self.updated()
        folder = self.folder / "files"
        (folder / "deep").mkdir(parents=True)
        (folder / "a.png").write_bytes(FILE)
        (folder / "deep" / "b.png").write_bytes(b"another")
        code, out, _ = self.check(folder)
        self.assertEqual(1, code)
        self.assertEqual(["allow", "unknown"], [line.split("\t")[1] for line in out.splitlines()])
        self.assertEqual(0, self.check(folder / "a.png")[0])

    def test_links_to_folders_are_followed_once(self):
        self.updated()
        folder = self.folder / "files"
        (folder / "deep").mkdir(parents=True)
        (folder / "deep" / "a.png").write_bytes(FILE)
        (folder / "deep" / "loop").symlink_to(folder)
        link = self.folder / "link"
        link.symlink_to(folder)
        outside = self.folder / "outside"
        outside.mkdir()
        (outside / "inner").symlink_to(folder / "deep")
        for place in (folder, link, outside):
            with self.subTest(place.name):
                code, out, err = self.check(place)
                self.assertEqual((0, 1), (code, len(out.splitlines())), err)
        # A link that leads nowhere is no work, also if its name is the number of one.
        (folder / PAGE.rpartition("/")[2]).symlink_to(self.folder / "nowhere")
        (folder / BOOK.partition(":")[2]).symlink_to(self.folder / "nowhere")
        code, out, _ = self.check(folder)
        self.assertEqual(1, code)
        self.assertEqual(["unreadable", "unreadable", "declared"], [line.split("\t")[2] for line in out.splitlines()])

    def test_if_nothing_was_checked_nothing_is_allowed(self):
        self.updated()
        empty = self.folder / "empty"
        (empty / "deep").mkdir(parents=True)
        link = self.folder / "link"
        link.symlink_to(empty)
        for arguments in (
            [empty], [link], [PAGE, empty], ["--input", self.write("a.txt", "")], ["--input", self.write("a.csv", "")],
            ["--input", self.write("b.csv", "url\n")], ["--input", self.write("c.txt", "# a list\n\n")],
            ["--input", self.write("d.cdxj", "\n")], [PAGE, "--input", self.write("e.txt", "# a list\n")],
            ["--input", self.write("f.txt", ""), "--column", "url"],
        ):  # fmt: skip
            with self.subTest(arguments):
                code, _, err = self.check(*arguments)
                self.assertEqual((3, True), (code, "there was nothing to check in " in err), err)

    def test_a_folder_that_cannot_be_read_is_not_left_out(self):
        self.updated()
        folder = self.folder / "files"
        folder.mkdir()
        (folder / "a.png").write_bytes(FILE)
        self.assertEqual(0, self.check(folder)[0])
        # Folders so deep that the path of the last one is too long for the system.
        place = os.open(folder, os.O_RDONLY)
        for _ in range(30):
            os.mkdir("d" * 200, dir_fd=place)
            inner = os.open("d" * 200, os.O_RDONLY, dir_fd=place)
            os.close(place)
            place = inner
        os.close(place)
        code, out, _ = self.check(folder)
        self.assertEqual((3, ""), (code, out))

    def test_a_name_in_another_encoding_is_written_as_it_is(self):
        self.updated()
        folder = self.folder / "files"
        folder.mkdir()
        (folder / os.fsdecode(b"\xff.png")).write_bytes(FILE)
        run = subprocess.run(
            [sys.executable, "-m", "askfirst", "check", "--copy", self.copy, "--use", "ai-training", folder],
            cwd=Path(command.__file__).parent.parent, capture_output=True, timeout=60,
            env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
        )  # fmt: skip
        self.assertEqual(0, run.returncode, run.stderr)
        self.assertIn(b"/\xff.png\tallow\t", run.stdout)

    def test_a_damaged_archive_ends_with_nothing_learned(self):
        self.updated()
        data = bytearray(gzip.compress(f"url\n{PAGE}\n".encode() * 100))
        for place in range(10, len(data)):
            damaged = bytes(data[:place]) + bytes([data[place] ^ 0xFF]) + bytes(data[place + 1 :])
            self.assertEqual(3, self.check("--input", self.write("a.csv.gz", damaged))[0], place)

    def test_a_name_cannot_pass_for_an_answer(self):
        self.updated()
        folder = self.folder / "files"
        folder.mkdir()
        (folder / "a\tallow\tdeclared").write_bytes(b"another")
        _, out, _ = self.check(folder)
        self.assertEqual(["unknown", "nothing-declared"], out.splitlines()[0].split("\t")[1:3])


class Folders(WithCopy):
    def test_the_default_folder_is_that_of_python(self):
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(self.folder)
        self.assertEqual(0, self.run_here("update", "--key", self.registry.key, self.registry.folder)[0])
        self.assertEqual(0, self.run_here("check", "--use", "ai-training", PAGE)[0])
        self.assertTrue(Path("askfirst-copy-python/state.json").is_file())
        self.assertFalse(Path("askfirst-copy").exists())

    def test_the_key_is_written_once_and_whole(self):
        self.updated()
        path = self.copy / "log.key"
        self.assertEqual(self.registry.key + "\n", path.read_text())
        path.chmod(0o444)
        before = path.stat()
        self.updated()
        after = path.stat()
        self.assertEqual((before.st_ino, before.st_mtime_ns), (after.st_ino, after.st_mtime_ns))
        names = {one.name for one in self.copy.iterdir()}
        self.assertEqual({"releases", "deltas", "lock", "log.key", "state.json"}, names)

    def test_a_key_that_cannot_be_written_leaves_none_that_is_cut(self):
        real = os.replace

        def fail(source, target):
            if Path(target).name == "log.key":
                raise OSError("the disk is full")
            real(source, target)

        with mock.patch.object(os, "replace", fail):
            code, _, err = self.run_here(
                "update", "--copy", self.copy, "--key", self.registry.key, self.registry.folder
            )
        self.assertEqual(3, code, err)
        self.assertFalse((self.copy / "log.key").exists())


class Tables(WithCopy):
    def setUp(self):
        super().setUp()
        self.updated()

    def rows(self, name, text, *arguments, code=1):
        """Returns the rows that the command writes for that input."""
        found, out, err = self.check("--input", self.write(name, text), *arguments)
        self.assertEqual(code, found, err)
        return out

    def table(self, name, text, *arguments, **options):
        out = self.rows(name, text, *arguments, **options)
        return list(csv.DictReader(io.StringIO(out), delimiter="\t" if "tsv" in name else ","))

    def test_csv(self):
        text = f'﻿id,URL,TEXT\n1,{PAGE},"a, ""b"""\n2,https://example.org/x,"two\nlines"\n\n3,,nothing\n4,no url,x\n'
        rows = self.table("a.csv", text)
        self.assertEqual(["id", "URL", "TEXT", *ADDED], list(rows[0]))
        self.assertEqual(["allow", "unknown", "unknown", "unknown"], [row["askfirst_verdict"] for row in rows])
        self.assertEqual(
            ["declared", "nothing-declared", "unreadable", "unreadable"], [row["askfirst_reason"] for row in rows]
        )
        self.assertEqual(['a, "b"', "two\nlines", "nothing", "x"], [row["TEXT"] for row in rows])
        self.assertEqual(("url:" + PAGE, "5"), (rows[0]["matched_subject"], rows[0]["log_size"]))
        self.assertRegex(rows[0]["checked_at"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

    def test_tsv_and_gzip(self):
        rows = self.table("a.tsv", f"url\tcaption\n{PAGE}\tx\n", code=0)
        self.assertEqual("allow", rows[0]["askfirst_verdict"])
        rows = self.table("b.csv.gz", gzip.compress(f"url\n{PAGE}\n".encode()), code=0)
        self.assertEqual("allow", rows[0]["askfirst_verdict"])

    def test_an_answered_table_gets_new_answers(self):
        out = self.rows("a.csv", f"url\n{PAGE}\n", code=0)
        again = self.table("b.csv", out, code=0)
        self.assertEqual(["url", *ADDED], list(again[0]))

    def test_several_columns_name_one_work(self):
        hash = hashlib.sha256(FILE).hexdigest()
        rows = self.table("a.csv", f"url,sha256,md5\nhttps://example.org/x,{hash},x\n{PAGE},,\n,,\n")
        self.assertEqual(["allow", "allow", "unknown"], [row["askfirst_verdict"] for row in rows])
        rows = self.table("b.csv", "title,isbn\nx,978-89-364-3412-0\ny,9788936434120; 9780306406157\n")
        self.assertEqual(["deny", "deny"], [row["askfirst_verdict"] for row in rows])

    def test_what_cannot_be_matched_is_said(self):
        _, out, err = self.check("--input", self.write("a.csv", f"url,hash,md5\n{PAGE},-1234567890,abc\n"))
        self.assertIn("allow", out)
        self.assertIn("column hash is left out", err)
        self.assertIn("an MD5 cannot be matched", err)

    def test_one_value_that_is_no_hash_does_not_hide_the_other_hashes(self):
        hash = "sha256:" + hashlib.sha256(b"reserved").hexdigest()
        self.content.state_about(hash, posting(AUTHOR, 6, {"ai-training": "reserved"}, contact="none"))
        self.content.prove(hash, proof(AUTHOR, 7))
        self.registry.release(self.content, 9).publish()
        self.updated()
        rows = self.table("a.csv", f"url,sha256\n{PAGE},x\n{PAGE},{hash[7:]}\n")
        self.assertEqual(["unknown", "deny"], [row["askfirst_verdict"] for row in rows])

    def test_a_column_of_addresses_is_found_by_its_values(self):
        rows = self.table("a.csv", f"id,where\n1,{PAGE}\n2,https://example.org/\n")
        self.assertEqual(["allow", "unknown"], [row["askfirst_verdict"] for row in rows])
        self.rows("b.csv", "id,where\n1,x\n2,https://example.org/\n", code=2)

    def test_a_column_that_is_given(self):
        rows = self.table("a.csv", "book,url\n9788936434120,https://example.org/\n", "--column", "book=isbn")
        self.assertEqual("deny", rows[0]["askfirst_verdict"])
        rows = self.table("b.csv", f"x,y\n{BOOK},1\n", "--column", "x")
        self.assertEqual("deny", rows[0]["askfirst_verdict"])

    def test_json_lines(self):
        text = (
            f'{{"url": "{PAGE}", "similarity": 0.30000000000000004, "id": 12345678901234567890}}\n'
            f'{{"url":"https://example.org/","askfirst_verdict":"allow"}}\n\n'
            '{"url": 5}\n{"other": "x"}\nnot json\n'
        )
        lines = self.rows("a.jsonl", text).splitlines()
        self.assertIn('"similarity": 0.30000000000000004, "id": 12345678901234567890', lines[0])
        rows = [json.loads(line) for line in lines if line]
        self.assertEqual(["allow"] + ["unknown"] * 4, [row["askfirst_verdict"] for row in rows])
        self.assertEqual(["unreadable"] * 3, [row["askfirst_reason"] for row in rows[2:]])
        self.assertEqual("not json", rows[4]["askfirst_unreadable"])
        self.assertEqual(5, rows[0]["log_size"])

    def test_lines(self):
        lines = self.rows("list.txt", f"# a list\n{PAGE}\n\n978-89-364-3412-0\n").splitlines()
        self.assertEqual("# a list", lines[0])
        self.assertEqual("allow", lines[1].split("\t")[1])
        self.assertEqual("", lines[2])
        self.assertEqual("deny", lines[3].split("\t")[1])

    def test_the_index_of_a_crawl(self):
        text = f'com,example)/art/1.png 20240101000000 {{"url": "{PAGE}", "digest": "X", "length": "7"}}\nbroken\n'
        lines = self.rows("a.cdxj", text).splitlines()
        self.assertTrue(lines[0].startswith("com,example)/art/1.png 20240101000000 {"))
        self.assertEqual("allow", json.loads(lines[0][lines[0].index("{") :])["askfirst_verdict"])
        self.assertEqual(["broken", "unknown", "unreadable"], lines[1].split("\t")[:3])

    def test_a_row_with_bytes_in_another_encoding_is_unreadable_and_copied(self):
        bytes = "한국".encode("cp949")
        page = PAGE.encode()
        for name, text in (
            ("a.csv", b"url,title\n" + page + b"," + bytes + b"\n" + page + b",\n"),
            ("a.jsonl", b'{"url": "%b", "title": "%b"}\n{"url": "%b"}\n' % (page, bytes, page)),
            ("a.txt", page + b"?" + bytes + b"\n" + page + b"\n"),
            ("a.cdxj", b'x 20240101000000 {"url": "%b", "a": "%b"}\nx 20240101000000 {"url": "%b"}\n' % (page, bytes, page)),
        ):
            with self.subTest(name):
                output = self.folder / ("out-" + name)
                code, _, err = self.check("--input", self.write(name, text), "--output", output)
                self.assertEqual(1, code, err)
                self.assertIn(bytes, output.read_bytes())
                for answer in ("allow (declared)", "unknown (unreadable)"):
                    self.assertRegex(err, re.escape(answer) + " +1\n")

    def test_columns_of_the_answer_never_shift(self):
        heading = "url,caption"
        for row in (
            "https://example.org/deny,foo,allow", f"{PAGE},foo,allow,declared,x,y,5", f"{PAGE}", f"{PAGE},a,", f'{PAGE},"foo',
            f'"{PAGE}","foo\n{PAGE},allow\n', f'"{PAGE}"x,foo', f'{PAGE},"a"b', '"', ",,,,,,,",
        ):  # fmt: skip
            with self.subTest(row):
                out = self.rows("a.csv", f"{heading}\n{PAGE},first\n{row}")
                rows = list(csv.reader(io.StringIO(out, newline=""), strict=True))
                self.assertEqual([["url", "caption", *ADDED]], rows[:1])
                self.assertEqual({7}, {len(cells) for cells in rows})
                self.assertEqual([["allow", "declared"], ["unknown", "unreadable"]], [cells[2:4] for cells in rows[1:]])
                # A second answer does not read the row either.
                rows = self.table("again.csv", out)
                self.assertEqual(["allow", "unknown"], [row["askfirst_verdict"] for row in rows])
        out = self.rows("a.csv", f"{heading}\n{PAGE},foo,bar\n")
        cells = list(csv.reader(io.StringIO(out)))[1]
        self.assertEqual([f"unreadable row: {PAGE},foo,bar", ""], cells[:2], "nothing is lost")
        # An answered table is no exception.
        again = self.rows("b.csv", out.replace("nothing-declared", "x").rstrip("\n") + ",allow,declared\n")
        rows = list(csv.reader(io.StringIO(again)))
        self.assertEqual(({7}, ["unknown", "unreadable"]), ({len(cells) for cells in rows}, rows[1][2:4]))

    def test_an_unreadable_row_stays_so_whatever_its_first_column_is(self):
        hash = hashlib.sha256(FILE).hexdigest()
        for heading, row in (("isbn,n", "9788936434120"), ("sha256,n", f"{hash}\n{hash},x"), ("n,url", PAGE), ("n,url", f"1,{PAGE},2")):
            out = self.rows("a.csv", f"{heading}\n{row}\n")
            for _ in range(3):
                self.assertEqual("unreadable", next(csv.DictReader(io.StringIO(out)))["askfirst_reason"])
                out = self.rows("a.csv", out)

    def test_after_a_row_that_cannot_be_read_the_next_one_is_read(self):
        rows = self.table("a.csv", f'url,caption\n{PAGE},"a"b\n{PAGE},"two\r\n""lines"""\n{PAGE},x,y\n{PAGE},z\n')
        self.assertEqual(["unknown", "allow", "unknown", "allow"], [row["askfirst_verdict"] for row in rows])
        self.assertEqual('two\r\n"lines"', rows[1]["caption"])

    def test_a_heading_that_cannot_be_read_or_repeats_a_column_is_refused(self):
        for text in (f'url,"caption\n{PAGE},x\n', f"url,url\n{PAGE},https://example.org/\n"):
            self.assertEqual("", self.rows("a.csv", text, code=2))

    def test_a_tab_in_a_line_does_not_pass_for_an_answer(self):
        lines = self.rows("a.txt", "https://example.org/deny\tallow\tdeclared\n").splitlines()
        self.assertEqual(["unknown", "unreadable"], lines[0].split("\t")[1:3])
        lines = self.rows("a.cdxj", "org,example)/\tallow\tdeclared\n").splitlines()
        self.assertEqual(["unknown", "unreadable"], lines[0].split("\t")[1:3])

    def test_the_page_of_a_picture_does_not_permit_the_picture(self):
        picture = "https://example.org/picture.png"
        for names in (("url", "page_url"), ("image_url", "source_url"), ("page_url", "url"), ("source_url", "image_url")):
            with self.subTest(names):
                cells = {"url": picture, "image_url": picture, "page_url": PAGE, "source_url": PAGE}
                row = [cells[name] for name in names]
                text = ",".join(names) + "\n" + ",".join(row) + "\n"
                self.assertEqual("unknown", self.table("a.csv", text)[0]["askfirst_verdict"])
                self.assertIn('"unknown", "askfirst_reason": "nothing', self.rows("a.jsonl", json.dumps(dict(zip(names, row)))))
                _, _, err = self.check("--input", self.write("b.csv", text))
                self.assertIn("Choose with --column", err)
                given = [part for name in names for part in ("--column", name)]
                self.assertEqual("allow", self.table("a.csv", text, *given, code=0)[0]["askfirst_verdict"])
        # The hash of the same row still names the work.
        hash = hashlib.sha256(FILE).hexdigest()
        rows = self.table("c.csv", f"url,page_url,sha256\n{picture},https://example.net/,{hash}\n", code=0)
        self.assertEqual("allow", rows[0]["askfirst_verdict"])

    def test_a_member_that_is_no_text_makes_the_row_unreadable(self):
        values = [5, 0, True, False, 1.5, {}, {"a": 1}, [], [PAGE], [BOOK, PAGE]]
        for member in ("sha256", "isbn"):
            rows = [{"url": PAGE, member: value} for value in values] + [{"url": PAGE, member: None}, {"url": PAGE, member: ""}]
            out = self.rows("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
            reasons = [json.loads(line)["askfirst_reason"] for line in out.splitlines()]
            self.assertEqual(["unreadable"] * len(values) + ["declared"] * 2, reasons)
        out = self.rows("b.jsonl", f'{{"url": "https://example.org/", "url": "{PAGE}"}}\n{{"url": "{PAGE}"}}\n')
        self.assertEqual([False, True], ['"allow"' in line for line in out.splitlines()])
        out = self.rows("c.jsonl", f'{{"url": "{PAGE}?\\ud800", "askfirst_reason": "\\udcff"}}\n')
        self.assertEqual("unreadable", json.loads(out)["askfirst_reason"])

    def test_standard_input_with_a_column_is_a_table(self):
        for text, column, code, verdict in [
            (f"caption,where\nx,{PAGE}\n", "where", 0, "allow"), (f"caption\twhere\na, b\t{PAGE}\n", "where", 0, "allow"),
            (f"where\n{PAGE}\n", "where", 0, "allow"), (f'{{"where": "{PAGE}"}}\n', "where", 0, "allow"),
            (f"caption\twhere\n{PAGE}\thttps://example.org/\n", "where", 1, "unknown"), (f"{PAGE}\n", "where", 2, None),
            (f'x 20240101000000 {{"url": "{PAGE}", "where": "https://example.org/"}}\n', "where", 2, None),
        ]:  # fmt: skip
            with self.subTest(text):
                run = subprocess.run(
                    [sys.executable, "-m", "askfirst", "check", "--copy", self.copy, "--use", "ai-training", "--input", "-",
                     "--column", column],
                    cwd=Path(command.__file__).parent.parent, capture_output=True, input=text.encode(), timeout=60,
                )  # fmt: skip
                self.assertEqual(code, run.returncode, run.stderr)
                self.assertEqual(verdict is not None, bool(run.stdout))
                self.assertIn(verdict or "", run.stdout.decode())


class Resumed(WithCopy):
    def setUp(self):
        super().setUp()
        self.online = Online(segment.Index([self.segment(self.content)]))
        self.addCleanup(self.online.close)
        patched = mock.patch.multiple(command, _TOGETHER=10)
        patched.start()
        self.addCleanup(patched.stop)

    def check_online(self, *arguments):
        return self.run_here("check", "--online", self.online.address, "--use", "ai-training", *arguments)

    def test_what_was_unreachable_is_asked_again(self):
        for name, text in [
            ("a.csv", "url,text\n" + "".join(f'https://example.com/{i},"x\ny"\n' for i in range(25)) + f"{PAGE},\n"),
            ("a.jsonl", "".join(f'{{"url": "{url}"}}\n' for url in [f"https://example.com/{i}" for i in range(25)] + [PAGE])),
            ("a.txt", "# list\n" + "".join(f"https://example.com/{i}\n" for i in range(24)) + f"\n{PAGE}\n"),
        ]:
            with self.subTest(name):
                output = self.folder / ("out-" + name)
                source = self.write(name, text)
                # The second call is refused.
                self.online.script = [(200, {}, None), (403, {}, None)]
                code, _, _ = self.check_online("--input", source, "--output", output)
                self.assertEqual(3, code)
                broken = output.read_text()
                self.assertEqual(20, broken.count("unreachable"))
                # Something ended the process in the middle of a row.
                output.write_text(broken[:-7])
                self.online.calls.clear()
                code, _, err = self.check_online("--input", source, "--output", output, "--resume")
                self.assertEqual(1, code, err)
                resumed = output.read_text()
                self.assertNotIn("unreachable", resumed)
                # Nothing is left to ask. What was answered before still counts.
                code, _, err = self.check_online("--input", source, "--output", output, "--resume")
                self.assertEqual((1, True), (code, "26 works checked" in err or "25 works checked" in err), err)
                self.assertEqual(resumed, output.read_text())
                self.assertGreater(len(self.online.calls[0][1]["items"]), 0)
                whole = self.folder / ("whole-" + name)
                self.check_online("--input", source, "--output", whole)
                without_times = [re.sub(r"20\d\d-[^,\t\"]*Z", "", text) for text in (resumed, whole.read_text())]
                self.assertEqual(*without_times)

    def test_a_resumed_output_is_not_allowed_if_an_earlier_row_is_not(self):
        source = self.write("a.csv", f"url\n{BOOK}\n{PAGE}\n")
        output = self.folder / "out.csv"
        self.assertEqual(1, self.check_online("--input", source, "--output", output)[0])
        lines = output.read_text().splitlines(keepends=True)
        for kept, code in ((lines, 1), (lines[:2], 1), ([lines[0], lines[2], lines[2]], 0)):
            output.write_text("".join(kept))
            self.assertEqual(code, self.check_online("--input", source, "--output", output, "--resume")[0])

    def test_private_and_public_answers_agree(self):
        works = self.write("a.txt", f"{PAGE}\n{BOOK}\nhttps://example.org/\n")
        public = self.check_online("--input", works)
        private = self.check_online("--input", works, "--private")
        self.assertEqual(1, public[0])
        self.assertEqual(1, private[0])
        verdicts = [[line.split("\t")[1] for line in run[1].splitlines()] for run in (public, private)]
        self.assertEqual([["allow", "deny", "unknown"]] * 2, verdicts)

    def test_an_output_of_another_table_is_not_resumed(self):
        output = self.write("out.csv", "a,b\n")
        source = self.write("a.csv", f"url\n{PAGE}\n")
        self.assertEqual(2, self.check_online("--input", source, "--output", output, "--resume")[0])

    def test_the_key_of_the_asker_comes_from_the_environment(self):
        with mock.patch.dict(os.environ, {"ASKFIRST_API_KEY": "secret"}):
            self.check_online(PAGE)
        self.assertEqual("Bearer secret", self.online.calls[0][2]["Authorization"])


class Conformance(WithCopy):
    def test_questions_are_answered_line_by_line(self):
        questions = [
            {"id": "a", "subjects": ["url:" + PAGE], "uses": ["ai-training"]},
            {"id": "b", "subjects": [BOOK]},
            {"id": "c", "subjects": ["isbn:1"], "uses": []},
            {"id": 4, "subjects": ["url:" + PAGE, BOOK], "uses": ["generative-ai-training", "search-indexing"]},
        ]
        file = self.write("q.jsonl", "".join(json.dumps(one) + "\n" for one in questions))
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            self.assertEqual(0, conformance.main([str(self.registry.folder), self.registry.key, str(file)]))
        answers = [json.loads(line) for line in out.getvalue().splitlines()]
        self.assertEqual(
            [("a", "allow"), ("b", "deny"), ("c", "unknown"), (4, "deny")],
            [(one["id"], one["verdict"]) for one in answers],
        )
        self.assertEqual(
            {"ai-training": "allow", "generative-ai-training": "allow", "non-generative-ai-training": "allow"},
            answers[0]["uses"],
        )
        self.assertEqual({}, answers[2]["uses"])
        self.assertEqual({"generative-ai-training": "deny", "search-indexing": "unknown"}, answers[3]["uses"])

    def test_a_refused_snapshot(self):
        self.registry.publish(expiresAt="2020-01-01T00:00:00Z")
        with contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(3, conformance.main([str(self.registry.folder), self.registry.key, "x"]))
            self.assertEqual(2, conformance.main([]))


if __name__ == "__main__":
    unittest.main()
