"""Each way in which a remote takes no commit is named, with what to do; only races are races."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from pairctl.engine import SystemClock
from pairctl.engine.apply.publishing import publish_record
from pairctl.engine.runtime.settings import Settings
from pairctl.problem import Problem
from pairctl.records import Record, read_ledger
from pairctl.repo import PublishError, PushHeld, PushRefused, Repository
from repo_factory import NOW, STATUS, Box, git, make_box, run

LOCK = "refs/heads/pairctl-status.lock"


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """A bare repository and a clone of it."""
    return make_box(tmp_path)


def refusal(location: str | Path, branch: str = STATUS) -> PublishError:
    """Publish, and give the error that it ends in."""

    async def story() -> PublishError:
        opened = await Repository.open(str(location), status_branch=branch)
        async with opened as repository:
            tip = (await repository.status()).tip
            with pytest.raises(PublishError) as caught:
                await repository.publish(tip, {"a": b"1"}, message="m", now=NOW)
        return caught.value

    return run(story())


def rehearsed(location: str | Path, branch: str = STATUS) -> Problem | None:
    """Rehearse a publish, and give what is in its way."""

    async def story() -> Problem | None:
        opened = await Repository.open(str(location), status_branch=branch)
        async with opened as repository:
            try:
                await repository.rehearse_publish()
            except PublishError as error:
                return error.problem
        return None

    return run(story())


def places(box: Box) -> dict[str, str]:
    """The bare repository as a clone's remote, by its URL, and as it lies there."""
    return {"clone": str(box.clone), "url": box.url, "itself": str(box.bare)}


@pytest.mark.parametrize("place", ["clone", "url", "itself"])
@pytest.mark.parametrize(
    ("other", "branch"), [(f"{STATUS}/x/y", STATUS), ("status", "status/of/pairctl")]
)
def test_a_branch_in_the_way_of_the_name_is_named(
    box: Box, place: str, other: str, branch: str
) -> None:
    """Git has no branch beside those below it; trying again would change nothing."""
    git(box.bare, "branch", other, "main")
    location = places(box)[place]
    error = refusal(location, branch)
    assert isinstance(error, PushRefused)
    assert error.problem.reason == "BranchNameTaken"
    assert repr(other) in error.problem.message
    seen = rehearsed(location, branch)
    assert seen is not None
    assert (seen.reason, repr(other) in seen.message) == ("BranchNameTaken", True)


@pytest.mark.parametrize("place", ["clone", "url", "itself"])
def test_a_lock_that_stays_is_no_lost_race(box: Box, place: str) -> None:
    """It may pass by itself; if not, the message says which file to remove."""
    (box.bare / LOCK).touch()
    error = refusal(places(box)[place])
    assert isinstance(error, PushHeld)
    assert error.problem.reason == "BranchLocked"
    assert LOCK in error.problem.message
    seen = rehearsed(places(box)[place])
    assert seen is not None
    assert (seen.reason, LOCK in seen.message) == ("BranchLocked", True)
    (box.bare / LOCK).unlink()
    assert rehearsed(places(box)[place]) is None


SAYINGS: dict[str, tuple[str, str, type[PublishError]]] = {
    "GitLab's rule": (
        "GitLab: You are not allowed to push code to protected branches on this project.",
        "BranchProtected",
        PushRefused,
    ),
    "GitHub's rule": (
        "error: GH006: Protected branch update failed for refs/heads/pairctl-status.",
        "BranchProtected",
        PushRefused,
    ),
    "a full disk": (
        "fatal: write error: No space left on device",
        "NoRoom",
        PushHeld,
    ),
    "a quota": (
        "Your push has been rejected, because this repository has exceeded its size limit of 10 MB",
        "OverQuota",
        PushRefused,
    ),
    "files of another user": (
        "error: insufficient permission for adding an object to repository database ./objects",
        "PushNotPermitted",
        PushRefused,
    ),
    "a hook of its own mind": ("commits are to be signed here", "RefusedByHook", PushRefused),
}


@pytest.mark.parametrize("saying", SAYINGS)
def test_what_a_server_says_tells_what_kind_of_no_it_is(box: Box, saying: str) -> None:
    """Its words are shown with the kind, and without what is secret in them."""
    words, reason, kind = SAYINGS[saying]
    secret = "https://job:glpat-x1y2z3@git.invalid/x"
    box.hook("pre-receive", f"echo '{words}' >&2; echo 'see {secret}' >&2; exit 1")
    error = refusal(box.clone)
    assert (error.problem.reason, type(error)) == (reason, kind)
    assert words in error.problem.message
    assert "glpat-x1y2z3" not in str(error)
    assert error.problem.hint


@pytest.mark.parametrize("place", ["clone", "url"])
def test_a_hook_that_ends_the_server_is_no_push_that_was_cut(box: Box, place: str) -> None:
    """It will say the same next time: a lost race would be tried again for ever."""
    box.hook("reference-transaction", 'test "$1" != prepared')
    error = refusal(places(box)[place])
    assert (error.problem.reason, type(error)) == ("RefusedByHook", PushRefused)
    assert "aborted by hook" in error.problem.message


def _hidden(box: Box) -> None:
    git(box.bare, "config", "receive.hideRefs", f"refs/heads/{STATUS}")


def _too_large(box: Box) -> None:
    git(box.bare, "config", "receive.maxInputSize", "10")


def _checked_out(box: Box) -> None:
    git(box.root, "init", "--quiet", "other")
    git(box.root / "other", "checkout", "--quiet", "-b", STATUS)
    git(box.root / "other", "commit", "--quiet", "--allow-empty", "--message", "m")
    git(box.clone, "remote", "set-url", "origin", str(box.root / "other"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [(_hidden, "RefusedByHook"), (_too_large, "OverQuota"), (_checked_out, "BranchCheckedOut")],
)
def test_what_gits_own_settings_refuse_is_told_apart(
    box: Box, change: Callable[[Box], None], reason: str
) -> None:
    """A branch that is hidden, a limit, a work tree."""
    change(box)
    assert refusal(box.clone).problem.reason == reason


class NotingClock(SystemClock):
    """Notes how long it is asked to wait, and waits for nothing; `work` is done meanwhile."""

    def __init__(self, work: Callable[[int], object]) -> None:
        self.pauses: list[float] = []
        self._work = work

    async def sleep(self, delay_s: float) -> None:
        self.pauses.append(delay_s)
        self._work(len(self.pauses))


def record(box: Box, clock: NotingClock) -> str | None:
    """Publish the record of a pass that saw nothing."""

    async def story() -> str | None:
        async with await Repository.open(str(box.clone)) as repository:
            settings = Settings(repository, "me", clock=clock)
            ledger = await read_ledger(repository, settings.known)
            return await publish_record(settings, Record("0" * 40, {}, branch="b" * 32), ledger)

    return asyncio.run(story())


def test_a_lock_that_goes_is_waited_for_longer_each_time(box: Box) -> None:
    """The record is published once the lock is gone."""
    (box.bare / LOCK).touch()
    clock = NotingClock(lambda count: (box.bare / LOCK).unlink() if count == 3 else None)
    assert [record(box, clock)] == box.status_log()
    first, _, third = clock.pauses
    assert third > first


def test_a_lock_that_stays_ends_the_pass_with_its_name(box: Box) -> None:
    """After some tries the cause is told."""
    (box.bare / LOCK).touch()
    with pytest.raises(PushHeld, match=LOCK):
        record(box, NotingClock(lambda _: None))


def test_a_no_that_stays_is_not_tried_again(box: Box) -> None:
    """Neither waiting nor trying helps."""
    git(box.bare, "branch", f"{STATUS}/x", "main")
    clock = NotingClock(lambda _: None)
    with pytest.raises(PushRefused):
        record(box, clock)
    assert clock.pauses == []
