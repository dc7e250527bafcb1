"""A host's HTTP side: Local UI's own calls, each behind a login but the first two."""

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pairctl.sim.answers import RefusalError
from pairctl.sim.host import payloads
from pairctl.sim.host.host import Host, no_pairing
from pairctl.sim.host.pairing import PairTarget

USERS = "/v1/users/default"
EDGE = "/v1/edge-mgmt"


class LoginBody(BaseModel):
    """The body of a login."""

    username: str = ""
    password: str = Field("", repr=False)


class RenewalBody(BaseModel):
    """The body of a renewal."""

    refresh_token: str = Field(default="", validation_alias="refreshToken", repr=False)


class PairBody(BaseModel):
    """The body of a pairing request."""

    model_config = ConfigDict(alias_generator=to_camel)

    palette_endpoint: str = Field(min_length=1)
    registration_token: str = Field(min_length=1, repr=False)
    insecure: bool = False

    def target(self) -> PairTarget:
        """Turn the body into what the state understands."""
        return PairTarget(self.palette_endpoint, self.registration_token, self.insecure)


class HostApi:
    """Local UI's routes over a host's state."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def routes(self) -> list[Route]:
        """List the routes, with their verbs."""
        return [
            Route(f"{USERS}/login", self.login, methods=["POST"]),
            Route(f"{USERS}/token/renewal", self.renew, methods=["POST"]),
            Route(f"{EDGE}/settings", self.settings, methods=["GET"]),
            Route(f"{EDGE}/edgehosts/current", self.edge_host, methods=["GET"]),
            Route(f"{EDGE}/cluster/details", self.details, methods=["GET"]),
            Route(f"{EDGE}/cluster/applications", self.applications, methods=["GET"]),
            Route(f"{EDGE}/cluster/pair/verify-connection", self.verify, methods=["POST"]),
            Route(f"{EDGE}/cluster/pair", self.pair, methods=["POST"]),
            Route(f"{EDGE}/cluster/pair/details", self.pairing, methods=["GET"]),
            Route(f"{EDGE}/cluster/pair/reject", self.withdraw, methods=["POST"]),
        ]

    async def login(self, request: Request) -> Response:
        """Log a user of the host in."""
        try:
            body = LoginBody.model_validate_json(await request.body())
        except ValidationError:
            raise RefusalError(400, "InvalidRequest", "username and password expected") from None
        is_extended = _flag(request, "extendedSession", default=False)
        pair = self._host.login(body.username, body.password, is_extended=is_extended)
        answer = JSONResponse({"IsFirstLogin": False, "Token": payloads.tokens(pair)})
        if _flag(request, "setCookie", default=True):
            for name, value in payloads.tokens(pair).items():
                answer.set_cookie(name, value, secure=True, httponly=True)
        return answer

    async def renew(self, request: Request) -> Response:
        """Trade a refresh token, from the body or its cookie, for new tokens."""
        try:
            body = RenewalBody.model_validate_json(await request.body() or b"{}")
        except ValidationError:
            raise RefusalError(400, "InvalidRequest", "refreshToken expected") from None
        refresh = body.refresh_token or request.cookies.get("RefreshToken", "")
        is_extended = _flag(request, "extendedSession", default=False)
        pair = self._host.logins.renew(refresh, is_extended=is_extended)
        if pair is None:
            raise RefusalError(401, "Unauthorized", "the refresh token is not valid")
        return JSONResponse(payloads.tokens(pair))

    async def settings(self, request: Request) -> Response:
        """Answer with how the host is installed and managed."""
        host = self._admit(request)
        settings: payloads.Json = {"managementMode": host.management_mode, "featureFlags": {}}
        if host.installation_mode is not None:
            settings["installationMode"] = host.installation_mode
        if host.appliance_type:
            settings["applianceType"] = host.appliance_type
        return JSONResponse(settings)

    async def edge_host(self, request: Request) -> Response:
        """Answer with the host itself."""
        host = self._admit(request)
        pairing = host.shown_pairing()
        spec = {
            "connectionMode": host.installation_mode or "airgap",
            "managementMode": host.management_mode,
            "paletteEndpointURL": pairing.target.endpoint if pairing else "",
        }
        metadata = {"id": host.shown_uid(), "name": host.name}
        status = {"agentVersion": host.agent_version, "hostName": host.name}
        return JSONResponse({"metadata": metadata, "spec": spec, "status": status})

    async def details(self, request: Request) -> Response:
        """Answer with the cluster's health."""
        host = self._admit(request)
        return JSONResponse(payloads.cluster_details(host.shown_cluster(), host.agent_version))

    async def applications(self, request: Request) -> Response:
        """Answer with the cluster's profiles and packs."""
        return JSONResponse(payloads.applications(self._admit(request).shown_cluster()))

    async def verify(self, request: Request) -> Response:
        """Answer whether all hosts of the cluster reach Palette."""
        host = self._admit(request)
        message = await host.verify(await _target(request, 400))
        return JSONResponse({"verified": not message, "message": message})

    async def pair(self, request: Request) -> Response:
        """Send a pairing request to Palette: answer with its pairing id."""
        host = self._admit(request)
        pairing = await host.pair(await _target(request, 500))
        return JSONResponse({"pairingUid": pairing.uid}, status_code=201)

    async def pairing(self, request: Request) -> Response:
        """Answer with the pairing request and what became of it."""
        pairing = self._admit(request).shown_pairing()
        if pairing is None:
            raise no_pairing()
        return JSONResponse(payloads.pairing_details(pairing))

    async def withdraw(self, request: Request) -> Response:
        """Take the pending request back."""
        return JSONResponse({"message": await self._admit(request).withdraw()})

    def _admit(self, request: Request) -> Host:
        if not self._host.logins.admits(request.headers.get("Authorization", "")):
            raise RefusalError(401, "Unauthorized", "the token is missing, unknown or expired")
        return self._host


async def _target(request: Request, status: int) -> PairTarget:
    """Read where to pair; refuse with the status that the call knows for a bad body."""
    try:
        return PairBody.model_validate_json(await request.body()).target()
    except ValidationError:
        message = "paletteEndpoint and registrationToken expected"
        raise RefusalError(status, "InvalidRequest", message) from None


def _flag(request: Request, name: str, *, default: bool) -> bool:
    text = request.query_params.get(name)
    return default if text is None else text.lower() == "true"
