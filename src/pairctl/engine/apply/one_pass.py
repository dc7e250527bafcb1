"""One pass: observe, decide, act, record.

Claim, look, act once, look: before anything is sent all claims of the pass are in the repository,
and after it nothing is concluded from the sending: pairctl looks again. Where another writer came
first all is decided again on the new tip; only what that makes doubtful is looked at again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pairctl.engine.apply.acting import Actor
from pairctl.engine.apply.claiming import Acts, ClaimLost
from pairctl.engine.apply.deciding_again import changes_nothing, standing_looks
from pairctl.engine.apply.executors import Executors
from pairctl.engine.apply.memory import Memory
from pairctl.engine.apply.pass_result import PassResult
from pairctl.engine.apply.publishing import pause
from pairctl.engine.apply.recorder import Minutes
from pairctl.engine.apply.renames import has_to_carry_over
from pairctl.engine.apply.source_check import SOURCE_MOVED
from pairctl.engine.apply.writer import Writer
from pairctl.engine.apply.writing_access import WritingAccess
from pairctl.engine.desired.rollouts import rollout_documents
from pairctl.engine.desired.source import Source
from pairctl.engine.observe.first_reads import fleet_records
from pairctl.engine.observe.fleet import FleetLook, observe_all, observe_one
from pairctl.engine.observe.lookers import Lookers, Places
from pairctl.engine.observe.observer import Observer
from pairctl.engine.plan.plan import read_merged, selected_intents, usable_intent
from pairctl.engine.plan.preview import preview_of
from pairctl.engine.runtime.events import PassStarted
from pairctl.pairing import Decision, FleetRecords, held_while_acting
from pairctl.problem import PairctlError, Problem
from pairctl.records import Ledger

RECORD_MOVED = Problem(
    "SourceMoved", "another writer has recorded a renamed intent under its name of before"
)

CLUSTERS_STAND = 15
"""For how many passes a list of Palette's clusters stands, while something is under way."""

TRIES = 10
"""How often a pass decides again because its claims lost a race, before it gives up."""


class IntentsMoved(PairctlError):
    """Another commit of the intents came while a pass was deciding: the pass begins again."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a pass is to do. A run that `stays` does passes until all is settled, or for ever.

    Those are `every_s` apart. For intents that are `done` nothing is sent any more.
    """

    stays: bool = False
    every_s: float = 0
    done: frozenset[str] = frozenset()


class Pass:
    """One pass of a run, by what the run has kept of those before it."""

    def __init__(self, memory: Memory, aim: Aim, access: WritingAccess, source: Source) -> None:
        self._memory = memory
        self._aim = aim
        self._access = access
        self._settings = memory.settings
        self._writer = Writer(memory)
        self._is_patient = bool(not aim.stays or memory.saved_plan or memory.gate)
        self._lookers = Lookers() if self._is_patient else memory.lookers
        self._executors = Executors() if self._is_patient else memory.executors
        places = Places(self._lookers.placed)
        self._observer = Observer(access, memory.settings.clock, memory.cluster_lists, places)
        self._selected = self._chosen(source)

    def _chosen(self, source: Source) -> frozenset[str] | None:
        """Return the intents that the pass is about; None for all. Raises PairctlError."""
        memory = self._memory
        if memory.gate is not None:
            return frozenset({usable_intent(source, memory.gate.name)})
        if self._settings.stop.is_requested and memory.has_unrecorded:
            return memory.executors.names  # all that is left to do is to hear of them
        return selected_intents(self._settings, source)

    async def carry_out(
        self, source: Source, ledger: Ledger, held_by: PairctlError | OSError | None
    ) -> PassResult:
        """Do the pass; where something is in the way of records it looks, and ends with that.

        Raises as `Reconciler.run_pass` does, IntentsMoved and Misremembered.
        """
        settings, memory = self._settings, self._memory
        read_s = settings.clock.monotonic()
        records = memory.first_reads.records(
            ledger, read_s, settings.patience(stays=self._aim.stays)
        )
        names = source.names if self._selected is None else self._selected
        settings.listener(PassStarted(source.commit, tuple(sorted(names))))
        memory.cluster_lists.renew(read_s, CLUSTERS_STAND * self._aim.every_s)
        memory.requeue.hold(self._executors.planned)
        minutes = await self._decided(source, ledger, records)
        if held_by:
            raise held_by
        try:
            minutes = await self._acted(minutes)
            return await self._record(self._writer.held_after(minutes))
        finally:
            memory.is_claiming = False
            if self._is_patient:
                await self._executors.aclose()

    # ── looking and deciding ─────────────────────────────────────────────────────────────────────

    async def _decided(self, source: Source, ledger: Ledger, records: FleetRecords) -> Minutes:
        """Look, and decide for all."""
        look = await self._look(source, records)
        look = look.with_rollouts(rollout_documents(source, ledger, self._settings.operator))
        observations = look.observations.while_acting(self._executors.planned)
        look = replace(look, observations=observations)
        first = self._writer.decide(source, records, look, self._aim.done)
        return Minutes(source, records, ledger, look, first, first.decisions, only=self._selected)

    async def _look(self, source: Source, records: FleetRecords) -> FleetLook:
        settings, memory = self._settings, self._memory
        if memory.gate is not None:
            name = memory.gate.name
            return await observe_one(name, source, records, self._observer, memory.requeue)
        return await observe_all(
            source,
            records,
            self._observer,
            settings.clock,
            settings.listener,
            memory.requeue,
            self._lookers,
            self._selected,
        )

    async def _decided_again(self, minutes: Minutes) -> Minutes:
        """Decide for all on the tip of now: another writer has moved the branch.

        A look stands where it is young, and nobody has written about what it was at. Whether a
        claim is over is judged as of the first looks, as it was before. Raises IntentsMoved.
        """
        settings, memory, before = self._settings, self._memory, minutes.records
        source, ledger = await read_merged(settings, memory.reader)
        if source.commit != minutes.source.commit:
            raise IntentsMoved(SOURCE_MOVED)
        if has_to_carry_over(memory, source, ledger):
            raise IntentsMoved(RECORD_MOVED)
        read_s = settings.clock.monotonic()
        first_s = memory.first_reads.note(ledger, read_s)
        records = fleet_records(ledger, before.read_s, first_s, before.patience)
        at_most_s = settings.operator.timing.act_seconds / 2
        looks = standing_looks(minutes, records, now_s=read_s, at_most_s=at_most_s)
        is_same = changes_nothing(before, records) and looks.keys() == minutes.look.looks.keys()
        if not is_same:
            self._observer.renew(read_s)
        seen = minutes.look.observations.looks
        for name, look in looks.items():
            self._lookers.give(minutes.source.intents[name], look, seen[name].claims)
        try:
            return await self._decided(source, ledger, records)
        finally:
            for name in looks:
                self._lookers.end(name)  # settled by now: nobody has asked for it

    # ── acting ───────────────────────────────────────────────────────────────────────────────────

    async def _acted(self, minutes: Minutes) -> Minutes:
        """Do what was decided on; where another writer comes first, decide again, and try again.

        Raises ClaimLost where that is so each time.
        """
        for tried in range(TRIES):
            try:
                return await self._act(minutes)
            except ClaimLost:
                self._memory.is_claiming = False
                await pause(self._settings, tried)
            minutes = await self._decided_again(minutes)
        return await self._act(minutes)

    async def _act(self, minutes: Minutes) -> Minutes:
        """Do what the pass decided on; the minutes come back with what it came to by now."""
        memory, executors = self._memory, self._executors
        acting = {name: minutes.decisions[name] for name in minutes.first.acting}
        others = {n: one for n, one in minutes.decisions.items() if n not in acting}
        in_vain = memory.vain_tries.held(others)
        minutes = replace(minutes, decisions={**minutes.decisions, **in_vain})
        acts = await self._permitted({n: (d.action, d) for n, d in acting.items() if d.action})
        begins = bool(acts) and not self._settings.stop.is_requested
        if not begins and not executors.names:
            return minutes
        minutes = await self._writer.confirmed(minutes)
        memory.is_claiming = True
        actor = Actor(
            self._settings, self._access, self._observer, self._lookers, executors, minutes.source
        )
        if begins:
            claimed = await self._writer.claim(acts, minutes, self._observer)
            minutes = replace(minutes, ledger=claimed.ledger)
            await actor.begin(acts, claimed)
        did = await actor.hear(minutes.ledger, minutes.decisions)
        memory.count(did.outcomes)
        memory.vain_tries.note(did.reports, self._settings.clock.monotonic())
        begun = executors.planned.items()
        begun_now = {name: held_while_acting(one) for name, one in begun if name in acts}
        return replace(
            minutes,
            decisions={
                **minutes.decisions,
                **begun_now,
                **did.after,
                **memory.vain_tries.held(did.after),
            },
            outcomes=did.outcomes,
            planned=did.first,
            claims={name: one.claim for name, one in did.reports.items()},
            under_way=executors.claims,
            after_s=did.after_s,
        )

    async def _permitted(self, acts: Acts) -> Acts:
        """Ask the gate; it may take as long as a person does, and all is looked at again after."""
        gate = self._memory.gate
        if gate is None:
            return acts
        permitted = {}
        for name, (action, decision) in acts.items():
            preview = await preview_of(action, decision.case, self._access, self._settings)
            if await gate.permits(decision, preview):
                permitted[name] = (action, decision)
        self._memory.held = frozenset(acts.keys() - permitted.keys())
        return permitted

    # ── recording ────────────────────────────────────────────────────────────────────────────────

    async def _record(self, minutes: Minutes) -> PassResult:
        memory, every_s = self._memory, self._aim.every_s
        memory.requeue.forget(minutes.outcomes)
        record, commit = await self._writer.record(minutes)
        names = frozenset(minutes.source.intents)
        own = names if minutes.only is None else names & minutes.only
        memory.requeue.note(minutes.looked_at, own, every_s)
        memory.requeue.await_turn(minutes.ready)
        memory.retries.pause(self._settings.clock.monotonic(), every_s)
        saved_plan = memory.saved_plan
        return PassResult(
            minutes.source,
            record.statuses,
            minutes.decisions,
            minutes.outcomes,
            commit,
            self._left_alone({*record.statuses, *minutes.decisions}, minutes.decisions),
            saved_plan.open if saved_plan else memory.held,
            minutes.look.unseen_palettes,
            is_ready=bool(minutes.ready),
            unseen=minutes.unseen,
            selected=minutes.only,
            acting=self._executors.names,
            rollouts={name: one for name, one in record.rollouts.items() if one},
        )

    def _left_alone(
        self, names: Iterable[str], decisions: Mapping[str, Decision]
    ) -> frozenset[str]:
        """Return the intents that the saved plan says nothing about, or nothing more."""
        saved_plan = self._memory.saved_plan
        if saved_plan is None:
            return frozenset()
        acting = {name for name, decision in decisions.items() if decision.action}
        return (frozenset(names) - saved_plan.names) | (acting - saved_plan.open)
