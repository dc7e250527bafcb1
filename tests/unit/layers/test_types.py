"""What packs are made of: a chart and a manifest of one name and version are not the same."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers_factory import make_profile, uids
from pairctl.layers import (
    Layer,
    Profile,
    Stack,
    difference,
    exact_selections,
    match,
    nearest_selections,
    pack_type,
    propose,
    repaired_selection,
    repairs,
    stack,
)

TYPES = st.sampled_from(["", "spectro", "helm", "manifest"])
LAYERS = st.builds(
    Layer, st.just("addon"), st.sampled_from("ab"), st.sampled_from("12"), type=TYPES
)
BASE = make_profile("base", Layer("k8s", "k", "1"), type="infra")


@pytest.mark.parametrize(("word", "known"), [
    ("helm", "helm"), ("Manifest ", "manifest"), ("SPECTRO", "spectro"),
    ("oci", ""), ("ociPack", ""), ("", ""), ("x" * 10_000, ""),
])  # fmt: skip
def test_a_word_for_a_type_is_known_or_says_nothing(word: str, known: str) -> None:
    """Where a pack comes from is not what it is made of."""
    assert pack_type(word) == known


def local_of(layers: list[Layer]) -> Stack:
    """Make a stack of add-ons on the usual base."""
    return stack([Layer("k8s", "k", "1"), *layers])


@given(st.lists(LAYERS, min_size=1, max_size=4), st.data())
def test_types_are_held_against_each_other_one_to_one(layers: list[Layer], data) -> None:
    """A selection of the same layers matches if their types can be dealt out, and only then."""
    types = data.draw(st.lists(TYPES, min_size=len(layers), max_size=len(layers)))
    brought = [Layer(la.kind, la.name, la.version, t) for la, t in zip(layers, types, strict=True)]
    verdict = match(local_of(layers), [BASE, make_profile("a", *brought)])
    assert verdict.is_exact == _can_be_dealt_out(layers, brought)
    assert len(verdict.difference.other_type) == verdict.difference.size


def _can_be_dealt_out(ours: list[Layer], theirs: list[Layer]) -> bool:
    if not ours:
        return True
    first, rest = ours[0], ours[1:]
    return any(
        first == one
        and (not first.type or not one.type or first.type == one.type)
        and _can_be_dealt_out(rest, [*theirs[:place], *theirs[place + 1 :]])
        for place, one in enumerate(theirs)
    )


ADD_ONS = st.lists(st.lists(LAYERS, min_size=1, max_size=2), max_size=4)


def named(add_ons: list[list[Layer]]) -> list[Profile]:
    """Make profiles of layers, with a base."""
    return [BASE, *(make_profile(f"p{n}", *layers) for n, layers in enumerate(add_ons))]


@given(st.lists(LAYERS, min_size=1, max_size=3), ADD_ONS)
def test_a_search_finds_what_matches_and_nothing_else(
    layers: list[Layer], add_ons: list[list[Layer]]
) -> None:
    """All sets of profiles that match exactly, types included."""
    local, profiles = local_of(layers), named(add_ons)
    found = {uids(one) for one in exact_selections(local, profiles)}
    every = (
        (BASE, *some)
        for count in range(len(profiles))
        for some in combinations(profiles[1:], count)
    )
    assert found == {uids(one) for one in every if match(local, one).is_exact}


@given(st.lists(LAYERS, min_size=1, max_size=3, unique=True), ADD_ONS)
def test_the_nearest_selection_is_as_near_as_any(
    layers: list[Layer], add_ons: list[list[Layer]]
) -> None:
    """Types count as versions do, where a stack has each layer once."""
    local, profiles = local_of(layers), named(add_ons)
    sizes = [
        difference(local, (BASE, *some)).size
        for count in range(len(profiles))
        for some in combinations(profiles[1:], count)
    ]
    assert nearest_selections(local, profiles).matches[0].difference.size == min(sizes)


@given(st.lists(LAYERS, min_size=1, max_size=3), ADD_ONS)
def test_a_repair_makes_a_match_types_included(
    layers: list[Layer], add_ons: list[list[Layer]]
) -> None:
    """What is proposed to be published matches; and says so where nothing is to be."""
    local, profiles = local_of(layers), named(add_ons)
    verdict = match(local, profiles)
    made = repairs(local, verdict)
    assert match(local, repaired_selection(tuple(profiles), made)).is_exact
    for proposal in propose(local, profiles, verdict).nearest:
        assert bool(proposal.repairs) != proposal.match.is_exact
