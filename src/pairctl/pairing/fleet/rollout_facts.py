"""What rollouts are held against in a fleet: who is paired, and what of it is on record. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pairctl.pairing.facts.intent import Intent
from pairctl.pairing.facts.observation import PaletteView
from pairctl.pairing.facts.palette import ClusterHealth, cluster_health
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.fleet.observations import FleetDocuments, FleetObservations
from pairctl.pairing.fleet.records import FleetRecords
from pairctl.pairing.fleet.rollout_pace import RolloutHistory
from pairctl.pairing.fleet.rollouts import RolledOut, roll_out
from pairctl.pairing.outcome.decision import Decision
from pairctl.pairing.outcome.status import Status


def rolled_out(
    documents: FleetDocuments,
    records: FleetRecords,
    observations: FleetObservations,
    decisions: Mapping[str, Decision],
    *,
    now: datetime,
) -> RolledOut:
    """Return what rollouts leave of decisions that were made on what was seen."""
    views = documents.by_endpoint(observations.views)
    unreadable = {one.path for one in records.unreadable}
    history = RolloutHistory(
        records.claims,
        tuple(one for one in records.evidence if records.is_recent(one, views)),
        frozenset({*unreadable, *records.unreadable_evidence}),
        records.requested(documents.intents.keys() - decisions.keys()),
        records.lost_places(documents.endpoints, views, documents.unread_palettes),
    )
    paired = {
        name: _health(intent, status, observations.views.get(intent.palette_name))
        for name, intent in documents.intents.items()
        if name not in decisions
        if (status := observations.kept.get(name) or records.statuses.get(name))
        if status.phase is Phase.PAIRED and status.generation == intent.generation
    }
    awaited = frozenset(
        name
        for name, health in paired.items()
        if health is False and _is_untold(observations, documents.intents[name], name)
    )
    return roll_out(
        documents.rollouts,
        decisions,
        paired,
        history,
        now=now,
        awaited=awaited,
        clock_margin=timedelta(seconds=records.patience.margin_s),
    )


def _is_untold(observations: FleetObservations, intent: Intent, name: str) -> bool:
    """Whether Palette lists the cluster of a settled intent, and no word of its health."""
    status, view = observations.kept.get(name), observations.views.get(intent.palette_name)
    cluster = view.clusters_by_uid.get(status.palette_uid) if status and view else None
    return cluster is not None and not cluster.health


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
