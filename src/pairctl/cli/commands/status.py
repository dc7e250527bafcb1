"""`pairctl status`: what the status branch says. Asks no API."""

from typing import Annotated

import typer

from pairctl.cli import options
from pairctl.cli.running import Place, open_settings, run
from pairctl.cli.screen import Screen
from pairctl.cli.status_view import show_status, show_statuses, statuses_data
from pairctl.engine import Stop, read_records
from pairctl.exits import Exit
from pairctl.problem import PairctlError, Problem
from pairctl.records import OWN_KEYS, Ledger, status_data
from pairctl.spec import OperatorSpec
from pairctl.text import did_you_mean

EXAMPLES = """
Examples:

  pairctl status                  # all intents

  pairctl status store-0042       # everything about one

  pairctl status -o json | jq '.items[] | select(.status.phase == "Blocked")'
"""


def status(
    name: Annotated[str | None, typer.Argument(help="One intent; left out: all.")] = None,
    repository: options.Repository = ".",
    status_branch: options.StatusBranch = options.DEFAULT_BRANCH,
    remote: options.Remote = "origin",
    format: options.Format = options.Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Show what the last pass wrote down. Needs no secret, and asks nobody but Git.

    Exits 1 where a status cannot be read.
    """
    screen = Screen()
    place = Place(repository, status_branch=status_branch, remote=remote)
    ledger = run(lambda stop: _read(place, screen, stop))
    if ledger.tip is None:
        raise _nothing_there(place)
    if name is not None and name not in ledger.statuses:
        raise _unknown(name, ledger)
    chosen = {n: s for n, s in ledger.statuses.items() if name in {None, n}}
    if format is options.Output.JSON:
        screen.data(statuses_data({n: status_data(s) for n, s in chosen.items()}), OWN_KEYS)
    elif name is not None:
        show_status(screen, chosen[name])
    else:
        show_statuses(screen, chosen)
    for path in ledger.unreadable_statuses:
        screen.note(f"{path}: no status can be read there; `pairctl apply` writes it again", "red")
    raise typer.Exit(Exit.ERROR if ledger.unreadable_statuses else Exit.OK)


async def _read(place: Place, screen: Screen, stop: Stop) -> Ledger:
    async with open_settings(place, OperatorSpec(), screen, stop, may_be_old=True) as settings:
        return await read_records(settings)


def _nothing_there(place: Place) -> PairctlError:
    return PairctlError(
        Problem(
            "NoStatus",
            f"{place.repository} has no branch {place.status_branch} yet",
            "run `pairctl apply` first, or check --status-branch and --remote",
        )
    )


def _unknown(name: str, ledger: Ledger) -> PairctlError:
    known = ", ".join(sorted(ledger.statuses)[:5]) or "none yet"
    near = did_you_mean(name, ledger.statuses)
    return PairctlError(
        Problem(
            "NoStatus",
            f"there is no status of an intent named {name} (there is: {known})",
            near or "run `pairctl apply` first, or check the name",
        )
    )
