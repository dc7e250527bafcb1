"""The heartbeat: when the last look was, and whose. It is replaced, and is on no branch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from pairctl.records.yaml_text import parse_yaml, render_yaml
from pairctl.spec.fields import API_VERSION

HEARTBEAT_FILE = "heartbeat.yaml"
HEARTBEAT_REFS = "refs/pairctl/heartbeat/"
"""Below it stands one for each status branch, by its name."""

_OWN = frozenset({"apiVersion", "kind", "at", "version", "commit", "counts"})


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last look at all intents of `commit`.

    `at` is by the clock of `host`, the machine that looked; `writer` is that process's name in
    claims. `counts` are of intents by phase.
    """

    at: datetime
    writer: str
    host: str
    version: str
    commit: str
    counts: Mapping[str, int] = field(default_factory=dict)

    def age(self, now: datetime) -> timedelta:
        """How long ago it was by another clock; negative where that is behind."""
        return now - self.at


_HEARTBEAT = TypeAdapter(Heartbeat)


def heartbeat_ref(status_branch: str) -> str:
    """Return the ref that keeps the heartbeat of those who write to a status branch."""
    return HEARTBEAT_REFS + status_branch


def render_heartbeat(heartbeat: Heartbeat, clean: Callable[[str], str]) -> bytes:
    """Return it as a file; texts that come from the machine are given to `clean` first."""
    document = {"apiVersion": API_VERSION, "kind": "Heartbeat", **heartbeat_data(heartbeat)}
    return render_yaml(document).cleaned(clean, _OWN)


def heartbeat_data(heartbeat: Heartbeat) -> dict[str, object]:
    """Return it as documents have it."""
    return {
        "at": heartbeat.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "writer": heartbeat.writer,
        "host": heartbeat.host,
        "version": heartbeat.version,
        "commit": heartbeat.commit,
        "counts": dict(sorted(heartbeat.counts.items())),
    }


def parse_heartbeat(content: bytes) -> Heartbeat | None:
    """Read it back; None where it is none."""
    shown = parse_yaml(content)
    if shown.pop("kind", "") != "Heartbeat":
        return None
    try:
        found = _HEARTBEAT.validate_python({k: v for k, v in shown.items() if k != "apiVersion"})
    except ValidationError:
        return None
    return found if found.at.tzinfo else None
