"""What the status branch remembers: read back as it was seen, and nothing made of what is odd."""

import pytest

from pairctl.engine import parse_ledger
from pairctl.engine.ledger import Ledger
from pairctl.engine.remembered import remembered_cluster, remembered_profiles
from pairctl.engine.report import observed_cluster, observed_palette
from pairctl.repo import StatusTree
from pairing_factory import ADD_ON, INFRA_PROFILE, make_cluster, make_host, make_view

CLUSTER = "observed/clusters/store-0042.yaml"
PALETTE = "observed/palettes/production.yaml"


def branch(path: str, content: bytes) -> Ledger:
    """Make a status branch of one file."""
    return parse_ledger(StatusTree("t", {path: content}))


def test_a_cluster_is_remembered_with_its_layers() -> None:
    """Name, uid and layers; that it is well is taken for granted."""
    seen = make_cluster()
    file = observed_cluster("store-0042", make_host(cluster=seen))
    assert file is not None
    found = remembered_cluster(branch(*file), "store-0042")
    assert found is not None
    assert (found.uid, found.name, found.stack) == (seen.uid, seen.name, seen.stack)
    assert (found.state, found.is_healthy) == ("Running", True)


def test_profiles_are_remembered_in_their_latest_version() -> None:
    """As they were listed: a selection is resolved from them as from Palette itself."""
    found = remembered_profiles(branch(*observed_palette("production", make_view())), "production")
    assert found is not None
    assert [one.latest for one in found] == [INFRA_PROFILE, ADD_ON]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"observed: []",
        b"observed: {layers: 1}",
        b"observed: {profiles: [1]}",
        b"x: [",
    ],
)
def test_what_makes_no_sense_was_not_seen(content: bytes) -> None:
    """Edited by hand, or from another version: it counts as absent."""
    assert remembered_cluster(branch(CLUSTER, content), "store-0042") is None
    assert remembered_profiles(branch(PALETTE, content), "production") is None
