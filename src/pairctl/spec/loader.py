"""Loading: all files of a repository into what they declare. Pure; `folder` reads the disk."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from pairctl.problem import ConfigurationError, Problem
from pairctl.spec.candidates import Candidate, FileReading, read_file, read_own_file, roots
from pairctl.spec.declared import Declared, Loaded
from pairctl.spec.document_index import IndexEntry
from pairctl.spec.expansion import Expand, expand, row_root, tables_in, with_rows
from pairctl.spec.findings import Finding, any_refuses
from pairctl.spec.guarded import is_stray
from pairctl.spec.judgement import judge_together, without_values
from pairctl.spec.kinds import (
    AnyDocument,
    Operator,
    PairingApproval,
    PairingIntent,
    PairingIntentSet,
    Palette,
    ProfileMatch,
    Rollout,
    RolloutApproval,
)
from pairctl.spec.nodes import Node
from pairctl.spec.secret_roles import ANY_ROLES, RolesOf
from pairctl.spec.source import SourceFile

D = TypeVar("D", bound=AnyDocument)


def load(
    files: Iterable[SourceFile],
    *,
    tables: Mapping[str, SourceFile | Finding] = MappingProxyType({}),
    read: Callable[[SourceFile], FileReading] = read_file,
    expand: Expand = expand,
    approvals_folder: str | None = None,
    allowed: RolesOf = ANY_ROLES,
) -> Declared:
    """Return what the files declare. Every set of files loads; nothing is raised.

    `allowed` is what the operator's file lets secrets serve as. `tables` are the CSV files that
    sets name, by path, or why one is not read.

    Reading is pure: who loads again and again passes a cached `read_file` and `expand`, so that a
    commit that changes one file costs one file. A file that a document names as values of a pack is
    none of the documents, though it is YAML too. Where the operator's file names an
    `approvals_folder`, what stands outside of it has no effect on the approvals inside.
    """
    sources = sorted(files, key=lambda file: (file.path, file.content))
    by_path = {file.path: file for file in sources}
    read_all = with_rows(map(read, sources), by_path.__getitem__, tables_in(tables), expand)
    readings = without_values(list(read_all), approvals_folder)
    candidates = [one for reading in readings for one in reading.candidates]
    judged = judge_together(readings, roots_in(sources, tables), approvals_folder, allowed)
    held: list[Candidate] = []
    strays: list[Candidate] = []
    refused: list[Candidate] = []
    for one, found in zip(candidates, judged.findings, strict=True):
        if any_refuses(found):
            refused.append(one)
        elif is_stray(one.entry.kind, one.entry.path, approvals_folder):
            strays.append(one)
        else:
            held.append(one)
    return Declared(
        palettes=_named(Palette, held),
        matches=_named(ProfileMatch, held),
        intents=_named(PairingIntent, held),
        approvals=_named(PairingApproval, held),
        sets=_named(PairingIntentSet, held),
        rollouts=_named(Rollout, held),
        rollout_approvals=_named(RolloutApproval, held),
        rejected=judged.rejected,
        findings=judged.all_findings,
        stray_approvals=_approvals(strays),
        refused_approvals=_approvals(refused),
    )


def roots_in(
    files: Iterable[SourceFile], tables: Mapping[str, SourceFile | Finding]
) -> Callable[[IndexEntry], Node]:
    """Return a function that reads the tree of a document of these files anew."""
    by_path = {file.path: file for file in files}

    def root_of(entry: IndexEntry) -> Node:
        if entry.row_of is None:
            return roots(by_path[entry.path])[entry.number]
        return row_root(by_path[entry.row_of.path], tables.get(entry.path), entry.row_of)

    return root_of


def load_operator(file: SourceFile) -> Operator:
    """Return the one `Operator` document of the operator's own file.

    Raises ConfigurationError with all findings, or where the file holds anything else.
    """
    reading = read_own_file(file)
    findings = [*reading.findings, *(f for entry in reading.entries for f in entry.findings)]
    if any_refuses(tuple(findings)):
        shown = "\n".join(str(one) for one in sorted(findings))
        raise ConfigurationError(Problem("InvalidOperator", f"the operator's file:\n{shown}"))
    match [one.document for one in reading.candidates]:
        case [Operator() as operator]:
            return operator
        case others:
            words = f"{file.path} holds {len(others)} documents; exactly one"
            hint = "keep the operator's file apart from the repository's documents"
            raise ConfigurationError(
                Problem("InvalidOperator", f"{words} of `kind: Operator` is needed", hint)
            )


def _named(kind: type[D], held: Iterable[Candidate]) -> Mapping[str, Loaded[D]]:
    return {
        document.metadata.name: _loaded(entry, document)
        for entry, document in held
        if isinstance(document, kind)
    }


def _approvals(candidates: Iterable[Candidate]) -> tuple[Loaded[PairingApproval], ...]:
    return tuple(
        _loaded(entry, document)
        for entry, document in candidates
        if isinstance(document, PairingApproval)
    )


def _loaded(entry: IndexEntry, document: D) -> Loaded[D]:
    files = entry.paths if entry.row_of else ()
    return Loaded(document, entry.path, entry.span.line, entry.span.column, entry.digest, files)
