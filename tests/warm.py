"""Starts the real program as a child whose modules are loaded already: a fork, and no import.

A run has its own process, outputs, folder, environment and signals. Only what the interpreter does
before the program begins is shared. Where that is what a test is about, or where the environment
says something that is read while loading, the program is started by a new interpreter; with
`PAIRCTL_TESTS_COLD=1` it always is.
"""

import atexit
import json
import os
import select
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from inspect import signature
from pathlib import Path
from typing import Any

from warm_client import ask, receive

PROGRAM = (sys.executable, "-m", "pairctl")
READ_BY_THE_INTERPRETER = ("PYTHON", "LC_", "LANG", "TZ", "OPENSSL_", "LD_", "MALLOC_")
IS_COLD = bool(os.environ.pop("PAIRCTL_TESTS_COLD", ""))
_SERVER = Path(__file__).with_name("warm_server.py")


class WarmServer:
    """The process that forks; one for this process, ended with it."""

    def __init__(self) -> None:
        folder = tempfile.mkdtemp(prefix="pairctl-warm-")
        self.path = str(Path(folder) / "socket")
        self._process = subprocess.Popen(
            [sys.executable, str(_SERVER), self.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
            env={"PATH": os.environ["PATH"]},
            start_new_session=True,
        )
        atexit.register(self.close)
        assert self._process.stdout
        self.read_while_loading: dict[str, str | None] = json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End the process, which takes its folder away."""
        self._process.communicate()


@cache
def server() -> WarmServer:
    """Give the one server, started when it is first asked for."""
    return WarmServer()


class WarmPopen(subprocess.Popen[Any]):
    """A Popen of the program. The server is the parent of the process, and tells how it ended."""

    _run: socket.socket

    def __init__(self, *given: Any, more: Mapping[str, Any], **options: Any) -> None:
        self._more = more
        super().__init__(*given, **options)

    def _execute_child(self, *arguments: Any) -> None:
        given = dict(zip(_PARAMETERS, arguments, strict=True))
        ours = [given["p2cread"], given["c2pwrite"], given["errwrite"]]
        files = [number if file == -1 else file for number, file in enumerate(ours)]
        request = {
            "arguments": list(given["args"])[len(PROGRAM) :],
            "cwd": os.path.abspath(given["cwd"]),  # noqa: PTH100 - links stay as they are
            "env": given["env"],
            **self._more,
        }
        self._run = socket.socket(socket.AF_UNIX)
        self._run.connect(server().path)
        ask(self._run, request, files)
        self.pid = struct.unpack("!i", receive(self._run, 4))[0]
        self._child_created = True
        self._close_what_is_the_childs(given)

    def _close_what_is_the_childs(self, given: Mapping[str, Any]) -> None:
        """Close the child's ends of pipes, and no file of the caller's."""
        devnull = getattr(self, "_devnull", None)
        pipes = (("p2cread", "p2cwrite"), ("c2pwrite", "c2pread"), ("errwrite", "errread"))
        files = {given[its] for its, ours in pipes if -1 not in (given[its], given[ours])}
        for file in (files | {devnull}) - {None}:
            os.close(file)
        self._closed_child_pipe_fds = True

    def _internal_poll(self, *_: Any, **__: Any) -> int | None:
        with self._waitpid_lock:
            if self.returncode is None and select.select([self._run], [], [], 0)[0]:
                self._end()
        return self.returncode

    def _wait(self, timeout: float | None) -> int:
        with self._waitpid_lock:
            if self.returncode is None:
                if not select.select([self._run], [], [], timeout)[0]:
                    raise subprocess.TimeoutExpired(self.args, timeout or 0)
                self._end()
        return int(self.returncode)

    def _end(self) -> None:
        self.returncode = struct.unpack("!i", receive(self._run, 4))[0]
        self._run.close()


_PARAMETERS = tuple(signature(subprocess.Popen._execute_child).parameters)[1:]


def started(
    arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], **options: Any
) -> "subprocess.Popen[Any]":
    """Start the program with these arguments, as `subprocess.Popen` would."""
    command = [*PROGRAM, *arguments]
    if may_be_warm(env):
        return WarmPopen(command, more={}, cwd=cwd, env=dict(env), **options)
    return subprocess.Popen(command, cwd=cwd, env=dict(env), **options)


def finished(
    arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout_s: float = 240
) -> "subprocess.CompletedProcess[str]":
    """Run the program to its end; kills it when the time is over, and raises TimeoutExpired."""
    pipe = subprocess.PIPE
    with started(arguments, cwd=cwd, env=env, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            out, err = process.communicate(timeout=timeout_s)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def shell_script() -> str:
    """Give a shell script that is the program. A run is ended by SIGTERM as the program is."""
    if IS_COLD:
        return f'#!/bin/sh\nexec "{sys.executable}" -m pairctl "$@"\n'
    client = Path(__file__).with_name("warm_client.py")
    command = f'"{sys.executable}" -S "{client}" "{server().path}"'
    return f'#!/bin/sh\nPYTHONCOERCECLOCALE=0 exec {command} "$@"\n'


def may_be_warm(env: Mapping[str, str]) -> bool:
    """Whether what is loaded already is what an interpreter would load in this environment."""
    if IS_COLD or any(name.startswith(READ_BY_THE_INTERPRETER) for name in env):
        return False
    known = server().read_while_loading
    return all(env.get(name) == value for name, value in known.items())
