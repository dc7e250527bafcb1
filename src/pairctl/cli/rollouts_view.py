"""How far rollouts are, for people and for machines."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.text import Text

from pairctl.cli.layout import show_rows, show_wrapped
from pairctl.cli.screen import STYLES, Screen
from pairctl.pairing import MemberState, Phase, RolloutPhase
from pairctl.records import RecordedRollout, rollout_data
from pairctl.text import Own

if TYPE_CHECKING:
    from pairctl.engine import RolloutProgress
    from pairctl.pairing import RolloutForecast

TITLES = ("ROLLOUT", "PHASE", "WAVE", "PAIRED", "WAITS FOR", "GOES ON AT", "ENDS AT")
_WAVE_TITLES = ("WAVE", "PAIRED", "NOT YET PAIRED", "BEGINS AT", "ENDS AT")

MOST_LINES = 6
"""How many rollouts have a line below statuses; the others are counted."""

_STYLES = {
    RolloutPhase.PROGRESSING: STYLES[Phase.REQUESTED],
    RolloutPhase.WAITING: STYLES[Phase.WAITING],
    RolloutPhase.SUSPENDED: STYLES[Phase.WAITING],
    RolloutPhase.HALTED: STYLES[Phase.FAILED],
    RolloutPhase.COMPLETE: STYLES[Phase.PAIRED],
}

STATES = {
    MemberState.UNDER_WAY: "under way",
    MemberState.HELD: "held back",
    MemberState.WAITING: "suspended or not looked at",
    MemberState.BLOCKED: "blocked",
    MemberState.DARK: "dark",
    MemberState.FAILED: "failed",
}
"""The states of members that are not paired, in words."""


def show_rollouts(
    screen: Screen, found: Mapping[str, "RolloutProgress"], *, with_waves: bool = False
) -> None:
    """Show a row a rollout; `with_waves` also a row for each of its waves.

    When one ends is a bound from below: at the pace, in the windows, and if nothing fails.
    """
    if not found:
        screen.line("no rollout is on record")
        return
    show_rows(screen, TITLES, [_row(screen, name, one) for name, one in found.items()])
    for name, one in found.items() if with_waves else ():
        screen.line()
        screen.line(f"waves of {name}", "bold")
        show_rows(screen, _WAVE_TITLES, list(_wave_rows(screen, one)))


def show_rollout_lines(screen: Screen, rollouts: Mapping[str, RecordedRollout]) -> None:
    """Show a line a rollout: its phase, the wave that it is at, and what it waits for."""
    for name, one in sorted(rollouts.items())[:MOST_LINES]:
        head = Text.assemble("rollout ", (screen.shown(name), "bold"), " ", phase_text(one.phase))
        wave = f", wave {one.current}" if one.current else ""
        waits = f"; waits for: {one.waits_for.message}" if one.waits_for else ""
        show_wrapped(screen, head + screen.text(f"{wave}: {_paired(one)} paired{waits}"))
    if len(rollouts) > MOST_LINES:
        screen.line(f"and {len(rollouts) - MOST_LINES} more: `pairctl status --rollouts`", "dim")


def rollouts_data(found: Mapping[str, "RolloutProgress"]) -> dict[str, Any]:
    """Return rollouts as JSON has them: the documents of the status branch, with their forecasts.

    Names of rollouts, waves and intents are the documents' own.
    """
    items = [
        {
            **rollout_data(name, one.recorded),
            **({"forecast": _forecast_data(one.forecast)} if one.forecast else {}),
        }
        for name, one in sorted(found.items())
    ]
    return {"items": items}


def rollout_summary(name: str, one: RecordedRollout) -> dict[str, Any]:
    """Return one rollout in short, as JSON has it, in the words of a plan."""
    return {
        "name": Own(name),
        "phase": one.phase,
        "current": Own(one.current),
        "paired": one.count(MemberState.PAIRED),
        "intents": one.size,
        "reason": Own(one.waits_for.reason if one.waits_for else ""),
        "waitsFor": one.waits_for.message if one.waits_for else "",
    }


def instant(at: datetime | None) -> str:
    """Return an instant to the minute, in UTC; nothing for none."""
    return f"{at:%Y-%m-%d %H:%M}Z" if at else ""


def phase_text(phase: RolloutPhase) -> Text:
    """Return a phase of a rollout in its colour."""
    return Text(phase.value, style=_STYLES[phase])


def _row(screen: Screen, name: str, one: "RolloutProgress") -> tuple[Text, ...]:
    recorded = one.recorded
    ends_at = one.forecast.ends_at if one.forecast else None
    return (
        screen.text(name, "bold"),
        phase_text(recorded.phase),
        screen.text(recorded.current),
        Text(_paired(recorded)),
        screen.text(recorded.waits_for.message if recorded.waits_for else ""),
        Text(instant(recorded.goes_on_at)),
        Text(f"not before {instant(ends_at)}" if ends_at else ""),
    )


def _wave_rows(screen: Screen, one: "RolloutProgress") -> Iterator[tuple[Text, ...]]:
    to_come = {wave.name: wave for wave in one.forecast.waves} if one.forecast else {}
    for wave in one.recorded.waves:
        coming = to_come.get(wave.name)
        parts = [f"{wave.counts[s]} {words}" for s, words in STATES.items() if wave.counts.get(s)]
        if wave.unapproved:
            parts.append(f"{len(wave.unapproved)} not approved")
        if wave.unhealthy:
            parts.append(f"{len(wave.unhealthy)} not healthy in Palette")
        yield (
            screen.text(wave.name, "bold"),
            Text(f"{wave.counts.get(MemberState.PAIRED, 0)} of {wave.size}"),
            Text(", ".join(parts)),
            Text(instant(coming.begins_at if coming and not wave.is_open else None)),
            Text(instant(coming.ends_at if coming else None)),
        )


def _paired(one: RecordedRollout) -> str:
    return f"{one.count(MemberState.PAIRED)} of {one.size}"


def _forecast_data(found: "RolloutForecast") -> dict[str, Any]:
    """Return a forecast as JSON has it: what is not known is left out."""
    waves = [
        {
            "name": Own(wave.name),
            "left": wave.left,
            **_instants(beginsAt=wave.begins_at, endsAt=wave.ends_at),
        }
        for wave in found.waves
    ]
    return {"calls": found.calls, **_instants(endsAt=found.ends_at), "waves": waves}


def _instants(**instants: datetime | None) -> dict[str, str]:
    return {name: at.isoformat().replace("+00:00", "Z") for name, at in instants.items() if at}
