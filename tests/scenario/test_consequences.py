"""A plan for a change holds whatever differs because of it, whosever documents were changed."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from markdown_factory import rows
from pairctl.sim import PairTarget
from repo_factory import git
from scenario_factory import World, call_cluster, document, on_a_branch, plan_of, world
from sim_factory import PALETTE, TOKEN, Document, host_document

HOSTS = tuple(host_document(number) for number in (1, 2, 3))
BASE = ("--base", "main")
OFFLINE = ("--offline", *BASE)
Fleet = Callable[[World], Sequence[Document]]


def one_cluster(w: World) -> None:
    """Let the first two hosts be of one cluster."""
    uid = w.cluster_uid(1)
    w.running.call(lambda sim: call_cluster(sim, 2, uid))


def comment(w: World, *more: str) -> str:
    """Make the comment on a pull request."""
    done = w.run("plan", "--format", "markdown", *more, rules="--offline" not in more)
    assert done.returncode in (0, 2, 3), done.stderr
    return done.stdout


def planned(w: World, *more: str) -> dict[str, Document]:
    """Give the intents of a plan of the change, by name."""
    done = w.run("plan", "--format", "json", *more, rules="--offline" not in more)
    assert done.returncode in (0, 2, 3), done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return {intent["name"]: intent for intent in told["intents"]}


LEAVES: dict[str, Fleet] = {
    "deleted": lambda w: [w.intent(1)],
    "suspended": lambda w: [w.intent(1), w.intent(2, suspend=True)],
    "broken": lambda w: [w.intent(1), w.intent(2, desired="Pared")],
    "moved": lambda w: [w.intent(1), w.intent(3, name="store-2")],
}


@pytest.mark.parametrize("left", LEAVES)
def test_a_duplicate_that_goes_lets_the_other_be_accepted(tmp_path: Path, left: str) -> None:
    """Its documents are the same: it is planned, and it is said that it cannot be undone."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1), w.intent(2)]) as w:
        one_cluster(w)
        assert [one["reason"] for one in plan_of(w)["intents"]] == ["DuplicateTarget"] * 2
        on_a_branch(w, *LEAVES[left](w))
        one = planned(w, *BASE)["store-1"]
        assert (one["change"], one["action"]["verb"]) == ("Affected", "request")
        assert one["leadsOneWay"] is True
        text = comment(w, *BASE)
        first = rows(text)[0]
        assert first[:2] == ["🔴", "store-1"]
        assert first[2].startswith("its documents are the same: send a pairing request")
        assert "cannot be undone" in first[2]
        assert "None of" not in text
        git(w.box.clone, "checkout", "--quiet", "main")
        w.commit(*LEAVES[left](w))
        w.apply()
        assert w.told("store-1") == ("Paired", "Paired")


def test_it_is_known_offline_by_what_the_last_pass_wrote_down(tmp_path: Path) -> None:
    """That both are of one cluster was seen: the one that is left is not held back any more."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1), w.intent(2), w.intent(3)]) as w:
        one_cluster(w)
        w.one_pass()
        on_a_branch(w, w.intent(1), w.intent(2), w.intent(3, acknowledge=None))
        assert planned(w, *OFFLINE).keys() == {"store-3"}  # the others wait on, for each other
        assert {one["reason"] for one in planned(w, "--offline").values()} > {"DuplicateTarget"}
        on_a_branch(w, w.intent(1), w.intent(3))
        one = planned(w, *OFFLINE)["store-1"]
        assert (one["change"], one["action"]["verb"]) == ("Affected", "request")
        text = comment(w, *OFFLINE)
        (row,) = rows(text)[:1]
        assert row[:2] == ["🔴", "store-1"]
        assert "**1 of 1 intent that differs" in text
        assert "Not known" not in text


def test_what_is_not_known_offline_is_said_to_be_so(tmp_path: Path) -> None:
    """Nobody has looked yet: the one that goes may have been all that held others back."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1), w.intent(2)]) as w:
        one_cluster(w)
        on_a_branch(w, w.intent(1))
        text = comment(w, *OFFLINE)
        assert "None of 0 intents that differ" in text
        assert (
            "is known to lead to an acceptance, or to anything else that cannot be undone" in text
        )
        assert "**Not known: whether `store-1` is held back by what the change takes away" in text
        told = w.run("plan", *OFFLINE, rules=False).stdout
        assert "Not known: whether store-1 is held back by what the change takes away" in told
        on_a_branch(w, w.intent(1), w.intent(2), w.intent(3))
        assert "Not known" not in comment(w, *OFFLINE)  # what is new has held nobody back


def test_who_is_blocked_by_the_world_too_is_let_go_all_the_same(tmp_path: Path) -> None:
    """Not today, since a node is ill; as soon as it is well, and by no other commit."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1), w.intent(2)]) as w:
        one_cluster(w)
        w.running.call(lambda sim: sim.hosts["store-1"].set_node("node-1", is_healthy=False))
        on_a_branch(w, w.intent(1))
        (row,) = rows(comment(w, *BASE))[:1]
        assert row[:2] == ["⛔", "store-1"]
        assert row[2].endswith("it is accepted by itself, which cannot be undone")


def test_a_place_that_becomes_free_under_a_cap_is_taken(tmp_path: Path) -> None:
    """The one that comes next is accepted in place of the one that goes."""
    with world(tmp_path, *HOSTS, limits={"acceptancesPerRun": 1}) as w:
        w.commit(*(w.intent(number, acknowledge=None) for number in (1, 2)))
        w.one_pass()
        w.commit(w.intent(1), w.intent(2))
        assert [one["reason"] for one in plan_of(w)["intents"]] == [
            "ReadyToAccept",
            "TooManyAtOnce",
        ]
        on_a_branch(w, w.intent(1, suspend=True), w.intent(2))
        one = planned(w, *BASE)["store-2"]
        assert (one["change"], one["action"]["verb"]) == ("Affected", "accept")
        assert rows(comment(w, *BASE))[0][:2] == ["🔴", "store-2"]
        git(w.box.clone, "checkout", "--quiet", "main")
        w.one_pass()
        assert w.told("store-2") == ("Blocked", "TooManyAtOnce")
        on_a_branch(w, w.intent(2))
        assert rows(comment(w, *OFFLINE))[0][:2] == ["🔴", "store-2"]


def test_a_new_intent_that_holds_another_back_is_told_with_it(tmp_path: Path) -> None:
    """What goes on today, and does not after the merge, differs too; what waits on does not."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1)]) as w:
        one_cluster(w)
        on_a_branch(w, w.intent(1), w.intent(2))
        told = planned(w, *BASE)
        assert {name: (one["change"], one["reason"]) for name, one in told.items()} == {
            "store-1": ("Affected", "DuplicateTarget"),
            "store-2": ("New", "DuplicateTarget"),
        }
        git(w.box.clone, "checkout", "--quiet", "main")
        w.commit(w.intent(1), w.intent(2))
        on_a_branch(w, w.intent(1), w.intent(2), w.intent(3))
        assert planned(w, *BASE).keys() == {"store-3"}


def test_a_document_that_is_mended_lets_what_nobody_names_be_rejected(tmp_path: Path) -> None:
    """While one is broken nothing is rejected: its request might be the one."""
    rejecting: Fleet = lambda w: [w.palette(unrecognizedRequests="Reject"), w.intent(1)]  # noqa: E731
    with world(tmp_path, *HOSTS, fleet=rejecting) as w:
        w.box.commit({"other.yaml": json.dumps(w.intent(2, desired="Pared"))})
        target = PairTarget(w.pinned(PALETTE)["endpoint"], TOKEN, insecure=True)
        w.running.wait(lambda sim: sim.hosts["store-3"].pair(target))
        on_a_branch(w, *rejecting(w), **{"other.yaml": "# none\n"})
        name = f"unrecognized-{w.pairing_uid(3)}"
        assert planned(w, *BASE)[name]["action"]["verb"] == "reject"


def test_which_of_two_approvals_counts_is_not_known_without_the_operators_file(
    tmp_path: Path,
) -> None:
    """The folder that it names may hold one of them: never that nothing comes of it."""

    def approved(digest: str) -> str:
        spec = {"intent": "store-1", "digest": digest}
        return json.dumps(document("PairingApproval", "store-1", spec))

    fleet: Fleet = lambda w: [w.palette(requireApproval=True), w.intent(1)]  # noqa: E731
    with world(tmp_path, HOSTS[0], fleet=fleet, approvalsFolder="approvals") as w:
        w.apply()
        digest, old = w.status()["digest"], "sha256:" + "0" * 64
        w.box.commit({"stray.yaml": approved(old), "approvals/a.yaml": approved(old)})
        git(w.box.clone, "checkout", "--quiet", "-B", "change", "main")
        (w.box.clone / "approvals" / "a.yaml").write_text(approved(digest))
        git(w.box.clone, "commit", "--quiet", "--all", "--message", "approve")
        text = comment(w, *OFFLINE)
        assert "It is not known what a merge does for 1 intent that differs" in text
        assert "several approvals are committed for store-1" in rows(text)[0][2]
        rules = ("--operator", str(w.operator))
        assert planned(w, *OFFLINE, *rules)["store-1"]["action"]["verb"] == "accept"


def test_an_approval_that_is_moved_to_where_it_counts_is_a_change(tmp_path: Path) -> None:
    """Offline nobody knows which folder that is: it is never that nothing comes of it."""
    fleet: Fleet = lambda w: [w.palette(requireApproval=True), w.intent(1)]  # noqa: E731
    with world(tmp_path, HOSTS[0], fleet=fleet, approvalsFolder="approvals") as w:
        w.apply()
        spec = {"intent": "store-1", "digest": w.status()["digest"]}
        text = json.dumps(document("PairingApproval", "store-1", spec))
        w.box.commit({"stray.yaml": text, "approvals/README.md": "words"})
        git(w.box.clone, "checkout", "--quiet", "-B", "change", "main")
        git(w.box.clone, "mv", "stray.yaml", "approvals/store-1.yaml")
        git(w.box.clone, "commit", "--quiet", "--message", "approve")
        for more in (BASE, OFFLINE):
            assert planned(w, *more)["store-1"]["action"]["verb"] == "accept"


def test_a_request_that_is_rejected_anyway_is_none_of_a_change_s_effects(tmp_path: Path) -> None:
    """No intent names it, before and after: the same looks say so."""

    def fleet(w: World) -> list[Document]:
        return [w.palette(unrecognizedRequests="Reject"), w.intent(1)]

    with world(tmp_path, *HOSTS, fleet=fleet) as w:
        target = PairTarget(w.pinned(PALETTE)["endpoint"], TOKEN, insecure=True)
        w.running.wait(lambda sim: sim.hosts["store-2"].pair(target))
        rejected = f"unrecognized-{w.pairing_uid(2)}"
        assert rejected in {one["name"] for one in plan_of(w)["intents"]}
        on_a_branch(w, *fleet(w), w.intent(3))
        assert set(planned(w, *BASE)) == {"store-3"}
