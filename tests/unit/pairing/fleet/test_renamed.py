"""Which intents stand for one of before under another name."""

from dataclasses import replace
from typing import Any

import pytest

from pairctl.pairing import Intent, Status, decide, renamed, status_of
from pairing_factory import NOW, make_host, make_intent, make_observed

USUAL = "https://10.0.42.10:5080"


def intent(name: str, at: str = USUAL, **changes: Any) -> Intent:
    """Make an intent of a name, at an address."""
    where = {"endpoint": at, "credentials": {"secret": "local-ui"}}
    return replace(make_intent(localUI=where, **changes), name=name)


def on_record(name: str, at: str = USUAL, **changes: Any) -> Status:
    """Make what is on record of an intent once its host was seen."""
    one = decide(intent(name, at), make_observed(make_host()), now=NOW)
    return replace(status_of(one, None, commit="c", now=NOW), **changes)


OTHER = "https://10.0.42.11:5080"


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ([on_record("a")], [intent("b")], {"b": "a"}),
        ([on_record("a")], [intent("b", cluster={"uid": "LOCAL-42"})], {"b": "a"}),
        ([on_record("a")], [intent("b", cluster={"uid": "another"})], {}),
        ([on_record("a")], [intent("b", OTHER)], {}),
        ([on_record("a")], [intent("a"), intent("b")], {}),
        ([on_record("a"), on_record("b")], [intent("b")], {}),
        ([on_record("a")], [intent("b"), intent("c")], {}),
        ([on_record("a"), on_record("b")], [intent("c")], {}),
        ([on_record("a", pinned=None)], [intent("b")], {}),
        ([on_record("a"), on_record("b", pinned=None)], [intent("b")], {"b": "a"}),
        (
            [on_record("a"), on_record("b", OTHER)],
            [intent("c"), intent("d", OTHER)],
            {"c": "a", "d": "b"},
        ),
        ([on_record("a"), on_record("b", OTHER)], [intent("b"), intent("a", OTHER)], {}),
    ],
    ids=[
        "another name",
        "the cluster by its uid",
        "another cluster by its uid",
        "another address",
        "both",
        "one that is known",
        "two for one",
        "one for two",
        "what was never seen",
        "one that was never about a cluster",
        "two at once",
        "swapped",
    ],
)
def test_a_new_name_at_the_address_of_one_that_is_gone_is_the_same(
    before: list[Status], after: list[Intent], found: dict[str, str]
) -> None:
    """Where it is not certain which one is meant, none is."""
    statuses = {one.name: one for one in before}
    intents = {one.name: one for one in after}
    assert renamed(statuses, intents, intents.keys()) == found
