"""Host names in any script, in the form of the DNS (Punycode).

The mapping is UTS #46, non-transitional, with the functions of `unicodedata`: NFKC, lower case code point by code
point, NFC. The codec `idna` of the standard library implements IDNA 2003, which makes `fass.de` of `faß.de`. Names are
mapped and not validated.
"""

import unicodedata

from ._text import refusal, utf16_length

MAX_LENGTH = 253
"""The greatest length of a name in the DNS."""

_IGNORED = (
    {0xAD, 0x34F, 0x180B, 0x180C, 0x180D, 0x180F, 0x200B, 0x2060, 0x2064, 0xFEFF}
    | set(range(0xFE00, 0xFE10))
    | set(range(0xE0100, 0xE01F0))
)


def to_ascii(name):
    """Returns the name in ASCII and lower case."""
    if name.isascii():
        return name.lower()
    # Twice: lower case may give characters that normalisation folds, and normalisation characters with case.
    return ".".join(_label(label) for label in _fold(_fold(name)).split("."))


def _fold(name):
    folded = []
    for c in unicodedata.normalize("NFKC", name):
        point = ord(c)
        if point == 0x3002:
            folded.append(".")
        elif point == 0x130:
            folded.append("i\u0307")
        elif point not in _IGNORED:
            folded.append(c.lower())
    return unicodedata.normalize("NFC", "".join(folded))


def _label(label):
    if label.isascii():
        return label
    if utf16_length(label) > MAX_LENGTH:
        raise refusal("unreadable-host", f"it has more than {MAX_LENGTH} characters")
    return "xn--" + label.encode("punycode").decode("ascii")
