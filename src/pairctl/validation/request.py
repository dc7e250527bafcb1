"""Validating a folder or a commit: documents, and the matches that can be proven offline."""

from dataclasses import dataclass, field
from pathlib import Path

from pairctl.problem import ConfigurationError, Problem
from pairctl.spec import ALL_INTENTS, Finding, IntentSelection, RolesOf
from pairctl.validation.cache import ReadingCache
from pairctl.validation.folders import outside
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
    inspection = inspect_folder(*outside(request.folder), cache, request.allowed)
    return Validation(inspection, Selected(inspection, request.selection).findings)


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
