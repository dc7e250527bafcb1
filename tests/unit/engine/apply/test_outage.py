"""An outage is said when it begins and when it is over, however its passes alternate."""

import random
from types import SimpleNamespace
from typing import cast

from pairctl.engine import Event, OutageBegan, OutageEnded, Settings, SystemClock
from pairctl.engine.apply.outage import LONGEST_PAUSE_S, Outage
from pairctl.problem import Problem
from pairctl.repo import PushRefused, RepositoryUnreachable

REFUSED = PushRefused(Problem("RefusedByHook", "a hook refused it"))
GONE = RepositoryUnreachable(Problem("RepositoryUnreachable", "no answer"))


def outage(events: list[Event]) -> Outage:
    """Make one that is heard of."""
    settings = SimpleNamespace(
        clock=SystemClock(),
        rng=random.Random(1),  # noqa: S311 - spreads pauses
        listener=events.append,
    )
    return Outage(cast("Settings", settings))


def test_a_pass_with_nothing_to_write_does_not_end_what_keeps_from_writing() -> None:
    """Else each pass in turn would say that it begins, and that it is over."""
    events: list[Event] = []
    one = outage(events)
    for _ in range(20):
        one.note(REFUSED)
        one.note_success(has_written=False)
        assert one.is_on
    one.note_success(has_written=True)
    assert not one.is_on
    began, ended = events
    assert isinstance(began, OutageBegan)
    assert isinstance(ended, OutageEnded)
    assert ended.passes == 20


def test_a_remote_that_answers_again_is_over_at_once() -> None:
    """Whether there is anything to write or not."""
    events: list[Event] = []
    one = outage(events)
    one.note(GONE)
    one.note_success(has_written=False)
    one.note_success(has_written=False)
    assert [type(event) for event in events] == [OutageBegan, OutageEnded]


def test_each_reason_of_an_outage_is_said_once() -> None:
    """It may be another one by now; that the first came back is no news."""
    events: list[Event] = []
    one = outage(events)
    for error in (GONE, REFUSED, GONE, OSError(28, "No space left on device"), REFUSED):
        one.note(error)
    reasons = [event.problem.reason for event in events if isinstance(event, OutageBegan)]
    assert reasons == ["RepositoryUnreachable", "RefusedByHook", "SystemRefused"]


def test_pauses_grow_up_to_their_longest() -> None:
    """A remote that is gone for days is not asked every two seconds."""
    one, pauses = outage([]), []
    for _ in range(12):
        one.note(GONE)
        pauses.append(one.pause_s(2.0))
    assert pauses[0] <= 3
    assert LONGEST_PAUSE_S / 2 <= pauses[-1] <= LONGEST_PAUSE_S * 1.5
