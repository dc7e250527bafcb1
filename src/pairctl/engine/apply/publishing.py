"""Writing a pass down: one commit, none where nothing changed, rebuilt where another came first."""

from pairctl.engine.runtime.clock import Clock
from pairctl.engine.runtime.settings import Settings
from pairctl.records import Ledger, Record, changes_on, message_of, read_ledger
from pairctl.repo import PushHeld, PushLost

PUSH_TRIES = 10
HELD_TRIES = 6
PAUSE_S = 0.2


async def publish_record(settings: Settings, record: Record, ledger: Ledger) -> str | None:
    """Put the record on the status branch; returns the commit, None where nothing changed.

    A race is tried again soon, what may pass by itself later each time. Raises PushLost or PushHeld
    when that was so each time, and what else `Repository.publish` raises.
    """
    for tried in range(PUSH_TRIES):
        changes = changes_on(ledger, record, settings.clean, settings.known)
        if not changes:
            return None
        try:
            return await settings.repository.publish(
                ledger.tip, changes, message=message_of(record), now=settings.clock.now()
            )
        except (PushLost, PushHeld) as error:
            if tried == PUSH_TRIES - 1 or (isinstance(error, PushHeld) and tried >= HELD_TRIES):
                raise
            await pause(settings.clock, settings.rng.random(), tried)
            ledger = await read_ledger(settings.repository, settings.known)
    return None


async def pause(clock: Clock, chance: float, tried: int) -> None:
    """Wait before another try: longer each time, and not in step with other writers."""
    await clock.sleep(PAUSE_S * 2 ** min(tried, 5) * (0.5 + chance))
