"""The way to a server step by step, and clients that tell how they were answered."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest

import vendor_contract
from apis_factory import CA_PEM, Served, answer, by_path, garbage, serving, wire
from pairctl.apis import (
    Authorities,
    CertificateChanged,
    CertificateUnknown,
    Dial,
    LocalUIProbe,
    PaletteProbe,
    Pinned,
    SystemAuthorities,
    Trust,
    Unreachable,
    connected,
    proven,
    resolved,
)
from pairctl.apis.answers import server_time
from pairctl.secrets import Credentials, Destinations, EndpointNotAllowed, Secret, target

T = TypeVar("T")
DIAL = Dial(Destinations.of_patterns(["127.0.0.1"]).check_address)
LIMIT_S = 5.0
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NOWHERE = "sha256:" + "0" * 64


def with_server(story: Callable[[Served], Awaitable[T]]) -> tuple[T, Served]:
    """Tell a story with a server; gives what came of it, and what the server saw."""

    async def run() -> tuple[T, Served]:
        async with serving(garbage) as server:
            return await story(server), server

    return asyncio.run(run())


def prove(trust: Trust) -> Callable[[Served], Awaitable[str]]:
    """Return the story of one proof."""
    return lambda server: proven(target(server.endpoint), trust, DIAL, LIMIT_S)


def test_a_trusted_certificate_is_told_by_its_fingerprint() -> None:
    """By authorities or by a pin: the same certificate; no byte of HTTP is sent."""
    for trust in (Authorities(CA_PEM), None):

        async def story(server: Served, trust: Trust | None = trust) -> str:
            return await prove(trust or Pinned(server.fingerprint))(server)

        found, server = with_server(story)
        assert found == server.fingerprint
        assert server.got == []


def test_an_unknown_certificate_tells_the_fingerprint_to_pin() -> None:
    """What is told is what is served."""

    async def story(server: Served) -> str:
        with pytest.raises(CertificateUnknown) as told:
            await prove(SystemAuthorities())(server)
        return told.value.fingerprint

    found, server = with_server(story)
    assert found == server.fingerprint
    assert server.got == []


def test_another_certificate_than_the_pinned_one_is_refused() -> None:
    """Both fingerprints are told."""

    async def story(server: Served) -> tuple[str, str]:
        with pytest.raises(CertificateChanged) as told:
            await prove(Pinned(NOWHERE))(server)
        return told.value.pinned, told.value.found

    found, server = with_server(story)
    assert found == (NOWHERE, server.fingerprint)


def test_a_port_that_does_not_speak_tls_is_told() -> None:
    """It is no question of trust: the server is not blamed for its certificate."""

    async def handle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        place = target(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        async with server:
            await connected(place, DIAL, LIMIT_S)
            with pytest.raises(Unreachable, match="TLS handshake"):
                await proven(place, SystemAuthorities(), DIAL, LIMIT_S)

    asyncio.run(run())


def test_nobody_at_a_port_is_told() -> None:
    """A refused connection fails at this step."""

    async def run() -> None:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        place = target(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        server.close()
        await server.wait_closed()
        with pytest.raises(Unreachable, match="does not answer at port"):
            await connected(place, DIAL, LIMIT_S)

    asyncio.run(run())


def test_a_name_that_leads_astray_is_not_connected_to() -> None:
    """Every step asks for the address, and refuses one that may not be called."""

    async def metadata(_: str, __: int) -> list[object]:
        return [target("https://169.254.169.254").address]

    dial = Dial(DIAL.check, metadata)  # type: ignore[arg-type]  # an address is what target holds
    place = target("https://palette.example.com")

    async def run() -> None:
        for step in (
            resolved(place, dial, LIMIT_S),
            connected(place, dial, LIMIT_S),
            proven(place, SystemAuthorities(), dial, LIMIT_S),
        ):
            with pytest.raises(EndpointNotAllowed, match=r"169\.254"):
                await step

    asyncio.run(run())


def test_a_name_without_an_address_is_told() -> None:
    """It fails before anything is connected."""

    async def nothing(_: str, __: int) -> list[object]:
        return []

    async def run() -> None:
        with pytest.raises(Unreachable, match="has no address"):
            await resolved(
                target("https://palette.invalid"),
                Dial(DIAL.check, nothing),  # type: ignore[arg-type]  # no address of any kind
                LIMIT_S,
            )

    asyncio.run(run())


def test_clients_compare_clocks_by_the_date_of_an_answer() -> None:
    """A refusal tells the time too; before any answer nothing is known."""
    refusal = answer(401, {"code": "No", "message": "no"}, date="Fri, 02 Jan 2026 03:06:05 GMT")

    async def run() -> tuple[float | None, ...]:
        async with serving(refusal) as server:
            to = wire(now=lambda: NOW)
            palette = PaletteProbe(server.endpoint, Secret("simulated-key"), to)
            host = LocalUIProbe(server.endpoint, Credentials("u", Secret("simulated-pw")), to)
            async with palette, host:
                before = (palette.skew_s, host.skew_s)
                for call in (palette.projects(), host.log_in()):
                    with pytest.raises(Exception, match="No"):
                        await call
                return (*before, palette.skew_s, host.skew_s)

    assert asyncio.run(run()) == (None, None, 120.0, 120.0)


@pytest.mark.parametrize("header", [
    "", "yesterday", "0", "Thu, 01 Jan 2026 12:00:00 +99999999999999",
    "Fri, 31 Dec 9999 23:59:59 -1200", "Thu, 01 Jan 10000 12:00:00 GMT",
    "Thu, 01 Jan 2026 12:00:00 GMT, Thu, 01 Jan 2020 12:00:00 GMT",
])  # fmt: skip
def test_a_date_that_is_none_tells_nothing(header: str) -> None:
    """A proxy may send anything, beyond all time too; and two dates are none."""
    assert server_time(header) is None


@pytest.mark.parametrize("header", [
    "Thu, 01 Jan 2026 12:00:00 GMT", "Thu, 01 Jan 2026 14:00:00 +0200",
    "Thursday, 01-Jan-26 12:00:00 GMT", "Thu Jan  1 12:00:00 2026",
])  # fmt: skip
def test_a_date_is_told_in_utc_however_it_is_written(header: str) -> None:
    """It is written into claims and evidence as UTC (RFC 9110 has three forms)."""
    at = server_time(header)
    assert at == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert at.tzinfo is UTC


@pytest.mark.skipif(not vendor_contract.is_at_hand(), reason=vendor_contract.MISSING)
def test_what_a_probe_asks_is_in_the_specification() -> None:
    """Published paths, with parameters and bodies as they are declared."""
    project = {"metadata": {"name": "edge-retail", "uid": "project-1"}}
    palette = by_path(
        {
            "projects/metadata": answer(200, {"items": [project]}),
            "spectroclusters/search": answer(200, {"items": []}),
        }
    )

    async def run() -> Served:
        async with (
            serving(palette) as server,
            PaletteProbe(
                server.endpoint, Secret("simulated-key"), wire(), project="edge-retail"
            ) as it,
        ):
            assert await it.projects() == ("edge-retail",)
            assert await it.some_cluster() is None
            return server

    specification = vendor_contract.specification("palette-api")
    for got in asyncio.run(run()).got:
        assert specification.declares(got.method, got.path)
        declared = specification.paths[got.path][got.method.lower()].get("parameters", [])
        assert set(got.query) <= {one["name"] for one in declared if one["in"] == "query"}
        for body in (one for one in declared if one["in"] == "body"):
            specification.check(got.document, body["schema"])
