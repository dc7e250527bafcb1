"""Palette's pairing routes, found in a recording by the shapes of what was said. Pure.

Only paths that an operator's file may hold come out: no header, query, body or uid does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pairctl.apis.har import BadRecording, Exchange, read_har
from pairctl.apis.routes import ROUTE_SETTINGS, is_uid, route_objection
from pairctl.apis.shapes import (
    is_acceptance,
    is_list,
    is_one,
    is_rejection,
    is_verdict,
    made_a_cluster,
    pairing_uids,
    sent_spec,
)

ESSENTIAL = ("listRequests", "accept")
PLACEHOLDER = "{pairingUid}"

_LONGEST_WORD = 40
_MOST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A route that was seen: its setting and path, and the request (from 1) that shows it."""

    setting: str
    path: str
    method: str
    status: int
    number: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A route that was not seen, or not so that the operator's file could name it; and why."""

    setting: str
    why: str


@dataclass(frozen=True, slots=True)
class Recording:
    """What a recording tells of the routes, in the order of the operator's file.

    `origin` is where they were called; empty where none was found.
    """

    origin: str
    found: tuple[Found, ...]
    missing: tuple[Missing, ...]

    @property
    def is_enough(self) -> bool:
        """Whether the routes are there that nothing can be accepted without."""
        return set(ESSENTIAL) <= {one.setting for one in self.found}


def read_recording(content: bytes) -> Recording:
    """Find the routes in a HAR 1.2 file.

    Raises BadRecording where it is none, or shows the pairing at several origins.
    """
    try:
        by_origin: dict[str, list[Exchange]] = {}
        for exchange in read_har(content):
            by_origin.setdefault(exchange.origin, []).append(exchange)
        shown = [_at(*one) for one in by_origin.items()]
    except RecursionError as error:
        raise BadRecording("the recording is nested too deeply") from error
    telling = [one for one in shown if one.found]
    if len(telling) > 1:
        raise BadRecording(
            "the recording shows pairing requests at several servers:"
            f" {', '.join(one.origin for one in telling)}",
            "record again, with one Palette open",
        )
    return telling[0] if telling else _merged(shown)


@dataclass(frozen=True, slots=True)
class _Sighting:
    """An exchange that has the shape of a route."""

    exchange: Exchange
    path: str


@dataclass(frozen=True, slots=True)
class _Traffic:
    """What was said at one origin, in order, and the pairing ids that it is about."""

    exchanges: Sequence[Exchange]
    uids: frozenset[str]

    def sightings(self, is_one: Callable[[Exchange], bool]) -> list[_Sighting]:
        """Return the exchanges of a shape, each with its path as a template."""
        found = (exchange for exchange in self.exchanges if is_one(exchange))
        return [_Sighting(exchange, _template(exchange, self.uids)) for exchange in found]


def _at(origin: str, exchanges: Sequence[Exchange]) -> Recording:
    uids = frozenset(uid for exchange in exchanges for uid in pairing_uids(exchange))
    traffic = _Traffic(exchanges, uids)
    accept, validate = _acceptances(traffic)
    sightings = {
        "listRequests": traffic.sightings(is_list),
        "getRequest": traffic.sightings(lambda e: is_one(e, uids)),
        "accept": accept,
        "validate": validate,
        "reject": traffic.sightings(lambda e: is_rejection(e, uids)),
    }
    shown = [_judged(setting, sightings[setting]) for setting in ROUTE_SETTINGS]
    return Recording(
        origin,
        tuple(one for one in shown if isinstance(one, Found)),
        tuple(one for one in shown if isinstance(one, Missing)),
    )


def _merged(shown: Iterable[Recording]) -> Recording:
    """Return that nothing was found; of several reasons the one that says most."""
    reasons: dict[str, Missing] = {}
    for recording in shown:
        for missing in recording.missing:
            known = reasons.get(missing.setting)
            if known is None or known.why == NOT_SEEN[missing.setting]:
                reasons[missing.setting] = missing
    return Recording("", (), tuple(reasons[setting] for setting in ROUTE_SETTINGS))


NOT_SEEN: Mapping[str, str] = {
    "listRequests": "no POST was answered with `items` that have a `pairingUid`",
    "getRequest": "no GET with a pairing id in its path was answered with a request's `spec`",
    "accept": "no POST of `spec.pairingUid` with `spec.profiles` was answered as an acceptance",
    "validate": "no POST of what was accepted was answered as a validation before",
    "reject": "no DELETE with a pairing id in its path was answered",
}
"""Why a route is missing where nothing like it was seen."""


def _judged(setting: str, sightings: Sequence[_Sighting]) -> Found | Missing:
    """Return the last sighting that an operator's file may name, or why there is none."""
    why = NOT_SEEN[setting]
    for sighting in reversed(sightings):
        exchange, path = sighting.exchange, sighting.path
        objection = _objection(setting, exchange.method, path)
        if not objection:
            return Found(setting, path, exchange.method, exchange.status, exchange.number)
        why = f"request {exchange.number} looks like it, but {objection}"
    return Missing(setting, why)


def _objection(setting: str, method: str, path: str) -> str:
    if not all(map(_is_word, path.split("/")[1:])):
        return "its path names some object, or is made of other than plain words"
    if setting == "reject" and method != "DELETE":
        return f"it is a {method}, and pairctl can only send DELETE"
    return route_objection(setting, path)


def _is_word(segment: str) -> bool:
    """Whether a segment is a word or the placeholder: a uid or a token has more digits."""
    if segment == PLACEHOLDER:
        return True
    digits = sum(character.isdigit() for character in segment)
    return len(segment) <= _LONGEST_WORD and digits <= _MOST_DIGITS and is_uid(segment)


def _template(exchange: Exchange, uids: frozenset[str]) -> str:
    segments = (PLACEHOLDER if segment in uids else segment for segment in exchange.segments)
    return "/" + "/".join(segments)


def _acceptances(traffic: _Traffic) -> tuple[list[_Sighting], list[_Sighting]]:
    """Tell acceptances from validations: both are sent the same, and answered otherwise.

    A path is a validation's only where that is sure: what it really is would be called before each
    acceptance, as a call that changes nothing.
    """
    sent = traffic.sightings(is_acceptance)
    accepted = [one for one in sent if made_a_cluster(one.exchange)]
    accepted = accepted or [one for one in sent if _comes_last(one, sent)]
    validated = [one for one in sent if _is_validation(one)]
    if accepted:
        validated = [one for one in validated if _precedes(one, accepted[-1])]
    return accepted, validated


def _is_validation(one: _Sighting) -> bool:
    if made_a_cluster(one.exchange):
        return False
    return is_verdict(one.exchange) or "validat" in one.path.casefold()


def _comes_last(one: _Sighting, sent: Sequence[_Sighting]) -> bool:
    """Whether, with no answer that tells, the order does: first validated, then accepted."""
    if one is not sent[-1] or _is_validation(one):
        return False
    return any(_precedes(other, one) for other in sent)


def _precedes(one: _Sighting, accepted: _Sighting) -> bool:
    before = one.exchange.number < accepted.exchange.number
    is_same = sent_spec(one.exchange) == sent_spec(accepted.exchange)
    return before and one.path != accepted.path and is_same
