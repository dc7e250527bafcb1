"""`pairctl apply`: one pass, or passes until nothing is under way."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pairctl import engine  # what it offers is loaded when it is used
from pairctl.cli import options
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Intents, Pace, Place, Rules
from pairctl.cli.progress import Progress
from pairctl.cli.refusals_view import show_refusals
from pairctl.cli.rollouts_view import rollout_summary, show_rollout_lines
from pairctl.cli.running import make_keys, open_settings, read_operator, run
from pairctl.cli.screen import Screen
from pairctl.cli.status_view import show_statuses
from pairctl.cli.tracking_view import tell_carried_out
from pairctl.cli.uncommitted import tell_left_out
from pairctl.cli.unseen_view import tell_unseen
from pairctl.engine import (
    Ending,
    PassResult,
    Reconciler,
    Settings,
    Stop,
    WritingAccess,
)
from pairctl.exits import Exit, of_signal
from pairctl.problem import PairctlError, Problem
from pairctl.records import recorded_rollout
from pairctl.spec import IntentSelection
from pairctl.text import Own, Said, name_list, put_together

EXAMPLES = """
Examples:

  pairctl apply --operator ~/operator.yaml --secrets-dir ~/secrets

  pairctl apply store-0042 --wait        # this one, and no other

  pairctl apply -l wave=canary           # those with this label

  pairctl apply --plan plan.json         # what that plan showed, or nothing

  pairctl apply --local                  # a commit that is not pushed

  pairctl apply --wait --timeout 900     # until all are paired or blocked

  pairctl apply --allow-host api.spectrocloud.com --allow-host '10.0.42.0/24'
"""

ENDING = (
    "ends after the step under way, and records it; a second Ctrl-C ends at once: what was sent "
    "then is not on record, and holds its clusters back"
)
"""What is said as soon as a signal is heard."""

GOES_ON = "this was one pass: run `pairctl apply` again for the next step, or with --wait for all"

_LENGTH_OF_NAMES = 200


@grouped
def apply(
    place: Place,
    rules: Rules,
    intents: Intents,
    pace: Pace,
    local: options.Local = False,
    plan: Annotated[
        Path | None,
        typer.Option(
            "--plan",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="Do what this plan holds and nothing else; nothing at all if the world has moved.",
        ),
    ] = None,
    all_intents: options.All = False,
    format: options.Format = options.Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Carry the intents out, and write their status into the repository.

    With names, or --selector, it is for these intents only: no other host is looked at, and what is
    on record of others stays. They count all the same, for duplicates and for the operator's caps.

    In a clone it is the remote's branch that is carried out, fetched: what is merged, not what is
    only here. With --local it is the clone's own commit.

    One pass takes each cluster at most one step further. What cannot be reached counts as blocked:
    --wait does not wait for it. Exits 0 where all is well, 3 where something is blocked or a
    document could not be read, 1 where nothing is and a Palette could not be looked at. A signal
    ends it after the step under way, with what was done so far (130 after Ctrl-C). Where what was
    done cannot be recorded, that is tried for as long as a claim holds; then it exits 1, and says
    what was answered.

    With --plan every action of the plan is compared with what would be decided now. Where one
    differs nothing is sent, and the difference is told (exit code 1). With --wait it goes on until
    the plan's actions have come to rest, and does nothing more; exits 3 where one of them was not
    done, or its cluster is blocked.
    """
    options.refuse_together(
        "a selection of intents",
        "--plan",
        is_given=not intents.selection.is_of_all,
        has_other=plan is not None,
    )
    screen, selection = Screen(), intents.selection
    place = replace(place, is_local=local)
    saved_plan = engine.SavedPlan(engine.read_plan(plan), screen.clean) if plan else None
    result, signal_number = run(
        lambda stop: _apply(place, rules, screen, stop, pace, saved_plan, selection),
        finishes=True,
        heard=lambda: screen.note(ENDING, "yellow"),
    )
    if format is options.Output.JSON:
        screen.data("ApplyResult", {**_data(result), "isInterrupted": bool(signal_number)})
    else:
        _show(
            screen,
            result,
            place.status_branch,
            with_all=all_intents,
            with_settled=bool(selection.names),
        )
        if pace.interval_s is None and not signal_number and not result.is_settled:
            screen.note(GOES_ON)
    tell_unseen(screen, result.unseen_palettes)
    if signal_number:
        _tell_interrupted(screen, result)
        raise typer.Exit(of_signal(signal_number))
    raise typer.Exit(_exit_code(result))


async def _apply(
    place: Place,
    rules: Rules,
    screen: Screen,
    stop: Stop,
    pace: Pace,
    saved_plan: "engine.SavedPlan | None",
    selection: IntentSelection,
) -> tuple[PassResult, int]:
    """Carry out; gives what came of it, and the number of the signal that ended it, or 0."""
    spec = read_operator(rules, place)
    keys = make_keys(rules, spec, screen)
    with Progress(screen) as progress:
        async with (
            open_settings(place, spec, screen, stop, progress, selection) as settings,
            WritingAccess(keys, spec, settings.clock, holder=settings.holder) as access,
        ):
            await tell_carried_out(place, settings.repository, screen)
            reconciler = Reconciler(settings, access, saved_plan)
            if pace.interval_s is None:
                result = await reconciler.run_once()
            else:
                result = await _wait(reconciler, settings, pace.interval_s, pace.timeout)
            await tell_left_out(place, settings, result.source, screen)
            return result, stop.signal_number


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
        result = await engine.run_until_settled(reconciler, settings, every_s=interval_s)
    finally:
        if timer:
            timer.cancel()
    is_over = settings.stop.is_requested and not settings.stop.signal_number
    if timer and is_over and not result.is_settled:
        raise PairctlError(
            Problem(
                "NotSettled",
                f"not all was settled within {timeout_s:g} seconds",
                "see `pairctl status`; run `apply --wait` again to go on",
            )
        )
    return result


def _exit_code(result: PassResult) -> Exit:
    if result.is_blocked:
        return Exit.BLOCKED
    return Exit.ERROR if result.unseen_palettes else Exit.OK


def _tell_interrupted(screen: Screen, result: PassResult) -> None:
    """Say what was done before the signal, what is alike in one line, and how to go on."""
    done = result.all_outcomes
    count = f"{len(done)} action{'s' * (len(done) != 1)}"
    screen.note(f"interrupted, after {count} in this run", "yellow")
    said = (
        Said(name, outcome.ending, (screen.shown(str(outcome.action)),)) for name, outcome in done
    )
    for group in put_together(said):
        names = name_list(group.names, _LENGTH_OF_NAMES)
        screen.note(f"  {len(group.names)} {group.key}: {group.texts[0]}: {names}", "")
    screen.note("  what was sent is recorded; run `pairctl apply` again to go on", "")


def _show(
    screen: Screen, result: PassResult, branch: str, *, with_all: bool, with_settled: bool
) -> None:
    show_refusals(screen, result.source.refusals)
    unseen = {
        (problem.reason, problem.message): f"Palette {name} was not looked at"
        for name, problem in result.unseen_palettes.items()
    }
    show_statuses(
        screen,
        result.own_statuses,
        with_all=with_all,
        with_settled=with_settled,
        elsewhere=unseen,
    )
    show_rollout_lines(screen, {n: recorded_rollout(one) for n, one in result.rollouts.items()})
    screen.line()
    written = f"status commit {result.commit[:7]} on {branch}" if result.commit else "nothing new"
    screen.line(f"commit {result.source.commit[:7]} carried out: {written}", "dim")


def _data(result: PassResult) -> dict[str, object]:
    return {
        "commit": Own(result.source.commit),
        "statusCommit": result.commit,
        "refused": [
            {
                "path": one.path,
                "line": one.line,
                "column": one.column,
                "code": Own(one.code),
                "message": one.message,
                "hint": one.hint,
            }
            for one in result.source.refusals
        ],
        "actions": [
            {
                "name": Own(name),
                **engine.planned_action(outcome.action).model_dump(mode="json"),
                "isDone": outcome.ending is Ending.DONE,
                "outcome": outcome.ending,
                "message": outcome.problem.message if outcome.problem else "",
            }
            for name, outcome in result.all_outcomes
        ],
        "intents": [
            {
                "name": Own(name),
                "phase": status.phase,
                "reason": Own(status.reason),
                "message": status.message,
                "waitingFor": status.waiting_for,
                "humanAction": status.human_action,
            }
            for name, status in result.own_statuses.items()
        ],
        "rollouts": [
            rollout_summary(name, recorded_rollout(one))
            for name, one in sorted(result.rollouts.items())
        ],
        "unseenPalettes": [
            {
                "name": Own(name),
                "reason": Own(problem.reason),
                "message": problem.message,
                "hint": problem.hint,
            }
            for name, problem in result.unseen_palettes.items()
        ],
    }
