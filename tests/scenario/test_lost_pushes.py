"""Another writer moves the status branch while a pass is deciding: what that costs the servers."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pairctl.engine import Decided, Event, PassResult, SystemClock
from scenario_factory import World, world
from sim_factory import host_document

NUMBERS = (1, 2, 3, 4)
LISTING = "/v1/dashboard/clusterpairs/metadata"
SETTINGS = "/v1/edge-mgmt/settings"
BEFORE_SENDING_AND_AFTER = 2


@dataclass
class Interruption:
    """Does something once, when the last host of a pass was decided on; then counts calls."""

    w: World
    work: Callable[[], object]
    decided: set[str] = field(default_factory=set)
    is_over: bool = False
    looks: Counter[str] = field(default_factory=Counter)
    listings: int = 0

    def __call__(self, event: Event) -> None:
        if not isinstance(event, Decided) or self.is_over:
            return
        self.decided.add(event.name)
        if len(self.decided) == len(NUMBERS):
            self.is_over = True
            self.work()
            self._count(-1)

    def count(self) -> None:
        """Count what came after the interruption."""
        self._count(1)

    def _count(self, sign: int) -> None:
        for one in self.w.running.simulation.journal.received:
            if one.path == SETTINGS:
                self.looks[one.server] += sign
            self.listings += sign * (one.path == LISTING)


class JumpingClock(SystemClock):
    """`ahead_s` lets time jump."""

    ahead_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead_s


def interrupted(
    w: World, work: Callable[[], object], clock: SystemClock | None = None
) -> tuple[PassResult, Interruption]:
    """Do one pass over hosts that are to be paired, and let something come between."""
    w.apply()
    w.commit(*(w.intent(number) for number in NUMBERS))
    heard = Interruption(w, work)
    result = w.one_pass(listener=heard, clock=clock)
    heard.count()
    return result, heard


def suspended(w: World) -> list[dict[str, object]]:
    """Write intents that nothing is done for yet."""
    return [w.intent(number, suspend=True) for number in NUMBERS]


def hosts() -> list[dict[str, object]]:
    """Describe the hosts."""
    return [host_document(number) for number in NUMBERS]


def test_a_tip_that_says_nothing_new_costs_no_look(tmp_path: Path) -> None:
    """All is decided again on it, by the looks that were made: each host is then looked at twice.

    Once before its request is sent, and once after it.
    """
    with world(tmp_path, *hosts(), fleet=suspended) as w:
        _, heard = interrupted(w, lambda: w.push_status({}))
        assert w.kinds() == ["request"] * len(NUMBERS)
        assert set(heard.looks.values()) == {BEFORE_SENDING_AND_AFTER}, heard.looks
        assert heard.listings == BEFORE_SENDING_AND_AFTER
        assert w.claims == []


def test_only_the_cluster_that_another_has_claimed_is_looked_at_again(tmp_path: Path) -> None:
    """It is held by that claim, and the others go on without another first look."""
    with world(tmp_path, *hosts(), fleet=suspended) as w:
        claim = w.claim("request", seconds=60, number=2)
        _, heard = interrupted(w, lambda: w.push_claim(claim))
        assert w.told("store-2") == ("Blocked", "OutcomeUnknown")
        assert heard.looks.pop("store-2") == 1
        assert set(heard.looks.values()) == {BEFORE_SENDING_AND_AFTER}, heard.looks
        assert [w.kinds(number) for number in NUMBERS] == [
            ["request"],
            [],
            ["request"],
            ["request"],
        ]


def test_what_another_run_has_done_and_recorded_meanwhile_is_seen(tmp_path: Path) -> None:
    """Its claim came and went: the status that it wrote says that its cluster is not as it was."""
    timing = {"actSeconds": 120}
    with world(tmp_path, *hosts(), timing=timing, fleet=suspended) as w:
        _, heard = interrupted(w, lambda: w.run("apply", "store-2"))
        assert w.kinds(2) == ["request", "accept"]
        assert heard.looks.pop("store-2") == 1 + BEFORE_SENDING_AND_AFTER
        assert set(heard.looks.values()) == {BEFORE_SENDING_AND_AFTER}, heard.looks
        assert [w.kinds(number) for number in (1, 3, 4)] == [["request"]] * 3


def test_a_look_that_is_old_by_then_is_made_again(tmp_path: Path) -> None:
    """Half of the time in which an action may be sent is how old it may be."""
    clock = JumpingClock()

    def wait_and_push() -> None:
        clock.ahead_s += 3.5  # `actSeconds` is 6 here
        w.push_status({})

    with world(tmp_path, *hosts(), fleet=suspended) as w:
        _, heard = interrupted(w, wait_and_push, clock)
        assert set(heard.looks.values()) == {BEFORE_SENDING_AND_AFTER + 1}, heard.looks
        assert w.kinds() == ["request"] * len(NUMBERS)
