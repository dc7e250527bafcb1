"""The nearest selections: held against judging every selection, and bounded."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from layers_factory import INFRA, MONITORING, make_profile, make_stack, seeded, uids
from pairctl.layers import (
    Layer,
    Match,
    Profile,
    Selection,
    Stack,
    exact_selections,
    match,
    nearest_selections,
    stack,
)

LAYERS = st.builds(
    Layer, st.sampled_from(["addon", "cni"]), st.sampled_from("abcd"), st.sampled_from("12")
)
STACKS = st.lists(LAYERS, min_size=1, max_size=6).map(stack)
TYPES = st.sampled_from(["infra", "cluster", "add-on", "add-on", "add-on", "system"])


@st.composite
def catalogues(draw: st.DrawFn) -> list[Profile]:
    """Draw a few profiles of all types, that overlap in every way."""
    drawn = draw(st.lists(st.tuples(TYPES, st.lists(LAYERS, min_size=1, max_size=3)), max_size=7))
    return [make_profile(f"p{i}", *layers, type=kind) for i, (kind, layers) in enumerate(drawn)]


def packs(layers: Stack) -> Counter[tuple[str, str]]:
    """Count packs, in whatever version."""
    return Counter((layer.kind, layer.name) for layer in layers)


def is_needed(add_on: Profile, chosen: Selection, local: Stack) -> bool:
    """Whether some pack would be brought too seldom without an add-on, by the words of the rule."""
    others = Counter(pack for p in chosen if p is not add_on for pack in packs(p.layers).elements())
    wanted = packs(local)
    return any(others[pack] < wanted[pack] for pack in packs(add_on.layers))


def all_selections(profiles: Sequence[Profile]) -> Iterator[Selection]:
    """Give every base with every set of add-ons."""
    add_ons = [p for p in profiles if p.type == "add-on"]
    for base in (p for p in profiles if p.type in ("infra", "cluster")):
        for size in range(len(add_ons) + 1):
            for rest in combinations(sorted(add_ons, key=lambda p: p.name), size):
                yield (base, *rest)


def rank(verdict: Match) -> tuple[int, int, list[str]]:
    """Rank as it is stated: difference, profiles, names."""
    names = [profile.name for profile in verdict.selection]
    return verdict.difference.size, len(names), names


@examples(250)
@given(STACKS, catalogues())
def test_the_nearest_are_those_of_judging_every_selection(
    local: Stack, profiles: list[Profile]
) -> None:
    """The same five in the same order as from all selections whose add-ons are needed."""
    needed = [
        match(local, chosen)
        for chosen in all_selections(profiles)
        if all(is_needed(add_on, chosen, local) for add_on in chosen[1:])
    ]
    found = nearest_selections(local, profiles)
    assert found.is_complete
    assert found.matches == tuple(sorted(needed, key=rank)[:5])


@examples(120)
@given(STACKS, catalogues())
def test_no_selection_at_all_is_better_than_the_first(
    local: Stack, profiles: list[Profile]
) -> None:
    """Leaving add-ons out that are not needed loses nothing: the best one is the best of all."""
    every = [match(local, chosen) for chosen in all_selections(profiles)]
    found = nearest_selections(local, profiles, most=1).matches
    assert found == tuple(sorted(every, key=rank)[:1])


@examples(120)
@given(STACKS, catalogues())
def test_an_exact_match_is_nearest_of_all(local: Stack, profiles: list[Profile]) -> None:
    """Where the exact search finds something, so does this one, with nothing between."""
    exact = {uids(found) for found in exact_selections(local, profiles)}
    near = nearest_selections(local, profiles, most=max(5, len(exact)))
    assert {uids(one.selection) for one in near.matches if one.is_exact} == exact


def test_a_profile_in_a_wrong_version_is_near() -> None:
    """The full profile, the infra profile alone, and the pair with the other version."""
    local = make_stack(*INFRA, "addon/prometheus-grafana 40.3.1")
    infra = make_profile("infra", *INFRA, type="infra")
    full = make_profile("full", *INFRA, MONITORING, type="cluster")
    monitoring = make_profile("monitoring", MONITORING)
    found = nearest_selections(local, [infra, full, monitoring]).matches
    assert [one.selection for one in found] == [(full,), (infra,), (infra, monitoring)]
    assert [one.difference.size for one in found] == [1, 1, 1]


def test_without_a_base_nothing_is_near() -> None:
    """Add-ons alone are no selection; a cluster without layers is near to nothing."""
    monitoring = make_profile("monitoring", MONITORING)
    infra = make_profile("infra", *INFRA, type="infra")
    assert nearest_selections(make_stack(MONITORING), [monitoring]).matches == ()
    assert nearest_selections((), [infra]).matches == ()


def shuffled_parts(rng: random.Random, local: Stack, size: int) -> list[Stack]:
    """Cut a stack into parts, in no order."""
    layers = list(local)
    rng.shuffle(layers)
    return [stack(layers[i : i + size]) for i in range(0, len(layers), size)]


@pytest.mark.parametrize("seed", range(4))
def test_a_large_catalogue_is_searched_to_the_end(seed: int) -> None:
    """200 profiles and 30 layers: the selection with one wrong version comes first."""
    rng = seeded(seed)
    local = stack(Layer("addon", f"pack-{number:02}", "1.0") for number in range(30))
    first, *rest = shuffled_parts(rng, local, 3)
    odd = rng.choice(rest[0])
    off = [Layer(la.kind, la.name, "2.0") if la is odd else la for la in rest[0]]
    base = make_profile("base", *first, type="infra")
    right = [
        make_profile("off", *off),
        *(make_profile(f"r{i}", *p) for i, p in enumerate(rest[1:])),
    ]
    noise = [
        make_profile(
            f"noise-{i}",
            *rng.sample(local, 2),
            *(Layer("addon", f"other-{i}-{j}", "1") for j in range(3)),
        )
        for i in range(190)
    ]
    found = nearest_selections(local, [base, *right, *noise])
    assert found.is_complete
    assert uids(found.matches[0].selection) == uids([base, *right])
    assert found.matches[0].difference.size == 1


def test_a_search_that_was_left_says_so() -> None:
    """Random pairs over many layers: the best seen are given, and that there may be better ones."""
    rng = seeded(3)
    local = stack(Layer("addon", f"pack-{number:02}", "1.0") for number in range(27))
    base = make_profile("base", local[0], type="infra")
    triples = [make_profile(f"p-{i}", *rng.sample(local[1:], 3)) for i in range(199)]
    found = nearest_selections(local, [base, *triples])
    assert not found.is_complete
    assert len(found.matches) == 5
    assert found.matches[0].difference.size < 8


def test_a_stack_beyond_all_reason_is_not_searched_for() -> None:
    """A host that shows thousands of layers costs nothing."""
    local = stack(Layer("addon", f"pack-{number}", "1.0") for number in range(5000))
    found = nearest_selections(local, [make_profile("base", local[0], type="infra")])
    assert found.matches == ()
    assert not found.is_complete
