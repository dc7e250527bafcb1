"""Palette's HTTP side for edge hosts; these paths are the simulator's own, the payload is not."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pairctl.sim.palette.application import ApplicationBody
from pairctl.sim.palette.bodies import read
from pairctl.sim.palette.palette import Palette

UPLINK_PREFIX = "/v1/hosts"
PING_PATH = f"{UPLINK_PREFIX}/ping"
PAIRINGS_PATH = f"{UPLINK_PREFIX}/pairings"


class UplinkApi:
    """What edge hosts call: they show a registration token, never an API key."""

    def __init__(self, palette: Palette) -> None:
        self._palette = palette

    def routes(self) -> list[Route]:
        """List the routes, with their verbs."""
        return [
            Route(PING_PATH, self.ping, methods=["GET"]),
            Route(PAIRINGS_PATH, self.receive, methods=["POST"]),
            Route(f"{PAIRINGS_PATH}/{{uid}}", self.withdraw, methods=["DELETE"]),
        ]

    async def ping(self, _: Request) -> Response:
        """Show a host that it reaches Palette."""
        return Response(status_code=204)

    async def receive(self, request: Request) -> Response:
        """Take in a pairing request: answer with its pairing id."""
        body = await read(request, ApplicationBody)
        received = self._palette.receive(body.application())
        return JSONResponse({"pairingUid": received.uid}, status_code=201)

    async def withdraw(self, request: Request) -> Response:
        """Remove a pending request that its host takes back."""
        self._palette.withdraw(request.path_params["uid"])
        return Response(status_code=204)
