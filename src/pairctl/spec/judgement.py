"""All documents of a repository held against each other, from their index entries alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pairctl.spec.cross_checks import cross_check
from pairctl.spec.declared import Rejected
from pairctl.spec.document_index import IndexEntry
from pairctl.spec.findings import Finding, any_refuses, causes_first
from pairctl.spec.guarded import is_inside
from pairctl.spec.nodes import Node
from pairctl.spec.secret_roles import ANY_ROLES, RolesOf


class Reading(Protocol):
    """What one file holds, read now or kept from before."""

    @property
    def path(self) -> str:
        """The file's."""

    @property
    def entries(self) -> Sequence[IndexEntry]:
        """Its documents."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be said of the file as a whole."""

    @property
    def is_refused(self) -> bool:
        """Whether nothing of it is read."""


R = TypeVar("R", bound=Reading)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with each entry, in their order, and which documents and files are refused."""

    entries: tuple[IndexEntry, ...]
    findings: tuple[tuple[Finding, ...], ...]
    rejected: tuple[Rejected, ...]
    all_findings: tuple[Finding, ...]


def judge_together(
    readings: Sequence[Reading],
    root_of: Callable[[IndexEntry], Node],
    approvals_folder: str | None = None,
    allowed: RolesOf = ANY_ROLES,
) -> Judgement:
    """Hold all documents against each other. `root_of` is asked for places of findings only.

    Approvals outside of `approvals_folder`, where one is named, are held against no others.
    `allowed` is what the operator's file lets secrets serve as.
    """
    entries = [entry for reading in readings for entry in reading.entries]
    refused = [reading for reading in readings if reading.is_refused]
    paths = [reading.path for reading in refused]
    shown = cross_check(entries, root_of, paths, approvals_folder, allowed)
    notes = [one for reading in readings for one in reading.findings]
    return Judgement(
        entries=tuple(entries),
        findings=shown,
        rejected=(
            *(Rejected(None, None, reading.path, reading.findings) for reading in refused),
            *(
                Rejected(entry.kind, entry.name, entry.path, causes_first(found), entry.references)
                for entry, found in zip(entries, shown, strict=True)
                if any_refuses(found)
            ),
        ),
        all_findings=causes_first([*notes, *(one for found in shown for one in found)]),
    )


def without_values(readings: Sequence[R], approvals_folder: str | None = None) -> list[R]:
    """Leave out files that documents name as values of packs: YAML too, and no documents.

    No document outside of `approvals_folder` makes a file inside of it one of these.
    """
    values = {
        path
        for reading in readings
        for entry in reading.entries
        if entry.references
        for path in entry.references.value_files
        if all(is_inside(own, approvals_folder) for own in entry.paths)
        or not is_inside(path, approvals_folder)
    }
    return [reading for reading in readings if reading.path not in values]
