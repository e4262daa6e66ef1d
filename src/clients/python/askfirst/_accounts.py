"""The table of platforms: addresses that carry an account (docs/formats/subjects.md, section 6.8)."""

import unicodedata
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from ._text import starts, unescape
from ._web import plain_host


class Account(NamedTuple):
    """An account that an address carries."""

    value: str
    """The platform, a colon and the id."""
    is_named: bool
    """True if the address names the account itself, and not something that it published."""
    has_own_host: bool


class _Ids(NamedTuple):
    characters: frozenset
    has_letters: bool
    least: int
    most: int
    folds: bool
    excluded: frozenset

    def read(self, text):
        if self.folds:
            text = "".join(c.lower()[0] for c in text)
        if not all(self._is_character(c) for c in text) or not self.least <= len(text) <= self.most:
            return None
        return None if text in self.excluded else text

    def _is_character(self, c):
        if c < "\x80":
            return c in self.characters
        return self.has_letters and unicodedata.category(c) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn")


class _Form(NamedTuple):
    beginning: str
    ids: _Ids

    def read(self, text):
        if not starts(text, self.beginning):
            return None
        id = self.ids.read(text[len(self.beginning) :])
        return None if id is None else self.beginning + id


class _Rule(NamedTuple):
    """A pattern of addresses on one host. Each segment is (text before the id, text after it or None)."""

    beginning: str
    ids: _Ids
    is_named: bool
    segments: tuple
    is_open: bool
    parameter: str | None

    def find(self, path, query):
        if len(path) < len(self.segments) or (not self.is_open and len(path) > len(self.segments)):
            return None
        found = None
        if self.parameter is not None:
            for one in query.split("&"):
                if one.startswith(self.parameter + "="):
                    found = one[len(self.parameter) + 1 :]
                    break
        for (before, after), segment in zip(self.segments, path):
            if after is None:
                if before != "*" and before.lower() != segment.lower():
                    return None
                continue
            end = len(segment) - len(after)
            if end <= len(before) or not segment.startswith(before) or not segment.endswith(after):
                return None
            found = segment[len(before) : end]
        return self.account(found, False)

    def account(self, found, has_own_host):
        if found is None:
            return None
        if "%" in found:
            found = unicodedata.normalize("NFKC", unescape(found.encode("latin-1")).decode("utf-8", "replace"))
        id = self.ids.read(found)
        return None if id is None else Account(self.beginning + id, self.is_named, has_own_host)


class PlatformTable:
    """The table of platforms. Only asked addresses are compared with it; no key depends on it."""

    def __init__(self, text):
        self._rules_by_host = {}
        self._rules_by_site = {}
        self._forms = {}
        version = date = platform = ""
        ids = None
        excluded = set()
        hosts = []
        for number, line in enumerate(text.splitlines(), 1):
            if not line or line.startswith("#"):
                continue
            word, *values = line.split(" ")
            if not values or not all(values):
                raise ValueError(f"line {number} of the platforms: a word is missing")
            if word == "version":
                version = values[0]
            elif word == "date":
                date = values[0]
            elif word == "platform":
                platform = values[0]
                self._forms[platform] = []
                excluded = set()
                hosts = []
            elif word == "id":
                ids = self._ids(values, excluded)
            elif word == "not":
                excluded.update(values)
                ids = ids._replace(excluded=frozenset(excluded))
            elif word == "host":
                hosts = values
                for host in hosts:
                    self._rules_by_host[host] = []
            elif word in ("account", "within"):
                self._pattern(platform, ids, hosts, word == "account", values)
            elif word == "site":
                for site in values:
                    form = self._form(platform, ids, "{id}")
                    rule = _Rule(platform + ":", form.ids, True, (), True, None)
                    self._rules_by_site[site.removeprefix("{id}.")] = rule
            else:
                raise ValueError(f"line {number} of the platforms: the word {word} is not known")
        if not version or not date or not self._forms:
            raise ValueError("the platforms have no version, no date or no rows")
        self.version = version + " " + date

    @staticmethod
    def _ids(values, excluded):
        has_letters = values[0].startswith("*")
        classes = values[0][1:] if has_letters else values[0]
        characters = set()
        i = 0
        while i < len(classes):
            if i + 2 < len(classes) and classes[i + 1] == "-":
                characters.update(chr(c) for c in range(ord(classes[i]), ord(classes[i + 2]) + 1))
                i += 3
            else:
                characters.add(classes[i])
                i += 1
        return _Ids(
            frozenset(characters), has_letters, int(values[1]), int(values[2]), len(values) == 4, frozenset(excluded)
        )

    def _form(self, platform, ids, template):
        form = _Form(template.removesuffix("{id}"), ids)
        if form not in self._forms[platform]:
            self._forms[platform].append(form)
        return form

    def _pattern(self, platform, ids, hosts, is_named, values):
        form = self._form(platform, ids, values[1] if len(values) > 1 else "{id}")
        path, question, query = values[0].partition("?")
        parameter = query.removesuffix("={id}") if question else None
        is_open = path.endswith("/**")
        path = path.removesuffix("/**") if is_open else path
        segments = []
        for segment in path[1:].split("/") if path else []:
            before, has_id, after = segment.partition("{id}")
            segments.append((before, after if has_id else None))
        rule = _Rule(platform + ":" + form.beginning, ids, is_named, tuple(segments), is_open, parameter)
        for host in hosts:
            self._rules_by_host[host].append(rule)

    def has(self, platform):
        return platform in self._forms

    def id(self, platform, text):
        """Returns the canonical id on that platform; None if it has no such ids."""
        for form in self._forms.get(platform, ()):
            id = form.read(text)
            if id is not None:
                return id
        # People write the @ of a name also where ids have none.
        return self.id(platform, text[1:]) if text.startswith("@") else None

    def find(self, address):
        """Returns the account that a canonical `url` or `under` carries; None if it carries none."""
        rules = self._rules_by_host.get(address.plain_host)
        if rules is None:
            return self._of_site(address.plain_host, address.host_end + 1 == len(address.text))
        if not rules:
            return None
        path = address.text[address.host_end + 1 : address.path_end]
        segments = path.split("/") if path else []
        if segments and segments[-1] == "":
            segments.pop()
        query = address.text[address.path_end + 1 :]
        for rule in rules:
            account = rule.find(segments, query)
            if account is not None:
                return account
        return None

    def of_host(self, host):
        """Returns the account whose own host this is; None if it is nobody's."""
        return self._of_site(host[plain_host(host) :], True)

    def _of_site(self, host, is_named):
        label, dot, rest = host.partition(".")
        rule = self._rules_by_site.get(rest) if dot else None
        if rule is None or host in self._rules_by_host:
            return None
        account = rule.account(label, True)
        return account if account is None or is_named else account._replace(is_named=False)

    def is_shared(self, host):
        """Returns true if many people publish on the host, or on hosts below it."""
        host = host[plain_host(host) :]
        return host in self._rules_by_host or host in self._rules_by_site


@lru_cache(maxsize=1)
def bundled():
    """Returns the table of this release."""
    return PlatformTable(resources.files("askfirst").joinpath("resources/platforms.txt").read_text("utf-8"))
