"""`pairctl demo` shows every walkthrough, and is right only if every cluster ended as it should."""

import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from cli_factory import ROOT, Done, pairctl, run
from pairctl.cli.screen import Screen
from pairctl.demo.runner import play
from pairctl.demo.walkthrough import Run, Walkthrough
from pairctl.demo.walkthroughs import PAIRED, REJECT, WALKTHROUGHS
from pairctl.exits import Exit
from pairctl.pairing import Phase
from pairctl.problem import PairctlError
from screen_factory import lines_on

NAMES = [walkthrough.name for walkthrough in WALKTHROUGHS]
PATIENCE_S = 240


def demonstrated(folder: Path, *arguments: str) -> Done:
    """Run the demo to its end; all that it leaves behind is in the folder."""
    command = [sys.executable, "-m", "pairctl", "demo", *arguments]
    return run(command, cwd=folder, env={"TMPDIR": str(folder)}, timeout_s=PATIENCE_S)


@pytest.mark.parametrize("name", NAMES)
def test_a_walkthrough_ends_as_its_data_says(tmp_path: Path, name: str) -> None:
    """Alone, in the real program; nothing is left behind."""
    done = demonstrated(tmp_path, name)
    assert done.code == 0, done.out + done.err
    assert f"── walkthrough {name}: every cluster ended as it should" in done.out
    assert "error:" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_the_demo_tells_one_story_of_60_lines(tmp_path: Path) -> None:
    """Documents, plan, pairing, who is blocked and why, STATUS.md; and how to see the rest.

    Counted are the lines of 80 columns of standard output and error.
    """
    command = [sys.executable, "-m", "pairctl", "demo"]
    env = {"TMPDIR": str(tmp_path), "COLUMNS": "80"}
    done = run(command, cwd=tmp_path, env=env, timeout_s=PATIENCE_S)
    assert done.code == 0, done.out + done.err
    lines = lines_on(done.out + done.err, 80)
    assert len(lines) <= 60, "\n".join(lines)
    order = ("profileMatch: ", "$ pairctl plan", "ONE WAY", "$ pairctl apply", "1 Blocked, ",
             "do: ", "STATUS.md", "every cluster ended as it should", "demo --all")  # fmt: skip
    at = 0
    for words in order:
        at = done.out.index(words, at)
    assert list(tmp_path.iterdir()) == []


def test_every_example_is_a_walkthrough_of_the_demo() -> None:
    """What can be tried by hand is shown, and the other way round."""
    folders = {readme.parent.name for readme in (ROOT / "examples").glob("*/README.md")}
    assert sorted(NAMES) == sorted(folders)


def test_an_installed_pairctl_has_every_example() -> None:
    """The wheel takes each example's folder to where the demo looks for it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    examples = {f"examples/{name}": f"pairctl/_data/examples/{name}" for name in NAMES}
    assert included == {"schemas": "pairctl/_data/schemas", **examples}


def test_the_walkthroughs_are_listed(tmp_path: Path) -> None:
    """Each with what it shows; nothing is run."""
    done = pairctl("demo", "--list", cwd=tmp_path)
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()] == ["WALKTHROUGH", *NAMES]
    assert all(walkthrough.title in done.out for walkthrough in WALKTHROUGHS)


def test_what_the_demo_made_is_kept_where_that_is_asked_for(tmp_path: Path) -> None:
    """A folder each; a folder that holds something is left alone."""
    done = demonstrated(tmp_path, "reject", "--folder", "kept")
    assert done.code == 0, done.err
    place = tmp_path / "kept" / "reject"
    assert pairctl("status", "-r", str(place / "clone"), cwd=tmp_path).code == 0
    assert {path.name for path in place.iterdir()} >= {"clone", "pairing.git", "operator.yaml"}
    again = pairctl("demo", "reject", "--folder", "kept", cwd=tmp_path)
    assert (again.code, "not empty" in again.err) == (1, True)


def test_the_demo_takes_nothing_from_who_runs_it(tmp_path: Path) -> None:
    """Their own repository and rules are not what it shows, and not what it acts on."""
    config = tmp_path / "config.yaml"
    config.write_text(
        "apiVersion: pairctl/v1alpha1\nkind: Config\nspec: {repository: /nowhere, ref: theirs}\n"
    )
    env = {"PAIRCTL_CONFIG": str(config), "PAIRCTL_STATUS_BRANCH": "theirs"}
    done = pairctl("demo", "reject", cwd=tmp_path, env=env)
    assert done.code == 0, done.err


def test_an_unknown_walkthrough_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    """A typing error shows the nearest, anything else all."""
    done = pairctl("demo", "withdarw", cwd=tmp_path)
    assert (done.code, "withdraw" in done.err) == (1, True)
    done = pairctl("demo", "nothing-like-it", cwd=tmp_path)
    assert done.code == 1
    assert all(name in done.err for name in NAMES)


@pytest.mark.parametrize(
    ("walkthrough", "why"),
    [
        (replace(REJECT, ends={"stolen-box": Phase.BLOCKED}), "stolen-box should be Blocked"),
        (replace(REJECT, ends={"other": Phase.PAIRED}), "other should be Paired"),
        (replace(REJECT, ends={}), "nobody expected stolen-box"),
        (replace(REJECT, done={"store-0001": PAIRED}), "the servers saw something else"),
        (
            replace(REJECT, steps=(Run("nothing", "validate", Exit.BLOCKED),)),
            "validate ended with 0, not 3",
        ),
    ],
    ids=["other phase", "no such intent", "one intent more", "other effects", "other exit code"],
)
def test_a_walkthrough_that_ends_otherwise_is_an_error(
    tmp_path: Path, walkthrough: Walkthrough, why: str
) -> None:
    """The demo is a promise: what it shows is held to the data, not only shown."""
    with pytest.raises(PairctlError, match=why):
        play(walkthrough, tmp_path, Screen())
