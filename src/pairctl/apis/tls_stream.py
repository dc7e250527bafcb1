"""A connection over TLS, by asyncio's own transport: made, read, written, hung up."""

import asyncio
import select
import socket
import ssl

from pairctl.secrets import Target

MOST_UNREAD_BYTES = 256 * 1024
"""How much is taken in beyond what is read: then the server has to wait."""


class ConnectError(Exception):
    """No connection was made, or it is not proven with whom; nothing was sent."""


class ConnectTimeout(ConnectError, TimeoutError):
    """It took too long until there was a connection."""


class ReadError(Exception):
    """The connection is lost."""


class TlsStream(asyncio.Protocol):
    """A connection after its handshake. One task reads and writes at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._unread = bytearray()
        self._is_paused = False
        self._has_ended = False
        self._cause: Exception | None = None
        self._arrival: asyncio.Future[None] | None = None
        self._lost = asyncio.get_running_loop().create_future()

    @property
    def leaf(self) -> bytes:
        """The certificate (DER) that the server has shown."""
        found: bytes | None = self._made.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return found or b""

    async def read(self) -> bytes:
        """Wait for what comes in, and return it; nothing at the end. Raises ReadError."""
        while not self._unread and not self._has_ended:
            self._arrival = asyncio.get_running_loop().create_future()
            await self._arrival
        if not self._unread and self._cause is not None:
            raise ReadError from self._cause
        taken = bytes(self._unread)
        self._unread.clear()
        if self._is_paused:
            self._is_paused = False
            self._made.resume_reading()
        return taken

    def write(self, data: bytes) -> None:
        """Send. Whether it arrives is seen by what is read."""
        self._made.write(data)

    def has_spoken(self) -> bool:
        """Whether anything has come in, be it the end, that asyncio or nobody has read yet."""
        return bool(self._unread) or self._has_ended or _is_readable(self._made)

    async def aclose(self) -> None:
        """Hang up at once, and wait until the socket is closed."""
        self._made.abort()
        await asyncio.shield(self._lost)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note that the handshake is over."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Keep what has come in."""
        self._unread += data
        if len(self._unread) > MOST_UNREAD_BYTES and not self._is_paused:
            self._is_paused = True
            self._made.pause_reading()
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

    @property
    def _made(self) -> asyncio.Transport:
        assert self._transport is not None
        return self._transport

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


def _is_readable(transport: asyncio.Transport) -> bool:
    number = transport.get_extra_info("socket").fileno()
    if number < 0:
        return True
    incoming = select.poll()
    incoming.register(number, select.POLLIN)
    return bool(incoming.poll(0))
