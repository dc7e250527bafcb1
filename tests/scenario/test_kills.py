"""Killed at any moment and started again, the program ends as if nothing had happened."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import pytest

from driver_factory import Driver, output_file
from kill_factory import (
    AtEntry,
    AtPush,
    Moment,
    Trigger,
    end_of,
    killing_world,
    moments_of,
)
from scenario_factory import World

APPLY = ("apply", "--wait", "--interval", "0.7")
GROUPS = 4
THREADS = 6
KILLED = -9
BLOCKED = 3
RUNS = 3
"""How often it may be started again: on a machine that is too busy a call takes too long."""
MOST_MISSED = 3
"""How many moments of a group may not come again: passes differ in how often they look."""


@dataclass(frozen=True)
class Undisturbed:
    """A run that nobody killed: its moments, and the files that it left."""

    moments: list[Moment]
    files: dict[str, str]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """Run once, and note every moment at which it could have been killed."""
    root = tmp_path_factory.mktemp("undisturbed")
    with Driver() as driver, killing_world(root / "world") as w:
        trigger = Trigger(w)
        trigger.set()
        assert driver.run(w, *APPLY) == 0, output_file(w).read_text()
        assert_paired_once(w)
        commits = len(w.box.status_log())
        return Undisturbed(moments_of(trigger.entries, commits), end_of(w))


def assert_paired_once(w: World) -> None:
    """Check what must be true however the program got there."""
    assert w.told() == ("Paired", "Paired"), w.status()
    assert w.kinds() == ["request", "accept"]
    assert w.claims == []


def kill_and_run_again(driver: Driver, root: Path, moment: Moment, files: dict[str, str]) -> bool:
    """Kill at a moment, start again undisturbed, and check the end; False if it never came."""
    with killing_world(root) as w:
        trigger = Trigger(w, moment)
        trigger.set()
        code = driver.run(w, *APPLY)
        assert (code == KILLED) is trigger.has_come, f"it ended with {code}"
        trigger.disarm()
        codes = [driver.run(w, *APPLY)]
        while codes[-1] == BLOCKED and len(codes) < RUNS:
            codes.append(driver.run(w, *APPLY))
        assert codes[-1] == 0, output_file(w).read_text()
        assert_paired_once(w)
        assert list(unlike(files, end_of(w))) == []
        return code == KILLED


def unlike(one: dict[str, str], other: dict[str, str]) -> Iterator[str]:
    """Yield the lines in which two ends differ, with the file that they stand in."""
    for path in sorted({*one, *other}):
        before, after = (end.get(path, "").splitlines() for end in (one, other))
        yield from (f"{path}: {line}" for line in unified_diff(before, after, n=0))


def test_a_run_has_all_the_moments_that_it_should(undisturbed: Undisturbed) -> None:
    """The moments are those of a whole pairing: every request, every effect, every push."""
    told = [m.entry for m in undisturbed.moments if isinstance(m, AtEntry)]
    assert len(told) >= 50
    assert "palette has applied request" in told
    assert "palette has applied accept" in told
    assert {m.number for m in undisturbed.moments if isinstance(m, AtPush)} >= {1, 2, 3, 4}


@pytest.mark.parametrize("group", range(GROUPS))
def test_killed_at_any_moment_it_ends_as_if_nothing_had_happened(
    undisturbed: Undisturbed, tmp_path: Path, group: int
) -> None:
    """Killed at any request, effect or push: one request, one acceptance, the same files."""
    moments, missed = undisturbed.moments[group::GROUPS], list[Moment]()

    def work(share: int) -> list[str]:
        wrong = []
        with Driver() as driver:
            for number in range(share, len(moments), THREADS):
                moment, root = moments[number], tmp_path / str(number)
                try:
                    if not kill_and_run_again(driver, root, moment, undisturbed.files):
                        missed.append(moment)
                except AssertionError as error:
                    wrong.append(f"{moment}: {error}")
        return wrong

    with ThreadPoolExecutor(THREADS) as pool:
        wrong = [text for texts in pool.map(work, range(THREADS)) for text in texts]
    assert not wrong, "\n\n".join(wrong)
    assert len(missed) <= MOST_MISSED, missed
