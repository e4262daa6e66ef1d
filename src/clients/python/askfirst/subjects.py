"""Subjects: canonical form, key, expansion, site prefilter, recognition.

The specification is docs/formats/subjects.md. `parse` reads `scheme:value`, and `recognise` also what people have: a
link, an ISBN with hyphens. Both raise `MalformedSubject`.

    >>> parse("url:HTTP://Example.com/a/../b.png#top").canonical
    'url:https://example.com/b.png'
    >>> recognise("978-89-364-3412-0").canonical
    'isbn:9788936434120'
"""

import hashlib
import re

from . import _accounts, _iscc, _numbers, _suffixes
from ._schemes import BY_NAME, SCHEMES
from ._specificity import (
    ACCOUNT,
    EXACT,
    MAX_DIRECTORIES,
    MAX_SUBDOMAIN_LABELS,
    OTHER_SPELLING,
    WITHOUT_QUERY,
    domain_specificity,
    prefix_specificity,
)
from ._text import (
    MAX_INPUT_LENGTH,
    MalformedSubject,
    SubjectError,
    UndeclarableSubject,
    ascii_lower,
    compact,
    is_possible_everyday,
    is_written_everyday,
    narrow,
    plain,
    quote,
    refusal,
    starts,
    strip,
    trim,
    utf16_length,
)
from ._web import PREFIX, Address, ends_in_wildcard, is_doi_resolver, plain_host, plain_spelling

__all__ = [
    "Entry",
    "Expansion",
    "MalformedSubject",
    "SCHEMES",
    "Subject",
    "SubjectError",
    "UndeclarableSubject",
    "of_file",
    "of_work",
    "parse",
    "platforms_version",
    "public_suffixes_version",
    "read",
    "recognise",
]

TEST_DOMAIN = "askfirst.example"
"""The domain of the subjects that exist only for tests of clients."""

_LONGEST_SCHEME = 32


def public_suffixes_version():
    """Returns the version of the public suffix list on which site prefilters depend."""
    return _suffixes.bundled().version


def platforms_version():
    """Returns the version of the table of platforms."""
    return _accounts.bundled().version


def key_of(text):
    """Returns the key of a canonical text: 32 bytes."""
    return hashlib.sha256(text.encode("utf-8")).digest()


class Subject:
    """The name of a work or a group of works. Two spellings of one thing are equal subjects."""

    __slots__ = ("scheme", "canonical", "_key")

    def __init__(self, scheme, canonical):
        self.scheme = scheme
        self.canonical = canonical
        self._key = None

    @property
    def value(self):
        """The part after the scheme and its colon."""
        return self.canonical[len(self.scheme.name) + 1 :]

    @property
    def key(self):
        """The SHA-256 of the canonical form: 32 bytes."""
        if self._key is None:
            self._key = key_of(self.canonical)
        return self._key

    def expand(self):
        """Returns all subjects that reach this one, most specific first."""
        return Expansion(self)

    def site_prefilter(self):
        """Returns the key to test before the subject is expanded; None if it must be expanded."""
        name = self.scheme.name
        if name in ("url", "under"):
            address = Address(self.canonical)
            if _doi_of(address) is not None or _accounts.bundled().find(address) is not None:
                return None
            return self.stored_site_prefilter()
        if name == "domain":
            return None if _accounts.bundled().of_host(self.value) is not None else self.stored_site_prefilter()
        return None

    def stored_site_prefilter(self):
        """Returns the site prefilter that an index stores for a statement about this subject; None without one."""
        domain = self.registrable_domain()
        return None if domain is None else key_of("gate:" + domain[plain_host(domain) :])

    def registrable_domain(self):
        """Returns the registrable domain of an address or a domain, or its host; None for other schemes."""
        if not self.scheme.is_address:
            return None
        if self.scheme.name == "domain":
            host = self.value
            registrable = _suffixes.bundled().registrable(host)
        else:
            address = Address(self.canonical)
            host = address.host
            registrable = address.registrable
        return host[max(registrable, 0) :]

    def account(self):
        """Returns the account that a `url` carries; None if it carries none."""
        found = self._account()
        return None if found is None else Subject(BY_NAME["account"], "account:" + found.value)

    def _account(self):
        return _accounts.bundled().find(Address(self.canonical)) if self.scheme.name == "url" else None

    def indexed_as(self):
        """Returns the subjects under whose keys a statement about this one is stored, this one first."""
        found = [self]
        if self.scheme.name == "iscc":
            for head in _iscc.parse(self.value).heads():
                subject = Subject(self.scheme, "iscc:" + head.canonical())
                if subject not in found:
                    found.append(subject)
        elif self.scheme.name == "url":
            spelling = plain_spelling(Address(self.canonical))
            if spelling != self.canonical:
                found.append(Subject(self.scheme, spelling))
        return found

    def require_declarable(self):
        """Raises `UndeclarableSubject` for a subject that may be asked and not declared."""
        if self.test_host() is not None:
            raise UndeclarableSubject(
                "impossible-host",
                f"It cannot be declared: everything below {TEST_DOMAIN} is reserved for tests of clients.",
            )
        self.scheme.require_declarable(self.value)

    def test_host(self):
        """Returns the host, if it is that of the subjects for tests of clients or below it; otherwise None."""
        if not self.scheme.is_address or TEST_DOMAIN not in self.canonical:
            return None
        host = self.value.removeprefix(PREFIX)
        host = re.split("[/?#:]", host, maxsplit=1)[0]
        return host if host == TEST_DOMAIN or host.endswith("." + TEST_DOMAIN) else None

    def __eq__(self, other):
        return isinstance(other, Subject) and self.canonical == other.canonical

    def __hash__(self):
        return hash(self.canonical)

    def __str__(self):
        return self.canonical

    def __repr__(self):
        return f"Subject({self.canonical!r})"


# ---- Expansion


class Entry:
    """A subject of an expansion: its scheme, canonical form, key and specificity."""

    __slots__ = ("scheme", "canonical", "specificity", "key", "_start", "_length")

    def __init__(self, scheme, canonical, specificity, start=-1, length=0):
        self.scheme = scheme
        self.canonical = canonical
        self.specificity = specificity
        self.key = key_of(canonical)
        # The place of the host in the asked address and its length, to compare hosts.
        self._start = start
        self._length = length

    def __repr__(self):
        return f"{self.canonical} ({self.specificity})"


class Expansion:
    """All subjects that reach one subject, from the most specific to the least. At most 48 entries."""

    def __init__(self, subject):
        self.entries = []
        self._plain_host_length = 0
        self._shared_from = None
        name = subject.scheme.name
        if name in ("url", "under"):
            self._add_address(subject, Address(subject.canonical))
        elif name == "domain":
            self._add_domain(subject)
        else:
            self._add_identifier(subject)

    def __len__(self):
        return len(self.entries)

    def __getitem__(self, i):
        return self.entries[i]

    def contains(self, i, j):
        """Returns true if entry i contains entry j, so that who controls i also controls j."""
        if i == j:
            return True
        outer = self.entries[i]
        inner = self.entries[j]
        return (
            outer.specificity < inner.specificity
            and _is_of_one_kind(outer.scheme, inner.scheme)
            and (not self.is_shared(i) or self.is_shared(j))
            and (not self.is_other_spelling(j) or self.contains_every_spelling(i))
        )

    def is_shared(self, i):
        """Returns true if entry i is a site on which many people publish, and one of them published the work."""
        if self._shared_from is None:
            return False
        entry = self.entries[i]
        return entry.scheme.name in ("domain", "under") and entry._start >= self._shared_from

    def contains_every_spelling(self, i):
        """Returns true if entry i contains every spelling of the asked address: another may have another host."""
        entry = self.entries[i]
        return entry.scheme.name == "domain" and entry._length <= self._plain_host_length and not self.is_shared(i)

    def is_other_spelling(self, i):
        """Returns true if entry i is the plain spelling of the asked address, and not that address."""
        entry = self.entries[i]
        return entry.scheme.name == "url" and entry.specificity in (
            EXACT - OTHER_SPELLING,
            WITHOUT_QUERY - OTHER_SPELLING,
        )

    def _add(self, scheme, specificity, canonical, start=-1, length=0):
        self.entries.append(Entry(BY_NAME[scheme], canonical, specificity, start, length))

    def _add_identifier(self, subject):
        value = subject.value
        self._add(subject.scheme.name, subject.scheme.specificity(value), subject.canonical)
        for scheme, specificity, container in subject.scheme.containers(value):
            self._add(scheme, specificity, scheme + ":" + container)

    def _add_address(self, subject, address):
        is_url = subject.scheme.name == "url"
        table = _accounts.bundled()
        account = table.find(address)
        if is_url:
            self._add_spellings(address)
            self._add_account(account, address.text, address.host_start, address.host)
        self._add_directories(address, is_url)
        if address.registrable >= 0:
            self._add_hosts(address.host, address.host_start, address.registrable, False)
        if not is_url:
            self._add_account(account, address.text, address.host_start, address.host)
            if account is None and table.is_shared(address.host):
                self._shared_from = address.host_start
        if is_url:
            doi = _doi_of(address)
            if doi is not None:
                self._add_identifier(doi)
                self.entries.sort(key=lambda entry: -entry.specificity)

    def _add_spellings(self, address):
        """Adds the address, and the address without its query, each followed by its plain spelling."""
        self._add_url(EXACT, address.text, len(address.text))
        spelling = plain_spelling(address)
        self._plain_host_length = len(address.plain_host)
        is_plain = spelling == address.text
        if is_plain and not address.has_query:
            return
        query = address.path_end if is_plain else spelling.find("?", address.host_start)
        plain_path_end = len(spelling) if query < 0 else query
        # As the registry does it: equal lengths mean that the path is the same.
        is_plain_path = plain_path_end == address.path_end
        if not is_plain and not (is_plain_path and len(spelling) == plain_path_end):
            self._add_url(EXACT - OTHER_SPELLING, spelling, len(spelling))
        if address.has_query:
            self._add_url(WITHOUT_QUERY, address.text, address.path_end)
            if not is_plain_path and plain_path_end < len(spelling):
                self._add_url(WITHOUT_QUERY - OTHER_SPELLING, spelling, plain_path_end)

    def _add_url(self, specificity, text, end):
        if end == len(text) or not ends_in_wildcard(text[:end]):
            self._add("url", specificity, text[:end])

    def _add_account(self, account, text, host_start, host):
        if account is None:
            return
        self._add("account", ACCOUNT, "account:" + account.value)
        self._shared_from = host_start
        if account.has_own_host:
            self._shared_from = text.index(".", host_start + plain_host(host)) + 1

    def _add_directories(self, address, is_url):
        text = address.text
        value = "under:" + text[text.index(":") + 1 : address.path_end]
        depth = address.directories
        if not value.endswith("/"):
            # The page itself, as a directory: a rule for that directory also covers the page.
            if depth < MAX_DIRECTORIES:
                self._add("under", prefix_specificity(depth + 1), value + "/", address.host_start)
            value = value[: value.rfind("/") + 1]
        shortest = len("under:" + PREFIX + address.host)
        is_declared_deep = not is_url
        while len(value) > shortest:
            if depth <= MAX_DIRECTORIES or is_declared_deep:
                self._add("under", prefix_specificity(depth), value, address.host_start)
            is_declared_deep = False
            depth -= 1
            value = value[: value.rfind("/", 0, len(value) - 1) + 1]

    def _add_domain(self, subject):
        host = subject.value
        start = len("domain:")
        registrable = _suffixes.bundled().registrable(host)
        self._add_hosts(host, start, max(registrable, 0), True)
        account = _accounts.bundled().of_host(host)
        self._add_account(account, subject.canonical, start, host)
        if account is None and _accounts.bundled().is_shared(host):
            self._shared_from = start

    def _add_hosts(self, host, host_start, registrable, with_deepest):
        labels = host.count(".", 0, registrable)
        start = 0
        while True:
            if labels <= MAX_SUBDOMAIN_LABELS or with_deepest:
                name = host[start:]
                self._add("domain", domain_specificity(labels), "domain:" + name, host_start + start, len(name))
            if start == registrable:
                return
            with_deepest = False
            labels -= 1
            start = host.index(".", start) + 1


def _is_of_one_kind(outer, inner):
    return (
        outer.is_address == inner.is_address
        or (outer.name == "account" and inner.name == "url")
        or (inner.name == "account" and outer.is_address)
    )


def _doi_of(address):
    """Returns the DOI that a link to the DOI resolver names."""
    text = address.text
    if not is_doi_resolver(address.host):
        return None
    if text.startswith("/10.", address.host_end) or starts(text, "/doi:10.", address.host_end):
        return _attempt("doi", text[address.host_end + 1 : address.path_end])
    return None


# ---- Parsing


def parse(text):
    """Reads `scheme:value` in any spelling. Raises `MalformedSubject`."""
    name, colon, value = text.partition(":")
    if colon and name in BY_NAME:
        return _parse(BY_NAME[name], value)
    trimmed = trim(text)
    if not trimmed:
        raise refusal("empty", "a subject is a scheme, a colon and a value")
    at = re.search("[:\uff1a]", trimmed)
    if at and utf16_length(trimmed[: at.start()]) <= _LONGEST_SCHEME:
        name = ascii_lower(narrow(strip(trimmed[: at.start()])))
        if name in BY_NAME:
            return _parse(BY_NAME[name], trimmed[at.end() :])
        if name == "urn":
            return recognise(trimmed)
    fault = quote(trimmed) + " does not begin with a scheme and a colon"
    try:
        meant = recognise(trimmed).canonical
    except MalformedSubject:
        detail = f"The scheme is not known: {fault}. Did you mean url:, isbn: or another scheme in front of it?"
        raise MalformedSubject("unknown-scheme", detail) from None
    raise refusal("unknown-scheme", fault, meant)


def _parse(scheme, value):
    canonical = scheme.parse(value)
    return Subject(BY_NAME[canonical[: canonical.index(":")]], canonical)


def _attempt(scheme, text):
    try:
        return _parse(BY_NAME[scheme], text)
    except MalformedSubject:
        return None


def read(text):
    """Reads a subject with its scheme, or else recognises the text. Use it for what people type."""
    name = ascii_lower(narrow(strip(trim(text).replace("\uff1a", ":").split(":", 1)[0])))
    return parse(text) if name in BY_NAME else recognise(text)


def of_work(random):
    """Returns a new id for a work that has none, from at least 13 random bytes."""
    return Subject(BY_NAME["work"], _numbers.work_of(random))


def of_file(path):
    """Returns the `sha256` of a file."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return Subject(BY_NAME["sha256"], "sha256:" + digest.hexdigest())


# ---- Recognition


def _by_label():
    labels = {}
    for scheme in SCHEMES:
        labels[scheme.name] = scheme
        for label in scheme.labels:
            labels[label] = scheme
    return dict(sorted(labels.items()))


_LABELS = _by_label()
# The separator prevents a label from matching the beginning of a longer one.
_LABEL = re.compile(
    "(?:urn[:]|info:)?(" + "|".join(map(re.escape, _LABELS)) + r")(?:-1[03])?[\s:/]\s*(.+)", re.A | re.I | re.S
)
_LINK = re.compile(r"(?:https?:)?//(?:www\.)?([^/]+)/(.+)", re.A | re.I | re.S)
_RESOLVERS = sorted(
    ((host, path, scheme.name) for scheme in SCHEMES for host, path in scheme.resolvers), key=lambda clue: clue[0]
)
_SHAPES = sorted(
    ((rank, packed, pattern, scheme.name) for scheme in SCHEMES for rank, packed, pattern in scheme.shapes),
    key=lambda clue: clue[0],
)


def recognise(text):
    """Reads a text without a scheme: a link, an ISBN with hyphens, a DOI link, a code. Raises `MalformedSubject`."""
    subject = _recognise(text)
    if subject.scheme.name == "url" and not _is_labelled(text):
        found = subject._account()
        if found is not None and found.is_named:
            return Subject(BY_NAME["account"], "account:" + found.value)
    return subject


def _is_labelled(text):
    return utf16_length(text) <= MAX_INPUT_LENGTH and _LABEL.fullmatch(plain(text)) is not None


def _recognise(untrusted):
    if utf16_length(untrusted) > MAX_INPUT_LENGTH:
        # Only addresses are that long.
        return _parse(BY_NAME["url"], untrusted)
    text = plain(untrusted)
    if is_written_everyday(text):
        raise _names_no_work()
    label = _LABEL.fullmatch(text)
    if label:
        return _parse(_LABELS[ascii_lower(label.group(1))], label.group(2))
    if _LINK.fullmatch(text) or "://" in text:
        return _link(untrusted, text)
    subjects = []
    refusals = []
    packed_text = compact(text)
    for _, packed, pattern, scheme in _SHAPES:
        if pattern.fullmatch(packed_text if packed else text):
            try:
                subject = _parse(BY_NAME[scheme], text)
                if subject not in subjects:
                    subjects.append(subject)
            except MalformedSubject as fault:
                refusals.append(fault)
    return _decide(untrusted, text, subjects, refusals)


def _names_no_work():
    return refusal(
        "wrong-shape",
        "this looks like a date, a telephone number or a number of a person or a business, which names no work; if it"
        " is the number of a work, write the scheme in front of it",
    )


def _link(untrusted, text):
    link = _LINK.fullmatch(text)
    if link:
        host = ascii_lower(link.group(1))
        path = link.group(2)
        for resolver, beginning, scheme in _RESOLVERS:
            if host == resolver and starts(path, beginning):
                value = re.split("[?#]", path[len(beginning) :], maxsplit=1)[0]
                subject = _attempt(scheme, value)
                if subject is not None:
                    return subject
                if " " in value:
                    # Escaped, the white space would hide the fault of the identifier in an address.
                    return _parse(BY_NAME[scheme], value)
    return _parse(BY_NAME["url"], untrusted)


def _decide(untrusted, text, subjects, refusals):
    # Only an ISSN is printed with a hyphen in the middle, so only eight digits without one are ambiguous.
    if len(subjects) > 1 and len(text) == 8:
        raise refusal(
            "ambiguous",
            f"{quote(text)} is valid as {subjects[0]} and as {subjects[1]}; name the scheme",
        )
    if subjects:
        return subjects[0]
    if not refusals and text.find(":") > 0:
        # It looks like an address, so the refusal describes its fault as an address.
        return _parse(BY_NAME["url"], untrusted)
    address = _attempt("url", untrusted) if " " not in text else None
    if address is not None:
        return address
    if is_possible_everyday(text):
        raise _names_no_work()
    if refusals:
        raise refusals[0]
    raise refusal(
        "wrong-shape",
        quote(text) + " is neither a link nor a known identifier; write the scheme in front of it, as in"
        " isbn:9788936434120",
    )
