"""Revisions, subfolders, hooks and bare repositories: where and how people run the commands."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from cli_factory import ROOT, Done, git, pairctl, run
from repo_factory import write_hook

QUICKSTART = ROOT / "examples/quickstart/repository"
BAD = "apiVersion: pairctl/v1alpha1\nkind: Palette\nmetadata: {name: x}\nspec: {}\n"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with two commits: the second one adds an intent."""
    git(tmp_path, "init", "--quiet", "--bare", "origin.git")
    git(tmp_path, "clone", "--quiet", f"file://{tmp_path}/origin.git", "clone")
    folder = tmp_path / "clone"
    shutil.copytree(QUICKSTART, folder, dirs_exist_ok=True)
    held = (folder / "intents/store-0006.yaml").read_text()
    (folder / "intents/store-0006.yaml").unlink()
    commit(folder)
    git(folder, "tag", "--annotate", "v1", "--message", "one")
    (folder / "intents/store-0006.yaml").write_text(held)
    commit(folder)
    git(folder, "push", "--quiet", "origin", "HEAD", "v1")
    return folder


def commit(folder: Path, message: str = "m") -> None:
    """Commit all that is there."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def planned(done: Done) -> list[str]:
    """The intents that a plan tells of."""
    assert done.code != 1, done.err
    return sorted(set(re.findall(r"\bstore-\d{4}\b", done.out)))


def test_a_base_is_any_revision(clone: Path) -> None:
    """Tags, ids in full and short, steps from a ref, branches of the remote."""
    first = git(clone, "rev-parse", "HEAD~1").strip()
    for base in ("v1", "HEAD~1", "@~", "HEAD^", "origin/main^1", first, first[:9], "v1^{commit}"):
        assert planned(pairctl("plan", "--offline", "--base", base, cwd=clone)) == ["store-0006"]
    assert planned(pairctl("plan", "--offline", "--base", "origin/main", cwd=clone)) == []


@pytest.mark.parametrize("base", ["", "nowhere", "HEAD~9", "HEAD:intents", "v1..main", "--all"])
def test_a_base_that_is_none_is_always_an_error(clone: Path, base: str) -> None:
    """Also where there is nothing to be compared, as without a status branch."""
    for command in (("plan", "--offline"), ("validate",)):
        done = pairctl(*command, f"--base={base}", cwd=clone)
        assert done.code == 1, done.out
        assert "Traceback" not in done.err


def test_within_a_folder_the_repository_is_found(clone: Path) -> None:
    """It is all of it that is planned, and its work tree that is compared."""
    (clone / "intents/store-0001.yaml").write_text("# edited\n")
    below = clone / "intents"
    top, inner = (pairctl("plan", "--offline", cwd=where) for where in (clone, below))
    assert (inner.code, inner.out) == (top.code, top.out)
    assert "left out: intents/store-0001.yaml" in inner.err
    assert "has no branch" in pairctl("status", cwd=below).err


def test_an_operators_file_beside_the_folder_is_in_the_repository_too(clone: Path) -> None:
    """A pull request could change it, from wherever the command is run."""
    shutil.copy(QUICKSTART.parent / "operator.yaml", clone / "operator.yaml")
    done = pairctl("plan", "--operator", "../operator.yaml", cwd=clone / "intents")
    assert "lies inside the repository" in done.err


def test_what_is_staged_is_validated_and_nothing_else(clone: Path) -> None:
    """Edits that are not staged, and files that are not added, do not count."""
    (clone / "palette.yaml").write_text(BAD)
    (clone / "new.yaml").write_text(BAD)
    assert pairctl("validate", "--staged", cwd=clone).code == 0
    git(clone, "add", "palette.yaml")
    done = pairctl("validate", "--staged", cwd=clone)
    assert done.code == 2
    assert "palette.yaml" in done.out
    assert "new.yaml" not in done.out


def test_the_inventory_of_a_set_is_read_as_it_is_staged(tmp_path: Path) -> None:
    """What is wrong in the work tree alone is not told, and what is staged is."""
    folder = tmp_path / "sets"
    shutil.copytree(ROOT / "examples" / "valid", folder)
    git(folder, "init", "--quiet")
    commit(folder)
    table = folder / "inventory" / "emea.csv"
    good = table.read_text()
    table.write_text(good.replace("10.1.2.10", "10.1.2.999"))
    assert pairctl("validate", "--staged", cwd=folder).code == 0
    git(folder, "add", "--all")
    table.write_text(good)
    done = pairctl("validate", "--staged", cwd=folder)
    assert done.code == 2
    assert "inventory/emea.csv:" in done.out
    git(folder, "rm", "--quiet", "--force", "--cached", "inventory/emea.csv")
    assert (
        "there is no file `inventory/emea.csv`" in pairctl("validate", "--staged", cwd=folder).out
    )


def hook(folder: Path, name: str, script: str) -> None:
    """Give a repository a hook that runs the program."""
    program = f"{sys.executable} -m pairctl"
    write_hook(folder / "hooks" / name, script.replace("pairctl", program, 1))


def attempt(folder: Path, *arguments: str) -> Done:
    """Run git, with its hooks."""
    env = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{
            f"GIT_{who}_{what}": "a@localhost"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }
    return run(["git", *arguments], cwd=folder, env=env)


def test_a_pre_commit_hook_judges_what_is_committed(clone: Path) -> None:
    """Git makes an index of its own for `git commit FILE`, and tells the hook of it."""
    hook(clone / ".git", "pre-commit", "pairctl validate --staged >&2")
    (clone / "palette.yaml").write_text(BAD)
    git(clone, "add", "palette.yaml")
    (clone / "notes.txt").write_text("x")
    git(clone, "add", "notes.txt")
    assert "palette.yaml" in attempt(clone, "commit", "--message", "all").err
    alone = attempt(clone, "commit", "--message", "one", "notes.txt")
    assert alone.code == 0, alone.err


def test_a_conflict_that_is_staged_is_a_finding(clone: Path) -> None:
    """What is not merged is not left out in silence."""
    git(clone, "checkout", "--quiet", "-b", "other")
    (clone / "palette.yaml").write_text(BAD)
    commit(clone)
    git(clone, "checkout", "--quiet", "main")
    (clone / "palette.yaml").write_text(BAD.replace("x", "y"))
    commit(clone)
    attempt(clone, "merge", "--quiet", "other")
    done = pairctl("validate", "--staged", cwd=clone)
    assert done.code == 2
    assert "palette.yaml is not merged yet" in done.out


def test_a_bare_repository_is_read_by_its_commits(clone: Path) -> None:
    """It has no files of its own, which is said."""
    bare = clone.parent / "origin.git"
    assert pairctl("validate", "--ref", "main", cwd=bare).code == 0
    assert "bare repository" in pairctl("validate", cwd=bare).err
    done = pairctl("plan", "--offline", "--ref", "main", "--base", "v1", cwd=bare)
    assert planned(done) == ["store-0006"]


def test_a_servers_hook_sees_what_is_being_pushed(clone: Path) -> None:
    """Its objects are in quarantine while the hook decides."""
    script = (
        "while read old new ref; do pairctl validate --ref $new --base $old >&2 || exit 1; done"
    )
    hook(clone.parent / "origin.git", "pre-receive", script)
    (clone / "intents/store-0005.yaml").unlink()
    commit(clone)
    pushed = attempt(clone, "push", "--quiet", "origin", "HEAD")
    assert pushed.code == 0, pushed.err
    (clone / "palette.yaml").write_text(BAD)
    commit(clone)
    refused = attempt(clone, "push", "--quiet", "origin", "HEAD")
    assert refused.code != 0
    assert "palette.yaml" in refused.err


SPARSE = {
    "cone": ("--cone", "intents"),
    "patterns": ("--no-cone", "/intents/", "/inventory/"),
    "nothing": ("--no-cone", "/README.md"),
}


@pytest.mark.parametrize("patterns", SPARSE.values(), ids=SPARSE)
def test_what_a_sparse_checkout_leaves_out_is_judged_as_it_is_staged(
    tmp_path: Path, patterns: tuple[str, ...]
) -> None:
    """No document is missing that only this work tree lacks; an edit that is here counts."""
    folder = tmp_path / "clone"
    shutil.copytree(ROOT / "examples/valid", folder)
    (folder / "intents").mkdir()
    for path in folder.glob("*intent*.yaml"):
        path.rename(folder / "intents" / path.name)
    (folder / "more").mkdir()
    for path in folder.glob("*.yaml"):
        path.rename(folder / "more" / path.name)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "m")
    whole = pairctl("validate", cwd=folder)
    git(folder, "sparse-checkout", "set", *patterns)
    assert not (folder / "more").exists()
    assert (whole.code, whole.out) == (0, pairctl("validate", cwd=folder).out)
    (folder / "intents").mkdir(exist_ok=True)
    (folder / "intents/new.yaml").write_text("apiVersion: pairctl/v1alpha1\nkind: Nothing\n")
    assert "intents/new.yaml" in pairctl("validate", cwd=folder).out
