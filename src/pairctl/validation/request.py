"""Validating a folder or a commit: documents, and the matches that can be proven offline."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pairctl.problem import ConfigurationError, Problem
from pairctl.repo import RefNotFound, Repository
from pairctl.spec import Card, Finding
from pairctl.validation.cache import ReadingCache
from pairctl.validation.facts import Facts
from pairctl.validation.inspection import Inspection, inspect_files, inspect_folder
from pairctl.validation.proof import OfflineProof
from pairctl.validation.proving import Proven, prove_all

STATUS_REFS = ("refs/remotes/origin/pairctl-status", "refs/heads/pairctl-status")
"""Where the status branch is looked for, in this order."""

Seen = tuple[str, str, str]
"""The digests of an intent, its match and its Palette: what a change of any changes."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to validate: the folder, or with `ref` a commit of its repository.

    `observed` names the commit of the status branch to prove on; left out, the status branch is
    taken where there is one. With `base` only intents that differ from that commit are proven.
    """

    folder: Path
    ref: str | None = None
    observed: str | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Validation:
    """All that is to be said: findings, sorted, and a proof for each intent that was meant."""

    inspection: Inspection
    findings: tuple[Finding, ...]
    proofs: tuple[OfflineProof, ...] = ()
    observed_commit: str = ""


async def validate(request: Request, cache: ReadingCache) -> Validation:
    """Validate; asks nobody, opens no socket, and of other programs runs Git alone.

    Raises ConfigurationError and RepositoryError where the folder, or a commit named, is not there.
    """
    root = repository_of(request.folder)
    if root is None:
        _refuse_refs(request)
        return _documents_only(inspect_folder(request.folder, "", cache))
    under = _below(root, request.folder)
    async with await Repository.open(str(root), remote=None) as repository:
        look = _Look(repository, under, cache)
        if request.ref:
            inspection = await look.commit(request.ref)
        else:
            inspection = inspect_folder(root, under, cache)
        facts = await look.facts(request.observed)
        if facts is None:
            return _documents_only(inspection)
        is_meant = await look.changed_since(request.base, inspection)
    proven = prove_all(inspection, facts, is_meant)
    return _with_proofs(inspection, proven, facts)


def repository_of(folder: Path) -> Path | None:
    """Return the top folder of the work tree that holds a folder; None where there is none.

    A link in a work tree is not looked through, since it may have come with a pull request; one
    that stands in no work tree is the caller's own.
    """
    return _top_of(_named(folder)) or _top_of(_real(folder))


def _top_of(folder: Path) -> Path | None:
    places = (folder, *folder.parents)
    return next((p for p in places if (p / ".git").exists() and not p.is_symlink()), None)


def _below(root: Path, folder: Path) -> str:
    named = _named(folder)
    inside = named if named.is_relative_to(root) else _real(folder)
    return "/".join(inside.relative_to(root).parts)


def _named(folder: Path) -> Path:
    """Return a folder's absolute path as it was named: links are kept, `..` is taken back."""
    return Path(os.path.abspath(folder))  # noqa: PTH100 - `resolve` would look through links


def _real(folder: Path) -> Path:
    return Path(os.path.realpath(folder))  # `resolve` raises for links that go in circles


class _Look:
    """Reads commits of one repository, as they are here: nothing is fetched."""

    def __init__(self, repository: Repository, under: str, cache: ReadingCache) -> None:
        self._repository = repository
        self._under = under
        self._cache = cache

    async def commit(self, ref: str) -> Inspection:
        commit = await self._repository.resolve(ref)
        return inspect_files(await self._repository.files(commit, self._under), self._cache)

    async def facts(self, observed: str | None) -> Facts | None:
        for ref in (observed,) if observed else STATUS_REFS:
            try:
                commit = await self._repository.resolve(ref)
            except RefNotFound:
                if observed:
                    raise
                continue
            return Facts(commit, await self._repository.snapshot(commit))
        return None

    async def changed_since(self, base: str | None, now: Inspection) -> Callable[[Card], bool]:
        if base is None:
            return lambda _: True
        before, after = _seen_digests(await self.commit(base)), _seen_digests(now)
        return lambda card: after.get(str(card.name)) != before.get(str(card.name))


def _seen_digests(inspection: Inspection) -> Mapping[str, Seen]:
    digests = {(card.kind, card.name): card.digest for card in inspection.valid}
    return {
        str(card.name): (
            card.digest,
            digests.get(("ProfileMatch", card.ties.profile_match), ""),
            digests.get(("Palette", card.ties.palette), ""),
        )
        for card in inspection.valid
        if card.kind == "PairingIntent" and card.ties
    }


def _documents_only(inspection: Inspection) -> Validation:
    return Validation(inspection, inspection.findings)


def _with_proofs(inspection: Inspection, proven: Proven, facts: Facts) -> Validation:
    findings = tuple(sorted((*inspection.findings, *proven.findings)))
    return Validation(inspection, findings, proven.proofs, facts.commit)


def _refuse_refs(request: Request) -> None:
    given = {"ref": request.ref, "observed": request.observed, "base": request.base}
    for option, ref in given.items():
        if ref:
            raise ConfigurationError(
                Problem(
                    "NotARepository",
                    f"--{option} names a commit, and {request.folder} is in no Git repository",
                    "name a folder of a clone, or leave the option out",
                )
            )
