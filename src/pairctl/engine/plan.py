"""The plan: what `apply` would do now. It is the first half of a pass, with eyes and no hands."""

from collections.abc import Mapping
from dataclasses import dataclass

from pairctl.engine.access import Access
from pairctl.engine.observer import Observer
from pairctl.engine.settings import Settings
from pairctl.engine.source import Source, file_reader, read_source, refuse_empty
from pairctl.engine.survey import HOUR, accepted_since, capped, survey
from pairctl.pairing import Decision, Pace, Phase, Status, Unrecognized
from pairctl.problem import Problem
from pairctl.records import read_ledger


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided for each intent of a commit; `kept` are the settled ones."""

    source: Source
    decisions: Mapping[str, Decision]
    kept: Mapping[str, Status]
    unrecognized: Mapping[str, Unrecognized]

    @property
    def invalid(self) -> Mapping[str, Problem]:
        """Intents that cannot be used as they are written."""
        return self.source.invalid

    @property
    def has_changes(self) -> bool:
        """Whether `apply` would send anything now, or something is still on its way."""
        return any(decision.verdict.pace is Pace.SOON for decision in self.decisions.values())

    @property
    def is_blocked(self) -> bool:
        """Whether something goes on only if a person, or the world, does something."""
        stuck = (Phase.BLOCKED, Phase.FAILED)
        return bool(self.invalid) or any(
            decision.phase in stuck and not decision.is_under_way
            for decision in self.decisions.values()
        )


async def make_plan(settings: Settings, access: Access) -> Plan:
    """Look, and decide. Raises PairctlError where the repository cannot be read, or is empty."""
    await settings.repository.refresh()
    source = await read_source(settings.repository, settings.ref, settings.under)
    ledger = await read_ledger(settings.repository)
    refuse_empty(source, len(ledger.statuses))
    observer = Observer(await access.at(file_reader(settings.repository, source)), settings.clock)
    seen = await survey(source, ledger, observer, settings.clock, settings.listener)
    decisions = capped(
        seen.decisions,
        settings.operator.limits,
        this_run=0,
        last_hour=accepted_since(ledger.statuses, settings.clock.now() - HOUR),
    )
    return Plan(source, decisions, seen.kept, seen.unrecognized)
