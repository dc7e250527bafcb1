"""Whether evidence of an acceptance fits the history of both branches. Pure.

Each law is judged by itself: what holds is said as well as what does not. The status branch is only
as good as its guard, so what it says is held against the intents' own branch, too.
"""

from collections.abc import Iterable

from pairctl.engine.queries.evidence_in_commit import in_commit
from pairctl.engine.queries.evidence_laws import Finding, History, Result
from pairctl.engine.queries.evidence_on_branch import on_status_branch
from pairctl.pairing import (
    Evidence,
)


def verify(evidence: Evidence, history: History) -> tuple[Finding, ...]:
    """Hold evidence against history: at least one finding a law that applies, in their order."""
    return (*on_status_branch(evidence, history.status), *in_commit(evidence, history))


def worst(findings: Iterable[Finding]) -> Result:
    """Return what the findings come to together."""
    found = {finding.result for finding in findings}
    bad = (result for result in (Result.DIFFERS, Result.UNKNOWN) if result in found)
    return next(bad, Result.VERIFIED)
