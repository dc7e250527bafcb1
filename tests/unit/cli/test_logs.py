"""A line of the log is one event, whatever its values are, and holds no secret."""

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
import structlog

from pairctl.cli import logs
from pairctl.cli.logs import configure_logs, guard_standard_error
from pairctl.secrets import Redactor
from workflow_commands import read_log

SECRET = "it's-a-secret-7f3a"


@pytest.fixture
def redactor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Redactor]:
    """Give the redactor that the log uses; all that it changes is as it was afterwards."""
    known = Redactor()
    known.learn(SECRET)
    monkeypatch.setattr(logs, "redactor_of_this_run", lambda: known)
    for module, name in (
        (sys, "excepthook"),
        (sys, "unraisablehook"),
        (threading, "excepthook"),
        (logging, "lastResort"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name))
    yield known
    structlog.reset_defaults()


class Odd:
    """Something whose repr tells a secret."""

    def __str__(self) -> str:
        return f"Odd({SECRET!r})"


@pytest.mark.usefixtures("redactor")
@pytest.mark.parametrize(
    "value", [SECRET, f"a\n[error] forged {SECRET}", ["x", {"y": SECRET}], Odd(), "\x1b[2J\u202ex"]
)
def test_each_event_is_one_clean_line(value: object, capsys: pytest.CaptureFixture[str]) -> None:
    """No value of it begins another, is a command to a CI's runner, or tells a secret."""
    configure_logs("debug")
    log = structlog.get_logger("test")
    log.warning("called", name=value, more=f"\n::stop-commands::{SECRET}")
    log.error("failed", name=value, exc_info=ValueError(SECRET))
    logged = capsys.readouterr().err
    assert logged.count("\n") == 2
    assert SECRET not in logged
    assert read_log(logged).commands == []
    assert all(line.isprintable() for line in logged.splitlines())


@pytest.mark.usefixtures("redactor")
def test_what_python_would_write_is_told_by_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback, or the repr of a task that nobody awaited, could quote anything."""
    guard_standard_error()
    error = ValueError(f"{SECRET}\n::stop-commands::x")
    sys.excepthook(ValueError, error, None)
    record = logging.LogRecord(
        "asyncio", logging.ERROR, "", 1, "Task: %s\n%s", (Odd(), SECRET), (ValueError, error, None)
    )
    assert logging.lastResort is not None
    logging.lastResort.handle(record)
    thread = threading.Thread(target=int, args=(SECRET,))
    thread.start()
    thread.join()
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["error"] * 3
    assert "ValueError" in lines[0]
    assert "ValueError" in lines[2]
    assert not any(SECRET in line or "7f3a" in line for line in lines)
