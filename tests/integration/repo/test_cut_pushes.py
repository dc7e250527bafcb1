"""Pushes whose answer never comes: the remote is looked at before anything is believed."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from pairctl.repo import PushLost, PushUnknown, Repository, branches, process
from repo_factory import NOW, STATUS, git, make_box, run
from repo_http_factory import serve

SLEEP = 'echo $$ > "{pid}"; exec sleep 600'
DAY_S = 86_400

CutAt = Callable[[Path], None]


@pytest.fixture
def cut_at(monkeypatch: pytest.MonkeyPatch) -> CutAt:
    """Give what has a command's time be over as soon as a file holds something, and no sooner."""

    def cut(file: Path) -> None:
        def monotonic() -> float:
            return time.monotonic() + DAY_S * (file.exists() and file.stat().st_size > 0)

        clock = SimpleNamespace(monotonic=monotonic, sleep=time.sleep)
        monkeypatch.setattr(process, "time", clock)

    return cut


async def publish(repository: Repository, content: str = "1") -> str:
    """One commit on the branch as it is read now."""
    status = await repository.status()
    changes = {"status/a": content.encode()}
    return await repository.publish(status.tip, changes, message="status", now=NOW)


def is_alive(pid: int) -> bool:
    """A process that runs, as opposed to one that is gone or only waits to be reaped."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def assert_ends(pid_file: Path) -> None:
    """The process that wrote the file is gone, or goes within a moment."""
    pid = int(pid_file.read_text())
    deadline = time.monotonic() + 60
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(pid)


def test_a_push_that_came_through_as_the_run_ended_counts_as_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That it cannot be noted here any more takes nothing away: the branch holds our commit."""
    box = make_box(tmp_path)

    async def story() -> str:
        async with await Repository.open(str(box.clone)) as repository:

            def ended(*_: object) -> bool:
                repository.end_within(-1)
                return False

            monkeypatch.setattr(branches, "move_plain_ref", ended)
            return await publish(repository)

    commit = run(story())
    assert git(box.bare, "rev-parse", STATUS) == commit


@pytest.mark.parametrize("kind", ["clone", "url"])
def test_a_push_killed_after_the_branch_moved_counts_as_done(
    tmp_path: Path, kind: str, cut_at: CutAt
) -> None:
    """The branch holds our commit, so it is published, whatever became of the answer."""
    box = make_box(tmp_path)
    box.hook("post-receive", SLEEP.format(pid=tmp_path / "pid"))
    cut_at(tmp_path / "pid")

    async def story() -> str:
        place = box.url if kind == "url" else str(box.clone)
        async with await Repository.open(place) as repository:
            commit = await publish(repository)
            assert (await repository.status()).tip == commit
            return commit

    commit = run(story())
    assert box.status_log() == [commit]
    assert_ends(tmp_path / "pid")


def test_a_push_killed_before_the_branch_moved_is_lost(tmp_path: Path, cut_at: CutAt) -> None:
    """The branch is as it was: nothing happened, nothing of ours runs on, the next push gets in."""
    box = make_box(tmp_path)
    box.hook("pre-receive", SLEEP.format(pid=tmp_path / "pid"))
    cut_at(tmp_path / "pid")

    async def story() -> str:
        repository = await Repository.open(str(box.clone))
        with pytest.raises(PushLost, match="was cut"):
            await publish(repository)
        assert (await repository.status()).tip is None
        box.hook("pre-receive", "exit 0")
        return await publish(repository)

    commit = run(story())
    assert box.status_log() == [commit]
    assert_ends(tmp_path / "pid")


def test_a_commit_with_others_on_top_of_it_is_published(tmp_path: Path, cut_at: CutAt) -> None:
    """Our commit need not be the tip any more to be on the branch."""
    box = make_box(tmp_path)
    script = f"""
    export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x
    git update-ref refs/heads/{STATUS} $(git commit-tree -p {STATUS} -m other {STATUS}^{{tree}})
    {SLEEP.format(pid=tmp_path / "pid")}
    """
    box.hook("post-receive", script)
    cut_at(tmp_path / "pid")

    async def story() -> str:
        repository = await Repository.open(str(box.clone))
        commit = await publish(repository)
        assert (await repository.status()).tip == box.status_log()[0]
        return commit

    commit = run(story())
    assert box.status_log()[1:] == [commit]


def test_a_server_that_dies_before_the_branch_moved_is_a_lost_race(tmp_path: Path) -> None:
    """A connection that breaks says nothing; the look says that nothing happened."""
    box = make_box(tmp_path)
    box.hook("pre-receive", "kill -9 $PPID")

    async def story() -> None:
        repository = await Repository.open(str(box.clone))
        with pytest.raises(PushLost):
            await publish(repository)

    run(story())
    assert git(box.bare, "for-each-ref", f"refs/heads/{STATUS}") == ""


def test_a_server_that_dies_after_the_branch_moved_has_published(tmp_path: Path) -> None:
    """A connection that breaks says nothing; the look says that it is done."""
    box = make_box(tmp_path)
    box.hook("post-receive", "kill -9 $PPID")

    async def story() -> str:
        return await publish(await Repository.open(str(box.clone)))

    commit = run(story())
    assert box.status_log() == [commit]


def test_where_the_remote_cannot_be_looked_at_nothing_is_claimed(
    tmp_path: Path, cut_at: CutAt
) -> None:
    """Neither published nor lost: the caller must look before it does anything."""
    box = make_box(tmp_path)
    moves = f'mv "{box.bare}" "{tmp_path}/moved.git"'
    box.hook("post-receive", f"{moves}; {SLEEP.format(pid=tmp_path / 'pid')}")
    cut_at(tmp_path / "pid")

    async def story() -> None:
        repository = await Repository.open(str(box.clone))
        with pytest.raises(PushUnknown, match="cannot be looked at"):
            await publish(repository)
        (tmp_path / "moved.git").rename(box.bare)
        assert (await repository.status()).tip == box.status_log()[0]

    run(story())


def test_a_lost_answer_over_http_is_looked_for(tmp_path: Path) -> None:
    """The server applied the push and the connection closed without a word: it is published."""
    box = make_box(tmp_path)

    async def story(url: str) -> str:
        async with await Repository.open(url) as repository:
            return await publish(repository)

    with serve(box.bare) as server:
        server.drops_push_answers = True
        commit = run(story(server.url))
    assert box.status_log() == [commit]


def test_a_cancelled_publish_leaves_no_process_behind(tmp_path: Path) -> None:
    """Who stops waiting stops the push, with the hook that it waits for."""
    box = make_box(tmp_path)
    pid_file = tmp_path / "pid"
    box.hook("pre-receive", SLEEP.format(pid=pid_file))

    async def story() -> None:
        repository = await Repository.open(str(box.clone))
        task = asyncio.create_task(publish(repository))
        while not (pid_file.exists() and pid_file.read_text()):  # noqa: ASYNC110 - a file, no event
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(story())
    assert_ends(pid_file)
