"""A stand-in for a person who switches an edge host on or off, for `curl`; not the vendor's.

It is served at Palette's address: a host without power answers nobody.
"""

from collections.abc import Awaitable, Callable, Collection

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pairctl.sim.answers import RefusalError
from pairctl.sim.palette.bodies import Body, read

POWER_PATH = "/sim/hosts/{name}/power"


class PowerBody(Body):
    """Whether the host has power from now on."""

    on: bool


class PowerApi:
    """Switches hosts, without a login: whoever reaches loopback is the person."""

    def __init__(
        self, hosts: Collection[str], switch: Callable[[str, bool], Awaitable[None]]
    ) -> None:
        self._hosts = hosts
        self._switch = switch

    def routes(self) -> list[Route]:
        """List the routes, with their verbs."""
        return [Route(POWER_PATH, self.switch, methods=["POST"])]

    async def switch(self, request: Request) -> Response:
        """Switch one host on, or off."""
        body, name = await read(request, PowerBody), request.path_params["name"]
        if name not in self._hosts:
            raise RefusalError(404, "ResourceNotFound", f"there is no host {name}")
        await self._switch(name, body.on)
        return Response(status_code=204)
