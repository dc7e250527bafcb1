"""The part of an inspection that is about some intents: they, and what they refer to."""

from collections.abc import Mapping

from pairctl.spec import (
    Finding,
    IndexEntry,
    IntentSelection,
    MapNode,
    Node,
    Scalar,
    causes_first,
    locate,
)
from pairctl.validation.inspection import Inspection

_INTENT = "PairingIntent"


class Selected:
    """What is selected of an inspection. Raises PairctlError where a name is not known, or none is.

    All documents are judged, whatever is selected: what is said of the others is left out.
    """

    def __init__(self, inspection: Inspection, selection: IntentSelection) -> None:
        self._inspection = inspection
        known: dict[str, Mapping[str, str] | None] = {}
        for entry in inspection.entries:
            if entry.kind == _INTENT and entry.name:
                needs_labels = selection.selector is not None and entry.references is not None
                known[entry.name] = _labels(inspection.root_of(entry)) if needs_labels else None
        chosen = selection.chosen(known, "the folder")
        self._is_of_all = chosen is None
        self._wanted = {(_INTENT, name) for name in chosen or ()}
        self._sets = {
            (entry.row_of.path, entry.row_of.number)
            for entry in inspection.entries
            if entry.row_of and (entry.kind, entry.name) in self._wanted
        }
        for entry in inspection.entries:
            if (entry.kind, entry.name) in self._wanted and entry.references:
                self._wanted.add(("Palette", entry.references.palette))
                self._wanted.add(("ProfileMatch", entry.references.profile_match))

    def has(self, entry: IndexEntry) -> bool:
        """Whether a document is selected, or tied to one that is.

        Tied are what that refers to, the set that it is a row of, and its approvals.
        """
        if entry.row_of is None and (entry.path, entry.number) in self._sets:
            return True
        approves = entry.references and (_INTENT, entry.references.intent) in self._wanted
        return self._is_of_all or (entry.kind, entry.name) in self._wanted or bool(approves)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is said of what is selected, and of files that could not be read as a whole."""
        inspection = self._inspection
        if self._is_of_all:
            return inspection.findings
        judged = list(zip(inspection.entries, inspection.judgement.findings, strict=True))
        of_documents = {one for _, found in judged for one in found}
        of_files = [one for one in inspection.findings if one not in of_documents]
        mine = [one for entry, found in judged if self.has(entry) for one in found]
        return causes_first((*of_files, *mine))


def _labels(root: Node) -> dict[str, str]:
    labels = locate(root, ("metadata", "labels"))
    is_there = labels.key is not None and labels.key.text == "labels"
    if not is_there or not isinstance(labels.value, MapNode):
        return {}
    return {
        entry.key.text: entry.value.text
        for entry in labels.value.entries
        if isinstance(entry.value, Scalar)
    }
