"""The search for sets of add-ons: held against adding up every subset.

So small a catalogue makes it doubt a room after a step or two: the reasons are tried as well.
"""

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from layers_factory import make_counts
from pairctl.layers import Layer
from pairctl.layers.catalogue import Catalogue
from pairctl.layers.cover import Cover

Counts = Counter[Layer]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Counts, list[Counts], list[Counts]]:
    """Draw a stack, add-ons that are parts of it, some of them alike, and a few rooms in it."""
    layers = draw(st.text("abcdef", min_size=1, max_size=8))
    some = st.permutations(layers).flatmap(
        lambda drawn: st.integers(1, min(3, len(drawn))).map(lambda most: "".join(drawn[:most]))
    )
    add_ons = draw(st.lists(some, max_size=8))
    left_out = draw(st.lists(some, max_size=2))
    rooms = [make_counts(layers), *(make_counts(layers) - make_counts(one) for one in left_out)]
    return make_counts(layers), [make_counts(add_on) for add_on in add_ons], rooms


def by_brute_force(room: Counts, add_ons: list[Counts]) -> list[tuple[int, ...]]:
    """Give each set of add-ons that adds up to a room."""
    return [
        chosen
        for size in range(len(add_ons) + 1)
        for chosen in combinations(range(len(add_ons)), size)
        if sum(add_ons[number].total() for number in chosen) == room.total()
        and sum((add_ons[number] for number in chosen), Counter()) == room
    ]


@examples(500)
@given(cases())
def test_every_cover_is_found_once(case: tuple[Counts, list[Counts], list[Counts]]) -> None:
    """The same sets as from adding up all, in one room after another: none is lost, none twice."""
    counts, add_ons, rooms = case
    catalogue = Catalogue(counts, add_ons)
    cover = Cover(catalogue)
    for room in rooms:
        found = [tuple(sorted(chosen)) for chosen in cover.filling(catalogue.room(room))]
        assert sorted(found) == sorted(by_brute_force(room, add_ons))


@given(cases())
def test_rooms_are_filled_side_by_side(case: tuple[Counts, list[Counts], list[Counts]]) -> None:
    """Answers come lazily: those for one room are the same if others are searched between them."""
    counts, add_ons, rooms = case
    catalogue = Catalogue(counts, add_ons)
    cover = Cover(catalogue)
    found = []
    for chosen in cover.filling(catalogue.room(rooms[0])):
        assert len(list(cover.filling(catalogue.room(rooms[-1])))) == len(
            by_brute_force(rooms[-1], add_ons)
        )
        found.append(tuple(sorted(chosen)))
    assert sorted(found) == sorted(by_brute_force(rooms[0], add_ons))
