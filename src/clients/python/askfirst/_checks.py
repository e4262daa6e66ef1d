"""Check digits of the standards, and the numbers that fill a gap and name no work."""

from ._text import quote, refusal

# ---- Check digits

_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def gs1(digits):
    """Returns the check digit of EAN, UPC, GTIN, ISBN-13 and ISMN: weights 3 and 1 from the right."""
    total = sum((1 if (len(digits) - i) % 2 == 0 else 3) * int(d) for i, d in enumerate(digits))
    return str((10 - total % 10) % 10)


def modulo11(digits):
    """Returns the check digit of ISBN-10 and ISSN, X for ten."""
    check = (11 - sum((len(digits) + 1 - i) * int(d) for i, d in enumerate(digits)) % 11) % 11
    return "X" if check == 10 else str(check)


def mod11_2(digits):
    """Returns the check digit of ISNI (ISO 7064 MOD 11-2), X for ten."""
    product = 0
    for d in digits:
        product = (product + int(d)) * 2 % 11
    check = (12 - product) % 11
    return "X" if check == 10 else str(check)


def mod37_36(characters):
    """Returns the check character of EIDR, ISAN and GRid (ISO 7064 MOD 37,36)."""
    product = 36
    for c in characters:
        total = (product + _ALPHANUMERIC.find(c)) % 36
        product = (total or 36) * 2 % 37
    return _ALPHANUMERIC[(37 - product) % 36]


def iswc(digits):
    """Returns the check digit of ISWC (ISO 15707)."""
    return str((10 - (1 + sum((i + 1) * int(d) for i, d in enumerate(digits))) % 10) % 10)


def ipi(digits):
    """Returns the two check digits of an IPI name number."""
    total = sum((10 - i) * int(d) for i, d in enumerate(digits)) % 101
    return "00" if total == 0 else f"{(101 - total) % 100:02}"


# ---- Placeholders


def is_repeated(text):
    """Returns true if all characters are the same."""
    return bool(text) and text == text[0] * len(text)


def is_sequence(digits):
    """Returns true if the digits are in their order, such as 123456789 and 987654321."""
    ascending = "0123456789012345"
    return ascending.startswith(digits) or ascending.startswith(digits, 1) or "9876543210987654".startswith(digits)


def placeholder(what, text):
    """Returns the refusal of a number that stands where a number is missing."""
    return refusal(
        "placeholder",
        f"{what} {quote(text)} stands where a number is missing; leave it out, or give the number of the work",
    )


def refuse_placeholder(number, what, text):
    """Refuses a number whose digits before the check digit are only zeros or nines, or all the same."""
    filled = number[0] in "09" and is_repeated(number[:-1])
    if filled or is_repeated(number):
        raise placeholder(what, text)


def refuse_placeholder_of_book(nine, what, text):
    """Refuses the nine digits of a book that are one digit repeated or in their order."""
    if is_repeated(nine) or is_sequence(nine):
        raise placeholder(what, text)


def refuse_placeholder_of_serial(issn, what, text):
    """Refuses the number of a serial that is a placeholder."""
    refuse_placeholder(issn, what, text)
    if is_sequence(issn[:7]):
        raise placeholder(what, text)
