"""Which commit is carried out: the one that is merged, not what a clone has beside it."""

from pairctl.engine.runtime.settings import Settings


async def merged_commit(settings: Settings) -> str:
    """Return the commit to carry out, freshly fetched. Raises what `Repository` raises.

    In a clone that is what its remote has, unless the settings are for local commits.
    """
    if settings.is_local:
        return await settings.repository.resolve(settings.ref)
    return await settings.repository.merged(settings.ref)


async def merged_token(settings: Settings) -> str:
    """Return an id that changes when the commit to carry out does; cheap enough to poll."""
    if settings.is_local:
        return await settings.repository.watch_token(settings.ref)
    return await settings.repository.merged_token(settings.ref)
