"""What a fleet needs published: the fewest profile versions with which the most clusters match.

Each stack that nothing matches has a few nearest selections, each with its smallest repair; stacks
share repairs. One selection is chosen for each stack, so that all of them together need the fewest
versions. That is exact among these nearest selections, where the search comes to its end.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count

from pairctl.layers.cover import SearchTooLargeError
from pairctl.layers.proposal import Proposal, propose
from pairctl.layers.repair import Repair
from pairctl.layers.search import best_first, exact_selections
from pairctl.layers.stack import Profile, Selection, Stack

MOST_STEPS = 100_000
"""How many choices are tried; a hundred thousand take about a tenth of a second."""

_MOST_STACKS = 400  # as deep as the search goes; with more of them the greedy choice has to do

_Item = tuple[str, Stack]
"""A profile's name, empty for a new add-on, and the layers that it is to be published with."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One profile version to publish, and how many clusters match once it is there too.

    `repair` is what changes. Where `is_copy`, it is published under a name of its own: only a
    latest version can be selected, and the profile is needed as it is, or otherwise too.
    """

    repair: Repair
    is_copy: bool = False
    clusters: int = 0

    def __str__(self) -> str:
        if not self.is_copy:
            return str(self.repair)
        changes = ", ".join(map(str, self.repair.changes))
        return f"publish a new profile {self.repair.profile.name}: {changes}"


@dataclass(frozen=True, slots=True)
class Publications:
    """The versions to publish, in an order that unlocks the most clusters early.

    `clusters` of all match with all of them, `matched` match already, and for `hopeless` no
    selection is near. `chosen` are the indexes of stacks with their selection before anything is
    published, `needs` the same with the places in `ordered` of what each needs. Where not
    `is_exact` a search was left at its limit: fewer versions may do.
    """

    ordered: tuple[Publication, ...] = ()
    clusters: int = 0
    matched: int = 0
    hopeless: int = 0
    chosen: Mapping[int, Selection] | None = None
    is_exact: bool = True
    needs: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def needed_for(self, index: int) -> tuple[Publication, ...]:
        """Return what is to be published for a stack, in order; nothing where it matches."""
        return tuple(self.ordered[place] for place in self.needs.get(index, ()))


@dataclass(frozen=True, slots=True)
class _Option:
    """One way to have a stack matched: its selection, and the versions that have to be published.

    `kept` are the names of the profiles in it that are needed as they are now.
    """

    proposal: Proposal
    items: Mapping[_Item, Repair]
    kept: frozenset[str]


def fewest_publications(
    fleet: Sequence[tuple[Stack, int]], profiles: Sequence[Profile]
) -> Publications:
    """Return what to publish for stacks, each with the number of its clusters.

    `profiles` are the latest versions. A stack that is matched now keeps what it is matched by.
    """
    matched: dict[int, Selection] = {}
    options: dict[int, list[_Option]] = {}
    is_exact, hopeless = True, 0
    for index, (local, clusters) in enumerate(fleet):
        if selection := _matching(local, profiles):
            matched[index] = selection
            continue
        proposals = propose(local, profiles, None)
        is_exact &= proposals.is_complete
        found = [_option(one) for one in proposals.nearest if one.repairs]
        if found:
            options[index] = found
        else:
            hopeless += clusters
    chosen, is_complete = _choose(options)
    weights = {index: fleet[index][1] for index in chosen}
    ordered = _in_order({index: set(one.items) for index, one in chosen.items()}, weights)
    made = _named(ordered, chosen, weights, matched, profiles)
    places = {item: place for place, (item, _) in enumerate(ordered)}
    return Publications(
        made,
        sum(weights.values()),
        sum(fleet[index][1] for index in matched),
        hopeless,
        {index: one.proposal.match.selection for index, one in chosen.items()},
        is_exact and is_complete,
        {index: tuple(sorted(map(places.__getitem__, one.items))) for index, one in chosen.items()},
    )


def _matching(local: Stack, profiles: Sequence[Profile]) -> Selection:
    try:
        found = next(iter(best_first(exact_selections(local, profiles))), ())
    except SearchTooLargeError:
        return ()
    return found


def _option(proposal: Proposal) -> _Option:
    items = {
        ("" if repair.is_new else repair.profile.name, repair.layers): repair
        for repair in proposal.repairs
    }
    changed = {repair.profile.name for repair in proposal.repairs}
    kept = frozenset(one.name for one in proposal.match.selection) - changed
    return _Option(proposal, items, kept)


# ── choosing ─────────────────────────────────────────────────────────────────────────────────────


def _choose(options: Mapping[int, Sequence[_Option]]) -> tuple[dict[int, _Option], bool]:
    """Return one option a stack, so that few items are needed in all, and whether that is proven.

    Branch and bound, from what a greedy choice needs.
    """
    order = sorted(options, key=lambda index: (len(options[index]), index))
    best = _greedy(options, order)
    fewest = len({item for option in best.values() for item in option.items})
    if len(order) > _MOST_STACKS:
        return best, not best
    steps = 0

    def descend(at: int, needed: frozenset[_Item], taken: dict[int, _Option]) -> None:
        nonlocal best, fewest, steps
        steps += 1
        if steps > MOST_STEPS or len(needed) >= fewest:
            return
        if at == len(order):
            best, fewest = dict(taken), len(needed)
            return
        index = order[at]
        for option in sorted(options[index], key=lambda one: len(one.items.keys() - needed)):
            taken[index] = option
            descend(at + 1, needed | option.items.keys(), taken)
        del taken[index]

    descend(0, frozenset(), {})
    return best, steps <= MOST_STEPS


def _greedy(options: Mapping[int, Sequence[_Option]], order: Sequence[int]) -> dict[int, _Option]:
    needed: set[_Item] = set()
    taken = {}
    for index in order:
        option = min(options[index], key=lambda one: len(one.items.keys() - needed))
        taken[index] = option
        needed |= option.items.keys()
    return taken


# ── order and names ──────────────────────────────────────────────────────────────────────────────


def _in_order(
    needs: Mapping[int, set[_Item]], weights: Mapping[int, int]
) -> list[tuple[_Item, int]]:
    """Return the items, those first that unlock the most clusters each, and what matches then."""
    published: set[_Item] = set()
    ordered: list[tuple[_Item, int]] = []
    left = dict(needs)
    while left:
        gains = {
            index: sum(weights[i] for i, needed in left.items() if needed <= published | need)
            / len(need - published)
            for index, need in left.items()
        }
        best = max(left, key=lambda index: (gains[index], -index))
        for item in sorted(left[best] - published):
            published.add(item)
            ready = sum(weights[i] for i, needed in needs.items() if needed <= published)
            ordered.append((item, ready))
        left = {index: need for index, need in left.items() if not need <= published}
    return ordered


def _named(
    ordered: Sequence[tuple[_Item, int]],
    chosen: Mapping[int, _Option],
    weights: Mapping[int, int],
    matched: Mapping[int, Selection],
    profiles: Sequence[Profile],
) -> tuple[Publication, ...]:
    """Say which profile gets a new version, and which is published under a new name.

    A profile that some stack needs as it is stays; else the change that most clusters need goes
    into it.
    """
    kept = {one.name for selection in matched.values() for one in selection}
    kept |= {name for option in chosen.values() for name in option.kept}
    use: Counter[_Item] = Counter()
    repairs: dict[_Item, Repair] = {}
    for index, option in chosen.items():
        for item, repair in option.items.items():
            use[item] += weights[index]
            repairs.setdefault(item, repair)
    in_place: dict[str, _Item] = {}
    for item in sorted(use, key=lambda item: (-use[item], item)):
        if item[0] and item[0] not in kept:
            in_place.setdefault(item[0], item)
    taken = {profile.name for profile in profiles}
    made = []
    for item, ready in ordered:
        repair = repairs[item]
        is_copy = bool(item[0]) and in_place.get(item[0]) != item
        if is_copy or not item[0]:
            name = _free(repair.profile.name, taken)
            base = repair.profile
            named = replace(base, uid="", version="", name=name)
            repair = replace(repair, profile=named)
        made.append(Publication(repair, is_copy, ready))
    return tuple(made)


def _free(name: str, taken: set[str]) -> str:
    free = next(one for one in chain([name], (f"{name}-{n}" for n in count(2))) if one not in taken)
    taken.add(free)
    return free
