"""What is on record, read from a branch that holds nothing but records."""

from pairctl.engine.runtime.settings import Settings
from pairctl.records import Ledger, read_ledger, refuse_source


async def read_records(settings: Settings) -> Ledger:
    """Read the status branch, freshly fetched. Raises what `Repository` raises.

    Raises NotAStatusBranch where the intents stand on it, or anything that is not pairctl's.
    """
    repository = settings.repository
    branches = await repository.branches_named(settings.ref)
    refuse_source(repository.status_branch, settings.ref, branches)
    await repository.refresh()
    return await read_ledger(repository, settings.known)
