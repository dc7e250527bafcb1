"""What a status branch may hold: nothing but what pairctl writes there. Pure.

A branch that holds anything else is somebody's, and is neither written to nor believed.
"""

from collections.abc import Iterable

from pairctl.problem import Problem
from pairctl.repo import NotAStatusBranch

OWN_FILES = frozenset({"STATUS.md", "status-branch.yaml"})
OWN_FOLDERS = ("status/", "claims/", "observed/", "evidence/")

_MOST_NAMED = 3
_ALONE = "name a branch that pairctl alone writes to with --status-branch; a new one is made"
_APART = f"{_ALONE}; or check out the branch of the intents, or name it with --ref"


def foreign_paths(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the paths that are not pairctl's own, sorted."""
    return tuple(
        sorted(path for path in paths if not path.startswith(OWN_FOLDERS) and path not in OWN_FILES)
    )


def refuse_foreign(branch: str, paths: Iterable[str]) -> None:
    """Raise NotAStatusBranch where a branch that holds these paths is not pairctl's own."""
    foreign = foreign_paths(paths)
    if not foreign:
        return
    named, more = ", ".join(foreign[:_MOST_NAMED]), len(foreign) - _MOST_NAMED
    rest = f" and {more} more" if more > 0 else ""
    raise _refused(branch, f"it holds what pairctl did not write there: {named}{rest}", _ALONE)


def refuse_source(branch: str, ref: str, sources: Iterable[str]) -> None:
    """Raise NotAStatusBranch where `branch` is one of those that `ref`, the intents, may name.

    Case does not tell branches apart, since it does not on every disk.
    """
    name = branch.casefold()
    if name == "head" or name in {source.casefold() for source in sources}:
        which = "" if ref == branch else f" ({ref} names it)"
        raise _refused(branch, f"it is the branch that the intents are read from{which}", _APART)


def _refused(branch: str, why: str, hint: str) -> NotAStatusBranch:
    problem = Problem("NotAStatusBranch", f"{branch} is not a status branch: {why}", hint)
    return NotAStatusBranch(problem)
