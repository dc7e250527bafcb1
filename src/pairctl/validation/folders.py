"""Where a folder lies: in which repository, and how it is called from its top."""

import os
from pathlib import Path

from pairctl.repo import is_bare


def repository_of(folder: Path) -> Path | None:
    """Return the top folder of the work tree that holds a folder, else the bare repository.

    A link in a work tree is not looked through, since it may have come with a pull request; one
    that stands in no work tree is the caller's own.
    """
    named, real = _named(folder), _real(folder)
    return _top_of(named) or _top_of(real) or _bare_of(named) or _bare_of(real)


def _bare_of(folder: Path) -> Path | None:
    """Return the bare repository that a folder is or, where it is not there, would be in."""
    places = (folder,) if folder.is_dir() else folder.parents
    return next((place for place in places if is_bare(place)), None)


def _top_of(folder: Path) -> Path | None:
    places = (folder, *folder.parents)
    return next((p for p in places if (p / ".git").exists() and not p.is_symlink()), None)


def below(root: Path, folder: Path) -> str:
    """Return the way from a repository's top folder to a folder in it, with `/`."""
    named = _named(folder)
    inside = named if named.is_relative_to(root) else _real(folder)
    return _below(root, inside)


def _below(root: Path, folder: Path) -> str:
    return "/".join(folder.relative_to(root).parts)


def _named(folder: Path) -> Path:
    """Return a folder's absolute path as it was named: links are kept, `..` is taken back."""
    return Path(os.path.abspath(folder))  # noqa: PTH100 - `resolve` would look through links


def _real(folder: Path) -> Path:
    return Path(os.path.realpath(folder))  # `resolve` raises for links that go in circles


def outside(folder: Path) -> tuple[Path, str]:
    """Return where paths are told from outside of a repository: from here, if it is below."""
    here, there = _real(Path()), _real(folder)
    return (here, _below(here, there)) if there.is_relative_to(here) else (folder, "")
