"""Answers that the vendor's specifications allow: pairctl reads them, and goes on or says why."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pairctl.sim import Fault, LocalProfile, Pack
from scenario_factory import ACCEPT, profile_match, quick_palette, world
from sim_factory import GRAFANA, LOCAL_PROFILES, Document, host_document, profile

BARE = ["message", "code", "number", "string", "text", "empty"]


@pytest.mark.parametrize("shape", BARE)
def test_a_host_that_words_its_errors_otherwise_is_paired(tmp_path: Path, shape: str) -> None:
    """The first request is sent although the host says in its own way that there is none."""
    with world(tmp_path, host_document(errors=shape)) as w:
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_a_host_that_shows_a_page_in_place_of_its_errors_is_not_read(tmp_path: Path) -> None:
    """A page may be a portal's: what the host holds is not known, and nothing is sent."""
    with world(tmp_path, host_document(errors="page")) as w:
        w.apply()
        assert w.told() == ("Blocked", "NotTheApi")
        assert w.kinds() == []


NAME = GRAFANA.name


@pytest.mark.parametrize(("odd", "reason", "words"), [
    ({"packStatus": {NAME: "Installing"}}, "PackNotReady", f"{NAME} (Installing)"),
    ({"packConditions": {NAME: [{"type": "Ready", "status": "False", "message": "no image"}]}},
     "PackNotReady", "Ready is False: no image"),
    ({"rebootPending": True}, "RebootPending", "reboot"),
])  # fmt: skip
def test_nothing_is_sent_while_something_is_under_way_in_the_cluster(
    tmp_path: Path, odd: Document, reason: str, words: str
) -> None:
    """Local UI may show a cluster as Running while packs are updated; it goes on by itself."""
    described = host_document()
    with world(tmp_path, {**described, "cluster": {**described["cluster"], **odd}}) as w:
        w.apply()
        assert w.told() == ("Blocked", reason)
        assert words in w.status()["message"]
        assert w.kinds() == []
        host = w.running.simulation.hosts["store-1"]
        assert host.cluster
        host.cluster = replace(
            host.cluster, pack_status={}, pack_conditions={}, is_reboot_pending=False
        )
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_an_appliance_is_paired_only_where_the_intent_names_its_type(tmp_path: Path) -> None:
    """The cluster that hosts Palette is managed locally as well: a person has to say it is not."""
    said = {"centralManagementOnly": "store-1"}
    with world(tmp_path, host_document(applianceType="palette")) as w:
        w.commit(w.intent(acknowledge={**said, "applianceType": "edge"}))
        w.apply()
        assert w.told() == ("Blocked", "ApplianceNotAcknowledged")
        assert "`applianceType: palette`" in w.status()["humanAction"]
        assert w.kinds() == []
        w.commit(w.intent(acknowledge={**said, "applianceType": "palette"}))
        w.apply()
        assert w.told() == ("Paired", "Paired")


@pytest.mark.parametrize("mode", ["connected", None])
def test_a_host_that_is_managed_locally_is_paired_whatever_its_mode(
    tmp_path: Path, mode: str | None
) -> None:
    """The installation mode is no longer available on newer hosts, or says its old default."""
    with world(tmp_path, host_document(installationMode=mode)) as w:
        w.apply()
        assert w.told() == ("Paired", "Paired")


def of_three(**cluster: Any) -> Document:
    """Describe a host whose cluster has three nodes."""
    described = host_document()
    nodes = [{"name": f"node-{number}"} for number in (1, 2, 3)]
    return {**described, "cluster": {**described["cluster"], "nodes": nodes, **cluster}}


@pytest.mark.parametrize(("cluster", "ending"), [
    ({"showsNodes": ["node-1", "node-2"]}, ("Blocked", "NodesNotSeen")),
    ({"showsNodes": []}, ("Blocked", "NodesNotSeen")),
    ({"showsNodes": [], "listsHosts": False}, ("Blocked", "NodesNotSeen")),
    ({"showsNodes": ["node-1", "node-2"], "listsHosts": False}, ("Paired", "Paired")),
    ({}, ("Paired", "Paired")),
])  # fmt: skip
def test_a_node_that_is_not_shown_is_not_taken_to_be_healthy(
    tmp_path: Path, cluster: Document, ending: tuple[str, str]
) -> None:
    """As many nodes as hosts; where the hosts are not listed, the nodes alone count."""
    with world(tmp_path, of_three(**cluster)) as w:
        w.apply()
        assert w.told() == ending
        assert bool(w.kinds()) is (ending[0] == "Paired")


def with_addons(number: int, *packs: Pack) -> Document:
    """Describe a host whose cluster has these add-ons on the usual infrastructure."""
    described = host_document(number)
    addons = LocalProfile("store-addons", "add-on", "1.0.0", packs)
    profiles = [LOCAL_PROFILES[0], addons]
    return {**described, "cluster": {**described["cluster"], "profiles": profiles}}


def palette_with(*profiles: Document) -> Document:
    """Describe the usual Palette with more profiles."""
    return quick_palette(profiles=[*quick_palette()["profiles"], *profiles])


MANIFEST = Pack("network-policy", "", "addon", "manifest")


def test_a_manifest_without_a_version_matches_by_its_name(tmp_path: Path) -> None:
    """Where neither side has a version, it is the same manifest."""
    palette = palette_with(profile("policies", "add-on", ("1.0.0", (MANIFEST,))))
    match = profile_match(profiles=("infra", "addons", "policies"))
    with world(tmp_path, with_addons(1, GRAFANA, MANIFEST), palette=palette) as w:
        w.commit(match, w.intent())
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_a_manifest_with_a_version_on_one_side_is_another_layer(tmp_path: Path) -> None:
    """What is not said is not guessed."""
    versioned = Pack(MANIFEST.name, "1.0.0", "addon", "manifest")
    palette = palette_with(profile("policies", "add-on", ("1.0.0", (versioned,))))
    match = profile_match(profiles=("infra", "addons", "policies"))
    with world(tmp_path, with_addons(1, GRAFANA, MANIFEST), palette=palette) as w:
        w.commit(match, w.intent())
        w.apply()
        assert w.told() == ("Blocked", "LayersDiffer")
        assert "network-policy is without a version in the cluster" in w.status()["message"]


@pytest.mark.parametrize(("odd", "named"), [
    (Pack("some-chart", "", "addon", "helm"), "no version: some-chart"),
    (Pack("some-chart", "1.0.0", ""), "no layer: some-chart 1.0.0"),
])  # fmt: skip
def test_a_pack_that_cannot_be_compared_is_named_and_stops_its_cluster_only(
    tmp_path: Path, odd: Pack, named: str
) -> None:
    """Neither the host nor the Palette that shows it becomes unreadable."""
    palette = palette_with(profile("odd", "add-on", ("1.0.0", (odd,))))
    hosts = [with_addons(1, GRAFANA, odd), host_document(2), host_document(3)]
    with world(tmp_path, *hosts, palette=palette) as w:
        by_name = profile_match("odd", ("infra", "addons", "odd"))
        intents = [w.intent(1), w.intent(2), w.intent(3, profileMatch="odd")]
        w.commit(profile_match(), by_name, *intents)
        w.apply()
        assert w.told("store-1") == ("Blocked", "LayerNotComparable")
        assert named in w.status("store-1")["message"]
        assert w.told("store-2") == ("Paired", "Paired")
        assert w.told("store-3") == ("Blocked", "ProfileNotPublished")
        assert named in w.status("store-3")["message"]


@pytest.mark.parametrize(("changes", "words"), [
    ({"cloudType": "vsphere"}, "cloud type vsphere"),
    ({"cloudType": "AWS"}, "cloud type AWS"),
    ({"disabledPacks": 1}, "disabled"),
    ({"saysPublished": False}, "only a draft"),
    ({"hasOwnDraft": True}, "changes that are not published"),
])  # fmt: skip
def test_a_profile_that_no_edge_cluster_can_have_is_not_selected(
    tmp_path: Path, changes: Document, words: str
) -> None:
    """Neither by name nor by a search, and it stops nobody else's."""
    palette = palette_with(profile("odd", "add-on", ("1.0.0", (GRAFANA,)), **changes))
    odd = profile_match("odd", ("infra", "odd"))
    found = profile_match("found", select="Auto")
    del found["spec"]["profiles"]
    found["spec"]["onAmbiguous"] = "Block"
    palette["profiles"] = [one for one in palette["profiles"] if one["name"] != "full"]
    with world(tmp_path, host_document(1), host_document(2), palette=palette) as w:
        w.commit(odd, found, w.intent(1, profileMatch="odd"), w.intent(2, profileMatch="found"))
        w.apply()
        assert w.told("store-1") == ("Blocked", "ProfileNotPublished")
        assert words in w.status("store-1")["message"]
        assert w.told("store-2") == ("Paired", "Paired")
        assert [one["name"] for one in w.status("store-2")["profiles"]] == ["infra", "addons"]


@pytest.mark.parametrize("cloud", ["edge-native", "all", ""])
def test_a_profile_for_edge_or_for_every_cloud_is_selected(tmp_path: Path, cloud: str) -> None:
    """Add-ons are often for all clouds, or for none in particular."""
    palette = palette_with(profile("odd", "add-on", ("1.0.0", (GRAFANA,)), cloudType=cloud))
    with world(tmp_path, palette=palette) as w:
        w.commit(profile_match("odd", ("infra", "odd")), w.intent(profileMatch="odd"))
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_a_profile_for_a_cloud_that_nobody_knows_is_left_to_palettes_own_validation(
    tmp_path: Path,
) -> None:
    """The cloud types are not published: pairctl only doubts, and Palette's word stops it."""
    palette = palette_with(profile("odd", "add-on", ("1.0.0", (GRAFANA,)), cloudType="edge-lite"))
    with world(tmp_path, palette=palette) as w:
        w.commit(profile_match("odd", ("infra", "odd")), w.intent(profileMatch="odd"))
        w.one_pass()
        w.one_pass()
        assert w.told() == ("Blocked", "PaletteObjects")
        assert "it is for edge-lite" in w.status()["message"]
        assert w.kinds() == ["request"]


def test_a_chart_and_a_manifest_of_one_name_do_not_match(tmp_path: Path) -> None:
    """Equal in name and version, and made of something else: nothing is sent, and it is told."""
    chart = Pack(GRAFANA.name, GRAFANA.version, GRAFANA.layer, "helm")
    manifest = Pack(GRAFANA.name, GRAFANA.version, GRAFANA.layer, "manifest")
    palette = palette_with(profile("manifest", "add-on", ("1.0.0", (manifest,))))
    with world(tmp_path, with_addons(1, chart), palette=palette) as w:
        w.commit(profile_match(profiles=("infra", "manifest")), w.intent())
        w.one_pass()
        assert w.told() == ("Blocked", "LayersDiffer")
        assert "is a Helm chart in the cluster and a manifest in manifest" in w.status()["message"]
        assert w.kinds() == []
        done = w.run("explain", "store-1", rules=False)
        assert "other type: a Helm chart and a manifest" in " ".join(done.stdout.split())


@pytest.mark.parametrize("shape", BARE)
def test_a_palette_without_routes_may_say_so_in_any_form(tmp_path: Path, shape: str) -> None:
    """What its framework says of a path leaves the click to a person, as ever."""
    palette = quick_palette(pairing={"routes": False, "acceptSeconds": 0.0}, errors=shape)
    with world(tmp_path, palette=palette) as w:
        w.apply()
        assert w.told() == ("Requested", "WaitingForConsole")


@pytest.mark.parametrize("said", [
    {"status": 404, "shape": "number", "message": "path /v1/x was not found"},
    {"status": 404, "shape": "text", "message": "404 page not found"},
    {"status": 405, "shape": "message", "message": "Method Not Allowed"},
    {"status": 405, "shape": "empty"},
])  # fmt: skip
def test_an_acceptance_to_a_wrong_path_names_the_route_to_set(
    tmp_path: Path, said: dict[str, Any]
) -> None:
    """There is nothing to settle with the other side: it has not understood the call."""
    with world(tmp_path) as w:
        w.plan_faults(Fault("error", method="POST", path=ACCEPT, times=9, **said))
        w.apply()
        assert w.told() == ("Blocked", "NoSuchRoute")
        assert "`routes.accept` in the operator's file" in w.status()["humanAction"]
        assert w.kinds() == ["request"]


@pytest.mark.parametrize("shape", ["message", "string", "text"])
def test_why_the_hosts_do_not_reach_palette_is_in_the_hosts_words(
    tmp_path: Path, shape: Any
) -> None:
    """Its 500 carries words, in whatever form."""
    with world(tmp_path) as w:
        words = "node-2 cannot resolve the name"
        path = "*/verify-connection"
        w.plan_faults(Fault("error", path=path, times=99, message=words, shape=shape))
        w.apply()
        assert w.told() == ("Blocked", "HostsCannotReachPalette")
        assert words in w.status()["message"]
