"""A simulated server as a whole: its app behind its gate, on its listener."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import Route

from pairctl.sim.answers import ErrorShape, error_handlers
from pairctl.sim.gate import Gate
from pairctl.sim.limits import Limiter
from pairctl.sim.listener import Listener
from pairctl.sim.server_clock import ServerClock
from pairctl.sim.world import World


@dataclass(frozen=True, slots=True)
class Manner:
    """How a server answers: after how long, and in which form it refuses."""

    delay_s: float = 0.0
    errors: ErrorShape = "whole"


USUAL = Manner()


class Server:
    """Something that can be called over HTTPS, and switched off and on."""

    def __init__(
        self,
        name: str,
        listener: Listener,
        routes: Sequence[Route],
        world: World,
        *,
        clock: ServerClock | None = None,
        manner: Manner = USUAL,
        limiter: Limiter | None = None,
        expire: Callable[[], None] = lambda: None,
    ) -> None:
        self.listener = listener
        app = Starlette(routes=routes, exception_handlers=error_handlers(manner.errors))
        app.router.redirect_slashes = False
        self._gate = Gate(
            name,
            app,
            world,
            reset=listener.reset,
            expire=expire,
            clock=clock or ServerClock(),
            delay_s=manner.delay_s,
            limiter=limiter,
        )

    async def go_online(self) -> None:
        """Accept connections."""
        await self.listener.start(self._gate)

    async def go_offline(self) -> None:
        """Refuse connections and reset the open ones, as a host without power does."""
        await self.listener.stop()
