"""The connections of all clients that are open and not in use: so many at most, and not for long.

Each edge host has a client of its own. In a large fleet most of them have nothing to do, and every
connection is an open file of this process, and one of a small host.
"""

import resource
import time
from collections.abc import Callable

from pairctl.apis.http_connection import HttpConnection

KEEP_ALIVE_S = 180.0
"""How long an unused connection is kept: a host is looked at again within minutes, or not soon."""
MOST_KEPT = 2048
"""How many are kept at most: some 50 KiB of memory each."""

Drop = Callable[[HttpConnection], None]


class KeptConnections:
    """Those that are kept, in the order in which they were used, and who hangs up on each."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most_kept() if most is None else most
        self._kept: dict[HttpConnection, Drop] = {}

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._kept)

    def keep(self, connection: HttpConnection, drop: Drop) -> None:
        """Keep a connection that was just used; hang up on those that were used longest ago."""
        self._kept[connection] = drop
        oldest_s = time.monotonic() - KEEP_ALIVE_S
        while self._kept:
            one, drop_it = next(iter(self._kept.items()))
            if len(self._kept) <= self._most and one.used_s >= oldest_s:
                break
            del self._kept[one]
            drop_it(one)

    def take(self, connection: HttpConnection) -> None:
        """Leave a connection to whoever uses it now, or closes it."""
        self._kept.pop(connection, None)


def most_kept() -> int:
    """Return how many may be kept: half of the files that this process may open, at most."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_KEPT if soft == resource.RLIM_INFINITY else min(MOST_KEPT, soft // 2)
