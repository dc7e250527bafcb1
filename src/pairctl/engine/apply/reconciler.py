"""One pass: observe, decide, act, record. A second pass over a settled world writes nothing.

Claim, look, act once, look: before anything is sent all claims of the pass are in the repository,
and after it nothing is concluded from the sending: pairctl looks again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pairctl.engine.apply.acting import Actor
from pairctl.engine.apply.capacity import capacity_of
from pairctl.engine.apply.claiming import Acts, ClaimLost
from pairctl.engine.apply.executor import Ending, Outcome
from pairctl.engine.apply.executors import Executors
from pairctl.engine.apply.gate import Gate
from pairctl.engine.apply.late_looks import LateLooks
from pairctl.engine.apply.publishing import pause, publish_record
from pairctl.engine.apply.recorder import Minutes, record_of_pass
from pairctl.engine.apply.writing_access import WritingAccess
from pairctl.engine.desired.reader import Misremembered, SourceReader
from pairctl.engine.desired.rollouts import rollout_documents
from pairctl.engine.desired.source import Source, file_reader
from pairctl.engine.observe.access import Keys
from pairctl.engine.observe.cluster_lists import ClusterLists
from pairctl.engine.observe.first_reads import FirstReads, fleet_records
from pairctl.engine.observe.fleet import FleetLook, observe_all, observe_one
from pairctl.engine.observe.lookers import Lookers
from pairctl.engine.observe.observer import Observer
from pairctl.engine.observe.requeue import STANDS_S, Requeue, Retries
from pairctl.engine.plan.plan import (
    Plan,
    confirmed,
    read_merged,
    selected_intents,
    usable_intent,
)
from pairctl.engine.plan.preview import preview_of
from pairctl.engine.plan.saved_plan import SavedPlan
from pairctl.engine.runtime.events import Concluded, Decided, PassStarted, Recorded
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import (
    Decision,
    FleetDecisions,
    FleetLimits,
    FleetRecords,
    RolloutState,
    Status,
    decide_all,
    held_while_acting,
    rolled_out,
)
from pairctl.problem import PairctlError, Problem
from pairctl.records import Ledger, Record, changes_on, read_ledger
from pairctl.spec import OperatorSpec

CLUSTERS_STAND = 15
"""For how many passes a list of Palette's clusters stands, while something is under way."""

RESTARTS = 10
"""How often a pass begins again because its claim lost a race, before it gives up."""


@dataclass(frozen=True, slots=True)
class PassResult:
    """What a pass came to: the status of every intent, and what was done on the way.

    `commit` is the status commit that it made, None where nothing changed. Of a run that carries a
    plan out, `left_alone` are the intents that it has nothing (more) to do for, `undone` those
    whose planned action is still to be done. `unseen_palettes` could not be looked at.
    `earlier` is what was done in earlier passes of the same run, in order. `is_ready` is whether
    the next pass can go on at once: actions only wait for their turn. `unseen` are the intents
    that the first look has not come in for. `selected` are the intents that the run is about, None
    for all; `statuses` are of all. `acting` are the intents whose action is under way.
    for all; `statuses` are of all. `rollouts` are how far rollouts are, by name, of those whose
    members were all seen.
    """

    source: Source
    statuses: Mapping[str, Status]
    decisions: Mapping[str, Decision]
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    commit: str | None = None
    left_alone: frozenset[str] = frozenset()
    undone: frozenset[str] = frozenset()
    unseen_palettes: Mapping[str, Problem] = field(default_factory=dict)
    earlier: tuple[tuple[str, Outcome], ...] = ()
    is_ready: bool = False
    unseen: frozenset[str] = frozenset()
    selected: frozenset[str] | None = None
    acting: frozenset[str] = frozenset()
    rollouts: Mapping[str, RolloutState] = field(default_factory=dict)

    @property
    def own_statuses(self) -> Mapping[str, Status]:
        """The statuses of the intents that the run is about."""
        if self.selected is None:
            return self.statuses
        return {name: one for name, one in self.statuses.items() if name in self.selected}

    @property
    def all_outcomes(self) -> tuple[tuple[str, Outcome], ...]:
        """What was done in this run, by intents' names, in order."""
        return (*self.earlier, *self.outcomes.items())

    @property
    def holds_back(self) -> bool:
        """Whether an action waits for its turn, as many others went first."""
        return any(one.waits_for_turn for one in self.decisions.values())

    @property
    def is_settled(self) -> bool:
        """Whether looking again soon can show nothing new without anybody's help."""
        mine = (d for name, d in self.decisions.items() if name not in self.left_alone)
        return not (self.unseen or self.acting) and not any(
            decision.is_under_way for decision in mine
        )

    @property
    def is_blocked(self) -> bool:
        """Whether something goes on only if a person, or the world, does something.

        What could not be read counts as that: nobody knows what stands in it.
        """
        mine = (s for name, s in self.own_statuses.items() if name not in self.left_alone)
        is_held = bool(self.undone or self.source.refusals)
        return is_held or any(status.is_blocked for status in mine)


class Reconciler:
    """The loop's body, with what lives as long as a run: open clients, and acceptances so far.

    It looks at the intents of the settings' selection, and records no other. With a `saved_plan` it
    does what that plan holds, and nothing else. With a `gate` it is for the
    gate's intent alone, and nothing is claimed that the gate does not permit.
    """

    def __init__(
        self,
        settings: Settings,
        access: WritingAccess,
        saved_plan: SavedPlan | None = None,
        gate: Gate | None = None,
    ) -> None:
        self._settings = settings
        self._access = access
        self._saved_plan = saved_plan
        self._gate = gate
        self._held: frozenset[str] = frozenset()
        self._acceptances = 0
        self._first_reads = FirstReads()
        self._requeue = Requeue(settings.rng.random)
        self._retries = Retries(settings.rng.random)
        self._late_looks = LateLooks()
        self._lookers = Lookers(waits=False)
        self._executors = Executors(waits=False)
        self._cluster_lists = ClusterLists()
        self._new_branch = settings.new_id()
        self._unpublished: Record | None = None
        # who carries out what a person has seen reads what is there
        may_remember = saved_plan is None and gate is None
        folder = settings.cache_folder if may_remember else None
        self._reader = SourceReader(folder, access.seal_key("kept documents") if folder else b"")
        self._is_acting = False

    def take_over(self, operator: OperatorSpec, keys: Keys) -> None:
        """Go by other rules and keys from the next pass on: all is looked at again then."""
        self._settings = replace(self._settings, operator=operator)
        self._access.take_over(operator, keys)
        self._requeue = Requeue(self._settings.rng.random)
        self._retries = Retries(self._settings.rng.random)
        self._late_looks = LateLooks()  # the look's time may be what changed
        self._cluster_lists = ClusterLists()
        self._reader = SourceReader()

    async def aclose(self) -> None:
        """End the looks, and the actions, that no pass has waited for."""
        await self._executors.aclose()
        await self._lookers.aclose()

    @property
    def is_acting(self) -> bool:
        """Whether claims are being made, or what they led to is not on record yet.

        A pass that is not may be left at any moment: nothing was sent that is not on record.
        """
        return self._is_acting or bool(self._executors.names)

    @property
    def has_unrecorded(self) -> bool:
        """Whether a run that ends has something to record first: what was done, or is being done.

        What could not be published yet is tried once more then.
        """
        return self.is_acting or self._unpublished is not None

    async def finish(self, last: PassResult) -> PassResult:
        """Wait for the actions under way, and record what comes of them, once asked to stop.

        Each takes no longer than its look and its request may. Raises as `run_pass` does.
        """
        if not self.has_unrecorded:
            return last
        result = await self.run_pass(stays=True)
        return replace(
            result,
            decisions={**last.decisions, **result.decisions},
            earlier=last.all_outcomes,
            selected=last.selected,
        )

    async def run_once(self) -> PassResult:
        """Take each intent at most one step further, in as many passes as Palette's limits ask for.

        Raises as `run_pass` does.
        """
        self._requeue = Requeue(self._settings.rng.random)
        result = await self.run_pass(every_s=STANDS_S)
        while result.outcomes and result.holds_back and not self._settings.stop.is_requested:
            earlier = result.all_outcomes
            done = frozenset(name for name, _ in earlier)
            result = await self.run_pass(every_s=STANDS_S, done=done)
            result = replace(result, earlier=earlier)
        return result

    async def run_pass(
        self, *, stays: bool = False, every_s: float = 0, done: frozenset[str] = frozenset()
    ) -> PassResult:
        """Do one pass. A claim that loses its race starts it again, from the first look on.

        A run that `stays` does passes until all is settled, or for ever, `every_s` apart: it waits
        for the end of others' claims by its own clock alone. For those that are `done` nothing is
        sent any more.

        Raises PairctlError where the repository cannot be read or written, or is empty, and
        StalePlan where the saved plan does not hold any more: then nothing was sent or claimed.
        """
        for tried in range(RESTARTS):
            try:
                return await self._pass(stays, every_s, done)
            except Misremembered:
                self._reader.forget()
            except ClaimLost:
                await pause(self._settings, tried)
        return await self._pass(stays, every_s, done)

    async def _pass(self, stays: bool, every_s: float, done: frozenset[str]) -> PassResult:
        settings = self._settings
        source, ledger = await read_merged(settings, self._reader)
        ledger, held_by = await self._caught_up(ledger)
        read_s = settings.clock.monotonic()
        records = self._first_reads.records(ledger, read_s, settings.patience(stays=stays))
        selected = self._selected(source)
        names = source.names if selected is None else selected
        settings.listener(PassStarted(source.commit, tuple(sorted(names))))
        access = await self._access.at(file_reader(settings.repository, source))
        self._cluster_lists.renew(read_s, CLUSTERS_STAND * every_s)
        observer = Observer(access, settings.clock, self._cluster_lists)
        is_patient = not stays or self._saved_plan or self._gate
        lookers = Lookers() if is_patient else self._lookers
        executors = Executors() if is_patient else self._executors
        self._requeue.hold(executors.planned)
        look = await self._look(source, records, observer, lookers, selected)
        look = look.with_rollouts(rollout_documents(source, ledger, settings.operator))
        look = replace(look, observations=look.observations.while_acting(executors.planned))
        decided = self._decided(source, records, look, done)
        minutes = Minutes(source, records, ledger, look, decided, decided.decisions, only=selected)
        if held_by:
            raise held_by
        try:
            minutes = await self._act(minutes, access, observer, lookers, executors)
            return await self._record(self._held_after(minutes), executors, every_s)
        finally:
            self._is_acting = False
            if is_patient:
                await executors.aclose()

    def _held_after(self, minutes: Minutes) -> Minutes:
        """Hold what the actions of the pass have led to against the rollouts, for the record."""
        look, now = minutes.look, self._settings.clock.now()
        if not minutes.outcomes or not look.documents.rollouts.rollouts:
            return replace(minutes, rollouts=minutes.first.rollouts)
        before = minutes.records
        records = fleet_records(minutes.ledger, before.read_s, before.first_s, before.patience)
        after = rolled_out(look.documents, records, look.observations, minutes.decisions, now=now)
        return replace(minutes, decisions=after.decisions, rollouts=after.states)

    async def _caught_up(self, ledger: Ledger) -> tuple[Ledger, PairctlError | OSError | None]:
        """Publish what an earlier pass did and could not publish; return the branch after it.

        Until that is done nothing new may be decided for good: what was sent is not on record yet.
        The pass looks all the same, and ends with what is in the way. Others may have written
        since: of intents that nothing was done for, what they say stays.
        """
        if self._unpublished is None:
            return ledger, None
        try:
            await publish_record(self._settings, self._unpublished, ledger)
        except (PairctlError, OSError) as error:
            return ledger, error
        self._unpublished = None
        return await read_ledger(self._settings.repository, self._settings.known), None

    def _selected(self, source: Source) -> frozenset[str] | None:
        """Return the intents that the pass is about; None for all. Raises PairctlError."""
        if self._gate is not None:
            return frozenset({usable_intent(source, self._gate.name)})
        if self._settings.stop.is_requested and self.has_unrecorded:
            return self._executors.names  # all that is left to do is to hear of them
        return selected_intents(self._settings, source)

    async def _look(
        self,
        source: Source,
        records: FleetRecords,
        observer: Observer,
        lookers: Lookers,
        selected: frozenset[str] | None,
    ) -> FleetLook:
        settings, listener, requeue = self._settings, self._settings.listener, self._requeue
        if self._gate is not None:
            return await observe_one(self._gate.name, source, records, observer, requeue)
        return await observe_all(
            source, records, observer, settings.clock, listener, requeue, lookers, selected
        )

    def _decided(
        self, source: Source, records: FleetRecords, look: FleetLook, done: frozenset[str]
    ) -> FleetDecisions:
        """Decide for all. Raises StalePlan where the saved plan does not hold any more."""
        settings, saved_plan = self._settings, self._saved_plan
        now_s = settings.clock.monotonic()
        limits = FleetLimits(
            settings.operator.limits,
            self._late_looks.within(capacity_of(settings.operator)),
            accepted=self._acceptances + self._executors.acceptances,
            done=done,
            resting=self._retries.resting(now_s) | self._late_looks.resting(source.intents, now_s),
        )
        plan = saved_plan.in_force if saved_plan else None
        observations, now = look.observations, settings.clock.now()
        decided = decide_all(look.documents, records, observations, limits, plan, now=now)
        if saved_plan and decided.moved:
            kept = observations.kept
            saved_plan.refuse_if_moved(Plan(source, decided.decisions, kept, source.invalid))
        if self._gate is not None:
            name = self._gate.name
            settings.listener(Decided(name, decided.decisions[name]))
        return decided

    async def _act(
        self,
        minutes: Minutes,
        access: WritingAccess,
        observer: Observer,
        lookers: Lookers,
        executors: Executors,
    ) -> Minutes:
        """Do what the pass decided on; the minutes come back with what it came to by now."""
        acting = {name: minutes.decisions[name] for name in minutes.first.acting}
        others = {n: one for n, one in minutes.decisions.items() if n not in acting}
        late = self._late_looks.held(others)
        minutes = replace(minutes, decisions={**minutes.decisions, **late})
        acts = await self._permitted(
            {n: (d.action, d) for n, d in acting.items() if d.action}, access
        )
        begins = bool(acts) and not self._settings.stop.is_requested
        if not begins and not executors.names:
            return minutes
        minutes = await self._confirmed(minutes)
        self._is_acting = True
        actor = Actor(self._settings, access, observer, lookers, executors, minutes.source)
        if begins:
            minutes = replace(minutes, ledger=await actor.begin(acts, minutes.ledger))
        did = await actor.hear(minutes.ledger, minutes.decisions)
        self._count(did.outcomes)
        self._late_looks.note(did.reports, self._settings.clock.monotonic())
        begun = executors.planned.items()
        begun_now = {name: held_while_acting(one) for name, one in begun if name in acts}
        return replace(
            minutes,
            decisions={
                **minutes.decisions,
                **begun_now,
                **did.after,
                **self._late_looks.held(did.after),
            },
            outcomes=did.outcomes,
            planned=did.first,
            claims={name: one.claim for name, one in did.reports.items()},
            under_way=executors.claims,
            after_s=did.after_s,
        )

    async def _confirmed(self, minutes: Minutes) -> Minutes:
        """Put what Git says in place of what was remembered, before anything is sent or written.

        Raises Misremembered where that is something else.
        """
        if not minutes.source.is_remembered:
            return minutes
        source = await confirmed(self._settings, minutes.source, minutes.ledger, self._reader)
        return replace(minutes, source=source)

    def _count(self, outcomes: Mapping[str, Outcome]) -> None:
        """Count what was sent against the cap of a run, and against the saved plan."""
        sent = {name for name, one in outcomes.items() if one.ending is not Ending.NOT_SENT}
        self._retries.note(outcomes.keys() - sent, sent)
        self._acceptances += sum(outcomes[name].action.is_one_way for name in sent)
        if self._saved_plan:
            self._saved_plan.note(sent)

    async def _permitted(self, acts: Acts, access: WritingAccess) -> Acts:
        """Ask the gate; it may take as long as a person does, and all is looked at again after."""
        if self._gate is None:
            return acts
        permitted = {}
        for name, (action, decision) in acts.items():
            preview = await preview_of(action, decision.case, access, self._settings)
            if await self._gate.permits(decision, preview):
                permitted[name] = (action, decision)
        self._held = frozenset(acts.keys() - permitted.keys())
        return permitted

    async def _record(self, minutes: Minutes, executors: Executors, every_s: float) -> PassResult:
        branch = minutes.ledger.branch or self._new_branch
        record = record_of_pass(minutes, self._settings.clock.now(), branch)
        self._settings.listener(Concluded(minutes.ledger.statuses, record.statuses))
        self._requeue.forget(minutes.outcomes)
        commit = await self._published(minutes, record)
        self._settings.listener(Recorded(commit))
        names = frozenset(minutes.source.intents)
        own = names if minutes.only is None else names & minutes.only
        self._requeue.note(minutes.looked_at, own, every_s)
        self._retries.pause(self._settings.clock.monotonic(), every_s)
        return PassResult(
            minutes.source,
            record.statuses,
            minutes.decisions,
            minutes.outcomes,
            commit,
            self._left_alone({*record.statuses, *minutes.decisions}, minutes.decisions),
            self._saved_plan.open if self._saved_plan else self._held,
            minutes.look.unseen_palettes,
            is_ready=minutes.is_ready,
            unseen=minutes.unseen,
            selected=minutes.only,
            acting=executors.names,
            rollouts={name: one for name, one in record.rollouts.items() if one},
        )

    async def _published(self, minutes: Minutes, record: Record) -> str | None:
        """Write the record; what was done and cannot be recorded now is kept for later."""
        if minutes.source.is_remembered:
            if not changes_on(minutes.ledger, record, self._settings.clean, self._settings.known):
                return None
            await self._confirmed(minutes)
        try:
            return await publish_record(self._settings, record, minutes.ledger)
        except (PairctlError, OSError):  # a full disk is met outside of Git too
            if minutes.outcomes:
                self._unpublished = record.of_done
            raise

    def _left_alone(
        self, names: Iterable[str], decisions: Mapping[str, Decision]
    ) -> frozenset[str]:
        """Return the intents that the saved plan says nothing about, or nothing more."""
        if self._saved_plan is None:
            return frozenset()
        acting = {name for name, decision in decisions.items() if decision.action}
        return (frozenset(names) - self._saved_plan.names) | (acting - self._saved_plan.open)
