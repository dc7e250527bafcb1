"""A line of the log is one event, whatever its values are, and holds no secret."""

import json
import logging
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest

from pairctl.cli import logs
from pairctl.cli.log_catalogue import EVENTS, emit
from pairctl.cli.logs import LogFormat, configure_logs, guard_standard_error
from pairctl.cli.screen import Screen
from pairctl.problem import Problem
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
    logging.captureWarnings(capture=False)
    for handler in [
        one for one in logging.getLogger().handlers if type(one) is logs._StandardError
    ]:
        logging.getLogger().removeHandler(handler)
    logging.getLogger("pairctl").setLevel(logging.NOTSET)
    Screen.divert(None)


class Odd:
    """Something whose repr tells a secret."""

    def __str__(self) -> str:
        return f"Odd({SECRET!r})"


@pytest.mark.usefixtures("redactor")
@pytest.mark.parametrize(
    "value", [SECRET, f"a\n[error] forged {SECRET}", ["x", {"y": SECRET}], Odd(), "\x1b[2J\u202ex"]
)
@pytest.mark.parametrize("form", LogFormat)
def test_each_event_is_one_clean_line(
    value: object, form: LogFormat, capsys: pytest.CaptureFixture[str]
) -> None:
    """No value of it begins another, is a command to a CI's runner, or tells a secret."""
    configure_logs("debug", form)
    emit("Note", name=value, more=f"\n::stop-commands::{SECRET}")
    odd = {"fields": {"name": value}}
    logging.getLogger("pairctl.x").error("Failed", extra=odd, exc_info=ValueError(SECRET))
    logging.getLogger("asyncio").error("%s\n%s", value, SECRET)
    logged = capsys.readouterr().err
    assert logged.count("\n") == 3
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


@pytest.mark.usefixtures("redactor")
@pytest.mark.parametrize("form", LogFormat)
def test_what_python_would_write_beside_the_log_of_a_service_is_an_event(
    form: LogFormat, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line without a time, or one that is no object, would break what reads the log."""
    guard_standard_error()
    configure_logs("info", form, is_service=True)
    sys.excepthook(ValueError, ValueError(SECRET), None)
    thread = threading.Thread(target=int, args=(SECRET,))
    thread.start()
    thread.join()
    warnings.showwarning(f"{SECRET}\nis odd", RuntimeWarning, "a.py", 1)
    lines = capsys.readouterr().err.splitlines()
    begins = rf'\{{"time": "{TIME}"' if form is LogFormat.JSON else TIME
    assert [bool(re.match(begins, line)) and "Message" in line for line in lines] == [True] * 3
    assert not any(SECRET in line or "7f3a" in line for line in lines)


TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


LOSES_CTRL_C = """
import signal, threading
from pairctl.cli.logs import guard_standard_error

signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored

class Loaded:
    def __del__(self):
        raise KeyboardInterrupt

guard_standard_error()
try:
    Loaded()
    threading.Event().wait(60)
    print("went on")
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_in_a_callback_of_pythons_own_ends_the_run() -> None:
    """Python would drop it there, as while modules are loaded, and the run would go on to act."""
    command = [sys.executable, "-c", LOSES_CTRL_C]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("interrupted\n", "")


LOSES_CTRL_C_AT_THE_END = """
import atexit, sys, time
from pairctl.cli import logs
from pairctl.cli.logs import end_of_command, guard_standard_error

class Loaded:
    def __del__(self):
        raise KeyboardInterrupt

def removed():
    time.sleep(2 * logs.SENT_AGAIN_AFTER_S)
    print("removed", flush=True)

logs.SENT_AGAIN_AFTER_S = 0.5  # later than the end, however busy the machine is
atexit.register(removed)
guard_standard_error()
if sys.argv[1] == "before":
    Loaded()
end_of_command()
if sys.argv[1] == "after":
    Loaded()
while_python_ends = Loaded() if sys.argv[1] == "last" else None
sys.exit(3)
"""


@pytest.mark.parametrize("when", ["before", "after", "last"])
def test_ctrl_c_that_was_lost_changes_nothing_once_the_command_has_ended(when: str) -> None:
    """Its exit code stands, its folders are removed, and nothing waits for a thread for ever."""
    command = [sys.executable, "-c", LOSES_CTRL_C_AT_THE_END, when]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "removed\n", "")


@pytest.mark.usefixtures("redactor")
def test_a_line_has_its_time_level_event_and_fields(capsys: pytest.CaptureFixture[str]) -> None:
    """As text for people, as an object for machines: the same in both."""
    configure_logs("info")
    emit("ActionBegan", intent="store-1", action="send a pairing request", empty="")
    emit("PassStarted", commit="c")
    line = capsys.readouterr().err
    assert re.fullmatch(
        TIME + r' info    ActionBegan intent=store-1 action="send a pairing request"\n', line
    )
    configure_logs("info", LogFormat.JSON)
    emit("ActionBegan", intent="store-1", action="send a pairing request", empty="")
    found = json.loads(capsys.readouterr().err)
    assert re.fullmatch(TIME, found.pop("time"))
    assert found == {
        "level": "info",
        "event": "ActionBegan",
        "intent": "store-1",
        "action": "send a pairing request",
    }


@pytest.mark.usefixtures("redactor")
def test_in_json_all_of_standard_error_is_lines_of_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A reader of JSON meets nothing else: notes and errors are events too."""
    configure_logs("info", LogFormat.JSON)
    screen = Screen()
    screen.note("carrying out abc")
    screen.problem(Problem("NotFound", "there is none", "make one"))
    note, failed = map(json.loads, capsys.readouterr().err.splitlines())
    assert (note["event"], note["message"]) == ("Note", "carrying out abc")
    assert (failed["event"], failed["reason"], failed["hint"]) == ("Failed", "NotFound", "make one")


def test_names_of_events_are_told_once() -> None:
    """Tools build on them: each name is one event."""
    names = [event.name for event in EVENTS]
    assert len(set(names)) == len(names)
