"""A simulation in a thread of its own, for code that has no event loop."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from pairctl.sim.scenario import Scenario
from pairctl.sim.simulation import Ports, Simulation

ResultT = TypeVar("ResultT")


class ThreadedSimulation:
    """A running simulation, seen from another thread.

    `simulation.addresses`, `ca_pem` and `journal` may be read from any thread; everything that
    moves the world goes through `call`.
    """

    def __init__(self, simulation: Simulation, loop: asyncio.AbstractEventLoop) -> None:
        self.simulation = simulation
        self._loop = loop

    def call(self, change: Callable[[Simulation], ResultT]) -> ResultT:
        """Run a function in the simulation's thread and return its result."""

        async def run() -> ResultT:
            return change(self.simulation)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    def wait(self, change: Callable[[Simulation], Awaitable[ResultT]]) -> ResultT:
        """Do the same with a coroutine function, such as `lambda sim: sim.off("palette")`."""

        async def run() -> ResultT:
            return await change(self.simulation)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()


@contextmanager
def run_in_thread(
    scenario: Scenario, *, ports: Ports = "any", clock: Callable[[], float] = time.time
) -> Iterator[ThreadedSimulation]:
    """Serve a scenario from a thread until the block ends; raises what starting raises."""
    started: Future[ThreadedSimulation] = Future()
    stop: Future[Callable[[], object]] = Future()

    async def serve() -> None:
        end, loop = asyncio.Event(), asyncio.get_running_loop()
        async with Simulation.start(scenario, ports=ports, clock=clock) as simulation:
            stop.set_result(lambda: loop.call_soon_threadsafe(end.set))
            started.set_result(ThreadedSimulation(simulation, loop))
            await end.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)

    thread = threading.Thread(target=run, name="pairctl-simulation", daemon=True)
    thread.start()
    try:
        yield started.result()
    finally:
        if stop.done():
            stop.result()()
        thread.join()
