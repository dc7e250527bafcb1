"""The reconciler of a run: passes, each of which takes an intent at most one step further.

A second pass over a settled world writes nothing.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from pairctl.engine.apply.executor import Outcome
from pairctl.engine.apply.memory import Memory
from pairctl.engine.apply.one_pass import Aim, IntentsMoved, Pass
from pairctl.engine.apply.pass_result import PassResult
from pairctl.engine.apply.renames import carry_over
from pairctl.engine.apply.unrecorded import not_recorded
from pairctl.engine.apply.writing_access import WritingAccess
from pairctl.engine.desired.reader import Misremembered
from pairctl.engine.desired.source import file_reader
from pairctl.engine.observe.access import Keys
from pairctl.engine.observe.requeue import STANDS_S, Requeue
from pairctl.engine.plan.plan import read_merged
from pairctl.engine.runtime.events import Listener
from pairctl.engine.runtime.settings import Settings
from pairctl.problem import PairctlError
from pairctl.spec import OperatorSpec

if TYPE_CHECKING:
    from pairctl.engine.apply.gate import Gate
    from pairctl.engine.plan.saved_plan import SavedPlan

RECORDING_S = 10.0
"""How long Git has for the record of the last action of a run that was asked to stop."""

RESTARTS = 10
"""How often a pass begins again because its documents are others by now, before it gives up."""


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
        saved_plan: "SavedPlan | None" = None,
        gate: "Gate | None" = None,
    ) -> None:
        self._memory = Memory(settings, access, saved_plan, gate)
        settings.stop.then(self._bound_git)

    def take_over(self, operator: OperatorSpec, keys: Keys) -> None:
        """Go by other rules and keys from the next pass on: all is looked at again then."""
        self._memory.take_over(operator, keys)

    def _bound_git(self) -> None:
        """Let Git hold up the end of the run for no longer than is stated (docs/watch.md).

        What is under way then is carried through, each action within its look's and its request's
        time, and what came of it is recorded.
        """
        settings = self._memory.settings
        timing = settings.operator.timing
        settings.repository.end_within(timing.act_seconds + timing.request_seconds + RECORDING_S)

    async def aclose(self) -> None:
        """End the looks, and the actions, that no pass has waited for."""
        await self._memory.executors.aclose()
        await self._memory.lookers.aclose()

    @property
    def listener(self) -> Listener:
        """Who hears of the run: what it raises comes when all that was done is on record."""
        return self._memory.listener

    @property
    def is_acting(self) -> bool:
        """Whether claims are being made, or what they led to is not on record yet.

        A pass that is not may be left at any moment: nothing was sent that is not on record.
        """
        return self._memory.is_acting

    @property
    def has_unrecorded(self) -> bool:
        """Whether a run that ends has something to record first: what was done, or is being done.

        What could not be published yet is tried once more then.
        """
        return self._memory.has_unrecorded

    async def finish(self, last: PassResult) -> PassResult:
        """Wait for the actions under way, and record what comes of them, once asked to stop.

        Each takes no longer than its look and its request may. Raises as `run_pass` does.
        """
        if not self.has_unrecorded:
            return last
        result = await self.run_recorded(stays=True)
        return replace(
            result,
            decisions={**last.decisions, **result.decisions},
            earlier=(*last.all_outcomes, *result.earlier),
            selected=last.selected,
        )

    async def run_once(self) -> PassResult:
        """Take each intent at most one step further, in as many passes as Palette's limits ask for.

        Raises as `run_pass` does.
        """
        settings = self._memory.settings
        self._memory.requeue = Requeue(settings.rng.random)
        result = await self.run_recorded(every_s=STANDS_S)
        while result.outcomes and result.holds_back and not settings.stop.is_requested:
            earlier = result.all_outcomes
            done = frozenset(name for name, _ in earlier)
            result = await self.run_recorded(every_s=STANDS_S, done=done)
            result = replace(result, earlier=(*earlier, *result.earlier))
        return result

    async def run_recorded(
        self, *, stays: bool = False, every_s: float = 0, done: frozenset[str] = frozenset()
    ) -> PassResult:
        """Do a pass as `run_pass` does, for a run that ends.

        Where what was done cannot be recorded, that is tried again for as long as a claim holds,
        and then another pass says how all stands. Raises NotRecorded where it is not on record in
        the end, and else as `run_pass` does.
        """
        try:
            return await self.run_pass(stays=stays, every_s=every_s, done=done)
        except (PairctlError, OSError):
            unrecorded = self._memory.unrecorded
            if unrecorded.is_empty:
                raise
        outcomes = dict(unrecorded.outcomes)
        if obstacle := await unrecorded.publish_late(self._memory.settings):
            raise not_recorded(await self.left_unrecorded(), obstacle) from obstacle
        done = done if stays else done | outcomes.keys()
        result = await self.run_pass(stays=stays, every_s=every_s, done=done)
        return replace(result, earlier=tuple(outcomes.items()))

    async def left_unrecorded(self) -> dict[str, Outcome]:
        """Wait for the actions under way; return what came of all that is not on record.

        It is for the end of a run: what is heard here is heard of by no pass.
        """
        reports = await self._memory.executors.wait(waits_for_all=True)
        heard = {name: report.outcome for name, report in reports.items()}
        return {**self._memory.unrecorded.outcomes, **heard}

    async def run_pass(
        self, *, stays: bool = False, every_s: float = 0, done: frozenset[str] = frozenset()
    ) -> PassResult:
        """Do one pass. Where its documents are others by now it begins again, from the first look.

        A run that `stays` does passes until all is settled, or for ever, `every_s` apart: it waits
        for the end of others' claims by its own clock alone. For those that are `done` nothing is
        sent any more.

        Raises PairctlError where the repository cannot be read or written, or is empty, and
        StalePlan where the saved plan does not hold any more: then nothing was sent or claimed.
        """
        aim = Aim(stays, every_s, done)
        for _ in range(RESTARTS):
            try:
                return await self._pass(aim)
            except Misremembered:
                self._memory.reader.forget()
            except IntentsMoved:
                continue
        return await self._pass(aim)

    async def _pass(self, aim: Aim) -> PassResult:
        memory, settings = self._memory, self._memory.settings
        source, ledger = await read_merged(settings, memory.reader)
        ledger, held_by = await memory.unrecorded.publish_on(settings, ledger)
        if held_by is None:
            ledger = await carry_over(memory, source, ledger)
        access = await memory.access.at(file_reader(settings.repository, source))
        result = await Pass(memory, aim, access, source).carry_out(source, ledger, held_by)
        if not self.has_unrecorded:
            memory.listener.raise_kept()
        return result
