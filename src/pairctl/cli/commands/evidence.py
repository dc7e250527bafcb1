"""`pairctl evidence`: what acceptances rest on, and whether that fits the repository's history."""

from typing import Annotated

import typer

from pairctl.cli import options
from pairctl.cli.evidence_view import evidence_data, show_evidence, show_verification
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Place
from pairctl.cli.running import open_settings, run
from pairctl.cli.screen import Screen
from pairctl.engine import EvidenceReport, Stop, read_evidence, verify_evidence
from pairctl.exits import Exit
from pairctl.spec import OperatorSpec

EXAMPLES = """
Examples:

  pairctl evidence                  # of all acceptances

  pairctl evidence store-0042       # by the intent, or the cluster's uid

  pairctl evidence --verify         # held against the repository's history

  pairctl evidence -o json | jq -r '.items[].evidence.grounds.author'
"""


@grouped
def evidence(
    place: Place,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Intents, or clusters' names or uids; left out: all."),
    ] = None,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Hold it against the repository's history."),
    ] = False,
    all_checks: Annotated[
        bool,
        typer.Option("--all", help="With --verify, show each check of what is verified too."),
    ] = False,
    format: options.Format = options.Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Show the evidence of acceptances: who asked, what was accepted, under which claim.

    It stays on the status branch when its intent goes. Needs no secret, and asks nobody but Git.

    With `--verify`, each is held against the whole history of the status branch, and against the
    commit that was carried out: exits 3 where something differs, or cannot be verified, as in a
    shallow clone. It finds what was changed by hand, and no history that was made up as a whole; an
    author in Git is a name, and no signature. Exits 1 where evidence cannot be read.
    """
    screen = Screen()
    report = run(lambda stop: _read(place, names or [], screen, stop, verify=verify))
    if format is options.Output.JSON:
        screen.data("EvidenceList", evidence_data(report, is_verified=verify))
    elif verify:
        show_verification(screen, report, with_all=all_checks)
    else:
        show_evidence(screen, report)
    for path in report.unreadable:
        screen.note(f"{path}: no evidence can be read there", "red")
    if report.unreadable:
        raise typer.Exit(Exit.ERROR)
    raise typer.Exit(Exit.OK if report.is_verified else Exit.BLOCKED)


async def _read(
    place: Place, names: list[str], screen: Screen, stop: Stop, *, verify: bool
) -> EvidenceReport:
    looks = open_settings(place, OperatorSpec(), screen, stop, may_be_old=not verify)
    async with looks as settings:
        read = verify_evidence if verify else read_evidence
        return await read(settings, names)
