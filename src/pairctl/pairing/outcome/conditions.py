"""Conditions, by the Kubernetes conventions: one fact a condition, as seen, whatever is decided."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pairctl.pairing.case import Case
from pairctl.pairing.facts.instant import Instant
from pairctl.pairing.facts.observation import LocalRequestStatus
from pairctl.pairing.facts.palette import (
    ClusterHealth,
    PaletteCluster,
    RequestState,
    cluster_health,
)
from pairctl.pairing.predicates import (
    REFUSED_BY_HOST,
    is_accepted,
    is_central,
    is_elsewhere,
    is_gone_after_acceptance,
    is_paired,
)
from pairctl.pairing.rules.ownership import request_origin
from pairctl.pairing.rules.preconditions import health_problem
from pairctl.pairing.verdict import Verdict
from pairctl.problem import Problem
from pairctl.spec import Desired


class ConditionType(StrEnum):
    """The conditions of an intent, in the order in which a pairing goes through them."""

    VALID = "Valid"
    REACHABLE = "Reachable"
    HEALTHY = "Healthy"
    CONNECTED = "Connected"
    LAYERS_MATCHED = "LayersMatched"
    REQUESTED = "Requested"
    ACCEPTED = "Accepted"
    HEALTHY_IN_PALETTE = "HealthyInPalette"
    READY = "Ready"


class Truth(StrEnum):
    """A condition's status. What was not looked at is Unknown, never False."""

    TRUE = "True"
    FALSE = "False"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. `reason` is a CamelCase word, `message` is for people.

    `last_transition_time` is when `status` last changed, `observed_generation` the intent's
    generation that the condition speaks of; both are filled in when a status is made.
    """

    type: ConditionType
    status: Truth
    reason: str
    message: str = ""
    observed_generation: str = ""
    last_transition_time: Instant | None = None


def true(kind: ConditionType, reason: str, message: str = "") -> Condition:
    """Return the condition as one that holds."""
    return Condition(kind, Truth.TRUE, reason, message)


def false(kind: ConditionType, problem: Problem) -> Condition:
    """Return the condition as one that does not hold, with why."""
    return Condition(kind, Truth.FALSE, problem.reason, problem.message)


def unknown(kind: ConditionType, reason: str = "NotObserved", message: str = "") -> Condition:
    """Return the condition as one that nobody could see."""
    return Condition(kind, Truth.UNKNOWN, reason, message)


def stamped(
    new: tuple[Condition, ...], old: tuple[Condition, ...], *, generation: str, now: datetime
) -> tuple[Condition, ...]:
    """Fill in generation and time; the time stays as it was where the status did not change."""
    before = {condition.type: condition for condition in old}
    return tuple(
        replace(
            condition,
            observed_generation=generation,
            last_transition_time=_since(condition, before.get(condition.type)) or now,
        )
        for condition in new
    )


def _since(new: Condition, old: Condition | None) -> datetime | None:
    return old.last_transition_time if old and old.status == new.status else None


def conditions(case: Case, verdict: Verdict) -> tuple[Condition, ...]:
    """Return all conditions, in the order in which a pairing goes through them."""
    return (
        true(ConditionType.VALID, "Valid"),
        reachable(case),
        healthy(case),
        connected(case),
        layers_matched(case),
        requested(case),
        accepted(case),
        healthy_in_palette(case),
        ready(verdict),
    )


def ready(verdict: Verdict) -> Condition:
    """Derive Ready, the one condition that stands for the whole: what is desired holds."""
    if verdict.is_done:
        return true(ConditionType.READY, verdict.reason, verdict.message)
    return false(ConditionType.READY, Problem(verdict.reason, verdict.message))


def reachable(case: Case) -> Condition:
    """Tell whether all sides that matter answered in this pass."""
    problem = case.observed.palette.problem or case.host_problem
    if problem:
        return false(ConditionType.REACHABLE, problem)
    if case.host is None and case.intent.spec.desired is not Desired.REJECTED:
        return unknown(ConditionType.REACHABLE)
    return true(ConditionType.REACHABLE, "Answered")


def healthy(case: Case) -> Condition:
    """Tell whether the cluster is Running and every node is healthy."""
    if case.host is None or (case.cluster is None and is_central(case)):
        return unknown(ConditionType.HEALTHY)
    problem = health_problem(case.cluster)
    return (
        false(ConditionType.HEALTHY, problem) if problem else true(ConditionType.HEALTHY, "Running")
    )


def connected(case: Case) -> Condition:
    """Tell whether the hosts reach Palette: by their own check, or as a request arrived there."""
    seen = case.observed.connection
    if case.listed is not None or is_paired(case):
        return true(ConditionType.CONNECTED, "RequestArrived")
    if isinstance(seen, Problem):
        return false(ConditionType.CONNECTED, seen)
    if seen is None:
        return unknown(ConditionType.CONNECTED)
    if seen.is_verified:
        return true(ConditionType.CONNECTED, "Verified")
    return false(ConditionType.CONNECTED, Problem("HostsCannotReachPalette", seen.message))


def layers_matched(case: Case) -> Condition:
    """Tell whether the selection was proven against the layers as they are now.

    An accepted request was: Palette accepts nothing else, and profiles may go on without it.
    """
    proof = case.proof
    if _was_accepted(case):
        return true(ConditionType.LAYERS_MATCHED, "Accepted", "Palette accepted the request")
    if proof is None:
        return unknown(ConditionType.LAYERS_MATCHED)
    if proof.problem:
        return false(ConditionType.LAYERS_MATCHED, proof.problem)
    return true(ConditionType.LAYERS_MATCHED, "ExactMatch", " + ".join(map(str, proof.selection)))


def requested(case: Case) -> Condition:
    """Tell whether the host holds a pairing request to this Palette that was not refused."""
    request = case.request
    if case.host is None:
        return unknown(ConditionType.REQUESTED)
    if is_paired(case):
        return true(ConditionType.REQUESTED, "Complete")
    if request is None or not case.request_is_ours:
        problem = Problem("NoRequest", "the host has no pairing request to this Palette")
        return false(ConditionType.REQUESTED, problem)
    if request.status in REFUSED_BY_HOST:
        return false(ConditionType.REQUESTED, Problem(f"Request{request.status}", request.message))
    return _sent_by_whom(case, f"pairing request {request.pairing_uid}")


def _sent_by_whom(case: Case, words: str) -> Condition:
    match request_origin(case):
        case "Sent":
            return true(ConditionType.REQUESTED, "Sent", words)
        case "Named":
            return true(ConditionType.REQUESTED, "Named", words)
        case _:
            words += ", which was sent by hand, or the answer to its sending was lost"
            return true(ConditionType.REQUESTED, "Adopted", words)


def accepted(case: Case) -> Condition:
    """Tell whether either side shows the request as accepted."""
    if _was_accepted(case):
        return true(ConditionType.ACCEPTED, "Accepted")
    if _is_pending(case):
        return false(ConditionType.ACCEPTED, Problem("Pending", "waits to be accepted in Palette"))
    if case.host is None or case.observed.palette.problem:
        return unknown(ConditionType.ACCEPTED)
    return false(ConditionType.ACCEPTED, Problem("NotAccepted", "no request was accepted"))


def healthy_in_palette(case: Case) -> Condition:
    """Tell what Palette's cluster list says about the health of a cluster that is paired."""
    if is_paired(case) and case.registered:
        return health_in_list(case.registered)
    if case.host is None or case.observed.palette.problem:
        return unknown(ConditionType.HEALTHY_IN_PALETTE)
    return unknown(ConditionType.HEALTHY_IN_PALETTE, "NotPaired")


def health_in_list(cluster: PaletteCluster) -> Condition:
    """Tell how healthy a cluster is by Palette's word for it."""
    kind, said = ConditionType.HEALTHY_IN_PALETTE, f"Palette's cluster list said {cluster.health}"
    if not cluster.health:
        words = "Palette's cluster list says nothing yet of the cluster's health"
        return unknown(kind, "HealthNotReported", words)
    match cluster_health(cluster.health):
        case ClusterHealth.HEALTHY:
            return true(kind, "HealthyAfterPairing", said)
        case ClusterHealth.UNHEALTHY:
            words = f"{said}: look at the cluster in Palette"
            return false(kind, Problem("UnhealthyInPalette", words))
        case ClusterHealth.UNKNOWN:
            return unknown(kind, "HealthUnknown", f"{said}, which is no word that is known for it")


_HEALTH_GOES_UP = (
    "HealthNotReported",
    "HealthUnknown",
    "UnhealthyInPalette",
    "HealthyAfterPairing",
)


def latched_health(seen: Condition, recorded: Condition | None) -> Condition:
    """Return the health that a status tells: of one cluster in Palette it only ever goes up.

    So a health that comes and goes makes no commits but the few on the way to the first True.
    """
    if recorded is None or recorded.reason not in _HEALTH_GOES_UP:
        return seen
    is_news = seen.reason in _HEALTH_GOES_UP and (
        _HEALTH_GOES_UP.index(seen.reason) > _HEALTH_GOES_UP.index(recorded.reason)
    )
    return seen if is_news else recorded


def _is_pending(case: Case) -> bool:
    """Whether the request waits, by Palette's list, or by the host where Palette does not list."""
    if case.listed is not None:
        return case.listed.state is RequestState.PENDING
    request, is_blind = case.request, case.observed.palette.problem is not None
    is_waiting = request is not None and request.status is LocalRequestStatus.PAIRING
    return is_waiting and case.request_is_ours and not is_blind


def _was_accepted(case: Case) -> bool:
    was_accepted = is_accepted(case) or is_gone_after_acceptance(case)
    return is_paired(case) or (was_accepted and not is_elsewhere(case))
