"""GitPython, imported so that it sees nothing: its import asks git for its version.

It would do so with this process's whole environment, secrets included, and end the program where
there is no git. Which git is run, and with what, is for `program` to say.
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


with _environment({**environment_of(os.environ), "GIT_PYTHON_REFRESH": "quiet"}):
    import git

__all__ = ["git"]
