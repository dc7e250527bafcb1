"""`pairctl explain --fleet`: what to publish for a whole fleet, from what passes have seen."""

import json
from pathlib import Path

from pairctl.sim import LocalProfile, Pack
from scenario_factory import world
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
        assert (early.returncode, "seen yet" in early.stderr) == (1, True)
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


def test_a_fleet_and_a_name_are_two_questions(tmp_path: Path) -> None:
    """One of them is asked."""
    with world(tmp_path, fleet=lambda _: []) as w:
        assert w.run("explain", "--fleet", "store-1", rules=False).returncode == 1
        assert w.run("explain", rules=False).returncode != 0
