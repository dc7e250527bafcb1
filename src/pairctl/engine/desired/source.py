"""The documents of one commit, as the engine works on them."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from pairctl.pairing import Intent, Status
from pairctl.problem import PairctlError, Problem
from pairctl.repo import Files, FolderNotFound, Refused, Repository, Wanted
from pairctl.spec import (
    API_VERSION,
    IGNORE_FILE,
    KINDS,
    MAX_LOOKED_AT_BYTES,
    SET_MARK,
    Declared,
    FileReading,
    Finding,
    IgnoreList,
    OperatorSpec,
    PaletteSpec,
    Rejected,
    RowColumns,
    SourceFile,
    causes_first,
    columns_of,
    columns_of_rows,
    expand,
    generation,
    ignored_problems,
    is_foreign_content,
    is_inside,
    is_stray,
    load,
    named_tables,
    read_file,
    unread_file,
)

NO_RULES = OperatorSpec()
MOST_COMMITS = 5
"""How many commits of before are read for intents that are gone: statuses rarely name more."""

_read_once = lru_cache(maxsize=20_000)(read_file)
"""Reads a file once, however many passes see it: a commit that changes one file costs one file."""
_expand_once = lru_cache(maxsize=16)(expand)


class SourceEmpty(PairctlError):
    """A source that held intents holds none: a wrong branch or folder, not an instruction."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a commit declares. `intents` are valid and resolved; `refused` are files not read.

    Where it `is_guarded`, the operator's file has said where approvals count. Where it
    `is_remembered`, some of it is what an earlier run has kept of files of this content: nobody
    acts on it.
    """

    commit: str
    declared: Declared
    intents: Mapping[str, Intent]
    refused: tuple[Refused, ...] = ()
    is_guarded: bool = False
    is_remembered: bool = False

    @property
    def palettes(self) -> Mapping[str, PaletteSpec]:
        """Every Palette of the commit, whether an intent refers to it or not, by name."""
        found = self.declared.palettes
        return {name: found[name].document.spec for name in sorted(found)}

    @property
    def invalid(self) -> Mapping[str, Problem]:
        """The intents that cannot be used as written, by name, each with its first finding."""
        return {
            item.name: _first_problem(item)
            for item in self.declared.rejected
            if item.kind == "PairingIntent" and item.name and item.name not in self.intents
        }

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """What is wrong with files and documents that are not followed, causes first.

        An intent whose name can be read is not among them: its own status says it.
        """
        files = (unread_file(file.path, file.problem) for file in self.refused)
        documents = (
            finding
            for item in self.declared.rejected
            if not (item.kind == "PairingIntent" and item.name)
            for finding in item.findings
            if finding.refuses
        )
        return causes_first((*files, *documents))

    @property
    def is_partial(self) -> bool:
        """Whether intents may be in what could not be read: those of before count as there."""
        return bool(self.refused) or any(map(_may_hold_intents, self.declared.rejected))

    @property
    def unread(self) -> tuple[str, ...]:
        """What may hold intents that are not known: broken ones by name, files by path."""
        unknown = (item.path for item in self.declared.rejected if _may_hold_intents(item))
        return (*self.invalid, *(file.path for file in self.refused), *dict.fromkeys(unknown))

    @property
    def unread_palettes(self) -> tuple[str, ...]:
        """The files that may hold a Palette that is not known."""
        may_be = (
            item.path
            for item in self.declared.rejected
            if item.kind == "Palette" or item.kind not in KINDS
        )
        return tuple(dict.fromkeys((*(file.path for file in self.refused), *may_be)))

    @property
    def labels(self) -> Mapping[str, Mapping[str, str] | None]:
        """The labels of all intents by name, usable or not; None where they cannot be read."""
        found = self.declared.intents
        return {
            name: found[name].document.metadata.labels if name in found else None
            for name in sorted(self.names)
        }

    @property
    def names(self) -> frozenset[str]:
        """The names of all intents that the commit holds, usable or not."""
        return frozenset(self.intents) | frozenset(self.invalid)


class Memory(Protocol):
    """What earlier runs have kept of files, by their content."""

    def readings(self, files: Sequence[SourceFile]) -> Mapping[str, FileReading]:
        """Return what is known of these files, by path."""

    def keep(self, read: Iterable[tuple[SourceFile, FileReading]]) -> None:
        """Keep what was read of files now."""


async def read_source(
    repository: Repository,
    ref: str,
    under: str = "",
    operator: OperatorSpec = NO_RULES,
    memory: Memory | None = None,
) -> Source:
    """Read the documents of the commit that `ref` names now. Raises what `Repository` raises.

    The operator's file says whether approvals are always needed, and where they count, and what
    secrets may serve as. What of it comes from a `memory` is for looking only.
    """
    commit = await repository.resolve(ref)
    files = await _files(repository, commit, under, operator.approvals_folder)
    known = memory.readings(files.sources) if memory else {}
    declared = load(
        files.sources,
        tables=await repository.tables(commit, _named_tables(files.sources), under),
        read=lambda file: known.get(file.path) or _read_once(file),
        expand=_expand_once,
        approvals_folder=operator.approvals_folder,
        allowed=operator.secret_roles,
    )
    intents = resolve_intents(declared, operator)
    named = {path for intent in intents.values() for path in intent.named_files}
    ids = await repository.object_ids(commit, sorted(named))
    with_files = {name: _with_files(intent, ids) for name, intent in intents.items()}
    if memory:
        memory.keep((one, _read_once(one)) for one in files.sources if one.path not in known)
    is_guarded = operator.approvals_folder is not None
    return Source(commit, declared, with_files, files.refused, is_guarded, bool(known))


async def read_base(
    repository: Repository, ref: str, under: str = "", operator: OperatorSpec = NO_RULES
) -> Source:
    """Read the documents that a newer commit is compared with; a folder may be new since then."""
    with suppress(FolderNotFound):
        return await read_source(repository, ref, under, operator)
    return Source(await repository.resolve(ref), load(()), {})


def resolve_intents(declared: Declared, operator: OperatorSpec = NO_RULES) -> dict[str, Intent]:
    """Put each valid intent together with the documents that it refers to, sorted by name.

    An approval outside of the operator's folder is mentioned, and counts for nothing.
    """
    folder = operator.approvals_folder
    rows = columns_of_rows(declared)
    intents = {name: _resolve(name, declared, operator, rows) for name in sorted(declared.intents)}
    for loaded in (*declared.approvals.values(), *declared.stray_approvals):
        name, spec = loaded.document.spec.intent, loaded.document.spec
        if is_stray("PairingApproval", loaded.path, folder):
            stray = intents[name].stray_approval or loaded.path
            intents[name] = replace(intents[name], stray_approval=stray)
        else:
            intents[name] = replace(intents[name], approval=spec)
    return intents


def refuse_empty(source: Source, known: int) -> None:
    """Raise SourceEmpty where `known` intents have a status and the commit holds none at all.

    Where files could not be read they may be in these: their statuses are kept, and the files told.
    """
    if known and not source.names and not source.is_partial:
        has = "has" if known == 1 else "have"
        raise SourceEmpty(
            Problem(
                "SourceEmpty",
                f"commit {source.commit[:7]} holds no pairing intents, and {known} {has} a status",
                "check the branch and the folder; to stop looking after all of them, "
                "delete their status files on the status branch",
            )
        )


def file_reader(repository: Repository, source: Source) -> Callable[[str], Awaitable[bytes | None]]:
    """Return a function that reads other files of the same commit, as `caFile` names them."""

    async def read(path: str) -> bytes | None:
        return await repository.file(source.commit, path)

    return read


async def wanted_of(repository: Repository, commit: str) -> tuple[IgnoreList, Wanted]:
    """Read what a commit's list leaves out, and return which of its files are documents.

    Raises IgnoreListRefused, and FileRefused for a list that is no plain file.
    """
    ignoring = IgnoreList.parse(await repository.file(commit, IGNORE_FILE))
    return ignoring, Wanted(
        lambda path: not ignoring.ignores(path), is_foreign_content, MAX_LOOKED_AT_BYTES
    )


def _named_tables(files: Iterable[SourceFile]) -> tuple[str, ...]:
    readings = [_read_once(file) for file in files if SET_MARK in file.content]
    return named_tables(entry for reading in readings for entry in reading.entries)


async def _files(
    repository: Repository, commit: str, under: str, approvals_folder: str | None
) -> Files:
    """Read the documents of a commit; no name outside of the operator's folder hides one inside.

    Two paths that differ only in case, or in Unicode form, are refused both.
    """
    _, wanted = await wanted_of(repository, commit)
    files = await repository.files(commit, under, wanted=wanted)
    if not any(is_inside(file.path, approvals_folder) for file in files.refused):
        return files
    folder = under if is_inside(under, approvals_folder) else approvals_folder or ""
    inside = await repository.files(commit, folder, wanted=wanted)
    outside = [file for file in files.refused if not is_inside(file.path, approvals_folder)]
    sources = {file.path: file for file in (*files.sources, *inside.sources)}
    return Files(
        tuple(sources[path] for path in sorted(sources)),
        tuple(sorted((*outside, *inside.refused), key=lambda file: file.path)),
    )


async def with_unread(
    repository: Repository, source: Source, under: str, known: Mapping[str, Status]
) -> Source:
    """Return the source with files that are not read although intents in them have a status.

    To ignore a document is not to delete it, nor is to break it beyond recognition: such files
    count as not read, so that their intents count as there, and nothing follows from their absence.
    """
    missing = known.keys() - source.names
    if not missing:
        return source
    held = [
        *await _ignored(repository, source, under, missing),
        *await _unrecognizable(
            repository, source, under, {n: known[n].source_commit for n in missing}
        ),
    ]
    return replace(source, refused=(*source.refused, *held)) if held else source


async def _ignored(
    repository: Repository, source: Source, under: str, missing: Collection[str]
) -> list[Refused]:
    ignoring, wanted = await wanted_of(repository, source.commit)
    if ignoring.is_empty:
        return []
    left_out = replace(wanted, is_wanted=ignoring.ignores)
    files = await repository.files(source.commit, under, wanted=left_out)
    unread = [file.path for file in files.refused if file.object_id]
    tables = await repository.tables(source.commit, _named_tables(files.sources), under)
    found = ignored_problems(files.sources, unread, missing, tables)
    return [Refused(path, problem) for path, problem in found]


async def _unrecognizable(
    repository: Repository, source: Source, under: str, commits: Mapping[str, str]
) -> list[Refused]:
    """Find files that held missing intents in the commits that their statuses are about.

    A commit that is not here, or cannot be read, tells nothing.
    """
    found = {}
    for commit in sorted(set(commits.values()))[:MOST_COMMITS]:
        if not await repository.is_here(commit):
            continue
        with suppress(PairctlError):
            files = await repository.files(commit, under)
            tables = await repository.tables(commit, _named_tables(files.sources), under)
            intents = load(
                files.sources, tables=tables, read=_read_once, expand=_expand_once
            ).intents
            # of a row the set's file: an inventory is no document
            names = {one.files[-1]: name for name, one in intents.items() if name in commits}
            for path in sorted(await repository.object_ids(source.commit, list(names))):
                content = await repository.file(source.commit, path)
                if content is not None and _read_once(SourceFile(path, content)).is_foreign:
                    found[path] = Refused(path, _not_recognized(path, names[path], commit))
    return list(found.values())


def _not_recognized(path: str, name: str, commit: str) -> Problem:
    return Problem(
        "IntentNotRecognized",
        f"{path} held {name} in commit {commit[:7]}, and nothing in it names {API_VERSION} now",
        "mend the document; to stop looking after the intent, delete the document or its file",
    )


def _with_files(intent: Intent, ids: Mapping[str, str]) -> Intent:
    mine = {path: ids[path] for path in sorted(intent.named_files) if path in ids}
    return replace(intent, files=mine) if mine else intent


def _resolve(
    name: str,
    declared: Declared,
    operator: OperatorSpec,
    rows: Mapping[tuple[str, ...], RowColumns],
) -> Intent:
    loaded = declared.intents[name]
    spec = loaded.document.spec
    match = declared.matches[spec.profile_match].document.spec if spec.profile_match else None
    return Intent(
        name=name,
        generation=generation(loaded, declared),
        spec=spec,
        palette_name=spec.palette,
        adopts_requests=operator.adopt_requests == "Always",
        adopts_after_s=operator.timing.adopt_after_seconds,
        palette=_ruled(declared.palettes[spec.palette].document.spec, operator),
        match=match,
        row=columns_of(loaded, rows),
    )


def _ruled(palette: PaletteSpec, operator: OperatorSpec) -> PaletteSpec:
    """Return a Palette as it counts: no document frees itself of what the operator asks for."""
    if not operator.require_approval or palette.require_approval:
        return palette
    return palette.model_copy(update={"require_approval": True})


def _may_hold_intents(item: Rejected) -> bool:
    """Whether something refused is, or holds, intents that it does not name as such."""
    return item.name is None or item.kind not in KINDS or item.kind == "PairingIntentSet"


def _first_problem(item: Rejected) -> Problem:
    first = causes_first(one for one in item.findings if one.refuses)[0]
    where = f"{first.path}:{first.line}:{first.column}"
    return Problem("Invalid", f"{where}: {first.message}", first.hint or f"correct {where}")
