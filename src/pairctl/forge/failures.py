"""What can go wrong with a forge, by what happens next."""

from pairctl.problem import PairctlError, Problem


class ForgeFailure(PairctlError):
    """A call that the forge did not do. The problem's reason is the name of the class."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(Problem(type(self).__name__, message, hint))


class NotPermitted(ForgeFailure):
    """The token may not do this: that of a pull request from a fork may only read."""


class Passing(ForgeFailure):
    """No answer, a limit or a 5xx: look, then try again after `wait_s`, which may be 0."""

    def __init__(self, message: str, hint: str = "", *, wait_s: float = 0.0) -> None:
        super().__init__(message, hint)
        self.wait_s = wait_s


class Refused(ForgeFailure):
    """A definite no: the same call would be refused again."""


class UnexpectedAnswer(ForgeFailure):
    """An answer that cannot be read."""
