"""Status commits: one at a time, by compare-and-swap, and nothing of anybody lost."""

import asyncio
from pathlib import Path

import pytest

from pairctl.repo import Identity, PushHeld, PushLost, PushRefused, RefNotAllowed, Repository
from pairctl.repo.opened import tracking_ref
from repo_factory import NOW, STATUS, Box, git, make_box, publish_again_and_again, run, write_hook

KINDS = ["clone", "bare", "url"]


def where(box: Box, kind: str) -> str:
    """The location of one kind; all of them keep their status in the same bare repository."""
    return {"clone": str(box.clone), "bare": str(box.bare), "url": box.url}[kind]


async def publish(repository: Repository, **files: str) -> str:
    """One commit on the branch as it is read now."""
    status = await repository.status()
    changes = {f"status/{name}": content.encode() for name, content in files.items()}
    return await repository.publish(status.tip, changes, message="status", now=NOW)


@pytest.mark.parametrize("kind", KINDS)
def test_a_commit_changes_what_it_names_and_keeps_the_rest(tmp_path: Path, kind: str) -> None:
    """One publish is one commit on its base: new, changed, deleted, and all else as it was."""
    box = make_box(tmp_path)

    async def story() -> None:
        async with await Repository.open(where(box, kind)) as repository:
            assert (await repository.status()).tip is None
            first = await publish(repository, a="1", b="2", c="3")
            changes = {"status/a": b"one", "status/b": None, "d e/\u00fc.md": b"\x00"}
            second = await repository.publish(first, changes, message="more\n\nbody", now=NOW)
            expected = {"status/a": b"one", "status/c": b"3", "d e/\u00fc.md": b"\x00"}
            assert dict((await repository.status()).files) == expected
            assert box.status_log() == [second, first]
        async with await Repository.open(where(box, kind)) as anew:
            assert dict((await anew.status()).files) == expected

    run(story())


def test_a_commit_names_its_time_and_author(tmp_path: Path) -> None:
    """The commit's dates are the caller's, its author is pairctl or whom the caller names."""
    box = make_box(tmp_path)

    async def story() -> None:
        repository = await Repository.open(str(box.clone), identity=Identity("bot", "bot@x"))
        await publish(repository, a="1")
        await publish(await Repository.open(str(box.clone)), a="2")

    run(story())
    shown = git(box.bare, "log", "--format=%an <%ae> %aI|%cn <%ce> %cI|%B", STATUS).split("\n\n")
    when = "2026-01-02T03:04:05+00:00"
    assert [entry.strip() for entry in shown] == [
        f"{who} {when}|{who} {when}|status"
        for who in ("pairctl <pairctl@localhost>", "bot <bot@x>")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_of_two_writers_loses_and_sees_why(tmp_path: Path, kind: str) -> None:
    """Of two commits on one base one gets in; the other's writer reads the new tip next."""
    box = make_box(tmp_path)

    async def story() -> None:
        async with await Repository.open(where(box, kind)) as one:
            other = await Repository.open(str(box.another_clone("second")))
            base = await publish(one, a="1")
            assert (await other.status()).tip == base
            won = await publish(other, a="2")
            with pytest.raises(PushLost, match=STATUS):
                await one.publish(base, {"status/a": b"3"}, message="late", now=NOW)
            assert (await one.status()).tip == won
            assert box.status_log() == [won, base]
            await publish(one, b="4")
            assert dict((await one.status()).files) == {"status/a": b"2", "status/b": b"4"}

    run(story())


@pytest.mark.parametrize("kind", KINDS)
def test_of_two_who_make_the_branch_one_does(tmp_path: Path, kind: str) -> None:
    """No branch is a base like any other: the second root commit loses."""
    box = make_box(tmp_path)

    async def story() -> list[object]:
        places = [where(box, kind), str(box.another_clone("second"))]
        both = [await Repository.open(place) for place in places]
        for repository in both:
            assert (await repository.status()).tip is None
        tries = [
            repository.publish(None, {"status/a": b"%d" % n}, message="root", now=NOW)
            for n, repository in enumerate(both)
        ]
        results = await asyncio.gather(*tries, return_exceptions=True)
        for repository in both:
            await repository.close()
        return list(results)

    results = run(story())
    assert sorted(type(result).__name__ for result in results) == ["PushLost", "str"]
    assert box.status_log() == [result for result in results if isinstance(result, str)]


@pytest.mark.parametrize("kind", KINDS)
def test_eight_writers_all_get_in_and_history_only_grows(tmp_path: Path, kind: str) -> None:
    """Writers who read again and try again lose nothing: every file and every commit is there."""
    box = make_box(tmp_path)

    async def writer(number: int) -> None:
        async with await Repository.open(where(box, kind)) as repository:
            await publish_again_and_again(repository, f"status/{number}", b"%d" % number)

    async def story() -> dict[str, bytes]:
        await asyncio.gather(*(writer(number) for number in range(8)))
        async with await Repository.open(box.url) as repository:
            return dict((await repository.status()).files)

    assert run(story()) == {f"status/{number}": b"%d" % number for number in range(8)}
    assert len(box.status_log()) == 8


def test_nothing_new_makes_no_commit(tmp_path: Path) -> None:
    """Publishing what is there already, or deleting what is not, leaves the branch alone."""
    box = make_box(tmp_path)

    async def story() -> None:
        repository = await Repository.open(str(box.clone))
        first = await publish(repository, a="1")
        assert await publish(repository, a="1") == first
        changes: dict[str, bytes | None] = {"status/none": None, "status/a": b"1"}
        assert await repository.publish(first, changes, message="x", now=NOW) == first

    run(story())
    assert len(box.status_log()) == 1


def test_a_base_that_the_branch_left_behind_is_lost_even_with_nothing_new(tmp_path: Path) -> None:
    """An old base is a lost race whatever the changes: the caller decided on old facts."""
    box = make_box(tmp_path)

    async def story() -> None:
        repository = await Repository.open(str(box.clone))
        first = await publish(repository, a="1")
        await publish(repository, a="2")
        with pytest.raises(PushLost):
            await repository.publish(first, {"status/a": b"1"}, message="x", now=NOW)

    run(story())


@pytest.mark.parametrize("kind", ["clone", "url"])
def test_a_branch_that_was_taken_away_or_rewritten_is_a_lost_race(
    tmp_path: Path, kind: str
) -> None:
    """The base must be the tip: neither a deleted nor a rewound branch is quietly put back."""
    box = make_box(tmp_path)

    async def story() -> None:
        async with await Repository.open(where(box, kind)) as repository:
            first = await publish(repository, a="1")
            second = await publish(repository, a="2")
            git(box.bare, "update-ref", f"refs/heads/{STATUS}", first)
            with pytest.raises(PushLost):
                await repository.publish(second, {"status/a": b"3"}, message="x", now=NOW)
            assert (await repository.status()).tip == first
            git(box.bare, "update-ref", "-d", f"refs/heads/{STATUS}")
            with pytest.raises(PushLost):
                await repository.publish(first, {"status/a": b"3"}, message="x", now=NOW)
            assert (await repository.status()).tip is None

    run(story())


@pytest.mark.parametrize("kind", ["clone", "url"])
def test_a_refusal_is_shown_in_the_servers_words(tmp_path: Path, kind: str) -> None:
    """A hook of the server that says no is no race, and what it says reaches the person."""
    box = make_box(tmp_path)
    box.hook("pre-receive", "printf 'only \\033[31mreleases\\033[0m today\\n' >&2; exit 1")

    async def story() -> None:
        async with await Repository.open(where(box, kind)) as repository:
            with pytest.raises(PushRefused, match="only releases today"):
                await publish(repository, a="1")
            assert (await repository.status()).tip is None

    run(story())


def test_a_taken_lock_at_the_server_moves_nothing(tmp_path: Path) -> None:
    """A server that is writing the branch right now is busy, not against us."""
    box = make_box(tmp_path)

    async def story() -> None:
        repository = await Repository.open(str(box.clone))
        await publish(repository, a="1")
        lock = box.bare / f"refs/heads/{STATUS}.lock"
        lock.touch()
        with pytest.raises(PushHeld):
            await publish(repository, a="2")
        lock.unlink()
        await publish(repository, a="2")

    run(story())
    assert len(box.status_log()) == 2


def test_a_branch_that_is_checked_out_is_left_alone(tmp_path: Path) -> None:
    """Without a remote, a work tree on the status branch would lose the ground under it."""
    box = make_box(tmp_path)
    git(box.clone, "remote", "remove", "origin")

    async def story() -> None:
        repository = await Repository.open(str(box.clone))
        first = await publish(repository, a="1")
        git(box.clone, "checkout", "--quiet", STATUS)
        with pytest.raises(PushRefused, match="checked out"):
            await publish(repository, a="2")
        assert (await repository.status()).tip == first

    run(story())


@pytest.mark.parametrize("path", ["../x", "/x", ".git/hooks/x", "a//b", "a\nb", "-x"])
def test_paths_of_changes_are_checked(tmp_path: Path, path: str) -> None:
    """A path that may not stand in a commit stops the publish before git hears of it."""
    box = make_box(tmp_path)

    async def story() -> None:
        repository = await Repository.open(str(box.clone))
        with pytest.raises(RefNotAllowed):
            await repository.publish(None, {path: b""}, message="x", now=NOW)
        assert (await repository.status()).tip is None

    run(story())


def test_a_folder_takes_the_place_of_a_file(tmp_path: Path) -> None:
    """A name may change from a file to a folder and back in one commit each."""
    box = make_box(tmp_path)

    async def story() -> None:
        repository = await Repository.open(str(box.clone))
        first = await repository.publish(None, {"x": b"1"}, message="m", now=NOW)
        changes: dict[str, bytes | None] = {"x": None, "x/y": b"2"}
        second = await repository.publish(first, changes, message="m", now=NOW)
        back: dict[str, bytes | None] = {"x/y": None, "x": b"3"}
        await repository.publish(second, back, message="m", now=NOW)
        anew = await Repository.open(str(box.clone))
        assert dict((await anew.status()).files) == {"x": b"3"}

    run(story())


def test_repositories_with_long_object_ids_work_too(tmp_path: Path) -> None:
    """A SHA-256 repository on this machine is a store like any other."""
    git(tmp_path, "init", "--quiet", "--bare", "--object-format=sha256", "long.git")

    async def story() -> None:
        repository = await Repository.open(str(tmp_path / "long.git"))
        first = await publish(repository, a="1")
        assert len(first) == 64
        assert await repository.resolve(STATUS) == first
        assert await publish(repository, a="2") != first

    run(story())


def test_two_thousand_files_and_then_one(tmp_path: Path) -> None:
    """A first status of a fleet is one commit, and a later change of one file writes one blob."""
    box = make_box(tmp_path)

    async def story() -> tuple[str, str]:
        repository = await Repository.open(str(box.bare))
        files: dict[str, bytes | None] = {
            f"status/{n:04}.yaml": b"n: %d\n" % n for n in range(2000)
        }
        first = await repository.publish(None, files, message="all", now=NOW)
        return first, await publish(repository, **{"0007.yaml": "changed"})

    first, second = run(story())
    listing = git(box.bare, "diff-tree", "-r", "--name-only", first, second)
    assert listing == "status/0007.yaml"
    new = git(box.bare, "rev-list", "--objects", second, f"^{first}").splitlines()
    assert len(new) == 4  # commit, root, folder, file


def test_the_users_clone_is_left_as_it_was(tmp_path: Path) -> None:
    """Publishing touches no work tree, index, branch or tracking ref of the clone; hooks rest."""
    box = make_box(tmp_path)
    (box.clone / "staged.yaml").write_text("s")
    git(box.clone, "add", "staged.yaml")
    (box.clone / "fleet/a.yaml").write_text("edited")
    for name in ("pre-push", "reference-transaction", "post-index-change", "pre-commit"):
        write_hook(box.clone / ".git/hooks" / name, f"touch {tmp_path}/hook-ran")

    def seen() -> tuple[bytes, str, str, str]:
        index = (box.clone / ".git/index").read_bytes()
        status = git(box.clone, "--no-optional-locks", "status", "--porcelain=v2", "--branch")
        refs = git(box.clone, "for-each-ref", "refs/heads", "refs/remotes", "refs/tags")
        return index, status, refs, (box.clone / ".git/HEAD").read_text()

    (tmp_path / "hook-ran").unlink(missing_ok=True)
    before = seen()

    async def story() -> None:
        repository = await Repository.open(str(box.clone))
        await publish(repository, a="1")
        await repository.refresh()
        await repository.files(await repository.resolve())

    run(story())
    assert seen() == before
    assert not (tmp_path / "hook-ran").exists()
    private = git(box.clone, "for-each-ref", "--format=%(refname)", "refs/pairctl")
    assert private == tracking_ref("origin", STATUS)
