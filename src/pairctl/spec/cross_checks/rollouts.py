"""What rollouts select: no intent in two of them, and no wave without any."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pairctl.spec.codes import Code
from pairctl.spec.cross_checks.index import MOST_NAMED, DocumentIndex, Draft
from pairctl.spec.cross_checks.rollout_members import empty_waves, in_several, members_of
from pairctl.spec.findings import any_refuses
from pairctl.spec.wording import listed, shown


def overlapping_rollouts(documents: DocumentIndex) -> Iterator[Draft]:
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
            yield Draft(index, place, Code.EMPTY_WAVE, message, hint)


def _selects_of_another(
    index: int, others: Mapping[int, Sequence[str]], documents: DocumentIndex
) -> Iterator[Draft]:
    for other, names in others.items():
        entry, first = documents.entries[other], sorted(names)[:MOST_NAMED]
        more = f" and {len(names) - len(first)} more" if len(names) > len(first) else ""
        which = f"{listed(f'`{shown(name)}`' for name in first)}{more}"
        message = f"the Rollout `{shown(entry.name or '')}` selects {which} as well"
        hint = f"let one of them select each intent; the other is in {entry.path}:{entry.span.line}"
        yield Draft(index, ("spec", "select"), Code.IN_SEVERAL_ROLLOUTS, message, hint)


def _has_refused_intents(documents: DocumentIndex) -> bool:
    kinds = ("PairingIntent", "PairingIntentSet")
    return any(any_refuses(one.findings) for one in documents.entries if one.kind in kinds)
