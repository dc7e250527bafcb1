"""Local UI's logins: opaque tokens that expire by the simulation's clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pairctl.sim.identity import bearer_of

EXTENDED_FACTOR = 12  # the vendor's 24 hours to its 2


@dataclass(frozen=True, slots=True)
class TokenPair:
    """A JWT and what renews it."""

    jwt: str = field(repr=False)
    refresh: str = field(repr=False)


class Logins:
    """The tokens of one host. A refresh token works once, and until its JWT's day is over."""

    def __init__(self, host_name: str, lifetime_s: float, now: Callable[[], datetime]) -> None:
        self._host_name = host_name
        self._lifetime_s = lifetime_s
        self._now = now
        self._jwts: dict[str, datetime] = {}
        self._refreshes: dict[str, datetime] = {}
        self._count = 0

    def open(self, *, is_extended: bool = False) -> TokenPair:
        """Make a new pair of tokens."""
        self._count += 1
        now = self._now()
        pair = TokenPair(
            bearer_of("jwt", self._host_name, now, self._count),
            bearer_of("refresh", self._host_name, now, self._count),
        )
        longest = timedelta(seconds=self._lifetime_s * EXTENDED_FACTOR)
        lifetime = longest if is_extended else timedelta(seconds=self._lifetime_s)
        self._jwts[pair.jwt] = now + lifetime
        self._refreshes[pair.refresh] = now + longest
        return pair

    def admits(self, jwt: str) -> bool:
        """Whether a JWT is one of ours and still valid."""
        return self._is_current(self._jwts.get(jwt))

    def renew(self, refresh: str, *, is_extended: bool = False) -> TokenPair | None:
        """Trade a refresh token for a new pair; None where it is not valid."""
        if not self._is_current(self._refreshes.pop(refresh, None)):
            return None
        return self.open(is_extended=is_extended)

    def expire(self) -> None:
        """End all logins at once; refresh tokens too."""
        self._jwts.clear()
        self._refreshes.clear()

    def _is_current(self, expires_at: datetime | None) -> bool:
        return expires_at is not None and self._now() < expires_at
