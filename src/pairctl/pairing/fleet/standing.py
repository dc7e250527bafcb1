"""What a look, of now or of before, is worth by what is on record now.

A decision that stands from an earlier look is never acted on as it is: whoever acts looks at
everything again first. It closes no claim and is evidence of nothing; it only spares hosts and
Palette a look.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from pairctl.pairing.case import Case, Recorded
from pairctl.pairing.facts.claim import Claim
from pairctl.pairing.facts.identity import canonical_uid
from pairctl.pairing.facts.intent import Intent
from pairctl.pairing.facts.observation import PaletteView
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.fleet.observations import FleetDocuments, FleetObservations, Looked
from pairctl.pairing.fleet.records import FleetRecords
from pairctl.pairing.once import once
from pairctl.pairing.outcome.decision import Decision, decide
from pairctl.pairing.outcome.holds import held_while_acting
from pairctl.pairing.outcome.status import Status, with_health


def judge_all(
    documents: FleetDocuments, records: FleetRecords, observations: FleetObservations
) -> dict[str, Decision]:
    """Return what each intent comes to by itself, in the order of names.

    Left out is what cannot be decided on these looks: kept intents, those that nothing was seen
    of, and those that a claim may bind which was made since.
    """
    found = {}
    for name in sorted(documents.intents.keys() - observations.kept.keys()):
        intent = documents.intents[name]
        looked, before = observations.looks.get(name), observations.standing.get(name)
        acting = observations.under_way.get(name)
        if looked:
            decision = judge(intent, looked, records)
        elif acting and is_same_intent(intent, acting.case.intent):
            decision = held_while_acting(acting)
        else:
            decision = judged_again(intent, before, records) if before else None
        if decision:
            found[name] = decision
    return found


def void_decisions(
    documents: FleetDocuments,
    records: FleetRecords,
    observations: FleetObservations,
    judged: Collection[str],
) -> dict[str, Decision]:
    """Return what was decided on looks that are void by now: it tells what an intent is about.

    That may hold others back until there is another look.
    """
    found = {}
    for name in sorted(documents.intents.keys() - observations.kept.keys() - set(judged)):
        intent = documents.intents[name]
        looked, before = observations.looks.get(name), observations.standing.get(name)
        if looked:
            found[name] = _on_look(intent, looked, records)
        elif before and is_same_intent(intent, before.case.intent):
            found[name] = before
    return found


def judge(intent: Intent, looked: Looked, records: FleetRecords) -> Decision | None:
    """Decide on a look; None where a claim may bind the intent that was made after it began."""
    decision = _on_look(intent, looked, records)
    return None if is_claimed_since(decision, records) else decision


def _on_look(intent: Intent, looked: Looked, records: FleetRecords) -> Decision:
    record = records.as_of(looked.began_s).record_of(intent, looked.observed.palette)
    known = tuple(claim for claim in record.claims if claim.id in looked.claims)
    record = replace(record, claims=known)
    if looked.decision and looked.decision.case.recorded == record:
        return looked.decision
    return decide(intent, looked.observed, record, now=looked.at)


def judged_again(intent: Intent, before: Decision, records: FleetRecords) -> Decision | None:
    """Return what an earlier decision comes to by what is on record now; None where it is void.

    It is where the intent is another by now, or a claim may bind it that was not there then.
    """
    case = before.case
    if not is_same_intent(intent, case.intent) or is_claimed_since(before, records):
        return None
    if records.of_intent(intent.name) == _without_claims(case):
        return before
    record = records.record_of(intent, case.observed.palette)
    return decide(intent, case.observed, record, now=case.now)


@once
def _without_claims(case: Case) -> Recorded:
    return replace(case.recorded, claims=(), over=frozenset(), unreadable=())


def with_claims(decision: Decision, claims: tuple[Claim, ...]) -> Decision:
    """Return a decision as one that knows these claims only: all others are new to it.

    That is for one that was judged again, and was not looked at again.
    """
    case = decision.case
    return replace(decision, case=replace(case, recorded=replace(case.recorded, claims=claims)))


def is_same_intent(intent: Intent, before: Intent) -> bool:
    """Whether an intent is as it was when it was looked at."""
    return intent is before or intent == before


def is_claimed_since(decision: Decision, records: FleetRecords) -> bool:
    """Whether a claim may bind the intent that was not there when it was looked at."""
    case = decision.case
    if records.unreadable != case.recorded.unreadable:
        return True
    known = _known_claims(case)
    return _bind(decision, [one for one in records.claims if one.id not in known])


@once
def _known_claims(case: Case) -> frozenset[str]:
    return frozenset(claim.id for claim in case.recorded.claims)


def touched_since(
    decisions: Mapping[str, Decision], before: FleetRecords, records: FleetRecords
) -> frozenset[str]:
    """Return those that another run has written about since: their looks may show less than it saw.

    A status, evidence, a claim that came or went: each may be of an action that the look began
    before.
    """
    if before.unreadable != records.unreadable:
        return frozenset(decisions)
    claims = set(before.claims) ^ set(records.claims)
    evidence = {canonical_uid(one.cluster) for one in set(before.evidence) ^ set(records.evidence)}
    return frozenset(
        name
        for name, one in decisions.items()
        if before.statuses.get(name) != records.statuses.get(name)
        or not evidence.isdisjoint(_clusters(one.case))
        or _bind(one, claims)
    )


def _bind(decision: Decision, claims: Collection[Claim]) -> bool:
    """Whether any of these claims binds the intent, or what it is about."""
    if not claims:
        return False
    case = decision.case
    clusters, requests = _clusters(case), _requests(case)
    return any(claim.binds(case.intent.name, clusters, requests) for claim in claims)


@once
def _clusters(case: Case) -> frozenset[str]:
    return frozenset(canonical_uid(uid) for uid in (case.local_uid, case.subject)) - {""}


@once
def _requests(case: Case) -> frozenset[str]:
    uids = (case.request_uid, *(entry.pairing_uid for entry in case.own_entries))
    return frozenset(map(canonical_uid, uids)) - {""}


def settled_intents(
    intents: Mapping[str, Intent],
    records: FleetRecords,
    views: Mapping[str, PaletteView],
    *,
    now: datetime,
) -> dict[str, Status]:
    """Return the paired intents that Palette's list agrees with; their hosts are left alone.

    While Palette cannot be seen they stay as they are: pairing cannot be undone. Their health in
    Palette stands in that list as well, and is shown until it was seen to be good. `views` are by
    Palettes' names.
    """
    kept = {}
    for name, intent in intents.items():
        status = records.statuses.get(name)
        if status is None or not was_paired(status, intent):
            continue
        view = views[intent.palette_name]
        cluster = view.clusters_by_uid.get(status.palette_uid)
        if cluster is not None:
            kept[name] = with_health(status, cluster, now=now.replace(microsecond=0))
        elif view.problem:
            kept[name] = status
    return kept


def was_paired(status: Status, intent: Intent) -> bool:
    """Whether an intent, as it is now, is paired by what is on record."""
    return status.phase is Phase.PAIRED and status.generation == intent.generation
