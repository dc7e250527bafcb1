"""What the engine tells while it works, for whoever shows progress. Events never steer the work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pairctl.pairing import Action, Decision, Status
from pairctl.problem import Problem


@dataclass(frozen=True, slots=True)
class PassStarted:
    """A pass begins on the intents of `commit`."""

    commit: str
    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """An intent was looked at and decided on."""

    name: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Kept:
    """An intent is settled, and what Palette lists agrees: its status stays as it is."""

    name: str
    status: Status


@dataclass(frozen=True, slots=True)
class Acting:
    """An action is about to be sent."""

    name: str
    action: Action


@dataclass(frozen=True, slots=True)
class Acted:
    """An action is over. `outcome` is a word, `message` tells more where it was not done."""

    name: str
    action: Action
    outcome: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Concluded:
    """What a pass came to, before it is written down; `before` is what was on record."""

    before: Mapping[str, Status]
    statuses: Mapping[str, Status]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The pass is over; `commit` is the status commit it made, None where nothing changed."""

    commit: str | None


@dataclass(frozen=True, slots=True)
class OutageBegan:
    """A pass could not be carried through; it is tried again. `problem` says why.

    Of an outage each reason is said once.
    """

    problem: Problem


@dataclass(frozen=True, slots=True)
class OutageEnded:
    """A pass came through again, after so many that did not; the first failed so long ago."""

    passes: int
    lasted_s: float


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """The run ends, and what came of an action for an intent is not on the status branch.

    `message` says what was sent and what was answered.
    """

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class HeartbeatRefused:
    """The remote takes no heartbeat at `ref`; said once, and no failure."""

    ref: str
    message: str


@dataclass(frozen=True, slots=True)
class HeartbeatTaken:
    """The remote takes heartbeats at `ref` again, after it refused some."""

    ref: str


Event = (
    PassStarted
    | Decided
    | Kept
    | Acting
    | Acted
    | Concluded
    | Recorded
    | OutageBegan
    | OutageEnded
    | Unrecorded
    | HeartbeatRefused
    | HeartbeatTaken
)
Listener = Callable[[Event], None]


class Guarded:
    """A listener that never comes between an answer and its record: what it raises is kept."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._kept: Exception | None = None

    def __call__(self, event: Event) -> None:
        """Tell the listener; the first error that it raises is kept."""
        try:
            self._listener(event)
        except Exception as error:  # noqa: BLE001 - raised once nothing can be lost by it
            self._kept = self._kept or error

    def raise_kept(self) -> None:
        """Raise what the listener has raised, once."""
        kept, self._kept = self._kept, None
        if kept is not None:
            raise kept


def unheard(event: Event) -> None:
    """Tell nobody."""
    del event
