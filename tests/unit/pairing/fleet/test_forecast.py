"""A forecast never says that a rollout ends later than it can, and counts each limit."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_factory import spec, wave
from pairctl.pairing import MemberState, PairingCost, RolloutForecast, forecast, still_to_accept
from pairctl.pairing.fleet.windows import is_open
from pairctl.spec import Limits, RolloutSpec

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
FREE = PairingCost(29, 0.0)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NIGHTS = {"days": ["tue", "wed"], "from": "02:00", "to": "05:00", "timeZone": "UTC"}


def told(of: RolloutSpec, *left: int, cost: PairingCost = FREE, **caps: int) -> RolloutForecast:
    """Forecast waves of which so many are left."""
    limits = Limits.model_validate(caps)
    waves = [(one.name, number) for one, number in zip(of.waves, left, strict=True)]
    return forecast(of, waves, cost, limits, now=NOW)


def test_nothing_is_left_of_what_is_done() -> None:
    """No calls, and no instant: also where windows are closed for ever."""
    found = told(spec(windows=[NIGHTS]), 0, 0)
    assert (found.left, found.calls, found.ends_at, found.lasts_s) == (0, 0, None, None)
    assert [one.begins_at for one in found.waves] == [None, None]


def test_calls_and_time_by_the_limits_of_palette() -> None:
    """4,000 pairings take 29 requests each, and follow each other by the limits alone."""
    found = told(spec({"name": "all"}), 4_000, cost=PairingCost(29, 2 / 9))
    assert found.calls == 116_000
    assert found.ends_at == NOW + 4_000 * timedelta(seconds=2 / 9)
    assert found.lasts_s == pytest.approx(4_000 * 2 / 9)


def test_a_pace_of_an_hour() -> None:
    """As many begin at once as there are places; the next have theirs an hour after."""
    found = told(spec({"name": "all"}, pace={"perHour": 60}), 150)
    assert found.ends_at == NOW + 2 * HOUR
    assert told(spec({"name": "all"}), 150, acceptancesPerHour=60).ends_at == NOW + 2 * HOUR
    assert told(spec({"name": "all"}), 150, acceptancesPerHour=0).ends_at is None


def test_a_pace_at_once_counts_by_how_long_a_pairing_lasts() -> None:
    """Of 100 at 20 at once, and 10 minutes each, five follow each other in a place."""
    found = told(spec({"name": "all"}, pace={"atOnce": 20}), 100, cost=PairingCost(29, 0.0, 600))
    assert found.ends_at == NOW + 50 * MINUTE


def test_a_wave_begins_when_the_one_before_is_paired() -> None:
    """Its last pairing lasts as long as any; a wave of which none is left holds nobody."""
    found = told(spec(wave("a"), wave("b"), {"name": "c"}), 2, 0, 3, cost=PairingCost(29, 1, 600))
    first, empty, last = found.waves
    assert (first.begins_at, first.ends_at) == (NOW, NOW + timedelta(seconds=601))
    assert (empty.begins_at, empty.ends_at) == (None, None)
    assert last.begins_at == first.ends_at


def test_windows() -> None:
    """180 fit into a night of three hours at 60 an hour; the rest waits for the next night."""
    of = spec(wave("a"), {"name": "b"}, windows=[NIGHTS], pace={"perHour": 60})
    found = told(of, 180, 30)
    night = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    assert [(one.begins_at, one.ends_at) for one in found.waves] == [
        (night, night + 2 * HOUR),
        (night + DAY, night + DAY),
    ]
    assert found.lasts_s == 3 * HOUR.total_seconds()


def test_what_does_not_end_within_a_year_is_not_forecast() -> None:
    """One an hour, in an hour of a week: 100 of them are too many, and it says nothing."""
    weekly = {**NIGHTS, "days": ["sun"], "to": "03:00"}
    found = told(spec({"name": "all"}, windows=[weekly], pace={"perHour": 1}), 100)
    assert (found.waves[0].begins_at, found.ends_at) == (datetime(2026, 3, 8, 2, tzinfo=UTC), None)
    assert found.lasts_s is None


def test_what_is_in_its_own_way_is_not_counted() -> None:
    """Neither what is dark, blocked or failed, nor what was accepted already."""
    members = {state: (f"{state}-1", f"{state}-2") for state in MemberState}
    assert still_to_accept(members, {"underWay-1"}) == 5


@given(
    counts=st.lists(st.integers(0, 12), min_size=1, max_size=4),
    per_hour=st.none() | st.integers(1, 9),
    at_once=st.none() | st.integers(1, 9),
    lasts=st.integers(0, 3_600),
    has_windows=st.booleans(),
)
def test_more_time_and_more_places_never_make_it_later(
    counts: list[int],
    per_hour: int | None,
    at_once: int | None,
    lasts: int,
    has_windows: bool,
) -> None:
    """Waves follow each other, begin in windows, and end no earlier than with a wider pace."""
    waves = [wave(f"w{number}") for number in range(len(counts))]
    pace = {"perHour": per_hour, "atOnce": at_once}
    more: dict[str, Any] = {"windows": [NIGHTS]} if has_windows else {}
    cost = PairingCost(29, 1.0, lasts)
    given_pace = {key: value for key, value in pace.items() if value}
    of = spec(*waves, pace=given_pace, **more)
    found = told(of, *counts, cost=cost)
    shown = [(one.begins_at, one.ends_at) for one in found.waves if one.left and one.ends_at]
    instants = [at for pair in shown for at in pair if at]
    assert instants == sorted(instants)
    assert all(is_open(of.windows, one.begins_at) for one in found.waves if one.begins_at)
    wider = told(spec(*waves, **more), *counts, cost=cost)
    if found.ends_at and wider.ends_at:
        assert wider.ends_at <= found.ends_at
