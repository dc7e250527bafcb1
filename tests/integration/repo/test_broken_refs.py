"""Refs that a loss of power, or a killed process, left broken: healed, or said with what to do."""

import os
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from pairctl.repo import GitFailed, PublishError, Repository, RepositoryError
from pairctl.repo.problems import BrokenRef
from repo_factory import NOW, STATUS, Box, git, make_box, run

HEART = "refs/pairctl/heartbeat/x"
OLD_S = 86_400


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Make a box."""
    return make_box(tmp_path)


async def all_of_it(repository: Repository, content: bytes) -> None:
    """Use each private ref: of the intents, of the status branch, and of a replaced ref."""
    commit = await repository.merged()
    assert [one.path for one in (await repository.files(commit)).sources] == ["fleet/a.yaml"]
    changes: dict[str, bytes | None] = {"claims/a": content}
    tip = (await repository.status()).tip
    await repository.publish(tip, changes, message="m", now=NOW)
    await repository.refresh()
    assert (await repository.status()).files["claims/a"] == content
    await repository.write_replaced(HEART, "f", content, now=NOW)
    assert await repository.read_replaced(HEART, "f") == content


def used(where: Path, content: bytes) -> None:
    """Use it all in a new run."""

    async def story() -> None:
        async with await Repository.open(str(where)) as repository:
            await all_of_it(repository, content)

    run(story())


def private_refs(box: Box) -> list[Path]:
    """The files of the clone's private refs."""
    return [path for path in (box.clone / ".git/refs/pairctl").rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", [b"", b"\0" * 41, b"a1b2"])
def test_a_private_ref_that_is_broken_is_fetched_again(box: Box, content: bytes) -> None:
    """Git would neither read, move nor delete one; nor fetch, or clear away, for its user."""
    used(box.clone, b"1")
    assert len(private_refs(box)) == 3
    for path in private_refs(box):
        path.write_bytes(content)
    used(box.clone, b"2")
    git(box.clone, "for-each-ref")
    git(box.clone, "fsck", "--no-dangling")
    assert not list((box.clone / ".git").rglob("*.lock"))


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_broken_private_ref_of_a_branch_that_is_gone_is_forgotten(
    box: Box, *, is_packed: bool
) -> None:
    """The branch was deleted at the remote: there is nothing to fetch in its place.

    Nor does what `git gc` has packed of it come back, with claims of before.
    """
    used(box.clone, b"1")
    if is_packed:
        git(box.clone, "pack-refs", "--all")
        used(box.clone, b"2")
    (path,) = (box.clone / ".git/refs/pairctl/status-of").iterdir()
    path.write_bytes(b"")
    git(box.bare, "update-ref", "-d", f"refs/heads/{STATUS}")

    async def story() -> None:
        async with await Repository.open(str(box.clone)) as repository:
            assert (await repository.status()).tip is None

    run(story())
    assert not path.exists()


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_heartbeat_that_is_broken_is_replaced(box: Box, *, is_packed: bool) -> None:
    """In the repository itself: what stands there is replaced anyway, also what is packed of it."""
    used(box.bare, b"1")
    if is_packed:
        git(box.bare, "pack-refs", "--all")
        (box.bare / HEART).parent.mkdir(parents=True)
    (box.bare / HEART).write_bytes(b"")
    used(box.bare, b"2")


@pytest.mark.parametrize("is_old", [True, False])
def test_a_lock_of_a_process_that_is_gone_holds_up_nobody(box: Box, *, is_old: bool) -> None:
    """One that is older than any command lives is nobody's; another is told, and left."""
    used(box.clone, b"1")
    box.commit({"fleet/a.yaml": "kind: B\n"})
    locks = [path.with_name(f"{path.name}.lock") for path in private_refs(box)]
    for lock in locks:
        lock.touch()
        if is_old:
            os.utime(lock, (lock.stat().st_mtime - OLD_S,) * 2)
    if is_old:
        used(box.clone, b"2")
        assert not any(map(os.path.lexists, locks))
        return
    with pytest.raises(GitFailed) as caught:
        used(box.clone, b"2")
    assert "remove that file" in caught.value.problem.hint
    assert str(box.clone / ".git/refs/pairctl") in caught.value.problem.message
    assert all(map(os.path.lexists, locks))


def test_refs_and_locks_of_others_are_left_as_they_are(box: Box) -> None:
    """Broken or not, they are the user's: what is fetched goes past them."""
    used(box.clone, b"1")
    heads = box.clone / ".git/refs/heads"
    (heads / "broken").write_bytes(b"")
    (heads / "main.lock").touch()
    os.utime(heads / "main.lock", (NOW.timestamp() - OLD_S,) * 2)
    for path in private_refs(box):
        path.write_bytes(b"")
    used(box.clone, b"2")
    assert (heads / "broken").read_bytes() == b""
    assert (heads / "main.lock").exists()


Use = Callable[[Repository], Awaitable[object]]
USES: dict[str, Use] = {
    "read": lambda repository: repository.status(),
    "publish": lambda repository: repository.publish(None, {"claims/a": b"2"}, message="", now=NOW),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("kind", ["bare", "clone", "url"])
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_status_branch_that_is_broken_is_not_one_that_was_never_made(
    box: Box, kind: str, use: str, *, is_packed: bool
) -> None:
    """Its claims would be forgotten: nothing is read or written, and a person is told."""
    used(box.clone, b"1")
    where = {"bare": str(box.bare), "clone": str(box.clone), "url": box.url}[kind]
    if is_packed:
        git(box.bare, "pack-refs", "--all")
    (box.bare / f"refs/heads/{STATUS}").write_bytes(b"")

    async def story() -> None:
        async with await Repository.open(where) as repository:
            await USES[use](repository)

    with pytest.raises(RepositoryError) as caught:
        run(story())
    if use == "read":
        assert isinstance(caught.value, GitFailed)
        assert "put it back" in caught.value.problem.hint
        assert isinstance(caught.value, BrokenRef) is (kind == "bare")
    else:
        assert isinstance(caught.value, PublishError)
    assert (box.bare / f"refs/heads/{STATUS}").read_bytes() == b""


def test_a_branch_of_which_the_remote_has_lost_the_commit_is_told(box: Box) -> None:
    """It does not show such a branch, and takes no push onto it."""
    used(box.clone, b"1")
    tip = git(box.bare, "rev-parse", STATUS)
    (box.bare / "objects" / tip[:2] / tip[2:]).unlink()
    with pytest.raises(PublishError) as caught:
        used(box.clone, b"2")
    assert "git fsck" in caught.value.problem.hint


@pytest.mark.parametrize("how", ["lost", "another"])
@pytest.mark.parametrize("ask", [Repository.merged, Repository.resolve])
def test_a_commit_that_the_clone_has_lost_is_told_from_a_name_that_nothing_has(
    box: Box, ask: Callable[[Repository], Awaitable[str]], how: str
) -> None:
    """The remote has it, and so has the ref here; only its object is gone, or holds other bytes."""
    used(box.clone, b"1")
    tip = git(box.clone, "rev-parse", "main")
    place = box.clone / ".git/objects" / tip[:2] / tip[2:]
    place.unlink()
    if how == "another":
        place.write_bytes(zlib.compress(b"commit 4\0tree"))

    async def story() -> None:
        async with await Repository.open(str(box.clone)) as repository:
            await ask(repository)

    with pytest.raises(GitFailed, match="missing or cannot be read"):
        run(story())
