"""Numbers of books, serials, scores and products, whose bar codes are one system (docs/formats/subjects.md, 6.2)."""

import re

from ._addresses import undeclarable
from ._checks import (
    gs1,
    is_repeated,
    is_sequence,
    modulo11,
    placeholder,
    refuse_placeholder,
    refuse_placeholder_of_book,
    refuse_placeholder_of_serial,
)
from ._specificity import AROUND, prefix_specificity
from ._text import (
    ANY,
    check_digit_refusal,
    compact,
    is_digits,
    is_possible_everyday,
    is_written_everyday,
    quote,
    refusal,
    without,
)

# ---- Bar codes, which books, scores and serials share


def _serial(gtin13):
    return gtin13[3:10] + modulo11(gtin13[3:10])


def _require_gs1(number, text, what):
    body = number[:-1]
    due = gs1(body)
    if number[-1] != due:
        raise check_digit_refusal(what, text, number[-1], due, f"{what.lower()}:{body}{due}")


def _book_or_score(number, text, what):
    is_score = number.startswith("9790")
    if is_score:
        refuse_placeholder(number[4:], what, text)
    else:
        refuse_placeholder_of_book(number[3:12], what, text)
    _require_gs1(number, text, what)
    return ("ismn:" if is_score else "isbn:") + number


def _is_book(digits):
    return digits.startswith(("978", "979"))


def _is_digits_or_x(number):
    return len(number) > 1 and is_digits(number[:-1]) and (number[-1] == "X" or is_digits(number[-1]))


# ---- Books, serials, scores, products

_BEHIND_ISBN = re.compile(
    "(" + ANY + r"*?[0-9Xx])(?:\s+[0-9]{5})?(?:\s*\(([^()]{0,200})\))?", re.A
)


def read_isbn(text):
    number = _without_length(compact(without(text, "urn:isbn", "isbn")))
    if not (len(number) in (13, 10) and _is_digits_or_x(number)):
        number = _without_length(_without_add_on(number, text))
    if len(number) == 9 and _is_digits_or_x(number):
        # A standard book number from before 1970 has nine digits, and spreadsheets remove a leading zero.
        number = "0" + number
    if len(number) in (7, 8) and _is_digits_or_x(number):
        raise _refused_serial(number.zfill(8), text)
    if len(number) == 10 and _is_digits_or_x(number):
        body = number[:9]
        refuse_placeholder_of_book(body, "ISBN", text)
        due = modulo11(body)
        if number[9] != due:
            raise check_digit_refusal("ISBN", text, number[9], due, "isbn:" + body + due)
        return "isbn:978" + body + gs1("978" + body)
    if not is_digits(number):
        raise refusal(
            "wrong-characters", "an ISBN has 13 digits, or 10 of which the last may be X; this is " + quote(text)
        )
    if len(number) == 13 and _is_book(number):
        return _book_or_score(number, text, "ISBN")
    refuse_placeholder(number, "ISBN", text)
    if len(number) == 13 and is_possible_everyday(text):
        raise refusal("wrong-shape", "an ISBN begins with 978 or 979")
    if len(number) == 13:
        raise refusal("wrong-shape", "an ISBN begins with 978 or 979; this is " + quote(text), "gtin:" + number)
    if len(number) == 12 and _is_book(number):
        raise refusal("wrong-shape", "an ISBN has 13 digits; this has 12", "isbn:" + number + gs1(number))
    raise refusal("wrong-shape", f"an ISBN has 13 or 10 digits; this has {len(number)}")


def _without_length(number):
    """Removes a length before the number, as in "ISBN-13: 978…"."""
    if (number.startswith("10") and len(number) == 12) or (number.startswith("13") and len(number) == 15):
        return number[3 if number[2] == ":" else 2 :]
    return number[3:] if number.startswith(("10:", "13:")) else number


def _without_add_on(number, text):
    if len(number) == 18 and _is_book(number) and is_digits(number):
        return number[:13]
    behind = _BEHIND_ISBN.fullmatch(text)
    if not behind:
        return number
    remark = behind.group(2)
    if remark is not None and sum("0" <= c <= "9" for c in remark) >= 8:
        raise refusal(
            "several-subjects", f"a second number stands behind {quote(behind.group(1))}; give each by itself"
        )
    return compact(without(behind.group(1), "urn:isbn", "isbn"))


def _refused_serial(issn, text):
    """With zeros in front, every ISSN would be a valid ISBN, of another publisher's book."""
    refuse_placeholder_of_serial(issn, "ISBN", text)
    is_issn = modulo11(issn[:7]) == issn[7]
    meant = "issn:" + issn if is_issn and not is_written_everyday(text) else None
    return refusal("wrong-shape", "an ISBN has 13 or 10 digits; this is " + quote(text), meant)


def read_isbn_prefix(text):
    digits = compact(without(text, "isbn-prefix", "isbn"))
    if not is_digits(digits):
        raise refusal("wrong-characters", "an ISBN prefix has digits and hyphens only; this is " + quote(text))
    if digits.startswith("9790"):
        raise refusal("wrong-shape", "979-0 is printed music, which has no ISBN")
    if len(digits) == 13:
        raise refusal("wrong-shape", "13 digits are a complete ISBN", "isbn:" + digits)
    if not 4 <= len(digits) <= 12:
        raise refusal("wrong-shape", f"an ISBN prefix has four to twelve digits; this has {len(digits)}")
    if not _is_book(digits):
        raise refusal("wrong-shape", "an ISBN prefix begins with 978 or 979", "isbn-prefix:978" + digits)
    if _is_isbn_prefix_placeholder(digits):
        raise placeholder("ISBN prefix", text)
    return "isbn-prefix:" + digits


def _is_isbn_prefix_placeholder(digits):
    return len(digits) >= 10 and digits[3] in "09" and is_repeated(digits[3:])


def isbn_prefixes(number, longest):
    return [
        ("isbn-prefix", prefix_specificity(length), number[:length])
        for length in range(longest, 4, -1)
        if not _is_isbn_prefix_placeholder(number[:length])
    ]


def isbn_prefix_declarable(prefix):
    rest = prefix[3:]
    if not prefix.startswith("978"):
        group = 4 if rest.startswith("8") else 5
    elif rest < "6" or rest.startswith("7"):
        group = 4
    elif rest.startswith(("65", "8")) or (rest.startswith("9") and rest < "95"):
        group = 5
    elif rest.startswith("6") or rest < "99":
        group = 6
    else:
        group = 8 if rest.startswith("999") else 7
    if len(prefix) <= group:
        raise undeclarable(
            "registration-group", quote(prefix) + " names a country or a language and not a publisher"
        )
    if len(prefix) > 11:
        raise undeclarable("too-long", "a prefix has at most 11 digits, because the title needs at least one")


def read_ismn(text):
    number = compact(without(text, "urn:ismn", "ismn"))
    if number.startswith("M"):
        number = "9790" + number[1:]
    if len(number) != 13 or not is_digits(number) or not number.startswith("9790"):
        raise refusal("wrong-shape", "an ISMN is 979-0 and nine digits, or M and nine digits; this is " + quote(text))
    return _book_or_score(number, text, "ISMN")


def read_issn(text):
    number = compact(
        without(
            text, "https://portal.issn.org/resource/issn/", "https://issn.org/resource/issn/", "urn:issn", "issn-l",
            "e-issn", "eissn", "p-issn", "pissn", "issn",
        )  # fmt: skip
    )
    if len(number) == 13 and is_digits(number) and number.startswith("977"):
        _require_gs1(number, text, "ISSN")
        serial = _serial(number)
        refuse_placeholder_of_serial(serial, "ISSN", text)
        return "issn:" + serial
    if len(number) != 8 or not _is_digits_or_x(number):
        raise refusal("wrong-shape", "an ISSN has eight digits, of which the last may be X; this is " + quote(text))
    refuse_placeholder_of_serial(number, "ISSN", text)
    due = modulo11(number[:7])
    if number[7] != due:
        raise check_digit_refusal("ISSN", text, number[7], due, "issn:" + number[:7] + due)
    return "issn:" + number


def read_gtin(text):
    number = compact(
        without(
            text, "https://id.gs1.org/01/", "urn:gtin", "gtin-14", "gtin-13", "gtin-12", "gtin-8", "gtin", "(01)"
        )  # fmt: skip
    )
    if not is_digits(number):
        raise refusal("wrong-characters", "a GTIN has digits only; this is " + quote(text))
    if len(number) != 8 and not 12 <= len(number) <= 14:
        raise refusal("wrong-shape", f"a GTIN has 8, 12, 13 or 14 digits; this has {len(number)}")
    padded = number.zfill(14)
    refuse_placeholder(padded, "GTIN", text)
    bare = padded.lstrip("0")
    if len(bare) >= 7:
        refuse_placeholder(bare, "GTIN", text)
        if is_sequence(bare[:-1]):
            raise placeholder("GTIN", text)
    if padded.startswith("0977"):
        refuse_placeholder_of_serial(_serial(padded[1:]), "GTIN", text)
    _require_gs1(padded, text, "GTIN")
    if padded[0] == "0" and _is_book(padded[1:]):
        return _book_or_score(padded[1:], text, "GTIN")
    return "gtin:" + padded


def gtin_containers(value):
    return [("issn", AROUND, _serial(value[1:]))] if value.startswith("0977") else []
