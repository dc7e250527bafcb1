"""The cache of a clone URL: disposable, made anew when broken, and never more than a cache."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pairctl.repo import AccessRefused, RefNotFound, Repository
from repo_factory import NOW, STATUS, Box, git, make_box, run

REPLACED = "refs/pairctl/heartbeat/x"


async def paths(repository: Repository) -> list[str]:
    """The documents of the default branch."""
    files = await repository.files(await repository.resolve())
    return [source.path for source in files.sources]


def cache_of(folder: Path) -> Path:
    """The one repository that the cache folder holds."""
    (found,) = folder.glob("*.git")
    return found


def test_a_temporary_cache_is_removed_on_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who names no cache folder finds nothing left behind."""
    box = make_box(tmp_path)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))

    async def story() -> None:
        async with await Repository.open(box.url) as repository:
            assert await paths(repository) == ["fleet/a.yaml"]
            assert list(scratch.iterdir()) != []

    run(story())
    assert list(scratch.iterdir()) == []


def test_a_named_cache_is_kept_beside_what_is_there(tmp_path: Path) -> None:
    """A cache is used again by the next run, and other files of its folder are left alone."""
    box = make_box(tmp_path)
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / "precious").write_text("mine")

    async def story() -> list[str]:
        async with await Repository.open(box.url, cache=folder) as repository:
            return await paths(repository)

    first = run(story())
    kept = cache_of(folder).stat().st_ino
    assert run(story()) == first == ["fleet/a.yaml"]
    assert cache_of(folder).stat().st_ino == kept
    assert (folder / "precious").read_text() == "mine"


def truncate_objects(cache: Path) -> None:
    """Empty every object, as a full disk or a crash does."""
    for path in (cache / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(b"")


def unsettle(cache: Path) -> None:
    """A cache whose making was cut."""
    (cache / "pairctl-cache").unlink()
    (cache / "HEAD").unlink()


def lock_refs(cache: Path) -> None:
    """A lock that a killed fetch left behind, where the branch must move."""
    lock = cache / "refs/pairctl/source/heads/main.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()


@pytest.mark.parametrize("damage", [truncate_objects, unsettle, lock_refs, shutil.rmtree])
@pytest.mark.parametrize("is_open", [False, True])
def test_a_broken_cache_is_made_anew(
    tmp_path: Path, damage: Callable[[Path], object], is_open: bool
) -> None:
    """Whatever breaks in a cache, before a run or in the middle of one, is fetched again."""
    box = make_box(tmp_path)
    folder = tmp_path / "cache"

    async def story() -> None:
        async with await Repository.open(box.url, cache=folder) as repository:
            assert await paths(repository) == ["fleet/a.yaml"]
            box.commit({"b.yaml": "b"})
            if is_open:
                damage(cache_of(folder))
                await check(repository, box)
        if not is_open:
            damage(cache_of(folder))
            async with await Repository.open(box.url, cache=folder) as repository:
                await check(repository, box)

    run(story())


async def check(repository: Repository, box: Box) -> None:
    """All that a repository can do, it can do."""
    await repository.refresh()
    assert await paths(repository) == ["b.yaml", "fleet/a.yaml"]
    status = await repository.status()
    commit = await repository.publish(status.tip, {"s": b"1"}, message="m", now=NOW)
    assert box.status_log() == [commit]


def test_a_remote_that_is_gone_is_not_taken_for_a_broken_cache(tmp_path: Path) -> None:
    """When the remote fails, what was fetched stays readable."""
    box = make_box(tmp_path)

    async def story() -> None:
        async with await Repository.open(box.url) as repository:
            commit = await repository.resolve()
            box.bare.rename(tmp_path / "gone")
            with pytest.raises(AccessRefused):
                await repository.refresh()
            assert len((await repository.files(commit)).sources) == 1

    run(story())


@pytest.mark.parametrize("change", ["a link", "for all", "a folder for all"])
def test_a_cache_that_others_could_have_written_is_left_alone(tmp_path: Path, change: str) -> None:
    """Its configuration would be theirs, and its refs; a temporary one does as well."""
    box = make_box(tmp_path)
    folder = tmp_path / "cache"

    async def story() -> list[str]:
        async with await Repository.open(box.url, cache=folder) as repository:
            return await paths(repository)

    run(story())
    kept = cache_of(folder)
    if change == "a link":
        kept.rename(tmp_path / "elsewhere.git")
        kept.symlink_to(tmp_path / "elsewhere.git")
    else:
        (kept if change == "for all" else folder).chmod(0o777)
    mark = kept / "refs" / "pairctl"
    shutil.rmtree(mark)
    assert run(story()) == ["fleet/a.yaml"]
    assert not mark.exists()


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize(("first", "then"), [("sha1", "sha256"), ("sha256", "sha1")])
def test_a_remote_is_read_and_written_whatever_its_object_ids_are_made_with(
    tmp_path: Path, first: str, then: str, *, kept: bool
) -> None:
    """A run, and the cache of an earlier one, go on where it was made anew with others."""
    before = make_box(tmp_path / "before", {"old.yaml": "a: 1\n"}, object_format=first)
    after = make_box(tmp_path / "after", {"new.yaml": "a: 1\n"}, object_format=then)
    where, folder = tmp_path / "there.git", tmp_path / "cache" if kept else None

    async def written(repository: Repository) -> list[str]:
        found = await paths(repository)
        status = await repository.status()
        changes: dict[str, bytes | None] = {"status/a": b"1"}
        tip = await repository.publish(status.tip, changes, message="m", now=NOW)
        await repository.write_replaced(REPLACED, "f", b"1", now=NOW)
        assert await repository.read_replaced(REPLACED, "f") == b"1"
        await repository.refresh()
        assert (await repository.status()).tip == tip == git(where, "rev-parse", STATUS)
        return found

    async def story() -> None:
        before.bare.rename(where)
        async with await Repository.open(f"file://{where}", cache=folder) as repository:
            assert await written(repository) == ["old.yaml"]
            where.rename(before.bare)
            after.bare.rename(where)
            await repository.refresh()
            assert await written(repository) == ["new.yaml"]
        where.rename(after.bare)
        before.bare.rename(where)
        async with await Repository.open(f"file://{where}", cache=folder) as repository:
            assert await written(repository) == ["old.yaml"]

    run(story())


def test_the_first_commit_says_what_object_ids_are_made_with(tmp_path: Path) -> None:
    """An empty repository shows none: it is made anew here as soon as there is something."""
    box = make_box(tmp_path / "box", object_format="sha256")
    where = tmp_path / "there.git"
    git(tmp_path, "init", "--quiet", "--bare", "--object-format=sha256", where.name)

    async def story() -> None:
        async with await Repository.open(f"file://{where}") as repository:
            with pytest.raises(RefNotFound):
                await repository.resolve()
            git(box.clone, "push", "--quiet", str(where), "main")
            await repository.refresh()
            assert await repository.resolve("main") == git(box.clone, "rev-parse", "main")

    run(story())


def test_a_heartbeat_is_read_first_of_all_whatever_object_ids_are_made_with(tmp_path: Path) -> None:
    """Only what is fetched says that the empty cache has others than the remote."""
    box = make_box(tmp_path / "box", object_format="sha256")

    async def story() -> None:
        async with await Repository.open(box.url) as repository:
            await repository.refresh()
            await repository.write_replaced(REPLACED, "f", b"1", now=NOW)
        async with await Repository.open(box.url) as repository:
            assert await repository.read_replaced(REPLACED, "f") == b"1"
            assert await paths(repository) == ["fleet/a.yaml"]

    run(story())
