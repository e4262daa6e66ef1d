"""A copy of a registry's filters. With about two bytes a key, they show for most works that nothing is declared.

The format is docs/formats/filter.md. If a filter has a key of a work, the registry is asked for the range of that key,
and learns its first six digits (docs/formats/range.md). It learns nothing about the other works.

    filter = Filter("/var/lib/askfirst", key, Online("https://registry.example"), "https://registry.example/snapshot/")
    filter.update()
    if filter.check("https://example.com/art/1.png", ["ai-training"]).allowed:
        ...
"""

import mmap
import os
import struct
import sys
import threading
import time
from array import array
from bisect import bisect_left
from itertools import chain

from . import _catalog, _times, policy, subjects, verdicts
from ._catalog import Refused
from ._copy import Copy, sha256
from ._sources import PATIENCE
from .online import Failed, Ranges, judge_ranges

VERSION = 1

_MAGIC = b"AskFiltr"
_HEADER = struct.Struct("<8sIIQQQII")
_FUSE_HEADER = struct.Struct("<QIIIII")
_FUSE = 0
_LIST = 1
_LONGEST_SEGMENT = 1 << 18
_LONGEST_TEXT = 1000
_MASK = (1 << 64) - 1
_VALUE_BITS = 48
_WORD = 8


class DamagedFilter(Exception):
    """The file is no filter, is damaged, or needs a newer client (`needs_newer`)."""

    def __init__(self, detail, needs_newer=False):
        super().__init__(detail)
        self.needs_newer = needs_newer


class FilterFile:
    """One file, mapped into memory: that of a release, which has a fuse filter, or that of changes, which has a list.

    `start` is the position after which the changes begin; None in a release. Raises `DamagedFilter` if the file cannot
    be read by this client. Any number of threads may ask it.
    """

    def __init__(self, path):
        with open(path, "rb") as file:
            self._length = os.fstat(file.fileno()).st_size
            if self._length < _HEADER.size:
                raise DamagedFilter("it is not a filter")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._fingerprints = None
        self.values = array("Q")
        """The top 48 bits of the hashes of changes, sorted."""
        try:
            self._read()
        except (UnicodeDecodeError, struct.error):
            self.close()
            raise DamagedFilter("its header is damaged") from None
        except BaseException:
            self.close()
            raise

    def close(self):
        if isinstance(self._fingerprints, memoryview):
            self._fingerprints.release()
        self._map.close()

    def _read(self):
        magic, version, form, self.position, start, self.count, rules, reserved = _HEADER.unpack_from(self._map)
        if magic != _MAGIC:
            raise DamagedFilter("it is not a filter")
        if version != VERSION:
            raise DamagedFilter(f"it has version {version}, and this client reads version {VERSION}", True)
        if rules != verdicts.RULES:
            raise DamagedFilter(
                f"it is for version {rules} of the rules, and this client judges by {verdicts.RULES}", True
            )
        is_possible = start == 0 if form == _FUSE else form == _LIST and start <= self.position
        if reserved != 0 or not is_possible:
            raise DamagedFilter("its header has impossible numbers")
        self.start = None if form == _FUSE else start
        at = _HEADER.size
        texts = []
        for _ in range(2):
            size = struct.unpack_from("<I", self._map, at)[0]
            at += 4 + size
            if size > _LONGEST_TEXT or at > self._length:
                raise DamagedFilter("a text of its header is too long")
            texts.append(self._map[at - size : at].decode("utf-8"))
        self.log, self.public_suffixes = texts
        body = (at + _WORD - 1) // _WORD * _WORD
        if body > self._length or any(self._map[at:body]):
            raise DamagedFilter("its header is damaged")
        if form == _FUSE:
            self._read_fuse(body)
        else:
            self._read_list(body)

    def _read_fuse(self, at):
        if self.count == 0:
            if at != self._length:
                raise DamagedFilter(f"it has {self._length} bytes and should have {at}")
            return
        self._seed, size, segment, segments, self._reach, length = _FUSE_HEADER.unpack_from(self._map, at)
        at += _FUSE_HEADER.size
        if at + 2 * length != self._length:
            raise DamagedFilter(f"it has {self._length} bytes and should have {at + 2 * length}")
        # Then each slot is inside the array.
        if (
            not 0 < segment <= _LONGEST_SEGMENT
            or segment & segment - 1
            or segments == 0
            or self._reach != segments * segment
            or length != self._reach + 2 * segment
            or size != self.count
            or size > length
        ):
            raise DamagedFilter("its fuse filter has impossible numbers")
        self._segment = segment
        if sys.byteorder == "little":
            with memoryview(self._map) as whole:
                self._fingerprints = whole[at:].cast("H")
        else:
            self._fingerprints = array("H", self._map[at:])
            self._fingerprints.byteswap()

    def _read_list(self, at):
        if at >= self._length:
            raise DamagedFilter("its list is damaged")
        low_bits = self._map[at]
        at += 1
        # The least that the values need bounds their number before anything is allocated.
        if low_bits >= _VALUE_BITS or self.count * (low_bits + 1) > 8 * (self._length - at):
            raise DamagedFilter("its list is damaged")
        values = array("Q", bytes(_WORD * self.count))
        low_mask = (1 << low_bits) - 1
        bits = 0
        have = 0
        last = -1
        for i in range(self.count):
            high = 0
            while True:
                # A few bytes at a time, so that shifts are cheap.
                if have < 64 and at < self._length:
                    more = self._map[at : at + 64]
                    at += len(more)
                    bits |= int.from_bytes(more, "little") << have
                    have += 8 * len(more)
                ones = (~bits & bits + 1).bit_length() - 1
                if ones < have:
                    break
                high += have
                bits = have = 0
                if at >= self._length:
                    raise DamagedFilter("its list ends early")
            high += ones
            bits >>= ones + 1
            have -= ones + 1
            if have < low_bits:
                more = self._map[at : at + 64]
                at += len(more)
                bits |= int.from_bytes(more, "little") << have
                have += 8 * len(more)
                if have < low_bits:
                    raise DamagedFilter("its list ends early")
            last += 1 + (high << low_bits | bits & low_mask)
            if last >> _VALUE_BITS:
                raise DamagedFilter("its list has a value that is too large")
            bits >>= low_bits
            have -= low_bits
            values[i] = last
        if at != self._length or have >= 8 or bits:
            raise DamagedFilter("its list is longer than its values")
        self.values = values

    def has(self, hash):
        """Returns true if a release may have a hash of 64 bits; false means that it has not."""
        fingerprints = self._fingerprints
        if fingerprints is None:
            return False
        hash = hash + self._seed & _MASK
        hash ^= hash >> 33
        hash = hash * 0xFF51AFD7ED558CCD & _MASK
        hash ^= hash >> 33
        hash = hash * 0xC4CEB9FE1A85EC53 & _MASK
        hash ^= hash >> 33
        segment = self._segment
        first = hash * self._reach >> 64
        second = first + segment ^ hash >> 18 & segment - 1
        third = first + 2 * segment ^ hash & segment - 1
        return (hash ^ hash >> 32) & 0xFFFF == fingerprints[first] ^ fingerprints[second] ^ fingerprints[third]


class Filters:
    """A release and the changes after it as one filter. `files` are the newest first."""

    def __init__(self, files):
        self._files = files
        self._release = files[-1]
        self.position = files[0].position
        self.log = files[0].log
        changes = [file.values for file in files[:-1] if file.values]
        self._changes = changes[0] if len(changes) == 1 else array("Q", sorted(chain(*changes)))
        # Site prefilters depend on the public suffix list, so one from another list says nothing.
        self._prefiltered = all(file.public_suffixes == subjects.public_suffixes_version() for file in files)

    def close(self):
        for file in self._files:
            file.close()

    def has(self, key):
        """Returns true if something may be declared under a key, or if it is a site prefilter that is present."""
        hash = int.from_bytes(key[:8], "big")
        if self._release.has(hash):
            return True
        value = hash >> 16
        at = bisect_left(self._changes, value)
        return at < len(self._changes) and self._changes[at] == value

    def may_reach(self, subject):
        """Returns false if the filter of its site tells that nothing reaches a subject."""
        prefilter = subject.site_prefilter() if self._prefiltered else None
        return prefilter is None or self.has(prefilter)


class Filter(Copy):
    """A copy of the filters of a registry, in a folder of this machine. Any number of threads may ask it.

    `registry` is the `Online` that is asked for the ranges of keys which the filter has; one thread at a time asks it.
    Without it, a decision about such a work is unreachable. The other arguments, the updates and the refusals are those
    of `Snapshot`, which needs another folder.
    """

    _kind = _catalog.FILTER

    def __init__(self, copy, key, registry=None, source=None, clock=time.time, patience=PATIENCE):
        super().__init__(copy, key, source, clock, patience)
        self._registry = registry
        self._asking = threading.Lock()

    def _open_file(self, file, path):
        # A filter has no checksums of its own.
        if sha256(path) != file.sha256:
            raise Refused("tampered", f"{file.path} has another content than the catalogue says")
        try:
            found = FilterFile(path)
        except DamagedFilter as fault:
            raise Refused("unsupported" if fault.needs_newer else "tampered", f"{file.path}: {fault}") from None
        if found.start != file.start:
            found.close()
            raise Refused("mixed", f"{file.path} has other changes than the catalogue says")
        return found

    def _together(self, files):
        return Filters(files)

    def _is_outgrown(self, files, catalog):
        # Lists of changes keep what was withdrawn, so a release takes their place when they are longer than one.
        release, *changes = files
        return sum(file.bytes for file in changes) > release.bytes and catalog.releases[0].position > release.position

    def _answers(self, works, uses, index, moment):
        at = _times.to_datetime(moment)
        decisions = [None] * len(works)
        asked = {}
        for place, work in enumerate(works):
            try:
                reached = [subject.expand() for subject in work.subjects if index.may_reach(subject)]
                keys = {entry.key for one in reached for entry in one.entries if index.has(entry.key)}
            except subjects.MalformedSubject as fault:
                decisions[place] = policy.nothing(policy.UNREADABLE, work.name, fault.detail, at)
                continue
            except (ValueError, IndexError, OSError) as fault:
                # Somebody changed or closed a file.
                self._is_suspect = True
                decisions[place] = policy.nothing(policy.UNREACHABLE, work.name, str(fault), at)
                continue
            if keys:
                asked[place] = (reached, keys)
            else:
                decisions[place] = judge_ranges(work, [], {}, uses, moment, index.position)
        if asked:
            with self._asking:
                self._ask(works, uses, index, moment, asked, decisions)
        return decisions

    def _ask(self, works, uses, index, moment, asked, decisions):
        """Decides about works of which the filter has keys; `asked` has the expansions and the keys by their places."""
        ranges = Ranges(self._registry, index.position, index.log)
        ranges.ask({key for _, keys in asked.values() for key in keys})

        def decide(place, judge, *arguments):
            try:
                decisions[place] = judge(works[place], *arguments, uses, moment)
            except Failed as fault:
                at = _times.to_datetime(moment)
                decisions[place] = policy.nothing(policy.UNREACHABLE, works[place].name, str(fault), at)

        for place, (reached, keys) in asked.items():
            decide(place, ranges.judge, reached, keys)
        # An answer of the registry is newer than the filter. Meanwhile a reservation may have moved from a key that was
        # asked to one that the filter lacks. So a permission is confirmed with all keys that may reach the work.
        allowed = {
            place: [subject.expand() for subject in works[place].subjects]
            for place in asked
            if verdicts.ALLOW in decisions[place].uses.values()
        }
        # Together and in random order, so that their order does not tell which keys belong together.
        ranges.ask({entry.key for reached in allowed.values() for one in reached for entry in one.entries})
        for place, reached in allowed.items():
            decide(place, ranges.settle, reached)
