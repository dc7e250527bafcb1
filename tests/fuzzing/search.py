"""Making up cases until one breaks a law, or it is over."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, seed, settings

from fuzzing.case import Case
from fuzzing.laws import hold
from fuzzing.mutations import cases
from pairctl.spec import Finding

Hold = Callable[[Case], Sequence[Finding]]

BATCH = 100
MADE_SMALL_S = 60
"""How long a case that breaks a law is made smaller."""


@dataclass
class Tally:
    """What was done: cases, files, how many cases had each code; and what went wrong, if anything.

    `broken` is the last case that broke a law: the smallest, since hypothesis makes it smaller.
    """

    cases: int = 0
    files: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    broken: Case | None = None
    error: Exception | None = None
    broken_at: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.cases} cases with {self.files} files, {len(self.codes)} codes found,"
            f" the slowest took {self.slowest_s:.2f} s"
        )

    @property
    def is_small(self) -> bool:
        """Whether it is time to be content with the case that was found."""
        return self.broken is not None and time.monotonic() > self.broken_at + MADE_SMALL_S


def search(
    first_seed: int,
    is_over: Callable[[Tally], bool],
    before: Callable[[Case], object] = lambda _: None,
    laws: Hold = hold,
) -> Tally:
    """Hold made-up cases to the laws until a law is broken or it is over.

    The same seeds make the same cases. `before` is called with each case, so that a process that
    dies of one leaves it behind.
    """
    tally, number = Tally(), first_seed
    while tally.broken is None and not is_over(tally):
        _search_batch(number, tally, is_over, before, laws)
        number += 1
    return tally


def _search_batch(
    number: int,
    tally: Tally,
    is_over: Callable[[Tally], bool],
    before: Callable[[Case], object],
    laws: Hold,
) -> None:
    @seed(number)
    @settings(
        max_examples=BATCH,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(cases())
    def batch(case: Case) -> None:
        if tally.is_small if tally.broken else is_over(tally):
            return
        before(case)
        _hold(case, tally, laws)

    try:
        batch()
    except (Exception, BaseExceptionGroup):
        if tally.broken is None:
            raise  # the search itself is at fault


def _hold(case: Case, tally: Tally, laws: Hold) -> None:
    started = time.process_time()
    try:
        findings = laws(case)
    except Exception as error:
        tally.broken_at = tally.broken_at or time.monotonic()
        tally.broken, tally.error = case, error
        raise
    tally.slowest_s = max(tally.slowest_s, time.process_time() - started)
    tally.cases += 1
    tally.files += len(case.documents) + len(case.records)
    tally.codes.update({str(one.code) for one in findings})
