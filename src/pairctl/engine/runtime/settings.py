"""What a run is told from outside: the repository, the operator's rules, clocks and listeners."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pairctl.engine.runtime.clock import Clock, SystemClock
from pairctl.engine.runtime.events import Listener, unheard
from pairctl.engine.runtime.stop import Stop
from pairctl.pairing import Patience
from pairctl.records import KnownFiles
from pairctl.repo import Repository
from pairctl.spec import ALL_INTENTS, IntentSelection, OperatorSpec


def new_id() -> str:
    """Return an id that nothing else has: 128 random bits, in hexadecimal digits."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Settings:
    """One run. `holder` names this process in claims.

    `clean` keeps secrets and control characters out of what is written into the repository, and
    `known_secrets` gives the very same object while it takes out the same; None where nobody knows.
    Where it `is_local`, what is only in a clone is carried out too; else what its remote has.
    `new_id` makes an id that no other process makes: of a claim, or of a new status branch. `known`
    are the files of the status branch that were parsed already. Of a run for a `selection` only,
    the others count for duplicates and caps, and what is on record of them stays. In the user's
    `cache_folder` what was read is kept for looks of later runs; None stands for nowhere.
    """

    repository: Repository
    holder: str
    ref: str = "HEAD"
    under: str = ""
    is_local: bool = field(default=False, kw_only=True)
    operator: OperatorSpec = field(default_factory=OperatorSpec)
    clock: Clock = field(default_factory=SystemClock)
    rng: random.Random = field(default_factory=random.Random)
    new_id: Callable[[], str] = new_id
    clean: Callable[[str], str] = str
    known_secrets: Callable[[], object] = lambda: None
    listener: Listener = unheard
    stop: Stop = field(default_factory=Stop)
    selection: IntentSelection = ALL_INTENTS
    known: KnownFiles = field(default_factory=KnownFiles, compare=False)
    cache_folder: Path | None = field(default=None, kw_only=True)

    def patience(self, *, stays: bool) -> Patience:
        """How long claims of others are waited for; `stays` is whether this run goes on looking."""
        return Patience(self.claim_lifetime_s, self.operator.timing.clock_margin_seconds, stays)

    @property
    def claim_lifetime_s(self) -> float:
        """How long a claim binds: until what was sent last can have no effect any more."""
        timing = self.operator.timing
        return timing.act_seconds + timing.request_seconds + timing.settle_seconds
