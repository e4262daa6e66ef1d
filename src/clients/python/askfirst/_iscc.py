"""ISCC (ISO 24138): a unit, or a code that is composed of units (docs/formats/subjects.md, section 6.1)."""

import base64
import binascii
import re
from typing import NamedTuple

from ._text import is_hex, plain, quote, refusal, without

META, SEMANTIC, CONTENT, DATA, INSTANCE, CODE, ID, FLAKE = range(8)

_SUM = 5
_NONE = 6
_WIDE = 7
_EMPTY_TEXT = 0x25F0BAB671F506E1
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BASE32_HEX = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_MAX_CHARACTERS = 128


class Iscc(NamedTuple):
    main: int
    sub: int
    version: int
    length: int
    body: bytes

    def canonical(self):
        """Returns the text form without "ISCC:": base 32, upper case, no padding."""
        nibbles = []
        for field in (self.main, self.sub, self.version, self.length):
            nibbles += [field] if field < 8 else [8 | (field - 8) >> 4, (field - 8) & 0xF]
        nibbles += [0] * (len(nibbles) % 2)
        head = bytes(nibbles[i] << 4 | nibbles[i + 1] for i in range(0, len(nibbles), 2))
        return base64.b32encode(head + self.body).decode("ascii").rstrip("=")

    def units(self):
        """Returns the units of a code, in the order of the standard; otherwise the unit itself."""
        if self.main != CODE:
            return [self]
        if self.sub == _WIDE:
            return [_unit(DATA, 0, self.body[:16]), _unit(INSTANCE, 0, self.body[16:])]
        parts = [self.body[i : i + 8] for i in range(0, len(self.body), 8)]
        units = []
        for main, flag in ((META, 4), (SEMANTIC, 2), (CONTENT, 1)):
            if self.length & flag:
                units.append(_unit(main, 0 if main == META else self.sub, parts[len(units)]))
        return units + [_unit(DATA, 0, parts[-2]), _unit(INSTANCE, 0, parts[-1])]

    def heads(self):
        """Returns the first 64 bits of each unit that identifies content, as units."""
        return [
            unit if len(unit.body) == 8 else unit._replace(length=1, body=unit.body[:8])
            for unit in self.units()
            if len(unit.body) >= 8
            and (unit.main in (DATA, INSTANCE) or (unit.main == CONTENT and not unit._is_of_nothing()))
        ]

    def _is_of_nothing(self):
        """The units of silence, of a single colour and of no text are those of unrelated works."""
        head = int.from_bytes(self.body[:8], "big")
        ones = bin(head).count("1")
        return ones < 2 or ones > 62 or head == _EMPTY_TEXT


def parse(untrusted):
    """Reads any spelling."""
    text = without(plain(untrusted), "urn:iscc", "iscc")
    multibase = _multibase(text)
    if multibase:
        return _decode(multibase, text)
    units = []
    joined = ""
    for part in text.replace(" ", "-").split("-"):
        joined += part.upper()
        # Hyphens separate units, or only groups of characters: a unit ends where the code is complete.
        if _is_complete(joined):
            units.append(_decode(_from_base32(joined), text))
            joined = ""
    if not units or joined:
        return _decode(_from_base32(text.replace("-", "").replace(" ", "")), text)
    return units[0] if len(units) == 1 else _compose(units, text)


def _is_complete(base32):
    if len(base32) < 10:
        return False
    data = _from_base32(base32)
    header = _header(data)
    return header is not None and header[4] + _body_bytes(*header[:4]) == len(data)


def _decode(data, text):
    header = _header(data)
    if header is None:
        raise refusal("wrong-shape", quote(text) + " is not an ISCC: its header is not known")
    main, sub, version, length, size = header
    announced = _body_bytes(main, sub, version, length)
    if size + announced != len(data):
        raise refusal(
            "wrong-shape",
            f"the header of ISCC {quote(text)} announces {announced * 8} bits, and the code has"
            f" {(len(data) - size) * 8}",
        )
    return Iscc(main, sub, version, length, data[size:])


def _compose(parts, text):
    units = {}
    for part in parts:
        for unit in part.units():
            if unit.main >= CODE or len(unit.body) < 8 or unit.main in units:
                raise refusal("wrong-shape", f"the units of {quote(text)} do not form an ISCC-CODE")
            units[unit.main] = unit
    if DATA not in units or INSTANCE not in units:
        raise refusal("wrong-shape", f"an ISCC-CODE needs a data unit and an instance unit; {quote(text)} has not both")
    flags = (4 if META in units else 0) | (2 if SEMANTIC in units else 0) | (1 if CONTENT in units else 0)
    media = {units[main].sub for main in (SEMANTIC, CONTENT) if main in units}
    if len(media) > 1:
        raise refusal("wrong-shape", "the semantic unit and the content unit describe different media")
    sub = media.pop() if media else (_NONE if flags else _SUM)
    return Iscc(CODE, sub, 0, flags, b"".join(units[main].body[:8] for main in sorted(units)))


def _unit(main, sub, body):
    return Iscc(main, sub, 0, len(body) // 4 - 1, body)


def _header(data):
    """Returns main type, subtype, version, length, and the number of bytes of the header; None if it is unknown."""
    nibbles = [n for b in data[:8] for n in (b >> 4, b & 0xF)]
    fields = []
    at = 0
    for _ in range(4):
        if at >= len(nibbles):
            return None
        first = nibbles[at]
        if first < 8:
            fields.append(first)
            at += 1
        elif first < 12 and at + 1 < len(nibbles):
            fields.append(((first & 3) << 4 | nibbles[at + 1]) + 8)
            at += 2
        else:
            return None
    if at % 2:
        if at >= len(nibbles) or nibbles[at] != 0:
            return None
        at += 1
    return (*fields, at // 2) if _is_known(*fields) else None


def _is_known(main, sub, version, length):
    if main in (META, DATA, INSTANCE, FLAKE):
        return sub == 0 and version == 0 and length < 8
    if main in (SEMANTIC, CONTENT):
        return sub < _SUM and version == 0 and length < 8
    if main == ID:
        return sub < 8 and version < 2 and length < 64
    if main != CODE or sub > _WIDE or version != 0:
        return False
    if sub in (_SUM, _WIDE):
        return length == 0
    has_medium = length & 3 != 0
    return has_medium != (sub == _NONE) and length < 8


def _body_bytes(main, sub, version, length):
    if main == CODE:
        return 32 if sub == _WIDE else (bin(length).count("1") + 2) * 8
    return 8 + length if main == ID else (length + 1) * 4


def _multibase(text):
    """Returns the bytes after the multicodec; none if the text is not multibase with that codec."""
    if not 10 <= len(text) <= _MAX_CHARACTERS:
        return b""
    rest = text[1:]
    base = text[0]
    data = b""
    if base == "f":
        data = bytes.fromhex(rest) if len(rest) % 2 == 0 and is_hex(rest) else b""
    elif base == "b":
        data = _from_alphabet(_BASE32, rest.upper())
    elif base == "v":
        data = _from_alphabet(_BASE32_HEX, rest.upper())
    elif base == "z":
        data = _from_base58(rest)
    elif base == "u" and re.fullmatch(r"[A-Za-z0-9_-]+={0,2}", rest, re.A):
        try:
            data = base64.urlsafe_b64decode(rest.rstrip("=") + "=" * (-len(rest.rstrip("=")) % 4))
        except binascii.Error:
            data = b""
    return data[2:] if len(data) > 2 and data[:2] == b"\xcc\x01" else b""


def _from_base32(text):
    text = text.upper()
    if len(text) > _MAX_CHARACTERS:
        raise refusal("too-long", f"an ISCC has fewer than {_MAX_CHARACTERS} characters")
    data = _from_alphabet(_BASE32, text)
    if not data:
        raise refusal("wrong-shape", quote(text) + " is not an ISCC: it is not base 32")
    return data


def _from_alphabet(alphabet, text):
    """Returns the decoded bytes; none if a character is not in the alphabet, or a remaining bit is not zero."""
    value = 0
    for c in text:
        digit = alphabet.find(c)
        if digit < 0:
            return b""
        value = value << 5 | digit
    rest = len(text) * 5 % 8
    if rest >= 5 or value & ((1 << rest) - 1):
        return b""
    return (value >> rest).to_bytes(len(text) * 5 // 8, "big")


def _from_base58(text):
    value = 0
    for c in text:
        digit = _BASE58.find(c)
        if digit < 0:
            return b""
        value = value * 58 + digit
    # The top bit of the codec's first byte is set.
    return value.to_bytes(value.bit_length() // 8, "big") if value and value.bit_length() % 8 == 0 else b""
