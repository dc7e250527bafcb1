"""A server that lets nobody in without a client certificate: it sends TLS's own alert, and ends."""

import asyncio
import ssl

from uvicorn.server import ServerState


class ShutProtocol(asyncio.Protocol):
    """One connection. Whoever shows no certificate gets the alert; nothing is served to anybody."""

    def __init__(self, context: ssl.SSLContext, state: ServerState) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._state = state
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._state.connections.add(self)  # type: ignore[arg-type]  # what is asked of it is there

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        del exc
        self._state.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Go on with the handshake; with its end, good or bad, the connection ends."""
        if self.transport.is_closing():
            return
        self._incoming.write(data)
        is_over = True
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            is_over = False
        except ssl.SSLError:
            pass
        self.transport.write(self._outgoing.read())
        if is_over:
            self.transport.close()
