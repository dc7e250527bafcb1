"""Which intents each rollout of a repository selects, from index entries alone. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pairctl.spec.document_index import IndexEntry, Labels, RolloutSelects
from pairctl.spec.selector import Requirement, are_met

Members = Mapping[Labels, Sequence[str]]
"""Names of intents, by the labels that they share."""


def members_of(
    rollouts: Mapping[int, RolloutSelects], entries: Iterable[IndexEntry]
) -> dict[int, Members]:
    """Return the intents that each rollout selects, of those that want to be paired."""
    by_labels: dict[Labels, list[str]] = defaultdict(list)
    for entry in entries:
        references = entry.references
        if entry.kind == "PairingIntent" and entry.name and references and references.is_pairing:
            by_labels[references.labels].append(entry.name)
    return {
        index: {labels: names for labels, names in by_labels.items() if _has(labels, one.select)}
        for index, one in rollouts.items()
    }


def in_several(members: Mapping[int, Members]) -> dict[str, list[int]]:
    """Return the intents that several rollouts select, each with the indexes of these."""
    found: dict[str, list[int]] = defaultdict(list)
    for index, of in members.items():
        for names in of.values():
            for name in names:
                found[name].append(index)
    return {name: indexes for name, indexes in found.items() if len(indexes) > 1}


def empty_waves(selects: RolloutSelects, members: Members) -> list[int]:
    """Return the waves, from 0, that select none of the members that no wave before selects."""
    left, empty = list(members), []
    for number, (_, select) in enumerate(selects.waves):
        if select is None:
            continue
        found = [labels for labels in left if _has(labels, select)]
        left = [labels for labels in left if labels not in found]
        if not found:
            empty.append(number)
    return empty


def _has(labels: Labels, select: Sequence[Requirement]) -> bool:
    return are_met(select, dict(labels))
