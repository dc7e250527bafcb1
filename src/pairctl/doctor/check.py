"""What a look found, as data."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended. A skipped one was not made, or cannot be made without writing."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `subject` is `git`, `palette/<name>` or `host/<intent>`."""

    subject: str
    name: str
    verdict: Verdict
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """All checks, grouped by subject in the order they were made; `commit` is empty without one."""

    commit: str
    checks: tuple[Check, ...]

    @property
    def has_failed(self) -> bool:
        """Whether something does not work. Warnings are allowed."""
        return self.counts[Verdict.FAILED] > 0

    @property
    def counts(self) -> Counter[Verdict]:
        """How many checks ended with each verdict."""
        return Counter(check.verdict for check in self.checks)
