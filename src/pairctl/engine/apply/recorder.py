"""What a pass came to, put into the words of the status branch. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pairctl.engine.apply.closing import (
    Closed,
    Ended,
    accepted_by_others,
    closed_claims,
    completions,
)
from pairctl.engine.apply.executor import Outcome
from pairctl.engine.desired.source import Source
from pairctl.engine.observe.fleet import FleetLook
from pairctl.pairing import (
    Claim,
    Decision,
    EdgeHost,
    Evidence,
    FleetDecisions,
    FleetRecords,
    PaletteView,
    Phase,
    RolloutState,
    Status,
    canonical_uid,
    invalid_status,
    is_new,
    name_of,
    status_of,
)
from pairctl.records import (
    Ledger,
    Record,
    cluster_document,
    palette_document,
    recorded_rollouts,
)


@dataclass(frozen=True, slots=True)
class Minutes:
    """A pass as it went: what was declared, on record, seen, decided first and last, and done.

    `ledger` is the status branch as it is now, `records` as the pass found it. `planned` is what
    was decided before the actions that were heard of, `claims` are theirs, by intent, and `after_s`
    is when the looks after them began (monotonic). `under_way` are the ids of the claims of those
    that are yet to be heard of. A pass for some intents `only` says nothing of any other.
    """

    source: Source
    records: FleetRecords
    ledger: Ledger
    look: FleetLook
    first: FleetDecisions
    decisions: Mapping[str, Decision]
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    planned: Mapping[str, Decision] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    under_way: frozenset[str] = frozenset()
    after_s: Mapping[str, float] = field(default_factory=dict)
    only: frozenset[str] | None = None
    rollouts: Mapping[str, RolloutState] = field(default_factory=dict)

    @property
    def unseen(self) -> frozenset[str]:
        """The intents of the pass that nothing was seen of yet: their first look is under way."""
        own = self.source.intents.keys() if self.only is None else self.only
        seen = self.decisions.keys() | self.look.observations.kept.keys()
        return frozenset(self.source.intents.keys() & own - seen)

    @property
    def views(self) -> dict[str, PaletteView]:
        """What was seen of each Palette, by its canonical endpoint."""
        return self.look.documents.by_endpoint(self.look.observations.views)

    @property
    def seen_now(self) -> dict[str, Decision]:
        """The decisions that rest on a look of this pass: the others show nothing of now.

        Neither does one whose look after an action is yet to come: what was seen before that may
        be older than claims that it would end.
        """
        seen = self.first.seen - self.outcomes.keys() | self.after_s.keys()
        return {name: one for name, one in self.decisions.items() if name in seen}

    @property
    def looked_at(self) -> dict[str, tuple[Decision, float]]:
        """What each intent came to by itself, and when the look at it began (monotonic).

        What was decided before an action is not: nothing of it may hold any more.
        """
        found = {
            name: (self.first.judged[name], look.began)
            for name, look in self.look.looks.items()
            if name not in self.outcomes
        }
        return found | {n: (self.decisions[n], began) for n, began in self.after_s.items()}

    @property
    def ready(self) -> frozenset[str]:
        """Whose action can be done at once, in the next pass; one that was not sent pauses."""
        unsent = {name for name, one in self.outcomes.items() if not one.may_take_effect}
        ready = (n for n, one in self.decisions.items() if one.action or one.waits_for_turn)
        return frozenset(ready if self.outcomes else ()) - unsent


def record_of_pass(minutes: Minutes, now: datetime, branch: str) -> Record:
    """Return all that the pass has to say to the status branch, `branch` being its id."""
    now = now.replace(microsecond=0)
    closed, is_partial = _closed(minutes, now), minutes.only is not None
    if is_partial:
        # Claims about other clusters than those of the pass's intents are for a pass of all.
        own, claims = _own(minutes), minutes.ledger.claims
        mine = {path for path in closed.claims if canonical_uid(claims[path].cluster) in own}
        closed = replace(closed, claims=frozenset(mine))
    evidence = _evidence(minutes, closed, now)
    if is_partial:
        evidence = {path: one for path, one in evidence.items() if one.cluster in _own(minutes)}
    # Those that were rejected in this pass are not unrecognized any more.
    done = {name for name, d in minutes.decisions.items() if d.phase is Phase.REJECTED}
    return Record(
        source_commit=minutes.source.commit,
        statuses=_statuses(minutes, now),
        observed=_observed(minutes, now),
        closed={path: minutes.ledger.files[path] for path in sorted(closed.claims)},
        evidence=evidence,
        unrecognized={
            name: replace(
                found, requests=tuple(r for r in found.requests if name_of(r) not in done)
            )
            for name, found in minutes.first.unrecognized.items()
        },
        rollouts=_rollouts(minutes),
        branch=branch,
        about=None if minutes.only is None else minutes.only | minutes.outcomes.keys(),
        done=frozenset(minutes.outcomes),
    )


def _statuses(minutes: Minutes, now: datetime) -> dict[str, Status]:
    commit, before = minutes.source.commit, dict(minutes.ledger.statuses)
    for name, first in minutes.planned.items():
        # What was decided first is part of the story: the profiles that were accepted, say.
        before[name] = status_of(first, before.get(name), commit=commit, now=now)
    statuses = {name: before[name] for name in minutes.unseen if name in before}
    statuses |= minutes.look.observations.kept
    for name, decision in minutes.decisions.items():
        statuses[name] = status_of(decision, before.get(name), commit=commit, now=now)
    only = minutes.only
    for name, problem in minutes.source.invalid.items():
        if only is not None and name not in only:
            continue
        statuses[name] = invalid_status(name, problem, before.get(name), commit=commit, now=now)
    # One that cannot be used yet may be one that is gone, under another name.
    may_be_renamed = any(is_new(before.get(name)) for name in minutes.source.invalid)
    if minutes.source.is_partial or only is not None or may_be_renamed:
        statuses = {**before, **statuses}
    return dict(sorted(statuses.items()))


def _rollouts(minutes: Minutes) -> dict[str, RolloutState | None]:
    """Return how far rollouts are; None where that is not known, and what is on record stays.

    That is where members were not seen, and of rollouts that cannot be read.
    """
    source, recorded = minutes.source, recorded_rollouts(minutes.ledger.files)
    is_unread = source.is_partial or any(one.kind == "Rollout" for one in source.declared.rejected)
    kept: dict[str, RolloutState | None] = dict.fromkeys(recorded if is_unread else ())
    if minutes.only is not None:
        return dict.fromkeys((*recorded, *minutes.rollouts))
    unseen = minutes.unseen
    return kept | {
        name: state if unseen.isdisjoint(state.members) else None
        for name, state in minutes.rollouts.items()
    }


def _observed(minutes: Minutes, now: datetime) -> dict[str, Mapping[str, Any]]:
    """Return what was seen; what could not be seen this time stays as it was last seen."""
    files = [
        cluster_document(name, decision.case.observed.host, now, decision.case.configuration)
        for name, decision in minutes.seen_now.items()
        if isinstance(decision.case.observed.host, EdgeHost)
    ]
    views = minutes.look.observations.views.items()
    palettes = [palette_document(name, view, now) for name, view in views if view.problem is None]
    return dict([*(file for file in files if file), *palettes])


def _closed(minutes: Minutes, now: datetime) -> Closed:
    """Return the claims that have done their work, or whose time is over, and what they leave."""
    nothing = {n: one for n, one in minutes.outcomes.items() if not one.may_take_effect}
    ended = Ended(
        unsent=frozenset(minutes.claims[n].id for n, one in nothing.items() if not one.is_answered),
        refused={
            minutes.claims[name].id: minutes.decisions[name] if name in minutes.after_s else None
            for name, one in nothing.items()
            if one.is_answered
        },
    )
    ledger = minutes.ledger
    for claim_id in minutes.under_way:
        ledger = ledger.without_claim(claim_id)  # what comes of its action closes it
    return closed_claims(
        minutes.records,
        ledger,
        minutes.seen_now,
        minutes.views,
        ended,
        now,
    )


def _own(minutes: Minutes) -> frozenset[str]:
    """Return the canonical uids of the clusters that the intents of the pass are about."""
    only = minutes.only or frozenset()
    uids = {decision.case.local_uid for decision in minutes.decisions.values()}
    uids |= {one.cluster for one in minutes.ledger.claims.values() if one.intent in only}
    uids |= {one.cluster for one in minutes.ledger.evidence.values() if one.intent in only}
    return frozenset(map(canonical_uid, uids)) - {""}


def _evidence(minutes: Minutes, closed: Closed, now: datetime) -> dict[str, Evidence]:
    """Return the evidence that is new, or that is completed now."""
    new = {
        **closed.evidence,
        **accepted_by_others(minutes.ledger, minutes.seen_now, closed.evidence, now),
    }
    known = {**minutes.ledger.evidence, **new}
    return {**new, **completions(known, minutes.seen_now, minutes.views, now)}
