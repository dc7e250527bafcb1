"""Commits that are written without a process: the same as Git makes, where Git would put them."""

import json
import os
import stat
from pathlib import Path

import pytest

from pairctl.repo import Identity, PushLost, Repository
from pairctl.repo.commits import write_commit
from pairctl.repo.committing import MOST_LOOSE, CommitWriter
from pairctl.repo.opened import tracking_ref
from pairctl.repo.problems import RepositoryError
from pairctl.repo.program import GitProgram
from repo_factory import NOW, STATUS, Box, NotedCommands, git, make_box, note_commands, run

Changes = dict[str, bytes | None]
STEPS: list[Changes] = [
    {"STATUS.md": b"# one\n", "status/a.yaml": b"a", "claims/x.yaml": b"x", "d e/\u00fc": b"\0"},
    {"status/a.yaml": b"b", "status/b.yaml": b"b", "claims/x.yaml": None},
    {"status/a.yaml": None, "status/a.yaml/y": b"c", "status/rollouts/r.yaml": b"r"},
    {"status/a.yaml/y": None, "status/a.yaml": b"d", "none": None, "none/none": None},
    {},
    dict.fromkeys(("STATUS.md", "status/a.yaml", "status/b.yaml", "status/rollouts/r.yaml")),
]


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Make a box."""
    return make_box(tmp_path)


@pytest.mark.parametrize("keeps", [True, False])
def test_a_commit_is_the_one_that_git_makes(box: Box, *, keeps: bool) -> None:
    """Byte for byte, step by step: files, folders in their place and back, and nothing left."""
    program, who = GitProgram(box.clone / ".git"), Identity()

    async def story() -> None:
        theirs: str | None = None
        ours: str | None = None
        writer = CommitWriter(program, who, 40)
        for number, changes in enumerate(STEPS):
            message = f"step {number}\n\nbody\n"
            theirs = await write_commit(
                program, theirs, changes, message=message, identity=who, now=NOW, id_digits=40
            )
            ours = await writer.write(ours, changes, message=message, now=NOW)
            assert ours == theirs
            if not keeps:
                writer = CommitWriter(program, who, 40)

    run(story())


def test_the_objects_of_a_commit_are_whole(box: Box) -> None:
    """Git reads all of it; nobody may write to a file, and no draft is left."""

    async def story() -> None:
        repository = await Repository.open(str(box.bare))
        base: str | None = None
        for changes in STEPS[:4]:
            base = await repository.publish(base, changes, message="m", now=NOW)

    run(story())
    git(box.bare, "fsck", "--strict", "--no-dangling")
    made = [path for path in (box.bare / "objects").rglob("*") if path.is_file()]
    assert not [path for path in made if path.name.startswith("tmp_")]
    assert {stat.S_IMODE(path.stat().st_mode) & 0o222 for path in made} == {0}


def test_what_is_published_is_on_the_disk(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loss of power leaves no empty object, and no empty ref, which no Git command mends."""
    synced: set[int] = set()
    sync = os.fsync

    def noted(descriptor: int) -> None:
        sync(descriptor)
        synced.add(os.fstat(descriptor).st_ino)

    async def story() -> None:
        async with await Repository.open(str(box.clone)) as repository:
            before = {*files.rglob("*")}
            monkeypatch.setattr(os, "fsync", noted)
            await repository.publish(None, STEPS[0], message="m", now=NOW)
            made = [path for path in {*files.rglob("*")} - before if path.is_file()]
            assert files / tracking_ref("origin", STATUS) in made
            assert len(made) > len(STEPS[0])
            assert {path.stat().st_ino for path in made} <= synced

    files = box.clone / ".git"
    run(story())


def flushes_of(trace: Path) -> dict[str, int]:
    """Tell how many files each Git command has put to disk, by its own account."""
    names: dict[str, str] = {}
    found: dict[str, int] = {}
    for line in trace.read_text().splitlines():
        event = json.loads(line)
        if event["event"] == "cmd_name":
            names[event["sid"]] = event["name"]
        if event.get("category") == "fsync":
            name = names[event["sid"]]
            found[name] = found.get(name, 0) + int(event["value"])
    return found


@pytest.mark.parametrize("by", ["files", "git"])
@pytest.mark.parametrize("kind", ["bare", "clone", "url"])
def test_a_branch_on_this_machine_is_on_the_disk_once_it_has_moved(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, by: str
) -> None:
    """After a loss of power no claim is forgotten, and what the branch leads to is there.

    Git writes the ref, and the objects that it is pushed or that only it may write; and a ref is
    where it was moved to once its folder is on the disk, too.
    """
    where = {"bare": str(box.bare), "clone": str(box.clone), "url": box.url}[kind]
    trace, synced = tmp_path / "trace", set[int]()
    sync = os.fsync

    def noted(descriptor: int) -> None:
        sync(descriptor)
        synced.add(os.fstat(descriptor).st_ino)

    if by == "git":
        for place in (box.bare, box.clone):
            git(place, "config", "core.sharedRepository", "group")
            git(place, "config", "core.fsync", "none")
    note_commands(tmp_path, monkeypatch, f"export GIT_TRACE2_EVENT={trace}")
    monkeypatch.setattr(os, "fsync", noted)

    async def story() -> None:
        async with await Repository.open(where) as repository:
            await repository.publish(None, STEPS[0], message="m", now=NOW)

    run(story())
    found, (heads, objects) = flushes_of(trace), (box.bare / "refs/heads", box.bare / "objects")
    made = len(STEPS[0])
    assert heads.stat().st_ino in synced
    if kind == "bare":
        assert found["update-ref"] == 1
    else:
        assert found["receive-pack"] == 1
        assert found["unpack-objects"] > made
    if by == "git" and kind != "url":
        assert found["fast-import"] + found.get("unpack-objects", 0) > made
    if by == "files" and kind == "bare":
        ids = git(box.bare, "rev-list", "--objects", "--no-object-names", STATUS).split()
        folders = {objects, *(objects / one[:2] for one in ids)}
        assert {one.stat().st_ino for one in folders} <= synced


def commands_of_second(
    box: Box, noted: NotedCommands, count: int = 1, *, settings: tuple[str, ...] = ()
) -> list[str]:
    """Publish twice at the clone, and tell which commands the second of them took."""
    for setting in settings:
        name, _, value = setting.partition("=")
        git(box.clone, "config", name, value)

    async def story() -> list[str]:
        async with await Repository.open(str(box.clone)) as repository:
            first = await repository.publish(None, {"status/a": b"1"}, message="m", now=NOW)
            noted.clear()
            changes: Changes = {f"status/{n}": b"2" for n in range(count)}
            await repository.publish(first, changes, message="m", now=NOW)
            return noted.names()

    return run(story())


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NotedCommands:
    """Note each git command that is run."""
    return note_commands(tmp_path, monkeypatch)


def test_publishing_again_takes_the_push_alone(box: Box, noted: NotedCommands) -> None:
    """The branch is not asked for before: the push itself holds it against the base."""
    assert commands_of_second(box, noted) == ["push"]
    ref = tracking_ref("origin", STATUS)
    assert git(box.clone, "rev-parse", ref) == git(box.bare, "rev-parse", STATUS)


@pytest.mark.parametrize(
    "setting", ["core.sharedRepository=group", "core.fsync=all", "include.path=elsewhere"]
)
def test_a_repository_with_rules_for_its_objects_is_written_by_git(
    box: Box, noted: NotedCommands, setting: str
) -> None:
    """Who may read objects, and when they are safe on the disk, is as the repository says."""
    assert "fast-import" in commands_of_second(box, noted, settings=(setting,))


@pytest.mark.parametrize("folder", ["", "claims", "claims/a"])
@pytest.mark.parametrize("kind", ["bare", "clone"])
def test_a_folder_that_is_lost_is_not_taken_for_an_empty_one(
    box: Box, kind: str, folder: str
) -> None:
    """What was in it would be gone: nothing is written over it, and Git says what is missing."""
    where = {"bare": box.bare, "clone": box.clone / ".git"}[kind]

    async def story() -> None:
        async with await Repository.open(str(where)) as repository:
            files: Changes = {"claims/a/x.yaml": b"x", "claims/b.yaml": b"b"}
            first = await repository.publish(None, files, message="m", now=NOW)
        async with await Repository.open(str(where)) as repository:
            assert (await repository.status()).tip == first
            lost = git(where, "rev-parse", f"{first}:{folder}")
            (where / "objects" / lost[:2] / lost[2:]).unlink()
            with pytest.raises(RepositoryError):
                await repository.publish(first, {"claims/a/y.yaml": b"y"}, message="m", now=NOW)
        assert git(box.bare, "rev-parse", STATUS) == first

    run(story())


def test_many_changes_are_written_by_git(box: Box, noted: NotedCommands) -> None:
    """Of many objects Git makes a pack."""
    assert "fast-import" in commands_of_second(box, noted, MOST_LOOSE + 1)
    assert "fast-import" not in commands_of_second(make_box(box.root / "few"), noted, MOST_LOOSE)


@pytest.mark.parametrize("base", [False, True])
@pytest.mark.parametrize("kind", ["clone", "url"])
def test_a_branch_that_changes_just_before_the_push_is_a_lost_race(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, *, base: bool
) -> None:
    """A branch that was taken away, or that somebody made, is left as it is found."""
    box = make_box(tmp_path)
    ref, now = f"refs/heads/{STATUS}", git(box.bare, "rev-parse", "main")
    move = f"-d {ref}" if base else f"{ref} {now}"
    usual = os.environ["PATH"]

    async def story() -> None:
        async with await Repository.open(box.url if kind == "url" else str(box.clone)) as one:
            first = None
            if base:
                first = await one.publish(None, {"status/a": b"1"}, message="m", now=NOW)
            assert (await one.status()).tip == first
            real = f"git --git-dir={box.bare} update-ref {move}"
            note_commands(
                tmp_path,
                monkeypatch,
                f'case " $* " in *" push "*) PATH={usual} {real};; esac',
            )
            with pytest.raises(PushLost):
                await one.publish(first, {"status/a": b"2"}, message="m", now=NOW)

    run(story())
    there = git(box.bare, "for-each-ref", "--format=%(objectname)", ref)
    assert there == ("" if base else now)


@pytest.mark.parametrize("is_deleted", [False, True])
@pytest.mark.parametrize("kind", ["clone", "url"])
def test_a_branch_that_is_put_back_after_a_push_is_seen_as_it_is(
    box: Box, kind: str, *, is_deleted: bool
) -> None:
    """What the remote had before the push may stand there again: then the push is gone."""

    async def story() -> None:
        async with await Repository.open(box.url if kind == "url" else str(box.clone)) as one:
            base: str | None = None
            if not is_deleted:
                base = await one.publish(None, {"status/a": b"1"}, message="m", now=NOW)
            await one.refresh()
            await one.publish(base, {"status/a": b"2"}, message="m", now=NOW)
            git(box.bare, "update-ref", *(["-d"] if is_deleted else []), ref, *filter(None, [base]))
            await one.refresh()
            assert (await one.status()).tip == base
            await one.publish(base, {"status/a": b"3"}, message="m", now=NOW)

    ref = f"refs/heads/{STATUS}"
    run(story())
    assert git(box.bare, "show", f"{ref}:status/a") == "3"


@pytest.mark.parametrize("by", ["files", "git"])
def test_what_another_process_has_fetched_by_now_is_not_taken_back(box: Box, by: str) -> None:
    """Two runs at one clone share its refs: a push notes no tip that is older than a known one."""
    ref, own = f"refs/heads/{STATUS}", tracking_ref("origin", STATUS)
    if by == "git":
        git(box.clone, "config", "include.path", "elsewhere")
    # While the server still talks to the push, another one writes, and its commit is fetched.
    box.hook(
        "post-receive",
        f"""unset $(git rev-parse --local-env-vars)
        cd {box.bare} && later=$(git -c user.name=a -c user.email=b commit-tree -p {ref} \
            -m later {ref}^{{tree}}) && git update-ref {ref} $later
        git -C {box.clone} fetch --quiet origin +{ref}:{own}""",
    )

    async def story() -> None:
        async with await Repository.open(str(box.clone)) as one:
            assert (await one.status()).tip is None
            commit = await one.publish(None, {"status/a": b"1"}, message="m", now=NOW)
            later = git(box.bare, "rev-parse", ref)
            assert git(box.bare, "rev-parse", f"{ref}^") == commit
            assert (await one.status()).tip == git(box.clone, "rev-parse", own) == later

    run(story())


def test_a_file_is_asked_once_who_changed_it(box: Box, noted: NotedCommands) -> None:
    """What a commit's history says never changes; of another commit it is asked again."""

    async def story() -> list[str]:
        async with await Repository.open(str(box.clone)) as repository:
            for commit in (first, first, second, second):
                found = await repository.last_change(commit, "fleet/a.yaml")
                assert found is not None
                assert found.id == commit
            return noted.names()

    first = git(box.clone, "rev-parse", "HEAD")
    second = box.commit({"fleet/a.yaml": "kind: B\n"})
    noted.clear()
    assert run(story()).count("rev-list") == 2
