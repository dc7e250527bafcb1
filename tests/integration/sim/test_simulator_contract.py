"""Every answer of the simulator against the vendor's own specifications."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.routing import Route

from pairctl.sim import Pack
from pairctl.sim.host import payloads as host_payloads
from pairctl.sim.host.routes import HostApi
from pairctl.sim.palette.pairing_routes import PairingApi
from pairctl.sim.palette.routes import OperatorApi
from sim_factory import (
    EDGE,
    KEY,
    PASSWORD,
    TOKEN,
    Site,
    in_site,
    make_scenario,
    palette_document,
    profile,
)
from vendor_contract import MISSING, Specification, is_at_hand, specification

pytestmark = pytest.mark.skipif(not is_at_hand(), reason=MISSING)

PAIRS = "/v1/clusterpairs/{uid}"
PAIR_LIST = "/v1/dashboard/clusterpairs/metadata"
ACCEPT = "/v1/spectroclusters/edge-native/pair"
PAIRING_MODELS = {
    ("POST", PAIR_LIST): (200, "v1SpectroClusterPairingRequestMetas"),
    ("GET", PAIRS): (200, "v1SpectroEdgeNativeClusterPair"),
    ("POST", ACCEPT): (201, "v1Uid"),
    ("POST", f"{ACCEPT}/validate"): (200, "v1SpectroClusterValidatorResponse"),
    ("DELETE", PAIRS): (204, None),
}


@dataclass
class Inspector:
    """Calls a server and holds each answer against its specification."""

    site: Site
    server: str
    contract: Specification
    headers: dict[str, str] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)

    async def call(self, method: str, path: str, status: int, uid: str = "", **options: Any) -> Any:
        """Make a call that must be answered with this status and a body of the right shape."""
        self.seen.add((method, path))
        url = self.site.address(self.server) + path.replace("{uid}", uid)
        headers = self.headers | options.pop("headers", {})
        answer = await self.site.client.request(method, url, headers=headers, **options)
        assert answer.status_code == status, answer.text
        body = answer.json() if answer.content else None
        self._check(method, path, status, body)
        return body

    def _check(self, method: str, path: str, status: int, body: Any) -> None:
        if (method, path) in PAIRING_MODELS and status < 400:
            expected, model = PAIRING_MODELS[method, path]
            assert status == expected
        elif self.contract.declares(method, path) and status in self.contract.declared_statuses(
            method, path
        ):
            model = self.contract.response_model(method, path, status)
        else:
            assert status >= 400, f"{method} {path} is not declared to answer {status}"
            specification("local-management-api").check(body, "v1Error")
            return
        if model is None:
            assert body is None
        else:
            self.contract.check(body, model)


def _calls(routes: list[Route]) -> set[tuple[str, str]]:
    return {
        (method, route.path)
        for route in routes
        for method in (route.methods or ())
        if method != "HEAD"
    }


def _local(site: Site) -> Inspector:
    return Inspector(site, "store-1", specification("local-management-api"))


def _palette(site: Site) -> Inspector:
    uid = site.sim.palette.access.project_uid("edge-retail") or ""
    headers = {"ApiKey": KEY, "ProjectUid": uid}
    return Inspector(site, "palette", specification("palette-api"), headers)


async def _log_in(local: Inspector) -> str:
    login = "/v1/users/default/login"
    await local.call("POST", login, 400, json={"username": "kairos", "password": "no"})
    body = {"username": "kairos", "password": PASSWORD}
    token = (await local.call("POST", login, 200, json=body))["Token"]
    local.headers = {"Authorization": token["Authorization"]}
    return str(token["RefreshToken"])


def test_local_ui_answers_as_the_specification_says() -> None:
    """Every route of an edge host, with and without a cluster and a pairing."""

    async def story(site: Site) -> None:
        local = _local(site)
        refresh = await _log_in(local)
        renewal = "/v1/users/default/token/renewal"
        await local.call("POST", renewal, 401, json={"refreshToken": "no"})
        await local.call("POST", renewal, 200, json={"refreshToken": refresh})
        for path in ("settings", "edgehosts/current", "cluster/details", "cluster/applications"):
            await local.call("GET", f"{EDGE}/{path}", 200)
            await local.call("GET", f"{EDGE}/{path}", 401, headers={"Authorization": "no"})
        pair = f"{EDGE}/cluster/pair"
        target, wrong = site.target(), site.target(registrationToken="simulated-wrong")
        await local.call("POST", f"{pair}/verify-connection", 200, json=target)
        await local.call("POST", f"{pair}/verify-connection", 400, json={})
        await local.call("GET", f"{pair}/details", 404)
        await local.call("POST", f"{pair}/reject", 404)
        await local.call("POST", pair, 500, json=wrong)
        await local.call("POST", pair, 201, json=target)
        await local.call("GET", f"{pair}/details", 200)
        await local.call("POST", f"{pair}/reject", 200)
        site.sim.hosts["store-1"].cluster = None
        for path in ("details", "applications"):
            await local.call("GET", f"{EDGE}/cluster/{path}", 404)
        assert local.seen == _calls(HostApi(site.sim.hosts["store-1"]).routes())

    in_site(story)


def test_every_state_of_a_pairing_is_one_of_the_vendors() -> None:
    """Pairing, Paired and Rejected, as the host shows them."""

    async def story(site: Site) -> None:
        local, details = _local(site), f"{EDGE}/cluster/pair/details"
        await _log_in(local)
        states = []
        site.sim.palette.reject(await site.pair())
        states.append((await local.call("GET", details, 200))["status"])
        uid = await site.pair()
        states.append((await local.call("GET", details, 200))["status"])
        site.sim.palette.accept_in_console(uid, "full")
        site.clock.seconds += 5
        states.append((await local.call("GET", details, 200))["status"])
        assert states == ["Rejected", "Pairing", "Paired"]
        await local.call("GET", f"{EDGE}/settings", 200)
        await local.call("GET", f"{EDGE}/edgehosts/current", 200)

    in_site(story)


def test_palette_answers_as_the_specification_says() -> None:
    """Every route of Palette that the specification has, and the pairing models it publishes."""
    versions = profile("v", "add-on", ("1.0.0", (Pack("hello", "1.0.0", "addon"),)))
    versions["versions"][0]["variables"] = ["region"]
    document = palette_document()
    document["profiles"].append(versions)
    document["registrationTokens"].append(
        {"name": "old", "value": "simulated-old-token", "expiresAt": "2020-01-01T00:00:00Z"}
    )

    async def story(site: Site) -> None:
        palette = _palette(site)
        await _operators_calls(site, palette)
        cluster_uid = await _pairing_calls(site, palette)
        await palette.call("POST", "/v1/dashboard/spectroclusters/search", 200, json={})
        for suffix in ("", "/status", "/profiles"):
            await palette.call("GET", f"/v1/spectroclusters/{{uid}}{suffix}", 200, cluster_uid)
            await palette.call("GET", f"/v1/spectroclusters/{{uid}}{suffix}", 404, "x")
        world = site.sim._world
        routes = OperatorApi(site.sim.palette, world).routes()
        assert palette.seen == _calls(routes + PairingApi(site.sim.palette).routes())

    in_site(story, make_scenario(palette=document))


async def _operators_calls(site: Site, palette: Inspector) -> None:
    site.sim.palette.publish("draft", "0.1.0", [], is_published=False)
    await palette.call("GET", "/v1/dashboard/projects/metadata", 200)
    await palette.call("GET", "/v1/dashboard/projects/metadata", 401, headers={"ApiKey": "no"})
    listing = "/v1/dashboard/clusterprofiles"
    items = (await palette.call("POST", listing, 200, json={}))["items"]
    await palette.call("POST", listing, 400, json={}, headers={"ProjectUid": "no"})
    uid = next(item["metadata"]["uid"] for item in items if item["metadata"]["name"] == "v")
    await palette.call("GET", "/v1/clusterprofiles/{uid}/variables", 200, uid)
    await palette.call("GET", "/v1/clusterprofiles/{uid}/packs", 200, uid)
    await palette.call("GET", "/v1/edgehosts/tokens", 403)
    await palette.call("GET", "/v1/edgehosts/tokens", 200, headers={"ProjectUid": ""})


async def _pairing_calls(site: Site, palette: Inspector) -> str:
    await palette.call("GET", PAIRS, 404, "x")
    await palette.call("DELETE", PAIRS, 204, await site.pair())
    uid = await site.pair()
    await palette.call("POST", PAIR_LIST, 200, json={})
    await palette.call("GET", PAIRS, 200, uid)
    wrong, right = site.acceptance(uid, "infra"), site.acceptance(uid, "full", name="paris")
    palette.contract.check(right, "v1EdgeNativeClusterPairSpcEntity")
    for body in (wrong, right):
        await palette.call("POST", f"{ACCEPT}/validate", 200, json=body)
    await palette.call("POST", ACCEPT, 400, json=wrong)
    cluster_uid = (await palette.call("POST", ACCEPT, 201, json=right))["uid"]
    site.clock.seconds += 5
    await palette.call("GET", PAIRS, 200, uid)
    await palette.call("POST", PAIR_LIST, 200, json={})
    await palette.call("DELETE", PAIRS, 409, uid)
    return str(cluster_uid)


def test_the_hosts_request_is_the_vendors_payload() -> None:
    """What travels from host to Palette is the published model, tags and token included."""

    async def story(site: Site) -> None:
        cluster = site.sim.hosts["store-1"].running_cluster()
        payload = host_payloads.application(
            cluster, registration_token=TOKEN, agent_version="v4.9.0"
        )
        specification("palette-api").check(payload, "v1SpectroEdgeNativeClusterPairEntity")

    in_site(story)
