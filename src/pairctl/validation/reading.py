"""Reading files into what is kept of them; very many of them in all of the machine's processors."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

from pairctl.spec import Finding, Listed, SourceFile, blob_id, read_file, read_listed
from pairctl.validation.cache import Fresh
from pairctl.validation.codec import encode

MANY_FILES = 4_000
"""From here on other processes help: before that, starting them takes longer than it saves."""
MOST_PROCESSES = 8
_FILES_AT_ONCE = 100
_COLLECT_AFTER = 50_000
_NO_PROCESSES = (BrokenExecutor, OSError, ImportError, NotImplementedError)
"""How a system says that processes, or what they need to talk, are not to be had."""
_SAFE_PATH = "PYTHONSAFEPATH"


def read_all(root: Path, files: Sequence[Listed]) -> list[Fresh | Finding]:
    """Read files below a folder, in their order: what each holds, or why it cannot be read."""
    read = partial(_read_each, root)
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    is_deaf = sys.flags.ignore_environment and not sys.flags.safe_path
    if len(files) < MANY_FILES or processes == 1 or is_deaf:
        return read(files)
    starts = range(0, len(files), _FILES_AT_ONCE)
    parts = [files[start : start + _FILES_AT_ONCE] for start in starts]
    try:  # "spawn": a fork of a process with threads may never end
        with (
            _safe_path(),
            ProcessPoolExecutor(processes - 1, get_context("spawn"), _collect_less) as pool,
        ):
            asked = [pool.submit(read, part) for part in parts]
            here = {  # from the other end, this process reads what no other has taken yet
                number: read(parts[number])
                for number in reversed(range(len(parts)))
                if asked[number].cancel()
            }
            done = (here.get(number) or one.result() for number, one in enumerate(asked))
            return list(chain.from_iterable(done))
    except _NO_PROCESSES:  # then one has to do
        return read(files)


def _collect_less() -> None:
    """Leave what is made to itself: a process of these reads some files, and ends."""
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)


@contextmanager
def _safe_path() -> Iterator[None]:
    """Let Python look for no module in the current folder, in the processes that are started.

    It would by default, and the current folder is what a pull request has filled.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


def read_content(file: SourceFile) -> Fresh:
    """Read one file whose content is known."""
    return Fresh(file.path, None, blob_id(file.content), encode(read_file(file)))


def _read_each(root: Path, files: Sequence[Listed]) -> list[Fresh | Finding]:
    return [_read_listed(root, listed) for listed in files]


def _read_listed(root: Path, listed: Listed) -> Fresh | Finding:
    file = read_listed(root, listed)
    if isinstance(file, Finding):
        return file
    return read_content(file)._replace(signature=listed.signature)
