"""Evidence of acceptances: shown to people, held against history, and what tampering leaves."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pairctl import sim
from pairctl.engine import Reconciler, Settings, run_until_settled
from pairctl.pairing import Claim, Evidence
from pairctl.records import (
    BRANCH_FILE,
    claim_path,
    evidence_path,
    parse_claim,
    parse_evidence,
    render_branch,
    render_claim,
    render_evidence,
)
from repo_factory import STATUS, Box, git
from scenario_factory import ACCEPT, EVERY_S, HurryingClock, World, document, world
from sim_factory import PALETTE, TOKEN, Document, host_document

TIMING = {"requestSeconds": 1.8, "lookSeconds": 1.5, "actSeconds": 1.0, "settleSeconds": 0.2}
Done = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def pairing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two clusters that were paired; nothing of it is ever changed."""
    with world(tmp_path_factory.mktemp("paired"), host_document(1), host_document(2)) as w:
        w.box.commit({"notes.md": "later than the intents\n"})
        w.apply()
        assert w.told("store-1") == w.told("store-2") == ("Paired", "Paired")
        yield w


@pytest.fixture
def paired(pairing: World, tmp_path: Path) -> World:
    """The same in a folder of its own, to be changed."""
    for name in ("origin.git", "clone"):
        shutil.copytree(pairing.root / name, tmp_path / name, symlinks=True)
    box = Box(tmp_path)
    git(box.clone, "remote", "set-url", "origin", str(box.bare))
    return replace(pairing, root=tmp_path, box=box)


def test_a_plan_says_that_a_local_cluster_is_on_record_as_paired(
    paired: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A simulation that was started again is a new world: the plan is the same, and says so."""
    with world(tmp_path_factory.mktemp("again"), host_document(1), host_document(2)) as anew:
        w = replace(anew, box=paired.box)
        w.commit(w.intent(1), w.intent(2))
        done = w.run("plan")
        text = " ".join(done.stdout.split())
        assert "on record as paired since 20" in text, done
        assert "the host says that it is managed locally again" in text
        assert "send a pairing request" in text
        data = json.loads(w.run("plan", "-o", "json").stdout)
        assert all(one["note"].startswith("on record as paired") for one in data["intents"])


def shown(w: World, *more: str) -> Done:
    """Run the real program, without rules or secrets."""
    return w.run("evidence", *more, rules=False)


def path_of(w: World, number: int = 1) -> str:
    """Give where the evidence of a cluster stands."""
    return evidence_path(w.cluster_uid(number))


def evidence_of(w: World, number: int = 1, commit: str = STATUS) -> Evidence:
    """Read the evidence of a cluster."""
    evidence = parse_evidence(w.files(commit)[path_of(w, number)])
    assert evidence
    return evidence


def claim_of(w: World, number: int = 1) -> Claim:
    """Read the claim that an acceptance was sent under, out of the history."""
    at = git(w.box.bare, "rev-list", "--max-count=1", STATUS, "--", "claims")
    claim = parse_claim(w.files(f"{at}^")[claim_path(w.cluster_uid(number))])
    assert claim
    return claim


def push_evidence(w: World, evidence: Evidence) -> None:
    """Write evidence over what is there, as somebody would by hand."""
    w.push_status({evidence_path(evidence.cluster): render_evidence(evidence).decode()})


def remove(w: World, *paths: str) -> str:
    """Remove files of the status branch; gives the commit."""
    theirs = w.push_status({})
    git(theirs, "rm", "--quiet", *paths)
    return commit_and_push(theirs)


def commit_and_push(theirs: Path) -> str:
    """Put what is staged in somebody else's clone onto the status branch."""
    git(theirs, "commit", "--quiet", "--message", "by hand")
    git(theirs, "push", "--quiet", "--force", "origin", f"HEAD:{STATUS}")
    return git(theirs, "rev-parse", "HEAD")


def rewritten(w: World, change: Callable[[Path], None]) -> None:
    """Rewrite the status branch from its first commit on, with a change made in each."""
    theirs = w.push_status({})
    commits = git(theirs, "rev-list", "--reverse", STATUS).split()
    git(theirs, "checkout", "--quiet", "--orphan", "rewritten")
    for commit in commits:
        git(theirs, "rm", "-rq", "--force", "--ignore-unmatch", ".")
        git(theirs, "checkout", commit, "--", ".")
        change(theirs)
        git(theirs, "add", "--all")
        git(theirs, "commit", "--quiet", "--allow-empty", "--message", "rewritten")
    git(theirs, "push", "--quiet", "--force", "origin", f"HEAD:{STATUS}")


def verified(w: World, *more: str) -> tuple[int, list[Document]]:
    """Verify, and give the exit code with what was found of each evidence."""
    done = shown(w, "--verify", "--format", "json", *more)
    assert "Traceback" not in done.stderr
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)["items"]


@dataclass(frozen=True)
class Fault:
    """A finding about something that is not as it should be."""

    law: str
    result: str
    message: str
    commit: str


def faults(w: World, name: str = "store-1") -> list[Fault]:
    """Verify one evidence that is not as it should be."""
    code, (item,) = verified(w, name)
    assert code == 3
    found = item["verification"]["findings"]
    assert item["verification"]["result"] != "Verified"
    return [Fault(**one) for one in found if one["result"] != "Verified"]


def differing(w: World, name: str = "store-1") -> dict[str, Fault]:
    """Verify evidence that differs; gives the first fault by each law that it breaks."""
    found = faults(w, name)
    assert {one.result for one in found} == {"Differs"}
    return {one.law: one for one in reversed(found)}


# ── shown ────────────────────────────────────────────────────────────────────────────────────────


def test_evidence_says_who_asked_what_was_accepted_and_under_which_claim(paired: World) -> None:
    """For people, a block a cluster; without a secret."""
    done = shown(paired)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("(cluster ") == 2
    one = shown(paired, "store-1").stdout
    evidence = evidence_of(paired)
    assert evidence.grounds
    assert evidence.grounds.asked_in not in ("", evidence.grounds.commit)
    assert evidence.claim
    for words in (
        f"store-1 (cluster {evidence.cluster}), paired\n",
        f"asked: commit {evidence.grounds.asked_in}, by operator <operator@localhost>",
        f"carried out: commit {evidence.grounds.commit}\n",
        "layers: addon prometheus-grafana 44.3.1, cni cni-calico 3.25.1",
        f"profiles: infra 1.1.0 ({evidence.grounds.profiles[0].uid})",
        f"request: {evidence.pairing_uid}",
        "Sent: ",
        f"claim: {evidence.claim.id}, held by first, attempt 1, ",
        "by Palette's clock",
        f"as cluster {evidence.palette_uid}",
    ):
        assert words in one
    assert "store-2" not in one


def test_evidence_is_found_by_every_name_of_its_cluster(paired: World) -> None:
    """The intent's, the name in Palette, the uid on the host and the one in Palette."""
    evidence = evidence_of(paired, 2)
    for name in ("store-2", evidence.cluster.upper(), evidence.palette_uid, evidence.pairing_uid):
        done = shown(paired, name, "-o", "json")
        (item,) = json.loads(done.stdout)["items"]
        assert item["evidence"]["intent"] == "store-2"
        assert "verification" not in item


def test_an_unknown_name_is_answered_with_the_nearest(paired: World) -> None:
    """Also where other names are known; with nothing near, with what there is."""
    done = shown(paired, "store-1", "stroe-2")
    assert (done.returncode, done.stdout) == (1, "")
    assert "stroe-2" in done.stderr
    assert "did you mean store-2" in done.stderr
    assert "store-1, store-2" in shown(paired, "--verify", "zzz").stderr


def test_evidence_that_cannot_be_read_is_named(paired: World) -> None:
    """The rest is shown; a script sees it by the exit code."""
    paired.push_status({"evidence/odd.yaml": "rubbish", path_of(paired, 2): "x: 1\n"})
    (paired.root / "theirs" / "evidence" / "link.yaml").symlink_to("odd.yaml")
    git(paired.root / "theirs", "add", "--all")
    commit_and_push(paired.root / "theirs")
    for more in ([], ["--verify"], ["-o", "json"]):
        done = shown(paired, *more)
        assert done.returncode == 1
        assert "store-1" in done.stdout
        for path in ("evidence/odd.yaml", "evidence/link.yaml", path_of(paired, 2)):
            assert path in done.stderr
    assert path_of(paired, 2) in shown(paired, "store-2").stderr


def test_what_a_file_says_forges_no_line(paired: World) -> None:
    """Neither with line feeds nor with what a terminal would obey."""
    evidence = evidence_of(paired)
    assert evidence.claim
    odd = replace(evidence.claim, holder="x\n  \N{CHECK MARK} all is well")
    push_evidence(paired, replace(evidence, claim=odd))
    for more in ([], ["--verify"]):
        out = shown(paired, "store-1", *more).stdout
        assert "x \N{CHECK MARK} all is well" in out
    worse = replace(evidence.claim, holder="x\x1b[2J\u202e")
    push_evidence(paired, replace(evidence, claim=worse))
    done = shown(paired)
    assert done.returncode == 1
    assert not {"\x1b", "\u202e"} & {*done.stdout, *done.stderr}


def test_without_a_status_branch_or_evidence_it_says_so(pairing: World, tmp_path: Path) -> None:
    """The one is an error, the other is none."""
    with world(tmp_path) as w:
        done = shown(w)
        assert done.returncode == 1
        assert "no status branch" in done.stderr
        w.one_pass()
        for more in ([], ["--verify"]):
            done = shown(w, *more)
            assert (done.returncode, done.stdout) == (0, "")
            assert "no acceptance" in done.stderr


# ── verified ─────────────────────────────────────────────────────────────────────────────────────


def test_what_pairctl_wrote_is_verified(paired: World) -> None:
    """By every law, from a clone and from a clone URL; also when its intent has gone since."""
    paired.commit(paired.intent(2))
    for more in ([], ["-r", f"file://{paired.box.bare}"], ["--ref", "main"]):
        code, items = verified(paired, *more)
        assert code == 0
        assert [one["metadata"]["name"] for one in items] == [
            paired.cluster_uid(1),
            paired.cluster_uid(2),
        ]
        for item in items:
            assert item["verification"]["result"] == "Verified"
            assert len(item["verification"]["findings"]) == 9
    done = shown(paired, "--verify")
    assert done.returncode == 0
    assert done.stdout.count("paired: verified (9 checks)\n") == 2
    assert "2 verified, 0 cannot be verified, 0 does not fit." in done.stdout
    assert len(done.stdout.splitlines()) == 3
    assert len(shown(paired, "--verify", "--all").stdout.splitlines()) == 3 + 2 * 9


def test_an_approval_that_was_committed_is_verified(tmp_path: Path) -> None:
    """The evidence names it, and the commit that was carried out holds it."""

    def fleet(w: World) -> list[Document]:
        return [w.palette(requireApproval=True), w.intent()]

    with world(tmp_path, fleet=fleet) as w:
        w.apply()
        spec = {"intent": "store-1", "digest": w.status()["digest"], "approvedBy": "a chief"}
        w.commit(*fleet(w), document("PairingApproval", "store-1", spec))
        w.apply()
        code, (item,) = verified(w)
        assert code == 0
        words = {f["law"]: f["message"] for f in item["verification"]["findings"]}
        assert spec["digest"] in words["Approval"]
        assert f"approval: {spec['digest']} by a chief" in shown(w).stdout


def test_what_a_person_accepted_in_the_console_is_verified(tmp_path: Path) -> None:
    """It has no claim; the status that was written with it speaks for it."""
    with world(tmp_path, fleet=lambda w: [w.palette(acceptance="Console"), w.intent()]) as w:
        w.apply()
        w.running.call(
            lambda sim: sim.palette.accept_in_console(w.pairing_uid(), "infra", "addons")
        )
        w.apply()
        assert w.told() == ("Paired", "Paired")
        code, (item,) = verified(w)
        assert code == 0, item
        text = shown(w).stdout
        assert "accepted in Palette's console, as far as is on record" in text
        assert "no claim to accept it was open" in text
        assert "did not send" not in text  # a refusal that proved nothing may have come late
        made_up = replace(evidence_of(w), cluster="local-7", pairing_uid="u7", id="console-u7")
        push_evidence(w, made_up)
        assert list(differing(w, "local-7")) == ["Claim"]


def test_what_may_have_come_late_is_not_told_as_a_persons(tmp_path: Path) -> None:
    """It was sent, no answer came, nothing was seen of it, and its claim has ended."""
    with world(tmp_path, timing=TIMING) as w:
        w.plan_faults(sim.Fault("error", "*", "POST", ACCEPT, times=3))
        w.apply(clock=HurryingClock())
        assert w.told() == ("Blocked", "OutcomeUnknownAgain")
        assert w.claims == []
        w.running.call(lambda it: it.palette.accept_in_console(w.pairing_uid(), "infra", "addons"))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        code, (item,) = verified(w)
        assert code == 0, item
        assert evidence_of(w).id == f"unclaimed-{evidence_of(w).pairing_uid}"
        words = {f["law"]: f["message"] for f in item["verification"]["findings"]}
        assert words["Claim"].count("may have come late") == 3
        text = shown(w).stdout
        assert "under a claim that ended" in text
        assert "as far as is on record" not in text
        made_up = replace(evidence_of(w), cluster="local-7", pairing_uid="u7", id="unclaimed-u7")
        push_evidence(w, made_up)
        assert list(differing(w, "local-7")) == ["Claim"]


def test_what_was_sent_for_another_request_is_not_what_a_person_accepted(tmp_path: Path) -> None:
    """The first request was withdrawn by hand: nothing that was sent for it can come of the next.

    It was told as what pairctl may have sent, and verifying found that no claim had said so.
    """
    with world(tmp_path, timing=TIMING) as w:
        w.plan_faults(sim.Fault("error", "*", "POST", ACCEPT, times=3))
        w.apply(clock=HurryingClock())
        assert w.told() == ("Blocked", "OutcomeUnknownAgain")
        assert w.status()["unanswered"]["pairingUid"] == w.pairing_uid()
        w.running.wait(lambda it: it.hosts["store-1"].withdraw())
        target = sim.PairTarget(w.pinned(PALETTE)["endpoint"], TOKEN, insecure=True)
        second = w.running.wait(lambda it: it.hosts["store-1"].pair(target)).uid
        w.one_pass()
        w.running.call(lambda it: it.palette.accept_in_console(second, "infra", "addons"))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert evidence_of(w).id == f"console-{second}"
        code, (item,) = verified(w)
        assert code == 0, item


@pytest.mark.parametrize("shape", ["page", "whole"])
def test_what_comes_after_a_refusal_is_a_persons_only_where_it_was_a_definite_no(
    tmp_path: Path, shape: str
) -> None:
    """A gateway's page proves nothing, so what was sent may have come late."""
    with world(tmp_path, timing=TIMING) as w:
        w.plan_faults(sim.Fault("error", "*", "POST", ACCEPT, status=403, shape=shape))

        async def until_its_claim_is_over(reconciler: Reconciler, settings: Settings) -> None:
            await run_until_settled(reconciler, settings, every_s=EVERY_S)
            while w.claims:
                await reconciler.run_pass(stays=True)
                await settings.clock.sleep(EVERY_S)

        w.with_engine(until_its_claim_is_over, clock=HurryingClock())
        assert "declined" in w.status()
        w.running.call(lambda it: it.palette.accept_in_console(w.pairing_uid(), "infra", "addons"))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        beginning = "unclaimed-" if shape == "page" else "console-"
        assert evidence_of(w).id == f"{beginning}{evidence_of(w).pairing_uid}"
        code, (item,) = verified(w)
        assert code == 0, item


# ── tampered with ────────────────────────────────────────────────────────────────────────────────


def test_changed_layers_are_found(paired: World) -> None:
    """By the claim, which said others, and by the file, which was changed after it was written."""
    evidence = evidence_of(paired)
    assert evidence.grounds
    grounds = replace(evidence.grounds, layers=evidence.grounds.layers[1:])
    push_evidence(paired, replace(evidence, grounds=grounds))
    found = differing(paired)
    assert set(found) == {"Claim", "File"}
    for fault in found.values():
        assert "grounds.layers: nothing instead of addon prometheus-grafana" in fault.message
    done = shown(paired, "--verify", "store-1")
    assert done.returncode == 3
    assert "paired: does not fit\n" in done.stdout
    assert paired.tip[:12] in done.stdout


def test_another_holder_is_found_in_a_branch_that_was_rewritten(paired: World) -> None:
    """The file says the same from its first commit on; its claim does not."""

    def change(theirs: Path) -> None:
        path = theirs / path_of(paired)
        if path.exists():
            path.write_text(path.read_text().replace("holder: first", "holder: mallory"))

    rewritten(paired, change)
    found = differing(paired)
    assert set(found) == {"Claim"}
    assert "claim.holder: mallory instead of first" in found["Claim"].message


def test_another_commit_is_found_though_the_claim_names_it_too(paired: World) -> None:
    """The status branch is of one piece; the intent in that commit, and who asked, are others."""
    grounds = evidence_of(paired).grounds
    assert grounds
    other = paired.box.commit({"fleet.yaml": paired.fleet(paired.intent(attempt=2))})

    def change(theirs: Path) -> None:
        for name in (path_of(paired), claim_path(paired.cluster_uid())):
            path = theirs / name
            if path.exists():
                text = path.read_text().replace(f" commit: {grounds.commit}", f" commit: {other}")
                path.write_text(text)

    rewritten(paired, change)
    found = faults(paired)
    assert {one.law for one in found} == {"Documents", "Asked"}
    words = " ".join(one.message for one in found)
    assert "attempt is 2 there" in words
    assert f"the commit that asked is {other}" in words


def test_evidence_made_up_by_hand_has_no_claim(paired: World) -> None:
    """Whatever it says, and however well."""
    made_up = replace(evidence_of(paired), cluster="local-7", id="c" * 32)
    assert made_up.claim
    push_evidence(paired, replace(made_up, claim=replace(made_up.claim, id="c" * 32)))
    found = differing(paired, "local-7")
    assert set(found) == {"Claim"}
    assert "no commit of the status branch has added" in found["Claim"].message


def test_a_claims_id_that_is_used_again_is_found(paired: World) -> None:
    """By a claim on another cluster, long after."""
    paired.push_claim(replace(claim_of(paired), cluster="local-7"))
    found = differing(paired)
    assert set(found) == {"Claim"}
    assert "more than once" in found["Claim"].message
    assert found["Claim"].commit == paired.tip


def test_a_second_claim_at_the_same_time_is_found(paired: World) -> None:
    """Under another name, and written so that no plain search finds the cluster in it."""
    uid = paired.cluster_uid()
    other = replace(claim_of(paired), id="other", pairing_uid="")
    escaped = f'"\\x{ord(uid[0]):02x}{uid[1:]}"'
    text = render_claim(other).decode().replace(f"cluster: {uid}", f"cluster: {escaped}")
    assert escaped in text

    def change(theirs: Path) -> None:
        if (theirs / claim_path(uid)).exists():
            (theirs / "claims" / "zz.yaml").write_text(text.replace(f"name: {uid}", "name: zz"))

    rewritten(paired, change)
    found = differing(paired)
    assert set(found) == {"Alone"}
    assert "claim other (accept, of first)" in found["Alone"].message
    assert verified(paired, "store-2")[0] == 0


def test_a_claim_that_was_ended_before_its_evidence_is_found(paired: World) -> None:
    """The evidence was laid down later, by another commit."""
    path = path_of(paired)
    theirs = paired.push_status({})
    written = git(theirs, "rev-list", "--reverse", STATUS, "--", path).split()[0]
    git(theirs, "checkout", "--quiet", "--detach", written)
    git(theirs, "rm", "--quiet", "--cached", path)
    git(theirs, "commit", "--quiet", "--amend", "--message", "without")
    git(theirs, "add", path)
    commit_and_push(theirs)
    assert set(differing(paired)) == {"Closing"}


def test_evidence_that_is_edited_and_put_back_is_found(paired: World) -> None:
    """It says today what it said at first; in between it did not."""
    evidence = evidence_of(paired)
    push_evidence(paired, replace(evidence, palette_uid="evil"))
    edited = paired.tip
    push_evidence(paired, evidence)
    assert [(one.law, one.commit) for one in faults(paired)] == [
        ("File", edited),
        ("File", paired.tip),
    ]


def test_evidence_that_was_removed_is_found(paired: World) -> None:
    """By its name, and among all; who only asks what is there does not see it."""
    gone = remove(paired, path_of(paired))
    assert differing(paired)["File"].commit == gone
    done = shown(paired, "--verify")
    assert done.returncode == 3
    assert "removed from the branch: does not fit" in done.stdout
    assert "1 verified, 0 cannot be verified, 1 does not fit" in done.stdout
    assert shown(paired, "store-1").returncode == 1


def test_a_branch_id_that_was_changed_is_found(paired: World) -> None:
    """For all evidence of the branch."""
    paired.push_status({BRANCH_FILE: render_branch("another").decode()})
    for name in ("store-1", "store-2"):
        found = differing(paired, name)
        assert set(found) == {"StatusBranch"}
        assert found["StatusBranch"].commit == paired.tip


def test_evidence_that_was_carried_over_to_another_branch_is_found(paired: World) -> None:
    """With all its history, but for the branch's id."""

    def change(theirs: Path) -> None:
        (theirs / BRANCH_FILE).write_bytes(render_branch("another"))

    rewritten(paired, change)
    found = differing(paired)
    assert set(found) == {"StatusBranch"}
    assert "this one is another" in found["StatusBranch"].message


def test_a_merge_that_hides_the_first_history_is_found(paired: World) -> None:
    """Its first parent is a history made up by hand; the push needed no force."""
    theirs = paired.push_status({})
    real, tree = git(theirs, "rev-parse", "HEAD", "HEAD^{tree}").split()
    root = git(theirs, "commit-tree", tree, "-m", "made up")
    merge = git(theirs, "commit-tree", tree, "-p", root, "-p", real, "-m", "merged")
    git(theirs, "push", "--quiet", "origin", f"{merge}:refs/heads/{STATUS}")
    found = differing(paired)
    assert found["StatusBranch"].commit == merge
    assert "Claim" in found


# ── not to be verified ───────────────────────────────────────────────────────────────────────────


def unknown(w: World, *more: str) -> dict[str, str]:
    """Verify all, of which nothing differs and something is not known; gives law and words."""
    code, items = verified(w, *more)
    found = [finding for item in items for finding in item["verification"]["findings"]]
    assert code == 3
    assert {item["verification"]["result"] for item in items} == {"NotVerifiable"}
    return {f["law"]: f["message"] for f in found if f["result"] == "NotVerifiable"}


def test_a_shallow_clone_verifies_nothing_that_it_cannot_see(paired: World) -> None:
    """Whichever branch is cut off; and it says what to do."""
    paired.box.commit({"x": "1"})
    paired.box.commit({"x": "2"})
    where = paired.root / "shallow"
    git(
        paired.root,
        "clone",
        "--quiet",
        "--depth=2",
        "--no-single-branch",
        paired.box.url,
        "shallow",
    )
    found = unknown(paired, "-r", str(where))
    assert "shallow clone" in found["StatusBranch"]
    assert "--unshallow" in found["StatusBranch"]
    assert "is not in this repository" in found["Documents"]


def test_who_asked_is_not_taken_from_a_history_that_is_cut_off(paired: World) -> None:
    """The commit itself is there, and nothing before it."""
    git(paired.root, "clone", "--quiet", "--depth=1", paired.box.url, "shallow")
    found = unknown(paired, "-r", str(paired.root / "shallow"))
    assert set(found) == {"Asked"}


def test_what_a_partial_clone_left_out_is_not_taken_for_missing(paired: World) -> None:
    """It is fetched; where that is not possible any more, nothing is verified by it."""
    git(paired.box.bare, "config", "uploadpack.allowFilter", "true")
    git(paired.root, "clone", "--quiet", "--bare", "--filter=blob:none", paired.box.url, "p.git")
    partial = paired.root / "p.git"
    for branch in (STATUS, "main"):  # all that stands there now is fetched, and nothing before it
        git(partial, "archive", "--output", str(paired.root / "tip.tar"), branch)
    shutil.copytree(partial, paired.root / "alone.git", symlinks=True)
    git(paired.root / "alone.git", "remote", "remove", "origin")
    found = unknown(paired, "-r", str(paired.root / "alone.git"))
    assert set(found) == {"StatusBranch"}
    assert "missing" in found["StatusBranch"]
    assert verified(paired, "-r", str(partial))[0] == 0


def test_an_intents_branch_that_was_rewritten_is_told(paired: World) -> None:
    """The commit may still lie there, or be gone: neither is good enough."""
    theirs = paired.push_status({})
    git(theirs, "checkout", "--quiet", "--orphan", "new")
    git(theirs, "commit", "--quiet", "--allow-empty", "--message", "a new beginning")
    git(theirs, "push", "--quiet", "--force", "origin", "HEAD:main")
    git(paired.box.clone, "fetch", "--quiet", "origin")
    found = unknown(paired, "--ref", "origin/main")
    assert set(found) == {"Merged"}
    assert "rewritten" in found["Merged"]
    found = unknown(paired, "-r", paired.box.url)
    assert "is not in this repository" in found["Documents"]


def test_a_ref_that_names_nothing_is_an_error(paired: World) -> None:
    """It is said once, and not of each evidence."""
    done = shown(paired, "--verify", "--ref", "mian")
    assert (done.returncode, done.stdout) == (1, "")
    assert "mian" in done.stderr
