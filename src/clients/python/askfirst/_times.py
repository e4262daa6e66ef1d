"""Times as RFC 3339 and as whole microseconds since 1970."""

import re
from datetime import datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z", re.A)


def parse(text):
    """Returns the microseconds of a time in UTC. Raises `ValueError`."""
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise ValueError("not a time")
    moment = datetime.fromisoformat(match.group(1)).replace(tzinfo=timezone.utc)
    return (moment - _EPOCH) // timedelta(microseconds=1) + int((match.group(2) or "").ljust(6, "0")[:6])


def to_datetime(micros):
    return _EPOCH + timedelta(microseconds=micros)


def write(moment):
    """Returns the time as text, with milliseconds."""
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
