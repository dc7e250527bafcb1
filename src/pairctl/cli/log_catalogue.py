"""The catalogue of the log's events: each has a stable name, a level, and fields."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LEVELS: Mapping[str, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
OWN = "pairctl"
"""The logger of all events; those below it are for rooms of their own."""

_LOG = logging.getLogger(OWN)


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One kind of line: when it is written, and which fields it has beside time and level."""

    name: str
    level: str
    meaning: str
    fields: tuple[str, ...] = ()


EVENTS = (
    LogEvent("WatchStarted", "info", "`watch` begins", ("repository", "ref")),
    LogEvent("StopRequested", "info", "a signal asks for the end; another one ends it at once"),
    LogEvent("WatchEnded", "info", "`watch` has ended as it was told to"),
    LogEvent("PassStarted", "debug", "a pass begins", ("commit", "intents")),
    LogEvent(
        "StatusChanged",
        "info",
        "an intent's phase, reason or message is another than before: also invalid, held back, or "
        "waiting for its turn; a warning where something has to be done by a person",
        ("intent", "phase", "reason", "message", "before"),
    ),
    LogEvent("StatusRemoved", "info", "an intent has no status any more", ("intent", "before")),
    LogEvent(
        "ActionBegan", "info", "an action is claimed and about to be sent", ("intent", "action")
    ),
    LogEvent("ActionDone", "info", "the other side has said yes", ("intent", "action", "outcome")),
    LogEvent(
        "ActionNotDone",
        "warning",
        "it was not sent, was refused, or its outcome is not known",
        ("intent", "action", "outcome", "message"),
    ),
    LogEvent("Recorded", "info", "a commit was made on the status branch", ("commit",)),
    LogEvent(
        "ActionUnrecorded",
        "error",
        "the run ends, and what was answered to an action is not on the status branch",
        ("intent", "message"),
    ),
    LogEvent(
        "DocumentRefused",
        "warning",
        "a file or document of the commit is not followed; said once a commit",
        ("path", "line", "column", "code", "message", "hint", "commit"),
    ),
    LogEvent(
        "PaletteUnseen",
        "warning",
        "a Palette could not be looked at; said once for as long as it is so",
        ("palette", "reason", "message", "hint"),
    ),
    LogEvent("PaletteSeen", "info", "a Palette can be looked at again", ("palette",)),
    LogEvent(
        "RolloutChanged",
        "info",
        "a rollout's phase, its wave or why it waits is another than before, and once when the "
        "run begins; a warning where it is halted",
        ("rollout", "phase", "wave", "reason", "message", "before"),
    ),
    LogEvent(
        "OutageBegan",
        "error",
        "passes fail, and are tried again; each reason is said once",
        ("reason", "message", "hint"),
    ),
    LogEvent("OutageEnded", "info", "a pass came through again", ("passes", "lasted_s")),
    LogEvent(
        "SecretTakenOver",
        "info",
        "a secret has a new value, which holds now, or can be used again",
        ("secret",),
    ),
    LogEvent(
        "SecretRefused",
        "error",
        "a changed secret cannot be used, and the old value is kept; said once",
        ("secret", "reason", "message", "hint"),
    ),
    LogEvent("OperatorFileTakenOver", "info", "the operator's file has changed, and holds now"),
    LogEvent(
        "OperatorFileRefused",
        "error",
        "the changed operator's file cannot be used, and the rules before are kept; said once",
        ("message", "hint"),
    ),
    LogEvent(
        "HeartbeatRefused",
        "warning",
        "the remote takes no heartbeat; said once for as long as it is so",
        ("ref", "message"),
    ),
    LogEvent("HeartbeatTaken", "info", "the remote takes heartbeats again", ("ref",)),
    LogEvent(
        "Called",
        "debug",
        "a server has answered",
        ("operation", "endpoint", "status", "size_bytes", "duration_s"),
    ),
    LogEvent("Note", "info", "what is said beside a result", ("message",)),
    LogEvent("Failed", "error", "the run ends with an error", ("reason", "message", "hint")),
    LogEvent("Message", "warning", "a library of pairctl says something", ("logger", "message")),
)
"""All of them, in the order of a run."""

_LEVEL_OF = {event.name: LEVELS[event.level] for event in EVENTS}


def emit(name: str, /, *, level: str = "", **fields: Any) -> None:
    """Write an event of this name; `level` where it is another than usual. Empty fields are not."""
    given = {key: value for key, value in fields.items() if value not in ("", None)}
    _LOG.log(LEVELS[level] if level else _LEVEL_OF[name], name, extra={"fields": given})
