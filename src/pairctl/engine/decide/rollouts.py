"""Rollouts in a pass: their documents, and what was seen, put before the pure rules."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pairctl.engine.decide.first_reads import Memory, by_endpoint
from pairctl.engine.decide.fleet import Survey
from pairctl.engine.desired.source import Source
from pairctl.pairing import (
    Decision,
    Intent,
    PaletteView,
    Phase,
    RolledOut,
    RolloutDocuments,
    RolloutHistory,
    RolloutState,
    Status,
    roll_out,
)
from pairctl.pairing.facts.palette import ClusterHealth, cluster_health
from pairctl.records import Ledger, recorded_rollouts
from pairctl.spec import OperatorSpec


def rollout_documents(source: Source, ledger: Ledger, operator: OperatorSpec) -> RolloutDocuments:
    """Return what a commit says of rollouts.

    A rollout that cannot be read holds what it may select. One that is on record, and that the
    commit does not declare, may stand in a file that is not read.
    """
    declared = source.declared
    refused = [one.path for one in declared.rejected if one.kind == "Rollout"]
    if source.is_partial:
        refused += [
            name for name in recorded_rollouts(ledger.files) if name not in declared.rollouts
        ]
    broken = {
        one.name: one.references
        for one in declared.rejected
        if one.kind == "PairingIntent" and one.name in source.invalid and one.references
    }
    labels = {name: dict(one.labels) for name, one in broken.items() if name}
    return RolloutDocuments(
        rollouts={name: one.document.spec for name, one in sorted(declared.rollouts.items())},
        intents=source.intents,
        labels={**source.labels, **labels},
        broken=frozenset(name for name, one in broken.items() if name and one.is_pairing),
        approvals=tuple(one.document.spec for one in declared.rollout_approvals.values()),
        unread=tuple(one for one in source.unread if one not in labels),
        refused=tuple(refused),
        is_required=operator.require_rollout,
    )


def with_rollouts(
    source: Source, memory: Memory, seen: Survey, operator: OperatorSpec, *, now: datetime
) -> tuple[Survey, Mapping[str, RolloutState]]:
    """Hold back what rollouts do not let begin now; gives how far each of them is, too."""
    done = rolled_out(source, memory, seen, seen.decisions, operator, now=now)
    return replace(seen, decisions=done.decisions), done.states


def rolled_out(
    source: Source,
    memory: Memory,
    seen: Survey,
    decisions: Mapping[str, Decision],
    operator: OperatorSpec,
    *,
    now: datetime,
) -> RolledOut:
    """Return what rollouts leave of decisions that were made on what was seen."""
    ledger, views = memory.ledger, by_endpoint(source.palettes, seen.views)
    documents = rollout_documents(source, ledger, operator)
    history = RolloutHistory(
        tuple(ledger.claims.values()),
        tuple(one for one in ledger.evidence.values() if memory.is_recent(one, views)),
        frozenset({*(one.path for one in ledger.unreadable), *ledger.unreadable_evidence}),
    )
    paired = {
        name: _health(intent, status, seen.views.get(intent.palette_name))
        for name, intent in source.intents.items()
        if name not in decisions
        if (status := seen.kept.get(name) or ledger.statuses.get(name))
        if status.phase is Phase.PAIRED and status.generation == intent.generation
    }
    return roll_out(documents, decisions, paired, history, now=now)


def _health(intent: Intent, status: Status, view: PaletteView | None) -> bool | None:
    """Return whether Palette shows a paired cluster as healthy; None where it does not show it.

    The record names the cluster, and anybody may have written the record: where the intent says
    what the cluster is called, that has to be its name.
    """
    if view is None or view.problem:
        return None
    cluster = view.clusters_by_uid.get(status.palette_uid)
    acknowledged = intent.spec.acknowledge
    name = intent.spec.cluster.name or (acknowledged and acknowledged.central_management_only)
    if cluster is None or (name and cluster.name != name):
        return None
    return cluster_health(cluster.health) is ClusterHealth.HEALTHY
