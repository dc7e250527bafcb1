"""The exact search against judging every subset by the rule itself, on whatever can be drawn."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from layers_factory import make_profile, uids
from pairctl.layers import Layer, Profile, Stack, exact_selections, match, stack

LAYERS = st.builds(Layer, st.just("addon"), st.sampled_from("abcd"), st.sampled_from("12"))
STACKS = st.lists(LAYERS, min_size=1, max_size=6).map(stack)
TYPES = st.sampled_from(["infra", "cluster", "add-on", "add-on", "add-on", "system"])


@st.composite
def cases(draw: st.DrawFn) -> tuple[Stack, list[Profile]]:
    """Draw a stack, and profiles that are parts of it or anything else, some listed again."""
    local = draw(STACKS)
    parts = st.lists(st.sampled_from(local) | LAYERS, min_size=1, max_size=4)
    drawn = draw(st.lists(st.tuples(TYPES, parts), max_size=7))
    made = [make_profile(f"p{i}", *part, type=kind) for i, (kind, part) in enumerate(drawn)]
    return local, made + (draw(st.lists(st.sampled_from(made), max_size=2)) if made else [])


@examples(600)
@given(cases())
def test_the_search_agrees_with_judging_every_subset(case: tuple[Stack, list[Profile]]) -> None:
    """All that the rule allows, each once, and nothing else."""
    local, profiles = case
    allowed = [
        uids(chosen)
        for size in range(1, len(set(profiles)) + 1)
        for chosen in combinations(set(profiles), size)
        if match(local, chosen).is_exact
    ]
    found = [uids(selection) for selection in exact_selections(local, profiles)]
    assert sorted(found, key=sorted) == sorted(allowed, key=sorted)
