"""How long what is left of rollouts takes at the least, by what is known of pairings so far."""

from collections.abc import Iterable

from pairctl.apis import seconds_for
from pairctl.pairing import Evidence, PairingCost

CALLS_OF_A_PAIRING = 29
"""HTTP requests to host and Palette together; `make bench` counts them."""

_SNAPSHOTS = 2
"""Reads that each pairing has to itself, of one kind that Palette limits: its request's snapshot,
before it is claimed and before it is accepted."""


def pairing_cost(evidence: Iterable[Evidence]) -> PairingCost:
    """Return what a pairing takes at the least: it lasts as long as the quickest on record."""
    lasted = [
        (one.paired_at - one.seen_at).total_seconds()
        for one in evidence
        if one.paired_at is not None
    ]
    return PairingCost(
        CALLS_OF_A_PAIRING, seconds_for(_SNAPSHOTS), max(0.0, min(lasted, default=0.0))
    )
