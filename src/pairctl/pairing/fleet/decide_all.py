"""`decide_all`: what a whole fleet comes to, and which actions are done now.

Pure. What is on record, other intents, caps and plans hold actions back; none of them causes one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from pairctl.pairing.action import SendRequest
from pairctl.pairing.facts.claim import UnreadableFiles
from pairctl.pairing.fleet.admission import Capacity, admitted, requests_on_record
from pairctl.pairing.fleet.caps import capped, taken_places
from pairctl.pairing.fleet.duplicates import other_subjects, subject_of, without_duplicates
from pairctl.pairing.fleet.observations import FleetDocuments, FleetObservations
from pairctl.pairing.fleet.records import FleetRecords
from pairctl.pairing.fleet.rollout_facts import rolled_out
from pairctl.pairing.fleet.rollout_state import RolloutState
from pairctl.pairing.fleet.saved_plan import PlanInForce
from pairctl.pairing.fleet.standing import judge_all, void_decisions
from pairctl.pairing.fleet.unrecognized import (
    Unrecognized,
    find_unrecognized,
    reject_unrecognized,
)
from pairctl.pairing.outcome.decision import Decision
from pairctl.pairing.outcome.holds import held_by_unreadable, held_for_turn
from pairctl.spec import Limits


@dataclass(frozen=True, slots=True)
class FleetLimits:
    """How much may be done: the operator's `caps`, and the `capacity` of one pass (None: any).

    `accepted` counts the acceptances that this run has sent before. For intents that are `done`
    nothing more is sent in this run; those that are `resting` are tried later.
    """

    caps: Limits = field(default_factory=Limits)
    capacity: Capacity | None = None
    accepted: int = 0
    done: frozenset[str] = frozenset()
    resting: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FleetDecisions:
    """What a fleet comes to, by intent: first those of the commit by name, then rejections.

    `judged` is what each comes to by itself, `decisions` what the fleet leaves of it, `acting` the
    names of those whose action is done now, in order. `seen` are those that rest on what was seen
    now: the others stand from an earlier look, close no claim, and are evidence of nothing.
    `unrecognized` are pairing requests that no intent names, by the name of their Palette. `moved`
    are intents that a saved plan has something else for: then nothing is done. `rollouts` is how
    far each rollout is, by name.
    """

    judged: Mapping[str, Decision]
    decisions: Mapping[str, Decision]
    acting: tuple[str, ...]
    seen: frozenset[str]
    unrecognized: Mapping[str, Unrecognized]
    moved: frozenset[str]
    rollouts: Mapping[str, RolloutState]


def decide_all(
    documents: FleetDocuments,
    records: FleetRecords,
    observations: FleetObservations,
    limits: FleetLimits,
    plan: PlanInForce | None = None,
    *,
    now: datetime,
) -> FleetDecisions:
    """Decide for a fleet. The order of what is given changes nothing: names decide who is first.

    `now` is when this is decided; each look has its own time.
    """
    judged = judge_all(documents, records, observations)
    standing = judged.keys() - observations.looks.keys()
    unnamed: dict[str, Unrecognized] = {}
    if observations.all_looked_for:
        unnamed = find_unrecognized(documents, records, judged, observations)
        judged |= reject_unrecognized(documents, records, unnamed, observations.views, now=now)
    void = void_decisions(documents, records, observations, judged)
    others = (
        *other_subjects(documents, judged, records),
        *(subject_of(name, decision) for name, decision in void.items()),
        *observations.subjects,
    )
    held = without_duplicates(judged, others)
    rollouts = rolled_out(documents, records, observations, held, now=now)
    held = dict(rollouts.decisions)
    views = documents.by_endpoint(observations.views)
    lost = records.lost_places(documents.endpoints, views, documents.unread_palettes)
    places = taken_places(records, views, lost)
    # Where there is a plan, only what it holds takes places under the caps.
    own = held if plan is None else plan.own(held)
    held |= capped(own, limits.caps, places, this_run=limits.accepted)
    moved = plan.moved(held) if plan else frozenset()
    may_act = own.keys() - observations.under_way.keys() if not moved else set()
    decisions, acting = _in_turn(
        held,
        [name for name in own if name in may_act],
        observations.under_way,
        limits,
        records.unreadable_claims,
        partial(requests_on_record, documents, records, held),
    )
    return FleetDecisions(
        judged,
        decisions,
        acting,
        frozenset(judged.keys() - standing),
        unnamed,
        moved,
        rollouts.states,
    )


def _in_turn(
    decisions: dict[str, Decision],
    may_act: Iterable[str],
    under_way: Mapping[str, Decision],
    limits: FleetLimits,
    unreadable: UnreadableFiles,
    on_record: Callable[[], Mapping[str, frozenset[str]]],
) -> tuple[dict[str, Decision], tuple[str, ...]]:
    """Return the decisions with the actions put off that wait for their turn, and who acts now.

    Where files that are `unreadable` take each place that a request could have, its turn never
    comes by itself.
    """
    acting = {n: decisions[n] for n in may_act if decisions[n].action and n not in limits.done}
    ready = {name: one for name, one in acting.items() if name not in limits.resting}
    if ready and limits.capacity is not None:
        admitted_now = admitted({**under_way, **ready}, decisions, limits.capacity, on_record())
        ready = {name: one for name, one in ready.items() if name in admitted_now}
    is_shut = limits.capacity is not None and unreadable.take_all(limits.capacity.requests)
    held = {
        name: held_by_unreadable(one, unreadable)
        if is_shut and isinstance(one.action, SendRequest)
        else held_for_turn(one)
        for name, one in acting.items()
        if name not in ready
    }
    return {**decisions, **held}, tuple(ready)
