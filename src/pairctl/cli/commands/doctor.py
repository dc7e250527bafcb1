"""`pairctl doctor`: what works on the way to every server, and what to do about what does not."""

from typing import Annotated

import typer

from pairctl.cli import options
from pairctl.cli.doctor_view import doctor_data, show_examination
from pairctl.cli.last_look import ref_of
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Place, Rules
from pairctl.cli.progress import counting
from pairctl.cli.running import make_keys, open_settings, read_operator, run
from pairctl.cli.screen import Screen
from pairctl.doctor import DoctorAccess, Examination, examine
from pairctl.engine import Stop
from pairctl.exits import Exit

EXAMPLES = """
Examples:

  pairctl doctor --operator ~/operator.yaml --secrets-dir ~/secrets

  pairctl doctor store-0042 --allow-host '10.0.42.0/24'    # with its host

  pairctl doctor --hosts -o json | jq '.checks[] | select(.verdict == "failed")'
"""


@grouped
def doctor(
    place: Place,
    rules: Rules,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Intents; left out: all Palettes, and no host."),
    ] = None,
    hosts: Annotated[
        bool, typer.Option("--hosts", help="Look at the edge hosts of all intents too.")
    ] = False,
    heartbeat: options.HeartbeatRef = "",
    format: options.Format = options.Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Look at Git, Palette and edge hosts, and say what works and what to do about the rest.

    It logs in and reads; nothing is changed anywhere. For a certificate that is not trusted it
    tells the fingerprint to pin. Exits 0 where nothing failed, warnings allowed, else 3.
    """
    options.refuse_together("--hosts", "names of intents", is_given=hosts, has_other=bool(names))
    screen = Screen()
    ref = ref_of(heartbeat, place)
    found = run(lambda stop: _examine(tuple(names or ()), hosts, place, rules, screen, stop, ref))
    if format is options.Output.JSON:
        screen.data("Examination", doctor_data(found))
    else:
        show_examination(screen, found)
    raise typer.Exit(Exit.BLOCKED if found.has_failed else Exit.OK)


async def _examine(
    names: tuple[str, ...],
    hosts: bool,
    place: Place,
    rules: Rules,
    screen: Screen,
    stop: Stop,
    heartbeat: str,
) -> Examination:
    spec = read_operator(rules, place)
    keys = make_keys(rules, spec, screen)
    async with (
        open_settings(place, spec, screen, stop) as settings,
        DoctorAccess(keys, spec, settings.clock, holder=settings.holder) as access,
    ):
        with counting(screen, "looking at servers") as count:
            return await examine(
                settings, access, names, with_hosts=hosts, heartbeat=heartbeat, counted=count
            )
