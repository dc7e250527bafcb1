"""docs/rehearsal.md leads from an empty folder to a paired fleet, by what stands there alone."""

import re
import shutil
from pathlib import Path

import pytest

from cli_factory import ROOT
from readme_factory import commands_of, environment, run_all, simulating

PAGE = (ROOT / "docs/rehearsal.md").read_text()
FILES = re.findall(r"^```yaml\n# (\S+\.yaml)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
NEEDED = ("bash", "git", "sed")


@pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason=f"needs {', '.join(NEEDED)}")
def test_the_rehearsal_ends_with_a_paired_fleet(tmp_path: Path) -> None:
    """Files are written under the name in their first line; commands run as they stand."""
    folder, answers = tmp_path / "empty", tmp_path / "answers"
    folder.mkdir()
    env = environment(tmp_path)
    commands = commands_of(PAGE)
    start = next(i for i, one in enumerate(commands) if one.line.startswith("pairctl sim "))
    made = [i for i, one in enumerate(commands) if one.line.startswith("printf")][-1] + 1

    def done(first: int, end: int) -> None:
        place = answers / str(first)
        place.mkdir(parents=True)
        expected = commands[first:end]
        told = run_all([one.line for one in expected], folder, place, env)
        for command, answer in zip(expected, told, strict=True):
            assert answer.code == command.code, f"{command.line}\n{answer.text}"
            missing = [words for words in command.words if not answer.has(words)]
            assert missing == [], f"{command.line}\n{answer.text}"

    done(0, made)
    for name, text in FILES:
        (folder / name).write_text(text)
    done(made, start)
    with simulating(commands[start], folder, env):
        done(start + 1, len(commands))


def test_the_files_of_the_rehearsal_are_all_there() -> None:
    """The world, the operator's file, the configuration file, a match and an intent."""
    assert [name for name, _ in FILES] == [
        "fleet.yaml",
        "operator.yaml",
        "config.yaml",
        "pairings/matches/shop.yaml",
        "pairings/intents/shop-1.yaml",
    ]
