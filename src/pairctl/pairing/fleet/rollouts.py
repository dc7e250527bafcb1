"""Rollouts: which of a fleet's actions may begin now, and how far each rollout is. Pure.

Nothing is remembered: all follows from the documents, from what was decided and seen of each
intent, from the claims and evidence on record, and from `now`. So a restart changes nothing, and a
halt ends by a commit alone. What is on record can hold a member back, and never lets one begin.

Held is what begins something new for an intent that wants to be paired: to send a request, to
accept it, to withdraw it in order to send another. An intent that wants anything else is no member,
so that taking back is never held; and what was accepted calls for no more actions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pairctl.pairing.case import Case
from pairctl.pairing.fleet.rollout_documents import RolloutDocuments
from pairctl.pairing.fleet.rollout_holds import (
    Holds,
    held,
    outside,
    outside_by_palette,
    without_rollout,
)
from pairctl.pairing.fleet.rollout_pace import Places, RolloutHistory, begun, own_history
from pairctl.pairing.fleet.rollout_progress import Progress
from pairctl.pairing.fleet.rollout_state import RolloutState
from pairctl.pairing.fleet.rollout_view import view_of
from pairctl.pairing.fleet.windows import is_open
from pairctl.pairing.outcome.decision import Decision
from pairctl.problem import Problem


@dataclass(frozen=True, slots=True)
class RolledOut:
    """What rollouts leave of the decisions, and how far they are, by their names."""

    decisions: Mapping[str, Decision]
    states: Mapping[str, RolloutState] = field(default_factory=dict)


def roll_out(
    documents: RolloutDocuments,
    decisions: Mapping[str, Decision],
    paired: Mapping[str, bool | None],
    history: RolloutHistory,
    *,
    now: datetime,
    awaited: frozenset[str] = frozenset(),
    clock_margin: timedelta = timedelta.max,
) -> RolledOut:
    """Hold back what rollouts do not let begin now.

    `paired` are intents without a decision that are paired in the generation that is wanted now,
    each with whether Palette shows its cluster as healthy; None where only the record says that it
    is paired: that lets no other wave begin. Members that are in neither were not seen: they hold
    the waves after them. Of those that are `awaited` Palette says no health yet: looking again soon
    may show it. Where Palette's clock is off by more than `clock_margin`, windows have to be open
    by both clocks.
    """
    by_rollout: dict[str, dict[str, int | None]] = {name: {} for name in documents.rollouts}
    left = dict(decisions)
    for name in (*documents.intents, *sorted(documents.broken)):
        found = documents.memberships(name)
        if len(found) == 1:
            by_rollout[found[0].rollout][name] = found[0].wave
        elif name in left and documents.wants_pairing(name):
            left[name] = held(left[name], without_rollout(documents, found))
    states = {}
    for rollout, members in by_rollout.items():
        progress = Progress(rollout, documents, members, left, paired, awaited)
        own = own_history(history, documents.labels.keys() - members.keys(), progress.decisions)
        going_on = {n: one for n, one in progress.decisions.items() if progress.may_go_on(n)}
        unseen = {
            cluster
            for n, cluster in own.requested.items()
            if n in members and progress.may_go_on(n)
        }
        places = Places(progress.spec, own, begun(going_on), frozenset(unseen))
        holds = Holds(progress, places, now, clock_margin)
        left |= _held_members(progress, holds, places)
        states[rollout] = view_of(progress, holds, places, left, now)
    return RolledOut(left, states)


def _held_members(progress: Progress, holds: Holds, places: Places) -> dict[str, Decision]:
    """Return the decisions whose action may not begin now.

    Earlier waves come first under the pace: those that were dark are caught up.
    """
    in_order = [one for wave in progress.waves for one in wave]
    in_order += [one for one, wave in progress.members.items() if wave is None]
    found = {}
    for name in in_order:
        decision = progress.decisions.get(name)
        if decision is None or decision.action is None:
            continue
        hold = holds.of(name, decision)
        if hold is None:
            places.take(name, decision)
            continue
        progress.hold(name)
        found[name] = held(decision, hold)
    return found


def outside_windows(
    documents: RolloutDocuments, case: Case, now: datetime, clock_margin: timedelta
) -> Problem | None:
    """Say that nothing may begin for an intent at an instant, by the windows of its rollout."""
    name = case.intent.name
    for one in documents.memberships(name):
        windows = documents.rollouts[one.rollout].windows
        if not is_open(windows, now):
            return outside(one.rollout, windows or (), now).problem
        hold = outside_by_palette(one.rollout, windows, now, case, clock_margin)
        if hold:
            return hold.problem
    return None
