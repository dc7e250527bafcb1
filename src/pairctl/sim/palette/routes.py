"""Palette's HTTP side for operators: projects, profiles, tokens and clusters."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pairctl.sim.answers import RefusalError
from pairctl.sim.palette import payloads
from pairctl.sim.palette.access import Scope
from pairctl.sim.palette.bodies import ProfileQuery, read
from pairctl.sim.palette.catalog import Profile, ProfileVersion
from pairctl.sim.palette.paging import page_of
from pairctl.sim.palette.pairings import Cluster
from pairctl.sim.palette.palette import Palette
from pairctl.sim.palette.search import ClusterQuery
from pairctl.sim.world import World


class OperatorApi:
    """The routes that every Palette has, over a Palette's state."""

    def __init__(self, palette: Palette, world: World) -> None:
        self._palette = palette
        self._world = world

    def routes(self) -> list[Route]:
        """List the routes, with their verbs."""
        return [
            Route("/v1/dashboard/projects/metadata", self.projects, methods=["GET"]),
            Route("/v1/dashboard/clusterprofiles", self.profiles, methods=["POST"]),
            Route("/v1/clusterprofiles/{uid}/variables", self.variables, methods=["GET"]),
            Route("/v1/clusterprofiles/{uid}/packs", self.packs, methods=["GET"]),
            Route("/v1/edgehosts/tokens", self.tokens, methods=["GET"]),
            Route("/v1/dashboard/spectroclusters/search", self.search, methods=["POST"]),
            Route("/v1/spectroclusters/{uid}", self.cluster, methods=["GET"]),
            Route("/v1/spectroclusters/{uid}/status", self.cluster_status, methods=["GET"]),
            Route("/v1/spectroclusters/{uid}/profiles", self.cluster_profiles, methods=["GET"]),
        ]

    async def projects(self, request: Request) -> Response:
        """Answer with the projects that the key reaches, or the one of a name."""
        scope = self._palette.access.scope_of(request)
        name = request.query_params.get("name")
        found = [ref for ref in scope.projects if name in {None, "", ref.name}]
        return JSONResponse({"items": [payloads.project(ref) for ref in found]})

    async def profiles(self, request: Request) -> Response:
        """Answer with a page of the profiles that the scope shows."""
        scope = self._scope(request)
        wanted = (await read(request, ProfileQuery)).filter
        found = [
            profile
            for profile in self._palette.catalog.visible_from(scope.project_uid)
            if wanted.profile_name.admits(profile.name)
            and profile.type in (wanted.profile_type or (profile.type,))
        ]
        page = page_of(request, found)
        return JSONResponse(payloads.listing(page, map(payloads.profile_summary, page.items)))

    async def variables(self, request: Request) -> Response:
        """Answer with the variables of one version of a profile."""
        return JSONResponse(payloads.variables(self._version(request)))

    async def packs(self, request: Request) -> Response:
        """Answer with the packs of one version of a profile, and their values."""
        version = self._version(request)
        if not version.shows_packs:
            raise RefusalError(403, "Forbidden", "the packs of this profile are not shown")
        return JSONResponse(payloads.profile_packs(version))

    async def tokens(self, request: Request) -> Response:
        """Answer with all registration tokens, in the tenant's scope only."""
        scope = self._palette.access.scope_of(request)
        scope.require_tenant()
        scope.require("edgeToken.list")
        name, now = self._palette.access.project_name, self._world.now()
        items = [
            payloads.edge_token(token, name(token.project_uid), now)
            for token in self._palette.tokens.all
        ]
        return JSONResponse({"items": items})

    async def search(self, request: Request) -> Response:
        """Answer with a page of the clusters that are searched for."""
        scope = self._scope(request)
        query = await read(request, ClusterQuery)
        found = [
            cluster
            for cluster in self._palette.clusters
            if scope.sees(cluster.project_uid)
            and query.admits({"clusterName": cluster.name, "clusterState": payloads.RUNNING})
        ]
        page, name = page_of(request, found), self._palette.access.project_name
        items = (
            payloads.cluster_summary(one, name(one.project_uid), self._palette.health_of(one))
            for one in page.items
        )
        return JSONResponse(payloads.listing(page, items))

    async def cluster(self, request: Request) -> Response:
        """Answer with one cluster."""
        found = self._cluster(request)
        return JSONResponse(payloads.cluster(found, self._profiles_of(found)))

    async def cluster_status(self, request: Request) -> Response:
        """Answer with the state of one cluster."""
        self._cluster(request)
        return JSONResponse({"status": {"state": payloads.RUNNING}})

    async def cluster_profiles(self, request: Request) -> Response:
        """Answer with the profiles of one cluster."""
        return JSONResponse(payloads.cluster_profiles(self._profiles_of(self._cluster(request))))

    def _scope(self, request: Request) -> Scope:
        scope = self._palette.access.scope_of(request)
        scope.require_rights()
        return scope

    def _version(self, request: Request) -> ProfileVersion:
        scope = self._scope(request)
        entry = self._palette.catalog.version(request.path_params["uid"])
        if entry is None or not entry[0].is_visible_from(scope.project_uid):
            raise RefusalError(404, "ResourceNotFound", "there is no such cluster profile")
        return entry[1]

    def _cluster(self, request: Request) -> Cluster:
        scope, uid = self._scope(request), request.path_params["uid"]
        for cluster in self._palette.clusters:
            if cluster.uid == uid and scope.sees(cluster.project_uid):
                return cluster
        raise RefusalError(404, "ResourceNotFound", f"there is no cluster {uid}")

    def _profiles_of(self, cluster: Cluster) -> list[tuple[Profile, ProfileVersion]]:
        entries = (self._palette.catalog.version(choice.uid) for choice in cluster.choices)
        return [entry for entry in entries if entry is not None]
