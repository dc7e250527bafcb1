"""What was done and could not be written down yet: it comes before anything else is begun."""

from collections.abc import Mapping

from pairctl.engine.apply.executor import Outcome
from pairctl.engine.apply.publishing import publish_record
from pairctl.engine.runtime.settings import Settings
from pairctl.problem import PairctlError
from pairctl.records import Ledger, Record, read_ledger


class Unrecorded:
    """The record of actions that the status branch did not take, and what came of them."""

    def __init__(self) -> None:
        self._record: Record | None = None
        self._outcomes: Mapping[str, Outcome] = {}

    @property
    def is_empty(self) -> bool:
        """Whether all that was done is on record."""
        return self._record is None

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """What came of the actions that are not on record, by intent."""
        return self._outcomes

    def keep(self, record: Record, outcomes: Mapping[str, Outcome]) -> None:
        """Keep what stays true of a record for long, where anything was done."""
        if outcomes:
            self._record, self._outcomes = record.of_done, dict(outcomes)

    async def publish_on(
        self, settings: Settings, ledger: Ledger
    ) -> tuple[Ledger, PairctlError | OSError | None]:
        """Publish it; return the branch after it, and what is in the way.

        Until that is done nothing new may be decided for good. Others may have written since: of
        intents that nothing was done for, what they say stays.
        """
        if self._record is None:
            return ledger, None
        try:
            await publish_record(settings, self._record, ledger)
        except (PairctlError, OSError) as error:  # a full disk is met outside of Git too
            return ledger, error
        self._record, self._outcomes = None, {}
        return await read_ledger(settings.repository, settings.known), None
