"""What a commit says of rollouts, put before the pure rules."""

from pairctl.engine.desired.source import Source
from pairctl.pairing import RolloutDocuments
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
