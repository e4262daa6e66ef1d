"""The public suffix list, with its private section. It says where a registrable domain begins."""

from functools import lru_cache
from importlib import resources

from ._names import to_ascii

_PRESENT = 1
_RULE = 2
_WILDCARD = 4
_EXCEPTION = 8


class SuffixList:
    """The rules of publicsuffix.org: the longest rule wins, an exception wins over all, and `*` is the last rule."""

    def __init__(self, text):
        date = "undated"
        commit = ""
        self._rules = {}
        for line in text.splitlines():
            if line.startswith("// VERSION: "):
                date = line[12:].strip()[:10]
            elif line.startswith("// COMMIT: "):
                commit = " " + line[11:].strip()[:12]
            rule = line.strip().split(" ", 1)[0]
            if rule and not rule.startswith("//"):
                self._add(rule)
        self.version = date + commit

    def _add(self, rule):
        kind = _RULE
        suffix = rule
        if rule.startswith("!"):
            kind = _EXCEPTION
            suffix = rule[1:]
        elif rule.startswith("*."):
            kind = _WILDCARD
            suffix = rule[2:]
        suffix = suffix.lower() if suffix.isascii() else to_ascii(suffix)
        self._rules[suffix] = self._rules.get(suffix, 0) | kind | _PRESENT
        # Every parent is present too, so that a search from the right may stop at the first absent name.
        dot = suffix.find(".")
        while dot >= 0:
            parent = suffix[dot + 1 :]
            self._rules[parent] = self._rules.get(parent, 0) | _PRESENT
            dot = suffix.find(".", dot + 1)

    def has_known_top_level(self, host):
        """Returns true if the last label of a canonical host is a top-level domain of the list."""
        return host[host.rfind(".") + 1 :] in self._rules

    def registrable(self, host):
        """Returns the index at which the registrable domain of a host begins; -1 if the host is a public suffix.

        The host must be canonical and not an IP address.
        """
        suffix = host.rfind(".") + 1
        label = suffix
        while True:
            flags = self._rules.get(host[label:], 0)
            if flags == 0:
                break
            if flags & _EXCEPTION:
                suffix = host.find(".", label) + 1
                break
            if flags & _RULE:
                suffix = label
            if flags & _WILDCARD and label > 0:
                suffix = host.rfind(".", 0, label - 1) + 1
            if label == 0:
                break
            label = host.rfind(".", 0, label - 1) + 1
        return -1 if suffix <= 0 else host.rfind(".", 0, suffix - 1) + 1


@lru_cache(maxsize=1)
def bundled():
    """Returns the list of this release."""
    text = resources.files("askfirst").joinpath("resources/public_suffix_list.dat").read_text("utf-8")
    return SuffixList(text)
