"""Runs the real program many times at the cost of importing it once: a fork for each run.

Reads a job a line (JSON: arguments, folder, environment, pid file, output file), and answers with
the exit code of the child, negative where a signal ended it.
"""

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from pairctl.cli import main

for late in ("anyio._backends._asyncio", "httpcore._backends.anyio", "rich.live"):
    importlib.import_module(late)  # what the program imports when it first needs it


def become_pairctl(job: dict[str, Any]) -> NoReturn:
    """Be the program, as if it had just been started."""
    os.setsid()
    os.chdir(job["folder"])
    os.environ.clear()
    os.environ.update(job["environment"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    output = os.open(job["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.argv = ["pairctl", *job["arguments"]]
    Path(job["pid"]).write_text(str(os.getpid()))
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


for line in sys.stdin:
    child = os.fork()
    if child == 0:
        become_pairctl(json.loads(line))
    _, status = os.waitpid(child, 0)
    sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
    sys.stdout.flush()
