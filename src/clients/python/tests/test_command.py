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

    def test_bytes_in_another_encoding_are_copied(self):
        text = f"url,title\n{PAGE},".encode() + "한국".encode("cp949") + b"\n"
        output = self.folder / "out.csv"
        code, _, err = self.check("--input", self.write("a.csv", text), "--output", output)
        self.assertEqual(0, code, err)
        self.assertIn("한국".encode("cp949"), output.read_bytes())

    def test_an_empty_file(self):
        self.assertEqual("", self.rows("a.txt", "", code=0))


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
                self.assertGreater(len(self.online.calls[0][1]["items"]), 0)
                whole = self.folder / ("whole-" + name)
                self.check_online("--input", source, "--output", whole)
                without_times = [re.sub(r"20\d\d-[^,\t\"]*Z", "", text) for text in (resumed, whole.read_text())]
                self.assertEqual(*without_times)

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
