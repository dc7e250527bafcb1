"""GitPython, imported so that it sees nothing: its import asks git for its version.

It would do so with this process's whole environment, secrets included, and end the program where
there is no git. So it is given none to ask, and it is quiet about that: which git is run, and with
what, is for `program` to say, and `check_version` asks for its version.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pairctl.repo.environment import environment_of


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Have these variables, and no others, as the environment of this process."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


_QUIET = {"GIT_PYTHON_REFRESH": "quiet", "GIT_PYTHON_GIT_EXECUTABLE": os.devnull}

with _environment({**environment_of(os.environ), **_QUIET}):
    import git

__all__ = ["git"]
