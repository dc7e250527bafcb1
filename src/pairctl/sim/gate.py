"""What every request passes on its way into a simulated server: journal, limits, faults."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import lru_cache

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pairctl.sim.answers import error_answer
from pairctl.sim.faults import Fault
from pairctl.sim.journal import Received
from pairctl.sim.limits import Limiter
from pairctl.sim.server_clock import ServerClock
from pairctl.sim.world import REQUEST_ID, World

HUGE_BYTES = 32 * 1024 * 1024
MAX_REQUEST_BYTES = 4 * 1024 * 1024
SERVER_ERROR = 500


@dataclass(slots=True)
class _Answer:
    """An answer as the app gave it, held back until it is decided what the client sees."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def collect(self, message: Message) -> None:
        """ASGI's `send`, into memory."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


def _planned_error(fault: Fault) -> Response:
    code = "InternalError" if fault.status >= SERVER_ERROR else "InvalidRequest"
    return error_answer(fault.status, code, fault.message, fault.shape)


def _too_many(_: Fault) -> Response:
    return error_answer(429, "TooManyRequests", "a planned limit")


def _redirect(fault: Fault) -> Response:
    return RedirectResponse(fault.location, status_code=307)


def _web_page(_: Fault) -> Response:
    return HTMLResponse("<!doctype html><title>Sign in</title><p>Please sign in.")


def _huge(_: Fault) -> Response:
    return Response(b'"' + b"x" * HUGE_BYTES + b'"', media_type="application/json")


def _planned_answer(fault: Fault) -> Response:
    return JSONResponse(fault.body)


def _with_more(fault: Fault, answer: "_Answer") -> "_Answer":
    """Return a list that was answered, with more items before its own."""
    document = json.loads(answer.body)
    document["items"] = [*fault.body, *document["items"]]
    body = json.dumps(document).encode()
    headers = [(name, value) for name, value in answer.headers if name != b"content-length"]
    length = (b"content-length", str(len(body)).encode())
    return _Answer(answer.status, [*headers, length], body)


INSTEAD: dict[str, Callable[[Fault], Response]] = {
    "answer": _planned_answer,
    "error": _planned_error,
    "limit": _too_many,
    "redirect": _redirect,
    "html": _web_page,
    "huge": _huge,
}


class Gate:
    """An ASGI app around a server's own; `reset` cuts a client's connection.

    Requests are served whole: read, applied, and only then answered, so that a fault can say
    exactly whether the effect happened.
    """

    def __init__(
        self,
        name: str,
        app: ASGIApp,
        world: World,
        *,
        reset: Callable[[tuple[str, int]], None],
        expire: Callable[[], None],
        clock: ServerClock,
        delay_s: float = 0.0,
        limiter: Limiter | None = None,
    ) -> None:
        self._name = name
        self._app = app
        self._world = world
        self._reset = reset
        self._expire = expire
        self._clock = clock
        self._delay_s = delay_s
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        body = await _body_of(receive)
        received = Received(
            self._name,
            scope["method"],
            scope["path"],
            self._world.now(),
            header_names=_texts(tuple(name for name, _ in scope["headers"])),
            user_agent=_header(scope, b"user-agent"),
            request_id=_header(scope, b"x-request-id"),
        )
        self._world.journal.receive(received)
        await asyncio.sleep(self._delay_s)
        if self._limiter and not self._limiter.admits(scope["client"][0], scope["path"]):
            answer = error_answer(429, "TooManyRequests", "too many requests from this address")
            if self._limiter.retry_after_s is not None:
                answer.headers["Retry-After"] = str(self._limiter.retry_after_s)
            await self._send(await _rendered(answer, scope), send)
            return
        fault = self._world.faults.take(self._name, scope["method"], scope["path"])
        if fault is None:
            await self._send(await self._apply(scope, body), send)
        else:
            await self._go_wrong(fault, scope, body, send)

    async def _go_wrong(self, fault: Fault, scope: Scope, body: bytes, send: Send) -> None:
        instead = INSTEAD.get(fault.action)
        if instead is not None:
            await self._send(await _rendered(instead(fault), scope), send)
        elif fault.action in {"drop", "drop-after", "drop-late"}:
            if fault.action == "drop-after":
                await self._apply(scope, body)
            self._reset(scope["client"])
            if fault.action == "drop-late":
                await asyncio.sleep(fault.seconds)
                await self._apply(scope, body)
        else:
            await self._answer_badly(fault, scope, body, send)

    async def _answer_badly(self, fault: Fault, scope: Scope, body: bytes, send: Send) -> None:
        if fault.action == "expire":
            self._expire()
        if fault.action == "hold":
            await asyncio.sleep(fault.seconds)
        answer = await self._apply(scope, body)
        if fault.action == "error-after":
            answer = await _rendered(_planned_error(fault), scope)
        if fault.action == "more":
            answer = _with_more(fault, answer)
        if fault.action == "delay":
            await asyncio.sleep(fault.seconds)
        if fault.action == "drip":
            await self._start(answer, send)
            for index in range(len(answer.body)):
                await _send_part(answer.body[index : index + 1], send)
                await asyncio.sleep(fault.seconds)
            await send({"type": "http.response.body", "body": b""})
        elif fault.action == "cut":
            await self._start(answer, send)
            await _send_part(answer.body[: len(answer.body) // 2], send)
            self._reset(scope["client"])
        else:
            await self._send(answer, send)

    async def _apply(self, scope: Scope, body: bytes) -> _Answer:
        answer = _Answer()
        token = REQUEST_ID.set(_header(scope, b"x-request-id"))
        try:
            await self._app(scope, _replay(body), answer.collect)
        finally:
            REQUEST_ID.reset(token)
        return answer

    async def _send(self, answer: _Answer, send: Send) -> None:
        await self._start(answer, send)
        await send({"type": "http.response.body", "body": answer.body})

    async def _start(self, answer: _Answer, send: Send) -> None:
        headers = answer.headers
        if self._clock.sends_date:
            date = format_datetime(self._clock.at(self._world.now()), usegmt=True)
            headers = [*headers, (b"date", date.encode("ascii"))]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})


@lru_cache(maxsize=256)
def _texts(names: tuple[bytes, ...]) -> tuple[str, ...]:
    """Return names of headers as text: requests are many, and those that are alike share them."""
    return tuple(name.decode("latin-1") for name in names)


def _header(scope: Scope, wanted: bytes) -> str:
    """Return the value of a header, its name in lower case; empty where there is none."""
    found = (value for name, value in scope["headers"] if name == wanted)
    return str(next(found, b"").decode("latin-1"))


async def _rendered(response: Response, scope: Scope) -> _Answer:
    answer = _Answer()
    await response(scope, _replay(b""), answer.collect)
    return answer


async def _send_part(part: bytes, send: Send) -> None:
    await send({"type": "http.response.body", "body": part, "more_body": True})


async def _body_of(receive: Receive) -> bytes:
    """Read the request's body, cut after 4 MiB: nothing that is meant for these APIs is longer."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False) or sum(map(len, parts)) > MAX_REQUEST_BYTES:
            return b"".join(parts)


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
