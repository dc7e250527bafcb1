"""The smallest repair of a selection: which profile needs which pack, at which version."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from pairctl.layers.difference import ADD_ON_TYPE, BASE_TYPES, Match, Pack, pack_of
from pairctl.layers.stack import PACK_TYPES, Layer, Profile, Selection, Stack, stack

ADD_ON_KIND = "addon"
FULL_TYPE = "cluster"

_Placed = tuple[Profile, Layer]


@dataclass(frozen=True, slots=True)
class Change:
    """One pack of a profile before and after: None before is added, None after is removed."""

    before: Layer | None
    after: Layer | None

    def __str__(self) -> str:
        match self.before, self.after:
            case Layer() as before, Layer() as after if before == after:
                return f"{after} as {PACK_TYPES[after.type]} (it has {PACK_TYPES[before.type]})"
            case Layer() as before, Layer() as after:
                return f"{after} (it has {before.version})"
            case None, Layer() as after:
                return f"{after} added in layer {after.kind}"
            case Layer() as before, _:
                return f"{before} removed from layer {before.kind}"
            case _:
                return "nothing"


@dataclass(frozen=True, slots=True)
class Repair:
    """What one profile needs; its next version is to be published with these changes.

    A profile without a uid is not there yet: it is an add-on to be made, its name a proposal.
    """

    profile: Profile
    changes: tuple[Change, ...]

    @property
    def is_new(self) -> bool:
        """Whether the profile is to be made, rather than published anew."""
        return not self.profile.uid

    @property
    def layers(self) -> Stack:
        """The layers that the profile has once it is repaired."""
        left = list(self.profile.layers)
        for change in self.changes:
            if change.before:
                left.pop(_place(change.before, left))
        return stack([*left, *(change.after for change in self.changes if change.after)])

    @property
    def repaired(self) -> Profile:
        """The profile as it is to be published: still under its old uid and version."""
        return replace(self.profile, layers=self.layers)

    def __str__(self) -> str:
        if self.is_new:
            packs = ", ".join(map(str, self.layers))
            return f"publish a new add-on profile with {packs}"
        return f"publish {self.profile.name} with {', '.join(map(str, self.changes))}"


def _place(layer: Layer, layers: Sequence[Layer]) -> int:
    return next(i for i, one in enumerate(layers) if one == layer and one.type == layer.type)


def repairs(local: Stack, verdict: Match, taken: Collection[str] = ()) -> tuple[Repair, ...]:
    """Return the smallest repair that turns a verdict's selection into an exact match.

    There are as many changes as the difference is large: fewer cannot do. Where there is a choice
    of profiles, one that changes anyway is taken. A profile to be made gets a name that is not
    `taken`. Nothing is returned where there are objections to the selection as such.
    """
    if verdict.objections:
        return ()
    lacking, surplus = _unmatched(local, verdict.selection)
    draft = _Draft(verdict.selection, taken)
    for layer in lacking:
        if surplus[pack_of(layer)]:
            draft.change(layer, surplus[pack_of(layer)])
        else:
            draft.add(layer)
    for profile, layer in chain.from_iterable(surplus.values()):
        draft.remove(profile, layer)
    return draft.repairs()


def repaired_selection(selection: Selection, made: Sequence[Repair]) -> Selection:
    """Return the selection as it is once the repairs are published, new profiles at its end."""
    by_profile = {repair.profile: repair.repaired for repair in made}
    kept = [by_profile.pop(profile, profile) for profile in selection]
    return (*kept, *by_profile.values())


class _Draft:
    """A repair in the making: the changes of each profile, in the order of the selection."""

    def __init__(self, selection: Selection, taken: Collection[str]) -> None:
        self._changes: dict[Profile, list[Change]] = {profile: [] for profile in selection}
        self._taken = {*taken, *(profile.name for profile in selection)}

    def change(self, wanted: Layer, surplus: list[_Placed]) -> None:
        """Put another version where one is too many: in a profile that changes anyway, if any."""
        profile, layer = max(surplus, key=lambda placed: len(self._changes[placed[0]]) > 0)
        surplus.remove((profile, layer))
        self._changes[profile].append(Change(layer, wanted))

    def add(self, wanted: Layer) -> None:
        self._changes.setdefault(self._home(wanted), []).append(Change(None, wanted))

    def remove(self, profile: Profile, layer: Layer) -> None:
        self._changes[profile].append(Change(layer, None))

    def repairs(self) -> tuple[Repair, ...]:
        return tuple(
            Repair(profile, tuple(made)) for profile, made in self._changes.items() if made
        )

    def _home(self, layer: Layer) -> Profile:
        """Return where a pack belongs: an infra profile takes no add-on packs, and vice versa."""
        base = next(profile for profile in self._changes if profile.type in BASE_TYPES)
        if layer.kind != ADD_ON_KIND or base.type == FULL_TYPE:
            return base
        add_ons = [profile for profile in self._changes if profile.type == ADD_ON_TYPE]
        if add_ons:
            return max(add_ons, key=lambda profile: len(self._changes[profile]) > 0)
        return Profile("", self._free_name(layer.name), "", ADD_ON_TYPE, ())

    def _free_name(self, name: str) -> str:
        more = (f"{name}-{number}" for number in count(2))
        return next(free for free in chain([name], more) if free not in self._taken)


def _unmatched(
    local: Stack, selection: Selection
) -> tuple[list[Layer], defaultdict[Pack, list[_Placed]]]:
    """Return the layers that nobody brings, and what is brought in vain, base profiles kept."""
    wanted: defaultdict[Layer, list[str]] = defaultdict(list)
    for layer in local:
        wanted[layer].append(layer.type)
    surplus: defaultdict[Pack, list[_Placed]] = defaultdict(list)
    placed = [
        (profile, layer)
        for profile in sorted(selection, key=lambda profile: profile.type not in BASE_TYPES)
        for layer in profile.layers
    ]
    # What does not say its type stands for whatever the others leave.
    for profile, layer in sorted(placed, key=lambda one: not one[1].type):
        fitting = [one for one in wanted[layer] if layer.type in (one, "") or not one]
        if fitting:
            wanted[layer].remove(layer.type if layer.type in fitting else fitting[0])
        else:
            surplus[pack_of(layer)].append((profile, layer))
    lacking = (replace(layer, type=one) for layer, types in wanted.items() for one in types)
    return list(stack(lacking)), surplus
