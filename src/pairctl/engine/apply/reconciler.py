"""One pass: observe, decide, act, record. A second pass over a settled world writes nothing.

Claim, look, act once, look: before anything is sent all claims of the pass are in the repository,
and after it nothing is concluded from the sending: pairctl looks again.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pairctl.engine.apply.claiming import Acts, Claimed, ClaimLost, claim_all
from pairctl.engine.apply.executor import Ending, Executor, Outcome
from pairctl.engine.apply.gate import Gate
from pairctl.engine.apply.publishing import pause, publish_record
from pairctl.engine.apply.recorder import Minutes, record_of_pass
from pairctl.engine.apply.writing_access import WritingAccess
from pairctl.engine.decide.caps import Taken, capped, taken_places
from pairctl.engine.decide.first_reads import FirstReads, Memory, by_endpoint
from pairctl.engine.decide.fleet import Survey, survey, survey_one, survey_some
from pairctl.engine.desired.merged import merged_commit
from pairctl.engine.desired.source import Source, file_reader
from pairctl.engine.observe.observer import Observer
from pairctl.engine.plan.plan import Plan, read_merged, selected_intents, usable_intent
from pairctl.engine.plan.preview import preview_of
from pairctl.engine.plan.saved_plan import SavedPlan
from pairctl.engine.runtime.events import Acted, Acting, Decided, PassStarted, Recorded
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import (
    Action,
    Claim,
    Decision,
    Declined,
    Observed,
    Sent,
    Status,
    Unanswered,
    Withdraw,
    Withdrawn,
    canonical_endpoint,
    decide,
)
from pairctl.problem import Problem

RESTARTS = 10
"""How often a pass begins again because its claim lost a race, before it gives up."""

SOURCE_MOVED = Problem("SourceMoved", "the intents changed while the pass was looking")


@dataclass(frozen=True, slots=True)
class PassResult:
    """What a pass came to: the status of every intent, and what was done on the way.

    `commit` is the status commit that it made, None where nothing changed. Of a run that carries a
    plan out, `left_alone` are the intents that it has nothing (more) to do for, `undone` those
    whose planned action is still to be done. `unseen_palettes` could not be looked at.
    `earlier` is what was done in earlier passes of the same run, in order. `selected` are the
    intents that the run is about, None for all; `statuses` are of all.
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
    selected: frozenset[str] | None = None

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
    def is_settled(self) -> bool:
        """Whether looking again soon can show nothing new without anybody's help."""
        mine = (d for name, d in self.decisions.items() if name not in self.left_alone)
        return not any(decision.is_under_way for decision in mine)

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
        self._waiting: dict[str, tuple[str, Observed]] = {}
        self._new_branch = settings.new_id()

    async def run_pass(self, *, stays: bool = False) -> PassResult:
        """Do one pass. A claim that loses its race starts it again, from the first look on.

        A run that `stays` does passes until all is settled, or for ever: it waits for the end of
        others' claims by its own clock alone.

        Raises PairctlError where the repository cannot be read or written, or is empty, and
        StalePlan where the saved plan does not hold any more: then nothing was sent or claimed.
        """
        for tried in range(RESTARTS):
            try:
                return await self._pass(stays=stays)
            except ClaimLost:
                await pause(self._settings.clock, self._settings.rng.random(), tried)
        return await self._pass(stays=stays)

    async def _pass(self, *, stays: bool) -> PassResult:
        settings = self._settings
        source, ledger = await read_merged(settings)
        read_s = settings.clock.monotonic()
        first_s = self._first_reads.note(ledger, read_s)
        memory = Memory(ledger, read_s, first_s, settings.patience(stays=stays))
        selected = self._selected(source)
        names = source.names if selected is None else selected
        settings.listener(PassStarted(source.commit, tuple(sorted(names))))
        access = await self._access.at(file_reader(settings.repository, source))
        observer = Observer(access, settings.clock)
        seen = await self._survey(source, memory, observer, selected)
        taken = taken_places(memory, by_endpoint(source.palettes, seen.views))
        allowed = self._allowed(source, seen, taken)
        minutes = Minutes(source, memory, ledger, seen, allowed, only=selected)
        return await self._record(await self._act(minutes, observer))

    def _selected(self, source: Source) -> frozenset[str] | None:
        """Return the intents that the pass is about; None for all. Raises PairctlError."""
        if self._gate is not None:
            return frozenset({usable_intent(source, self._gate.name)})
        return selected_intents(self._settings, source)

    async def _survey(
        self,
        source: Source,
        memory: Memory,
        observer: Observer,
        selected: frozenset[str] | None,
    ) -> Survey:
        clock, listener = self._settings.clock, self._settings.listener
        waiting = self._still_waiting(source)
        if self._gate is not None:
            return await survey_one(self._gate.name, source, memory, observer, listener, waiting)
        if selected is not None:
            return await survey_some(selected, source, memory, observer, listener, waiting)
        return await survey(source, memory, observer, clock, listener, waiting)

    def _still_waiting(self, source: Source) -> dict[str, Observed]:
        """Return what the pass before saw of intents that were under way and are the same now."""
        return {
            name: observed
            for name, (generation, observed) in self._waiting.items()
            if name in source.intents and source.intents[name].generation == generation
        }

    def _allowed(self, source: Source, seen: Survey, taken: Taken) -> dict[str, Decision]:
        """Hold back what caps, or a saved plan, do not allow; others take no places under caps."""
        if self._saved_plan is None:
            return self._capped(seen.decisions, taken)
        mine = {name: d for name, d in seen.decisions.items() if self._may_act(name)}
        capped = self._capped(mine, taken)
        kept = {name: status for name, status in seen.kept.items() if self._may_act(name)}
        self._saved_plan.refuse_if_moved(Plan(source, capped, kept, source.invalid))
        return {**seen.decisions, **capped}

    def _may_act(self, name: str) -> bool:
        return self._saved_plan is None or name in self._saved_plan.open

    def _capped(self, decisions: Mapping[str, Decision], taken: Taken) -> dict[str, Decision]:
        limits = self._settings.operator.limits
        return capped(decisions, limits, taken, this_run=self._acceptances)

    async def _act(self, minutes: Minutes, observer: Observer) -> Minutes:
        """Do what the pass decided on; the minutes come back with what it came to."""
        acts: Acts = {
            name: (decision.action, decision)
            for name, decision in minutes.decisions.items()
            if decision.action and self._may_act(name)
        }
        acts = await self._permitted(acts)
        if not acts or self._settings.stop.is_requested:
            return minutes
        claimed = await claim_all(self._settings, acts, minutes.source, minutes.ledger, observer)
        outcomes = await self._carry_out(acts, claimed, observer, minutes.source)
        after = await self._look_after(acts, claimed, outcomes, observer)
        return replace(
            minutes,
            ledger=claimed.ledger,
            decisions={**minutes.decisions, **after},
            outcomes=outcomes,
            claims=claimed.claims,
        )

    async def _permitted(self, acts: Acts) -> Acts:
        """Ask the gate; it may take as long as a person does, and all is looked at again after."""
        if self._gate is None:
            return acts
        permitted = {}
        for name, (action, decision) in acts.items():
            preview = await preview_of(action, decision.case, self._access, self._settings)
            if await self._gate.permits(decision, preview):
                permitted[name] = (action, decision)
        self._held = frozenset(acts.keys() - permitted.keys())
        return permitted

    async def _carry_out(
        self, acts: Acts, claimed: Claimed, observer: Observer, source: Source
    ) -> dict[str, Outcome]:
        settings = self._settings
        executor = Executor(self._access, observer, settings, claimed)
        has_moved = await self._has_moved(source)

        async def one(name: str, action: Action, decision: Decision) -> Outcome:
            settings.listener(Acting(name, action))
            if has_moved:
                outcome = Outcome(action, Ending.NOT_SENT, SOURCE_MOVED)
            else:
                outcome = await executor.carry_out(action, decision, claimed.claims[name])
            shown = outcome.problem.message if outcome.problem else ""
            settings.listener(Acted(name, action, outcome.ending, shown))
            return outcome

        outcomes = await asyncio.gather(*(one(name, *pair) for name, pair in acts.items()))
        self._acceptances += sum(
            o.action.is_one_way and o.ending is not Ending.NOT_SENT for o in outcomes
        )
        ended = dict(zip(acts, outcomes, strict=True))
        if self._saved_plan:
            self._saved_plan.note(
                {name for name, one in ended.items() if one.ending is not Ending.NOT_SENT}
            )
        return ended

    async def _has_moved(self, source: Source) -> bool:
        """Whether the intents changed while the pass was looking: then its decisions are stale."""
        await self._settings.repository.refresh()
        return await merged_commit(self._settings) != source.commit

    async def _look_after(
        self, acts: Acts, claimed: Claimed, outcomes: Mapping[str, Outcome], observer: Observer
    ) -> dict[str, Decision]:
        """Look at what came of each action, and decide anew."""
        settings, not_before = self._settings, self._settings.clock.monotonic()
        for name, (action, decision) in acts.items():
            if action.is_one_way and outcomes[name].may_take_effect:
                observer.palette_cache(decision.case.intent).expect_clusters()

        async def one(name: str, decision: Decision) -> Decision:
            outcome, intent = outcomes[name], decision.case.intent
            ledger, claim = claimed.ledger, claimed.claims[name]
            now_on_it = ledger if outcome.may_take_effect else ledger.without_claim(claim.id)
            recorded = now_on_it.record_of(intent, decision.case.recorded.over)
            recorded = replace(
                recorded,
                sent=_sent(decision, outcome) or recorded.sent,
                withdrawn=_withdrawn(decision, outcome) or recorded.withdrawn,
                declined=_declined(decision, outcome) or recorded.declined,
                unanswered=_unanswered(decision, outcome, claim) or recorded.unanswered,
            )
            # What was sent was looked at in full just before.
            look = await observer.look(
                intent, recorded, not_before=not_before, before=decision.case.observed
            )
            after = decide(intent, look.observed, recorded, now=look.began_at)
            settings.listener(Decided(name, after))
            return after

        looked = await asyncio.gather(*(one(name, d) for name, (_, d) in acts.items()))
        return dict(zip(acts, looked, strict=True))

    async def _record(self, minutes: Minutes) -> PassResult:
        branch = minutes.ledger.branch or self._new_branch
        record = record_of_pass(minutes, self._settings.clock.now(), branch)
        commit = await publish_record(self._settings, record, minutes.ledger)
        self._settings.listener(Recorded(commit))
        self._waiting = {
            name: (decision.case.intent.generation, decision.case.observed)
            for name, decision in minutes.decisions.items()
            if decision.is_under_way
        }
        return PassResult(
            minutes.source,
            record.statuses,
            minutes.decisions,
            minutes.outcomes,
            commit,
            self._left_alone({*record.statuses, *minutes.decisions}, minutes.decisions),
            self._saved_plan.open if self._saved_plan else self._held,
            minutes.survey.unseen_palettes,
            selected=minutes.only,
        )

    def _left_alone(
        self, names: Iterable[str], decisions: Mapping[str, Decision]
    ) -> frozenset[str]:
        """Return the intents that the saved plan says nothing about, or nothing more."""
        if self._saved_plan is None:
            return frozenset()
        acting = {name for name, decision in decisions.items() if decision.action}
        return (frozenset(names) - self._saved_plan.names) | (acting - self._saved_plan.open)


def _sent(decision: Decision, outcome: Outcome) -> Sent | None:
    """Return the request that the answer to a sending named, and in which attempt."""
    if not outcome.pairing_uid:
        return None
    return Sent(outcome.pairing_uid, decision.case.intent.spec.attempt)


def _withdrawn(decision: Decision, outcome: Outcome) -> Withdrawn | None:
    """Return the request to this Palette that was withdrawn, if the withdrawal was sent."""
    case = decision.case
    is_sent = isinstance(outcome.action, Withdraw) and outcome.may_take_effect
    if not is_sent or not case.request_is_ours:
        return None
    palette = canonical_endpoint(case.intent.palette.endpoint)
    return Withdrawn(case.request_uid, case.intent.spec.attempt, palette)


def _unanswered(decision: Decision, outcome: Outcome, claim: Claim) -> Unanswered | None:
    """Return the action whose outcome is not known, counted within its generation."""
    if outcome.ending is not Ending.UNKNOWN or outcome.problem is None:
        return None
    verb, generation = outcome.action.verb, decision.case.intent.generation
    before = decision.case.recorded.unanswered
    is_again = before is not None and (before.action, before.generation) == (verb, generation)
    count = before.count + 1 if before and is_again else 1
    return Unanswered(verb, generation, claim.id, count, outcome.problem.message)


def _declined(decision: Decision, outcome: Outcome) -> Declined | None:
    """Return the definite no that an action met, so that it is not sent again and again."""
    if outcome.ending is not Ending.DECLINED or outcome.problem is None:
        return None
    return Declined(
        outcome.action.verb,
        decision.case.intent.generation,
        outcome.problem.reason,
        outcome.problem.message,
    )
