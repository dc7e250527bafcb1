"""All documents by what others look for, and what is said of one before its place is known."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pairctl.spec.codes import Code
from pairctl.spec.document_index import IndexEntry
from pairctl.spec.findings import Severity, any_refuses
from pairctl.spec.guarded import is_stray
from pairctl.spec.kinds import KINDS
from pairctl.spec.nodes import Path

MOST_NAMED = 3
"""How many documents, or names, a message shows of many."""


@dataclass(frozen=True, slots=True)
class DocumentIndex:
    """All index entries of a repository, in the order of files and lines, and who has which name.

    `refused_files` are those that could not be read: a name that is missing may stand in them.
    `palettes_of` are the Palettes that the matches of a name are for, each once. Approvals outside
    of `approvals_folder`, where one is named, have no name and approve nothing. `unnamed` are the
    first refused documents by kind and name, where only one of them, or neither, is known. `sets`
    are the indexes of sets, by the file and the number of their document.
    """

    entries: Sequence[IndexEntry]
    refused_files: Sequence[str]
    by_name: Mapping[tuple[str, str], Sequence[int]]
    names_of: Mapping[str, Sequence[str]]
    palettes_of: Mapping[str, Sequence[str]]
    approvals_folder: str | None = None
    unnamed: Mapping[tuple[str, str], IndexEntry] = field(default_factory=dict)
    sets: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def is_stray(self, entry: IndexEntry) -> bool:
        """Whether an entry is of an approval that does not count where it stands."""
        return is_stray(entry.kind, entry.path, self.approvals_folder)


class Draft(NamedTuple):
    """What is wrong with the entry at this index, about a field whose place is not looked up yet.

    `instead` is what may stand there, where that is certain. `may_follow`: what is missing may
    stand in what is refused.
    """

    entry: int
    field: Path
    code: Code
    message: str
    hint: str
    instead: str = ""
    severity: Severity = Severity.ERROR
    may_follow: bool = False


def indexed(
    entries: Sequence[IndexEntry], refused_files: Sequence[str], approvals_folder: str | None
) -> DocumentIndex:
    """Return entries, in the order of files and lines, by what is looked for in them."""
    by_name = _by_name(entries, approvals_folder)
    names_of = {kind: sorted(name for of, name in by_name if of == kind) for kind in KINDS}
    palettes_of: dict[str, dict[str, None]] = defaultdict(dict)
    for entry in entries:
        if entry.kind == "ProfileMatch" and entry.name and entry.references:
            palettes_of[entry.name][entry.references.palette] = None
    by_match = {name: tuple(palettes) for name, palettes in palettes_of.items()}
    unnamed: dict[tuple[str, str], IndexEntry] = {}
    for entry in entries:
        if entry.kind == "PairingIntentSet" and any_refuses(entry.findings):
            unnamed.setdefault(("PairingIntent", ""), entry)  # it may be one of its rows
        kind = entry.kind if entry.kind in KINDS else ""
        if not (kind and entry.name):
            unnamed.setdefault((kind or "", entry.name or ""), entry)
    sets = {
        (entry.path, entry.number): index
        for index, entry in enumerate(entries)
        if entry.kind == "PairingIntentSet"
    }
    return DocumentIndex(
        entries, refused_files, by_name, names_of, by_match, approvals_folder, unnamed, sets
    )


def _by_name(
    entries: Sequence[IndexEntry], approvals_folder: str | None
) -> Mapping[tuple[str, str], Sequence[int]]:
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        if entry.kind and entry.name and not is_stray(entry.kind, entry.path, approvals_folder):
            by_name[entry.kind, entry.name].append(index)
    return by_name
