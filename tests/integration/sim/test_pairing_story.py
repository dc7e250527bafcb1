"""A pairing from the host's request to the registered cluster, and the ways it can end."""

import pytest

from pairctl.sim import LocalProfile
from sim_factory import (
    GRAFANA,
    HELLO,
    INFRA_PACKS,
    TOKEN,
    Site,
    host_document,
    in_site,
    make_scenario,
    palette_document,
)


def _kinds(site: Site) -> list[str]:
    return [e.kind for e in site.sim.journal.effects if e.kind not in {"login", "login-refused"}]


async def _status(site: Site) -> str:
    return str((await site.host("GET", "/cluster/pair/details")).json()["status"])


@pytest.mark.parametrize("names", [("infra", "addons"), ("full",)])
def test_an_accepted_request_becomes_a_registered_cluster(names: tuple[str, ...]) -> None:
    """Seed: afterwards the cluster is registered with Palette and managed centrally."""

    async def story(site: Site) -> None:
        uid = await site.pair()
        assert await site.states() == ["Pending"]
        answer = await site.accept(uid, *names, name="paris", labels={"owner": "retail"})
        assert answer.status_code == 201
        assert (await site.states(), await _status(site)) == (["Accepted"], "Pairing")
        cluster_path = f"/v1/spectroclusters/{answer.json()['uid']}"
        assert (await site.palette("GET", cluster_path)).status_code == 404
        site.clock.seconds += 5
        assert (await site.states(), await _status(site)) == (["Paired"], "Paired")
        settings = (await site.host("GET", "/settings")).json()
        assert settings["managementMode"] == "central"
        cluster = (await site.palette("GET", cluster_path)).json()
        assert cluster["metadata"]["name"] == "paris"
        assert cluster["metadata"]["labels"] == {"owner": "retail"}
        assert cluster["metadata"]["annotations"] == {"description": "a store"}
        templates = cluster["spec"]["clusterProfileTemplates"]
        assert [template["name"] for template in templates] == list(names)
        assert _kinds(site) == ["request", "accept"]

    in_site(story)


def test_the_list_tells_a_clusters_health_step_by_step() -> None:
    """From its registration on, as the scenario has it; null leaves it out."""
    steps = [
        {"state": None},
        {"state": "UnHealthy", "afterSeconds": 10},
        {"state": "Healthy", "afterSeconds": 20},
    ]

    async def story(site: Site) -> None:
        await site.accept(await site.pair(), "full")
        told = []
        for wait_s in (5, 10, 10):
            site.clock.seconds += wait_s
            answer = await site.palette("POST", "/v1/dashboard/spectroclusters/search", json={})
            told.append(answer.json()["items"][0]["status"].get("health", {}).get("state"))
        assert told == [None, "UnHealthy", "Healthy"]

    in_site(story, make_scenario(palette=palette_document(pairing={"health": steps})))


def test_the_request_carries_the_clusters_packs() -> None:
    """What Palette shows is what the host sent over the wire."""

    async def story(site: Site) -> None:
        uid = await site.pair()
        shown = (await site.palette("GET", f"/v1/clusterpairs/{uid}")).json()
        packs = [pack["name"] for part in shown["spec"]["profiles"] for pack in part["packs"]]
        assert packs == [pack.name for pack in (*INFRA_PACKS, GRAFANA)]
        assert shown["metadata"]["labels"] == {"region": "emea"}
        uplinks = [r for r in site.sim.journal.received if r.path == "/v1/hosts/pairings"]
        assert [(r.server, r.method) for r in uplinks] == [("palette", "POST")]

    in_site(story)


def test_a_wrong_match_is_refused_and_changes_nothing() -> None:
    """The refusal names the pack; validating says the same with a 200."""

    async def story(site: Site) -> None:
        uid = await site.pair()
        site.sim.palette.publish("addons", "2.0.0", [GRAFANA, HELLO])
        refused = await site.accept(uid, "infra", "addons")
        assert (refused.status_code, refused.json()["code"]) == (400, "InvalidProfileMatch")
        assert "hello-universe 2.0.0" in refused.json()["message"]
        validated = await site.palette(
            "POST",
            "/v1/spectroclusters/edge-native/pair/validate",
            json=site.acceptance(uid, "infra", "addons"),
        )
        assert validated.status_code == 200
        results = validated.json()["profiles"][0]["packs"]["results"]
        assert [result["name"] for result in results] == ["hello-universe"]
        assert (await site.states(), _kinds(site)) == (["Pending"], ["request"])

    in_site(story)


def test_a_second_acceptance_makes_a_second_cluster() -> None:
    """The worst case is played out, so that a program that accepts twice is caught."""

    async def story(site: Site) -> None:
        uid = await site.pair()
        first, second = [(await site.accept(uid, "full")).json()["uid"] for _ in range(2)]
        site.clock.seconds += 5
        assert [cluster.uid for cluster in site.sim.palette.clusters] == [first, second]
        assert _kinds(site) == ["request", "accept", "accept"]

    in_site(story)


def test_a_second_request_is_a_second_request() -> None:
    """The worst case again: the host forgets the first, Palette does not."""

    async def story(site: Site) -> None:
        first, second = await site.pair(), await site.pair()
        assert first != second
        assert await site.states() == ["Pending", "Pending"]
        details = (await site.host("GET", "/cluster/pair/details")).json()
        assert details["pairingUid"] == second

    in_site(story)


def test_a_withdrawn_request_is_gone_on_both_sides() -> None:
    """Seed: the host informs Palette, which removes the pending request."""

    async def story(site: Site) -> None:
        uid = await site.pair()
        answer = await site.host("POST", "/cluster/pair/reject")
        assert (answer.status_code, await site.states()) == (200, [])
        assert (await site.host("GET", "/cluster/pair/details")).status_code == 404
        again = await site.host("POST", "/cluster/pair/reject")
        assert again.status_code == 404
        assert await site.pair() != uid
        effect = site.sim.journal.effects_of("withdraw")[0]
        assert effect.details == {"toldPalette": "true"}

    in_site(story)


def test_a_request_withdrawn_in_the_dark_stays_in_palette() -> None:
    """Seed: where the host cannot connect, Palette keeps the request until it is rejected."""

    async def story(site: Site) -> None:
        uid = await site.pair()
        site.sim.hosts["store-1"].reaches_palette = False
        answer = await site.host("POST", "/cluster/pair/reject")
        assert "could not be told" in answer.json()["message"]
        assert await site.states() == ["Pending"]
        rejected = await site.palette("DELETE", f"/v1/clusterpairs/{uid}")
        assert (rejected.status_code, await site.states()) == (204, ["Rejected"])
        assert _kinds(site) == ["request", "withdraw", "reject"]

    in_site(story)


def test_a_rejected_request_is_seen_by_its_host_and_cannot_be_accepted() -> None:
    """A host that is rejected may ask again."""

    async def story(site: Site) -> None:
        uid = await site.pair()
        site.sim.palette.reject(uid)
        assert await _status(site) == "Rejected"
        assert (await site.accept(uid, "full")).status_code == 409
        assert (await site.palette("DELETE", f"/v1/clusterpairs/{uid}")).status_code == 409
        await site.pair()
        assert await site.states() == ["Rejected", "Pending"]

    in_site(story)


def test_an_accepted_request_cannot_be_taken_back() -> None:
    """Accepting is one way: neither side can undo it."""

    async def story(site: Site) -> None:
        uid = await site.pair()
        await site.accept(uid, "full")
        assert (await site.host("POST", "/cluster/pair/reject")).status_code == 500
        assert (await site.palette("DELETE", f"/v1/clusterpairs/{uid}")).status_code == 409
        site.clock.seconds += 5
        repaired = await site.host("POST", "/cluster/pair", json=site.target())
        assert (repaired.status_code, await site.states()) == (500, ["Paired"])

    in_site(story)


def test_a_request_shows_in_palette_after_its_delay() -> None:
    """`arriveSeconds` is the time in which Palette knows nothing of a request."""
    palette = palette_document(pairing={"arriveSeconds": 60})

    async def story(site: Site) -> None:
        uid = await site.pair()
        assert (await site.states(), (await site.accept(uid, "full")).status_code) == ([], 404)
        site.clock.seconds += 60
        assert await site.states() == ["Pending"]

    in_site(story, make_scenario(palette=palette))


def test_without_routes_only_the_console_accepts() -> None:
    """A Palette that does not serve the inferred paths answers 404 there."""
    palette = palette_document(pairing={"routes": False, "acceptSeconds": 0})

    async def story(site: Site) -> None:
        uid = await site.pair()
        for method, path in (
            ("POST", "/v1/dashboard/clusterpairs/metadata"),
            ("GET", f"/v1/clusterpairs/{uid}"),
            ("POST", "/v1/spectroclusters/edge-native/pair"),
        ):
            assert (await site.palette(method, path)).status_code == 404
        clicked = f"{site.address('palette')}/sim/pairings/{uid}/accept"
        refused = await site.client.post(clicked, json={"profiles": ["infra"]})
        assert refused.status_code == 400
        picked = {"profiles": ["infra", "addons"]}
        assert (await site.client.post(clicked, json=picked)).status_code == 201
        assert await _status(site) == "Paired"

    in_site(story, make_scenario(palette=palette))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reachesPalette": False}, "can reach"),
        ({"cluster": None}, "no cluster"),
        ({"managementMode": "central"}, "managed centrally"),
        ({"cluster": {"name": "c", "state": "Provisioning"}}, "Provisioning, not Running"),
        ({"cluster": {"name": "c", "nodes": [{"name": "n", "healthy": False}]}}, "healthy"),
    ],
)
def test_a_host_that_is_not_ready_sends_nothing(changes: dict[str, object], words: str) -> None:
    """Seed's prerequisites are enforced where the request would start."""

    async def story(site: Site) -> None:
        answer = await site.host("POST", "/cluster/pair", json=site.target())
        assert answer.status_code == 500
        assert words in answer.json()["message"]
        assert await site.states() == []

    in_site(story, make_scenario(host_document(**changes)))


def test_unusable_registration_tokens_are_refused_by_palette() -> None:
    """Unknown, inactive and expired tokens let nobody in."""

    async def story(site: Site) -> None:
        tokens = site.sim.palette.tokens
        unknown = site.target(registrationToken="simulated-other")
        assert (await site.host("POST", "/cluster/pair", json=unknown)).status_code == 500
        tokens.change("retail", is_active=False)
        inactive = await site.host("POST", "/cluster/pair", json=site.target())
        assert (inactive.status_code, TOKEN in inactive.text) == (500, False)
        tokens.change("retail", expires_at=site.sim.palette.tokens.all[0].expires_at)
        await site.pair()

    in_site(story)


def test_the_host_calls_only_the_palette_it_was_told_of() -> None:
    """A wrong endpoint is an error of the host, and nothing beyond loopback is called."""

    async def story(site: Site) -> None:
        for endpoint in ("https://127.0.0.1:9", "api.example.com", "http://127.0.0.1:80", "::"):
            body = site.target(paletteEndpoint=endpoint)
            verified = await site.host("POST", "/cluster/pair/verify-connection", json=body)
            assert verified.json()["verified"] is False
            assert (await site.host("POST", "/cluster/pair", json=body)).status_code == 500
        assert [r for r in site.sim.journal.received if r.server == "palette"] == []

    in_site(story)


def test_verifying_the_connection_really_calls_palette() -> None:
    """All hosts of the cluster must reach Palette; the scheme may be left out."""

    async def story(site: Site) -> None:
        body = site.target(paletteEndpoint=site.address("palette").removeprefix("https://"))
        path = "/cluster/pair/verify-connection"
        assert (await site.host("POST", path, json=body)).json()["verified"] is True
        await site.sim.off("palette")
        dark = (await site.host("POST", path, json=body)).json()
        assert (dark["verified"], "cannot reach Palette" in dark["message"]) == (False, True)

    in_site(story)


def test_the_world_can_be_moved_under_a_pending_request() -> None:
    """A cluster that changed after its request is not what was asked for: the snapshot counts."""

    async def story(site: Site) -> None:
        host = site.sim.hosts["store-1"]
        uid = await site.pair()
        host.set_profiles(LocalProfile("p", "infra", "2", (*INFRA_PACKS, HELLO)))
        host.set_node("node-1", is_healthy=False)
        listed = (await site.host("GET", "/cluster/applications")).json()
        packs = listed["clusterProfileTemplates"][0]["packs"]
        assert packs[-1]["name"] == "hello-universe"
        details = (await site.host("GET", "/cluster/details")).json()["status"]
        assert details["health"]["status"] == "Unhealthy"
        assert (await site.accept(uid, "full")).status_code == 201

    in_site(story)


def test_a_host_that_is_installed_anew_has_another_cluster_and_no_request() -> None:
    """By a person at the host; logins are over, and Palette keeps what the old cluster sent."""

    async def story(site: Site) -> None:
        uid = await site.pair()
        before = (await site.host("GET", "/cluster/details")).json()["metadata"]["id"]
        answer = await site.client.post(f"{site.address('store-1')}/sim/install")
        after = answer.json()["localClusterUid"]
        assert (answer.status_code, after != before) == (201, True)
        assert (await site.host("GET", "/cluster/details")).status_code == 401
        site.jwts.clear()
        assert (await site.host("GET", "/cluster/details")).json()["metadata"]["id"] == after
        assert (await site.host("GET", "/cluster/pair/details")).status_code == 404
        assert [request.uid for request in site.sim.palette.requests] == [uid]
        assert await site.states() == ["Pending"]

    in_site(story)


def test_a_request_to_a_palette_that_is_gone_can_be_withdrawn() -> None:
    """The host shows where it went, with a token of its own; nobody there can be told."""

    async def story(site: Site) -> None:
        shown = (await site.host("GET", "/cluster/pair/details")).json()
        assert (shown["paletteEndpoint"], shown["status"]) == ("palette.old.example", "Pairing")
        assert shown["registrationToken"] != TOKEN
        answer = await site.host("POST", "/cluster/pair/reject")
        assert "could not be told" in answer.json()["message"]
        assert (await site.host("GET", "/cluster/pair/details")).status_code == 404
        assert await site.states() == []

    in_site(story, make_scenario(host_document(pendingAt="palette.old.example")))


def test_a_profile_is_published_as_a_repair_says_it() -> None:
    """The next version of a profile, or a new one; what is no pack is refused."""
    pack = {"name": GRAFANA.name, "layer": GRAFANA.layer, "tag": "40.3.1"}

    async def story(site: Site) -> None:
        place = f"{site.address('palette')}/sim/profiles?project=edge-retail"
        for name in ("addons", "other"):
            template = {"type": "add-on", "packs": [pack]}
            spec = {"version": "1.0.1", "template": template}
            body = {"metadata": {"name": name}, "spec": spec}
            assert (await site.client.post(place, json=body)).status_code == 201
            found = site.sim.palette.catalog.find(name)
            assert found is not None
            assert (found.shown.version, found.shown.packs[0].version) == ("1.0.1", "40.3.1")
        spec["template"] = {"packs": [{**pack, "layer": "roof"}]}
        refused = await site.client.post(place, json={"metadata": {"name": "bad"}, "spec": spec})
        assert refused.status_code == 400

    in_site(story)
