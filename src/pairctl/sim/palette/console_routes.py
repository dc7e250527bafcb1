"""A stand-in for the clicks of a person in Palette's console, for `curl`; not the vendor's."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pairctl.sim.palette.bodies import Body, read
from pairctl.sim.palette.palette import Palette

ACCEPT_PATH = "/sim/pairings/{uid}/accept"
REJECT_PATH = "/sim/pairings/{uid}/reject"


class ClickBody(Body):
    """The names of the profiles that the person picks."""

    profiles: tuple[str, ...] = ()


class ConsoleApi:
    """Accepts and rejects without an API key: whoever reaches loopback is the person."""

    def __init__(self, palette: Palette) -> None:
        self._palette = palette

    def routes(self) -> list[Route]:
        """List the routes, with their verbs."""
        return [
            Route(ACCEPT_PATH, self.accept, methods=["POST"]),
            Route(REJECT_PATH, self.reject, methods=["POST"]),
        ]

    async def accept(self, request: Request) -> Response:
        """Accept a request with the latest versions of the profiles named."""
        body = await read(request, ClickBody)
        cluster = self._palette.accept_in_console(request.path_params["uid"], *body.profiles)
        return JSONResponse({"uid": cluster.uid}, status_code=201)

    async def reject(self, request: Request) -> Response:
        """Reject a request."""
        self._palette.reject(request.path_params["uid"])
        return Response(status_code=204)
