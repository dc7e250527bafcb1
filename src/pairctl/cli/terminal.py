"""A person at a terminal: questions, and waits that can be left. Nothing typed ahead answers."""

import asyncio
import os
import sys
import termios

from rich.text import Text

from pairctl.cli.screen import Screen
from pairctl.engine import Stop

_LINE_BYTES = 4096


def is_terminal() -> bool:
    """Whether a person can be asked: both what is read and what is shown is a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


class Terminal:
    """Asks on standard output, and reads lines from standard input until asked to stop."""

    def __init__(self, screen: Screen, stop: Stop) -> None:
        self._screen = screen
        self._stop = stop

    async def ask(self, question: str) -> str | None:
        """Return the line that is typed; None at the end of input, and where asked to stop."""
        fd = sys.stdin.fileno()
        termios.tcflush(fd, termios.TCIFLUSH)
        self._screen.out.print(Text(f"{question} "), end="", soft_wrap=True)
        self._screen.out.file.flush()
        line = await self._line(None)
        if line is None:
            self._screen.line()
        return line

    async def is_left(self, wait_s: float) -> bool:
        """Wait; whether a person has typed `q`, ended the input, or the run was asked to stop."""
        line = await self._line(wait_s)
        return line is None or line.casefold() in ("q", "quit")

    async def _line(self, wait_s: float | None) -> str | None:
        """Return a line; an empty one after `wait_s`, None at the end of input or on a stop."""
        loop, fd = asyncio.get_running_loop(), sys.stdin.fileno()
        came: asyncio.Future[bytes] = loop.create_future()

        def read() -> None:
            if came.done():
                return
            try:
                came.set_result(os.read(fd, _LINE_BYTES))
            except OSError:  # the terminal is gone
                came.set_result(b"")

        loop.add_reader(fd, read)
        stopped = asyncio.ensure_future(self._stop.wait(wait_s or 3600.0 * 24))
        try:
            await asyncio.wait((came, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            loop.remove_reader(fd)
            stopped.cancel()
        if came.done():
            return came.result().decode(errors="replace").strip() if came.result() else None
        return None if self._stop.is_requested else ""
