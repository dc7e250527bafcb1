"""A server that wants a client certificate: the cause is named, however the connection ends."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from apis_factory import CA_PEM, EFFECT, READ, channel, hang, reset, serving, wire
from mutual_tls_factory import Manner, Shut, demanding
from owned_time import run_with_leaps
from pairctl.apis import (
    ApiFailure,
    Authorities,
    ClientCertificateRequired,
    Dial,
    LocalUI,
    NoAnswer,
    OutcomeUnknown,
    Palette,
    Pinned,
    SystemAuthorities,
    TlsUntrusted,
    Trust,
    Unchecked,
    Unreachable,
    proven,
)
from pairctl.secrets import Credentials, Secret, target

ENDS = [Manner.ALERT, Manner.ALERT_AND_RESET]
KEY, USER = Secret("simulated-key"), Credentials("kairos", Secret("simulated-password"))


def failure_at(
    version: str, manner: Manner, call: Callable[[Shut], Awaitable[object]]
) -> tuple[ApiFailure, Shut]:
    """Return how a call at such a server ends, and the server."""

    async def run() -> tuple[ApiFailure, Shut]:
        async with demanding(version, manner) as server:
            with pytest.raises(ApiFailure) as caught:
                await call(server)
            return caught.value, server

    return asyncio.run(run())


async def read(server: Shut, trust: Trust) -> object:
    """Call once with this trust."""
    async with channel(server.endpoint, trust=trust) as one:
        return await one.call(READ)


def pin(server: Shut) -> Trust:
    """Pin the server's certificate."""
    return Pinned(server.fingerprint)


TRUSTS: dict[str, Callable[[Shut], Trust]] = {
    "authority": lambda _: Authorities(CA_PEM),
    "pin": pin,
    "unchecked": lambda _: Unchecked(),
}


@pytest.mark.parametrize("trust", TRUSTS.values(), ids=TRUSTS.keys())
@pytest.mark.parametrize("manner", ENDS, ids=lambda one: one.name)
@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_a_server_that_wants_a_client_certificate_is_named_as_such(
    version: str, manner: Manner, trust: Callable[[Shut], Trust]
) -> None:
    """In the handshake, at the first read, or by a reset: one reason, and no further tries."""
    failure, server = failure_at(version, manner, lambda one: read(one, trust(one)))
    assert type(failure) is ClientCertificateRequired
    assert not failure.is_passing
    assert "client certificate" in str(failure)
    assert server.endpoint.removeprefix("https://") in failure.problem.message
    assert "proxy" in failure.problem.hint
    assert server.connections <= 3, "it was tried again and again"
    assert server.requests == []


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("kind", ["host", "Palette"])
def test_hosts_and_palette_say_the_same(version: str, kind: str) -> None:
    """The login and the first list are told alike."""

    async def call(server: Shut) -> object:
        one: Any = (
            LocalUI(server.endpoint, USER, wire())
            if kind == "host"
            else Palette(server.endpoint, KEY, wire())
        )
        async with one as client:
            return await (client.observe() if kind == "host" else client.profiles())

    failure, _ = failure_at(version, Manner.ALERT_AND_RESET, call)
    assert type(failure) is ClientCertificateRequired


def test_tls_1_2_is_told_by_what_was_asked_where_no_alert_comes() -> None:
    """The request for a certificate stands in the open there, and the connection just ends."""
    failure, server = failure_at("1.2", Manner.SILENCE, lambda one: read(one, Authorities(CA_PEM)))
    assert type(failure) is ClientCertificateRequired
    assert server.connections == 2


def test_tls_1_3_without_an_alert_is_cut_off_and_no_more() -> None:
    """Nothing shows why: no cause is made up."""
    failure, _ = failure_at("1.3", Manner.SILENCE, lambda one: read(one, Authorities(CA_PEM)))
    assert isinstance(failure, NoAnswer | Unreachable)


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_a_server_that_only_asks_is_not_blamed(version: str) -> None:
    """An optional certificate is none that is required: a cut connection is what it seems."""
    failure, server = failure_at(
        version, Manner.OPTIONAL, lambda one: read(one, Authorities(CA_PEM))
    )
    assert type(failure) is NoAnswer
    assert server.requests


def test_servers_that_cut_or_hang_are_not_blamed() -> None:
    """A reset is tried again, and what took too long is not asked about certificates."""

    async def run() -> None:
        async with serving(reset) as server, channel(server.endpoint) as one:
            with pytest.raises(NoAnswer):
                await one.call(READ)
            assert (len(server.got), server.connections) == (3, 4)
        async with serving(hang) as server, channel(server.endpoint) as one:
            with pytest.raises(NoAnswer):
                await one.call(READ)
            assert server.connections == 1

    run_with_leaps(run())


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_a_call_with_an_effect_is_never_said_to_be_not_applied_by_this(version: str) -> None:
    """In the handshake nothing was sent; once a byte has left, the outcome is unknown."""

    async def act(server: Shut) -> object:
        async with channel(server.endpoint) as one:
            return await one.call(EFFECT)

    failure, server = failure_at(version, Manner.ALERT, act)
    assert type(failure) is (ClientCertificateRequired if version == "1.2" else OutcomeUnknown)
    assert server.requests == []


def test_no_shared_cipher_is_another_matter() -> None:
    """The same alert, from a server that asked for nothing: TLS itself failed."""
    failure, _ = failure_at("1.2", Manner.NO_CIPHER, lambda one: read(one, Unchecked()))
    assert type(failure) is TlsUntrusted


def test_the_look_at_the_way_names_it_too() -> None:
    """`doctor` walks to the handshake: in TLS 1.2 it ends there."""

    async def walk(server: Shut) -> object:
        return await proven(target(server.endpoint), Authorities(CA_PEM), Dial(), 5.0)

    failure, _ = failure_at("1.2", Manner.ALERT, walk)
    assert type(failure) is ClientCertificateRequired


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_a_server_that_is_not_trusted_is_not_asked_for_more(version: str) -> None:
    """That it does not prove who it is comes first."""
    failure, _ = failure_at(version, Manner.ALERT, lambda one: read(one, SystemAuthorities()))
    assert isinstance(failure, TlsUntrusted)
