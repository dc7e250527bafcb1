"""Conditions, by the Kubernetes conventions: what is known of an intent, one fact a condition."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pairctl.pairing.instant import Instant
from pairctl.problem import Problem


class ConditionType(StrEnum):
    """The conditions of an intent, in the order in which a pairing goes through them."""

    VALID = "Valid"
    REACHABLE = "Reachable"
    HEALTHY = "Healthy"
    CONNECTED = "Connected"
    LAYERS_MATCHED = "LayersMatched"
    REQUESTED = "Requested"
    ACCEPTED = "Accepted"
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
