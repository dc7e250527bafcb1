"""Admission: no more actions at once than can be looked at again in time. Pure.

All actions of a pass are claimed together, and each is looked at once more before it is sent, under
Palette's published limits. A claim that waits for its look for too long is a claim for nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pairctl.pairing.action import SendRequest, Withdraw
from pairctl.pairing.case import canonical_endpoint
from pairctl.pairing.facts.claim import Claim
from pairctl.pairing.facts.identity import canonical_uid
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.fleet.observations import FleetDocuments
from pairctl.pairing.fleet.records import FleetRecords
from pairctl.pairing.fleet.rollout_pace import cluster_of
from pairctl.pairing.outcome.decision import Decision, is_spent

ANY_PALETTE = ""


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many actions one pass takes: at hosts, and at each Palette.

    `requests` is how many pairing requests may be on their way to one Palette: so many fit into
    one page of its list.
    """

    at_hosts: int
    at_palette: int
    requests: int


def admitted(
    acting: Mapping[str, Decision],
    decisions: Mapping[str, Decision],
    capacity: Capacity,
    on_record: Mapping[str, AbstractSet[str]],
) -> frozenset[str]:
    """Return the names of the actions to do now, in the order of `acting`.

    `acting` have an action; `decisions` are all, and tell which requests are on their way. Those
    that only the record tells of are `on_record`: clusters by their Palette's endpoint.
    """
    begun_ones = {name: one for name, one in decisions.items() if _is_pending(one)}
    requests = {n: one for n, one in acting.items() if isinstance(one.action, SendRequest)}
    known = {cluster_of(name, one) for name, one in (*begun_ones.items(), *requests.items())}
    pending = Counter(map(_palette, begun_ones.values()))
    for palette in {*map(_palette, requests.values())}:
        recorded = on_record.get(palette, frozenset()) | on_record.get(ANY_PALETTE, frozenset())
        pending[palette] += len(recorded - known)
    at_palettes: Counter[str] = Counter()
    at_hosts, found = 0, set()
    for name, decision in acting.items():
        palette = _palette(decision)
        if not isinstance(decision.action, SendRequest | Withdraw):
            if at_palettes[palette] < capacity.at_palette:
                at_palettes[palette] += 1
                found.add(name)
            continue
        is_request = isinstance(decision.action, SendRequest)
        is_full = pending[palette] >= capacity.requests
        if at_hosts < capacity.at_hosts and not (is_request and is_full):
            at_hosts += 1
            pending[palette] += is_request
            found.add(name)
    return frozenset(found)


def requests_on_record(
    documents: FleetDocuments, records: FleetRecords, decisions: Mapping[str, Decision]
) -> dict[str, frozenset[str]]:
    """Return the clusters whose request may be on its way by the record, by Palettes' endpoints.

    By claims, unless a look shows that nothing more comes of one, and by the statuses of intents
    that were not decided on. A file that cannot be read may be of any Palette.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    found[ANY_PALETTE] |= records.unreadable_claims.paths
    for name, cluster in records.requested(documents.intents.keys() - decisions.keys()).items():
        endpoint = documents.intents[name].palette.endpoint
        found[canonical_endpoint(endpoint)].add(cluster)
    by_cluster = {cluster_of(name, one): one for name, one in decisions.items()}
    for claim in records.claims:
        cluster = canonical_uid(claim.cluster) or f"intent {claim.intent}"
        lookers = (decisions.get(claim.intent), by_cluster.get(cluster))
        if claim.action == SendRequest.verb and not any(_is_done(claim, one) for one in lookers):
            found[claim.palette].add(cluster)
    return {palette: frozenset(clusters) for palette, clusters in found.items()}


def _is_done(claim: Claim, decision: Decision | None) -> bool:
    """Whether a decision knows what came of a claim, or that nothing more can come of it."""
    if decision is None:
        return False
    return claim.id in decision.case.recorded.over or is_spent(claim, decision.case)


def _palette(decision: Decision) -> str:
    return canonical_endpoint(decision.case.intent.palette.endpoint)


def _is_pending(decision: Decision) -> bool:
    """Whether a request was sent and waits for nobody: one that waits for people takes no place."""
    is_open = decision.phase is Phase.REQUESTED
    return is_open and (decision.is_under_way or decision.action is not None)
