"""One pairctl: its clocks, its memory, and what it asks of the world.

Its tasks are generators. Each yields what it asks for, and goes on when the answer has arrived;
who runs them decides what happens between, and what becomes of the request.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, NamedTuple, TypeVar

from model.decision import Action, FirstRead, Observation, Reader, read_as
from model.records import Claim, Edit, Intent, Records
from model.rules import Rule, Rules
from model.scene import Setup
from model.world import Commit, Host, Listing, World

T = TypeVar("T")


class Kind(Enum):
    """What a request does: it looks, it pushes a commit, or it sends an action."""

    LOOK = auto()
    PUSH = auto()
    SEND = auto()

    __hash__ = object.__hash__


class NoAnswer(Exception):
    """A look was not answered."""


class Unknown(Enum):
    """The answer that did not come: the request may have taken effect, or may do so later."""

    UNKNOWN = auto()


UNKNOWN = Unknown.UNKNOWN
NO_HOST = Host("", "")
WALL_OFFSETS_S = (-500, -30, -7, -3, 0, 3, 7, 30, 500)
"""How far a wall clock may be off."""


class Ask(NamedTuple):
    """A request; `apply` is what it does when it arrives. `cluster` is what an action is about."""

    kind: Kind
    apply: Callable[[], object]
    what: object
    cluster: str = ""


class Sleep(NamedTuple):
    """Go on after so many seconds."""

    seconds: int


class Wait(NamedTuple):
    """Go on when this holds."""

    condition: Callable[[], bool]


Steps = Generator[Ask | Sleep | Wait, Any, T]


@dataclass(slots=True)
class Ticket:
    """What waits for the writer: edits, and perhaps an action that asks for a claim.

    `asked_at` is when the Date that the claim carries was asked for, by the own clock.
    `base_read` and `granted` are counts of events: when the tip that was claimed on was read, and
    when the claim was known to be on the branch.
    """

    name: str
    seen: Observation
    action: Action | None
    edits: tuple[Edit, ...]
    id: str
    asked_at: int
    wall: int
    is_tried: bool = False
    claim: Claim | None = None
    base_read: int = 0
    granted: int = 0
    is_done: bool = False


class SharedList(NamedTuple):
    """A list, when it was asked for by the own clock, and the count of events then."""

    listing: Listing
    asked_at: int
    order: int


class Process:
    """A process. What it remembers is lost when it is started again; its clocks run on."""

    def __init__(self, world: World, setup: Setup, name: str, rules: Rules) -> None:
        self.world = world
        self.setup = setup
        self.name = name
        self.rules = rules
        self.frozen_until = 0
        self.wall_offset = world.rng.choice(WALL_OFFSETS_S)
        self._clock_offset = world.rng.randrange(1000)
        self._slept = 0
        self.start()

    def start(self) -> None:
        """Begin with nothing remembered."""
        self.first_read: dict[str, FirstRead] = {}
        self.inbox: list[Ticket] = []
        self.sending: set[str] = set()
        self.tip: Commit | None = None
        self.tip_read = 0
        self._list: SharedList | None = None
        self._order = 0

    # Clocks.

    def clock(self) -> int:
        """Return the time since the machine was booted; without a rule it stops in sleep."""
        slept = 0 if Rule.DEADLINE_IN_SLEEP in self.rules else self._slept
        return self.world.now + self._clock_offset - slept

    def wall(self) -> int:
        """Return what the wall clock shows."""
        return self.world.now + self.wall_offset

    def sleep(self, seconds: int) -> None:
        """Do nothing for a while, as a machine that sleeps."""
        self.frozen_until = self.world.now + seconds
        self._slept += seconds

    def count(self) -> int:
        """Count one more event of this process."""
        self._order += 1
        return self._order

    # What is known of the branch.

    @property
    def records(self) -> Records:
        """What stands on the newest commit that is known."""
        assert self.tip is not None
        return self.tip.records

    def reader(self) -> Reader:
        """Return what a decision needs of this process."""
        return Reader(
            self.name,
            self.rules,
            self.world.intents,
            self.setup.stays,
            self.setup.lifetime_s,
            self.world.scene.per_hour,
            self.world.scene.branches == 1,
            self.first_read,
            self.clock(),
            self.wall(),
        )

    def _saw(self, commit: Commit, asked: int) -> None:
        """Keep a commit that was read or pushed, unless something newer came meanwhile."""
        is_older = self.tip is not None and commit.number < self.tip.number
        if is_older and asked < self.tip_read and Rule.TIP_ONLY_FORWARD in self.rules:
            return
        self.tip, self.tip_read = commit, self.count()
        now = FirstRead(self.clock(), self.tip_read)
        marks: tuple[Mapping[str, Any], ...] = (commit.records.claims, commit.records.evidence)
        for mark in (mark for those in marks for mark in those.values()):
            self.first_read.setdefault(read_as(mark, self.rules), now)

    # What is asked of the world.

    def fetch(self) -> Steps[Records]:
        """Read the status branch, and return what stands on it."""
        asked = self.count()
        commit = yield from _look("fetch", lambda: self.world.tip(self.setup.branch))
        self._saw(commit, asked)
        return commit.records

    def push(self, base: Commit, records: Records) -> Steps[Commit | None]:
        """Push a commit onto `base`; None where that lost, or nobody knows."""
        asked = self.count()
        is_forced = Rule.COMPARE_AND_SWAP not in self.rules

        def apply() -> Commit | None:
            return self.world.push(self.setup.branch, base, records, is_forced=is_forced)

        commit: Commit | Unknown | None = yield Ask(Kind.PUSH, apply, records)
        if commit is None or commit is UNKNOWN:
            return None
        self._saw(commit, asked)
        return commit

    def send(self, action: Action, intent: Intent) -> Steps[str | Unknown]:
        """Send an action; the answer is a pairing id, or empty for a definite no."""

        def apply() -> str:
            if action.pairing_uid:
                return self.world.accept(action.pairing_uid, intent)
            return self.world.request(intent.address)

        answer: str | Unknown = yield Ask(Kind.SEND, apply, action, intent.address)
        return answer

    def list_requests(self, since: int) -> Steps[SharedList]:
        """Return Palette's list; what another task asked for after `since` will do."""
        if self._list is None or self._list.order < since:
            asked_at, order = self.clock(), self.count()
            listing = yield from _look("list", self.world.list_requests)
            self._list = SharedList(listing, asked_at, order)
        return self._list

    def look(self, intent: Intent | None, since: int) -> Steps[Observation]:
        """Look at an intent's host, and at Palette; without an intent at Palette only."""
        began_at, host = self.clock(), NO_HOST
        if intent:
            address = intent.address
            host = yield from _look("host", lambda: self.world.look_at_host(address))
        shared = yield from self.list_requests(since)
        return Observation(
            intent,
            host,
            shared.listing.requests,
            shared.listing.date,
            shared.asked_at,
            min(began_at, shared.asked_at),
            shared.order,
        )

    def submit(
        self, name: str, seen: Observation, action: Action | None, edits: tuple[Edit, ...]
    ) -> Steps[Ticket]:
        """Hand something to the writer, and wait until it is on the branch, or refused."""
        id_ = self.world.new("n")
        if action and Rule.FRESH_ID not in self.rules:
            id_ = f"{self.name}/{action.cluster}"
        ticket = Ticket(name, seen, action, edits, id_, seen.asked_at, self.wall())
        self.inbox.append(ticket)
        yield Wait(lambda: ticket.is_done)
        return ticket


def _look(what: str, apply: Callable[[], T]) -> Steps[T]:
    answer: T | Unknown = yield Ask(Kind.LOOK, apply, what)
    if isinstance(answer, Unknown):
        raise NoAnswer
    return answer
