"""`pairctl apply`: one pass, or passes until nothing is under way."""

import asyncio
from typing import Annotated

import typer

from pairctl.cli import options
from pairctl.cli.exits import Exit
from pairctl.cli.grouping import grouped
from pairctl.cli.plan_view import action_data
from pairctl.cli.progress import Progress
from pairctl.cli.running import Place, Rules, make_keys, open_settings, read_operator, run
from pairctl.cli.screen import Screen
from pairctl.cli.status_view import show_statuses
from pairctl.engine import (
    Ending,
    PassResult,
    Reconciler,
    Settings,
    Stop,
    WritingAccess,
    run_until_settled,
)
from pairctl.problem import PairctlError, Problem

EXAMPLES = """
Examples:

  pairctl apply --operator ~/operator.yaml --secrets-dir ~/secrets

  pairctl apply --wait --timeout 900    # until every cluster is paired or blocked

  PAIRCTL_SECRET_PALETTE_PRODUCTION=... pairctl apply --allow-host api.spectrocloud.com
"""


@grouped
def apply(
    place: Place,
    rules: Rules,
    wait: Annotated[
        bool, typer.Option("--wait", help="Go on until nothing is under way any more.")
    ] = False,
    timeout: Annotated[
        float | None, typer.Option(min=1, help="With --wait: seconds after which to stop waiting.")
    ] = None,
    interval: Annotated[
        float, typer.Option(min=0.1, help="With --wait: seconds between two passes.")
    ] = 2.0,
    format: options.Format = options.Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Carry the intents out, and write their status into the repository.

    One pass takes each cluster at most one step further. What cannot be reached counts as blocked:
    --wait does not wait for it. Exits 0 where all is well, 3 where something is blocked. A signal
    ends it after the step under way.
    """
    screen = Screen()
    pace = interval if wait else None
    result = run(lambda stop: _apply(place, rules, screen, stop, pace, timeout))
    if format is options.Output.JSON:
        screen.data(_data(result))
    else:
        _show(screen, result, place.status_branch)
    raise typer.Exit(Exit.BLOCKED if result.is_blocked else Exit.OK)


async def _apply(
    place: Place,
    rules: Rules,
    screen: Screen,
    stop: Stop,
    interval_s: float | None,
    timeout_s: float | None,
) -> PassResult:
    spec = read_operator(rules, place)
    keys = make_keys(rules, spec, screen)
    with Progress(screen) as progress:
        async with (
            open_settings(place, spec, screen, stop, progress) as settings,
            WritingAccess(keys, spec, settings.clock) as access,
        ):
            reconciler = Reconciler(settings, access)
            if interval_s is None:
                return await reconciler.run_pass()
            return await _wait(reconciler, settings, interval_s, timeout_s)


async def _wait(
    reconciler: Reconciler, settings: Settings, interval_s: float, timeout_s: float | None
) -> PassResult:
    """Wait for all to settle; at the end of the time, finish the pass under way."""
    timer = (
        asyncio.get_running_loop().call_later(timeout_s, settings.stop.request)
        if timeout_s
        else None
    )
    try:
        result = await run_until_settled(reconciler, settings, every_s=interval_s)
    finally:
        if timer:
            timer.cancel()
    if timer and settings.stop.is_requested and not result.is_settled:
        raise PairctlError(
            Problem(
                "NotSettled",
                f"not all was settled within {timeout_s:g} seconds",
                "see `pairctl status`; run `apply --wait` again to go on",
            )
        )
    return result


def _show(screen: Screen, result: PassResult, branch: str) -> None:
    show_statuses(screen, result.statuses)
    screen.line()
    written = f"status commit {result.commit[:7]} on {branch}" if result.commit else "nothing new"
    count = len(result.statuses)
    told = f"{count} intent{'s' * (count != 1)} at {result.source.commit[:7]}: {written}"
    screen.line(told, "dim")


def _data(result: PassResult) -> dict[str, object]:
    return {
        "sourceCommit": result.source.commit,
        "statusCommit": result.commit,
        "actions": [
            {
                "name": name,
                **action_data(outcome.action),
                "isDone": outcome.ending is Ending.DONE,
                "outcome": outcome.ending,
                "message": outcome.problem.message if outcome.problem else "",
            }
            for name, outcome in result.outcomes.items()
        ],
        "intents": [
            {"name": name, "phase": status.phase, "reason": status.reason}
            for name, status in result.statuses.items()
        ],
    }
