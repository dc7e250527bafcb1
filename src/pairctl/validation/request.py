"""Validating a folder or a commit: documents, and the matches that can be proven offline."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from pairctl.problem import ConfigurationError, Problem
from pairctl.repo import is_bare
from pairctl.spec import ALL_INTENTS, Finding, IntentSelection, RolesOf
from pairctl.validation.cache import ReadingCache
from pairctl.validation.inspection import Inspection, inspect_folder
from pairctl.validation.proof import OfflineProof
from pairctl.validation.selecting import Selected


@dataclass(frozen=True, slots=True)
class Request:
    """What to validate: the folder, or with `ref` a commit of its repository.

    `observed` names the commit of the status branch to prove on; left out, the status branch is
    taken where there is one. With `base` only intents that differ from that commit are proven.
    `allowed` is what the operator's file lets secrets serve as, where it is at hand. With `staged`
    it is what stands in the index, or in the `index_file` that Git has told a hook of.
    Of `selection` alone, and what that refers to, is said what was found.
    """

    folder: Path
    ref: str | None = None
    observed: str | None = None
    base: str | None = None
    allowed: RolesOf = field(default_factory=dict)
    staged: bool = False
    index_file: Path | None = None
    selection: IntentSelection = ALL_INTENTS


@dataclass(frozen=True, slots=True)
class Validation:
    """All that is to be said: findings, sorted, and a proof for each intent that was meant."""

    inspection: Inspection
    findings: tuple[Finding, ...]
    proofs: tuple[OfflineProof, ...] = ()
    observed_commit: str = ""


def validate_folder(request: Request, cache: ReadingCache) -> Validation:
    """Validate a folder that is in no repository, by its documents alone.

    Raises ConfigurationError where it is not there, or a commit was named.
    """
    _refuse_refs(request)
    inspection = inspect_folder(*_outside(request.folder), cache, request.allowed)
    return Validation(inspection, Selected(inspection, request.selection).findings)


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


def _outside(folder: Path) -> tuple[Path, str]:
    """Return where paths are told from outside of a repository: from here, if it is below."""
    here, there = _real(Path()), _real(folder)
    return (here, _below(here, there)) if there.is_relative_to(here) else (folder, "")


def _refuse_refs(request: Request) -> None:
    given = {"ref": request.ref, "observed": request.observed, "base": request.base}
    given["staged"] = "" if request.staged else None
    for option, ref in given.items():
        if ref is not None:
            raise ConfigurationError(
                Problem(
                    "NotARepository",
                    f"--{option} is about Git, and {request.folder} is in no Git repository",
                    "name a folder of a clone, or leave the option out",
                )
            )
