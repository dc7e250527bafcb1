"""Names that a document refers to, and that nothing declares, or something refused does."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from pairctl.spec.codes import Code
from pairctl.spec.cross_checks.index import MOST_NAMED, DocumentIndex, Draft
from pairctl.spec.document_index import IndexEntry, References, RowPlace
from pairctl.spec.nodes import Path
from pairctl.spec.templates import TEMPLATE
from pairctl.spec.wording import as_yaml, listed, nearest, nearest_word, shown


def broken_references(
    index: int, entry: IndexEntry, documents: DocumentIndex, refused: AbstractSet[int]
) -> Iterator[Draft]:
    """Yield what is wrong with the names that a document refers to.

    Of a row, those that its set names for all rows are told once, at the set.
    """
    if entry.row_of:
        yield from _refused_set(index, entry.row_of, documents, refused)
    references, of_set = entry.references, _set_of(entry, documents)
    if references is None:
        return
    at = (*TEMPLATE, "spec") if entry.kind == "PairingIntentSet" else ("spec",)
    if references.palette and not of_set.palette:
        place = (*at, "palette")
        yield from _reference(index, place, "Palette", references.palette, documents, refused)
    if (name := references.profile_match) and not of_set.profile_match:
        place = (*at, "profileMatch")
        yield from _reference(index, place, "ProfileMatch", name, documents, refused)
    if references.profile_match and not (of_set.palette and of_set.profile_match):
        yield from _other_palette(index, (*at, "profileMatch"), references, documents)
    if references.intent:
        place = (*at, "intent")
        yield from _reference(index, place, "PairingIntent", references.intent, documents, refused)
    if references.rollout:
        place = (*at, "rollout")
        yield from _reference(index, place, "Rollout", references.rollout, documents, refused)
        yield from _wave(index, (*at, "wave"), references, documents)


def _wave(
    index: int, place: Path, references: References, documents: DocumentIndex
) -> Iterator[Draft]:
    """Yield the wave of an approval, where its rollout is there and has none of this name."""
    indexes = documents.by_name.get(("Rollout", references.rollout), ())
    selects = [
        found.selects for one in indexes if (found := documents.entries[one].references) is not None
    ]
    names = [name for one in selects if one for name, _ in one.waves]
    if not names or references.wave in names:
        return
    message = f"the Rollout `{references.rollout}` has no wave `{references.wave}`"
    hint = nearest(references.wave, names) or f"its waves are {listed(names)}"
    instead = as_yaml(nearest_word(references.wave, names))
    yield Draft(index, place, Code.UNKNOWN_WAVE, message, hint, instead)


def _set_of(entry: IndexEntry, documents: DocumentIndex) -> References:
    index = documents.sets.get(entry.row_of[:2]) if entry.row_of else None
    return (index is not None and documents.entries[index].references) or References()


def _refused_set(
    index: int, row: RowPlace, documents: DocumentIndex, refused: AbstractSet[int]
) -> Iterator[Draft]:
    of = documents.sets[row.path, row.number]
    if of in refused:
        entry = documents.entries[of]
        message = f"the PairingIntentSet `{shown(entry.name or '')}` of this row is refused itself"
        hint = f"mend it first: {entry.path}:{entry.span.line}"
        yield Draft(index, (), Code.REFERS_TO_REJECTED, message, hint)


def _reference(
    index: int,
    place: Path,
    kind: str,
    name: str,
    documents: DocumentIndex,
    refused: AbstractSet[int],
) -> Iterator[Draft]:
    indexes = documents.by_name.get((kind, name), ())
    if not indexes:
        message = f"there is no {kind} `{name}`"
        suggestion = nearest(name, documents.names_of[kind])
        elsewhere = "" if suggestion else _where_it_may_be(kind, name, documents)
        hint = suggestion or elsewhere
        hint = hint or f"declare the {kind}{_or_one_of(documents.names_of[kind])}"
        instead = as_yaml(nearest_word(name, documents.names_of[kind]))
        code, follows = Code.UNKNOWN_REFERENCE, bool(elsewhere)
        yield Draft(index, place, code, message, hint, instead, may_follow=follows)
    elif not refused.isdisjoint(indexes):
        other = documents.entries[indexes[0]]
        message = f"the {kind} `{name}` is refused itself"
        hint = f"mend it first: {other.path}:{other.span.line}"
        yield Draft(index, place, Code.REFERS_TO_REJECTED, message, hint)


def _where_it_may_be(kind: str, name: str, documents: DocumentIndex) -> str:
    """Say in what is refused a name may stand that nothing declares; empty where nothing is."""
    for key in ((kind, ""), ("", name), ("", "")):
        if entry := documents.unnamed.get(key):
            return f"it may be the document that is refused: {entry.path}:{entry.span.line}"
    if documents.refused_files:
        return f"it may stand in a file that cannot be read: {documents.refused_files[0]}"
    return ""


def _or_one_of(names: Sequence[str]) -> str:
    """Name those that are declared; where they are many, say only that there are some."""
    if not names:
        return ""
    which = f": {listed(names)}" if len(names) <= MOST_NAMED else ""
    return f", or name one that is declared{which}"


def _other_palette(
    index: int, place: Path, references: References, documents: DocumentIndex
) -> Iterator[Draft]:
    if not references.palette or ("Palette", references.palette) not in documents.by_name:
        return
    palettes = documents.palettes_of.get(references.profile_match, ())
    other = next((palette for palette in palettes if palette != references.palette), None)
    if other is not None:
        message = f"the match is for the Palette `{other}`, not `{references.palette}`"
        hint = "choose a match of the intent's own Palette"
        yield Draft(index, place, Code.PALETTE_MISMATCH, message, hint)
