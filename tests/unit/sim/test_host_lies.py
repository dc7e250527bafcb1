"""Lies of hosts, as functions over what is so."""

from dataclasses import dataclass

import pytest

from pairctl.sim import TRUTH, Lie, LocalProfile, Pairing, PairTarget, lie_about
from pairctl.sim.host import Node, RunningCluster

NODES = (Node("node-1", "edge-a", "Running", True), Node("node-2", "edge-b", "Running", True))
PROFILES = (LocalProfile("infra", "infra", "1.0.0", ()),)
CLUSTER = RunningCluster("uid-a", "lisbon", "Running", "", {}, NODES, PROFILES)
PAIRING = Pairing("pairing-a", PairTarget("127.0.0.1:5443", "simulated-token"))


TARGET = PairTarget("palette.example", "t")


@dataclass(frozen=True)
class Said:
    """A host to copy from."""

    cluster: RunningCluster | None
    pairing: Pairing | None
    uid: str = "edge-v"


VICTIM = Said(
    RunningCluster("uid-v", "porto", "Running", "", {}, (), ()),
    Pairing("pairing-v", TARGET, "Paired"),
)


def test_the_truth_changes_nothing() -> None:
    """All fields are None."""
    assert TRUTH.about_cluster(CLUSTER) == CLUSTER
    assert TRUTH.about_pairing(PAIRING) == PAIRING
    assert TRUTH.about_pairing(None) is None
    assert TRUTH.about_host("edge-a") == "edge-a"


def test_a_host_that_lies_about_itself_lies_about_its_node() -> None:
    """The two answers agree, as they do for an honest host."""
    lie = Lie(host_uid="edge-v")
    assert lie.about_host("edge-a") == "edge-v"
    assert [node.uid for node in lie.about_cluster(CLUSTER).nodes] == ["edge-v", "edge-b"]


def test_a_request_can_be_made_up() -> None:
    """A pairing id alone is enough; a status alone is not."""
    made_up = Lie(pairing_uid="pairing-v").about_pairing(None)
    assert made_up is not None
    assert (made_up.uid, made_up.status, made_up.target.endpoint) == ("pairing-v", "Pairing", "")
    assert Lie(pairing_status="Paired").about_pairing(None) is None


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("uid", Lie(cluster_uid="uid-v")),
        ("name", Lie(cluster_name="porto")),
        ("host", Lie(host_uid="edge-v")),
        ("layers", Lie(profiles=())),
        ("request", Lie("pairing-v", "Paired", TARGET)),
    ],
)
def test_each_topic_copies_its_part_and_no_other(topic: str, expected: Lie) -> None:
    """Whoever attacks one rule leaves the others their truth."""
    assert lie_about(VICTIM, topic) == expected


def test_what_the_victim_does_not_have_stays_the_truth() -> None:
    """There is nothing to copy from a host without a cluster or a request."""
    assert lie_about(Said(None, None), "request", "uid", "layers") == TRUTH
