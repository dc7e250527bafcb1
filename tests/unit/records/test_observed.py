"""`observed/`: what a pass saw, as files that say since when it is so."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from pairctl.layers import Layer, Profile, stack
from pairctl.pairing import EdgeHost, LocalCluster, ManagementMode, PaletteView, ProfileListing
from pairctl.records.observed import (
    ObservedPalette,
    cluster_file,
    observed_cluster,
    observed_palette,
    palette_file,
    same_facts,
)
from pairctl.spec.decoding import MAX_FILE_BYTES

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
LAYERS = stack([Layer("os", "ubuntu", "22.04"), Layer("k8s", "edge-k8s", "1.30")])


def make_host(**changes: object) -> EdgeHost:
    """Make a host with a cluster of two layers."""
    cluster = LocalCluster("uid-1", "store-1", "Running", is_healthy=True, stack=LAYERS)
    return EdgeHost("host-1", ManagementMode.LOCAL, "airgap", "v4.9.0", cluster, **changes)  # type: ignore[arg-type]  # a factory


def make_view(version: str = "3.2.0") -> PaletteView:
    """Make a Palette with one profile that can be used, and a draft."""
    infra = Profile("uid-infra", "infra", version, "infra", LAYERS)
    draft = ProfileListing("new", None, "it has no published version, only a draft")
    return PaletteView((draft, ProfileListing("infra", infra, scope="project")))


def test_what_was_seen_of_a_cluster_is_read_back() -> None:
    """Versions that look like numbers stay text, and the time is kept to the second."""
    file = cluster_file("store", make_host(), NOW)
    assert file is not None
    seen = observed_cluster(dict([file]), "store")
    assert seen is not None
    assert (seen.name, seen.local_uid, seen.agent_version) == ("store-1", "uid-1", "v4.9.0")
    assert (seen.layers, seen.seen_at) == (LAYERS, NOW)


def test_what_was_seen_of_a_palette_is_read_back() -> None:
    """Drafts are kept, with why they cannot be used; profiles come first."""
    seen = observed_palette(dict([palette_file("production", make_view(), NOW)]), "production")
    draft, infra = make_view().profiles
    assert seen == ObservedPalette((infra, draft), NOW)


def test_the_same_facts_at_another_time_are_no_news() -> None:
    """Nothing ticks: only a fact that changed makes another file."""
    (_, before), (_, again) = (palette_file("p", make_view(), when) for when in (NOW, LATER))
    assert before != again
    assert same_facts(before, again)
    assert not same_facts(before, palette_file("p", make_view("3.3.0"), LATER)[1])
    assert not same_facts(None, again)


def test_what_makes_no_sense_was_not_seen() -> None:
    """A file edited by hand counts as absent; the next pass writes it anew."""
    for content in (b"", b"[]", b"observed: {}\n", b"observed: {layers: 1, cluster: a}\n", b"\xff"):
        files = {"observed/clusters/a.yaml": content, "observed/palettes/a.yaml": content}
        assert observed_cluster(files, "a") is None
        assert observed_palette(files, "a") is None


LAYER = "{layer: os, name: ubuntu, version: '22.04'}"


@pytest.mark.parametrize(
    "profile",
    [
        "a profile",
        "[]",
        f"{{name: [a], version: v, type: infra, uid: u, layers: [{LAYER}]}}",
        f"{{name: a, version: 1.0, type: infra, uid: u, layers: [{LAYER}]}}",
        "{name: a, version: v, type: infra, uid: u, layers: [{layer: os, name: {}, version: v}]}",
        "{name: a, version: v, type: infra, uid: u, layers: [ubuntu]}",
        f"{{name: a, version: v, type: infra, uid: u, layers: [{LAYER}], scope: 1}}",
    ],
)
def test_a_palette_that_was_changed_by_hand_was_not_seen(profile: str) -> None:
    """What is no text where text was written would go wrong only where layers are compared."""
    path = "observed/palettes/p.yaml"
    good = f"{{name: a, version: v, type: infra, uid: u, layers: [{LAYER}]}}"
    for content, is_seen in ((good, True), (profile, False)):
        file = f"observed: {{profiles: [{content}]}}\n".encode()
        assert (observed_palette({path: file}, "p") is not None) is is_seen


@pytest.mark.parametrize("field", ["localUid", "cluster", "agentVersion"])
def test_a_cluster_that_was_changed_by_hand_was_not_seen(field: str) -> None:
    """Uids and names are text."""
    told = {"localUid": "u", "cluster": "c", "agentVersion": "v4.9.0"}
    for value, is_seen in (("text", True), ([1], False)):
        file = f"observed: {json.dumps({**told, field: value, 'layers': []})}\n".encode()
        assert (observed_cluster({"observed/clusters/a.yaml": file}, "a") is not None) is is_seen


def test_thousands_of_profiles_are_read_back() -> None:
    """A Palette holds far more than an operator may write into one file."""
    layers = stack(Layer("addon", f"pack-{n}", "1.0.0") for n in range(10))
    profiles = [Profile(f"uid-{n}", f"p-{n:04}", "1.0.0", "add-on", layers) for n in range(1000)]
    view = PaletteView(tuple(ProfileListing(one.name, one) for one in profiles))
    path, content = palette_file("production", view, NOW)
    assert len(content) > MAX_FILE_BYTES
    assert observed_palette({path: content}, "production") == ObservedPalette(view.profiles, NOW)


@pytest.mark.parametrize(("written", "read"), [
    ("helm", "helm"), ("manifest", "manifest"), ("spectro", ""), ("", ""),
])  # fmt: skip
def test_the_type_of_a_pack_is_kept_where_it_is_not_the_usual_one(written: str, read: str) -> None:
    """An offline proof tells a chart from a manifest; most packs need no word more."""
    layers = stack([Layer("addon", "grafana", "44.3.1", written)])
    cluster = LocalCluster("uid-1", "store", "Running", True, stack=layers)
    host = EdgeHost("host-1", ManagementMode.LOCAL, "airgap", cluster=cluster)
    file = cluster_file("store-1", host, NOW)
    assert file is not None
    assert (b"type:" in file[1]) is bool(read)
    seen = observed_cluster(dict([file]), "store-1")
    assert seen is not None
    assert [layer.type for layer in seen.layers] == [read]
