"""Writing a pass down: one commit, none where nothing changed, rebuilt where another came first."""

from collections.abc import Callable

from pairctl.backoff import backoff_s
from pairctl.engine.runtime.settings import Settings
from pairctl.records import Ledger, Record, changes_on, message_of, read_ledger
from pairctl.repo import PushHeld, PushLost

PUSH_TRIES = 10
HELD_TRIES = 6
PAUSE_S = 0.2
LONGEST_S = 6.4


async def publish_record(settings: Settings, record: Record, ledger: Ledger) -> str | None:
    """Put the record on the status branch; returns the commit, None where nothing changed.

    `ledger` is the branch that it was made on; what others write in between is heeded. Raises as
    `publish_made` does.
    """

    def laid(tip: Ledger) -> Record:
        return record if tip is ledger else record.upon(tip, ledger)

    return await publish_made(settings, laid, ledger)


async def publish_made(
    settings: Settings, make: Callable[[Ledger], Record | None], ledger: Ledger
) -> str | None:
    """Put what is made of the branch on it; returns the commit, None where nothing changed.

    It is made anew of what others write in between; None where there is nothing to say any more.
    A race is tried again soon, what may pass by itself later each time. Raises PushLost or PushHeld
    when that was so each time, and what else `Repository.publish` raises.
    """
    for tried in range(PUSH_TRIES):
        laid = make(ledger)
        changes = changes_to_write(settings, ledger, laid) if laid else {}
        if laid is None or not changes:
            return None
        try:
            return await settings.repository.publish(
                ledger.tip, changes, message=message_of(laid), now=settings.clock.now()
            )
        except (PushLost, PushHeld) as error:
            if tried == PUSH_TRIES - 1 or (isinstance(error, PushHeld) and tried >= HELD_TRIES):
                raise
            await pause(settings, tried)
            ledger = await read_ledger(settings.repository, settings.known)
    return None


def changes_to_write(settings: Settings, ledger: Ledger, record: Record) -> dict[str, bytes | None]:
    """Return what a record changes on a tip of the status branch, without the run's secrets."""
    return changes_on(ledger, record, settings.clean, settings.known, settings.known_secrets())


async def pause(settings: Settings, tried: int) -> None:
    """Wait before another try: longer each time, and not in step with other writers.

    Where the run is to end, never longer: what is left to be written is tried at once.
    """
    count, chance = 0 if settings.stop.is_requested else tried, settings.rng.random()
    await settings.clock.sleep(
        backoff_s(count, first_s=PAUSE_S, longest_s=LONGEST_S, chance=chance)
    )
