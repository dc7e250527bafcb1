"""Child processes: bounded in time and output, and ended with all they started."""

import asyncio
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pairctl.repo.process import (
    MAX_STDERR_BYTES,
    Answer,
    ChildTimedOut,
    ChildTooLoud,
    Command,
    RunEnd,
)
from pairctl.repo.process import run as run_child
from repo_factory import run


def shell(
    folder: Path, script: str, *, stdin: bytes = b"", timeout_s: float = 5.0, most: int = 1000
) -> Command:
    """A shell script as a command."""
    environment = {"PATH": os.environ["PATH"], "ONLY": "this"}
    return Command(["sh", "-c", script], environment, folder, stdin, timeout_s, most)


def test_status_output_and_input_are_kept_apart(tmp_path: Path) -> None:
    """What went in and what came out on each stream is told exactly."""
    command = shell(tmp_path, "cat; echo words >&2; exit 3", stdin=b"\x00\xff\n\n")
    assert run(run_child(command)) == Answer(3, b"\x00\xff\n\n", "words\n")


def test_the_environment_is_the_one_given(tmp_path: Path) -> None:
    """Nothing of this process's environment is handed down."""
    names = run(run_child(shell(tmp_path, "env"))).stdout.decode()
    assert {line.split("=")[0] for line in names.splitlines()} - {"PWD", "SHLVL", "_"} == {
        "PATH",
        "ONLY",
    }


@pytest.mark.parametrize(
    "script",
    [
        "sh -c 'echo $$ > pid; exec sleep 600'; true",
        "sh -c 'echo $$ > pid; exec sleep 600' & sleep 0.1; exit 0",
        'trap "" TERM; echo $$ > pid; while :; do sleep 1; done',
    ],
)
def test_a_child_that_takes_too_long_ends_with_its_own_children(
    tmp_path: Path, script: str
) -> None:
    """Time over means over for the whole group, also for one that ignores the first signal."""
    for timeout_s in (0.3, 3, 30):
        with pytest.raises(ChildTimedOut):
            run(run_child(shell(tmp_path, script, timeout_s=timeout_s)))
        if (tmp_path / "pid").exists() and (tmp_path / "pid").read_text():
            break  # it got as far as that: a busy machine may need longer
    assert_gone(tmp_path)


def test_a_child_that_says_too_much_is_stopped(tmp_path: Path) -> None:
    """Output is bounded while it comes."""
    with pytest.raises(ChildTooLoud):
        run(run_child(shell(tmp_path, "echo $$ > pid; exec yes")))
    assert_gone(tmp_path)


def test_of_many_errors_both_ends_are_kept(tmp_path: Path) -> None:
    """A hook that says much says last where to go on; no line is cut in two."""
    script = "echo first >&2; yes 'a line' | head -n 100000 >&2; echo last >&2"
    said = run(run_child(shell(tmp_path, script, timeout_s=60))).stderr
    assert said.startswith("first\n")
    assert said.endswith("last\n")
    assert set(said.split("\n")) == {"first", "a line", "...", "last", ""}
    assert len(said) < MAX_STDERR_BYTES + 1_000


def test_a_cancelled_wait_ends_the_child(tmp_path: Path) -> None:
    """Nobody waits for it any more, so it does not run any more."""

    async def story() -> None:
        task = asyncio.create_task(run_child(shell(tmp_path, "echo $$ > pid; sleep 600")))
        while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(story())
    assert_gone(tmp_path)


def assert_gone(folder: Path) -> None:
    """The process named in the file `pid` has ended, or does within a moment."""
    stat = Path(f"/proc/{int((folder / 'pid').read_text())}/stat")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return
        time.sleep(0.01)
    pytest.fail("the child is still there")


def test_at_the_end_of_a_run_none_goes_on_and_none_begins(tmp_path: Path) -> None:
    """However much of its own time is left; the end is told while it runs."""
    end = RunEnd()

    async def story() -> None:
        sleeping = replace(shell(tmp_path, "echo $$ > pid; sleep 600", timeout_s=600), run_end=end)
        task = asyncio.create_task(run_child(sleeping))
        while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        end.set_in(0)
        end.set_in(600)
        with pytest.raises(ChildTimedOut):
            await task
        with pytest.raises(ChildTimedOut):
            await run_child(replace(shell(tmp_path, "echo > begun"), run_end=end))

    run(story())
    assert_gone(tmp_path)
    assert not (tmp_path / "begun").exists()
