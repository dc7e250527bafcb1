"""The monitor names each rule that a broken engine breaks, and says nothing of a sound one."""

import ast
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import monitor
from monitor import Rule
from pairctl.engine import SystemClock
from pairctl.engine.apply import claiming, executor, recorder, tip_reader
from pairctl.engine.observe.look import Look
from pairctl.engine.observe.observer import Observer
from pairctl.engine.observe.palette_cache import PaletteCache
from pairctl.pairing import Claim, FleetRecords, Recorded
from pairctl.pairing.rules import acceptance
from pairctl.records import Ledger, read_ledger
from pairctl.repo import Repository
from pairctl.sim import Entry, Fault, Received
from repo_factory import STATUS, git
from scenario_factory import ACCEPT, PAIR, World, world
from sim_factory import Document, host_document, when_first

Patch = pytest.MonkeyPatch
SHORT = {"requestSeconds": 1.5, "lookSeconds": 9, "actSeconds": 0.2, "settleSeconds": 0.1}


class SlowClock(SystemClock):
    """A clock that never jumps, and hardly goes."""

    def __init__(self) -> None:
        self._began_s = super().monotonic()

    def monotonic(self) -> float:
        return self._began_s + (super().monotonic() - self._began_s) / 100


def waiting(w: World) -> None:
    """Bring a world to where a request waits for its acknowledgement, with a sound engine."""
    w.commit(w.intent(acknowledge=None))
    w.apply()
    assert w.told() == ("Blocked", "NotAcknowledged")
    assert w.monitor.violations() == []
    w.commit(w.intent())


def waiting_at_a_list(w: World) -> None:
    """The same for an intent that names the host in a list of one."""
    where = w.local_ui()
    del where["credentials"]
    listed = {"endpoints": [where], "credentials": {"secret": "store-local-ui"}}
    w.commit(w.intent(acknowledge=None, localUI=listed))
    w.apply()
    assert w.told() == ("Blocked", "NotAcknowledged")
    assert w.monitor.violations() == []
    w.commit(w.intent(localUI=listed))


def unsent(w: World) -> None:
    """Leave a world as it is: nothing was sent yet."""


def no_claim(patch: Patch, w: World) -> None:
    """Send without having pushed a claim."""
    publish = Repository.publish

    async def unclaimed(self: Repository, base: Any, files: Any, **more: Any) -> str:
        is_claim = more["message"].startswith("Claim ")
        return "" if is_claim else await publish(self, base, files, **more)

    patch.setattr(Repository, "publish", unclaimed)
    patch.setattr(executor.Executor, "_obstacle", lambda *_: None)


def claims_changed(patch: Patch, change: Callable[[Claim], Claim]) -> None:
    """Let each claim say something else than what is done."""
    make = claiming._claim

    def changed(*arguments: Any) -> Claim:
        return change(make(*arguments))

    patch.setattr(claiming, "_claim", changed)


def another_cluster(patch: Patch, w: World) -> None:
    """Claim the cluster beside the one that is acted on."""
    uids = [w.cluster_uid(1), w.cluster_uid(2)]
    other = dict(zip(uids, reversed(uids), strict=True))
    claims_changed(patch, lambda claim: replace(claim, cluster=other[claim.cluster]))


def another_holder(patch: Patch, w: World) -> None:
    """Send under a claim of another process."""
    claims_changed(patch, lambda claim: replace(claim, holder="another"))


def another_action(patch: Patch, w: World) -> None:
    """Claim something else than what is sent."""
    claims_changed(patch, lambda claim: replace(claim, action="withdraw"))


def another_intent(patch: Patch, w: World) -> None:
    """Claim in the name of an intent that is in no commit."""
    claims_changed(patch, lambda claim: replace(claim, intent="store-9"))


def another_request(patch: Patch, w: World) -> None:
    """Claim another request than the one that is accepted."""
    claims_changed(patch, lambda claim: replace(claim, pairing_uid="0" * 24))


def two_claims(patch: Patch, w: World) -> None:
    """Open two claims on each cluster."""
    publish = Repository.publish

    async def twice(self: Repository, base: Any, files: Mapping[str, Any], **more: Any) -> str:
        if more["message"].startswith("Claim "):
            copies = {p.replace(".yaml", "-2.yaml"): c.replace(b"  id: ", b"  id: x")
                      for p, c in files.items() if p.startswith("claims/")}  # fmt: skip
            files = {**files, **copies}
        return await publish(self, base, files, **more)

    patch.setattr(Repository, "publish", twice)
    patch.setattr(executor.Executor, "_obstacle", lambda *_: None)


def no_look(patch: Patch, w: World) -> None:
    """Act on the look from before the claim."""

    async def remembered(self: executor.Executor, planned: Any) -> Look:
        clock = self._settings.clock
        return Look(planned.case.observed, clock.monotonic(), clock.now())

    patch.setattr(executor.Executor, "_look_again", remembered)


def old_lists(patch: Patch, w: World) -> None:
    """Look at the host again, and take Palette's lists from before the claim."""

    async def again(self: executor.Executor, planned: Any) -> Look:
        return await self._observer.look(planned.case.intent, planned.case.recorded)

    patch.setattr(executor.Executor, "_look_again", again)


def no_host(patch: Patch, w: World) -> None:
    """List again, and take what the host said from before the claim."""
    look_again = executor.Executor._look_again

    async def again(self: executor.Executor, planned: Any) -> Look:
        known = planned.case.observed.host, planned.case.observed.endpoint

        async def host(*_: Any, **__: Any) -> Any:
            return *known, False

        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(Observer, "_host", host)
            return await look_again(self, planned)

    patch.setattr(executor.Executor, "_look_again", again)


def late(patch: Patch, w: World) -> None:
    """Take no notice of the time: the last look takes longer than the claim lasts."""
    w.plan_faults(Fault("delay", "store-1", "GET", "*", times=99, seconds=0.6))


def gone(patch: Patch, w: World) -> None:
    """Do not read the branch last, while the claim is taken away."""

    async def remembered(self: tip_reader.TipReader, _: float) -> Ledger:
        return await read_ledger(self._settings.repository)

    def is_last_look(entry: Entry) -> bool:
        is_look = isinstance(entry, Received) and entry.path.endswith("pair/details")
        return is_look and bool(w.claims)

    def rewind() -> None:
        git(w.box.bare, "update-ref", f"refs/heads/{STATUS}", f"{w.tip}^")

    patch.setattr(tip_reader.TipReader, "read", remembered)
    when_first(w.running.simulation, is_last_look, rewind)


def twice(patch: Patch, w: World) -> None:
    """Send everything twice."""
    sent = executor._sent

    async def again(action: Any, send: Callable[[], Awaitable[object]]) -> executor.Outcome:
        await sent(action, send)
        return await sent(action, send)

    patch.setattr(executor, "_sent", again)


def blind(patch: Patch, w: World) -> None:
    """See no request that is pending, and remember none: send another one."""
    ask_host, list_all = Observer._host, PaletteCache._look

    async def host(self: Observer, *given: Any, **named: Any) -> Any:
        seen, *others = await ask_host(self, *given, **named)
        return replace(seen, request=None), *others  # type: ignore[type-var]

    async def lists(self: PaletteCache) -> Any:
        return replace(await list_all(self), requests=())

    patch.setattr(Observer, "_host", host)
    patch.setattr(PaletteCache, "_look", lists)
    patch.setattr(Ledger, "record_of", lambda *_: Recorded())
    patch.setattr(FleetRecords, "record_of", lambda *_: Recorded())
    patch.setattr(FleetRecords, "of_intent", lambda *_: Recorded())


def unacknowledged(patch: Patch, w: World) -> None:
    """Accept a cluster that the intent does not acknowledge."""
    w.commit(w.intent(acknowledge={"centralManagementOnly": "store-9"}))
    patch.setattr(acceptance, "blocked_unless_acknowledged", lambda _: None)


def without_evidence(patch: Patch, w: World) -> None:
    """Close the claim of an acceptance, and write nothing of it."""
    patch.setattr(recorder, "_evidence", lambda *_: {})


@dataclass(frozen=True)
class Broken:
    """How an engine is broken, the rule that it breaks, what it sends, and from where on."""

    how: Callable[[Patch, World], None]
    rule: Rule
    sends: str = ACCEPT
    begin: Callable[[World], None] = waiting
    clock: type[SystemClock] = SystemClock
    timing: Mapping[str, float] | None = None


BROKEN = {
    "no claim": Broken(no_claim, Rule.CLAIMED),
    "the claim of another cluster, at a host": Broken(another_cluster, Rule.CLAIMED, PAIR, unsent),
    "the claim of another cluster, in Palette": Broken(another_cluster, Rule.NAMED),
    "the claim of another holder": Broken(another_holder, Rule.CLAIMED),
    "the claim of another action": Broken(another_action, Rule.CLAIMED),
    "a claim that was taken away": Broken(gone, Rule.CLAIMED),
    "no look": Broken(no_look, Rule.LOOKED),
    "no list since the claim": Broken(old_lists, Rule.LOOKED),
    "no look at the host since the claim": Broken(no_host, Rule.LOOKED),
    "no look at a host of a list": Broken(no_host, Rule.LOOKED, begin=waiting_at_a_list),
    "a claim that was too old": Broken(late, Rule.IN_TIME, PAIR, unsent, SlowClock, SHORT),
    "two claims": Broken(two_claims, Rule.ONCE),
    "sent twice": Broken(twice, Rule.ONCE),
    "a second request": Broken(blind, Rule.ONCE, PAIR),
    "another intent": Broken(another_intent, Rule.NAMED),
    "another request": Broken(another_request, Rule.NAMED),
    "another name than is acknowledged": Broken(unacknowledged, Rule.NAMED),
    "no evidence": Broken(without_evidence, Rule.EVIDENT),
}


def one_store(w: World) -> list[Document]:
    """Write an intent for the first of the hosts, and none for the other."""
    return [w.intent(1)]


def test_a_sound_engine_is_not_objected_to(tmp_path: Path) -> None:
    """Where nothing is broken, the same steps lead to no objection."""
    hosts = [host_document(1), host_document(2)]
    with world(tmp_path, *hosts, fleet=one_store) as w:
        waiting(w)
        w.one_pass()
        assert [path for _, path in w.writes()] == [PAIR, ACCEPT]
        assert w.monitor.violations() == []


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_engine_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Each rule, once taken away from the engine, is what the monitor then names."""
    broken = BROKEN[what]
    hosts = [host_document(1), host_document(2)]
    # Not monitored: what the monitor objects to is what this is about.
    with world(tmp_path, *hosts, timing=broken.timing, monitored=False, fleet=one_store) as w:
        broken.begin(w)
        before = len(w.writes())
        with monkeypatch.context() as patch:
            broken.how(patch, w)
            w.one_pass(clock=broken.clock())
        assert broken.sends in {path for _, path in w.writes()[before:]}, w.told()
        assert broken.rule in {one.rule for one in w.monitor.violations()}


def test_the_monitor_shares_no_code_with_the_engine() -> None:
    """Of pairctl it imports what the simulator's journal holds, and nothing else."""
    folder = Path(monitor.__file__ or "").parent
    names = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            if isinstance(node, ast.ImportFrom):
                names.add(node.module or "")
    foreign = {name for name in names if name.partition(".")[0] not in sys.stdlib_module_names}
    own = {f"monitor.{path.stem}" for path in folder.glob("*.py")}
    assert foreign - own == {"ruamel.yaml", "ruamel.yaml.error", "pairctl.sim.journal"}
