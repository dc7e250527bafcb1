"""Proving that a selection stands for a cluster: every way it can fail, told to people."""

from dataclasses import replace
from typing import Any

import pytest

from effort import calls
from layers_factory import make_profile, make_stack
from pairctl.layers import Layer, Profile, Stack, stack
from pairctl.pairing import Case, PaletteView, ProfileListing, Proof, prove, select
from pairctl.problem import Problem
from pairctl.spec import ProfileMatchSpec
from pairing_factory import (
    ADD_ON,
    INFRA_PROFILE,
    NOW,
    STACK,
    make_cluster,
    make_host,
    make_intent,
    make_listing,
    make_match,
    make_observed,
    make_view,
)

LISTED = (make_listing(INFRA_PROFILE), make_listing(ADD_ON))


def proof(*listings: ProfileListing, local: Stack = STACK, **match: Any) -> Proof:
    """Prove a ProfileMatch with these fields on what Palette lists."""
    return prove(local, make_match(**match), listings or LISTED)


def problem(*listings: ProfileListing, local: Stack = STACK, **match: Any) -> Problem:
    """Return why it does not hold; message and hint are both there."""
    found = proof(*listings, local=local, **match).problem
    assert found is not None
    assert found.message
    assert found.hint
    return found


def test_named_profiles_that_match_are_proven() -> None:
    """The selection is what was named, in the order of the document, in the latest versions."""
    done = proof()
    assert done.holds
    assert done.selection == (INFRA_PROFILE, ADD_ON)


def test_without_layers_nothing_is_proven() -> None:
    """A cluster that shows no layers was not seen well; no advice on profiles is given."""
    for match in ({}, {"profiles": None, "select": "Auto"}):
        found = problem(local=(), **match)
        assert found.reason == "NoLayers"
        assert "Local UI" in found.hint


def test_a_name_that_palette_lacks_is_told_with_the_nearest() -> None:
    """A typing error is mended from the message alone."""
    found = problem(profiles=[{"name": "retail-infr"}])
    assert found.reason == "ProfileNotFound"
    assert "retail-infr" in found.message
    assert "retail-infra" in found.hint
    far = problem(profiles=[{"name": "zzz"}])
    assert "check the name" in far.hint


def test_all_names_that_cannot_be_resolved_are_told_at_once() -> None:
    """Nobody mends one name only to hear of the next."""
    found = problem(profiles=[{"name": "one"}, {"name": "two"}])
    assert "one" in found.message
    assert "two" in found.message


def test_a_name_that_stands_twice_is_not_guessed() -> None:
    """The same name in tenant and project: Blocked, with the scopes."""
    tenant = make_listing(make_profile(ADD_ON.name, uid="other"), scope="tenant")
    found = problem(*LISTED, tenant)
    assert found.reason == "ProfileAmbiguous"
    assert "project, tenant" in found.message


@pytest.mark.parametrize(("why", "word"), [("a draft", "a draft"), ("", "not published")])
def test_a_draft_cannot_be_used(why: str, word: str) -> None:
    """Only what is published can be selected."""
    found = problem(LISTED[0], ProfileListing(ADD_ON.name, None, why))
    assert found.reason == "ProfileNotPublished"
    assert word in found.message


@pytest.mark.parametrize(("version", "holds"), [("1.4.0", True), ("1.3.0", False), ("1.4", False)])
def test_a_version_is_a_guard(version: str, holds: bool) -> None:
    """A named version must be the latest, letter for letter."""
    profiles = [{"name": INFRA_PROFILE.name}, {"name": ADD_ON.name, "version": version}]
    done = proof(profiles=profiles)
    assert done.holds is holds
    if done.problem:
        assert done.problem.reason == "ProfileNotLatest"
        assert "1.4.0" in done.problem.message
        assert version in done.problem.message


@pytest.mark.parametrize(
    ("profiles", "word"),
    [
        ([ADD_ON.name], "there is none"),
        ([INFRA_PROFILE.name, ADD_ON.name, ADD_ON.name], "selected 2 times"),
    ],
)
def test_a_selection_that_cannot_be_used_is_told(profiles: list[str], word: str) -> None:
    """What is against the selection as such comes before its layers."""
    found = problem(profiles=[{"name": name} for name in profiles])
    assert found.reason == "SelectionInvalid"
    assert word in found.message


def with_add_on(*layers: str) -> tuple[ProfileListing, ProfileListing]:
    """List an add-on with these layers instead."""
    return LISTED[0], make_listing(make_profile(ADD_ON.name, *layers, version="1.4.0"))


@pytest.mark.parametrize(
    ("layers", "message", "hint"),
    [
        (
            ["addon/prometheus-grafana 40.3.1"],
            "prometheus-grafana is 44.3.1 in the cluster and 40.3.1 in retail-observability 1.4.0",
            "publish retail-observability with prometheus-grafana 44.3.1 (the latest has 40.3.1)",
        ),
        ([], "no selected profile has prometheus-grafana 44.3.1", "prometheus-grafana 44.3.1"),
        (
            ["addon/prometheus-grafana 44.3.1", "addon/hello-universe 2.0.0"],
            "retail-observability 1.4.0 has hello-universe 2.0.0, which the cluster lacks",
            "publish retail-observability without it",
        ),
        (
            ["addon/prometheus-grafana 44.3.1", "cni/calico 3.25.1"],
            "calico 3.25.1 is in retail-infra 3.2.0 and in retail-observability 1.4.0",
            "only one profile that has calico 3.25.1",
        ),
        (
            ["cni/prometheus-grafana 44.3.1"],
            "is in layer addon of the cluster and in layer cni of retail-observability 1.4.0",
            "in layer addon",
        ),
    ],
    ids=["wrong version", "missing", "extra", "twice", "another kind"],
)
def test_a_difference_is_told_with_its_cure(layers: list[str], message: str, hint: str) -> None:
    """Each kind of difference: what it is, where, and what would make it match."""
    found = problem(*with_add_on(*layers))
    assert found.reason == "LayersDiffer"
    assert message in found.message
    assert hint in found.hint


def test_a_long_difference_is_cut() -> None:
    """A message stays readable: the first five, and how many more there are."""
    found = problem(*with_add_on(*(f"addon/pack-{i} 1" for i in range(40))))
    assert found.message.count(";") == 5
    assert "and 36 more" in found.message


DECLARED = [{"name": la.name, "version": la.version, "layer": la.kind} for la in STACK]
WITHOUT_KINDS = [{"name": la.name, "version": la.version} for la in STACK]


@pytest.mark.parametrize(
    "layers",
    [DECLARED, DECLARED[::-1], WITHOUT_KINDS, [WITHOUT_KINDS[0], *DECLARED[1:]]],
    ids=["with kinds", "in another order", "without kinds", "some without kinds"],
)
def test_a_declared_stack_that_is_the_clusters_holds(layers: list[dict[str, str]]) -> None:
    """Order does not matter, and kinds only where all are given."""
    assert proof(layers=layers).holds


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        (DECLARED[1:], ["only in the cluster: prometheus-grafana 44.3.1"]),
        ([*WITHOUT_KINDS, {"name": "x", "version": "1"}], ["only declared: x 1"]),
        ([*DECLARED, DECLARED[0]], ["only declared: prometheus-grafana 44.3.1"]),
        (
            [{**DECLARED[0], "layer": "cni"}, *DECLARED[1:]],
            ["only declared: prometheus", "only in the cluster: prometheus"],
        ),
    ],
    ids=["one less", "one more", "one twice", "another kind"],
)
def test_a_declared_stack_that_is_not_the_clusters_is_told(
    layers: list[dict[str, str]], words: list[str]
) -> None:
    """A selection written for another stack proves nothing, though its profiles match."""
    done = proof(layers=layers)
    assert not done.holds
    assert done.problem is not None
    assert done.problem.reason == "DeclaredLayersDiffer"
    assert all(word in done.problem.message for word in words)


AUTO = {"profiles": None, "select": "Auto"}
FULL = make_profile("whole-shop", *STACK, type="cluster", version="1.0.0")
OTHER = make_profile("other-shop", *STACK, type="cluster", version="1.0.0")


def test_a_search_finds_the_exact_match() -> None:
    """`select: Auto` takes what matches, and drafts are not looked at."""
    draft = ProfileListing("draft", None, "a draft")
    done = proof(*LISTED, draft, **AUTO)
    assert done.holds
    assert set(done.selection) == {INFRA_PROFILE, ADD_ON}


def test_a_search_without_an_answer_says_what_was_searched_for() -> None:
    """No set of latest versions matches: the layers are named."""
    found = problem(LISTED[0], **AUTO)
    assert found.reason == "NoExactMatch"
    assert "calico 3.25.1" in found.message


def test_of_several_answers_the_first_is_the_one_stated() -> None:
    """`onAmbiguous: First`: fewest profiles, then by name, whatever the order of the list."""
    listed = (*LISTED, make_listing(FULL), make_listing(OTHER))
    for order in (listed, listed[::-1]):
        assert proof(*order, **AUTO).selection == (OTHER,)


def test_several_answers_block_where_the_match_says_so() -> None:
    """`onAmbiguous: Block`: the choices are told."""
    listed = (*LISTED, make_listing(FULL), make_listing(OTHER))
    found = problem(*listed, **AUTO, onAmbiguous="Block")
    assert found.reason == "SeveralMatches"
    assert found.message.startswith("3 sets of profiles match exactly: other-shop 1.0.0; whole")
    assert proof(*LISTED, **AUTO, onAmbiguous="Block").holds


def test_too_many_answers_block_always() -> None:
    """Among more answers than are looked at there is no telling the best one."""
    shops = [make_profile(f"shop-{i}", *STACK, type="cluster") for i in range(51)]
    assert proof(*map(make_listing, shops[:50]), **AUTO).holds
    found = problem(*map(make_listing, shops), **AUTO)
    assert found.reason == "SeveralMatches"
    assert "more than 50" in found.message


def test_a_search_that_was_left_is_a_problem() -> None:
    """A stack beyond all reason costs nothing, and raises nothing."""
    local = stack(Layer("addon", f"pack-{i}", "1") for i in range(5000))
    assert problem(local=local, **AUTO).reason == "SearchTooLarge"


def test_select_resolves_without_judging() -> None:
    """`explain` can show a selection that does not match."""
    chosen = select(make_stack("os/x 1"), make_match(), LISTED)
    assert chosen == (INFRA_PROFILE, ADD_ON)
    assert isinstance(select(STACK, make_match(), ()), Problem)


def test_a_proof_that_fails_still_shows_what_was_judged() -> None:
    """The status names the profiles that were tried."""
    done = proof(*with_add_on("addon/x 1"))
    assert [profile.name for profile in done.selection] == ["retail-infra", "retail-observability"]
    assert all(isinstance(profile, Profile) for profile in done.selection)


def case_of(local: Stack, view: PaletteView, match: ProfileMatchSpec) -> Case:
    """Make a case of a cluster with these layers, in this look at Palette."""
    host = make_host(cluster=make_cluster(stack=local))
    return Case(make_intent(match=match), make_observed(host, view), now=NOW)


def test_a_stack_is_proven_once_a_look() -> None:
    """Many clusters have the same layers: another one costs next to nothing."""
    view, match = make_view(), make_match()
    first = calls(lambda: case_of(STACK, view, match).proof)
    again = calls(lambda: case_of(STACK, view, match).proof)
    made = calls(lambda: case_of(STACK, view, match))
    assert 10 * (again - made) < first - made


def test_what_was_proven_of_one_stack_is_not_said_of_another() -> None:
    """Layers that are equal may be of different types: those count, too; so does the match."""
    view, match = make_view(), make_match()
    other = stack(replace(layer, type="helm") for layer in STACK)
    typed = replace(view, profiles=tuple(_typed(one, "manifest") for one in view.profiles))
    assert case_of(STACK, typed, match).proof == prove(STACK, match, typed.profiles)
    assert case_of(other, typed, match).proof == prove(other, match, typed.profiles)
    assert prove(other, match, typed.profiles) != prove(STACK, match, typed.profiles)
    auto = make_match(profiles=None, select="Auto")
    lesser = make_match(profiles=[{"name": ADD_ON.name}])
    for another in (auto, lesser):
        assert case_of(STACK, view, another).proof == prove(STACK, another, view.profiles)


def _typed(listing: ProfileListing, kind: str) -> ProfileListing:
    assert listing.latest
    layers = stack(replace(layer, type=kind) for layer in listing.latest.layers)
    return replace(listing, latest=replace(listing.latest, layers=layers))
