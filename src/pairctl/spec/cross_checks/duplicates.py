"""Two documents for one thing: both are refused, or warned of where nothing follows from it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from pairctl.spec.codes import Code
from pairctl.spec.cross_checks.index import MOST_NAMED, DocumentIndex, Draft
from pairctl.spec.findings import Severity
from pairctl.spec.nodes import Path
from pairctl.spec.wording import listed, shown


def duplicate_names(documents: DocumentIndex) -> Iterator[Draft]:
    """Tell of several documents of one kind and name."""
    for (kind, name), indexes in documents.by_name.items():
        if len(indexes) == 1:  # nearly all are: nothing is put into words for them
            continue
        message = f"the {shown(kind)} `{shown(name)}` is declared {len(indexes)} times"
        field = ("metadata", "name")
        yield from _all_of(documents, indexes, field, Code.DUPLICATE_NAME, message)


def names_in_other_case(documents: DocumentIndex) -> Iterator[Draft]:
    """Yield names that only their case tells from others: those that are not in lower case."""
    for (kind, name), indexes in documents.by_name.items():
        others = documents.by_name.get((kind, name.lower()), ()) if name != name.lower() else ()
        for index in indexes if others else ():
            other = documents.entries[others[0]]
            same = f"the {shown(kind)} `{shown(name.lower())}`"
            message = f"`{shown(name)}` differs from {same} only in case"
            hint = f"give it another name; the other is in {other.path}:{other.span.line}"
            field = ("metadata", "name")
            yield Draft(index, field, Code.NAME_DIFFERS_IN_CASE, message, hint)


def duplicate_targets(documents: DocumentIndex) -> Iterator[Draft]:
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


def duplicate_approvals(documents: DocumentIndex) -> Iterator[Draft]:
    """Tell of several approvals for one intent: which of them counts nobody could say."""
    approvals: dict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(documents.entries):
        if entry.references and entry.references.intent and not documents.is_stray(entry):
            approvals[entry.references.intent].append(index)
    for name, indexes in approvals.items():
        message = f"{len(indexes)} approvals are for the intent `{name}`"
        field = ("spec", "intent")
        yield from _all_of(documents, indexes, field, Code.DUPLICATE_APPROVAL, message)


def same_acknowledgements(documents: DocumentIndex) -> Iterator[Draft]:
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


def same_fingerprints(documents: DocumentIndex) -> Iterator[Draft]:
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
) -> Iterator[Draft]:
    """Yield one error for each of the documents, which names the others; none for one alone."""
    if len(indexes) == 1:
        return
    for index in indexes:
        others = islice((other for other in indexes if other != index), MOST_NAMED)
        places = [documents.entries[other] for other in others]
        where = listed(f"{other.path}:{other.span.line}" for other in places)
        rest = " and elsewhere" if len(indexes) > MOST_NAMED + 1 else ""
        hint = f"{advice}; the other is in {where}{rest}"
        yield Draft(index, field, code, message, hint)
