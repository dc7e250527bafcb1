"""The connections to one server: each made by `Dial`, proven, and used for one call at a time.

httpcore speaks HTTP over them. Its pool asks all connections for each request, and is not used.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

import httpcore

from pairctl.apis.dial import Dial
from pairctl.apis.tls import Trust, check_pin
from pairctl.apis.tls_stream import TlsStream, open_socket, start_tls
from pairctl.secrets import Target
from pairctl.secrets.hosts import HTTPS_PORT

_KEEP_ALIVE_S = 60.0
"""How long an unused connection is kept: a server that is looked at again soon needs no other."""


@dataclass(slots=True)
class Progress:
    """How far a request came: `has_begun` before its first byte may leave.

    `is_connected`: the server took a connection for it. One that was kept from before is none.
    """

    has_begun: bool = False
    is_connected: bool = False


class Transport:
    """HTTP/1.1 to one server, without retries or proxies. What it raises is httpcore's own.

    At most `connections` are open at once, and `kept` of them while they are not used. `connect_s`
    is for connecting, and once more for TLS; a request has no time of its own.
    """

    def __init__(
        self,
        server: Target,
        trust: Trust,
        context: ssl.SSLContext,
        dial: Dial,
        *,
        connect_s: float,
        connections: int,
        kept: int,
    ) -> None:
        self._server = server
        self._trust = trust
        self._context = context
        self._dial = dial
        self._connect_s = connect_s
        self._origin = httpcore.Origin(b"https", host_of(server), server.port)
        self._room = asyncio.Semaphore(connections)
        self._kept = kept
        self._open: set[httpcore.AsyncHTTP11Connection] = set()
        self._idle: deque[httpcore.AsyncHTTP11Connection] = deque()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    @asynccontextmanager
    async def answered(
        self, request: httpcore.Request, progress: Progress
    ) -> AsyncIterator[httpcore.Response]:
        """Send a request; in the block its answer's body can be read."""
        async with self._room:
            connection = await self._idle_one() or await self._new_one(progress)
            try:
                progress.has_begun = True
                answer = await connection.handle_async_request(request)
                try:
                    yield answer
                finally:
                    await answer.aclose()
            finally:
                await self._give_back(connection)

    async def aclose(self) -> None:
        """Close all connections."""
        self._kept = 0
        self._idle.clear()
        while self._open:
            await self._open.pop().aclose()

    async def _idle_one(self) -> httpcore.AsyncHTTP11Connection | None:
        """Return the connection that was used last, if the server has kept it as well."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.has_expired():
                return connection
            await self._close(connection)
        return None

    async def _new_one(self, progress: Progress) -> httpcore.AsyncHTTP11Connection:
        try:
            stream = await self._connected(progress)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            raise httpcore.ConnectError from error
        connection = httpcore.AsyncHTTP11Connection(self._origin, stream, _KEEP_ALIVE_S)
        self._open.add(connection)
        return connection

    async def _connected(self, progress: Progress) -> TlsStream:
        """Connect, shake hands, and check with whom: a pin is held against each connection.

        Nothing is written before that.
        """
        server = self._server
        opened = await self._dial.connect(
            server, self._connect_s, lambda address: open_socket(address, server.port)
        )
        progress.is_connected = True
        stream = await start_tls(opened, self._context, server, self._connect_s)
        leaf = stream.get_extra_info("ssl_object").getpeercert(binary_form=True)
        try:
            check_pin(self._trust, server, leaf, datetime.now(UTC))
        except ssl.SSLError:
            await stream.aclose()
            raise
        return stream

    async def _give_back(self, connection: httpcore.AsyncHTTP11Connection) -> None:
        """Keep a connection whose answer was read whole, and close those that were not used."""
        if not connection.is_idle() or len(self._idle) >= self._kept:
            await self._close(connection)
            return
        while self._idle and self._idle[0].has_expired():
            await self._close(self._idle.popleft())
        self._idle.append(connection)

    async def _close(self, connection: httpcore.AsyncHTTP11Connection) -> None:
        self._open.discard(connection)
        await connection.aclose()


def host_of(server: Target) -> bytes:
    """Return the host as httpcore and TLS name it."""
    return server.host.strip("[]").encode()


def authority(server: Target) -> str:
    """Return host and port as the header `Host` names them: the usual port is left out."""
    return server.host if server.port == HTTPS_PORT else f"{server.host}:{server.port}"
