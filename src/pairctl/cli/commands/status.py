"""`pairctl status`: what the status branch says. Asks no API."""

import typer

from pairctl.cli import options
from pairctl.cli.last_look import LastLook, duration_s, read_last_look, ref_of
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Intents, Place
from pairctl.cli.running import open_settings, run
from pairctl.cli.screen import Screen
from pairctl.cli.status_view import show_status, show_statuses, statuses_data
from pairctl.engine import Stop, read_records, read_source
from pairctl.exits import Exit
from pairctl.problem import PairctlError, Problem
from pairctl.records import OWN_KEYS, Ledger, status_data
from pairctl.spec import IntentSelection, OperatorSpec
from pairctl.text import did_you_mean, name_list

_MOST_NAMED = 200

EXAMPLES = """
Examples:

  pairctl status                  # all intents, by what stands in their way

  pairctl status store-0042       # everything about one

  pairctl status -l wave=canary   # those with this label

  pairctl status --max-age 15m    # exits 4 where `watch` has not looked for so long

  pairctl status -o json | jq '.items[] | select(.status.phase == "Blocked")'
"""


@grouped
def status(
    place: Place,
    intents: Intents,
    all_intents: options.All = False,
    heartbeat: options.HeartbeatRef = "",
    max_age: options.MaxAge = "",
    format: options.Format = options.Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Show what the last pass wrote down. Needs no secret, and asks nobody but Git.

    Of one intent that is named, all is shown; of several, what they have in common, with their
    names. Labels are those of the documents at --ref. Exits 1 where a status cannot be read.

    When and by whom `watch` has looked last is said where it is known. Its age is by the clock of
    this machine; with --max-age an older look, or none, exits 4.
    """
    screen, selection = Screen(), intents.selection
    most_s = duration_s("--max-age", max_age) if max_age else None
    ref = ref_of(heartbeat, place)
    ledger, chosen, look = run(lambda stop: _read(place, selection, screen, stop, ref))
    statuses = {n: s for n, s in ledger.statuses.items() if chosen is None or n in chosen}
    if format is options.Output.JSON:
        shown = {name: status_data(one) for name, one in statuses.items()}
        screen.data({**statuses_data(shown), "lastLook": look.data()}, OWN_KEYS)
    elif len(selection.names) == 1 and not all_intents:
        show_status(screen, statuses[selection.names[0]])
    else:
        show_statuses(screen, statuses, with_all=all_intents, with_settled=bool(selection.names))
    if chosen and (unseen := sorted(chosen - statuses.keys())):
        screen.note(f"without a status yet: {name_list(unseen, _MOST_NAMED)}", "yellow")
    for path in ledger.unreadable_statuses:
        screen.note(f"{path}: no status can be read there; `pairctl apply` writes it again", "red")
    is_stale = most_s is not None and look.is_older(most_s)
    if is_stale:
        screen.note(f"{look.line()}; more than {max_age} is too long", "red")
    elif look.heartbeat:
        screen.note(look.line())
    raise typer.Exit(
        Exit.ERROR if ledger.unreadable_statuses else Exit.STALE if is_stale else Exit.OK
    )


async def _read(
    place: Place, selection: IntentSelection, screen: Screen, stop: Stop, heartbeat: str
) -> tuple[Ledger, frozenset[str] | None, LastLook]:
    """Read what is on record, the names that are selected, None for all, and the last look."""
    async with open_settings(place, OperatorSpec(), screen, stop, may_be_old=True) as settings:
        ledger = await read_records(settings)
        if ledger.tip is None:
            raise _nothing_there(place)
        for name in selection.names:
            if name not in ledger.statuses:
                raise _unknown(name, ledger)
        look = await read_last_look(settings.repository, heartbeat, settings.clock.now())
        if selection.selector is None:
            chosen = selection.chosen(dict.fromkeys(ledger.statuses), "the status branch")
            return ledger, chosen, look
        source = await read_source(settings.repository, settings.ref, settings.under)
        return ledger, selection.chosen(source.labels, f"commit {source.commit[:7]}"), look


def _nothing_there(place: Place) -> PairctlError:
    return PairctlError(
        Problem(
            "NoStatus",
            f"{place.repository} has no branch {place.status_branch} yet",
            "run `pairctl apply` first, or check --status-branch and --remote",
        )
    )


def _unknown(name: str, ledger: Ledger) -> PairctlError:
    known = name_list(ledger.statuses, _MOST_NAMED) or "none yet"
    near = did_you_mean(name, ledger.statuses)
    return PairctlError(
        Problem(
            "NoStatus",
            f"there is no status of an intent named {name} (there is: {known})",
            near or "run `pairctl apply` first, or check the name",
        )
    )
