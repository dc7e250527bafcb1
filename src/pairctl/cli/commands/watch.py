"""`pairctl watch`: the same pass in a loop."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli import options
from pairctl.cli.last_look import ref_of
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Place, Rules
from pairctl.cli.progress import Progress
from pairctl.cli.refusals_view import TITLE, refusal_lines
from pairctl.cli.running import make_keys, open_settings, read_operator, run
from pairctl.cli.screen import Screen
from pairctl.cli.tracking_view import tell_carried_out
from pairctl.cli.unseen_view import tell_unseen
from pairctl.engine import Heartbeats, PassResult, Reconciler, Stop, WritingAccess
from pairctl.engine import watch as watch_passes
from pairctl.problem import ConfigurationError, Problem
from pairctl.spec import OperatorSpec

EXAMPLES = """
Examples:

  pairctl watch --operator /etc/pairctl.yaml --secrets-dir /run/secrets

  pairctl watch -r ssh://git@git.example.com/edge/pairing.git --interval 300
"""


@grouped
def watch(
    place: Place,
    rules: Rules,
    local: options.Local = False,
    heartbeat: options.HeartbeatRef = "",
    interval: Annotated[
        float, typer.Option(min=0.1, help="Seconds between two passes where nothing changes.")
    ] = 60.0,
) -> None:
    """Keep carrying the intents out: on every change of the repository, and at an interval.

    In a clone it is the remote's branch that is looked at, and carried out; with --local the
    clone's own.

    At most once a minute it says in a ref of its own, beside the status branch, when it has looked:
    `pairctl status --max-age` reads that.

    SIGTERM and SIGINT end it after the step under way, with exit code 0.
    """
    screen = Screen()
    place = replace(place, is_local=local)
    ref = ref_of(heartbeat, place)
    run(lambda stop: _watch(place, rules, screen, stop, interval, ref), finishes=True)


async def _watch(
    place: Place, rules: Rules, screen: Screen, stop: Stop, interval_s: float, heartbeat: str
) -> None:
    spec = read_operator(rules, place)
    _refuse_endless_run(spec)
    keys = make_keys(rules, spec, screen)
    screen.note(f"watching {place.repository} at {place.ref}")
    async with (
        open_settings(place, spec, screen, stop, Progress(screen, live=False)) as settings,
        WritingAccess(keys, spec, settings.clock, holder=settings.holder) as access,
    ):
        await tell_carried_out(place, settings.repository, screen)
        await watch_passes(
            Reconciler(settings, access),
            settings,
            Reporter(screen),
            every_s=interval_s,
            folder=_git_folder(place),
            heartbeats=Heartbeats(settings, heartbeat),
        )
    screen.note("stopped")


def _refuse_endless_run(spec: OperatorSpec) -> None:
    """Refuse a cap that means nothing here: it would be reached once, and hold all for ever."""
    if spec.limits.acceptances_per_run is not None:
        raise ConfigurationError(
            Problem(
                "LimitMeansNothing",
                "`limits.acceptancesPerRun` of the operator's file is for `apply`; `watch` is one "
                "run that never ends",
                "give `acceptancesAtOnce` or `acceptancesPerHour` instead",
            )
        )


class Reporter:
    """Tells what each pass came to.

    What a commit holds and is refused is told once a commit, a Palette that cannot be seen once for
    as long as it is so.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._commit = ""
        self._unseen: Mapping[str, Problem] = {}

    def __call__(self, result: PassResult) -> None:
        """Take note of a pass."""
        if result.source.commit != self._commit and result.source.refusals:
            self._screen.note(f"{TITLE}:", "bold red")
            for line in refusal_lines(result.source.refusals):
                self._screen.note(f"  {line}", "")
        self._commit = result.source.commit
        news = {n: p for n, p in result.unseen_palettes.items() if self._unseen.get(n) != p}
        tell_unseen(self._screen, news)
        self._unseen = result.unseen_palettes
        if result.commit:
            self._screen.note(f"recorded {result.commit[:7]} for {self._commit[:7]}")


def _git_folder(place: Place) -> Path | None:
    """Return the folder to watch for a local repository; None for a remote."""
    folder = place.top
    inner = folder / ".git"
    return next((place for place in (inner, folder) if place.is_dir()), None)
