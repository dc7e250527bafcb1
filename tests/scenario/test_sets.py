"""A fleet from one inventory: each row is carried out, held back and kept as an intent is."""

import json
from pathlib import Path

from cli_factory import pairctl
from pairctl.sim import LocalProfile, Pack
from repo_factory import git
from scenario_factory import World, document, world
from sim_factory import INFRA_PACKS, Document, host_document

TABLE = "sites/emea.csv"
INFRA = LocalProfile("store-infra", "infra", "1.0.0", INFRA_PACKS)


def set_of(w: World, **spec: object) -> Document:
    """Write a set whose rows name the address, the certificate and the acknowledgement."""
    intent = w.intent(1, **spec)["spec"]
    local_ui = {
        "endpoint": "{endpoint}",
        "tls": {"fingerprint": "{pin}"},
        "credentials": {"secret": "store-local-ui"},
    }
    template = {
        "metadata": {"name": "{store}"},
        "spec": intent
        | {"localUI": local_ui, "acknowledge": {"centralManagementOnly": "{acknowledge}"}},
    }
    return document("PairingIntentSet", "emea", {"inventory": {"csv": TABLE}, "template": template})


def table(w: World, *numbers: int, acknowledged: bool = True) -> str:
    """Write the inventory of some hosts."""
    lines = ["store,endpoint,pin,acknowledge"]
    for number in numbers:
        at = w.local_ui(number)
        name = f"store-{number}"
        says = name if acknowledged else ""
        lines.append(f"{name},{at['endpoint']},{at['tls']['fingerprint']},{says}")
    return "\n".join(lines) + "\n"


def commit(w: World, rows: str, *documents: Document) -> str:
    """Commit the set with its inventory."""
    fleet = w.fleet(*(documents or (set_of(w),)))
    return w.box.commit({"fleet.yaml": fleet, TABLE: rows})


def test_rows_are_paired_as_documents_are(tmp_path: Path) -> None:
    """One that is not acknowledged waits; each has its status, its evidence, and who asked."""
    with world(tmp_path, host_document(1), host_document(2), fleet=lambda _: []) as w:
        waiting = table(w, 1) + table(w, 2, acknowledged=False).partition("\n")[2]
        commit(w, waiting)
        w.apply()
        assert w.told("store-1")[0] == "Paired"
        assert w.told("store-2") == ("Blocked", "NotAcknowledged")
        asked = commit(w, table(w, 1, 2))
        w.apply()
        assert w.told("store-2")[0] == "Paired"
        assert (w.kinds(1), w.kinds(2)) == (["request", "accept"], ["request", "accept"])
        evidence = [text for path, text in w.files().items() if path.startswith("evidence/")]
        assert sum(asked.encode() in text for text in evidence) == 1
        done = w.run("evidence", "--verify", rules=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_removing_a_row_or_the_set_withdraws_nothing(tmp_path: Path) -> None:
    """It is deleting an intent: pairctl stops looking after it."""
    with world(tmp_path, host_document(1), host_document(2), fleet=lambda _: []) as w:
        commit(w, table(w, 1, 2, acknowledged=False))
        w.apply()
        commit(w, table(w, 1, acknowledged=False))
        w.apply()
        assert "status/store-2.yaml" not in w.files()
        assert w.kinds(2) == ["request"]
        w.commit(w.intent(2, acknowledge=None))
        w.apply()
        assert (w.kinds(1), w.kinds(2)) == (["request"], ["request"])


def test_a_broken_inventory_withdraws_nothing_and_forgets_nothing(tmp_path: Path) -> None:
    """Its intents count as there; the one row that is wrong says so in its own status."""
    with world(tmp_path, host_document(1), host_document(2), fleet=lambda _: []) as w:
        rows = table(w, 1, 2, acknowledged=False)
        commit(w, rows)
        w.apply()
        before = w.files()
        for broken in (rows.replace(",", ";"), rows.replace("pin", "pins", 1), rows[:-3] + '"'):
            commit(w, broken)
            assert w.run("plan").returncode == 3
            w.apply()
            assert set(w.files()) >= {path for path in before if path.startswith("status/")}
        commit(w, rows.replace("store-2,https", "store-2,http"))
        w.apply()
        assert w.told("store-2") == ("Blocked", "Invalid")
        assert w.told("store-1") == ("Blocked", "NotAcknowledged")
        assert f"{TABLE}:3:9" in str(w.status("store-2"))
        assert (w.kinds(1), w.kinds(2)) == (["request"], ["request"])


def test_what_a_row_lacks_is_written_into_its_row(tmp_path: Path) -> None:
    """There is no document of the intent: the column is named, and the file that has the row."""
    with world(tmp_path, host_document(1), host_document(2), fleet=lambda _: []) as w:
        rows = table(w, 1, 2, acknowledged=False)
        commit(w, rows.replace(w.local_ui(2)["tls"]["fingerprint"], "sha256:" + "0" * 64))
        w.apply()
        assert w.told("store-1") == ("Blocked", "NotAcknowledged")
        action = w.status("store-1")["humanAction"]
        where = "of its row in sites/emea.csv"
        assert action == f"if that is meant, write store-1 into the column `acknowledge` {where}"
        assert w.told("store-2") == ("Blocked", "CertificateChanged")
        action = w.status("store-2")["humanAction"]
        assert action.endswith(f"pin the new fingerprint; it is the column `pin` {where}")
        assert "column &#96;acknowledge&#96;" in w.files()["STATUS.md"].decode()


def test_an_edit_of_one_row_touches_one_intent(tmp_path: Path) -> None:
    """The change that is planned for is that of a document, and names nothing else."""
    with world(tmp_path, host_document(1), host_document(2), fleet=lambda _: []) as w:
        base = commit(w, table(w, 1, 2))
        swapped = table(w, 2) + table(w, 1, acknowledged=False).partition("\n")[2]
        commit(w, swapped)
        plan = json.loads(w.run("plan", "--base", base, "-o", "json").stdout)
        assert [(one["name"], one["change"]) for one in plan["intents"]] == [("store-1", "Changed")]


def test_the_inventory_is_read_from_the_commit(tmp_path: Path) -> None:
    """What only the work tree has is not carried out, and said to be left out."""
    with world(tmp_path, host_document(1), host_document(2), fleet=lambda _: []) as w:
        commit(w, table(w, 1))
        (w.box.clone / TABLE).write_text(table(w, 1, 2))
        done = w.run("plan", "-o", "json")
        assert [one["name"] for one in json.loads(done.stdout)["intents"]] == ["store-1"]
        assert TABLE in done.stderr
        git(w.box.clone, "checkout", "--quiet", "--", TABLE)
        assert TABLE not in w.run("plan").stderr


def test_an_inventory_outside_of_the_folder_or_behind_a_link_is_not_read(tmp_path: Path) -> None:
    """What a pull request's check does not see, and what is not in the repository, is not used."""
    with world(tmp_path, host_document(1), fleet=lambda _: []) as w:
        fleet = w.fleet(set_of(w))
        w.box.commit({"fleet.yaml": "", "inside/fleet.yaml": fleet, TABLE: table(w, 1)})
        outside = w.run("plan", "--path", "inside")
        assert outside.returncode == 3
        assert "UnreadableFile" in outside.stdout
        assert w.run("validate", "inside", rules=False).returncode == 2
        assert w.run("validate", "inside", "--ref", "HEAD", rules=False).returncode == 2
        (w.box.clone / "real.csv").write_text(table(w, 1))
        (w.box.clone / TABLE).unlink()
        (w.box.clone / TABLE).symlink_to("../real.csv")
        w.box.commit({"note": ""})
        linked = w.run("plan")
        assert linked.returncode == 3
        assert "SymlinkRefused" in linked.stdout
        found = w.run("validate", "--no-cache", rules=False)
        assert (found.returncode, "SymlinkRefused" in found.stdout) == (2, True)


def test_a_match_that_differs_is_told_at_the_cell_that_names_it(tmp_path: Path) -> None:
    """What is proven on what was last seen of a row's cluster stands in its row."""
    addons = LocalProfile("store-addons", "add-on", "1.0.0", (Pack("odd", "1.0.0", "addon"),))
    cluster = host_document(2)["cluster"] | {"profiles": [INFRA, addons]}
    hosts = (host_document(1), host_document(2, cluster=cluster))
    with world(tmp_path, *hosts, fleet=lambda _: []) as w:
        of = set_of(w, profileMatch="{match}")
        header, one, two, _ = table(w, 1, 2, acknowledged=False).split("\n")
        commit(w, f"{header},match\n{one},split\n{two},split\n", of)
        w.apply()
        git(w.box.clone, "fetch", "--quiet", "origin", "pairctl-status:pairctl-status")
        done = w.run("validate", "--no-cache", "-o", "json", rules=False)
        found = json.loads(done.stdout)["findings"]
        places = [(f["code"], f["path"], f["line"], f["column"]) for f in found]
        assert places == [("MatchDiffers", TABLE, 3, len(two) + 2)]
        assert w.told("store-2") == ("Blocked", "LayersDiffer")


def test_ignoring_a_set_takes_nothing_back(tmp_path: Path) -> None:
    """Its rows have a status, or could have, where the set is refused: nothing is done for them."""
    with world(tmp_path, host_document(1), host_document(2), fleet=lambda _: []) as w:
        files = {"sets.yaml": json.dumps(set_of(w)), TABLE: table(w, 1, acknowledged=False)}
        w.box.commit({"fleet.yaml": w.fleet(w.intent(2)), **files})
        w.apply()
        sent, before = w.kinds(1), w.files()["status/store-1.yaml"]
        assert sent == ["request"]
        w.box.commit({".pairctlignore": "/sets.yaml\n"})
        assert w.apply().is_blocked
        assert (w.kinds(1), w.files()["status/store-1.yaml"]) == (sent, before)
        said = "sets.yaml is ignored by .pairctlignore, and holds"
        assert f"{said} store-1" in w.run("plan", "--offline").stdout
        git(w.box.clone, "fetch", "--quiet")
        for arguments in ((), ("--ref", "HEAD")):
            done = pairctl("validate", *arguments, cwd=w.box.clone)
            assert (done.code, f"{said} store-1" in done.out) == (2, True)
        w.box.commit({TABLE: "store\n"})
        assert f"{said} what cannot be read" in w.run("plan", "--offline").stdout
        assert w.apply().is_blocked


def test_a_set_broken_beyond_recognition_takes_nothing_back(tmp_path: Path) -> None:
    """What its rows held is known from the commit that their statuses are about."""
    with world(tmp_path, host_document(1), host_document(2), fleet=lambda _: []) as w:
        files = {"sets.yaml": json.dumps(set_of(w)), TABLE: table(w, 1, acknowledged=False)}
        w.box.commit({"fleet.yaml": w.fleet(w.intent(2)), **files})
        w.apply()
        before = w.files()["status/store-1.yaml"]
        w.box.commit({"sets.yaml": "{{ template }}\n"})
        assert w.apply().is_blocked
        assert w.files()["status/store-1.yaml"] == before
        assert "sets.yaml held store-1 in commit" in w.run("plan", "--offline").stdout


def test_an_inventory_counts_where_a_set_names_it(tmp_path: Path) -> None:
    """It is no YAML, and the list of what is left out is about documents."""
    with world(tmp_path, host_document(1), fleet=lambda _: []) as w:
        w.box.commit({".pairctlignore": "*.csv\n"})
        commit(w, table(w, 1))
        w.apply()
        assert w.told("store-1")[0] == "Paired"
