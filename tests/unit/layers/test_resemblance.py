"""Differences that are hardly seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers_factory import make_layer
from pairctl.layers import Brought, Difference, Layer, likeness, look_alikes, visible


@pytest.mark.parametrize(("one", "other", "how"), [
    ("calico", "Calico", "case"),
    ("calico", "calico ", "blanks"),
    ("cni calico", "cni  calico", "blanks"),
    ("1.31.0", "v1.31.0", "the `v` before the number"),
    ("1.31.0", "V1.31.0", "the `v` before the number"),
    ("calico", "c\u0430lico", "signs that look alike"),
    ("cni-calico", "cni\u2011calico", "signs that look alike"),
    ("caf\u00e9", "cafe\u0301", "their Unicode form"),
    ("calico", "\uff43alico", "their Unicode form"),
    ("calico", " Calico", "blanks and case"),
    ("1.0-RC1", "v1.0-rc1", "the `v` before the number and case"),
    ("calico", "\u0421alico", "signs that look alike and case"),
    ("calico", "calico", ""),
    ("1.31", "1.31.0", ""),
    ("vault", "ault", ""),
    ("", "a", ""),
    ("a-b", "a_b", ""),
])  # fmt: skip
def test_a_difference_that_is_hardly_seen_is_named(one: str, other: str, how: str) -> None:
    """The fewest of them, from either side; nothing for equal texts and for any that is seen."""
    assert likeness(one, other) == likeness(other, one) == how


TEXTS = st.text(alphabet="aAvV1. -\u0430\u00e9e\u0301\u212b\u2011\u03c2\u00df", max_size=6)


@given(TEXTS, TEXTS)
def test_likeness_has_no_side_and_is_never_of_equal_texts(one: str, other: str) -> None:
    """Whoever is looked at first, and however often."""
    assert bool(likeness(one, other)) == bool(likeness(other, one))
    assert likeness(one, one) == ""


@given(TEXTS)
def test_what_is_written_visibly_is_ascii_and_says_all(text: str) -> None:
    """Two texts that differ are written differently."""
    assert visible(text).isascii()
    assert visible(text).isprintable()


@given(TEXTS, TEXTS)
def test_different_texts_are_written_differently(one: str, other: str) -> None:
    """Else the difference would still not be seen."""
    assert (visible(one) == visible(other)) == (one == other)


def test_each_layer_stands_for_one_other() -> None:
    """Of two that look like one, one is left over."""
    missing = (make_layer("addon/Agent 1"), make_layer("addon/agent 1"))
    extra = (Brought(make_layer("addon/AGENT 1"), "p 1.0.0"),)
    assert [one.local for one in look_alikes(Difference(missing, extra))] == [missing[0]]


def test_layers_that_differ_in_more_are_not_alike() -> None:
    """Another version is seen: it is told as what it is."""
    extra = (Brought(make_layer("addon/Agent 2"), "p 1.0.0"),)
    assert look_alikes(Difference((make_layer("addon/agent 1"),), extra)) == ()


def test_a_display_name_is_told_as_one() -> None:
    """Palette shows it in place of the name; the cluster knows packs by their names."""
    shown = Layer("cni", "cni-calico", "3.25.1", display_name="Calico")
    found = Difference((make_layer("cni/Calico 3.25.1"),), (Brought(shown, "infra 1.0.0"),))
    (alike,) = look_alikes(found)
    assert alike.by_display_name
    assert alike.differs_in == '"Calico" is the display name of "cni-calico"'
