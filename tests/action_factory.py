"""A runner for `action.yml`: its steps as scripts, in order, with what GitHub would tell them.

What another action does (`uses`) is not run: its outputs are given, and which it is can be seen.
"""

import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from cli_factory import ROOT, git
from forge_factory import NUMBER, Forge
from plug_factory import OFFLINE

ACTION = YAML(typ="safe").load(ROOT / "action.yml")
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]

Values = Mapping[str, Any]


@dataclass
class Finished:
    """A run of the action that is over: whether it failed, and all that it left behind."""

    has_failed: bool = False
    out: str = ""
    err: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    steps: dict[str, dict[str, str]] = field(default_factory=dict)
    summary: str = ""

    @property
    def annotations(self) -> list[str]:
        """The commands on standard output that mark lines of files."""
        return re.findall(r"^::(?:error|warning|notice) file=.*$", self.out, re.MULTILINE)


@dataclass(frozen=True)
class Runner:
    """A job's machine: where it works, and the forge it works for.

    `given` are outputs of steps that are not run: of other actions, and of the installation where
    a test is not about it.
    """

    workspace: Path
    forge: Forge
    temporary: Path
    given: Mapping[str, dict[str, str]]
    action: Path = ROOT
    event: Mapping[str, Any] = field(default_factory=dict)
    server: str = "https://github.example.com"

    def run(self, **inputs: str) -> Finished:
        """Run the action's steps until one fails."""
        finished = Finished(steps={name: dict(outputs) for name, outputs in self.given.items()})
        contexts = {"github": self._github, "steps": _Steps(finished.steps)}
        defaults = {name: one.get("default", "") for name, one in ACTION["inputs"].items()}
        told = {name: filled(text, contexts) for name, text in defaults.items()}
        named = {name.replace("_", "-"): text for name, text in inputs.items()}
        contexts["inputs"] = {**told, **named}
        self._summary.write_text("")
        for step in STEPS:
            if "run" in step and step.get("id") not in self.given and not finished.has_failed:
                self._run(step, contexts, finished)
        finished.summary = self._summary.read_text()
        finished.outputs = {
            name: filled(one["value"], contexts) for name, one in ACTION["outputs"].items()
        }
        return finished

    @property
    def _summary(self) -> Path:
        return self.temporary / "summary.md"

    @property
    def _github(self) -> Values:
        return {"token": self.forge.environment["GITHUB_TOKEN"], "event": self.event}

    def _run(self, step: Values, contexts: Values, finished: Finished) -> None:
        told = self.temporary / "output"
        told.write_text("")
        wanted = {name: filled(text, contexts) for name, text in step.get("env", {}).items()}
        assert step["shell"] == "bash"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.workspace,
            env={**self._environment(told), **wanted},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        finished.has_failed = done.returncode != 0
        finished.out += done.stdout
        finished.err += done.stderr
        lines = [line.partition("=") for line in told.read_text().splitlines()]
        if "id" in step:
            finished.steps[step["id"]] = {name: value for name, _, value in lines}

    def _environment(self, outputs: Path) -> dict[str, str]:
        event = self.temporary / "event.json"
        event.write_text(json.dumps(self.event))
        forge = {k: v for k, v in self.forge.environment.items() if k != "GITHUB_TOKEN"}
        return {
            **forge,
            **OFFLINE,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_EVENT_NAME": "pull_request" if "pull_request" in self.event else "push",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_SERVER_URL": self.server,
            "GITHUB_STEP_SUMMARY": str(self._summary),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "HOME": str(self.temporary),
            "PATH": os.environ["PATH"],
            "RUNNER_TEMP": str(self.temporary),
        }


@dataclass(frozen=True)
class _Steps:
    """The context `steps`: each step's outputs so far, below its id."""

    done: Mapping[str, dict[str, str]]

    def __getitem__(self, name: str) -> Values:
        return {"outputs": self.done[name]}


def filled(text: str, contexts: Values) -> str:
    """Return a text with its expressions worked out: names with dots, and `||` between them."""
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: _worked_out(found[1], contexts), str(text))


def _worked_out(expression: str, contexts: Values) -> str:
    found = ""
    for path in expression.split(" || "):
        assert re.fullmatch(r"[a-z]+(\.[a-z_-]+)+", path), f"not known to this runner: {path}"
        found = found or _looked_up(path.split("."), contexts)
    return found


def _looked_up(path: list[str], contexts: Values) -> str:
    value: Any = contexts[path[0]]
    for name in path[1:]:
        try:
            value = value[name]
        except KeyError:
            return ""
    return str(value)


def checkout(bare: Path, folder: Path) -> Path:
    """Have one commit of a pull request's merge, as actions/checkout has it."""
    folder.mkdir()
    ref = f"refs/remotes/pull/{NUMBER}/merge"
    merge = f"+refs/pull/{NUMBER}/merge:{ref}"
    git(folder, "init", "--quiet")
    git(folder, "remote", "add", "origin", f"file://{bare}")
    git(folder, "fetch", "--quiet", "--no-tags", "--depth=1", "origin", merge)
    git(folder, "checkout", "--quiet", "--force", ref)
    return folder


def pull_request(clone: Path, changes: Mapping[str, str | None]) -> dict[str, Any]:
    """Change files on a branch and merge it, for review only; gives the event's file."""
    git(clone, "checkout", "--quiet", "-B", "change", "main")
    for path, text in changes.items():
        if text is None:
            (clone / path).unlink()
        else:
            (clone / path).write_text(text)
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "change")
    git(clone, "checkout", "--quiet", "--detach", "main")
    git(clone, "merge", "--quiet", "--no-ff", "--message", "merge", "change")
    git(clone, "push", "--quiet", "--force", "origin", f"HEAD:refs/pull/{NUMBER}/merge", "main")
    base = git(clone, "rev-parse", "main").strip()
    return {"pull_request": {"number": NUMBER, "base": {"sha": base}}}
