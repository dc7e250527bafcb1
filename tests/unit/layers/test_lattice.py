"""Combinations of vectors: held against trying every factor, and against sums."""

from itertools import product
from math import gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from layers_factory import seeded
from pairctl.layers.lattice import LANE_BITS, MODULUS, Vector, is_combination

Counts = tuple[int, ...]

COUNTS = st.tuples(*[st.integers(0, 6)] * 3)
PRIME_POWERS = (5, 7, 8, 9)


def make_vector(counts: Counts) -> Vector:
    """Put counts side by side."""
    return sum(count << LANE_BITS * lane for lane, count in enumerate(counts))


def is_combined(target: Counts, *vectors: Counts) -> bool:
    """Ask about counts."""
    return is_combination(make_vector(target), map(make_vector, vectors), len(target))


def by_trying(target: Counts, vectors: list[Counts], modulus: int) -> bool:
    """Try all factors that differ."""
    return any(
        all(
            (sum(f * v[lane] for f, v in zip(factors, vectors, strict=True)) - count) % modulus == 0
            for lane, count in enumerate(target)
        )
        for factors in product(range(modulus), repeat=len(vectors))
    )


@examples(150)
@given(COUNTS, st.lists(COUNTS, max_size=3))
def test_a_combination_is_one_for_each_prime_power(target: Counts, vectors: list[Counts]) -> None:
    """The same answer as from trying every factor, modulo 5, 7, 8 and 9 in turn."""
    tried = all(by_trying(target, vectors, modulus) for modulus in PRIME_POWERS)
    assert is_combined(target, *vectors) is tried


@given(st.integers(0, 256), st.lists(st.integers(0, 256), max_size=4))
def test_one_count_is_combined_from_multiples_of_the_common_divisor(
    target: int, counts: list[int]
) -> None:
    """In a single lane it is Euclid's theorem."""
    assert is_combined((target,), *((c,) for c in counts)) is (target % gcd(MODULUS, *counts) == 0)


@given(st.data(), st.lists(st.tuples(*[st.integers(0, 9)] * 6), min_size=1, max_size=9))
def test_no_sum_is_denied(data: st.DataObject, vectors: list[Counts]) -> None:
    """What some of the vectors add up to is a combination of all of them."""
    chosen = data.draw(st.lists(st.sampled_from(vectors), min_size=1, unique=True))
    total = tuple(map(sum, zip(*chosen, strict=True)))
    assert is_combined(total, *vectors)


@pytest.mark.parametrize(
    ("target", "vectors"),
    [
        ((1, 1, 1), [(1, 1, 0), (0, 1, 1), (1, 1, 0)]),
        ((1, 1, 1, 1), [(1, 1, 1, 0), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 0, 1)]),
        ((1, 1), [(2, 0), (0, 1)]),
        ((1, 1), [(1, 0)]),
        ((1,), []),
    ],
)
def test_what_does_not_add_up_is_no_combination(target: Counts, vectors: list[Counts]) -> None:
    """Three from pairs on a line, four from triples, one from twos, one that nobody has."""
    assert not is_combined(target, *vectors)


def test_lanes_do_not_run_into_each_other() -> None:
    """In as many lanes as there can be layers, with large counts in all: sums are found."""
    rng = seeded(5)
    vectors = [tuple(rng.choices(range(257), k=256)) for _ in range(30)]
    some = rng.sample(vectors, 5)
    total = tuple(map(sum, zip(*some, strict=True)))
    assert is_combined(total, *vectors)
    assert not is_combined((total[0] + 1, *total[1:]), *vectors)


def test_an_odd_total_in_many_lanes_is_no_combination_of_even_ones() -> None:
    """Pairs over all of 256 lanes come to any even total, and to no odd one."""
    pairs = [tuple(int(i in (lane, (lane + 1) % 255)) for i in range(256)) for lane in range(255)]
    assert is_combined((1,) * 254 + (0, 0), *pairs)
    assert not is_combined((1,) * 255 + (0,), *pairs)
