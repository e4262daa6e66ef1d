"""The client of Ask First, a registry of opt-outs and permissions.

`Snapshot` answers from a copy, and nobody learns what it was asked. `Filter` has a smaller copy, and asks a registry
about the works that it may know. `Online` asks a registry about all works. Each gives a `Decision`, and only a decision
that is `allowed` is permission.
"""

from ._version import VERSION as __version__

from .filter import Filter
from .online import Online
from .policy import Decision
from .snapshot import Refused, Snapshot
from .subjects import MalformedSubject, Subject, parse, recognise

__all__ = [
    "Decision",
    "Filter",
    "MalformedSubject",
    "Online",
    "Refused",
    "Snapshot",
    "Subject",
    "__version__",
    "parse",
    "recognise",
]
