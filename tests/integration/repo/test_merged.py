"""Which commit a ref of a clone names at the clone's remote: what is merged, not what is here."""

from pathlib import Path

import pytest

from pairctl.repo import NotPushed, RefNotFound, Repository, Tracking
from repo_factory import Box, NotedCommands, git, make_box, note_commands, run
from repo_http_factory import serve


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Make a box whose clone has one commit more on main than its remote."""
    made = make_box(tmp_path)
    commit_here(made, "not pushed")
    return made


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NotedCommands:
    """Note each git command that is run."""
    return note_commands(tmp_path, monkeypatch)


def commit_here(box: Box, message: str) -> str:
    """Commit in the clone alone; gives the commit's id."""
    git(box.clone, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(box.clone, "rev-parse", "HEAD")


def commit_there(box: Box, branch: str = "main", *, start: str = "") -> str:
    """Commit at the remote alone, on a branch that may be new; gives the commit's id."""
    tip = git(box.bare, "rev-parse", start or branch)
    tree = git(box.bare, "rev-parse", f"{tip}^{{tree}}")
    commit = git(box.bare, "commit-tree", tree, "-p", tip, "-m", f"theirs on {branch}")
    git(box.bare, "update-ref", f"refs/heads/{branch}", commit)
    return commit


def merged(box: Box, *refs: str, location: str = "", remote: str | None = "origin") -> list[str]:
    """Resolve refs where they are merged."""

    async def story() -> list[str]:
        async with await Repository.open(location or str(box.clone), remote=remote) as repository:
            return [await repository.merged(ref) for ref in refs]

    return run(story())


def there(box: Box, ref: str = "main") -> str:
    """Give what a ref is at the remote."""
    return git(box.bare, "rev-parse", f"{ref}^{{commit}}")


def test_head_is_the_branch_that_is_checked_out_as_the_remote_has_it(box: Box) -> None:
    """Neither what is only here nor what was last fetched counts: it is asked, and fetched."""
    assert merged(box, "HEAD") == [there(box)]
    newer = commit_there(box)
    assert merged(box, "HEAD", "main") == [newer, newer]
    git(box.bare, "update-ref", "refs/heads/main", f"{newer}^")
    assert merged(box, "HEAD") == [there(box)] != [newer]


def test_a_branch_follows_another_where_it_is_configured_to(box: Box) -> None:
    """As `git pull` has it: by this remote's name for it; another remote's is not this one's."""
    release = commit_there(box, "release", start="main")
    git(box.clone, "checkout", "--quiet", "-b", "work")
    git(box.clone, "fetch", "--quiet", "origin")
    with pytest.raises(NotPushed, match="'work', which HEAD is, is not at origin"):
        merged(box, "HEAD")
    git(box.clone, "branch", "--quiet", "--set-upstream-to", "origin/release")
    assert merged(box, "HEAD") == [release]
    with pytest.raises(NotPushed, match="'work' is not at origin"):
        merged(box, "work")  # by its own name it is what the remote calls so
    git(box.clone, "config", "branch.work.remote", str(box.bare))
    assert merged(box, "HEAD") == [release]
    git(box.clone, "config", "branch.work.remote", "another")
    with pytest.raises(NotPushed):
        merged(box, "HEAD")


def test_a_branch_and_a_tag_are_those_of_the_remote(box: Box) -> None:
    """Whatever the clone has by that name; also as the clone calls what it tracks."""
    git(box.bare, "tag", "--annotate", "v1", "--message", "v1", "main")
    git(box.clone, "tag", "v1")
    feature = commit_there(box, "feature/a", start="main")
    names = ["main", "refs/heads/main", "origin/main", "refs/remotes/origin/main", "origin/HEAD"]
    assert merged(box, *names) == [there(box)] * 5
    assert merged(box, "v1", "refs/tags/v1") == [there(box, "v1")] * 2
    assert merged(box, "feature/a", "origin/feature/a") == [feature] * 2
    git(box.bare, "branch", "origin/main", "feature/a")
    assert merged(box, "origin/main") == [feature]  # the remote has one of that very name


def test_a_commit_id_has_to_be_on_a_branch_or_tag_of_the_remote(box: Box) -> None:
    """An old one, a short one, one that only a tag holds; not one that is only here."""
    old = there(box)
    newest = commit_there(box)
    tagged = commit_there(box, "gone", start="main")
    git(box.bare, "tag", "keeps", tagged)
    git(box.bare, "branch", "--quiet", "-D", "gone")
    assert merged(box, old, newest, tagged, old[:9]) == [old, newest, tagged, old]
    mine = git(box.clone, "rev-parse", "HEAD")
    with pytest.raises(NotPushed, match=r"on no branch and no tag of origin.*--local"):
        merged(box, mine)
    with pytest.raises(RefNotFound, match="names no commit at origin, which has: keeps, main"):
        merged(box, "1" * 40)


def test_a_detached_head_is_a_commit_id(box: Box) -> None:
    """What it names has to be at the remote, on whatever branch."""
    mine, old = git(box.clone, "rev-parse", "HEAD"), there(box)
    git(box.clone, "checkout", "--quiet", "--detach")
    with pytest.raises(NotPushed, match=f"HEAD is no branch, and commit {mine[:7]}"):
        merged(box, "HEAD")
    commit_there(box)
    git(box.clone, "checkout", "--quiet", old)
    assert merged(box, "HEAD") == [old]


def test_what_the_remote_has_not_is_refused(box: Box) -> None:
    """What only the clone has is told apart from what nobody has."""
    git(box.clone, "tag", "mine")
    git(box.clone, "branch", "deadbeef")
    for name in ("mine", "deadbeef"):
        with pytest.raises(NotPushed, match=r"is not at origin: only this clone has it \(push it"):
            merged(box, name)
    with pytest.raises(RefNotFound, match="'mian' names no commit at origin, which has: main"):
        merged(box, "mian")
    git(box.clone, "checkout", "--quiet", "--orphan", "unborn")
    with pytest.raises(RefNotFound, match="'unborn' names no commit at origin"):
        merged(box, "HEAD")


def test_a_branch_takes_the_place_of_a_folder_of_branches(box: Box) -> None:
    """What was fetched before is in nobody's way."""
    merged(box, "main", git(box.bare, "rev-parse", "main"))
    for name, other in (("a", "a/b"), ("a/b", "a")):
        git(box.bare, "branch", name, "main")
        merged(box, name)
        git(box.bare, "branch", "--quiet", "-D", name)
        new = commit_there(box, other, start="main")
        assert merged(box, other, new) == [new, new]
        git(box.bare, "branch", "--quiet", "-D", other)


def test_the_users_refs_and_configuration_are_left_as_they_were(box: Box) -> None:
    """What is fetched stands below `refs/pairctl/`; remote-tracking branches do not move."""
    commit_there(box)
    git(box.bare, "tag", "v1", "main")
    mine = ("refs/heads", "refs/remotes", "refs/tags")

    def seen() -> tuple[str, str, str, bytes]:
        return (
            git(box.clone, "for-each-ref", *mine),
            git(box.clone, "--no-optional-locks", "status", "--porcelain=v2", "--branch"),
            (box.clone / ".git/config").read_text(),
            (box.clone / ".git/index").read_bytes(),
        )

    before = seen()
    merged(box, "HEAD", "v1", there(box, "main^"))
    assert seen() == before
    assert not (box.clone / ".git/FETCH_HEAD").exists()


def test_without_two_sides_it_is_what_the_repository_has(box: Box) -> None:
    """A path without remote, a path that stands for itself alone, and a clone URL."""
    mine = git(box.clone, "rev-parse", "HEAD")
    assert merged(box, "HEAD", "main", remote=None) == [mine, mine]
    assert merged(box, "HEAD", location=str(box.bare)) == [there(box)]
    assert merged(box, "HEAD", location=box.url) == [there(box)]


def test_a_shallow_clone_will_do(box: Box) -> None:
    """As jobs have them: one commit, HEAD on its branch, or on none."""
    commit_there(box)
    git(box.root, "clone", "--quiet", "--depth", "1", box.url, "shallow")
    shallow = box.root / "shallow"
    first = there(box)
    newer = commit_there(box)
    assert merged(box, "HEAD", location=str(shallow)) == [newer]
    git(shallow, "checkout", "--quiet", "--detach")
    assert merged(box, "HEAD", location=str(shallow)) == [first]


def test_its_token_moves_with_the_remote_and_fetches_nothing(box: Box) -> None:
    """Whoever polls it learns of a push of others, and of none of the clone's own commits."""

    async def story() -> list[str]:
        async with await Repository.open(str(box.clone)) as repository:
            tokens = [await repository.merged_token()]
            commit_here(box, "mine")
            tokens.append(await repository.merged_token())
            tokens.append(commit_there(box))
            tokens.append(await repository.merged_token())
            return tokens

    first, second, theirs, third = run(story())
    assert first == second != third
    assert third == theirs
    assert git(box.clone, "for-each-ref", "refs/pairctl") == ""


def test_a_clone_beside_its_remote(box: Box) -> None:
    """How far it is ahead and behind, and whether the remote has it at all."""

    async def tracking(ref: str = "HEAD", location: str = "") -> Tracking | None:
        async with await Repository.open(location or str(box.clone)) as repository:
            return await repository.tracking(ref)

    mine, theirs = git(box.clone, "rev-parse", "HEAD"), there(box)
    assert run(tracking()) == Tracking("origin", "main", "refs/heads/main", mine, theirs, 1, 0)
    newer = commit_there(box)
    assert run(tracking()) == Tracking("origin", "main", "refs/heads/main", mine, newer, 1, 1)
    git(box.clone, "checkout", "--quiet", "-b", "work")
    assert run(tracking()) == Tracking("origin", "work", "refs/heads/work", mine, None)
    assert run(tracking(mine)) == Tracking("origin", mine, "", mine, None)
    assert run(tracking(theirs)) == Tracking("origin", theirs, "", theirs, theirs)
    assert run(tracking(location=box.url)) is None
    assert run(tracking(location=str(box.bare))) is None


@pytest.mark.parametrize("is_link", [False, True])
def test_head_on_another_name_of_a_branch_is_that_branch(box: Box, *, is_link: bool) -> None:
    """As Git has it: a branch of the remote that is called as the other name is not meant."""
    commit_there(box, "old", start="main")
    if is_link:
        (box.clone / ".git/refs/heads/old").symlink_to("refs/heads/main")
    else:
        git(box.clone, "symbolic-ref", "refs/heads/old", "refs/heads/main")
    (box.clone / ".git/HEAD").write_text("ref: refs/heads/old\n")
    assert git(box.clone, "symbolic-ref", "HEAD") == "refs/heads/main"
    assert merged(box, "HEAD") == [there(box, "main")] != [there(box, "old")]


@pytest.mark.parametrize(
    ("ref", "names"),
    [
        ("HEAD", {"work", "release"}),
        ("main", {"main"}),
        ("refs/heads/main", {"main"}),
        ("origin/main", {"main", "origin/main"}),
        ("refs/remotes/origin/main", {"main"}),
        ("refs/tags/main", set()),
        ("1" * 40, set()),
    ],
)
def test_the_branches_that_a_ref_may_name(box: Box, ref: str, names: set[str]) -> None:
    """Here and at the remote, whether they are there or not."""
    git(box.bare, "branch", "release", "main")
    git(box.clone, "fetch", "--quiet", "origin")
    git(box.clone, "checkout", "--quiet", "-b", "work", "--track", "origin/release")

    async def story() -> frozenset[str]:
        async with await Repository.open(str(box.clone)) as repository:
            return await repository.branches_named(ref)

    assert run(story()) == names


@pytest.mark.parametrize(("is_served", "asked"), [(True, ["ls-remote"]), (False, [])])
def test_asking_again_what_is_merged_takes_one_command_at_most(
    box: Box, noted: NotedCommands, *, is_served: bool, asked: list[str]
) -> None:
    """A `watch` asks every few seconds: what HEAD is, and follows, is asked where it may differ.

    Where a remote on this machine keeps the branch is read without a process.
    """
    release = commit_there(box, "release", start="main")
    with serve(box.bare) as server:
        if is_served:
            git(box.clone, "remote", "set-url", "origin", server.url)
        main, names, later, followed = run(_asked_again(box, noted))
    of_server = {"http-backend", "upload-pack"}
    assert [name for name in names if name not in of_server] == asked
    assert (main, later, followed) == (there(box, "main~1"), there(box), release)


async def _asked_again(box: Box, noted: NotedCommands) -> tuple[str, list[str], str, str]:
    async with await Repository.open(str(box.clone)) as repository:
        await repository.merged_token("HEAD")
        noted.clear()
        main = await repository.merged_token("HEAD")
        names = noted.names()
        commit_there(box)
        later = await repository.merged_token("HEAD")
        git(box.clone, "config", "branch.main.merge", "refs/heads/release")
        return main, names, later, await repository.merged_token("HEAD")


def test_a_branch_that_the_remote_hides_from_then_on_is_asked_for(
    box: Box, noted: NotedCommands
) -> None:
    """Only what is there plainly is read without Git: of all else Git says what it is."""

    async def story() -> list[str]:
        async with await Repository.open(str(box.clone)) as repository:
            await repository.merged_token("HEAD")
            git(box.bare, "symbolic-ref", "refs/heads/main", "refs/heads/other")
            noted.clear()
            git(box.bare, "update-ref", "refs/heads/other", there_before)
            await repository.merged_token("HEAD")
            return noted.names()

    there_before = there(box)
    assert run(story()) == ["ls-remote"]
