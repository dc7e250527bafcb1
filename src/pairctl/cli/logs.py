"""Logs go to standard error, one line an event; libraries that would tell too much are quiet."""

import logging
import sys

import structlog

from pairctl.problem import ConfigurationError, Problem

_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def configure_logs(level: str) -> None:
    """Show pairctl's own events from this level on. Raises ConfigurationError on a bad level."""
    if level not in _LEVELS:
        raise ConfigurationError(
            Problem("BadLogLevel", f"{level!r} is no log level", f"use one of {', '.join(_LEVELS)}")
        )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
