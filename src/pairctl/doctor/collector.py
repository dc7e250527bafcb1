"""The checks of one subject while they are made."""

from collections.abc import Awaitable, Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from pairctl.doctor.check import Check, Verdict
from pairctl.problem import PairctlError, Problem

T = TypeVar("T")


class Collector:
    """Collects the checks of one subject, in order. It keeps texts and no answers."""

    def __init__(self, subject: str) -> None:
        self._subject = subject
        self._place = ""
        self._checks: list[Check] = []

    @contextmanager
    def about(self, place: str) -> Iterator[None]:
        """Name one place of several in each check of this block; an empty one is not named."""
        before, self._place = self._place, place
        try:
            yield
        finally:
            self._place = before

    @property
    def checks(self) -> tuple[Check, ...]:
        """All checks so far."""
        return tuple(self._checks)

    def note(self, name: str, verdict: Verdict, message: str, hint: str = "") -> None:
        """Write a check down."""
        shown = f"{name} at {self._place}" if self._place else name
        self._checks.append(Check(self._subject, shown, verdict, message, hint))

    def ok(self, name: str, message: str) -> None:
        """Write down what works."""
        self.note(name, Verdict.OK, message)

    def warn(self, name: str, message: str, hint: str) -> None:
        """Write down what works, and will not for long or not as expected."""
        self.note(name, Verdict.WARNING, message, hint)

    def fail(self, name: str, problem: Problem) -> None:
        """Write down what does not work, and what to do about it."""
        self.note(name, Verdict.FAILED, problem.message, problem.hint)

    def soften(self, names: Container[str], hint: str) -> None:
        """Make warnings of the failures of these checks: something else stands in for it."""
        self._checks = [
            replace(one, verdict=Verdict.WARNING, hint=f"{one.hint}; {hint}")
            if one.name in names and one.verdict is Verdict.FAILED
            else one
            for one in self._checks
        ]

    def skip(self, *names: str, because: str) -> None:
        """Write down what was not looked at."""
        for name in names:
            self.note(name, Verdict.SKIPPED, because)

    def judge(self, name: str, found: Problem | None, fine: str) -> bool:
        """Write down a problem or, where there is none, that all is well; tell which."""
        if found is None:
            self.ok(name, fine)
        else:
            self.fail(name, found)
        return found is None

    async def attempt(
        self, name: str, work: Awaitable[T], shown: Callable[[T], str]
    ) -> T | Problem:
        """Do something that raises PairctlError where it does not work, and write down the end."""
        try:
            found = await work
        except PairctlError as error:
            self.fail(name, error.problem)
            return error.problem
        self.ok(name, shown(found))
        return found
