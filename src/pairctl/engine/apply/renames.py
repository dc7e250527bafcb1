"""What is on record of an intent goes with it to its new name, before anything is decided."""

from pairctl.engine.apply.memory import Memory
from pairctl.engine.apply.publishing import publish_made
from pairctl.engine.desired.source import Source
from pairctl.engine.plan.plan import (
    confirmed,
    names_of_before,
    selected_intents,
    under_new_names,
)
from pairctl.records import Ledger, Record, read_ledger, recorded_rollouts


async def carry_over(memory: Memory, source: Source, ledger: Ledger) -> Ledger:
    """Write it down under the new names of the intents that the pass is about; return the branch.

    So does what is under way for them. Nothing stays under the old names, unless an intent that
    cannot be read may have one of them: else a name that comes back would bring back what was true
    before. Raises as a record does, and Misremembered: nothing is decided without what may hold it
    back.
    """
    settings = memory.settings
    names = _renamed(memory, source, ledger)
    if not names:
        return ledger
    if source.is_remembered:
        await confirmed(settings, source, ledger, memory.reader)

    def record(tip: Ledger) -> Record | None:
        nonlocal names
        names = _renamed(memory, source, tip)  # others may have noted more under the old ones
        return _record_of(names, source, tip) if names else None

    await publish_made(settings, record, ledger)
    memory.executors.rename(names)
    return await read_ledger(settings.repository, settings.known)


def has_to_carry_over(memory: Memory, source: Source, ledger: Ledger) -> bool:
    """Whether something is on record of intents of the pass under names of before alone."""
    return bool(_renamed(memory, source, ledger))


def _renamed(memory: Memory, source: Source, ledger: Ledger) -> dict[str, str]:
    """Return the renamed intents that the pass is about, with their names of before."""
    found = names_of_before(source, ledger)
    if not found:
        return {}
    gate = memory.gate
    only = selected_intents(memory.settings, source) if gate is None else {gate.name}
    return {new: old for new, old in found.items() if only is None or new in only}


def _record_of(names: dict[str, str], source: Source, ledger: Ledger) -> Record:
    return Record(
        source.commit,
        under_new_names(ledger, names),
        rollouts=dict.fromkeys(recorded_rollouts(ledger.files)),
        about=frozenset(names),
        moved=frozenset() if source.is_partial else frozenset(names.values()),
    )
