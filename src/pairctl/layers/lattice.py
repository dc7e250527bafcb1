"""Counts side by side in one number, and which can be put together from which."""

from collections.abc import Iterable

Vector = int
"""Counts in lanes of LANE_BITS, the first one lowest: adding two numbers adds all the counts."""

LANE_BITS = 32
LANE = (1 << LANE_BITS) - 1
MODULUS = 2520
"""A multiple of each number up to 10. A lane has room for more than 600 of its squares."""

_Row = tuple[int, Vector]
"""The row of a lane: its count there, which divides MODULUS, and the row. All before it are 0."""


def is_combination(target: Vector, vectors: Iterable[Vector], lanes: int) -> bool:
    """Whether vectors, each added or taken away any number of times, come to `target`.

    Counted modulo MODULUS, in up to 256 lanes. Where this is False no sum of vectors is the target:
    such as 15 layers from pairs, or 16 from triples.
    """
    rows: list[_Row] = [(MODULUS, 0)] * lanes
    return _is_spanned(target, rows) or any(
        _takes_in(vector, rows) and _is_spanned(target, rows) for vector in vectors
    )


def _takes_in(vector: Vector, rows: list[_Row]) -> bool:
    """Let the rows span a vector too; return whether that changed them.

    This is Euclid's algorithm on whole rows, lane by lane: nothing is left of the vector in the
    end, and the rows have taken in what they lacked of it.
    """
    is_news = False
    for lane in range(len(rows)):
        count = _count(vector, lane)
        while count:
            first, row = rows[lane]
            vector += -(count // first) % MODULUS * row
            count %= first
            if count:
                rows[lane] = count, _reduced(vector, len(rows))
                count, vector = first, row
                is_news = True
    return is_news


def _is_spanned(target: Vector, rows: list[_Row]) -> bool:
    for lane, (first, row) in enumerate(rows):
        count = _count(target, lane)
        if count % first:
            return False
        target += -(count // first) % MODULUS * row
    return True


def _count(vector: Vector, lane: int) -> int:
    return (vector >> LANE_BITS * lane & LANE) % MODULUS


def _reduced(vector: Vector, lanes: int) -> Vector:
    return sum(_count(vector, lane) << LANE_BITS * lane for lane in range(lanes))
