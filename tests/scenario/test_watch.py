"""`pairctl watch`: woken by commits, and ended by SIGTERM after the step under way."""

import asyncio
import json
import signal
import subprocess
import time
from itertools import pairwise
from pathlib import Path

import pytest

from pairctl.engine import Asking, PassResult, Reconciler, Settings, watch
from pairctl.engine.apply.ref_watch import RefWatch
from pairctl.problem import PairctlError
from pairctl.sim import Entry, Fault, Received
from repo_factory import git
from scenario_factory import ACCEPT, PAIR, PATIENCE_S, world
from watch_factory import end, phase, until, watching


@pytest.mark.parametrize("where", ["a bare repository", "a clone URL"])
def test_a_commit_wakes_it(tmp_path: Path, where: str) -> None:
    """A new commit is carried out at once, long before the interval is over."""
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w:
        repository = str(w.box.bare) if where == "a bare repository" else w.box.url
        with watching(w, "--repository", repository) as child:
            until(lambda: phase(w) == "Waiting")
            w.commit(w.intent())
            until(lambda: phase(w) == "Paired")
            assert "WatchEnded" in end(child)
        assert w.kinds() == ["request", "accept"]


def test_a_commit_in_the_watched_clone_wakes_it(tmp_path: Path) -> None:
    """In a clone, its own commits wake it; the status goes to the remote."""
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w, watching(w) as child:
        until(lambda: phase(w) == "Waiting")
        w.commit(w.intent())
        until(lambda: phase(w) == "Paired")
        end(child)


@pytest.mark.parametrize("where", ["a clone", "a bare repository"])
def test_a_commit_wakes_it_by_the_files_that_it_changes(tmp_path: Path, where: str) -> None:
    """Where only asking now and then told of a commit, this would not end."""
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w:
        passes: list[PassResult | PairctlError] = []

        async def work(reconciler: Reconciler, settings: Settings) -> None:
            def report(told: PassResult | PairctlError) -> None:
                passes.append(told)
                if len(passes) == 3:
                    settings.stop.request()

            folder = w.box.clone / ".git" if where == "a clone" else w.box.bare
            watching = watch(
                reconciler, settings, report, every_s=600, asking=Asking(600, 600), folder=folder
            )
            task = asyncio.create_task(watching)
            seen = 0
            while not task.done():
                if passes and len(passes) == seen:  # it waits
                    await asyncio.to_thread(w.commit, w.intent(suspend=True))
                seen = len(passes)
                await asyncio.wait([task], timeout=0.7)
            await task

        w.with_engine(work, location=str(w.box.clone if where == "a clone" else w.box.bare))
        assert len(passes) == 3


@pytest.mark.parametrize("where", ["a bare repository", "a clone URL"])
def test_a_commit_while_a_pass_looks_is_not_missed(tmp_path: Path, where: str) -> None:
    """A commit that arrives during a pass is carried out by the next, which begins at once."""
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w:
        commits: list[str] = []

        def hear(entry: Entry) -> None:
            if isinstance(entry, Received) and entry.path.endswith("search") and not commits:
                commits.append(w.commit(w.intent()))

        w.running.simulation.journal.listen(hear)
        repository = str(w.box.bare) if where == "a bare repository" else w.box.url
        with watching(w, "--repository", repository) as child:
            until(lambda: phase(w) == "Paired")
            end(child)


@pytest.mark.parametrize(("path", "kind"), [(PAIR, "request"), (ACCEPT, "accept")])
def test_asked_to_end_it_finishes_the_step_under_way(tmp_path: Path, path: str, kind: str) -> None:
    """SIGTERM while an action is under way: it is finished, looked at and recorded, and exit 0."""
    with world(tmp_path, timing={"requestSeconds": 5, "actSeconds": 5}) as w:
        w.plan_faults(Fault("delay", "*", "POST", path, seconds=0.7))
        with watching(w) as child:

            def hear(entry: Entry) -> None:
                if isinstance(entry, Received) and (entry.method, entry.path) == ("POST", path):
                    child.send_signal(signal.SIGTERM)

            w.running.simulation.journal.listen(hear)
            told, _ = child.communicate(timeout=PATIENCE_S)
        assert child.returncode == 0, told
        assert w.kinds()[-1] == kind
        assert w.claims == []
        assert phase(w) in {"request": ("Requested",), "accept": ("Accepted", "Paired")}[kind]


def test_asked_to_end_before_an_action_it_does_not_begin_it(tmp_path: Path) -> None:
    """SIGTERM while it looks: nothing is sent any more, no claim is left, exit 0."""
    with world(tmp_path) as w, watching(w) as child:

        def hear(entry: Entry) -> None:
            if isinstance(entry, Received) and entry.path.endswith("verify-connection"):
                child.send_signal(signal.SIGTERM)

        w.running.simulation.journal.listen(hear)
        told, _ = child.communicate(timeout=PATIENCE_S)
        assert child.returncode == 0, told
        assert w.kinds() == []
        assert w.claims == []


def test_asked_to_end_it_leaves_nothing_running_and_nothing_lying_about(tmp_path: Path) -> None:
    """After the end there is no process of its own left, and no temporary folder."""
    with world(tmp_path) as w, watching(w, "--repository", w.box.url) as child:
        until(lambda: phase(w) == "Paired")
        end(child)
        # What was fetched is kept for the next run, in the user's cache folder.
        left = {one.name for one in (w.root / "scratch").iterdir()}
        assert left <= {".cache"}
        assert processes_in(w.root) == []


def processes_in(folder: Path) -> list[str]:
    """List the commands of git processes that work somewhere below a folder."""
    done = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if str(folder) in line and "git" in line]


def test_a_pass_that_fails_is_told_and_tried_again(tmp_path: Path) -> None:
    """An error of a pass ends nothing: the next commit is looked at as if nothing had been."""
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w:
        with watching(w, "--repository", str(w.box.bare)) as child:
            until(lambda: phase(w) == "Waiting")
            w.box.commit({"fleet.yaml": w.fleet()})
            time.sleep(0.05)
            w.commit(w.intent())
            until(lambda: phase(w) == "Paired")
            end(child)
        assert git(w.box.bare, "rev-parse", "main") == w.status()["sourceCommit"]


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="needs /proc")
def test_a_crash_leaves_no_core_dump(tmp_path: Path) -> None:
    """The program, which holds secrets, has given up its right to one."""
    with world(tmp_path) as w, watching(w) as child:
        until(lambda: phase(w))
        limits = Path(f"/proc/{child.pid}/limits").read_text().splitlines()
        (line,) = [line for line in limits if line.startswith("Max core file size")]
        assert line.split()[4:6] == ["0", "0"]


def test_a_switched_link_is_followed(tmp_path: Path) -> None:
    """A sidecar puts each commit into a work tree of its own, switches a link, and cleans up."""
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w:
        root, link = w.box.clone, tmp_path / "current"

        def switch(name: str) -> None:
            git(root, "worktree", "add", "--quiet", "--detach", str(tmp_path / name), "main")
            (tmp_path / "new").symlink_to(name)
            (tmp_path / "new").rename(link)

        switch("one")
        with watching(w, "--repository", str(link)) as child:
            until(lambda: phase(w) == "Waiting")
            w.commit(w.intent())
            switch("two")
            git(root, "worktree", "remove", "--force", str(tmp_path / "one"))
            until(lambda: phase(w) == "Paired")
            assert "OutageBegan" not in end(child)


def test_each_line_is_an_object_with_a_time_and_its_intent(tmp_path: Path) -> None:
    """From the commit to Paired, each step of an intent is a line, once; nothing else is said."""
    with world(tmp_path) as w:
        with watching(w, "--log-format", "json", "--log-level", "info") as child:
            until(lambda: phase(w) == "Paired")
            said = [json.loads(line) for line in end(child).splitlines()]
        assert all(one["time"].endswith("Z") and one["level"] for one in said)
        assert (said[0]["event"], said[-1]["event"]) == ("WatchStarted", "WatchEnded")
        changes = [one for one in said if one["event"] == "StatusChanged"]
        states = [(one["intent"], one["phase"], one["reason"], one["message"]) for one in changes]
        assert states[-1][:2] == ("store-1", "Paired")
        assert all(one != other for one, other in pairwise(states))
        acted = [one["intent"] for one in said if one["event"] == "ActionDone"]
        assert acted == ["store-1", "store-1"]


def test_asked_to_end_while_it_looks_it_waits_for_no_server(tmp_path: Path) -> None:
    """A Palette that gives no answer for minutes: there is nothing to finish."""
    with world(tmp_path, timing={"requestSeconds": 290}) as w:
        w.plan_faults(*(Fault("delay", "palette", "*", "*", seconds=600) for _ in range(20)))
        with watching(w) as child:
            until(lambda: w.running.simulation.journal.received)
            end(child)
        assert w.kinds() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(("path", "kind"), [(PAIR, "request"), (ACCEPT, "accept")])
def test_a_second_signal_ends_it_at_once_and_the_next_run_looks(
    tmp_path: Path, path: str, kind: str, number: signal.Signals
) -> None:
    """The answer never came: its claim is open, and what was sent once is not sent again."""
    timing = {"requestSeconds": 120, "actSeconds": 5}
    with world(tmp_path, timing=timing) as w:
        w.plan_faults(Fault("delay", "*", "POST", path, seconds=600))
        with watching(w) as child:
            until(lambda: kind in w.kinds())
            child.send_signal(number)
            assert child.stdout
            assert any("StopRequested" in line for line in child.stdout)
            child.send_signal(number)
            child.communicate(timeout=60)
        assert child.returncode != 0
        assert len(w.claims) == 1
        with watching(w) as child:
            until(lambda: phase(w) == "Paired")
            end(child)
        assert w.kinds() == ["request", "accept"]
        assert w.claims == []


def test_a_defect_of_the_waiting_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would else go on with one pass after the other, and nobody would hear of it."""
    told: list[PassResult | PairctlError] = []
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w:

        async def broken(_: RefWatch) -> bool:
            raise ZeroDivisionError

        async def work(reconciler: Reconciler, settings: Settings) -> None:
            def report(one: PassResult | PairctlError) -> None:
                told.append(one)
                monkeypatch.setattr(RefWatch, "has_changed", broken)
                if len(told) == 3:
                    settings.stop.request()

            with pytest.raises(ZeroDivisionError):
                await watch(reconciler, settings, report, every_s=600)

        w.with_engine(work)
    assert len(told) == 1
