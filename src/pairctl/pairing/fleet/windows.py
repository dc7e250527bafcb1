"""When windows of a rollout are open: by the clock on the wall, in their time zones. Pure.

Instants are aware and UTC. An hour that the clock skips is in no window; one that it shows twice
is in a window twice, since the clock on the wall says so both times.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pairctl.spec import DAYS, Window, time_zone

_DAY = timedelta(days=1)
_HORIZON = timedelta(days=16)
"""A window that is weekly, and skipped once by the clock, opens within this time."""
_STEP = timedelta(hours=6)
_MOST_WINDOWS = 64


def is_open(windows: Sequence[Window] | None, at: datetime) -> bool:
    """Whether something new may begin at an instant; at any, where there are no windows."""
    return windows is None or any(_is_open(window, at) for window in windows)


def next_opening(windows: Sequence[Window] | None, at: datetime) -> datetime | None:
    """Return the first instant from `at` on at which a window is open; None where none opens.

    `at` itself where one is open.
    """
    if is_open(windows, at):
        return at
    opens = (_first(window, at, is_wanted_open=True) for window in windows or ())
    return min((one for one in opens if one is not None), default=None)


def next_closing(windows: Sequence[Window] | None, at: datetime) -> datetime | None:
    """Return the first instant after `at` at which no window is open; None where always one is."""
    closes = at
    for _ in range(_MOST_WINDOWS * 4):
        window = next((one for one in windows or () if _is_open(one, closes)), None)
        if window is None:
            return closes if windows is not None else None
        end = _first(window, closes, is_wanted_open=False)
        if end is None:
            return None
        closes = end
    return None


def open_for(
    windows: Sequence[Window] | None, begin: datetime, length: timedelta
) -> datetime | None:
    """Return when windows will have been open for so long, from an instant on; None where never.

    At most a year of windows is looked at.
    """
    at, left = begin, length
    while at < begin + timedelta(days=366):
        opens = next_opening(windows, at)
        if opens is None:
            return None
        closes = next_closing(windows, opens)
        if closes is None or closes - opens >= left:
            return opens + left
        left -= closes - opens
        at = closes
    return None


def _is_open(window: Window, at: datetime) -> bool:
    local = at.astimezone(time_zone(window.time_zone)).replace(tzinfo=None, fold=0)
    return any(start <= local < end for start, end in _spans(window, local.date(), 1))


def _spans(window: Window, day: date, before: int) -> Iterator[tuple[datetime, datetime]]:
    """Yield the beginnings and ends, by the clock on the wall, on a day and on days before it."""
    for ago in range(before + 1):
        begins = day - ago * _DAY
        if window.days is None or DAYS[begins.weekday()] in window.days:
            start, end = _at(begins, window.from_), _at(begins, window.to)
            yield start, end if end > start else end + _DAY


def _at(day: date, text: str) -> datetime:
    midnight = datetime.combine(day, time())
    return midnight + _DAY if text == "24:00" else midnight + _since_midnight(text)


def _since_midnight(text: str) -> timedelta:
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def _first(window: Window, after: datetime, *, is_wanted_open: bool) -> datetime | None:
    """Return the first instant after another at which the window has opened, or has closed.

    That is where it begins or ends by the clock on the wall, or where this clock jumps.
    """
    zone = time_zone(window.time_zone)
    last_day = (after + _HORIZON).astimezone(zone).date()
    walls = (wall for span in _spans(window, last_day, _HORIZON.days + 2) for wall in span)
    candidates = {*_jumps(zone, after)}
    for wall in walls:
        # a time of the clock that comes twice is two instants, and one that never comes is none
        candidates |= {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    found = (one for one in candidates if one > after and _is_open(window, one) is is_wanted_open)
    return min(found, default=None)


def _jumps(zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Yield the instants, to the second, at which the clock of a zone jumps, within the horizon."""
    at = after.replace(microsecond=0)
    while at < after + _HORIZON:
        later = at + _STEP
        if _offset(zone, at) != _offset(zone, later):
            before, past = at, later
            while past - before > timedelta(seconds=1):
                middle = (before + (past - before) / 2).replace(microsecond=0)
                middle = max(middle, before + timedelta(seconds=1))
                is_before = _offset(zone, middle) == _offset(zone, at)
                before, past = (middle, past) if is_before else (before, middle)
            yield past
        at = later


def _offset(zone: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(zone).utcoffset()
