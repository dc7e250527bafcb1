"""Evidence of an acceptance: what was accepted, on what grounds, by whom, and what came of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from pairctl.pairing.facts.claim import AcceptanceGrounds, Claim
from pairctl.pairing.facts.identity import canonical_uid
from pairctl.pairing.facts.instant import Instant

CONSOLE, UNCLAIMED = "console-", "unclaimed-"
"""How the ids of evidence without a claim begin; the request's id follows."""


@dataclass(frozen=True, slots=True)
class ClaimEvidence:
    """The claim that the acceptance was sent under. Instants are as in the claim."""

    id: str
    holder: str
    attempt: int
    lifetime_seconds: float
    made_at: Instant
    dated_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One acceptance of one cluster, named by its local uid. Instants are UTC.

    It is written in the commit that closes the acceptance's claim, and completed when the cluster
    is seen to be paired; it stays when its intent goes. `dated_at` is Palette's own clock in the
    look that saw the acceptance, `seen_at` that of whoever looked. `claim` is None where none was
    open: a person accepted the request, in Palette's console; or `may_be_own`.
    """

    cluster: str
    id: str
    intent: str
    pairing_uid: str
    palette: str
    branch: str
    seen_at: Instant
    dated_at: Instant | None = None
    grounds: AcceptanceGrounds | None = None
    claim: ClaimEvidence | None = None
    palette_uid: str = ""
    paired_at: Instant | None = None

    @property
    def may_be_own(self) -> bool:
        """Whether, without a claim, it may be an acceptance that pairctl had sent before.

        What came of that was not known when its claim ended; the branch's history has the claim.
        """
        return self.claim is None and self.id.startswith(UNCLAIMED)

    @property
    def is_complete(self) -> bool:
        """Whether the cluster was seen to be paired."""
        return self.paired_at is not None


def evidence_of(
    claim: Claim, pairing_uid: str, *, seen_at: datetime, dated_at: datetime | None
) -> Evidence:
    """Return the evidence of the acceptance that was sent under a claim, now that it is seen."""
    return Evidence(
        cluster=canonical_uid(claim.cluster),
        id=claim.id,
        intent=claim.intent,
        pairing_uid=pairing_uid or claim.pairing_uid,
        palette=claim.palette,
        branch=claim.branch,
        seen_at=seen_at,
        dated_at=dated_at,
        grounds=claim.grounds,
        claim=ClaimEvidence(
            claim.id,
            claim.holder,
            claim.attempt,
            claim.lifetime_seconds,
            claim.made_at,
            claim.dated_at,
        ),
    )


def completed(evidence: Evidence, palette_uid: str, *, paired_at: datetime) -> Evidence:
    """Return the evidence with the moment at which its cluster was seen to be paired."""
    return replace(evidence, palette_uid=palette_uid, paired_at=paired_at)
