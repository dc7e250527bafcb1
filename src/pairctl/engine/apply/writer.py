"""The one writer of a run: it decides for all, claims, and records what came of it.

It alone writes onto the status branch, and each time as a child of the tip that it decided on.
"""

from dataclasses import replace

from pairctl.engine.apply.capacity import capacity_of
from pairctl.engine.apply.claiming import Acts, Claimed, claim_all
from pairctl.engine.apply.memory import Memory
from pairctl.engine.apply.publishing import changes_to_write, publish_record
from pairctl.engine.apply.recorder import Minutes, record_of_pass
from pairctl.engine.desired.source import Source
from pairctl.engine.observe.first_reads import fleet_records
from pairctl.engine.observe.fleet import FleetLook
from pairctl.engine.observe.observer import Observer
from pairctl.engine.plan.plan import Plan, confirmed
from pairctl.engine.runtime.events import Concluded, Decided, Recorded
from pairctl.pairing import FleetDecisions, FleetLimits, FleetRecords, decide_all, rolled_out
from pairctl.problem import PairctlError
from pairctl.records import Record


class Writer:
    """Decides, claims and records for a run, by what the run has kept of the passes before."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._settings = memory.settings

    def decide(
        self, source: Source, records: FleetRecords, look: FleetLook, done: frozenset[str]
    ) -> FleetDecisions:
        """Decide for all; for those that are `done` nothing is sent any more.

        Raises StalePlan where the saved plan does not hold any more.
        """
        settings, memory, saved_plan = self._settings, self._memory, self._memory.saved_plan
        now_s = settings.clock.monotonic()
        rests = memory.vain_tries.resting(source.intents, now_s)
        limits = FleetLimits(
            settings.operator.limits,
            memory.vain_tries.within(capacity_of(settings.operator)),
            accepted=memory.acceptances + memory.executors.acceptances,
            done=done,
            resting=memory.retries.resting(now_s) | rests,
        )
        plan = saved_plan.in_force if saved_plan else None
        observations, now = look.observations, settings.clock.now()
        decided = decide_all(look.documents, records, observations, limits, plan, now=now)
        if saved_plan and decided.moved:
            kept = observations.kept
            saved_plan.refuse_if_moved(Plan(source, decided.decisions, kept, source.invalid))
        if memory.gate is not None:
            name = memory.gate.name
            settings.listener(Decided(name, decided.decisions[name]))
        return decided

    async def claim(self, acts: Acts, minutes: Minutes, observer: Observer) -> Claimed:
        """Claim all actions in one commit. Raises as `claim_all` does; then nothing is begun."""
        source, ledger = minutes.source, minutes.ledger
        return await claim_all(self._settings, acts, source, ledger, observer)

    async def record(self, minutes: Minutes) -> tuple[Record, str | None]:
        """Write down what a pass came to; gives that, and the commit where one was made."""
        branch = minutes.ledger.branch or self._memory.new_branch
        record = record_of_pass(minutes, self._settings.clock.now(), branch)
        self._settings.listener(Concluded(minutes.ledger.statuses, record.statuses))
        commit = await self._published(minutes, record)
        self._settings.listener(Recorded(commit))
        return record, commit

    async def confirmed(self, minutes: Minutes) -> Minutes:
        """Put what Git says in place of what was remembered, before anything is sent or written.

        Raises Misremembered where that is something else.
        """
        if not minutes.source.is_remembered:
            return minutes
        reader = self._memory.reader
        source = await confirmed(self._settings, minutes.source, minutes.ledger, reader)
        return replace(minutes, source=source)

    def held_after(self, minutes: Minutes) -> Minutes:
        """Hold what the actions of the pass have led to against the rollouts, for the record."""
        look, now = minutes.look, self._settings.clock.now()
        if not minutes.outcomes or not look.documents.rollouts.rollouts:
            return replace(minutes, rollouts=minutes.first.rollouts)
        before = minutes.records
        records = fleet_records(minutes.ledger, before.read_s, before.first_s, before.patience)
        after = rolled_out(look.documents, records, look.observations, minutes.decisions, now=now)
        return replace(minutes, decisions=after.decisions, rollouts=after.states)

    async def _published(self, minutes: Minutes, record: Record) -> str | None:
        """Write the record; what was done and cannot be recorded now is kept for later."""
        settings = self._settings
        if minutes.source.is_remembered:
            if not changes_to_write(settings, minutes.ledger, record):
                return None
            await self.confirmed(minutes)
        try:
            return await publish_record(settings, record, minutes.ledger)
        except (PairctlError, OSError):  # a full disk is met outside of Git too
            self._memory.unrecorded.keep(record, minutes.outcomes)
            raise
