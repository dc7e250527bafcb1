"""A connection over TLS: asyncio's own, as httpcore reads and writes it.

httpcore's stream of anyio does the same at more than twice the cost for each request.
"""

import asyncio
import select
import socket
import ssl
from typing import Any

import httpcore

from pairctl.secrets import Target

MOST_UNREAD_BYTES = 256 * 1024
"""How much is taken in beyond what is read: then the server has to wait."""


class TlsStream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """A connection after its handshake. One task reads and writes at a time.

    What is written leaves with the next read, so that a request is sent in one piece.
    """

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._unsent: list[bytes] = []
        self._unread = bytearray()
        self._is_paused = False
        self._has_ended = False
        self._cause: Exception | None = None
        self._arrival: asyncio.Future[None] | None = None
        self._lost = asyncio.get_running_loop().create_future()

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - the interface of httpcore
    ) -> bytes:
        """Return what has come in; nothing at the end. Raises httpcore.ReadError.

        `timeout` counts for nothing, here and below: a deadline holds for the whole of a request.
        """
        self._send()
        while not self._unread and not self._has_ended:
            self._arrival = asyncio.get_running_loop().create_future()
            await self._arrival
        if not self._unread and self._cause is not None:
            raise httpcore.ReadError from self._cause
        taken = bytes(self._unread[:max_bytes])
        del self._unread[:max_bytes]
        if self._is_paused and not self._unread and self._transport is not None:
            self._is_paused = False
            self._transport.resume_reading()
        return taken

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - the interface of httpcore
    ) -> None:
        """Send with the next read."""
        self._unsent.append(buffer)

    async def aclose(self) -> None:
        """Hang up at once, and wait until the socket is closed."""
        if self._transport is not None:
            self._transport.abort()
            await asyncio.shield(self._lost)

    def get_extra_info(self, info: str) -> Any:
        """Tell whether anything has come in that was not asked for, or what asyncio knows."""
        assert self._transport is not None
        if info == "is_readable":
            return bool(self._unread) or self._has_ended or _has_more(self._transport)
        return self._transport.get_extra_info(info)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note that the handshake is over."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Keep what has come in."""
        self._unread += data
        if len(self._unread) > MOST_UNREAD_BYTES and self._transport is not None:
            self._is_paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Take note that the server says no more; asyncio hangs up then."""
        self._has_ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Take note of why the connection is gone."""
        self._has_ended, self._cause = True, exc
        if not self._lost.done():
            self._lost.set_result(None)
        self._wake()

    def _send(self) -> None:
        if self._unsent and self._transport is not None:
            self._transport.write(b"".join(self._unsent))
            self._unsent.clear()

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)


async def open_socket(address: str, port: int) -> socket.socket:
    """Connect to an address. Raises OSError."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setblocking(False)
        await asyncio.get_running_loop().sock_connect(opened, (address, port))
    except BaseException:
        opened.close()
        raise
    return opened


async def start_tls(
    opened: socket.socket, context: ssl.SSLContext, server: Target, timeout_s: float
) -> TlsStream:
    """Return the connection after a handshake; the socket is its own from now on.

    Raises TimeoutError, ssl.SSLError, or another OSError where it is cut.
    """
    try:
        _, stream = await asyncio.get_running_loop().create_connection(
            TlsStream,
            sock=opened,
            ssl=context,
            server_hostname=server.host.strip("[]"),
            ssl_handshake_timeout=timeout_s,
        )
    except ConnectionAbortedError as error:
        if error.errno is None:  # asyncio's word for it, the system's has a number
            raise TimeoutError from error
        raise
    return stream


def _has_more(transport: asyncio.Transport) -> bool:
    """Whether something has come in that asyncio has not read yet."""
    number = transport.get_extra_info("socket").fileno()
    if number < 0:
        return True
    incoming = select.poll()
    incoming.register(number, select.POLLIN)
    return bool(incoming.poll(0))
