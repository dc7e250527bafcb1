"""The loop around passes: until all is settled (`apply --wait`), or for ever (`watch`)."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pairctl.engine.apply.executor import Outcome
from pairctl.engine.apply.heartbeats import Heartbeats
from pairctl.engine.apply.outage import Outage, problem_of
from pairctl.engine.apply.pass_result import PassResult
from pairctl.engine.apply.reconciler import Reconciler
from pairctl.engine.apply.ref_watch import RefWatch
from pairctl.engine.apply.unrecorded import NotRecorded, not_recorded, words_of
from pairctl.engine.observe.access import Keys
from pairctl.engine.observe.status_branch import read_records
from pairctl.engine.runtime.events import Unrecorded
from pairctl.engine.runtime.settings import Settings
from pairctl.engine.runtime.stop import first_of
from pairctl.problem import PairctlError
from pairctl.repo import NotAStatusBranch
from pairctl.spec import OperatorSpec

SOON_S = 2.0
"""How long to wait while something is under way."""

TOUCHED_MS = 10
"""How long after a change in a Git folder to ask what it is: Git moves a branch by one rename."""

Report = Callable[[PassResult | PairctlError], None]


Renew = Callable[[], tuple[OperatorSpec, Keys] | None]
"""Gives the operator's rules and the keys where they changed since it was asked last."""


async def run_until_settled(
    reconciler: Reconciler, settings: Settings, *, every_s: float = SOON_S
) -> PassResult:
    """Do passes until nothing is under way any more, or until asked to stop.

    A pass that fails ends the run. What is under way then is not cut off: as after a wish to stop
    it is waited for, and recorded if that works by then. Raises NotRecorded where it does not, and
    else what the pass raised.
    """
    earlier: tuple[tuple[str, Outcome], ...] = ()
    try:
        while True:
            result = await reconciler.run_recorded(stays=True, every_s=every_s)
            result = replace(result, earlier=(*earlier, *result.earlier))
            earlier = result.all_outcomes
            if result.is_settled or settings.stop.is_requested:
                return await reconciler.finish(result)
            if not result.is_ready:
                await settings.stop.wait(every_s, settings.clock)
    except (PairctlError, OSError) as error:
        settings.stop.request()
        if isinstance(error, NotRecorded):
            raise
        with suppress(PairctlError, OSError):  # what ended the run is what is said
            if reconciler.has_unrecorded:
                await reconciler.run_pass(stays=True)
        if left := await reconciler.left_unrecorded():
            raise not_recorded(left, error) from error
        raise
    finally:
        await reconciler.aclose()


@dataclass(frozen=True, slots=True)
class Asking:
    """Seconds between two looks at a remote's refs, while all is quiet and while it is not.

    Nothing is fetched for that.
    """

    quiet_s: float = 10.0
    busy_s: float = 2.0


USUAL_ASKING = Asking()


async def watch(
    reconciler: Reconciler,
    settings: Settings,
    report: Report,
    *,
    every_s: float,
    folder: Path | None = None,
    asking: Asking = USUAL_ASKING,
    heartbeats: Heartbeats | None = None,
    renew: Renew | None = None,
) -> None:
    """Do passes until asked to stop: when the intents change, and at least every `every_s`.

    `folder` is the Git folder of a local repository: a change in it is a reason to ask what is to
    be carried out by now, and so is the time, by `asking`; a remote is asked for its refs only. A
    pass that fails is tried again, later each time; what is in its way is told to the settings'
    listener when it begins and when it is over. Each that comes through is told by `heartbeats`;
    before each, `renew` gives rules and keys that changed.
    Raises NotAStatusBranch, at the start only.
    """
    await settings.stop.or_left(_refuse_wrong_branch(settings))
    settings = replace(settings, listener=reconciler.listener)
    soon_s = min(SOON_S, every_s)
    outage, ref = Outage(settings), RefWatch(settings)
    try:
        await settings.stop.or_left(ref.has_changed())
        while not settings.stop.is_requested:
            pause_s, ask_s = every_s, asking.quiet_s
            if renew and (changed := renew()):
                reconciler.take_over(*changed)
            try:
                result = await _pass(reconciler, settings, soon_s)
            except (PairctlError, OSError) as error:
                outage.note(error)
                ref.note("")
                report(PairctlError(problem_of(error)))
                pause_s = outage.pause_s(soon_s)
            else:
                if result is None:
                    break
                ref.note(result.source.commit)
                has_written = bool(result.commit or result.outcomes or result.is_settled)
                outage.note_success(has_written=has_written)
                if heartbeats:
                    heartbeats.beat(result)
                report(result)
                if not result.is_settled:
                    pause_s = 0 if result.is_ready else soon_s
                    ask_s = asking.busy_s
                if outage.is_on:
                    pause_s = max(pause_s, outage.pause_s(soon_s))
            given = ask_s, pause_s
            prompts = _touches(folder, *given) if folder else _turns(settings, *given)
            await _until_woken(settings, ref, pause_s, prompts)
        await _finish(reconciler, settings, report)
    finally:
        await reconciler.aclose()
        if heartbeats:
            await heartbeats.aclose()


async def _pass(reconciler: Reconciler, settings: Settings, soon_s: float) -> PassResult | None:
    """Do one pass to its end; None where the wish to stop came while it only looked.

    Once claims are made, what they are for is done, looked at and recorded. Before, a pass has
    nothing to finish, and it may hang on a server for as long as a request may take.
    """
    work = reconciler.run_pass(stays=True, every_s=soon_s)
    return await settings.stop.or_left(work, must_finish=lambda: reconciler.is_acting)


async def _finish(reconciler: Reconciler, settings: Settings, report: Report) -> None:
    """Wait for the actions that are under way, and report what came of them.

    What cannot be recorded by then is told to the listener: nobody else will know of it.
    """
    if reconciler.has_unrecorded:
        try:
            report(await reconciler.run_pass(stays=True))
        except (PairctlError, OSError) as error:
            report(PairctlError(problem_of(error)))
    for name, outcome in sorted((await reconciler.left_unrecorded()).items()):
        settings.listener(Unrecorded(name, words_of(outcome)))


async def _refuse_wrong_branch(settings: Settings) -> None:
    """Raise NotAStatusBranch; what cannot be read now is for the passes to report."""
    try:
        await read_records(settings)
    except NotAStatusBranch:
        raise
    except PairctlError:
        return


async def _until_woken(
    settings: Settings, ref: RefWatch, pause_s: float, prompts: AsyncGenerator[None]
) -> None:
    """Wait for the time to pass, another commit than the known one, or the wish to stop."""
    await first_of(settings.stop.wait(pause_s, settings.clock), _change(ref, prompts))


async def _change(ref: RefWatch, prompts: AsyncGenerator[None]) -> None:
    """Return when the ref is another than it was; looked at whenever prompted.

    It is the ref that counts: what pairctl itself writes wakes nobody.
    """
    async with aclosing(prompts):
        async for _ in prompts:
            if await ref.has_changed():
                return


async def _touches(folder: Path, ask_s: float, pause_s: float) -> AsyncGenerator[None]:
    """Yield whenever refs below a folder may have changed.

    So it does at once, and at an interval in any case, unless the next pass asks as soon itself.

    However much goes on in there, as where an editor asks Git for its state all the time, a remote
    is not asked more often than while something is under way, and no less often than else; but two
    looks may come at once, as a branch is moved first and pushed then. What cannot be watched, as
    where the machine allows no more of it, is no reason for anything: the time has to do.
    """
    from watchfiles import awatch  # noqa: PLC0415 - it loads what only `watch` needs

    loop, least_s = asyncio.get_running_loop(), min(SOON_S, ask_s / 2)
    timeout_s, spent_s = pause_s + least_s, loop.time()
    if pause_s > ask_s:
        timeout_s, spent_s = ask_s, loop.time() + least_s
        yield
    due_s = loop.time() + timeout_s

    def counts(_: object, path: str) -> bool:
        # Its own interval begins again with each change, also with one that is left out.
        return _may_be_of_refs(folder, Path(path)) or loop.time() >= due_s

    try:
        async for _ in awatch(
            folder,
            watch_filter=counts,
            step=TOUCHED_MS,
            debounce=10 * TOUCHED_MS,
            rust_timeout=int(timeout_s * 1000),
            yield_on_timeout=True,
        ):
            yield
            spent_s = max(spent_s, loop.time()) + least_s
            await asyncio.sleep(max(0.0, spent_s - least_s - loop.time()))
            due_s = loop.time() + timeout_s
    except* (OSError, RuntimeError):  # its own errors are of that kind, and those amid it in groups
        pass
    while True:
        await asyncio.sleep(timeout_s)
        yield


def _may_be_of_refs(folder: Path, path: Path) -> bool:
    """Whether a change in a Git folder may be one of refs, and not of those that pairctl keeps."""
    parts = path.relative_to(folder).parts if path.is_relative_to(folder) else ()
    if path.name.endswith(".lock") or parts[:1] == ("logs",) or parts[:2] == ("refs", "pairctl"):
        return False
    return path.name in ("HEAD", "packed-refs") or parts[:1] in (("refs",), ("reftable",))


async def _turns(settings: Settings, ask_s: float, pause_s: float) -> AsyncGenerator[None]:
    """Yield at once, and then at an interval; never where the next pass asks as soon itself."""
    if pause_s <= ask_s:
        await settings.stop.requested()
        return
    yield
    while True:
        await settings.clock.sleep(ask_s)
        yield
