"""Reading the files of a commit, from every kind of location."""

import os
from pathlib import Path

import pytest

from pairctl.repo import (
    FileRefused,
    FolderNotFound,
    GitFailed,
    NotARepository,
    RefNotFound,
    Repository,
    RepositoryError,
    UrlNotAllowed,
)
from repo_factory import (
    NOW,
    Box,
    blob,
    commit_tree,
    git,
    make_box,
    note_commands,
    run,
    tree,
)


async def read(location: Path | str, ref: str = "HEAD", under: str = "") -> dict[str, bytes]:
    """The documents at `ref`, by path."""
    async with await Repository.open(str(location)) as repository:
        files = await repository.files(await repository.resolve(ref), under)
        assert files.refused == ()
        return {source.path: source.content for source in files.sources}


async def refused(location: Path, ref: str = "main") -> dict[str, str]:
    """The reasons of what is refused at `ref`, by path."""
    repository = await Repository.open(str(location))
    files = await repository.files(await repository.resolve(ref))
    return {entry.path: entry.problem.reason for entry in files.refused}


def where(box: Box, kind: str) -> str:
    """The location of one kind."""
    places = {"clone": box.clone, "git": box.clone / ".git", "bare": box.bare, "url": box.url}
    return str(places[kind])


@pytest.mark.parametrize("kind", ["clone", "git", "bare", "url"])
def test_every_kind_of_location_gives_the_same_files(tmp_path: Path, kind: str) -> None:
    """A work tree, its .git, a bare repository and a URL are one repository."""
    box = make_box(tmp_path, {"b.yml": "b: 1\n", "x/a.yaml": "a: 1\n", "README.md": "#"})
    (box.clone / "uncommitted.yaml").write_text("never: read\n")
    assert run(read(where(box, kind))) == {"b.yml": b"b: 1\n", "x/a.yaml": b"a: 1\n"}


@pytest.mark.parametrize("kind", ["clone", "bare", "url"])
def test_a_branch_a_tag_and_an_id_name_commits(tmp_path: Path, kind: str) -> None:
    """Old commits stay readable by every name they have; a tag is followed to its commit."""
    box = make_box(tmp_path, {"a.yaml": "old\n"})
    old = git(box.clone, "rev-parse", "HEAD")
    git(box.clone, "tag", "--annotate", "v1", "--message", "v1")
    git(box.clone, "branch", "release/1")
    git(box.clone, "push", "--quiet", "origin", "v1", "release/1")
    new = box.commit({"a.yaml": "new\n"})

    async def ids() -> list[str]:
        async with await Repository.open(where(box, kind)) as repository:
            names = ["v1", "release/1", "refs/heads/release/1", "refs/tags/v1", old, old[:9]]
            return [await repository.resolve(name) for name in [*names, "main", "HEAD"]]

    assert run(ids()) == [old] * 6 + [new] * 2


@pytest.mark.parametrize("kind", ["clone", "bare", "url"])
def test_an_unknown_ref_is_answered_with_those_that_exist(tmp_path: Path, kind: str) -> None:
    """A person who mistypes a branch reads what there is."""
    box = make_box(tmp_path)
    with pytest.raises(RefNotFound, match=r"'mian'.*there are: main"):
        run(read(where(box, kind), "mian"))


@pytest.mark.parametrize("as_url", [False, True])
def test_an_empty_repository_has_no_commit_to_read(tmp_path: Path, as_url: bool) -> None:
    """No commit is an error of its own, not an empty set of intents."""
    git(tmp_path, "init", "--quiet", "--bare", "empty.git")
    place = tmp_path / "empty.git"
    with pytest.raises(RefNotFound, match=r"no branch and no tag.*make the first commit"):
        run(read(f"file://{place}" if as_url else place))


def test_a_folder_limits_what_is_read(tmp_path: Path) -> None:
    """Below a folder means below it: a sibling with the same beginning is another folder."""
    box = make_box(tmp_path, {"fleet/a.yaml": "1", "fleet-old/b.yaml": "2", "c.yaml": "3"})
    assert run(read(box.clone, under="fleet")) == {"fleet/a.yaml": b"1"}
    assert run(read(box.clone, under="fleet/")) == {"fleet/a.yaml": b"1"}
    with pytest.raises(FolderNotFound, match="nowhere"):
        run(read(box.clone, under="nowhere"))


def test_one_file_is_read_by_its_path(tmp_path: Path) -> None:
    """Any plain file can be asked for; a folder or nothing is None."""
    box = make_box(tmp_path, {"tls/ca.pem": b"\x00\xffpem", "a.yaml": ""})

    async def ask() -> list[bytes | None]:
        repository = await Repository.open(str(box.clone))
        commit = await repository.resolve()
        return [
            await repository.file(commit, path) for path in ("tls/ca.pem", "tls", "x", "a.yaml")
        ]

    assert run(ask()) == [b"\x00\xffpem", None, None, b""]


def test_the_ids_of_files_change_with_their_content(tmp_path: Path) -> None:
    """The same bytes have the same id at every path; folders, links and odd names have none."""
    box = make_box(tmp_path, {"a/one.txt": "1", "b/two.txt": "1", "c/*.txt": "3"})
    (box.clone / "link").symlink_to("a/one.txt")
    before = box.commit({"c/x.txt": "4"})
    after = box.commit({"a/one.txt": "2"})
    asked = ["a/one.txt", "b/two.txt", "a", "link", "nowhere", "../up", "-rf", "c/*.txt"]

    async def ids(*paths: str, commit: str = before) -> dict[str, str]:
        repository = await Repository.open(str(box.clone))
        return dict(await repository.object_ids(commit, paths))

    found = run(ids(*asked))
    assert sorted(found) == ["a/one.txt", "b/two.txt", "c/*.txt"]
    assert found["a/one.txt"] == found["b/two.txt"]
    assert run(ids("a/one.txt", commit=after)) != run(ids("a/one.txt"))
    many = [f"n/{number}" for number in range(600)]
    assert run(ids(*asked, *many)) == found
    assert run(ids()) == {}


def test_odd_entries_are_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    """Links and paths that no checkout should hold are told, never followed; submodules rest."""
    box = make_box(tmp_path)
    good = blob(box.bare, b"good: 1\n")
    link = blob(box.bare, b"/etc/passwd")
    root = tree(
        box.bare,
        ("100644", "blob", good, b"good.yaml"),
        ("120000", "blob", link, b"link.yaml"),
        ("120000", "blob", blob(box.bare, b"../other"), b"folder"),
        ("160000", "commit", "1" * 40, b"module"),
        ("100644", "blob", good, b"bad\n\x1b[2J.yaml"),
        ("100644", "blob", good, b"\xff.yaml"),
        ("100644", "blob", good, b"-rf.yaml"),
    )
    commit_tree(box.bare, root)
    assert run(refused(box.bare)) == {
        "link.yaml": "SymlinkNotAllowed",
        "folder": "SymlinkNotAllowed",
        "bad\\n\\x1b[2J.yaml": "BadPath",
        "\\xff.yaml": "BadPath",
        "-rf.yaml": "BadPath",
    }

    async def one(path: str) -> bytes | None:
        repository = await Repository.open(str(box.bare))
        return await repository.file(await repository.resolve("main"), path)

    assert run(one("good.yaml")) == b"good: 1\n"
    assert run(one("folder/x.yaml")) is None
    with pytest.raises(FileRefused, match="symbolic link"):
        run(one("link.yaml"))


def test_files_too_large_or_stored_elsewhere_are_refused(tmp_path: Path) -> None:
    """A large file is refused by its size, an LFS pointer by what it is."""
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 9\n"
    box = make_box(
        tmp_path,
        {"most.yaml": b"x" * (256 << 10), "more.yaml": b"x" * ((256 << 10) + 1), "l.yaml": pointer},
    )
    assert run(refused(box.clone)) == {"more.yaml": "FileTooLarge", "l.yaml": "LfsPointer"}


def test_the_content_of_a_file_too_large_is_never_read(tmp_path: Path) -> None:
    """The size is asked first: content that could not even be read does no harm."""
    box = make_box(tmp_path)
    large = blob(box.bare, os.urandom(300 << 10))
    stored = box.bare / "objects" / large[:2] / large[2:]
    stored.chmod(0o600)
    os.truncate(stored, 4096)
    commit_tree(box.bare, tree(box.bare, ("100644", "blob", large, b"large.yaml")))
    assert run(refused(box.bare)) == {"large.yaml": "FileTooLarge"}


def test_attributes_of_the_repository_change_no_byte(tmp_path: Path) -> None:
    """Blobs are read raw: line ends and filters belong to checkouts."""
    attributes = "*.yaml text eol=crlf working-tree-encoding=UTF-16 filter=evil\n"
    box = make_box(tmp_path, {".gitattributes": attributes})
    box.commit({"a.yaml": "a: 1\n".encode("utf-16")})
    assert run(read(box.clone))["a.yaml"] == b"a: 1\n"


def test_two_thousand_files_come_back_whole_and_sorted(tmp_path: Path) -> None:
    """A fleet is read in a handful of processes, in the order of its paths."""
    files = {f"fleet/{n % 7}/{n}.yaml": f"n: {n}\n" for n in range(2000)}
    box = make_box(tmp_path, files)
    found = run(read(box.url))
    assert list(found) == sorted(files)
    assert found == {path: content.encode() for path, content in files.items()}


def test_what_a_commit_holds_is_read_in_two_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names with sizes, then contents with folders: of documents, and of the status branch.

    What the commit holds is known from then on, until another commit is read.
    """
    box, noted = make_box(tmp_path, {"x/a.yaml": "a: 1\n"}), note_commands(tmp_path, monkeypatch)

    async def story() -> None:
        async with await Repository.open(str(box.bare)) as repository:
            await repository.publish(None, {"status/a.yaml": b"1"}, message="m", now=NOW)
            first = await repository.resolve()
            noted.clear()
            await repository.files(first)
            assert noted.names() == ["ls-tree", "cat-file"]
            ids = await repository.object_ids(first, ["x/a.yaml", "x/b.yaml", "x"])
            assert ids == {"x/a.yaml": git(box.bare, "rev-parse", f"{first}:x/a.yaml")}
            assert noted.names() == ["ls-tree", "cat-file"]
            second = box.commit({"x/a.yaml": "a: 2\n"})
            ids = await repository.object_ids(second, ["x/a.yaml"])
            assert ids == {"x/a.yaml": git(box.bare, "rev-parse", f"{second}:x/a.yaml")}
        async with await Repository.open(str(box.bare)) as repository:
            noted.clear()
            assert dict((await repository.status()).files) == {"status/a.yaml": b"1"}
            assert noted.names() == ["ls-tree", "cat-file"]

    run(story())


def test_head_is_looked_up_where_it_stands_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A HEAD that plainly stands where it stood costs no command; moved or detached, it does."""
    box, noted = make_box(tmp_path), note_commands(tmp_path, monkeypatch)

    async def story() -> None:
        async with await Repository.open(str(box.clone)) as repository:
            first = await repository.resolve()
            noted.clear()
            assert await repository.resolve() == first
            assert noted.names() == []
            second = box.commit({"b.yaml": "b: 1\n"})
            assert await repository.resolve() == second
            git(box.clone, "checkout", "--quiet", "--detach", first)
            assert await repository.resolve() == first

    run(story())


def test_a_git_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """A tree of trees of trees that lists billions of paths ends at the bound."""
    box = make_box(tmp_path)
    kind, mode, oid = "blob", "100644", blob(box.bare, b"x")
    for _ in range(10):
        oid = tree(box.bare, *((mode, kind, oid, b"%d.yaml" % n) for n in range(10)))
        kind, mode = "tree", "040000"
    commit_tree(box.bare, oid)
    with pytest.raises(RepositoryError, match=r"more than|is the most"):
        run(refused(box.bare))


@pytest.mark.parametrize("name", ["nothing", "folder", "file"])
def test_a_path_without_a_repository_says_so(tmp_path: Path, name: str) -> None:
    """What is not a repository is named, with what would be one."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(NotARepository, match=name):
        run(read(tmp_path / name))


@pytest.mark.parametrize(
    ("content", "why"),
    [("gitdir: /nowhere/.git/worktrees/x\n", "/nowhere/.git/worktrees/x"), ("", "names none")],
)
@pytest.mark.parametrize("below", ["", "fleet"])
def test_a_work_tree_without_its_clone_is_told_from_no_repository(
    tmp_path: Path, content: str, why: str, below: str
) -> None:
    """Its file `.git` names a place that is not there; `git init` would not help."""
    (tmp_path / "tree/fleet").mkdir(parents=True)
    (tmp_path / "tree/.git").write_text(content)
    with pytest.raises(NotARepository, match=why) as caught:
        run(read(tmp_path / "tree" / below))
    assert "git init" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "hint"),
    [
        ("[[[\n", "mend that line"),
        ("[core]\n\trepositoryFormatVersion = 99\n", "a newer git reads it"),
        ("[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\tnew = 1\n", "a newer git"),
    ],
)
def test_a_configuration_that_git_does_not_read_is_told_with_what_to_do(
    tmp_path: Path, settings: str, hint: str
) -> None:
    """`git fsck` is no help there."""
    box = make_box(tmp_path)
    with (box.clone / ".git/config").open("a") as file:
        file.write(settings)
    with pytest.raises(GitFailed) as caught:
        run(read(box.clone))
    assert hint in caught.value.problem.hint


def test_a_clones_remote_must_be_of_an_allowed_form_too(tmp_path: Path) -> None:
    """A URL from the clone's configuration is checked like one from the command line."""
    box = make_box(tmp_path)
    git(box.clone, "remote", "set-url", "origin", f"ext::touch {tmp_path}/owned")
    with pytest.raises(UrlNotAllowed):
        run(read(box.clone))
    assert not (tmp_path / "owned").exists()


def test_a_clone_is_read_without_asking_its_remote(tmp_path: Path) -> None:
    """Intents of a local clone are local: an unreachable remote does not matter for them."""
    box = make_box(tmp_path)
    git(box.clone, "remote", "set-url", "origin", str(tmp_path / "gone.git"))
    assert run(read(box.clone)) == {"fleet/a.yaml": b"kind: A\n"}


@pytest.mark.parametrize("kind", ["clone", "bare", "url"])
def test_the_watch_token_changes_with_the_ref(tmp_path: Path, kind: str) -> None:
    """A poller learns of a new commit without fetching it; what did not move has its old token."""
    box = make_box(tmp_path)

    async def tokens() -> tuple[str, str, str]:
        async with await Repository.open(where(box, kind)) as repository:
            before = await repository.watch_token("main")
            again = await repository.watch_token("HEAD")
            box.commit({"b.yaml": "b"})
            return before, again, await repository.watch_token("main")

    before, again, after = run(tokens())
    assert before == again != after
    assert after == git(box.bare, "rev-parse", "main")


@pytest.mark.parametrize("kind", ["clone", "url"])
def test_watching_a_branch_that_goes_away_says_so(tmp_path: Path, kind: str) -> None:
    """A deleted branch is an error for its watcher, not a ref that never moves again."""
    box = make_box(tmp_path)
    git(box.clone, "branch", "extra")
    git(box.clone, "push", "--quiet", "origin", "extra")

    async def story() -> None:
        async with await Repository.open(where(box, kind)) as repository:
            assert await repository.watch_token("extra")
            git(box.clone, "branch", "--delete", "--remotes", "origin/extra")
            for place in (box.bare, box.clone):
                git(place, "branch", "-D", "extra")
            with pytest.raises(RefNotFound):
                await repository.watch_token("extra")

    run(story())


def test_a_linked_work_tree_is_read_at_its_own_head(tmp_path: Path) -> None:
    """HEAD of a linked work tree is its own; the objects are those of the main repository."""
    box = make_box(tmp_path, {"a.yaml": "old\n"})
    git(box.clone, "worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    box.commit({"a.yaml": "new\n"})
    assert run(read(tmp_path / "linked")) == {"a.yaml": b"old\n"}


def test_refresh_brings_new_deleted_and_renamed_branches(tmp_path: Path) -> None:
    """After a refresh a clone URL shows the remote as it is now, its default branch included."""
    box = make_box(tmp_path)

    async def follow() -> str:
        async with await Repository.open(box.url) as repository:
            await repository.refresh()
            git(box.bare, "branch", "--move", "main", "trunk/main")
            git(box.bare, "symbolic-ref", "HEAD", "refs/heads/trunk/main")
            await repository.refresh()
            with pytest.raises(RefNotFound, match="there are: trunk/main"):
                await repository.resolve("main")
            return await repository.resolve("HEAD")

    assert run(follow()) == git(box.bare, "rev-parse", "trunk/main")
