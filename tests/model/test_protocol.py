"""The claim protocol holds in the model: nothing happens twice, and everything gets done."""

from itertools import pairwise

import pytest

from model.explore import PARTS, RUNS_EACH, Run, explore, story
from model.rules import ALL_RULES
from model.scenes import FLEET_UNDER_CAP, SAFE, UNDISTURBED
from model.world import Batch


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


def test_a_lost_push_of_many_claims_is_decided_again_one_by_one() -> None:
    """The scenes have commits of many claims; of some that lose, some claims are made again."""
    batches: list[list[Batch]] = []
    for number in range(RUNS_EACH):
        run = Run(FLEET_UNDER_CAP, ALL_RULES, f"batches/{number}")
        run.play()
        batches.append(run.world.batches)
    pairs = [pair for of_run in batches for pair in pairwise(of_run) if pair[1].is_again]
    again = [(lost, again) for lost, again in pairs if again.process == lost.process]
    assert any(len(one.claimed) > 1 for of_run in batches for one in of_run)
    assert any(one.asked > one.claimed and one.claimed for of_run in batches for one in of_run)
    many = [(lost, again) for lost, again in again if len(lost.claimed) > 1]
    assert any(again.claimed < lost.claimed and again.claimed for lost, again in many)
    assert any(again.claimed == lost.claimed for lost, again in many)
