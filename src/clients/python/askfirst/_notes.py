"""Signed notes and checkpoints of the log (docs/formats/log.md, C2SP signed-note and tlog-checkpoint)."""

import base64
import binascii
import hashlib
from typing import NamedTuple

from . import _ed25519

_ED25519 = b"\x01"


class NoteError(Exception):
    """The note or the key cannot be read, or the key did not sign the note."""


class VerifierKey(NamedTuple):
    """The key of a log: its name, the id in signature lines, and the 32 bytes of Ed25519."""

    name: str
    id: bytes
    public: bytes

    @staticmethod
    def parse(text):
        """Reads `name+id+base64`, as /log/verifier-key has it."""
        try:
            name, id, encoded = text.strip().split("+", 2)
            data = base64.b64decode(encoded, validate=True)
            id = bytes.fromhex(id)
        except (ValueError, binascii.Error):
            raise NoteError("the log's key cannot be read") from None
        if len(data) != 33 or data[:1] != _ED25519:
            raise NoteError("the log's key is no Ed25519 key")
        if not name or id != key_id(name, data):
            raise NoteError("the log's key does not have its id")
        return VerifierKey(name, id, data[1:])


def key_id(name, data):
    return hashlib.sha256(name.encode("utf-8") + b"\n" + data).digest()[:4]


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes
    extensions: list


def open_checkpoint(note, key):
    """Returns the checkpoint in a note that the key signed. Raises `NoteError`."""
    text, blank, signatures = note.partition("\n\n")
    text += "\n"
    if not blank or not signatures.endswith("\n"):
        raise NoteError("it is no signed note")
    signed = False
    for line in signatures[:-1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014":
            raise NoteError("a signature line cannot be read")
        try:
            data = base64.b64decode(parts[2], validate=True)
        except (ValueError, binascii.Error):
            raise NoteError("a signature line cannot be read") from None
        # The lines of keys that we do not know, such as those of witnesses, are ignored.
        if parts[1] == key.name and data[:4] == key.id:
            if not _ed25519.verify(key.public, text.encode("utf-8"), data[4:]):
                raise NoteError("the signature is wrong")
            signed = True
    if not signed:
        raise NoteError("the log's key did not sign it")
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not lines[1].isascii() or not lines[1].isdigit() or str(int(lines[1])) != lines[1]:
        raise NoteError("it is no checkpoint")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except (ValueError, binascii.Error):
        root = b""
    if len(root) != 32 or lines[0] != key.name:
        raise NoteError("it is no checkpoint of this log")
    return Checkpoint(lines[0], int(lines[1]), root, lines[3:])
