"""`pairctl status`: what the status branch says. Asks no API."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from pairctl.cli import options
from pairctl.cli.last_look import LastLook, duration_s, read_last_look, ref_of
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Intents, Place
from pairctl.cli.rollouts_view import rollouts_data, show_rollout_lines, show_rollouts
from pairctl.cli.running import open_settings, run
from pairctl.cli.screen import Screen
from pairctl.cli.status_view import show_status, show_statuses, statuses_data
from pairctl.engine import RolloutProgress, Stop, read_records, read_source, rollout_progress
from pairctl.exits import Exit
from pairctl.problem import PairctlError, Problem
from pairctl.records import (
    OWN_KEYS,
    OWN_KEYS_OF_ROLLOUTS,
    Ledger,
    read_rollouts,
    rollout_data,
    status_data,
)
from pairctl.spec import IntentSelection, OperatorSpec
from pairctl.text import did_you_mean, each_text, name_list

_MOST_NAMED = 200

EXAMPLES = """
Examples:

  pairctl status                  # all intents, by what stands in their way

  pairctl status store-0042       # everything about one

  pairctl status -l wave=canary   # those with this label

  pairctl status --rollouts       # how far rollouts are; waves with --all

  pairctl status --max-age 15m    # exits 4 where the last look is older

  pairctl status -o json | jq '.items[] | select(.status.phase == "Blocked")'
"""


@grouped
def status(
    place: Place,
    intents: Intents,
    rollouts: Annotated[
        bool,
        typer.Option(
            "--rollouts", help="How far each rollout is, instead; with --all each of its waves."
        ),
    ] = False,
    all_intents: options.All = False,
    heartbeat: options.HeartbeatRef = "",
    max_age: options.MaxAge = "",
    format: options.Format = options.Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Show what the last pass wrote down. Needs no secret, and asks nobody but Git.

    Of one intent that is named, all is shown; of several, what they have in common, with their
    names. Labels are those of the documents at --ref. Exits 0 whatever it shows, 1 where a status
    cannot be read, and with --max-age 4 where the last look is too old.

    When a rollout ends is counted from now on, by the pace, windows and waves of the documents at
    --ref: not before that, if nothing fails.

    When and by whom `watch` has looked last is said where it is known. Its age is by the clock of
    this machine; with --max-age an older look, or none, exits 4.
    """
    options.refuse_together(
        "a selection of intents",
        "--rollouts",
        is_given=not intents.selection.is_of_all,
        has_other=rollouts,
    )
    screen, selection = Screen(), intents.selection
    if rollouts:
        _show_rollouts(place, screen, format, with_waves=all_intents)
        return
    most_s = duration_s("--max-age", max_age) if max_age else None
    ref = ref_of(heartbeat, place)
    ledger, chosen, look = run(lambda stop: _read(place, selection, screen, stop, ref))
    statuses = {n: s for n, s in ledger.statuses.items() if chosen is None or n in chosen}
    if format is options.Output.JSON:
        shown = {name: status_data(one) for name, one in statuses.items()}
        data = {**statuses_data(shown), "lastLook": look.data()}
        screen.plain(_json(screen, data, ledger))
    elif len(selection.names) == 1 and not all_intents:
        show_status(screen, statuses[selection.names[0]])
    else:
        show_statuses(screen, statuses, with_all=all_intents, with_settled=bool(selection.names))
        if selection.is_of_all:
            show_rollout_lines(screen, read_rollouts(ledger.files))
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


def _json(screen: Screen, statuses: Mapping[str, Any], ledger: Ledger) -> str:
    """Return the documents of the status branch as JSON: of each kind its own texts stay."""
    rollouts = [rollout_data(name, one) for name, one in read_rollouts(ledger.files).items()]
    data = {
        **each_text(statuses, screen.clean, OWN_KEYS),
        "rollouts": each_text(rollouts, screen.clean, OWN_KEYS_OF_ROLLOUTS),
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _show_rollouts(
    place: Place, screen: Screen, output: options.Output, *, with_waves: bool
) -> None:
    found = run(lambda stop: _progress(place, screen, stop))
    if output is options.Output.JSON:
        screen.data("RolloutStatusList", rollouts_data(found), OWN_KEYS_OF_ROLLOUTS)
    else:
        show_rollouts(screen, found, with_waves=with_waves)


async def _progress(place: Place, screen: Screen, stop: Stop) -> Mapping[str, RolloutProgress]:
    async with open_settings(place, OperatorSpec(), screen, stop, may_be_old=True) as settings:
        ledger = await read_records(settings)
        if ledger.tip is None:
            raise _nothing_there(place)
        source = await read_source(settings.repository, settings.ref, settings.under)
        return rollout_progress(source, ledger, now=settings.clock.now())


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
