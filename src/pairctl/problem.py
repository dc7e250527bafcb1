"""The one shape of bad news: what every room raises and every sink shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that stands in the way, told to a person.

    `reason` is a stable CamelCase word, fit for a condition; `message` says what failed, on which
    object, and what was found; `hint` says what to do now.
    """

    reason: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


def defect(error: BaseException) -> Problem:
    """Say where pairctl itself went wrong, without the values that it was working on."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_globals.get('__name__')}:{frame.tb_lineno}" if frame else "nowhere"
    return Problem(
        "Defect",
        f"pairctl has a defect: {type(error).__name__} at {where}",
        "report this line; what was under way is looked at again by the next run",
    )


class PairctlError(Exception):
    """The root of every error that pairctl raises on purpose."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class ConfigurationError(PairctlError):
    """The run cannot start: an option, the operator's file or the environment is wrong."""
