"""A stack and a selection side by side, layer by layer, for people."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from pairctl.layers.difference import Brought, Match, pack_of
from pairctl.layers.resemblance import look_alikes
from pairctl.layers.stack import PACK_TYPES, Layer, Stack


class Verdict(StrEnum):
    """How one layer of the cluster and one of the selection stand to each other."""

    SAME = "same"
    WRONG_VERSION = "wrong version"
    MISSING = "missing"
    EXTRA = "extra"
    MATCHED_TWICE = "matched twice"
    OTHER_TYPE = "other type"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison. `local` is None for what only the selection has, and so on.

    `note` says more of a verdict that is hard to see.
    """

    local: Layer | None
    selected: Layer | None
    profile: str
    verdict: Verdict
    note: str = ""


def side_by_side(local: Stack, verdict: Match) -> tuple[Row, ...]:
    """Return one row a layer: the cluster's in order, then what only the selection brings."""
    extra = (Row(None, it.layer, it.profile, Verdict.EXTRA) for it in verdict.difference.extra)
    rows = (*_local_rows(local, verdict), *extra)
    return tuple(_noted(rows, verdict))


def _noted(rows: Iterable[Row], verdict: Match) -> Iterator[Row]:
    """Say more where two rows, or the two sides of one, differ in what is hardly seen."""
    notes: dict[tuple[Verdict, Layer], list[str]] = defaultdict(list)
    for alike in look_alikes(verdict.difference):
        one, other = alike.local, alike.brought.layer
        if pack_of(one) == pack_of(other):
            notes[Verdict.WRONG_VERSION, one].append(alike.differs_in)
        else:
            notes[Verdict.MISSING, one].append(f"it is not {other}: {alike.differs_in}")
            notes[Verdict.EXTRA, other].append(f"it is not {one}: {alike.differs_in}")
    for item in verdict.difference.other_type:
        sides = (item.local.type, item.brought.layer.type)
        notes[Verdict.OTHER_TYPE, item.local].append(" and ".join(PACK_TYPES[it] for it in sides))
    for row in rows:
        layer = row.local or row.selected
        left = notes.get((row.verdict, layer)) if layer else None
        yield replace(row, note=left.pop(0)) if left else row


def _local_rows(local: Stack, verdict: Match) -> Iterator[Row]:
    """Return a row for each layer: the cluster's in order, then what only the selection has."""
    brought: dict[Layer, list[str]] = defaultdict(list)
    for profile in verdict.selection:
        for layer in profile.layers:
            brought[layer].append(str(profile))
    wrong: dict[Layer, list[Brought]] = defaultdict(list)
    for item in verdict.difference.wrong_version:
        wrong[item.local].append(item.brought)
    other = Counter(item.local for item in verdict.difference.other_type)
    left = Counter(local)
    for layer in local:
        left[layer] -= 1
        row = _local_row(layer, brought[layer], wrong[layer], is_last=not left[layer])
        if row.verdict is Verdict.SAME and other[layer] > left[layer]:
            row = replace(row, verdict=Verdict.OTHER_TYPE)
        yield row


def _local_row(layer: Layer, brought: list[str], wrong: list[Brought], *, is_last: bool) -> Row:
    if is_last and len(brought) > 1:
        return Row(layer, layer, " and ".join(brought), Verdict.MATCHED_TWICE)
    if brought:
        return Row(layer, layer, brought.pop(0), Verdict.SAME)
    if wrong:
        other = wrong.pop(0)
        return Row(layer, other.layer, other.profile, Verdict.WRONG_VERSION)
    return Row(layer, None, "", Verdict.MISSING)
