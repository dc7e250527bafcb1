"""From a list of addresses to a pull request: certificates first, then clusters, then documents."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pairctl.sim import LocalProfile, Pack
from repo_factory import git
from scenario_factory import World, world
from sim_factory import INFRA_PACKS, Document, host_document

INFRA = LocalProfile("store-infra", "infra", "1.0.0", INFRA_PACKS)
LOGIN = ("--credentials", "store-local-ui")
DARK = "127.0.0.1:1"


def other_stack(number: int) -> Document:
    """Describe a host whose cluster has an add-on that no profile has."""
    addons = LocalProfile("store-addons", "add-on", "1.0.0", (Pack("odd", "1.0.0", "addon"),))
    cluster = host_document(number)["cluster"] | {"profiles": [INFRA, addons]}
    return host_document(number, cluster=cluster)


def sites(w: World, *numbers: int, **more: str) -> Path:
    """Write a list of addresses, with a column for people."""
    lines = ["store,address,city"]
    lines += [f'store-{n},{w.local_ui(n)["endpoint"]},"Porto, {n}"' for n in numbers]
    lines += [f"{name},{address},Braga" for name, address in more.items()]
    path = w.root / "Sites_EMEA.csv"
    path.write_bytes("\r\n".join([*lines, ""]).encode("utf-8-sig"))
    return path


def told(w: World, path: Path, *more: str) -> Document:
    """Run the command and return its JSON."""
    done = w.run("inventory", str(path), *more, "-o", "json")
    assert done.returncode in {0, 3}, done.stderr
    found: Document = json.loads(done.stdout)
    return found


def states(found: Document) -> dict[str, Any]:
    """Return the state of each row at first contact."""
    return {one["name"]: one["state"] for one in found["items"]}


def test_first_contact_sends_nothing_and_pins_what_is_new(tmp_path: Path) -> None:
    """No request and no login reaches a host; every other byte of the file stays as it was."""
    with world(tmp_path, host_document(1), host_document(2), fleet=lambda _: []) as w:
        path = sites(w, 1, 2, dark=DARK)
        before = path.read_bytes()
        found = told(w, path)
        assert states(found) == {"store-1": "New", "store-2": "New", "dark": "NotReached"}
        assert path.read_bytes() == before
        pinned = w.run("inventory", str(path), "--pin")
        assert (pinned.returncode, "pinned 2 of 3 rows" in pinned.stderr) == (3, True)
        assert "1 row not reached, and left as before: dark\n" in pinned.stderr
        assert [pinned.stdout.count(said) for said in ("pinned now", "not pinned")] == [2, 0]
        assert w.running.call(lambda sim: sim.journal.received) == ()
        one, two = (w.local_ui(n)["tls"]["fingerprint"] for n in (1, 2))
        lines = before.decode().split("\r\n")
        expected = [f"{lines[0]},fingerprint", f"{lines[1]},{one}", f"{lines[2]},{two}"]
        assert path.read_bytes().decode().split("\r\n") == [*expected, f"{lines[3]},", ""]
        dark = next(one for one in found["items"] if one["name"] == "dark")
        assert "does not answer at port 1" in dark["problem"]["message"]
        again = told(w, path)
        assert states(again) == {"store-1": "Same", "store-2": "Same", "dark": "NotReached"}


def test_a_changed_certificate_is_never_written_over(tmp_path: Path) -> None:
    """It is told with both, the exit code is 3, and nothing is sent there."""
    with world(tmp_path, host_document(1), fleet=lambda _: []) as w:
        path = sites(w, 1)
        w.run("inventory", str(path), "--pin")
        real = w.local_ui(1)["tls"]["fingerprint"]
        other = "sha256:" + "0" * 64
        path.write_text(path.read_text().replace(real, other))
        done = w.run("inventory", str(path), "--pin")
        assert (done.returncode, " changed" in done.stdout) == (3, True)
        assert "another certificate than is pinned" in done.stderr
        assert other in path.read_text()
        assert real not in path.read_text()
        (one,) = told(w, path, *LOGIN)["items"]
        assert one["problem"]["reason"] == "CertificateChanged"


def test_nothing_is_called_that_no_rule_allows(tmp_path: Path) -> None:
    """The operator's file says where connections go, also for a list of addresses."""
    with world(tmp_path, host_document(1), fleet=lambda _: []) as w:
        path = w.root / "sites.csv"
        path.write_text("store,address\nfar,192.0.2.1\n")
        (one,) = told(w, path)["items"]
        assert one["problem"]["reason"] == "EndpointNotAllowed"


def test_clusters_are_grouped_by_stack_and_matched(tmp_path: Path) -> None:
    """For each group the exact selection, or the nearest with what is to be published."""
    hosts = (host_document(1), host_document(2), other_stack(3))
    with world(tmp_path, *hosts, fleet=lambda _: []) as w:
        git(w.box.clone, "rm", "--quiet", "fleet.yaml")
        w.box.commit({"palette.yaml": json.dumps(w.palette())})
        path = sites(w, 1, 2, 3, dark=DARK)
        unpinned = told(w, path, *LOGIN)
        assert {one["problem"]["reason"] for one in unpinned["items"]} == {"NotPinned"}
        w.run("inventory", str(path), "--pin")
        found = told(w, path, *LOGIN)
        by_name = {one["name"]: one for one in found["items"]}
        assert by_name["store-1"]["clusterUid"] == w.cluster_uid(1)
        assert by_name["store-1"]["managementMode"] == "local"
        assert by_name["dark"]["problem"]["reason"] == "NotPinned"
        first, second = found["groups"]
        assert first["clusters"] == ["store-1", "store-2"]
        assert first["profiles"]
        assert second["clusters"] == ["store-3"]
        assert second["problem"]["reason"] == "NoExactMatch"
        assert "odd 1.0.0" in second["humanAction"]
        (to_publish,) = found["toPublish"]["publications"]
        assert to_publish["humanAction"] == second["humanAction"]
        assert (found["toPublish"]["matched"], to_publish["unlocked"]) == (2, 1)
        assert w.writes() == []


def test_a_group_and_the_fleet_get_one_proposal(tmp_path: Path) -> None:
    """A profile that another group matches as it is stays: nowhere is a new version of it told."""
    newer = (*INFRA_PACKS[:2], Pack("edge-k8s", "1.32.0", "k8s"), INFRA_PACKS[3])
    alone = LocalProfile("store-infra", "infra", "1.0.0", newer)
    cluster = host_document(3)["cluster"] | {"profiles": [alone]}
    hosts = (
        host_document(1, cluster=host_document(1)["cluster"] | {"profiles": [INFRA]}),
        host_document(3, cluster=cluster),
    )
    with world(tmp_path, *hosts, fleet=lambda _: []) as w:
        git(w.box.clone, "rm", "--quiet", "fleet.yaml")
        w.box.commit({"palette.yaml": json.dumps(w.palette())})
        path = sites(w, 1, 3)
        w.run("inventory", str(path), "--pin")
        shown = " ".join(w.run("inventory", str(path), *LOGIN).stdout.split())
        proposal = "publish a new profile infra-2: edge-k8s 1.32.0 (it has 1.31.0)"
        assert f"nearest: infra 1.1.0 do: {proposal}" in shown
        assert f"1. {proposal}" in shown
        assert "publish infra with" not in shown
        _, group = told(w, path, *LOGIN)["groups"]
        assert group["humanAction"] == proposal


def test_what_is_written_is_paired_once_it_is_acknowledged(tmp_path: Path) -> None:
    """The files are valid as they are; a person adds the acknowledgements, and merges."""
    hosts = (host_document(1), host_document(2), other_stack(3))
    with world(tmp_path, *hosts, fleet=lambda _: []) as w:
        git(w.box.clone, "rm", "--quiet", "fleet.yaml")
        w.box.commit({"palette.yaml": json.dumps(w.palette())})
        path = sites(w, 1, 2, 3)
        w.run("inventory", str(path), "--pin")
        folder = w.box.clone / "intents" / "emea"
        token = ("--registration-token", "retail", "--write", str(folder))
        done = w.run("inventory", str(path), *LOGIN, *token)
        assert (done.returncode, "2 rows are written, 1 left out: " in done.stderr) == (3, True)
        assert sorted(p.name for p in folder.iterdir()) == [
            "sites-emea-matches.yaml",
            "sites-emea.csv",
            "sites-emea.yaml",
        ]
        again = w.run("inventory", str(path), *LOGIN, *token)
        assert (again.returncode, "is there already" in again.stderr) == (1, True)
        checked = w.run("validate", "--no-cache", rules=False)
        assert checked.returncode == 0, checked.stdout
        rows = (folder / "sites-emea.csv").read_text()
        assert rows.count(",store-1,\n") == 1
        w.box.commit(
            {"intents/emea/sites-emea.csv": rows.replace(",store-1,\n", ",store-1,store-1\n")}
        )
        w.apply()
        assert w.told("store-1")[0] == "Paired"
        assert w.told("store-2") == ("Blocked", "NotAcknowledged")
        after = told(w, path, *LOGIN)
        modes = {one["name"]: one["managementMode"] for one in after["items"]}
        assert modes == {"store-1": "central", "store-2": "local", "store-3": "local"}
        assert all("store-1" not in group["clusters"] for group in after["groups"])


def test_labels_of_what_is_written_come_from_columns(tmp_path: Path) -> None:
    """A label is a column, a text, or a text with columns in it; such a column is not ignored."""
    with world(tmp_path, host_document(1), fleet=lambda _: []) as w:
        git(w.box.clone, "rm", "--quiet", "fleet.yaml")
        w.box.commit({"palette.yaml": json.dumps(w.palette())})
        path = sites(w, 1)
        w.run("inventory", str(path), "--pin")
        text = path.read_text("utf-8-sig").replace("city", "City")
        path.write_text(text.replace("Porto, 1", "Porto"))
        write = (*LOGIN, "--registration-token", "retail", "--write", str(w.box.clone / "emea"))
        labels = ("--label", "region=emea", "--label", "store", "--label", "city={City}")
        done = w.run("inventory", str(path), *write, *labels)
        assert done.returncode == 0, done.stderr
        checked = w.run("validate", "--no-cache", rules=False)
        assert checked.returncode == 0, checked.stdout
        intent = YAML(typ="safe").load(w.run("expand", rules=False).stdout)
        assert intent["metadata"]["labels"] == {
            "region": "emea",
            "store": "store-1",
            "city": "Porto",
        }
        text = (w.box.clone / "emea" / "sites-emea.yaml").read_text()
        assert "City" not in text.partition("template:")[0]


@pytest.mark.parametrize(
    ("label", "said"),
    [
        (["city=Porto", "--label", "city=Braga"], "`city` is given twice"),
        (["town"], "the file has no column `town`"),
        (["town={cty}"], "did you mean `city`?"),
        (["City Name=x"], "write city-name"),
        (["=x"], "forms are COLUMN, KEY=VALUE and KEY={COLUMN}"),
        (["in={the city}"], "a brace is not part of a column's name in braces"),
        (["in={city}}"], "a brace is not part of a column's name in braces"),
        (["in=" + 64 * "x"], "its value has 64 characters; at most 63 are allowed"),
        (["acknowledge"], "the column `acknowledge` serves nothing else"),
        (["by={city}-{acknowledge}"], "the column `acknowledge` serves nothing else"),
    ],
)
def test_a_label_that_cannot_be_is_said_before_anything_is_asked(
    tmp_path: Path, label: list[str], said: str
) -> None:
    """With what is wrong, and what to write: no host is called."""
    with world(tmp_path, host_document(1)) as w:
        path = sites(w, 1)
        write = (*LOGIN, "--registration-token", "retail", "--write", str(w.root / "x"))
        done = w.run("inventory", str(path), *write, "--label", *label)
        assert done.returncode == 1
        assert said in " ".join(done.stderr.split())
        assert not w.running.simulation.journal.received
        without = w.run("inventory", str(path), "--label", "city")
        assert "--label has no effect without --write" in without.stderr


def test_clusters_that_are_paired_already_are_written_on_demand(tmp_path: Path) -> None:
    """As intents that are simply Paired: there is nothing to do for them, and nothing is done."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        w.apply()
        fleet = json.dumps(w.palette())
        git(w.box.clone, "rm", "--quiet", "fleet.yaml")
        w.box.commit({"palette.yaml": fleet})
        path = sites(w, 1, 2)
        w.run("inventory", str(path), "--pin")
        folder = w.box.clone / "intents"
        token = ("--registration-token", "retail", "--write", str(folder))
        assert "nothing is written" in w.run("inventory", str(path), *LOGIN, *token).stderr
        done = w.run("inventory", str(path), *LOGIN, *token, "--with-paired")
        assert (done.returncode, "2 rows are written, 0 left out" in done.stderr) == (0, True)
        checked = w.run("validate", "--no-cache", rules=False)
        assert checked.returncode == 0, checked.stdout
        w.box.commit({"note": ""})
        before = len(w.writes())
        w.apply()
        assert (w.told("store-1")[0], w.told("store-2")[0]) == ("Paired", "Paired")
        assert len(w.writes()) == before
