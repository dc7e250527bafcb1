"""A repaired profile as a document for Palette."""

import pytest

from layers_factory import INFRA, MONITORING, make_profile, make_stack
from pairctl.engine import profile_document
from pairctl.engine.queries.profile_export import next_version
from pairctl.layers import Profile, Repair, match, repairs


def repair_of(*selection: Profile) -> Repair:
    """Give the one repair that a selection needs for the vendor's stack."""
    local = make_stack(*INFRA, MONITORING)
    (made,) = repairs(local, match(local, selection))
    return made


INFRA_PROFILE = make_profile("retail-infra", *INFRA, type="infra")


def test_a_repaired_profile_has_its_packs_and_the_next_version() -> None:
    """Every pack with its layer, the version as tag; nothing that was not observed."""
    old = make_profile("monitoring", "addon/prometheus-grafana 40.3.1", version="1.4.0")
    assert profile_document(repair_of(INFRA_PROFILE, old)) == {
        "metadata": {"name": "monitoring"},
        "spec": {
            "version": "1.4.1",
            "template": {
                "type": "add-on",
                "packs": [{"name": "prometheus-grafana", "layer": "addon", "tag": "44.3.1"}],
            },
        },
    }


def test_a_new_profile_begins_at_its_first_version() -> None:
    """There is no latest version to count from."""
    document = profile_document(repair_of(INFRA_PROFILE))
    assert document["spec"]["version"] == "1.0.0"
    assert document["metadata"] == {"name": "prometheus-grafana"}


def test_a_version_that_cannot_be_counted_on_is_left_out() -> None:
    """No version is made up."""
    odd = make_profile("monitoring", version="2024-lts")
    assert "version" not in profile_document(repair_of(INFRA_PROFILE, odd))["spec"]


@pytest.mark.parametrize(
    ("version", "following"),
    [
        ("1.4.0", "1.4.1"),
        ("1.9.9", "1.9.10"),
        ("7", "7.0.1"),
        ("1.31", "1.31.1"),
        ("v1", "1.0.1"),
        ("v1.2.3", "1.2.4"),
        ("1.0.0-beta", "1.0.0"),
        ("1.0.0-rc.1+build.7", "1.0.0"),
        ("1.0.0+build.7", "1.0.1"),
        ("2024-lts", ""),
        ("1.2.3.4", ""),
        ("01.2.3", ""),
        ("", ""),
        ("1.٣", ""),
    ],
)
def test_the_next_version(version: str, following: str) -> None:
    """By SemVer, the only form that is accepted of a new version; empty where none can be told."""
    assert next_version(version) == following
