"""A signal in the middle of a run: what was done is said, and the exit code says why it ended."""

import json
import re
import signal
import subprocess
from pathlib import Path

import pytest

from pairctl.sim import Entry, Fault, Received
from scenario_factory import ACCEPT, PAIR, PATIENCE_S, PROGRAM, World, world


def started(w: World, command: str, *more: str) -> "subprocess.Popen[str]":
    """Start the real program with its two outputs apart."""
    return subprocess.Popen(
        [*PROGRAM, command, *w.rules, *more],
        cwd=w.box.clone,
        env=w.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def signalled(w: World, child: "subprocess.Popen[str]", number: int, end: str) -> tuple[str, str]:
    """Send a signal once a path is called that ends so; gives what the program said."""

    def hear(entry: Entry) -> None:
        if isinstance(entry, Received) and entry.path.endswith(end):
            child.send_signal(number)

    w.running.simulation.journal.listen(hear)
    return child.communicate(timeout=PATIENCE_S)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_apply_says_what_was_done_before_a_signal(tmp_path: Path, number: int, code: int) -> None:
    """The step under way is finished and recorded; the exit code is the signal's."""
    with world(tmp_path, timing={"requestSeconds": 5, "actSeconds": 5}) as w:
        w.plan_faults(Fault("delay", "*", "POST", PAIR, seconds=0.7))
        child = started(w, "apply", "--wait", "--interval", "0.1")
        out, err = signalled(w, child, number, PAIR)
        assert child.returncode == code, err
        assert "interrupted, after 1 action in this run" in err
        assert "a second Ctrl-C ends at once" in err
        assert re.search(r"^  1 done: send a pairing request to .*: store-1$", err, re.MULTILINE)
        assert "run `pairctl apply` again" in err
        assert "store-1" in out
        assert (w.kinds(), w.told()[0]) == (["request"], "Requested")


def test_an_interrupted_run_says_so_in_json(tmp_path: Path) -> None:
    """With all that the run has done, not only its last pass."""
    with world(tmp_path, timing={"requestSeconds": 5, "actSeconds": 5}) as w:
        child = started(w, "apply", "--wait", "--interval", "0.1", "-o", "json")
        out, err = signalled(w, child, signal.SIGINT, ACCEPT)
        assert child.returncode == 130, err
        data = json.loads(out)
        assert data["isInterrupted"] is True
        assert (data["kind"], data["apiVersion"]) == ("ApplyResult", "pairctl/v1alpha1")
        assert {"message", "waitingFor", "humanAction"} <= data["intents"][0].keys()
        assert [one["verb"] for one in data["actions"]] == w.kinds() == ["request", "accept"]


def test_a_command_that_only_looks_ends_at_once(tmp_path: Path) -> None:
    """It is not waited for what it looks at."""
    with world(tmp_path) as w:
        w.plan_faults(Fault("delay", "*", "GET", "*", seconds=60.0))
        child = started(w, "plan")

        def hear(entry: Entry) -> None:
            if isinstance(entry, Received):
                child.send_signal(signal.SIGINT)

        w.running.simulation.journal.listen(hear)
        out, err = child.communicate(timeout=PATIENCE_S)
        assert child.returncode == 130, err
        assert err.splitlines()[-1] == "interrupted"
        assert out == ""


def test_a_single_apply_says_how_to_go_on(tmp_path: Path) -> None:
    """One pass takes one step: who does not know that would wait for ever."""
    with world(tmp_path) as w:
        assert "run `pairctl apply` again" in w.run("apply").stderr
        assert "again" not in w.run("apply", "--wait", "--interval", "0.1").stderr
        assert "again" not in w.run("apply").stderr
