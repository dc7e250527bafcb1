"""What evidence of an acceptance is held against, and what came of it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from pairctl.pairing import (
    Claim,
    Evidence,
    Intent,
    Status,
    UnreadableClaim,
)
from pairctl.problem import Problem
from pairctl.repo import CommitFacts

SHORT = 12
"""How many characters of a digest or id are shown."""


class Law(StrEnum):
    """What is held against history."""

    CLAIM = "Claim"
    CLOSING = "Closing"
    ALONE = "Alone"
    FILE = "File"
    BRANCH = "StatusBranch"
    DOCUMENTS = "Documents"
    ASKED = "Asked"
    APPROVAL = "Approval"
    MERGED = "Merged"


class Result(StrEnum):
    """What came of it. UNKNOWN is not good enough: what cannot be seen is not verified."""

    VERIFIED = "Verified"
    DIFFERS = "Differs"
    UNKNOWN = "NotVerifiable"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one law came to; `commit` is where it is to be seen, empty where that is no commit."""

    law: Law
    result: Result
    message: str
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A commit of the status branch, and its place in the order of those that were read."""

    commit: str
    position: int


@dataclass(frozen=True, slots=True)
class Version:
    """An evidence file as a commit left it: `is_there` or not, and what can be read of it."""

    at: Moment
    is_there: bool
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A claim file while it held the same: from when, until when. It may be open still."""

    path: str
    claim: Claim | UnreadableClaim
    opened: Moment
    closed: Moment | None = None

    def overlaps(self, other: "Standing") -> bool:
        """Whether both were there at one time."""
        return is_before(self.opened, other.closed) and is_before(other.opened, self.closed)


@dataclass(frozen=True, slots=True)
class StatusHistory:
    """What the status branch's whole history says of one evidence.

    `versions` are of its file, oldest first; `claims` those that may be about its cluster or its
    request, or have its id. `branches` are the commits that wrote the branch's id, with that id,
    empty where it was taken away. `merge` is a commit with several parents, empty without one.
    `status` is the intent's, as of the commit that wrote the evidence.
    """

    versions: tuple[Version, ...]
    claims: tuple[Standing, ...] = ()
    branches: tuple[tuple[str, str], ...] = ()
    merge: str = ""
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What the repository says of the commit that was carried out.

    `intent` is None where the commit has none of the name; `refused` is why it cannot be used.
    `asked` is who changed its document last, None where that cannot be read. `approvals` are
    digests that were approved for it, with by whom. `ref` is the branch that has to hold the
    commit, at `tip`; `is_merged` is None where history does not say.
    """

    intent: Intent | None
    refused: Problem | None
    asked: CommitFacts | None
    approvals: tuple[tuple[str, str], ...]
    ref: str
    tip: str
    is_merged: bool | None


@dataclass(frozen=True, slots=True)
class History:
    """Both sides of one evidence; a Problem where a side cannot be read."""

    status: StatusHistory | Problem
    carried_out: CarriedOut | Problem


def is_before(one: Moment, other: Moment | None) -> bool:
    """Whether a moment comes before another one, or the other has not come."""
    return other is None or one.position < other.position
