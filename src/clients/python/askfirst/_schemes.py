"""The schemes of subjects: how their values are read, what contains them, and how people write them.

Each function `_read_x` takes a text after `_text.plain` and returns a canonical subject, which may have another scheme.
"""

import base64
import binascii
import re

from . import _accounts, _iscc, _suffixes
from ._text import (
    UndeclarableSubject,
    ascii_lower,
    check_digit_refusal,
    compact,
    is_alphanumeric,
    is_digits,
    is_hex,
    is_invisible,
    is_possible_everyday,
    is_written_everyday,
    plain,
    quote,
    refusal,
    shorten,
    strip,
    unescape,
    utf16_length,
    without,
    WHITE_SPACE,
)
from ._web import Address, can_exist, canonical_host, canonical_under, canonical_url, is_ip, is_public_ip

# ---- Specificity: one number for all schemes. A greater one is more specific.

EXACT = 4000
AROUND = EXACT - 1
WITHOUT_QUERY = EXACT - 2
OTHER_SPELLING = 1
ACCOUNT = 3000
CREATOR = 100


def prefix_specificity(length):
    return 2000 + min(length, 900)


def domain_specificity(labels):
    return 1000 + min(labels, 900)


MAX_DIRECTORIES = 16
MAX_SUBDOMAIN_LABELS = 8
TEST_DOMAIN = "askfirst.example"

# ---- Check digits

_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _gs1(digits):
    total = sum((1 if (len(digits) - i) % 2 == 0 else 3) * int(d) for i, d in enumerate(digits))
    return str((10 - total % 10) % 10)


def _modulo11(digits):
    check = (11 - sum((len(digits) + 1 - i) * int(d) for i, d in enumerate(digits)) % 11) % 11
    return "X" if check == 10 else str(check)


def _mod11_2(digits):
    product = 0
    for d in digits:
        product = (product + int(d)) * 2 % 11
    check = (12 - product) % 11
    return "X" if check == 10 else str(check)


def _mod37_36(characters):
    product = 36
    for c in characters:
        total = (product + _ALPHANUMERIC.find(c)) % 36
        product = (total or 36) * 2 % 37
    return _ALPHANUMERIC[(37 - product) % 36]


def _iswc_check(digits):
    return str((10 - (1 + sum((i + 1) * int(d) for i, d in enumerate(digits))) % 10) % 10)


def _ipi_check(digits):
    total = sum((10 - i) * int(d) for i, d in enumerate(digits)) % 101
    return "00" if total == 0 else f"{(101 - total) % 100:02}"


# ---- Placeholders


def _is_repeated(text):
    return bool(text) and text == text[0] * len(text)


def _is_sequence(digits):
    ascending = "0123456789012345"
    return ascending.startswith(digits) or ascending.startswith(digits, 1) or "9876543210987654".startswith(digits)


def _placeholder(what, text):
    return refusal(
        "placeholder",
        f"{what} {quote(text)} stands where a number is missing; leave it out, or give the number of the work",
    )


def _refuse_placeholder(number, what, text):
    filled = number[0] in "09" and _is_repeated(number[:-1])
    if filled or _is_repeated(number):
        raise _placeholder(what, text)


def _refuse_placeholder_of_book(nine, what, text):
    if _is_repeated(nine) or _is_sequence(nine):
        raise _placeholder(what, text)


def _refuse_placeholder_of_serial(issn, what, text):
    _refuse_placeholder(issn, what, text)
    if _is_sequence(issn[:7]):
        raise _placeholder(what, text)


# ---- Bar codes, which books, scores and serials share


def _serial(gtin13):
    return gtin13[3:10] + _modulo11(gtin13[3:10])


def _require_gs1(number, text, what):
    body = number[:-1]
    due = _gs1(body)
    if number[-1] != due:
        raise check_digit_refusal(what, text, number[-1], due, f"{what.lower()}:{body}{due}")


def _book_or_score(number, text, what):
    is_score = number.startswith("9790")
    if is_score:
        _refuse_placeholder(number[4:], what, text)
    else:
        _refuse_placeholder_of_book(number[3:12], what, text)
    _require_gs1(number, text, what)
    return ("ismn:" if is_score else "isbn:") + number


def _is_book(digits):
    return digits.startswith(("978", "979"))


def _is_digits_or_x(number):
    return len(number) > 1 and is_digits(number[:-1]) and (number[-1] == "X" or is_digits(number[-1]))


# ---- Addresses

_LOCAL_NAMES = frozenset("localhost localdomain local internal intranet lan invalid alt".split())


def _undeclarable(reason, why, meant=None):
    question = "." if meant is None else ". Did you mean " + shorten(meant) + "?"
    return UndeclarableSubject(reason, "It cannot be declared: " + why + question, meant)


def _require_host(host, meant=None):
    if host.startswith("%2A.") and can_exist(host[4:]):
        raise _undeclarable("wildcard", "the host has a wildcard", "domain:" + host[4:])
    if not can_exist(host):
        raise _undeclarable("impossible-host", "no host can have the name " + quote(host))
    if is_ip(host):
        public = is_public_ip(host)
    else:
        last = host.rfind(".") + 1
        public = last > 0 and host[last:] not in _LOCAL_NAMES and not host.endswith(".home.arpa")
    if not public:
        raise _undeclarable(
            "not-public-host",
            quote(host) + " is not a host on the public internet, so it is another machine for each asker",
            meant,
        )


def _require_address(scheme, value):
    address = Address(scheme + ":" + value)
    text = address.text
    meant = None
    if address.host in ("http", "https"):
        rest = text[address.host_end + 1 :]
        slash = rest.find("/")
        dot = rest.find(".")
        if dot > 0 and (slash < 0 or dot < slash):
            meant = scheme + ":https://" + rest
    _require_host(address.host, meant)
    asterisk = text.find("*", address.host_end)
    if asterisk >= 0:
        meant = text[: address.path_end]
        if asterisk <= address.path_end:
            meant = "under:" + text[len(scheme) + 1 : text.rfind("/", 0, asterisk) + 1]
        raise _undeclarable("wildcard", "a * in an address is not applied as a wildcard", meant)
    end = len(text) - 1 if scheme == "under" else len(text)
    if text[end - 1] == "$":
        raise _undeclarable(
            "wildcard", "a $ at the end of an address is not applied", text[: end - 1] + text[end:]
        )
    return address


def _url_declarable(value):
    _require_address("url", value)


def _under_declarable(value):
    directories = _require_address("under", value).directories
    if directories > MAX_DIRECTORIES:
        raise _undeclarable(
            "too-deep", f"it has {directories} directories, and at most {MAX_DIRECTORIES} are allowed"
        )


def _read_domain(untrusted):
    text = without(plain(untrusted), "https://", "http://", "//")
    text = without(text, "*.")
    _require_no_wildcard(text)
    host = text[:-1] if text.endswith("/") else text
    if "/" in host:
        raise refusal("wrong-shape", "a domain has no path; this is " + quote(text), "under:https://" + text)
    name, colon, port = host.rpartition(":")
    if colon and name and is_digits(port) and host[0] != "[":
        host = name
    canonical = canonical_host(host.encode("utf-8"))
    if is_ip(canonical):
        raise refusal("wrong-shape", "an IP address is not a domain", "under:https://" + canonical + "/")
    return "domain:" + canonical


def _require_no_wildcard(text):
    asterisk = text.find("*")
    slash = text.find("/")
    if asterisk < 0:
        return
    if 0 <= slash < asterisk:
        end = text.rfind("/", 0, asterisk + 1)
        raise refusal(
            "wildcard",
            "a domain has no path; this is " + quote(text),
            "domain:" + text[:slash] if end == slash else "under:https://" + text[: end + 1],
        )
    domain = text[text.rfind("*") + 1 :]
    domain = domain[1:] if domain.startswith(".") else domain
    fault = "in a domain, *. may only be in front; this is " + quote(text)
    raise refusal("wildcard", fault, "domain:" + domain if domain.find(".") > 0 else None)


def domain_labels(host):
    """Returns the number of labels before the registrable domain."""
    return host.count(".", 0, max(_suffixes.bundled().registrable(host), 0))


def _domain_declarable(host):
    suffixes = _suffixes.bundled()
    registrable = suffixes.registrable(host)
    if registrable >= 0 or not suffixes.has_known_top_level(host):
        _require_host(host)
    if registrable < 0:
        raise _undeclarable(
            "public-suffix", f"under {quote(host)} anybody can register a name (it is a public suffix)"
        )
    labels = host.count(".", 0, registrable)
    if labels > MAX_SUBDOMAIN_LABELS:
        raise _undeclarable(
            "too-deep", f"it is {labels} labels below {quote(host[registrable:])}, and at most"
            f" {MAX_SUBDOMAIN_LABELS} are allowed",
        )  # fmt: skip


# ---- Accounts

_PLATFORM = re.compile(r"[a-z0-9-]{1,32}", re.A)


def _read_account(untrusted):
    text = plain(untrusted)
    if "://" in text:
        account = _accounts.bundled().find(Address(canonical_url(text)))
        if account is None:
            raise refusal("wrong-shape", quote(text) + " carries no account of a known platform")
        return "account:" + account.value
    platform, colon, id = text.partition(":")
    platform = ascii_lower(strip(platform)) if colon else ""
    id = strip(id if colon else text)
    if not _PLATFORM.fullmatch(platform) or not id:
        raise refusal(
            "wrong-shape",
            "an account is a platform, a colon and an id, as in account:instagram:moon_toon; this is " + quote(text),
        )
    if utf16_length(id) > 128:
        raise refusal("too-long", "the id of an account may have at most 128 characters")
    if id[0] == "/" or any(c in WHITE_SPACE or c == ":" for c in id):
        raise refusal("wrong-characters", quote(id) + " is not the id of an account")
    return f"account:{platform}:{_accounts.bundled().id(platform, id) or id}"


def _account_declarable(value):
    platform, _, id = value.partition(":")
    table = _accounts.bundled()
    if table.id(platform, id) != id:
        why = quote(platform) + " has no account " + quote(id)
        if not table.has(platform):
            why = f"the platform {quote(platform)} is not known; declare the address"
        raise _undeclarable("unknown-account", why)


# ---- Files and content


def _read_sha256(text):
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
                data = base64.b64decode(rest.replace("-", "+").replace("_", "/") + "=" * (44 - len(rest)), validate=True)
                hash = data.hex() if len(data) == 32 else None
            except (binascii.Error, ValueError):
                hash = None
    if hash is None:
        raise refusal("wrong-shape", "a SHA-256 has 64 hexadecimal digits; this is " + quote(text))
    if _is_repeated(hash):
        raise _placeholder("SHA-256", text)
    return "sha256:" + hash


def _read_iscc(text):
    return "iscc:" + _iscc.parse(text).canonical()


def _iscc_containers(value):
    heads = [head.canonical() for head in _iscc.parse(value).heads()]
    return [("iscc", AROUND - i, head) for i, head in enumerate(h for h in reversed(heads) if h != value)]


# ---- Books, serials, scores, products

_LINE = r"[^\n\r\x85\u2028\u2029]"
_BEHIND_ISBN = re.compile(
    "(" + _LINE + r"*?[0-9Xx])(?:\s+[0-9]{5})?(?:\s*\(([^()]{0,200})\))?", re.A
)


def _read_isbn(text):
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
        _refuse_placeholder_of_book(body, "ISBN", text)
        due = _modulo11(body)
        if number[9] != due:
            raise check_digit_refusal("ISBN", text, number[9], due, "isbn:" + body + due)
        return "isbn:978" + body + _gs1("978" + body)
    if not is_digits(number):
        raise refusal(
            "wrong-characters", "an ISBN has 13 digits, or 10 of which the last may be X; this is " + quote(text)
        )
    if len(number) == 13 and _is_book(number):
        return _book_or_score(number, text, "ISBN")
    _refuse_placeholder(number, "ISBN", text)
    if len(number) == 13 and is_possible_everyday(text):
        raise refusal("wrong-shape", "an ISBN begins with 978 or 979")
    if len(number) == 13:
        raise refusal("wrong-shape", "an ISBN begins with 978 or 979; this is " + quote(text), "gtin:" + number)
    if len(number) == 12 and _is_book(number):
        raise refusal("wrong-shape", "an ISBN has 13 digits; this has 12", "isbn:" + number + _gs1(number))
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
    _refuse_placeholder_of_serial(issn, "ISBN", text)
    is_issn = _modulo11(issn[:7]) == issn[7]
    meant = "issn:" + issn if is_issn and not is_written_everyday(text) else None
    return refusal("wrong-shape", "an ISBN has 13 or 10 digits; this is " + quote(text), meant)


def _read_isbn_prefix(text):
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
        raise _placeholder("ISBN prefix", text)
    return "isbn-prefix:" + digits


def _is_isbn_prefix_placeholder(digits):
    return len(digits) >= 10 and digits[3] in "09" and _is_repeated(digits[3:])


def _isbn_prefixes(number, longest):
    return [
        ("isbn-prefix", prefix_specificity(length), number[:length])
        for length in range(longest, 4, -1)
        if not _is_isbn_prefix_placeholder(number[:length])
    ]


def _isbn_prefix_declarable(prefix):
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
        raise _undeclarable(
            "registration-group", quote(prefix) + " names a country or a language and not a publisher"
        )
    if len(prefix) > 11:
        raise _undeclarable("too-long", "a prefix has at most 11 digits, because the title needs at least one")


def _read_ismn(text):
    number = compact(without(text, "urn:ismn", "ismn"))
    if number.startswith("M"):
        number = "9790" + number[1:]
    if len(number) != 13 or not is_digits(number) or not number.startswith("9790"):
        raise refusal("wrong-shape", "an ISMN is 979-0 and nine digits, or M and nine digits; this is " + quote(text))
    return _book_or_score(number, text, "ISMN")


def _read_issn(text):
    number = compact(
        without(
            text, "https://portal.issn.org/resource/issn/", "https://issn.org/resource/issn/", "urn:issn", "issn-l",
            "e-issn", "eissn", "p-issn", "pissn", "issn",
        )  # fmt: skip
    )
    if len(number) == 13 and is_digits(number) and number.startswith("977"):
        _require_gs1(number, text, "ISSN")
        serial = _serial(number)
        _refuse_placeholder_of_serial(serial, "ISSN", text)
        return "issn:" + serial
    if len(number) != 8 or not _is_digits_or_x(number):
        raise refusal("wrong-shape", "an ISSN has eight digits, of which the last may be X; this is " + quote(text))
    _refuse_placeholder_of_serial(number, "ISSN", text)
    due = _modulo11(number[:7])
    if number[7] != due:
        raise check_digit_refusal("ISSN", text, number[7], due, "issn:" + number[:7] + due)
    return "issn:" + number


def _read_gtin(text):
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
    _refuse_placeholder(padded, "GTIN", text)
    bare = padded.lstrip("0")
    if len(bare) >= 7:
        _refuse_placeholder(bare, "GTIN", text)
        if _is_sequence(bare[:-1]):
            raise _placeholder("GTIN", text)
    if padded.startswith("0977"):
        _refuse_placeholder_of_serial(_serial(padded[1:]), "GTIN", text)
    _require_gs1(padded, text, "GTIN")
    if padded[0] == "0" and _is_book(padded[1:]):
        return _book_or_score(padded[1:], text, "GTIN")
    return "gtin:" + padded


def _gtin_containers(value):
    return [("issn", AROUND, _serial(value[1:]))] if value.startswith("0977") else []


# ---- Recordings, musical works, releases

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", re.A)
_REGISTRANT = re.compile(r"[A-Z]{2}[A-Z0-9]{3}", re.A)


def _read_isrc(text):
    code = compact(text)
    # The whole text first: the codes of an Icelandic registrant may begin with ISRC1.
    if not _ISRC.fullmatch(code):
        code = compact(without(text, "urn:isrc", "isrc"))
    if not _ISRC.fullmatch(code):
        raise refusal(
            "wrong-shape",
            "an ISRC is two letters, three letters or digits and seven digits; this is " + quote(text),
        )
    if code[5] in "09" and _is_repeated(code[5:]):
        raise _placeholder("ISRC", text)
    return "isrc:" + code


def _read_isrc_registrant(text):
    code = compact(text)
    if not _REGISTRANT.fullmatch(code):
        code = compact(without(text, "isrc"))
    if not _REGISTRANT.fullmatch(code):
        raise refusal(
            "wrong-shape", "an ISRC registrant is two letters and three letters or digits; this is " + quote(text)
        )
    return "isrc-registrant:" + code


def _read_iswc(text):
    code = compact(without(text, "urn:iswc", "iswc")).replace(".", "")
    code = "T" + code if len(code) == 10 else code
    if len(code) != 11 or code[0] != "T" or not is_digits(code[1:]):
        raise refusal("wrong-shape", "an ISWC is T and ten digits; this is " + quote(text))
    _refuse_placeholder(code[1:], "ISWC", text)
    due = _iswc_check(code[1:10])
    if code[10] != due:
        raise check_digit_refusal("ISWC", text, code[10], due, "iswc:" + code[:10] + due)
    return "iswc:" + code


def _read_grid(text):
    code = compact(without(text, "urn:grid", "grid"))
    if len(code) != 18 or not code.startswith("A1") or not is_alphanumeric(code):
        raise refusal("wrong-shape", "a GRid is A1 and sixteen more letters and digits; this is " + quote(text))
    if _is_repeated(code[2:17]):
        raise _placeholder("GRid", text)
    due = _mod37_36(code[:17])
    if code[17] != due:
        raise refusal(
            "wrong-check-digit",
            f"GRid {quote(text)} ends in {code[17]} where {due} is due",
            "grid:" + code[:17] + due,
        )
    return "grid:" + code


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


def _read_doi(text):
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
    filled = len(rest) >= 4 and rest[0] in "0x" and _is_repeated(rest)
    if filled or _is_doi_prefix_placeholder(prefix):
        raise _placeholder("DOI", text)
    if prefix == "10.5240":
        code = compact(rest)
        if _is_eidr(code):
            return _read_eidr(code)
    if prefix.startswith(("10.978.", "10.979.")):
        digits = prefix[3:].replace(".", "") + rest
        if len(digits) == 13 and is_digits(digits) and _gs1(digits[:12]) == digits[12]:
            return _read_isbn(digits)
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


def _doi_prefixes(value, end):
    found = []
    while len(found) < 8 and end > 3 and not _is_doi_prefix_placeholder(value[:end]):
        found.append(("doi-prefix", prefix_specificity(end), value[:end]))
        end = value.rfind(".", 0, end)
    return found


def _read_doi_prefix(text):
    prefix = ascii_lower(_without_resolver(text))
    prefix = prefix[:-1] if prefix.endswith("/") else prefix
    if not _is_doi_prefix(prefix) or len(prefix) > 64:
        raise refusal("wrong-shape", "a DOI prefix is 10. and a number, such as 10.1234; this is " + quote(text))
    if _is_doi_prefix_placeholder(prefix):
        raise _placeholder("DOI prefix", text)
    return "doi-prefix:" + prefix


def _read_eidr(text):
    rest = without(text, "urn:eidr", "https://ui.eidr.org/view/content?id=", "eidr")
    rest = without(_without_resolver(rest), "10.5240/", "10.5240:")
    code = compact(rest)
    if len(code) >= 20 and _is_repeated(code[:20]):
        raise _placeholder("EIDR", text)
    if len(code) == 20 and is_hex(code):
        raise refusal(
            "wrong-shape", f"the check character of EIDR {quote(text)} is missing", _eidr(code + _mod37_36(code))
        )
    if not _is_eidr(code):
        raise refusal(
            "wrong-shape",
            "an EIDR is 10.5240/, twenty hexadecimal digits and a check character; this is " + quote(text),
        )
    due = _mod37_36(code[:20])
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


def _read_isan(text):
    code = compact(without(text, "urn:isan", "v-isan", "isan"))
    length = len(code)
    has_work_check = length in (17, 26) or (
        length == 25 and not (is_hex(code[:24]) and _mod37_36(code[:24]) == code[24])
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
    if _is_repeated(bare[:12]):
        raise _placeholder("ISAN", text)
    if has_work_check:
        _require_isan_check(code[16], bare[:16], text)
    if has_version_check:
        _require_isan_check(digits[24], bare, text)
    return "isan:" + (bare[:16] if bare[16:] == "00000000" else bare)


def _require_isan_check(found, digits, text):
    due = _mod37_36(digits)
    if found != due:
        raise refusal("wrong-check-digit", f"ISAN {quote(text)} has {found} where {due} is due", "isan:" + digits + due)


def _isan_containers(value):
    found = [("isan", AROUND, value[:16])] if len(value) > 16 else []
    series = value[:12] + "0000"
    return found if value.startswith(series) else found + [("isan", AROUND - 1, series)]


# ---- Korean numbers

_UCI_PREFIX = re.compile(r"[A-Z0-9]+(?::[A-Z0-9]+)?(?:\+[A-Z0-9]+)?", re.A)
_UCI_MARKS = "()+,-.=@;$_!*'%:"


def _require_bounded(code):
    if utf16_length(code) > 256:
        raise refusal("too-long", "it may have at most 256 characters")
    return code


def _opaque(text):
    code = re.sub(r"\s+", " ", text, flags=re.A)
    digits = "".join(c for c in code if "0" <= c <= "9")
    if not digits:
        raise refusal("wrong-shape", "the number of a work has digits; this is " + quote(code))
    if len(digits) >= 4 and digits[0] in "09" and _is_repeated(digits):
        raise _placeholder("The number", code)
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


def _read_uci(text):
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
        raise _placeholder("UCI", text)
    return "uci:" + _require_bounded(code)


def _read_uci_prefix(text):
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


def _uci_prefixes(value):
    end = _uci_prefix_end(value)
    qualifier = value.find(":", end)
    last = len(value) if qualifier < 0 else qualifier
    hyphens = [i for i in range(end, last) if value[i] == "-" and value[i - 1] != "-"][:7]
    marks = [i for i in range(end - 1, 0, -1) if value[i] in ":+"]
    return [("uci-prefix", prefix_specificity(i), value[:i]) for i in hyphens[::-1] + marks]


def _uci_containers(value):
    qualifier = value.find(":", _uci_prefix_end(value))
    return ([("uci", AROUND, value[:qualifier])] if qualifier > 0 else []) + _uci_prefixes(value)


def _uci_prefix_declarable(prefix):
    if prefix.count("-", _uci_prefix_end(prefix)) > 6:
        raise _undeclarable("too-deep", "it has more than 6 parts after its prefix")


# ---- Creators


def _read_isni(text):
    rest = without(text, "https://", "http://")
    rest = without(
        rest, "isni.org/isni/", "isni.org/page/", "isni.org/", "www.isni.org/isni/", "www.isni.org/page/",
        "www.isni.org/", "orcid.org/", "www.orcid.org/", "urn:isni", "isni", "orcid",
    )  # fmt: skip
    number = compact(rest[:-1] if rest.endswith("/") else rest)
    if len(number) != 16 or not is_digits(number[:15]):
        raise refusal("wrong-shape", "an ISNI has sixteen digits, of which the last may be X; this is " + quote(text))
    _refuse_placeholder(number, "ISNI", text)
    due = _mod11_2(number[:15])
    if number[15] != due:
        raise check_digit_refusal("ISNI", text, number[15], due, "isni:" + number[:15] + due)
    return "isni:" + number


def _read_ipi(text):
    number = compact(without(text, "ipi base", "ipi name", "ipi", "cae")).replace(".", "")
    if number.startswith("I") and len(number) == 11 and is_digits(number[1:]):
        _refuse_placeholder(number[1:], "IPI", text)
        return "ipi:" + number
    if not is_digits(number) or not 3 <= len(number) <= 11:
        raise refusal(
            "wrong-shape",
            "an IPI name number has eleven digits, a base number has I and ten digits; this is " + quote(text),
        )
    padded = number.zfill(11)
    _refuse_placeholder(padded[:10], "IPI", text)
    due = _ipi_check(padded[:9])
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


def _read_work(text):
    id = ascii_lower(compact(without(text, "work"))).replace("o", "0").replace("i", "1").replace("l", "1")
    for c in id:
        if c not in _CROCKFORD:
            raise refusal("wrong-characters", "a work id cannot have " + quote(c))
    if len(id) != 21:
        raise refusal("wrong-shape", f"a work id has 21 characters; this has {len(id)}")
    if _is_repeated(id):
        raise _placeholder("Work id", text)
    if _work_check(id[:20]) != id[20]:
        raise refusal("wrong-check-digit", f"one or more characters of {quote(text)} are mistyped")
    return "work:" + id


# ---- The schemes


class Scheme:
    """The rules of one scheme.

    Shapes are (rank, is compact, pattern); resolvers are (host, path before the value).
    """

    def __init__(self, number, name, read, containers=None, declarable=None, specificity=EXACT, labels=(), shapes=(),
                 resolvers=(), columns=()):  # fmt: skip
        self.number = number
        self.name = name
        self.parse = read
        self.needs_control = name in ("under", "domain", "isni", "ipi") or name.endswith(("-prefix", "-registrant"))
        self.is_address = name in ("url", "under", "domain")
        self._containers = containers
        self._declarable = declarable
        self._specificity = specificity
        self.labels = labels
        self.shapes = [
            (rank if written else 1000 + rank, not written, re.compile(pattern, re.A | re.I))
            for rank, written, pattern in shapes
        ]
        self.resolvers = resolvers
        self.columns = columns

    def specificity(self, value):
        return self._specificity(value) if callable(self._specificity) else self._specificity

    def containers(self, value):
        """Returns (scheme, specificity, value) of what contains an identifier, most specific first."""
        return self._containers(value) if self._containers else []

    def require_declarable(self, value):
        if self._declarable:
            self._declarable(value)

    def __repr__(self):
        return self.name


def _identifier(read):
    return lambda untrusted: read(plain(untrusted))


def _of_length(value):
    return prefix_specificity(len(value))


def _schemes():
    def written(rank, pattern):
        return (rank, True, pattern)

    def packed(rank, pattern):
        return (rank, False, pattern)

    iscc = "(?:AA|CA|CE|CI|CM|CQ|EA|EE|EI|EM|EQ|GA|IA|KA|KE|KI|KM|KQ|KU|KY|K4|MA|ME|MI|MM|OA)"
    rows = [
        dict(name="url", read=canonical_url, declarable=_url_declarable,
             columns="url urls link links uri weblink webaddress 링크 웹주소 인터넷주소 게시주소 작품링크 작품주소 작품url 페이지주소 바로가기"),
        dict(name="under", read=canonical_under, declarable=_under_declarable,
             specificity=lambda value: prefix_specificity(Address("under:" + value).directories)),
        dict(name="domain", read=_read_domain, declarable=_domain_declarable,
             specificity=lambda value: domain_specificity(domain_labels(value))),
        dict(name="sha256", read=_identifier(_read_sha256), labels=("sha-256",),
             shapes=[written(30, "sha-?256-" + _LINE + "{43,44}"), packed(10, "[0-9A-F]{64}")],
             columns="sha256 filehash hash 해시 파일해시 파일지문"),
        dict(name="iscc", read=_identifier(_read_iscc), containers=_iscc_containers,
             shapes=[written(70, "[fbvzu][0-9A-Z_=-]{12,127}"), written(80, iscc + "[A-Z2-7-]{8,100}")],
             columns="iscc"),
        dict(name="isbn", read=_identifier(_read_isbn), containers=lambda value: _isbn_prefixes(value, 11),
             shapes=[
                 written(45, r"(?:97[89][- ]?)?(?:[0-9][- ]?){9}[0-9X](?: +[0-9]{5})?(?: *\([^()]*\))?"),
                 packed(40, "97[89][0-9]{10}(?:[0-9]{5})?"),
                 packed(60, "[0-9]{9}[0-9X]"),
             ],
             columns="isbn isbn13 isbn10 isbns isbnno isbn번호 isbn코드 국제표준도서번호 전자책isbn eisbn 종이책isbn isbn13자리 isbn10자리"),
        dict(name="issn", read=_identifier(_read_issn), labels=("e-issn", "eissn", "p-issn", "pissn", "issn-l"),
             shapes=[packed(70, "[0-9]{7}[0-9X]")], resolvers=[("portal.issn.org", "resource/issn/")],
             columns="issn eissn pissn issn번호 국제표준연속간행물번호"),
        dict(name="ismn", read=_identifier(_read_ismn), shapes=[packed(30, "M[0-9]{9}")], columns="ismn"),
        dict(name="isrc", read=_identifier(_read_isrc),
             containers=lambda value: [("isrc-registrant", prefix_specificity(5), value[:5])],
             shapes=[packed(50, "[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")],
             columns="isrc isrc코드 isrc번호 isrccode 국제표준녹음코드"),
        dict(name="iswc", read=_identifier(_read_iswc),
             shapes=[written(50, "T[-. ]?[0-9]{3}[-. ]?[0-9]{3}[-. ]?[0-9]{3}[-. ]?[0-9]")],
             columns="iswc iswc코드 iswc번호 국제표준음악저작물코드"),
        dict(name="doi", read=_identifier(_read_doi), containers=lambda value: _doi_prefixes(value, value.find("/")),
             shapes=[written(10, r"10\.[0-9. ]+/" + _LINE + "+"), written(20, r"10/\S+")],
             resolvers=[("doi.org", ""), ("dx.doi.org", ""), ("hdl.handle.net", "")], columns="doi doi번호"),
        dict(name="eidr", read=_identifier(_read_eidr), containers=lambda value: _doi_prefixes(value, value.find("/")),
             shapes=[packed(100, "[0-9A-F]{20}[0-9A-Z]")], columns="eidr eidrid"),
        dict(name="isan", read=_identifier(_read_isan), containers=_isan_containers, labels=("v-isan",),
             shapes=[packed(90, "[0-9A-F]{16}(?:[0-9A-Z]|[0-9A-F]{8}|[0-9A-Z][0-9A-F]{8}[0-9A-Z])?")],
             columns="isan"),
        dict(name="grid", read=_identifier(_read_grid), shapes=[packed(20, "A1[0-9A-Z]{16}")], columns="grid"),
        dict(name="gtin", read=_identifier(_read_gtin), containers=_gtin_containers, labels=("ean", "upc"),
             shapes=[packed(110, "[0-9]{12,14}|[0-9]{8}")], resolvers=[("id.gs1.org", "01/")],
             columns="gtin ean ean13 upc barcode 바코드 상품바코드"),
        dict(name="uci", read=_identifier(_read_uci), containers=_uci_containers,
             shapes=[written(40, "[A-Z][0-9]{3}(?:[:+][A-Z0-9]+)*-[A-Z0-9]" + _LINE + "*")],
             columns="uci uci코드 uci번호"),
        dict(name="icn", read=_identifier(lambda text: "icn:" + _opaque(text)),
             columns="icn icn번호 통합저작권번호 저작권통합번호"),
        dict(name="kcc", read=_identifier(lambda text: "kcc:" + _opaque(text)), columns="kcc 저작권등록번호"),
        dict(name="isbn-prefix", read=_identifier(_read_isbn_prefix), declarable=_isbn_prefix_declarable,
             containers=lambda value: _isbn_prefixes(value, min(len(value) - 1, 11)), specificity=_of_length),
        dict(name="isrc-registrant", read=_identifier(_read_isrc_registrant), specificity=_of_length),
        dict(name="doi-prefix", read=_identifier(_read_doi_prefix), specificity=_of_length,
             containers=lambda value: _doi_prefixes(value, value.rfind("."))),
        dict(name="uci-prefix", read=_identifier(_read_uci_prefix), specificity=_of_length,
             containers=_uci_prefixes, declarable=_uci_prefix_declarable),
        dict(name="isni", read=_identifier(_read_isni), specificity=CREATOR, labels=("orcid",),
             shapes=[packed(80, "0000[0-9]{11}[0-9X]")],
             resolvers=[("isni.org", "isni/"), ("isni.org", "page/"), ("isni.org", ""), ("orcid.org", "")]),
        dict(name="ipi", read=_identifier(_read_ipi), specificity=CREATOR,
             shapes=[written(60, "I-[0-9]{9}-[0-9]"), packed(120, "[0-9]{11}")]),
        dict(name="work", read=_identifier(_read_work), shapes=[packed(130, "[0-9A-HJ-KM-NP-TV-Z]{21}")]),
        dict(name="account", read=_read_account, declarable=_account_declarable, specificity=ACCOUNT),
    ]  # fmt: skip
    for row in rows:
        row["columns"] = tuple(row.get("columns", "").split())
    return [Scheme(number, **row) for number, row in enumerate(rows)]


SCHEMES = _schemes()
"""All schemes. Files number them by their place."""

BY_NAME = {scheme.name: scheme for scheme in SCHEMES}
