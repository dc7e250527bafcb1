"""A simulated world without sockets, for tests that own the clock: servers are called in process.

Connections, TLS and certificates are not what these tests are about; all other tests have them.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self, cast
from unittest.mock import patch
from urllib.parse import unquote

import httpx
from starlette.types import ASGIApp, Message

from monitor import Monitor
from owned_time import OwnedClock
from pairctl.apis.http_connection import HttpRequest, HttpResponse
from pairctl.apis.tls_stream import ConnectError, ReadError
from pairctl.apis.transport import Progress
from pairctl.sim import Scenario, Simulation, ThreadedSimulation
from repo_factory import Box, make_box
from scenario_factory import DEFAULT_SECRETS, TIMING, World, document, watched, write_secrets


class _Cut(Exception):
    """The server has cut the connection."""


class InProcessListener:
    """What stands for a port: an app that is online, or not."""

    ports = itertools.count(20_001)
    by_port: Mapping[int, "InProcessListener"]

    def __init__(self, port: int, identity: Any) -> None:
        del port
        self.identity = identity
        self.port = next(self.ports)
        cast("dict[int, InProcessListener]", self.by_port)[self.port] = self
        self._app: ASGIApp | None = None
        self._calls: dict[tuple[str, int], asyncio.Future[Any]] = {}
        self._clients = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def endpoint(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def is_online(self) -> bool:
        return self._app is not None

    async def start(self, app: ASGIApp) -> None:
        self._app = self._app or app

    async def stop(self) -> None:
        self._app = None
        for client in list(self._calls):
            self.reset(client)

    async def close(self) -> None:
        await self.stop()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def reset(self, client: tuple[str, int]) -> None:
        call = self._calls.get(client)
        if call and not call.done():
            call.set_exception(_Cut())

    async def call(
        self, method: str, target: bytes, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> httpx.Response:
        """Serve one request. Like a server, the app goes on when the client has gone."""
        app, client = self._app, ("127.0.0.1", next(self._clients))
        assert app
        call: asyncio.Future[httpx.Response] = asyncio.get_running_loop().create_future()
        self._calls[client] = call
        task = asyncio.ensure_future(
            self._serve(app, self._scope(method, target, headers, client), body, call)
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            return await call
        finally:
            del self._calls[client]

    def _scope(
        self,
        method: str,
        target: bytes,
        headers: Sequence[tuple[bytes, bytes]],
        client: tuple[str, int],
    ) -> dict[str, Any]:
        path, _, query = target.partition(b"?")
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": unquote(path.decode()),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in headers],
            "client": client,
            "server": ("127.0.0.1", self.port),
        }

    async def _serve(
        self,
        app: ASGIApp,
        scope: dict[str, Any],
        body: bytes,
        call: "asyncio.Future[httpx.Response]",
    ) -> None:
        start: dict[str, Any] = {}
        parts: list[bytes] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))

        await app(scope, receive, send)
        if call.done():
            return
        if not start:
            call.set_exception(_Cut())
            return
        stream = httpx.ByteStream(b"".join(parts))
        call.set_result(httpx.Response(start["status"], headers=start["headers"], stream=stream))


class _Transport:
    """Calls listeners by their ports; raises what the real one does."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    async def aclose(self) -> None:
        pass

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    @asynccontextmanager
    async def answered(
        self, request: HttpRequest, progress: Progress
    ) -> AsyncIterator[HttpResponse]:
        head = request.head
        host = next(value for name, value in head.headers if name == b"host")
        listener = InProcessListener.by_port.get(int(host.rpartition(b":")[2]))
        if listener is None or not listener.is_online:
            raise ConnectError
        progress.is_connected = progress.has_begun = True
        try:
            answer = await listener.call(
                head.method.decode(), head.target, head.headers.raw_items(), request.content
            )
        except _Cut:
            raise ReadError from None
        yield HttpResponse(answer.status_code, dict(answer.headers), answer.aiter_raw())


class _UplinkTransport(httpx.AsyncBaseTransport):
    """Does the same for simulated hosts, which call by httpx."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        listener = InProcessListener.by_port.get(request.url.port or 0)
        if listener is None or not listener.is_online:
            raise httpx.ConnectError("refused")
        try:
            return await listener.call(
                request.method, request.url.raw_path, request.headers.raw, await request.aread()
            )
        except _Cut:
            raise httpx.ReadError("cut") from None


@contextmanager
def without_sockets() -> Iterator[None]:
    """Let pairctl's clients, and simulated hosts, call simulated servers in process."""
    with (
        patch.object(InProcessListener, "by_port", {}, create=True),
        patch("pairctl.sim.simulation.Listener", InProcessListener),
        patch("pairctl.apis.channel.Transport", _Transport),
        patch(
            "pairctl.sim.host.uplink._client",
            lambda _: httpx.AsyncClient(transport=_UplinkTransport()),
        ),
    ):
        yield


@asynccontextmanager
async def owned_world(
    root: Path, scenario: Scenario, *numbers: int, **operator: Any
) -> AsyncIterator[World]:
    """Run a world in this loop, with intents for some of its hosts."""
    spec = {
        "secrets": {name: {"hosts": ["127.0.0.1"]} for name in DEFAULT_SECRETS},
        "timing": TIMING,
        **operator,
    }
    clock = OwnedClock()
    with without_sockets():
        async with Simulation.start(
            scenario, ports="any", clock=lambda: clock.now().timestamp()
        ) as sim:
            running = SimpleNamespace(simulation=sim, call=lambda change: change(sim))
            box = Box(root)
            monitor = Monitor(box.bare, box.clone, root / "operator.yaml", clock.monotonic)
            made = World(root, cast("ThreadedSimulation", running), box, monitor, spec)
            make_box(root, {"fleet.yaml": made.fleet(*(made.intent(one) for one in numbers))})
            made.operator.write_text(json.dumps(document("Operator", "tests", spec)))
            write_secrets(made.secrets, DEFAULT_SECRETS)
            monitor.watch(watched(made.running, scenario))
            yield made
            monitor.check()
