"""Plans for a pull request: what a change changes, as a comment, with credentials and without."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from markdown_factory import rows
from repo_factory import git
from scenario_factory import World, document, on_a_branch, plan_of, profile_match, world
from sim_factory import Document, host_document

HOSTS = [host_document(number) for number in (1, 2, 3)]
GUARDED = """
import os, sys
def guard(event, arguments):
    if event == "socket.connect" or event == "socket.getaddrinfo":
        os.write(2, f"FORBIDDEN {event}".encode()); os._exit(97)
sys.addaudithook(guard)
from pairctl.cli import main
main()
"""
"""A program that runs pairctl, and ends at once where anything is connected to."""


def offline(w: World, *more: str) -> subprocess.CompletedProcess[str]:
    """Run `plan --offline` in a program that ends where anything is connected to."""
    return subprocess.run(
        [sys.executable, "-c", GUARDED, "plan", "--offline", *more],
        cwd=w.box.clone,
        env=w.environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def remembered(w: World, *more: str) -> dict[str, Document]:
    """Give the intents of a plan that was made offline, by name."""
    done = offline(w, "--format", "json", *more)
    assert done.returncode in (0, 2, 3), done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["isRemembered"] is True
    return {intent["name"]: intent for intent in told["intents"]}


def table(text: str) -> list[list[str]]:
    """Give the rows of a comment: sign, name, what is done, and the hint."""
    return rows(text)


def test_only_what_the_change_changes_is_planned(tmp_path: Path) -> None:
    """New, changed and deleted intents; others stay out of it, in every format."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1), w.intent(2)]) as w:
        on_a_branch(w, w.intent(2, cluster={"name": "shop-2"}), w.intent(3))
        told = plan_of(w, "--base", "main")
        assert {one["name"]: one["change"] for one in told["intents"]} == {
            "store-2": "Changed",
            "store-3": "New",
        }
        assert told["deleted"] == [
            {
                "name": "store-1",
                "message": "pairctl stops looking after it; nothing is undone",
            }
        ]
        assert told["base"] == git(w.box.clone, "rev-parse", "main")
        text = w.run("plan", "--base", "main").stdout
        assert "1 deleted: store-1\n" in text
        assert "as far as it differs from" in text


def test_a_document_that_intents_refer_to_changes_them_all(tmp_path: Path) -> None:
    """A ProfileMatch, a Palette, and a file that they name: each intent of it is planned."""
    values = [{"pack": "prometheus-grafana", "file": "values/grafana.yaml"}]

    def fleet(w: World) -> list[Document]:
        other = profile_match("other", ("full",))
        return [profile_match(values=values), other, w.intent(1), w.intent(2, profileMatch="other")]

    with world(tmp_path, *HOSTS, fleet=fleet) as w:
        w.box.commit({"values/grafana.yaml": "a: 1\n"})
        on_a_branch(w, *fleet(w), **{"values/grafana.yaml": "a: 2\n"})
        assert [one["name"] for one in plan_of(w, "--base", "main")["intents"]] == ["store-1"]
        on_a_branch(w, w.palette(acceptance="Console"), *fleet(w))
        told = plan_of(w, "--base", "main")["intents"]
        assert [one["name"] for one in told] == ["store-1", "store-2"]


def test_a_change_that_is_only_words_plans_nothing(tmp_path: Path) -> None:
    """Comments, order and files change no intent; exit code 0."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1), w.intent(2)]) as w:
        on_a_branch(w, w.intent(2), w.intent(1), **{"README.md": "words"})
        done = w.run("plan", "--base", "main", "--format", "markdown")
        assert done.returncode == 0
        assert "None of 0 intents that differ" in done.stdout


def test_an_invalid_intent_is_part_of_the_change(tmp_path: Path) -> None:
    """It was valid before: the pull request is told where it is not any more."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1)]) as w:
        on_a_branch(w, w.intent(1, desired="paired"))
        (row,) = table(w.run("plan", "--base", "main", "--format", "markdown").stdout)
        assert row[1] == "store-1"
        assert row[2].startswith("nothing: Invalid: fleet.yaml:")


def test_a_deleted_intent_whose_request_gets_rejected_is_told(tmp_path: Path) -> None:
    """With `unrecognizedRequests: Reject` deleting is not nothing: the rejection is planned."""
    with world(
        tmp_path,
        *HOSTS,
        fleet=lambda w: [
            w.palette(unrecognizedRequests="Reject"),
            w.intent(1, acknowledge=None),
            w.intent(2, acknowledge=None),
        ],
    ) as w:
        w.apply()
        on_a_branch(w, w.palette(unrecognizedRequests="Reject"), w.intent(2, acknowledge=None))
        told = plan_of(w, "--base", "main")
        (gone,) = told["deleted"]
        assert "a request of it that is still pending is rejected" in gone["message"]
        (rejected,) = told["intents"]
        assert rejected["name"] == f"unrecognized-{w.pairing_uid(1)}"
        assert rejected["action"]["verb"] == "reject"


def test_a_plan_of_a_change_does_only_what_the_change_changes(tmp_path: Path) -> None:
    """Written and carried out, it leaves the rest of the fleet to others."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1)]) as w:
        on_a_branch(w, w.intent(1), w.intent(2))
        file = str(w.root / "plan.json")
        assert w.run("plan", "--base", "main", "--out", file).returncode == 2
        assert w.run("apply", "--plan", file, "--ref", "change", "--local").returncode == 0
        assert (w.kinds(1), w.kinds(2)) == ([], ["request"])


def test_a_new_folder_is_new_as_a_whole(tmp_path: Path) -> None:
    """The base has no such folder yet."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1)]) as w:
        git(w.box.clone, "checkout", "--quiet", "-B", "change", "main")
        folder = w.box.clone / "fleet"
        folder.mkdir()
        (w.box.clone / "fleet.yaml").rename(folder / "fleet.yaml")
        git(w.box.clone, "add", "--all")
        git(w.box.clone, "commit", "--quiet", "--message", "move")
        (one,) = plan_of(w, "--base", "main", "--path", "fleet")["intents"]
        assert (one["name"], one["change"]) == ("store-1", "New")


def test_a_comment_tells_what_a_merge_leads_to(tmp_path: Path) -> None:
    """A request that is acknowledged leads to an acceptance, one that is not does not."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1)]) as w:
        w.apply()
        on_a_branch(w, w.intent(1), w.intent(2), w.intent(3, acknowledge=None))
        done = w.run("plan", "--format", "markdown")
        assert done.returncode == 2
        assert done.stdout.startswith("<!-- pairctl-plan -->\n")
        first, second = table(done.stdout)
        assert first[:2] == ["🔴", "store-2"]
        assert first[2].endswith("Then it is accepted by itself, which cannot be undone")
        assert second[:2] == ["➡️", "store-3"]
        assert second[2].startswith("send a pairing request to 127.0.0.1")
        assert "**1 of 3 intents leads to an acceptance, which cannot be undone.**" in done.stdout
        shown = w.run("plan").stdout
        assert ", then wait: not acknowledged\n" in shown
        assert "1 is then accepted, ONE WAY; 1 then waits for an acknowledgement." in shown


def test_offline_the_layers_are_proven_by_what_was_seen(tmp_path: Path) -> None:
    """A ProfileMatch that is changed is proven, or not, without anybody being asked."""
    hosts = [host_document(1)]
    with world(tmp_path, *hosts, fleet=lambda w: [w.intent(1, acknowledge=None)]) as w:
        w.apply()
        assert remembered(w)["store-1"]["reason"] == "NotAcknowledged"
        on_a_branch(w, w.intent(1))
        told = remembered(w, "--base", "main")["store-1"]
        assert (told["action"]["verb"], told["action"]["isOneWay"]) == ("accept", True)
        assert "basis" not in told
        assert "digest" not in told
        on_a_branch(w, profile_match(profiles=("infra",)), w.intent(1))
        told = remembered(w, "--base", "main")["store-1"]
        assert (told["phase"], told["reason"]) == ("Blocked", "LayersDiffer")
        done = offline(w, "--base", "main", "--format", "markdown")
        assert "no selected profile has prometheus-grafana 44.3.1" in done.stdout
        assert "Made without credentials" in done.stdout
        assert w.writes() == [("POST", "/v1/edge-mgmt/cluster/pair")]


def test_offline_what_was_never_seen_is_not_known(tmp_path: Path) -> None:
    """New hosts, other addresses, and requests that only Palette knows; and no status branch."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1, acknowledge=None)]) as w:
        assert remembered(w)["store-1"]["reason"] == "NotSeenYet"
        w.apply()
        request = document(
            "PairingIntent",
            "stolen",
            {"desired": "Rejected", "palette": "production", "request": {"pairingUid": "u9"}},
        )
        on_a_branch(w, w.intent(2, name="store-1"), w.intent(3), request)
        told = remembered(w, "--base", "main")
        assert {name: one.get("phase") for name, one in told.items()} == dict.fromkeys(
            ("store-1", "store-3", "stolen")
        )
        done = offline(w, "--base", "main")
        assert done.returncode == 3
        assert "3 not known" in done.stdout
        assert "does not tell what is to do. It may be what cannot be undone" in done.stdout


def test_offline_what_is_settled_or_held_up_stays_so(tmp_path: Path) -> None:
    """What the last pass found about the same intent still is all that is known of it."""
    with world(tmp_path, *HOSTS) as w:
        w.running.call(lambda sim: sim.hosts["store-2"].set_node("node-1", is_healthy=False))
        nowhere = {"endpoint": "https://127.0.0.1:9", "credentials": {"secret": "store-local-ui"}}
        refused = w.local_ui(3) | {"tls": {"fingerprint": "sha256:" + "0" * 64}}
        suspended = w.intent(name="store-4", localUI=nowhere, suspend=True)
        others = [w.intent(3, localUI=refused), suspended]
        w.commit(w.intent(1), w.intent(2), *others)
        w.apply()
        told = remembered(w)
        assert {name: (one["phase"], one["reason"]) for name, one in told.items()} == {
            "store-1": ("Paired", "Paired"),
            "store-2": ("Blocked", "NodeUnhealthy"),
            "store-3": ("Blocked", w.told("store-3")[1]),
            "store-4": ("Waiting", "Suspended"),
        }
        # Also where its host was never seen: it is accepted as soon as that answers.
        leading = {name for name, one in told.items() if one["leadsOneWay"]}
        assert leading == {"store-2", "store-3"}
        assert offline(w).returncode == 3
        local = {"desired": "Local", "registrationToken": None, "acknowledge": None}
        on_a_branch(w, w.intent(1, **local), w.intent(2, profileMatch="full"), *others)
        told = remembered(w, "--base", "main")
        assert told["store-1"]["reason"] == "TooLate"
        assert told["store-2"]["action"]["verb"] == "request"


def test_offline_an_approval_counts_as_far_as_its_digest_is_known(tmp_path: Path) -> None:
    """Missing and outdated ones are told without the digest of what was only imagined."""

    def fleet(w: World, **spec: Any) -> list[Document]:
        return [w.palette(requireApproval=True), w.intent(1, **spec)]

    with world(tmp_path, HOSTS[0], fleet=fleet) as w:
        w.apply()
        digest = w.status()["digest"]
        approvals = {
            value: document("PairingApproval", "store-1", {"intent": "store-1", "digest": value})
            for value in (digest, "sha256:" + "0" * 64)
        }
        told = remembered(w)["store-1"]
        assert (told["reason"], told["leadsOneWay"]) == ("ApprovalMissing", False)
        assert "sha256:" not in told["message"] + told["humanAction"]
        on_a_branch(w, *fleet(w), approvals[digest])
        told = remembered(w, "--base", "main")["store-1"]
        assert (told["action"]["verb"], told["leadsOneWay"]) == ("accept", True)
        on_a_branch(w, *fleet(w), approvals["sha256:" + "0" * 64])
        told = remembered(w, "--base", "main")["store-1"]
        assert told["reason"] == "ApprovalOutdated"
        assert "sha256:" not in told["message"] + told["humanAction"]
        on_a_branch(w, *fleet(w, cluster={"name": "shop"}), approvals[digest])
        assert remembered(w, "--base", "main")["store-1"]["leadsOneWay"] is True
