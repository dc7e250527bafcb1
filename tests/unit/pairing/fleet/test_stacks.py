"""A fleet by its stacks: who is alike, and what stands for each kind."""

from layers_factory import make_profile, make_stack
from pairctl.pairing import ProfileListing, stack_groups
from pairctl.spec import ProfileMatchSpec

BASE = ("os/ubuntu 22.04", "k8s/edge-k8s 1.31.0", "cni/calico 3.25.1")
PLAIN = make_stack(*BASE)
ODD = make_stack(*BASE, "addon/odd 1.0.0")
LISTINGS = [ProfileListing("infra", make_profile("infra", *BASE, type="infra"))]
NAMED = ProfileMatchSpec.model_validate({"palette": "production", "profiles": [{"name": "infra"}]})


def test_the_largest_group_comes_first() -> None:
    """Of two that are as large, the one with the first name."""
    stacks = {"d": ODD, "c": PLAIN, "b": ODD, "a": make_stack(BASE[0])}
    groups = stack_groups(stacks, None, {}, "")
    assert [group.clusters for group in groups] == [("b", "d"), ("a",), ("c",)]
    assert not any(group.is_matched for group in groups)


def test_a_match_that_is_there_is_named() -> None:
    """Nobody needs a second document for the same stack; else the exact selection is searched."""
    (named,) = stack_groups({"a": PLAIN}, LISTINGS, {"retail": NAMED}, "production")
    assert (named.match, named.proof, named.is_matched) == ("retail", None, True)
    (found,) = stack_groups({"a": PLAIN}, LISTINGS, {}, "production")
    assert found.is_matched
    assert found.proof
    assert [one.name for one in found.proof.selection] == ["infra"]


def test_where_nothing_matches_the_nearest_is_told() -> None:
    """With what is to be published for it."""
    (group,) = stack_groups({"a": ODD}, LISTINGS, {"retail": NAMED}, "production")
    assert not group.is_matched
    assert "odd 1.0.0" in str(group.proposals.nearest[0])
