"""From a commit to Paired, and what keeps a cluster from it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from endings import EndsAs
from pairctl.sim import Cluster, LocalProfile, Pack
from repo_factory import git
from scenario_factory import World, profile_match, quick_palette, world
from sim_factory import GRAFANA, HELLO, INFRA_PACKS, OLD_GRAFANA, Document, host_document

INFRA = LocalProfile("store-infra", "infra", "1.0.0", INFRA_PACKS)

FLEET = {
    1: ("Paired", "Paired", ["request", "accept"]),
    2: ("Paired", "Paired", ["request", "accept"]),
    3: ("Blocked", "LayersDiffer", []),
    4: ("Blocked", "LayersDiffer", []),
    5: ("Blocked", "LayersDiffer", []),
    6: ("Blocked", "NodeUnhealthy", []),
    7: ("Blocked", "NotAcknowledged", ["request"]),
    8: ("Blocked", "NotAcknowledged", ["request"]),
    9: ("Waiting", "Suspended", []),
    10: ("Blocked", "NodesNotSeen", []),
    11: ("Blocked", "TokenNotFound", []),
    12: ("Blocked", "HostsCannotReachPalette", []),
    13: ("Blocked", "ProfileNotLatest", []),
}
"""The phase and reason that each cluster ends with, and all that was done to it."""


def with_addons(number: int, *packs: Pack) -> Document:
    """Describe a host whose cluster has these add-ons on the usual infrastructure."""
    addons = LocalProfile("store-addons", "add-on", "1.0.0", packs)
    cluster = host_document(number)["cluster"] | {"profiles": [INFRA, addons]}
    return host_document(number, cluster=cluster)


def with_sick_node(number: int) -> Document:
    """Describe a host whose cluster has a node that is not healthy."""
    nodes = [{"name": "node-1"}, {"name": "node-2", "healthy": False}]
    return host_document(number, cluster=host_document(number)["cluster"] | {"nodes": nodes})


def with_hidden_node(number: int) -> Document:
    """Describe a host whose cluster has two hosts, and shows a node for one."""
    nodes = {"nodes": [{"name": "node-1"}, {"name": "node-2"}], "showsNodes": ["node-1"]}
    return host_document(number, cluster=host_document(number)["cluster"] | nodes)


def intents(w: World) -> list[Document]:
    """Write an intent for each cluster of the fleet."""
    special: dict[int, dict[str, Any]] = {
        2: {"profileMatch": "full"},
        7: {"acknowledge": None},
        8: {"acknowledge": {"centralManagementOnly": "store-1"}},
        9: {"suspend": True},
        11: {"registrationToken": {"fromPalette": "retial"}},
        13: {"profileMatch": "old"},
    }
    old = profile_match("old", ({"name": "infra", "version": "1.0.0"}, "addons"))
    matches = [profile_match(), profile_match("full", ("full",)), old]
    return [*matches, *(w.intent(number, **special.get(number, {})) for number in FLEET)]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Run a fleet once, until nothing is under way any more."""
    hosts = {number: host_document(number) for number in FLEET} | {
        3: with_addons(3, OLD_GRAFANA),
        4: with_addons(4),
        5: with_addons(5, GRAFANA, HELLO),
        6: with_sick_node(6),
        10: with_hidden_node(10),
        12: host_document(12, reachesPalette=False),
    }
    root = tmp_path_factory.mktemp("fleet")
    with world(root, *hosts.values(), fleet=intents) as running:
        running.apply()
        yield running


@pytest.mark.parametrize("number", FLEET)
def test_a_cluster_ends_as_its_facts_demand(fleet: World, number: int) -> None:
    """What fits is paired; what does not is told why, and nothing is done that was not proven."""
    phase, reason, kinds = FLEET[number]
    assert fleet.told(f"store-{number}") == (phase, reason), fleet.status(f"store-{number}")
    assert fleet.kinds(number) == kinds


@pytest.mark.parametrize("number", [n for n, (phase, *_) in FLEET.items() if phase == "Blocked"])
def test_a_blocked_cluster_says_what_a_person_does(fleet: World, number: int) -> None:
    """Whatever is blocked names what it waits for, and the next step of a person."""
    status = fleet.status(f"store-{number}")
    assert status["waitingFor"]
    assert status["humanAction"]
    assert status["conditions"][-1]["type"] == "Ready"
    assert status["conditions"][-1]["status"] == "False"


def test_a_paired_cluster_is_registered_with_the_proven_profiles(fleet: World) -> None:
    """Palette holds each paired cluster once, with exactly the profiles that its status names."""
    found = {cluster.name: cluster for cluster in fleet.running.simulation.palette.clusters}
    assert sorted(found) == ["store-1", "store-2"]
    for name, cluster in found.items():
        status = fleet.status(name)
        uids = [profile["uid"] for profile in status["profiles"]]
        assert [choice.uid for choice in cluster.choices] == uids
        assert status["paletteUid"] == cluster.uid
        assert fleet.mode(int(name[-1])) == "central"
    assert [profile["name"] for profile in fleet.status("store-2")["profiles"]] == ["full"]


def test_the_branch_holds_a_file_for_each_thing_seen(fleet: World, ends_as: EndsAs) -> None:
    """The branch holds STATUS.md, a status for each intent, what was observed, and no claim."""
    files = fleet.files()
    seen = [f"observed/clusters/store-{number}.yaml" for number in FLEET if number != 9]
    told = [f"status/store-{number}.yaml" for number in FLEET]
    told += [f"evidence/{fleet.cluster_uid(number)}.yaml" for number in (1, 2)]
    always = ["STATUS.md", "observed/palettes/production.yaml", "status-branch.yaml"]
    assert sorted(files) == sorted([*always, *seen, *told])
    summary = files["STATUS.md"].decode()
    assert all(f"status/store-{number}.yaml" in summary for number in FLEET)
    ends_as(fleet, "fleet")


def test_a_status_commit_names_the_commit_it_speaks_of(fleet: World) -> None:
    """The source commit stands in each status and in the status commit's message."""
    first = fleet.status()["sourceCommit"]
    assert first == git(fleet.box.bare, "rev-parse", "main")
    assert f"Source-Commit: {first}" in fleet.log()


def paired_cluster(w: World) -> Cluster:
    """Pair the first cluster, and give it as Palette has it."""
    w.apply()
    assert w.told() == ("Paired", "Paired"), w.status()
    (cluster,) = w.running.simulation.palette.clusters
    return cluster


def test_name_description_and_tags_of_the_intent_reach_palette(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """What the intent says about the cluster is what Palette gets."""
    given = {"name": "shop-lisbon", "description": "by the river", "tags": {"owner": "retail"}}
    with world(tmp_path, fleet=lambda w: [w.intent(cluster=given)]) as w:
        cluster = paired_cluster(w)
        ends_as(w, "other-name-description-and-tags")
    assert cluster.name == "shop-lisbon"
    assert cluster.annotations == {"description": "by the river"}
    assert cluster.labels == {"owner": "retail"}


def test_what_the_intent_leaves_out_stays_as_the_local_cluster_has_it(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """Without a word in the intent, name, description and tags are those of the local cluster."""
    with world(tmp_path) as w:
        cluster = paired_cluster(w)
        ends_as(w, "name-description-and-tags-kept")
    assert (cluster.name, cluster.labels) == ("store-1", {"region": "emea"})
    assert cluster.annotations == {"description": "a store"}


def with_variables() -> Document:
    """Describe a Palette whose two profiles have variables of their own."""
    variables = {"infra": ("region", "join-key"), "addons": ("grafana-password", "region")}
    packs = {"infra": INFRA_PACKS, "addons": (GRAFANA,)}
    profiles = [
        {
            "name": name,
            "type": kind,
            "versions": [
                {"version": "1.0.0", "packs": list(packs[name]), "variables": variables[name]}
            ],
        }
        for name, kind in (("infra", "infra"), ("addons", "add-on"))
    ]
    return quick_palette(profiles=profiles)


def test_variables_reach_only_the_profiles_that_define_them(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """Each profile gets the values of its own variables, plain and secret, and no others."""
    values = {"region": "emea", "grafana-password": {"secret": "grafana"}}
    match = profile_match(variables=values)
    with world(
        tmp_path,
        palette=with_variables(),
        secrets={"grafana": "a-secret-of-grafana"},
        fleet=lambda w: [match, w.intent()],
    ) as w:
        cluster = paired_cluster(w)
        ends_as(w, "variables")
    infra, addons = (choice.variables for choice in cluster.choices)
    assert infra == {"region": "emea"}
    assert addons == {"region": "emea", "grafana-password": "a-secret-of-grafana"}


def test_values_of_packs_reach_the_profile_that_has_the_pack(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """Inline or from a file of the repository, which is no document though it is YAML."""
    values = [
        {"pack": "prometheus-grafana", "file": "values/grafana.yaml"},
        {"pack": "edge-k8s", "inline": "replicas: 2\n"},
    ]
    match = profile_match(values=values, configuration="Any")
    with world(tmp_path, palette=with_variables(), fleet=lambda w: [match, w.intent()]) as w:
        w.box.commit({"values/grafana.yaml": "adminUser: store\n"})
        cluster = paired_cluster(w)
        ends_as(w, "values-of-packs")
    infra, addons = (choice.pack_names for choice in cluster.choices)
    assert (infra, addons) == (("edge-k8s",), ("prometheus-grafana",))


def test_values_of_a_pack_that_nothing_brings_are_told(tmp_path: Path, ends_as: EndsAs) -> None:
    """A mistyped pack is Blocked before anything is accepted."""
    match = profile_match(values=[{"pack": "grafanna", "inline": "a: b\n"}])
    with world(tmp_path, palette=with_variables(), fleet=lambda w: [match, w.intent()]) as w:
        w.apply()
        assert w.told() == ("Blocked", "PackUnknown")
        assert w.kinds() == ["request"]
        ends_as(w, "values-of-a-pack-that-nothing-brings")


def test_a_secret_bound_to_another_certificate_is_not_sent(tmp_path: Path, ends_as: EndsAs) -> None:
    """The operator's file says which certificates a secret may meet; nobody is asked before."""
    with world(tmp_path) as w:
        rules = json.loads(w.operator.read_text())
        bound = rules["spec"]["secrets"]["store-local-ui"]
        bound["certificates"] = ["sha256:" + "0" * 64]
        w.operator.write_text(json.dumps(rules))
        assert w.run("apply", "--wait").returncode == 3
        assert w.told() == ("Blocked", "SecretNotAllowed")
        assert w.kinds() == []
        ends_as(w, "secret-bound-to-another-certificate", is_settled=False)
