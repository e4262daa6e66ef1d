"""Places of files that are not trusted: folders and web servers.

A server that stalls, or that sends almost nothing, is given up after some seconds, which are called patience here.
"""

import functools
import http.client
import socket
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from ._version import VERSION

PATIENCE = 60
"""The seconds after which a server that makes no progress is given up."""

_LEAST_BYTES = 256
"""A server that sends fewer bytes than this in a second makes no progress."""

_BUFFER = 1 << 16


def source(place, patience=PATIENCE):
    """Returns the source for an address of a web server, or for a directory."""
    return Web(place, patience) if place.startswith(("http://", "https://")) else Folder(place)


class Folder:
    """A directory."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def open(self, path, start=0):
        """Returns a stream from that byte on. Raises `FileNotFoundError`, or `OSError` if the folder cannot be read."""
        stream = open(self.folder / path, "rb")
        stream.seek(start)
        return stream


class Web:
    """A folder of a web server."""

    def __init__(self, address, patience=PATIENCE):
        self._address = address if address.endswith("/") else address + "/"
        self._patience = patience
        self._opener = opener()

    def open(self, path, start=0):
        """Returns a stream from that byte on. Raises `FileNotFoundError`, or `OSError` if the server does not answer."""
        headers = {"User-Agent": "askfirst-python/" + VERSION, "Accept-Encoding": "identity"}
        if start > 0:
            headers["Range"] = f"bytes={start}-"
        request = urllib.request.Request(self._address + path, headers=headers)
        try:
            stream = self._opener.open(request, timeout=self._patience)
        except urllib.error.HTTPError as answer:
            answer.close()
            if answer.code in (404, 410):
                raise FileNotFoundError(f"{self._address}{path} answered {answer.code}") from None
            raise OSError(f"{self._address}{path} answered {answer.code}") from None
        if start > 0 and stream.status != 206:
            # A server without ranges sends everything.
            for _ in chunks(stream, start, self._patience):
                pass
        return stream


# ---- Reading


def chunks(stream, most, patience):
    """Yields the content of a stream, but not more than `most` bytes. Raises `OSError` if it makes no progress."""
    since = time.monotonic()
    got = 0
    while most > 0:
        chunk = stream.read1(min(most, _BUFFER))
        if not chunk:
            return
        most -= len(chunk)
        got += len(chunk)
        yield chunk
        now = time.monotonic()
        if now - since >= patience:
            if got < _LEAST_BYTES * patience and most > 0:
                raise OSError(f"the server sent only {got} bytes in {patience} seconds")
            since = now
            got = 0


def read_all(stream, most, patience):
    """Returns the whole content, or `most` bytes of it. Raises `OSError` if it makes no progress, or if it was cut."""
    promised = _promised(stream)
    data = b"".join(chunks(stream, most, patience))
    if promised is not None and len(data) < min(promised, most):
        raise OSError(f"the connection was cut {promised - len(data)} bytes before the end")
    return data


def _promised(stream):
    """Returns the length that a web server promised; None if it promised none, or this is a file."""
    if not isinstance(stream, http.client.HTTPResponse) or stream.chunked:
        return None
    length = stream.headers.get("Content-Length")
    return int(length) if length is not None and length.isascii() and length.isdigit() else None


# ---- The head of an answer


def opener(*handlers):
    """Returns an opener of addresses that gives up a server whose head of an answer is late.

    The time limit of the standard library is for each byte, so a server could send one byte after the other for ever.
    """
    return urllib.request.build_opener(_Http, _Https, *handlers)


class _Punctual:
    def do_open(self, http_class, request, **arguments):
        watch = _Watch(request.timeout)
        try:
            answer = super().do_open(functools.partial(watch.connection, http_class), request, **arguments)
        finally:
            watch.end()
        if watch.has_ended_it:
            answer.close()
            raise OSError("the server does not answer")
        return answer


class _Http(_Punctual, urllib.request.HTTPHandler):
    pass


class _Https(_Punctual, urllib.request.HTTPSHandler):
    pass


class _Watch:
    """Ends a connection if nobody ends the watch before its time."""

    def __init__(self, seconds):
        self._connection = None
        self._ended = threading.Event()
        self.has_ended_it = False
        threading.Thread(target=self._watch, args=(seconds,), name="askfirst-watch", daemon=True).start()

    def connection(self, http_class, *arguments, **named):
        self._connection = http_class(*arguments, **named)
        return self._connection

    def end(self):
        self._ended.set()

    def _watch(self, seconds):
        while not self._ended.wait(seconds):
            connected = getattr(self._connection, "sock", None)
            if connected is not None:
                self.has_ended_it = True
                try:
                    # The method of a TLS socket would take away what the other thread reads from.
                    socket.socket.shutdown(connected, socket.SHUT_RDWR)
                except OSError:
                    pass  # It has ended.
            seconds = 0.1
