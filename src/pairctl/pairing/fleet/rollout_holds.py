"""Why a rollout holds a member back, in words: at most one reason each, the widest first. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from pairctl.pairing.case import Case
from pairctl.pairing.fleet.rollout_documents import Membership, RolloutDocuments
from pairctl.pairing.fleet.rollout_pace import Places
from pairctl.pairing.fleet.rollout_progress import Progress
from pairctl.pairing.fleet.windows import is_open, next_opening
from pairctl.pairing.outcome.decision import Decision
from pairctl.pairing.outcome.holds import with_verdict
from pairctl.pairing.verdict import Pace, blocked
from pairctl.problem import Problem
from pairctl.spec import Window

HELD = "ready, and held back: "
"""How the message of each of these reasons begins."""

_MOST_NAMED = 3


class Hold(NamedTuple):
    """Why an action is held back; `is_soon` where looking again soon can show that it is not."""

    problem: Problem
    waiting_for: str
    is_soon: bool = False


def held(decision: Decision, hold: Hold | None) -> Decision:
    """Return the decision with its action held back; itself where it has none, or nothing does."""
    if hold is None or decision.action is None:
        return decision
    verdict = blocked(hold.problem, hold.waiting_for)
    if hold.is_soon:
        verdict = replace(verdict, pace=Pace.SOON)
    return with_verdict(decision, verdict)


class Holds:
    """What holds members of one rollout back at one moment; `places` are counted on the way.

    `margin` is how far Palette's clock may be off from this machine's.
    """

    def __init__(
        self, progress: Progress, places: Places, now: datetime, margin: timedelta
    ) -> None:
        self._progress = progress
        self._places = places
        self._now = now
        self._margin = margin

    def of(self, name: str, decision: Decision) -> Hold | None:
        """Return why the action of a member may not begin now; None where it may."""
        number = self._progress.members[name]
        if self.of_all or number is None:
            return self.of_all or self._in_no_wave
        return (
            self._wave_not_open(number)
            or self._not_approved(name, number)
            or self._window
            or self._window_by_palette(decision)
            or self._out_of_pace(name, decision)
        )

    @cached_property
    def of_all(self) -> Hold | None:
        """Why nothing of the rollout may begin, whatever its wave: it is suspended, or halted."""
        name, halted = self._progress.name, self._progress.halted
        suspension = self._progress.spec.suspend
        if suspension is not None:
            return Hold(
                Problem(
                    "RolloutSuspended",
                    f"{HELD}rollout `{name}` is suspended by {suspension.by}: {suspension.reason}",
                    "take `suspend` out of the rollout once it may go on",
                ),
                f"rollout {name} to go on",
            )
        if not halted:
            return None
        return Hold(
            Problem(
                "RolloutHalted",
                f"{HELD}rollout `{name}` has halted: {halted}",
                "see what failed; mend it and raise `attempt` in its intent, or change `haltWhen`",
            ),
            f"a commit that lets rollout {name} go on",
        )

    @cached_property
    def _in_no_wave(self) -> Hold:
        name = self._progress.name
        return Hold(
            Problem(
                "InNoWave",
                f"{HELD}rollout `{name}` selects the intent, and none of its waves does",
                "give the rollout a last wave without `select`, or the intent another label",
            ),
            f"a wave of rollout {name} to select the intent",
        )

    def _wave_not_open(self, number: int) -> Hold | None:
        """Say which wave comes first; how far that one is stands in the rollout's own status."""
        progress, first = self._progress, self._progress.current
        if progress.is_open[number] or first is None:
            return None
        name = progress.name
        before, wave = progress.spec.waves[first].name, progress.spec.waves[number].name
        return Hold(
            Problem(
                "WaitingForWave",
                f"{HELD}wave `{wave}` of rollout `{name}` begins when all of wave `{before}` are "
                "paired, and healthy in Palette",
                f"wait for wave `{before}`; `status/rollouts/{name}.yaml` on the status branch "
                "says what it waits for",
            ),
            f"wave {before} of rollout {name}",
            is_soon=progress.may_complete_soon(first),
        )

    def _not_approved(self, intent: str, number: int) -> Hold | None:
        covered, name = self._progress.covered[number], self._progress.name
        if covered is None or intent in covered:
            return None
        wave = self._progress.spec.waves[number].name
        return Hold(
            Problem(
                "WaitingForWaveApproval",
                f"{HELD}wave `{wave}` of rollout `{name}` asks for an approval, and none is "
                "committed that covers the intent as it is now",
                f"commit a RolloutApproval: `pairctl approve --wave {name}/{wave}` prints it",
            ),
            f"an approval of wave {wave} of rollout {name}",
        )

    @cached_property
    def _window(self) -> Hold | None:
        windows = self._progress.spec.windows
        if is_open(windows, self._now):
            return None
        return outside(self._progress.name, windows or (), self._now)

    def _window_by_palette(self, decision: Decision) -> Hold | None:
        progress = self._progress
        return outside_by_palette(
            progress.name, progress.spec.windows, self._now, decision.case, self._margin
        )

    def _out_of_pace(self, name: str, decision: Decision) -> Hold | None:
        limit = self._places.limit(name, decision)
        if limit is None:
            return None
        count, per, is_soon, lost = limit
        rollout, unreadable = self._progress.name, self._places.unreadable
        reached = f"{HELD}rollout `{rollout}` has a pace of {count} {per}"
        if unreadable.take_all(count):
            problem = Problem(
                "PaceReached", f"{reached}, and {unreadable.message}", unreadable.hint
            )
            return Hold(problem, unreadable.waiting_for)
        return Hold(
            Problem(
                "PaceReached",
                reached,
                lost
                or f"wait for {'another to be paired' if is_soon else 'a place within the hour'}, "
                "or raise `pace` of the rollout",
            ),
            f"a place under the pace of rollout {rollout}",
            is_soon,
        )


def outside(rollout: str, windows: Sequence[Window], now: datetime) -> Hold:
    """Say when the next window of a rollout opens."""
    opens = next_opening(windows, now)
    when = f"the next one opens at {opens:%Y-%m-%dT%H:%M:%SZ}" if opens else "none opens soon"
    return Hold(
        Problem(
            "OutsideWindow",
            f"{HELD}no window of rollout `{rollout}` is open; {when}",
            "wait for the window, or change `windows` of the rollout",
        ),
        f"a window of rollout {rollout}" + (f", {opens:%Y-%m-%dT%H:%M:%SZ}" if opens else ""),
    )


def outside_by_palette(
    rollout: str, windows: Sequence[Window] | None, now: datetime, case: Case, margin: timedelta
) -> Hold | None:
    """Say that no window is open by Palette's clock, where it is farther off than it may be.

    Then one of the two clocks is wrong, and nobody here knows which. Palette's has gone on since
    the look as this machine's has.
    """
    dated_at = case.observed.palette.dated_at
    ahead = dated_at - case.now if dated_at else timedelta()
    if abs(ahead) <= margin or is_open(windows, now + ahead):
        return None
    where = "ahead of" if ahead > timedelta() else "behind"
    return Hold(
        Problem(
            "ClocksDiffer",
            f"{HELD}a window of rollout `{rollout}` is open by the clock of the machine that "
            f"pairctl runs on, and none by Palette's, which is more than {margin.total_seconds():g}"
            f" s {where} it",
            "set the clock that is wrong; `pairctl doctor` says how far they are apart",
        ),
        "clocks that agree on the window",
    )


def without_rollout(documents: RolloutDocuments, found: Sequence[Membership]) -> Hold | None:
    """Say why an intent that is in no rollout, or in several, is held back, if it is."""
    if found:
        names = " and ".join(one.rollout for one in found)
        return Hold(
            Problem(
                "InSeveralRollouts",
                f"{HELD}the rollouts {names} both select the intent",
                "let one of them select it, by its labels",
            ),
            "one rollout to select the intent",
        )
    if documents.refused:
        where = ", ".join(documents.refused[:_MOST_NAMED])
        return Hold(
            Problem(
                "RolloutUnreadable",
                f"{HELD}a rollout that may select the intent is not followed, since it cannot be "
                f"read or has errors: {where}",
                "mend what `pairctl validate` shows",
            ),
            "the rollout to be readable",
        )
    if documents.is_required:
        return Hold(
            Problem(
                "NoRollout",
                f"{HELD}no rollout selects the intent, and the operator's file asks for one "
                "(`requireRollout: true`)",
                "give the intent a label that a rollout selects, or commit a rollout",
            ),
            "a rollout that selects the intent",
        )
    return None
