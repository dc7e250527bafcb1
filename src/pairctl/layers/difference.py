"""The exact-layer rule on one selection of profiles, and the difference where it does not hold.

Every layer of the cluster is matched once by the same pack in the same version, and the selection
brings nothing else (seed, "Accept Pairing Request", step 7).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pairctl.layers.stack import Layer, Profile, Stack

BASE_TYPES = frozenset({"infra", "cluster"})
ADD_ON_TYPE = "add-on"

Pack = tuple[str, str]
"""A pack in any version: layer kind and name."""


@dataclass(frozen=True, slots=True, order=True)
class Brought:
    """A layer that a profile of the selection brings."""

    layer: Layer
    profile: str


@dataclass(frozen=True, slots=True, order=True)
class WrongVersion:
    """A pack that the cluster and the selection both have, in different versions."""

    local: Layer
    brought: Brought


@dataclass(frozen=True, slots=True, order=True)
class MatchedTwice:
    """A layer that the selection brings more often than the cluster has it.

    `profiles` names who brings it, once for each time; `wanted` is how often the cluster has it.
    """

    layer: Layer
    profiles: tuple[str, ...]
    wanted: int = 1

    @property
    def surplus(self) -> int:
        """How often it is brought in vain."""
        return len(self.profiles) - self.wanted


@dataclass(frozen=True, slots=True, order=True)
class OtherType:
    """A pack of the same name and version on both sides that is made of something else."""

    local: Layer
    brought: Brought


@dataclass(frozen=True, slots=True)
class Difference:
    """What stands between a stack and a selection: sorted parts, all empty where they are equal."""

    missing: tuple[Layer, ...] = ()
    extra: tuple[Brought, ...] = ()
    wrong_version: tuple[WrongVersion, ...] = ()
    matched_twice: tuple[MatchedTwice, ...] = ()
    other_type: tuple[OtherType, ...] = ()

    def __bool__(self) -> bool:
        return bool(
            self.missing
            or self.extra
            or self.wrong_version
            or self.matched_twice
            or self.other_type
        )

    @property
    def size(self) -> int:
        """How many layers would have to change for an exact match; the same from either side."""
        lacking = Counter(pack_of(layer) for layer in self.missing)
        lacking.update(pack_of(item.local) for item in self.wrong_version)
        surplus = Counter(pack_of(item.layer) for item in self.extra)
        surplus.update(pack_of(item.brought.layer) for item in self.wrong_version)
        for item in self.matched_twice:
            surplus[pack_of(item.layer)] += item.surplus
        return (lacking | surplus).total() + len(self.other_type)


@dataclass(frozen=True, slots=True)
class Match:
    """The verdict on one selection: its difference from the stack, and what else is against it."""

    selection: tuple[Profile, ...]
    difference: Difference
    objections: tuple[str, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether the selection may be used to accept the cluster."""
        return not self.difference and not self.objections


def match(local: Stack, selection: Sequence[Profile]) -> Match:
    """Judge a selection against a cluster's stack by the whole rule.

    Beside the layers: exactly one `infra` or one `cluster` profile, any number of add-ons, no
    profile twice, and a stack that is not empty.
    """
    against = tuple(_objections(local, selection))
    return Match(tuple(selection), difference(local, selection), against)


def difference(local: Stack, selection: Iterable[Profile]) -> Difference:
    """Compare a stack with what a selection brings, as multisets of (kind, name, version).

    Where both sides have a layer, its types are held against each other as well.
    """
    brought: dict[Layer, list[str]] = defaultdict(list)
    as_brought: dict[Layer, list[Brought]] = defaultdict(list)
    for profile in selection:
        for layer in profile.layers:
            brought[layer].append(str(profile))
            as_brought[layer].append(Brought(layer, str(profile)))
    wanted = Counter(local)
    missing = sorted((wanted - Counter({k: len(v) for k, v in brought.items()})).elements())
    foreign = sorted(
        item for layer, items in as_brought.items() if layer not in wanted for item in items
    )
    wrong, still_missing, extra = _pair_by_pack(missing, foreign)
    twice = tuple(
        MatchedTwice(layer, tuple(sorted(profiles)), wanted[layer])
        for layer, profiles in sorted(brought.items())
        if 0 < wanted[layer] < len(profiles)
    )
    other = tuple(_of_other_type(local, as_brought))
    return Difference(tuple(still_missing), tuple(extra), tuple(wrong), twice, other)


def _of_other_type(local: Stack, brought: Mapping[Layer, Sequence[Brought]]) -> Iterator[OtherType]:
    """Yield the layers that both sides have and say to be of different types, in pairs.

    A layer that does not say its type may stand for one of any.
    """
    both: dict[Layer, list[Layer]] = defaultdict(list)
    for layer in local:
        if layer in brought:
            both[layer].append(layer)
    for layer, ours in sorted(both.items()):
        theirs = brought[layer]
        here, there = _types(ours), _types(item.layer for item in theirs)
        only_here, only_there = here - there, there - here
        odd = min(
            only_here.total() - (len(theirs) - there.total()),
            only_there.total() - (len(ours) - here.total()),
        )
        pairs = zip(
            (one for one in ours if only_here[one.type]),
            (item for item in theirs if only_there[item.layer.type]),
            strict=False,
        )
        for one, item in islice(pairs, max(odd, 0)):
            yield OtherType(one, item)


def _types(layers: Iterable[Layer]) -> Counter[str]:
    return Counter(layer.type for layer in layers if layer.type)


def pack_of(layer: Layer) -> Pack:
    """Return the pack that a layer is a version of."""
    return layer.kind, layer.name


def _pair_by_pack(
    missing: Sequence[Layer], foreign: Sequence[Brought]
) -> tuple[list[WrongVersion], list[Layer], list[Brought]]:
    """Put a missing and a foreign layer of one pack together: that pack has a wrong version."""
    waiting: dict[Pack, list[Brought]] = defaultdict(list)
    for item in foreign:
        waiting[pack_of(item.layer)].append(item)
    wrong: list[WrongVersion] = []
    still_missing: list[Layer] = []
    for layer in missing:
        if candidates := waiting[pack_of(layer)]:
            wrong.append(WrongVersion(layer, candidates.pop(0)))
        else:
            still_missing.append(layer)
    return wrong, still_missing, sorted(item for left in waiting.values() for item in left)


def _objections(local: Stack, selection: Sequence[Profile]) -> Iterator[str]:
    if not local:
        yield "the cluster shows no layers"
    bases = [profile for profile in selection if profile.type in BASE_TYPES]
    if len(bases) != 1:
        found = ", ".join(map(str, bases)) or "none"
        yield f"exactly one infra or full profile must be selected, and there is {found}"
    for profile in selection:
        if profile.type not in BASE_TYPES and profile.type != ADD_ON_TYPE:
            yield f"profile {profile} is of type {profile.type}, which cannot be selected"
    for profile, times in Counter(selection).items():
        if times > 1:
            yield f"profile {profile} is selected {times} times"
