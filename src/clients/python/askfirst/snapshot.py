"""A copy of a registry's snapshot, from which anybody gets answers. Nobody learns what was asked.

The format is docs/formats/snapshot.md. `Snapshot.update` fetches what has changed and refuses whatever that page tells
to refuse. The copy stays usable until its catalogue expires, also if updates are refused.

    snapshot = Snapshot("/var/lib/askfirst", key, "https://registry.example/snapshot/")
    snapshot.update()
    if snapshot.check("https://example.com/art/1.png", ["ai-training"]).allowed:
        ...
"""

import hashlib
import http.client
import json
import os
import re
import struct
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple

from . import _times, policy, subjects, verdicts
from ._notes import NoteError, VerifierKey, open_checkpoint
from ._version import VERSION
from ._works import Work, known_answer
from .segment import DamagedSegment, Index, Segment

FORMAT = 1
MAX_CATALOG_BYTES = 4 << 20

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

_CATALOG = "catalog.json"
_STATE = "state.json"
_UNFINISHED = ".unfinished"
_TIMEOUT = 60
_CLOCK_ERROR = 600_000_000
"""The microseconds by which the registry's clock may be ahead of this one."""
_BUFFER = 1 << 16
_PATH = re.compile(r"[a-z]{1,20}/[0-9-]{1,40}\.segment", re.A)
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
    def read(tree, is_delta):
        file = File(
            _number(tree, "from") if is_delta else None,
            _number(tree, "position"),
            _text(tree, "path"),
            _number(tree, "bytes"),
            _text(tree, "sha256"),
        )
        # The path becomes the name of a file on this disk.
        if not _PATH.fullmatch(file.path) or not _HASH.fullmatch(file.sha256):
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


def read_catalog(data, key):
    """Returns the catalogue if the log's key signed it. Raises `Refused`."""
    try:
        text = data.decode("utf-8")
        file = json.loads(text, object_pairs_hook=_object, parse_float=_no_number, parse_constant=_no_number)
        tree = file["catalog"]
        hash = hashlib.sha256(canonical_json(tree)).hexdigest()
        checkpoint = open_checkpoint(_text(file, "note"), key)
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise Refused("bad-signature", f"it is no catalogue: {fault}") from None
    except NoteError as fault:
        raise Refused("bad-signature", f"the log's key did not sign the catalogue: {fault}") from None
    if "catalog " + hash not in checkpoint.extensions:
        raise Refused("bad-signature", "the signed note names another catalogue")
    # From here on the log has signed it.
    try:
        if _number(tree, "format") != FORMAT:
            raise Refused("unsupported", f"the catalogue has the format {tree['format']}")
        if _number(tree, "rules") != verdicts.RULES:
            raise Refused("unsupported", f"the verdicts follow the rules {tree['rules']}")
        if _is_newer(_text(tree, "minimumClient")):
            raise Refused("unsupported", f"the snapshot needs version {tree['minimumClient']} of the client")
        catalog = Catalog(
            _text(tree, "log"),
            _number(tree, "position"),
            _times.parse(tree.get("issuedAt")),
            _times.parse(tree.get("expiresAt")),
            tuple(File.read(one, False) for one in _list(tree, "releases")),
            tuple(File.read(one, True) for one in _list(tree, "deltas")),
            text,
        )
    except ValueError as fault:
        raise Refused("unsupported", f"the catalogue cannot be read: {fault}") from None
    if checkpoint.origin != catalog.log or checkpoint.size != catalog.position:
        raise Refused("bad-signature", "the signed note is about another log or position")
    return catalog


def _object(pairs):
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise ValueError("an object names a member twice")
    return tree


def _no_number(text):
    raise ValueError("a number is not whole")


def _number(tree, member):
    value = tree.get(member) if isinstance(tree, dict) else None
    if type(value) is not int or not 0 <= value < 2**53:
        raise ValueError(f"it lacks the number {member}")
    return value


def _text(tree, member):
    value = tree.get(member) if isinstance(tree, dict) else None
    if not isinstance(value, str):
        raise ValueError(f"it lacks the text {member}")
    return value


def _list(tree, member):
    value = tree.get(member) if isinstance(tree, dict) else None
    if not isinstance(value, list):
        raise ValueError(f"it lacks the list {member}")
    return value


def _is_newer(version):
    """Returns true if a version is newer than this client, or cannot be read."""
    if not re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,6}){2}", version, re.A):
        return True
    return [int(part) for part in version.split(".")] > [int(part) for part in VERSION.split(".")]


# ---- Sources


class _Folder:
    """A snapshot in a directory."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def open(self, path, start=0):
        """Returns a stream from that byte on. Raises `FileNotFoundError`, or `OSError` if the folder cannot be read."""
        stream = open(self.folder / path, "rb")
        stream.seek(start)
        return stream


class _Web:
    """A snapshot on a web server. It is not trusted: what it sends is signed."""

    def __init__(self, address):
        self._address = address if address.endswith("/") else address + "/"

    def open(self, path, start=0):
        headers = {"User-Agent": "askfirst-python/" + VERSION, "Accept-Encoding": "identity"}
        if start > 0:
            headers["Range"] = f"bytes={start}-"
        request = urllib.request.Request(self._address + path, headers=headers)
        try:
            stream = urllib.request.urlopen(request, timeout=_TIMEOUT)
        except urllib.error.HTTPError as answer:
            answer.close()
            if answer.code in (404, 410):
                raise FileNotFoundError(f"{self._address}{path} answered {answer.code}") from None
            raise OSError(f"{self._address}{path} answered {answer.code}") from None
        if start > 0 and stream.status != 206:
            # A server without ranges sends everything.
            while start > 0:
                skipped = len(stream.read(min(start, _BUFFER)))
                if not skipped:
                    break
                start -= skipped
        return stream


def _promised(stream):
    """Returns the length that a web server promised; None if it promised none, or this is a file."""
    if not isinstance(stream, http.client.HTTPResponse) or stream.chunked:
        return None
    length = stream.headers.get("Content-Length")
    return int(length) if length is not None and length.isascii() and length.isdigit() else None


def _source(place):
    return _Web(place) if place.startswith(("http://", "https://")) else _Folder(place)


# ---- The copy


class _Opened(NamedTuple):
    catalog: Catalog
    files: tuple
    index: Index


class Snapshot:
    """A copy of a snapshot in a folder of this machine. Any number of threads may ask it.

    `copy` is the folder of the copy, which is created, `key` the verifier key of the log as /log/verifier-key has it,
    from somebody you trust, and `source` the address or the directory of the snapshot, which only `update` needs. One
    process may update a copy at a time.

    A copy that exists is opened. Raises `Refused` if it was changed, or is that of another log; then remove the folder.
    A copy that has expired, or is from the future, is opened: it answers nothing, and can be updated. Without a copy,
    every decision is unreachable until `update` has fetched one.
    """

    def __init__(self, copy, key, source=None, clock=time.time):
        self._source = None if source is None else _source(str(source))
        try:
            self._key = VerifierKey.parse(key)
        except NoteError as fault:
            raise Refused("bad-signature", str(fault)) from None
        self._copy = Path(copy)
        if isinstance(self._source, _Folder) and self._source.folder.resolve() == self._copy.resolve():
            raise ValueError("the copy needs a folder of its own")
        self._clock = clock
        self._lock = threading.Lock()
        self._opened = None
        for part in ("releases", "deltas"):
            (self._copy / part).mkdir(parents=True, exist_ok=True)
        self._remembered = self._load()

    def close(self):
        """Gives the files back. Nobody may ask any longer."""
        opened = self._opened
        self._opened = None
        if opened is not None:
            opened.index.close()

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        self.close()

    @property
    def catalog(self):
        """The catalogue that is used now; None if there is none."""
        opened = self._opened
        return None if opened is None else opened.catalog

    def _load(self):
        """Opens the copy, and returns the position and the time of the last catalogue that was accepted."""
        try:
            state = json.loads((self._copy / _STATE).read_text("utf-8"))
            remembered = (_number(state, "position"), _number(state, "issuedAt"))
            files = tuple(File.read(one, "from" in one) for one in _list(state, "files"))
            text = _text(state, "catalog")
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):
            raise Refused("tampered", "the state of the copy cannot be read") from None
        catalog = read_catalog(text.encode("utf-8"), self._key)
        self._refuse_older(catalog, remembered)
        self._opened = _Opened(catalog, files, self._index(catalog, files))
        return remembered

    @staticmethod
    def _refuse_older(catalog, remembered):
        if remembered is not None and (catalog.position < remembered[0] or catalog.issued_at < remembered[1]):
            raise Refused(
                "rolled-back",
                f"the catalogue is of {_times.write(_times.to_datetime(catalog.issued_at))} at position"
                f" {catalog.position}, and one of {_times.write(_times.to_datetime(remembered[1]))} at position"
                f" {remembered[0]} was accepted before",
            )

    def _now(self):
        return int(self._clock() * 1_000_000)

    def update(self):
        """Fetches the newest state, and returns its catalogue.

        Raises `Refused` if something is wrong; then the copy stays as it was.
        """
        if self._source is None:
            raise ValueError("an update needs the address or the folder of the snapshot")
        with self._lock:
            return self._update()

    def _update(self):
        catalog = read_catalog(self._fetch_catalog(), self._key)
        expiry = catalog.expiry(self._now())
        if expiry is not None:
            raise Refused("expired", expiry)
        self._refuse_older(catalog, self._remembered)
        before = self._opened
        have = () if before is None else before.files
        kept = () if any(_length(self._place(file)) != file.bytes for file in have) else have
        files = self._plan(catalog, kept)
        for file in files:
            self._fetch(file)
        index = self._index(catalog, files)
        try:
            self._remember(catalog, files)
        except OSError as fault:
            index.close()
            raise Refused("unreachable", f"the copy cannot be written: {fault}") from None
        self._remembered = (catalog.position, catalog.issued_at)
        self._opened = _Opened(catalog, files, index)
        # Another process may open the state before this one. Its files stay until the next update.
        self._sweep(files + have)
        return catalog

    @staticmethod
    def _plan(catalog, files):
        """Returns the files of the newest state, the oldest first: those of the copy and what follows, or new ones."""
        # If the registry began anew, for example after a restore, its changes do not follow from these files.
        if files and catalog.lists(files[-1]):
            following = catalog.path(files[-1].position)
            if following is not None and len(files) + len(following) <= MAX_FILES:
                return files + tuple(following)
            # The catalogue may have merged changes after the release of the copy.
            following = catalog.path(files[0].position) if catalog.lists(files[0]) else None
            if following is not None and len(following) < MAX_FILES:
                return files[:1] + tuple(following)
        if not catalog.releases:
            raise Refused("mixed", "the catalogue has no release")
        release = catalog.releases[0]
        following = catalog.path(release.position)
        if following is None:
            raise Refused("mixed", "the catalogue lacks changes after its release")
        return (release, *following)

    def _fetch_catalog(self):
        try:
            with self._source.open(_CATALOG) as stream:
                data = stream.read(MAX_CATALOG_BYTES + 1)
                promised = _promised(stream)
        except (OSError, http.client.HTTPException) as fault:
            raise Refused("unreachable", str(fault)) from None
        if promised is not None and len(data) < min(promised, MAX_CATALOG_BYTES + 1):
            raise Refused("unreachable", f"the connection was cut {promised - len(data)} bytes before the end")
        if len(data) > MAX_CATALOG_BYTES:
            raise Refused("unsupported", "the catalogue is too long")
        return data

    def _fetch(self, file):
        """Fetches a file that the copy has not. What an earlier call began is continued."""
        target = self._place(file)
        length = _length(target)
        if length == file.bytes and (self._is_open(file) or _sha256(target) == file.sha256):
            return
        if length is not None:
            # A registry that began anew may use a path again. Until the update is accepted, the old file is needed.
            target = self._own_place(file)
        unfinished = self._copy / (file.path + _UNFINISHED)
        have = _length(unfinished) or 0
        have = have if have < file.bytes else 0
        try:
            with self._source.open(file.path, have) as stream, open(unfinished, "ab" if have else "wb") as out:
                left = file.bytes - have
                while left > 0 and (chunk := stream.read(min(left, _BUFFER))):
                    out.write(chunk)
                    left -= len(chunk)
                longer = left == 0 and bool(stream.read(1))
        except FileNotFoundError:
            raise Refused("truncated", f"{file.path} is missing") from None
        except (OSError, http.client.HTTPException) as fault:
            raise Refused("unreachable", str(fault)) from None
        if longer:
            unfinished.unlink()
            raise Refused("truncated", f"{file.path} is longer than the catalogue says")
        if left > 0:
            raise Refused("truncated", f"{file.path} ends {left} bytes early")
        if _sha256(unfinished) != file.sha256:
            unfinished.unlink()
            if have:
                # What an earlier call began may be of a registry that has begun anew since.
                return self._fetch(file)
            raise Refused("tampered", f"{file.path} has another content than the catalogue says")
        os.replace(unfinished, target)

    def _place(self, file):
        """Returns the place of a file in the copy: one with its hash if the path was in use for another file."""
        own = self._own_place(file)
        return own if own.exists() else self._copy / file.path

    def _own_place(self, file):
        return self._copy / f"{file.path}.{file.sha256}"

    def _is_open(self, file):
        return self._opened is not None and file in self._opened.files

    def _index(self, catalog, files):
        """Opens the files, the oldest first, and compares their headers with the catalogue."""
        segments = []
        reached = None
        try:
            for file in files:
                segment = self._segment(file)
                segments.append(segment)
                if segment.log != catalog.log or segment.position != file.position or file.start != reached:
                    raise Refused("mixed", f"{file.path} does not belong to this snapshot")
                reached = file.position
            if reached != catalog.position:
                raise Refused("mixed", f"the files do not reach position {catalog.position}")
            return Index(reversed(segments))
        except (Refused, DamagedSegment) as fault:
            for segment in segments:
                segment.close()
            if isinstance(fault, DamagedSegment):
                raise Refused("tampered", str(fault)) from None
            raise

    def _segment(self, file):
        path = self._place(file)
        length = _length(path)
        if length is None:
            raise Refused("truncated", f"{file.path} is missing")
        if length != file.bytes:
            raise Refused("truncated", f"{file.path} has {length} bytes and should have {file.bytes}")
        try:
            # The hash of the whole file was checked when it was fetched.
            return Segment(path, check_sections=False)
        except DamagedSegment as fault:
            raise Refused("unsupported" if fault.needs_newer else "tampered", f"{file.path}: {fault}") from None
        except OSError as fault:
            raise Refused("unreachable", str(fault)) from None

    def verify(self):
        """Checks every byte of the copy. Raises `Refused`."""
        opened = self._opened
        if opened is None:
            raise Refused("unreachable", "there is no copy yet")
        for file in opened.files:
            path = self._place(file)
            if _length(path) != file.bytes:
                raise Refused("truncated", f"{file.path} is missing or has another length")
            if _sha256(path) != file.sha256:
                raise Refused("tampered", f"{file.path} has another content than the catalogue says")
        expiry = opened.catalog.expiry(self._now())
        if expiry is not None:
            raise Refused("expired", expiry)
        return opened.catalog

    def _remember(self, catalog, files):
        """Writes the state of the copy. One file has all of it, so it is the old or the new one, whatever happens."""
        state = {
            "position": catalog.position,
            "issuedAt": catalog.issued_at,
            "files": [file.tree() for file in files],
            "catalog": catalog.text,
        }
        unfinished = self._copy / (_STATE + _UNFINISHED)
        with open(unfinished, "w", encoding="utf-8") as out:
            json.dump(state, out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(unfinished, self._copy / _STATE)

    def _sweep(self, files):
        used = {self._place(file) for file in files}
        for part in ("releases", "deltas"):
            for path in (self._copy / part).iterdir():
                if path not in used:
                    try:
                        path.unlink()
                    except OSError:
                        pass  # Another process reads it. The next update removes it.

    # ---- Answers

    def check(self, work, uses=policy.DEFAULT_USES):
        """Returns the decision about one work.

        `work` is a subject, a link or a number, or a list of everything that is known of the work, its creators
        included. This never raises because of the work or the copy: what is not known is not allowed.
        """
        return self.check_all([work], uses)[0]

    def check_all(self, works, uses=policy.DEFAULT_USES):
        """Returns the decisions about many works, in their order, all for one moment."""
        uses = tuple(uses)
        if not uses or any(use not in verdicts.USES for use in uses):
            raise ValueError("not a list of uses")
        opened = self._opened
        moment = self._now()
        return [self._check(work, uses, opened, moment) for work in works]

    def _check(self, given, uses, opened, moment):
        work = Work.read(given)
        at = _times.to_datetime(moment)
        if opened is None:
            return policy.nothing(policy.UNREACHABLE, work.name, "there is no copy yet", at)
        expiry = opened.catalog.expiry(moment)
        if expiry is not None:
            return policy.nothing(policy.EXPIRED, work.name, expiry, at)
        if work.fault is not None:
            return policy.nothing(policy.UNREADABLE, work.name, work.fault, at)
        try:
            known = known_answer(work)
            if known is not None:
                return _of_known(known, work, uses, moment, opened.index.position)
            judgement, matches = opened.index.judge(work.subjects, uses, moment)
        except subjects.MalformedSubject as fault:
            return policy.nothing(policy.UNREADABLE, work.name, fault.detail, at)
        except (DamagedSegment, ValueError, IndexError, struct.error, OSError) as fault:
            # Somebody changed or closed a file.
            return policy.nothing(policy.UNREACHABLE, work.name, str(fault), at)
        matched = next((matches[one.statement].subject for one in judgement.assessments if one.decides), None)
        return policy.of_judgement(judgement, work.name, matched, opened.index.position, at)


def _of_known(known, work, uses, moment, position):
    at = _times.to_datetime(moment)
    if known.stances is None:
        return policy.nothing(policy.UNREACHABLE, work.name, "this is a test: it is always answered so", at)
    return policy.of_judgement(known.judge(uses, moment), work.name, None, position, at)


def _length(path):
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
