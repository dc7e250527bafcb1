"""When `watch` looked last: the ref that says so, how old that is, and how it is shown."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pairctl.cli.options import Place
from pairctl.engine import read_heartbeat
from pairctl.problem import ConfigurationError, PairctlError, Problem
from pairctl.records import Heartbeat, heartbeat_data, heartbeat_ref
from pairctl.repo import Repository, checked_branch, checked_replaced_ref
from pairctl.text import span_text

_DURATION = re.compile(r"(?P<number>[0-9]{1,9})(?P<unit>[smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_NONE = "none"


@dataclass(frozen=True, slots=True)
class LastLook:
    """The heartbeat as it was read; None with why it is not known. `age_s` is by our clock."""

    heartbeat: Heartbeat | None
    age_s: float = 0.0
    why: str = ""

    def is_older(self, than_s: float) -> bool:
        """Whether the last look was longer ago; one that is not known counts as that.

        So does one from as far in the future: by a clock that is ahead nothing can be told.
        """
        return self.heartbeat is None or abs(self.age_s) > than_s

    def line(self) -> str:
        """Say when it was, and whose."""
        if self.heartbeat is None:
            return f"last look: not known: {self.why}"
        one = self.heartbeat
        when = f"{one.at:%Y-%m-%dT%H:%M:%SZ}"
        ago = f"{span_text(abs(self.age_s))} {'ago' if self.age_s >= 0 else 'from now'}"
        of = f"commit {one.commit[:7]}, {sum(one.counts.values())} intents"
        return f"last look: {when} ({ago}) by {one.writer} on {one.host}, of {of}"

    def data(self) -> dict[str, Any] | None:
        """Return it as JSON has it; None where it is not known."""
        if self.heartbeat is None:
            return None
        return {**heartbeat_data(self.heartbeat), "ageSeconds": int(self.age_s)}


def ref_of(given: str, place: Place) -> str:
    """Return the ref of the heartbeat; empty for none. Raises RefNotAllowed."""
    if given == _NONE:
        return ""
    return checked_replaced_ref(given or heartbeat_ref(checked_branch(place.status_branch)))


async def read_last_look(repository: Repository, ref: str, now: datetime) -> LastLook:
    """Read the heartbeat; what keeps it from being read is said, and no error."""
    if not ref:
        return LastLook(None, why="no ref was named to keep it")
    if why_old := repository.why_old:
        return LastLook(None, why=why_old.message)
    try:
        found = await read_heartbeat(repository, ref)
    except PairctlError as error:
        return LastLook(None, why=error.problem.message)
    if found is None:
        return LastLook(None, why=f"there is no heartbeat at {ref}; `pairctl watch` writes it")
    return LastLook(found, found.age(now).total_seconds())


def duration_s(option: str, given: str) -> float:
    """Return seconds of `90s`, `15m`, `2h` or `1d`. Raises ConfigurationError."""
    found = _DURATION.fullmatch(given)
    if found is None:
        raise ConfigurationError(
            Problem(
                "BadDuration",
                f"{option}: {given!r} is no duration",
                "write a number and its unit: 90s, 15m, 2h or 1d",
            )
        )
    return float(found["number"]) * _UNITS[found["unit"]]
