"""The table of routes is closed, and a path cannot be bent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.apis import RouteClosed
from pairctl.apis.routes import (
    READING_LOCAL_UI,
    READING_PALETTE,
    WRITING_LOCAL_UI,
    WRITING_PALETTE,
    Operation,
    Route,
    reading_palette,
    writing_palette,
)
from pairctl.problem import ConfigurationError
from pairctl.spec import PairingRoutes

ONE = Route("GET", "/v1/clusterpairs/{pairingUid}")
EFFECTS = {
    Operation.SEND_REQUEST,
    Operation.WITHDRAW_REQUEST,
    Operation.ACCEPT_REQUEST,
    Operation.REJECT_REQUEST,
}


def overriding(**paths: str) -> PairingRoutes:
    """Return routes as a file would override them, past the checks of the file's own model."""
    return PairingRoutes.model_construct(**{**PairingRoutes().__dict__, **paths})


def test_only_writing_tables_hold_effects() -> None:
    """Four calls change something, and no client that looks has one of them."""
    for table in (READING_LOCAL_UI, READING_PALETTE):
        assert not any(route.has_effect for route in table.values())
    for table in (WRITING_LOCAL_UI, WRITING_PALETTE):
        assert {operation for operation in table if table[operation].has_effect} <= EFFECTS
    both = {**WRITING_LOCAL_UI, **WRITING_PALETTE}
    assert {operation for operation, route in both.items() if route.has_effect} == EFFECTS
    assert set(both) == set(Operation)


def test_a_table_cannot_be_changed() -> None:
    """Nobody adds a call at run time."""
    with pytest.raises(TypeError):
        READING_PALETTE[Operation.REJECT_REQUEST] = ONE  # type: ignore[index]  # that is the test


@given(st.text())
def test_a_value_fills_one_segment_or_is_refused(value: str) -> None:
    """Whatever it is, it never adds, removes or ends a segment."""
    try:
        path = ONE.fill({"pairingUid": value})
    except RouteClosed:
        return
    assert path.split("/") == ["", "v1", "clusterpairs", value]
    assert path.isascii()
    assert not set(path) & set("?#%\\")


@pytest.mark.parametrize("values", [{}, {"uid": "a"}, {"pairingUid": "a", "more": "b"}])
def test_a_path_takes_exactly_its_own_values(values) -> None:
    """None is left open, and none is ignored."""
    with pytest.raises(RouteClosed):
        ONE.fill(values)


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/v1/pair/{pairingUid}",
        "//evil.example/v1/pair/{pairingUid}",
        "/v1/../v1/pair/{pairingUid}",
        "/v1/pair/./{pairingUid}",
        "/v1/pair/%2e%2e/{pairingUid}",
        "/v1/pair/{pairingUid}?force=true",
        "/v1/pair/{pairingUid}#x",
        "/v1/pair/{pairingUid}\r\nx: y",
        "/v1/pair/{other}",
        "/v1/pair",
        "/v1/pair/{pairingUid}/{pairingUid}",
        "/v2/pair/{pairingUid}",
        "v1/pair/{pairingUid}",
        "/v1//pair/{pairingUid}",
        "/v1/pair/{pairingUid}/",
        "/v1/spectroclusters/{pairingUid}",
        "",
    ],
)
@pytest.mark.parametrize("setting", ["get_request", "reject"])
def test_an_override_keeps_its_shape(setting: str, path: str) -> None:
    """One origin, plain segments, the same placeholder, and never a path that deletes clusters."""
    with pytest.raises(ConfigurationError) as caught:
        writing_palette(overriding(**{setting: path}))
    assert caught.value.problem.reason == "RouteRefused"


@pytest.mark.parametrize("setting", ["list_requests", "accept", "validate_acceptance"])
def test_an_override_without_a_placeholder_gets_none(setting: str) -> None:
    """The operations that name no request take no uid."""
    with pytest.raises(ConfigurationError):
        writing_palette(overriding(**{setting: "/v1/pair/{pairingUid}"}))


def test_an_override_changes_the_path_alone() -> None:
    """Method and effect belong to the operation."""
    table = writing_palette(overriding(reject="/v1/x/pairings/{pairingUid}"))
    assert table[Operation.REJECT_REQUEST].path == "/v1/x/pairings/{pairingUid}"
    assert table[Operation.REJECT_REQUEST].method == "DELETE"
    assert table[Operation.REJECT_REQUEST].has_effect
    assert Operation.REJECT_REQUEST not in reading_palette(PairingRoutes())


def test_requests_are_counted_by_two_segments() -> None:
    """As the vendor documents the limits."""
    assert ONE.prefix == "/v1/clusterpairs"
    assert READING_PALETTE[Operation.LIST_PROFILES].prefix == "/v1/dashboard"
    assert READING_PALETTE[Operation.GET_PROFILE_VARIABLES].prefix == "/v1/clusterprofiles"
