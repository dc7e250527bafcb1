"""What a commit asks for is looked at before all that is only looked at once more."""

from pathlib import Path

import pytest

from pairctl.engine import Reconciler, Settings
from pairctl.engine.observe import lookers
from pairctl.sim import LocalProfile
from scenario_factory import World, world
from sim_factory import LOCAL_PROFILES, OLD_GRAFANA, Document, host_document

WAITING = 3
NEW = WAITING + 1


def wrong(number: int) -> Document:
    """Describe a host with layers that nothing matches."""
    layers = [LOCAL_PROFILES[0], LocalProfile("store-addons", "add-on", "1.0.0", (OLD_GRAFANA,))]
    return host_document(number, cluster=host_document(number)["cluster"] | {"profiles": layers})


def calls(w: World) -> list[str]:
    """Give the hosts in the order of the calls that arrived there."""
    received = w.running.simulation.journal.received
    return [one.server for one in received if one.server.startswith("store-")]


def test_a_new_intent_is_looked_at_before_those_that_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A place is free for one host at a time: the new one has it first, whatever its name."""
    monkeypatch.setattr(lookers, "HOSTS_AT_ONCE", 1)

    def fleet(w: World) -> list[Document]:
        return [w.intent(number) for number in range(1, NEW)]

    async def work(reconciler: Reconciler, _: Settings) -> None:
        try:
            await reconciler.run_pass(stays=True)
            before = len(calls(w))
            w.commit(*fleet(w), w.intent(NEW))
            await reconciler.run_pass(stays=True)
            assert calls(w)[before] == f"store-{NEW}"
            assert set(calls(w)[before:]) == {f"store-{number}" for number in range(1, NEW + 1)}
        finally:
            await reconciler.aclose()

    hosts = [*(wrong(number) for number in range(1, NEW)), host_document(NEW)]
    with world(tmp_path, *hosts, fleet=fleet) as w:
        w.with_engine(work)
