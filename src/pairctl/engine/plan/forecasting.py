"""What is to come of rollouts, at the least, by what is decided and what is known of pairings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pairctl.apis import seconds_for
from pairctl.engine.desired.source import Source
from pairctl.engine.plan.consequences import Known, leads_one_way
from pairctl.pairing import (
    Evidence,
    PairingCost,
    Phase,
    RolloutForecast,
    RolloutState,
    forecast,
    still_to_accept,
)
from pairctl.problem import Problem
from pairctl.spec import Limits

CALLS_OF_A_PAIRING = 29
"""HTTP requests to host and Palette together; `make bench` counts them."""

SNAPSHOTS = 2
"""Reads that each pairing has to itself, of one kind that Palette limits: its request's snapshot,
before it is claimed and before it is accepted."""


@dataclass(frozen=True, slots=True)
class RolloutPlan:
    """What a plan says of one rollout: how far it is, and what is to come.

    `leading` are its intents that lead to an acceptance without more commits of their own.
    `made_at` is when all that is counted from.
    """

    state: RolloutState
    forecast: RolloutForecast
    leading: frozenset[str]
    made_at: datetime


def rollout_plans(
    source: Source,
    states: Mapping[str, RolloutState],
    known: Mapping[str, Known],
    evidence: Iterable[Evidence],
    caps: Limits,
    *,
    now: datetime,
) -> dict[str, RolloutPlan]:
    """Return what is to come of each rollout, by its name; `known` is decided on all intents."""
    cost = pairing_cost(evidence)
    accepted = {
        name
        for name, one in known.items()
        if not isinstance(one, Problem) and one.phase is Phase.ACCEPTED
    }
    return {
        name: RolloutPlan(
            state,
            forecast(
                source.declared.rollouts[name].document.spec,
                [(wave.name, still_to_accept(wave.members, accepted)) for wave in state.waves],
                cost,
                caps,
                now=now,
            ),
            frozenset(one for one in state.members if leads_one_way(source, known, one)),
            now,
        )
        for name, state in sorted(states.items())
        if name in source.declared.rollouts
    }


def pairing_cost(evidence: Iterable[Evidence]) -> PairingCost:
    """Return what a pairing takes at the least: it lasts as long as the quickest on record."""
    lasted = [
        (one.paired_at - one.seen_at).total_seconds()
        for one in evidence
        if one.paired_at is not None
    ]
    return PairingCost(
        CALLS_OF_A_PAIRING, seconds_for(SNAPSHOTS), max(0.0, min(lasted, default=0.0))
    )
