"""One match held against what was last seen of both its sides. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pairctl.layers import Layer, Profile, Row, Stack, stack, without_kinds
from pairctl.pairing import declared_stack_differs
from pairctl.problem import Problem
from pairctl.records import ObservedCluster
from pairctl.spec import ProfileMatchSpec
from pairctl.validation.catalogue import Catalogue


class ProofVerdict(StrEnum):
    """What can be said of a match without asking anybody."""

    PROVEN = "proven"
    DIFFERS = "differs"
    NOT_SEEN = "not seen yet"


@dataclass(frozen=True, slots=True)
class OfflineProof:
    """What is known of one intent's match: as it was when both sides were last seen.

    `is_declared` tells a proof on the layers that the ProfileMatch declares, since the cluster was
    not seen. Times are None where nothing was seen, or it is not said when.
    """

    intent: str
    verdict: ProofVerdict
    problem: Problem | None = None
    selection: tuple[Profile, ...] = ()
    rows: tuple[Row, ...] = ()
    is_declared: bool = False
    agent_version: str = ""
    cluster_seen_at: datetime | None = None
    palette_seen_at: datetime | None = None


def prove_offline(
    intent: str,
    wanted: ProfileMatchSpec,
    cluster: ObservedCluster | None,
    palette: Catalogue | None,
) -> OfflineProof:
    """Judge a selection by what was seen: of the cluster, or else by the layers declared for it."""
    seen = OfflineProof(
        intent,
        ProofVerdict.NOT_SEEN,
        is_declared=cluster is None,
        agent_version=cluster.agent_version if cluster else "",
        cluster_seen_at=cluster.seen_at if cluster else None,
        palette_seen_at=palette.seen_at if palette else None,
    )
    local = cluster.layers if cluster else _declared(wanted)
    if not local:
        return seen
    if palette is None:
        differs = declared_stack_differs(local, wanted) if cluster else None
        return replace(seen, verdict=ProofVerdict.DIFFERS, problem=differs) if differs else seen
    judged = palette.judge(local, wanted)
    proof = judged.proof
    return replace(
        seen,
        verdict=ProofVerdict.PROVEN if proof.holds else ProofVerdict.DIFFERS,
        problem=proof.problem,
        selection=proof.selection,
        rows=judged.rows,
    )


def _declared(wanted: ProfileMatchSpec) -> Stack:
    """Return the layers that a match declares; without their kinds where one is not said."""
    layers = [Layer(item.layer or "", item.name, item.version) for item in wanted.layers or ()]
    return stack(layers) if all(layer.kind for layer in layers) else without_kinds(layers)
