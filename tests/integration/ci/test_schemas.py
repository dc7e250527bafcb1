"""What others read of ours fits their own published schemas, without network."""

import sys
from pathlib import Path

import pytest

from cli_factory import ROOT, pairctl, run

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def assert_fits(schema: str, *files: Path) -> None:
    """Hold files against a schema that check-jsonschema brings along."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = run([*command, *map(str, files)], cwd=ROOT)
    assert done.code == 0, done.out + done.err


def test_the_action_is_one() -> None:
    """GitHub's schema for actions."""
    assert_fits("github-actions", ROOT / "action.yml")


def test_our_own_workflows_are_ones() -> None:
    """GitHub's schema for workflows."""
    assert_fits("github-workflows", *WORKFLOWS)


@pytest.mark.parametrize("options", [(), ("--source", "https://github.com/acme/pairctl@v1")])
@pytest.mark.parametrize(
    ("forge", "file", "schema"),
    [
        ("github", ".github/workflows/pairctl.yml", "github-workflows"),
        ("gitlab", ".gitlab-ci.yml", "gitlab-ci"),
    ],
)
def test_ci_of_a_new_repository_fits_its_forge(
    forge: str, file: str, schema: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    """With a placeholder for pairctl's own repository, and without."""
    pairctl("init", "--forge", forge, "--path", "fleet/edge", *options, cwd=tmp_path)
    assert_fits(schema, tmp_path / file)


def test_the_template_for_gitlab_is_one() -> None:
    """GitLab's schema for CI."""
    assert_fits("gitlab-ci", ROOT / "templates/pairctl.yml")
