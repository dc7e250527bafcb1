"""What all servers of one simulation share: the time, the journal and the planned faults."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pairctl.sim.faults import FaultPlan
from pairctl.sim.journal import Effect, EffectKind, Journal

REQUEST_ID: ContextVar[str] = ContextVar("REQUEST_ID", default="")
"""The `X-Request-Id` of the request that is being served; hosts hand it on to Palette."""


@dataclass(frozen=True, slots=True)
class World:
    """`clock` gives seconds since 1970; nothing in the simulator reads another clock."""

    clock: Callable[[], float]
    faults: FaultPlan
    journal: Journal = field(default_factory=Journal)

    def now(self) -> datetime:
        """Tell the instant by the simulation's clock, in UTC."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def record(
        self,
        kind: EffectKind,
        server: str,
        *,
        cluster_uid: str = "",
        pairing_uid: str = "",
        details: dict[str, str] | None = None,
    ) -> None:
        """Write an applied effect into the journal."""
        effect = Effect(
            kind,
            server,
            self.now(),
            cluster_uid,
            pairing_uid,
            details or {},
            REQUEST_ID.get(),
        )
        # A listener that moves the world on its own is no part of what is being served.
        token = REQUEST_ID.set("")
        try:
            self.journal.apply(effect)
        finally:
            REQUEST_ID.reset(token)
