"""Palette: who may call it, its lists, and its limits."""

from typing import Any

import pytest

from sim_factory import (
    GRAFANA,
    INFRA_PACKS,
    KEY,
    Site,
    host_document,
    in_site,
    make_scenario,
    palette_document,
    profile,
)

PROFILES = "/v1/dashboard/clusterprofiles"
TOKENS = "/v1/edgehosts/tokens"
PROJECTS = "/v1/dashboard/projects/metadata"
SEARCH = "/v1/dashboard/spectroclusters/search"


async def _call(site: Site, method: str, path: str, **headers: str) -> tuple[int, str]:
    answer = await site.client.request(method, site.address("palette") + path, headers=headers)
    return answer.status_code, answer.json().get("code", "")


async def _names(site: Site, body: Any, project: str = "edge-retail") -> list[str]:
    answer = await site.palette("POST", PROFILES, project=project, json=body)
    return [item["metadata"]["name"] for item in answer.json()["items"]]


def test_headers_are_judged_before_anything_else() -> None:
    """401 without a known key, 400 for no project, 403 for a project out of reach."""
    keys = [{"key": KEY}, {"key": "simulated-narrow", "projects": ["lab"], "tenant": False}]

    async def story(site: Site) -> None:
        retail = site.sim.palette.access.project_uid("edge-retail") or ""
        lab = site.sim.palette.access.project_uid("lab") or ""
        narrow = {"ApiKey": "simulated-narrow"}
        assert await _call(site, "POST", PROFILES) == (401, "InvalidApiKey")
        assert await _call(site, "POST", PROFILES, ApiKey="other") == (401, "InvalidApiKey")
        assert (await _call(site, "POST", PROFILES, ApiKey=KEY, ProjectUid="x"))[0] == 400
        assert (await _call(site, "POST", PROFILES, **narrow, ProjectUid=retail))[0] == 403
        assert (await _call(site, "POST", PROFILES, **narrow, ProjectUid=lab))[0] == 200
        assert (await _call(site, "POST", PROFILES, **narrow))[0] == 403
        assert (await _call(site, "GET", PROJECTS, **narrow))[0] == 200

    in_site(story, make_scenario(palette=palette_document(apiKeys=keys)))


def test_registration_tokens_need_the_tenants_scope() -> None:
    """In a project they are forbidden; inactive and expired ones are not active."""

    async def story(site: Site) -> None:
        assert (await site.palette("GET", TOKENS)).status_code == 403
        item = (await site.palette("GET", TOKENS, project=None)).json()["items"][0]
        assert (item["metadata"]["name"], item["status"]["isActive"]) == ("retail", True)
        assert item["spec"]["defaultProject"]["name"] == "edge-retail"

    in_site(story)


def test_projects_are_found_by_name() -> None:
    """One name gives one project; no name gives all that the key reaches."""

    async def story(site: Site) -> None:
        one = await site.palette("GET", f"{PROJECTS}?name=lab", project=None)
        every = await site.palette("GET", PROJECTS, project=None)
        assert [item["metadata"]["name"] for item in one.json()["items"]] == ["lab"]
        assert len(every.json()["items"]) == 2

    in_site(story)


def test_profiles_are_filtered_and_scoped() -> None:
    """A project shows its own profiles and the tenant's; filters narrow by name and type."""

    async def story(site: Site) -> None:
        assert await _names(site, {}) == ["addons", "full", "infra"]
        assert await _names(site, {}, project="lab") == ["full", "infra"]
        assert await _names(site, {"filter": {"profileType": ["infra", "add-on"]}}) == [
            "addons",
            "infra",
        ]
        assert await _names(site, {"filter": {"profileName": {"eq": "FULL"}}}) == ["full"]
        strict = {"eq": "FULL", "ignoreCase": False}
        assert await _names(site, {"filter": {"profileName": strict}}) == []

    in_site(story)


def test_a_list_item_is_the_latest_version_and_names_all() -> None:
    """A newer draft is listed among the versions, but is not what is published."""

    async def story(site: Site) -> None:
        draft = site.sim.palette.publish("infra", "9.0.0", [GRAFANA], is_published=False)
        only = site.sim.palette.publish("new", "0.1.0", [GRAFANA], is_published=False)
        items = (await site.palette("POST", PROFILES, json={})).json()["items"]
        infra = next(item for item in items if item["metadata"]["name"] == "infra")
        spec = infra["specSummary"]
        assert [version["version"] for version in spec["versions"]] == ["1.0.0", "1.1.0", "9.0.0"]
        assert spec["version"] == "1.1.0"
        assert infra["metadata"]["uid"] == spec["versions"][1]["uid"]
        assert spec["versions"][2]["uid"] == draft
        assert len(spec["published"]["packs"]) == len(INFRA_PACKS)
        unpublished = next(item for item in items if item["metadata"]["uid"] == only)
        assert "published" not in unpublished["specSummary"]

    in_site(story)


def test_long_lists_come_in_pages_of_fifty() -> None:
    """Following `continue` gives each profile once."""
    many = [profile(f"p-{n:03}", "add-on", ("1.0.0", (GRAFANA,))) for n in range(101)]

    async def story(site: Site) -> None:
        names, token, sizes = [], "", []
        while True:
            answer = await site.palette("POST", f"{PROFILES}?continue={token}", json={})
            names += [item["metadata"]["name"] for item in answer.json()["items"]]
            sizes.append(len(answer.json()["items"]))
            token = answer.json()["listmeta"]["continue"]
            if not token:
                break
        assert (sizes, len(set(names))) == ([50, 50, 1], 101)

    in_site(story, make_scenario(palette=palette_document(profiles=many)))


def test_variables_belong_to_one_version() -> None:
    """Each version has its own; another project's profile is not found."""
    with_variables = profile("v", "add-on", ("1.0.0", (GRAFANA,)), project="lab")
    with_variables["versions"][0]["variables"] = ["region"]

    async def story(site: Site) -> None:
        found = site.sim.palette.catalog.find("v")
        assert found is not None
        path = f"/v1/clusterprofiles/{found.shown.uid}/variables"
        answer = await site.palette("GET", path, project="lab")
        assert [variable["name"] for variable in answer.json()["variables"]] == ["region"]
        assert (await site.palette("GET", path)).status_code == 404

    in_site(story, make_scenario(palette=palette_document(profiles=[with_variables])))


def test_requests_and_clusters_show_in_their_project_only() -> None:
    """The registration token's default project is where a request lands."""

    async def story(site: Site) -> None:
        listing = "/v1/dashboard/clusterpairs/metadata"
        uid = await site.pair()
        await site.accept(uid, "full")
        site.clock.seconds += 5
        for project, expected in (("edge-retail", 1), ("lab", 0), (None, 1)):
            requests = await site.palette("POST", listing, project=project, json={})
            clusters = await site.palette("POST", SEARCH, project=project, json={})
            assert len(requests.json()["items"]) == expected
            assert len(clusters.json()["items"]) == expected
        hidden = await site.palette("GET", f"/v1/clusterpairs/{uid}", project="lab")
        assert hidden.status_code == 404

    in_site(story)


def test_pairing_requests_are_filtered_by_cluster_and_state() -> None:
    """Both filters of the published model work, states without regard to case."""

    async def story(site: Site) -> None:
        await site.pair("store-1")
        await site.pair("store-2")
        cluster = site.sim.hosts["store-2"].running_cluster().uid
        path = "/v1/dashboard/clusterpairs/metadata"
        for wanted, expected in (
            ({"localClusterUid": {"eq": cluster}}, ["store-2"]),
            ({"state": {"eq": "pending"}}, ["store-1", "store-2"]),
            ({"state": {"ne": "Pending"}}, []),
        ):
            answer = await site.palette("POST", path, json={"filter": wanted})
            assert [item["name"] for item in answer.json()["items"]] == expected

    in_site(story, make_scenario(host_document(1), host_document(2)))


def test_requests_beyond_the_limit_get_429_until_time_passes() -> None:
    """10 a second with bursts to 50, for all paths of a prefix together."""
    limits = {"slow": {"perSecond": 2, "burst": 3}, "retryAfterSeconds": 7}

    async def story(site: Site) -> None:
        codes = [(await site.palette("GET", PROJECTS)).status_code for _ in range(3)]
        refused = await site.palette("POST", PROFILES, json={})
        assert (codes, refused.status_code) == ([200] * 3, 429)
        assert (refused.json()["code"], refused.headers["retry-after"]) == ("TooManyRequests", "7")
        other = await site.palette("GET", "/v1/clusterprofiles/x/variables")
        assert other.status_code == 404
        site.clock.seconds += 1
        assert (await site.palette("GET", PROJECTS)).status_code == 200

    in_site(story, make_scenario(palette=palette_document(limits=limits)))


@pytest.mark.parametrize("body", ["[]", "{", '{"filter": {"profileType": ["kiosk"]}}'])
def test_bodies_that_are_not_understood_are_refused(body: str) -> None:
    """A bad body is 400 in the APIs' error shape."""

    async def story(site: Site) -> None:
        answer = await site.palette("POST", PROFILES, content=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "InvalidRequest")

    in_site(story)


def test_answers_carry_the_simulations_date() -> None:
    """Whoever judges an expiry by Palette's date must see the simulation's clock."""

    async def story(site: Site) -> None:
        answer = await site.palette("GET", PROJECTS)
        assert answer.headers["date"] == "Fri, 15 Jan 2027 08:00:00 GMT"

    in_site(story)
