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
_UNMATCHED = {
    "md5": "an MD5", "sha1": "a SHA-1", "sha512": "a SHA-512", "digest": "a SHA-1 of the payload",
    "warc-payload-digest": "a SHA-1 of the payload",
}  # fmt: skip
_CDXJ = re.compile(r"\S+ \d{14} \{", re.A)

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
        for name in names:
            values = [row[name] for row in sample if isinstance(row.get(name), str) and row[name].strip()]
            scheme = _scheme_of(name)
            if name.strip().lower() in _ADDRESSES:
                self.schemes[name] = None
            elif scheme == "sha256" and not all(len(value.strip()) == 64 and is_hex(value.strip()) for value in values):
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
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str) and one.strip():
                    # One cell may have the numbers of several editions.
                    parts = re.split("[;,|]", one) if scheme == "isbn" else [one]
                    parts = [part.strip() for part in parts if part.strip()]
                    found += parts if scheme is None else [f"{scheme}:{part}" for part in parts]
                elif one is not None and not isinstance(one, str):
                    found.append("")
        return found or [""]


def _scheme_of(name):
    letters = "".join(c for c in name.lower() if c.isalnum())
    return next((scheme.name for scheme in SCHEMES if letters in scheme.columns), None)


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

    def reason(self, line):
        """Returns the reason in a row that was written before; None if nothing was asked; empty if it is damaged."""
        raise NotImplementedError


class Lines(Rows):
    """One work on each line. Blank lines and those that begin with # are copied."""

    def __init__(self, lines):
        self._lines = lines

    def __iter__(self):
        for line in self._lines:
            line = line.rstrip("\r\n")
            yield line, None if not line.strip() or line.startswith("#") else [line.strip()]

    def with_answer(self, row, answer):
        return row + "\t" + "\t".join(answer)

    def reason(self, line):
        if not line.strip() or line.startswith("#"):
            return None
        return _reason_of_cells(line.rstrip("\r\n").split("\t"))


class Cdxj(Rows):
    """Lines of the index of a crawl: a key, a time, and JSON with the address."""

    def __init__(self, lines):
        self._lines = lines

    def __iter__(self):
        for line in self._lines:
            line = line.rstrip("\r\n")
            start = line.find("{")
            row = _object(line[start:]) if start >= 0 else None
            address = None if row is None else row.get("url")
            yield line, [address if isinstance(address, str) else ""] if line.strip() else None

    def with_answer(self, row, answer):
        start = row.find("{")
        return row[:start] + _extended(row[start:], answer) if start >= 0 else row + "\t" + "\t".join(answer)

    def reason(self, line):
        if not line.strip():
            return None
        start = line.find("{")
        return _reason_of_json(line[start:]) if start >= 0 else _reason_of_cells(line.rstrip("\r\n").split("\t"))


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
            row = _object(line)
            yield line, [""] if row is None else self._columns.subjects(row)

    def with_answer(self, row, answer):
        return _extended(row, answer)

    def reason(self, line):
        return _reason_of_json(line) if line.strip() else None


class Table(Rows):
    """A table with a heading, of comma- or tab-separated values."""

    def __init__(self, lines, delimiter, given, warn):
        self.delimiter = delimiter
        reader = csv.reader(lines, delimiter=delimiter)
        self._names = next(reader, [])
        first = list(islice(reader, _SAMPLE))
        self._rows = chain(first, reader)
        # A table that was answered before gets new answers.
        self._kept = [i for i, name in enumerate(self._names) if name not in ADDED]
        self._columns = Columns(
            [self._names[i] for i in self._kept], [dict(zip(self._names, row)) for row in first if row], given, warn
        )
        self.heading = self._written([self._names[i] for i in self._kept] + list(ADDED))

    def __iter__(self):
        for row in self._rows:
            yield row, self._columns.subjects(dict(zip(self._names, row))) if row else None

    def with_answer(self, row, answer):
        cells = [row[i] if i < len(row) else "" for i in self._kept] + row[len(self._names) :]
        return self._written(cells + list(answer))

    def plain(self, row):
        return self._written(row)

    def reason(self, row):
        return _reason_of_cells(row) if row else None

    def _written(self, cells):
        line = _Line()
        # The writer puts a cell in quotation marks if it has a character of the line's end.
        csv.writer(line, delimiter=self.delimiter, lineterminator="\r\n").writerow(cells)
        return line.text[:-2]


class _Line:
    text = ""

    def write(self, text):
        self.text += text


def _reason_of_cells(cells):
    return cells[-4] if len(cells) > len(ADDED) else ""


def _reason_of_json(text):
    row = _object(text)
    return str(row.get("askfirst_reason", "")) if row is not None else ""


def _object(text):
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _extended(text, answer):
    """Returns a JSON object with the answer. Everything else in it stays as it is written."""
    added = dict(zip(ADDED, answer))
    added["log_size"] = int(added["log_size"])
    row = _object(text)
    if row is None:
        return json.dumps({"askfirst_unreadable": text, **added}, ensure_ascii=False)
    if not row or any(name in row for name in ADDED):
        return json.dumps({**row, **added}, ensure_ascii=False)
    return text.rstrip()[:-1].rstrip() + "," + json.dumps(added, ensure_ascii=False)[1:]


def open_rows(name, lines, given, warn):
    """Returns the rows of a file by its name and its first line. Raises `UnknownColumns`."""
    lines = iter(lines)
    first = next(lines, "")
    lines = chain([first], lines) if first else lines
    name = name.lower().removesuffix(".gz")
    if first.startswith("{"):
        return JsonLines(lines, given, warn)
    if name.endswith(".cdxj") or _CDXJ.match(first):
        return Cdxj(lines)
    if name.endswith((".csv", ".tsv")) or given:
        return Table(lines, "\t" if name.endswith(".tsv") else ",", given, warn)
    return Lines(lines)
