"""The connections to one server: each made by `Dial`, proven, and used for one call at a time."""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from pairctl.apis.dial import Dial
from pairctl.apis.http_connection import HttpConnection, HttpRequest, HttpResponse
from pairctl.apis.kept_connections import KEEP_ALIVE_S, KeptConnections
from pairctl.apis.tls import Trust, check_pin
from pairctl.apis.tls_stream import (
    ConnectError,
    ConnectTimeout,
    TlsStream,
    open_socket,
    start_tls,
)
from pairctl.secrets import Target


@dataclass(slots=True)
class Progress:
    """How far a request came: `has_begun` before its first byte may leave.

    `is_connected`: the server took a connection for it. One that was kept from before is none.
    """

    has_begun: bool = False
    is_connected: bool = False


class Transport:
    """HTTP/1.1 to one server, without retries or proxies.

    At most `connections` are open at once, and `kept` of them while they are not used, among those
    that are kept `of_all` clients. `connect_s` is for connecting, and once more for TLS; a request
    has no time of its own.
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
        of_all: KeptConnections,
    ) -> None:
        self._server = server
        self._trust = trust
        self._context = context
        self._dial = dial
        self._connect_s = connect_s
        self._room = asyncio.Semaphore(connections)
        self._kept = kept
        self._of_all = of_all
        self._open: set[HttpConnection] = set()
        self._idle: deque[HttpConnection] = deque()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    @asynccontextmanager
    async def answered(
        self, request: HttpRequest, progress: Progress
    ) -> AsyncIterator[HttpResponse]:
        """Send a request; in the block its answer's body can be read.

        Raises ConnectError before anything is sent, ReadError and h11.ProtocolError later.
        """
        async with self._room:
            connection = await self._idle_one() or await self._new_one(progress)
            try:
                progress.has_begun = True
                yield await connection.answered(request)
            finally:
                await self._give_back(connection)

    async def aclose(self) -> None:
        """Close all connections: none stays open where this is given up half way."""
        self._kept = 0
        self._idle.clear()
        closed, self._open = self._open, set()
        for connection in closed:
            self._of_all.take(connection)
            connection.hang_up()
        for connection in closed:
            await connection.aclose()

    async def _idle_one(self) -> HttpConnection | None:
        """Return the connection that was used last, if the server has kept it as well."""
        while self._idle:
            connection = self._idle.pop()
            self._of_all.take(connection)
            if connection.is_usable(KEEP_ALIVE_S):
                return connection
            await self._close(connection)
        return None

    async def _new_one(self, progress: Progress) -> HttpConnection:
        try:
            stream = await self._connected(progress)
        except TimeoutError as error:
            raise ConnectTimeout from error
        except OSError as error:
            raise ConnectError from error
        connection = HttpConnection(stream)
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
        try:
            check_pin(self._trust, server, stream.leaf, datetime.now(UTC))
        except ssl.SSLError:
            await stream.aclose()
            raise
        return stream

    async def _give_back(self, connection: HttpConnection) -> None:
        """Keep a connection whose answer was read whole, and none that the server has closed."""
        if not connection.is_done() or len(self._idle) >= self._kept:
            await self._close(connection)
            return
        self._idle.append(connection)
        while len(self._idle) > 1 and not self._idle[0].is_usable(KEEP_ALIVE_S):
            self._drop(self._idle[0])
        self._of_all.keep(connection, self._drop)

    def _drop(self, connection: HttpConnection) -> None:
        """Hang up on a connection that is not in use: nothing waits for that."""
        self._idle.remove(connection)
        self._open.discard(connection)
        self._of_all.take(connection)
        connection.hang_up()

    async def _close(self, connection: HttpConnection) -> None:
        self._open.discard(connection)
        await connection.aclose()
