"""The signed catalogue of a snapshot, and the refusals (docs/formats/snapshot.md)."""

import hashlib
import json
import re
from typing import NamedTuple

from . import _times, verdicts
from ._notes import NoteError, open_checkpoint
from ._version import VERSION

FORMAT = 1

MAX_FILES = 24
"""So many files are read for each key at most. If there were more, merged changes are fetched instead."""

REFUSALS = (
    "bad-signature",
    "unsupported",
    "expired",
    "rolled-back",
    "truncated",
    "tampered",
    "mixed",
    "unreachable",
)
"""The reasons for refusing a snapshot."""

SEGMENT = "segment"
FILTER = "filter"
"""The kinds of files, by the ends of their paths."""

_CLOCK_ERROR = 600_000_000
"""The microseconds by which the registry's clock may be ahead of this one."""
_PATH = re.compile(r"[a-z]{1,20}/[0-9-]{1,40}\.(segment|filter)", re.A)
_HASH = re.compile(r"[0-9a-f]{64}", re.A)


class Refused(Exception):
    """The snapshot is not used. `name` is one of `REFUSALS`."""

    def __init__(self, name, detail):
        super().__init__(name + ": " + detail)
        self.name = name
        self.detail = detail


class File(NamedTuple):
    """A file of a catalogue. `start` is the position after which its changes begin; None in a release."""

    start: int | None
    position: int
    path: str
    bytes: int
    sha256: str

    @staticmethod
    def read(tree, is_delta, kind=SEGMENT, place=None):
        """Reads a file of that kind. `place` has its path, bytes and hash; by default the tree has them itself."""
        place = tree if place is None else place
        file = File(
            number_of(tree, "from") if is_delta else None,
            number_of(tree, "position"),
            text_of(place, "path"),
            number_of(place, "bytes"),
            text_of(place, "sha256"),
        )
        # The path becomes the name of a file on this disk.
        path = _PATH.fullmatch(file.path)
        if path is None or path.group(1) != kind or not _HASH.fullmatch(file.sha256):
            raise ValueError("a file has an impossible path or hash")
        if file.bytes <= 0 or file.position < (file.start or 0):
            raise ValueError("a file has impossible numbers")
        return file

    def tree(self):
        tree = {"position": self.position, "path": self.path, "bytes": self.bytes, "sha256": self.sha256}
        return tree if self.start is None else {"from": self.start, **tree}


class Catalog(NamedTuple):
    """The signed list of the files of a snapshot. The times are microseconds since 1970."""

    log: str
    position: int
    issued_at: int
    expires_at: int
    releases: tuple
    deltas: tuple
    text: str
    """The content of the file, as it was fetched."""

    def expiry(self, moment):
        """Returns why nothing may be answered from these files at that moment; None if they are valid."""
        if self.expires_at <= moment:
            return f"the catalogue was valid until {_times.write(_times.to_datetime(self.expires_at))}"
        if self.issued_at > moment + _CLOCK_ERROR:
            return (
                f"the catalogue is of {_times.write(_times.to_datetime(self.issued_at))}, which is in the future: its"
                " clock or the one here is wrong"
            )
        return None

    def lists(self, file):
        """Returns true if this is a catalogue of the registry that wrote a file, and it did not begin anew."""
        return any(one.path == file.path and one.sha256 == file.sha256 for one in self.releases + self.deltas)

    def path(self, position):
        """Returns the files that lead from a position to the newest state; None if none begin there."""
        files = []
        while position != self.position:
            following = [one for one in self.deltas if one.start == position < one.position <= self.position]
            if not following:
                return None
            files.append(max(following, key=lambda one: one.position))
            position = files[-1].position
        return files


def canonical_json(tree):
    """Returns the bytes of canonical JSON (RFC 8785) of a tree of integers, texts, lists and objects."""
    return json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def read_catalog(data, key, kind=SEGMENT):
    """Returns the catalogue, with its files of one kind, if the log's key signed it. Raises `Refused`."""
    try:
        text = data.decode("utf-8")
        file = json.loads(text, object_pairs_hook=_object, parse_float=_no_number, parse_constant=_no_number)
        tree = file["catalog"]
        hash = hashlib.sha256(canonical_json(tree)).hexdigest()
        checkpoint = open_checkpoint(text_of(file, "note"), key)
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise Refused("bad-signature", f"it is no catalogue: {fault}") from None
    except NoteError as fault:
        raise Refused("bad-signature", f"the log's key did not sign the catalogue: {fault}") from None
    if "catalog " + hash not in checkpoint.extensions:
        raise Refused("bad-signature", "the signed note names another catalogue")
    # From here on the log has signed it.
    try:
        if number_of(tree, "format") != FORMAT:
            raise Refused("unsupported", f"the catalogue has the format {tree['format']}")
        if number_of(tree, "rules") != verdicts.RULES:
            raise Refused("unsupported", f"the verdicts follow the rules {tree['rules']}")
        if _is_newer(text_of(tree, "minimumClient")):
            raise Refused("unsupported", f"the snapshot needs version {tree['minimumClient']} of the client")
        catalog = Catalog(
            text_of(tree, "log"),
            number_of(tree, "position"),
            _times.parse(tree.get("issuedAt")),
            _times.parse(tree.get("expiresAt")),
            _files(tree, "releases", kind),
            _files(tree, "deltas", kind),
            text,
        )
    except ValueError as fault:
        raise Refused("unsupported", f"the catalogue cannot be read: {fault}") from None
    if checkpoint.origin != catalog.log or checkpoint.size != catalog.position:
        raise Refused("bad-signature", "the signed note is about another log or position")
    return catalog


def _files(tree, member, kind):
    """Returns the files of a list. An entry without a filter is left out of the files of filters."""
    is_delta = member == "deltas"
    entries = list_of(tree, member)
    if kind == SEGMENT:
        return tuple(File.read(one, is_delta) for one in entries)
    # What is no object has no filter.
    filters = ((one, one.get("filter")) for one in entries if isinstance(one, dict))
    return tuple(File.read(one, is_delta, kind, place) for one, place in filters if place is not None)


def _object(pairs):
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise ValueError("an object names a member twice")
    return tree


def _no_number(text):
    raise ValueError("a number is not whole")


def number_of(tree, member):
    value = tree.get(member) if isinstance(tree, dict) else None
    if type(value) is not int or not 0 <= value < 2**53:
        raise ValueError(f"it lacks the number {member}")
    return value


def text_of(tree, member):
    value = tree.get(member) if isinstance(tree, dict) else None
    if not isinstance(value, str):
        raise ValueError(f"it lacks the text {member}")
    return value


def list_of(tree, member):
    value = tree.get(member) if isinstance(tree, dict) else None
    if not isinstance(value, list):
        raise ValueError(f"it lacks the list {member}")
    return value


def _is_newer(version):
    """Returns true if a version is newer than this client, or cannot be read."""
    if not re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,6}){2}", version, re.A):
        return True
    return [int(part) for part in version.split(".")] > [int(part) for part in VERSION.split(".")]
