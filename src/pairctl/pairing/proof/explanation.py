"""A match that does not hold, told to people: what differs, and what would make it match."""

from collections.abc import Iterator, Sequence
from itertools import islice

from pairctl.layers import Brought, Layer, Match
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
    sentences = list(_sentences(verdict))
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
    return "a selection that matches every layer once"


def some(layers: Sequence[Layer]) -> str:
    """Return the first few layers, and how many more there are."""
    shown = ", ".join(map(str, layers[:MOST_SHOWN]))
    left = len(layers) - MOST_SHOWN
    return f"{shown} and {left} more" if left > 0 else shown


def _sentences(verdict: Match) -> Iterator[str]:
    difference = verdict.difference
    for wrong in difference.wrong_version:
        yield (
            f"{wrong.local.name} is {_version(wrong.local)} in the cluster "
            f"and {_version(wrong.brought.layer)} in {wrong.brought.profile}"
        )
    words: set[Brought] = set()
    for layer in difference.missing:
        counterpart = next(
            (item for item in difference.extra if _is_counterpart(layer, item)), None
        )
        if counterpart:
            words.add(counterpart)
            yield (
                f"{layer} is in layer {layer.kind} of the cluster "
                f"and in layer {counterpart.layer.kind} of {counterpart.profile}"
            )
        else:
            yield f"no selected profile has {layer}"
    for extra in difference.extra:
        if extra not in words:
            yield f"{extra.profile} has {extra.layer}, which the cluster lacks"
    for twice in difference.matched_twice:
        yield f"{twice.layer} is in {' and in '.join(twice.profiles)}"


def _is_counterpart(layer: Layer, item: Brought) -> bool:
    return (layer.name, layer.version) == (item.layer.name, item.layer.version)


def _repair(verdict: Match) -> str:
    difference = verdict.difference
    if difference.wrong_version:
        first = difference.wrong_version[0]
        return (
            f"publish {_name(first.brought)} with {first.local} "
            f"(the latest has {_version(first.brought.layer)}), or select a profile that has it"
        )
    if difference.missing:
        layer = difference.missing[0]
        return f"select a profile that has {layer} in layer {layer.kind}"
    if difference.extra:
        item = difference.extra[0]
        return f"select profiles without {item.layer}, or publish {_name(item)} without it"
    return f"select only one profile that has {difference.matched_twice[0].layer}"


def _version(layer: Layer) -> str:
    return layer.version or "without a version"


def _name(item: Brought) -> str:
    return item.profile.rpartition(" ")[0]
