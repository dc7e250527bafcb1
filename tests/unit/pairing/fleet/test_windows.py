"""Windows are local time by the clock on the wall: also on the days on which it jumps."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.pairing.fleet.windows import is_open, next_closing, next_opening, open_for
from pairctl.spec import DAYS, Window

LISBON, SYDNEY = "Europe/Lisbon", "Australia/Sydney"
MINUTE = timedelta(minutes=1)


def window(begin: str, end: str, zone: str, *days: str) -> Window:
    """Write a window."""
    fields = {"from": begin, "to": end, "timeZone": zone, **({"days": list(days)} if days else {})}
    return Window.model_validate(fields, strict=False)


def at(text: str) -> datetime:
    """Read an instant, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


JUMPS = {
    # Lisbon, 29 March 2026: 00:59 is followed by 02:00, at 01:00 UTC.
    "an hour that is missing": (
        window("01:15", "01:45", LISBON, "sun"),
        "2026-03-29T00:00",
        [("2026-04-05T00:15", "2026-04-05T00:45")],
    ),
    "a beginning in the missing hour": (
        window("01:30", "03:00", LISBON, "sun"),
        "2026-03-29T00:00",
        [("2026-03-29T01:00", "2026-03-29T02:00")],
    ),
    "an end in the missing hour": (
        window("00:30", "01:30", LISBON, "sun"),
        "2026-03-29T00:00",
        [("2026-03-29T00:30", "2026-03-29T01:00")],
    ),
    # Lisbon, 25 October 2026: 01:59 is followed by 01:00, at 01:00 UTC.
    "within the doubled hour": (
        window("01:15", "01:45", LISBON, "sun"),
        "2026-10-25T00:00",
        [("2026-10-25T00:15", "2026-10-25T00:45"), ("2026-10-25T01:15", "2026-10-25T01:45")],
    ),
    "a beginning in the doubled hour": (
        window("01:30", "03:00", LISBON, "sun"),
        "2026-10-25T00:00",
        [("2026-10-25T00:30", "2026-10-25T01:00"), ("2026-10-25T01:30", "2026-10-25T03:00")],
    ),
    "an end in the doubled hour": (
        window("00:30", "01:30", LISBON, "sun"),
        "2026-10-24T22:00",
        [("2026-10-24T23:30", "2026-10-25T00:30"), ("2026-10-25T01:00", "2026-10-25T01:30")],
    ),
    "all of the doubled hour": (
        window("00:00", "05:00", LISBON, "sun"),
        "2026-10-24T12:00",
        [("2026-10-24T23:00", "2026-10-25T05:00")],
    ),
    # Sydney, 4 October 2026: 01:59 is followed by 03:00, at 16:00 UTC of the day before.
    "over midnight, into the missing hour": (
        window("23:00", "02:30", SYDNEY, "sat"),
        "2026-10-03T00:00",
        [("2026-10-03T13:00", "2026-10-03T16:00")],
    ),
    # Sydney, 5 April 2026: 02:59 is followed by 02:00, at 16:00 UTC of the day before.
    "over midnight, over the doubled hour": (
        window("23:00", "04:00", SYDNEY, "sat"),
        "2026-04-04T00:00",
        [("2026-04-04T12:00", "2026-04-04T18:00")],
    ),
    "over midnight, on an ordinary day": (
        window("22:00", "06:00", "UTC", "mon"),
        "2026-03-02T00:00",
        [("2026-03-02T22:00", "2026-03-03T06:00"), ("2026-03-09T22:00", "2026-03-10T06:00")],
    ),
    "a whole day": (
        window("00:00", "24:00", "UTC", "mon"),
        "2026-03-01T00:00",
        [("2026-03-02T00:00", "2026-03-03T00:00")],
    ),
}


@pytest.mark.parametrize("name", JUMPS)
def test_a_window_opens_and_closes_by_the_clock_on_the_wall(name: str) -> None:
    """An hour that is missing is in no window, and one that comes twice is in it twice."""
    one, begin, spans = JUMPS[name]
    now = at(begin)
    for opens, closes in spans:
        assert next_opening([one], now) == at(opens)
        assert is_open([one], at(opens))
        assert not is_open([one], at(opens) - MINUTE)
        assert next_closing([one], at(opens)) == at(closes)
        assert not is_open([one], at(closes))
        now = at(closes)


def test_windows_that_follow_each_other_are_one() -> None:
    """It closes when the last of them does; with all days and hours, never."""
    both = [window("22:00", "24:00", "UTC"), window("00:00", "02:00", "UTC")]
    assert next_closing(both, at("2026-03-02T23:00")) == at("2026-03-03T02:00")
    assert next_closing([window("00:00", "24:00", "UTC")], at("2026-03-02T23:00")) is None
    assert next_closing(None, at("2026-03-02T23:00")) is None
    assert is_open(None, at("2026-03-02T23:00"))


def test_what_is_left_of_a_pace_is_counted_in_open_windows() -> None:
    """Three hours of work in windows of two hours end in the second one."""
    nightly = [window("02:00", "04:00", "UTC")]
    ends = open_for(nightly, at("2026-03-02T12:00"), timedelta(hours=3))
    assert ends == at("2026-03-04T03:00")
    begin = at("2026-03-02T12:00")
    assert open_for(None, begin, timedelta(hours=3)) == begin + timedelta(hours=3)


@given(
    st.sampled_from(["00:00", "00:45", "01:30", "02:30", "23:00"]),
    st.sampled_from(["00:30", "01:15", "02:15", "03:30", "24:00"]),
    st.sampled_from([LISBON, SYDNEY, "UTC"]),
    st.lists(st.sampled_from(DAYS), min_size=1, max_size=3),
    st.sampled_from(
        ["2026-03-28T09:00", "2026-10-24T09:00", "2026-04-04T09:00", "2026-10-03T09:00"]
    ),
)
def test_the_next_opening_is_the_first_minute_that_is_open(
    begin: str, end: str, zone: str, days: list[str], now: str
) -> None:
    """Looked for minute by minute, over days on which clocks jump, it is the same."""
    one, after = window(begin, end, zone, *days), at(now)
    minutes = (after + number * MINUTE for number in range(3 * 24 * 60))
    first = next((minute for minute in minutes if is_open([one], minute)), None)
    found = next_opening([one], after)
    if first is not None:
        assert found == first
    else:
        assert found is None or found >= after + timedelta(days=3)
