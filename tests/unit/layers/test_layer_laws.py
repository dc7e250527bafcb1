"""Laws of the exact-layer rule that hold for all stacks and selections."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from layers_factory import make_profile
from pairctl.layers import (
    Difference,
    Layer,
    Profile,
    Stack,
    Verdict,
    difference,
    match,
    side_by_side,
    stack,
)

LAYERS = st.builds(
    Layer, st.sampled_from(["addon", "cni", "k8s"]), st.sampled_from("abcd"), st.sampled_from("123")
)
STACKS = st.lists(LAYERS, min_size=1, max_size=8).map(stack)


@st.composite
def partitions(draw: st.DrawFn) -> tuple[Stack, list[Profile]]:
    """Draw a stack, and profiles among which its layers are dealt out."""
    whole = draw(STACKS)
    hands = draw(st.lists(st.integers(0, 3), min_size=len(whole), max_size=len(whole)))
    kind = draw(st.sampled_from(["infra", "cluster"]))
    parts = [[la for la, hand in zip(whole, hands, strict=True) if hand == i] for i in range(4)]
    base, *add_ons = parts
    named = [make_profile(f"add-on-{i}", *part) for i, part in enumerate(add_ons) if part]
    return whole, draw(st.permutations([make_profile("base", *base, type=kind), *named]))


@given(partitions())
def test_any_partition_of_a_stack_matches_it(case: tuple[Stack, list[Profile]]) -> None:
    """How the packs are spread over profiles does not matter."""
    whole, selection = case
    verdict = match(whole, selection)
    assert verdict.is_exact
    assert verdict.difference.size == 0
    assert {row.verdict for row in side_by_side(whole, verdict)} == {Verdict.SAME}


@given(partitions(), st.data())
def test_a_changed_version_is_named(case: tuple[Stack, list[Profile]], data: st.DataObject) -> None:
    """One layer in a version of its own breaks the match, and the difference names it.

    Where the cluster has the selection's version too, the selection brings that one twice instead.
    """
    whole, selection = case
    odd = data.draw(st.sampled_from(whole))
    changed = Layer(odd.kind, odd.name, "other")
    rest = list(whole)
    rest.remove(odd)
    verdict = match(stack([*rest, changed]), selection)
    assert not verdict.is_exact
    found = verdict.difference
    assert [item.local for item in found.wrong_version] + list(found.missing) == [changed]
    assert bool(found.missing) == (odd in rest)
    assert found.size == 1


@given(partitions(), st.data())
def test_a_layer_that_only_the_cluster_has_is_named(
    case: tuple[Stack, list[Profile]], data: st.DataObject
) -> None:
    """One more layer of the cluster breaks the match, and is the only thing missing."""
    whole, selection = case
    new = Layer("addon", "new", data.draw(st.sampled_from("12")))
    assert difference(stack([*whole, new]), selection) == Difference(missing=(new,))


@given(partitions())
def test_a_layer_that_only_the_selection_has_is_named(
    case: tuple[Stack, list[Profile]],
) -> None:
    """One more layer of the selection breaks the match, and is the only thing extra."""
    whole, selection = case
    new = Layer("addon", "new", "1")
    found = difference(whole, [*selection, make_profile("more", new)])
    assert [item.layer for item in found.extra] == [new]
    assert found.size == 1


@given(partitions(), st.data())
def test_a_layer_brought_again_is_named(
    case: tuple[Stack, list[Profile]], data: st.DataObject
) -> None:
    """A layer that one profile more brings breaks the match, and that profile is named."""
    whole, selection = case
    again = data.draw(st.sampled_from(whole))
    found = difference(whole, [*selection, make_profile("again", again)])
    assert [item.layer for item in found.matched_twice] == [again]
    assert "again 1.0.0" in found.matched_twice[0].profiles
    assert found.size == 1


@given(STACKS, STACKS)
def test_a_difference_is_as_large_from_either_side(one: Stack, other: Stack) -> None:
    """How many layers would have to change does not depend on who is looked at first."""
    there = difference(one, [make_profile("p", *other)]).size
    assert there == difference(other, [make_profile("p", *one)]).size
    assert (there == 0) == (one == other)


@given(STACKS, st.lists(STACKS, max_size=3))
def test_every_layer_of_both_sides_is_accounted_for(one: Stack, others: Sequence[Stack]) -> None:
    """Side by side, each layer of the cluster stands once and each brought one at least once."""
    selection = [make_profile(f"p{i}", *layers) for i, layers in enumerate(others)]
    rows = side_by_side(one, match(one, selection))
    assert stack(row.local for row in rows if row.local) == one
    brought = Counter(layer for profile in selection for layer in profile.layers)
    assert set(brought) == {row.selected for row in rows if row.selected}
    same = all(row.verdict is Verdict.SAME for row in rows)
    assert same == (not difference(one, selection))
