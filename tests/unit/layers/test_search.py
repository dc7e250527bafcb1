"""The search for selections that match exactly."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers_factory import INFRA, MONITORING, make_profile, make_stack, seeded, uids
from pairctl.layers import (
    Layer,
    Profile,
    SearchTooLargeError,
    Selection,
    Stack,
    best_first,
    exact_selections,
    match,
    stack,
)


def by_brute_force(local: Stack, profiles: Sequence[Profile]) -> set[frozenset[str]]:
    """Judge every subset of the profiles with the right number of layers by the rule itself."""
    return {
        uids(chosen)
        for size in range(1, len(profiles) + 1)
        for chosen in combinations(profiles, size)
        if sum(len(profile.layers) for profile in chosen) == len(local)
        and match(local, chosen).is_exact
    }


def random_case(rng: random.Random) -> tuple[Stack, list[Profile]]:
    """Make a small stack, and profiles that mostly consist of its parts."""
    layers = [Layer("addon", name, "1") for name in "abcdef"[: rng.randint(1, 6)]]
    repeated = rng.choices(layers, k=rng.randint(0, 2))
    local = stack(layers + repeated)
    odd = Layer("addon", "a", "2")
    profiles = []
    for number in range(rng.randint(1, 8)):
        part = rng.sample(local, rng.randint(1, min(3, len(local))))
        kind = rng.choice(["infra", "cluster", "add-on", "add-on", "add-on", "system"])
        brought = [*part, odd] if rng.random() < 0.1 else part
        profiles.append(make_profile(f"p{number}", *brought, type=kind))
    return local, profiles


def test_the_search_finds_all_that_the_rule_allows() -> None:
    """On thousands of small cases: the same answers as judging every subset, and none twice."""
    rng = seeded(20240607)
    answers = 0
    for _ in range(3000):
        local, profiles = random_case(rng)
        found = [uids(selection) for selection in exact_selections(local, profiles)]
        assert len(found) == len(set(found))
        assert set(found) == by_brute_force(local, profiles)
        answers += len(found)
    assert answers > 1000


def test_the_vendors_two_valid_combinations_are_both_found() -> None:
    """Infra and add-on, or one full profile: both are answers, and the shorter one comes first."""
    local = make_stack(*INFRA, MONITORING)
    infra = make_profile("infra", *INFRA, type="infra")
    full = make_profile("full", *INFRA, MONITORING, type="cluster")
    addon = make_profile("monitoring", MONITORING)
    wrong = make_profile("old-monitoring", "addon/prometheus-grafana 40.3.1")
    found = best_first(exact_selections(local, [infra, wrong, addon, full]))
    assert found == [(full,), (infra, addon)]


def test_a_profile_that_is_listed_twice_is_one_answer() -> None:
    """A list that repeats an item, as pages that moved do, repeats no answer."""
    base = make_profile("base", "k8s/k 1", type="infra")
    assert list(exact_selections(base.layers, [base, base])) == [(base,)]


def test_nothing_matches_an_empty_stack() -> None:
    """There is no selection for a cluster whose layers were not seen."""
    empty = make_profile("empty", type="infra")
    assert list(exact_selections((), [empty, make_profile("b", "k8s/k 1", type="infra")])) == []


def test_the_order_of_the_list_does_not_matter() -> None:
    """The same profiles in another order give the same answers in the same order."""
    rng = seeded(7)
    for _ in range(200):
        local, profiles = random_case(rng)
        first = list(exact_selections(local, profiles))
        rng.shuffle(profiles)
        assert list(exact_selections(local, profiles)) == first


PROFILES = st.builds(make_profile, st.sampled_from("abc"), uid=st.sampled_from(["u1", "u2", "u3"]))
SELECTIONS = st.lists(PROFILES, min_size=1, max_size=3, unique_by=lambda profile: profile.uid)


@given(st.lists(SELECTIONS.map(tuple), max_size=6, unique_by=uids), st.randoms())
def test_best_first_is_a_total_order(found: list[tuple[Profile, ...]], rng: random.Random) -> None:
    """Fewest profiles first, then names and uids: any order in gives the one order out."""
    ordered = best_first(found)
    shuffled = list(found)
    rng.shuffle(shuffled)
    assert best_first(shuffled) == ordered
    assert [len(item) for item in ordered] == sorted(len(item) for item in found)
    assert Counter(ordered) == Counter(found)


def test_a_large_catalogue_is_searched_to_the_end() -> None:
    """200 profiles and 30 layers, one way to cover them: found, and known to be the only one."""
    rng = seeded(1)
    local = stack(Layer("addon", f"pack-{number:02}", "1.0") for number in range(30))
    parts = [local[start : start + 3] for start in range(0, 30, 3)]
    base = make_profile("base", *parts[0], type="infra")
    right = [make_profile(f"right-{i}", *part) for i, part in enumerate(parts[1:])]
    wrong = [make_profile(f"wrong-{i}", local[0], *rng.sample(local[3:], 3)) for i in range(190)]
    catalogue = [base, *right, *wrong]
    rng.shuffle(catalogue)
    assert [uids(found) for found in exact_selections(local, catalogue)] == [uids([base, *right])]


def test_of_very_many_answers_the_first_come_at_once() -> None:
    """Answers are yielded as they are found: six profiles a layer are 6**30 answers."""
    local = stack(Layer("addon", f"pack-{number:02}", "1.0") for number in range(30))
    base = make_profile("base", local[0], type="infra")
    same = [make_profile(f"p-{i}", local[1 + i % 29]) for i in range(174)]
    found = list(islice(exact_selections(local, [base, *same]), 50))
    assert len({uids(selection) for selection in found}) == 50


def make_local(layers: int) -> Stack:
    """Make a stack of so many layers."""
    return stack(Layer("addon", f"pack-{number:02}", "1.0") for number in range(layers))


def no_answer(
    draw: Callable[[Stack, random.Random], Sequence[Layer]], layers: int
) -> list[Selection]:
    """Search 199 add-ons drawn from so many layers, beside a base with the other two."""
    rng = seeded(3)
    local = make_local(layers + 2)
    base = make_profile("base", *local[layers:], type="infra")
    add_ons = [make_profile(f"p-{i}", *draw(local[:layers], rng)) for i in range(199)]
    return list(exact_selections(local, [base, *add_ons]))


@pytest.mark.parametrize(
    ("layers", "draw"),
    [
        (27, lambda local, rng: rng.sample(local, 2)),
        (28, lambda local, rng: rng.sample(local, 3)),
        (26, lambda local, rng: rng.sample(local, 4)),
        (28, lambda local, rng: rng.sample(rng.choice((local[:13], local[13:])), 2)),
        (28, lambda local, rng: [rng.choice(local[:13]), rng.choice(local[13:])]),
        (27, lambda local, rng: [rng.choice(local[:8]), *rng.sample(local[8:], 2)]),
    ],
    ids=["odd", "not by three", "not by four", "odd halves", "uneven sides", "bottleneck"],
)
def test_a_reason_against_all_ends_a_search(
    layers: int, draw: Callable[[Stack, random.Random], Sequence[Layer]]
) -> None:
    """What cannot add up, in millions of ways to try, has no answer, and that is known."""
    assert no_answer(draw, layers) == []


def test_a_half_without_an_answer_ends_a_search() -> None:
    """Nothing connects the two: that one has very many covers does not hide the other's none."""

    def draw(local: Stack, rng: random.Random) -> Sequence[Layer]:
        one, few, others = local[:14], local[14:20], local[20:]
        drawn = rng.sample(one, rng.randint(1, 2)), [rng.choice(few), rng.choice(others)]
        return rng.choice(drawn)

    assert no_answer(draw, 28) == []


def test_what_no_reason_is_known_for_is_searched_to_the_end() -> None:
    """Three parts with an odd number of layers each, and one layer to connect them: no answer."""

    def draw(local: Stack, rng: random.Random) -> Sequence[Layer]:
        start = rng.choice((1, 8, 15))
        return rng.sample((local[0], *local[start : start + 7]), 2)

    assert no_answer(draw, 22) == []


def test_a_search_without_end_is_left() -> None:
    """Triples that do not add up, and pairs of which no two can be chosen: it says it gave up."""

    def draw(local: Stack, rng: random.Random) -> Sequence[Layer]:
        is_pair = rng.random() < 0.05
        return [local[0], rng.choice(local[1:])] if is_pair else rng.sample(local, 3)

    with pytest.raises(SearchTooLargeError, match="unfinished") as caught:
        no_answer(draw, 28)
    assert caught.value.problem.reason == "SearchTooLarge"
    assert "name the profiles" in caught.value.problem.hint


def test_no_dead_end_is_entered_twice() -> None:
    """Twelve pairs of layers in any order, and one layer nobody brings with the rest: no answer.

    Each pair can be covered in two ways; without memory that is 4096 dead ends, over the limit.
    """
    pairs = [
        (Layer("addon", f"a-{i:02}", "1"), Layer("addon", f"b-{i:02}", "1")) for i in range(12)
    ]
    odd = [Layer("os", name, "1") for name in ("x", "y", "z")]
    local = stack([*(layer for pair in pairs for layer in pair), *odd, Layer("k8s", "k", "1")])
    base = make_profile("base", "k8s/k 1", type="infra")
    covers = [make_profile(f"both-{i}", *pair) for i, pair in enumerate(pairs)]
    covers += [make_profile(f"one-{layer.name}", layer) for pair in pairs for layer in pair]
    triangle = [make_profile(f"odd-{i}", *two) for i, two in enumerate(combinations(odd, 2))]
    more = [make_profile(f"odd-{i}-again", *two) for i, two in enumerate(combinations(odd, 2))]
    assert list(exact_selections(local, [base, *covers, *triangle, *more])) == []


def test_a_stack_beyond_all_reason_is_not_searched_for() -> None:
    """A host that shows thousands of layers costs nothing."""
    local = stack(Layer("addon", f"pack-{number}", "1.0") for number in range(5000))
    with pytest.raises(SearchTooLargeError, match="5000 layers"):
        list(exact_selections(local, []))


def test_as_many_layers_as_a_document_may_declare_are_searched() -> None:
    """256 layers in 256 profiles are one answer."""
    local = stack(Layer("addon", f"pack-{number}", "1.0") for number in range(256))
    base = make_profile("base", local[0], type="infra")
    others = [make_profile(f"p-{i}", layer) for i, layer in enumerate(local[1:])]
    assert len(next(exact_selections(local, [base, *others]))) == 256
