"""The language-neutral cases of verdicts, which the core tests too."""

import re
import unittest
from datetime import datetime, timezone

from askfirst import verdicts
from askfirst.verdicts import ContestState, Period, Statement
from tests.support import CORE

_STATEMENT = re.compile(
    r"(\d+) (\w+) declares for the (work|spelling|account|folder|site|platform|creator)(?: \(([^)]*)\))?: (.+)"
)
_QUESTION = re.compile(r"asked ([a-z, -]+?)(?: on (\S+))?: (\w+)")
_SPECIFICITY = {
    "work": 4000, "spelling": 3999, "account": 3000, "folder": 2002, "site": 1000, "platform": 1000, "creator": 100
}  # fmt: skip
_REACH = {"spelling": verdicts.OTHER_SPELLING, "platform": verdicts.SHARED_SITE}
_FOREVER = float("inf")


def day(text, clock="T00:00:00"):
    moment = datetime.fromisoformat(text + clock).replace(tzinfo=timezone.utc)
    return int(moment.timestamp()) * 1_000_000


class Case:
    def __init__(self, title):
        self.title = title
        self.statements = []
        self.asked = []
        self.moment = day("2026-11-22", "T09:00:00")
        self.verdict = None
        self.uses = {}
        self.because = []

    def read(self, line):
        statement = _STATEMENT.fullmatch(line)
        question = _QUESTION.fullmatch(line)
        if statement:
            self.statements.append(self._statement(*statement.groups()))
        elif question:
            self.asked = question.group(1).split(", ")
            if question.group(2):
                self.moment = day(question.group(2))
            self.verdict = question.group(3)
        elif line.startswith("uses "):
            self.uses = dict(one.split(" ") for one in line[5:].split(", "))
        elif line.startswith("because "):
            self.because = line[8:].split(", ")
        else:
            raise ValueError("cannot be read: " + line)

    @staticmethod
    def _statement(position, party, what, remarks, stances):
        remarks = set(remarks.split(", ")) if remarks else set()
        control = verdicts.NONE
        contest = ContestState()
        start = end = mandate_end = None
        behalf = party
        suspended = contactable = False
        for remark in remarks:
            word, _, rest = remark.partition(" ")
            until = remark.rpartition(" ")[2]
            if remark == "token on the page":
                control = max(control, verdicts.SHOWN)
            elif remark == "evidenced":
                control = verdicts.PROVED
            elif remark == "suspended":
                suspended = True
            elif remark == "can be asked":
                contactable = True
            elif remark == "contested":
                contest = contest.also(ContestState(_FOREVER, None, None))
            elif remark == "set aside":
                contest = contest.also(ContestState(None, None, -_FOREVER))
            elif word == "unanswered":
                contest = contest.also(ContestState(day(until), day(until), None))
            elif word == "rejected":
                contest = contest.also(ContestState(day(until), None, day(until)))
            elif word == "from":
                start = day(rest)
            elif word == "until":
                end = day(rest)
            elif word == "for":
                behalf = rest
            elif word == "mandate":
                mandate_end = day(until)
            elif remark not in ("vouched", "verified"):  # These say who a party is, and decide nothing.
                raise ValueError("cannot be read: " + remark)
        return Statement(
            party=party,
            position=int(position),
            specificity=_SPECIFICITY[what],
            reaches_others=what in ("folder", "site", "platform", "creator"),
            reach=_REACH.get(what, verdicts.WHOLE),
            control=control,
            stances=verdicts.pack(dict(one.split(" ") for one in stances.split(", "))),
            contactable=contactable,
            period=Period(start, end),
            on_behalf_of=behalf,
            suspended=suspended,
            mandate=None if behalf == party else Period(None, mandate_end),
            contest=contest,
        )


def cases():
    found = []
    text = (CORE / "src/test/resources/verdicts/cases.txt").read_text("utf-8")
    for line in map(str.strip, text.splitlines()):
        if line.startswith("== "):
            found.append(Case(line[3:]))
        elif line and not line.startswith("#"):
            found[-1].read(line)
    return found


class VerdictCases(unittest.TestCase):
    def test_cases(self):
        all_cases = cases()
        self.assertGreater(len(all_cases), 90)
        for case in all_cases:
            with self.subTest(case.title):
                self.assertIn(case.verdict, verdicts.VERDICTS)
                judgement = verdicts.judge(case.statements, case.asked, case.moment)
                self.assertEqual(case.verdict, judgement.verdict)
                if case.uses:
                    self.assertEqual(case.uses, judgement.uses)
                because = [
                    f"{one.statement.position} {'decides' if one.decides else one.outcome}"
                    for one in judgement.assessments
                ]
                self.assertEqual(case.because, because)

    def test_no_use_is_our_fault(self):
        with self.assertRaises(ValueError):
            verdicts.judge([], [], 0)


if __name__ == "__main__":
    unittest.main()
