"""Loading: all files of a repository into what they declare. Pure; `folder` reads the disk."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from pairctl.problem import ConfigurationError, Problem
from pairctl.spec.candidates import Candidate, FileReading, read_file
from pairctl.spec.declared import Declared, Loaded, Rejected
from pairctl.spec.digests import digest
from pairctl.spec.findings import Finding, any_refuses
from pairctl.spec.kinds import (
    AnyDocument,
    Operator,
    PairingApproval,
    PairingIntent,
    Palette,
    ProfileMatch,
)
from pairctl.spec.references import cross_check
from pairctl.spec.source import SourceFile

D = TypeVar("D", bound=AnyDocument)


def load(
    files: Iterable[SourceFile], *, read: Callable[[SourceFile], FileReading] = read_file
) -> Declared:
    """Return what the files declare. Every set of files loads; nothing is raised.

    Reading is pure: who loads again and again passes a cached `read_file`, so that a commit that
    changes one file costs one file. A file that a document names as values of a pack is none of
    the documents, though it is YAML too.
    """
    read_all = [read(file) for file in sorted(files, key=lambda file: (file.path, file.content))]
    values = {path for reading in read_all for path in _value_files(reading)}
    readings = [reading for reading in read_all if reading.path not in values]
    candidates = [one for reading in readings for one in reading.candidates]
    refused = [reading for reading in readings if reading.is_refused]
    told = cross_check(candidates, [reading.path for reading in refused])
    judged = list(zip(candidates, told, strict=True))
    held = [one for one, findings in judged if not any_refuses(findings)]
    notes = [one for reading in readings for one in reading.findings]
    return Declared(
        palettes=_named(Palette, held),
        matches=_named(ProfileMatch, held),
        intents=_named(PairingIntent, held),
        approvals=_named(PairingApproval, held),
        rejected=(
            *(Rejected(None, None, reading.path, reading.findings) for reading in refused),
            *(_rejected(one, findings) for one, findings in judged if any_refuses(findings)),
        ),
        findings=tuple(sorted([*notes, *(one for findings in told for one in findings)])),
    )


def _value_files(reading: FileReading) -> Iterator[str]:
    for one in reading.candidates:
        if isinstance(one.document, ProfileMatch | PairingIntent):
            yield from (item.file for item in one.document.spec.values if item.file)


def load_operator(file: SourceFile) -> Operator:
    """Return the one `Operator` document of the operator's own file.

    Raises ConfigurationError with all findings, or where the file holds anything else.
    """
    reading = read_file(file)
    findings = [*reading.findings, *(f for one in reading.candidates for f in one.findings)]
    if any_refuses(tuple(findings)):
        told = "\n".join(str(one) for one in sorted(findings))
        raise ConfigurationError(Problem("InvalidOperator", f"the operator's file:\n{told}"))
    match [one.document for one in reading.candidates]:
        case [Operator() as operator]:
            return operator
        case others:
            raise ConfigurationError(_not_an_operator(file.path, len(others)))


def _not_an_operator(path: str, count: int) -> Problem:
    return Problem(
        "InvalidOperator",
        f"{path} holds {count} documents; exactly one of `kind: Operator` is needed",
        "keep the operator's file apart from the repository's documents",
    )


def _named(kind: type[D], held: Iterable[Candidate]) -> Mapping[str, Loaded[D]]:
    documents = ((one, one.document) for one in held)
    return {
        document.metadata.name: _loaded(one, document)
        for one, document in documents
        if isinstance(document, kind)
    }


def _loaded(one: Candidate, document: D) -> Loaded[D]:
    return Loaded(document, one.path, one.span.line, one.span.column, digest(document))


def _rejected(one: Candidate, findings: tuple[Finding, ...]) -> Rejected:
    return Rejected(one.kind, one.name, one.path, tuple(sorted(findings)))
