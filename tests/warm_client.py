"""Asks the server of `warm` for a run; as a script, in the place of the program for a shell.

As a script it is given the server's socket and the program's arguments, and ends as the run does.
It imports little: it is started for each command.
"""

import json
import os
import signal
import socket
import struct
import sys
from collections.abc import Mapping, Sequence

NOT_THE_USERS = "PYTHONCOERCECLOCALE"
"""What a shell sets for this script alone."""


def ask(server: socket.socket, request: Mapping[str, object], files: Sequence[int]) -> None:
    """Send a request, with the three files that are the run's input and outputs."""
    body = json.dumps(request).encode()
    socket.send_fds(server, [struct.pack("!I", len(body))], files)
    server.sendall(body)


def receive(server: socket.socket, size: int) -> bytes:
    """Read so many bytes; raises EOFError where the server has ended."""
    found = b""
    while len(found) < size:
        part = server.recv(size - len(found))
        if not part:
            raise EOFError("the server of the tests has ended")
        found += part
    return found


def main() -> None:
    """Run the program on this process's input and outputs."""
    _, path, *arguments = sys.argv
    env = {name: value for name, value in os.environ.items() if name != NOT_THE_USERS}
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(path)
        ask(server, {"arguments": arguments, "cwd": os.getcwd(), "env": env}, (0, 1, 2))  # noqa: PTH109
        (pid,) = struct.unpack("!i", receive(server, 4))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _: os.kill(pid, number))
        (code,) = struct.unpack("!i", receive(server, 4))
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
