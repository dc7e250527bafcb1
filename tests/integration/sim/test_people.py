"""What people do by hand beside pairctl, at any moment that the journal tells of."""

import pytest

from pairctl.sim import EdgeHostRef, Effect, Entry
from pairctl.sim.answers import RefusalError
from sim_factory import (
    KEY,
    Site,
    arrives,
    host_document,
    in_site,
    is_applied,
    lies_about,
    make_scenario,
    palette_document,
    when_first,
)

PAIR = "/v1/edge-mgmt/cluster/pair"
ACCEPT = "/v1/spectroclusters/edge-native/pair"


async def _ids(site: Site) -> list[str]:
    return [item["pairingUid"] for item in await site.listed()]


def test_a_request_sent_by_hand_is_one_as_any_other() -> None:
    """The host holds it and Palette shows it, as if it had been sent through Local UI."""

    async def story(site: Site) -> None:
        by_hand = site.sim.people.send_request("store-1")
        pairing = (await site.host("GET", "/cluster/pair/details")).json()
        shown = await site.shown(by_hand)
        own = await site.pair()
        other = (await site.host("GET", "/cluster/pair/details")).json()
        assert (pairing["pairingUid"], other["pairingUid"]) == (by_hand, own)
        assert pairing["registrationToken"] == other["registrationToken"]
        assert other["paletteEndpoint"] == f"https://{pairing['paletteEndpoint']}"
        assert shown["spec"] == (await site.shown(own))["spec"]

    in_site(story)


def test_a_foreign_request_is_for_the_same_cluster_and_unknown_to_its_host() -> None:
    """Palette cannot tell it from the host's own; what differs is what the test says."""

    async def story(site: Site) -> None:
        own = await site.pair()
        foreign = site.sim.people.send_foreign_request("store-1")
        assert await _ids(site) == [own, foreign]
        assert (await site.says())["request"] == own
        assert (await site.shown(foreign))["spec"] == (await site.shown(own))["spec"]
        other = site.sim.people.send_foreign_request(
            "store-1", name="x", cluster_name="y", hosts=(EdgeHostRef("edge-x", "node-x"),)
        )
        shown = await site.shown(other)
        meta, pools = shown["spec"]["clusterMeta"], shown["spec"]["machinepoolconfig"]
        assert (shown["metadata"]["name"], meta["name"]) == ("x", "y")
        assert meta["localClusterUid"] == (await site.says())["uid"]
        hosts = [{"hostUid": "edge-x", "hostName": "node-x"}]
        assert pools[0]["cloudConfig"]["edgeHosts"] == hosts

    in_site(story)


def test_a_person_may_use_another_token() -> None:
    """Its project decides where the request shows; an unknown one lets nobody in."""
    lab = {"name": "lab", "value": "simulated-lab-token", "defaultProject": "lab"}
    tokens = [*palette_document()["registrationTokens"], lab]

    async def story(site: Site) -> None:
        people = site.sim.people
        people.send_request("store-1", token=lab["value"])
        people.send_foreign_request("store-1", token=lab["value"])
        assert await site.states() == []
        for send in (people.send_request, people.send_foreign_request):
            with pytest.raises(RefusalError, match="not usable"):
                send("store-1", token="simulated-unknown")

    in_site(story, make_scenario(palette=palette_document(registrationTokens=tokens)))


def test_a_liars_request_by_hand_carries_its_lies() -> None:
    """Where it sends them; a foreign one tells the truth, but for what the test changes."""
    lies = lies_about("store-2", "name", sendsLies=True)

    async def story(site: Site) -> None:
        people = site.sim.people
        sent = [people.send_request("store-1"), people.send_foreign_request("store-1")]
        names = [(await site.shown(uid))["metadata"]["name"] for uid in sent]
        assert names == ["store-2", "store-1"]

    in_site(story, make_scenario(host_document(1, **lies), host_document(2)))


@pytest.mark.parametrize(("reaches_palette", "left"), [(True, []), (False, ["Pending"])])
def test_a_request_is_cancelled_by_hand(reaches_palette: bool, left: list[str]) -> None:
    """It is gone at the host; in Palette as well, where the host reaches it; there is no other."""

    async def story(site: Site) -> None:
        uid = await site.pair()
        site.sim.hosts["store-1"].reaches_palette = reaches_palette
        site.sim.people.cancel_request("store-1")
        assert (await site.host("GET", "/cluster/pair/details")).status_code == 404
        assert await site.states() == left
        withdrawn = site.sim.journal.effects_of("withdraw")[0]
        assert withdrawn.pairing_uid == uid
        assert withdrawn.details == {"toldPalette": str(reaches_palette).lower()}
        with pytest.raises(RefusalError, match="no pairing request"):
            site.sim.people.cancel_request("store-1")

    in_site(story)


def test_an_accepted_request_is_not_cancelled_by_hand() -> None:
    """Palette refuses, and the host keeps what it has."""

    async def story(site: Site) -> None:
        uid = await site.pair()
        await site.accept(uid, "full")
        with pytest.raises(RefusalError, match="is Accepted"):
            site.sim.people.cancel_request("store-1")
        assert (await site.says())["request"] == uid

    in_site(story)


@pytest.mark.parametrize("is_before", [True, False])
def test_a_foreign_request_appears_right_before_or_after_ones_own(is_before: bool) -> None:
    """Between the last look and the arrival of what was sent, or between that and its answer."""

    async def story(site: Site) -> None:
        foreign: list[str] = []
        moment = arrives("POST", PAIR) if is_before else is_applied("request")
        when_first(
            site.sim,
            moment,
            lambda: foreign.append(site.sim.people.send_foreign_request("store-1")),
        )
        assert await site.states() == []
        own = await site.pair()
        assert await _ids(site) == [*foreign, own] if is_before else [own, *foreign]
        await site.pair()
        assert len(foreign) == 1

    in_site(story)


def test_a_request_by_hand_slips_in_before_ones_own() -> None:
    """The host has forgotten it by the time one's own is answered; Palette has both."""

    async def story(site: Site) -> None:
        when_first(site.sim, arrives("POST", PAIR), lambda: site.sim.people.send_request("store-1"))
        own = await site.pair()
        ids = await _ids(site)
        assert (len(ids), ids[1], (await site.says())["request"]) == (2, own, own)

    in_site(story)


def test_a_request_is_cancelled_while_its_acceptance_is_under_way() -> None:
    """The acceptance finds nothing, and nothing is paired."""

    async def story(site: Site) -> None:
        uid = await site.pair()
        when_first(
            site.sim, arrives("POST", ACCEPT), lambda: site.sim.people.cancel_request("store-1")
        )
        assert (await site.accept(uid, "full")).status_code == 404
        assert [one.kind for one in site.sim.journal.effects_of("accept", "withdraw")] == [
            "withdraw"
        ]

    in_site(story)


def test_an_effect_has_the_id_of_the_call_that_led_to_it_and_no_others() -> None:
    """Through the host too; what a person does meanwhile is done under no id."""

    async def story(site: Site) -> None:
        def is_own(entry: Entry) -> bool:
            return isinstance(entry, Effect) and entry.request_id == "claim-1"

        people = site.sim.people
        when_first(site.sim, arrives("POST", PAIR), lambda: people.send_foreign_request("store-1"))
        when_first(site.sim, is_own, lambda: people.send_foreign_request("store-1"))
        await site.login()
        headers = {"Authorization": site.jwts["store-1"], "X-Request-Id": "claim-1"}
        url = site.address("store-1") + PAIR
        await site.client.post(url, json=site.target(), headers=headers)
        effects = site.sim.journal.effects_of("request")
        assert [effect.request_id for effect in effects] == ["", "claim-1", ""]

    in_site(story)


def test_of_a_request_the_journal_keeps_sender_and_id_and_no_other_value() -> None:
    """Headers hold keys: all but two of them are kept by their names only."""

    async def story(site: Site) -> None:
        url = site.address("palette") + "/v1/dashboard/projects/metadata"
        headers = {"ApiKey": KEY, "User-Agent": "tests/1", "X-Request-Id": "r-1"}
        await site.client.get(url, headers=headers)
        received = site.sim.journal.received[-1]
        assert (received.user_agent, received.request_id) == ("tests/1", "r-1")
        assert "apikey" in received.header_names
        assert KEY not in repr(received)

    in_site(story)
