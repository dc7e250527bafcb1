"""An action that takes long costs its own place, and nobody else's time."""

import threading
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path

import pytest

from pairctl.engine import (
    Event,
    PassResult,
    Reconciler,
    Recorded,
    Settings,
    run_until_settled,
)
from pairctl.engine.apply import executors
from pairctl.engine.observe import lookers
from pairctl.repo import RepositoryError
from pairctl.sim import Answers, Fault, LocalProfile
from scenario_factory import ACCEPT, PAIR, HurryingClock, World, world
from sim_factory import LOCAL_PROFILES, OLD_GRAFANA, Document, arrives, host_document, when_first

TIMING = {"requestSeconds": 60, "lookSeconds": 60, "actSeconds": 60}
"""On a busy machine neither an answer that takes a second is given up, nor is a look too old."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have actions be slow after a moment."""
    monkeypatch.setattr(executors, "SLOW_S", 0.3)


def with_passes(w: World, work: Callable[[Reconciler, Settings], Awaitable[None]]) -> None:
    """Do something with a reconciler that stays, and end what it has begun."""

    async def run(reconciler: Reconciler, settings: Settings) -> None:
        try:
            await work(reconciler, settings)
        finally:
            await reconciler.aclose()

    w.with_engine(run)


async def stopped(reconciler: Reconciler, settings: Settings, last: PassResult) -> PassResult:
    """Ask to stop, and let what is under way come to its end."""
    settings.stop.request()
    return await reconciler.finish(last)


@pytest.mark.parametrize(("server", "path"), [("store-2", PAIR), ("palette", ACCEPT)])
def test_the_others_are_paired_while_one_action_hangs(
    tmp_path: Path, server: str, path: str
) -> None:
    """What comes of it is not known for long; its claim stays."""

    async def work(reconciler: Reconciler, _: Settings) -> None:
        paired = 0
        while paired < 2:
            result = await reconciler.run_pass(stays=True)
            paired = sum(one.phase == "Paired" for one in result.statuses.values())
        assert len(result.acting) == 1

    hosts = [host_document(number) for number in (1, 2, 3)]
    with world(tmp_path, *hosts, timing=TIMING | {"requestSeconds": 200}) as w:
        w.plan_faults(Fault("hold", server, "POST", path, seconds=300.0))
        with_passes(w, work)
        assert w.kinds().count("accept") == 2
        assert len(w.claims) == 1


def test_an_action_that_is_under_way_is_left_alone_until_it_is_heard_of(tmp_path: Path) -> None:
    """Its claim stays, and its intent is not acted on again; the outcome goes on record then."""

    async def work(reconciler: Reconciler, _: Settings) -> None:
        passes = [await reconciler.run_pass(stays=True)]
        while passes[-1].acting:
            assert (passes[-1].acting, passes[-1].is_settled) == ({"store-1"}, False)
            assert w.told() == ("Waiting", "ActionUnderWay")
            assert len(w.claims) == 1
            passes.append(await reconciler.run_pass(stays=True))
        assert len(passes) > 1
        assert [str(one.ending) for _, one in passes[-1].all_outcomes] == ["done"]

    with world(tmp_path, timing=TIMING) as w:
        w.plan_faults(Fault("delay", "store-1", "POST", PAIR, seconds=1.2))
        with_passes(w, work)
        assert w.kinds() == ["request"]
        assert w.told()[0] == "Requested"
        assert w.status()["sent"]["pairingUid"] == w.pairing_uid()
        assert w.claims == []


@pytest.mark.parametrize("attempt", [2, None])
def test_what_came_of_an_action_counts_for_the_intent_as_it_is_by_then(
    tmp_path: Path, attempt: int | None
) -> None:
    """It was changed, or deleted, while the action was under way; a stop waits for the outcome."""

    async def work(reconciler: Reconciler, settings: Settings) -> None:
        last = await reconciler.run_pass(stays=True)
        assert last.acting == {"store-1"}
        w.commit(w.intent(attempt=attempt) if attempt else w.intent(1, "other", suspend=True))
        await stopped(reconciler, settings, await reconciler.run_pass(stays=True))

    with world(tmp_path, timing=TIMING) as w:
        w.plan_faults(Fault("delay", "store-1", "POST", PAIR, seconds=1.2))
        with_passes(w, work)
        assert w.kinds() == ["request"]
        if attempt:
            assert w.status()["sent"]["pairingUid"] == w.pairing_uid()
            assert w.told()[0] == "Requested"
        else:
            assert "status/store-1.yaml" not in w.files()


def test_what_came_of_an_action_goes_with_an_intent_to_its_new_name(tmp_path: Path) -> None:
    """The request that pairctl has sent is its own under the new name as well."""

    async def work(reconciler: Reconciler, settings: Settings) -> None:
        last = await reconciler.run_pass(stays=True)
        assert last.acting == {"store-1"}
        w.commit(w.intent(1, "shop-1"))
        await stopped(reconciler, settings, await reconciler.run_pass(stays=True))

    with world(tmp_path, timing=TIMING, adoptRequests="Never") as w:
        w.plan_faults(Fault("delay", "store-1", "POST", PAIR, seconds=1.2))
        with_passes(w, work)
        assert w.kinds() == ["request"]
        assert w.status("shop-1")["sent"]["pairingUid"] == w.pairing_uid()
        assert "status/store-1.yaml" not in w.files()
        w.apply(clock=HurryingClock())
        assert w.told("shop-1") == ("Paired", "Paired")


def test_a_request_that_is_being_sent_is_rejected_as_nobodys_by_no_pass(tmp_path: Path) -> None:
    """Palette lists it before its answer is heard, and without its cluster: it may be the one."""

    async def work(reconciler: Reconciler, settings: Settings) -> None:
        for _ in range(3):
            last = await reconciler.run_pass(stays=True)
        await stopped(reconciler, settings, last)

    def fleet(w: World) -> list[Document]:
        return [w.palette(unrecognizedRequests="Reject"), w.intent()]

    with world(tmp_path, timing=TIMING, fleet=fleet) as w:
        laconic = Answers(lists_clusters=False)
        w.running.call(lambda sim: setattr(sim.palette, "answers", laconic))
        w.plan_faults(Fault("delay", "store-1", "POST", PAIR, seconds=1.2))
        with_passes(w, work)
        assert w.kinds() == ["request"]
        assert w.status()["sent"]["pairingUid"] == w.pairing_uid()


def test_an_action_under_way_is_heard_of_before_a_run_ends_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The remote was gone for a moment: what the host answers is on record all the same."""

    async def work(reconciler: Reconciler, settings: Settings) -> None:
        request = settings.stop.request

        def come_back_and_stop() -> None:
            if gone.exists():
                gone.rename(w.box.bare)
            request()

        monkeypatch.setattr(settings.stop, "request", come_back_and_stop)
        with pytest.raises(RepositoryError):
            await run_until_settled(reconciler, settings, every_s=0.1)

    happened: set[str] = set()

    def note(what: str) -> None:
        """Take the remote away once the request has arrived and a pass was recorded without it."""
        with lock:
            is_both = what not in happened and len(happened) == 1
            happened.add(what)
        if is_both:
            w.box.bare.rename(gone)

    def hear(event: Event) -> None:
        if isinstance(event, Recorded):
            note("recorded")

    lock = threading.Lock()
    with world(tmp_path, timing=TIMING) as w:
        gone = w.box.bare.with_name("gone")
        w.plan_faults(Fault("delay", "store-1", "POST", PAIR, seconds=1.2))
        when_first(w.running.simulation, arrives("POST", PAIR), lambda: note("arrived"))
        w.with_engine(work, listener=hear)
        assert w.status()["sent"]["pairingUid"] == w.pairing_uid()
        assert w.claims == []


def test_acceptances_that_are_under_way_keep_their_places_under_the_cap(tmp_path: Path) -> None:
    """They may yet take effect: no other is begun in their place."""
    hosts = [host_document(number) for number in (1, 2, 3)]
    with world(tmp_path, *hosts, timing=TIMING, limits={"acceptancesPerRun": 2}) as w:
        w.plan_faults(Fault("delay", "palette", "POST", ACCEPT, times=99, seconds=1.2))
        w.apply()
        assert w.kinds().count("accept") == 2


FLEET = 16
DARK, MUTE, HANGING, WRONG = (7, 13), (3,), 12, 9
"""Hosts that cannot be reached, that never answer, that hang when acted on, with wrong layers."""
QUICK = {f"store-{n}" for n in range(1, FLEET + 1)} - {
    f"store-{n}" for n in (*DARK, *MUTE, HANGING, WRONG)
}


def fleet() -> list[Document]:
    """Describe a fleet with a few odd hosts."""
    wrong = [LOCAL_PROFILES[0], LocalProfile("store-addons", "add-on", "1.0.0", (OLD_GRAFANA,))]
    odd: dict[int, Document] = {number: {"delaySeconds": 900} for number in MUTE}
    odd[WRONG] = {"cluster": host_document(WRONG)["cluster"] | {"profiles": wrong}}
    return [host_document(n, **odd.get(n, {})) for n in range(1, FLEET + 1)]


def test_a_fleet_is_paired_whatever_its_dark_and_slow_hosts_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No pass ends with one of the odd hosts heard of, and all others get through, each a step on.

    At the end each stands where it belongs.
    """
    monkeypatch.setattr(executors, "SLOW_S", 1.0)
    monkeypatch.setattr(lookers, "SLOW_S", 1.0)
    paired: list[set[str]] = []

    async def work(reconciler: Reconciler, _: Settings) -> None:
        while not paired or not paired[-1] >= QUICK:
            result = await reconciler.run_pass(stays=True, every_s=0.1)
            phases = {name: str(one.phase) for name, one in result.statuses.items()}
            paired.append({name for name, phase in phases.items() if phase == "Paired"})
            assert result.unseen >= {f"store-{number}" for number in MUTE}

    with world(tmp_path, *fleet(), timing=TIMING | {"requestSeconds": 300}) as w:
        for number in DARK:
            w.running.wait(lambda sim, name=f"store-{number}": sim.off(name))
        w.plan_faults(Fault("hold", f"store-{HANGING}", "POST", PAIR, seconds=900.0))
        with_passes(w, work)
        assert all(before <= after for before, after in pairwise(paired))
        assert all(w.kinds(int(n.rpartition("-")[2])) == ["request", "accept"] for n in QUICK)
        assert len(w.effects()) == 2 * len(QUICK)
        assert {w.told(f"store-{number}") for number in DARK} == {("Blocked", "Unreachable")}
        assert w.told(f"store-{WRONG}") == ("Blocked", "LayersDiffer")
        assert w.told(f"store-{HANGING}") == ("Waiting", "ActionUnderWay")
        assert len(w.claims) == 1
