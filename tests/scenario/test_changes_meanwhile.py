"""The world, or the intents, change while pairctl works: nothing is done on what is not so now."""

from pathlib import Path

import pytest

from endings import EndsAs
from pairctl.engine import PassResult, Reconciler, Settings
from pairctl.sim import Entry, LocalProfile, PairTarget, Received, Simulation
from scenario_factory import (
    ACCEPT,
    PAIR,
    World,
    call_cluster,
    once_acting,
    profile_match,
    quick_palette,
    world,
)
from sim_factory import GRAFANA, HELLO, INFRA_PACKS, PALETTE, TOKEN, host_document


def waiting(w: World) -> None:
    """Bring a world to where a request waits for its acknowledgement."""
    w.commit(w.intent(acknowledge=None))
    w.apply()
    assert w.told() == ("Blocked", "NotAcknowledged")


def publish_newer(w: World) -> None:
    """Publish a newer version of the add-on profile, with another stack."""
    w.running.call(
        lambda sim: sim.palette.publish("addons", "2.0.0", (HELLO,), project="edge-retail")
    )


def test_a_profile_published_after_the_request_is_not_passed_over(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """Only the latest version counts, as it is now: the acceptance waits for a match."""
    with world(tmp_path) as w:
        waiting(w)
        publish_newer(w)
        w.commit(w.intent())
        w.apply()
        assert w.told() == ("Blocked", "LayersDiffer")
        assert w.kinds() == ["request"]
        ends_as(w, "newer-profile-since-the-request")


def test_a_profile_published_between_decision_and_acceptance_stops_it(tmp_path: Path) -> None:
    """The second look sees the newer version: nothing is accepted on the first."""
    with world(tmp_path) as w:
        w.apply(listener=once_acting("accept", lambda: publish_newer(w)))
        assert w.told() == ("Blocked", "LayersDiffer")
        assert w.kinds() == ["request"]
        assert w.claims == []


def test_a_version_that_is_no_longer_the_latest_is_told(tmp_path: Path, ends_as: EndsAs) -> None:
    """A selection that guards a version is blocked once a newer one is there."""
    guarded = ({"name": "infra", "version": "1.1.0"}, {"name": "addons", "version": "1.0.0"})
    with world(tmp_path) as w:
        waiting(w)
        publish_newer(w)
        w.commit(profile_match(profiles=guarded), w.intent())
        w.apply()
        assert w.told() == ("Blocked", "ProfileNotLatest")
        assert w.kinds() == ["request"]
        ends_as(w, "not-the-latest-any-more")


def test_layers_that_changed_after_the_request_are_not_accepted(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """The request carries the layers it was sent with: others at the host block it."""
    infra = LocalProfile("store-infra", "infra", "1.0.0", INFRA_PACKS)
    addons = LocalProfile("store-addons", "add-on", "1.0.0", (GRAFANA, HELLO))
    with world(tmp_path) as w:
        waiting(w)
        w.running.call(lambda sim: sim.hosts["store-1"].set_profiles(infra, addons))
        w.running.call(
            lambda sim: sim.palette.publish(
                "addons", "2.0.0", (GRAFANA, HELLO), project="edge-retail"
            )
        )
        w.commit(w.intent())
        w.apply()
        assert w.told() == ("Blocked", "LayersChanged")
        assert w.kinds() == ["request"]
        ends_as(w, "layers-changed-since-the-request")


def test_a_cluster_that_falls_ill_between_decision_and_request_is_left_alone(
    tmp_path: Path,
) -> None:
    """The second look counts: a node that fails just then stops the request."""
    with world(tmp_path) as w:

        def fail() -> None:
            w.running.call(lambda sim: sim.hosts["store-1"].set_node("node-1", is_healthy=False))

        w.apply(listener=once_acting("request", fail))
        assert w.told() == ("Blocked", "NodeUnhealthy")
        assert w.kinds() == []
        assert w.claims == []


@pytest.mark.parametrize("change", ["a node falls ill", "layers change", "another cluster"])
def test_nothing_is_accepted_on_a_brief_look(tmp_path: Path, change: str) -> None:
    """While a request waits, hosts are asked for little; before it is accepted, for everything."""

    def make_it_so(sim: Simulation) -> None:
        host = sim.hosts["store-1"]
        if change == "a node falls ill":
            host.set_node("node-1", is_healthy=False)
        elif change == "layers change":
            host.set_profiles(LocalProfile("store", "infra", "1.0.0", INFRA_PACKS))
        else:
            call_cluster(sim, 1, "another-cluster")

    async def passes(reconciler: Reconciler, _: Settings) -> PassResult:
        await reconciler.run_pass(stays=True)
        w.running.call(make_it_so)
        await reconciler.run_pass(stays=True)
        return await reconciler.run_pass(stays=True)

    with world(tmp_path) as w:
        w.with_engine(passes)
        assert w.told()[0] == "Blocked"
        assert w.kinds() == ["request"]
        assert w.claims == []


def test_while_it_waits_a_host_is_asked_for_little(tmp_path: Path) -> None:
    """Its mode and its request: the layers of its cluster change nothing for now."""
    slow = quick_palette(pairing={"acceptSeconds": 0.0, "arriveSeconds": 3600.0})

    async def passes(reconciler: Reconciler, _: Settings) -> list[str]:
        await reconciler.run_pass(stays=True)
        before = len(w.running.simulation.journal.received)
        await reconciler.run_pass(stays=True)
        received = w.running.simulation.journal.received[before:]
        return [one.path for one in received if one.server == "store-1"]

    with world(tmp_path, palette=slow) as w:
        assert w.with_engine(passes) == ["/v1/edge-mgmt/settings", f"{PAIR}/details"]


def test_intents_that_change_while_a_pass_looks_stop_its_actions(tmp_path: Path) -> None:
    """A commit that arrives during a pass makes its decisions stale: nothing is sent on them."""
    with world(tmp_path) as w:
        changed: list[str] = []

        def hear(entry: Entry) -> None:
            if isinstance(entry, Received) and entry.path.endswith("verify-connection"):
                changed.append(w.commit(w.intent(suspend=True)) if not changed else "")

        w.running.simulation.journal.listen(hear)
        w.apply()
        assert w.told() == ("Waiting", "Suspended")
        assert w.kinds() == []
        assert w.writes() == []
        assert w.status()["sourceCommit"] == changed[0]


def test_an_acceptance_is_not_sent_for_an_intent_that_was_just_taken_back(tmp_path: Path) -> None:
    """A request sent under an older commit is not accepted once the newer one says otherwise."""
    with world(tmp_path) as w:
        done: list[str] = []

        def hear(entry: Entry) -> None:
            is_snapshot = isinstance(entry, Received) and entry.path.startswith("/v1/clusterpairs/")
            if is_snapshot and not done:
                done.append(w.commit(w.intent(acknowledge=None)))

        w.running.simulation.journal.listen(hear)
        w.apply()
        assert w.told() == ("Blocked", "NotAcknowledged")
        assert [path for _, path in w.writes()] == [PAIR]
        assert ACCEPT not in {path for _, path in w.writes()}


def test_a_request_of_the_same_name_is_never_mistaken_for_ones_own(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """Only the request that the host itself reports is accepted, whatever others are called."""
    twin = host_document(2, cluster=host_document(1)["cluster"])
    with world(tmp_path, host_document(1), twin, fleet=lambda w: [w.intent(1)]) as w:
        target = PairTarget(w.pinned(PALETTE)["endpoint"], TOKEN, insecure=True)
        w.running.wait(lambda sim: sim.hosts["store-2"].pair(target))
        w.apply()
        assert [effect.cluster_uid for effect in w.effects("accept")] == [w.cluster_uid(1)]
        states = w.running.call(lambda sim: [*map(sim.palette.state_of, sim.palette.requests)])
        assert sorted(states) == ["Paired", "Pending"]
        ends_as(w, "beside-a-request-of-the-same-name")


def test_a_request_that_somebody_rejects_just_before_it_is_accepted_stays_rejected(
    tmp_path: Path,
) -> None:
    """The second look sees the click: no acceptance is sent."""
    with world(tmp_path) as w:

        def click() -> None:
            uid = w.pairing_uid()
            w.running.call(lambda sim: sim.palette.reject(uid))

        w.apply(listener=once_acting("accept", click))
        assert w.told() == ("Failed", "RequestRefused")
        assert w.kinds() == ["request", "reject"]
        assert ACCEPT not in {path for _, path in w.writes()}


def test_a_request_that_somebody_accepts_just_before_is_not_accepted_twice(tmp_path: Path) -> None:
    """The second look sees the click: pairctl goes on from it."""
    with world(tmp_path) as w:

        def click() -> None:
            uid = w.pairing_uid()
            w.running.call(lambda sim: sim.palette.accept_in_console(uid, "infra", "addons"))

        w.apply(listener=once_acting("accept", click))
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]
        assert ACCEPT not in {path for _, path in w.writes()}
