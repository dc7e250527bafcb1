"""What SIGTERM, SIGINT and SIGHUP do to a run that finishes its step."""

import asyncio
import signal
import subprocess
import sys
from typing import Any

import pytest

from pairctl.engine import Stop, stopping_on_signals

WAITS_FOR_EVER = """
import asyncio, signal, threading
from pairctl.engine import Stop, stopping_on_signals

async def main():
    # As when a signal comes just before the loop falls asleep: it is another thread that it wakes.
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
    with stopping_on_signals(Stop(), lambda: print("heard", flush=True)):
        print("ready", flush=True)
        await asyncio.Event().wait()

signal.signal(signal.SIGHUP, signal.SIG_DFL)
asyncio.run(main())
"""


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_the_second_signal_ends_a_loop_that_sleeps(
    first: signal.Signals, second: signal.Signals
) -> None:
    """The first asks to stop, the second ends the process, whether or not it wakes the loop."""
    command = [sys.executable, "-c", WAITS_FOR_EVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout
            assert child.stdout.readline() == "ready\n"
            child.send_signal(first)
            assert child.stdout.readline() == "heard\n"
            child.send_signal(second)
            assert child.wait(timeout=30) == -second
        finally:
            child.kill()


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminal_that_is_gone_is_no_second_signal(first: signal.Signals) -> None:
    """A shell and the kernel both say so, and systemd beside SIGTERM: the step is finished."""

    async def asked() -> int:
        stop = Stop()
        with stopping_on_signals(stop):
            for number in (first, signal.SIGHUP):
                signal.raise_signal(number)
                await stop.requested()
                await asyncio.sleep(0)
            signal.raise_signal(signal.SIGHUP)
        return stop.signal_number

    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        assert asyncio.run(asked()) == first
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGINT])
def test_a_terminal_that_goes_in_the_same_moment_cuts_nothing_off(
    first: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wish is said once, and not for a moment does SIGHUP end what is to be finished."""
    given, told = list[tuple[int, object]](), list[str]()
    set_to = signal.signal

    def noted(number: int, handler: Any) -> Any:
        given.append((number, handler))
        return set_to(number, handler)

    async def asked() -> None:
        stop = Stop()
        with stopping_on_signals(stop, lambda: told.append("heard")):
            monkeypatch.setattr(signal, "signal", noted)
            for number in (first, signal.SIGHUP):
                signal.raise_signal(number)
            await stop.requested()
            await asyncio.sleep(0)
            monkeypatch.undo()

    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        asyncio.run(asked())
    finally:
        signal.signal(signal.SIGHUP, before)
    assert told == ["heard"]
    assert (signal.SIGHUP, signal.SIG_DFL) not in given


def test_what_runs_by_nohup_goes_on_without_its_terminal() -> None:
    """A SIGHUP that is ignored is let be."""

    async def is_asked() -> bool:
        stop = Stop()
        with stopping_on_signals(stop):
            signal.raise_signal(signal.SIGHUP)
            await asyncio.sleep(0)
        return stop.is_requested

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert not asyncio.run(is_asked())
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_signals_are_as_before_when_it_is_over() -> None:
    """Also where one came: who runs it in a process of their own keeps their handlers."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    async def stopped_by_one() -> bool:
        before = [signal.getsignal(number) for number in numbers]
        stop = Stop()
        with stopping_on_signals(stop):
            signal.raise_signal(signal.SIGTERM)
            await stop.requested()
        return [signal.getsignal(number) for number in numbers] == before

    assert asyncio.run(stopped_by_one())
