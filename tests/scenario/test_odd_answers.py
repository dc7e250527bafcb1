"""Answers that the vendor's specifications allow: pairctl reads them, and goes on or says why."""

from pathlib import Path
from typing import Any

import pytest

from pairctl.sim import Fault
from scenario_factory import ACCEPT, quick_palette, world
from sim_factory import Document, host_document

BARE = ["message", "code", "number", "string", "text", "empty"]


@pytest.mark.parametrize("shape", BARE)
def test_a_host_that_words_its_errors_otherwise_is_paired(tmp_path: Path, shape: str) -> None:
    """The first request is sent although the host says in its own way that there is none."""
    with world(tmp_path, host_document(errors=shape)) as w:
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_a_host_that_shows_a_page_in_place_of_its_errors_is_not_read(tmp_path: Path) -> None:
    """A page may be a portal's: what the host holds is not known, and nothing is sent."""
    with world(tmp_path, host_document(errors="page")) as w:
        w.apply()
        assert w.told() == ("Blocked", "NotTheApi")
        assert w.kinds() == []


@pytest.mark.parametrize("mode", ["connected", None])
def test_a_host_that_is_managed_locally_is_paired_whatever_its_mode(
    tmp_path: Path, mode: str | None
) -> None:
    """The installation mode is no longer available on newer hosts, or says its old default."""
    with world(tmp_path, host_document(installationMode=mode)) as w:
        w.apply()
        assert w.told() == ("Paired", "Paired")


def of_three(**cluster: Any) -> Document:
    """Describe a host whose cluster has three nodes."""
    described = host_document()
    nodes = [{"name": f"node-{number}"} for number in (1, 2, 3)]
    return {**described, "cluster": {**described["cluster"], "nodes": nodes, **cluster}}


@pytest.mark.parametrize(("cluster", "ending"), [
    ({"showsNodes": ["node-1", "node-2"]}, ("Blocked", "NodesNotSeen")),
    ({"showsNodes": []}, ("Blocked", "NodesNotSeen")),
    ({"showsNodes": [], "listsHosts": False}, ("Blocked", "NodesNotSeen")),
    ({"showsNodes": ["node-1", "node-2"], "listsHosts": False}, ("Paired", "Paired")),
    ({}, ("Paired", "Paired")),
])  # fmt: skip
def test_a_node_that_is_not_shown_is_not_taken_to_be_healthy(
    tmp_path: Path, cluster: Document, ending: tuple[str, str]
) -> None:
    """As many nodes as hosts; where the hosts are not listed, the nodes alone count."""
    with world(tmp_path, of_three(**cluster)) as w:
        w.apply()
        assert w.told() == ending
        assert bool(w.kinds()) is (ending[0] == "Paired")


@pytest.mark.parametrize("shape", BARE)
def test_a_palette_without_routes_may_say_so_in_any_form(tmp_path: Path, shape: str) -> None:
    """What its framework says of a path leaves the click to a person, as ever."""
    palette = quick_palette(pairing={"routes": False, "acceptSeconds": 0.0}, errors=shape)
    with world(tmp_path, palette=palette) as w:
        w.apply()
        assert w.told() == ("Requested", "WaitingForConsole")


@pytest.mark.parametrize("said", [
    {"status": 404, "shape": "number", "message": "path /v1/x was not found"},
    {"status": 404, "shape": "text", "message": "404 page not found"},
    {"status": 405, "shape": "message", "message": "Method Not Allowed"},
    {"status": 405, "shape": "empty"},
])  # fmt: skip
def test_an_acceptance_to_a_wrong_path_names_the_route_to_set(
    tmp_path: Path, said: dict[str, Any]
) -> None:
    """There is nothing to settle with the other side: it has not understood the call."""
    with world(tmp_path) as w:
        w.plan_faults(Fault("error", method="POST", path=ACCEPT, times=9, **said))
        w.apply()
        assert w.told() == ("Blocked", "NoSuchRoute")
        assert "`routes.accept` in the operator's file" in w.status()["humanAction"]
        assert w.kinds() == ["request"]


@pytest.mark.parametrize("shape", ["message", "string", "text"])
def test_why_the_hosts_do_not_reach_palette_is_in_the_hosts_words(
    tmp_path: Path, shape: Any
) -> None:
    """Its 500 carries words, in whatever form."""
    with world(tmp_path) as w:
        words = "node-2 cannot resolve the name"
        path = "*/verify-connection"
        w.plan_faults(Fault("error", path=path, times=99, message=words, shape=shape))
        w.apply()
        assert w.told() == ("Blocked", "HostsCannotReachPalette")
        assert words in w.status()["message"]
