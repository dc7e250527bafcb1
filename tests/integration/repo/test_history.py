"""Who changed a file last, and what became of files, as the history of a commit says it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pairctl.repo import (
    CommitFacts,
    FileChange,
    GitFailed,
    PathHistory,
    Repository,
    RepositoryError,
)
from repo_factory import Box, git, make_box, run

OPERATOR = "operator <operator@localhost>"


def last_change(location: Path | str, commit: str, path: str) -> CommitFacts | None:
    """Ask who changed a file last."""

    async def asked() -> CommitFacts | None:
        async with await Repository.open(str(location)) as repository:
            return await repository.last_change(commit, path)

    return run(asked())


def made_at(box: Box, commit: str) -> datetime | None:
    """Ask when a commit was made."""

    async def asked() -> datetime | None:
        async with await Repository.open(str(box.clone)) as repository:
            return await repository.made_at(commit)

    return run(asked())


def test_a_commit_says_when_it_was_made(tmp_path: Path) -> None:
    """By its committer's clock, in UTC whatever the zone; a date beyond all calendars is none."""
    box = make_box(tmp_path, {"a.yaml": "a\n"})
    tree = git(box.clone, "rev-parse", "HEAD^{tree}").strip()

    def committed(date: str) -> str:
        raw = f"tree {tree}\nauthor x <x@x> {date}\ncommitter x <x@x> {date}\n\nm\n".encode()
        return git(box.clone, "hash-object", "-t", "commit", "-w", "--stdin", stdin=raw).strip()

    assert made_at(box, committed("1772366400 +0500")) == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert made_at(box, committed("9999999999999 +0000")) is None


def history(location: Path | str, commit: str, *paths: str) -> PathHistory:
    """Read what became of paths."""

    async def read() -> PathHistory:
        async with await Repository.open(str(location)) as repository:
            return await repository.history(commit, paths)

    return run(read())


def changes(found: PathHistory) -> list[tuple[str, list[tuple[str, bool, bool]]]]:
    """Give each commit with its files, and whether they were there before and after."""
    return [
        (one.id, [(f.path, f.before is not None, f.after is not None) for f in one.files])
        for one in found.commits
    ]


def remove(box: Box, path: str) -> str:
    """Commit that a file is gone."""
    git(box.clone, "rm", "--quiet", path)
    return box.commit({})


def shallow(box: Box, depth: int = 1) -> Path:
    """Clone no more than the newest commits."""
    git(box.root, "clone", "--quiet", f"--depth={depth}", box.url, "shallow")
    return box.root / "shallow"


def test_the_commit_that_changed_a_file_last_is_named_with_who_made_it(tmp_path: Path) -> None:
    """As of the commit that is asked about: later ones, and other files, do not count."""
    box = make_box(tmp_path)
    asked = box.commit({"fleet/a.yaml": "kind: B\n"})
    other = box.commit({"fleet/b.yaml": "kind: B\n"})
    box.commit({"fleet/a.yaml": "kind: C\n"})
    assert last_change(box.clone, other, "fleet/a.yaml") == CommitFacts(asked, OPERATOR, OPERATOR)
    assert last_change(box.clone, other, "fleet/none.yaml") is None


def test_a_path_is_no_pattern(tmp_path: Path) -> None:
    """What Git would take for one stands for itself."""
    box = make_box(tmp_path, {"[ab].yaml": "1\n"})
    first = git(box.clone, "rev-parse", "HEAD")
    later = box.commit({"a.yaml": "2\n"})
    found = last_change(box.clone, later, "[ab].yaml")
    assert found
    assert found.id == first


def test_a_clones_settings_change_nothing_of_what_history_says(tmp_path: Path) -> None:
    """Neither is a file followed under names of before, nor is a commit replaced by another."""
    box = make_box(tmp_path, {"old.yaml": "kind: A\n" * 20})
    first = git(box.clone, "rev-parse", "HEAD")
    git(box.clone, "mv", "old.yaml", "new.yaml")
    moved = box.commit({})
    expected = changes(history(box.clone, moved, "new.yaml"))
    for name, value in (
        ("log.follow", "true"),
        ("log.showRoot", "false"),
        ("diff.renames", "true"),
    ):
        git(box.clone, "config", name, value)
    git(box.clone, "replace", moved, first)
    assert changes(history(box.clone, moved, "new.yaml")) == expected
    assert expected == [(moved, [("new.yaml", False, True)])]
    found = last_change(box.clone, moved, "new.yaml")
    assert found
    assert found.id == moved


def test_where_history_is_cut_off_nobody_is_named(tmp_path: Path) -> None:
    """The oldest commit of a shallow clone seems to have made every file, and has not."""
    box = make_box(tmp_path)
    newest = box.commit({"fleet/b.yaml": "kind: B\n"})
    clone = shallow(box)
    assert last_change(clone, newest, "fleet/a.yaml") is None
    assert last_change(box.clone, newest, "fleet/a.yaml") is not None


def test_what_became_of_files_is_read_oldest_first(tmp_path: Path) -> None:
    """Commits that touch other files only are none of it; a folder is all that is in it."""
    box = make_box(tmp_path, {"claims/a": "1", "x": "1"})
    first = git(box.clone, "rev-parse", "HEAD")
    box.commit({"x": "2"})
    third = box.commit({"claims/b": "1", "claims/a": "2", "id": "1"})
    fourth = remove(box, "claims/a")
    found = history(box.clone, fourth, "claims/", "id")
    assert changes(found) == [
        (first, [("claims/a", False, True)]),
        (third, [("claims/a", True, True), ("claims/b", False, True), ("id", False, True)]),
        (fourth, [("claims/a", True, False)]),
    ]
    assert (found.merge, found.cut) == ("", "")
    (made,) = found.commits[0].files
    (before, *_) = found.commits[1].files
    assert before.before == made.after


def test_contents_are_read_by_the_ids_that_history_gives(tmp_path: Path) -> None:
    """Those that are too large are left out; one that is not there is an error."""
    box = make_box(tmp_path, {"a": "small", "b": "x" * 100})
    tip = git(box.clone, "rev-parse", "HEAD")

    async def read() -> list[bytes]:
        async with await Repository.open(str(box.clone)) as repository:
            past = await repository.history(tip, ["a", "b"])
            ids = [file.after for commit in past.commits for file in commit.files if file.after]
            contents = await repository.blobs(ids, 50)
            with pytest.raises(GitFailed, match="missing"):
                await repository.blobs(["1" * 40], 50)
            return list(contents.values())

    assert run(read()) == [b"small"]


def test_a_link_is_there_and_is_no_plain_file(tmp_path: Path) -> None:
    """Its id is left empty: nothing of it is ever read."""
    box = make_box(tmp_path, {"a": "1"})
    (box.clone / "claims").mkdir()
    (box.clone / "claims" / "a").symlink_to("../a")
    tip = box.commit({})
    (commit,) = history(box.clone, tip, "claims").commits
    assert commit.files == (FileChange("claims/a", None, ""),)


def test_a_merge_is_read_along_its_first_parent_and_named(tmp_path: Path) -> None:
    """What it brings counts as done by it."""
    box = make_box(tmp_path, {"x": "1"})
    git(box.clone, "checkout", "--quiet", "-b", "side")
    (box.clone / "claims").mkdir()
    (box.clone / "claims" / "a").write_text("1")
    git(box.clone, "add", "--all")
    git(box.clone, "commit", "--quiet", "--message", "on the side")
    git(box.clone, "checkout", "--quiet", "main")
    box.commit({"x": "2"})
    git(box.clone, "merge", "--quiet", "--no-ff", "--message", "merged", "side")
    merge = git(box.clone, "rev-parse", "HEAD")
    tip = box.commit({"x": "3"})
    found = history(box.clone, tip, "claims")
    assert changes(found) == [(merge, [("claims/a", False, True)])]
    assert found.merge == merge


def test_history_that_is_cut_off_says_where(tmp_path: Path) -> None:
    """A clone URL is read in full, whatever a clone of it has."""
    box = make_box(tmp_path)
    box.commit({"fleet/a.yaml": "kind: B\n"})
    tip = box.commit({"fleet/a.yaml": "kind: C\n"})
    clone = shallow(box, depth=2)
    assert history(clone, tip, "fleet").cut == git(box.clone, "rev-parse", "HEAD~1")

    async def of_url() -> PathHistory:
        async with await Repository.open(box.url) as repository:
            commit = await repository.resolve(tip)
            return await repository.history(commit, ["fleet"])

    assert run(of_url()).cut == ""


def test_a_partial_clone_that_may_ask_nobody_is_an_error(tmp_path: Path) -> None:
    """What is not here is not taken for nothing."""
    box = make_box(tmp_path)
    tip = box.commit({"fleet/a.yaml": "kind: B\n"})
    git(box.bare, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--bare", "--filter=tree:0", box.url, "partial.git")

    async def read() -> PathHistory:
        async with await Repository.open(str(tmp_path / "partial.git"), remote=None) as repository:
            return await repository.history(tip, ["fleet"])

    with pytest.raises(RepositoryError):
        run(read())


def test_a_commit_is_looked_for_by_its_full_id_only(tmp_path: Path) -> None:
    """What evidence names may be any text."""
    box = make_box(tmp_path)
    first = git(box.clone, "rev-parse", "HEAD")
    tip = box.commit({"x": "1"})
    tree = git(box.clone, "rev-parse", "HEAD^{tree}")

    async def asked() -> list[bool]:
        async with await Repository.open(str(box.clone)) as repository:
            texts = [first, "main", "HEAD", first[:9], "1" * 40, "--all", "", tree]
            found = [await repository.has_commit(text) for text in texts]
            pairs = ((first, tip), (tip, first), (tip, tip))
            return found + [await repository.is_ancestor(*pair) for pair in pairs]

    assert run(asked()) == [True, *[False] * 7, True, False, True]
