"""When the waves of a rollout can begin and end at the earliest, and what that takes. Pure.

A bound from below: nothing fails, no person hesitates, what is dark or blocked stays so, and no
cluster takes longer than the quickest one. Acceptances follow each other as closely as the pace,
the operator's caps, the windows and Palette's limits let them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pairctl.pairing.fleet.rollout_state import MemberState
from pairctl.pairing.fleet.windows import next_closing, next_opening
from pairctl.spec import Limits, RolloutSpec, Window

_HOUR = timedelta(hours=1)
_HORIZON = timedelta(days=366)
"""What would come later than that is not forecast."""

_TO_COME = (MemberState.UNDER_WAY, MemberState.HELD, MemberState.WAITING)


@dataclass(frozen=True, slots=True)
class PairingCost:
    """What one pairing takes at the least: HTTP requests, and seconds.

    `interval_s` is the time between two acceptances by Palette's published limits, `lasts_s` that
    from an acceptance until the cluster is paired.
    """

    calls: int
    interval_s: float
    lasts_s: float = 0.0


@dataclass(frozen=True, slots=True)
class WaveForecast:
    """One wave: how many of it are still to be accepted, and from when until when at the earliest.

    Both are None where none is left, or where no window opens for them within a year.
    """

    name: str
    left: int
    begins_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RolloutForecast:
    """What is still to come of a rollout, in `calls` HTTP requests at the least.

    `lasts_s` is how long it takes where windows are always open, `ends_at` when it is done in the
    windows that there are. Both are None where nothing is left, or it does not end within a year.
    """

    waves: tuple[WaveForecast, ...]
    calls: int = 0
    lasts_s: float | None = None
    ends_at: datetime | None = None

    @property
    def left(self) -> int:
        """How many are still to be accepted."""
        return sum(wave.left for wave in self.waves)


def still_to_accept(
    members: Mapping[MemberState, Collection[str]], accepted: Collection[str]
) -> int:
    """Return how many of a wave are to be accepted, as far as nothing is in their way by itself.

    `accepted` are intents whose request was accepted, and that are not paired yet.
    """
    return sum(name not in accepted for state in _TO_COME for name in members.get(state, ()))


def forecast(
    spec: RolloutSpec,
    waves: Iterable[tuple[str, int]],
    cost: PairingCost,
    caps: Limits,
    *,
    now: datetime,
) -> RolloutForecast:
    """Return when waves, each a name and how many are left of it, begin and end at the earliest."""
    to_come = list(waves)
    found = _in_windows(spec, spec.windows, to_come, cost, caps, now)
    ends_at = _end(found)
    without = _end(_in_windows(spec, None, to_come, cost, caps, now)) if spec.windows else ends_at
    return RolloutForecast(
        found,
        calls=sum(left for _, left in to_come) * cost.calls,
        lasts_s=(without - now).total_seconds() if without and ends_at else None,
        ends_at=ends_at,
    )


def _in_windows(
    spec: RolloutSpec,
    windows: list[Window] | None,
    to_come: Iterable[tuple[str, int]],
    cost: PairingCost,
    caps: Limits,
    now: datetime,
) -> tuple[WaveForecast, ...]:
    acceptances = _Acceptances(spec, windows, cost, caps, now)
    return tuple(
        WaveForecast(name, left, *(acceptances.of_wave(left) if left else (None, None)))
        for name, left in to_come
    )


def _end(waves: Iterable[WaveForecast]) -> datetime | None:
    """Return when the last wave ends; None where one of them does not, or none is left."""
    ends = [wave.ends_at for wave in waves if wave.left]
    known = [at for at in ends if at is not None]
    return max(known, default=None) if len(known) == len(ends) else None


class _Acceptances:
    """The instants of acceptances, one after the other, each as early as it may be."""

    def __init__(
        self,
        spec: RolloutSpec,
        windows: list[Window] | None,
        cost: PairingCost,
        caps: Limits,
        now: datetime,
    ) -> None:
        lasts = timedelta(seconds=cost.lasts_s)
        spans = (
            (1, timedelta(seconds=cost.interval_s)),
            (spec.pace.per_hour, _HOUR),
            (caps.acceptances_per_hour, _HOUR),
            (spec.pace.at_once, lasts),
            (caps.acceptances_at_once, lasts),
        )
        self._limits = [(count, span) for count, span in spans if count is not None]
        self._lasts = max(lasts, timedelta(seconds=cost.interval_s))
        self._windows = windows
        self._taken: list[datetime] = []
        self._earliest = now
        self._latest = now + _HORIZON
        self._open: tuple[datetime, datetime | None] | None = None
        self._is_over = any(count == 0 for count, _ in self._limits)

    def of_wave(self, count: int) -> tuple[datetime | None, datetime | None]:
        """Accept so many; return when the first can be, and when the last is paired."""
        first = len(self._taken)
        for _ in range(count):
            at = None if self._is_over else self._in_window(max(self._free_places()))
            if at is None:
                self._is_over = True
                return (self._taken[first] if len(self._taken) > first else None), None
            self._taken.append(at)
        # The next wave begins when this one is paired.
        self._earliest = self._taken[-1] + self._lasts
        return self._taken[first], self._earliest

    def _free_places(self) -> Iterator[datetime]:
        """Yield from when on each of the limits has a place."""
        yield self._earliest
        for count, span in self._limits:
            if len(self._taken) >= count:
                yield self._taken[-count] + span

    def _in_window(self, at: datetime) -> datetime | None:
        """Return the first instant from one on that is in a window; each is looked up once."""
        if self._open and self._open[0] <= at and (self._open[1] is None or at < self._open[1]):
            return at
        opens = next_opening(self._windows, at)
        if opens is None or opens > self._latest:
            return None
        self._open = (opens, next_closing(self._windows, opens))
        return opens
