"""What Palette answers about pairing requests in place of the truth. Pure functions.

Lies change the list and the single request only: what is validated, accepted or rejected is the
true request of the pairing id that a call names.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pairctl.sim.palette.pairings import PairingRequest
from pairctl.sim.palette_spec import Answers

Json = dict[str, Any]
Requests = Sequence[PairingRequest]


def as_listed(request: PairingRequest, every: Requests, answers: Answers) -> PairingRequest:
    """Give a request as the list shows it; `every` are the requests whose words it may take."""
    sent = request.application
    cluster_uid = _words(request, every, answers.lists_uid_of, _cluster_uid)
    application = replace(
        sent,
        cluster_name=_words(request, every, answers.lists_name_of, _cluster_name),
        local_cluster_uid=_cased(cluster_uid, request, answers),
    )
    return replace(request, uid=_given_uid(request, every, answers), application=application)


def as_shown(request: PairingRequest, every: Requests, answers: Answers) -> PairingRequest:
    """Give a request as the answer about it alone shows it."""
    other = _other(request, answers.swap)
    found = None if other is None else _newest(other, every)
    sent = request.application if found is None else found.application
    cluster_uid = _cased(sent.local_cluster_uid, request, answers)
    application = replace(sent, local_cluster_uid=cluster_uid)
    return replace(request, uid=_given_uid(request, every, answers), application=application)


def listed_fields(entry: Json, answers: Answers) -> Json:
    """Leave out of an entry of the list what Palette does not tell."""
    is_known = {"localClusterUid": answers.lists_clusters, "name": answers.lists_names}
    return {name: value for name, value in entry.items() if is_known.get(name, True)}


def shown_fields(document: Json, answers: Answers) -> Json:
    """Leave out of a single request what Palette does not tell."""
    spec = dict(document["spec"])
    if not answers.shows_cluster_meta:
        del spec["clusterMeta"]
    if not answers.shows_hosts:
        spec["machinepoolconfig"] = []
    return document | {"spec": spec}


def _given_uid(request: PairingRequest, every: Requests, answers: Answers) -> str:
    return _words(request, every, answers.gives_pairing_uid_of, lambda found: found.uid)


def _cased(uid: str, request: PairingRequest, answers: Answers) -> str:
    is_in_capitals = any(_is_named(request, key) for key in answers.in_capitals)
    return uid.upper() if is_in_capitals else uid


def _words(
    request: PairingRequest,
    every: Requests,
    others: Mapping[str, str],
    field: Callable[[PairingRequest], str],
) -> str:
    """Give a field of the request that stands in for this one; else that word, else its own."""
    other = _other(request, others)
    if other is None:
        return field(request)
    found = _newest(other, every)
    return other if found is None else field(found)


def _other(request: PairingRequest, others: Mapping[str, str]) -> str | None:
    return next((other for key, other in others.items() if _is_named(request, key)), None)


def _newest(key: str, every: Requests) -> PairingRequest | None:
    return next((request for request in reversed(every) if _is_named(request, key)), None)


def _is_named(request: PairingRequest, key: str) -> bool:
    return key in {request.uid, _cluster_uid(request), _cluster_name(request)}


def _cluster_uid(request: PairingRequest) -> str:
    return request.application.local_cluster_uid


def _cluster_name(request: PairingRequest) -> str:
    return request.application.cluster_name
