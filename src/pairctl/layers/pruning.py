"""Reasons why a room cannot be filled, which a search would find by trying everything."""

from pairctl.layers.catalogue import AddOns, Catalogue, Lane, Room, numbers
from pairctl.layers.lattice import is_combination


def parts(catalogue: Catalogue, room: Room, available: AddOns) -> list[Room]:
    """Return the parts that a room falls into: no add-on brings layers of two of them."""
    found = [lane.mask for lane in catalogue.lanes if room & lane.mask]
    for number in numbers(available):
        joined = [part for part in found if part & catalogue.brought[number]]
        if len(joined) > 1:
            found = [part for part in found if part not in joined] + [sum(joined)]
        if len(found) == 1:
            break
    return [room & part for part in found]


def falls_short(catalogue: Catalogue, room: Room, available: AddOns) -> bool:
    """Whether add-ons that share a few layers among them bring too little in all.

    Each add-on is counted with one layer that it brings. Of those counted with the same one no more
    can be chosen than there is room for it, and at best they are the largest.
    """
    hubs: list[Lane] = []
    others = available
    while others:
        hubs.append(max(catalogue.lanes, key=lambda lane: (others & lane.bringing).bit_count()))
        others &= ~hubs[-1].bringing
    lacking = sum(lane.count(room) for lane in catalogue.lanes)
    for hub in reversed(hubs):  # so that none is left for a hub that the later ones made needless
        sharing = available & hub.bringing
        available ^= sharing
        lacking -= hub.count(room) * catalogue.largest(sharing)
    return lacking > 0


def adds_up(catalogue: Catalogue, room: Room, available: AddOns) -> bool:
    """Whether add-ons come to the room, if each may be added or taken away any number of times."""
    brought = (catalogue.brought[number] for number in numbers(available))
    return is_combination(room, brought, len(catalogue.lanes))
