"""What the documents of a commit do, and what their absence does not."""

import json
from pathlib import Path

import pytest

from cli_factory import pairctl
from endings import EndsAs
from pairctl.engine import SourceEmpty
from repo_factory import git
from scenario_factory import world
from sim_factory import host_document


def test_deleting_an_intent_is_no_action(tmp_path: Path) -> None:
    """A pending request stays where it is when its intent goes; only its status file goes too."""
    hosts = [host_document(1), host_document(2)]
    with world(tmp_path, *hosts, fleet=lambda w: [w.intent(1, acknowledge=None), w.intent(2)]) as w:
        w.apply()
        sent = w.writes()
        w.commit(w.intent(2))
        w.apply()
        assert w.writes() == sent
        assert sorted(w.files()) == [
            "STATUS.md",
            f"evidence/{w.cluster_uid(2)}.yaml",
            "observed/clusters/store-2.yaml",
            "observed/palettes/production.yaml",
            "status-branch.yaml",
            "status/store-2.yaml",
        ]
        assert len(w.running.simulation.palette.requests) == 2


@pytest.mark.parametrize("gone", ["all documents", "only the intents"])
def test_an_empty_source_is_an_error_and_changes_nothing(tmp_path: Path, gone: str) -> None:
    """Where all intents are gone at once, the branch or the folder is wrong: nothing changes."""
    with world(tmp_path) as w:
        w.apply()
        tip, sent = w.tip, w.writes()
        w.box.commit({"fleet.yaml": w.fleet() if gone == "only the intents" else "# nothing\n"})
        with pytest.raises(SourceEmpty):
            w.apply()
        done = w.run("apply")
        assert done.returncode == 1
        assert "no pairing intents" in done.stderr
        assert (w.tip, w.writes()) == (tip, sent)


def test_an_invalid_intent_says_where_and_holds_up_no_other(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """The valid ones go on; the invalid one is blocked, with file, line and column."""
    hosts = [host_document(1), host_document(2)]
    with world(tmp_path, *hosts, fleet=lambda w: [w.intent(1)]) as w:
        bad = w.intent(2) | {"kind": "PairingIntent"}
        bad["spec"]["desird"] = "Paired"
        text = json.dumps(bad, indent=1)
        line = next(n for n, one in enumerate(text.splitlines(), 1) if '"desird"' in one)
        w.box.commit({"second.yaml": text + "\n"})
        result = w.apply()
        assert w.told("store-1") == ("Paired", "Paired")
        assert w.told("store-2") == ("Blocked", "Invalid")
        assert f"second.yaml:{line}:3: " in w.status("store-2")["message"]
        assert result.is_blocked
        assert w.kinds(2) == []
        ends_as(w, "invalid-beside-a-valid-one")


def test_a_bad_intent_that_is_corrected_ends_like_a_good_one(tmp_path: Path) -> None:
    """Nothing of an invalid document lingers once it is corrected."""
    with world(tmp_path) as w:
        w.commit(w.intent(desired="paired"))
        w.apply()
        assert w.told() == ("Blocked", "Invalid")
        w.commit(w.intent())
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_a_file_that_cannot_be_read_holds_up_no_other(tmp_path: Path) -> None:
    """A broken file beside good ones stops nothing but itself."""
    with world(tmp_path) as w:
        w.box.commit({"broken.yaml": "kind: PairingIntent\nspec: [\n"})
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_nothing_but_the_status_branch_is_written(tmp_path: Path) -> None:
    """The operators' branch and the clone's own branches stay as they were."""
    with world(tmp_path) as w:
        before = (
            git(w.box.bare, "rev-parse", "main"),
            git(w.box.clone, "for-each-ref", "refs/heads"),
        )
        w.apply()
        after = git(w.box.bare, "rev-parse", "main"), git(w.box.clone, "for-each-ref", "refs/heads")
        assert after == before
        assert git(w.box.clone, "status", "--porcelain") == ""
        heads = git(w.box.bare, "for-each-ref", "--format=%(refname:short)", "refs/heads")
        assert heads.split() == ["main", "pairctl-status"]


def test_ignoring_a_document_takes_nothing_back(tmp_path: Path) -> None:
    """What has a status counts as there: no request is rejected as nobody's, no status goes."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        documents = [w.palette(unrecognizedRequests="Reject"), w.intent(2)]
        one = {"one.yaml": json.dumps(w.intent(1, acknowledge=None))}
        w.box.commit({"fleet.yaml": w.fleet(*documents), **one})
        w.apply()
        sent, before = w.writes(), w.status()
        w.box.commit({".pairctlignore": "/one.yaml\n"})
        result = w.apply()
        assert result.is_blocked
        assert w.writes() == sent
        assert w.status() == before
        assert len(w.running.simulation.palette.requests) == 2
        done = w.run("plan", "--offline")
        assert "one.yaml is ignored by .pairctlignore, and holds store-1" in done.stdout
        git(w.box.clone, "fetch", "--quiet")
        done = pairctl("validate", cwd=w.box.clone)
        assert done.code == 2
        assert "one.yaml is ignored by .pairctlignore, and holds store-1" in done.out


def test_a_document_broken_beyond_recognition_takes_nothing_back(tmp_path: Path) -> None:
    """Nobody can tell it from another tool's file but by what stood there before."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        documents = [w.palette(unrecognizedRequests="Reject"), w.intent(2)]
        one = {"one.yaml": json.dumps(w.intent(1, acknowledge=None))}
        w.box.commit({"fleet.yaml": w.fleet(*documents), **one})
        w.apply()
        sent, before = w.writes(), w.status()
        w.box.commit({"one.yaml": "{{ template }}\n"})
        assert w.apply().is_blocked
        assert (w.writes(), w.status()) == (sent, before)
        assert "one.yaml held store-1 in commit" in w.run("plan", "--offline").stdout
        w.box.commit({"one.yaml": "# gone\n"})
        assert not w.apply().is_blocked
