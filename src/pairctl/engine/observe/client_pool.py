"""Clients that are open: reused by the passes of a run, renewed when they grow old."""

from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar

from pairctl.engine.runtime.clock import Clock

MAX_AGE_S = 300.0
"""A client may remember a login, or which project a name means; not for longer than this.

It is longer than any one look takes."""


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
        self._retired: list[tuple[C, float]] = []

    def get(self, key: K, make: Callable[[], C]) -> C:
        """Return the client that was opened with `key`, or a new one."""
        if key not in self._open:
            self._open[key] = (make(), self._clock.monotonic())
        return self._open[key][0]

    async def renew(self) -> None:
        """Take what has grown old out of use; it is closed when no call can be under way in it."""
        now_s = self._clock.monotonic()
        for key, (client, opened_s) in list(self._open.items()):
            if now_s - opened_s >= MAX_AGE_S:
                del self._open[key]
                self._retired.append((client, now_s))
        ended = [client for client, since_s in self._retired if now_s - since_s >= MAX_AGE_S]
        self._retired = [one for one in self._retired if now_s - one[1] < MAX_AGE_S]
        for client in ended:
            await client.aclose()

    def retire(self) -> None:
        """Take all out of use; each is closed when no call can be under way in it."""
        now_s = self._clock.monotonic()
        self._retired += [(client, now_s) for client, _ in self._open.values()]
        self._open = {}

    async def aclose(self) -> None:
        """Close all."""
        clients = [client for client, _ in (*self._open.values(), *self._retired)]
        self._open, self._retired = {}, []
        for client in clients:
            await client.aclose()
