"""httpx, imported without its own command line.

It loads that where click, rich and pygments are installed, as they are for ours and for the
simulation's servers: a third more to load at each start, which nothing here calls. A module that
is None counts as not installed, and httpx does without.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast


@contextmanager
def _not_installed(module: str) -> Iterator[None]:
    """Let a module that is not loaded yet be one that is not installed, for as long as this is."""
    if module in sys.modules:
        yield
        return
    modules = cast("dict[str, object]", sys.modules)
    modules[module] = None
    try:
        yield
    finally:
        del modules[module]


with _not_installed("httpx._main"):
    import httpx

__all__ = ["httpx"]
