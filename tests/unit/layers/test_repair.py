"""The smallest repair of a selection."""

from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from layers_factory import INFRA, MONITORING, make_layer, make_profile, make_stack
from pairctl.layers import (
    Layer,
    Profile,
    Repair,
    Stack,
    match,
    repaired_selection,
    repairs,
    stack,
)

LAYERS = st.builds(
    Layer,
    st.sampled_from(["addon", "cni", "k8s"]),
    st.sampled_from("abcd"),
    st.sampled_from("123"),
)
STACKS = st.lists(LAYERS, min_size=1, max_size=8).map(stack)
OLD = "addon/prometheus-grafana 40.3.1"
BASE = make_profile("infra", *INFRA, type="infra")
FULL = make_profile("full", *INFRA, MONITORING, type="cluster")


@st.composite
def selections(draw: st.DrawFn) -> tuple[Profile, ...]:
    """Draw one base and up to three add-ons, with any layers."""
    kind = draw(st.sampled_from(["infra", "cluster"]))
    others = draw(st.lists(st.lists(LAYERS, max_size=4), max_size=3))
    add_ons = [make_profile(f"add-on-{i}", *layers) for i, layers in enumerate(others)]
    return (make_profile("base", *draw(STACKS), type=kind), *add_ons)


@examples(250)
@given(STACKS, selections())
def test_what_is_repaired_matches_exactly(local: Stack, chosen: tuple[Profile, ...]) -> None:
    """Carried out, the repair leaves nothing between the selection and the cluster."""
    verdict = match(local, chosen)
    made = repairs(local, verdict)
    assert match(local, repaired_selection(chosen, made)).is_exact


@examples(250)
@given(STACKS, selections())
def test_no_smaller_repair_would_do(local: Stack, chosen: tuple[Profile, ...]) -> None:
    """There are as many changes as the difference is large, and only profiles that need one."""
    verdict = match(local, chosen)
    made = repairs(local, verdict)
    assert sum(len(repair.changes) for repair in made) == verdict.difference.size
    assert all(repair.changes for repair in made)
    assert len({repair.profile for repair in made}) == len(made)


def repaired(local: Stack, *chosen: Profile) -> list[tuple[str, str]]:
    """Tell the repairs of a selection: the profile, and the words."""
    return [(repair.profile.name, str(repair)) for repair in repairs(local, match(local, chosen))]


def test_a_pack_in_a_wrong_version_is_changed() -> None:
    """The profile that has it is published with the cluster's version."""
    local = make_stack(*INFRA, OLD)
    monitoring = make_profile("monitoring", MONITORING)
    assert repaired(local, BASE, monitoring) == [
        ("monitoring", "publish monitoring with prometheus-grafana 40.3.1 (it has 44.3.1)")
    ]


def test_a_pack_too_many_is_removed() -> None:
    """The profile that has it is published without it; of two that have it, the add-on."""
    local = make_stack(*INFRA, MONITORING)
    more = make_profile("more", MONITORING, "addon/hello 2", "cni/calico 3.25.1")
    words = (
        "publish more with hello 2 removed from layer addon, calico 3.25.1 removed from layer cni"
    )
    assert repaired(local, BASE, more) == [("more", words)]


def test_a_missing_pack_goes_where_it_belongs() -> None:
    """Core layers go to the base; add-on packs to a full profile, to an add-on, or to a new one."""
    local = make_stack(*INFRA, MONITORING, "addon/hello 2")
    small = make_profile("small", *INFRA[1:], type="infra")
    monitoring = make_profile("monitoring", MONITORING)
    hello = "hello 2 added in layer addon"
    assert repaired(local, small, monitoring) == [
        ("small", "publish small with csi-aws-ebs 1.20.0 added in layer csi"),
        ("monitoring", f"publish monitoring with {hello}"),
    ]
    assert repaired(local, FULL) == [("full", f"publish full with {hello}")]
    new = "publish a new add-on profile with hello 2, prometheus-grafana 44.3.1"
    assert repaired(local, BASE) == [("hello", new)]


def test_a_new_profile_gets_a_name_that_is_free() -> None:
    """The name is a proposal, and never that of another profile."""
    local = make_stack(*INFRA, MONITORING)
    taken = ["prometheus-grafana", "prometheus-grafana-2"]
    (made,) = repairs(local, match(local, [BASE]), taken)
    assert made.is_new
    assert made.profile.name == "prometheus-grafana-3"


def test_a_profile_that_changes_anyway_takes_the_next_change_too() -> None:
    """Of two add-ons that could take a pack, or lose one, the one that changes is taken."""
    local = make_stack(*INFRA, "addon/a 1", "addon/b 2", "addon/c 1")
    first = make_profile("first", "addon/a 1")
    second = make_profile("second", "addon/b 1")
    assert repaired(local, BASE, first, second) == [
        ("second", "publish second with b 2 (it has 1), c 1 added in layer addon")
    ]


def test_a_selection_that_is_wrong_as_such_has_no_repair() -> None:
    """No publishing mends a selection without a base."""
    local = make_stack(MONITORING)
    assert repairs(local, match(local, [make_profile("monitoring", MONITORING)])) == ()


def test_an_exact_match_needs_no_repair() -> None:
    """Nothing is to be published where nothing differs."""
    local = make_stack(*INFRA, MONITORING)
    assert repairs(local, match(local, [FULL])) == ()


def test_a_repaired_profile_keeps_its_identity() -> None:
    """The layers change; uid, name and type do not, and what was not changed stays."""
    local = make_stack(*INFRA, OLD)
    (made,) = repairs(local, match(local, [FULL]))
    assert isinstance(made, Repair)
    assert (made.repaired.uid, made.repaired.name) == (FULL.uid, FULL.name)
    assert made.layers == local
    assert made.changes[0].before == make_layer(MONITORING)
