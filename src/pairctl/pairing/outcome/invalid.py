"""The status of an intent that cannot be used as it was written: nothing is done for it."""

from datetime import datetime

from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.outcome.conditions import (
    Condition,
    ConditionType,
    Truth,
    false,
    stamped,
    unknown,
)
from pairctl.pairing.outcome.status import Status
from pairctl.problem import Problem

_KEPT = (ConditionType.ACCEPTED, ConditionType.HEALTHY_IN_PALETTE)
_UNSEEN = [kind for kind in ConditionType if kind not in (ConditionType.VALID, ConditionType.READY)]


def invalid_status(
    name: str, problem: Problem, previous: Status | None, *, commit: str, now: datetime
) -> Status:
    """Say why the intent is not valid. What was known of the cluster stays on record."""
    conditions = (
        false(ConditionType.VALID, problem),
        *(_remembered(kind, previous) or unknown(kind) for kind in _UNSEEN),
        false(ConditionType.READY, problem),
    )
    before = previous or Status(name, Phase.BLOCKED, generation="", source_commit="")
    is_same = before.reason == problem.reason and before.message == problem.message
    return Status(
        name=name,
        phase=Phase.BLOCKED,
        generation="",
        source_commit=before.source_commit if is_same else commit,
        reason=problem.reason,
        message=problem.message,
        pairing_uid=before.pairing_uid,
        local_uid=before.local_uid,
        palette_uid=before.palette_uid,
        waiting_for="a valid intent",
        human_action=problem.hint,
        profiles=before.profiles,
        digest=before.digest,
        sent=before.sent,
        withdrawn=before.withdrawn,
        refused=before.refused,
        declined=before.declined,
        unanswered=before.unanswered,
        pinned=before.pinned,
        earlier_requests=before.earlier_requests,
        conditions=stamped(conditions, before.conditions, generation="", now=now),
    )


def _remembered(kind: ConditionType, previous: Status | None) -> Condition | None:
    """Return what stays true, whatever is written: an acceptance has no way back."""
    found = previous.condition(kind) if previous and kind in _KEPT else None
    return found if found and found.status is Truth.TRUE else None
