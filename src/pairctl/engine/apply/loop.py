"""The loop around passes: until all is settled (`apply --wait`), or for ever (`watch`)."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from watchfiles import awatch

from pairctl.engine.apply.executor import Outcome
from pairctl.engine.apply.reconciler import PassResult, Reconciler
from pairctl.engine.desired.merged import merged_token
from pairctl.engine.observe.status_branch import read_records
from pairctl.engine.runtime.settings import Settings
from pairctl.problem import PairctlError
from pairctl.repo import NotAStatusBranch

SOON_S = 2.0
"""How long to wait while something is under way."""

ASK_S = 5.0
"""How often a remote is asked for its refs; nothing is fetched for that."""

Report = Callable[[PassResult | PairctlError], None]


async def run_until_settled(
    reconciler: Reconciler, settings: Settings, *, every_s: float = SOON_S
) -> PassResult:
    """Do passes until nothing is under way any more, or until asked to stop."""
    earlier: tuple[tuple[str, Outcome], ...] = ()
    try:
        while True:
            result = await reconciler.run_pass(stays=True, every_s=every_s)
            result = replace(result, earlier=earlier)
            earlier = result.all_outcomes
            if result.is_settled or settings.stop.is_requested:
                return await reconciler.finish(result)
            if not result.is_ready:
                await settings.stop.wait(every_s)
    finally:
        await reconciler.aclose()


async def watch(
    reconciler: Reconciler,
    settings: Settings,
    report: Report,
    *,
    every_s: float,
    folder: Path | None = None,
    ask_s: float = ASK_S,
) -> None:
    """Do passes until asked to stop: when the intents change, and at least every `every_s`.

    `folder` is the Git folder of a local repository: a change in it is a reason to ask what is to
    be carried out by now, and so is the time, each `ask_s`; a remote is asked for its refs only. A
    pass that fails is reported, and tried again. Raises NotAStatusBranch, at the start only.
    """
    await _refuse_wrong_branch(settings)
    soon_s = min(SOON_S, every_s)
    prompts = partial(_touches, folder, ask_s) if folder else partial(_turns, settings, ask_s)
    try:
        while not settings.stop.is_requested:
            pause_s = every_s
            known = await _ref(settings)
            try:
                result = await reconciler.run_pass(stays=True, every_s=soon_s)
                report(result)
                pause_s = every_s if result.is_settled else 0 if result.is_ready else soon_s
            except PairctlError as error:
                report(error)
            await _until_woken(settings, known, pause_s, prompts())
        await _finish(reconciler, report)
    finally:
        await reconciler.aclose()


async def _finish(reconciler: Reconciler, report: Report) -> None:
    """Wait for the actions that are under way, and report what came of them."""
    if reconciler.is_acting:
        try:
            report(await reconciler.run_pass(stays=True))
        except PairctlError as error:
            report(error)


async def _refuse_wrong_branch(settings: Settings) -> None:
    """Raise NotAStatusBranch; what cannot be read now is for the passes to report."""
    try:
        await read_records(settings)
    except NotAStatusBranch:
        raise
    except PairctlError:
        return


async def _until_woken(
    settings: Settings, known: str, pause_s: float, prompts: AsyncGenerator[None]
) -> None:
    """Wait for the time to pass, another commit than the known one, or the wish to stop."""
    change = _change(settings, known, prompts)
    waits = [asyncio.ensure_future(settings.stop.wait(pause_s)), asyncio.ensure_future(change)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


async def _change(settings: Settings, known: str, prompts: AsyncGenerator[None]) -> None:
    """Return when the ref is another than the known one; looked at whenever prompted.

    It is the ref that counts: what pairctl itself writes wakes nobody.
    """
    async with aclosing(prompts):
        async for _ in prompts:
            now = await _ref(settings)
            if now and now != known:
                return


async def _touches(folder: Path, ask_s: float) -> AsyncGenerator[None]:
    """Yield at once, and whenever files below a folder changed; now and then in any case.

    No filter is set: the usual one leaves out what lies in a folder `.git`, which is all there is.
    """
    yield
    timeout_ms = int(ask_s * 1000)
    with suppress(FileNotFoundError):  # it was moved away: the time has to do
        async for _ in awatch(
            folder, watch_filter=None, rust_timeout=timeout_ms, yield_on_timeout=True
        ):
            yield
    while True:
        await asyncio.sleep(ask_s)
        yield


async def _turns(settings: Settings, ask_s: float) -> AsyncGenerator[None]:
    """Yield at once, and then at an interval."""
    while True:
        yield
        await settings.clock.sleep(ask_s)


async def _ref(settings: Settings) -> str:
    """Return what the ref stands at; empty where the repository gives no answer now."""
    with suppress(PairctlError):
        return await merged_token(settings)
    return ""
