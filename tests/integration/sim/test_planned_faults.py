"""Planned faults, as a client on the wire sees them, and what was applied behind its back."""

import asyncio

import httpx
import pytest

from pairctl.sim import Fault
from sim_factory import Site, in_site, make_scenario, until

PAIR = "/v1/edge-mgmt/cluster/pair"


async def _pair(site: Site) -> str:
    """Send a pairing request and tell what the client saw: a status, or an error's kind."""
    await site.login()
    try:
        answer = await site.host("POST", "/cluster/pair", json=site.target())
    except httpx.TransportError:
        return "lost"
    return str(answer.status_code)


@pytest.mark.parametrize(
    ("action", "seen", "applied"),
    [
        ("error", "500", 0),
        ("error-after", "500", 1),
        ("drop", "lost", 0),
        ("drop-after", "lost", 1),
        ("cut", "lost", 1),
        ("limit", "429", 0),
        ("redirect", "307", 0),
        ("html", "200", 0),
        ("answer", "200", 0),
        ("expire", "401", 0),
        ("delay", "201", 1),
        ("hold", "201", 1),
        ("drip", "201", 1),
    ],
)
def test_a_fault_says_what_is_seen_and_what_is_applied(
    action: str, seen: str, applied: int
) -> None:
    """The two are independent, which is the point of an ambiguous answer."""

    async def story(site: Site) -> None:
        site.sim.faults.add(Fault(action, server="store-1", path=PAIR, seconds=0.001))
        assert await _pair(site) == seen
        assert len(site.sim.journal.effects_of("request")) == applied
        assert site.sim.faults.remaining == ()

    in_site(story)


def test_a_list_may_hold_more_than_there_is() -> None:
    """Odd items stand before what is really there: the list is answered, and still a list."""

    async def story(site: Site) -> None:
        path = "/v1/dashboard/projects/metadata"
        site.sim.faults.add(Fault("more", path=path, body=[{"odd": 1}]))
        listed = (await site.palette("GET", path)).json()["items"]
        assert listed[0] == {"odd": 1}
        assert listed[1]["metadata"]["name"] == "edge-retail"

    in_site(story)


def test_a_late_effect_comes_after_the_connection_is_lost() -> None:
    """Applied late: absence at the first look proves nothing."""

    async def story(site: Site) -> None:
        site.sim.faults.add(Fault("drop-late", path=PAIR, seconds=0.05))
        assert (await _pair(site), site.sim.journal.effects_of("request")) == ("lost", ())
        await until(lambda: site.sim.hosts["store-1"].pairing)
        assert (await site.host("GET", "/cluster/pair/details")).status_code == 200

    in_site(story)


@pytest.mark.parametrize(("action", "applied_at_first"), [("hold", 0), ("delay", 1)])
def test_an_effect_comes_although_the_client_has_gone(action: str, applied_at_first: int) -> None:
    """The connection is open, nothing comes, the client gives up: it cannot tell which it was."""

    async def story(site: Site) -> None:
        await site.login()
        effects = site.sim.journal.effects_of
        site.sim.faults.add(Fault(action, path=PAIR, seconds=0.3))
        request = asyncio.create_task(site.host("POST", "/cluster/pair", json=site.target()))
        await until(lambda: site.sim.faults.remaining == ())
        await until(lambda: len(effects("request")) == applied_at_first)
        assert not request.done()
        request.cancel()
        await until(lambda: effects("request"))
        await until(lambda: site.sim.hosts["store-1"].pairing)
        assert await site.states() == ["Pending"]

    in_site(story)


def test_faults_of_the_file_reach_palette_too() -> None:
    """The host's own call to Palette can go wrong: an orphaned request is left there."""
    fault = {"server": "palette", "path": "/v1/hosts/pairings", "action": "error-after"}

    async def story(site: Site) -> None:
        assert await _pair(site) == "500"
        assert (await site.host("GET", "/cluster/pair/details")).status_code == 404
        assert await site.states() == ["Pending"]

    in_site(story, make_scenario(faults=(fault,)))


def test_a_huge_answer_is_huge() -> None:
    """A client without a bound would read 32 MiB."""

    async def story(site: Site) -> None:
        site.sim.faults.add(Fault("huge", server="palette"))
        url = site.address("palette") + "/v1/edgehosts/tokens"
        async with site.client.stream("GET", url) as answer:
            assert int(answer.headers["content-length"]) > 32 * 1024 * 1024

    in_site(story)
