"""One work, by everything that the asker knows of it, and the subjects for tests of clients."""

from typing import NamedTuple

from . import _times, policy, subjects, verdicts
from .subjects import MalformedSubject, Subject

_TESTS = {
    "allow": (False, {"text-and-data-mining": "permitted", "search-indexing": "permitted"}),
    "deny": (False, {"text-and-data-mining": "reserved", "search-indexing": "reserved"}),
    "ask": (True, {"text-and-data-mining": "reserved", "search-indexing": "reserved"}),
    "terms": (True, {"text-and-data-mining": "permitted-with-terms", "search-indexing": "permitted-with-terms"}),
    "mixed": (
        False,
        {
            "text-and-data-mining": "permitted",
            "generative-ai-training": "reserved",
            "search-indexing": "permitted",
        },
    ),
    "unknown": (False, {}),
    "unavailable": (False, None),
    "too-many-requests": (False, None),
}


class Work(NamedTuple):
    """A work that is asked. `fault` says why it cannot be read; then it has no subjects."""

    name: str
    subjects: tuple
    fault: str | None = None

    @staticmethod
    def read(given):
        """Reads a subject, a link, a number, or a list of these that name one work.

        If one of them cannot be read, the work is not known, so nothing is known about it.
        """
        given = [given] if isinstance(given, (str, Subject)) else list(given)
        name = str(given[0]) if given else ""
        if not 1 <= len(given) <= policy.MAX_SUBJECTS:
            return Work(name, (), f"a work has 1 to {policy.MAX_SUBJECTS} subjects")
        found = []
        for one in given:
            try:
                found.append(one if isinstance(one, Subject) else subjects.read(one))
            except MalformedSubject as fault:
                return Work(name, (), fault.detail)
            except (TypeError, AttributeError):
                return Work(name, (), "a subject is a text")
        return Work(found[0].canonical, tuple(found))


class KnownAnswer(NamedTuple):
    """The known answer to a test subject: a statement's stances, or None if the registry cannot answer."""

    label: str
    stances: dict | None
    contactable: bool

    def decision(self, work, uses, moment):
        """Returns the decision about a work with this answer. No part of it is about an entry of the ledger."""
        at = _times.to_datetime(moment)
        if self.stances is None:
            return policy.nothing(policy.UNREACHABLE, work.name, "this is a test: it is always answered so", at)
        matched = f"domain:{self.label}.{subjects.TEST_DOMAIN}" if self.stances else None
        return policy.of_judgement(self._judge(uses, moment), work.name, matched, 0, at)

    def _judge(self, uses, moment):
        statements = []
        if self.stances:
            statements.append(
                verdicts.Statement(
                    party=0,
                    position=0,
                    specificity=0,
                    reaches_others=True,
                    reach=verdicts.WHOLE,
                    control=verdicts.PROVED,
                    stances=verdicts.pack(self.stances),
                    contactable=self.contactable,
                    period=verdicts.ALWAYS,
                    on_behalf_of=0,
                    suspended=False,
                    mandate=None,
                )
            )
        return verdicts.judge(statements, uses, moment)


def known_answer(work):
    """Returns the known answer if the work is a test subject (docs/sandbox.md); None if it is a work.

    Raises `MalformedSubject` if it has a test subject and another one: somebody could make a work look permitted.
    """
    labels = set()
    for subject in work.subjects:
        host = subject.test_host()
        if host is None:
            labels.add(None)
        else:
            label = host.removesuffix(subjects.TEST_DOMAIN).removesuffix(".").rpartition(".")[2]
            labels.add(label if label in _TESTS else "unknown")
    if labels == {None}:
        return None
    if len(labels) > 1:
        raise MalformedSubject("conflict", "ask about a test subject alone: its address is no real work")
    label = labels.pop()
    contactable, stances = _TESTS[label]
    return KnownAnswer(label, stances, contactable)
