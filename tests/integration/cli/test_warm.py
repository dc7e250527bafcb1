"""Runs of the program that is loaded already are as those of an interpreter of their own."""

import signal
import subprocess
from pathlib import Path

import pytest

import warm
from cli_factory import ROOT, bare, pairctl, run

QUICKSTART = ROOT / "examples" / "quickstart"
RUNS = {
    "what it is": ("--version",),
    "a mistyped option": ("validate", "--nope"),
    "findings": ("validate", "--format", "json"),
    "much output": ("schema",),
}


@pytest.mark.parametrize("arguments", RUNS.values(), ids=RUNS)
def test_a_run_is_as_that_of_an_interpreter_of_its_own(arguments: tuple[str, ...]) -> None:
    """Code and both outputs are the same, byte by byte."""
    cold = run([*warm.PROGRAM, *arguments], cwd=QUICKSTART)
    assert pairctl(*arguments, cwd=QUICKSTART) == cold


def test_a_run_knows_its_own_environment_alone(tmp_path: Path) -> None:
    """Neither the server's variables nor those of an earlier run are there."""
    named = {"PAIRCTL_FORMERLY": "1"}
    said = [pairctl("config", cwd=tmp_path, env=env) for env in (named, None)]
    assert "PAIRCTL_FORMERLY" in said[0].out
    assert "PAIRCTL_FORMERLY" not in said[1].out


def test_what_the_interpreter_reads_asks_for_a_new_one(tmp_path: Path) -> None:
    """A variable that changes what is loaded, or how, is not passed over."""
    alone = bare(tmp_path, None)
    assert warm.may_be_warm(alone)
    for name in ("PYTHONHASHSEED", "LANG", "LC_ALL", "TYPER_USE_RICH", "TZ"):
        assert not warm.may_be_warm({**alone, name: "0"})


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -signal.SIGKILL), (15, 0)])
def test_a_signal_reaches_the_run_and_how_it_ended_is_said(number: int, code: int) -> None:
    """It is a process with an id of its own, which dies of a signal, or ends well at one."""
    arguments = ("sim", "simulation.yaml", "--any-ports")
    outputs = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = warm.started(arguments, cwd=QUICKSTART, env=bare(ROOT, None), **outputs)
    with process:
        assert process.stdout
        assert any("serving" in line for line in process.stdout)
        assert process.poll() is None
        process.send_signal(number)
        assert process.wait(60) == code
    assert process.poll() == code


def test_a_run_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    """As with subprocess.run: nothing is left behind."""
    arguments = ("sim", "simulation.yaml", "--any-ports")
    with pytest.raises(subprocess.TimeoutExpired):
        warm.finished(arguments, cwd=QUICKSTART, env=bare(tmp_path, None), timeout_s=0.2)


def test_a_shell_runs_it_as_a_program(tmp_path: Path) -> None:
    """Arguments, folder and exit code go through the script that READMEs are tried with."""
    program = tmp_path / "pairctl"
    program.write_text(warm.shell_script())
    program.chmod(0o755)
    said = run([str(program), "validate", "--nope", "a b"], cwd=QUICKSTART)
    assert said == pairctl("validate", "--nope", "a b", cwd=QUICKSTART)
    assert said.code == 1
