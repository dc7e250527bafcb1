"""Rollouts carried out: waves one after the other, over real Git and real HTTPS."""

from pathlib import Path

from ruamel.yaml import YAML

from pairctl.sim import Effect
from rollout_factory import fleet, rollout
from scenario_factory import World, world
from sim_factory import Document, host_document

HOSTS = tuple(host_document(number) for number in (1, 2, 3))
WAVES = {1: "rest", 2: "canary", 3: "rest"}


def rollout_status(w: World, name: str = "emea") -> Document:
    """Give the `status` of a rollout as the status branch holds it."""
    return dict(YAML(typ="safe").load(w.files()[f"status/rollouts/{name}.yaml"])["status"])


def accepted(w: World) -> list[int]:
    """Give the numbers of the hosts whose clusters were accepted, in order."""
    by_uid = {w.cluster_uid(number): number for number in WAVES}
    return [by_uid[one.cluster_uid] for one in w.effects("accept") if isinstance(one, Effect)]


def test_the_rest_begins_when_the_canary_is_paired_and_healthy(tmp_path: Path) -> None:
    """Nothing is sent for a later wave before the wave before is paired; then it goes on."""
    with world(tmp_path, *HOSTS) as w:
        w.commit(*fleet(w, WAVES), rollout())
        w.one_pass()
        assert w.kinds(2) == ["request"]
        assert w.kinds(1) == w.kinds(3) == []
        assert w.told("store-1") == ("Blocked", "WaitingForWave")
        shown = rollout_status(w)
        assert (shown["phase"], shown["current"]) == ("Progressing", "canary")
        w.apply()
        assert [w.told(f"store-{n}") for n in WAVES] == [("Paired", "Paired")] * 3
        assert accepted(w)[0] == 2
        assert rollout_status(w)["phase"] == "Complete"
        tip = w.tip
        w.apply()
        assert w.tip == tip
