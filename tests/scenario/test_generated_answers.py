"""Answers made up from the vendor's schemas, in the middle of a whole pass."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fuzzing.answers import KINDS, by_specification
from pairctl.sim import Fault
from scenario_factory import World, world
from sim_factory import host_document
from vendor_contract import MISSING, is_at_hand

pytestmark = pytest.mark.skipif(not is_at_hand(), reason=MISSING)

HOST_PATHS = {
    "settings": "*/edge-mgmt/settings",
    "host": "*/edgehosts/current",
    "cluster": "*/cluster/details",
    "applications": "*/cluster/applications",
    "pair details": "*/pair/details",
    "connection": "*/pair/verify-connection",
    "sent request": "*/cluster/pair",
    "login": "*/users/default/login",
}
LIST_PATHS = {
    "projects": "*/projects/metadata",
    "profiles": "*/dashboard/clusterprofiles",
    "clusters": "*/spectroclusters/search",
    "tokens": "*/edgehosts/tokens",
    "requests": "*/clusterpairs/metadata",
}
ODD = (2, 3, 4)
"""The numbers of the hosts that answer oddly, each in its own way."""


ENOUGH_PASSES = 6
"""So many steps a pairing takes, and some: what waits for an odd host waits for ever."""
ASKED_FOR = {"infra", "addons", "edge-retail"}
"""Names that are looked for in Palette: an odd item of the same name would be a second one."""


def odd_items(kind: str, numbers: range) -> Iterator[Any]:
    """Yield items of made-up lists."""
    for number in numbers:
        for item in by_specification(KINDS[kind], number)["items"]:
            if item.get("metadata", {}).get("name") not in ASKED_FOR:
                yield item


def pass_until_paired(w: World, *names: str) -> None:
    """Do passes until these intents are paired."""
    for _ in range(ENOUGH_PASSES):
        w.one_pass()
        if all(w.told(name) == ("Paired", "Paired") for name in names):
            return
    assert [w.told(name) for name in names] == [("Paired", "Paired")] * len(names)


def are_told(w: World) -> None:
    """Every intent has a status that says what is so, why, and what is waited for."""
    for number in (1, *ODD):
        status = w.status(f"store-{number}")
        assert status["reason"]
        assert status["message"]
        assert status["phase"] != "Blocked" or status.get("humanAction") or status.get("waitingFor")


@pytest.mark.parametrize("kind", HOST_PATHS)
def test_a_host_that_answers_oddly_stops_nobody_else(tmp_path: Path, kind: str) -> None:
    """Whatever three hosts answer, the fourth is paired, and each of them is told about."""
    with world(tmp_path, *(host_document(number) for number in (1, *ODD))) as w:
        for number in ODD:
            body = by_specification(KINDS[kind], number)
            server = f"store-{number}"
            w.plan_faults(
                Fault("answer", server=server, path=HOST_PATHS[kind], times=999, body=body)
            )
        pass_until_paired(w, "store-1")
        are_told(w)


@pytest.mark.parametrize("kind", LIST_PATHS)
def test_an_odd_item_in_a_list_of_palette_stops_nobody(tmp_path: Path, kind: str) -> None:
    """Palette lists what nobody can use beside all that is needed: that is read, and used."""
    with world(tmp_path, host_document(), host_document(2)) as w:
        body = list(odd_items(kind, range(20)))
        w.plan_faults(Fault("more", path=LIST_PATHS[kind], times=999, body=body))
        pass_until_paired(w, "store-1", "store-2")
