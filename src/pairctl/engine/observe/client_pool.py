"""Clients that are open: reused by the passes of a run, renewed when they grow old."""

from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar

from pairctl.engine.runtime.clock import Clock

MAX_AGE_S = 300.0
"""A client may remember a login, or which project a name means; not for longer than this."""


class Client(Protocol):
    """What holds connections."""

    async def aclose(self) -> None:
        """Close them."""


K = TypeVar("K", bound=Hashable)
C = TypeVar("C", bound=Client)


class Clients(Generic[K, C]):
    """The open clients of one kind, by all that they were opened with."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[K, tuple[C, float]] = {}

    def get(self, key: K, make: Callable[[], C]) -> C:
        """Return the client that was opened with `key`, or a new one."""
        if key not in self._open:
            self._open[key] = (make(), self._clock.monotonic())
        return self._open[key][0]

    async def renew(self, max_age_s: float = MAX_AGE_S) -> None:
        """Close what is older. Only between passes: nobody is waiting for an answer then."""
        before = self._clock.monotonic() - max_age_s
        old = [key for key, (_, opened_at) in self._open.items() if opened_at <= before]
        for key in old:
            await self._open.pop(key)[0].aclose()

    async def aclose(self) -> None:
        """Close all."""
        await self.renew(max_age_s=0)
