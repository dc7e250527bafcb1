"""Logs go to standard error, one line an event, as text or JSON; libraries that talk are quiet.

Every value of an event is cleaned before it becomes part of a line. So is what Python itself would
write there: records of other loggers, and exceptions that nobody caught, by their place only.
"""

import atexit
import json
import logging
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pairctl.cli.log_catalogue import LEVELS, OWN, emit
from pairctl.cli.screen import Screen, redactor_of_this_run
from pairctl.problem import ConfigurationError, Problem, defect
from pairctl.text import both_ends, each_text, harmless, one_line

LONGEST_VALUE = 2_000

SENT_AGAIN_AFTER_S = 0.02
"""How long after it was lost Ctrl-C is sent again: Python is out of its callback by then."""

_has_ended = threading.Event()
"""Whether the command has: what comes of it stands, and its temporary folders are being removed."""

_PLAIN = re.compile(r"[^\s\"'=\\]+")


class LogFormat(StrEnum):
    """How a line is written: for people, or for machines."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """From which level on lines are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def configure_logs(
    level: str,
    form: LogFormat = LogFormat.TEXT,
    clean: Callable[[str], str] | None = None,
    *,
    is_service: bool = False,
) -> None:
    """Write pairctl's own events from this level on, each value given to `clean` first.

    Of a service, and in JSON, what else is said on standard error is an event too. Raises
    ConfigurationError on a bad level.
    """
    if level not in LEVELS:
        raise ConfigurationError(
            Problem("BadLogLevel", f"{level!r} is no log level", f"use one of {', '.join(LEVELS)}")
        )
    handler = _StandardError()
    handler.setFormatter(_Lines(form, _fit_by(clean or redactor_of_this_run().redact)))
    top = logging.getLogger()
    for before in [one for one in top.handlers if isinstance(one, _StandardError)]:
        top.removeHandler(before)
    top.addHandler(handler)
    logging.getLogger(OWN).setLevel(LEVELS[level])
    Screen.divert(_said if is_service or form is LogFormat.JSON else None)


def are_events_wanted() -> bool:
    """Whether the steps of a run are to be written, beside what is shown of it anyway."""
    return logging.getLogger(OWN).isEnabledFor(logging.INFO)


def open_what_is_closed() -> bool:
    """Let nothing else take the place of a standard stream that this process was given closed.

    What would go to standard error is dropped then, and never mixed into the result. Tells whether
    standard output was open: else a result would be lost without a word.
    """
    is_open = sys.stdout is not None
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            nothing = os.open(os.devnull, os.O_RDWR)
            if nothing != number:
                os.dup2(nothing, number)
                os.close(nothing)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))
    return is_open


def guard_standard_error() -> None:
    """Clean what Python itself would write there: for the program's own process only.

    It is an event where all that is said there is one. What cannot be written in the end, as nobody
    reads it any more, changes no exit code.
    """
    atexit.register(_drop_what_is_left)
    fit = _fit_by(redactor_of_this_run().redact)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine(fit))
    handler.setLevel(logging.WARNING)
    logging.lastResort = handler

    logging.captureWarnings(capture=True)

    def show(error: BaseException | None) -> None:
        if error is None:
            return
        if Screen.is_diverted():
            logging.getLogger("python").error("nobody caught an error", exc_info=error)
        else:
            print(f"error: {fit(str(defect(error)))}", file=sys.stderr)  # noqa: T201 - the sink

    def show_or_hear(hook: "sys.UnraisableHookArgs") -> None:
        if not _is_interrupt_sent_again(hook.exc_value):
            show(hook.exc_value)

    sys.excepthook = lambda _, error, __: show(error)
    sys.unraisablehook = show_or_hear
    threading.excepthook = lambda hook: show(hook.exc_value)


def end_of_command() -> None:
    """Take note that the command has ended: from now on no Ctrl-C that was lost is sent again."""
    _has_ended.set()


def _drop_what_is_left() -> None:
    try:
        sys.stderr.flush()
    except OSError:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stderr.fileno())
    except ValueError:
        pass  # it was closed


def _is_interrupt_sent_again(error: BaseException | None) -> bool:
    """Whether it is Ctrl-C, raised in a callback of Python's own, as while modules are loaded.

    Python drops it there, and the run would go on to act: the signal is sent again, from beside.
    After the end of the command it is dropped: no thread can be started while Python ends.
    """
    main = threading.main_thread().ident
    if main is None or not isinstance(error, KeyboardInterrupt):
        return False
    if not _has_ended.is_set():
        again = threading.Timer(SENT_AGAIN_AFTER_S, _interrupt, (main,))
        again.daemon = True
        again.start()
    return True


def _interrupt(thread: int) -> None:
    if not _has_ended.is_set():
        signal.pthread_kill(thread, signal.SIGINT)


def _said(said: str | Problem) -> None:
    """Write as an event what else would be shown beside a result."""
    if isinstance(said, Problem):
        emit("Failed", reason=said.reason, message=said.message, hint=said.hint)
    else:
        emit("Note", message=said)


class _StandardError(logging.Handler):
    """Writes to what is standard error now: it may have been exchanged since."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line. One that cannot be written ends no run, and has no other place."""
        with suppress(OSError, ValueError):
            sys.stderr.write(f"{self.format(record)}\n")
            sys.stderr.flush()


class _Lines(logging.Formatter):
    """Writes a record as one line: time (RFC 3339, UTC), level, event, its fields."""

    def __init__(self, form: LogFormat, fit: Callable[[str], str]) -> None:
        super().__init__()
        self._form = form
        self._fit = fit

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        given: Mapping[str, Any] | None = getattr(record, "fields", None)
        found = dict(given) if given is not None else {}
        if given is None:
            found = {"logger": record.name, "message": record.getMessage()}
        if record.exc_info and record.exc_info[1]:
            found["error"] = str(defect(record.exc_info[1]))
        fields = each_text(_plain(found), self._fit)
        is_own = record.name == OWN or record.name.startswith(f"{OWN}.")
        event = record.msg if is_own else "Message"
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        time, level = at.replace("+00:00", "Z"), record.levelname.lower()
        if self._form is LogFormat.JSON:
            line = {"time": time, "level": level, "event": event, **fields}
            return json.dumps(line, ensure_ascii=False)
        shown = " ".join(f"{key}={_in_text(value)}" for key, value in fields.items())
        return f"{time} {level:7} {event} {shown}".rstrip()


def _in_text(value: Any) -> str:
    """Return a value as it stands after its name: in quotes where it would not be one word."""
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _fit_by(clean: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: harmless(both_ends(one_line(clean(text)), LONGEST_VALUE))


def _plain(value: Any) -> Any:
    """Return a value as numbers and texts: the repr of anything else may hold a text."""
    match value:
        case bool() | int() | float() | None:
            return value
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return str(value)


class _OneLine(logging.Formatter):
    """Writes a record of another logger as one clean line, an exception by its place."""

    def __init__(self, fit: Callable[[str], str]) -> None:
        super().__init__()
        self._fit = fit

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        error = record.exc_info[1] if record.exc_info else None
        line = f"{record.levelname.lower()}: {record.name}: {record.getMessage()}"
        return self._fit(f"{line}: {defect(error)}" if error else line)
