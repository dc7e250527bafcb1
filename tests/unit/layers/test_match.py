"""The exact-layer rule on one selection."""

import pytest

from layers_factory import INFRA, MONITORING, make_layer, make_profile, make_stack
from pairctl.layers import Brought, Difference, MatchedTwice, Profile, WrongVersion, match

LOCAL = make_stack(*INFRA, MONITORING)
BASE = make_profile("infra", *INFRA, type="infra")


@pytest.mark.parametrize(
    ("selection", "difference"),
    [
        pytest.param((BASE, make_profile("add-on", MONITORING)), Difference(), id="combination A"),
        pytest.param(
            (make_profile("full", *INFRA, MONITORING, type="cluster"),),
            Difference(),
            id="combination B",
        ),
        pytest.param(
            (BASE, make_profile("add-on", "addon/prometheus-grafana 40.3.1")),
            Difference(
                wrong_version=(
                    WrongVersion(
                        make_layer(MONITORING),
                        Brought(make_layer("addon/prometheus-grafana 40.3.1"), "add-on 1.0.0"),
                    ),
                )
            ),
            id="combination C",
        ),
        pytest.param(
            (BASE, make_profile("add-on", MONITORING, "addon/hello-universe 2.0.0")),
            Difference(extra=(Brought(make_layer("addon/hello-universe 2.0.0"), "add-on 1.0.0"),)),
            id="combination D",
        ),
    ],
)
def test_the_vendors_four_combinations(
    selection: tuple[Profile, ...], difference: Difference
) -> None:
    """A and B match; C has a wrong version, D a pack too many (seed, step 7)."""
    verdict = match(LOCAL, selection)
    assert verdict.difference == difference
    assert verdict.is_exact == (difference == Difference())


def test_a_layer_that_nobody_brings_is_missing() -> None:
    """Every layer of the cluster must be matched."""
    verdict = match(LOCAL, [BASE])
    assert verdict.difference == Difference(missing=(make_layer(MONITORING),))
    assert not verdict.is_exact


def test_a_layer_that_two_profiles_bring_is_matched_twice() -> None:
    """Every layer is matched once; the finding names both profiles, in order."""
    selection = (BASE, make_profile("z", MONITORING), make_profile("a", MONITORING))
    twice = MatchedTwice(make_layer(MONITORING), ("a 1.0.0", "z 1.0.0"))
    assert match(LOCAL, selection).difference == Difference(matched_twice=(twice,))


def test_the_same_pack_as_another_layer_kind_does_not_match() -> None:
    """A layer is its kind, its name and its version, all three."""
    local = make_stack("k8s/edge-k8s 1.31.0", "cni/calico 3.25.1")
    base = make_profile("infra", "k8s/edge-k8s 1.31.0", "addon/calico 3.25.1", type="infra")
    assert match(local, [base]).difference == Difference(
        missing=(make_layer("cni/calico 3.25.1"),),
        extra=(Brought(make_layer("addon/calico 3.25.1"), "infra 1.0.0"),),
    )


@pytest.mark.parametrize(
    "version", ["1.31", "1.31.00", "v1.31.0", "1.31.0 ", "01.31.0", "1.31.0+k", ""]
)
def test_versions_are_compared_letter_for_letter(version: str) -> None:
    """`1.31` is not `1.31.0`: no version is read as a number, trimmed or rounded."""
    local = make_stack("k8s/edge-k8s 1.31.0")
    base = make_profile("infra", f"k8s/edge-k8s {version}", type="infra")
    assert len(match(local, [base]).difference.wrong_version) == bool(version.strip() == version)
    assert not match(local, [base]).is_exact


def test_a_layer_that_is_there_twice_is_wanted_twice() -> None:
    """Stacks are multisets: one of two is missing, two of two match, three are one too many."""
    pack = "addon/agent 1.0"
    local = make_stack("k8s/edge-k8s 1", pack, pack)
    base = make_profile("infra", "k8s/edge-k8s 1", type="infra")
    once, again, more = (make_profile(name, pack) for name in "abc")
    assert match(local, [base, once]).difference == Difference(missing=(make_layer(pack),))
    assert match(local, [base, once, again]).is_exact
    assert match(local, [base, make_profile("both", pack, pack)]).is_exact
    twice = match(local, [base, once, again, more]).difference.matched_twice[0]
    assert (twice.wanted, twice.surplus) == (2, 1)


@pytest.mark.parametrize(
    ("selection", "word"),
    [
        ((), "none"),
        ((make_profile("only-add-on", *INFRA, MONITORING),), "none"),
        (
            (
                make_profile("one", *INFRA, type="infra"),
                make_profile("two", MONITORING, type="cluster"),
            ),
            "one 1.0.0, two 1.0.0",
        ),
        ((BASE, make_profile("os-image", MONITORING, type="system")), "type system"),
    ],
    ids=["nothing", "no base", "two bases", "a system profile"],
)
def test_a_selection_has_one_base_and_add_ons(selection: tuple[Profile, ...], word: str) -> None:
    """Layers alone do not make a match: there is one infra or full profile, else add-ons."""
    verdict = match(LOCAL, selection)
    assert not verdict.is_exact
    assert any(word in text for text in verdict.objections)


def test_a_profile_is_selected_once() -> None:
    """Selecting a profile twice is an objection of its own, even where it brings nothing."""
    nothing = make_profile("nothing")
    selection = (make_profile("full", *LOCAL, type="cluster"), nothing, nothing)
    verdict = match(LOCAL, selection)
    assert verdict.objections == ("profile nothing 1.0.0 is selected 2 times",)
    assert not verdict.is_exact


def test_a_cluster_without_layers_matches_nothing() -> None:
    """An empty stack is one that was not seen, never one that everything fits."""
    verdict = match((), [make_profile("empty", type="infra")])
    assert verdict.objections == ("the cluster shows no layers",)
    assert not verdict.is_exact


def test_wrong_versions_pair_up_one_to_one() -> None:
    """Of two wrong versions of one pack only one stands for the cluster's; the other is extra."""
    local = make_stack("k8s/edge-k8s 1", "addon/app 2")
    base = make_profile("infra", "k8s/edge-k8s 1", type="infra")
    found = match(
        local, [base, make_profile("a", "addon/app 1"), make_profile("b", "addon/app 3")]
    ).difference
    assert [item.brought.profile for item in found.wrong_version] == ["a 1.0.0"]
    assert [item.profile for item in found.extra] == ["b 1.0.0"]
    assert found.size == 2
