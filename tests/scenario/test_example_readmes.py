"""The examples do what their READMEs say, by the very commands that stand there."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cli_factory import ROOT, pairctl
from endings import branch_meaning, branch_text, masked
from golden import Golden
from pairctl.sim import load_scenario
from readme_factory import (
    Command,
    commands_of,
    environment,
    run_all,
    simulating,
    status_branch,
)

READMES = sorted((ROOT / "examples").glob("*/README.md"))
REPOSITORIES = sorted((ROOT / "examples").glob("*/repository"))
MOST_STATUSES = 10
NEEDED = ("bash", "curl", "git", "sed")


@pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason=f"needs {', '.join(NEEDED)}")
@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.parent.name)
def test_the_commands_of_a_readme_end_as_it_says(
    readme: Path, tmp_path: Path, golden: Golden
) -> None:
    """Run in a copy of the folder; only the simulator's ports are others than those declared."""
    folder, answers = tmp_path / "copy", tmp_path / "answers"
    shutil.copytree(readme.parent, folder)
    answers.mkdir()
    env = environment(tmp_path)
    first, *others = commands_of(readme.read_text())
    assert first.line.startswith("pairctl sim ")
    with simulating(first, folder, env) as served:
        lines = [at_served(command, served) for command in others]
        told = run_all(lines, folder, answers, env)
    for command, answer in zip(others, told, strict=True):
        assert answer.code == command.code, f"{command.line}\n{answer.text}"
        missing = [words for words in command.words if not answer.has(words)]
        assert missing == [], f"{command.line}\n{answer.text}"
    assert any(command.words for command in others)
    branch = ending_of(status_branch(folder / "repository"))
    golden.holds(f"example-{readme.parent.name}", masked(branch))


def ending_of(files: Mapping[str, bytes]) -> str:
    """Give the files of a status branch as a text; of a fleet only what they mean.

    Of a fleet it is a matter of luck whether the last pass had a list that tells the health of
    those that were paired last.
    """
    if sum(path.startswith("status/") for path in files) <= MOST_STATUSES:
        return branch_text(files)
    lines = branch_meaning(files).splitlines(keepends=True)
    return "".join(one for one in lines if "HealthyInPalette is Unknown" not in one)


def at_served(command: Command, served: dict[str, str]) -> str:
    """Give a command with the addresses of the servers as they are in this run."""
    return re.sub(r"https://127\.0\.0\.1:\d+", lambda declared: served[declared[0]], command.line)


@pytest.mark.parametrize("repository", REPOSITORIES, ids=lambda path: path.parent.name)
def test_the_documents_of_an_example_are_valid(repository: Path, tmp_path: Path) -> None:
    """What is copied from an example begins without findings, and it says what it is."""
    copy = shutil.copytree(repository, tmp_path / "repository")
    done = pairctl("validate", cwd=copy)
    assert (done.code, done.err) == (0, "")
    assert (repository.parent / "README.md") in READMES


@pytest.mark.parametrize("repository", REPOSITORIES, ids=lambda path: path.parent.name)
def test_editors_find_the_schemas_of_an_example(repository: Path) -> None:
    """The first line of every document names a published schema from where it lies."""
    beside = [repository.parent / f"{name}.yaml" for name in ("operator", "simulation")]
    for path in [*repository.rglob("*.yaml"), *beside]:
        first = path.read_text().partition("\n")[0]
        named = first.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / named).resolve().parent == ROOT / "schemas"
        assert (path.parent / named).is_file()


def test_examples_can_be_tried_side_by_side() -> None:
    """No two simulations declare the same port."""
    ports = [
        urlsplit(endpoint).port
        for readme in READMES
        for spec in [load_scenario(readme.parent / "simulation.yaml")]
        for endpoint in (spec.spec.palette.endpoint, *(host.endpoint for host in spec.hosts()))
    ]
    assert len(ports) == len(set(ports))
