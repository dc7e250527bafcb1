"""A look at the world for commands that only show what it comes to."""

from pairctl.cli.options import Place, Rules
from pairctl.cli.progress import Progress
from pairctl.cli.running import make_keys, open_settings, read_operator
from pairctl.cli.screen import Screen
from pairctl.cli.tracking_view import tell_planned
from pairctl.cli.uncommitted import tell_left_out
from pairctl.engine import (
    Access,
    Plan,
    Stop,
    make_plan,
    plan_offline,
)
from pairctl.spec import ALL_INTENTS, IntentSelection


async def look(
    place: Place,
    rules: Rules,
    screen: Screen,
    stop: Stop,
    base: str | None = None,
    *,
    selection: IntentSelection = ALL_INTENTS,
    is_shown: bool = True,
) -> Plan:
    """Make the plan, with progress on a terminal. What it calls cannot write.

    Where the plan itself `is_shown`, it is said which branch it is for, and whether that is pushed.
    """
    spec = read_operator(rules, place)
    keys = make_keys(rules, spec, screen)
    with Progress(screen, lines=False, looks=True) as progress:
        async with (
            open_settings(place, spec, screen, stop, progress, selection) as settings,
            Access(keys, spec, settings.clock, holder=settings.holder) as access,
        ):
            made = await make_plan(settings, access, base)
            if is_shown:
                await tell_planned(place, settings.repository, screen)
            await tell_left_out(place, settings, made.source, screen)
            return made


async def remember(
    place: Place,
    rules: Rules,
    screen: Screen,
    stop: Stop,
    base: str | None = None,
    *,
    selection: IntentSelection = ALL_INTENTS,
) -> Plan:
    """Make the plan from what the status branch remembers: nobody but Git is asked."""
    spec = read_operator(rules, place)
    async with open_settings(
        place, spec, screen, stop, selection=selection, may_be_old=True
    ) as settings:
        made = await plan_offline(settings, base)
        await tell_planned(place, settings.repository, screen)
        await tell_left_out(place, settings, made.source, screen)
        return made
