"""The claim protocol holds in the model: nothing happens twice, and everything gets done."""

import pytest

from model.explore import PARTS, RUNS_EACH, explore, story
from model.rules import ALL_RULES
from model.scenes import SAFE, UNDISTURBED


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", SAFE)
def test_with_all_rules_no_run_finds_a_violation(name: str, part: int) -> None:
    """Whatever fails and whoever lies, nothing one-way happens twice, or to another cluster."""
    runs = range(part * RUNS_EACH, (part + 1) * RUNS_EACH)
    found = explore(SAFE[name], ALL_RULES, runs, name)
    assert found is None, story(SAFE[name], ALL_RULES, found)


@pytest.mark.parametrize("name", UNDISTURBED)
def test_an_undisturbed_world_ends_paired(name: str) -> None:
    """In whatever order the tasks go on, all intents are Paired and recorded in the end."""
    found = explore(UNDISTURBED[name], ALL_RULES, range(20), name)
    assert found is None, story(UNDISTURBED[name], ALL_RULES, found)
