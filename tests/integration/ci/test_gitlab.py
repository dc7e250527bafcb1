"""The jobs of GitLab's template, run as scripts in a clone of a few commits, without network."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cli_factory import ROOT, Done, git, run
from markdown_factory import rows
from plug_factory import (
    BAD,
    BAD_INTENT,
    BAD_LINE,
    OFFLINE,
    copy_of_pairctl,
    example,
    observed,
    push_status,
    pushed_repository,
    stand_in,
)

TEMPLATE: dict[str, Any] = YAML(typ="safe").load(ROOT / "templates/pairctl.yml")
MATCH = "matches/retail.yaml"
INTENT = "intents/store-0001.yaml"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python of its own, as a job's image has it, with nothing installed."""
    folder = tmp_path_factory.mktemp("image") / "python"
    made = run([sys.executable, "-m", "venv", str(folder)], cwd=folder.parent)
    assert made.code == 0, made.err
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository made by `pairctl init` for GitLab, with what was seen on its status branch."""
    copy_of_pairctl(tmp_path / "pairctl")
    folder = pushed_repository(tmp_path, "--forge", "gitlab")
    push_status(folder, observed(grafana="44.3.1"))
    return folder


def merge_request(clone: Path, changes: dict[str, str]) -> Path:
    """Push a branch with these changes, and fetch it alone, as a job does."""
    git(clone, "checkout", "--quiet", "-B", "change")
    for path, text in changes.items():
        (clone / path).write_text(text)
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "change")
    git(clone, "push", "--quiet", "origin", "change")
    folder = clone.parent / "build"
    bare = f"file://{clone.parent}/origin.git"
    git(clone.parent, "clone", "--quiet", "--depth=1", "--branch", "change", bare, str(folder))
    return folder


def run_job(name: str, build: Path, image: Path, **variables: str) -> Done:
    """Run a job's scripts, in one shell as GitLab does."""
    job = {**TEMPLATE[".pairctl"], **TEMPLATE[name]}
    script = "\n".join([*job["before_script"], *job["script"]])
    env = {
        **OFFLINE,
        **TEMPLATE["variables"],
        **job["variables"],
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(build.parent / "clone", "rev-parse", "main").strip(),
        "PAIRCTL_SOURCE": str(build.parent / "pairctl"),
        "PATH": f"{image}/bin:/usr/local/bin:/usr/bin:/bin",
        **variables,
    }
    return run(["sh", "-e", "-c", script], cwd=build, env=env, timeout_s=110)


def test_findings_are_written_for_gitlabs_widgets(clone: Path, image: Path) -> None:
    """The job fails, and its two reports have the finding with file and line."""
    build = merge_request(clone, {BAD: BAD_INTENT})
    done = run_job("pairctl-validate", build, image)
    assert done.code == 2, done.out + done.err
    reports = TEMPLATE["pairctl-validate"]["artifacts"]["reports"]
    (problem,) = json.loads((build / reports["codequality"]).read_text())
    assert problem["location"]["path"] == BAD
    assert f'"begin": {BAD_LINE}' in json.dumps(problem["location"])
    assert "<failure" in (build / reports["junit"]).read_text()


def test_the_plan_is_a_file_that_can_be_read(clone: Path, image: Path) -> None:
    """Changes are what it tells; the job does not fail for them."""
    change = {MATCH: example(clone, MATCH), INTENT: example(clone, INTENT)}
    build = merge_request(clone, change)
    done = run_job("pairctl-plan", build, image)
    assert done.code == 0, done.out + done.err
    (plan,) = TEMPLATE["pairctl-plan"]["artifacts"]["paths"]
    assert [row[1] for row in rows((build / plan).read_text())] == ["store-0001"]


def test_a_fork_has_neither_base_nor_status_branch(clone: Path, image: Path) -> None:
    """Its documents are judged all the same."""
    build = merge_request(clone, {"README.md": "# Pairings\n"})
    git(clone.parent / "origin.git", "update-ref", "-d", "refs/heads/pairctl-status")
    done = run_job("pairctl-validate", build, image, CI_MERGE_REQUEST_DIFF_BASE_SHA="0" * 39 + "1")
    assert done.code == 0, done.out + done.err


def test_a_plan_that_cannot_be_made_fails_the_job(clone: Path, image: Path) -> None:
    """An error is told apart from changes."""
    build = merge_request(clone, {"README.md": "# Pairings\n"})
    assert run_job("pairctl-plan", build, image, PAIRCTL_PATH="nowhere").code != 0


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 127, 137, 143])
def test_only_a_plan_that_was_made_lets_the_job_pass(tmp_path: Path, code: int) -> None:
    """Blocked, and not known, are what is asked for; what a signal has ended is no plan."""
    path = f"{stand_in(tmp_path, code).parent}:/usr/local/bin:/usr/bin:/bin"
    script = "\n".join(TEMPLATE["pairctl-plan"]["script"])
    env = {**TEMPLATE["variables"], "PATH": path}
    done = run(["sh", "-e", "-c", script], cwd=tmp_path, env=env)
    assert done.code == (0 if code in {0, 2, 3} else code)


def test_pairctl_is_installed_at_the_commit_that_is_named(clone: Path, image: Path) -> None:
    """Fetched by its id, from the repository that the variable names, and no other commit."""
    source = clone.parent / "pairctl"
    git(source, "init", "--quiet")
    git(source, "add", "--all")
    git(source, "commit", "--quiet", "--message", "release")
    commit = git(source, "rev-parse", "HEAD").strip()
    (source / "pyproject.toml").unlink()
    git(source, "commit", "--quiet", "--all", "--message", "moved on")
    build = merge_request(clone, {"README.md": "# Pairings\n"})
    named = {"PAIRCTL_SOURCE": f"git+file://{source}@{commit}"}
    done = run_job("pairctl-validate", build, image, **named)
    assert done.code == 0, done.out + done.err
    nameless = run_job("pairctl-validate", build, image, PAIRCTL_SOURCE=f"git+file://{source}")
    assert nameless.code == 1
    assert "names no commit" in nameless.err
