"""Hostile repositories: all that ever found something, and some that are made up anew."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli_factory import ROOT
from fuzzing.case import Case, corpus
from fuzzing.laws import hold
from fuzzing.patience import SlowError, by_the_clock
from fuzzing.search import search
from pairctl.spec import Finding


@pytest.mark.parametrize("folder", corpus(), ids=lambda path: path.name)
def test_what_was_once_found_is_mended(folder: Path) -> None:
    """Every case of the corpus broke a law when it was found."""
    hold(Case.load(folder))


def test_made_up_repositories_break_no_law() -> None:
    """The same few on every run; `make fuzz` looks for more."""
    tally = search(first_seed=1, is_over=lambda tally: tally.cases >= 100)
    assert tally.broken is None, tally.error
    assert len(tally.codes) > 20, "the cases say nothing"


def test_a_law_that_is_broken_is_found_and_made_small() -> None:
    """A search that cannot fail would prove nothing."""

    def no_windows(case: Case) -> list[Finding]:
        assert not any(b"\r\n" in content for content in case.documents.values())
        return []

    tally = search(1, is_over=lambda tally: tally.cases >= 10_000, laws=no_windows)
    assert tally.broken is not None
    assert isinstance(tally.error, AssertionError)
    (content,) = tally.broken.documents.values()
    assert len(content) < 1000


def test_what_is_slow_twice_is_told() -> None:
    """By processor time: a machine may hesitate once."""
    with pytest.raises(SlowError, match="counting took"):
        by_the_clock(0.0, "counting", lambda: sum(range(100_000)))


def test_the_search_ends_by_itself_and_says_what_it_did() -> None:
    """As `make fuzz` runs it: for the seconds that were asked for, in a process with limits."""
    done = subprocess.run(
        [sys.executable, "-m", "fuzzing", "1", "7"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "from seed 7" in done.stdout
    assert "codes found" in done.stdout
