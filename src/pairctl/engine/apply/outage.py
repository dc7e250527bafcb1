"""What keeps passes of a run that stays from ending: said when it begins, and when it is over."""

from pairctl.backoff import backoff_s
from pairctl.engine.apply.claiming import ClaimLost
from pairctl.engine.runtime.events import OutageBegan, OutageEnded
from pairctl.engine.runtime.settings import Settings
from pairctl.problem import PairctlError, Problem
from pairctl.repo import GitFailed, PublishError

_OF_WRITING = (PublishError, ClaimLost, GitFailed, OSError)
LONGEST_PAUSE_S = 60.0
"""How long to wait at most before a pass is tried again, spread by half of it."""


class Outage:
    """The passes that failed one after the other; none while all is well."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._reasons: set[str] = set()
        self._passes = 0
        self._since_s = 0.0
        self._is_of_writing = False

    @property
    def is_on(self) -> bool:
        """Whether the last pass failed, or none has shown since that it is over."""
        return self._passes > 0

    def note(self, error: PairctlError | OSError) -> None:
        """Note a pass that failed; what has been said of this outage is not said again."""
        problem = problem_of(error)
        if not self._passes:
            self._since_s = self._settings.clock.monotonic()
        self._passes += 1
        self._is_of_writing |= isinstance(error, _OF_WRITING)
        if problem.reason not in self._reasons:
            self._reasons.add(problem.reason)
            self._settings.listener(OutageBegan(problem))

    def note_success(self, *, has_written: bool) -> None:
        """Note a pass that came through. One that had nothing to write tells nothing of writing."""
        if self._is_of_writing and not has_written:
            return
        if self._passes:
            lasted_s = self._settings.clock.monotonic() - self._since_s
            self._settings.listener(OutageEnded(self._passes, lasted_s))
        self._passes, self._reasons, self._is_of_writing = 0, set(), False

    def pause_s(self, first_s: float) -> float:
        """Return how long to wait before the next pass: longer each time."""
        return backoff_s(
            self._passes - 1,
            first_s=first_s,
            longest_s=LONGEST_PAUSE_S,
            chance=self._settings.rng.random(),
        )


def problem_of(error: PairctlError | OSError) -> Problem:
    """Return what stands against a pass: a full disk, say, is met outside of Git too."""
    if isinstance(error, PairctlError):
        return error.problem
    words = f"the operating system refused: {error.strerror or type(error).__name__}"
    return Problem("SystemRefused", words, "see that disks have room, and that files can be used")
