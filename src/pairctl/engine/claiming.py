"""Claiming: all actions of a pass, in one commit, by compare-and-swap, before anything is sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from pairctl.engine.settings import Settings
from pairctl.pairing import Action, Claim, Decision, claim_for
from pairctl.problem import PairctlError
from pairctl.records import Ledger, claim_path, read_ledger, render_claim
from pairctl.repo import PushLost


class ClaimLost(PairctlError):
    """Another writer came first. A claim is never rebased: the pass starts again."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """The claims by intent, the status branch that holds them, and the monotonic moment before."""

    claims: Mapping[str, Claim]
    ledger: Ledger
    claimed_at: float


async def claim_all(
    settings: Settings, acting: Mapping[str, tuple[Action, Decision]], ledger: Ledger
) -> Claimed:
    """Publish a claim for each action as a child of the very tip that was decided on.

    Raises ClaimLost, and what `Repository.publish` raises; then nothing may be sent.
    """
    claimed_at = settings.clock.monotonic()
    claims = {name: _claim(settings, name, *pair) for name, pair in acting.items()}
    try:
        await settings.repository.publish(
            ledger.tip,
            {claim_path(claim.cluster): render_claim(claim) for claim in claims.values()},
            message=_message(claims),
            now=settings.clock.now(),
        )
    except PushLost as error:
        raise ClaimLost(error.problem) from error
    return Claimed(claims, await read_ledger(settings.repository), claimed_at)


def _claim(settings: Settings, name: str, action: Action, decision: Decision) -> Claim:
    return claim_for(
        action,
        name,
        decision.case.intent.spec.attempt,
        settings.holder,
        now=settings.clock.now(),
        lifetime_s=settings.claim_lifetime_s,
    )


def _message(claims: Mapping[str, Claim]) -> str:
    told = "\n".join(f"- {claim.action} {name}" for name, claim in sorted(claims.items()))
    return f"Claim {len(claims)} action{'s' * (len(claims) != 1)}\n\n{told}"
