"""Logins of Local UI."""

from datetime import UTC, datetime

from pairctl.sim.host.logins import Logins
from sim_factory import Clock


def _make_logins(clock: Clock) -> Logins:
    return Logins("store-1", 7200, lambda: datetime.fromtimestamp(clock(), UTC))


def test_tokens_expire_after_their_lifetime() -> None:
    """Two hours, or a day for an extended login."""
    clock = Clock()
    logins = _make_logins(clock)
    short, extended = logins.open(), logins.open(is_extended=True)
    clock.seconds += 7199
    assert logins.admits(short.jwt)
    clock.seconds += 1
    assert (logins.admits(short.jwt), logins.admits(extended.jwt)) == (False, True)
    clock.seconds += 22 * 3600
    assert not logins.admits(extended.jwt)


def test_a_refresh_token_works_once() -> None:
    """Renewal gives new tokens, after the JWT has expired too."""
    clock = Clock()
    logins = _make_logins(clock)
    first = logins.open()
    clock.seconds += 7200
    second = logins.renew(first.refresh)
    assert second is not None
    assert logins.admits(second.jwt)
    assert logins.renew(first.refresh) is None


def test_tokens_differ_and_are_not_printed() -> None:
    """Two logins in one instant are two logins; no repr shows a token."""
    logins = _make_logins(Clock())
    first, second = logins.open(), logins.open()
    assert first.jwt != second.jwt
    assert "simulated" not in repr(first)
    assert not logins.admits("")
