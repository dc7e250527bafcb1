"""A guard for Python programs: ends them at the first thing that validation may never do.

Python imports this module when it starts, where its folder is on PYTHONPATH: in the program, and
in every Python that the program starts. PAIRCTL_GUARD is JSON: what is in the folders `data` may be
read and never run, `code` may be run, and `write` be written; `git` is the program that may be
started. What is forbidden is told on standard error, and the exit code is 97.

The guard hears what Python itself reports (PEP 578), and wraps calls that are not reported: those
that only look at a file, and the one by which `multiprocessing` starts processes.
"""

import _posixsubprocess
import json
import os
import re
import socket
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

FORBIDDEN = 97
PLUMBING = frozenset({"version", "rev-parse", "cat-file", "ls-tree", "for-each-ref"})
READING = ("symbolic-ref", "--quiet", "HEAD")
"""It is plumbing that could write, too: with these words it reads."""
NOTHING = re.compile(r"protocol(\.\w+)?\.allow=(?!never$)")

LISTING = frozenset({"os.listdir", "os.scandir", "os.walk", "os.fwalk", "os.chdir"})
WRITING = re.compile(
    r"os\.(mkdir|rmdir|remove|rename|link|symlink|chmod|chown|truncate|utime|setxattr|removexattr)"
)
RUNNING = re.compile(r"os\.(exec|fork|forkpty|posix_spawn|spawn|startfile|system)|pty\.spawn")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_real = threading.local()


class Guard:
    """Knows which places may be read and written, and which programs may be run."""

    def __init__(self, data: list[str], code: list[str], write: list[str], git: str) -> None:
        self._data = tuple(map(os.path.realpath, data))
        self._writable = (*map(os.path.realpath, write), os.devnull)
        code = [*map(os.path.realpath, code), *_of_the_system()]
        self._readable = (*self._data, *self._writable, *code)
        self._above = {str(above) for place in self._readable for above in Path(place).parents}
        self._git = git

    def stand(self) -> None:
        """Begin; there is no way to end it."""
        for name in ("stat", "lstat", "access", "readlink"):
            is_of_links = name in {"lstat", "readlink"}
            setattr(os, name, self._looking(getattr(os, name), is_of_links=is_of_links))
        _posixsubprocess.fork_exec = self._starting(_posixsubprocess.fork_exec)
        sys.addaudithook(self._hear)

    # ── what Python reports ──────────────────────────────────────────────────────────────────────

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith("socket."):
            self._check_socket(event, arguments)
        elif event == "open":
            self._check_open(*arguments)
        elif event in LISTING:
            self._check("list", arguments[0], self._readable)
        elif WRITING.fullmatch(event) or event == "sqlite3.connect":
            self._check("write", arguments[0], self._writable)
        elif event == "subprocess.Popen":
            self._check_program(list(map(os.fsdecode, arguments[1])))
        elif event == "exec" and self._is_data(arguments[0].co_filename):
            end(f"run {arguments[0].co_filename}")
        elif RUNNING.fullmatch(event) or event.startswith("ctypes.dlopen"):
            end(f"run {event} {arguments}")

    def _check_socket(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Let asyncio wake itself through a pair of sockets that lead nowhere else."""
        if event != "socket.__new__" or arguments[1] != socket.AF_UNIX:
            end(f"socket {event} {arguments[1:]}")

    def _check_open(self, path: object, mode: str | None, flags: int) -> None:
        if isinstance(path, int):
            return
        writes = flags & WRITES or (mode and set(mode) & set("wax+"))
        places = self._writable if writes else self._readable
        self._check("write" if writes else "read", path, places)

    def _check(self, what: str, path: object, places: tuple[str, ...]) -> None:
        if isinstance(path, int):
            return
        place = _resolved("." if path is None else os.fsdecode(path))  # type: ignore[arg-type]  # any path
        if not _is_in(place, places):
            end(f"{what} {path!r}")

    def _is_data(self, file: str) -> bool:
        return not file.startswith("<") and _is_in(_resolved(file), self._data)

    # ── which programs ───────────────────────────────────────────────────────────────────────────

    def _check_program(self, command: list[str]) -> None:
        if command[0] == sys.executable and "from multiprocessing." in " ".join(command[-2:]):
            return  # Python itself; it is under guard as well
        words = iter(command)
        program = next(words)
        if program == "env" and next(words) == "-i":
            program = next(word for word in words if "=" not in word)
        if program not in {self._git, "git"}:
            end(f"run {command}")
        for word in words:
            if word == "-c":
                if NOTHING.match(next(words)):
                    end(f"run {command}")
            elif not word.startswith("--git-dir="):
                if word not in PLUMBING and (word, *words) != READING:
                    end(f"run {command}")
                return

    def _starting(self, start: Any) -> Any:
        def guarded(command: Any, *arguments: Any) -> Any:
            self._check_program(list(map(os.fsdecode, command)))
            return start(command, *arguments)

        return guarded

    # ── what is only looked at ───────────────────────────────────────────────────────────────────

    def _looking(self, look: Any, *, is_of_links: bool) -> Any:
        def guarded(path: Any, *arguments: Any, **options: Any) -> Any:
            if not (isinstance(path, int) or getattr(_real, "is_on", False)):
                name = os.fsdecode(path)
                is_itself = is_of_links or options.get("follow_symlinks") is False
                self._check_look(self._beside(name) if is_itself else name)
            return look(path, *arguments, **options)

        return guarded

    def _beside(self, path: str) -> str:
        """Return the folder of a link that may be looked at, which says where it leads; else it."""
        _real.is_on = True
        try:
            folder = os.path.realpath(os.path.dirname(path))  # noqa: PTH120 - letter for letter
            return folder if os.path.islink(path) and _is_in(folder, self._data) else path  # noqa: PTH114
        finally:
            _real.is_on = False

    def _check_look(self, path: str) -> None:
        """Let the way to a place be looked at, and whether a repository is on it."""
        named = os.path.abspath(path)  # noqa: PTH100 - links are kept
        if named not in self._above and (named.removesuffix("/.git") or "/") not in self._above:
            self._check("look at", path, self._readable)


def _is_in(place: str, tops: tuple[str, ...]) -> bool:
    return any(place == top or place.startswith(f"{top}/") for top in tops)


def _of_the_system() -> tuple[str, ...]:
    """Return what Python reads of itself and of its system, and where programs are looked for."""
    own = (
        str(Path(__file__).parent),
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        sys.base_exec_prefix,
    )
    named = ("/dev/urandom", "/usr/share/zoneinfo", "/etc/localtime", "/usr/lib/locale")
    programs = os.environ.get("PATH", "").split(os.pathsep)
    return tuple(os.path.realpath(place) for place in (*own, *named, *programs))


def _resolved(path: str) -> str:
    _real.is_on = True
    try:
        return os.path.realpath(path)
    finally:
        _real.is_on = False


def end(what: str) -> NoReturn:
    """End the program at once, whatever it would do about it."""
    os.write(2, f"FORBIDDEN {what}\n".encode("utf-8", "backslashreplace"))
    os._exit(FORBIDDEN)


if "PAIRCTL_GUARD" in os.environ:
    Guard(**json.loads(os.environ["PAIRCTL_GUARD"])).stand()
