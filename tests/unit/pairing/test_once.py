"""What is asked of a fact again and again is worked out once."""

from dataclasses import dataclass, replace

from pairctl.pairing.once import once


@dataclass(frozen=True)
class Fact:
    """A fact with a number."""

    number: int


def test_each_fact_is_asked_once() -> None:
    """An equal one is another fact; what is kept with it is no part of it."""
    asked: list[int] = []

    def made() -> object:
        @once
        def doubled(fact: Fact) -> int:
            asked.append(fact.number)
            return 2 * fact.number

        return doubled(one), doubled(one), doubled(replace(one))

    one = Fact(3)
    assert made() == (6, 6, 6)
    assert asked == [3, 3]
    assert one == Fact(3)
    assert repr(one) == repr(Fact(3))
    assert hash(one) == hash(Fact(3))


def test_nothing_is_an_answer_too() -> None:
    """What comes to None is not asked again."""
    asked: list[int] = []

    @once
    def nothing(fact: Fact) -> None:
        asked.append(fact.number)

    one = Fact(1)
    assert nothing(one) is nothing(one) is None  # type: ignore[func-returns-value]
    assert asked == [1]
