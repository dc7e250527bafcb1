"""A week of a rollout: windows, a halt, a dark site, a new profile, and a process that dies."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pairctl.engine import Acting, Event, Reconciler, Settings, SystemClock
from rollout_factory import fleet, rollout, wave, window
from scenario_factory import World, world
from sim_factory import HELLO, Document, host_document

SEEDS = range(int(os.environ.get("ROLLOUT_WEEKS", "1")))
HOSTS = tuple(host_document(number) for number in range(1, 7))
WAVES = {1: "canary", 2: "south", 3: "south", 4: "rest", 5: "rest", 6: "rest"}
MOST_PASSES = 40
OPEN = {"Tue": (2, 5), "Wed": (2, 5)}


class WeekClock(SystemClock):
    """A clock of the test: it goes on by itself, and jumps ahead when the test says so."""

    def __init__(self, begin: datetime) -> None:
        self._ahead = begin - super().now()
        self._slept_s = 0.0

    def now(self) -> datetime:
        return super().now() + self._ahead

    def monotonic(self) -> float:
        return super().monotonic() + self._slept_s

    @property
    def ahead_s(self) -> float:
        """How far it is ahead of the machine's."""
        return self._ahead.total_seconds()

    def until(self, text: str) -> None:
        """Go on to an instant."""
        self.pass_time(datetime.fromisoformat(text).replace(tzinfo=UTC) - self.now())

    def pass_time(self, by: timedelta) -> None:
        """Go on by some time, for both clocks: what was claimed is over, say."""
        self._ahead += by
        self._slept_s += by.total_seconds()


class Died(BaseException):
    """The process is gone, in the middle of a pass."""


class Week:
    """The world with its clock, and a process that is started again at random."""

    def __init__(self, w: World, seed: int) -> None:
        self.w = w
        self.clock = WeekClock(datetime(2026, 3, 2, 12, tzinfo=UTC))
        self.chance = random.Random(seed)  # noqa: S311 - draws when the process dies
        self.acted: list[tuple[str, str, datetime]] = []

    def passes(self, is_reached: Callable[[], bool], most: int = 2) -> None:
        """Do passes until something is reached, in processes that end whenever they like.

        Each does so many passes, unless it dies; what is reached is asked when it has ended. One
        that stays for two ends the claims of those that died; one that does one pass never dies.
        """
        left = iter(range(MOST_PASSES))
        while not is_reached():
            assert any(True for _ in left), self.words()
            self._set_palettes_clock()
            with suppress(Died):
                self.w.with_engine(
                    self._life(left, most), clock=self.clock, listener=self._hear(may_die=most > 1)
                )

    def some_passes(self) -> None:
        """Do a few passes: nothing is to come of them, or what comes is looked at after."""
        counted = iter(range(3))
        self.passes(lambda: next(counted, None) is None)

    def _life(self, left: Iterator[int], most: int) -> Callable[[Reconciler, Settings], object]:
        async def live(reconciler: Reconciler, settings: Settings) -> None:
            del settings
            try:
                for _ in range(most):
                    await reconciler.run_pass(stays=True)
                    next(left, None)
                    self.clock.pass_time(timedelta(seconds=20))
                    self._set_palettes_clock()
            finally:
                await reconciler.aclose()

        return live  # type: ignore[return-value]

    def _set_palettes_clock(self) -> None:
        """Let it be the same time at Palette."""
        ahead_s = self.clock.ahead_s
        self.w.running.call(lambda sim: setattr(sim.palette.clock, "offset_s", ahead_s))

    def _hear(self, *, may_die: bool) -> Callable[[Event], None]:
        dies_at = self.chance.choice([1, 2, None, None]) if may_die else None
        count = 0

        def hear(event: Event) -> None:
            nonlocal count
            if isinstance(event, Acting):
                count += 1
                if count == dies_at:
                    raise Died
                self.acted.append((event.name, event.action.verb, self.clock.now()))

        return hear

    def rollout(self) -> Document:
        """Give the status of the rollout."""
        return dict(YAML(typ="safe").load(self.w.files()["status/rollouts/emea.yaml"])["status"])

    def paired(self) -> set[int]:
        """Give the hosts that are paired by their statuses."""
        return {n for n in WAVES if self.w.told(f"store-{n}")[0] == "Paired"}

    def words(self) -> str:
        """Say how far it is, for an assertion."""
        told = {n: self.w.told(f"store-{n}") for n in WAVES}
        return f"{self.clock.now()}: {told} {self.rollout()}"


def emea(**more: object) -> Document:
    """Write the rollout of the week."""
    return rollout(
        wave("canary"),
        wave("south"),
        {"name": "rest"},
        pace={"atOnce": 1},
        windows=[window(["tue", "wed"])],
        haltWhen={"failed": 1},
        unreachable={"allowedPercent": 50},
        **more,
    )


def monday(week: Week) -> None:
    """No window is open: nothing is sent, and it is said when the next one opens."""
    week.some_passes()
    assert week.w.effects() == ()
    assert week.w.told("store-1") == ("Blocked", "OutsideWindow")
    assert week.w.told("store-5") == ("Blocked", "WaitingForWave")
    shown = week.rollout()
    assert (shown["phase"], shown["waitsFor"]["reason"]) == ("Waiting", "OutsideWindow")
    assert str(shown["goesOnAt"])[:16].replace("T", " ") == "2026-03-03 02:00"


def tuesday(week: Week) -> None:
    """The canary, the south but for its dark site, then a no, which halts it."""
    w = week.w
    week.clock.until("2026-03-03T02:05")
    week.passes(lambda: week.paired() == {1, 2})
    week.passes(lambda: "request" in w.kinds(4), most=1)
    assert week.paired() == {1, 2}
    request = w.running.call(lambda sim: sim.hosts["store-4"].pairing)
    assert request is not None
    w.running.call(lambda sim: sim.palette.reject(request.uid))
    week.passes(lambda: w.told("store-4")[0] == "Failed")
    week.some_passes()
    assert w.told("store-5") == ("Blocked", "RolloutHalted")
    assert week.rollout()["phase"] == "Halted"
    assert w.kinds(5) == w.kinds(6) == []


def wednesday(week: Week) -> None:
    """A commit mends it; a new profile matches nothing, until another commit names others."""
    w = week.w
    week.clock.until("2026-03-04T02:05")
    w.running.call(
        lambda sim: sim.palette.publish("addons", "2.0.0", (HELLO,), project="edge-retail")
    )
    again = fleet(w, WAVES)
    again[3]["spec"]["attempt"] = 2
    w.commit(*again, emea())
    week.some_passes()
    assert w.told("store-4") == ("Blocked", "LayersDiffer"), week.words()
    for one in again[2:]:
        one["spec"]["profileMatch"] = "full"
    w.commit(*again, emea())
    week.passes(lambda: len(week.paired()) == 4)
    assert week.paired() == {1, 2, 4, 5}, week.words()


def after_the_window(week: Week) -> None:
    """The dark site is back, and waits for the next window."""
    week.clock.until("2026-03-04T05:00")
    week.w.running.wait(lambda sim: sim.on("store-3"))
    before = len(week.acted)
    week.some_passes()
    assert len(week.acted) == before
    assert week.w.told("store-3") == ("Blocked", "OutsideWindow")


def the_tuesday_after(week: Week) -> None:
    """It is caught up, and all is done."""
    week.clock.until("2026-03-10T02:00")
    week.passes(lambda: len(week.paired()) == len(WAVES))
    assert week.rollout()["phase"] == "Complete"
    tip = week.w.tip
    week.some_passes()
    assert week.w.tip == tip


@pytest.mark.parametrize("seed", SEEDS)
def test_a_week_with_a_halt_a_dark_site_and_a_new_profile_ends_right(
    tmp_path: Path, seed: int
) -> None:
    """All are paired in their waves and windows, each once, however often the process dies."""
    with world(tmp_path, *HOSTS) as w:
        week = Week(w, seed)
        w.commit(*fleet(w, WAVES), emea())
        w.running.wait(lambda sim: sim.off("store-3"))
        for day in (monday, tuesday, wednesday, after_the_window, the_tuesday_after):
            day(week)
        for number in (1, 2, 3, 5, 6):
            assert w.kinds(number) == ["request", "accept"]
        for name, verb, at in week.acted:
            first, last = OPEN[f"{at:%a}"]
            assert first <= at.hour < last, (name, verb, at)
        accepted = [name for name, verb, _ in week.acted if verb == "accept"]
        assert accepted.index("store-1") < accepted.index("store-2") < accepted.index("store-4")
