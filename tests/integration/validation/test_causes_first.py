"""Causes before consequences: one error in a Palette is the first that anybody reads."""

import json
import re
from pathlib import Path

import pytest

from cli_factory import Done, git, pairctl

INTENT = """\
apiVersion: pairctl/v1alpha1
kind: PairingIntent
metadata: {{name: store-{0}}}
spec: {{desired: Local, palette: production, localUI: {{endpoint: "https://10.0.0.{0}:5080",
  credentials: {{secret: store-local-ui}}}}}}
"""
PALETTE = """\
apiVersion: pairctl/v1alpha1
kind: Palette
metadata: {name: production}
spec: {endpoint: "https://palette.example.com", apiKey: {secret: palette}, acceptanc: Api}
"""
BROKEN = {
    "a field": PALETTE,
    "no YAML": PALETTE.replace("production}", "production"),
    "no name": PALETTE.replace("name: production", "labels: {}").replace(", acceptanc: Api", ""),
    "a kind": PALETTE.replace("kind: Palette", "kind: Pallete").replace(", acceptanc: Api", ""),
}


@pytest.fixture(params=BROKEN)
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Make a repository whose Palette is broken, with intents in files before it."""
    for number in range(1, 9):
        (tmp_path / f"intent-{number}.yaml").write_text(INTENT.format(number))
    (tmp_path / "palette.yaml").write_text(BROKEN[request.param])
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "all")
    return tmp_path


def validated(folder: Path, form: str, *more: str) -> Done:
    """Validate a folder, or a commit of it."""
    return pairctl("validate", "--format", form, *more, cwd=folder)


@pytest.mark.parametrize("form", ["text", "json", "github", "gitlab", "sarif", "junit"])
@pytest.mark.parametrize("more", [(), ("--ref", "HEAD")], ids=["folder", "commit"])
def test_the_cause_comes_first_in_every_format(
    repository: Path, form: str, more: tuple[str, ...]
) -> None:
    """The Palette's file sorts behind those of the intents that only wait for it."""
    shown = validated(repository, form, *more).out
    assert re.findall(r"(palette|intent-\d)\.yaml", shown)[0] == "palette"


def test_what_only_follows_is_one_line_for_people(repository: Path) -> None:
    """Eight intents are no eight errors to read."""
    done = validated(repository, "text")
    assert done.code == 2
    assert len(re.findall(r"^error\[|: error\[", done.out, re.MULTILINE)) == 2
    assert "8 references lead to what" in done.out


def test_a_plan_shows_the_cause_before_the_intents_that_wait_for_it(repository: Path) -> None:
    """In text, in JSON and in a comment; each intent is blocked beside it."""
    for form in ("text", "json", "markdown"):
        done = pairctl("plan", "--offline", "--format", form, cwd=repository)
        assert done.code == 3, done.err
        first = re.search(r"palette\.yaml|store-\d", done.out)
        assert first
        assert first.group() == "palette.yaml"
    plan = json.loads(pairctl("plan", "--offline", "--format", "json", cwd=repository).out)
    assert {one["path"] for one in plan["refused"]} == {"palette.yaml"}
    assert len(plan["intents"]) == 8
