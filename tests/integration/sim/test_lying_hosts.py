"""Hosts whose Local UI answers something else than what is so."""

import pytest

from pairctl.sim import TRUTH, Lie, lie_about
from sim_factory import Site, host_document, in_site, lies_about, make_scenario

TOPICS = ("request", "uid", "name", "host", "layers")


def _two_hosts(**liar: object) -> tuple[dict[str, object], dict[str, object]]:
    victim = host_document(2)
    victim["cluster"] |= {"profiles": []}
    return host_document(1, **liar), victim


def test_a_host_is_a_node_of_its_cluster() -> None:
    """The edge host that answers is the first of those that its request names in Palette."""

    async def story(site: Site) -> None:
        uid = (await site.says())["host"]
        shown = await site.shown(await site.pair())
        details = (await site.host("GET", "/cluster/details")).json()
        hosts = shown["spec"]["machinepoolconfig"][0]["cloudConfig"]["edgeHosts"]
        assert hosts[0] == {"hostUid": uid, "hostName": "node-1"}
        assert [host["hostUid"] for host in hosts] == details["spec"]["hostIDs"]
        assert len(hosts) == 2
        site.sim.hosts["store-1"].cluster = None
        itself = (await site.host("GET", "/edgehosts/current")).json()["metadata"]["id"]
        assert itself not in {"", uid}

    cluster = {"name": "store-1", "nodes": [{"name": "node-1"}, {"name": "node-2"}]}
    in_site(story, make_scenario(host_document(cluster=cluster)))


def test_a_request_shows_in_palette_as_its_host_sent_it() -> None:
    """Its names, its cluster's uid, and the uids and names of its hosts."""

    async def story(site: Site) -> None:
        said, uid = await site.says(), await site.pair()
        shown = await site.shown(uid)
        meta = shown["spec"]["clusterMeta"]
        assert (shown["metadata"]["uid"], shown["metadata"]["name"]) == (uid, "store-1")
        assert (meta["localClusterUid"], meta["name"]) == (said["uid"], said["name"])

    in_site(story)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_host_lies_about_one_thing_at_a_time(topic: str) -> None:
    """It answers as its victim does, about that thing alone; taken back, it is honest again."""

    async def story(site: Site) -> None:
        for host in ("store-1", "store-2"):
            await site.pair(host)
        truth, victims = await site.says("store-1"), await site.says("store-2")
        assert truth[topic] != victims[topic]
        site.sim.hosts["store-1"].lie = lie_about(site.sim.hosts["store-2"], topic)
        assert await site.says("store-1") == truth | {topic: victims[topic]}
        site.sim.hosts["store-1"].lie = TRUTH
        assert await site.says("store-1") == truth

    in_site(story, make_scenario(*_two_hosts()))


def test_a_lie_stays_at_the_host() -> None:
    """What is sent to Palette is the truth: the request, and what becomes of it."""

    async def story(site: Site) -> None:
        truth = await site.says()
        host = site.sim.hosts["store-1"]
        host.lie = Lie(
            pairing_uid="made-up", cluster_uid="u", cluster_name="n", host_uid="h", profiles=()
        )
        uid = await site.pair()
        assert (await site.says())["request"] == "made-up"
        shown = await site.shown(uid)
        assert shown["spec"]["clusterMeta"]["localClusterUid"] == truth["uid"]
        assert (shown["metadata"]["name"], len(shown["spec"]["profiles"])) == ("store-1", 2)
        assert (await site.host("POST", "/cluster/pair/reject")).status_code == 200
        assert await site.states() == []

    in_site(story)


def test_a_host_can_send_its_lies() -> None:
    """Its request in Palette looks like its victim's, but for the pairing id."""

    async def story(site: Site) -> None:
        shown = {}
        victim = site.sim.hosts["store-2"]
        site.sim.hosts["store-1"].lie = lie_about(victim, *TOPICS, sends_lies=True)
        for host in ("store-1", "store-2"):
            shown[host] = await site.shown(await site.pair(host))
            del shown[host]["metadata"]["uid"]
        assert shown["store-1"]["spec"] == shown["store-2"]["spec"]
        assert shown["store-1"]["metadata"] == shown["store-2"]["metadata"]
        assert site.sim.hosts["store-1"].pairing != victim.pairing

    in_site(story, make_scenario(*_two_hosts()))


def test_a_host_can_make_up_a_request() -> None:
    """It has sent none, and says that it holds its victim's: place, token and status too."""

    async def story(site: Site) -> None:
        await site.pair("store-2")
        assert (await site.says())["request"] is None
        site.sim.hosts["store-1"].lie = lie_about(site.sim.hosts["store-2"], "request")
        said = [
            (await site.host("GET", "/cluster/pair/details", host)).json()
            for host in ("store-1", "store-2")
        ]
        assert said[0] == said[1]
        itself = (await site.host("GET", "/edgehosts/current")).json()["spec"]
        assert itself["paletteEndpointURL"] == said[1]["paletteEndpoint"]
        site.sim.hosts["store-2"].lie = Lie(pairing_status="Rejected")
        status = (await site.host("GET", "/cluster/pair/details", "store-2")).json()["status"]
        assert status == "Rejected"

    in_site(story, make_scenario(*_two_hosts()))


def test_a_simulation_file_has_lies_that_follow_the_victim() -> None:
    """The victim's request is copied as soon as there is one."""

    async def story(site: Site) -> None:
        own = await site.pair("store-1")
        assert (await site.says("store-1"))["request"] == own
        victims = await site.pair("store-2")
        assert (await site.says("store-1"))["request"] == victims

    in_site(story, make_scenario(*_two_hosts(**lies_about("store-2", "request"))))


def test_lies_of_a_simulation_file_begin_after_some_requests() -> None:
    """`from: 1`: it is honest until a pairing request was sent, and that one is honest, too."""
    lies = lies_about("store-2", "uid", **{"from": 1, "sendsLies": True})

    async def story(site: Site) -> None:
        truth, victims = await site.says("store-1"), await site.says("store-2")
        assert truth["uid"] != victims["uid"]
        first = await site.pair("store-1")
        assert (await site.says("store-1"))["uid"] == victims["uid"]
        second = await site.pair("store-1")
        sent = [(await site.shown(uid))["spec"]["clusterMeta"] for uid in (first, second)]
        assert [meta["localClusterUid"] for meta in sent] == [truth["uid"], victims["uid"]]

    in_site(story, make_scenario(*_two_hosts(**lies)))
