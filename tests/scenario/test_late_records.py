"""The remote refuses the record of what was done: it is tried again, and else said in words."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from pairctl.engine import (
    Asking,
    Event,
    PassResult,
    Reconciler,
    Settings,
    SystemClock,
    Unrecorded,
    run_until_settled,
    watch,
)
from pairctl.engine.apply import reconciler as reconciler_module
from pairctl.problem import PairctlError
from scenario_factory import world

ONLY_CLAIMS = "git log -1 --format=%s \"$3\" | grep -q '^Claim' || exit 1"
Work = Callable[[Reconciler, Settings], Awaitable[PassResult]]


class HurriedClock(SystemClock):
    """Time goes on by itself where something only waits."""

    ahead_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead_s

    async def sleep(self, delay_s: float) -> None:
        self.ahead_s += delay_s
        await super().sleep(0)


def once(reconciler: Reconciler, settings: Settings) -> Awaitable[PassResult]:
    """Run as `apply` does."""
    del settings
    return reconciler.run_once()


def to_the_end(reconciler: Reconciler, settings: Settings) -> Awaitable[PassResult]:
    """Run as `apply --wait` does."""
    return run_until_settled(reconciler, settings, every_s=0.1)


@pytest.mark.parametrize(("work", "kinds"), [(once, 1), (to_the_end, 2)])
def test_a_record_that_is_refused_for_a_while_is_written_in_the_same_run(
    tmp_path: Path, work: Work, kinds: int
) -> None:
    """So the pairing id of the answer is known, and nobody has to adopt the request."""
    pushes = tmp_path / "pushes"
    refusing = f"echo x >> {pushes}; [ $(wc -l < {pushes}) -gt 4 ] || {{ {ONLY_CLAIMS}; }}"
    with world(tmp_path, adoptRequests="Never", timing={"settleSeconds": 60}) as w:
        w.box.hook("update", refusing)
        result = w.with_engine(work, clock=HurriedClock())
        assert w.kinds() == ["request", "accept"][:kinds]
        assert w.status()["sent"]["pairingUid"] == w.pairing_uid()
        assert [name for name, _ in result.all_outcomes] == ["store-1"] * kinds


@pytest.mark.parametrize("work", [once, to_the_end])
def test_a_run_that_ends_without_its_record_says_what_was_answered(
    tmp_path: Path, work: Work
) -> None:
    """The intent, what was sent, and the pairing id that the host gave."""
    with world(tmp_path) as w:
        w.box.hook("update", ONLY_CLAIMS)
        with pytest.raises(PairctlError) as raised:
            w.with_engine(work, clock=HurriedClock())
        assert raised.value.problem.reason == "NotRecorded"
        said = raised.value.problem.message.split("\n")[-1]
        assert said.startswith("store-1: send a pairing request to 127.0.0.1")
        assert said.endswith(f": done, pairing id {w.pairing_uid()}")
        assert w.kinds() == ["request"]


def test_the_next_run_goes_on_from_what_both_sides_show(tmp_path: Path) -> None:
    """The program ends with an error; later the request is adopted, and not sent again."""
    with world(tmp_path) as w:
        w.box.hook("update", ONLY_CLAIMS)
        done = w.run("apply")
        assert done.returncode == 1
        assert f"pairing id {w.pairing_uid()}" in done.stderr
        assert "do: see to it that the status branch can be written" in done.stderr
        assert "Traceback" not in done.stderr
        (w.box.bare / "hooks/update").unlink()
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_a_watch_that_ends_without_its_record_logs_what_was_answered(tmp_path: Path) -> None:
    """Nobody else will know of the pairing id."""
    events: list[Event] = []
    with world(tmp_path) as w:
        w.box.hook("update", ONLY_CLAIMS)

        async def work(reconciler: Reconciler, settings: Settings) -> None:
            def ended(told: PassResult | PairctlError) -> None:
                if isinstance(told, PairctlError):
                    settings.stop.request()

            await watch(reconciler, settings, ended, every_s=0.2, asking=Asking(600, 600))

        w.with_engine(work, listener=events.append)
        (said,) = [event for event in events if isinstance(event, Unrecorded)]
        assert said.name == "store-1"
        assert f"pairing id {w.pairing_uid()}" in said.message


HANGS = """
git log -1 --format=%s "$3" | grep -q '^Claim' || {{ echo x > {hangs}; exec sleep 600; }}
"""


@pytest.mark.parametrize("runs", ["watch", "apply", "apply --wait"])
def test_a_remote_that_hangs_with_the_record_holds_up_the_end_for_no_longer_than_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: str
) -> None:
    """What was answered is said; the next run looks for what came of it."""
    monkeypatch.setattr(reconciler_module, "RECORDING_S", -1.0)  # a second, with the other two
    events: list[Event] = []
    timing = {"requestSeconds": 1, "actSeconds": 1}
    with world(tmp_path, timing=timing) as w:
        hangs = tmp_path / "hangs"
        w.box.hook("update", HANGS.format(hangs=hangs))

        async def stop(settings: Settings) -> None:
            while not hangs.exists():  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.01)
            settings.stop.request()

        async def work(reconciler: Reconciler, settings: Settings) -> None:
            stopping = asyncio.create_task(stop(settings))
            if runs == "watch":
                await watch(reconciler, settings, lambda _: None, every_s=600)
            else:
                ends = once if runs == "apply" else to_the_end
                with pytest.raises(PairctlError) as raised:
                    await ends(reconciler, settings)
                assert raised.value.problem.reason == "NotRecorded"
                assert f"pairing id {w.pairing_uid()}" in raised.value.problem.message
            await stopping

        w.with_engine(work, listener=events.append)
        said = [event.message for event in events if isinstance(event, Unrecorded)]
        assert len(said) == (runs == "watch")
        assert all(f"pairing id {w.pairing_uid()}" in one for one in said)
        assert w.kinds() == ["request"]
