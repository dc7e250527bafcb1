"""Whatever an API answers, it is read or refused, and stops nobody else."""

import pytest

from examples import count
from fuzzing.answers import CORPUS, KINDS, Fuzzed, cases, hold_answer

NUMBERS = range(count(25))


@pytest.mark.parametrize("kind", KINDS)
def test_any_answer_is_read_or_refused(kind: str) -> None:
    """Some that fit a schema, some that fit none, and errors; `make fuzz` has many more."""
    for number in NUMBERS:
        for fuzzed in cases(kind, number):
            hold_answer(fuzzed)


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.json")), ids=lambda path: path.stem)
def test_an_answer_that_once_went_wrong_does_no_more(path) -> None:
    """What `make fuzz` has found is held to the same laws for good."""
    hold_answer(Fuzzed.load(path))
