"""Claims: who is about to do what to which cluster, written down before it is done.

While a claim without a known outcome is open nobody acts on that cluster, its holder included:
what was sent may still take effect. Afterwards whoever comes looks first.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pairctl.pairing.action import Action
from pairctl.pairing.instant import Instant


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim on one cluster, named by its local uid. Instants are UTC.

    `attempt` is the intent's own counter. `pairing_uid` is the request that the action is about;
    for an action that makes a request, the refused one that it comes after, if any.
    """

    cluster: str
    intent: str
    action: str
    attempt: int
    holder: str
    made_at: Instant
    until_at: Instant
    pairing_uid: str = ""

    def is_open(self, now: datetime) -> bool:
        """Whether what was claimed may still take effect."""
        return now < self.until_at


def claim_for(
    action: Action, intent: str, attempt: int, holder: str, *, now: datetime, lifetime_s: float
) -> Claim:
    """Return the claim that must be in the status branch before `action` is sent."""
    return Claim(
        cluster=action.local_uid,
        intent=intent,
        action=action.verb,
        attempt=attempt,
        holder=holder,
        made_at=now,
        until_at=now + timedelta(seconds=lifetime_s),
        pairing_uid=action.pairing_uid,
    )
