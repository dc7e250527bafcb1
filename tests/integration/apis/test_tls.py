"""A server proves who it is before it is told anything."""

import asyncio
import hashlib
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from apis_factory import (
    CA,
    CA_PEM,
    EFFECT,
    OTHER_CERTIFICATE,
    READ,
    answer,
    channel,
    serving,
)
from pairctl.apis import (
    Authorities,
    CertificateChanged,
    CertificateUnknown,
    Pinned,
    SystemAuthorities,
    TlsUntrusted,
    Unchecked,
    Unreachable,
)
from pairctl.apis.tls import Contexts, Trust
from pairctl.problem import ConfigurationError
from pairctl.secrets import target

OK = answer(200, {"ok": True})
OTHER_CA_PEM = trustme.CA().cert_pem.bytes().decode()
OTHER = trustme.CA().issue_cert("127.0.0.1")


async def seen(trust: Trust, endpoint: str) -> object:
    """Call once with this trust."""
    async with channel(endpoint, trust=trust) as one:
        return (await one.call(READ)).document()


def test_the_right_pin_is_enough() -> None:
    """A self-signed host is called by its fingerprint, under any name."""

    async def run() -> None:
        async with serving(OK) as server:
            assert await seen(Pinned(server.fingerprint), server.endpoint) == {"ok": True}

    asyncio.run(run())


def test_another_certificate_than_the_pinned_one_gets_nothing() -> None:
    """The failure names both fingerprints, and no request came in."""

    async def run() -> None:
        pinned = "sha256:" + "0" * 64
        async with serving(OK) as server:
            with pytest.raises(CertificateChanged) as caught:
                await seen(Pinned(pinned), server.endpoint)
            assert (caught.value.pinned, caught.value.found) == (pinned, server.fingerprint)
            assert server.fingerprint in str(caught.value)
            assert server.got == []

    asyncio.run(run())


def test_a_certificate_that_changes_later_gets_nothing_either() -> None:
    """The pin holds for every connection of a client, not for the first one only."""

    async def run() -> None:
        async with serving(OK) as first:
            one = channel(first.endpoint, trust=Pinned(first.fingerprint))
            await one.call(READ)
        port = target(first.endpoint).port
        async with one, serving(OK, OTHER_CERTIFICATE, port) as second:
            with pytest.raises(CertificateChanged) as caught:
                await one.call(READ)
            assert caught.value.found == second.fingerprint
            assert (len(first.got), second.got) == (1, [])

    asyncio.run(run())


def test_an_unknown_certificate_names_the_fingerprint_to_pin() -> None:
    """What is served is named, so that a person can compare it on the host."""

    async def run() -> None:
        async with serving(OK) as server:
            with pytest.raises(CertificateUnknown) as caught:
                await seen(SystemAuthorities(), server.endpoint)
            assert caught.value.fingerprint == server.fingerprint
            assert f'tls: {{fingerprint: "{server.fingerprint}"}}' in caught.value.problem.hint
            assert server.got == []

    asyncio.run(run())


def test_authorities_of_the_environment_are_not_trusted(monkeypatch, tmp_path: Path) -> None:
    """A variable cannot add an authority."""
    (tmp_path / "ca.pem").write_text(CA_PEM)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))

    async def run() -> None:
        async with serving(OK) as server:
            with pytest.raises(CertificateUnknown):
                await seen(SystemAuthorities(), server.endpoint)

    asyncio.run(run())


@pytest.mark.parametrize(
    "certificate",
    [CA.issue_cert("elsewhere.example"), trustme.CA().issue_cert("127.0.0.1")],
    ids=["another name", "another authority"],
)
def test_a_certificate_that_does_not_fit_gets_nothing(certificate) -> None:
    """A wrong name and a foreign authority are refused before the request."""

    async def run() -> None:
        async with serving(OK, certificate) as server:
            with pytest.raises(TlsUntrusted):
                await seen(Authorities(CA_PEM), server.endpoint)
            assert server.got == []

    asyncio.run(run())


def test_unchecked_trusts_anything() -> None:
    """It is asked for in so many words, and allowed elsewhere."""

    async def run() -> None:
        async with serving(OK) as server:
            assert await seen(Unchecked(), server.endpoint) == {"ok": True}

    asyncio.run(run())


@pytest.mark.parametrize(
    "trust",
    [SystemAuthorities(), Authorities(CA_PEM), Unchecked(), Pinned("sha256:" + "0" * 64)],
)
def test_old_tls_is_never_spoken(trust: Trust) -> None:
    """TLS 1.2 is the least, even where nothing is checked."""
    context = asyncio.run(Contexts().of(trust))
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("trust", [SystemAuthorities(), Authorities(CA_PEM)])
def test_authorities_are_read_once(trust: SystemAuthorities | Authorities) -> None:
    """Whoever trusts the same ones shares them; who trusts others has others."""

    async def run() -> None:
        contexts = Contexts()
        first, again = await asyncio.gather(contexts.of(trust), contexts.of(trust))
        assert first is again
        assert await contexts.of(Authorities(OTHER_CA_PEM)) is not first

    asyncio.run(run())


def test_a_pin_needs_a_host_that_answers() -> None:
    """Where nobody listens, that is said, and not that the certificate changed."""
    with pytest.raises(Unreachable, match="refused"):
        asyncio.run(seen(Pinned("sha256:" + "0" * 64), "https://127.0.0.1:1"))


def test_a_ca_file_without_certificates_stops_the_run() -> None:
    """A wrong file is told as such, without its content."""
    with pytest.raises(ConfigurationError) as caught:
        asyncio.run(seen(Authorities("canary: not a certificate"), "https://127.0.0.1:1"))
    assert "canary" not in str(caught.value)


def test_a_fingerprint_is_the_sha256_of_the_certificate() -> None:
    """As `openssl x509 -fingerprint -sha256` has it, in lower case and without colons."""

    async def run() -> str:
        async with serving(OK) as server:
            port = target(server.endpoint).port
            pem = await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", port))
            der = ssl.PEM_cert_to_DER_cert(pem)
            assert server.fingerprint == "sha256:" + hashlib.sha256(der).hexdigest()
            return server.fingerprint

    assert len(asyncio.run(run())) == len("sha256:") + 64


def test_a_pin_costs_no_connection_of_its_own() -> None:
    """It is held against the very connection that the request then goes over."""

    async def run() -> None:
        async with serving(OK) as server:
            assert await seen(Pinned(server.fingerprint), server.endpoint) == {"ok": True}
            assert server.connections == 1

    asyncio.run(run())


def test_a_pin_that_is_shared_lets_no_other_certificate_pass() -> None:
    """One server shows it; another, that is called with the same contexts, is sent nothing."""

    async def run() -> None:
        async with serving(OK) as server, serving(OK, OTHER) as other:
            contexts, trust = Contexts(), Pinned(server.fingerprint)
            async with channel(server.endpoint, trust=trust, contexts=contexts) as one:
                await one.call(READ)
            async with channel(other.endpoint, trust=trust, contexts=contexts) as two:
                with pytest.raises(CertificateChanged) as failed:
                    await two.call(READ)
            assert (failed.value.pinned, failed.value.found) == (
                server.fingerprint,
                other.fingerprint,
            )
            assert other.got == []

    asyncio.run(run())


def test_an_action_is_held_against_the_pin_as_well() -> None:
    """It has a connection of its own: where another certificate is shown, nothing is sent."""

    async def run() -> None:
        async with serving(OK) as server:
            with pytest.raises(CertificateChanged):
                async with channel(server.endpoint, trust=Pinned("sha256:" + "0" * 64)) as one:
                    await one.call(EFFECT)
            assert server.got == []

    asyncio.run(run())


@pytest.mark.parametrize(
    ("dates", "why"),
    [
        ({"not_after": datetime(2020, 1, 1, tzinfo=UTC)}, "certificate has expired"),
        ({"not_before": datetime(2090, 1, 1, tzinfo=UTC)}, "certificate is not yet valid"),
    ],
    ids=["expired", "not yet valid"],
)
def test_a_pin_does_not_make_a_certificate_valid(dates: dict[str, datetime], why: str) -> None:
    """Out of its dates it is refused, as one of an authority's is, and nothing is sent."""
    both = {
        "not_before": datetime(2019, 1, 1, tzinfo=UTC),
        "not_after": datetime(2095, 1, 1, tzinfo=UTC),
    }
    certificate = trustme.CA().issue_cert("127.0.0.1", **{**both, **dates})

    async def run() -> None:
        async with serving(OK, certificate) as server:
            with pytest.raises(TlsUntrusted, match=why) as caught:
                await seen(Pinned(server.fingerprint), server.endpoint)
            assert type(caught.value) is TlsUntrusted
            assert server.got == []

    asyncio.run(run())
