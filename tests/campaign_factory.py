"""Members of rollouts for tests: what is decided on clusters that are so far, and rollouts of them.

Decisions are real ones, by `decide`, on observations of `pairing_factory`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from pairctl.pairing import (
    Decision,
    EdgeHost,
    Intent,
    LocalRequest,
    LocalRequestStatus,
    ManagementMode,
    Observed,
    PaletteCluster,
    RequestState,
    RolledOut,
    RolloutDocuments,
    RolloutHistory,
    decide,
    roll_out,
)
from pairctl.problem import Problem
from pairctl.spec import Desired, RolloutSpec
from pairing_factory import (
    NOW,
    PALETTE,
    make_cluster,
    make_entry,
    make_host,
    make_intent,
    make_observed,
    make_snapshot,
    make_view,
)

FLEET = {"matchLabels": {"fleet": "emea"}}
NOTHING = RolloutHistory()
CLOCK_MARGIN = timedelta(minutes=10)
STATES = ("ready", "pending", "accepted", "paired", "unwell", "dark", "failed", "blocked")
"""How far a cluster can be: ready to be sent for, or to be accepted, and what may become of it."""


def wave(name: str, **more: Any) -> dict[str, Any]:
    """Write a wave that selects by its own name."""
    return {"name": name, "select": {"matchLabels": {"wave": name}}, **more}


def spec(*waves: Mapping[str, Any], **more: Any) -> RolloutSpec:
    """Make the spec of a rollout: of a canary and the rest, unless waves are given."""
    in_order = list(waves) or [wave("canary"), {"name": "rest"}]
    fields = {"select": FLEET, "waves": in_order, **more}
    return RolloutSpec.model_validate(fields, strict=False)


@cache
def member(name: str, generation: str = "sha256:one", desired: Desired = Desired.PAIRED) -> Intent:
    """Make the intent of a member."""
    return replace(make_intent(desired, generation=generation), name=name)


@cache
def decision(name: str, state: str, generation: str = "sha256:one") -> Decision:
    """Decide on a member whose cluster is so far, in the order of STATES."""
    return decide(member(name, generation), observed(name, state), now=NOW)


@cache
def taking_back(name: str) -> Decision:
    """Decide on an intent that wants its cluster local, and whose request is pending."""
    return decide(member(name, desired=Desired.LOCAL), observed(name, "pending"), now=NOW)


def observed(name: str, state: str) -> Observed:
    """Make what is seen of a cluster of its own that is so far."""
    local = f"local-{name}"
    request = LocalRequest(f"u-{name}", PALETTE, LocalRequestStatus.PAIRING)
    entry = make_entry(pairing_uid=request.pairing_uid, local_uid=local)
    host = make_host(cluster=make_cluster(uid=local))
    snapshot = make_snapshot(local_uid=local)
    refused = replace(request, status=LocalRequestStatus.REJECTED)
    done = replace(request, status=LocalRequestStatus.PAIRED)
    accepted = make_view(replace(entry, state=RequestState.ACCEPTED))
    ill = replace(host, cluster=make_cluster(uid=local, state="Pending"))
    return {
        "ready": make_observed(host),
        "pending": make_observed(
            replace(host, request=request), make_view(entry), snapshot=snapshot
        ),
        "accepted": make_observed(replace(host, request=done), accepted),
        "paired": _central(host, name, "Healthy"),
        "unwell": _central(host, name, "UnHealthy"),
        "dark": make_observed(Problem("Unreachable", "no answer", "see that it runs")),
        "failed": make_observed(replace(host, request=refused)),
        "blocked": make_observed(ill),
    }[state]


def _central(host: EdgeHost, name: str, health: str) -> Observed:
    uid = f"palette-{name}"
    request = LocalRequest(f"u-{name}", PALETTE, LocalRequestStatus.PAIRED)
    entry = make_entry(
        RequestState.ACCEPTED, pairing_uid=f"u-{name}", local_uid=f"local-{name}", cluster_uid=uid
    )
    view = make_view(entry, clusters=(PaletteCluster(uid, "store-0042", "Running", health),))
    return make_observed(
        replace(host, management_mode=ManagementMode.CENTRAL, request=request), view
    )


def documents(waves: Mapping[str, str], of: RolloutSpec, **more: Any) -> RolloutDocuments:
    """Make the documents of one rollout; `waves` are the labels of its members."""
    fields: dict[str, Any] = {
        "rollouts": {"emea": of},
        "intents": {name: member(name) for name in waves},
        "labels": {name: {"fleet": "emea", "wave": one} for name, one in waves.items()},
    }
    return RolloutDocuments(**(fields | more))


def rolled(
    waves: Mapping[str, str],
    states: Mapping[str, str],
    of: RolloutSpec,
    *,
    history: RolloutHistory = NOTHING,
    now: datetime = NOW,
    paired: Mapping[str, bool | None] | None = None,
    awaited: frozenset[str] = frozenset(),
    ahead: timedelta | None = None,
    **more: Any,
) -> RolledOut:
    """Hold members, each in a wave and so far, against a rollout; Palette's clock may be ahead."""
    decided = {name: _dated(decision(name, state), ahead) for name, state in states.items()}
    return roll_out(
        documents(waves, of, **more),
        decided,
        paired or {},
        history,
        now=now,
        awaited=awaited,
        clock_margin=CLOCK_MARGIN,
    )


def _dated(one: Decision, ahead: timedelta | None) -> Decision:
    """Let Palette tell its time in what was decided on."""
    if ahead is None:
        return one
    view = replace(one.case.observed.palette, dated_at=one.case.now + ahead)
    return replace(one, case=replace(one.case, observed=replace(one.case.observed, palette=view)))


def reason_of(done: RolledOut, name: str) -> str:
    """Give why a member is held back; empty where its action may begin."""
    one = done.decisions[name]
    return "" if one.action else one.verdict.reason
