"""Documents against each other: names, targets, references. The order of files changes nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from pairctl.spec.codes import Code
from pairctl.spec.document_index import IndexEntry, References, RowPlace
from pairctl.spec.findings import Finding, Severity, any_refuses, finding
from pairctl.spec.guarded import is_stray
from pairctl.spec.kinds import KINDS
from pairctl.spec.nodes import Node, Path, locate
from pairctl.spec.rollout_members import empty_waves, in_several, members_of
from pairctl.spec.secret_roles import (
    ANY_ROLES,
    RolesOf,
    SecretRole,
    UsedSecret,
    in_words,
    refused_roles,
    roles_by_secret,
)
from pairctl.spec.templates import TEMPLATE
from pairctl.spec.wording import as_yaml, listed, nearest, nearest_word, shown, snippet

_MOST_NAMED = 3
_REFERRING = (
    "ProfileMatch",
    "PairingIntentSet",
    "PairingIntent",
    "PairingApproval",
    "RolloutApproval",
)
"""The kinds that refer to others, each only to kinds before it."""


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


class _Draft(NamedTuple):
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


def cross_check(
    entries: Sequence[IndexEntry],
    root_of: Callable[[IndexEntry], Node],
    refused_files: Sequence[str] = (),
    approvals_folder: str | None = None,
    allowed: RolesOf = ANY_ROLES,
) -> tuple[tuple[Finding, ...], ...]:
    """Return what is wrong with each document, its own findings included, in their order.

    A document that refers to a refused one is refused as well. `root_of` reads a file anew: it is
    asked in the order of the entries, so that a file is read once however much is wrong with it.
    `allowed` is what the operator's file lets secrets serve as.
    """
    documents = _indexed(entries, refused_files, approvals_folder)
    drafts = (
        *_errors(documents, allowed),
        *_same_acknowledgements(documents),
        *_same_fingerprints(documents),
    )
    found = [list(entry.findings) for entry in entries]
    for one in sorted(drafts, key=lambda one: one.entry):
        entry = entries[one.entry]
        span = locate(root_of(entry), one.field).value_span
        found[one.entry].append(
            finding(
                entry.path,
                span,
                one.code,
                one.message,
                one.hint,
                severity=one.severity,
                replacement=one.instead,
                may_follow=one.may_follow,
            )
        )
    return tuple(map(tuple, found))


def _indexed(
    entries: Sequence[IndexEntry], refused_files: Sequence[str], approvals_folder: str | None
) -> DocumentIndex:
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


def _errors(documents: DocumentIndex, allowed: RolesOf) -> list[_Draft]:
    drafts = [
        *_duplicate_names(documents),
        *_duplicate_targets(documents),
        *_duplicate_approvals(documents),
        *_names_in_other_case(documents),
        *_operators(documents),
        *_rollouts(documents),
        *_secret_roles(documents, allowed),
    ]
    refused = {
        index for index, entry in enumerate(documents.entries) if any_refuses(entry.findings)
    }
    refused.update(one.entry for one in drafts)
    for kind in _REFERRING:
        more = [
            one
            for index, entry in enumerate(documents.entries)
            if entry.kind == kind and (entry.references is not None or entry.row_of)
            for one in _references(index, entry, documents, refused)
        ]
        drafts += more
        refused.update(one.entry for one in more)
    return drafts


def _by_name(
    entries: Sequence[IndexEntry], approvals_folder: str | None
) -> Mapping[tuple[str, str], Sequence[int]]:
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        if entry.kind and entry.name and not is_stray(entry.kind, entry.path, approvals_folder):
            by_name[entry.kind, entry.name].append(index)
    return by_name


# ── two documents for one thing: both are refused ────────────────────────────────────────────────


def _duplicate_names(documents: DocumentIndex) -> Iterator[_Draft]:
    for (kind, name), indexes in documents.by_name.items():
        if len(indexes) == 1:  # nearly all are: nothing is put into words for them
            continue
        message = f"the {shown(kind)} `{shown(name)}` is declared {len(indexes)} times"
        field = ("metadata", "name")
        yield from _all_of(documents, indexes, field, Code.DUPLICATE_NAME, message)


def _names_in_other_case(documents: DocumentIndex) -> Iterator[_Draft]:
    """Yield names that only their case tells from others: those that are not in lower case."""
    for (kind, name), indexes in documents.by_name.items():
        others = documents.by_name.get((kind, name.lower()), ()) if name != name.lower() else ()
        for index in indexes if others else ():
            other = documents.entries[others[0]]
            same = f"the {shown(kind)} `{shown(name.lower())}`"
            message = f"`{shown(name)}` differs from {same} only in case"
            hint = f"give it another name; the other is in {other.path}:{other.span.line}"
            field = ("metadata", "name")
            yield _Draft(index, field, Code.NAME_DIFFERS_IN_CASE, message, hint)


def _duplicate_targets(documents: DocumentIndex) -> Iterator[_Draft]:
    """Tell of several intents about one thing, once for those that share several hosts."""
    targets: dict[tuple[str, str], dict[int, Path]] = defaultdict(dict)
    for index, entry in enumerate(documents.entries):
        for target in entry.references.targets if entry.references else ():
            targets[target.what, target.identity][index] = target.field
    groups = {(what, *of): of for (what, _), of in targets.items() if len(of) > 1}
    for (what, *_), fields in groups.items():
        message = f"{len(fields)} intents are about the same {what}, so none of them is followed"
        for draft in _all_of(documents, tuple(fields), (), Code.DUPLICATE_TARGET, message):
            yield draft._replace(field=fields[draft.entry])


def _duplicate_approvals(documents: DocumentIndex) -> Iterator[_Draft]:
    """Tell of several approvals for one intent: which of them counts nobody could say."""
    approvals: dict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(documents.entries):
        if entry.references and entry.references.intent and not documents.is_stray(entry):
            approvals[entry.references.intent].append(index)
    for name, indexes in approvals.items():
        message = f"{len(indexes)} approvals are for the intent `{name}`"
        field = ("spec", "intent")
        yield from _all_of(documents, indexes, field, Code.DUPLICATE_APPROVAL, message)


def _same_acknowledgements(documents: DocumentIndex) -> Iterator[_Draft]:
    """Warn of a copy that acknowledges the cluster of another intent: nobody thought of its own.

    It refuses nothing: accepting waits in any case until the name is that of the cluster.
    """
    by_cluster: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, entry in enumerate(documents.entries):
        if entry.references and entry.references.acknowledged:
            by_cluster[entry.references.palette, entry.references.acknowledged].append(index)
    field = ("spec", "acknowledge", "centralManagementOnly")
    for (_, cluster), indexes in by_cluster.items():
        if len(indexes) == 1:
            continue
        message = f"{len(indexes)} intents acknowledge the cluster `{shown(cluster)}`"
        advice = "acknowledge the intent's own cluster, by its name"
        code = Code.SAME_ACKNOWLEDGEMENT
        for one in _all_of(documents, indexes, field, code, message, advice):
            yield one._replace(severity=Severity.WARNING)


def _same_fingerprints(documents: DocumentIndex) -> Iterator[_Draft]:
    """Warn of rows whose hosts are pinned to one certificate: a copy, or a key of several hosts.

    It refuses nothing: a host that has another certificate is not talked to in any case.
    """
    pinned: dict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(documents.entries):
        references = entry.references if entry.row_of else None
        for fingerprint in dict.fromkeys(references.fingerprints if references else ()):
            pinned[fingerprint].append(index)
    for indexes in pinned.values():
        message = f"{len(indexes)} rows pin their hosts to the same certificate"
        advice = "pin each host to its own; where they share a key, one can pose as the other"
        field, code = ("spec", "localUI", "tls", "fingerprint"), Code.SAME_FINGERPRINT
        for one in _all_of(documents, indexes, field, code, message, advice):
            yield one._replace(severity=Severity.WARNING)


def _all_of(
    documents: DocumentIndex,
    indexes: Sequence[int],
    field: Path,
    code: Code,
    message: str,
    advice: str = "keep one of them",
) -> Iterator[_Draft]:
    """Yield one error for each of the documents, which names the others; none for one alone."""
    if len(indexes) == 1:
        return
    for index in indexes:
        others = islice((other for other in indexes if other != index), _MOST_NAMED)
        places = [documents.entries[other] for other in others]
        where = listed(f"{other.path}:{other.span.line}" for other in places)
        rest = " and elsewhere" if len(indexes) > _MOST_NAMED + 1 else ""
        hint = f"{advice}; the other is in {where}{rest}"
        yield _Draft(index, field, code, message, hint)


def _operators(documents: DocumentIndex) -> Iterator[_Draft]:
    for index, entry in enumerate(documents.entries):
        if entry.kind == "Operator" and entry.references is not None:
            message = "the operator's file lies where pull requests can change it"
            hint = "keep it on the machine that runs pairctl, and name it with --operator"
            yield _Draft(index, ("kind",), Code.OPERATOR_IN_REPOSITORY, message, hint)


# ── what rollouts select ─────────────────────────────────────────────────────────────────────────


def _rollouts(documents: DocumentIndex) -> Iterator[_Draft]:
    """Yield rollouts that select the same intents, and waves that select none.

    While intents cannot be read no wave is said to be empty: they may be in it.
    """
    rollouts = {
        index: entry.references.selects
        for index, entry in enumerate(documents.entries)
        if entry.references and entry.references.selects
    }
    if not rollouts:
        return
    members = members_of(rollouts, documents.entries)
    together: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, indexes in in_several(members).items():
        for index in indexes:
            for other in indexes:
                if other != index:
                    together[index][other].append(name)
    for index, others in together.items():
        yield from _selects_of_another(index, others, documents)
    if documents.refused_files or documents.unnamed or _has_refused_intents(documents):
        return
    for index, selects in rollouts.items():
        for number in empty_waves(selects, members[index]):
            name = shown(selects.waves[number][0])
            message = f"the wave `{name}` selects no intent that is in no wave before it"
            hint = "check its labels, and those of the rollout; or leave the wave out"
            place = ("spec", "waves", number, "select")
            yield _Draft(index, place, Code.EMPTY_WAVE, message, hint)


def _selects_of_another(
    index: int, others: Mapping[int, Sequence[str]], documents: DocumentIndex
) -> Iterator[_Draft]:
    for other, names in others.items():
        entry, first = documents.entries[other], sorted(names)[:_MOST_NAMED]
        more = f" and {len(names) - len(first)} more" if len(names) > len(first) else ""
        which = f"{listed(f'`{shown(name)}`' for name in first)}{more}"
        message = f"the Rollout `{shown(entry.name or '')}` selects {which} as well"
        hint = f"let one of them select each intent; the other is in {entry.path}:{entry.span.line}"
        yield _Draft(index, ("spec", "select"), Code.IN_SEVERAL_ROLLOUTS, message, hint)


def _has_refused_intents(documents: DocumentIndex) -> bool:
    kinds = ("PairingIntent", "PairingIntentSet")
    return any(any_refuses(one.findings) for one in documents.entries if one.kind in kinds)


# ── secrets that serve as two things ─────────────────────────────────────────────────────────────


def _secret_roles(documents: DocumentIndex, allowed: RolesOf) -> Iterator[_Draft]:
    """Yield where a secret is named as what it may not be, by what it is elsewhere.

    Of a secret whose roles the operator's file tells, that is asked when it is to be sent.
    """
    roles = roles_by_secret(used for entry in documents.entries for used in entry.secrets)
    refused = {
        name: refused_roles(found) if name not in allowed else frozenset()
        for name, found in roles.items()
    }
    if not any(refused.values()):
        return
    places = _first_places(documents)
    for index, entry in enumerate(documents.entries):
        for used in entry.secrets:
            if used.role in refused[used.name]:
                yield _refused_role(index, used, places)


def _first_places(documents: DocumentIndex) -> Mapping[tuple[str, SecretRole], IndexEntry]:
    places: dict[tuple[str, SecretRole], IndexEntry] = {}
    for entry in documents.entries:
        for used in entry.secrets:
            places.setdefault((used.name, used.role), entry)
    return places


def _refused_role(
    index: int, used: UsedSecret, places: Mapping[tuple[str, SecretRole], IndexEntry]
) -> _Draft:
    roles = [role for role in SecretRole if (used.name, role) in places]
    other = next(role for role in roles if role is not used.role)
    entry, here = places[used.name, other], in_words(used.role)
    message = (
        f"the secret `{shown(used.name)}` is {here} here, and {in_words(other)} in "
        f"{entry.path}:{entry.span.line}"
    )
    hint = (
        f"name a secret of its own for {here}; one that is meant to serve as both has "
        f"{snippet({'use': roles})} under its name in `secrets` of the operator's file"
    )
    return _Draft(index, used.field, Code.SECRET_ROLES, message, hint)


# ── references ───────────────────────────────────────────────────────────────────────────────────


def _references(
    index: int, entry: IndexEntry, documents: DocumentIndex, refused: AbstractSet[int]
) -> Iterator[_Draft]:
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
) -> Iterator[_Draft]:
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
    yield _Draft(index, place, Code.UNKNOWN_WAVE, message, hint, instead)


def _set_of(entry: IndexEntry, documents: DocumentIndex) -> References:
    index = documents.sets.get(entry.row_of[:2]) if entry.row_of else None
    return (index is not None and documents.entries[index].references) or References()


def _refused_set(
    index: int, row: RowPlace, documents: DocumentIndex, refused: AbstractSet[int]
) -> Iterator[_Draft]:
    of = documents.sets[row.path, row.number]
    if of in refused:
        entry = documents.entries[of]
        message = f"the PairingIntentSet `{shown(entry.name or '')}` of this row is refused itself"
        hint = f"mend it first: {entry.path}:{entry.span.line}"
        yield _Draft(index, (), Code.REFERS_TO_REJECTED, message, hint)


def _reference(
    index: int,
    place: Path,
    kind: str,
    name: str,
    documents: DocumentIndex,
    refused: AbstractSet[int],
) -> Iterator[_Draft]:
    indexes = documents.by_name.get((kind, name), ())
    if not indexes:
        message = f"there is no {kind} `{name}`"
        suggestion = nearest(name, documents.names_of[kind])
        elsewhere = "" if suggestion else _where_it_may_be(kind, name, documents)
        hint = suggestion or elsewhere
        hint = hint or f"declare the {kind}{_or_one_of(documents.names_of[kind])}"
        instead = as_yaml(nearest_word(name, documents.names_of[kind]))
        code, follows = Code.UNKNOWN_REFERENCE, bool(elsewhere)
        yield _Draft(index, place, code, message, hint, instead, may_follow=follows)
    elif not refused.isdisjoint(indexes):
        other = documents.entries[indexes[0]]
        message = f"the {kind} `{name}` is refused itself"
        hint = f"mend it first: {other.path}:{other.span.line}"
        yield _Draft(index, place, Code.REFERS_TO_REJECTED, message, hint)


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
    which = f": {listed(names)}" if len(names) <= _MOST_NAMED else ""
    return f", or name one that is declared{which}"


def _other_palette(
    index: int, place: Path, references: References, documents: DocumentIndex
) -> Iterator[_Draft]:
    if not references.palette or ("Palette", references.palette) not in documents.by_name:
        return
    palettes = documents.palettes_of.get(references.profile_match, ())
    other = next((palette for palette in palettes if palette != references.palette), None)
    if other is not None:
        message = f"the match is for the Palette `{other}`, not `{references.palette}`"
        hint = "choose a match of the intent's own Palette"
        yield _Draft(index, place, Code.PALETTE_MISMATCH, message, hint)
