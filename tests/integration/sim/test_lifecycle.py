"""Starting, stopping, switching off and on."""

import asyncio
import gc
import hashlib
import signal
import socket
import ssl
from urllib.parse import urlsplit

import httpx
import pytest

from pairctl.problem import PairctlError
from pairctl.sim import Fault, Scenario, Simulation, run_in_thread
from sim_factory import (
    KEY,
    PALETTE,
    Site,
    host_document,
    in_site,
    make_scenario,
    palette_document,
    until,
)

PROJECTS = "/v1/dashboard/projects/metadata"


def test_a_server_that_is_off_refuses_and_comes_back_at_its_address() -> None:
    """To a client, off is a refused connection; a kept one is reset."""

    async def story(site: Site) -> None:
        assert (await site.host("GET", "/settings")).status_code == 200
        await site.sim.off("store-1")
        await site.sim.off("store-1")
        with pytest.raises(httpx.TransportError):
            await site.host("GET", "/settings")
        with pytest.raises(httpx.ConnectError):
            await site.host("GET", "/settings")
        await site.sim.on("store-1")
        await site.sim.on("store-1")
        assert (await site.host("GET", "/settings")).status_code == 200

    in_site(story)


def test_a_dark_host_is_switched_on_by_a_person() -> None:
    """It begins without power; the route at Palette's address gives it some, and takes it again."""

    async def story(site: Site) -> None:
        with pytest.raises(httpx.ConnectError):
            await site.host("GET", "/settings")
        power = f"{site.sim.addresses[PALETTE].endpoint}/sim/hosts"
        async with httpx.AsyncClient(verify=False) as person:  # noqa: S501 - on loopback
            for is_on in (True, False):
                done = await person.post(f"{power}/store-1/power", json={"on": is_on})
                assert done.status_code == 204
                if is_on:
                    assert (await site.host("GET", "/settings")).status_code == 200
            assert (
                await person.post(f"{power}/store-9/power", json={"on": True})
            ).status_code == 404
            assert (await person.post(f"{power}/store-1/power", json={})).status_code == 400
        with pytest.raises(httpx.TransportError):
            await site.host("GET", "/settings")

    in_site(story, make_scenario(host_document(dark=True)))


def test_a_host_learns_nothing_while_palette_is_off() -> None:
    """A pairing that went through is known to the host once Palette can be asked."""

    async def story(site: Site) -> None:
        uid = await site.pair()
        await site.accept(uid, "full")
        site.clock.seconds += 5
        await site.sim.off("palette")
        assert (await site.host("GET", "/settings")).json()["managementMode"] == "local"
        await site.sim.on("palette")
        assert (await site.host("GET", "/settings")).json()["managementMode"] == "central"

    in_site(story)


def test_each_server_has_a_certificate_of_its_own() -> None:
    """The fingerprint told is the fingerprint served."""

    async def story(site: Site) -> None:
        prints = set()
        for address in site.sim.addresses.values():
            where = urlsplit(address.endpoint)
            place = (where.hostname or "", where.port or 0)
            pem = await asyncio.to_thread(ssl.get_server_certificate, place)
            digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
            assert address.fingerprint == f"sha256:{digest}"
            prints.add(digest)
        assert len(prints) == 2

    in_site(story)


def test_a_certificate_can_change_under_way() -> None:
    """Whoever pinned the first one must notice; the address told stays as it was."""

    async def story(site: Site) -> None:
        told = site.sim.addresses["https://127.0.0.1:5081"].fingerprint
        changed = await site.sim.change_certificate("store-1")
        assert changed != told
        assert site.sim.addresses["https://127.0.0.1:5081"].fingerprint == told
        where = urlsplit(site.address("store-1"))
        place = (where.hostname or "", where.port or 0)
        pem = await asyncio.to_thread(ssl.get_server_certificate, place)
        assert changed.endswith(hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest())

    in_site(story)


def test_a_taken_port_stops_the_start_and_leaves_nothing_open() -> None:
    """The error names the port; sockets bound before it are closed again."""
    with socket.socket() as taken, socket.socket() as free:
        for holder in (taken, free):
            holder.bind(("127.0.0.1", 0))
        taken.listen()
        port, other = taken.getsockname()[1], free.getsockname()[1]
        free.close()
        palette = palette_document(endpoint=f"https://127.0.0.1:{other}")
        scenario = make_scenario(
            host_document(endpoint=f"https://127.0.0.1:{port}"), palette=palette
        )

        async def start() -> None:
            async with Simulation.start(scenario, ports="declared"):
                pytest.fail("it started on a taken port")

        with pytest.raises(PairctlError, match=str(port)):
            asyncio.run(start())
    gc.collect()


def test_stopping_does_not_wait_for_slow_answers() -> None:
    """A drip longer than any test may last ends with the simulation; handlers stay untouched."""
    before = signal.getsignal(signal.SIGTERM)

    async def story(site: Site) -> None:
        site.sim.faults.add(Fault("drip", server="palette", seconds=600))
        url = site.address("palette") + PROJECTS
        request = asyncio.create_task(site.client.get(url, headers={"ApiKey": KEY}))
        await until(lambda: site.sim.journal.received)
        request.cancel()
        assert signal.getsignal(signal.SIGTERM) is before

    in_site(story)


def test_a_fleet_of_a_hundred_hosts_starts() -> None:
    """Rehearsing a fleet needs one entry in the file."""
    fleet = host_document(
        name="store-{n}", endpoint="https://127.0.0.1:6001", count=100, cluster=None
    )

    async def story(site: Site) -> None:
        assert len(site.sim.hosts) == 100
        last = site.sim.addresses["https://127.0.0.1:6100"].endpoint
        assert (await site.client.get(last)).status_code == 404

    in_site(story, make_scenario(fleet))


def test_synchronous_code_runs_a_simulation_in_a_thread() -> None:
    """Calls into the world and back are safe from another thread."""
    with run_in_thread(make_scenario()) as running:
        sim = running.simulation
        context = ssl.create_default_context(cadata=sim.ca_pem)
        url = sim.addresses[PALETTE].endpoint + PROJECTS
        with httpx.Client(verify=context, trust_env=False) as client:
            assert client.get(url, headers={"ApiKey": KEY}).status_code == 200
            running.wait(lambda world: world.off("palette"))
            with pytest.raises(httpx.TransportError):
                client.get(url, headers={"ApiKey": KEY})
        running.call(lambda world: world.hosts["store-1"].set_node("node-1", is_healthy=False))
        assert not sim.hosts["store-1"].running_cluster().is_healthy


def test_a_thread_tells_what_stopped_its_start() -> None:
    """An error while starting is raised where the simulation was asked for."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        endpoint = f"https://127.0.0.1:{taken.getsockname()[1]}"
        scenario = make_scenario(palette=palette_document(endpoint=endpoint))
        with (
            pytest.raises(PairctlError, match="cannot listen"),
            run_in_thread(scenario, ports="declared"),
        ):
            pytest.fail("it started on a taken port")


def test_a_host_may_have_asked_to_be_paired_before_anybody_looks() -> None:
    """`sendsRequestWith`: its request waits in Palette when the simulation begins."""

    async def story(site: Site) -> None:
        assert await site.states() == ["Pending"]
        answer = await site.host("GET", "/cluster/pair/details")
        assert answer.json()["status"] == "Pairing"

    asking = host_document(sendsRequestWith="retail")
    in_site(story, make_scenario(asking, host_document(2)))


def test_a_request_that_cannot_be_sent_is_told_with_its_host() -> None:
    """A scenario that contradicts itself ends in words."""
    asking = host_document(sendsRequestWith="retail", reachesPalette=False)
    with pytest.raises(PairctlError, match=r"store-1 .* can reach"):
        asyncio.run(_start(make_scenario(asking)))


async def _start(scenario: Scenario) -> None:
    async with Simulation.start(scenario, ports="any"):
        pass
