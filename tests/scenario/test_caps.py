"""The cap of an hour counts what was accepted, whatever became of the intents, and whoever runs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pairctl.engine import Decided, Event, PassStarted, Reconciler, Settings, SystemClock
from pairctl.engine.observe import lookers
from pairctl.sim import Effect, Entry, Fault
from scenario_factory import World, quick_palette, world
from sim_factory import Document, host_document

HOSTS = tuple(host_document(number) for number in (1, 2, 3))
CAPPED = {"acceptancesPerHour": 1}
LEFT: dict[str, Callable[[World], list[Document]]] = {
    "deleted": lambda w: [w.intent(2)],
    "renamed": lambda w: [w.intent(1, "store-one"), w.intent(2)],
    "suspended": lambda w: [w.intent(1, suspend=True), w.intent(2)],
    "re-pointed": lambda w: [
        w.intent(1, localUI=w.local_ui(3), acknowledge=None),
        w.intent(2),
    ],
    "broken": lambda w: [w.intent(1, desired="Pared"), w.intent(2)],
}


class Later(SystemClock):
    """A wall clock that is ahead by a day."""

    def now(self) -> datetime:
        return super().now() + timedelta(days=1)


def an_hour_passes(w: World) -> None:
    """Let Palette's clock go on by an hour, and by the margin for what it may be off."""
    w.running.call(lambda sim: setattr(sim.palette.clock, "offset_s", 3600.0 + 600 + 5))


@pytest.mark.parametrize("left", LEFT)
def test_a_pull_request_frees_no_place_under_the_cap(tmp_path: Path, left: str) -> None:
    """What was accepted counts for its hour, though its intent be gone, and then no more.

    The hour is Palette's, or this process's own: no machine's wall clock shortens it.
    """
    with world(tmp_path, *HOSTS, limits=CAPPED) as w:
        w.commit(w.intent(1), w.intent(2))
        w.apply()
        w.commit(*LEFT[left](w))
        for holder in ("second", "third"):
            w.apply(holder=holder)
            assert w.told("store-2") == ("Blocked", "TooManyAtOnce")
        w.apply(clock=Later())
        assert w.told("store-2") == ("Blocked", "TooManyAtOnce")
        assert len(w.effects("accept")) == 1
        an_hour_passes(w)
        w.apply()
        assert w.told("store-2") == ("Paired", "Paired")
        assert ("status/store-1.yaml" in w.files()) == (left not in ("deleted", "renamed"))


def test_two_that_run_at_once_keep_one_cap(tmp_path: Path) -> None:
    """Another's claim to accept takes the place, before anything can be seen of it."""
    with world(tmp_path, *HOSTS, limits=CAPPED) as w:
        w.one_pass()
        claim = w.claim("accept", seconds=60, pairing_uid=w.pairing_uid(1))
        heard: list[Event] = []

        def hear(event: Event) -> None:
            if isinstance(event, Decided) and not any(isinstance(e, Decided) for e in heard):
                w.push_claim(claim)
            heard.append(event)

        w.one_pass(listener=hear)
        assert [type(event) for event in heard].count(PassStarted) == 1
        assert w.told("store-2") == ("Blocked", "TooManyAtOnce")
        assert w.effects("accept") == ()


def test_so_many_at_once_go_on_by_themselves(tmp_path: Path) -> None:
    """One is accepted when the one before is paired, in one run and without anybody's help."""
    palette = quick_palette(pairing={"acceptSeconds": 0.5})
    with world(tmp_path, *HOSTS, palette=palette, limits={"acceptancesAtOnce": 1}) as w:
        central: list[int] = []

        def hear(entry: Entry) -> None:
            if isinstance(entry, Effect) and entry.kind == "accept":
                registered = w.running.simulation.palette.clusters
                central.append(len(registered))

        w.running.simulation.journal.listen(hear)
        w.apply()
        assert [w.told(f"store-{n}") for n in (1, 2, 3)] == [("Paired", "Paired")] * 3
        assert central == [0, 1, 2]


def test_none_at_once_is_none(tmp_path: Path) -> None:
    """A cap of nothing holds all, and the run comes to its end."""
    with world(tmp_path, limits={"acceptancesAtOnce": 0}) as w:
        w.apply()
        assert w.told() == ("Blocked", "TooManyAtOnce")


def test_watch_refuses_a_cap_for_a_run(tmp_path: Path) -> None:
    """It is one run that never ends: the cap would be reached once, and hold all for ever."""
    with world(tmp_path, limits={"acceptancesPerRun": 1}) as w:
        done = w.run("watch")
        assert done.returncode != 0
        assert "acceptancesAtOnce" in done.stderr
        assert w.writes() == []


def test_a_new_process_sends_no_more_requests_than_those_on_record_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last one's request is on its way by its status, and its host was not looked at yet."""
    monkeypatch.setattr(lookers, "SLOW_S", 0.3)
    patience = {"requestSeconds": 300}
    with world(tmp_path, *HOSTS[:2], timing=patience, limits={"requestsAtOnce": 1}) as w:
        w.one_pass()
        assert w.told("store-1")[0] == "Requested"
        w.plan_faults(Fault("delay", "store-1", "GET", "/v1/edge-mgmt/settings", seconds=300))
        decided: list[str] = []

        def hear(event: Event) -> None:
            if isinstance(event, Decided):
                decided.append(event.name)

        async def until_seen(reconciler: Reconciler, _: Settings) -> None:
            while "store-2" not in decided:
                await reconciler.run_pass(stays=True)
            await reconciler.aclose()

        w.with_engine(until_seen, listener=hear)
        assert "store-1" not in decided
        assert w.kinds() == ["request"]
        assert w.told("store-2")[1] == "WaitingForTurn"
        w.apply()
        assert [w.told(f"store-{n}") for n in (1, 2)] == [("Paired", "Paired")] * 2


def by_another_address(w: World) -> Document:
    """Write the Palette by another name of its host."""
    palette = w.palette()
    endpoint = palette["spec"]["endpoint"].replace("127.0.0.1", "localhost")
    return {**palette, "spec": {**palette["spec"], "endpoint": endpoint}}


def test_places_at_a_palette_that_no_document_names_are_told(tmp_path: Path) -> None:
    """Nobody asks its clock: a single run could wait for an hour for ever. Named again, it is."""
    with world(tmp_path, *HOSTS[:2], limits=CAPPED) as w:
        for secret in w.operator_spec["secrets"].values():
            secret["hosts"].append("localhost")
        w.commit(w.intent(1))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        an_hour_passes(w)
        w.commit(by_another_address(w), w.intent(1), w.intent(2))
        w.apply()
        assert w.told("store-2") == ("Blocked", "TooManyAtOnce")
        assert w.palette_place() in w.status("store-2")["humanAction"]
        before = {**w.palette("before")}
        w.commit(by_another_address(w), before, w.intent(1), w.intent(2))
        w.apply()
        assert w.told("store-2") == ("Paired", "Paired")


def test_a_claim_at_a_palette_that_no_document_names_is_told(tmp_path: Path) -> None:
    """Only its list could end it: a person looks there, and deletes the claim. No run waits."""
    with world(tmp_path, *HOSTS[:2], limits={"acceptancesAtOnce": 1}) as w:
        gone = {"pairing_uid": "a" * 24, "palette": "palette.example", "cluster": "b" * 24}
        w.commit(w.intent(1, acknowledge=None))
        w.apply()
        w.push_claim(w.claim("accept", seconds=1, intent="store-9", **gone))
        w.commit(w.intent(1))
        w.apply()
        assert w.told("store-1") == ("Blocked", "TooManyAtOnce")
        said = w.status("store-1")["humanAction"]
        assert "palette.example" in said
        assert "b" * 24 in said
        assert "delete" in said
        broken = {**w.palette("before"), "spec": {"endpoint": "https://palette.example"}}
        w.commit(w.intent(1), **{"before.yaml": broken})
        w.apply()
        said = w.status("store-1")["humanAction"]
        assert said.endswith("mend before.yaml")
        assert "palette.example" in said
        w.commit(w.intent(1), **{"before.yaml": "# none\n"})
        w.delete_status(f"claims/{'b' * 24}.yaml")
        w.apply()
        assert w.told("store-1") == ("Paired", "Paired")
