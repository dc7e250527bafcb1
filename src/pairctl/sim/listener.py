"""One HTTPS server on a loopback port: bound early, started and stopped at will."""

import asyncio
import socket

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from pairctl.problem import PairctlError, Problem
from pairctl.sim.certificates import Identity
from pairctl.sim.mutual_tls import ShutProtocol

LOOPBACK = "127.0.0.1"
BACKLOG = 512
CLOSE_TIMEOUT_S = 5.0
KEEP_ALIVE_S = 75
"""How long an idle connection is kept, as usual servers do."""


def bind(port: int) -> socket.socket:
    """Make a bound socket that does not listen yet: connections to it are refused.

    Raises PairctlError when the port is taken.
    """
    # Named as TCP: only then does asyncio send small writes at once, without 40 ms of delay.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((LOOPBACK, port))
        bound.setblocking(False)
    except OSError as error:
        bound.close()
        raise PairctlError(
            Problem(
                "AddressInUse",
                f"the simulator cannot listen on {LOOPBACK}:{port}: {error.strerror}",
                "stop what uses the port, or change the endpoint in the simulation file",
            )
        ) from error
    return bound


class Listener:
    """Serves one ASGI app with uvicorn's protocol, without uvicorn's loop, signals or logs.

    Stopping resets the open connections: to a client it looks like a power cut.
    """

    def __init__(self, port: int, identity: Identity) -> None:
        self.identity = identity
        self._socket: socket.socket | None = bind(port)
        self.port: int = self._socket.getsockname()[1]
        self._server: asyncio.Server | None = None
        self._state = ServerState()

    @property
    def endpoint(self) -> str:
        """The address that clients call, with scheme and port."""
        return f"https://{LOOPBACK}:{self.port}"

    @property
    def is_online(self) -> bool:
        """Whether connections are accepted at this moment."""
        return self._server is not None

    async def start(self, app: ASGIApp) -> None:
        """Begin to accept connections; does nothing when that is so already."""
        if self._server is not None:
            return
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=KEEP_ALIVE_S,
        )
        config.load()
        listening = self._socket or bind(self.port)
        self._socket = None
        loop, context = asyncio.get_running_loop(), self.identity.context
        if self.identity.is_shut:
            self._server = await loop.create_server(
                lambda: ShutProtocol(context, self._state), sock=listening, backlog=BACKLOG
            )
            return
        self._server = await loop.create_server(
            lambda: H11Protocol(config=config, server_state=self._state, app_state={}),
            sock=listening,
            ssl=context,
            backlog=BACKLOG,
        )

    async def stop(self) -> None:
        """Refuse connections and reset the open ones; the port stays reserved."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
            self._socket = bind(self.port)
            await self._cut(server)

    async def close(self) -> None:
        """Stop for good and give the port back."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
            await self._cut(server)
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    async def _cut(self, server: asyncio.Server) -> None:
        for task in tuple(self._state.tasks):
            task.cancel()
        for connection in tuple(self._state.connections):
            connection.transport.abort()
        await asyncio.wait_for(server.wait_closed(), CLOSE_TIMEOUT_S)

    def reset(self, client: tuple[str, int]) -> None:
        """Cut the connection of one client, whatever is under way on it."""
        for connection in tuple(self._state.connections):
            if isinstance(connection, H11Protocol) and connection.client == client:
                connection.transport.abort()
