"""Text as people write it: spellings that are normalised, percent-escapes, and the reasons for refusing a text."""

import re
import unicodedata

MAX_INPUT_LENGTH = 2048
"""The greatest length of an identifier in UTF-16 units."""

LEADS = {
    "empty": "Nothing is there",
    "too-long": "It is too long",
    "unknown-scheme": "The scheme is not known",
    "wrong-characters": "It has characters that do not belong",
    "wrong-shape": "It does not have the right shape",
    "wrong-check-digit": "The check digit does not fit",
    "unreadable-host": "The host cannot be read",
    "not-on-the-web": "It is not an address on the web",
    "wildcard": "It has a wildcard",
    "placeholder": "It is a placeholder",
    "several-subjects": "It is more than one subject",
    "ambiguous": "It could be more than one thing",
}
"""The first words of the details of each reason."""

_QUOTED_CHARACTERS = 48
_LONGEST_SUGGESTION = 2048


class SubjectError(ValueError):
    """A text that is no subject, or a subject that cannot be declared.

    `reason` is a word of the contract, and `suggestion` the subject that was probably meant, or None.
    """

    def __init__(self, reason, detail, suggestion=None):
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.suggestion = suggestion


class MalformedSubject(SubjectError):
    """A text that is not a subject."""


class UndeclarableSubject(SubjectError):
    """A subject that may be asked and not declared."""


def refusal(reason, detail, meant=None):
    """Returns the refusal of a text, with the subject that was probably meant."""
    lead = LEADS[reason] + ": " + detail + "."
    if meant is None:
        return MalformedSubject(reason, lead)
    sendable = utf16_length(meant) <= _LONGEST_SUGGESTION and all(_is_showable(c) for c in meant)
    return MalformedSubject(reason, lead + " Did you mean " + shorten(meant) + "?", meant if sendable else None)


def quote(text):
    """Returns the input for use in a detail: shortened, in quotation marks, without invisible characters."""
    return "\u201c" + shorten(text) + "\u201d"


def shorten(text):
    shown = "".join(c if _is_showable(c) else "\ufffd" for c in text[:_QUOTED_CHARACTERS])
    return shown + "\u2026" if len(text) > _QUOTED_CHARACTERS else shown


def _is_showable(c):
    return unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def utf16_length(text):
    """Returns the number of UTF-16 units, in which the format counts lengths."""
    return len(text) if text.isascii() else len(text) + sum(c > "\uffff" for c in text)


def require_whole_characters(text):
    """Refuses half a surrogate pair. Python has one only if somebody wrote half a pair."""
    if not text.isascii():
        for index, c in enumerate(text):
            if "\ud800" <= c <= "\udfff":
                raise refusal("wrong-characters", f"half of a character (a lone surrogate) is at index {index}")


# ---- Invisible characters

_INVISIBLE = [
    (0x00, 0x20), (0x80, 0xA0), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x1680, 0x1680),
    (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x206F), (0x3000, 0x3000),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
]  # fmt: skip


def is_invisible(c):
    """Returns true for white space, control characters and default ignorable characters."""
    point = ord(c)
    if point < 0x80:
        return point <= 0x20
    return any(first <= point <= last for first, last in _INVISIBLE)


def trim(text):
    """Returns the text without invisible characters at both ends.

    A variation selector or a tag after a symbol or an ideograph stays, because it is a part of that character.
    """
    start = 0
    while start < len(text) and is_invisible(text[start]):
        start += 1
    end = len(text)
    while end > start and is_invisible(text[end - 1]):
        end -= 1
    if start < end < len(text) and _takes_selector(text[end - 1]):
        while end < len(text) and _is_selector(text[end]):
            end += 1
    return text[start:end]


def _is_selector(c):
    return "\ufe00" <= c <= "\ufe0f" or "\U000e0020" <= c <= "\U000e01ef"


def _takes_selector(c):
    category = unicodedata.category(c)
    if category in ("So", "Sm", "Sk"):
        return c >= "\x80"
    if category in ("Po", "Pd"):
        return c >= "\u2000"
    return _is_ideographic(c)


def _is_ideographic(c):
    """Unicode's property Ideographic, which the standard library has not. Its letters have these names."""
    if c in "\u3006\u3007" or "\u3021" <= c <= "\u3029" or "\u3038" <= c <= "\u303a":
        return True
    name = unicodedata.name(c, "")
    return name.startswith(("CJK UNIFIED IDEOGRAPH-", "CJK COMPATIBILITY IDEOGRAPH-", "TANGUT ", "NUSHU CHARACTER-",
                            "KHITAN SMALL SCRIPT CHARACTER-"))  # fmt: skip


# ---- Spelling

WHITE_SPACE = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029"
    "\u205f\u3000"
)
"""White space of identifiers. Spaces that prevent a line break are not among it; `plain` has replaced them."""

_NOT_COMPACT = str.maketrans("", "", "-" + WHITE_SPACE)
ANY = r"[^\n\r\x85\u2028\u2029]"
"""A pattern of any character but a line break."""

_UPPER = {c: c - 0x20 for c in range(ord("a"), ord("z") + 1)}
_LOWER = {c: c + 0x20 for c in range(ord("A"), ord("Z") + 1)}
_NARROW = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}
_VISIBLE_ASCII = re.compile(r"[!-~]+", re.A)
# Letters that are equal to an ASCII letter if case is ignored.
_CASELESS = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}


def plain(text):
    """Returns the text with one kind of digit, dash, space and width, without invisible characters, trimmed."""
    if utf16_length(text) > MAX_INPUT_LENGTH:
        raise refusal("too-long", f"an identifier may have at most {MAX_INPUT_LENGTH} characters")
    if _VISIBLE_ASCII.fullmatch(text):
        return text
    require_whole_characters(text)
    trimmed = trim(text if text.isascii() else _fold(text))
    if not trimmed:
        raise refusal("empty", "an identifier is needed after the scheme")
    for c in trimmed:
        if (c <= "\x1f" or "\x7f" <= c <= "\x9f") and c not in WHITE_SPACE:
            raise refusal("wrong-characters", quote(trimmed) + " has a control character")
    return trimmed


def _fold(text):
    folded = []
    for c in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(c)
        if category == "Pd" or c == "\u2212":
            folded.append("-")
        elif category in ("Zs", "Zl", "Zp"):
            folded.append(" ")
        elif category == "Nd":
            folded.append(str(unicodedata.digit(c)))
        elif category != "Cf":
            folded.append(c)
    # Again: a dropped character may have separated a letter and its accent.
    return unicodedata.normalize("NFKC", "".join(folded))


def strip(text):
    return text.strip(WHITE_SPACE)


def compact(text):
    """Returns the text without white space and hyphens, with ASCII letters in upper case."""
    return text.translate(_NOT_COMPACT).translate(_UPPER)


def ascii_lower(text):
    return text.translate(_LOWER)


def narrow(text):
    """Returns the text with full-width ASCII made narrow."""
    return text.translate(_NARROW)


def is_full_width(c):
    return "\uff01" <= c <= "\uff5e"


def starts(text, beginning, at=0):
    """Returns true if the text has that ASCII beginning, in any case."""
    part = text[at : at + len(beginning)]
    return part.translate(_CASELESS).lower() == beginning.lower()


def without(text, *labels):
    """Returns the text without the first of these labels that it begins with, and the colons and spaces after it."""
    for label in labels:
        if starts(text, label):
            start = len(label)
            while start < len(text) and (text[start] == ":" or text[start] <= " "):
                start += 1
            return text[start:]
    return text


def is_digits(text):
    return text.isascii() and text.isdigit()


def is_hex(text):
    return bool(text) and all(c in "0123456789abcdefABCDEF" for c in text)


def is_alphanumeric(text):
    return bool(text) and all("0" <= c <= "9" or "A" <= c <= "Z" for c in text)


# ---- Percent-escapes


def _escaped(more):
    return frozenset(b for b in range(256) if b <= 0x20 or b >= 0x7F or b in b"#%" + more)


IN_QUERY = _escaped(b"")
IN_PATH = _escaped(b"?\\")
IN_HOST = _escaped(b"*")
_HEX_VALUE = {ord(c): int(c, 16) for c in "0123456789abcdefABCDEF"}


def unescape(data):
    """Replaces escapes until none is left. The output is a stack, so nested escapes take linear time."""
    if b"%" not in data:
        return bytes(data)
    out = bytearray()
    for b in data:
        out.append(b)
        while len(out) >= 3 and out[-3] == 0x25:
            high = _HEX_VALUE.get(out[-2])
            low = _HEX_VALUE.get(out[-1])
            if high is None or low is None:
                break
            out[-3:] = bytes([high << 4 | low])
    return bytes(out)


def escape(data, component):
    """Returns the bytes as ASCII text, with those of the component escaped."""
    return "".join(f"%{b:02X}" if b in component else chr(b) for b in data)


def escape_text(data, component):
    """Returns the same, composed (NFC) if the bytes are UTF-8."""
    if not data.isascii():
        try:
            data = unicodedata.normalize("NFC", data.decode("utf-8")).encode("utf-8")
        except UnicodeDecodeError:
            pass  # The text has another encoding and cannot be composed.
    return escape(data, component)


# ---- Numbers that name no work

_MONTH_AND_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"

_WRITTEN = re.compile(
    "|".join([
        # Dates.
        "(?:1[89]|2[01])[0-9]{2} ?[-./\u5e74\ub144] ?[0-9]{1,2} ?[-./\u6708\uc6d4] ?[0-9]{1,2} ?[.\u65e5\uc77c]?"
        "(?:[ T][0-9:.]+Z?)?",
        "[0-9]{1,2} ?[-./] ?[0-9]{1,2} ?[-./] ?(?:(?:1[89]|2[01])?[0-9]{2})\\.?",
        # Resident registration numbers, also with hidden digits.
        "[0-9]{2}" + _MONTH_AND_DAY + " ?- ?[0-9](?:[0-9]{6}|[*xX]{6})",
        # Telephone numbers.
        "(?:\\+ ?82[-. )]*|\\(?0)1[016789][-. )]+[0-9]{3,4}[-. ]+[0-9]{4}",
        "(?:\\+ ?82[-. )]*|\\(?0)(?:2|[3-6][1-9]|70|80|50[0-9]?)[-. )]+[0-9]{3,4}[-. ]+[0-9]{4}",
        "\\+[0-9][0-9 .()-]{6,20}",
        # Business registration numbers.
        "[0-9]{3}-[0-9]{2}-[0-9]{5}",
    ]),
    re.A,
)  # fmt: skip

_BARE = re.compile(
    "|".join([
        "(?:1[89]|2[01])[0-9]{2}" + _MONTH_AND_DAY + "(?:[0-9]{4}|[0-9]{6})?",
        "[0-9]{2}" + _MONTH_AND_DAY + "[0-9]{7}",
        "(?:82|0)1[016789][0-9]{7,8}",
        "(?:82|0)(?:2|[3-6][1-9]|70)[0-9]{7,8}",
        "1(?:5(?:22|33|44|66|77|88|99)|6(?:00|44|61|66|70|88)|8(?:00|11|33|55|77|99))[- ]?[0-9]{4}",
    ]),
    re.A,
)  # fmt: skip


def is_written_everyday(text):
    """Returns true for a text that is written as a date, a telephone number or a number of a person or a business."""
    return len(text) <= 40 and _WRITTEN.fullmatch(text) is not None


def is_possible_everyday(text):
    """Returns true for a text that can be such a number."""
    possible = is_written_everyday(text) or (len(text) <= 40 and _BARE.fullmatch(text) is not None)
    product = len(text) == 13 and text.startswith("880") and not _has_resident_check(text)
    return possible and not product


def _has_resident_check(digits):
    total = sum((ord(c) - 48) * (2 + i % 8) for i, c in enumerate(digits[:12]))
    return (11 - total % 11) % 10 == ord(digits[12]) - 48


def check_digit_refusal(what, text, found, due, meant):
    """Returns the refusal of a check digit. Nothing is suggested for what can be the number of a person."""
    if is_possible_everyday(text):
        return refusal("wrong-check-digit", "this is no " + what)
    return refusal("wrong-check-digit", f"{what} {quote(text)} ends in {found} where {due} is due", meant)
