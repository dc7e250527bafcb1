"""Another Palette, and another cluster at the address of an intent."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from endings import EndsAs
from pairctl.sim import PairTarget, ThreadedSimulation, run_in_thread
from scenario_factory import NO_UIDS, World, call_cluster, quick_palette, watched, world
from sim_factory import PALETTE, TOKEN, host_document, make_scenario


@contextmanager
def another_palette(w: World) -> Iterator[ThreadedSimulation]:
    """Run a second Palette, with a request of the first store pending there."""
    scenario = make_scenario(palette=quick_palette())
    with run_in_thread(scenario) as other:
        w.monitor.watch(watched(other, scenario))
        target = PairTarget(other.simulation.addresses[PALETTE].endpoint, TOKEN, insecure=True)
        w.running.wait(lambda sim: sim.hosts["store-1"].pair(target))
        yield other


def test_a_request_to_another_palette_is_left_alone(tmp_path: Path, ends_as: EndsAs) -> None:
    """It is told where it goes, and neither side is written to."""
    with world(tmp_path) as w, another_palette(w) as other:
        w.apply()
        assert w.told() == ("Blocked", "PendingElsewhere")
        address = other.simulation.addresses[PALETTE].endpoint.removeprefix("https://")
        assert address in w.status()["message"]
        assert "replaceRequest" in w.status()["humanAction"]
        assert w.writes() == []
        assert len(other.simulation.palette.requests) == 1
        ends_as(w, "pending-elsewhere", other)


def test_a_request_to_another_palette_is_replaced_where_that_is_wanted(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """`replaceRequest`: withdrawn there, sent here, paired here; each of it once."""
    with world(tmp_path) as w, another_palette(w) as other:
        w.commit(w.intent(replaceRequest=True))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["withdraw", "request", "accept"]
        assert other.simulation.palette.requests == ()
        assert [c.name for c in w.running.simulation.palette.clusters] == ["store-1"]
        ends_as(w, "replaced", other)


def test_a_request_is_not_withdrawn_for_one_that_could_not_be_sent(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """`replaceRequest` with layers that no selection matches: the other request stays."""
    with world(tmp_path) as w, another_palette(w) as other:
        w.running.call(lambda sim: sim.hosts["store-1"].set_node("node-1", is_healthy=False))
        w.commit(w.intent(replaceRequest=True))
        w.apply()
        assert w.told() == ("Blocked", "NodeUnhealthy")
        assert w.writes() == []
        assert len(other.simulation.palette.requests) == 1
        ends_as(w, "not-replaced", other)


def test_another_cluster_at_the_address_gets_nothing(tmp_path: Path, ends_as: EndsAs) -> None:
    """The intent was seen to be about one cluster: a new one is paired only when `attempt` says."""
    with world(tmp_path) as w:
        old = w.cluster_uid()
        w.running.call(lambda sim: sim.hosts["store-1"].set_node("node-1", is_healthy=False))
        w.apply()
        assert w.told() == ("Blocked", "NodeUnhealthy")
        new = w.running.call(lambda sim: sim.hosts["store-1"].reinstall())
        w.running.call(lambda sim: sim.hosts["store-1"].set_node("node-1"))
        w.apply()
        assert w.told() == ("Blocked", "AnotherCluster")
        assert all(uid in w.status()["message"] for uid in (old, new))
        assert w.writes() == []
        ends_as(w, "another-cluster", old_cluster=old)
        w.commit(w.intent(attempt=2))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert [(e.kind, e.cluster_uid) for e in w.effects()] == [
            ("request", new),
            ("accept", new),
        ]
        ends_as(w, "installed-anew")


def test_the_request_of_a_cluster_that_is_gone_is_never_accepted(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """Installed anew while its request was pending: the new cluster's own request is accepted."""
    with world(tmp_path) as w:
        w.commit(w.intent(acknowledge=None))
        w.apply()
        old, gone = w.pairing_uid(), w.cluster_uid()
        w.running.call(lambda sim: sim.hosts["store-1"].reinstall())
        w.commit(w.intent(attempt=2))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert [e.pairing_uid for e in w.effects("accept")] == [w.pairing_uid()]
        assert w.pairing_uid() != old
        assert f"| production | {old} | store-1 |" in w.files()["STATUS.md"].decode()
        ends_as(w, "installed-anew-while-pending", old_cluster=gone)


@pytest.mark.parametrize("uid", NO_UIDS)
def test_a_host_whose_cluster_has_no_plain_uid_stops_nobody_but_itself(
    tmp_path: Path, uid: str
) -> None:
    """A uid names a claim's file: one that would lead elsewhere makes no sense."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        w.running.call(lambda sim: call_cluster(sim, 1, uid))
        w.apply()
        assert w.told("store-1") == ("Blocked", "UnexpectedAnswer")
        assert w.told("store-2") == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]
