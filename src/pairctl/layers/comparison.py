"""A stack and a selection side by side, layer by layer, for people."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pairctl.layers.difference import Brought, Match
from pairctl.layers.stack import Layer, Stack


class Verdict(StrEnum):
    """How one layer of the cluster and one of the selection stand to each other."""

    SAME = "same"
    WRONG_VERSION = "wrong version"
    MISSING = "missing"
    EXTRA = "extra"
    MATCHED_TWICE = "matched twice"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison. `local` is None for what only the selection has, and so on."""

    local: Layer | None
    selected: Layer | None
    profile: str
    verdict: Verdict


def side_by_side(local: Stack, verdict: Match) -> tuple[Row, ...]:
    """Return one row a layer: the cluster's in order, then what only the selection brings."""
    return (*_local_rows(local, verdict), *_extra_rows(verdict))


def _local_rows(local: Stack, verdict: Match) -> Iterator[Row]:
    """Return a row for each layer: the cluster's in order, then what only the selection has."""
    brought: dict[Layer, list[str]] = defaultdict(list)
    for profile in verdict.selection:
        for layer in profile.layers:
            brought[layer].append(str(profile))
    wrong: dict[Layer, list[Brought]] = defaultdict(list)
    for item in verdict.difference.wrong_version:
        wrong[item.local].append(item.brought)
    left = Counter(local)
    for layer in local:
        left[layer] -= 1
        yield _local_row(layer, brought[layer], wrong[layer], is_last=not left[layer])


def _local_row(layer: Layer, brought: list[str], wrong: list[Brought], *, is_last: bool) -> Row:
    if is_last and len(brought) > 1:
        return Row(layer, layer, " and ".join(brought), Verdict.MATCHED_TWICE)
    if brought:
        return Row(layer, layer, brought.pop(0), Verdict.SAME)
    if wrong:
        other = wrong.pop(0)
        return Row(layer, other.layer, other.profile, Verdict.WRONG_VERSION)
    return Row(layer, None, "", Verdict.MISSING)


def _extra_rows(verdict: Match) -> Iterator[Row]:
    for item in verdict.difference.extra:
        yield Row(None, item.layer, item.profile, Verdict.EXTRA)
