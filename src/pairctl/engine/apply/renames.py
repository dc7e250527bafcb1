"""What is on record of an intent goes with it to its new name, before anything is decided."""

from pairctl.engine.apply.memory import Memory
from pairctl.engine.apply.publishing import publish_record
from pairctl.engine.desired.source import Source
from pairctl.engine.plan.plan import confirmed, selected_intents, statuses_of_renamed
from pairctl.records import Ledger, Record, read_ledger, recorded_rollouts


async def carry_over(memory: Memory, source: Source, ledger: Ledger) -> Ledger:
    """Write it down under the new names of the intents that the pass is about; return the branch.

    What stands under the old ones goes with the record of a pass for all. Raises as a record does,
    and Misremembered: nothing is decided without what may hold it back.
    """
    settings = memory.settings
    found = statuses_of_renamed(source, ledger)
    if found:
        only = selected_intents(settings, source) if memory.gate is None else {memory.gate.name}
        found = {n: status for n, status in found.items() if only is None or n in only}
    if not found:
        return ledger
    if source.is_remembered:
        await confirmed(settings, source, ledger, memory.reader)
    on_record = dict.fromkeys(recorded_rollouts(ledger.files))
    about = frozenset(found)
    record = Record(source.commit, found, rollouts=on_record, about=about)
    await publish_record(settings, record, ledger)
    return await read_ledger(settings.repository, settings.known)
