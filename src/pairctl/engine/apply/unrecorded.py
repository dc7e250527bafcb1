"""What was done and could not be written down yet: it comes before anything else is begun."""

from collections.abc import Mapping

from pairctl.engine.apply.executor import Outcome
from pairctl.engine.apply.outage import Outage, problem_of
from pairctl.engine.apply.publishing import publish_record
from pairctl.engine.observe.status_branch import read_records
from pairctl.engine.runtime.settings import Settings
from pairctl.problem import PairctlError, Problem
from pairctl.records import Ledger, Record, read_ledger

FIRST_PAUSE_S = 2.0
"""How long to wait at first before a record is tried again."""

_HINT = (
    "see to it that the status branch can be written, then run pairctl again: it looks first, and "
    "goes on by what both sides show. A request whose pairing id is not on record counts as sent "
    "by hand: where the operator's file says `adoptRequests: Never`, name it in the intent as "
    "`request.pairingUid`"
)


class NotRecorded(PairctlError):
    """A run ends, and what came of its actions is not on the status branch: this says it."""


class UnrecordedActions:
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

    async def publish_late(self, settings: Settings) -> PairctlError | OSError | None:
        """Keep trying, later each time; return what is in the way in the end.

        That is when a claim made now would be over: others go on then by what they see. A wish to
        stop ends it before.
        """
        outage, clock = Outage(settings), settings.clock
        ends_s = clock.monotonic() + settings.claim_lifetime_s
        while obstacle := await self._publish(settings):
            outage.note(obstacle)
            pause_s = outage.pause_s(FIRST_PAUSE_S)
            if settings.stop.is_requested or clock.monotonic() + pause_s > ends_s:
                return obstacle
            await settings.stop.wait(pause_s, clock)
        outage.note_success(has_written=True)
        return None

    async def _publish(self, settings: Settings) -> PairctlError | OSError | None:
        try:
            _, obstacle = await self.publish_on(settings, await read_records(settings))
        except (PairctlError, OSError) as error:
            return error
        return obstacle


def not_recorded(outcomes: Mapping[str, Outcome], obstacle: PairctlError | OSError) -> NotRecorded:
    """Say what was answered, action by action, and why it is not on record."""
    lines = [f"{name}: {words_of(outcome)}" for name, outcome in sorted(outcomes.items())]
    why = problem_of(obstacle).message
    text = "\n".join([f"what was done is not on record: {why}", *lines])
    return NotRecorded(Problem("NotRecorded", text, _HINT))


def words_of(outcome: Outcome) -> str:
    """Return what was sent, how it ended, and the pairing id in the answer, if it had one."""
    words = f"{outcome.action}: {outcome.ending}"
    if outcome.pairing_uid:
        words += f", pairing id {outcome.pairing_uid}"
    return words + (f" ({outcome.problem.message})" if outcome.problem else "")
