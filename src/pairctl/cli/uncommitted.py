"""What a run leaves out though it lies there: edits of the work tree that are not committed."""

from contextlib import suppress

from pairctl.cli.options import Place
from pairctl.cli.screen import Screen
from pairctl.engine import Settings, Source, read_source, uncommitted
from pairctl.problem import PairctlError

_MOST_NAMED = 3


async def tell_left_out(place: Place, settings: Settings, source: Source, screen: Screen) -> None:
    """Say which documents of the work tree do not count: it is the commit that does."""
    folder = place.top
    if place.ref != "HEAD" or not (folder / ".git").exists():
        return
    with suppress(PairctlError):  # a courtesy, which holds nothing up
        if await settings.repository.resolve() != source.commit:  # the work tree's is another one
            source = await read_source(settings.repository, "HEAD", place.under, settings.operator)
        paths = await uncommitted(settings.repository, source, folder, place.under)
        if paths:
            named, more = ", ".join(paths[:_MOST_NAMED]), len(paths) - _MOST_NAMED
            rest = f" and {more} more" if more > 0 else ""
            screen.note(f"changed, not committed, and so left out: {named}{rest}", "yellow")
