"""A Palette that says less than it could, or something else than what is so."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from pairctl.sim import Answers
from sim_factory import (
    TOKEN,
    Site,
    answering,
    host_document,
    in_site,
    make_scenario,
    palette_document,
)
from vendor_contract import is_at_hand, specification

PROJECTS = "/v1/dashboard/projects/metadata"
LIST_MODEL = "v1SpectroClusterPairingRequestMetas"
ONE_MODEL = "v1SpectroEdgeNativeClusterPair"
TWO_HOSTS = (host_document(1), host_document(2))
SWAPPED = {"store-1": "store-2", "store-2": "store-1"}


def _check(document: object, model: str) -> None:
    """Hold an answer against the vendor's model: a lie has the shape of the truth."""
    if is_at_hand():
        specification("palette-api").check(document, model)


async def _pair_both(site: Site) -> tuple[str, str]:
    return await site.pair("store-1"), await site.pair("store-2")


def test_a_laconic_list_has_neither_clusters_nor_names() -> None:
    """All else is there; said again, it is whole again."""

    async def story(site: Site) -> None:
        uid = await site.pair()
        items = await site.listed()
        _check({"items": items}, LIST_MODEL)
        laconic = items[0]
        assert (laconic["pairingUid"], laconic["state"]) == (uid, "Pending")
        site.sim.palette.answers = Answers()
        whole = (await site.listed())[0]
        assert set(whole) - set(laconic) == {"localClusterUid", "name"}
        assert laconic.items() <= whole.items()

    in_site(story, make_scenario(palette=answering(listsClusters=False, listsNames=False)))


def test_a_laconic_request_has_neither_cluster_nor_hosts() -> None:
    """Its name, profiles and state are still there."""

    async def story(site: Site) -> None:
        shown = await site.shown(await site.pair())
        _check(shown, ONE_MODEL)
        assert "clusterMeta" not in shown["spec"]
        assert shown["spec"]["machinepoolconfig"] == []
        assert (shown["metadata"]["name"], shown["status"]["state"]) == ("store-1", "Pending")
        assert len(shown["spec"]["profiles"]) == 2

    in_site(story, make_scenario(palette=answering(showsClusterMeta=False, showsHosts=False)))


def test_snapshots_of_two_requests_can_be_swapped() -> None:
    """Each is shown with its own pairing id and state, and all that the other's host sent."""

    async def story(site: Site) -> None:
        first, second = await _pair_both(site)
        truth = [await site.shown(uid) for uid in (first, second)]
        site.sim.palette.answers = Answers(swap=SWAPPED)
        swapped = [await site.shown(uid) for uid in (first, second)]
        assert [one["metadata"]["uid"] for one in swapped] == [first, second]
        assert [one["metadata"]["name"] for one in swapped] == ["store-2", "store-1"]
        assert [one["spec"] for one in swapped] == [truth[1]["spec"], truth[0]["spec"]]

    in_site(story, make_scenario(*TWO_HOSTS))


def test_what_is_accepted_is_the_request_of_that_pairing_id() -> None:
    """Whoever believes a swapped snapshot pairs another cluster than the one that it saw."""

    async def story(site: Site) -> None:
        first, _ = await _pair_both(site)
        assert (await site.shown(first))["metadata"]["name"] == "store-2"
        assert (await site.accept(first, "full")).status_code == 201
        accepted = site.sim.journal.effects_of("accept")[0]
        assert accepted.pairing_uid == first
        assert accepted.cluster_uid == site.sim.hosts["store-1"].running_cluster().uid

    in_site(story, make_scenario(*TWO_HOSTS, palette=answering(swap=SWAPPED)))


def test_a_request_can_be_listed_under_another_cluster() -> None:
    """Under its uid, and under its name; a filter finds it there as well."""

    async def story(site: Site) -> None:
        first, second = await _pair_both(site)
        victim = site.sim.hosts["store-2"].running_cluster()
        found = await site.listed(localClusterUid=victim.uid)
        assert [item["pairingUid"] for item in found] == [first, second]
        assert [item["name"] for item in found] == [victim.name, victim.name]
        own = (await site.shown(first))["spec"]["clusterMeta"]
        assert own["localClusterUid"] == site.sim.hosts["store-1"].running_cluster().uid

    under = {"listsUidOf": {"store-1": "store-2"}, "listsNameOf": {"store-1": "store-2"}}
    in_site(story, make_scenario(*TWO_HOSTS, palette=answering(**under)))


def test_a_request_can_be_given_another_ones_pairing_id() -> None:
    """In the list and in its own answer; what that id leads to is the other one."""

    async def story(site: Site) -> None:
        first, second = await _pair_both(site)
        ids = [(item["name"], item["pairingUid"]) for item in await site.listed()]
        assert ids == [("store-1", second), ("store-2", second)]
        shown = (await site.shown(first))["metadata"]
        assert (shown["uid"], shown["name"]) == (second, "store-1")
        assert (await site.shown(second))["metadata"]["name"] == "store-2"

    palette = answering(givesPairingUidOf={"store-1": "store-2"})
    in_site(story, make_scenario(*TWO_HOSTS, palette=palette))


def test_a_list_can_show_requests_of_everybody() -> None:
    """Of other projects too, whatever is filtered for; a request alone keeps to its project."""
    lab = {"name": "lab", "value": "simulated-lab-token", "defaultProject": "lab"}
    retail = {"name": "retail", "value": TOKEN, "defaultProject": "edge-retail"}

    async def story(site: Site) -> None:
        await site.pair("store-1")
        sent = site.target(registrationToken=lab["value"])
        answer = await site.host("POST", "/cluster/pair", "store-2", json=sent)
        foreign = answer.json()["pairingUid"]
        uid = site.sim.hosts["store-1"].running_cluster().uid
        assert [item["name"] for item in await site.listed()] == ["store-1"]
        site.sim.palette.answers = Answers(lists_everybody=True)
        everybody = await site.listed(localClusterUid=uid, state="Paired")
        assert [item["name"] for item in everybody] == ["store-1", "store-2"]
        assert (await site.palette("GET", f"/v1/clusterpairs/{foreign}")).status_code == 404

    palette = palette_document(registrationTokens=[retail, lab])
    in_site(story, make_scenario(*TWO_HOSTS, palette=palette))


def test_a_uid_can_be_shown_in_capitals() -> None:
    """In both answers, of that request alone; the vendor's filter knows no case."""

    async def story(site: Site) -> None:
        first, _ = await _pair_both(site)
        uids = [site.sim.hosts[name].running_cluster().uid for name in ("store-1", "store-2")]
        listed = [item["localClusterUid"] for item in await site.listed()]
        assert uids[0] != uids[0].upper()
        assert listed == [uids[0].upper(), uids[1]]
        assert (await site.shown(first))["spec"]["clusterMeta"]["localClusterUid"] == listed[0]
        assert len(await site.listed(localClusterUid=uids[0])) == 1

    in_site(story, make_scenario(*TWO_HOSTS, palette=answering(inCapitals=["store-1"])))


def _date(answer: httpx.Response) -> datetime:
    return parsedate_to_datetime(answer.headers["date"])


def test_palettes_clock_is_off_and_jumps() -> None:
    """Its `Date` and the times of new requests follow its clock; the hosts' stay as they were."""

    async def story(site: Site) -> None:
        late = _date(await site.palette("GET", PROJECTS))
        true = _date(await site.host("GET", "/settings"))
        assert late - true == timedelta(seconds=90)
        await site.pair()
        site.sim.palette.clock.offset_s = -3600
        assert _date(await site.palette("GET", PROJECTS)) - true == timedelta(hours=-1)
        await site.pair()
        made = [datetime.fromisoformat(one["creationTimestamp"]) for one in await site.listed()]
        assert [one - true for one in made] == [timedelta(seconds=90), timedelta(hours=-1)]
        assert _date(await site.host("GET", "/settings")) == true

    in_site(story, make_scenario(palette=palette_document(clock={"offsetSeconds": 90})))


def test_palette_may_tell_no_time() -> None:
    """An answer without `Date`, whether it is a refusal or not."""

    async def story(site: Site) -> None:
        answer = await site.palette("GET", PROJECTS)
        refused = await site.client.get(site.address("palette") + PROJECTS)
        assert (answer.status_code, refused.status_code) == (200, 401)
        assert "date" not in answer.headers
        assert "date" not in refused.headers
        assert "date" in (await site.host("GET", "/settings")).headers

    in_site(story, make_scenario(palette=palette_document(clock={"sendsDate": False})))


def test_a_person_sets_palettes_clock_with_curl() -> None:
    """What is left out stays as it is; what is no clock is refused."""

    async def story(site: Site) -> None:
        place = f"{site.address('palette')}/sim/clock"
        true = _date(await site.host("GET", "/settings"))
        for body in ({"offsetSeconds": 60}, {"sendsDate": False}, {"sendsDate": True}):
            assert (await site.client.post(place, json=body)).status_code == 204
        assert _date(await site.palette("GET", PROJECTS)) - true == timedelta(seconds=60)
        for hours in ("soon", 1e12):
            refused = await site.client.post(place, json={"offsetSeconds": hours})
            assert refused.status_code == 400

    in_site(story)
