"""Real TLS servers that want a client certificate, each ending the connection in its own manner."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

from apis_factory import CA, CERTIFICATE, fingerprint_of

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


class Manner(Enum):
    """How a server ends the connection of a client that shows no certificate."""

    ALERT = auto()  # it says why, as TLS wants it, and closes
    ALERT_AND_RESET = auto()  # it waits for the request, then says why and resets: often lost
    SILENCE = auto()  # it closes without a word, as some servers do
    NO_CIPHER = auto()  # it asks for nothing, and speaks no cipher that the client does
    OPTIONAL = auto()  # it asks, and goes on without one; every request is cut off


@dataclass
class Shut:
    """A server that runs, and how many connections it has seen."""

    endpoint: str
    fingerprint: str
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)


def context_of(version: str, manner: Manner) -> ssl.SSLContext:
    """Return the context of a server of one version of TLS that asks for client certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = VERSIONS[version]
    CERTIFICATE.configure_cert(context)
    CA.configure_trust(context)
    unusual = {Manner.OPTIONAL: ssl.CERT_OPTIONAL, Manner.NO_CIPHER: ssl.CERT_NONE}
    context.verify_mode = unusual.get(manner, ssl.CERT_REQUIRED)
    if manner is Manner.NO_CIPHER:
        context.set_ciphers("AES128-SHA")
    return context


@asynccontextmanager
async def demanding(version: str, manner: Manner = Manner.ALERT) -> AsyncIterator[Shut]:
    """Serve until the block ends, on a free port of 127.0.0.1; nobody is let in."""
    context = context_of(version, manner)
    shut = Shut("", fingerprint_of(CERTIFICATE))

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        shut.connections += 1
        try:
            await _refuse(context, manner, shut, reader, writer)
        except OSError:
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    shut.endpoint = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield shut
    finally:
        server.close()
        await server.wait_closed()


async def _refuse(
    context: ssl.SSLContext,
    manner: Manner,
    shut: Shut,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_side=True)
    while True:
        try:
            tls.do_handshake()
            break
        except ssl.SSLWantReadError:
            await _send(outgoing, writer)
            data = await reader.read(65536)
            if not data:
                return
            incoming.write(data)
        except ssl.SSLError:
            await _end(manner, outgoing, reader, writer)
            return
    await _send(outgoing, writer)
    shut.requests.append(await reader.read(65536))


async def _end(
    manner: Manner,
    outgoing: ssl.MemoryBIO,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    if manner is Manner.SILENCE:
        return
    if manner is Manner.ALERT_AND_RESET:
        # A request that is on its way comes now; who sends none is told why all the same.
        try:
            async with asyncio.timeout(0.2):
                has_request = bool(await reader.read(65536))
        except TimeoutError:
            has_request = False
        if has_request:
            raw: socket.socket = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
    await _send(outgoing, writer)
    writer.write_eof()
    while await reader.read(65536):
        pass


async def _send(outgoing: ssl.MemoryBIO, writer: asyncio.StreamWriter) -> None:
    if data := outgoing.read():
        writer.write(data)
        await writer.drain()
