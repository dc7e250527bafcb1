"""How long looks are waited for, in seconds of a clock that the test owns."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from owned_time import run_in_owned_time
from pairctl.apis import SLOW_CALL_S
from pairctl.engine.observe.look import Look
from pairctl.engine.observe.lookers import HOSTS_AT_ONCE, MANY, SLOW_FOR_S, SLOW_S, Lookers, Places
from pairctl.engine.observe.waiting import QUIET_S
from pairctl.pairing import Intent
from pairing_factory import make_intent, make_observed

LOOK = Look(make_observed(), 0.0, datetime(2026, 1, 1, tzinfo=UTC))
A_LITTLE_S = 0.1
FOR_EVER_S = 100.0


@dataclass
class Host:
    """A host whose calls take so long, one after the other; later Palette is waited for."""

    calls_s: Sequence[float]
    palette_s: float = 0.0
    began_s: float | None = field(default=None, init=False)

    @property
    def waits_s(self) -> float:
        now_s = asyncio.get_running_loop().time()
        return 0.0 if self.began_s is None else now_s - self.began_s

    async def look(self) -> None:
        for call_s in self.calls_s:
            self.began_s = asyncio.get_running_loop().time()
            await asyncio.sleep(call_s)
        self.began_s = None
        await asyncio.sleep(self.palette_s)


class Passes:
    """Waits for looks, one after the other; `heard` is of whom, in order."""

    def __init__(self) -> None:
        self.lookers = Lookers(waits=False)
        self.places = Places(self.lookers.placed)
        self.heard: list[str] = []

    def begin(self, name: str, host: Host, look: Look = LOOK) -> None:
        """Begin a look at a host."""

        async def work() -> Look:
            async with self.places.take() as place:
                place.host = host
                await host.look()
                return look

        self.lookers.begin(replace(make_intent(), name=name), work, frozenset())

    async def wait(
        self,
        *names: str,
        new: tuple[str, ...] = (),
        only_new: bool = False,
        waits_for_all: bool = False,
    ) -> float:
        """Wait for looks; return how long that took."""
        began_s = asyncio.get_running_loop().time()

        def note(intent: Intent, *_: object) -> None:
            self.heard.append(intent.name)

        await self.lookers.wait(
            names, note, frozenset(new), only_new=only_new, waits_for_all=waits_for_all
        )
        return asyncio.get_running_loop().time() - began_s


def quick() -> Host:
    """Return a host that answers at once."""
    return Host([0.01] * 5)


def slow() -> Host:
    """Return a host that does not answer for long."""
    return Host([FOR_EVER_S])


def test_a_host_whose_last_look_was_slow_is_not_waited_for() -> None:
    """Its next look is heard of when it is there, and may say otherwise."""

    async def work() -> None:
        passes = Passes()
        passes.begin("store", quick(), replace(LOOK, is_slow=True))
        await passes.wait("store")
        assert passes.lookers.slow == {"store"}
        passes.begin("store", quick())
        assert (await passes.wait("store"), passes.heard) == (0, ["store"])
        await asyncio.sleep(1)
        await passes.wait("store")
        assert (passes.lookers.slow, passes.heard) == (set(), ["store"] * 2)
        passes.begin("store", quick())
        await passes.wait("store")
        assert passes.heard == ["store"] * 3

    run_in_owned_time(work())


def test_a_host_that_is_slow_for_the_first_time_in_each_pass_costs_the_others_one_call() -> None:
    """They do not wait for as long as its look may have a place, and less where they wait too."""

    async def seconds(count: int, *, with_slow: bool) -> float:
        passes, took_s = Passes(), 0.0
        for number in range(count):
            names = [f"quick-{n}" for n in range(5)]
            for name in names:
                passes.begin(name, quick())
            if with_slow:
                passes.begin(f"slow-{number}", slow())
                names.append(f"slow-{number}")
            took_s += await passes.wait(*names)
        assert len(passes.heard) == 5 * count
        await passes.lookers.aclose()
        return took_s

    without_s = run_in_owned_time(seconds(10, with_slow=False))
    with_s = run_in_owned_time(seconds(10, with_slow=True))
    assert with_s <= without_s + 10 * (SLOW_CALL_S + QUIET_S)
    assert with_s < without_s + 10 * SLOW_S / 2


def test_who_waits_for_a_place_or_for_palette_is_waited_for() -> None:
    """No host keeps them; where calls take a part of a second each, a look takes longer than one.

    So it is where all answer, one after the other.
    """

    async def work() -> int:
        passes = Passes()
        names = [f"far-{n}" for n in range(HOSTS_AT_ONCE + 1)]
        for name in names:
            passes.begin(name, Host([SLOW_CALL_S / 2] * 3, palette_s=SLOW_CALL_S))
        passes.begin("quick", quick())
        await passes.wait("quick", *names)
        return len(passes.heard)

    assert run_in_owned_time(work()) == HOSTS_AT_ONCE + 2


def test_what_is_looked_at_for_the_first_time_has_the_time_of_its_place() -> None:
    """It may be about the cluster of another. Once it has lost its place it is slow."""

    async def work(takes_s: float) -> tuple[list[str], float]:
        passes = Passes()
        passes.begin("known", quick())
        passes.begin("dark", Host([SLOW_S - 2 * QUIET_S]))
        passes.begin("new", Host([takes_s]))
        took_s = await passes.wait("known", "dark", "new", new=("dark", "new"))
        await passes.lookers.aclose()
        return passes.heard, took_s

    heard, _ = run_in_owned_time(work(SLOW_S - A_LITTLE_S))
    assert heard == ["known", "dark", "new"]
    heard, took_s = run_in_owned_time(work(FOR_EVER_S))
    assert heard == ["known", "dark"]
    assert took_s <= SLOW_S + QUIET_S


def test_an_action_that_waits_for_its_turn_does_not_wait_for_another_look_at_others() -> None:
    """What they show is heard of in the next pass; of who was never looked at it is waited for."""

    async def work() -> None:
        passes = Passes()
        passes.begin("known", quick())
        assert await passes.wait("known", only_new=True) == 0
        passes.begin("new", quick())
        await passes.wait("known", "new", new=("new",), only_new=True)
        assert sorted(passes.heard) == ["known", "new"]

    run_in_owned_time(work())


def test_a_host_that_was_slow_long_ago_is_waited_for() -> None:
    """Where passes are far apart, what it shows by now would be heard of in the next one only."""

    async def work() -> None:
        passes = Passes()
        passes.begin("store", slow())
        await passes.wait("store")
        passes.lookers.end("store")
        assert passes.lookers.slow == {"store"}
        await asyncio.sleep(SLOW_FOR_S)
        passes.begin("store", quick())
        await passes.wait("store")
        assert passes.heard == ["store"]

    run_in_owned_time(work())


def test_an_intent_that_is_another_by_now_is_not_known_to_be_slow() -> None:
    """It may name another host, and be about the cluster of another intent."""

    async def work() -> None:
        passes = Passes()
        passes.begin("store", quick(), replace(LOOK, is_slow=True))
        await passes.wait("store")
        same = replace(make_intent(), name="store")
        passes.lookers.keep_to({"store": same})
        assert passes.lookers.slow == {"store"}
        passes.lookers.keep_to({"store": replace(same, generation="sha256:other")})
        assert passes.lookers.slow == set()

    run_in_owned_time(work())


def test_slow_ones_are_waited_for_where_nothing_may_be_done_without_them() -> None:
    """Their looks come in at different times, and never all by themselves in one pass."""

    async def work() -> None:
        passes, names = Passes(), ("one", "two")
        for name in names:
            passes.begin(name, quick(), replace(LOOK, is_slow=True))
        await passes.wait(*names)
        assert passes.lookers.slow == {*names}
        for number, name in enumerate(names):
            passes.begin(name, Host([SLOW_S * (number + 1)]))
        await passes.wait(*names, waits_for_all=True)
        assert passes.heard == [*names, *names]

    run_in_owned_time(work())


def test_where_most_are_slow_it_is_no_hosts_doing() -> None:
    """On a busy machine all answer late: they are waited for as long as they come in."""

    async def work(count: int, fleet: int) -> int:
        passes, names = Passes(), [f"store-{n}" for n in range(count)]
        intents = {f"store-{n}": make_intent() for n in range(fleet)}
        passes.lookers.keep_to(intents)
        for _ in range(2):
            for name in names:
                passes.begin(name, quick(), replace(LOOK, is_slow=True))
            await passes.wait(*names)
        await passes.lookers.aclose()
        return len(passes.heard)

    assert run_in_owned_time(work(MANY + 1, 2 * MANY)) == 2 * (MANY + 1)
    assert run_in_owned_time(work(MANY + 1, 10 * MANY)) == MANY + 1
    assert run_in_owned_time(work(MANY, MANY)) == MANY
