"""The way to a server, one step at a time: name, port, certificate. Sends nothing of HTTP."""

import asyncio
import ssl
from datetime import UTC, datetime

from pairctl.apis.dial import Dial
from pairctl.apis.failures import Unreachable
from pairctl.apis.tls import (
    Contexts,
    Trust,
    check_pin,
    fingerprint,
    system_words,
    why_untrusted,
)
from pairctl.secrets import Address, Target


async def resolved(server: Target, dial: Dial, timeout_s: float) -> tuple[Address, ...]:
    """Return the addresses of a server.

    Raises Unreachable where there is none, EndpointNotAllowed where one may not be called.
    """
    try:
        async with asyncio.timeout(timeout_s):
            return tuple(await dial.addresses(server))
    except OSError as error:
        raise Unreachable(
            f"{server.host} has no address: {_words(error)}",
            "correct the endpoint in the document, or DNS on this machine",
        ) from error


async def connected(server: Target, dial: Dial, timeout_s: float) -> None:
    """Connect to the server and hang up. Raises Unreachable."""

    async def open_one(address: str) -> asyncio.StreamWriter:
        return (await asyncio.open_connection(address, server.port))[1]

    try:
        writer = await dial.connect(server, timeout_s, open_one)
    except OSError as error:
        raise Unreachable(
            f"{server.host} does not answer at port {server.port}: {_words(error)}",
            "check that the server runs, the port, and firewalls on the way",
        ) from error
    writer.transport.abort()


async def proven(server: Target, trust: Trust, dial: Dial, timeout_s: float) -> str:
    """Return the fingerprint of the server's certificate, after a handshake that trusts it.

    Raises a TlsUntrusted, which tells the fingerprint that is served, or Unreachable.
    """
    context = await Contexts().of(trust)
    try:
        leaf = await _shaken(server, context, dial, timeout_s)
        check_pin(trust, server, leaf, datetime.now(UTC))
        return fingerprint(leaf)
    except ssl.SSLError as error:
        failure = await why_untrusted(trust, server, cause=error, timeout_s=timeout_s, dial=dial)
    except OSError as error:
        raise Unreachable(
            f"{server.host} ends the TLS handshake at port {server.port}: {_words(error)}",
            "check that the port speaks TLS, and what stands between here and there",
        ) from error
    raise failure


async def _shaken(server: Target, context: ssl.SSLContext, dial: Dial, timeout_s: float) -> bytes:
    async def open_one(address: str) -> asyncio.StreamWriter:
        # Half the time: a timeout around the handshake would leave its socket unclosed.
        _, writer = await asyncio.open_connection(
            address,
            server.port,
            ssl=context,
            server_hostname=server.host.strip("[]"),
            ssl_handshake_timeout=timeout_s / 2,
        )
        return writer

    writer = await dial.connect(server, timeout_s, open_one)
    try:
        leaf: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return leaf
    finally:
        writer.transport.abort()


def _words(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "it took too long"
    return system_words(error) or type(error).__name__
