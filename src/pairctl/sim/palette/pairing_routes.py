"""Palette's HTTP side for pairing requests, at the paths that are inferred, not published."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pairctl.sim.answers import RefusalError
from pairctl.sim.palette import lies, payloads
from pairctl.sim.palette.access import Scope
from pairctl.sim.palette.bodies import AcceptanceBody, PairingQuery, read
from pairctl.sim.palette.matching import Objection
from pairctl.sim.palette.pairings import PairingRequest
from pairctl.sim.palette.palette import Palette

LIST_PATH = "/v1/dashboard/clusterpairs/metadata"
ONE_PATH = "/v1/clusterpairs/{uid}"
ACCEPT_PATH = "/v1/spectroclusters/edge-native/pair"
VALIDATE_PATH = "/v1/spectroclusters/edge-native/pair/validate"


class PairingApi:
    """The five calls about pairing requests, over a Palette's state."""

    def __init__(self, palette: Palette, paths: Mapping[Any, str] | None = None) -> None:
        self._palette = palette
        self._paths = paths or {}

    def routes(self) -> list[Route]:
        """List the routes, with their verbs."""
        return [
            Route(self._path("listRequests", LIST_PATH), self.requests, methods=["POST"]),
            Route(self._path("getRequest", ONE_PATH), self.request, methods=["GET"]),
            Route(self._path("reject", ONE_PATH), self.reject, methods=["DELETE"]),
            Route(self._path("accept", ACCEPT_PATH), self.accept, methods=["POST"]),
            Route(self._path("validate", VALIDATE_PATH), self.validate, methods=["POST"]),
        ]

    def _path(self, call: str, usual: str) -> str:
        return self._paths.get(call, usual).replace("{pairingUid}", "{uid}")

    async def requests(self, request: Request) -> Response:
        """Answer with all requests that the scope shows: the model has no pages."""
        scope, answers = self._scope(request, "list"), self._palette.answers
        query = await read(request, PairingQuery)
        every = self._palette.requests
        listed = (lies.as_listed(found, every, answers) for found in every)
        metas = [
            payloads.pairing_meta(found, self._palette.state_of(found))
            for found in listed
            if answers.lists_everybody
            or (
                scope.sees(found.project_uid)
                and query.filter.local_cluster_uid.admits(found.application.local_cluster_uid)
                and query.filter.state.admits(self._palette.state_of(found))
            )
        ]
        for key in reversed(query.sort):
            metas.sort(key=itemgetter(key.field), reverse=key.order == "desc")
        return JSONResponse({"items": [lies.listed_fields(meta, answers) for meta in metas]})

    async def request(self, request: Request) -> Response:
        """Answer with one request."""
        found = self._visible(self._scope(request, "get"), request.path_params["uid"])
        name = next((c.name for c in self._palette.clusters if c.uid == found.cluster_uid), "")
        answers = self._palette.answers
        shown = lies.as_shown(found, self._palette.requests, answers)
        document = payloads.pairing(shown, self._palette.state_of(found), name)
        return JSONResponse(lies.shown_fields(document, answers))

    async def reject(self, request: Request) -> Response:
        """Reject one request."""
        found = self._visible(self._scope(request, "delete"), request.path_params["uid"])
        self._palette.reject(found.uid)
        return Response(status_code=204)

    async def accept(self, request: Request) -> Response:
        """Accept one request: answer with the uid of the cluster that comes of it."""
        scope = self._scope(request, "update")
        acceptance = (await read(request, AcceptanceBody)).acceptance()
        self._visible(scope, acceptance.pairing_uid)
        cluster = self._palette.accept(acceptance, scope.project_uid)
        return JSONResponse({"uid": cluster.uid}, status_code=201)

    async def validate(self, request: Request) -> Response:
        """Judge an acceptance: answer 200 with what is wrong, in the body."""
        scope = self._scope(request, "update")
        acceptance = (await read(request, AcceptanceBody)).acceptance()
        self._visible(scope, acceptance.pairing_uid)
        found = self._palette.objections_to(acceptance, scope.project_uid)
        uids = [choice.uid for choice in acceptance.choices]
        # Write objections under the profile they are about, or else under the first.
        profiles = [
            {
                "uid": uid,
                "packs": {
                    "results": [
                        _result(objection)
                        for objection in found
                        if objection.profile_uid == uid
                        or (not objection.profile_uid and index == 0)
                    ]
                },
            }
            for index, uid in enumerate(dict.fromkeys(uids or [""]))
        ]
        return JSONResponse({"profiles": profiles, "machinePools": {"results": []}})

    def _scope(self, request: Request, operation: str) -> Scope:
        scope = self._palette.access.scope_of(request)
        scope.require_rights()
        scope.require(f"clusterPair.{operation}")
        return scope

    def _visible(self, scope: Scope, pairing_uid: str) -> PairingRequest:
        found = self._palette.request(pairing_uid)
        if not scope.sees(found.project_uid):
            raise RefusalError(404, "ResourceNotFound", f"no pairing request {pairing_uid} here")
        return found


def _result(objection: Objection) -> payloads.Json:
    error = {"code": objection.code, "message": objection.message}
    return {"name": objection.subject, "displayName": objection.subject, "errors": [error]}
