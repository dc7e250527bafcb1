"""HTTP/1.1 over one connection: h11 says what the bytes mean, a `TlsStream` carries them.

A client library with its pool, streams and hooks took twice the CPU for each call.
"""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import h11

from pairctl.apis.tls_stream import TlsStream

MOST_HEAD_BYTES = 100 * 1024
"""How long the head of an answer may be."""


@dataclass(frozen=True, slots=True, repr=False)
class HttpRequest:
    """A request as it goes out. Its head may hold a secret."""

    head: h11.Request
    content: bytes = b""


@dataclass(frozen=True, slots=True, repr=False)
class HttpResponse:
    """The head of an answer, and its body as it comes in, in the encoding that the head names.

    Headers go by their names in small letters; those of one name are joined.
    """

    status: int
    headers: Mapping[str, str]
    body: AsyncIterator[bytes]


class HttpConnection:
    """One connection, which serves one call after the other.

    `used_s` is when it was made, or used last (monotonic).
    """

    def __init__(self, stream: TlsStream) -> None:
        self._stream = stream
        self._protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEAD_BYTES)
        self.used_s = time.monotonic()

    async def answered(self, request: HttpRequest) -> HttpResponse:
        """Send a request, and return its answer with a body that is still to be read.

        Raises h11.ProtocolError, or ReadError where the connection is lost. A server may answer
        before it has the whole request, and hang up: what it said is heard all the same.
        """
        events: list[h11.Event] = [request.head, h11.EndOfMessage()]
        if request.content:
            events.insert(1, h11.Data(data=request.content))
        self._stream.write(b"".join(self._protocol.send(event) or b"" for event in events))
        while isinstance(event := await self._next_event(), h11.InformationalResponse):
            pass  # the answer is still to come
        if not isinstance(event, h11.Response):
            raise h11.RemoteProtocolError("what came is no answer")
        return HttpResponse(event.status_code, _headers(event), self._body())

    def is_done(self) -> bool:
        """Whether the answer was read whole, and another request may be sent."""
        protocol = self._protocol
        if protocol.our_state is not h11.DONE or protocol.their_state is not h11.DONE:
            return False
        if protocol.trailing_data[0]:
            return False  # said unasked: it must not answer the next request
        protocol.start_next_cycle()
        self.used_s = time.monotonic()
        return True

    def is_usable(self, idle_s: float) -> bool:
        """Whether an unused connection is still there, silent, and unused for so long at most."""
        return time.monotonic() - self.used_s <= idle_s and not self._stream.has_spoken()

    def hang_up(self) -> None:
        """Hang up at once; the socket is closed soon."""
        self._stream.hang_up()

    async def aclose(self) -> None:
        """Hang up, and wait until the socket is closed."""
        await self._stream.aclose()

    async def _body(self) -> AsyncIterator[bytes]:
        while isinstance(event := await self._next_event(), h11.Data):
            yield bytes(event.data)

    async def _next_event(self) -> object:
        while (event := self._protocol.next_event()) is h11.NEED_DATA:
            data = await self._stream.read()
            if not data and self._protocol.their_state is h11.SEND_RESPONSE:
                raise h11.RemoteProtocolError("the server has hung up without an answer")
            if not data and self._stream.is_cut:
                # A body that ends with its connection: nothing else says that it is whole.
                raise h11.RemoteProtocolError("the connection was cut in the middle of an answer")
            self._protocol.receive_data(data)
        return event


def _headers(response: h11.Response) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in response.headers:
        key, text = name.decode("ascii"), _text(value)
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
