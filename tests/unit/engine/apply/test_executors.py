"""Actions that are under way: who is waited for, and what is known of them meanwhile."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from owned_time import run_in_owned_time
from pairctl.engine.apply.executor import LOOK_TOO_OLD, Ending, Outcome
from pairctl.engine.apply.executors import Executors, Report
from pairctl.engine.apply.vain_tries import MOST_IN_VAIN, REST_S, VainTries
from pairctl.engine.observe.lookers import SLOW_S, Placed, Places
from pairctl.engine.observe.waiting import QUIET_S
from pairctl.pairing import Capacity, Claim, Decision, decide
from pairing_factory import NOW, make_host, make_intent, make_observed


def planned(**spec: Any) -> Decision:
    """Decide to send a request."""
    return decide(make_intent(**spec), make_observed(make_host()), now=NOW)


def claim(name: str) -> Claim:
    """Make the claim of an action."""
    return Claim(name, f"local-{name}", name, "request", 1, "me", 60.0, NOW)


def begin(executors: Executors, name: str, end: asyncio.Event | None = None) -> None:
    """Begin an action that ends at once, or with an event."""
    decision = planned()
    assert decision.action
    outcome = Outcome(decision.action, Ending.DONE)

    async def work() -> Outcome:
        if end:
            await end.wait()
        return outcome

    executors.begin(name, decision, claim(name), work)


def test_an_action_that_breaks_off_takes_what_came_of_no_other_with_it() -> None:
    """Whether it was sent is not known; the others are heard of in the same pass."""

    async def broken() -> Outcome:
        raise ValueError("odd")

    async def run() -> None:
        executors = Executors()
        executors.begin("broken", planned(), claim("broken"), broken)
        begin(executors, "sound")
        reports = await executors.wait()
        endings = {name: one.outcome.ending for name, one in reports.items()}
        assert endings == {"broken": Ending.UNKNOWN, "sound": Ending.DONE}

    run_in_owned_time(run())


def test_an_action_that_is_cancelled_from_outside_is_one_that_broke_off() -> None:
    """Nobody asked the run to stop: it goes on, and what came of the action is not known."""

    async def run() -> None:
        executors, never = Executors(), asyncio.Event()
        begin(executors, "cancelled", never)
        begin(executors, "sound")
        executors._running["cancelled"].task.cancel()
        reports = await executors.wait()
        endings = {name: one.outcome.ending for name, one in reports.items()}
        assert endings == {"cancelled": Ending.UNKNOWN, "sound": Ending.DONE}
        problem = reports["cancelled"].outcome.problem
        assert problem
        assert problem.reason == "Defect"

    run_in_owned_time(run())


def test_a_slow_action_is_heard_of_later() -> None:
    """Until then its claim is known as under way; who was slow once is not waited for again."""

    async def run() -> None:
        executors, end = Executors(waits=False), asyncio.Event()
        begin(executors, "slow", end)
        begin(executors, "quick")
        assert (await executors.wait()).keys() == {"quick"}
        assert (executors.names, executors.claims) == ({"slow"}, {"slow"})
        assert await executors.wait() == {}
        end.set()
        await asyncio.sleep(0)
        assert (await executors.wait()).keys() == {"slow"}
        assert executors.names == set()

    run_in_owned_time(run())


@pytest.mark.parametrize("is_patient", [True, False])
def test_where_all_are_waited_for_a_slow_action_is_too(*, is_patient: bool) -> None:
    """A single `apply` waits for all it has begun, and so does a run that was asked to stop."""

    async def run() -> None:
        executors, end = Executors(waits=is_patient), asyncio.Event()
        begin(executors, "slow", end)
        asyncio.get_running_loop().call_later(2 * SLOW_S, end.set)
        reports = await executors.wait(waits_for_all=not is_patient)
        assert reports.keys() == {"slow"}

    run_in_owned_time(run())


def test_an_action_at_a_host_whose_looks_are_slow_is_not_waited_for() -> None:
    """Nobody else's time is spent to find out once more."""

    async def run() -> None:
        executors, end = Executors(waits=False), asyncio.Event()
        begin(executors, "slow", end)
        began_s = asyncio.get_running_loop().time()
        assert await executors.wait(frozenset({"slow"})) == {}
        assert asyncio.get_running_loop().time() == began_s
        await executors.aclose()
        assert executors.names == set()

    run_in_owned_time(run())


class Silent:
    """A host that has not answered for long."""

    waits_s = 10.0


def test_an_action_that_its_host_keeps_in_each_pass_costs_the_others_a_moment() -> None:
    """They are on record before it is called slow; it is not waited for twice."""

    async def seconds(count: int, *, with_slow: bool) -> float:
        placed: Placed = {}
        executors, places = Executors(waits=False, placed=placed), Places(placed)
        never, heard = asyncio.Event(), 0

        async def hang() -> Outcome:
            async with places.take() as place:
                place.host = Silent()
                await never.wait()
            raise AssertionError

        for number in range(count):
            begin(executors, f"quick-{number}")
            if with_slow:
                executors.begin(f"slow-{number}", planned(), claim(f"slow-{number}"), hang)
            heard += len(await executors.wait())
        took_s = asyncio.get_running_loop().time()
        assert heard == count
        await executors.aclose()
        return took_s

    without_s = run_in_owned_time(seconds(10, with_slow=False))
    with_s = run_in_owned_time(seconds(10, with_slow=True))
    assert with_s <= without_s + 10 * (QUIET_S + 0.1)


def late(decision: Decision) -> dict[str, Report]:
    """Report that the last look before an action took too long."""
    assert decision.action
    outcome = Outcome(decision.action, Ending.NOT_SENT, LOOK_TOO_OLD)
    name = decision.case.intent.name
    return {name: Report(decision, claim(name), outcome)}


def test_a_look_that_is_too_late_again_and_again_is_for_a_person() -> None:
    """Tries get rare then; another commit, or an action that is sent, begins anew."""
    tries, one = VainTries(), planned()
    name, intents = one.case.intent.name, {one.case.intent.name: one.case.intent}
    for number in range(1, MOST_IN_VAIN + 1):
        tries.note(late(one), 10.0)
        held = tries.held({name: one})[name]
        assert held.verdict.reason == "LookTooOld"
        assert held.verdict.is_blocked is (number == MOST_IN_VAIN)
        assert tries.resting(intents, 10.0) == ({name} if number == MOST_IN_VAIN else set())
    assert tries.resting(intents, 10.0 + REST_S) == set()
    changed = replace(one.case.intent, generation="another")
    assert tries.held({name: replace(one, case=replace(one.case, intent=changed))}) == {}
    done = Report(one, claim(name), Outcome(late(one)[name].outcome.action, Ending.DONE))
    tries.note({name: done}, 20.0)
    assert tries.held({name: one}) == {}


def test_where_most_of_many_looks_are_too_late_fewer_are_begun_and_no_host_is_blamed() -> None:
    """It is this machine, its network or Palette; what comes through opens the whole again."""
    tries, capacity, one = VainTries(), Capacity(at_hosts=64, at_palette=22, requests=45), planned()
    name = one.case.intent.name
    (report,) = late(one).values()
    many = {f"store-{n}": report for n in range(20)} | {name: report}
    assert tries.within(capacity) == capacity
    for at_hosts, at_palette in ((32, 11), (16, 5), (8, 2), (4, 1), (4, 1)):
        tries.note(many, 10.0)
        assert tries.within(capacity) == Capacity(at_hosts, at_palette, 45)
    assert tries.held({name: one}) == {}
    done = Report(one, claim(name), Outcome(report.outcome.action, Ending.DONE))
    for at_hosts in (8, 16, 32, 64, 64):
        tries.note({"another": done}, 20.0)
        assert tries.within(capacity).at_hosts == at_hosts
