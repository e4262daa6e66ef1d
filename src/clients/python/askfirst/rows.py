"""The rows of a table, a list, JSON lines or an index of a crawl: what each names, and the answer beside it."""

import csv
import json
import re
from itertools import chain, islice

from ._text import is_hex
from .subjects import BY_NAME, SCHEMES, MalformedSubject, parse

ADDED = ("askfirst_verdict", "askfirst_reason", "matched_subject", "checked_at", "log_size")
"""The columns with the answer."""

_SAMPLE = 1000
_ADDRESSES = frozenset(
    "url image_url img_url page_url warc-target-uri warc_target_uri target_uri target-uri uri source_url".split()
)
_PAGES = frozenset("page_url source_url".split())
"""Columns with the page on which something was found. It may belong to somebody else."""
_UNMATCHED = {
    "md5": "an MD5", "sha1": "a SHA-1", "sha512": "a SHA-512", "digest": "a SHA-1 of the payload",
    "warc-payload-digest": "a SHA-1 of the payload",
}  # fmt: skip
_CDXJ = re.compile(r"\S+ \d{14} \{", re.A)
_FOREIGN = re.compile("[\ud800-\udfff]")
_DAMAGED = ("", "")

csv.field_size_limit(1 << 27)


class UnknownColumns(ValueError):
    """No column is known to name works."""


class Columns:
    """The columns that name works, each with the scheme of its values; None for addresses and whole subjects."""

    def __init__(self, names, sample, given, warn):
        """Finds the columns by the given names, `name` or `name=scheme`, or else by their names and values."""
        self.schemes = {}
        if given:
            for one in given:
                name, is_typed, scheme = one.partition("=") if one not in names else (one, "", "")
                if name not in names:
                    raise UnknownColumns(f"there is no column {name}; there are {', '.join(names)}")
                if is_typed and scheme not in BY_NAME:
                    raise UnknownColumns(f"there is no scheme {scheme}")
                self.schemes[name] = scheme or _scheme_of(name)
            return
        addresses = [name for name in names if name.strip().lower() in _ADDRESSES]
        # A permission for one address, such as the page, would permit what has another address, such as its picture.
        addresses.sort(key=lambda name: name.strip().lower() in _PAGES)
        left_out = [name for name in dict.fromkeys(addresses[1:]) if name != addresses[0]]
        if left_out:
            warn(
                f"only {addresses[0]} has the addresses that are asked; {', '.join(left_out)} may have those of other"
                " works. Choose with --column"
            )
        for name in names:
            values = [row[name] for row in sample if isinstance(row.get(name), str) and row[name].strip()]
            scheme = _scheme_of(name)
            if name in addresses:
                if name == addresses[0]:
                    self.schemes[name] = None
            elif scheme == "sha256" and values and not any(map(_is_sha256, values)):
                warn(f"the column {name} is left out: only a SHA-256 in 64 hexadecimal digits can be matched")
            elif scheme is not None and scheme != "url":
                self.schemes[name] = scheme
            elif name.strip().lower() in _UNMATCHED:
                warn(f"the column {name} is left out: {_UNMATCHED[name.strip().lower()]} cannot be matched")
        if None not in self.schemes.values():
            # No usual name of a column with addresses. Another name, or else the values, may tell.
            named = [name for name in names if _scheme_of(name) == "url"]
            named = named or [name for name in names if name not in self.schemes and _has_addresses(name, sample)]
            for name in named[:1]:
                self.schemes[name] = None
        if not self.schemes:
            raise UnknownColumns(
                f"no column is known to name works; give it with --column. There are {', '.join(names) or 'none'}."
                " An MD5, a SHA-1 and a number cannot be matched"
            )

    def subjects(self, row):
        """Returns what a row names. A row that names nothing has an empty text, which nobody can read."""
        found = []
        for name, scheme in self.schemes.items():
            value = row.get(name)
            if value is not None and not isinstance(value, str):
                return [""]
            if value is not None and value.strip():
                # One cell may have the numbers of several editions.
                parts = re.split("[;,|]", value) if scheme == "isbn" else [value]
                parts = [part.strip() for part in parts if part.strip()]
                found += parts if scheme is None else [f"{scheme}:{part}" for part in parts]
        return found or [""]


def _scheme_of(name):
    letters = "".join(c for c in name.lower() if c.isalnum())
    return next((scheme.name for scheme in SCHEMES if letters in scheme.columns), None)


def _is_sha256(value):
    return len(value.strip()) == 64 and is_hex(value.strip())


def _has_addresses(name, sample):
    values = [row[name] for row in sample if isinstance(row.get(name), str) and row[name].strip()]
    if not values:
        return False
    readable = 0
    for value in values:
        try:
            readable += "://" in value and parse("url:" + value) is not None
        except MalformedSubject:
            pass
    return readable >= 0.95 * len(values)


class Rows:
    """A form of rows. It yields pairs of a row and its subjects; None in place of subjects if nothing is asked."""

    heading = None

    def with_answer(self, row, answer):
        """Returns the row with the cells of its answer."""
        raise NotImplementedError

    def plain(self, row):
        """Returns a row about which nothing is asked."""
        return row

    def answer(self, line):
        """Returns the verdict and the reason in a row that was written before.

        None if nothing was asked. Both are empty if the row is damaged.
        """
        raise NotImplementedError


class Lines(Rows):
    """One work on each line. Blank lines and those that begin with # are copied."""

    def __init__(self, lines):
        self._lines = lines

    def __iter__(self):
        for line in self._lines:
            line = line.rstrip("\r\n")
            work = line.strip()
            yield line, None if not work or line.startswith("#") else ["" if "\t" in work or is_foreign(work) else work]

    def with_answer(self, row, answer):
        return tabbed(row, answer)

    def answer(self, line):
        if not line.strip() or line.startswith("#"):
            return None
        return _answer_of_cells(line.rstrip("\r\n").split("\t"), 1)


class Cdxj(Rows):
    """Lines of the index of a crawl: a key, a time, and JSON with the address."""

    def __init__(self, lines):
        self._lines = lines

    def __iter__(self):
        for line in self._lines:
            line = line.rstrip("\r\n")
            start = line.find("{")
            row = _object(line[start:]) if start >= 0 and not is_foreign(line) else None
            address = None if row is None else row.get("url")
            yield line, [address if isinstance(address, str) else ""] if line.strip() else None

    def with_answer(self, row, answer):
        start = row.find("{")
        return row[:start] + _extended(row[start:], answer) if start >= 0 else tabbed(row, answer)

    def answer(self, line):
        if not line.strip():
            return None
        start = line.find("{")
        return _answer_of_json(line[start:]) if start >= 0 else _answer_of_cells(line.rstrip("\r\n").split("\t"), 1)


class JsonLines(Rows):
    """One JSON object on each line."""

    def __init__(self, lines, given, warn):
        lines = iter(lines)
        first = list(islice(lines, _SAMPLE))
        self._lines = chain(first, lines)
        sample = [row for row in map(_object, first) if row is not None]
        self._columns = Columns(list(dict.fromkeys(name for row in sample for name in row)), sample, given, warn)

    def __iter__(self):
        for line in self._lines:
            line = line.rstrip("\r\n")
            if not line.strip():
                yield line, None
                continue
            row = None if is_foreign(line) else _object(line)
            yield line, [""] if row is None else self._columns.subjects(row)

    def with_answer(self, row, answer):
        return _extended(row, answer)

    def answer(self, line):
        return _answer_of_json(line) if line.strip() else None


class Table(Rows):
    """A table with a heading, of comma- or tab-separated values.

    Each row has exactly the cells of the heading, so that those of the answer are always in their columns.
    """

    def __init__(self, lines, delimiter, given, warn):
        self.delimiter = delimiter
        rows = records(lines, delimiter)
        self._names, is_sound = next(rows, ([], True))
        if not is_sound:
            raise UnknownColumns("the heading of the table cannot be read")
        first = list(islice(rows, _SAMPLE))
        self._rows = chain(first, rows)
        # A table that was answered before gets new answers.
        self._kept = [i for i, name in enumerate(self._names) if name not in ADDED]
        self._columns = Columns(
            [self._names[i] for i in self._kept],
            [dict(zip(self._names, cells)) for cells, is_sound in first if self._is_row(cells, is_sound)],
            given,
            warn,
        )
        for name in self._columns.schemes:
            if self._names.count(name) > 1:
                raise UnknownColumns(f"the table has several columns {name}")
        self.heading = self._written([self._names[i] for i in self._kept] + list(ADDED))

    def __iter__(self):
        for cells, is_sound in self._rows:
            if not cells:
                yield cells, None
            elif self._is_row(cells, is_sound):
                yield [cells[i] for i in self._kept], self._columns.subjects(dict(zip(self._names, cells)))
            else:
                yield fitted(cells, is_sound, self._names, self._kept, self.delimiter), [""]

    def _is_row(self, cells, is_sound):
        return is_sound and len(cells) == len(self._names) and not any(map(is_foreign, cells))

    def with_answer(self, row, answer):
        return self._written(row + list(answer))

    def plain(self, row):
        return self._written(row)

    def answer(self, row):
        return _answer_of_cells(row, len(self._kept)) if row else None

    def _written(self, cells):
        return written(cells, self.delimiter)


class _Line:
    text = ""

    def write(self, text):
        self.text += text


def written(cells, delimiter):
    """Returns a row of a table without the end of its line."""
    line = _Line()
    # The writer puts a cell in quotation marks if it has a character of the line's end.
    csv.writer(line, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return line.text[:-2]


def records(lines, delimiter):
    """Yields the records of a table, as pairs of their cells and true.

    A record that cannot be read, such as one whose quotation marks are still open at the end, has its text as the only
    cell, and false.
    """
    text = []

    def read():
        for line in lines:
            text.append(line)
            yield line

    reader = csv.reader(read(), delimiter=delimiter, strict=True)
    while True:
        text.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield ["".join(text).rstrip("\r\n")], False
        else:
            yield cells, True


def fitted(cells, is_sound, names, kept, delimiter):
    """Returns a row with exactly the kept columns.

    If it has another number of cells than the heading, its text is in the first one, with a mark: a later run must not
    read it either.
    """
    if is_sound and len(cells) == len(names):
        return [cells[i] for i in kept]
    return ["unreadable row: " + (written(cells, delimiter) if is_sound else cells[0])] + [""] * (len(kept) - 1)


def is_foreign(text):
    """Returns true if a text has bytes that are not UTF-8, which are read as surrogates."""
    return _FOREIGN.search(text) is not None


def tabbed(name, answer):
    """Returns a line with a name and its answer in columns. No name can pass for a part of the answer."""
    return "\t".join(re.sub(r"[\t\r\n]", " ", str(cell)) for cell in (name, *answer))


def _answer_of_cells(cells, count):
    """Returns the answer after that number of cells."""
    return (cells[count], cells[count + 1]) if len(cells) == count + len(ADDED) else _DAMAGED


def _answer_of_json(text):
    row = _object(text)
    return _DAMAGED if row is None else (str(row.get(ADDED[0], "")), str(row.get(ADDED[1], "")))


def _object(text):
    """Returns the object; None if there is none, or a member is there twice: readers take different ones."""
    try:
        row = json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _unique(pairs):
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError("a member is there twice")
    return row


def _extended(text, answer):
    """Returns a JSON object with the answer. Everything else in it stays as it is written."""
    added = dict(zip(ADDED, answer))
    added["log_size"] = int(added["log_size"])
    row = _object(text)
    if row is None:
        return _dumped({"askfirst_unreadable": text, **added})
    if not row or any(name in row for name in ADDED):
        return _dumped({**row, **added})
    return text.rstrip()[:-1].rstrip() + "," + json.dumps(added, ensure_ascii=False)[1:]


def _dumped(row):
    text = json.dumps(row, ensure_ascii=False)
    # Half a character cannot be written as UTF-8.
    return json.dumps(row) if is_foreign(text) else text


def open_rows(name, lines, given, warn):
    """Returns the rows of a file by its name and its first line. Raises `UnknownColumns`."""
    lines = iter(lines)
    first = next(lines, "")
    if not first:
        return Lines(lines)
    lines = chain([first], lines)
    name = name.lower().removesuffix(".gz")
    if first.startswith("{"):
        return JsonLines(lines, given, warn)
    if name.endswith(".cdxj") or _CDXJ.match(first):
        if given:
            raise UnknownColumns("the index of a crawl has its addresses in url; leave out --column")
        return Cdxj(lines)
    if name.endswith((".csv", ".tsv")):
        return Table(lines, "\t" if name.endswith(".tsv") else ",", given, warn)
    if given:
        # Standard input and other names: the heading tells the form.
        return Table(lines, "\t" if "\t" in first else ",", given, warn)
    return Lines(lines)
