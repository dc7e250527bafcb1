"""Hosts that take long to answer cost their own place, and nobody else's time."""

import asyncio
from pathlib import Path

import pytest

from pairctl.apis import local_ui
from pairctl.engine import Acted, Decided, Event, PassResult, Reconciler, Settings
from pairctl.engine.apply import executors
from pairctl.engine.apply.loop import run_until_settled
from pairctl.engine.observe import lookers
from pairctl.sim import Fault, PairTarget
from repo_factory import STATUS, git
from scenario_factory import PAIR, World, document, once_acting, world
from sim_factory import PALETTE, TOKEN, Document, host_document

SLOW = "store-2"
HANGS_S = 300
"""Far longer than a test may last; nobody waits for it."""
SETTINGS = "/v1/edge-mgmt/settings"


def apply_until(w: World, names: set[str]) -> list[tuple[str, str]]:
    """Apply until these are paired; gives what was heard: who was decided on, and who acted."""
    heard: list[tuple[str, str]] = []
    paired: set[str] = set()

    async def work(reconciler: Reconciler, settings: Settings) -> PassResult:
        def listener(event: Event) -> None:
            if isinstance(event, Decided):
                heard.append((event.name, str(event.decision.phase)))
                if event.decision.phase == "Paired":
                    paired.add(event.name)
            elif isinstance(event, Acted):
                heard.append((event.name, event.action.verb))
            if names <= paired:
                settings.stop.request()

        listeners.append(listener)
        return await run_until_settled(reconciler, settings, every_s=0.1)

    listeners: list[object] = []
    w.with_engine(work, listener=lambda event: [one(event) for one in listeners])  # type: ignore[operator]
    return heard


def apply_some(w: World, passes: int) -> list[tuple[str, str]]:
    """Do passes until the first intent is paired, so many at most; gives all that it was."""

    async def work(reconciler: Reconciler, _: Settings) -> list[tuple[str, str]]:
        try:
            found: list[tuple[str, str]] = []
            while ("Paired", "Paired") not in found and len(found) < passes:
                result = await reconciler.run_pass(stays=True, every_s=0.1)
                one = result.statuses.get("store-1")
                found.append((str(one.phase), one.reason) if one else ("", ""))
                await asyncio.sleep(0.2)
            return found
        finally:
            await reconciler.aclose()

    return w.with_engine(work)


def test_the_others_are_paired_before_a_slow_host_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It hangs in its first call; the fleet is through before it has said a word."""
    monkeypatch.setattr(lookers, "SLOW_S", 0.5)
    hosts = [host_document(1), host_document(2, delaySeconds=HANGS_S), host_document(3)]
    # On a busy machine neither does its silence become an answer, nor do looks grow too old.
    patience = {"requestSeconds": HANGS_S, "lookSeconds": 60}
    with world(tmp_path, *hosts, timing=patience) as w:
        heard = apply_until(w, {"store-1", "store-3"})
        assert {name for name, _ in heard} == {"store-1", "store-3"}
        assert w.kinds(1) == w.kinds(3) == ["request", "accept"]
        assert w.kinds(2) == []


def test_a_slow_host_is_paired_in_its_own_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its looks come in later, as long as the last one is not older than a look may be."""
    monkeypatch.setattr(lookers, "SLOW_S", 0.05)
    hosts = [host_document(1), host_document(2, delaySeconds=0.1), host_document(3)]
    with world(tmp_path, *hosts) as w:
        w.apply()
        assert [w.told(f"store-{n}")[0] for n in (1, 2, 3)] == ["Paired"] * 3
        assert w.kinds(2) == ["request", "accept"]


def test_a_look_under_way_ends_where_rules_and_keys_are_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks by the old ones: the host is asked at once by the new, and what it hears is gone."""
    monkeypatch.setattr(lookers, "SLOW_S", 0.3)
    with world(tmp_path, timing={"requestSeconds": HANGS_S}) as w:
        w.plan_faults(Fault("delay", "store-1", "GET", SETTINGS, seconds=HANGS_S))

        async def work(reconciler: Reconciler, settings: Settings) -> bool:
            try:
                first = await reconciler.run_pass(stays=True, every_s=0.1)
                assert first.unseen == {"store-1"}
                reconciler.take_over(settings.operator, reconciler._memory.access._keys)
                for _ in range(60):
                    result = await reconciler.run_pass(stays=True, every_s=0.1)
                    if not result.unseen:
                        return True
                    await asyncio.sleep(0.1)
                return False
            finally:
                await reconciler.aclose()

        assert w.with_engine(work)


def test_a_look_that_is_late_does_not_close_a_claim_that_came_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it saw was before that; the outcome is looked for anew."""
    monkeypatch.setattr(lookers, "SLOW_S", 0.05)
    with world(tmp_path, host_document(1, delaySeconds=0.2)) as w:
        w.plan_faults(Fault("drop-after", "*", "POST", PAIR))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_a_host_that_is_too_slow_to_be_acted_on_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some tries a person is asked, with what to set; the run ends, and nothing was sent."""
    monkeypatch.setattr(local_ui, "SLOW_CALL_S", 0.2)
    hosts = [host_document(1, delaySeconds=1.2), host_document(2)]
    with world(tmp_path, *hosts, timing={"lookSeconds": 1}) as w:
        w.apply()
        assert w.told("store-1") == ("Blocked", "LookTooOld")
        assert "timing.lookSeconds" in w.status("store-1")["humanAction"]
        assert (w.kinds(1), w.kinds(2)) == ([], ["request", "accept"])
        assert w.claims == []


def test_a_slow_host_is_asked_side_by_side_and_paired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One call after the other, the last look would be older than it may be."""
    monkeypatch.setattr(local_ui, "SLOW_CALL_S", 0.2)
    with world(tmp_path, host_document(1, delaySeconds=0.55), timing={"lookSeconds": 3}) as w:
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_a_host_is_paired_that_takes_more_than_half_a_look_for_each_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last look is one round of calls: the check of the connection is asked beside the rest."""
    monkeypatch.setattr(local_ui, "SLOW_CALL_S", 0.2)
    timing = {"lookSeconds": 2.4, "actSeconds": 30}
    with world(tmp_path, host_document(1, delaySeconds=1.3), timing=timing) as w:
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_a_look_that_comes_too_late_is_followed_by_another_under_the_same_claim(
    tmp_path: Path,
) -> None:
    """The host hesitates once, in the last look before the sending; nothing was claimed in vain."""
    with world(tmp_path, timing={"lookSeconds": 2, "actSeconds": 30}) as w:
        hesitates = Fault("delay", "store-1", "GET", SETTINGS, seconds=60.0)
        w.apply(listener=once_acting("request", lambda: w.plan_faults(hesitates)))
        assert w.told() == ("Paired", "Paired")
        claims = git(w.box.bare, "log", "--format=%s", "--grep=^Claim ", STATUS).splitlines()
        assert len(claims) == len(w.kinds()) == 2


def test_a_merge_while_a_look_comes_too_late_stops_the_action(tmp_path: Path) -> None:
    """Another look under the same claim is one for the same intents."""
    with world(tmp_path, timing={"lookSeconds": 2, "actSeconds": 30}) as w:

        def hesitate_and_merge() -> None:
            w.plan_faults(Fault("delay", "store-1", "GET", SETTINGS, seconds=60.0))
            w.commit(w.intent(suspend=True))

        result = w.one_pass(listener=once_acting("request", hesitate_and_merge))
        (outcome,) = result.outcomes.values()
        assert outcome.problem is not None
        assert outcome.problem.reason == "SourceMoved"
        assert w.kinds() == []


def test_a_request_stays_our_own_while_the_look_after_its_sending_takes_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its id was in the answer: it is on record before the host shows it, and is accepted at once.

    A request that somebody else may have sent would be left alone for an hour.
    """
    monkeypatch.setattr(lookers, "SLOW_S", 0.05)
    with world(
        tmp_path, host_document(1, delaySeconds=0.4), timing={"adoptAfterSeconds": 3600}
    ) as w:
        reasons = [reason for _, reason in apply_some(w, 60)]
        assert "LeftToItsSender" not in reasons
        assert w.kinds() == ["request", "accept"]


def test_a_host_that_is_dark_or_slow_is_not_waited_for_when_it_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look has shown it: no other one costs the others time."""
    monkeypatch.setattr(local_ui, "SLOW_CALL_S", 0.5)
    hosts = [host_document(1), host_document(2, delaySeconds=0.6), host_document(3)]
    with world(tmp_path, *hosts, timing={"lookSeconds": 60, "actSeconds": 200}) as w:
        w.running.wait(lambda sim: sim.off("store-3"))

        async def work(reconciler: Reconciler, _: Settings) -> frozenset[str]:
            try:
                result = await reconciler.run_pass(stays=True)
                while result.unseen:
                    result = await reconciler.run_pass(stays=True)
                return reconciler._memory.lookers.slow
            finally:
                await reconciler.aclose()

        slow = w.with_engine(work)
        assert slow >= {"store-2", "store-3"}
        assert w.told("store-3") == ("Blocked", "Unreachable")


def test_a_host_that_falls_silent_is_waited_for_no_longer_than_a_call_may_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nothing else calls it slow: the pass goes on while its host keeps the look."""
    for module in (lookers, executors):
        monkeypatch.setattr(module, "SLOW_S", 10 * HANGS_S)
    with world(
        tmp_path, host_document(1), host_document(2), timing={"requestSeconds": HANGS_S}
    ) as w:

        async def work(reconciler: Reconciler, _: Settings) -> frozenset[str]:
            try:
                first = await reconciler.run_pass(stays=True)
                assert not first.unseen
                for method in ("GET", "POST"):
                    w.plan_faults(Fault("delay", SLOW, method, "*", seconds=10 * HANGS_S))
                async with asyncio.timeout(HANGS_S / 2):
                    result = await reconciler.run_pass(stays=True)
                return result.acting | reconciler._memory.lookers.names
            finally:
                await reconciler.aclose()

        assert w.with_engine(work) == {SLOW}


def test_an_action_that_is_held_back_hurries_no_pass(tmp_path: Path) -> None:
    """It may be so for days; each pass waits for the looks at other hosts."""

    def fleet(w: World) -> list[Document]:
        local = w.intent(
            2, desired="Local", registrationToken=None, profileMatch=None, acknowledge=None
        )
        every = {"matchExpressions": [{"key": "retired", "operator": "DoesNotExist"}]}
        suspended = {"reason": "a freeze", "by": "operations"}
        rollout = {"select": every, "waves": [{"name": "all"}], "suspend": suspended}
        return [w.palette(), w.intent(1), local, document("Rollout", "all", rollout)]

    heard: list[str] = []
    passes: list[bool] = []

    async def work(reconciler: Reconciler, _: Settings) -> None:
        try:
            for _ in range(3):
                heard.clear()
                result = await reconciler.run_pass(stays=True, every_s=0.1)
                assert result.statuses["store-1"].reason == "RolloutSuspended"
                passes.append("store-2" in heard)
                await asyncio.sleep(0.2)
        finally:
            await reconciler.aclose()

    def listener(event: Event) -> None:
        if isinstance(event, Decided):
            heard.append(event.name)

    with world(tmp_path, host_document(1), host_document(2), fleet=fleet) as w:
        w.with_engine(work, listener=listener)
    assert passes == [True] * 3


def test_slow_hosts_do_not_keep_a_request_of_nobody_for_ever(tmp_path: Path) -> None:
    """Nothing is rejected before all were looked at in one pass; so the pass waits for them."""

    def fleet(w: World) -> list[Document]:
        named = {"registrationToken": None, "profileMatch": None, "acknowledge": None}
        local = [w.intent(n, desired="Local", **named) for n in (1, 2)]
        return [w.palette(unrecognizedRequests="Reject"), *local]

    async def work(reconciler: Reconciler, _: Settings) -> list[str]:
        try:
            is_seen = False
            while not is_seen:
                await asyncio.sleep(0.1)
                is_seen = not (await reconciler.run_pass(stays=True, every_s=0.1)).unseen
            assert w.writes() == []
            target = PairTarget(w.pinned(PALETTE)["endpoint"], TOKEN, insecure=True)
            w.running.wait(lambda sim: sim.hosts["store-3"].pair(target))
            for _ in range(3):
                await reconciler.run_pass(stays=True, every_s=0.1)
            return [one.pairing_uid for one in w.effects("reject")]
        finally:
            await reconciler.aclose()

    slow = (host_document(n, delaySeconds=1) for n in (1, 2))
    with world(tmp_path, *slow, host_document(3), fleet=fleet) as w:
        assert w.with_engine(work) == [w.pairing_uid(3)]
