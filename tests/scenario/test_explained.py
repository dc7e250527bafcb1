"""What `explain` says is what helps: done in the simulator, it makes the demo's clusters pair."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli_factory import Done, pairctl
from pairctl.demo.sandbox import Sandbox, example_folder, prepare
from pairctl.sim import ProfileBody, ThreadedSimulation, load_scenario, run_in_thread
from scenario_factory import world
from vendor_contract import MISSING, is_at_hand, specification

LINES_OF_A_SCREEN, COLUMNS_OF_A_SCREEN = 24, 100


@dataclass(frozen=True)
class Demo:
    """The demo's world with the two clusters that match nothing, after a first run."""

    place: Sandbox
    running: ThreadedSimulation

    def run(self, *arguments: str, **env: str) -> Done:
        """Run the program in the operators' clone."""
        scratch = {"TMPDIR": str(self.place.folder), "PATH": os.environ["PATH"]}
        return pairctl(*arguments, cwd=self.place.clone, env=scratch | env)

    def apply(self) -> Done:
        """Carry the intents out until nothing is under way."""
        rules = ["--operator", "../operator.yaml", "--secrets-dir", "../secrets"]
        return self.run("apply", "--wait", "--interval", "0.3", *rules)

    def explained(self, name: str, *more: str) -> dict[str, Any]:
        """Explain a cluster that does not match, as data."""
        done = self.run("explain", name, "-o", "json", *more)
        assert done.code == 3, done.err
        return dict(json.loads(done.out))

    def paired(self) -> list[str]:
        """Name the clusters that Palette has got."""
        return [cluster.name for cluster in self.running.simulation.palette.clusters]

    def publish(self, document: dict[str, Any]) -> None:
        """Publish a profile in the simulated Palette, as a document of `--repair` has it."""
        body = ProfileBody.model_validate(document)
        self.running.call(lambda sim: sim.palette.publish_body(body, project="edge-retail"))

    def select(self, names: list[str]) -> None:
        """Commit a selection of these profiles, and let store-0004 use it."""
        profiles = "".join(f"    - name: {name}\n" for name in names)
        (self.place.clone / "nearest.yaml").write_text(
            "apiVersion: pairctl/v1alpha1\nkind: ProfileMatch\nmetadata: {name: nearest}\n"
            f"spec:\n  palette: production\n  profiles:\n{profiles}"
        )
        intent = self.place.clone / "intents" / "store-0004.yaml"
        changed = intent.read_text().replace("profileMatch: retail-split", "profileMatch: nearest")
        intent.write_text(changed)
        self.place.commit("Select what is nearest")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """Run the demo's world, with the intents of the two clusters only."""
    scenario = load_scenario(example_folder("quickstart") / "simulation.yaml")
    with run_in_thread(scenario) as running:
        place = prepare(tmp_path, "quickstart", running.simulation.addresses)
        kept = {"store-0003.yaml", "store-0004.yaml"}
        for file in (place.clone / "intents").iterdir():
            if file.name not in kept:
                file.unlink()
        place.commit("Only these two")
        made = Demo(place, running)
        assert made.apply().code == 3
        assert made.paired() == []
        yield made


def test_publishing_what_explain_says_makes_the_cluster_pair(demo: Demo) -> None:
    """store-0003: the profile that `--repair` writes, published, is all that was missing."""
    file = demo.place.folder / "repair.json"
    told = demo.explained("store-0003", "--repair", str(file))
    (repair,) = told["nearest"][0]["repairs"]
    assert repair["profile"] == "retail-observability"
    assert repair["alsoSelectedFor"] == ["store-0004"]
    demo.publish(json.loads(file.read_text()))
    demo.apply()
    assert demo.paired() == ["store-0003"]


def test_publishing_the_new_profile_that_explain_proposes_needs_a_selection(demo: Demo) -> None:
    """store-0003, another road: the proposal for the infra profile alone is a new add-on."""
    file = demo.place.folder / "new.json"
    told = demo.explained("store-0003", "--repair", str(file), "--nearest", "3")
    assert told["nearest"][2]["repairs"][0]["isNew"]
    document = json.loads(file.read_text())
    assert document["metadata"]["name"] == "prometheus-grafana"
    demo.publish(document)
    demo.apply()
    now = demo.explained("store-0003")["nearest"][0]
    assert [profile["name"] for profile in now["profiles"]] == [
        "retail-infra",
        "prometheus-grafana",
    ]
    assert now["distance"] == 0


def test_selecting_what_explain_says_makes_the_cluster_pair(demo: Demo) -> None:
    """store-0004: the nearest selection matches exactly, and nothing has to be published."""
    file = demo.place.folder / "repair.json"
    told = demo.explained("store-0004", "--repair", str(file))
    nearest = told["nearest"][0]
    assert (nearest["distance"], nearest["repairs"]) == (0, [])
    assert not file.exists()
    demo.select([profile["name"] for profile in nearest["profiles"]])
    demo.apply()
    assert demo.paired() == ["store-0004"]


def test_both_clusters_pair_once_what_is_said_is_done(demo: Demo) -> None:
    """One after the other, in one world: a profile published, and another selection committed."""
    file = demo.place.folder / "repair.json"
    demo.run("explain", "store-0003", "--repair", str(file))
    demo.publish(json.loads(file.read_text()))
    nearest = demo.explained("store-0004")["nearest"][0]
    demo.select([profile["name"] for profile in nearest["profiles"]])
    assert demo.apply().code == 0
    assert sorted(demo.paired()) == ["store-0003", "store-0004"]
    kinds = [e.kind for e in demo.running.simulation.journal.effects_of("request", "accept")]
    assert sorted(kinds) == ["accept", "accept", "request", "request"]


SAID = {
    "store-0003": (
        "prometheus-grafana is 40.3.1 in the cluster and 44.3.1 in retail-observability 1.4.0",
        "(selected now): 1 layer apart",
        "publish retail-observability with prometheus-grafana 40.3.1 (it has 44.3.1)",
    ),
    "store-0004": (
        "retail-observability 1.4.0 has prometheus-grafana 44.3.1, which the cluster lacks",
        "1. retail-infra 3.2.0: matches exactly",
        "select retail-infra",
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_an_explanation_fits_on_one_screen(demo: Demo, name: str) -> None:
    """What differs, and what to publish or select: nothing scrolls away, however a line wraps."""
    done = demo.run("explain", name, COLUMNS=str(COLUMNS_OF_A_SCREEN))
    assert [words for words in SAID[name] if words not in done.out] == []
    rows = [-(-len(line) // COLUMNS_OF_A_SCREEN) or 1 for line in done.out.splitlines()]
    assert sum(rows) <= LINES_OF_A_SCREEN, done.out


def test_a_file_that_is_there_is_not_written_over(demo: Demo) -> None:
    """`--repair` never destroys what somebody has; nor does it guess a selection."""
    file = demo.place.folder / "repair.json"
    file.write_text("mine")
    done = demo.run("explain", "store-0003", "--repair", str(file))
    assert done.code == 1
    assert "cannot write" in done.err
    assert file.read_text() == "mine"
    done = demo.run("explain", "store-0003", "--repair", "other.json", "--nearest", "9")
    assert done.code == 1
    assert "there is no selection 9" in done.err


@pytest.mark.skipif(not is_at_hand(), reason=MISSING)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_repair_is_a_document_of_the_vendors_model(demo: Demo, number: int) -> None:
    """Each field is one that Palette's model for creating a profile has."""
    file = demo.place.folder / "repair.json"
    demo.explained("store-0003", "--repair", str(file), "--nearest", str(number))
    specification("palette-api").check(json.loads(file.read_text()), "v1ClusterProfileEntity")


def test_where_the_match_holds_it_says_what_else_stands_in_the_way(tmp_path: Path) -> None:
    """Before a pass it says how to look; after one, what the status says."""
    with world(tmp_path) as w:
        unseen = w.run("explain", "store-1", rules=False)
        assert unseen.returncode == w.run("explain", "--fleet", rules=False).returncode == 3
        assert "`pairctl plan` shows" in unseen.stderr
        w.running.call(lambda sim: sim.hosts["store-1"].set_node("node-1", is_healthy=False))
        w.apply()
        told = w.run("explain", "store-1", rules=False)
        assert told.returncode == 0
        assert "matches every layer" in told.stdout
        assert "By the last pass it is Blocked (NodeUnhealthy): " in told.stdout
        data = json.loads(w.run("explain", "store-1", "-o", "json", rules=False).stdout)
        assert data["isExact"] is True
        assert data["status"]["humanAction"] == w.status()["humanAction"]
