"""What a report looks like: one module a format, loaded when it is asked for.

Each has `render(report)`, a pure function: finished results in, text out.
"""

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module

from pairctl.cli.report import Report


class ReportFormat(StrEnum):
    """A format for people, or for a machine that shows findings where people look."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    GITLAB = "gitlab"
    SARIF = "sarif"
    JUNIT = "junit"


_MODULES = {
    ReportFormat.TEXT: "text",
    ReportFormat.JSON: "validation_report",
    ReportFormat.GITHUB: "github",
    ReportFormat.GITLAB: "gitlab",
    ReportFormat.SARIF: "sarif",
    ReportFormat.JUNIT: "junit",
}


def render(report: Report, form: ReportFormat) -> str:
    """Return the report in this format; each line of it ends with a line feed."""
    write: Callable[[Report], str] = import_module(f"{__name__}.{_MODULES[form]}").render
    return write(report)
