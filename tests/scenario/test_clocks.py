"""No skew and no step of the clocks of machines that run pairctl makes a second action possible."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pairctl.engine import SystemClock
from scenario_factory import HurryingClock, World, world

SKEWS = [-86400.0 * 3, -3600.0, -60.0, 60.0, 3600.0, 86400.0 * 3]


class OffClock(HurryingClock):
    """A wall clock that is off, and a clock of its own for ages: each machine counts from 0."""

    def __init__(self, offset_s: float = 0.0) -> None:
        self.offset_s = offset_s
        self._began_s = super().monotonic()

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.offset_s)

    def monotonic(self) -> float:
        return super().monotonic() - self._began_s


class Jumping(OffClock):
    """A wall clock that is somewhere else each time it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self._jumps: Iterator[float] = iter(SKEWS * 1000)

    def now(self) -> datetime:
        self.offset_s = next(self._jumps)
        return super().now()


def claimed(w: World, seconds: float = 60.0) -> None:
    """Let another's claim to accept be on the branch, made now by Palette's clock."""
    w.one_pass()
    now = w.running.call(lambda sim: sim.palette.clock.at(datetime.now(UTC)))
    claim = w.claim(
        "accept",
        seconds=seconds,
        pairing_uid=w.pairing_uid(),
        palette=w.palette_place(),
        dated_at=now.replace(microsecond=0),
    )
    w.push_claim(claim)


@pytest.mark.parametrize("skew_s", SKEWS)
@pytest.mark.parametrize("command", ["one_pass", "apply"])
def test_an_open_claim_binds_whatever_a_machines_clock_says(
    tmp_path: Path, skew_s: float, command: str
) -> None:
    """A reader whose clock is ahead by days ends no claim before its time."""
    with world(tmp_path) as w:
        claimed(w, seconds=5.0 if command == "apply" else 60.0)
        w.one_pass(clock=OffClock(skew_s))
        assert w.told() == ("Blocked", "OutcomeUnknown")
        assert w.effects("accept") == ()
        if command == "apply":
            w.apply(clock=OffClock(skew_s))
            assert w.told() == ("Paired", "Paired")
            assert len(w.effects("accept")) == 1


def test_a_clock_that_jumps_while_running_changes_nothing(tmp_path: Path) -> None:
    """Forward and back by days between any two looks: one request, one acceptance."""
    with world(tmp_path) as w:
        w.apply(clock=Jumping())
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_a_run_that_does_not_stay_ends_a_claim_by_palettes_clock(tmp_path: Path) -> None:
    """Not before the lifetime and the margin have passed there; and then without waiting."""
    with world(tmp_path, timing={"clockMarginSeconds": 30}) as w:
        claimed(w)
        ahead(w, 80.0)
        w.one_pass()
        assert w.told() == ("Blocked", "OutcomeUnknown")
        ahead(w, 95.0)
        w.one_pass()
        assert w.told()[0] in ("Accepted", "Paired")
        assert len(w.effects("accept")) == 1


def ahead(w: World, seconds: float) -> None:
    """Let Palette's clock be ahead of what it was."""
    w.running.call(lambda sim: setattr(sim.palette.clock, "offset_s", seconds))


def test_a_palette_that_tells_no_time_ends_no_claim_of_a_run_that_does_not_stay(
    tmp_path: Path,
) -> None:
    """What cannot be dated binds; a run that stays counts on its own clock."""
    with world(tmp_path) as w:
        claimed(w, seconds=3.0)
        w.running.call(lambda sim: setattr(sim.palette.clock, "sends_date", False))
        w.one_pass(clock=OffClock(86400.0))
        assert w.told() == ("Blocked", "OutcomeUnknown")
        w.apply(clock=HurryingClock())
        assert w.told() == ("Paired", "Paired")
        assert len(w.effects("accept")) == 1


def test_the_holder_counts_the_time_that_its_machine_slept() -> None:
    """The clock that ages are judged by goes on in sleep, where the system has such a clock."""
    clock_id = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    before = time.clock_gettime(clock_id)
    seen = SystemClock().monotonic()
    assert before <= seen <= time.clock_gettime(clock_id)
