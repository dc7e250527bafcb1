"""Reasons against a room: none where it can be filled, and the known ones where it cannot."""

from collections import Counter
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from layers_factory import make_counts
from pairctl.layers import Layer
from pairctl.layers.catalogue import AddOns, Catalogue, Room, numbers
from pairctl.layers.pruning import adds_up, falls_short, parts

STACKS = st.text("abcdef", min_size=1, max_size=8)


@st.composite
def fillings(draw: st.DrawFn) -> tuple[Counter[Layer], list[Counter[Layer]]]:
    """Draw a stack, cut into add-ons, and a few more add-ons that are parts of it."""
    layers = draw(STACKS.flatmap(st.permutations))
    cuts = sorted(draw(st.sets(st.integers(1, len(layers)), max_size=3)) | {0, len(layers)})
    cut = [layers[start:end] for start, end in pairwise(cuts)]
    more = draw(st.lists(st.permutations(layers).map(lambda drawn: drawn[:3]), max_size=4))
    add_ons = draw(st.permutations([*cut, *more]))
    return make_counts("".join(layers)), [make_counts("".join(add_on)) for add_on in add_ons]


def doubted(layers: str, *add_ons: str) -> tuple[Catalogue, Room, AddOns]:
    """Make what a doubt is about: all the layers are to be brought, by any of the add-ons."""
    catalogue = Catalogue(make_counts(layers), [make_counts(add_on) for add_on in add_ons])
    room = catalogue.room(make_counts(layers))
    return catalogue, room, catalogue.fitting(room)


@examples(300)
@given(fillings())
def test_nothing_speaks_against_a_room_that_can_be_filled(
    case: tuple[Counter[Layer], list[Counter[Layer]]],
) -> None:
    """However the stack was cut, and whatever else is there: no reason denies the answer."""
    counts, add_ons = case
    catalogue = Catalogue(counts, add_ons)
    room = catalogue.room(counts)
    available = catalogue.fitting(room)
    assert not falls_short(catalogue, room, available)
    assert adds_up(catalogue, room, available)


@pytest.mark.parametrize(
    ("layers", "add_ons"),
    [
        ("abcd", ["a", "b"]),
        ("abcdef", ["ab", "ac", "ad", "be", "bf", "ae"]),
        ("aabcde", ["ab", "ac", "ad", "ae"]),
        ("abc", []),
    ],
)
def test_add_ons_that_share_a_few_layers_fall_short(layers: str, add_ons: list[str]) -> None:
    """Two that bring nothing of the rest; pairs with a or b; pairs with a, where it is twice."""
    assert falls_short(*doubted(layers, *add_ons))


@pytest.mark.parametrize(
    ("layers", "add_ons"),
    [
        ("abcde", ["ab", "bc", "cd", "de", "ea", "ac"]),
        ("abcdefg", ["".join(three) for three in combinations("abcdefg", 3)]),
        ("abcdef", ["ab", "bc", "ca", "de", "ef", "fd"]),
        ("abcdef", ["ac", "ad", "ae", "af", "bc", "bd", "be", "bf"]),
        ("aabbb", ["aa", "bb", "bb", "aabb"]),
    ],
)
def test_add_ons_that_do_not_add_up(layers: str, add_ons: list[str]) -> None:
    """Pairs over five, triples over seven, pairs in odd halves, pairs of uneven sides, twos."""
    assert not adds_up(*doubted(layers, *add_ons))


@given(STACKS, st.lists(STACKS, max_size=5))
def test_a_room_falls_into_parts_that_no_add_on_connects(layers: str, drawn: list[str]) -> None:
    """They make up the room, an add-on lies in one of them, and none can be cut further."""
    counts = make_counts(layers)
    add_ons = [one for one in map(make_counts, drawn) if one <= counts]
    catalogue = Catalogue(counts, add_ons)
    room = catalogue.room(counts)
    available = catalogue.fitting(room)
    found = parts(catalogue, room, available)
    assert sum(found) == room
    homes = [[part for part in found if is_within(catalogue, n, part)] for n in numbers(available)]
    assert all(len(home) == 1 for home in homes)
    assert len(found) == len(counts) - joints(counts, add_ons)


def is_within(catalogue: Catalogue, number: int, part: Room) -> bool:
    """Whether an add-on brings nothing else than layers of a part."""
    return bool(catalogue.fitting(part) >> number & 1)


def joints(counts: Counter[Layer], add_ons: list[Counter[Layer]]) -> int:
    """Count how often an add-on connects layers that were not connected before it."""
    home = {layer: layer for layer in counts}
    found = 0
    for add_on in add_ons:
        first, *rest = add_on
        for layer in rest:
            if home[layer] != home[first]:
                found += 1
                home = {k: home[first] if v == home[layer] else v for k, v in home.items()}
    return found
