"""Catalogues of profiles to search in, by shape: the usual ones, and the nasty ones."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

from pairctl.layers import Layer, Profile, Stack, stack

Shape = Callable[[Stack, int, Random], Iterator[Profile]]

ADD_ON, INFRA, FULL = "add-on", "infra", "cluster"


def make_local(layers: int) -> Stack:
    """Make a cluster's stack."""
    return stack(Layer("addon", f"pack-{number:02}", "1.0.0") for number in range(layers))


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


def pairs(local: Stack, size: int, rng: Random) -> Iterator[Profile]:
    """Pairs over an odd number of layers never add up: the search must give up, and soon."""
    yield _profile("base", local[:1], INFRA)
    for number in range(size - 1):
        yield _profile(f"pair-{number}", rng.sample(local[1:], 2))


SHAPES: Sequence[Shape] = (
    one_answer,
    other_versions,
    inside,
    many_answers,
    no_answer,
    many_bases,
    pairs,
)


def _parts(local: Stack) -> Iterator[Profile]:
    step = max(1, len(local) // 10)
    for number, start in enumerate(range(0, len(local), step)):
        kind = ADD_ON if number else INFRA
        yield _profile(f"right-{number}", local[start : start + step], kind)


def _profile(name: str, layers: Sequence[Layer], kind: str = ADD_ON) -> Profile:
    return Profile(f"uid-{name}", name, "1.0.0", kind, stack(layers))
