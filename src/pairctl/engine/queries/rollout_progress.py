"""How far rollouts are, by what is on record, and when they end at the earliest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pairctl.engine.desired.source import Source
from pairctl.engine.plan.forecasting import pairing_cost
from pairctl.pairing import Phase, RolloutForecast, forecast, still_to_accept
from pairctl.records import Ledger, RecordedRollout, read_rollouts
from pairctl.spec import Limits


@dataclass(frozen=True, slots=True)
class RolloutProgress:
    """One rollout as the last pass recorded it.

    The forecast is None where the commit does not declare the rollout any more. It counts from now
    on, and does not know the caps of the operator's file.
    """

    recorded: RecordedRollout
    forecast: RolloutForecast | None = None


def rollout_progress(
    source: Source, ledger: Ledger, *, now: datetime
) -> Mapping[str, RolloutProgress]:
    """Return how far each rollout on record is, by its name."""
    accepted = {name for name, one in ledger.statuses.items() if one.phase is Phase.ACCEPTED}
    cost = pairing_cost(ledger.evidence.values())
    found = {}
    for name, recorded in read_rollouts(ledger.files).items():
        declared = source.declared.rollouts.get(name)
        waves = [(w.name, still_to_accept(w.members, accepted)) for w in recorded.waves]
        found[name] = RolloutProgress(
            recorded,
            forecast(declared.document.spec, waves, cost, Limits(), now=now) if declared else None,
        )
    return found
