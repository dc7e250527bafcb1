"""The basis of a decision: the same while nothing that matters moves, and told where it does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from examples import examples
from layers_factory import make_profile, make_stack
from pairctl.layers import Stack
from pairctl.pairing import Basis, Case, Observed, basis_changes, basis_of
from pairctl.spec import Desired, Tls
from pairing_factory import (
    ADD_ON,
    INFRA_PROFILE,
    NOW,
    STACK,
    make_approval,
    make_cluster,
    make_host,
    make_intent,
    make_listing,
    make_match,
    make_observed,
    make_palette,
    make_pending,
    make_view,
)
from pairing_worlds import World, worlds

PINNED = "sha256:" + "a" * 64


def basis(observed: Observed | None = None, **changes: Any) -> Basis:
    """Return the basis of the intent with these changes."""
    return basis_of(Case(make_intent(**changes), observed or make_observed(), now=NOW))


def with_cluster(**changes: Any) -> Observed:
    """Make an observation of a cluster with these changes."""
    return make_observed(make_host(cluster=make_cluster(**changes)))


def with_profiles(*profiles: Any) -> Observed:
    """Make an observation of a Palette with these profiles."""
    return make_observed(view=make_view(profiles=tuple(map(make_listing, profiles))))


def with_other_layers(stack: Stack) -> Observed:
    """Make an observation of a cluster, and of an add-on that goes with it."""
    return with_cluster(stack=stack)


SAME: dict[str, Callable[[], Basis]] = {
    "an approval was committed": lambda: basis(approval=make_approval()),
    "the health of the cluster": lambda: basis(with_cluster(state="Error", is_healthy=False)),
    "the host's agent": lambda: basis(make_observed(make_host(agent_version="v9"))),
    "the order of the profiles": lambda: basis(
        match=make_match(profiles=[{"name": ADD_ON.name}, {"name": INFRA_PROFILE.name}])
    ),
}
NEWER = make_profile(ADD_ON.name, "addon/prometheus-grafana 44.3.1", version="1.5.0")
REMADE = replace(ADD_ON, uid="uid-other")
MOVED = make_profile(ADD_ON.name, "addon/prometheus-grafana 50.0.0", version="1.4.0")
FEWER = STACK[1:]
OTHER = make_stack(*(f"{layer.kind}/{layer}" for layer in STACK[1:]), "addon/loki 2.0.0")
CHANGED: dict[str, tuple[Callable[[], Basis], list[str]]] = {
    "a document": (
        lambda: basis(generation="sha256:two"),
        ["the intent, its Palette or its ProfileMatch has been changed"],
    ),
    "the Palette's endpoint": (
        lambda: basis(palette=make_palette(endpoint="https://other.example")),
        ["Palette's endpoint: https://api.spectrocloud.com -> https://other.example"],
    ),
    "the project": (
        lambda: basis(palette=make_palette(project="lab")),
        ["Palette's project: retail -> lab"],
    ),
    "the Palette's certificate": (
        lambda: basis(palette=make_palette(tls={"caFile": "ca.pem"})),
        ["Palette's certificate added: signed by ca.pem"],
    ),
    "the host's address": (
        lambda: basis(
            localUI={"endpoint": "https://10.0.0.1", "credentials": {"secret": "local-ui"}}
        ),
        ["host: https://10.0.42.10:5080 -> https://10.0.0.1"],
    ),
    "the host's certificate": (
        lambda: basis(
            localUI={
                "endpoint": "https://10.0.42.10:5080",
                "credentials": {"secret": "local-ui"},
                "tls": {"fingerprint": PINNED},
            }
        ),
        [f"host certificate added: {PINNED}"],
    ),
    "the cluster": (
        lambda: basis(with_cluster(uid="local-43", name="store-0043")),
        [
            "cluster: store-0042 -> store-0043",
            "cluster's uid: local-42 -> local-43",
            "name in Palette: store-0042 -> store-0043",
        ],
    ),
    "no cluster any more": (
        lambda: basis(make_observed(make_host(cluster=None))),
        [
            "cluster gone: store-0042",
            "cluster's uid gone: local-42",
            *(f"layer gone: {layer} in layer {layer.kind}" for layer in STACK),
            "profile retail-infra gone: 3.2.0",
            "profile retail-observability gone: 1.4.0",
            "name in Palette gone: store-0042",
            "tag a gone: b",
        ],
    ),
    "the request was sent": (lambda: basis(make_pending()), ["pairing request added: u1"]),
    "a layer in another version": (
        lambda: basis(with_cluster(stack=make_stack(*_but_grafana(), GRAFANA.format("45.0.0")))),
        ["layer prometheus-grafana: 44.3.1 -> 45.0.0"],
    ),
    "a layer of another kind": (
        lambda: basis(
            with_cluster(stack=make_stack(*_but_grafana(), "os/prometheus-grafana 44.3.1"))
        ),
        [
            "layer gone: prometheus-grafana 44.3.1 in layer addon",
            "layer added: prometheus-grafana 44.3.1 in layer os",
        ],
    ),
    "a layer twice": (
        lambda: basis(with_cluster(stack=(*STACK, STACK[-1]))),
        [f"layer added: {STACK[-1]} in layer {STACK[-1].kind}"],
    ),
    "a newer profile": (
        lambda: basis(with_profiles(INFRA_PROFILE, NEWER)),
        ["profile retail-observability: 1.4.0 -> 1.5.0"],
    ),
    "a profile made anew": (
        lambda: basis(with_profiles(INFRA_PROFILE, REMADE)),
        ["profile retail-observability 1.4.0: uid uid-retail-observability -> uid-other"],
    ),
    "a profile changed in place": (
        lambda: basis(with_profiles(INFRA_PROFILE, MOVED)),
        ["profile retail-observability: layer prometheus-grafana: 44.3.1 -> 50.0.0"],
    ),
    "a profile of another type": (
        lambda: basis(with_profiles(INFRA_PROFILE, replace(ADD_ON, type="cluster"))),
        ["profile retail-observability: type add-on -> cluster"],
    ),
    "another selection": (
        lambda: basis(match=make_match(profiles=[{"name": INFRA_PROFILE.name}])),
        ["profile retail-observability gone: 1.4.0"],
    ),
    "what it is registered as": (
        lambda: basis(
            cluster={"name": "shop-42", "description": "x" * 100, "tags": {"a": "c", "b": ""}},
            variables={"size": "1"},
            values=[{"pack": "prometheus-grafana", "inline": "a: 1"}],
        ),
        [
            "name in Palette: store-0042 -> shop-42",
            "tag a: b -> c",
            f"description added: {'x' * 80}…",
            "tag b added: (empty)",
            "variable size added: set",
            "values of pack prometheus-grafana added: set",
        ],
    ),
}


GRAFANA = "addon/prometheus-grafana {}"


def _but_grafana() -> list[str]:
    layers = (layer for layer in STACK if layer.name != "prometheus-grafana")
    return [f"{layer.kind}/{layer}" for layer in layers]


@pytest.mark.parametrize("what", SAME)
def test_what_does_not_matter_leaves_the_digest_as_it_is(what: str) -> None:
    """Sent or still to be sent, approved or not: what is decided on is the same."""
    assert SAME[what]().digest == basis().digest
    assert basis_changes(basis(), SAME[what]()) == ()


@pytest.mark.parametrize("what", CHANGED)
def test_what_matters_changes_the_digest_and_is_told(what: str) -> None:
    """Every field counts, and the difference names it with what was and what is."""
    make, told = CHANGED[what]
    assert make().digest != basis().digest
    assert list(basis_changes(basis(), make())) == told


def test_files_that_the_documents_name_count() -> None:
    """Values in a file change what is accepted as much as values in the document."""
    files = {"ca.pem": "1", "old.yaml": "2"}
    intents = [
        replace(make_intent(), files=these) for these in (files, {"ca.pem": "9", "new.yaml": "2"})
    ]
    before, after = (basis_of(Case(one, make_observed(), now=NOW)) for one in intents)
    assert before.digest != after.digest
    assert basis_changes(before, after) == (
        "file ca.pem: changed",
        "file new.yaml: added",
        "file old.yaml: gone",
    )


def test_layers_do_not_matter_where_no_pairing_is_wanted() -> None:
    """A request is taken back whatever the cluster runs by now."""
    wanted = {"desired": Desired.LOCAL}
    assert basis(with_cluster(stack=FEWER), **wanted).digest == basis(**wanted).digest


def test_the_documents_name_their_files() -> None:
    """Certificate authorities of both sides, and values of intent and match."""
    intent = make_intent(
        palette=make_palette(tls={"caFile": "certs/palette.pem"}),
        match=make_match(values=[{"pack": "a", "file": "values/a.yaml"}]),
        values=[{"pack": "b", "file": "values/b.yaml"}, {"pack": "c", "inline": "x: 1"}],
        localUI={
            "endpoint": "https://10.0.42.10:5080",
            "credentials": {"secret": "local-ui"},
            "tls": Tls(caFile="certs/host.pem"),
        },
    )
    assert sorted(intent.named_files) == [
        "certs/host.pem",
        "certs/palette.pem",
        "values/a.yaml",
        "values/b.yaml",
    ]


@examples(250)
@given(worlds(), worlds())
def test_two_bases_differ_where_their_digests_do(one: World, other: World) -> None:
    """A difference has words, and words a difference; nothing is lost in a file."""
    before, after = one.decided().basis, other.decided().basis
    assert (before.digest == after.digest) == (basis_changes(before, after) == ())
    assert Basis.model_validate_json(before.model_dump_json(exclude_none=True)) == before
