"""Evidence of an acceptance, and a history of both branches that it fits, with its changes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from pairctl.engine.queries.evidence_laws import (
    CarriedOut,
    Finding,
    History,
    Law,
    Moment,
    Result,
    Standing,
    StatusHistory,
    Version,
)
from pairctl.engine.queries.evidence_verification import verify
from pairctl.pairing import (
    AcceptanceGrounds,
    Claim,
    Evidence,
    Phase,
    Status,
    completed,
    evidence_of,
    layer_use,
    profile_use,
)
from pairctl.repo import CommitFacts
from pairing_factory import (
    ADD_ON,
    INFRA_PROFILE,
    NOW,
    OTHER_DIGEST,
    PALETTE,
    STACK,
    make_claim,
    make_intent,
)

MADE, CLAIMED, WRITTEN, COMPLETED, LATER = (Moment(c * 40, at) for at, c in enumerate("abcde"))
COMMIT, ASKED, TIP = "1" * 40, "2" * 40, "3" * 40
ASKER = "an operator <operator@localhost>"
MERGER = "a forge <forge@localhost>"
BRANCH = "branch-1"

GROUNDS = AcceptanceGrounds(
    name="store-0042",
    commit=COMMIT,
    generation="sha256:one",
    digest=OTHER_DIGEST,
    origin="Sent",
    layers=tuple(map(layer_use, STACK)),
    profiles=(profile_use(INFRA_PROFILE), profile_use(ADD_ON)),
    asked_in=ASKED,
    author=ASKER,
    committer=MERGER,
)
CLAIM = make_claim("accept", palette=PALETTE, dated_at=NOW, branch=BRANCH, grounds=GROUNDS)
SEEN = evidence_of(CLAIM, "u1", seen_at=NOW + timedelta(seconds=2), dated_at=NOW)
EVIDENCE = completed(SEEN, "palette-42", paired_at=NOW + timedelta(seconds=9))


def make_standing(claim: Claim = CLAIM, **changes: Any) -> Standing:
    """Make the time that a claim was open: from its own commit until the evidence was written."""
    made = Standing("claims/local-42.yaml", claim, CLAIMED, WRITTEN)
    return replace(made, **changes)


def make_version(at: Moment, evidence: Evidence | None, *, is_there: bool = True) -> Version:
    """Make the evidence file as a commit left it."""
    return Version(at, is_there, evidence)


def make_status_history(*more: Version, **changes: Any) -> StatusHistory:
    """Make the history of a status branch on which all was well; `more` was done to the file."""
    first, second = make_version(WRITTEN, SEEN), make_version(COMPLETED, EVIDENCE)
    made = StatusHistory(
        (first, second, *more), (make_standing(),), branches=((MADE.commit, BRANCH),)
    )
    return replace(made, **changes)


def make_carried_out(**changes: Any) -> CarriedOut:
    """Make what the repository says of the commit: as the evidence has it."""
    asked = CommitFacts(ASKED, ASKER, MERGER)
    return replace(CarriedOut(make_intent(), None, asked, (), "main", TIP, True), **changes)


def make_history(**changes: Any) -> History:
    """Make both sides."""
    return replace(History(make_status_history(), make_carried_out()), **changes)


def of_console(**changes: Any) -> Evidence:
    """Make evidence of what a person accepted in Palette's console."""
    made = replace(SEEN, id="console-u1", claim=None, grounds=None)
    return replace(made, **changes)


def of_unknown_origin(**changes: Any) -> Evidence:
    """Make evidence of what a person accepted, or what had been sent under a claim that ended."""
    return replace(of_console(id="unclaimed-u1"), **changes)


def make_console_history(evidence: Evidence, *before: Version, **changes: Any) -> StatusHistory:
    """Make the history of a status branch that saw what a person did."""
    said = Status("store-0042", Phase.ACCEPTED, "sha256:one", COMMIT, local_uid="local-42")
    versions = (*before, make_version(WRITTEN, evidence))
    made = StatusHistory(versions, branches=((MADE.commit, BRANCH),), status=said)
    return replace(made, **changes)


def broken(
    evidence: Evidence = EVIDENCE,
    status: StatusHistory | None = None,
    carried_out: CarriedOut | None = None,
) -> list[Finding]:
    """Verify, and give what is not as it should be."""
    history = make_history(
        status=status or make_status_history(), carried_out=carried_out or make_carried_out()
    )
    return [one for one in verify(evidence, history) if one.result is not Result.VERIFIED]


def laws(findings: list[Finding]) -> list[tuple[Law, Result]]:
    """Give which laws findings are of."""
    return [(one.law, one.result) for one in findings]
