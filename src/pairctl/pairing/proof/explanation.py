"""A match that does not hold, told to people: what differs, and what would make it match."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from pairctl.layers import (
    PACK_TYPES,
    Brought,
    Layer,
    LookAlike,
    Match,
    MatchedTwice,
    OtherType,
    look_alikes,
    visible,
)
from pairctl.problem import Problem

MOST_SHOWN = 5
"""How many differences, or layers, a message tells; `explain` shows all of them."""


def mismatch(verdict: Match) -> Problem:
    """Say why a selection is no exact match, and what would make it one."""
    if verdict.objections:
        return Problem(
            "SelectionInvalid",
            "; ".join(verdict.objections),
            "select one infra or one full profile, and any number of add-ons, each once",
        )
    sentences = list(dict.fromkeys(_sentences(verdict)))
    words = "; ".join(islice(sentences, MOST_SHOWN))
    more = f"; and {len(sentences) - MOST_SHOWN} more" if len(sentences) > MOST_SHOWN else ""
    return Problem("LayersDiffer", words + more, _repair(verdict))


def what_would_match(verdict: Match) -> str:
    """Name the one thing that is waited for first."""
    difference = verdict.difference
    wanted = [item.local for item in difference.wrong_version] + list(difference.missing)
    if wanted:
        return f"layer {wanted[0]} in a latest profile version"
    if difference.extra:
        return f"a selection without layer {difference.extra[0].layer}"
    if difference.other_type:
        return f"layer {difference.other_type[0].local} of the cluster's own type"
    return "a selection that matches every layer once"


def with_explain(problem: Problem, intent: str) -> Problem:
    """Name the command that shows the nearest selection, where a search found none that matches."""
    if problem.reason != "NoExactMatch":
        return problem
    hint = f"{problem.hint}; `pairctl explain {intent}` shows the nearest"
    return replace(problem, hint=hint)


def some(layers: Sequence[Layer]) -> str:
    """Return the first few layers, and how many more there are."""
    shown = ", ".join(map(str, layers[:MOST_SHOWN]))
    left = len(layers) - MOST_SHOWN
    return f"{shown} and {left} more" if left > 0 else shown


def _sentences(verdict: Match) -> Iterator[str]:
    difference = verdict.difference
    alike = look_alikes(difference)
    yield from map(_hardly_seen, alike)
    seen = Counter(one.local for one in alike)
    words = Counter(one.brought for one in alike)
    for wrong in difference.wrong_version:
        if not _drop(seen, wrong.local):
            yield (
                f"{wrong.local.name} is {_version(wrong.local)} in the cluster "
                f"and {_version(wrong.brought.layer)} in {wrong.brought.profile}"
            )
    for layer in difference.missing:
        if _drop(seen, layer):
            continue
        counterpart = next(
            (item for item in difference.extra if _is_counterpart(layer, item)), None
        )
        if counterpart:
            words[counterpart] += 1
        yield _lacking(layer, counterpart, verdict)
    for extra in difference.extra:
        if not _drop(words, extra):
            yield f"{extra.profile} has {extra.layer}, which the cluster lacks"
    yield from map(_too_often, difference.matched_twice)
    yield from map(_made_of, difference.other_type)


def _drop(left: Counter[Any], one: object) -> bool:
    """Whether there is one left of these, and take it away."""
    is_there = left[one] > 0
    left[one] -= is_there
    return is_there


def _hardly_seen(alike: LookAlike) -> str:
    one, other = alike.local, alike.brought
    return f"{one} of the cluster is not {other.layer} of {other.profile}: {alike.differs_in}"


def _lacking(layer: Layer, counterpart: Brought | None, verdict: Match) -> str:
    """Say of a layer that the selection lacks where else it is, or how often."""
    if counterpart:
        return (
            f"{layer} is in layer {layer.kind} of the cluster "
            f"and in layer {counterpart.layer.kind} of {counterpart.profile}"
        )
    by = [str(one) for one in verdict.selection for brought in one.layers if brought == layer]
    if not by:
        return f"no selected profile has {layer}"
    lacking = Counter(verdict.difference.missing)[layer]
    return (
        f"the cluster has {layer} {_times(len(by) + lacking)}, "
        f"and the selection {_times(len(by))}: {_places(by)}"
    )


def _too_often(twice: MatchedTwice) -> str:
    return (
        f"{twice.layer} is {_places(twice.profiles)}, and the cluster has it {_times(twice.wanted)}"
    )


def _made_of(other: OtherType) -> str:
    here, there = (PACK_TYPES[one.type] for one in (other.local, other.brought.layer))
    return f"{other.local} is {here} in the cluster and {there} in {other.brought.profile}"


def _places(profiles: Sequence[str]) -> str:
    """Return where a layer is, and how often: `in a 1.0.0 and 2 times in b 1.0.0`."""
    counts = Counter(profiles).items()
    return " and ".join(f"in {by}" if n == 1 else f"{_times(n)} in {by}" for by, n in counts)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _is_counterpart(layer: Layer, item: Brought) -> bool:
    return (layer.name, layer.version) == (item.layer.name, item.layer.version)


def _repair(verdict: Match) -> str:
    difference = verdict.difference
    if alike := look_alikes(difference):
        one, other = alike[0].local, alike[0].brought
        return (
            f"publish {_name(other)} with the very pack of the cluster, "
            f"{visible(one.name)} {visible(one.version)} in layer {visible(one.kind)}, "
            "or select a profile that has it"
        )
    if difference.wrong_version:
        first = difference.wrong_version[0]
        return (
            f"publish {_name(first.brought)} with {first.local} "
            f"(the latest has {_version(first.brought.layer)}), or select a profile that has it"
        )
    if difference.missing:
        return _more(verdict, difference.missing[0])
    if difference.extra:
        item = difference.extra[0]
        return f"select profiles without {item.layer}, or publish {_name(item)} without it"
    if difference.matched_twice:
        return _fewer(difference.matched_twice[0])
    other_type = difference.other_type[0]
    return (
        f"publish {_name(other_type.brought)} with {other_type.local} as "
        f"{PACK_TYPES[other_type.local.type]}, or select a profile that has it so"
    )


def _more(verdict: Match, layer: Layer) -> str:
    count = sum(brought == layer for one in verdict.selection for brought in one.layers)
    if not count:
        return f"select a profile that has {layer} in layer {layer.kind}"
    wanted = count + Counter(verdict.difference.missing)[layer]
    return f"select profiles that have {layer} {_times(wanted)} in all"


def _fewer(twice: MatchedTwice) -> str:
    if twice.wanted == 1:
        return f"select only one profile that has {twice.layer}"
    return f"select profiles that have {twice.layer} {_times(twice.wanted)} in all"


def _version(layer: Layer) -> str:
    return layer.version or "without a version"


def _name(item: Brought) -> str:
    return item.profile.rpartition(" ")[0]
