"""Runs the real program as a child, and says what came of it."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from warm import finished

ROOT = Path(__file__).parents[1]
NOWHERE = "/dev/null"
"""No folder can be made below it: a run keeps nothing for the next one."""


@dataclass(frozen=True, slots=True)
class Done:
    """A run of the program that is over."""

    code: int
    out: str
    err: str


def pairctl(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Done:
    """Run `pairctl` with a bare environment, and what `env` adds to it.

    Its modules are loaded already (`warm`); `run` starts an interpreter of its own.
    """
    done = finished(arguments, cwd=cwd, env=bare(cwd, env))
    return Done(done.returncode, done.stdout, done.stderr)


def run(
    command: list[str], *, cwd: Path, env: Mapping[str, str] | None = None, timeout_s: float = 240
) -> Done:
    """Run a command with a bare environment, and what `env` adds to it."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=bare(cwd, env),
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def bare(cwd: Path, env: Mapping[str, str] | None) -> dict[str, str]:
    """Give an environment in which nothing is the user's."""
    alone = {"PATH": os.environ["PATH"], "HOME": str(cwd), "XDG_CACHE_HOME": NOWHERE}
    return {**alone, **(env or {})}


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder with an identity of its own and nobody's configuration."""
    identity = ("-c", "user.name=an operator", "-c", "user.email=operator@localhost")
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = run(
        ["git", *identity, "-c", "init.defaultBranch=main", *arguments], cwd=folder, env=alone
    )
    assert done.code == 0, done.err
    return done.out
