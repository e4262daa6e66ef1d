"""The command `askfirst`: asks before works are used, from a copy of a registry or online.

Exit codes: 0 if all asked works are allowed or the command did its work; 1 if at least one work is not allowed; 2 if
the command was not understood; 3 if nothing could be learned about a work: the copy is refused or has expired, or the
registry does not answer, or there was nothing to check.
"""

import argparse
import csv
import gzip
import os
import sys
import zlib
from collections import Counter
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from . import _times, policy, subjects, verdicts
from ._copy import FOLDER, write_in_one_step
from ._version import VERSION
from .filter import Filter
from .online import Online
from .rows import ADDED, UnknownColumns, open_rows, records, tabbed
from .snapshot import Refused, Snapshot

ALLOWED = 0
NOT_ALLOWED = 1
MISUSE = 2
NOTHING_LEARNED = 3

_TOGETHER = 2_000
_ANSWERED = (policy.DECLARED, policy.NOTHING_DECLARED, policy.UNREADABLE)


class _Misuse(Exception):
    """The command was not understood."""


def main(arguments=None):
    """Runs the command and returns its exit code."""
    parser = _parser()
    try:
        options = parser.parse_args(arguments)
        return options.run(options)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else MISUSE
    except _Misuse as misuse:
        print(f"askfirst: {misuse}", file=sys.stderr)
        return MISUSE
    except Refused as refused:
        print(f"askfirst: {refused}", file=sys.stderr)
        return NOTHING_LEARNED
    except BrokenPipeError:
        # Nobody reads the answers any longer. Python would complain again at the end of the process.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOTHING_LEARNED
    except (OSError, EOFError, zlib.error) as fault:
        print(f"askfirst: {fault}", file=sys.stderr)
        return NOTHING_LEARNED


def _parser():
    parser = argparse.ArgumentParser(
        prog="askfirst",
        description="Asks before works are used: from a copy of a registry, or online. Only allow is permission.",
        epilog="Exit codes: 0 all works are allowed, 1 a work is not allowed, 2 the command was not understood,"
        " 3 nothing could be learned.",
    )
    parser.add_argument("--version", action="version", version="askfirst " + VERSION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    copy = argparse.ArgumentParser(add_help=False)
    copy.add_argument("--copy", default=FOLDER, metavar="FOLDER", help="the folder of the copy (%(default)s)")
    copy.add_argument(
        "--key", help="the log's key, or a file with it; the copy keeps it at the first update"
    )
    check = commands.add_parser(
        "check",
        parents=[copy],
        help="check works",
        description="Checks works. A work is an address, a subject such as isbn:9788936434120, or a file or a folder of"
        " files, which are hashed here and are not sent. With --input, it reads lines, CSV, TSV, JSON lines or CDXJ and"
        f" writes the same rows with {', '.join(ADDED)}.",
    )
    check.add_argument("works", nargs="*", metavar="WORK")
    check.add_argument("--online", metavar="ADDRESS", help="ask this registry instead of the copy")
    check.add_argument(
        "--filter", metavar="ADDRESS", help="ask the filters of the copy, and this registry by a part of the key about"
        " the works that they may have",
    )  # fmt: skip
    check.add_argument(
        "--private", action="store_true", help="with --online: send only prefixes of keys, so that the registry does"
        " not learn the works; slow",
    )  # fmt: skip
    check.add_argument("--api-key", help="the key for --online and --filter; default: the environment variable ASKFIRST_API_KEY")
    check.add_argument(
        "--use", action="append", default=[], choices=verdicts.USES, metavar="USE",
        help=f"a use that you intend; may be repeated; one of {', '.join(verdicts.USES)}; default:"
        " text-and-data-mining, which includes training",
    )  # fmt: skip
    check.add_argument("--input", metavar="FILE", help="a file of works, also with .gz; - for standard input")
    check.add_argument(
        "--column", action="append", default=[], metavar="NAME[=SCHEME]",
        help="a column or member of the input that names the works; may be repeated",
    )  # fmt: skip
    check.add_argument("--output", metavar="FILE", help="write the rows to this file")
    check.add_argument(
        "--resume", action="store_true", help="continue an --output after the rows that have an answer; ask the same"
        " questions as before",
    )  # fmt: skip
    check.set_defaults(run=_check)

    update = commands.add_parser(
        "update", parents=[copy], help="fetch what has changed, and check it",
        description="Fetches what has changed, and checks it.",
    )  # fmt: skip
    update.add_argument(
        "source", metavar="FROM", help="the folder of the snapshot, such as https://registry.example/snapshot/"
    )
    update.add_argument(
        "--filter", action="store_true", help="fetch the filters only, which are some 25 times smaller, for check --filter"
    )
    update.set_defaults(run=_update)

    verify = commands.add_parser(
        "verify", parents=[copy], help="check every byte of the copy",
        description="Checks every byte of the copy against its signed catalogue.",
    )  # fmt: skip
    verify.add_argument("--filter", action="store_true", help="check the filters of the copy instead of its segments")
    verify.set_defaults(run=_verify)
    return parser


# ---- The copy


def _key_file(options):
    return Path(options.copy) / "log.key"


def _key(options):
    kept = _key_file(options)
    if options.key is None:
        if not kept.exists():
            raise _Misuse("give the log's key with --key at the first time; get it from somebody you trust")
        return kept.read_text("utf-8").strip()
    key = options.key if "+" in options.key else Path(options.key).read_text("utf-8")
    if kept.exists() and kept.read_text("utf-8").strip() != key.strip():
        raise Refused("bad-signature", "the copy was made with another key")
    return key.strip()


def _opened_copy(options, source=None):
    if options.filter:
        return Filter(_filters(options), _key(options), source=source)
    return Snapshot(options.copy, _key(options), source)


def _filters(options):
    return Path(options.copy) / "filters"


def _update(options):
    with _opened_copy(options, options.source) as snapshot:
        catalog = snapshot.update()
        key_file = _key_file(options)
        if not key_file.exists():
            write_in_one_step(key_file, _key(options) + "\n", f".{os.getpid()}.unfinished")
        print(
            f"The copy equals {catalog.log} at position {catalog.position}. It may be used until"
            f" {_times.write(_times.to_datetime(catalog.expires_at))}.",
            file=sys.stderr,
        )
    return ALLOWED


def _verify(options):
    if not Path(options.copy).is_dir():
        raise Refused("unreachable", "there is no copy yet; run update")
    with _opened_copy(options) as snapshot:
        catalog = snapshot.catalog
        if catalog is not None:
            print(f"log          {catalog.log}")
            print(f"position     {catalog.position}")
            print(f"issued at    {_times.write(_times.to_datetime(catalog.issued_at))}")
            print(f"expires at   {_times.write(_times.to_datetime(catalog.expires_at))}")
        snapshot.verify()
    return ALLOWED


# ---- Checks


def _check(options):
    uses = tuple(dict.fromkeys(options.use)) or policy.DEFAULT_USES
    if not options.works and options.input is None:
        raise _Misuse("give works, or a file with --input")
    if options.resume and (not options.output or options.input is None):
        raise _Misuse("--resume needs --input and --output")
    if options.private and not options.online:
        raise _Misuse("--private needs --online")
    if options.filter and options.online:
        raise _Misuse("give --online or --filter, and not both")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="surrogateescape")
    tally = _Tally()
    with ExitStack() as stack:
        answers = _answers(options, uses, stack)
        if options.works:
            names, works = _named(options.works, tally)
            for name, decision in zip(names, answers(works), strict=True):
                print(tabbed(name, tally.cells(decision)))
        if options.input is not None:
            _check_rows(options, answers, tally, stack)
        sys.stdout.flush()
    tally.report()
    return tally.exit_code()


def _answers(options, uses, stack):
    """Returns a function from works to their decisions."""
    if options.online:
        online = _registry(options.online, options)
        if options.private:
            return lambda works: [online.check_privately(work, uses) for work in works]
        return lambda works: online.check_all(works, uses)
    registry = _registry(options.filter, options) if options.filter else None
    folder = _filters(options) if options.filter else Path(options.copy)
    if not folder.is_dir():
        raise Refused("unreachable", "there is no copy yet; run update")
    if options.filter:
        copy = Filter(folder, _key(options), registry)
    else:
        copy = Snapshot(folder, _key(options))
    stack.enter_context(copy)
    if copy.damage is not None:
        raise copy.damage
    return lambda works: copy.check_all(works, uses)


def _registry(address, options):
    try:
        return Online(address, options.api_key or os.environ.get("ASKFIRST_API_KEY"))
    except ValueError as fault:
        raise _Misuse(str(fault)) from None


def _named(given, tally):
    """Returns names and works: those that are given, and the files of folders."""
    names = []
    works = []
    for work in given:
        if "://" in work or not os.path.isdir(work):
            names.append(work)
            works.append(subjects.of_file(work) if os.path.isfile(work) else work)
            continue
        files = _files(work)
        if not files:
            tally.nothing_in(work)
        names += files
        # What is no file, such as a link that leads nowhere, cannot be read.
        works += [subjects.of_file(name) if os.path.isfile(name) else "" for name in files]
    return names, works


def _files(folder):
    """Returns the files below a folder. Links to folders are followed, to each folder once."""

    def fail(fault):
        raise fault

    found = []
    seen = set()
    for parent, folders, files in os.walk(folder, onerror=fail, followlinks=True):
        place = os.path.realpath(parent)
        if place in seen:
            folders.clear()
            continue
        seen.add(place)
        found += [os.path.join(parent, name) for name in files]
    return sorted(found)


def _check_rows(options, answers, tally, stack):
    with _opened(options.input) as lines:
        try:
            form = open_rows(options.input, lines, options.column, _warn)
        except UnknownColumns as fault:
            raise _Misuse(str(fault)) from None
        skipped = None
        if options.resume and os.path.exists(options.output):
            skipped = _keep_answered(options.output, form, tally)
        out = sys.stdout
        if options.output:
            out = stack.enter_context(
                open(
                    options.output, "w" if skipped is None else "a", encoding="utf-8", errors="surrogateescape", newline=""
                )
            )
        if form.heading is not None and skipped is None:
            out.write(form.heading + "\n")
        rows = iter(form)
        asked_any = False
        for _, asked in islice(rows, skipped or 0):
            asked_any = asked_any or asked is not None
        while block := list(islice(rows, _TOGETHER)):
            works = [asked for _, asked in block if asked is not None]
            asked_any = asked_any or bool(works)
            decisions = iter(answers(works))
            for row, asked in block:
                line = form.plain(row) if asked is None else form.with_answer(row, tally.cells(next(decisions)))
                out.write(line + "\n")
            out.flush()
        if not asked_any:
            tally.nothing_in(options.input)


def _warn(text):
    print("askfirst: " + text, file=sys.stderr)


def _opened(name):
    if name == "-":
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="surrogateescape", newline="")
        return sys.stdin
    opener = gzip.open if name.lower().endswith(".gz") else open
    # Bytes in another encoding are copied as they are. What they name cannot be read, so it is not allowed.
    return opener(name, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="")


def _keep_answered(name, form, tally):
    """Cuts an output before the first row that has no answer, and returns the number of rows that are left.

    What was unreachable is asked again: it is no answer.
    """
    with open(name, "r+b") as file:
        end = 0

        def lines():
            nonlocal end
            for line in file:
                end += len(line)
                if line.endswith(b"\n"):
                    yield line.decode("utf-8", "surrogateescape")

        kept = 0
        count = 0
        if form.heading is None:
            answers = map(form.answer, lines())
        else:
            rows = records(lines(), form.delimiter)
            if next(rows, ([], True))[0] != next(csv.reader([form.heading], delimiter=form.delimiter)):
                raise _Misuse(f"{name} has another heading, so it cannot be resumed")
            kept = end
            answers = (form.answer(cells) for cells, _ in rows)
        for answer in answers:
            if answer is not None:
                verdict, reason = answer
                if reason not in _ANSWERED or verdict not in verdicts.VERDICTS:
                    break
                tally.count(verdict, reason)
            kept = end
            count += 1
        file.truncate(kept)
        return count


class _Tally:
    """Counts answers, and finds the exit code."""

    def __init__(self):
        self._counts = Counter()
        self._all_allowed = True
        self._learned = True

    def count(self, word, reason):
        """Counts an answer by its cells."""
        self._counts[f"{word} ({reason})"] += 1
        self._all_allowed = self._all_allowed and (word, reason) == (verdicts.ALLOW, policy.DECLARED)
        self._learned = self._learned and reason in _ANSWERED

    def nothing_in(self, name):
        """Says that a file or a folder has no work. Nothing that was not checked is allowed."""
        _warn(f"there was nothing to check in {name}")
        self._learned = False

    def cells(self, decision):
        """Returns the cells of an answer."""
        self.count(decision.word, decision.reason)
        self._all_allowed = self._all_allowed and decision.allowed
        return (
            decision.word,
            decision.reason,
            decision.matched or "",
            _times.write(decision.checked_at),
            str(decision.position),
        )

    def report(self):
        print(f"{sum(self._counts.values()):,} works checked", file=sys.stderr)
        for answer, count in sorted(self._counts.items()):
            print(f"  {answer:<32} {count:12,}", file=sys.stderr)

    def exit_code(self):
        if not self._learned or not self._counts:
            return NOTHING_LEARNED
        return ALLOWED if self._all_allowed else NOT_ALLOWED


if __name__ == "__main__":
    sys.exit(main())
