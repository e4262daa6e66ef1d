"""What may be done with one work. Only `allow` is permission."""

from dataclasses import dataclass, field
from datetime import datetime, timezone

from .verdicts import ALLOW, UNKNOWN, VERDICTS

DECLARED = "declared"
"""A declaration decides."""
NOTHING_DECLARED = "nothing-declared"
"""Nothing is declared, or nothing that counts. That is no permission."""
UNREADABLE = "unreadable"
"""The subject cannot be read."""
EXPIRED = "expired"
"""The snapshot has expired."""
UNREACHABLE = "unreachable"
"""The registry did not answer, or refused."""

DEFAULT_USES = ("text-and-data-mining",)
"""The uses that are asked if nobody says which: all mining, training included."""

MAX_SUBJECTS = 20
"""The greatest number of subjects of one work."""


@dataclass(frozen=True)
class Decision:
    """The answer about one work.

    A decision that is not `is_answer` says that nothing could be learned: do not keep it, and ask again.
    """

    verdict: str
    """deny, ask, unknown or allow: the most cautious over the asked uses; unknown if nothing could be learned."""
    reason: str
    """declared, nothing-declared, unreadable, expired or unreachable."""
    subject: str
    """The first asked subject, canonical if it can be read."""
    matched: str | None = None
    """The declared subject that decides; None if none does."""
    position: int = 0
    """The position of the ledger that was asked; 0 if nothing could be learned."""
    checked_at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    """The moment for which it is true."""
    uses: dict = field(default_factory=dict)
    """The verdict for each asked use and each use below it."""
    detail: str | None = None
    """Words about the reason, for people."""

    def __post_init__(self):
        if self.verdict not in VERDICTS:
            raise ValueError("not a verdict: " + self.verdict)

    @property
    def allowed(self):
        """True if the work may be used."""
        return self.verdict == ALLOW and self.is_answer

    @property
    def is_answer(self):
        """True if the registry or its snapshot gave the answer."""
        return self.reason in (DECLARED, NOTHING_DECLARED)

    @property
    def word(self):
        """The word for files: the verdict, or unreachable if nothing could be learned."""
        return "unreachable" if self.reason in (EXPIRED, UNREACHABLE) else self.verdict

    def __bool__(self):
        return self.allowed


def nothing(reason, subject, detail=None, checked_at=None):
    """Returns the decision of a client that could learn nothing."""
    moment = datetime.now(timezone.utc) if checked_at is None else checked_at
    return Decision(UNKNOWN, reason, subject, checked_at=moment, detail=detail)


def of_judgement(judgement, subject, matched, position, checked_at):
    """Returns the decision that follows from a judgement."""
    reason = NOTHING_DECLARED if judgement.verdict == UNKNOWN else DECLARED
    return Decision(judgement.verdict, reason, subject, matched, position, checked_at, judgement.uses)
