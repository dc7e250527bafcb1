"""What runs in the CI of others, and in ours, is pinned: actions by commit, packages by hash."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cli_factory import ROOT
from pairctl.starter import Answers, Forge, parse_source, starter_files

USES = re.compile(r"^\s*-?\s*uses:\s*(?P<action>\S+)(?P<rest>.*)$", re.MULTILINE)
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
TOLD = re.compile(r"\s+# v\d+\.\d+\.\d+\b.*")
FILES = (
    *(".github/workflows", "action.yml", "templates", "src/pairctl/starter/templates"),
    *("README.md", "CONTRIBUTING.md", "docs", "examples"),
)
LOCK = ROOT / "src" / "requirements.txt"


def texts() -> Iterator[tuple[str, str]]:
    """Yield all that others copy or run: workflows, examples in documents, templates."""
    for name in FILES:
        place = ROOT / name
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file():
                yield str(file.relative_to(ROOT)), file.read_text("utf-8", "replace")


def uses() -> list[tuple[str, str, str]]:
    """Give each place where an action is used: the file, the action, and what stands behind it."""
    return [
        (path, found["action"], found["rest"])
        for path, text in texts()
        for found in USES.finditer(text)
        if "%{" not in found["action"]  # of `init`: tested with what it makes
    ]


@pytest.mark.parametrize(("path", "action", "rest"), uses())
def test_an_action_is_named_by_its_commit(path: str, action: str, rest: str) -> None:
    """A tag can be moved to other code; the comment tells people which version it is."""
    assert PINNED.fullmatch(action), f"{path}: {action}"
    assert TOLD.fullmatch(rest), f"{path}: {rest}"


def test_actions_are_used_where_we_think() -> None:
    """A test that finds none would hold nothing."""
    assert {path for path, _, _ in uses()} == {
        ".github/workflows/ci.yml",
        ".github/workflows/release.yaml",
        "README.md",
        "action.yml",
        "docs/report.md",
        "src/pairctl/starter/templates/github-workflow.yml",
    }


COMMIT = "1f" * 20


@pytest.mark.parametrize("source", [None, f"https://github.com/acme/pairctl@{COMMIT}"])
@pytest.mark.parametrize("forge", [Forge.GITHUB, Forge.GITLAB])
def test_a_new_repository_takes_everything_by_its_commit(forge: Forge, source: str | None) -> None:
    """Where pairctl is kept, and so its commit, is not known, a commit that nobody has stands."""
    made = starter_files(Answers(forge=forge, source=parse_source(source) if source else None))
    name = ".gitlab-ci.yml" if forge is Forge.GITLAB else ".github/workflows/pairctl.yml"
    text = made.texts[name]
    for found in USES.finditer(text):
        assert PINNED.fullmatch(found["action"])
    for ref in re.findall(r'(?:ref: "?|pairctl@)(\w+)', text):
        assert re.fullmatch(r"[0-9a-f]{40}", ref)
        assert ref == (COMMIT if source else "0" * 40)


def test_a_tag_is_taken_and_told() -> None:
    """Whoever names a tag is told how to find its commit, and where it goes."""
    made = starter_files(Answers(source=parse_source("https://github.com/acme/pairctl@v1.2.3")))
    (told,) = [step for step in made.steps if "git ls-remote" in step]
    assert told.startswith("`git ls-remote https://github.com/acme/pairctl v1.2.3` tells")


# ── packages ─────────────────────────────────────────────────────────────────────────────────────


def locked() -> dict[str, tuple[str, list[str]]]:
    """Give version and hashes of each package that is installed, by its name."""
    text = LOCK.read_text()
    entry = re.compile(
        r"^(\S+)==(\S+)(?: ;.*?)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE
    )
    found = {
        canonicalize_name(name): (number, re.findall(r"sha256:\w+", hashes))
        for name, number, hashes in entry.findall(text)
    }
    lines = [line for line in text.splitlines() if line and line[0] not in " #"]
    assert len(lines) == len(found), "a line that is no version with hashes"
    return found


def test_every_package_has_one_version_and_hashes() -> None:
    """The versions are those that our own tests run with."""
    pinned = dict(
        line.split("==")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if "==" in line
    )
    versions = {canonicalize_name(name): number for name, number in pinned.items()}
    for name, (number, hashes) in locked().items():
        assert versions[name] == number
        assert hashes


def needed(names: set[str]) -> set[str]:
    """Give these packages and all that they need, on any machine."""
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        try:
            told = requires(name) or ()
        except PackageNotFoundError:
            continue
        for text in told:
            one = Requirement(text)
            is_meant = one.marker is None or one.marker.evaluate(
                {**default_environment(), "extra": ""}
            )
            if is_meant and canonicalize_name(one.name) not in found:
                waiting.add(canonicalize_name(one.name))
    return found


def test_nothing_that_is_needed_is_left_to_chance() -> None:
    """What pairctl needs, and what it is built with, down to the last."""
    wanted = needed({"pairctl", "hatchling"}) - {"pairctl"}
    assert wanted <= set(locked())
    assert all(version(name) == locked()[name][0] for name in wanted)


@pytest.mark.parametrize("path", ["action.yml", "templates/pairctl.yml"])
def test_what_others_install_is_installed_by_hash(path: str) -> None:
    """Dependencies with `--require-hashes`; pairctl without asking for any, or for a builder."""
    text = (ROOT / path).read_text()
    commands = [line for line in text.splitlines() if re.search(r"\binstall\b", line)]
    assert any("--no-deps" in line for line in commands)
    assert "--require-hashes --requirement" in text
    assert "src/requirements.txt" in text
    assert "--no-build-isolation" in text
    assert not re.search(r"pip install(?!.*--no-deps)", text)


def test_no_index_is_named() -> None:
    """Where packages come from is the business of whoever installs them."""
    assert not re.search(r"https?:|file:|index|--trusted", LOCK.read_text())
    assert Path(LOCK).stat().st_size < 200_000
