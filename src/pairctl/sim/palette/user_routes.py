"""What a key's user may do: that this call tells it is inferred, and its shape not published."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pairctl.sim.answers import RefusalError
from pairctl.sim.identity import uid_of
from pairctl.sim.palette.palette import Palette

ME_PATH = "/v1/users/me"


class UserApi:
    """The user whose key it is, as the agent toolkit of the vendor asks for it."""

    def __init__(self, palette: Palette) -> None:
        self._palette = palette

    def routes(self) -> list[Route]:
        """List the routes, with their verbs."""
        return [Route(ME_PATH, self.me, methods=["GET"])]

    async def me(self, request: Request) -> Response:
        """Answer with the key's user: a person, and what that person may do."""
        scope = self._palette.access.scope_of(request)
        key = scope.key
        if not key.tells_permissions:
            raise RefusalError(404, "ResourceNotFound", "there is no such path")
        if key.me is not None:
            return JSONResponse(key.me)
        tenant = {uid_of("tenant", "simulated"): list(scope.tenant_permissions)}
        person = {"firstName": "Robin", "lastName": "Operator", "emailId": "robin@example.com"}
        status = {
            "isActive": True,
            "projectPermissions": {one.uid: list(key.permissions) for one in scope.projects},
            "tenantPermissions": tenant,
        }
        metadata = {"uid": uid_of("user", "robin"), "name": "robin@example.com"}
        return JSONResponse({"metadata": metadata, "spec": person, "status": status})
