"""How a pairing stands by what both sides show: the questions that many rules ask."""

from pairctl.pairing.case import (
    ACCEPTED_STATES,
    Case,
    Pinned,
    Refused,
    Withdrawn,
    canonical_endpoint,
)
from pairctl.pairing.facts.identity import canonical_uid, is_same_uid
from pairctl.pairing.facts.observation import LocalRequestStatus, ManagementMode
from pairctl.pairing.facts.palette import PaletteRequest, RequestState
from pairctl.spec import Desired

REFUSED_BY_HOST = frozenset({LocalRequestStatus.REJECTED, LocalRequestStatus.FAILED})
REFUSED_IN_PALETTE = frozenset({RequestState.REJECTED, RequestState.FAILED})
OPEN_STATES = frozenset({RequestState.PENDING, RequestState.UNKNOWN})
"""States in which a request may still be accepted, as far as anybody can tell."""


def is_central(case: Case) -> bool:
    """Whether the host is managed centrally by now."""
    return case.host is not None and case.host.management_mode is ManagementMode.CENTRAL


def is_paired(case: Case) -> bool:
    """Whether the pairing is complete: managed centrally, and registered in this Palette."""
    return is_central(case) and case.registered is not None


def is_accepted(case: Case) -> bool:
    """Whether either side shows that a request of this cluster was accepted."""
    host_says = case.request is not None and case.request.status is LocalRequestStatus.PAIRED
    return host_says or any(entry.state in ACCEPTED_STATES for entry in case.own_entries)


def is_gone_after_acceptance(case: Case) -> bool:
    """Whether an accepted request is to be seen neither in Palette's list nor as a cluster there.

    That it was accepted the host says, or the record of this very request, which holds back only:
    without it the request is one that has not arrived, and nothing is done about it either.
    """
    request, recorded, palette = case.request, case.recorded, case.observed.palette
    if request is None or not case.request_is_ours or palette.problem or palette.requests is None:
        return False
    is_on_record = recorded.accepted_at is not None and is_same_uid(
        recorded.pairing_uid, request.pairing_uid
    )
    was_accepted = request.status is LocalRequestStatus.PAIRED or (
        request.status is LocalRequestStatus.PAIRING and is_on_record
    )
    return was_accepted and not case.own_entries and case.registered is None


def is_elsewhere(case: Case) -> bool:
    """Whether the host holds a request to another Palette that is not over."""
    request = case.request
    return (
        request is not None and not case.request_is_ours and request.status not in REFUSED_BY_HOST
    )


def is_over_at_host(case: Case) -> bool:
    """Whether the host has no request that could still come to anything."""
    return case.request is None or case.request.status in REFUSED_BY_HOST


def is_refused(case: Case) -> bool:
    """Whether either side shows the host's request to this Palette as rejected or failed."""
    if case.request is None or not case.request_is_ours:
        return False
    in_palette = case.listed is not None and case.listed.state in REFUSED_IN_PALETTE
    return is_over_at_host(case) or in_palette


def refused_uids(case: Case) -> frozenset[str]:
    """Return the ids of this cluster's requests that were refused, as host and Palette show.

    An intent's `attempt` allows as many requests as it says; these have been used up.
    """
    by_palette = {e.pairing_uid for e in case.own_entries if e.state in REFUSED_IN_PALETTE}
    at_host = {case.request_uid} if is_refused(case) else set()
    return frozenset(map(canonical_uid, by_palette | at_host))


def attempt_needed(case: Case) -> int:
    """Return the attempt that the intent has to be in before another request may be sent.

    Only what is seen, and the intent, allow one. What is on record holds it back: the request was
    sent in this attempt, or was seen to be refused under this very intent.
    """
    attempt, sent, refused = case.intent.spec.attempt, case.recorded.sent, case.recorded.refused
    uid = case.request_uid
    is_used_up = (sent and sent.attempt == attempt and is_same_uid(sent.pairing_uid, uid)) or (
        refused
        and refused.generation == case.intent.generation
        and is_same_uid(refused.pairing_uid, uid)
    )
    return max(len(refused_uids(case)) + 1, attempt + 1 if is_used_up else 1)


def refusal(case: Case) -> Refused | None:
    """Return what goes on record of a refused request: the generation that first saw it.

    An intent that wants no pairing takes it on.
    """
    recorded, uid = case.recorded.refused, case.request_uid
    if not is_refused(case):
        return recorded
    is_known = recorded is not None and is_same_uid(recorded.pairing_uid, uid)
    if is_known and case.intent.spec.desired is Desired.PAIRED:
        return recorded
    return Refused(uid, case.intent.generation)


def is_another_cluster(case: Case) -> bool:
    """Whether the host shows another cluster than this intent was seen to be about there."""
    pinned, seen = case.recorded.pinned, _seen(case)
    if pinned is None or seen is None or is_same_uid(pinned.local_uid, seen.local_uid):
        return False
    return pinned.endpoint in _endpoints(case) and pinned.attempt == seen.attempt


def pin(case: Case) -> Pinned | None:
    """Return what goes on record of the cluster: the first one of this address and attempt."""
    seen, pinned = None if is_another_cluster(case) else _seen(case), case.recorded.pinned
    if seen is None or pinned is None:
        return seen or pinned
    # Whichever host of the cluster answers, what is on record of it stays the same.
    is_same = is_same_uid(pinned.local_uid, seen.local_uid) and pinned.attempt == seen.attempt
    return pinned if is_same and pinned.endpoint in _endpoints(case) else seen


def is_at_new_address(case: Case) -> bool:
    """Whether the intent names another address than the one that its cluster was seen at.

    What is on record of the old one says nothing of who answers at the new one.
    """
    pinned = case.recorded.pinned
    return pinned is not None and pinned.endpoint not in _endpoints(case)


def is_another_at_new_address(case: Case) -> bool:
    """Whether at a new address another cluster answers than at the old one, or none."""
    pinned, cluster = case.recorded.pinned, case.cluster
    if pinned is None or case.host is None or not is_at_new_address(case):
        return False
    return cluster is None or not is_same_uid(cluster.uid, pinned.local_uid)


def _seen(case: Case) -> Pinned | None:
    spec = case.intent.spec
    # A cluster without a uid is none that could be known again.
    if case.cluster is None or not case.cluster.uid or spec.local_ui is None:
        return None
    endpoint = case.observed.endpoint or spec.local_ui.places[0].endpoint
    return Pinned(case.cluster.uid, canonical_endpoint(endpoint), spec.attempt)


def _endpoints(case: Case) -> frozenset[str]:
    """Return where the hosts of the cluster are, as the intent has it, in canonical form."""
    local_ui = case.intent.spec.local_ui
    places = local_ui.places if local_ui else ()
    return frozenset(canonical_endpoint(place.endpoint) for place in places)


def left_in_palette(case: Case) -> PaletteRequest | None:
    """Return a request that Palette still holds open for a cluster that has none any more.

    What only the record says to be the cluster's comes last: it may hold back, never be acted on.
    """
    by_record = () if is_at_new_address(case) else case.own_entries
    entries = (*case.certain_entries, *by_record)
    return next((entry for entry in entries if entry.state in OPEN_STATES), None)


def other_requests(case: Case) -> tuple[PaletteRequest, ...]:
    """Return what Palette lists of this cluster beside the request that the host reports."""
    return tuple(
        entry for entry in case.own_entries if not is_same_uid(entry.pairing_uid, case.request_uid)
    )


def withdrawn_request(case: Case) -> Withdrawn | None:
    """Return the request to this Palette that the host held, and holds no more.

    It was taken back, by pairctl or in Local UI. Only the record knows it: it holds back.
    """
    recorded, uid = case.recorded, case.recorded.pairing_uid
    if case.host is None:
        return recorded.withdrawn
    if is_central(case) or case.request_is_ours:
        return None
    if recorded.withdrawn is not None or is_another_at_new_address(case):
        return recorded.withdrawn
    is_refused_one = recorded.refused is not None and is_same_uid(recorded.refused.pairing_uid, uid)
    if not uid or recorded.accepted_at or is_refused_one:
        return None
    sent = recorded.sent
    is_own = sent is not None and is_same_uid(sent.pairing_uid, uid)
    attempt = sent.attempt if sent and is_own else case.intent.spec.attempt
    return Withdrawn(uid, attempt, canonical_endpoint(case.intent.palette.endpoint))
