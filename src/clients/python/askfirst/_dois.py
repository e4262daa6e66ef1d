"""DOI, EIDR and ISAN (docs/formats/subjects.md, section 6.4)."""

import re

from ._books import read_isbn
from ._checks import gs1, is_repeated, mod37_36, placeholder
from ._specificity import AROUND, prefix_specificity
from ._text import (
    WHITE_SPACE,
    ascii_lower,
    compact,
    is_alphanumeric,
    is_digits,
    is_hex,
    is_invisible,
    plain,
    quote,
    refusal,
    strip,
    unescape,
    utf16_length,
    without,
)

# ---- DOI, EIDR, ISAN

_SECOND_DOI = re.compile(
    "[\\s,;|&+\u00b7\u3001()\\[\\]<>{}\"'\u201c\u201d\u2018\u2019\u300c\u300e]\\s*"
    "(?:doi\\s*:?\\s*|(?:https?:)?//[a-z.]+/+(?:doi:)?|(?:dx\\.|www\\.)?doi\\.org/+)?10\\.[0-9]{2,}[0-9.]*/",
    re.A,
)
_SENTENCE_MARKS = ".,;:!?/'\"\u2018\u2019\u201c\u201d\u300d\u300f\u300b\u3009\u3002\u3001\u2026\u00b7"
_CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}
_ENTITIES = [
    ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&nbsp;", " "), ("&#60;", "<"), ("&#x3c;", "<"),
    ("&#62;", ">"), ("&#x3e;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&#x27;", "'"), ("&#38;", "&"), ("&#x26;", "&"),
    ("&amp;", "&"),
]  # fmt: skip


def read_doi(text):
    name = _without_opening_marks(_without_entities(ascii_lower(_decoded(_without_resolver(text)))))
    if name.startswith("10."):
        _require_one_doi(name, text)
        name = _without_sentence_marks(name)
    prefix, slash, rest = name.partition("/")
    if not slash or not _is_doi_prefix(prefix):
        if name.startswith("10/"):
            raise refusal("wrong-shape", quote(text) + " is a short DOI, which is an alias; give the full DOI")
        raise refusal("wrong-shape", "a DOI is 10., a number, a slash and a name; this is " + quote(text))
    if not rest:
        raise refusal("wrong-shape", f"nothing follows the slash of {quote(text)}", "doi-prefix:" + prefix)
    if utf16_length(name) > 1024:
        raise refusal("too-long", "a DOI may have at most 1024 characters")
    filled = len(rest) >= 4 and rest[0] in "0x" and is_repeated(rest)
    if filled or _is_doi_prefix_placeholder(prefix):
        raise placeholder("DOI", text)
    if prefix == "10.5240":
        code = compact(rest)
        if _is_eidr(code):
            return read_eidr(code)
    if prefix.startswith(("10.978.", "10.979.")):
        digits = prefix[3:].replace(".", "") + rest
        if len(digits) == 13 and is_digits(digits) and gs1(digits[:12]) == digits[12]:
            return read_isbn(digits)
    return "doi:" + name


def _is_doi_prefix(text):
    return re.fullmatch(r"10\.[0-9](?:\.?[0-9])*", text, re.A) is not None


def _is_doi_prefix_placeholder(prefix):
    return len(prefix) > 3 and not prefix[3:].strip("0.")


def _require_one_doi(name, text):
    if name.find("10.", 3) > 0 and _SECOND_DOI.search(name, 3):
        raise refusal("several-subjects", quote(text) + " has two or more DOIs; give each by itself")
    space = next((i for i, c in enumerate(name) if c in WHITE_SPACE), None)
    if space is not None:
        meant = _meant_doi(name, space)
        raise refusal(
            "wrong-characters",
            "a DOI has no white space; this is " + quote(text),
            None if meant is None else "doi:" + meant,
        )


def _meant_doi(name, space):
    rest = strip(name[space:])
    slash = name.find("/")
    meant = ""
    if space < slash or (slash >= 0 and not name[slash + 1 : space]):
        meant = re.sub(r"\s", "", name, flags=re.A)
    elif rest and (rest[0] in "([{<" or rest[0] >= "\x80"):
        meant = _without_sentence_marks(name[:space])
    prefix, _, after = meant.partition("/")
    return meant if after and _is_doi_prefix(prefix) else None


def _without_opening_marks(name):
    bare = name.lstrip("([{<\"'\u2018\u201c\u300c\u300e")
    return bare if bare.startswith("10.") else name


def _without_sentence_marks(name):
    """Removes the marks of a sentence and the closing brackets without an opening one behind the name."""
    shortest = name.find("/") + 2
    end = len(name)
    while end > shortest:
        last = name[end - 1]
        if last in _CLOSING:
            if name.count(_CLOSING[last], 0, end) >= name.count(last, 0, end):
                break
        elif last not in _SENTENCE_MARKS and not is_invisible(last):
            break
        end -= 1
    return name[:end]


def _without_entities(name):
    while "&" in name:
        length = len(name)
        for escaped, character in _ENTITIES:
            name = name.replace(escaped, character)
        if len(name) == length:
            break
    return name


def _without_resolver(text):
    if text.startswith("10."):
        return text
    rest = without(text, "urn:doi", "info:doi/", "doi", "hdl")
    bare = without(rest, "https://", "http://", "//")
    name = without(bare, "doi.org/", "dx.doi.org/", "www.doi.org/", "hdl.handle.net/")
    if len(name) == len(bare):
        return strip(rest)
    name = re.split("[?#]", name, maxsplit=1)[0].lstrip("/")
    return without(strip(name), "doi:")


def _decoded(name):
    """Decodes escapes if they encode text, and those that this makes, such as one with a full-width digit."""
    while "%" in name:
        try:
            decoded = plain(unescape(name.encode("utf-8")).decode("utf-8"))
        except UnicodeDecodeError:
            raise refusal("wrong-characters", f"the escapes of {quote(name)} are not UTF-8") from None
        if decoded == name:
            break
        name = decoded
    return name


def doi_prefixes(value, end):
    found = []
    while len(found) < 8 and end > 3 and not _is_doi_prefix_placeholder(value[:end]):
        found.append(("doi-prefix", prefix_specificity(end), value[:end]))
        end = value.rfind(".", 0, end)
    return found


def read_doi_prefix(text):
    prefix = ascii_lower(_without_resolver(text))
    prefix = prefix[:-1] if prefix.endswith("/") else prefix
    if not _is_doi_prefix(prefix) or len(prefix) > 64:
        raise refusal("wrong-shape", "a DOI prefix is 10. and a number, such as 10.1234; this is " + quote(text))
    if _is_doi_prefix_placeholder(prefix):
        raise placeholder("DOI prefix", text)
    return "doi-prefix:" + prefix


def read_eidr(text):
    rest = without(text, "urn:eidr", "https://ui.eidr.org/view/content?id=", "eidr")
    rest = without(_without_resolver(rest), "10.5240/", "10.5240:")
    code = compact(rest)
    if len(code) >= 20 and is_repeated(code[:20]):
        raise placeholder("EIDR", text)
    if len(code) == 20 and is_hex(code):
        raise refusal(
            "wrong-shape", f"the check character of EIDR {quote(text)} is missing", _eidr(code + mod37_36(code))
        )
    if not _is_eidr(code):
        raise refusal(
            "wrong-shape",
            "an EIDR is 10.5240/, twenty hexadecimal digits and a check character; this is " + quote(text),
        )
    due = mod37_36(code[:20])
    if code[20] != due:
        raise refusal(
            "wrong-check-digit",
            f"EIDR {quote(text)} ends in {code[20]} where {due} is due",
            _eidr(code[:20] + due),
        )
    return _eidr(code)


def _is_eidr(code):
    return len(code) == 21 and is_hex(code[:20]) and is_alphanumeric(code[20])


def _eidr(code):
    return "eidr:10.5240/" + "-".join(code[i : i + 4] for i in range(0, 20, 4)) + "-" + code[20]


def read_isan(text):
    code = compact(without(text, "urn:isan", "v-isan", "isan"))
    length = len(code)
    has_work_check = length in (17, 26) or (
        length == 25 and not (is_hex(code[:24]) and mod37_36(code[:24]) == code[24])
    )
    digits = code[:16] + code[17:] if has_work_check else code
    has_version_check = len(digits) == 25
    bare = digits[:24] if has_version_check else digits
    if len(bare) not in (16, 24) or not is_hex(bare):
        raise refusal(
            "wrong-shape",
            "an ISAN has 16 hexadecimal digits, or 24 with its version, and a check character after each; this is "
            + quote(text),
        )
    if is_repeated(bare[:12]):
        raise placeholder("ISAN", text)
    if has_work_check:
        _require_isan_check(code[16], bare[:16], text)
    if has_version_check:
        _require_isan_check(digits[24], bare, text)
    return "isan:" + (bare[:16] if bare[16:] == "00000000" else bare)


def _require_isan_check(found, digits, text):
    due = mod37_36(digits)
    if found != due:
        raise refusal("wrong-check-digit", f"ISAN {quote(text)} has {found} where {due} is due", "isan:" + digits + due)


def isan_containers(value):
    found = [("isan", AROUND, value[:16])] if len(value) > 16 else []
    series = value[:12] + "0000"
    return found if value.startswith(series) else found + [("isan", AROUND - 1, series)]
