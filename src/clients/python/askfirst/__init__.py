"""The client of Ask First, a registry of opt-outs and permissions.

`Snapshot` answers from a copy, and nobody learns what it was asked. `Online` asks a registry. Both give a `Decision`,
and only a decision that is `allowed` is permission.
"""

from ._version import VERSION as __version__

from .online import Online
from .policy import Decision
from .snapshot import Refused, Snapshot
from .subjects import MalformedSubject, Subject, parse, recognise

__all__ = [
    "Decision",
    "MalformedSubject",
    "Online",
    "Refused",
    "Snapshot",
    "Subject",
    "__version__",
    "parse",
    "recognise",
]
