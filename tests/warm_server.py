"""Holds the program loaded, and becomes one run of it for each that asks: a fork, and no import.

Run as a script with the path of a socket to listen at. It ends when its own input is closed.
"""

import gc
import importlib
import io
import json
import os
import pkgutil
import runpy
import selectors
import shutil
import signal
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from warm_client import receive

NOT_LOADED = ("pairctl.__main__",)
LATE = ("anyio._backends._asyncio", "rich.live", "skewed_clocks")
"""What is imported when it is first needed."""
BLIND = ("pairctl.repo.gitpython", "zoneinfo")
"""What they look up changes nothing: GitPython is loaded so that it sees no more than what git is
always given, and with zones comes the question where a user's own packages would lie."""


def load() -> set[str]:
    """Import all of pairctl; gives the names of the environment that were looked up meanwhile.

    Whoever has another value for one of these would be another program.
    """
    for name in BLIND:
        importlib.import_module(name)
    looked_up: set[str] = set()
    kind: Any = type(os.environ)
    as_it_is = kind.__getitem__

    def getitem(environment: Any, name: str) -> str:
        looked_up.add(name)
        return str(as_it_is(environment, name))

    kind.__getitem__ = getitem
    try:
        pairctl = importlib.import_module("pairctl")
        for module in pkgutil.walk_packages(pairctl.__path__, "pairctl."):
            if module.name not in NOT_LOADED:
                importlib.import_module(module.name)
        for name in LATE:
            importlib.import_module(name)
    finally:
        kind.__getitem__ = as_it_is
    return looked_up


class Server:
    """Forks for each request that comes, and tells each how it ended."""

    def __init__(self, path: str) -> None:
        self._folder = Path(path).parent
        self._runs: dict[int, socket.socket] = {}
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(path)
        self._listening.listen(64)
        self._ended, self._wakes = socket.socketpair()
        for one in (self._ended, self._wakes):
            one.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        self._ready = selectors.DefaultSelector()
        self._ready.register(self._listening, selectors.EVENT_READ, self._begin)
        self._ready.register(self._ended, selectors.EVENT_READ, self._reap)
        self._ready.register(0, selectors.EVENT_READ, self._end)

    def serve(self) -> dict[str, Any]:
        """Return in the child only, with what it has to run."""
        while True:
            for key, _ in self._ready.select():
                request: dict[str, Any] | None = key.data()
                if request is not None:
                    return request

    def _begin(self) -> dict[str, Any] | None:
        run, _ = self._listening.accept()
        head, files, _, _ = socket.recv_fds(run, 4, 3)
        body = receive(run, struct.unpack("!I", head)[0])
        request: dict[str, Any] = json.loads(body)
        pid = os.fork()
        if not pid:
            self._forget(run)
            request["files"] = files
            return request
        for file in files:
            os.close(file)
        self._runs[pid] = run
        run.sendall(struct.pack("!i", pid))
        return None

    def _reap(self) -> None:
        while True:
            try:
                if len(self._ended.recv(1024)) < 1024:
                    break
            except BlockingIOError:
                break
        for pid, run in list(self._runs.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if not done:
                continue
            with run, suppress(OSError):  # who has started it may be gone
                run.sendall(struct.pack("!i", os.waitstatus_to_exitcode(status)))
            del self._runs[pid]

    def _end(self) -> None:
        """End, with all that still runs and the folder: who has started it all is gone."""
        for pid in self._runs:
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self._folder, ignore_errors=True)
        sys.exit()

    def _forget(self, run: socket.socket) -> None:
        """Close in the child all that is the server's."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # who runs the tests by nohup ignores it
        self._ready.close()
        for one in (run, self._listening, self._ended, self._wakes, *self._runs.values()):
            one.close()


def become(request: dict[str, Any], coerced: dict[str, str]) -> None:
    """Make this process one that was just started: its outputs, folder, environment, arguments."""
    for number, file in enumerate(request["files"]):
        os.dup2(file, number)
    for file in request["files"]:
        if file > 2:
            os.close(file)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update({**coerced, **request["env"]})
    sys.argv[:] = ["-m", *request["arguments"]]
    sys.path[0] = str(Path.cwd())
    _open_streams()
    if request.get("clocks"):
        importlib.import_module("skewed_clocks").set_clocks(**request["clocks"])
    if request.get("pid_file"):
        Path(request["pid_file"]).write_text(str(os.getpid()))


def _open_streams() -> None:
    """Open the standard streams as the interpreter does."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        old = getattr(sys, f"__{name}__")
        is_in, is_err = name == "stdin", name == "stderr"
        buffered = io.open(number, "rb" if is_in else "wb", closefd=False)  # noqa: SIM115, UP020
        stream = io.TextIOWrapper(
            buffered,
            encoding=old.encoding,
            errors=old.errors,
            line_buffering=is_err or os.isatty(number),
        )
        if not is_in:
            stream.mode = "w"  # type: ignore[misc]
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def main() -> None:
    """Load, then serve; in each child, run the program as the interpreter would."""
    coerced = {name: value for name, value in os.environ.items() if name == "LC_CTYPE"}
    names = load()
    gc.collect()
    gc.freeze()
    listening = Server(sys.argv[1])
    print(json.dumps({name: os.environ.get(name) for name in names}), flush=True)  # noqa: T201
    become(listening.serve(), coerced)
    runpy.run_module("pairctl", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
