"""The search for clusters."""

from typing import Any

import pytest

from pairctl.sim.answers import RefusalError
from pairctl.sim.palette.search import ClusterQuery

STORE = {"clusterName": "store-1", "clusterState": "Running"}


def _item(prop: str, *values: str, **condition: Any) -> dict[str, Any]:
    string = {"match": {"conjunction": "or", "values": values}} | condition
    return {"property": prop, "type": "string", "condition": {"string": string}}


def _query(*items: dict[str, Any], conjunction: str = "and") -> ClusterQuery:
    group = {"conjunction": conjunction, "filters": items}
    return ClusterQuery.model_validate({"filter": {"filterGroups": [group]}})


@pytest.mark.parametrize(
    ("items", "is_found"),
    [
        ([_item("clusterName", "store-1", "store-2", operator="eq")], True),
        ([_item("clusterName", "store-2", operator="eq")], False),
        ([_item("clusterName", "STORE", operator="beginsWith", ignoreCase=True)], True),
        ([_item("clusterName", "ore", operator="contains", negation=True)], False),
        ([_item("clusterName", "x"), _item("clusterState", "Running")], False),
    ],
)
def test_conditions_hold_as_their_operators_say(
    items: list[dict[str, Any]], is_found: bool
) -> None:
    """All items of a group must hold, any value of an item may."""
    assert _query(*items).admits(STORE) is is_found


def test_items_joined_by_or_need_one_that_holds() -> None:
    """The group's own word joins its items."""
    assert _query(
        _item("clusterName", "x"), _item("clusterState", "Running"), conjunction="or"
    ).admits(STORE)


def test_no_filter_finds_everything_and_an_unknown_one_is_refused() -> None:
    """A filter that would be ignored would be a lie."""
    assert ClusterQuery().admits(STORE)
    with pytest.raises(RefusalError, match="favouriteColour"):
        _query(_item("favouriteColour", "red")).admits(STORE)
