"""Catalogues of profiles to search in, by shape: the usual ones, and the nasty ones."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random

from pairctl.layers import Layer, Profile, Stack, stack

Shape = Callable[[Stack, int, Random], Iterator[Profile]]

ADD_ON, INFRA, FULL = "add-on", "infra", "cluster"


def make_local(layers: int, times: int = 1) -> Stack:
    """Make a cluster's stack, in which each layer stands several times."""
    kinds = [Layer("addon", f"pack-{number:02}", "1.0.0") for number in range(layers // times)]
    return stack(kinds * times)


def one_answer(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Ten parts of the stack; the rest share a layer with it and have others that it lacks."""
    yield from _parts(local)
    for number in range(size - 10):
        others = (Layer("addon", f"other-{number}-{i}", "1.0.0") for i in range(3))
        yield _profile(f"noise-{number}", [rng.choice(local), *others])


def other_versions(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Ten parts of the stack; the rest are parts of it too, with one pack in another version."""
    yield from _parts(local)
    for number in range(size - 10):
        first, *rest = rng.sample(local, 3)
        odd = Layer(first.kind, first.name, f"0.{number}")
        yield _profile(f"old-{number}", [odd, *rest])


def inside(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Ten parts of the stack; the rest lie wholly inside it, and overlap in every way."""
    yield from _parts(local)
    for number in range(size - 10):
        yield _profile(f"part-{number}", rng.sample(local[3:], rng.randint(2, 8)))


def many_answers(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """A base, and for each other layer several profiles: more answers than can be counted."""
    yield _profile("base", local[:1], INFRA)
    for number in range(size - 1):
        yield _profile(f"one-{number}", [rng.choice(local[1:])])


def no_answer(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """One layer that only a wide profile brings, which overlaps with all others: dead ends."""
    yield _profile("base", local[:1], INFRA)
    yield _profile("wide", local[1:20])
    for number in range(size - 2):
        yield _profile(f"part-{number}", rng.sample(local[2:], rng.randint(2, 6)))


def many_bases(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Half of the profiles are bases that lie inside the stack; one of them leads to an answer."""
    yield from _parts(local)
    for number in range(size - 10):
        kind = rng.choice([INFRA, FULL, ADD_ON, ADD_ON])
        yield _profile(f"part-{number}", rng.sample(local, rng.randint(3, 12)), kind)


def families(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Two halves that no profile connects; one has many covers, and the other has none.

    Of its 14 layers, each profile there brings one of six, and at most one more.
    """
    yield _profile("base", local[:2], INFRA)
    one, few, others = local[2:16], local[16:22], local[22:]
    for number in range(size // 2):
        yield _profile(f"one-{number}", rng.sample(one, rng.randint(1, 2)))
        yield _profile(f"other-{number}", _around(few, others, rng))


def pairs(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Pairs over an odd number of layers never add up: the search must give up, and soon."""
    yield from _random(local, 1, 2, size, rng)


def triples(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Triples over a number of layers that three does not divide."""
    yield from _random(local, 2, 3, size, rng)


def quadruples(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Quadruples over a number of layers that four divides: there are answers, far apart."""
    yield from _random(local, 2, 4, size, rng)


def left_over(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Quadruples over a number of layers that is even, and that four does not divide."""
    yield from _random(local, 4, 4, size, rng)


def planted(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Quadruples with exactly one answer: seven of them have one of seven layers, the rest two."""
    yield from _planted(local, size, rng, 7)


def torn(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """The same without one of the seven: no answer."""
    yield from _planted(local, size, rng, 6)


def odd_parts(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Dense pairs over an even number of layers, in two halves with an odd number each."""
    yield _profile("base", local[:2], INFRA)
    halves = local[2:15], local[15:]
    for number in range(size - 1):
        yield _profile(f"pair-{number}", rng.sample(rng.choice(halves), 2))


def bridge(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Pairs over three parts with nine layers each, and one more layer that connects them."""
    yield _profile("base", local[:2], INFRA)
    parts = [local[start : start + 9] for start in range(3, 30, 9)]
    for number in range(size - 1):
        yield _profile(f"pair-{number}", rng.sample((*rng.choice(parts), local[2]), 2))


def two_sides(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Pairs of a layer of one side with one of the other, which has two more."""
    yield _profile("base", local[:2], INFRA)
    for number in range(size - 1):
        yield _profile(f"pair-{number}", [rng.choice(local[2:15]), rng.choice(local[15:])])


def bottleneck(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Triples that each bring one of eight layers or two of them, over 27 layers."""
    yield _profile("base", local[:3], INFRA)
    few, others = local[3:11], local[11:]
    for number in range(size - 1):
        most = 2 if rng.random() < 0.1 else 1  # noqa: PLR2004
        yield _profile(f"part-{number}", [*rng.sample(few, most), *rng.sample(others, 3 - most)])


def around_few(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Pairs that each bring one of 13 layers or two of them, over 28 layers."""
    yield _profile("base", local[:2], INFRA)
    for number in range(size - 1):
        yield _profile(f"pair-{number}", _around(local[2:15], local[15:], rng))


def spiced(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Triples that do not add up, and a few pairs that would help if more than one could be chosen.

    No reason that the search knows is against this: it is left at its limit.
    """
    yield _profile("base", local[:2], INFRA)
    for number in range(size - 1):
        is_pair = number % 20 == 0
        rest = rng.sample(local[3:], 1) if is_pair else rng.sample(local[2:], 3)
        yield _profile(f"part-{number}", [local[2], *rest] if is_pair else rest)


def repeats(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """A stack with each layer three times, and profiles that bring layers several times too."""
    yield _profile("base", local[:3], INFRA)
    for number in range(size - 1):
        yield _profile(f"part-{number}", rng.sample(local[3:], rng.randint(4, 6)))


def repeated_pairs(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Pairs from a stack with each layer three times, 27 in all: they never add up."""
    yield from _random(local, 3, 2, size, rng)


def twice(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Profiles that bring each layer an even number of times, where it stands five times."""
    yield _profile("base", local[:5], INFRA)
    for number in range(size - 1):
        yield _profile(f"part-{number}", rng.sample(local[5::5], rng.randint(1, 3)) * 2)


USUAL: Sequence[Shape] = (
    one_answer,
    other_versions,
    inside,
    many_answers,
    no_answer,
    many_bases,
    families,
)
NASTY: Sequence[Shape] = (
    pairs,
    triples,
    quadruples,
    left_over,
    planted,
    torn,
    odd_parts,
    bridge,
    two_sides,
    bottleneck,
    around_few,
    spiced,
)
REPEATING: Mapping[Shape, int] = {repeats: 3, repeated_pairs: 3, twice: 5}
"""Shapes over a stack in which each layer stands several times, and how often."""


def _parts(local: Stack) -> Iterator[Profile]:
    step = max(1, len(local) // 10)
    for number, start in enumerate(range(0, len(local), step)):
        kind = ADD_ON if number else INFRA
        yield _profile(f"right-{number}", local[start : start + step], kind)


def _random(local: Stack, base: int, width: int, size: int, rng: Random) -> Iterator[Profile]:
    yield _profile("base", local[:base], INFRA)
    for number in range(size - 1):
        yield _profile(f"part-{number}", rng.sample(local[base:], width))


def _planted(local: Stack, size: int, rng: Random, right: int) -> Iterator[Profile]:
    yield _profile("base", local[:2], INFRA)
    marked, others = local[2:9], rng.sample(local[9:], 21)
    for number, layer in enumerate(marked[:right]):
        yield _profile(f"right-{number}", [layer, *others[3 * number : 3 * number + 3]])
    for number in range(size - 1 - right):
        yield _profile(f"wrong-{number}", [*rng.sample(marked, 2), *rng.sample(others, 2)])


def _around(few: Sequence[Layer], others: Sequence[Layer], rng: Random) -> Sequence[Layer]:
    """Draw a pair with one or two of a few layers."""
    return rng.sample(few, 2) if rng.random() < 0.2 else [rng.choice(few), rng.choice(others)]  # noqa: PLR2004


def _profile(name: str, layers: Sequence[Layer], kind: str = ADD_ON) -> Profile:
    return Profile(f"uid-{name}", name, "1.0.0", kind, stack(layers))
