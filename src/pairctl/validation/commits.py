"""Validating within a repository: its commits are read, and what the status branch holds."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from pairctl.problem import Problem
from pairctl.records import refuse_foreign, refuse_source
from pairctl.repo import FolderNotFound, RefNotFound, Repository, Wanted, is_bare
from pairctl.spec import (
    IGNORE_FILE,
    MAX_LOOKED_AT_BYTES,
    Finding,
    IgnoreList,
    IndexEntry,
    RolesOf,
    SourceFile,
    causes_first,
    ignored_problems,
    is_foreign_content,
    list_folder,
    read_folder,
    read_ignore_list,
    read_listed,
    read_table_file,
    unread_file,
)
from pairctl.validation.cache import ReadingCache
from pairctl.validation.facts import Facts
from pairctl.validation.inspection import (
    Inspection,
    inspect_files,
    inspect_folder,
    inspected_tables,
)
from pairctl.validation.proving import prove_all
from pairctl.validation.request import Request, Validation
from pairctl.validation.selecting import Selected

STATUS_REFS = ("refs/remotes/origin/pairctl-status", "refs/heads/pairctl-status")
"""Where the status branch is looked for, in this order."""

Digests = tuple[str, str, str]
"""Those of an intent, its match and its Palette: what a change of any of them changes."""


async def validate_in_repository(
    root: Path, under: str, request: Request, cache: ReadingCache
) -> Validation:
    """Validate the folder `under`, or a commit, of the repository whose top folder is `root`.

    Asks no remote; of other programs Git alone is run. Raises ConfigurationError and
    RepositoryError where the folder, or a commit that was named, is not there.
    """
    async with await Repository.open(str(root), remote=None) as repository:
        commits = _Commits(repository, under, cache, request.allowed)
        if request.base is not None:
            await repository.resolve(request.base)  # a wrong one is an error, needed or not
        if request.staged:
            inspection = await commits.staged(request.index_file)
        elif request.ref:
            inspection = await commits.inspected(request.ref)
        elif is_bare(root):
            text = f"{root} is a bare repository, which has no files of its own"
            raise FolderNotFound(Problem("FolderNotFound", text, "name a commit with --ref"))
        else:
            inspection = await commits.checked_out(root)
        selected = Selected(inspection, request.selection)
        facts = await commits.facts(request.observed, request.ref or "HEAD")
        if facts is None:
            return Validation(inspection, selected.findings)
        is_changed = await commits.changed_since(request.base, inspection)
        missing = facts.known_intents - {entry.name for entry in inspection.entries}
        ignored = (
            await commits.ignored(root, request.ref, missing)
            if missing and not request.staged and request.selection.is_of_all
            else ()
        )
    proven = prove_all(inspection, facts, lambda one: selected.has(one) and is_changed(one))
    findings = causes_first((*selected.findings, *proven.findings, *ignored))
    return Validation(inspection, findings, proven.proofs, facts.commit)


class _Commits:
    """Reads commits of one repository, as they are here: nothing is fetched."""

    def __init__(
        self, repository: Repository, under: str, cache: ReadingCache, allowed: RolesOf
    ) -> None:
        self._allowed = allowed
        self._repository = repository
        self._under = under
        self._cache = cache

    async def inspected(self, ref: str) -> Inspection:
        commit = await self._repository.resolve(ref)
        wanted = await self._wanted(commit)
        files = await self._repository.files(commit, self._under, wanted=wanted)
        unread = tuple(unread_file(file.path, file.problem) for file in files.refused)
        names = inspected_tables(files.sources, self._cache)
        tables = await self._repository.tables(commit, names, self._under)
        return inspect_files(files.sources, unread, self._cache, self._allowed, tables)

    async def ignored(
        self, root: Path, ref: str | None, missing: frozenset[str]
    ) -> tuple[Finding, ...]:
        """Return what is wrong with ignoring files that hold intents with a status."""
        if ref:
            commit = await self._repository.resolve(ref)
            wanted = await self._wanted(commit)
            left_out = replace(wanted, is_wanted=lambda path: not wanted.is_wanted(path))
            files = await self._repository.files(commit, self._under, wanted=left_out)
            unread = [file.path for file in files.refused if file.object_id]
            names = inspected_tables(files.sources, self._cache)
            tables = await self._repository.tables(commit, names, self._under)
            found = ignored_problems(files.sources, unread, missing, tables)
        else:
            ignoring = read_ignore_list(root)
            listing = list_folder(root, self._under, lambda path: not ignoring.ignores(path))
            read = (read_listed(root, listed) for listed in listing.files)
            sources = [one for one in read if isinstance(one, SourceFile)]
            names = inspected_tables(sources, self._cache)
            tables = {path: read_table_file(root, self._under, path) for path in names}
            found = ignored_problems(sources, (), missing, tables)
        return tuple(unread_file(path, problem) for path, problem in found)

    async def _wanted(self, commit: str) -> Wanted:
        return _wanted(await self._repository.file(commit, IGNORE_FILE))

    async def checked_out(self, root: Path) -> Inspection:
        """Inspect a work tree; what a sparse checkout leaves out of it counts as it is staged."""
        if not self._repository.may_be_sparse():
            return inspect_folder(root, self._under, self._cache, self._allowed)
        index, ignoring = await self._repository.index(), read_ignore_list(root)
        wanted = Wanted(
            lambda path: (
                path in index.unwatched
                and not ignoring.ignores(path)
                and not (root / path).exists()
            ),
            is_foreign_content,
            MAX_LOOKED_AT_BYTES,
        )
        here = read_folder(root, self._under)
        left_out = await self._repository.staged(self._under, wanted)
        unread = tuple(unread_file(file.path, file.problem) for file in left_out.refused)
        sources = sorted((*here.files, *left_out.sources), key=lambda one: one.path)
        names = inspected_tables(sources, self._cache)
        tables = {name: read_table_file(root, self._under, name) for name in names}
        gone = [name for name in names if name in index.unwatched and not (root / name).exists()]
        tables |= await self._repository.staged_tables(gone, self._under)
        refused = (*here.refused, *unread)
        return inspect_files(sources, refused, self._cache, self._allowed, tables)

    async def staged(self, index_file: Path | None) -> Inspection:
        """Inspect what is staged, in the index that a hook is told of."""
        content = await self._repository.staged_file(IGNORE_FILE, index_file)
        files = await self._repository.staged(self._under, _wanted(content), index_file)
        unread = tuple(unread_file(file.path, file.problem) for file in files.refused)
        names = inspected_tables(files.sources, self._cache)
        tables = await self._repository.staged_tables(names, self._under, index_file)
        return inspect_files(files.sources, unread, self._cache, self._allowed, tables)

    async def facts(self, observed: str | None, source: str) -> Facts | None:
        """Read the status branch. Raises NotAStatusBranch where it is not pairctl's own."""
        if observed:
            sources = await self._repository.branches_named(source)
            refuse_source(observed.removeprefix("refs/heads/"), source, sources)
        for ref in (observed,) if observed else STATUS_REFS:
            try:
                commit = await self._repository.resolve(ref)
            except RefNotFound:
                if observed:
                    raise
                continue
            tree = await self._repository.status_at(commit)
            refuse_foreign(ref, tree.paths)
            return Facts(commit, tree.files)
        return None

    async def changed_since(
        self, base: str | None, now: Inspection
    ) -> Callable[[IndexEntry], bool]:
        if base is None:
            return lambda _: True
        before, after = await self._digests_at(base), _digests(now)
        return lambda entry: after.get(str(entry.name)) != before.get(str(entry.name))

    async def _digests_at(self, base: str) -> Mapping[str, Digests]:
        try:
            return _digests(await self.inspected(base))
        except FolderNotFound:  # it is new, and so is every intent in it
            return {}


def _wanted(ignore_list: bytes | None) -> Wanted:
    ignoring = IgnoreList.parse(ignore_list)
    return Wanted(lambda path: not ignoring.ignores(path), is_foreign_content, MAX_LOOKED_AT_BYTES)


def _digests(inspection: Inspection) -> Mapping[str, Digests]:
    digests = {(entry.kind, entry.name): entry.digest for entry in inspection.valid}
    return {
        str(entry.name): (
            entry.digest,
            digests.get(("ProfileMatch", entry.references.profile_match), ""),
            digests.get(("Palette", entry.references.palette), ""),
        )
        for entry in inspection.valid
        if entry.kind == "PairingIntent" and entry.references
    }
