"""Observing and deciding for all intents of a commit. Nothing is written: `plan` is just this."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pairctl.engine.clock import Clock
from pairctl.engine.event import Decided, Kept, Listener
from pairctl.engine.observer import Look, Observer
from pairctl.engine.source import Source
from pairctl.engine.strangers import find_strangers, reject_strangers
from pairctl.pairing import (
    Decision,
    EdgeHost,
    Intent,
    PaletteView,
    Phase,
    Recorded,
    Status,
    Unrecognized,
    decide,
    held_as_twin,
)
from pairctl.records import Ledger


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen and decided. `kept` are settled intents that nothing has changed for.

    `unrecognized` are pairing requests that no intent names, by the name of their Palette. Where a
    Palette says `unrecognizedRequests: Reject`, rejecting them is among the decisions.
    """

    decisions: Mapping[str, Decision]
    looks: Mapping[str, Look]
    kept: Mapping[str, Status]
    views: Mapping[str, PaletteView]
    unrecognized: Mapping[str, Unrecognized]


async def survey(
    source: Source, ledger: Ledger, observer: Observer, clock: Clock, listener: Listener
) -> Survey:
    """Look at the world for every intent that is not settled, and decide on each."""
    kept = await settled_intents(source, ledger, observer)
    for name, status in kept.items():
        listener(Kept(name, status))
    open_intents = [intent for name, intent in source.intents.items() if name not in kept]
    recorded = {intent.name: ledger.record_of(intent) for intent in open_intents}
    decisions: dict[str, Decision] = {}
    looks: dict[str, Look] = {}

    def decided(intent: Intent, look: Look) -> None:
        looks[intent.name] = look
        record = claimed(recorded[intent.name], look, ledger)
        decision = bound(decide(intent, look.observed, record, now=look.began_at), ledger)
        decisions[intent.name] = decision
        listener(Decided(intent.name, decision))

    await observer.look_at_all(open_intents, recorded, decided)
    in_order = {name: decisions[name] for name in source.intents if name in decisions}
    views = await observer.views(source.palettes)
    nobodys = find_strangers(source, in_order, kept, views)
    strangers = reject_strangers(source, nobodys, views, ledger, now=clock.now())
    in_order |= {name: bound(decision, ledger) for name, decision in strangers.items()}
    return Survey(without_twins(in_order), looks, kept, views, nobodys)


async def settled_intents(source: Source, ledger: Ledger, observer: Observer) -> dict[str, Status]:
    """Return the paired intents that Palette's list agrees with; their hosts are left alone.

    While Palette cannot be seen they stay as they are: that road has no way back.
    """
    kept = {}
    for name, intent in source.intents.items():
        status = ledger.statuses.get(name)
        if status is None or not _was_paired(status, intent):
            continue
        view = (await observer.eye(intent).see()).view
        if view.problem or any(c.uid == status.palette_uid for c in view.clusters):
            kept[name] = status
    return kept


def _was_paired(status: Status, intent: Intent) -> bool:
    return status.phase is Phase.PAIRED and status.generation == intent.generation


def claimed(recorded: Recorded, look: Look, ledger: Ledger) -> Recorded:
    """Return the record with the claim on the cluster that was really seen, whoever made it."""
    host = look.observed.host
    seen = host.cluster.uid if isinstance(host, EdgeHost) and host.cluster else ""
    claim = ledger.claims.get(seen)
    return replace(recorded, claim=claim) if claim else recorded


def bound(decision: Decision, ledger: Ledger) -> Decision:
    """Decide anew under the claim on what is to be acted on, in whose name it was ever made."""
    action, case = decision.action, decision.case
    claim = ledger.claim_on(action.local_uid, action.pairing_uid) if action else None
    if claim is None or claim == case.recorded.claim:
        return decision
    recorded = replace(case.recorded, claim=claim)
    return decide(case.intent, case.observed, recorded, now=case.now)


def without_twins(decisions: Mapping[str, Decision]) -> dict[str, Decision]:
    """Hold back intents that turn out to be about one cluster, or one request of it.

    They may name different addresses of it, or one of them the request only.
    """
    names: dict[str, set[str]] = defaultdict(set)
    for name, decision in decisions.items():
        for subject in _subjects(decision):
            names[subject].add(name)
    return {
        name: held_as_twin(decision, sorted(twins))
        if decision.action and len(twins := _sharing(names, decision)) > 1
        else decision
        for name, decision in decisions.items()
    }


def _sharing(names: Mapping[str, set[str]], decision: Decision) -> set[str]:
    return {name for subject in _subjects(decision) for name in names[subject]}


def _subjects(decision: Decision) -> set[str]:
    """Return the cluster and the pairing request that a decision is about, as far as known.

    Palette may list a request without the cluster that has sent it.
    """
    action, case = decision.action, decision.case
    about = (action.local_uid, action.pairing_uid) if action else (case.local_uid, case.request_uid)
    return set(about) - {""}
