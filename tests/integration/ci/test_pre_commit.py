"""pre-commit itself installs the hook from pairctl's repository and runs it, without network."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from cli_factory import Done, git, run
from plug_factory import BAD, BAD_INTENT, BAD_LINE, OFFLINE, copy_of_pairctl, new_repository

IDENTITY = {
    "GIT_AUTHOR_EMAIL": "operator@localhost",
    "GIT_AUTHOR_NAME": "an operator",
    "GIT_COMMITTER_EMAIL": "operator@localhost",
    "GIT_COMMITTER_NAME": "an operator",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
}

Environment = Mapping[str, str]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Pairctl as a repository, and the commit to take it at."""
    folder = copy_of_pairctl(tmp_path_factory.mktemp("source") / "pairctl")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "release")
    return f"{folder}@{git(folder, 'rev-parse', 'HEAD').strip()}"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """What pre-commit needs to install hooks on this machine alone; installed once for all."""
    home = str(tmp_path_factory.mktemp("pre-commit"))
    return {**IDENTITY, **OFFLINE, "PRE_COMMIT_HOME": home}


@pytest.fixture
def clone(tmp_path: Path, source: str, environment: Environment) -> Path:
    """A repository made by `pairctl init`, where `pre-commit install` was run."""
    folder = new_repository(tmp_path / "pairings", "--forge", "none", "--source", source)
    assert pre_commit(folder, environment, "install").code == 0
    return folder


def pre_commit(clone: Path, environment: Environment, *arguments: str) -> Done:
    """Run pre-commit; the first time, it makes an environment for the hook."""
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return run(command, cwd=clone, env=environment, timeout_s=110)


def commit(clone: Path, environment: Environment) -> Done:
    """Commit all changes as an operator does."""
    git(clone, "add", "--all")
    command = ["git", "commit", "--quiet", "--message", "change"]
    return run(command, cwd=clone, env=environment, timeout_s=110)


def test_a_new_repository_passes_its_own_hook(clone: Path, environment: Environment) -> None:
    """What `pairctl init` makes can be committed with the hooks that it sets up."""
    done = pre_commit(clone, environment, "run", "--all-files")
    assert done.code == 0, done.out + done.err
    assert "pairctl validate" in done.out
    assert "Passed" in done.out


def test_a_bad_document_cannot_be_committed(clone: Path, environment: Environment) -> None:
    """The commit is refused with the finding, its file and line."""
    (clone / BAD).write_text(BAD_INTENT)
    refused = commit(clone, environment)
    assert refused.code == 1
    assert f"{BAD}:{BAD_LINE}:" in refused.out + refused.err
    assert git(clone, "rev-list", "--count", "HEAD").strip() == "1"


def test_deleting_what_others_refer_to_cannot_be_committed(
    clone: Path, environment: Environment
) -> None:
    """A deleted file is no changed file to pre-commit, and the hook runs all the same."""
    for example in ("matches/retail.yaml", "intents/store-0001.yaml"):
        (clone / f"{example}.example").rename(clone / example)
    kept = commit(clone, environment)
    assert kept.code == 0, kept.out + kept.err
    (clone / "palettes/production.yaml").unlink()
    refused = commit(clone, environment)
    assert refused.code == 1
    assert "production" in refused.out + refused.err
