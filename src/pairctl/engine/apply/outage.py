"""What keeps passes of a run that stays from ending: said when it begins, and when it is over."""

from pairctl.backoff import backoff_s
from pairctl.engine.runtime.events import OutageBegan, OutageEnded
from pairctl.engine.runtime.settings import Settings
from pairctl.problem import Problem

LONGEST_PAUSE_S = 60.0
"""How long to wait at most before a pass is tried again, spread by half of it."""


class Outage:
    """The passes that failed one after the other; none while all is well."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._reasons: set[str] = set()
        self._passes = 0
        self._since_s = 0.0

    def note(self, problem: Problem) -> None:
        """Note a pass that failed; what has been said of this outage is not said again."""
        if not self._passes:
            self._since_s = self._settings.clock.monotonic()
        self._passes += 1
        if problem.reason not in self._reasons:
            self._reasons.add(problem.reason)
            self._settings.listener(OutageBegan(problem))

    def end(self) -> None:
        """Note a pass that came through."""
        if self._passes:
            lasted_s = self._settings.clock.monotonic() - self._since_s
            self._settings.listener(OutageEnded(self._passes, lasted_s))
        self._passes, self._reasons = 0, set()

    def pause_s(self, first_s: float) -> float:
        """Return how long to wait before the next pass: longer each time."""
        return backoff_s(
            self._passes - 1,
            first_s=first_s,
            longest_s=LONGEST_PAUSE_S,
            chance=self._settings.rng.random(),
        )
