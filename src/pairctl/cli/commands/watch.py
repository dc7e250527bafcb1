"""`pairctl watch`: the same pass in a loop."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli import options
from pairctl.cli.event_log import EventLog, PassLog
from pairctl.cli.last_look import ref_of
from pairctl.cli.log_catalogue import emit
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Place, Rules
from pairctl.cli.renewal import Renewal
from pairctl.cli.running import make_keys, open_settings, read_operator, run
from pairctl.cli.screen import Screen
from pairctl.cli.tracking_view import tell_carried_out
from pairctl.engine import (
    USUAL_ASKING,
    Asking,
    Heartbeats,
    PassResult,
    Reconciler,
    Stop,
    WritingAccess,
)
from pairctl.engine import watch as watch_passes
from pairctl.problem import ConfigurationError, PairctlError, Problem
from pairctl.repo import refs_folder
from pairctl.spec import OperatorSpec

EXAMPLES = """
Examples:

  pairctl watch --operator /etc/pairctl.yaml --secrets-dir /run/secrets

  pairctl watch -r ssh://git@git.example.com/edge/pairing.git --interval 300
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two passes where nothing changes, and between two looks at refs."""

    every_s: float
    asking: Asking


@grouped
def watch(
    place: Place,
    rules: Rules,
    local: options.Local = False,
    heartbeat: options.HeartbeatRef = "",
    interval: Annotated[
        float, typer.Option(min=0.1, help="Seconds between two passes where nothing changes.")
    ] = 60.0,
    poll: Annotated[
        float,
        typer.Option(min=0.1, help="Seconds between two looks at the remote's refs, while quiet."),
    ] = USUAL_ASKING.quiet_s,
    poll_busy: Annotated[
        float, typer.Option(min=0.1, help="The same while something is under way.")
    ] = USUAL_ASKING.busy_s,
) -> None:
    """Keep carrying the intents out: on every change of the repository, and at an interval.

    In a clone it is the remote's branch that is looked at, and carried out; with --local the
    clone's own.

    At most once a minute it says in a ref of its own, beside the status branch, when it has looked:
    `pairctl status --max-age` reads that.

    Changed secrets and a changed operator's file are taken over at the start of a pass; what is
    broken is logged once, and what held before is kept.

    SIGTERM, SIGINT and SIGHUP end it with exit code 0: at once while it looks, else after the step
    under way, within `actSeconds` + `requestSeconds` of the operator's file and 15 seconds (by
    default 75 in all), also where Git does not answer. A second SIGTERM or SIGINT ends it at once;
    what may have been sent then, the next run looks for before it does anything.
    """
    screen = Screen()
    place = replace(place, is_local=local)
    ref = ref_of(heartbeat, place)
    pace = Pace(interval, Asking(poll, poll_busy))
    run(lambda stop: _watch(place, rules, screen, stop, pace, ref), finishes=True)


async def _watch(
    place: Place, rules: Rules, screen: Screen, stop: Stop, pace: Pace, heartbeat: str
) -> None:
    spec = read_operator(rules, place)
    _refuse_endless_run(spec)
    keys = make_keys(rules, spec, screen, are_kept=True)
    emit("WatchStarted", repository=place.repository, ref=place.ref)
    async with (
        open_settings(place, spec, screen, stop, EventLog()) as settings,
        WritingAccess(keys, spec, settings.clock, holder=settings.holder) as access,
    ):
        await stop.or_left(tell_carried_out(place, settings.repository, screen))
        await watch_passes(
            Reconciler(settings, access),
            settings,
            _report_to(PassLog()),
            every_s=pace.every_s,
            asking=pace.asking,
            folder=refs_folder(Path(place.repository)),
            heartbeats=Heartbeats(settings, heartbeat),
            renew=Renewal(place, rules, spec, keys, _refuse_endless_run),
        )
    emit("WatchEnded")


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


def _report_to(log: PassLog) -> Callable[[PassResult | PairctlError], None]:
    """Return who hears of passes; of one that failed the engine's events say all."""

    def report(result: PassResult | PairctlError) -> None:
        if isinstance(result, PassResult):
            log(result)

    return report
