"""Several intents about one cluster, or about one request of it: found among all, and held back.

They may name different addresses of it, or one of them the request only. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pairctl.pairing.case import canonical_endpoint
from pairctl.pairing.facts.identity import canonical_uid
from pairctl.pairing.facts.intent import Intent
from pairctl.pairing.fleet.observations import FleetDocuments, Subject
from pairctl.pairing.fleet.records import FleetRecords
from pairctl.pairing.once import once
from pairctl.pairing.outcome.decision import Decision
from pairctl.pairing.outcome.holds import held_as_duplicate
from pairctl.pairing.outcome.status import Status


def without_duplicates(
    decisions: Mapping[str, Decision], all_subjects: Iterable[Subject] = ()
) -> dict[str, Decision]:
    """Hold back the actions of intents that turn out to be about what others are about, too.

    `all_subjects` are those of intents beside the decisions, and more about the decided ones. An
    intent that names the cluster by its uid keeps it against those that do not: a host that lies
    about its uid must not stop the one that it speaks of.
    """
    own = {name: subject_of(name, decision) for name, decision in decisions.items()}
    by_uid = _by_uid((*own.values(), *all_subjects))
    held = {}
    for name, decision in decisions.items():
        others = _others(own[name], by_uid) if decision.action else set()
        held[name] = held_as_duplicate(decision, sorted(others)) if others else decision
    return held


def conflicting(subjects: Iterable[Subject]) -> dict[str, frozenset[str]]:
    """Return the other intents that each intent waits for, by name; of one that waits for none, ∅.

    Several subjects of one name are all of that intent.
    """
    listed = tuple(subjects)
    by_uid = _by_uid(listed)
    found: dict[str, set[str]] = defaultdict(set)
    for one in listed:
        found[one.name] |= _others(one, by_uid)
    return {name: frozenset(others) for name, others in found.items()}


def _by_uid(subjects: Iterable[Subject]) -> Mapping[str, Sequence[Subject]]:
    """Return the subjects of each uid: few, where the whole list of a fleet is long."""
    found: dict[str, list[Subject]] = defaultdict(list)
    for one in subjects:
        for uid in one.uids:
            found[uid].append(one)
    return found


def _others(own: Subject, by_uid: Mapping[str, Sequence[Subject]]) -> set[str]:
    near = (one for uid in own.uids for one in by_uid.get(uid, ()))
    others = [one for one in near if one.name != own.name]
    if own.named and own.named in own.uids:
        others = [one for one in others if one.named == own.named]
    return {one.name for one in others}


def subject_of(name: str, decision: Decision) -> Subject:
    """Return the cluster and the pairing request that a decision is about, as far as known.

    Palette may list a request without the cluster that has sent it.
    """
    return Subject(name, _about(decision), _named(decision.case.intent))


@once
def _about(decision: Decision) -> frozenset[str]:
    action, case = decision.action, decision.case
    uids = {case.cluster_uid, case.request_uid}
    if action:
        uids |= {action.local_uid, action.pairing_uid}
    return _uids(uids)


def other_subjects(
    documents: FleetDocuments, decisions: Mapping[str, Decision], records: FleetRecords
) -> tuple[Subject, ...]:
    """Return what is known of intents that were not seen in this pass: paired, dark, broken ones.

    They are about what they were about when they were last seen, unless they name another place
    by now.
    """
    unseen = {name for name, decision in decisions.items() if decision.case.host is None}
    names = unseen | (documents.names - decisions.keys())
    if documents.is_partial:
        names |= records.statuses.keys() - decisions.keys()
    return tuple(
        _remembered(name, documents.intents.get(name), records.statuses.get(name))
        for name in sorted(names)
    )


def _remembered(name: str, intent: Intent | None, status: Status | None) -> Subject:
    named = _named(intent) if intent else ""
    if status is None or _has_moved(status, intent):
        return Subject(name, _uids({named}), named)
    return Subject(name, _uids({status.local_uid, status.pairing_uid, named}), named)


def _has_moved(status: Status, intent: Intent | None) -> bool:
    local_ui, pinned = intent.spec.local_ui if intent else None, status.pinned
    if local_ui is None or pinned is None:
        return False
    return pinned.endpoint not in {canonical_endpoint(one.endpoint) for one in local_ui.places}


def _uids(uids: Iterable[str]) -> frozenset[str]:
    return frozenset(map(canonical_uid, uids)) - {""}


def _named(intent: Intent) -> str:
    return canonical_uid(intent.spec.cluster.uid or "")
