"""The guide "Pair 400 stores" does what it says, by the very commands that stand there."""

import csv
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cli_factory import ROOT
from readme_factory import commands_of, environment, run_all, simulating, status_branch

GUIDE = ROOT / "docs" / "pair-400-stores.md"
DECLARED = "https://127.0.0.1:6070"
LATE = "store-0012"
"""The store that is dark while its wave begins, and caught up."""
NEEDED = ("awk", "bash", "curl", "cut", "git", "sed")


@pytest.mark.skipif(not all(map(shutil.which, NEEDED)), reason=f"needs {', '.join(NEEDED)}")
def test_the_commands_of_the_guide_end_as_it_says(tmp_path: Path) -> None:
    """From a CSV of addresses to every reachable cluster paired in its wave, with its evidence."""
    folder, answers = tmp_path / "copy", tmp_path / "answers"
    shutil.copytree(ROOT / "examples" / "fleet", folder)
    answers.mkdir()
    env = environment(tmp_path)
    first, *others = commands_of(GUIDE.read_text())
    with simulating(first, folder, env) as served:
        lines = [one.line.replace(DECLARED, served[DECLARED]) for one in others]
        told = run_all(lines, folder, answers, env)
    for command, answer in zip(others, told, strict=True):
        assert answer.code == command.code, f"{command.line}\n{answer.text}"
        missing = [words for words in command.words if not answer.has(words)]
        assert missing == [], f"{command.line}\n{answer.text}"
    files = status_branch(folder / "stores")
    waves = _waves(folder / "stores" / "intents" / "sites.csv")
    accepted = _accepted(files)
    assert accepted.keys() == waves.keys()
    in_waves = [
        [accepted[name] for name, wave in waves.items() if wave == one and name != LATE]
        for one in ("canary", "first", "rest")
    ]
    assert list(map(len, in_waves)) == [3, 11, 4]
    assert [*map(max, in_waves[:-1])] <= [*map(min, in_waves[1:])]
    assert accepted[LATE] == max(accepted.values())


def _waves(table: Path) -> dict[str, str]:
    with table.open(newline="") as opened:
        return {row["store"]: row["wave"] for row in csv.DictReader(opened)}


def _accepted(files: dict[str, bytes]) -> dict[str, datetime]:
    """Give when each acceptance was seen, by its intent; of those that led to a paired cluster."""
    found: list[dict[str, Any]] = [
        YAML(typ="safe").load(content)["evidence"]
        for path, content in files.items()
        if path.startswith("evidence/")
    ]
    return {one["intent"]: one["seenAt"] for one in found if one["pairedAt"]}
