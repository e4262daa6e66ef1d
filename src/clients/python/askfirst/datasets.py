"""Steps for data sets: they keep the rows and documents that the registry allows, and say why they reject the others.

`filter_file` and `filter_rows` are for lists of addresses, as img2dataset and others download them. `AskFirstFilter` is a
step of a datatrove pipeline. Only `allow` is permission: whatever goes wrong rejects the row or the document.

    with Snapshot("/var/lib/askfirst", key, "https://registry.example/snapshot/") as snapshot:
        snapshot.update()
        counts = filter_file(snapshot, "urls.parquet", "allowed.parquet", "rejected.parquet", uses=["ai-training"])
"""

import gzip
import itertools
import json
import logging
import os
import time
from collections import Counter
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from . import _times, policy, verdicts
from ._copy import Copy
from .rows import ADDED, fitted, is_foreign, records, tabbed, written
from .snapshot import Refused

try:
    from datatrove.pipeline.filters.base_filter import BaseFilter as _BaseFilter
except ImportError:
    _BaseFilter = object

logger = logging.getLogger(__name__)

ERROR = "error"
"""The reason of a row for which the check failed."""

FORMS = ("txt", "csv", "tsv", "json", "jsonl", "parquet")

_TOGETHER = 2_000


def filter_rows(checker, rows, *, uses=policy.DEFAULT_USES, url_col="url"):
    """Yields pairs of a row and its `Decision`, in the order of the rows. Use a row only if its decision is `allowed`.

    `checker` is a `Snapshot` or an `Online`. A row is a mapping, or a text that is the address.
    """
    uses = _require_uses(uses)
    rows = iter(rows)
    while block := list(itertools.islice(rows, _TOGETHER)):
        addresses = [_address(row, url_col) for row in block]
        yield from zip(block, _decisions(checker, addresses, uses), strict=True)


def filter_file(checker, source, allowed, rejected, *, uses=policy.DEFAULT_USES, url_col="url", form=None):
    """Reads a list of addresses, and writes the rows that are allowed and those that are not.

    `allowed` has the rows as they were. `rejected` has them with the columns of `askfirst check`. The form is one of
    `FORMS` and follows from the name of the source, also with `.gz`; all three files have it. `parquet` needs pyarrow.

    Returns a `Counter` of the verdicts and reasons. Outputs of an earlier run are removed at the start, and new ones are
    there only if everything was written, so a failure never leaves a list that says allowed.
    """
    uses = _require_uses(uses)
    places = [Path(source), Path(allowed), Path(rejected)]
    if len({place.resolve() for place in places}) != 3:
        raise ValueError("the source and the two outputs are three files")
    form = form or _form(places[0])
    if form not in FORMS:
        raise ValueError(f"the form of a list is one of {', '.join(FORMS)}")
    for place in places[1:]:
        place.unlink(missing_ok=True)
    unfinished = [place.with_name(place.name + ".unfinished") for place in places[1:]]
    counts = Counter()
    try:
        with ExitStack() as stack:
            if form == "parquet":
                table = _Parquet(places[0], url_col, stack)
            else:
                table = _Texts(form, places[0], url_col, stack)
            outputs = [table.writer(unfinished[i], places[i + 1], i == 1, stack) for i in (0, 1)]
            for block in table:
                decisions = _decisions(checker, block.addresses, uses)
                counts.update(f"{decision.word} ({decision.reason})" for decision in decisions)
                for write in outputs:
                    write(block, decisions)
        # The list of what is allowed comes last: if it is there, the other one is too.
        os.replace(unfinished[1], places[2])
        os.replace(unfinished[0], places[1])
    finally:
        for place in unfinished:
            place.unlink(missing_ok=True)
    return counts


# ---- Decisions


def _require_uses(uses):
    uses = (uses,) if isinstance(uses, str) else tuple(uses)
    if not uses or any(use not in verdicts.USES for use in uses):
        raise ValueError("not a list of uses")
    return uses


def _address(row, url_col):
    try:
        return row if isinstance(row, str) else row.get(url_col)
    except Exception:
        return None


def _decisions(checker, addresses, uses):
    """Returns the decisions about addresses. A value that is no address on the web is unreadable."""
    decisions = [
        policy.nothing(policy.UNREADABLE, str(one), "this is no address that begins with http:// or https://")
        for one in addresses
    ]
    places = [place for place, one in enumerate(addresses) if _is_web(one)]
    if not places:
        return decisions
    try:
        found = list(checker.check_all(["url:" + addresses[place] for place in places], uses))
        if len(found) != len(places) or not all(isinstance(one, policy.Decision) for one in found):
            raise TypeError("the checker gave no decisions")
    except Exception as fault:
        logger.exception("The check of %d addresses failed", len(places))
        found = [_failed(addresses[place], fault) for place in places]
    for place, decision in zip(places, found, strict=True):
        decisions[place] = decision
    return decisions


def _is_web(address):
    return isinstance(address, str) and address.strip().lower().startswith(("http://", "https://"))


def _failed(address, fault):
    moment = datetime.now(timezone.utc)
    return policy.Decision(
        verdicts.UNKNOWN, ERROR, str(address), checked_at=moment, detail=f"the check failed: {fault!r}"
    )


def _cells(decision):
    return [
        decision.word, decision.reason, decision.matched or "", _times.write(decision.checked_at), decision.position,
    ]  # fmt: skip


# ---- Tables


class _Block(NamedTuple):
    """Some rows, and the addresses that are asked for them."""

    rows: object
    addresses: list


def _form(path):
    suffixes = [one.lower().lstrip(".") for one in path.suffixes]
    if suffixes and suffixes[-1] == "gz":
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


class _Texts:
    """The blocks of a list, CSV, TSV, a JSON array or JSON lines, and their writers."""

    def __init__(self, form, source, url_col, stack):
        self._form = form
        self._url_col = url_col
        self._delimiter = {"csv": ",", "tsv": "\t"}.get(form)
        file = stack.enter_context(_open_text(source, source, "rt"))
        if self._delimiter:
            rows = records(file, self._delimiter)
            self._names, is_sound = next(rows, ([], True))
            if not is_sound:
                raise ValueError("the heading of the table cannot be read")
            self._place = _place(self._names, url_col)
            # A table that was answered before gets new answers.
            self._kept = [i for i, name in enumerate(self._names) if name not in ADDED]
            self._rows = (row for row in rows if row[0])
        elif form == "json":
            rows = json.load(file)
            if not isinstance(rows, list):
                raise ValueError("the file is no array of objects")
            self._rows = iter(rows)
        elif form == "jsonl":
            self._rows = (_json(line) for line in file if line.strip())
        else:
            self._rows = (line.rstrip("\r\n") for line in file if line.strip())

    def __iter__(self):
        while rows := list(itertools.islice(self._rows, _TOGETHER)):
            yield _Block(rows, [self._asked(row) for row in rows])

    def _asked(self, row):
        """Returns the address in a row; None if the row cannot be read."""
        if self._delimiter:
            cells, is_sound = row
            is_sound = is_sound and len(cells) == len(self._names) and not any(map(is_foreign, cells))
            return cells[self._place] if is_sound else None
        if self._form == "txt":
            # img2dataset reads a list as CSV with one column.
            return None if any(one in row.strip() for one in '",\t') or is_foreign(row) else row
        if not isinstance(row, dict) or is_foreign(json.dumps(row, ensure_ascii=False)):
            return None
        return _address(row, self._url_col)

    def writer(self, unfinished, place, with_answers, stack):
        """Returns a function that writes the chosen rows of a block."""
        file = stack.enter_context(_open_text(unfinished, place, "wt"))
        if self._delimiter:
            names = [self._names[i] for i in self._kept] + list(ADDED) if with_answers else self._names
            file.write(written(names, self._delimiter) + "\n")

            def write(row, cells):
                # What is allowed has the cells of the heading. No other row can shift those of its answer.
                if with_answers:
                    cells = fitted(*row, self._names, self._kept, self._delimiter) + cells
                else:
                    cells = row[0]
                file.write(written(cells, self._delimiter) + "\n")

        elif self._form == "txt":

            def write(row, cells):
                file.write((tabbed(row, cells) if with_answers else row) + "\n")

        else:
            is_array = self._form == "json"
            separators = itertools.chain(["[\n"], itertools.repeat(",\n")) if is_array else itertools.repeat("")

            def write(row, cells):
                tree = row if isinstance(row, dict) else {"askfirst_unreadable": row}
                tree = {**tree, **dict(zip(ADDED, cells))} if with_answers else tree
                file.write(next(separators) + json.dumps(tree) + ("" if is_array else "\n"))

            if is_array:
                stack.callback(lambda: file.write("[]\n" if next(separators) == "[\n" else "\n]\n"))

        def write_block(block, decisions):
            for row, decision in zip(block.rows, decisions, strict=True):
                if decision.allowed != with_answers:
                    write(row, _cells(decision))

        return write_block


def _open_text(path, named, mode):
    opener = gzip.open if str(named).lower().endswith(".gz") else open
    # Bytes in another encoding are copied as they are. What they name cannot be read.
    encoding = "utf-8-sig" if mode == "rt" else "utf-8"
    return opener(path, mode, encoding=encoding, errors="surrogateescape", newline="")


def _json(line):
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return line.rstrip("\r\n")


def _place(names, url_col):
    if names.count(url_col) != 1:
        raise ValueError(f"the table needs one column {url_col}; it has {', '.join(names) or 'none'}")
    return names.index(url_col)


class _Parquet:
    """The blocks of a Parquet file, and their writers."""

    def __init__(self, source, url_col, stack):
        import pyarrow
        import pyarrow.parquet

        self._arrow = pyarrow
        self._file = stack.enter_context(pyarrow.parquet.ParquetFile(source))
        self._schema = self._file.schema_arrow
        self._place = _place(self._schema.names, url_col)

    def __iter__(self):
        for batch in self._file.iter_batches(_TOGETHER):
            yield _Block(batch, batch.column(self._place).to_pylist())

    def writer(self, unfinished, place, with_answers, stack):
        """Returns a function that writes the chosen rows of a block."""
        arrow = self._arrow
        kept = [name for name in self._schema.names if not with_answers or name not in ADDED]
        fields = [self._schema.field(name) for name in kept]
        types = (arrow.string(), arrow.string(), arrow.string(), arrow.string(), arrow.int64())
        if with_answers:
            fields += [arrow.field(name, type) for name, type in zip(ADDED, types)]
        schema = arrow.schema(fields)
        out = stack.enter_context(arrow.parquet.ParquetWriter(unfinished, schema))

        def write_block(block, decisions):
            mask = [decision.allowed != with_answers for decision in decisions]
            rows = block.rows.filter(arrow.array(mask))
            columns = [rows.column(name) for name in kept]
            if with_answers:
                cells = [_cells(decision) for decision, chosen in zip(decisions, mask) if chosen]
                columns += [arrow.array([one[i] for one in cells], type) for i, type in enumerate(types)]
            out.write_batch(arrow.record_batch(columns, schema=schema))

        return write_block


# ---- datatrove


class AskFirstFilter(_BaseFilter):
    """A filter of a datatrove pipeline: it keeps a document if its address is allowed.

        AskFirstFilter(functools.partial(Snapshot, "/var/lib/askfirst", key), uses=["ai-training"])

    `opener` is a function that returns a `Snapshot` or an `Online`. Each worker calls it, so it must survive pickling.
    It is called again after `reopen` seconds: another program updates the copy meanwhile. The address is
    `doc.metadata[url_key]`. Further arguments are those of datatrove's `BaseFilter`.
    """

    name = "Ask First"

    def __init__(self, opener, *, uses=policy.DEFAULT_USES, url_key="url", reopen=60, **base):
        if _BaseFilter is object:
            self.exclusion_writer = base.pop("exclusion_writer", None)
            self.batch_size = base.pop("batch_size", 1)
        super().__init__(**base)
        self._opener = opener
        self._uses = _require_uses(uses)
        self._url_key = url_key
        self._reopen = reopen
        self._checker = None
        self._opened_at = None

    def __getstate__(self):
        return {**self.__dict__, "_checker": None, "_opened_at": None}

    def filter(self, doc):
        """Returns true if the document may be used; otherwise false and the reason."""
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch):
        """Returns the results of `filter` for some documents."""
        addresses = [_address(getattr(doc, "metadata", None), self._url_key) for doc in batch]
        try:
            checker = self._current()
        except Refused as refused:
            return [(False, "askfirst_" + refused.name)] * len(batch)
        except Exception:
            logger.exception("No copy could be opened")
            return [(False, "askfirst_" + ERROR)] * len(batch)
        return [self._result(decision) for decision in _decisions(checker, addresses, self._uses)]

    @staticmethod
    def _result(decision):
        if decision.allowed:
            return True
        return False, "askfirst_" + (decision.verdict if decision.is_answer else decision.reason)

    def _current(self):
        now = time.monotonic()
        if self._checker is None or now - self._opened_at >= self._reopen:
            try:
                fresh = self._opener()
                if isinstance(fresh, Copy) and fresh.damage is not None:
                    raise fresh.damage
                if isinstance(fresh, Copy) and isinstance(self._checker, Copy):
                    fresh.require_successor_of(self._checker)
            except Exception:
                # A copy that was opened answers until it expires.
                if self._checker is None:
                    raise
                logger.exception("The copy could not be opened again")
            else:
                if isinstance(self._checker, Copy):
                    self._checker.close()
                self._checker = fresh
            self._opened_at = now
        return self._checker
