"""`pairctl explain --fleet`: what to publish for a whole fleet, from what passes have seen."""

import json
from pathlib import Path

from pairctl.sim import LocalProfile, Pack
from repo_factory import git
from scenario_factory import document, world
from sim_factory import INFRA_PACKS, Document, host_document

INFRA = LocalProfile("store-infra", "infra", "1.0.0", INFRA_PACKS)


def with_addon(number: int, name: str) -> Document:
    """Describe a host whose cluster has an add-on that no profile has."""
    addons = LocalProfile("store-addons", "add-on", "1.0.0", (Pack(name, "1.0.0", "addon"),))
    cluster = host_document(number)["cluster"] | {"profiles": [INFRA, addons]}
    return host_document(number, cluster=cluster)


def test_the_fleet_is_told_what_to_publish(tmp_path: Path) -> None:
    """In the order that unlocks most clusters; what is paired, or was not seen, does not count."""
    hosts = (
        host_document(1),
        with_addon(2, "odd"),
        with_addon(3, "rare"),
        with_addon(4, "odd"),
        host_document(5),
    )
    with world(tmp_path, *hosts) as w:
        early = w.run("explain", "--fleet", rules=False)
        assert (early.returncode, "seen yet" in early.stderr) == (3, True)
        w.commit(*(w.intent(n) for n in (1, 2, 3, 4)))
        w.apply()
        w.commit(*(w.intent(n) for n in (1, 2, 3, 4, 5)))
        file = tmp_path / "publish.json"
        done = w.run("explain", "--fleet", "-o", "json", "--repair", str(file), rules=False)
        assert done.returncode == 3, done.stderr
        found = json.loads(done.stdout)
        (palette,) = found["palettes"]
        assert (palette["matched"], palette["unlocked"], palette["isExact"]) == (0, 3, True)
        told = [(one["unlocked"], one["layers"]) for one in palette["publications"]]
        assert [count for count, _ in told] == [2, 3]
        assert any(layer["name"] == "odd" for layer in told[0][1])
        assert found["unseen"] == ["store-5"]
        written = [json.loads((tmp_path / f"publish-{n}.json").read_text()) for n in (1, 2)]
        names = [one["metadata"]["name"] for one in written]
        assert names == [one["profile"] for one in palette["publications"]]
        text = w.run("explain", "--fleet", rules=False).stdout
        assert "Publish these 2 versions, in this order: 3 more clusters match" in text


def test_who_is_paired_with_a_profile_is_named_where_it_is_to_be_published(tmp_path: Path) -> None:
    """A new version is the latest for all: what is paired counts, however it was selected."""
    newer = (*INFRA_PACKS[:2], Pack("edge-k8s", "1.32.0", "k8s"), INFRA_PACKS[3])
    profiles = [LocalProfile("store-infra", "infra", "1.0.0", newer)]
    hosts = (
        host_document(1, cluster=host_document(1)["cluster"] | {"profiles": [INFRA]}),
        host_document(2, cluster=host_document(2)["cluster"] | {"profiles": profiles}),
    )
    with world(tmp_path, *hosts, fleet=lambda _: []) as w:
        w.commit(
            document("ProfileMatch", "retail", {"palette": "production", "select": "Auto"}),
            *(w.intent(n, profileMatch="retail") for n in (1, 2)),
        )
        w.apply()
        assert w.told("store-1")[0] == "Paired"
        note = "note: store-1 is paired with it, and would see it as the latest"
        one = w.run("explain", "store-2", rules=False).stdout
        assert one.count(note) == 1, one
        fleet = w.run("explain", "--fleet", rules=False).stdout
        assert fleet.count(note) == 1, fleet
        data = json.loads(w.run("explain", "store-2", "-o", "json", rules=False).stdout)
        assert data["nearest"][0]["repairs"][0]["pairedWith"] == ["store-1"]
        all_data = json.loads(w.run("explain", "--fleet", "-o", "json", rules=False).stdout)
        (publication,) = all_data["palettes"][0]["publications"]
        assert publication["pairedWith"] == ["store-1"]


def test_a_search_that_finds_nothing_is_no_dead_end(tmp_path: Path) -> None:
    """The status names the command, and that shows the nearest selection layer by layer."""
    with world(tmp_path, host_document(1), with_addon(2, "odd"), fleet=lambda _: []) as w:
        w.commit(
            document("ProfileMatch", "retail", {"palette": "production", "select": "Auto"}),
            w.intent(2, profileMatch="retail"),
        )
        w.apply()
        assert w.told("store-2") == ("Blocked", "NoExactMatch")
        action = w.status("store-2")["humanAction"]
        assert "`pairctl explain store-2` shows the nearest" in action
        shown = w.run("explain", "store-2", rules=False).stdout
        assert "store-2: cluster store-2 and no profiles; nearest: infra 1.1.0\n" in shown
        assert "NEAREST" in shown
        found = json.loads(w.run("explain", "store-2", "-o", "json", rules=False).stdout)
        verdicts = {str(one["cluster"]): one["verdict"] for one in found["layers"]}
        assert verdicts.pop("odd 1.0.0") == "missing"
        assert set(verdicts.values()) == {"same"}
        assert (found["profiles"], found["nearestBeside"][0]["name"]) == ([], "infra")
        git(w.box.clone, "fetch", "--quiet", "origin")
        checked = w.run("validate", "--no-cache", rules=False).stdout
        assert "`pairctl explain NAME` shows the nearest" in " ".join(checked.split())


def test_a_fleet_and_a_name_are_two_questions(tmp_path: Path) -> None:
    """One of them is asked."""
    with world(tmp_path, fleet=lambda _: []) as w:
        assert w.run("explain", "--fleet", "store-1", rules=False).returncode == 1
        assert w.run("explain", rules=False).returncode != 0
