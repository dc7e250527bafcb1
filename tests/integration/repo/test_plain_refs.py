"""Where refs stand, read from Git's own files: the same as Git says, or left to Git."""

from pathlib import Path

import pytest

from pairctl.repo.plain_refs import move_plain_ref, read_plain_ref
from repo_factory import git, make_box

MAIN = "refs/heads/main"


@pytest.fixture
def git_dir(tmp_path: Path) -> Path:
    """Give the Git directory of a clone with one commit on main."""
    return make_box(tmp_path).clone / ".git"


def main_of(git_dir: Path) -> str:
    """Ask Git where main stands."""
    return git(git_dir, "rev-parse", MAIN)


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_ref_stands_where_git_says(git_dir: Path, *, is_packed: bool) -> None:
    """A ref has a file of its own, or a line in that of the packed ones; the own file wins."""
    if is_packed:
        git(git_dir, "pack-refs", "--all", "--prune")
        assert not (git_dir / MAIN).exists()
    assert read_plain_ref(git_dir, MAIN) == main_of(git_dir)
    tree = git(git_dir, "rev-parse", f"{MAIN}^{{tree}}")
    git(git_dir, "update-ref", MAIN, git(git_dir, "commit-tree", tree, "-m", "another"))
    assert read_plain_ref(git_dir, MAIN) == main_of(git_dir)


def test_a_ref_that_is_not_there_stands_nowhere(git_dir: Path) -> None:
    """A name that only begins or ends like another is another."""
    git(git_dir, "update-ref", "refs/heads/main2", MAIN)
    git(git_dir, "pack-refs", "--all", "--prune")
    assert read_plain_ref(git_dir, "refs/heads/mai") == ""
    assert read_plain_ref(git_dir, "refs/heads/ain") == ""


def test_a_linked_work_tree_has_the_refs_of_its_repository(git_dir: Path, tmp_path: Path) -> None:
    """Branches are those of all work trees; what is one work tree's own is asked of Git."""
    git(git_dir.parent, "worktree", "add", "--quiet", "-b", "beside", str(tmp_path / "beside"))
    own = git_dir / "worktrees/beside"
    assert read_plain_ref(own, MAIN) == main_of(git_dir)
    assert read_plain_ref(own, "refs/worktree/x") is None


@pytest.mark.parametrize(
    "content", ["ref: refs/heads/other\n", "", "x" * 40, "a" * 39, "a" * 41, "a" * 40 + " \nx"]
)
def test_what_is_no_plain_id_is_asked_of_git(git_dir: Path, content: str) -> None:
    """A ref that stands for another one, or is broken, says nothing plainly."""
    (git_dir / MAIN).write_text(content)
    assert read_plain_ref(git_dir, MAIN) is None


def test_a_ref_that_is_a_link_or_a_folder_is_asked_of_git(git_dir: Path) -> None:
    """A link is another name of a ref, too."""
    (git_dir / "refs/heads/link").symlink_to("main")
    (git_dir / "refs/heads/folder").mkdir()
    assert read_plain_ref(git_dir, "refs/heads/link") is None
    assert read_plain_ref(git_dir, "refs/heads/folder") is None


@pytest.mark.parametrize("ref", ["HEAD", "refs/bisect/bad", "main"])
def test_what_is_no_shared_full_name_is_asked_of_git(git_dir: Path, ref: str) -> None:
    """HEAD and its like belong to one work tree."""
    assert read_plain_ref(git_dir, ref) is None


def test_refs_in_another_store_are_asked_of_git(git_dir: Path) -> None:
    """Where Git keeps refs as tables there is no file of a ref, whatever is left of them."""
    (git_dir / "reftable").mkdir()
    assert read_plain_ref(git_dir, MAIN) is None


OWN = "refs/pairctl/status-of/x"


def test_a_ref_is_moved_as_git_sees_it(git_dir: Path) -> None:
    """A new one, one that is there, and one that was packed: and no lock is left."""
    first = main_of(git_dir)
    assert move_plain_ref(git_dir, OWN, "", first)
    assert git(git_dir, "rev-parse", OWN) == first
    git(git_dir, "pack-refs", "--all", "--prune")
    tree = git(git_dir, "rev-parse", f"{MAIN}^{{tree}}")
    second = git(git_dir, "commit-tree", tree, "-m", "another")
    assert move_plain_ref(git_dir, OWN, first, second)
    assert git(git_dir, "rev-parse", OWN) == second
    for before in ("", first):  # it does not stand there any more
        assert not move_plain_ref(git_dir, OWN, before, first)
    assert git(git_dir, "rev-parse", OWN) == second
    assert not list(git_dir.rglob("*.lock"))


def test_nothing_is_left_in_a_store_of_another_kind(git_dir: Path) -> None:
    """Where Git keeps refs as tables, no folder of a ref is made."""
    (git_dir / "reftable").mkdir()
    assert not move_plain_ref(git_dir, OWN, "", "a" * 40)
    assert not (git_dir / OWN).parent.exists()


@pytest.mark.parametrize("why", ["locked", "link", "logged", "shared", "included"])
def test_a_ref_that_git_is_to_move_is_left_as_it_is(git_dir: Path, why: str) -> None:
    """Another writer's lock, another ref's name, a log, and rules of the repository are Git's."""
    first, ref = main_of(git_dir), git_dir / OWN
    ref.parent.mkdir(parents=True)
    match why:
        case "locked":
            ref.with_name("x.lock").touch()
        case "link":
            ref.symlink_to(git_dir / MAIN)
        case "logged":
            (git_dir / "logs" / OWN).parent.mkdir(parents=True)
            (git_dir / "logs" / OWN).touch()
        case "shared":
            git(git_dir, "config", "core.sharedRepository", "group")
        case _:
            git(git_dir, "config", "include.path", "elsewhere")
    before = main_of(git_dir), ref.exists()
    assert not move_plain_ref(git_dir, OWN, first if why == "link" else "", "a" * 40)
    assert (main_of(git_dir), ref.exists()) == before
    assert first == before[0]
