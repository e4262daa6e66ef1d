"""A copy of the files of a snapshot, in a folder of this machine (docs/formats/snapshot.md)."""

import hashlib
import http.client
import json
import os
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from . import _sources, _times, policy, verdicts
from ._catalog import FILTER, MAX_FILES, Catalog, File, Refused, list_of, number_of, read_catalog, text_of
from ._notes import NoteError, VerifierKey
from ._works import Work, known_answer
from .subjects import MalformedSubject

try:
    import fcntl
except ImportError:  # On Windows.
    fcntl = None
    import msvcrt

MAX_CATALOG_BYTES = 4 << 20
FOLDER = "askfirst-copy-python"
"""The default folder. Copies of other clients have another format, so they need another folder."""

_CATALOG = "catalog.json"
_STATE = "state.json"
_OWN = {"position", "issuedAt"}
_LOCK = "lock"
_UNFINISHED = ".unfinished"
_POLL = 0.05


class Opened(NamedTuple):
    """The files that answer."""

    catalog: Catalog
    files: tuple
    marks: tuple
    """For each file its path, and its number, length and time of change on the disk when it was opened."""
    index: object


class Copy:
    """A copy of the files of one kind in a folder. Any number of threads may ask it.

    One process updates a copy at a time; the others wait. A file of the copy that was damaged answers nothing, and the
    next update fetches it again.

    A subclass has the kind of its files, and the methods `_open_file`, `_together` and `_answers`.
    """

    _kind: str

    def __init__(self, copy, key, source, clock, patience):
        self._patience = patience
        self._source = None if source is None else _sources.source(str(source), patience)
        try:
            self._key = VerifierKey.parse(key)
        except NoteError as fault:
            raise Refused("bad-signature", str(fault)) from None
        self._copy = Path(copy)
        if isinstance(self._source, _sources.Folder) and self._source.folder.resolve() == self._copy.resolve():
            raise ValueError("the copy needs a folder of its own")
        self._clock = clock
        self._lock = threading.Lock()
        self._opened = None
        self._text = None
        self._remembered = None
        self._files = ()
        # The times of change of the files whose SHA-256 was found right, by their paths and hashes.
        self._checked = {}
        self._is_suspect = False
        self._damage = None
        for part in ("releases", "deltas"):
            (self._copy / part).mkdir(parents=True, exist_ok=True)
        self._load()

    def close(self):
        """Gives the files back. Nobody may ask any longer."""
        self._replace(None)

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        self.close()

    @property
    def catalog(self):
        """The catalogue that is used now; None if there is none, or if a file of the copy is damaged."""
        opened = self._opened
        return None if opened is None else opened.catalog

    @property
    def damage(self):
        """The refusal of the files of the copy; None if they are used, or if there are none."""
        return self._damage

    def _now(self):
        return int(self._clock() * 1_000_000)

    def _replace(self, opened):
        """Closes the files that answer, and uses others."""
        before, self._opened = self._opened, opened
        if before is not None:
            before.index.close()

    # ---- The state

    def _load(self):
        """Opens the copy, unless its state is the known one: another process may have updated it.

        A state that is older than the known one is refused, and what is known stays: somebody put an old folder back.
        """
        try:
            text = (self._copy / _STATE).read_text("utf-8")
        except FileNotFoundError:
            return
        except ValueError:
            raise Refused("tampered", "the state of the copy cannot be read") from None
        if text == self._text:
            return
        try:
            state = json.loads(text)
            if isinstance(state, dict) and "catalog" in state and not _OWN <= state.keys():
                raise Refused("unsupported", "another client made this folder; this one needs a folder of its own")
            remembered = (number_of(state, "position"), number_of(state, "issuedAt"))
            files = tuple(File.read(one, "from" in one, self._kind) for one in list_of(state, "files"))
            catalog_text = text_of(state, "catalog")
            checked = state.get("checked")
        except (ValueError, TypeError, RecursionError):
            raise Refused(
                "tampered", f"the state of the copy cannot be read, or its files are no {self._kind}s"
            ) from None
        catalog = read_catalog(catalog_text.encode("utf-8"), self._key, self._kind)
        self._refuse_older(catalog, remembered)
        try:
            self._refuse_older(catalog, self._remembered)
        except Refused as older:
            hint = f"an older state was put into the folder; remove its {_STATE}, and update again: {older.detail}"
            raise Refused(older.name, hint) from None
        self._text = text
        self._remembered = (catalog.position, catalog.issued_at)
        self._files = files
        if isinstance(checked, dict):
            self._checked.update(checked)
        self._damage = None
        try:
            for file in files:
                self._require_sound(file)
            self._opened = self._open(catalog, files)
        except Refused as damage:
            self._replace(None)
            self._damage = damage
            self._is_suspect = True

    def require_successor_of(self, earlier):
        """Refuses this copy, which was opened again, if an earlier one of the same folder was newer."""
        if self.catalog is not None:
            self._refuse_older(self.catalog, earlier._remembered)

    @staticmethod
    def _refuse_older(catalog, remembered):
        if remembered is not None and (catalog.position < remembered[0] or catalog.issued_at < remembered[1]):
            raise Refused(
                "rolled-back",
                f"the catalogue is of {_times.write(_times.to_datetime(catalog.issued_at))} at position"
                f" {catalog.position}, and one of {_times.write(_times.to_datetime(remembered[1]))} at position"
                f" {remembered[0]} was accepted before",
            )

    def _remember(self, catalog, files):
        """Writes the state of the copy. One file has all of it, so it is the old or the new one, whatever happens."""
        checked = {_name(file): self._checked[_name(file)] for file in files}
        text = json.dumps(
            {
                "position": catalog.position,
                "issuedAt": catalog.issued_at,
                "files": [file.tree() for file in files],
                "checked": checked,
                "catalog": catalog.text,
            }
        )
        write_in_one_step(self._copy / _STATE, text)
        self._text = text
        self._remembered = (catalog.position, catalog.issued_at)
        self._files = files
        self._checked = checked

    # ---- Updates

    def update(self):
        """Fetches the newest state, and returns its catalogue.

        Raises `Refused` if something is wrong; then the copy stays as it was.
        """
        if self._source is None:
            raise ValueError("an update needs the address or the folder of the snapshot")
        with self._lock, _alone(self._copy / _LOCK, self._patience):
            return self._update()

    def _update(self):
        self._load()
        catalog = read_catalog(self._fetch_catalog(), self._key, self._kind)
        expiry = catalog.expiry(self._now())
        if expiry is not None:
            raise Refused("expired", expiry)
        self._refuse_older(catalog, self._remembered)
        self._intact()
        if self._is_suspect:
            self._checked.clear()
            self._is_suspect = False
        before = self._files
        files = self._plan(catalog, self._usable())
        if self._is_outgrown(files, catalog):
            files = self._plan(catalog, ())
        try:
            for file in files:
                self._fetch(file)
            opened = self._open(catalog, files)
        except OSError as fault:
            raise Refused("unreachable", f"the copy cannot be written: {fault}") from None
        except Refused:
            self._is_suspect = True
            raise
        try:
            self._remember(catalog, files)
        except OSError as fault:
            opened.index.close()
            raise Refused("unreachable", f"the copy cannot be written: {fault}") from None
        # Another thread may ask the files of before, so they are not closed here.
        self._opened = opened
        self._damage = None
        # Another process may open the state before this one. Its files stay until the next update.
        self._sweep(files + before)
        return catalog

    def _usable(self):
        """Returns the files of the state up to the first one that is missing or damaged."""
        if self._damage is not None and self._damage.name == "mixed":
            return ()
        for i, file in enumerate(self._files):
            if not self._is_sound(file):
                return self._files[:i]
        return self._files

    def _plan(self, catalog, files):
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
            if self._kind == FILTER:
                raise Refused("unsupported", "the catalogue has no filters")
            raise Refused("mixed", "the catalogue has no release")
        release = catalog.releases[0]
        following = catalog.path(release.position)
        if following is None:
            raise Refused("mixed", "the catalogue lacks changes after its release")
        return (release, *following)

    def _is_outgrown(self, files, catalog):
        """Returns true if the latest release should take the place of files."""
        return False

    def _fetch_catalog(self):
        try:
            with self._source.open(_CATALOG) as stream:
                data = _sources.read_all(stream, MAX_CATALOG_BYTES + 1, self._patience)
        except (OSError, http.client.HTTPException) as fault:
            raise Refused("unreachable", str(fault)) from None
        if len(data) > MAX_CATALOG_BYTES:
            raise Refused("unsupported", "the catalogue is too long")
        return data

    def _fetch(self, file):
        """Fetches a file that the copy has not, or that is damaged. What an earlier call began is continued."""
        if self._is_sound(file):
            return
        target = self._place(file)
        if any(one.path == file.path and one.sha256 != file.sha256 for one in self._files):
            # A registry that began anew may use a path again. Until the update is accepted, the old file is needed.
            target = self._own_place(file)
        unfinished = self._copy / (file.path + _UNFINISHED)
        have = _length(unfinished) or 0
        have = have if have < file.bytes else 0
        try:
            with self._source.open(file.path, have) as stream, open(unfinished, "ab" if have else "wb") as out:
                left = file.bytes - have
                for chunk in _sources.chunks(stream, left, self._patience):
                    out.write(chunk)
                    left -= len(chunk)
                longer = left == 0 and bool(stream.read1(1))
                _sync(out)
        except FileNotFoundError:
            raise Refused("truncated", f"{file.path} is missing") from None
        except (OSError, http.client.HTTPException) as fault:
            raise Refused("unreachable", str(fault)) from None
        if longer:
            unfinished.unlink()
            raise Refused("truncated", f"{file.path} is longer than the catalogue says")
        if left > 0:
            raise Refused("truncated", f"{file.path} ends {left} bytes early")
        if sha256(unfinished) != file.sha256:
            unfinished.unlink()
            if have:
                # What an earlier call began may be of a registry that has begun anew since.
                return self._fetch(file)
            raise Refused("tampered", f"{file.path} has another content than the catalogue says")
        os.replace(unfinished, target)
        self._checked[_name(file)] = target.stat().st_mtime_ns

    def _sweep(self, files):
        used = {self._place(file) for file in files}
        for part in ("releases", "deltas"):
            for path in (self._copy / part).iterdir():
                if path not in used:
                    try:
                        path.unlink()
                    except OSError:
                        pass  # Another process reads it. The next update removes it.

    # ---- Files

    def _place(self, file):
        """Returns the place of a file in the copy: one with its hash if the path was in use for another file."""
        own = self._own_place(file)
        return own if own.exists() else self._copy / file.path

    def _own_place(self, file):
        return self._copy / f"{file.path}.{file.sha256}"

    def _is_sound(self, file):
        try:
            self._require_sound(file)
            return True
        except Refused:
            return False

    def _require_sound(self, file):
        """Refuses a file that is missing or damaged. Its SHA-256 is computed only if the file has changed since."""
        path = self._place(file)
        try:
            status = path.stat()
            if status.st_size != file.bytes:
                raise Refused("truncated", f"{file.path} has {status.st_size} bytes and should have {file.bytes}")
            if self._checked.get(_name(file)) == status.st_mtime_ns:
                return
            if sha256(path) != file.sha256:
                raise Refused("tampered", f"{file.path} has another content than the catalogue says")
        except FileNotFoundError:
            raise Refused("truncated", f"{file.path} is missing") from None
        except OSError as fault:
            raise Refused("unreachable", str(fault)) from None
        self._checked[_name(file)] = status.st_mtime_ns

    def _open(self, catalog, files):
        """Opens the files, the oldest first, and compares their headers with the catalogue."""
        opened = []
        marks = []
        reached = None
        try:
            for file in files:
                path = self._place(file)
                marks.append((str(path), _mark(path)))
                one = self._open_file(file, path)
                opened.append(one)
                if one.log != catalog.log or one.position != file.position or file.start != reached:
                    raise Refused("mixed", f"{file.path} does not belong to this snapshot")
                reached = file.position
            if reached != catalog.position:
                raise Refused("mixed", f"the files do not reach position {catalog.position}")
            return Opened(catalog, files, tuple(marks), self._together(opened[::-1]))
        except BaseException as fault:
            for one in opened:
                one.close()
            if isinstance(fault, OSError):
                raise Refused("unreachable", str(fault)) from None
            raise

    def _open_file(self, file, path):
        """Opens a file, which has a name of its log, a position and `close`. Raises `Refused`, or `OSError`."""
        raise NotImplementedError

    def _together(self, files):
        """Returns the index of files that are open, the newest first; it has a position and `close`."""
        raise NotImplementedError

    def _intact(self):
        """Returns the files that answer; None if there are none, or if one was changed since it was opened."""
        opened = self._opened
        if opened is None:
            return None
        for path, mark in opened.marks:
            try:
                now = _mark(path)
            except OSError:
                # A file that was removed stays as it is for those that have opened it. Another failure, such as too
                # many open files, says nothing about this one.
                continue
            # Another file of that name is none of ours.
            if now[0] == mark[0] and now != mark:
                self._damage = Refused("tampered", f"{path} was changed; update the copy")
                if self._opened is opened:
                    self._replace(None)
                return None
        return opened

    def verify(self):
        """Checks every byte of the copy. Raises `Refused`."""
        opened = self._opened
        if opened is None:
            raise self._damage or Refused("unreachable", "there is no copy yet")
        for file in opened.files:
            path = self._place(file)
            if _length(path) != file.bytes:
                self._is_suspect = True
                raise Refused("truncated", f"{file.path} is missing or has another length")
            if sha256(path) != file.sha256:
                self._is_suspect = True
                raise Refused("tampered", f"{file.path} has another content than the catalogue says")
        expiry = opened.catalog.expiry(self._now())
        if expiry is not None:
            raise Refused("expired", expiry)
        return opened.catalog

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
        opened = self._intact()
        moment = self._now()
        works = [Work.read(work) for work in works]
        decisions = [self._without_files(work, uses, opened, moment) for work in works]
        asked = [place for place, decision in enumerate(decisions) if decision is None]
        if asked:
            answers = self._answers([works[place] for place in asked], uses, opened.index, moment)
            # The answers of a registry may have taken long.
            late = opened.catalog.expiry(self._now())
            for place, decision in zip(asked, answers, strict=True):
                decisions[place] = decision
                if late is not None:
                    decisions[place] = policy.nothing(policy.EXPIRED, works[place].name, late, decision.checked_at)
        return decisions

    def _without_files(self, work, uses, opened, moment):
        """Returns the decision that no file is needed for; None if the files have to answer."""
        at = _times.to_datetime(moment)
        if opened is None:
            detail = "there is no copy yet" if self._damage is None else str(self._damage)
            return policy.nothing(policy.UNREACHABLE, work.name, detail, at)
        expiry = opened.catalog.expiry(moment)
        if expiry is not None:
            return policy.nothing(policy.EXPIRED, work.name, expiry, at)
        if work.fault is not None:
            return policy.nothing(policy.UNREADABLE, work.name, work.fault, at)
        try:
            known = known_answer(work)
        except MalformedSubject as fault:
            return policy.nothing(policy.UNREADABLE, work.name, fault.detail, at)
        return None if known is None else known.decision(work, uses, moment)

    def _answers(self, works, uses, index, moment):
        """Returns the decisions about works that can be read, in their order."""
        raise NotImplementedError


@contextmanager
def _alone(path, patience):
    """Waits until no other process updates the copy. The system gives the lock back if a process ends.

    The file stays: a process that waits has opened it already.
    """
    try:
        file = open(path, "ab")
    except OSError as fault:
        raise Refused("unreachable", f"the copy cannot be written: {fault}") from None
    with file:
        deadline = time.monotonic() + patience
        while not _is_locked(file):
            if time.monotonic() >= deadline:
                raise Refused("unreachable", f"another process updates the copy, and holds {path}")
            time.sleep(_POLL)
        try:
            yield
        finally:
            if fcntl is None:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)


def _is_locked(file):
    """Takes the lock; returns false if another process, or another copy in this one, has it."""
    try:
        if fcntl is None:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except (BlockingIOError, PermissionError):
        return False
    except OSError as fault:
        raise Refused("unreachable", f"the copy cannot be locked: {fault}") from None


def _name(file):
    return f"{file.path} {file.sha256}"


def _mark(path):
    status = os.stat(path)
    return status.st_ino, status.st_size, status.st_mtime_ns


def _sync(out):
    out.flush()
    os.fsync(out.fileno())


def write_in_one_step(path, text, suffix=_UNFINISHED):
    """Writes a file, so that it has the old or the new text, whatever happens.

    It is written under a name with the suffix first. Two that write at the same time need another suffix each.
    """
    unfinished = path.with_name(path.name + suffix)
    with open(unfinished, "w", encoding="utf-8") as out:
        out.write(text)
        _sync(out)
    os.replace(unfinished, path)


def _length(path):
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def sha256(path):
    """Returns the SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
