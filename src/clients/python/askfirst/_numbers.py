"""Files, content, recordings, musical works, Korean numbers, creators, and works without a number."""

import base64
import binascii
import re

from . import _iscc
from ._addresses import undeclarable
from ._checks import ipi, is_repeated, iswc, mod11_2, mod37_36, placeholder, refuse_placeholder
from ._specificity import AROUND, prefix_specificity
from ._text import (
    ascii_lower,
    check_digit_refusal,
    compact,
    is_alphanumeric,
    is_digits,
    is_hex,
    quote,
    refusal,
    utf16_length,
    without,
)

# ---- Files and content


def read_sha256(text):
    hash = None
    if len(text) == 64 and is_hex(text):
        hash = ascii_lower(text)
    else:
        rest = without(text, "urn:sha256", "sha256-", "sha-256", "sha256")
        digits = ascii_lower(compact(rest))
        if len(digits) == 64 and is_hex(digits):
            hash = digits
        elif len(rest) in (43, 44):
            try:
                padded = rest.replace("-", "+").replace("_", "/") + "=" * (44 - len(rest))
                data = base64.b64decode(padded, validate=True)
                hash = data.hex() if len(data) == 32 else None
            except (binascii.Error, ValueError):
                hash = None
    if hash is None:
        raise refusal("wrong-shape", "a SHA-256 has 64 hexadecimal digits; this is " + quote(text))
    if is_repeated(hash):
        raise placeholder("SHA-256", text)
    return "sha256:" + hash


def read_iscc(text):
    return "iscc:" + _iscc.parse(text).canonical()


def iscc_containers(value):
    heads = [head.canonical() for head in _iscc.parse(value).heads()]
    return [("iscc", AROUND - i, head) for i, head in enumerate(h for h in reversed(heads) if h != value)]


# ---- Recordings, musical works, releases

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", re.A)
_REGISTRANT = re.compile(r"[A-Z]{2}[A-Z0-9]{3}", re.A)


def read_isrc(text):
    code = compact(text)
    # The whole text first: the codes of an Icelandic registrant may begin with ISRC1.
    if not _ISRC.fullmatch(code):
        code = compact(without(text, "urn:isrc", "isrc"))
    if not _ISRC.fullmatch(code):
        raise refusal(
            "wrong-shape",
            "an ISRC is two letters, three letters or digits and seven digits; this is " + quote(text),
        )
    if code[5] in "09" and is_repeated(code[5:]):
        raise placeholder("ISRC", text)
    return "isrc:" + code


def read_isrc_registrant(text):
    code = compact(text)
    if not _REGISTRANT.fullmatch(code):
        code = compact(without(text, "isrc"))
    if not _REGISTRANT.fullmatch(code):
        raise refusal(
            "wrong-shape", "an ISRC registrant is two letters and three letters or digits; this is " + quote(text)
        )
    return "isrc-registrant:" + code


def read_iswc(text):
    code = compact(without(text, "urn:iswc", "iswc")).replace(".", "")
    code = "T" + code if len(code) == 10 else code
    if len(code) != 11 or code[0] != "T" or not is_digits(code[1:]):
        raise refusal("wrong-shape", "an ISWC is T and ten digits; this is " + quote(text))
    refuse_placeholder(code[1:], "ISWC", text)
    due = iswc(code[1:10])
    if code[10] != due:
        raise check_digit_refusal("ISWC", text, code[10], due, "iswc:" + code[:10] + due)
    return "iswc:" + code


def read_grid(text):
    code = compact(without(text, "urn:grid", "grid"))
    if len(code) != 18 or not code.startswith("A1") or not is_alphanumeric(code):
        raise refusal("wrong-shape", "a GRid is A1 and sixteen more letters and digits; this is " + quote(text))
    if is_repeated(code[2:17]):
        raise placeholder("GRid", text)
    due = mod37_36(code[:17])
    if code[17] != due:
        raise refusal(
            "wrong-check-digit",
            f"GRid {quote(text)} ends in {code[17]} where {due} is due",
            "grid:" + code[:17] + due,
        )
    return "grid:" + code


# ---- Korean numbers

_UCI_PREFIX = re.compile(r"[A-Z0-9]+(?::[A-Z0-9]+)?(?:\+[A-Z0-9]+)?", re.A)
_UCI_MARKS = "()+,-.=@;$_!*'%:"


def _require_bounded(code):
    if utf16_length(code) > 256:
        raise refusal("too-long", "it may have at most 256 characters")
    return code


def read_opaque(text):
    code = re.sub(r"\s+", " ", text, flags=re.A)
    digits = "".join(c for c in code if "0" <= c <= "9")
    if not digits:
        raise refusal("wrong-shape", "the number of a work has digits; this is " + quote(code))
    if len(digits) >= 4 and digits[0] in "09" and is_repeated(digits):
        raise placeholder("The number", code)
    return _require_bounded(code)


def _without_uci_label(text):
    length = -1
    while len(text) != length:
        length = len(text)
        text = without(text, "urn:uci:", "uci:", "uci ")
    return text.upper()


def _uci_prefix_end(code):
    match = _UCI_PREFIX.match(code)
    return match.end() if match else 0


def _require_uci_characters(code, start, text):
    for c in code[start:]:
        if not is_alphanumeric(c) and c not in _UCI_MARKS:
            raise refusal("wrong-characters", f"a UCI cannot have {quote(c)}; this is {quote(text)}")


def read_uci(text):
    code = _without_uci_label(text)
    if "#" in code or code.startswith("01:"):
        raise refusal("wrong-shape", quote(text) + " identifies a vaccination certificate and not a work")
    end = _uci_prefix_end(code)
    if end <= 0 or end >= len(code) - 1 or code[end] != "-" or code[end + 1] == ":":
        raise refusal(
            "wrong-shape",
            "a UCI is a prefix, a hyphen and an instance, such as I410-ECN-0102-2023-500-000819813; here is "
            + quote(text),
        )
    _require_uci_characters(code, end, text)
    instance = [c for c in code[end + 1 :].split(":", 1)[0] if is_alphanumeric(c)]
    if len(instance) >= 4 and set(instance) == {"0"}:
        raise placeholder("UCI", text)
    return "uci:" + _require_bounded(code)


def read_uci_prefix(text):
    code = _without_uci_label(text)
    code = code[:-1] if code.endswith("-") else code
    end = _uci_prefix_end(code)
    if end <= 0 or (end < len(code) and code[end] != "-") or code.endswith("-"):
        raise refusal(
            "wrong-shape", "a UCI prefix is letters and digits, such as I410 or I410-ECN; this is " + quote(text)
        )
    _require_uci_characters(code, end, text)
    if code.find(":", end) >= 0:
        raise refusal("wrong-shape", "a UCI prefix has no qualifier; this is " + quote(text))
    return "uci-prefix:" + _require_bounded(code)


def uci_prefixes(value):
    end = _uci_prefix_end(value)
    qualifier = value.find(":", end)
    last = len(value) if qualifier < 0 else qualifier
    hyphens = [i for i in range(end, last) if value[i] == "-" and value[i - 1] != "-"][:7]
    marks = [i for i in range(end - 1, 0, -1) if value[i] in ":+"]
    return [("uci-prefix", prefix_specificity(i), value[:i]) for i in hyphens[::-1] + marks]


def uci_containers(value):
    qualifier = value.find(":", _uci_prefix_end(value))
    return ([("uci", AROUND, value[:qualifier])] if qualifier > 0 else []) + uci_prefixes(value)


def uci_prefix_declarable(prefix):
    if prefix.count("-", _uci_prefix_end(prefix)) > 6:
        raise undeclarable("too-deep", "it has more than 6 parts after its prefix")


# ---- Creators


def read_isni(text):
    rest = without(text, "https://", "http://")
    rest = without(
        rest, "isni.org/isni/", "isni.org/page/", "isni.org/", "www.isni.org/isni/", "www.isni.org/page/",
        "www.isni.org/", "orcid.org/", "www.orcid.org/", "urn:isni", "isni", "orcid",
    )  # fmt: skip
    number = compact(rest[:-1] if rest.endswith("/") else rest)
    if len(number) != 16 or not is_digits(number[:15]):
        raise refusal("wrong-shape", "an ISNI has sixteen digits, of which the last may be X; this is " + quote(text))
    refuse_placeholder(number, "ISNI", text)
    due = mod11_2(number[:15])
    if number[15] != due:
        raise check_digit_refusal("ISNI", text, number[15], due, "isni:" + number[:15] + due)
    return "isni:" + number


def read_ipi(text):
    number = compact(without(text, "ipi base", "ipi name", "ipi", "cae")).replace(".", "")
    if number.startswith("I") and len(number) == 11 and is_digits(number[1:]):
        refuse_placeholder(number[1:], "IPI", text)
        return "ipi:" + number
    if not is_digits(number) or not 3 <= len(number) <= 11:
        raise refusal(
            "wrong-shape",
            "an IPI name number has eleven digits, a base number has I and ten digits; this is " + quote(text),
        )
    padded = number.zfill(11)
    refuse_placeholder(padded[:10], "IPI", text)
    due = ipi(padded[:9])
    if padded[9:] != due:
        raise check_digit_refusal("IPI", text, padded[9:], due, "ipi:" + padded[:9] + due)
    return "ipi:" + padded


# ---- Works without a number

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def _times(a, b):
    """Returns the product in GF(32) over x^5 + x^2 + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 32:
            a ^= 0b100101
        b >>= 1
    return product


def _work_check(id):
    total = 0
    power = 1
    for c in id:
        power = _times(power, 2)
        total ^= _times(power, _CROCKFORD.index(c))
    return _CROCKFORD[total]


def work_of(random):
    """Returns the canonical subject of a work id with these random bytes, at least 13."""
    if len(random) < 13:
        raise ValueError("a work id needs 13 random bytes")
    bits = int.from_bytes(random[:13], "big") >> 4
    id = "".join(_CROCKFORD[bits >> shift & 31] for shift in range(95, -1, -5))
    return "work:" + id + _work_check(id)


def read_work(text):
    id = ascii_lower(compact(without(text, "work"))).replace("o", "0").replace("i", "1").replace("l", "1")
    for c in id:
        if c not in _CROCKFORD:
            raise refusal("wrong-characters", "a work id cannot have " + quote(c))
    if len(id) != 21:
        raise refusal("wrong-shape", f"a work id has 21 characters; this has {len(id)}")
    if is_repeated(id):
        raise placeholder("Work id", text)
    if _work_check(id[:20]) != id[20]:
        raise refusal("wrong-check-digit", f"one or more characters of {quote(text)} are mistyped")
    return "work:" + id
