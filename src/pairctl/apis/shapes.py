"""The shapes by which exchanges about pairing requests are known, whatever their paths. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from pairctl.apis.har import Exchange
from pairctl.apis.routes import is_uid

_CREATED = 201


def pairing_uids(exchange: Exchange) -> Iterator[str]:
    """Yield the pairing ids that an exchange is about: those listed, or the one accepted."""
    yield from _listed(exchange)
    if is_acceptance(exchange):
        yield _uid(sent_spec(exchange))


def is_list(exchange: Exchange) -> bool:
    """Whether it is a POST that was answered with `items` that have pairing ids."""
    return any(_listed(exchange))


def _listed(exchange: Exchange) -> list[str]:
    """Return the pairing ids that a list answered with."""
    if exchange.method != "POST" or not exchange.has_succeeded:
        return []
    items = exchange.answer.document("pairingUid").get("items")
    return list(filter(None, map(_uid, items))) if isinstance(items, list) else []


def is_one(exchange: Exchange, uids: frozenset[str]) -> bool:
    """Whether it is a GET of one of these requests, answered with what the host sent."""
    if exchange.method != "GET" or not exchange.has_succeeded or uids.isdisjoint(exchange.segments):
        return False
    spec = _mapping(exchange.answer.document("spec").get("spec"))
    return any(isinstance(spec.get(field), list) for field in ("profiles", "machinepoolconfig"))


def is_rejection(exchange: Exchange, uids: frozenset[str]) -> bool:
    """Whether it is a DELETE of one of these requests, or another verb that says `reject`."""
    if not exchange.has_succeeded or uids.isdisjoint(exchange.segments):
        return False
    is_other = exchange.method in ("POST", "PUT", "PATCH") and "reject" in exchange.path.casefold()
    return exchange.method == "DELETE" or is_other


def is_acceptance(exchange: Exchange) -> bool:
    """Whether it is a POST of a pairing id and profiles: to accept them, or to validate them."""
    if exchange.method != "POST" or not exchange.has_succeeded:
        return False
    spec = sent_spec(exchange)
    return _uid(spec) != "" and isinstance(spec.get("profiles"), list)


def made_a_cluster(exchange: Exchange) -> bool:
    """Whether it was answered with what came of it: 201, or a uid. A validation says neither."""
    if is_verdict(exchange):
        return False
    uid = exchange.answer.document("uid").get("uid")
    return exchange.status == _CREATED or (isinstance(uid, str) and is_uid(uid))


def is_verdict(exchange: Exchange) -> bool:
    """Whether it was answered as a validation is: by profile and machine pool."""
    answer = exchange.answer
    return "machinePools" in answer.document("machinePools") or "profiles" in answer.document(
        "profiles"
    )


def sent_spec(exchange: Exchange) -> Mapping[str, Any]:
    """Return the `spec` that was sent; an empty one where there is none."""
    return _mapping(exchange.sent.document("pairingUid").get("spec"))


def _uid(value: Any) -> str:
    """Return the pairing id that a part of a body names; nothing where it names none."""
    uid = _mapping(value).get("pairingUid")
    return uid if isinstance(uid, str) and is_uid(uid) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
