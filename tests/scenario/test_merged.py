"""What is carried out in a clone is what its remote has: merged, fetched, and nothing else."""

from pathlib import Path

import pytest

from pairctl.engine import Asking, Decided, Event, PassResult, Reconciler, Settings, watch
from pairctl.problem import PairctlError
from pairctl.repo import NotPushed
from repo_factory import git
from scenario_factory import World, world
from sim_factory import Document, host_document


def suspended(w: World) -> list[Document]:
    """Write an intent that nothing is done for."""
    return [w.intent(suspend=True)]


def commit_here(w: World, *documents: Document, folder: Path | None = None) -> str:
    """Commit documents in a clone, and push nothing; gives the commit's id."""
    clone = folder or w.box.clone
    (clone / "fleet.yaml").write_text(w.fleet(*documents))
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--allow-empty", "--message", "not pushed")
    return git(clone, "rev-parse", "HEAD")


def merge(w: World, *documents: Document) -> str:
    """Push documents to main from somebody else's clone; gives the commit's id."""
    theirs = w.root / "merging"
    if not theirs.exists():
        w.box.another_clone("merging")
    git(theirs, "pull", "--quiet", "origin", "main")
    commit = commit_here(w, *documents, folder=theirs)
    git(theirs, "push", "--quiet", "origin", "HEAD:main")
    return commit


def test_a_commit_that_is_not_pushed_is_not_carried_out(tmp_path: Path) -> None:
    """Nobody has reviewed it: what the remote has is, and it is said; --local says otherwise."""
    with world(tmp_path, fleet=suspended) as w:
        merged = git(w.box.bare, "rev-parse", "main")
        mine = commit_here(w, w.intent())
        done = w.run("apply", "--wait")
        assert done.returncode == 0, done.stderr
        assert (w.told(), w.writes()) == (("Waiting", "Suspended"), [])
        assert w.status()["sourceCommit"] == merged
        assert f"carrying out {merged[:7]}, which is branch main at origin" in done.stderr
        assert f"HEAD of this clone differs: {mine[:7]}, 1 commit ahead" in done.stderr
        done = w.run("apply", "--local")
        assert done.returncode == 0, done.stderr
        assert w.kinds() == ["request"]
        assert f"carrying out {mine[:7]} of this clone: origin has {merged[:7]}" in done.stderr
        git(w.box.clone, "push", "--quiet", "origin", "main")
        assert "carrying out" not in w.run("apply").stderr


def test_what_others_merged_is_carried_out_without_a_pull(tmp_path: Path) -> None:
    """The clone is behind: its own commit is older than what counts."""
    with world(tmp_path, fleet=suspended) as w:
        mine = git(w.box.clone, "rev-parse", "HEAD")
        merged = merge(w, w.intent())
        done = w.run("apply")
        assert w.kinds() == ["request"]
        assert w.status()["sourceCommit"] == merged
        assert f"HEAD of this clone differs: {mine[:7]}, 1 commit behind" in done.stderr
        assert git(w.box.clone, "rev-parse", "HEAD", "origin/main") == f"{mine}\n{mine}"


def test_what_the_remote_has_not_is_not_carried_out(tmp_path: Path) -> None:
    """A branch, a tag, a commit and a HEAD on none: refused with what to do, before any look."""
    with world(tmp_path) as w:
        git(w.box.clone, "checkout", "--quiet", "-b", "change")
        mine = commit_here(w, w.intent(cluster={"name": "shop"}))
        git(w.box.clone, "tag", "v1")
        for ref in ("HEAD", "change", "v1", mine):
            done = w.run("apply", "--ref", ref)
            assert done.returncode == 1
            assert "push it, or let `--local` carry out what is only here" in done.stderr
        git(w.box.clone, "checkout", "--quiet", "--detach")
        assert w.run("apply").returncode == 1
        assert w.running.simulation.journal.received == ()
        git(w.box.clone, "push", "--quiet", "origin", "v1")
        for ref in ("HEAD", "v1", mine):
            w.run("apply", "--ref", ref)
            assert w.status()["sourceCommit"] == mine


def test_a_reconciler_takes_what_is_merged_unless_it_is_told_to_be_local(tmp_path: Path) -> None:
    """In the engine as on the command line."""
    with world(tmp_path, fleet=suspended) as w:
        mine = commit_here(w, w.intent())
        assert w.one_pass().source.commit == git(w.box.bare, "rev-parse", "main") != mine
        git(w.box.clone, "checkout", "--quiet", "-b", "change")
        with pytest.raises(NotPushed):
            w.one_pass()


def test_a_merge_between_look_and_action_stops_it(tmp_path: Path) -> None:
    """The intents are looked up anew where they come from, just before anything is sent."""
    with world(tmp_path, host_document(1)) as w:
        merged: list[str] = []

        def hear(event: Event) -> None:
            if isinstance(event, Decided) and not merged:
                merged.append(merge(w, w.intent(suspend=True)))

        result = w.one_pass(listener=hear)
        (outcome,) = result.outcomes.values()
        assert outcome.problem is not None
        assert outcome.problem.reason == "SourceMoved"
        assert w.writes() == []


def test_a_commit_of_the_clone_between_look_and_action_stops_nothing(tmp_path: Path) -> None:
    """It is not what is carried out."""
    with world(tmp_path, host_document(1)) as w:

        def hear(event: Event) -> None:
            if isinstance(event, Decided):
                commit_here(w, w.intent(suspend=True))

        w.one_pass(listener=hear)
        assert w.kinds() == ["request"]


def test_watch_in_a_clone_sees_what_others_merge(tmp_path: Path) -> None:
    """It asks the remote: nothing changes in the clone, and nobody pulls."""
    with world(tmp_path, fleet=suspended) as w:
        seen: list[str] = []

        async def work(reconciler: Reconciler, settings: Settings) -> None:
            def report(told: PassResult | PairctlError) -> None:
                assert isinstance(told, PassResult), told
                seen.append(told.source.commit)
                if len(seen) == 1:
                    seen.append(merge(w, w.intent(suspend=True, attempt=2)))
                else:
                    settings.stop.request()

            folder = w.box.clone / ".git"
            await watch(
                reconciler, settings, report, every_s=600, asking=Asking(0.1, 0.1), folder=folder
            )

        w.with_engine(work)
        assert seen[1] == seen[2] != seen[0]


def test_a_plan_says_which_branch_it_is_for_and_whether_it_is_pushed(tmp_path: Path) -> None:
    """Beside the result: what `apply` would carry out in its place, where that is another one."""
    with world(tmp_path, fleet=suspended) as w:
        plan = ("plan", "--offline")
        assert (
            "planned for branch main, which is pushed to origin" in w.run(*plan, rules=False).stderr
        )
        merged = git(w.box.bare, "rev-parse", "main")
        mine = commit_here(w, w.intent())
        told = w.run(*plan, "-o", "json", rules=False)
        assert (
            f"planned for branch main at {mine[:7]}, which is not pushed to origin" in told.stderr
        )
        assert f"`apply` carries out {merged[:7]}, which is there" in told.stderr
        assert f'"commit": "{mine}"' in told.stdout
        merge(w, w.intent(suspend=True))
        assert "1 commit ahead and 1 commit behind" in w.run(*plan, rules=False).stderr
        git(w.box.clone, "checkout", "--quiet", "-b", "change")
        assert "branch change, which is not pushed to origin" in w.run(*plan, rules=False).stderr
        git(w.box.clone, "checkout", "--quiet", "--detach")
        assert f"commit {mine[:7]}, which is not pushed" in w.run(*plan, rules=False).stderr
        done = w.run(*plan, "-r", w.box.url, rules=False)
        assert (done.returncode, "planned for" in done.stderr) == (0, False)


def test_a_saved_plan_of_a_commit_that_is_not_pushed_does_nothing(tmp_path: Path) -> None:
    """What would be carried out is another commit: the difference is told, and who has which."""
    with world(tmp_path, fleet=suspended) as w:
        commit_here(w, w.intent())
        file = str(w.root / "plan.json")
        assert w.run("plan", "--out", file).returncode == 2
        done = w.run("apply", "--plan", file)
        assert done.returncode == 1
        assert "the intent, its Palette or its ProfileMatch has been changed" in done.stderr
        assert "HEAD of this clone differs" in done.stderr
        assert w.writes() == []
        assert w.run("apply", "--plan", file, "--local").returncode == 0
        assert w.kinds() == ["request"]


def test_a_saved_plan_holds_though_the_clone_has_another_commit(tmp_path: Path) -> None:
    """What the documents come to is what counts, pushed or not."""
    with world(tmp_path) as w:
        merged = git(w.box.bare, "rev-parse", "main")
        git(w.box.clone, "commit", "--quiet", "--allow-empty", "--message", "words")
        file = str(w.root / "plan.json")
        assert w.run("plan", "--out", file).returncode == 2
        assert w.run("apply", "--plan", file).returncode == 0
        assert w.kinds() == ["request"]
        assert w.status()["sourceCommit"] == merged


def test_what_is_committed_and_not_pushed_is_no_uncommitted_edit(tmp_path: Path) -> None:
    """The work tree is held against its own commit, whichever is carried out."""
    with world(tmp_path, fleet=suspended) as w:
        mine = commit_here(w, w.intent())
        told = w.run("apply").stderr
        assert f"HEAD of this clone differs: {mine[:7]}" in told
        assert "not committed" not in told
        (w.box.clone / "fleet.yaml").write_text("# edited\n")
        assert "not committed, and so left out: fleet.yaml" in w.run("apply").stderr
