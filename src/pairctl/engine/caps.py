"""The operator's caps on acceptances: what counts under them, and what is held back by them. Pure.

What a pull request can do frees no place: an intent that is deleted or broken after its cluster
was accepted counts on for its hour.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pairctl.pairing import Accept, Decision, Status, held_by_cap
from pairctl.records import Ledger
from pairctl.spec import Limits

HOUR = timedelta(hours=1)


def capped(
    decisions: Mapping[str, Decision], limits: Limits, *, this_run: int, last_hour: int
) -> dict[str, Decision]:
    """Hold back one-way actions beyond the caps of the operator's file, in the order of names."""
    caps = [
        (cap, used, unit)
        for cap, used, unit in (
            (limits.acceptances_per_run, this_run, "a run"),
            (limits.acceptances_per_hour, last_hour, "an hour"),
        )
        if cap is not None
    ]
    held = {}
    taken = 0
    for name, decision in decisions.items():
        if decision.action is None or not decision.action.is_one_way:
            held[name] = decision
            continue
        full = next(((cap, unit) for cap, used, unit in caps if used + taken >= cap), None)
        held[name] = held_by_cap(decision, *full) if full else decision
        taken += full is None
    return held


def accepted_in_last_hour(ledger: Ledger, now: datetime) -> int:
    """Count the clusters that the status branch shows as accepted, or as about to be.

    An open claim counts before anything is seen of it: another may be accepting at this moment.
    """
    accepted = {status.local_uid or name for name, status in _accepted(ledger, now).items()}
    claims = (claim for claim in ledger.claims.values() if claim.is_open(now))
    return len(accepted | {claim.cluster for claim in claims if claim.action == Accept.verb})


def still_counted(ledger: Ledger, limits: Limits, now: datetime) -> Mapping[str, Status]:
    """Return the statuses that must stay on record, their intents gone or not, for the cap."""
    return {} if limits.acceptances_per_hour is None else _accepted(ledger, now)


def _accepted(ledger: Ledger, now: datetime) -> dict[str, Status]:
    return {
        name: status
        for name, status in ledger.statuses.items()
        if status.accepted_at and status.accepted_at >= now - HOUR
    }
