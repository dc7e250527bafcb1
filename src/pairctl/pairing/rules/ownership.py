"""Whose request is it: every source that names a cluster has to name the same one.

No party is believed about another. What a host says of a request is held against Palette's list,
against what the request itself carries there, and against what a person wrote into the intent.
Each gate returns None where nothing is in the way.
"""

from collections.abc import Iterator

from pairctl.pairing.case import Case, Pinned
from pairctl.pairing.facts.identity import is_same_uid
from pairctl.pairing.facts.instant import instant_of
from pairctl.pairing.facts.observation import RequestSnapshot
from pairctl.pairing.facts.palette import PaletteRequest, RequestState
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.predicates import OPEN_STATES, is_another_at_new_address, pin
from pairctl.pairing.verdict import Verdict, blocked, under_way
from pairctl.problem import Problem
from pairctl.spec import Desired, snippet

MOST_EARLIER = 20
"""How many requests of earlier addresses are kept on record."""


def other_than_named(case: Case) -> Verdict | None:
    """Leave a cluster, or a host, alone that is not the one that the intent names by its uid."""
    host, wanted = case.host, case.intent.spec
    if host is None:
        return None
    meant = wanted.cluster.uid
    if meant and case.cluster and not is_same_uid(case.cluster.uid, meant):
        found = f"{case.host_words} shows cluster {case.cluster.name} ({case.cluster.uid})"
        words = f"{found}; the intent names cluster {meant}"
        return _other(case, words, f"cluster {meant} to answer")
    by_uid = wanted.local_ui.host_uid if wanted.local_ui else None
    if by_uid and not is_same_uid(host.uid, by_uid):
        found = f"edge host {host.uid} answers at this address"
        words = f"{found}; the intent names host {by_uid}"
        return _other(case, words, f"host {by_uid} to answer")
    return None


def pinned_cluster(case: Case) -> Pinned | None:
    """Return what goes on record of the cluster; one that the intent does not mean never does.

    Else a host that answers by mistake would keep the right one out from then on.
    """
    return pin(case) if is_meant(case) else case.recorded.pinned


def is_meant(case: Case) -> bool:
    """Whether nothing that a person wrote speaks against the cluster that the host shows."""
    return other_than_named(case) is None and blocked_unless_cluster_is_meant(case) is None


def has_moved(case: Case) -> bool:
    """Whether the intent is about another cluster than before, at another address."""
    is_other = case.cluster is not None and is_another_at_new_address(case)
    return is_other and is_meant(case)


def earlier_requests(case: Case) -> tuple[str, ...]:
    """Return the requests of clusters that the intent was about before it moved, while open.

    They are good for all that is known: nobody is told to reject them, and nothing rejects them as
    nobody's. Of a Palette that does not list them, it is not known that they are over.
    """
    recorded, view = case.recorded, case.observed.palette
    found = list(recorded.earlier_requests)
    if has_moved(case):
        found += [recorded.pairing_uid, recorded.sent.pairing_uid if recorded.sent else ""]
    is_listed = view.problem is None and view.requests is not None
    own = case.request_uid if is_meant(case) else ""
    kept = {
        uid
        for uid in found
        if uid and not is_same_uid(uid, own) and (not is_listed or _is_open(case, uid))
    }
    return tuple(sorted(kept)[:MOST_EARLIER])


def _is_open(case: Case, pairing_uid: str) -> bool:
    entry = case.listed_as(pairing_uid)
    return entry is not None and entry.state in OPEN_STATES


def _other(case: Case, message: str, waiting_for: str) -> Verdict:
    hint = f"check `{case.address_field}`, or correct the uid in the intent"
    return blocked(Problem("OtherThanNamed", message, hint), waiting_for)


def listed_for_another(case: Case) -> Verdict | None:
    """Touch nothing where Palette lists the host's request for another cluster."""
    listed, here = case.listed, case.cluster_uid
    if listed is None or not listed.local_uid or not here or is_same_uid(listed.local_uid, here):
        return None
    return _of_another(
        case, [f"Palette lists it for cluster {_who(listed.name, listed.local_uid)}"]
    )


def not_the_cluster_that_is_meant(case: Case) -> Verdict | None:
    """Wait for nothing of a cluster that nobody named, or that Palette knows by another name.

    A host that gives another's uid would else be taken to be accepted when that one is.
    """
    return blocked_unless_cluster_is_meant(case) or _listed_by_another_name(case)


def _listed_by_another_name(case: Case) -> Verdict | None:
    if case.cluster is None:
        return None
    names = {case.cluster.name, case.palette_name, ""}
    over = (RequestState.REJECTED, RequestState.FAILED)
    for entry in case.own_entries:
        if entry.name not in names and entry.state not in over:
            who = _who(entry.name, entry.local_uid)
            return _of_another(case, [f"Palette lists it for cluster {who}"], entry.called)
    return None


def other_than_the_named_request(case: Case) -> Verdict | None:
    """Leave a request alone that is not the one that the intent names."""
    if not case.named_uid or not case.request_uid or is_same_uid(case.named_uid, case.request_uid):
        return None
    return blocked(
        Problem(
            "OtherRequest",
            f"the host reports pairing request {case.request_uid}, and the intent names "
            f"{case.named_uid}",
            "correct `request.pairingUid` in the intent, or leave it out",
        ),
        f"pairing request {case.named_uid}",
    )


def blocked_unless_cluster_is_meant(case: Case) -> Verdict | None:
    """Block where nothing that a person wrote names the cluster that the host shows.

    Its uid, where the intent has one, was compared before; without one its name has to be the one
    that the acknowledgement, `cluster.name` or the intent's own name gives: an address alone may
    lead anywhere.
    """
    spec, cluster = case.intent.spec, case.cluster
    if spec.cluster.uid or cluster is None:
        return None
    acknowledged = spec.acknowledge.central_management_only if spec.acknowledge else None
    given = [name for name in (acknowledged, spec.cluster.name, case.intent.name) if name]
    if cluster.name in given:
        return None
    return blocked(
        Problem(
            "ClusterNotMeant",
            f"{case.host_words} shows cluster {_who(cluster.name, cluster.uid)}, and the intent "
            f"names {' or '.join(dict.fromkeys(given))}",
            f"check `{case.address_field}`; if this cluster is meant, write "
            f"{snippet({'cluster': {'uid': cluster.uid}})} into the intent",
        ),
        "an address that leads to the cluster that is meant",
    )


def blocked_unless_one_cluster(case: Case, entry: PaletteRequest) -> Verdict | None:
    """Block unless host, list, request and intent are about one cluster, and Palette names it.

    Palette may leave the cluster out of its list: then the request itself has to name cluster and
    host, or a person the request.
    """
    held = case.observed.snapshot
    if not isinstance(held, RequestSnapshot):
        problem = held or Problem("RequestNotSeen", "the request in Palette was not looked at")
        return blocked(problem, "a look at the pairing request in Palette")
    if others := list(_others_named(case, entry, held)):
        return _of_another(case, others, entry.pairing_uid)
    # For an acceptance an approval has to name it, which is judged before; see `needs_approval`.
    is_named = is_same_uid(case.named_uid, entry.pairing_uid)
    if is_named or case.intent.spec.desired is Desired.PAIRED or _names_cluster(case, entry, held):
        return None
    return blocked(
        Problem(
            "ClusterNotNamed",
            f"Palette does not say which cluster has sent pairing request {entry.pairing_uid}",
            "look at the request in Palette; if it is this cluster's, write "
            f"{named_request(entry.pairing_uid)} into the intent",
        ),
        f"an intent that names pairing request {entry.pairing_uid}",
    )


def is_unnamed_in_palette(case: Case) -> bool:
    """Whether the host's request was looked at in Palette, and nothing there names its cluster."""
    held, listed = case.observed.snapshot, case.listed
    if not isinstance(held, RequestSnapshot) or listed is None:
        return False
    return not _names_cluster(case, listed, held)


def _names_cluster(case: Case, entry: PaletteRequest, held: RequestSnapshot) -> bool:
    has_name = bool(entry.name or held.name)
    if case.host is None:
        return bool(entry.local_uid or held.local_uid)
    by_host = bool(held.local_uid) and bool(held.host_uids)
    return has_name and (bool(entry.local_uid) or by_host)


def _others_named(case: Case, entry: PaletteRequest, held: RequestSnapshot) -> Iterator[str]:
    """Yield each source that names another cluster, or host, than the one that is meant."""
    here, host, cluster = case.cluster_uid, case.host, case.cluster
    if entry.local_uid and not is_same_uid(entry.local_uid, here):
        yield f"Palette lists it for cluster {_who(entry.name, entry.local_uid)}"
    if held.local_uid and not is_same_uid(held.local_uid, here):
        yield f"in Palette it carries cluster {_who(held.name, held.local_uid)}"
    if held.host_uids and host and not any(is_same_uid(uid, host.uid) for uid in held.host_uids):
        yield f"in Palette it carries the hosts {', '.join(held.host_uids)}, and not {host.uid}"
    for where, name in (("Palette lists it as", entry.name), ("in Palette it carries", held.name)):
        if name and cluster and name != cluster.name:
            yield f"{where} {name}"


def _of_another(case: Case, others: list[str], uid: str = "") -> Verdict:
    who = _who(case.cluster.name, case.cluster.uid) if case.cluster else case.cluster_uid
    uid = uid or case.request_uid
    return blocked(
        Problem(
            "RequestOfAnotherCluster",
            f"pairing request {uid} is taken for that of cluster {who}, and {'; '.join(others)}",
            "look at the request in Palette, and reject it there if it is not to be",
        ),
        "all sources to name one cluster",
    )


def foreign_request(case: Case) -> Verdict | None:
    """Accept nothing for a cluster that has another request open, or not the one that was sent.

    Whoever sent it does not share this status branch: claims bind nobody there.
    """
    if case.request is None or not case.request_is_ours:
        return None
    pending = [
        entry.pairing_uid
        for entry in case.own_entries
        if entry.state is RequestState.PENDING
        and not is_same_uid(entry.pairing_uid, case.request_uid)
    ]
    if not pending and not is_same_uid(case.named_uid, case.request_uid):
        pending = _sent_and_not_reported(case)
    if not pending:
        return None
    return blocked(
        Problem(
            "ForeignRequest",
            f"the host reports pairing request {case.request_uid}, and there is another one of "
            f"this cluster, {', '.join(pending)}: somebody else sends requests for it",
            "let all that pair this cluster share one status branch; reject the request that is "
            "not to be in Palette, and write "
            f"{named_request(case.request_uid)} into the intent if this one is meant",
        ),
        "one pairing request for this cluster",
    )


def _sent_and_not_reported(case: Case) -> list[str]:
    """Return the request that was sent in this attempt where the host reports another one now."""
    sent = case.recorded.sent
    if sent is None or sent.attempt != case.intent.spec.attempt or has_moved(case):
        return []
    listed = case.listed_as(sent.pairing_uid)
    is_over = listed is not None and listed.state in (RequestState.REJECTED, RequestState.FAILED)
    is_reported = is_same_uid(sent.pairing_uid, case.request_uid)
    return [] if is_over or is_reported else [sent.pairing_uid]


def held_unless_known(case: Case) -> Verdict | None:
    """Leave a request alone that pairctl did not send: for ever, or while its sender may accept it.

    A pairctl with another status branch accepts its own within seconds, and no claim tells of it.
    """
    if request_origin(case) != "Adopted":
        return None
    uid, after_s = case.request_uid, case.intent.adopts_after_s
    if case.intent.adopts_requests:
        return _left_to_its_sender(uid, after_s) if _is_younger(case, after_s) else None
    return blocked(
        Problem(
            "RequestNotOurs",
            f"pairing request {uid} was sent by hand, or the answer to its sending was lost, and "
            "the operator's file says `adoptRequests: Never`",
            f"if it is meant, write {named_request(uid)} into the intent",
        ),
        f"an intent that names pairing request {uid}",
    )


def _left_to_its_sender(uid: str, after_s: float) -> Verdict:
    return under_way(
        Phase.REQUESTED,
        "LeftToItsSender",
        f"pairing request {uid} was sent by hand, or the answer to its sending was lost; whoever "
        f"sent it may accept it, so it is left alone until it is {after_s:g} s old",
        f"pairing request {uid} to be {after_s:g} s old",
    )


def _is_younger(case: Case, after_s: float) -> bool:
    """Whether the request is younger, by two times that Palette gives; without them it is not."""
    now = case.observed.palette.dated_at
    created = instant_of(case.listed.created_at) if case.listed else None
    if now is None or created is None:
        return False
    age_s = (now - created).total_seconds()
    return -after_s <= age_s < after_s


def request_origin(case: Case) -> str:
    """Return how the host's request is known: `Sent` by pairctl, `Named` by the intent, `Adopted`.

    Sent is what the answer to pairctl's own sending named; nothing else makes a request its own.
    """
    sent = case.recorded.sent
    if sent and is_same_uid(sent.pairing_uid, case.request_uid):
        return "Sent"
    return "Named" if is_same_uid(case.named_uid, case.request_uid) else "Adopted"


def _who(name: str, uid: str) -> str:
    return f"{name} ({uid})" if name else uid


def named_request(uid: str) -> str:
    """Return what an intent says to name a pairing request, as it may be pasted."""
    return snippet({"request": {"pairingUid": uid}})
