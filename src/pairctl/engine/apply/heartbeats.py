"""Saying at the remote when the last look was: at most once a minute, beside the status branch."""

import asyncio
import socket
from collections import Counter

from pairctl import __version__
from pairctl.backoff import backoff_s
from pairctl.engine.apply.outage import problem_of
from pairctl.engine.apply.pass_result import PassResult
from pairctl.engine.runtime.events import HeartbeatRefused, HeartbeatTaken
from pairctl.engine.runtime.settings import Settings
from pairctl.problem import PairctlError, Problem, defect
from pairctl.records import HEARTBEAT_FILE, Heartbeat, render_heartbeat
from pairctl.repo import PushLost

LEAST_S = 60.0
LONGEST_S = 3600.0
"""So far apart they are at least, and at most where the remote refuses them."""

OFTEN = 3
"""So often in a row another run's came first: that is no race any more, and said as a refusal."""

LAST_S = 5.0
"""How long the one under way is waited for at the end of a run."""


class Heartbeats:
    """The heartbeats of a run, written to `ref`. Without one, nothing is.

    They are written beside the passes: a slow remote holds up nothing. One that is refused is no
    failure; it is said once, to the settings' listener, and once when one is taken again. Where
    another run's came first that stands, and is nothing to say: somebody has looked.
    """

    def __init__(self, settings: Settings, ref: str) -> None:
        self._settings = settings
        self._ref = ref
        self._next_s = settings.clock.monotonic()
        self._refused = self._lost = 0
        self._writing: asyncio.Task[None] | None = None

    def beat(self, result: PassResult) -> None:
        """Say that a pass has looked, unless that was said just now."""
        is_busy = self._writing is not None and not self._writing.done()
        if not self._ref or is_busy or self._settings.clock.monotonic() < self._next_s:
            return
        self._next_s = self._settings.clock.monotonic() + LEAST_S
        counts = Counter(status.phase.value for status in result.statuses.values())
        heartbeat = Heartbeat(
            at=self._settings.clock.now().replace(microsecond=0),
            writer=self._settings.holder,
            host=socket.gethostname(),
            version=__version__,
            commit=result.source.commit,
            counts=counts,
        )
        self._writing = asyncio.ensure_future(self._write(heartbeat))

    async def aclose(self) -> None:
        """Wait for what is under way, but not for long."""
        if self._writing:
            await asyncio.wait([self._writing], timeout=LAST_S)
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _write(self, heartbeat: Heartbeat) -> None:
        settings = self._settings
        content = render_heartbeat(heartbeat, settings.clean)
        try:
            await settings.repository.write_replaced(
                self._ref, HEARTBEAT_FILE, content, now=settings.clock.now()
            )
        except (PairctlError, OSError) as error:
            self._lost = self._lost + 1 if isinstance(error, PushLost) else 0
            if 0 < self._lost < OFTEN:
                self._next_s += LEAST_S * settings.rng.random()  # not in step with the other one
            else:
                self._back_off(problem_of(error))
        except Exception as error:  # noqa: BLE001 - a defect is heard of, and ends no run for it
            self._back_off(defect(error))
        else:
            if self._refused:
                settings.listener(HeartbeatTaken(self._ref))
            self._refused = self._lost = 0

    def _back_off(self, problem: Problem) -> None:
        settings = self._settings
        if not self._refused:
            settings.listener(HeartbeatRefused(self._ref, str(problem)))
        chance = settings.rng.random()
        self._next_s += backoff_s(
            self._refused, first_s=LEAST_S, longest_s=LONGEST_S, chance=chance
        )
        self._refused += 1
