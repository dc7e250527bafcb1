"""What a run keeps from one pass to the next."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pairctl.engine.apply.executor import Ending, Outcome
from pairctl.engine.apply.executors import Executors
from pairctl.engine.apply.unrecorded import UnrecordedActions
from pairctl.engine.apply.vain_tries import VainTries
from pairctl.engine.apply.writing_access import WritingAccess
from pairctl.engine.desired.reader import SourceReader
from pairctl.engine.observe.access import Keys
from pairctl.engine.observe.cluster_lists import ClusterLists
from pairctl.engine.observe.first_reads import FirstReads
from pairctl.engine.observe.lookers import Lookers
from pairctl.engine.observe.requeue import Requeue, Retries
from pairctl.engine.runtime.events import Guarded
from pairctl.engine.runtime.settings import Settings
from pairctl.spec import OperatorSpec

if TYPE_CHECKING:
    from pairctl.engine.apply.gate import Gate
    from pairctl.engine.plan.saved_plan import SavedPlan


class Memory:
    """The settings and clients of a run, what it was given to do, and what it has seen and done.

    `held` are the intents whose action the gate has not permitted, `acceptances` counts those that
    were sent. `is_claiming` is whether a pass makes claims, or has not recorded what they led to.
    """

    def __init__(
        self,
        settings: Settings,
        access: WritingAccess,
        saved_plan: "SavedPlan | None",
        gate: "Gate | None",
    ) -> None:
        self.listener = Guarded(settings.listener)
        self.settings = replace(settings, listener=self.listener)
        self.access = access
        self.saved_plan = saved_plan
        self.gate = gate
        self.held: frozenset[str] = frozenset()
        self.acceptances = 0
        self.is_claiming = False
        self.first_reads = FirstReads()
        self.lookers = Lookers(waits=False)
        self.executors = Executors(waits=False, placed=self.lookers.placed)
        self.unrecorded = UnrecordedActions()
        self.new_branch = settings.new_id()
        # who carries out what a person has seen reads what is there
        may_remember = saved_plan is None and gate is None
        folder = settings.cache_folder if may_remember else None
        self.reader = SourceReader(folder, access.seal_key("kept documents") if folder else b"")
        self._forget_looks()

    def _forget_looks(self) -> None:
        chance = self.settings.rng.random
        self.requeue = Requeue(chance)
        self.retries = Retries(chance)
        self.vain_tries = VainTries()
        self.cluster_lists = ClusterLists()

    @property
    def is_acting(self) -> bool:
        """Whether claims are being made, or what they led to is not on record yet."""
        return self.is_claiming or bool(self.executors.names)

    @property
    def has_unrecorded(self) -> bool:
        """Whether something was done, or is being done, that is not on record."""
        return self.is_acting or not self.unrecorded.is_empty

    def take_over(self, operator: OperatorSpec, keys: Keys) -> None:
        """Go by other rules and keys from the next pass on: all is looked at again then."""
        self.settings = replace(self.settings, operator=operator)
        self.access.take_over(operator, keys)
        self._forget_looks()  # the look's time may be what changed
        self.lookers.keep_to({})  # what is under way asks by the old rules and keys
        self.reader = SourceReader()

    def count(self, outcomes: Mapping[str, Outcome]) -> None:
        """Count what was sent against the cap of a run, and against the saved plan."""
        sent = {name for name, one in outcomes.items() if one.ending is not Ending.NOT_SENT}
        self.retries.note(outcomes.keys() - sent, sent)
        self.acceptances += sum(outcomes[name].action.is_one_way for name in sent)
        if self.saved_plan:
            self.saved_plan.note(sent)
