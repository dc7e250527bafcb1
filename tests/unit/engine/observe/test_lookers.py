"""A look that takes long keeps nobody, and is heard of when it comes in."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from owned_time import run_in_owned_time
from pairctl.engine.observe import lookers as module
from pairctl.engine.observe.look import Look
from pairctl.engine.observe.lookers import HOSTS_AT_ONCE, Lookers, Places
from pairctl.pairing import Intent
from pairing_factory import make_intent, make_observed

LOOK = Look(make_observed(), 0.0, datetime(2026, 1, 1, tzinfo=UTC))
CLAIMS = frozenset({"claim-1"})


class Heard:
    """What was heard of, in order, with the claims that were known."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.claims: set[frozenset[str]] = set()

    def __call__(self, intent: Intent, look: Look, claims: frozenset[str]) -> None:
        assert look is LOOK
        self.names.append(intent.name)
        self.claims.add(claims)


def begin(lookers: Lookers, name: str, end: asyncio.Event | None = None, **spec: Any) -> Intent:
    """Begin a look that ends at once, or with an event."""

    async def look() -> Look:
        if end:
            await end.wait()
        return LOOK

    intent = replace(make_intent(**spec), name=name)
    lookers.begin(intent, look, CLAIMS)
    return intent


def test_the_others_do_not_wait_for_a_slow_one() -> None:
    """It is heard of in a later pass, with the claims that were known when it began."""

    async def run() -> None:
        lookers, heard, end = Lookers(waits=False), Heard(), asyncio.Event()
        begin(lookers, "slow", end)
        begin(lookers, "quick")
        await lookers.wait(["slow", "quick"], heard)
        assert heard.names == ["quick"]
        assert lookers.names == {"slow"}
        end.set()
        await asyncio.sleep(0.01)
        await lookers.wait(["slow"], heard)
        assert (heard.names, heard.claims) == (["quick", "slow"], {CLAIMS})
        assert lookers.names == set()

    run_in_owned_time(run())


def test_where_all_are_waited_for_a_slow_one_is_too() -> None:
    """A plan, and a single `apply`, leave nobody out."""

    async def run() -> None:
        lookers, heard, end = Lookers(), Heard(), asyncio.Event()
        begin(lookers, "slow", end)
        asyncio.get_running_loop().call_later(2 * module.SLOW_S, end.set)
        await lookers.wait(["slow"], heard)
        assert heard.names == ["slow"]

    run_in_owned_time(run())


def test_what_has_come_in_is_not_lost_where_another_look_breaks_off() -> None:
    """The next pass hears of it: else nobody would look at it any more."""

    async def run() -> None:
        lookers, heard = Lookers(waits=False), Heard()
        begin(lookers, "other")
        await asyncio.sleep(0)
        begin(lookers, "broken")
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        with pytest.raises(module.BrokenOffError):
            await lookers.wait(["broken"], heard)
        await lookers.wait(["other"], heard)
        assert heard.names == ["other"]

    run_in_owned_time(run())


def test_what_comes_in_while_others_are_waited_for_is_not_lost() -> None:
    """It is heard of by whoever asks for it."""

    async def run() -> None:
        lookers, heard = Lookers(waits=False), Heard()
        begin(lookers, "early")
        await asyncio.sleep(0.01)
        begin(lookers, "other")
        await lookers.wait(["other"], heard)
        assert heard.names == ["other"]
        await lookers.wait(["early"], heard)
        assert heard.names == ["other", "early"]

    run_in_owned_time(run())


def test_a_look_that_is_cancelled_from_outside_is_a_defect() -> None:
    """Nobody asked the run to stop, so it does not end as one that was."""

    async def run() -> None:
        lookers, heard = Lookers(), Heard()
        begin(lookers, "cancelled", asyncio.Event())
        begin(lookers, "sound")
        lookers._running["cancelled"].task.cancel()
        with pytest.raises(module.BrokenOffError):
            await lookers.wait(["cancelled", "sound"], heard)
        await lookers.wait(["sound"], heard)
        assert heard.names == ["sound"]

    run_in_owned_time(run())


def test_a_look_for_an_intent_that_changed_is_of_no_use() -> None:
    """It was made for another generation; one that is begun anew takes its place."""

    async def run() -> None:
        lookers, heard, never = Lookers(waits=False), Heard(), asyncio.Event()
        old = begin(lookers, "store", never)
        lookers.keep_to({"store": old})
        assert lookers.names == {"store"}
        new = begin(lookers, "store", attempt=2)
        lookers.keep_to({"store": new})
        await lookers.wait(["store"], heard)
        assert heard.names == ["store"]
        begin(lookers, "gone", never)
        lookers.keep_to({})
        assert lookers.names == set()
        await lookers.aclose()

    run_in_owned_time(run())


def test_a_slow_host_gives_its_place_to_others() -> None:
    """Else as many dark hosts as there are places would stop a fleet."""

    async def run() -> None:
        places, end = Places(), asyncio.Event()

        async def hold() -> None:
            async with places.take():
                await end.wait()

        slow = [asyncio.ensure_future(hold()) for _ in range(HOSTS_AT_ONCE)]
        await asyncio.sleep(0)
        async with places.take():
            assert not any(task.done() for task in slow)
        end.set()
        await asyncio.gather(*slow)
        for _ in range(HOSTS_AT_ONCE):  # each place came back once
            await asyncio.wait_for(places._free.acquire(), 1)
        assert places._free.locked()

    run_in_owned_time(run())


def test_on_a_busy_machine_a_look_that_takes_long_keeps_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its timer came late, so it is not the host that is slow: more looks would make it worse."""
    monkeypatch.setattr(module, "BUSY_S", -1.0)
    monkeypatch.setattr(module, "HOSTS_AT_ONCE", 1)

    async def run() -> None:
        places, order = Places(), []

        async def another() -> None:
            async with places.take():
                order.append("another")

        async with places.take():
            waiting = asyncio.ensure_future(another())
            await asyncio.sleep(2 * module.SLOW_S)
            order.append("first")
        await waiting
        assert order == ["first", "another"]

    run_in_owned_time(run())


def test_a_look_that_is_given_is_heard_of_at_once_by_who_begins_one() -> None:
    """No other is made for the very same intent, also where its host is slow; else there is one."""

    async def work() -> None:
        lookers, heard = Lookers(waits=False), Heard()
        intent = begin(lookers, "slow", asyncio.Event())
        await lookers.wait({"slow"}, heard)
        assert lookers.slow == {"slow"}
        lookers.give(intent, LOOK, CLAIMS)
        begin(lookers, "slow", asyncio.Event())
        await lookers.wait({"slow"}, heard)
        assert heard.names == ["slow"]
        assert lookers.slow == {"slow"}
        lookers.give(intent, LOOK, CLAIMS)
        end = asyncio.Event()
        begin(lookers, "slow", end, desired="Local")
        await lookers.wait({"slow"}, heard)
        assert heard.names == ["slow"]
        await lookers.aclose()

    run_in_owned_time(work())
