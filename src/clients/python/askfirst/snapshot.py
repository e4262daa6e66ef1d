"""A copy of a registry's snapshot, from which anybody gets answers. Nobody learns what was asked.

The format is docs/formats/snapshot.md. `Snapshot.update` fetches what has changed and refuses whatever that page tells
to refuse. The copy stays usable until its catalogue expires, also if updates are refused.

    snapshot = Snapshot("/var/lib/askfirst", key, "https://registry.example/snapshot/")
    snapshot.update()
    if snapshot.check("https://example.com/art/1.png", ["ai-training"]).allowed:
        ...
"""

import struct
import time

from . import _times, policy, subjects
from ._catalog import MAX_FILES, REFUSALS, SEGMENT, Refused
from ._copy import Copy
from ._sources import PATIENCE
from .segment import DamagedSegment, Index, Segment

__all__ = ["MAX_FILES", "REFUSALS", "Refused", "Snapshot"]


class Snapshot(Copy):
    """A copy of a snapshot in a folder of this machine. Any number of threads may ask it.

    `copy` is the folder of the copy, which is created, `key` the verifier key of the log as /log/verifier-key has it,
    from somebody you trust, and `source` the address or the directory of the snapshot, which only `update` needs.
    `patience` is the number of seconds without progress after which a server is given up; for as long an update waits
    for the one of another process.

    A copy that exists is opened. Raises `Refused` if its state was changed, or is that of another log; then remove the
    folder. A copy whose files are damaged is opened, and so is one that has expired or is from the future: it answers
    nothing, and can be updated. Without a copy, every decision is unreachable until `update` has fetched one.
    """

    _kind = SEGMENT

    def __init__(self, copy, key, source=None, clock=time.time, patience=PATIENCE):
        super().__init__(copy, key, source, clock, patience)

    def _open_file(self, file, path):
        try:
            # The hash of the whole file was checked when it was fetched.
            return Segment(path, check_sections=False)
        except DamagedSegment as fault:
            raise Refused("unsupported" if fault.needs_newer else "tampered", f"{file.path}: {fault}") from None

    def _together(self, files):
        try:
            return Index(files)
        except DamagedSegment as fault:
            raise Refused("tampered", str(fault)) from None

    def _answers(self, works, uses, index, moment):
        return [self._answer(work, uses, index, moment) for work in works]

    def _answer(self, work, uses, index, moment):
        at = _times.to_datetime(moment)
        try:
            judgement, matches = index.judge(work.subjects, uses, moment)
        except subjects.MalformedSubject as fault:
            return policy.nothing(policy.UNREADABLE, work.name, fault.detail, at)
        except (DamagedSegment, ValueError, IndexError, struct.error, OSError) as fault:
            # Somebody changed or closed a file.
            self._is_suspect = True
            return policy.nothing(policy.UNREACHABLE, work.name, str(fault), at)
        matched = next((matches[one.statement].subject for one in judgement.assessments if one.decides), None)
        return policy.of_judgement(judgement, work.name, matched, index.position, at)
