"""A person at a real terminal: runs the program in one, waits for what it asks, and types."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 120


class Session:
    """A program in a terminal of 80 columns; `text` is all that was on it."""

    def __init__(self, process: "subprocess.Popen[bytes]", master: int) -> None:
        self._process = process
        self._master = master
        self.text = ""
        self._seen = 0

    def until(self, words: str) -> str:
        """Wait until words are on the terminal that were not there at the last wait."""
        ends_s = time.monotonic() + PATIENCE_S
        while (found := self.text.find(words, self._seen)) < 0:
            assert time.monotonic() < ends_s, self.text
            assert self._read(), f"it ended without {words!r}:\n{self.text}"
        self._seen = found + len(words)
        return self.text

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self._master, f"{line}\n".encode())

    def end(self) -> int:
        """Read all to the end, and give the exit code."""
        while self._read():
            pass
        return self._process.wait(PATIENCE_S)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], PATIENCE_S)
        assert ready, self.text
        try:
            came = os.read(self._master, 65536)
        except OSError:  # Linux says so where the other side is closed
            return False
        self.text += came.decode(errors="replace").replace("\r\n", "\n")
        return bool(came)


@contextmanager
def at_terminal(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    more: Mapping[str, str] | None = None,
) -> Iterator[Session]:
    """Run pairctl in a terminal until the block ends; `more` is of its size and locale."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "pairctl", *arguments],
        cwd=folder,
        env={**environment, "TERM": "xterm", "COLUMNS": "80", "NO_COLOR": "1", **(more or {})},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield Session(process, master)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(PATIENCE_S)
        os.close(master)


def in_one_line(text: str) -> str:
    """Give a text as if no line had been folded, and without styles."""
    return re.sub(r"\s+", " ", re.sub(r"\x1b\[[0-9;]*m", "", text))
