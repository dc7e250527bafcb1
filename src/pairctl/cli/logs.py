"""Logs go to standard error, one line an event; libraries that would tell too much are quiet.

Every value of an event is cleaned before it becomes part of a line. So is what Python itself would
write there: records of other loggers, and exceptions that nobody caught, by their place only.
"""

import logging
import os
import sys
import threading
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog

from pairctl.cli.screen import redactor_of_this_run
from pairctl.problem import ConfigurationError, Problem, defect
from pairctl.text import both_ends, each_text, harmless, one_line

LONGEST_VALUE = 2_000

_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def configure_logs(level: str, clean: Callable[[str], str] | None = None) -> None:
    """Show pairctl's own events from this level on, each value given to `clean` first.

    Raises ConfigurationError on a bad level.
    """
    if level not in _LEVELS:
        raise ConfigurationError(
            Problem("BadLogLevel", f"{level!r} is no log level", f"use one of {', '.join(_LEVELS)}")
        )
    fit = _fit_by(clean or redactor_of_this_run().redact)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            lambda _, __, event: _cleaned(event, fit),
            structlog.dev.ConsoleRenderer(colors=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


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
    """Clean what Python itself would write there: for the program's own process only."""
    fit = _fit_by(redactor_of_this_run().redact)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine(fit))
    handler.setLevel(logging.WARNING)
    logging.lastResort = handler

    def show(error: BaseException | None) -> None:
        if error is not None:
            print(f"error: {fit(str(defect(error)))}", file=sys.stderr)  # noqa: T201 - the sink

    sys.excepthook = lambda _, error, __: show(error)
    sys.unraisablehook = lambda hook: show(hook.exc_value)
    threading.excepthook = lambda hook: show(hook.exc_value)


def _fit_by(clean: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: harmless(both_ends(one_line(clean(text)), LONGEST_VALUE))


def _cleaned(
    event: MutableMapping[str, Any], fit: Callable[[str], str]
) -> MutableMapping[str, Any]:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["error"] = str(defect(error))
    found: MutableMapping[str, Any] = each_text(_plain(event), fit)
    return found


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
