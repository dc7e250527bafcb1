"""A stand-in for a person who stands at an edge host, for `curl`; not the vendor's."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pairctl.sim.host.host import Host

INSTALL_PATH = "/sim/install"


class PersonApi:
    """Installs the host anew, without a login: whoever reaches loopback is the person."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def routes(self) -> list[Route]:
        """List the routes, with their verbs."""
        return [Route(INSTALL_PATH, self.install, methods=["POST"])]

    async def install(self, _: Request) -> Response:
        """Install the host anew: answer with the uid of its new cluster."""
        return JSONResponse({"localClusterUid": self._host.reinstall()}, status_code=201)
