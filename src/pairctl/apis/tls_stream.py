"""A connection over TLS, on asyncio's transport of bytes: made, read, written, hung up.

asyncio's own TLS keeps half a megabyte for each connection, and a fleet has thousands.
"""

import asyncio
import select
import socket
import ssl
from collections.abc import Callable
from typing import TypeVar, cast

from pairctl.secrets import Target

MOST_UNREAD_BYTES = 256 * 1024
"""How much is taken in beyond what is read: then the server has to wait."""
_AT_ONCE_BYTES = 64 * 1024

T = TypeVar("T")


class ConnectError(Exception):
    """No connection was made, or it is not proven with whom; nothing was sent."""


class ConnectTimeout(ConnectError, TimeoutError):
    """It took too long until there was a connection."""


class ReadError(Exception):
    """The connection is lost."""


class TlsStream(asyncio.Protocol):
    """A connection to one server. One task reads and writes at a time.

    `is_cut` is whether it was read to an end that the server did not tell of, as TLS would.
    """

    def __init__(self, context: ssl.SSLContext, server: Target) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(
            self._incoming, self._outgoing, server_hostname=server.host.strip("[]")
        )
        self._transport: asyncio.Transport | None = None
        self._is_paused = False
        self._unbroken_bytes = 0
        self._has_ended = False
        self.is_cut = False
        self._cause: Exception | None = None
        self._arrival: asyncio.Future[None] | None = None
        self._lost = asyncio.get_running_loop().create_future()

    @property
    def leaf(self) -> bytes:
        """The certificate (DER) that the server has shown."""
        return self._tls.getpeercert(binary_form=True) or b""

    async def handshake(self) -> None:
        """Agree on keys, and be shown who it is. Raises ssl.SSLError, or OSError."""
        try:
            await self._done(self._tls.do_handshake)
        except ssl.SSLEOFError:
            if self._cause is not None:
                raise self._cause from None
            raise

    async def read(self) -> bytes:
        """Wait for what comes in, and return it; nothing at the end. Raises ReadError.

        Who reads much that is there already lets others have their turn: it may be a million parts.
        """
        if self._unbroken_bytes >= _AT_ONCE_BYTES:
            self._unbroken_bytes = 0
            await asyncio.sleep(0)
        while not self._has_more():
            await self._more()  # TLS need not be asked for what is not there
        try:
            taken = await self._done(lambda: self._tls.read(_AT_ONCE_BYTES))
        except ssl.SSLEOFError:
            if self._cause is not None:
                raise ReadError from self._cause
            self.is_cut = True
            return b""
        except ssl.SSLError as error:
            raise ReadError from error
        self._unbroken_bytes += len(taken)
        return taken

    def write(self, data: bytes) -> None:
        """Send. Whether it arrives is seen by what is read."""
        left = memoryview(data)
        try:
            while left:
                left = left[self._tls.write(left) :]
        except ssl.SSLError:
            return
        finally:
            self._send()

    def has_spoken(self) -> bool:
        """Whether the server has said anything that was not read yet, be it the end."""
        if self._has_ended or _is_readable(self._made):
            return True
        if not self._has_more():
            return False
        try:
            self._tls.read(1)
        except ssl.SSLWantReadError:
            return False  # what came in was TLS's own, as a ticket is
        except ssl.SSLError:
            return True
        return True

    def hang_up(self) -> None:
        """Hang up at once; the socket is closed soon."""
        self._made.abort()

    async def aclose(self) -> None:
        """Hang up, and wait until the socket is closed."""
        self.hang_up()
        await asyncio.shield(self._lost)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of what carries the bytes."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Keep what has come in."""
        self._incoming.write(data)
        if self._incoming.pending > MOST_UNREAD_BYTES and not self._is_paused:
            self._is_paused = True
            self._made.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Take note that the server says no more; asyncio hangs up then."""
        self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        """Take note of why the connection is gone."""
        self._cause = exc
        if not self._lost.done():
            self._lost.set_result(None)
        self._end()

    async def _done(self, step: Callable[[], T]) -> T:
        """Take a step of TLS as often as it needs more from the server, and return its result."""
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                self._send()
                await self._more()
            finally:
                self._send()

    def _has_more(self) -> bool:
        return self._has_ended or bool(self._incoming.pending or self._tls.pending())

    async def _more(self) -> None:
        if self._is_paused:  # all is read but what is not whole yet
            self._is_paused = False
            self._made.resume_reading()
        self._unbroken_bytes = 0
        self._arrival = asyncio.get_running_loop().create_future()
        await self._arrival

    def _send(self) -> None:
        if self._outgoing.pending:
            self._made.write(self._outgoing.read())

    def _end(self) -> None:
        self._has_ended = True
        self._incoming.write_eof()
        self._wake()

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)

    @property
    def _made(self) -> asyncio.Transport:
        assert self._transport is not None
        return self._transport


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
    _, stream = await asyncio.get_running_loop().create_connection(
        lambda: TlsStream(context, server), sock=opened
    )
    try:
        async with asyncio.timeout(timeout_s):
            await stream.handshake()
    except BaseException:
        await stream.aclose()
        raise
    return stream


def _is_readable(transport: asyncio.Transport) -> bool:
    number = transport.get_extra_info("socket").fileno()
    if number < 0:
        return True
    incoming = select.poll()
    incoming.register(number, select.POLLIN)
    return bool(incoming.poll(0))
