"""Add-ons and rooms as numbers, so that all add-ons are held against a layer at once."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pairctl.layers.lattice import LANE, LANE_BITS, Vector
from pairctl.layers.stack import Layer

Room = Vector
"""How often each layer is still to be brought."""

AddOns = int
"""A set of add-ons: a bit for each."""


@dataclass(frozen=True, slots=True)
class Lane:
    """The place of one layer in a room, and the add-ons that bring it.

    `fitting` has, for each count that there can be room for, the add-ons that bring no more.
    """

    shift: int
    mask: Room
    bringing: AddOns
    fitting: tuple[AddOns, ...]

    def count(self, room: Room) -> int:
        """Return how often the layer is still to be brought."""
        return room >> self.shift & LANE


class Catalogue:
    """The add-ons that lie within a stack, by number, and the stack's layers, by lane."""

    def __init__(self, counts: Counter[Layer], add_ons: Sequence[Counter[Layer]]) -> None:
        self._every = (1 << len(add_ons)) - 1
        self._lanes = self._lane_by_layer(counts, add_ons)
        self.lanes = tuple(self._lanes.values())
        self.brought = tuple(self.room(add_on) for add_on in add_ons)
        self._touched = [[self._lanes[layer] for layer in add_on] for add_on in add_ons]
        self._by_size: defaultdict[int, AddOns] = defaultdict(int)
        for number, add_on in enumerate(add_ons):
            self._by_size[add_on.total()] |= 1 << number

    def room(self, counts: Counter[Layer]) -> Room:
        """Return counts of layers as a room."""
        return sum(count << self._lanes[layer].shift for layer, count in counts.items())

    def fitting(self, room: Room) -> AddOns:
        """Return the add-ons that bring no more of any layer than there is room for."""
        fitting = self._every
        for lane in self.lanes:
            fitting &= lane.fitting[lane.count(room)]
        return fitting

    def beside(self, number: int, room: Room, available: AddOns) -> tuple[Room, AddOns]:
        """Return the room that an add-on leaves, and which of the available ones still fit."""
        left = room - self.brought[number]
        for lane in self._touched[number]:
            available &= lane.fitting[left >> lane.shift & LANE]
        return left, available

    def largest(self, add_ons: AddOns) -> int:
        """Return how many layers the largest of some add-ons brings."""
        return max((size for size, those in self._by_size.items() if those & add_ons), default=0)

    def _lane_by_layer(
        self, counts: Counter[Layer], add_ons: Sequence[Counter[Layer]]
    ) -> dict[Layer, Lane]:
        too_much = {layer: [0] * (most + 1) for layer, most in counts.items()}
        for number, add_on in enumerate(add_ons):
            for layer, times in add_on.items():
                for count in range(times):
                    too_much[layer][count] |= 1 << number
        return {
            layer: self._lane(number * LANE_BITS, by_count)
            for number, (layer, by_count) in enumerate(too_much.items())
        }

    def _lane(self, shift: int, too_much: Sequence[AddOns]) -> Lane:
        fitting = tuple(self._every ^ add_ons for add_ons in too_much)
        return Lane(shift, LANE << shift, too_much[0], fitting)


def numbers(add_ons: AddOns) -> Iterator[int]:
    """Yield the numbers of a set of add-ons, lowest first."""
    while add_ons:
        lowest = add_ons & -add_ons
        add_ons ^= lowest
        yield lowest.bit_length() - 1
