"""Clusters of several edge hosts: any of them answers for the one cluster."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pairctl.sim import Fault, Simulation
from scenario_factory import PAIR, World, world
from sim_factory import PASSWORD, Document, host_document

NODES = [{"name": f"node-{number}"} for number in (1, 2, 3)]


def leader(**nodes: Document) -> Document:
    """Describe the first host of a cluster of three; fields of a node by its name, `_` for `-`."""
    described = host_document()
    odd = {name.replace("_", "-"): fields for name, fields in nodes.items()}
    made = [{**node, **odd.get(node["name"], {})} for node in NODES]
    return {**described, "cluster": {**described["cluster"], "nodes": made}}


def member(number: int = 2, **changes: Any) -> Document:
    """Describe another host of the same cluster."""
    return {
        "name": f"store-{number}",
        "endpoint": f"https://127.0.0.1:{5080 + number}",
        "users": [{"username": "kairos", "password": PASSWORD}],
        "memberOf": {"host": "store-1", "node": f"node-{number}"},
        **changes,
    }


def by_any(w: World, *numbers: int, **spec: Any) -> Document:
    """Write one intent for the cluster, with all its hosts."""
    places = [w.pinned(f"https://127.0.0.1:{5080 + number}") for number in numbers]
    where = {"endpoints": places, "credentials": {"secret": "store-local-ui"}}
    return w.intent(localUI=where, **spec)


def switched(w: World, **servers: bool) -> None:
    """Switch hosts on or off."""
    for name, is_on in servers.items():
        w.running.wait(partial(_switch, name=name.replace("_", "-"), is_on=is_on))


async def _switch(sim: Simulation, name: str, *, is_on: bool) -> None:
    await (sim.on(name) if is_on else sim.off(name))


def test_a_pairing_goes_on_at_another_host_of_the_cluster(tmp_path: Path) -> None:
    """The request that one host has sent is the cluster's: the next one shows the very same."""
    with world(tmp_path, leader(), member(), fleet=one_cluster) as w:
        w.one_pass()
        assert w.kinds() == ["request"]
        switched(w, store_1=False)
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_an_answer_that_was_lost_is_found_at_another_host(tmp_path: Path) -> None:
    """The first host sends, and is gone: nothing is sent again through the second."""
    with world(tmp_path, leader(), member(), fleet=one_cluster) as w:
        w.plan_faults(Fault("drop-after", server="store-1", path=PAIR))
        w.one_pass()
        switched(w, store_1=False)
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_a_request_is_taken_back_at_another_host(tmp_path: Path) -> None:
    """Withdrawing is about the cluster too; Palette hears of it from whoever is asked."""
    with world(tmp_path, leader(), member(), fleet=one_cluster) as w:
        w.one_pass()
        switched(w, store_1=False)
        w.commit(by_any(w, 1, 2, desired="Local", profileMatch=None, acknowledge=None))
        w.apply()
        assert w.told() == ("Local", "Local")
        assert w.kinds() == ["request", "withdraw"]


def test_two_intents_for_two_hosts_of_one_cluster_are_duplicates(tmp_path: Path) -> None:
    """The documents name two addresses; only the hosts tell that it is one cluster."""
    with world(tmp_path, leader(), member(), fleet=two_intents) as w:
        w.one_pass()
        w.one_pass()
        for name in ("store-1", "store-2"):
            assert w.told(name) == ("Blocked", "DuplicateTarget")
        assert w.kinds() == []


@pytest.mark.parametrize("number", [1, 2])
def test_one_node_that_does_not_reach_palette_holds_the_pairing_back(
    tmp_path: Path, number: int
) -> None:
    """Whichever host is asked, it answers for all nodes, and the node is named."""
    hosts = leader(node_3={"reachesPalette": False}), member()
    with world(tmp_path, *hosts, fleet=lambda w: [by_any(w, number)]) as w:
        w.one_pass()
        assert w.told() == ("Blocked", "HostsCannotReachPalette")
        assert "node-3" in w.status()["message"]
        assert w.kinds() == []
        w.running.call(lambda sim: sim.hosts["store-1"].set_reach("node-3", reaches_palette=True))
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_a_host_that_is_cut_off_learns_from_its_cluster(tmp_path: Path) -> None:
    """Its way to Palette closes after the request: another host hears what became of it."""
    with world(tmp_path, leader(), member(), fleet=lambda w: [by_any(w, 1)]) as w:
        w.one_pass()
        w.running.call(lambda sim: sim.hosts["store-1"].set_reach("node-1", reaches_palette=False))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.mode(2) == "central"


def one_cluster(w: World) -> list[Document]:
    """Give the one intent for the cluster, with both of its hosts."""
    return [by_any(w, 1, 2)]


def two_intents(w: World) -> list[Document]:
    """Give an intent for each of two hosts."""
    acknowledged = {"centralManagementOnly": "store-1"}
    return [w.intent(1), w.intent(2, acknowledge=acknowledged)]
