"""Documents of a work tree beside its commit."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cli_factory import ROOT, git, pairctl
from pairctl.engine import read_source, uncommitted
from pairctl.repo import Repository
from spec_factory import file_of, palette


def found(folder: Path, under: str = "") -> tuple[str, ...]:
    """Compare a work tree with its HEAD."""

    async def story() -> tuple[str, ...]:
        async with await Repository.open(str(folder)) as repository:
            source = await read_source(repository, "HEAD", under)
            return await uncommitted(repository, source, folder, under)

    return asyncio.run(story())


@pytest.fixture(params=["sha1", "sha256"])
def clone(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Make a work tree with three documents, committed."""
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "--quiet", f"--object-format={request.param}")
    for name in ("changed", "gone", "other/same"):
        path = folder / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file_of(palette(name=name.rpartition("/")[2])).content + b"\n")
    (folder / "README.md").write_text("x")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "add documents")
    return folder


def test_what_is_as_committed_is_not_told(clone: Path) -> None:
    """Other files are no documents, and line ends are the checkout's business."""
    (clone / "README.md").write_text("y")
    same = clone / "other" / "same.yaml"
    same.write_bytes(same.read_bytes().replace(b"\n", b"\r\n"))
    assert found(clone) == ()


def test_what_is_not_read_of_a_commit_is_not_told(clone: Path) -> None:
    """Nothing is known of it, and another finding is about it."""
    (clone / "-dash.yaml").write_text("# nothing\n")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "add what is refused")
    assert found(clone) == ()


def test_changed_new_and_gone_documents_are_told(clone: Path) -> None:
    """Below the folder that is looked at, staged or not."""
    (clone / "changed.yaml").write_text("# nothing\n")
    (clone / "gone.yaml").unlink()
    (clone / "other" / "new.yaml").write_text("# nothing\n")
    git(clone, "add", "other/new.yaml")
    assert found(clone) == ("changed.yaml", "gone.yaml", "other/new.yaml")
    assert found(clone, "other") == ("other/new.yaml",)


def test_a_plan_says_which_edits_it_does_not_have(clone: Path) -> None:
    """Beside the result, and only where the commit of the work tree is what is planned on."""
    for number in range(5):
        (clone / f"new-{number}.yaml").write_text("# nothing\n")
    told = pairctl("plan", "--offline", cwd=clone)
    assert "left out: new-0.yaml, new-1.yaml, new-2.yaml and 2 more\n" in told.err
    assert "new-" not in told.out
    assert "left out" not in pairctl("plan", "--offline", "--ref", "main", cwd=clone).err


def _sparse(clone: Path) -> None:
    git(clone, "sparse-checkout", "set", "--cone", "other")


def _sparse_index(clone: Path) -> None:
    git(clone, "sparse-checkout", "set", "--cone", "--sparse-index", "nowhere")


def _skipped(clone: Path) -> None:
    git(clone, "update-index", "--skip-worktree", "changed.yaml", "gone.yaml")
    (clone / "changed.yaml").write_text("# mine\n")
    (clone / "gone.yaml").unlink()


def _assumed(clone: Path) -> None:
    git(clone, "update-index", "--assume-unchanged", "changed.yaml")
    (clone / "changed.yaml").write_text("# mine\n")


def _mode(clone: Path) -> None:
    (clone / "changed.yaml").chmod(0o755)


def _touched(clone: Path) -> None:
    (clone / "changed.yaml").touch()


def _line_ends(clone: Path) -> None:
    git(clone, "config", "core.autocrlf", "false")
    path = clone / "changed.yaml"
    plain = path.read_bytes()
    path.write_bytes(plain.replace(b"\n", b"\r\n"))
    git(clone, "commit", "--quiet", "--all", "--message", "as Windows has it")
    path.write_bytes(plain)


def _case(clone: Path) -> None:
    git(clone, "config", "core.ignoreCase", "true")
    (clone / "changed.yaml").rename(clone / "Changed.yaml")
    (clone / "other").rename(clone / "Other")


@pytest.mark.parametrize(
    "change",
    [_sparse, _sparse_index, _skipped, _assumed, _mode, _touched, _line_ends, _case],
)
def test_what_is_no_edit_is_not_told(clone: Path, change: Callable[[Path], None]) -> None:
    """What Git was told to leave out or alone, modes, times, line ends, case if it is ignored."""
    change(clone)
    assert found(clone) == ()


def test_edits_in_a_sparse_checkout_are_told(clone: Path) -> None:
    """Those that are real, and in files that are checked out."""
    _sparse(clone)
    (clone / "other/same.yaml").write_text("# edited\n")
    (clone / "other/new.yaml").write_text("# new\n")
    assert found(clone) == ("other/new.yaml", "other/same.yaml")


def test_submodules_and_work_trees_are_repositories_of_their_own(clone: Path) -> None:
    """Their documents are not this repository's, for `validate` and `plan` alike."""
    inner = clone.parent / "inner"
    inner.mkdir()
    git(inner, "init", "--quiet")
    (inner / "x.yaml").write_bytes(file_of(palette(name="theirs")).content)
    git(inner, "add", "--all")
    git(inner, "commit", "--quiet", "--message", "m")
    if git(clone, "rev-parse", "--show-object-format").strip() == "sha1":
        allow = ("-c", "protocol.file.allow=always")
        git(clone, *allow, "submodule", "--quiet", "add", str(inner), "vendor")
        git(clone, *allow, "submodule", "--quiet", "add", str(inner), "odd.yaml")
        git(clone, "commit", "--quiet", "--message", "add theirs")
    git(clone, "worktree", "add", "--quiet", "--detach", "beside")
    assert found(clone) == ()
    assert "3 documents" in pairctl("validate", cwd=clone).out
    assert "3 documents" in pairctl("validate", "--ref", "HEAD", cwd=clone).out
    told = pairctl("plan", "--offline", cwd=clone)
    assert "left out" not in told.err
    assert "vendor" not in told.out + told.err


def test_a_folder_that_is_a_submodule_is_said_to_be_one(clone: Path) -> None:
    """It is named with --path, and holds nothing of this commit."""
    digits = len(git(clone, "rev-parse", "HEAD").strip())
    git(clone, "update-index", "--add", "--cacheinfo", f"160000,{'1' * digits},vendor")
    git(clone, "commit", "--quiet", "--message", "add theirs")
    told = pairctl("plan", "--offline", "--path", "vendor", cwd=clone)
    assert told.code == 1
    assert "vendor is a submodule" in told.err


def test_an_edited_inventory_is_told(tmp_path: Path) -> None:
    """It is no YAML, and a set of the commit names it; what the index leaves out is not told."""
    folder = tmp_path / "sets"
    shutil.copytree(ROOT / "examples" / "valid", folder)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "add documents")
    assert found(folder) == ()
    (folder / "inventory" / "emea.csv").write_text("store,address\n")
    assert found(folder) == ("inventory/emea.csv",)
    git(folder, "update-index", "--skip-worktree", "inventory/emea.csv")
    assert found(folder) == ()
