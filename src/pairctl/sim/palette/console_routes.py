"""A stand-in for the clicks of a person in Palette's console, for `curl`; not the vendor's."""

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pairctl.sim.palette.bodies import Body, ProfileBody, read
from pairctl.sim.palette.palette import Palette
from pairctl.sim.palette_spec import MAX_OFFSET_S

ACCEPT_PATH = "/sim/pairings/{uid}/accept"
REJECT_PATH = "/sim/pairings/{uid}/reject"
PUBLISH_PATH = "/sim/profiles"
CLOCK_PATH = "/sim/clock"


class ClickBody(Body):
    """The names of the profiles that the person picks."""

    profiles: tuple[str, ...] = ()


class ClockBody(Body):
    """What is to be set of Palette's clock; what is left out stays."""

    offset_s: float | None = Field(
        default=None, ge=-MAX_OFFSET_S, le=MAX_OFFSET_S, validation_alias="offsetSeconds"
    )
    sends_date: bool | None = None


class ConsoleApi:
    """Accepts, rejects and publishes without an API key: whoever reaches loopback is the person.

    That person may set Palette's clock, too.
    """

    def __init__(self, palette: Palette) -> None:
        self._palette = palette

    def routes(self) -> list[Route]:
        """List the routes, with their verbs."""
        return [
            Route(ACCEPT_PATH, self.accept, methods=["POST"]),
            Route(REJECT_PATH, self.reject, methods=["POST"]),
            Route(PUBLISH_PATH, self.publish, methods=["POST"]),
            Route(CLOCK_PATH, self.set_clock, methods=["POST"]),
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

    async def set_clock(self, request: Request) -> Response:
        """Let Palette's clock jump, or its answers tell no time."""
        body, clock = await read(request, ClockBody), self._palette.clock
        clock.offset_s = clock.offset_s if body.offset_s is None else body.offset_s
        clock.sends_date = clock.sends_date if body.sends_date is None else body.sends_date
        return Response(status_code=204)

    async def publish(self, request: Request) -> Response:
        """Publish a profile, or its next version; `?project=NAME` counts for a new one only."""
        body = await read(request, ProfileBody)
        project = request.query_params.get("project")
        uid = self._palette.publish_body(body, project=project)
        return JSONResponse({"uid": uid}, status_code=201)
