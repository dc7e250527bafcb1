"""Small worlds to be looked at by `doctor`, and one look at them, in this process."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pairctl.doctor import Check, DoctorAccess, Examination, Verdict, examine
from pairctl.engine import Keys, Settings, SystemClock
from pairctl.repo import Repository
from pairctl.secrets import Destinations, Redactor, SecretStore
from pairctl.spec import OperatorSpec
from scenario_factory import World

PALETTE = "palette/production"


class LateClock(SystemClock):
    """This machine's clock, wrong by some seconds."""

    def __init__(self, behind_s: float) -> None:
        self._behind = timedelta(seconds=behind_s)

    def now(self) -> datetime:
        """Return the wrong time of day."""
        return super().now() - self._behind


@dataclass(frozen=True)
class Found:
    """What a look found, with words to ask for it."""

    examination: Examination

    def check(self, subject: str, name: str) -> Check:
        """Give the one check of this name at this subject."""
        found = [c for c in self.examination.checks if (c.subject, c.name) == (subject, name)]
        assert len(found) == 1, [(c.subject, c.name) for c in self.examination.checks]
        return found[0]

    def names(self, verdict: Verdict, subject: str = "") -> list[str]:
        """Give the names of the checks that ended so, in order; of all subjects or of one."""
        checks = self.examination.checks
        return [c.name for c in checks if c.verdict is verdict and subject in ("", c.subject)]

    @property
    def failed(self) -> list[tuple[str, str]]:
        """The failed checks, by subject and name."""
        checks = self.examination.checks
        return [(c.subject, c.name) for c in checks if c.verdict is Verdict.FAILED]


def look(
    w: World,
    *names: str,
    hosts: bool = False,
    behind_s: float = 0.0,
    allowed: Sequence[str] | None = None,
    location: str = "",
    counts: list[tuple[int, int]] | None = None,
) -> Found:
    """Look at a world. `allowed` are patterns in place of those of the operator's file.

    What is counted while it looks goes into `counts`.
    """
    heard = [] if counts is None else counts
    spec = OperatorSpec.model_validate(w.operator_spec)
    bound = {name: use.hosts for name, use in spec.secrets.items()}
    destinations = (
        Destinations.of_operator(bound, spec.endpoints, spec.insecure_tls)
        if allowed is None
        else Destinations.of_patterns(allowed)
    )
    redactor, clock = Redactor(), LateClock(behind_s)
    keys = Keys(SecretStore(w.secrets, {}, redactor), destinations, redactor)

    async def run() -> Examination:
        opened = await Repository.open(location or str(w.box.clone))
        async with opened as repository, DoctorAccess(keys, spec, clock) as access:
            settings = Settings(repository, "doctor", operator=spec, clock=clock)
            return await examine(
                settings,
                access,
                names,
                with_hosts=hosts,
                counted=lambda done, of: heard.append((done, of)),
            )

    return Found(asyncio.run(run()))
