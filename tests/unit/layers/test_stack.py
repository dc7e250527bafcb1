"""Stacks and profiles, the nouns of the rules."""

from layers_factory import make_layer, make_profile, make_stack
from pairctl.layers import Layer, stack, without_kinds


def test_a_stack_has_one_order() -> None:
    """Two clusters with the same layers have equal stacks, whatever order they are listed in."""
    layers = [make_layer(text) for text in ("os/u 1", "addon/b 2", "addon/b 1", "addon/a 9")]
    assert stack(layers) == stack(reversed(layers))
    assert len(stack(layers * 2)) == 8


def test_kinds_can_be_left_aside() -> None:
    """A declared stack may leave out kinds: then names and versions are compared, and sorted."""
    assert without_kinds(make_stack("os/a 1", "addon/b 1")) == (
        Layer("", "a", "1"),
        Layer("", "b", "1"),
    )


def test_people_read_names_and_versions() -> None:
    """Layers and profiles are shown by name and version."""
    assert str(make_layer("cni/calico 3.25.1")) == "calico 3.25.1"
    assert str(make_profile("retail", version="3.2.0")) == "retail 3.2.0"
