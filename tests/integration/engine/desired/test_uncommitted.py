"""Documents of a work tree beside its commit."""

import asyncio
from pathlib import Path

import pytest

from cli_factory import git, pairctl
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
