"""A remote that takes nothing for a while: nothing is sent unclaimed, and nothing said is lost."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pairctl.engine import (
    Acted,
    Asking,
    Event,
    OutageBegan,
    OutageEnded,
    PassResult,
    PassStarted,
    Reconciler,
    Settings,
    run_until_settled,
    watch,
)
from pairctl.problem import PairctlError
from pairctl.sim import Fault
from scenario_factory import PAIR, World, world
from sim_factory import host_document

ONLY_CLAIMS = "git log -1 --format=%s \"$3\" | grep -q '^Claim' || exit 1"
HOOK = "hooks/update"


@dataclass
class Watched:
    """What was said by a `watch`, and what had been sent at the beginning of each pass."""

    world: World
    passes: int
    """In so many passes the remote refuses."""
    events: list[Event] = field(default_factory=list)
    sent: list[list[str]] = field(default_factory=list)
    failed: int = 0

    def hear(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, PassStarted):
            self.sent.append(self.world.kinds())
            if len(self.sent) > self.passes:
                (self.world.box.bare / HOOK).unlink(missing_ok=True)

    async def work(self, reconciler: Reconciler, settings: Settings) -> None:
        def ended(told: PassResult | PairctlError) -> None:
            if isinstance(told, PairctlError):
                self.failed += 1
            elif self.world.told()[0] == "Paired":
                settings.stop.request()

        await watch(reconciler, settings, ended, every_s=0.2, asking=Asking(600, 600))


def watched(w: World, *, passes: int) -> Watched:
    """Watch a world until its cluster is paired."""
    one = Watched(w, passes)
    w.with_engine(one.work, listener=one.hear)
    return one


@pytest.mark.parametrize(
    ("reason", "script"),
    [
        ("RefusedByHook", "exit 1"),
        ("BranchProtected", "echo 'GH006: Protected branch update failed' >&2; exit 1"),
    ],
)
def test_nothing_is_sent_while_no_claim_can_be_published(
    tmp_path: Path, reason: str, script: str
) -> None:
    """It says once what stands against it, once that it is over, with a count, and catches up."""
    with world(tmp_path) as w:
        w.box.hook("update", script)
        one = watched(w, passes=3)
        assert one.sent[:4] == [[]] * 4
        assert w.kinds() == ["request", "accept"]
        (began,) = [event for event in one.events if isinstance(event, OutageBegan)]
        (ended,) = [event for event in one.events if isinstance(event, OutageEnded)]
        assert began.problem.reason == reason
        assert ended.passes == one.failed > 1
        assert ended.lasted_s > 0


def test_what_was_done_and_could_not_be_written_is_written_later(tmp_path: Path) -> None:
    """The request is known as pairctl's own once the remote takes records again; not before."""
    with world(tmp_path, adoptRequests="Never") as w:
        w.box.hook("update", ONLY_CLAIMS)
        one = watched(w, passes=4)
        assert one.sent[1:5] == [["request"]] * 4
        assert w.kinds() == ["request", "accept"]
        assert sum(isinstance(event, OutageBegan) for event in one.events) == 1


def test_what_could_not_be_written_is_written_when_watch_ends(tmp_path: Path) -> None:
    """A stop in an outage that is over by then loses nothing of what was answered."""
    with world(tmp_path, adoptRequests="Never") as w:
        w.box.hook("update", ONLY_CLAIMS)

        async def work(reconciler: Reconciler, settings: Settings) -> None:
            def ended(told: PassResult | PairctlError) -> None:
                if isinstance(told, PairctlError):
                    (w.box.bare / HOOK).unlink(missing_ok=True)
                    settings.stop.request()

            await watch(reconciler, settings, ended, every_s=0.2, asking=Asking(600, 600))

        w.with_engine(work)
        assert w.kinds() == ["request"]
        assert w.status()["sent"]["pairingUid"] == w.pairing_uid()
        assert w.claims == []


@pytest.mark.parametrize("stops", [False, True])
def test_what_was_done_is_kept_where_the_operating_system_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, stops: bool
) -> None:
    """A disk that is full when the outcome is to be written down is no reason to forget it.

    Where it is full to the end that is said, as all that stands against a pass.
    """
    with world(tmp_path, adoptRequests="Never") as w, monkeypatch.context() as full:
        refused: list[PairctlError] = []

        def hear(event: Event) -> None:
            if isinstance(event, Acted) and not refused:
                full.setattr(tempfile, "tempdir", str(tmp_path / "gone"))

        async def work(reconciler: Reconciler, settings: Settings) -> None:
            def ended(told: PassResult | PairctlError) -> None:
                if isinstance(told, PairctlError):
                    refused.append(told)
                    if stops:
                        settings.stop.request()
                    else:
                        full.undo()
                elif w.told()[0] == "Paired":
                    settings.stop.request()

            await watch(reconciler, settings, ended, every_s=0.2, asking=Asking(600, 600))
            full.undo()

        w.with_engine(work, listener=hear)
        assert [one.problem.reason for one in refused] == ["SystemRefused"] * (1 + stops)
        assert w.kinds() == (["request"] if stops else ["request", "accept"])


def test_what_is_written_late_takes_back_nothing_that_others_have_written_since(
    tmp_path: Path,
) -> None:
    """Another run looked on in the meantime: a no that it met still stands."""
    hosts = [host_document(number) for number in (1, 2)]
    with world(tmp_path, *hosts, fleet=lambda w: [w.intent(1, acknowledge=None)]) as w:
        w.box.hook("update", ONLY_CLAIMS)
        other = str(w.box.another_clone("other"))

        async def work(first: Reconciler, _: Settings) -> None:
            with pytest.raises(PairctlError):
                await first.run_pass(stays=True)
            (w.box.bare / HOOK).unlink()
            w.commit(w.intent(1, acknowledge=None), w.intent(2))
            w.plan_faults(Fault("error", "store-2", "POST", PAIR, status=409, message="no"))
            async with w.engine(holder="second", location=other) as (second, settings):
                await run_until_settled(second, settings, every_s=0.1)
            for _ in range(2):
                await first.run_pass(stays=True)

        w.with_engine(work)
        assert w.status("store-1")["sent"]["pairingUid"] == w.pairing_uid(1)
        assert w.told("store-2") == ("Blocked", "Refused")
        assert [path for _, path in w.writes()].count(PAIR) == 2


def test_claims_that_led_to_nothing_are_closed_where_the_remote_was_gone_behind_them(
    tmp_path: Path,
) -> None:
    """Nothing was sent under them, so nobody waits for their end once it is back."""
    with world(tmp_path) as w:
        gone, told = w.box.bare.with_name("gone"), []
        w.box.hook("post-receive", f"mv {w.box.bare} {gone}")

        async def work(reconciler: Reconciler, settings: Settings) -> None:
            def ended(one: PassResult | PairctlError) -> None:
                if gone.exists():
                    gone.rename(w.box.bare)
                    (w.box.bare / "hooks/post-receive").unlink()
                if isinstance(one, PassResult):
                    told.append(w.told())
                    if w.told()[0] == "Paired":
                        settings.stop.request()

            await watch(reconciler, settings, ended, every_s=0.2, asking=Asking(600, 600))

        w.with_engine(work)
        assert ("Blocked", "OutcomeUnknown") not in told
        assert w.kinds() == ["request", "accept"]
