"""The transport below httpx: a pool whose connections are made by `Dial`, and by nothing else."""

import ssl
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any

import httpcore

from pairctl.apis.dial import Dial
from pairctl.apis.tls import Trust, check_pin
from pairctl.http_library import httpx
from pairctl.secrets import Target

_KEEP_ALIVE_S = 60.0
"""How long an unused connection is kept: a server that is looked at again soon needs no other."""


class DialledBackend(httpcore.AsyncNetworkBackend):
    """Connects to one server's checked addresses. TLS is told the name, by the pool.

    Raises httpcore's ConnectError and ConnectTimeout, or EndpointNotAllowed.
    """

    def __init__(self, server: Target, trust: Trust, dial: Dial) -> None:
        self._server = server
        self._trust = trust
        self._dial = dial
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the backend's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the server, whatever name it is asked for by."""
        assert (host, port) == (self._server.host.strip("[]"), self._server.port)
        assert timeout is not None

        async def open_one(address: str) -> httpcore.AsyncNetworkStream:
            return await self._sockets.connect_tcp(
                address, port, None, local_address, socket_options
            )

        try:
            stream = await self._dial.connect(self._server, timeout, open_one)
            return _UnprovenStream(stream, self._server, self._trust)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            raise httpcore.ConnectError from error


class _UnprovenStream(httpcore.AsyncNetworkStream):
    """A connection before TLS. It is handed on after a handshake that its server's trust accepts.

    A pin is held against each connection, and nothing is written before that.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream, server: Target, trust: Trust) -> None:
        self._stream = stream
        self._server = server
        self._trust = trust

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the backend's interface
    ) -> httpcore.AsyncNetworkStream:
        """Shake hands, and check with whom. Raises httpcore.ConnectError where it is not proven."""
        proven = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        leaf = proven.get_extra_info("ssl_object").getpeercert(binary_form=True)
        try:
            check_pin(self._trust, self._server, leaf, datetime.now(UTC))
        except ssl.SSLError as error:
            await proven.aclose()
            raise httpcore.ConnectError from error
        return proven

    async def aclose(self) -> None:
        """Hang up."""
        await self._stream.aclose()


class Transport(httpx.AsyncBaseTransport):
    """HTTP/1.1 to one server, without retries or proxies. What it raises is httpcore's own."""

    def __init__(
        self,
        server: Target,
        trust: Trust,
        context: ssl.SSLContext,
        dial: Dial,
        *,
        connections: int,
        kept: int,
    ) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=connections,
            max_keepalive_connections=kept,
            keepalive_expiry=_KEEP_ALIVE_S,
            http1=True,
            http2=False,
            retries=0,
            network_backend=DialledBackend(server, trust, dial),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and return the answer with its body still to be read."""
        url = request.url
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        answer = await self._pool.handle_async_request(sent)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of an answer, as it comes in."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        """Give the connection back."""
        await self._stream.aclose()
