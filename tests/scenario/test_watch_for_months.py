"""`watch` as a daemon: what is refused to it, or hangs, makes no noise and holds up no end."""

import asyncio
import signal
import socket
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import watchfiles

import warm
from in_process import owned_world
from owned_time import OwnedClock, run_in_owned_time
from pairctl.engine import PassResult, watch
from pairctl.engine.apply.ref_watch import RefWatch
from pairctl.problem import PairctlError
from pairctl.repo import refs_folder
from pairctl.sim import Fault
from repo_factory import Box, git, make_box
from scenario_factory import PAIR, PATIENCE_S, quick_palette, world
from sim_factory import host_document, make_scenario
from watch_factory import phase, until, watching


def watched_for(
    root: Path, for_s: float, monkeypatch: pytest.MonkeyPatch, *, is_quiet: bool = True
) -> tuple[int, int]:
    """Watch a clone for so long, on a clock of the test's; count passes and looks at refs."""
    asked, has_changed = list[float](), RefWatch.has_changed

    async def counted(ref: RefWatch) -> bool:
        asked.append(asyncio.get_running_loop().time())
        return await has_changed(ref)

    async def story() -> int:
        passes = list[PassResult | PairctlError]()
        slow = quick_palette(pairing={"acceptSeconds": 1e9})
        async with owned_world(root, make_scenario(host_document(1), palette=slow), 1) as w:
            if is_quiet:
                w.commit(w.intent(suspend=True))
            async with w.engine(clock=OwnedClock()) as (reconciler, settings):
                asyncio.get_running_loop().call_later(for_s, settings.stop.request)
                folder = w.box.clone / ".git"
                await watch(reconciler, settings, passes.append, every_s=60, folder=folder)
        return len(passes)

    monkeypatch.setattr(RefWatch, "has_changed", counted)
    return run_in_owned_time(story()), len(asked)


LIMITS = [
    OSError(28, "limit reached"),
    RuntimeError("too many files"),
    ExceptionGroup("amid it", [RuntimeError("no more watches for a folder that was made")]),
]


@pytest.mark.parametrize("error", LIMITS)
def test_a_folder_that_cannot_be_watched_makes_no_storm_of_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """A machine has only so many inotify instances and watches; the time does then."""

    async def refused(*_: object, **__: object) -> AsyncIterator[set[Any]]:
        raise error
        yield set()

    monkeypatch.setattr(watchfiles, "awatch", refused)
    passes, asked = watched_for(tmp_path, 600, monkeypatch)
    assert 9 <= passes <= 12
    assert 50 <= asked <= 75


def test_a_folder_in_which_refs_move_all_the_time_is_asked_at_the_pace_of_a_busy_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look asks the remote."""

    async def busy(*_: object, **__: object) -> AsyncIterator[set[Any]]:
        while True:
            await asyncio.sleep(0.01)
            yield {(1, "refs/remotes/origin/other")}

    monkeypatch.setattr(watchfiles, "awatch", busy)
    passes, asked = watched_for(tmp_path, 600, monkeypatch)
    assert passes <= 12
    assert asked <= 600 / 2 + 2 * passes


def test_a_push_that_follows_a_commit_is_seen_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A branch of the clone moves first, and nothing is new at the remote; then it is pushed."""
    asked_at = list[float]()
    has_changed = RefWatch.has_changed

    async def noted(ref: RefWatch) -> bool:
        asked_at.append(asyncio.get_running_loop().time())
        return await has_changed(ref)

    async def committed_and_pushed(*_: object, **__: object) -> AsyncIterator[set[Any]]:
        await asyncio.sleep(3.0)
        asked_at.clear()
        yield {(2, "refs/heads/main")}
        await asyncio.sleep(0.2)
        yield {(2, "refs/remotes/origin/main")}
        await asyncio.Event().wait()

    monkeypatch.setattr(RefWatch, "has_changed", noted)
    monkeypatch.setattr(watchfiles, "awatch", committed_and_pushed)
    watched_for(tmp_path, 4.0, monkeypatch)
    assert len(asked_at) == 2


@pytest.mark.parametrize(("is_quiet", "most"), [(True, 60 + 12), (False, 10)])
def test_a_clone_in_which_nothing_moves_is_asked_at_the_pace_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_quiet: bool, most: int
) -> None:
    """Every 10 seconds, and after each pass; where those ask every 2 seconds, beside them never."""

    async def nothing(
        *_: object, rust_timeout: int, watch_filter: object, **__: object
    ) -> AsyncIterator[set[Any]]:
        assert watch_filter
        while True:
            await asyncio.sleep(rust_timeout / 1000)
            yield set()

    monkeypatch.setattr(watchfiles, "awatch", nothing)
    passes, asked = watched_for(tmp_path, 600 if is_quiet else 60, monkeypatch, is_quiet=is_quiet)
    assert passes <= 12 if is_quiet else passes >= 20
    assert (50 if is_quiet else 0) <= asked <= most


def test_a_clone_in_which_an_editor_is_busy_is_asked_at_the_pace_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left out begins the interval of the watching again, each time."""

    async def indexes(*_: object, watch_filter: Any, **__: object) -> AsyncIterator[set[Any]]:
        change = (2, str(Box(tmp_path).clone / ".git/index"))
        while True:
            await asyncio.sleep(0.5)
            if watch_filter(*change):
                yield {change}

    monkeypatch.setattr(watchfiles, "awatch", indexes)
    passes, asked = watched_for(tmp_path, 600, monkeypatch)
    assert passes <= 12
    assert 50 <= asked <= 60 + 12


def test_what_an_editor_does_in_a_clone_asks_no_remote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks Git for its state all the time, which writes the index; what counts are refs."""
    filters = list[Callable[[int, str], bool]]()

    async def quiet(*_: object, watch_filter: Any, **__: object) -> AsyncIterator[set[Any]]:
        filters.append(watch_filter)
        await asyncio.Event().wait()
        yield set()

    monkeypatch.setattr(watchfiles, "awatch", quiet)
    watched_for(tmp_path, 1, monkeypatch)
    top = Box(tmp_path).clone / ".git"
    own = ("refs/pairctl/merged/1", "objects/aa/bb", "objects/pack/tmp_pack_1", "refs/heads/a.lock")
    editors = ("index", "index.lock", "HEAD.lock", "FETCH_HEAD", "logs/HEAD", "logs/refs/heads/a")
    refs = ("HEAD", "refs/heads/HEAD", "refs/heads/a/b", "packed-refs", "worktrees/one/HEAD")
    refs += ("refs/remotes/origin/main", "reftable/tables.list")
    seen = {path for path in (*own, *editors, *refs) if filters[0](2, str(top / path))}
    assert seen == set(refs)


def test_the_refs_of_a_linked_work_tree_are_where_the_repository_is(tmp_path: Path) -> None:
    """There a commit is seen as soon as in the first one."""
    box = make_box(tmp_path, {"a.yaml": "a: 1\n"})
    git(box.clone, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    (tmp_path / "linked/below").mkdir()
    for path in (box.clone, box.clone / ".git", tmp_path / "linked", tmp_path / "linked/below"):
        assert refs_folder(path) == (box.clone / ".git").resolve(), path
    assert refs_folder(box.bare) == box.bare
    assert refs_folder(Path("https://git.example.com/edge/pairing.git")) is None


class Silent:
    """A server that takes connections and never answers; it counts them."""

    def __init__(self) -> None:
        self.connections = list[socket.socket]()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/origin.git"

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                self.connections.append(self.listener.accept()[0])


@contextmanager
def silent() -> Iterator[Silent]:
    """Run one until the block ends."""
    server = Silent()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        for one in (server.listener, *server.connections):
            one.close()


@pytest.mark.parametrize("where", ["a clone", "a clone URL"])
def test_asked_to_end_while_the_remote_hangs_from_the_start_it_waits_for_none(
    tmp_path: Path, where: str
) -> None:
    """No call after the one under way is begun, and that one is cut off."""
    with world(tmp_path) as w, silent() as server:
        git(w.box.clone, "remote", "set-url", "origin", server.url)
        more = ("--repository", server.url) if where == "a clone URL" else ()
        with watching(w, *more) as child:
            until(lambda: server.connections)
            child.send_signal(signal.SIGTERM)
            said, _ = child.communicate(timeout=PATIENCE_S)
        assert (child.returncode, "WatchEnded" in said) == (0, True)
        assert len(server.connections) == 1


def test_a_terminal_that_is_gone_cuts_no_action_off(tmp_path: Path) -> None:
    """SIGHUP ends it as SIGTERM does: what is under way is carried through and recorded."""
    with world(tmp_path) as w:
        w.plan_faults(Fault("delay", "*", "POST", PAIR, seconds=0.7))
        with watching(w) as child:
            until(lambda: ("POST", PAIR) in w.writes())
            child.send_signal(signal.SIGHUP)
            said, _ = child.communicate(timeout=PATIENCE_S)
        assert (child.returncode, w.claims) == (0, []), said
        assert phase(w) == "Requested"


def test_a_log_that_nobody_reads_any_more_ends_nothing(tmp_path: Path) -> None:
    """What reads it may be restarted; the run goes on, and ends well when it is told to."""
    with world(tmp_path) as w:
        command = [*warm.PROGRAM, "watch", *w.rules, "--interval", "600"]
        child = subprocess.Popen(
            command,
            cwd=w.box.clone,
            env=w.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            assert child.stdout
            child.stdout.close()
            until(lambda: phase(w) == "Paired")
            child.send_signal(signal.SIGTERM)
            assert child.wait(timeout=PATIENCE_S) == 0
        finally:
            child.kill()
            child.wait()
