"""Of a repository that holds the work of many people, only what is wanted is fetched and read."""

import asyncio
import os
import resource
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cli_factory import pairctl
from pairctl.problem import PairctlError
from pairctl.repo import (
    GitFailed,
    NotPushed,
    RefNotFound,
    Repository,
    RepositoryError,
    reading,
)
from pairctl.repo.namespaces import Namespace
from pairctl.repo.program import GitProgram
from repo_factory import NOW, STATUS, Box, git, make_box, run, write_hook


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """A bare repository where others keep branches and tags of their own."""
    made = make_box(tmp_path)
    git(made.clone, "checkout", "--quiet", "--orphan", "theirs")
    (made.clone / "large").write_bytes(os.urandom(100_000))
    git(made.clone, "add", "--all")
    git(made.clone, "commit", "--quiet", "--message", "theirs")
    git(made.clone, "tag", "v9")
    git(made.clone, "push", "--quiet", "origin", "theirs", "v9")
    git(made.clone, "checkout", "--quiet", "main")
    return made


async def paths(repository: Repository, ref: str = "HEAD") -> list[str]:
    """The documents of a ref, after all that a pass does first."""
    await repository.branches_named(ref)
    await repository.refresh()
    await repository.status()
    files = await repository.files(await repository.resolve(ref))
    return [source.path for source in files.sources]


@pytest.mark.parametrize("ref", ["HEAD", "main", "refs/heads/main", "origin/main"])
def test_the_work_of_others_is_not_fetched(box: Box, tmp_path: Path, ref: str) -> None:
    """Of a clone URL come the branch that was asked for and the status branch, nothing else."""

    async def story() -> None:
        async with await Repository.open(box.url, cache=tmp_path / "kept") as repository:
            await repository.publish(None, {"a": b"1"}, message="m", now=NOW)
            assert await paths(repository, ref) == ["fleet/a.yaml"]

    run(story())
    (kept,) = (tmp_path / "kept").glob("*.git")
    names = git(kept, "for-each-ref", "--format=%(refname)").splitlines()
    assert [name.rsplit("/", 1)[1] for name in names] == ["main", STATUS]
    theirs = git(box.clone, "rev-parse", "theirs:large")
    with pytest.raises(RuntimeError):
        _in(kept, theirs)


def _in(folder: Path, object_id: str) -> None:
    """Raise where an object is not in a repository."""
    listed = git(folder, "cat-file", "--batch-check", stdin=f"{object_id}\n".encode())
    if listed.endswith("missing"):
        raise RuntimeError(listed)


@pytest.mark.parametrize("damage", ["gone", "bad"])
def test_what_is_wrong_with_their_branch_stops_nobody(box: Box, damage: str) -> None:
    """An object that is missing, or of a form that Git refuses, on a branch that is not wanted."""
    if damage == "gone":
        theirs = git(box.clone, "rev-parse", "theirs:large")
        (box.bare / "objects" / theirs[:2] / theirs[2:]).unlink()
    else:
        bad = git(
            box.bare,
            "hash-object",
            "-t",
            "commit",
            "-w",
            "--stdin",
            "--literally",
            stdin=(f"tree {git(box.bare, 'rev-parse', 'main^{tree}')}\nauthor x\n\nm\n".encode()),
        )
        (box.bare / "refs/heads/theirs").write_text(f"{bad}\n")

    async def story() -> list[str]:
        async with await Repository.open(box.url) as repository:
            return await paths(repository)

    assert run(story()) == ["fleet/a.yaml"]


def _object(box: Box, revision: str) -> Path:
    name = git(box.clone, "rev-parse", revision)
    return box.clone / ".git/objects" / name[:2] / name[2:]


def _replaced(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def _packed_without_its_object(box: Box) -> None:
    mine = _object(box, "mine")
    git(box.clone, "pack-refs", "--all")
    mine.unlink()


def _not_a_commit(box: Box) -> None:
    form = ("hash-object", "-t", "commit", "-w", "--stdin", "--literally")
    (box.clone / ".git/refs/heads/odd").write_text(git(box.clone, *form, stdin=b"no commit") + "\n")


def _tag_without_its_object(box: Box) -> None:
    git(box.clone, "tag", "--annotate", "--message", "m", "odd", "mine")
    _object(box, "odd").unlink()


DAMAGES: dict[str, Callable[[Box], object]] = {
    "its tip is gone": lambda box: _object(box, "mine").unlink(),
    "its tip is bad": lambda box: _replaced(_object(box, "mine"), b"junk"),
    "its tip is empty": lambda box: _replaced(_object(box, "mine"), b""),
    "its history is gone": lambda box: _object(box, "mine~1").unlink(),
    "its history is bad": lambda box: _replaced(_object(box, "mine~1"), b"junk"),
    "its tree is gone": lambda box: _object(box, "mine^{tree}").unlink(),
    "its file is bad": lambda box: _replaced(_object(box, "mine:draft"), b"junk"),
    "its ref is empty": lambda box: _replaced(box.clone / ".git/refs/heads/mine", b""),
    "its ref is junk": lambda box: _replaced(box.clone / ".git/refs/heads/mine", b"junk\n"),
    "its ref is for itself": lambda box: _replaced(
        box.clone / ".git/refs/heads/mine", b"ref: refs/heads/mine\n"
    ),
    "its ref has an odd name": lambda box: _replaced(
        box.clone / ".git/refs/heads/a..b", b"1" * 40 + b"\n"
    ),
    "its ref is packed": _packed_without_its_object,
    "it is no commit": _not_a_commit,
    "a tag is gone": _tag_without_its_object,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_what_is_wrong_with_another_branch_of_the_clone_stops_nobody(
    box: Box, damage: Callable[[Box], object]
) -> None:
    """Neither reading what is merged at the remote, by name or by id, nor keeping the record."""
    git(box.clone, "checkout", "--quiet", "-b", "mine")
    for text in ("1", "2"):
        (box.clone / "draft").write_text(text)
        git(box.clone, "add", "--all")
        git(box.clone, "commit", "--quiet", "--message", text)
    git(box.clone, "checkout", "--quiet", "main")
    other = box.another_clone("other")
    (other / "fleet/b.yaml").write_text("kind: B\n")
    git(other, "add", "--all")
    git(other, "commit", "--quiet", "--message", "merged")
    git(other, "push", "--quiet", "origin", "HEAD:main", "HEAD:another")
    merged = git(other, "rev-parse", "HEAD")
    damage(box)

    async def story() -> None:
        async with await Repository.open(str(box.clone)) as repository:
            assert await repository.merged() == await repository.merged(merged) == merged
            files = await repository.files(merged)
            assert [source.path for source in files.sources] == ["fleet/a.yaml", "fleet/b.yaml"]
            tip = await repository.publish(None, {"a": b"1"}, message="m", now=NOW)
        async with await Repository.open(str(box.clone)) as repository:
            assert (await repository.status()).tip == tip

    run(story())


def test_past_a_broken_branch_what_is_gone_at_the_remote_goes_here_too(box: Box) -> None:
    """A commit that was once on a branch of the remote is not taken for merged."""
    once = git(box.clone, "rev-parse", "theirs")

    async def is_merged() -> bool:
        async with await Repository.open(str(box.clone)) as repository:
            return await repository.merged(once) == once

    git(box.bare, "tag", "--delete", "v9")
    git(box.clone, "branch", "keep", "theirs")
    later = git(box.bare, "commit-tree", "theirs^{tree}", "-p", "theirs", "-m", "later")
    git(box.bare, "update-ref", "refs/heads/theirs", later)
    (box.clone / ".git/refs/heads/mine").write_bytes(b"")
    assert run(is_merged())
    git(box.bare, "branch", "-D", "theirs")
    git(box.clone, "update-ref", "-d", "refs/remotes/origin/theirs")
    with pytest.raises(NotPushed):
        run(is_merged())


@pytest.mark.parametrize(
    ("name", "line", "hint"),
    [("packed-refs", "<<<<<<< HEAD", "mend that line"), ("shallow", "x", "take that line out")],
)
def test_a_line_without_which_git_reads_nothing_is_named(
    box: Box, name: str, line: str, hint: str
) -> None:
    """With its file in the clone, where pairctl itself works elsewhere."""
    (box.clone / ".git" / name).write_text(f"{line}\n")

    async def story() -> None:
        async with await Repository.open(str(box.clone)) as repository:
            await repository.merged()

    with pytest.raises(GitFailed, match=hint) as caught:
        run(story())
    assert line in str(caught.value)
    assert "/pairctl-" not in str(caught.value)


def test_what_was_fetched_is_there_for_the_next_run(box: Box, tmp_path: Path) -> None:
    """The program keeps it in the user's cache; where nothing is new, nothing is fetched."""
    log, real = tmp_path / "log", shutil.which("git")
    write_hook(tmp_path / "bin/git", f'echo "$@" >> {log}; exec {real} "$@"')
    env = {
        "PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    (tmp_path / "cache").mkdir()

    def fetches() -> int:
        log.write_text("")
        pairctl("plan", "--offline", "--repository", box.url, cwd=tmp_path, env=env)
        return log.read_text().count(" fetch ")

    assert fetches() == 1
    assert fetches() == 0
    box.commit({"fleet/b.yaml": "kind: B\n"})
    assert fetches() == 1


def test_two_at_a_time_do_not_share_what_is_kept(box: Box, tmp_path: Path) -> None:
    """The second one fetches into a place of its own."""

    async def story() -> None:
        kept = tmp_path / "kept"
        async with await Repository.open(box.url, cache=kept) as first:
            async with await Repository.open(box.url, cache=kept) as second:
                assert await paths(second) == ["fleet/a.yaml"]
                assert list(kept.glob("*.git/refs/pairctl")) == []
            assert await paths(first) == ["fleet/a.yaml"]
        assert list(kept.glob("*.git/refs/pairctl")) != []

    run(story())


def test_a_ref_that_is_not_there_is_told_with_those_that_are(box: Box) -> None:
    """Though they are not fetched."""

    async def story() -> None:
        async with await Repository.open(box.url) as repository:
            with pytest.raises(RefNotFound, match="there are: main, theirs, v9"):
                await repository.resolve("mian")

    run(story())


@pytest.mark.parametrize("branch", ["main", "HEAD"])
def test_who_borrows_objects_from_a_place_that_is_gone_is_told_so(box: Box, branch: str) -> None:
    """The ref is there, and it is the objects that are not."""
    git(box.root, "clone", "--quiet", "--shared", str(box.clone), "borrower")
    box.clone.rename(box.root / "elsewhere")

    async def story() -> None:
        async with await Repository.open(str(box.root / "borrower"), remote=None) as repository:
            with pytest.raises(GitFailed) as caught:
                await repository.resolve(branch)
        text = str(caught.value)
        assert f"borrowed from {box.clone}/.git/objects, which is not there" in text
        assert branch in text

    run(story())


def switched(root: Path, to: str) -> Path:
    """Switch the link `current` in one step, as git-sync does."""
    (root / "new").symlink_to(to)
    (root / "new").rename(root / "current")
    return root / "current"


def _worktree(box: Box, name: str) -> None:
    git(box.clone, "worktree", "add", "--quiet", "--detach", str(box.root / name), "main")


def test_a_link_that_is_switched_to_another_work_tree_is_followed(box: Box) -> None:
    """The one before is removed; what was read of the status branch counts on."""
    git(box.clone, "remote", "remove", "origin")
    _worktree(box, "one")
    link = switched(box.root, "one")

    async def story() -> list[list[str]]:
        async with await Repository.open(str(link)) as repository:
            await repository.publish(None, {"a": b"1"}, message="m", now=NOW)
            found = [await paths(repository)]
            (box.clone / "fleet/b.yaml").write_text("kind: B\n")
            git(box.clone, "add", "--all")
            git(box.clone, "commit", "--quiet", "--message", "more")
            _worktree(box, "two")
            switched(box.root, "two")
            git(box.clone, "worktree", "remove", "--force", str(box.root / "one"))
            found.append(await paths(repository))
            assert dict((await repository.status()).files) == {"a": b"1"}
            return found

    assert run(story()) == [["fleet/a.yaml"], ["fleet/a.yaml", "fleet/b.yaml"]]


def test_a_link_that_is_switched_is_followed_once_by_all_who_ask_at_the_same_time(box: Box) -> None:
    """Nobody removes what another works with: what is being published is published."""
    for name in ("one", "two"):
        _worktree(box, name)
    link = switched(box.root, "one")

    async def story() -> None:
        async with await Repository.open(str(link)) as repository:
            tip = await repository.publish(None, {"a": b"1"}, message="m", now=NOW)
            for number in range(4):
                switched(box.root, ("two", "one")[number % 2])
                looks = [repository.refresh() for _ in range(4)]
                changes = {"a": str(number).encode()}
                publishing = repository.publish(tip, changes, message="m", now=NOW)
                *_, tip = await asyncio.gather(*looks, publishing)
                assert dict((await repository.status()).files) == changes

    run(story())


def test_what_was_looked_for_before_a_switch_is_not_known_after_it(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that ends once another repository is open has found the commit of the one before."""
    other = make_box(tmp_path / "other", {"other.yaml": "kind: O\n"})
    for each in (box, other):
        git(each.clone, "remote", "remove", "origin")
    link = switched(box.root, str(box.clone))

    async def story() -> None:
        async with await Repository.open(str(link)) as repository:
            usual = reading.resolve

            async def slow(program: GitProgram, space: Namespace, ref: str) -> str:
                found = await usual(program, space, ref)
                monkeypatch.setattr(reading, "resolve", usual)
                switched(box.root, str(other.clone))
                await repository.refresh()
                return found

            monkeypatch.setattr(reading, "resolve", slow)
            before = await repository.resolve()
            assert before == git(box.clone, "rev-parse", "HEAD")
            assert not await repository.has_commit(before)
            assert await repository.resolve() == git(other.clone, "rev-parse", "HEAD")

    run(story())


def test_what_is_merged_is_asked_of_the_clone_that_stands_there_now(
    box: Box, tmp_path: Path
) -> None:
    """One without a remote gives way to one with, and back: what is only local is not merged."""
    alone = make_box(tmp_path / "other", {"other.yaml": "kind: O\n"}).clone
    git(alone, "remote", "remove", "origin")
    pushed, own = git(box.clone, "rev-parse", "HEAD"), git(alone, "rev-parse", "HEAD")
    git(box.clone, "commit", "--quiet", "--allow-empty", "--message", "not pushed")
    asked = (Repository.merged, Repository.merged_token)

    async def story() -> None:
        for ask in asked:
            async with await Repository.open(str(switched(box.root, str(alone)))) as repository:
                for place, commit in ((box.clone, pushed), (alone, own), (box.clone, pushed)):
                    switched(box.root, str(place))
                    assert await ask(repository) == commit

    run(story())


def test_a_folder_that_the_system_does_not_show_is_not_gone(box: Box) -> None:
    """Where no more files may be opened that is said, and not that there is no repository."""

    async def story() -> None:
        async with await Repository.open(str(box.clone)) as repository:
            assert await paths(repository) == ["fleet/a.yaml"]
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
            try:
                with pytest.raises(OSError, match="Too many open files"):
                    await repository.merged_token("main")
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            assert await paths(repository) == ["fleet/a.yaml"]

    run(story())


def test_a_folder_that_is_gone_is_named_and_looked_for_again(box: Box) -> None:
    """It is not taken for an empty one."""

    async def story() -> None:
        async with await Repository.open(str(box.clone), remote=None) as repository:
            assert await paths(repository) == ["fleet/a.yaml"]
            box.clone.rename(box.root / "away")
            with pytest.raises(RepositoryError, match=r"no repository at .*clone any more"):
                await paths(repository)
            commit = git(box.bare, "rev-parse", "main")
            with pytest.raises(PairctlError, match=r"not a git repository: .*clone/\.git"):
                await repository.files(commit)
            (box.root / "away").rename(box.clone)
            assert await paths(repository) == ["fleet/a.yaml"]

    run(story())


def test_another_repository_in_its_place_is_refused_where_claims_would_be_forgotten(
    box: Box,
) -> None:
    """What was read of the status branch has to be there."""

    async def story() -> None:
        async with await Repository.open(str(box.clone), remote=None) as repository:
            await repository.publish(None, {"a": b"1"}, message="m", now=NOW)
            box.clone.rename(box.root / "away")
            box.another_clone("clone")
            with pytest.raises(RepositoryError, match="another repository stands at"):
                await paths(repository)
            with pytest.raises(RepositoryError, match="another repository stands at"):
                await repository.status()
            with pytest.raises(RepositoryError, match="another repository stands at"):
                await repository.publish(None, {"a": b"2"}, message="m", now=NOW)

    run(story())
