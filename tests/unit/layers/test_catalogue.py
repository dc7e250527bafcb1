"""Add-ons and rooms as numbers: held against counting layer by layer."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from layers_factory import make_counts
from pairctl.layers import Layer
from pairctl.layers.catalogue import Catalogue, numbers

STACK = "aaabbcde"
COUNTS = make_counts(STACK)
PARTS = st.permutations(STACK).flatmap(
    lambda drawn: st.integers(1, 8).map(lambda most: make_counts("".join(drawn[:most])))
)
ADD_ONS = st.lists(PARTS, max_size=6)


def fitting(room: Counter[Layer], add_ons: list[Counter[Layer]]) -> list[int]:
    """Give the numbers of the add-ons that lie within a room."""
    return [number for number, add_on in enumerate(add_ons) if add_on <= room]


@given(ADD_ONS, PARTS)
def test_what_fits_lies_within_the_room(
    add_ons: list[Counter[Layer]], room: Counter[Layer]
) -> None:
    """An add-on fits where it brings no layer more often than there is room for it."""
    catalogue = Catalogue(COUNTS, add_ons)
    found = catalogue.fitting(catalogue.room(room))
    assert list(numbers(found)) == fitting(room, add_ons)


@given(ADD_ONS, PARTS)
def test_beside_an_add_on_less_fits(add_ons: list[Counter[Layer]], room: Counter[Layer]) -> None:
    """The room gets smaller by what it brings; of the others those fit that fit into the rest."""
    catalogue = Catalogue(COUNTS, add_ons)
    available = catalogue.fitting(catalogue.room(room))
    for number in fitting(room, add_ons):
        left, found = catalogue.beside(number, catalogue.room(room), available)
        assert left == catalogue.room(room - add_ons[number])
        assert list(numbers(found)) == fitting(room - add_ons[number], add_ons)


@given(ADD_ONS)
def test_the_largest_is_the_one_with_most_layers(add_ons: list[Counter[Layer]]) -> None:
    """A layer that is brought twice counts twice; of none the largest is nothing."""
    catalogue = Catalogue(COUNTS, add_ons)
    everyone = catalogue.fitting(catalogue.room(COUNTS))
    assert catalogue.largest(everyone) == max((one.total() for one in add_ons), default=0)
    assert catalogue.largest(0) == 0


def test_lanes_know_who_brings_their_layer_and_how_often_it_is_wanted() -> None:
    """One lane a layer, in the order of the stack."""
    catalogue = Catalogue(COUNTS, [make_counts("aab"), make_counts("b")])
    room = catalogue.room(make_counts("aab"))
    assert [lane.count(room) for lane in catalogue.lanes] == [2, 1, 0, 0, 0]
    assert [lane.bringing for lane in catalogue.lanes] == [0b01, 0b11, 0, 0, 0]
