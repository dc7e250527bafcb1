"""Servers of the tests of `apis`: real TLS sockets on loopback that react as they are told."""

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import trustme

from owned_time import leap
from pairctl.apis.channel import Channel, Wire
from pairctl.apis.limits import HostLimit
from pairctl.apis.routes import Operation, Route
from pairctl.apis.tls import Authorities, fingerprint
from pairctl.secrets import Redactor

DEADLINE_S, DAY_S = 10.0, 86_400.0
CA = trustme.CA()
CERTIFICATE = CA.issue_cert("127.0.0.1", "localhost")
OTHER_CERTIFICATE = CA.issue_cert("127.0.0.1", "localhost")
CA_PEM = CA.cert_pem.bytes().decode()

READ = Operation.GET_SETTINGS
EFFECT = Operation.SEND_REQUEST
ROUTES = {
    READ: Route("GET", "/v1/things/one"),
    EFFECT: Route("POST", "/v1/things/act", has_effect=True, permission="thing.update"),
    Operation.LOG_IN: Route("POST", "/v1/things/login", is_repeatable=False),
}


@dataclass(frozen=True)
class Got:
    """A request as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        """Return the body as JSON; None where there is none."""
        return json.loads(self.body) if self.body else None


Reaction = Callable[[Got, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Served:
    """A server that is running, and what it has seen. `open` are connections, now."""

    endpoint: str
    fingerprint: str
    got: list[Got] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    names: list[str | None] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        """Return method and path of each request, in order."""
        return [f"{got.method} {got.path}" for got in self.got]

    async def is_left(self, *, open: int = 0) -> bool:  # noqa: A002
        """Wait, not for ever, until so many connections are open; return whether they are."""
        for _ in range(500):
            if self.open == open:
                return True
            await asyncio.sleep(0.01)
        return False


def answer(
    status: int = 200, document: Any = None, *, raw: bytes | None = None, **headers: str
) -> Reaction:
    """Answer whole; `raw` in place of a JSON document; headers with `_` for `-`."""
    body = raw if raw is not None else b"" if document is None else json.dumps(document).encode()
    fields = {"content_type": "application/json", "content_length": str(len(body)), **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    head = f"HTTP/1.1 {status} Told\r\n" + "\r\n".join(lines) + "\r\n\r\n"

    async def react(_: Got, writer: asyncio.StreamWriter) -> None:
        writer.write(head.encode() + body)
        await writer.drain()

    return react


def error(status: int, message: str = "no", **headers: str) -> Reaction:
    """Answer with an error in the API's shape."""
    return answer(status, {"code": "Told", "message": message, "details": {}}, **headers)


async def reset(_: Got, writer: asyncio.StreamWriter) -> None:
    """Cut the connection the hard way, without an answer."""
    raw: socket.socket = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def end(_: Got, writer: asyncio.StreamWriter) -> None:
    """Close the connection politely, without an answer."""
    writer.close()


async def cut(_: Got, writer: asyncio.StreamWriter) -> None:
    """Answer 201, and end in the middle of the body."""
    writer.write(
        b"HTTP/1.1 201 Told\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"
    )
    await writer.drain()
    writer.close()


def ended_by_hanging_up(body: bytes, *, is_told: bool, **headers: str) -> Reaction:
    """Answer 200 with a body that ends with the connection; TLS tells of that end, or does not."""
    fields = {"content_type": "application/json", **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    head = "HTTP/1.1 200 Told\r\n" + "\r\n".join(lines) + "\r\n\r\n"

    async def react(_: Got, writer: asyncio.StreamWriter) -> None:
        writer.write(head.encode() + body)
        await writer.drain()
        if is_told:
            writer.close()
            return
        raw: socket.socket = writer.get_extra_info("socket")
        raw.shutdown(socket.SHUT_RDWR)  # below TLS, as whoever is in between would

    return react


async def hang(_: Got, __: asyncio.StreamWriter) -> None:
    """Never answer: any deadline passes (`run_with_leaps`)."""
    leap(DAY_S)
    await asyncio.sleep(DAY_S)


async def drip(_: Got, writer: asyncio.StreamWriter) -> None:
    """Answer a byte every few seconds, which no timeout between bytes would notice."""
    writer.write(
        b"HTTP/1.1 201 Told\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n"
    )
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)
        leap(DEADLINE_S / 10)


async def garbage(_: Got, writer: asyncio.StreamWriter) -> None:
    """Answer with what is not HTTP."""
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    await writer.drain()
    writer.close()


def in_turn(*reactions: Reaction) -> Reaction:
    """React to each request in its turn, and to all that follow as to the last."""
    left = list(reactions)

    async def react(got: Got, writer: asyncio.StreamWriter) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(got, writer)

    return react


def by_path(reactions: Mapping[str, Reaction]) -> Reaction:
    """React by the path's end; the API's own 404 for all others."""

    async def react(got: Got, writer: asyncio.StreamWriter) -> None:
        matching = (reaction for end, reaction in reactions.items() if got.path.endswith(end))
        await next(matching, error(404, "there is none"))(got, writer)

    return react


@asynccontextmanager
async def serving(
    react: Reaction, certificate: trustme.LeafCert = CERTIFICATE, port: int = 0
) -> AsyncIterator[Served]:
    """Serve until the block ends, on 127.0.0.1: on this port, or a free one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    served = Served("", fingerprint(_der(certificate)))
    context.sni_callback = lambda _, name, __: served.names.append(name)
    handlers: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.add(asyncio.current_task())  # type: ignore[arg-type]  # a handler is a task
        served.connections += 1
        served.open += 1
        try:
            while got := await _read(reader):
                served.got.append(got)
                await react(got, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            served.open -= 1
            writer.transport.abort()

    server = await asyncio.start_server(handle, "127.0.0.1", port, ssl=context)
    served.endpoint = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield served
    finally:
        server.close()
        for handler in handlers:
            handler.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)
        with suppress(TimeoutError):
            await asyncio.wait_for(server.wait_closed(), 1)


async def _read(reader: asyncio.StreamReader) -> Got | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.rstrip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    return Got(method, parts.path, dict(parse_qsl(parts.query)), headers, body)


def fingerprint_of(certificate: trustme.LeafCert) -> str:
    """Return the fingerprint of a certificate."""
    return fingerprint(_der(certificate))


def _der(certificate: trustme.LeafCert) -> bytes:
    return ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())


async def at_once(_: float) -> None:
    """Sleep for no time at all."""
    await asyncio.sleep(0)


def wire(**changes: Any) -> Wire:
    """Return a wire that trusts the tests' authority and does not wait between tries."""
    defaults: dict[str, Any] = {
        "redactor": Redactor(),
        "trust": Authorities(CA_PEM),
        "deadline_s": DEADLINE_S,
        "sleep": at_once,
        "limit": HostLimit(lambda: 0.0, at_once),
    }
    return Wire(**{**defaults, **changes})


def channel(endpoint: str, **changes: Any) -> Channel:
    """Return a channel over the tests' small table of routes."""
    return Channel(endpoint, ROUTES, wire(**changes))
