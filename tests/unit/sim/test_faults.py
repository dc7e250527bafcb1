"""Planned faults: which request takes which."""

from pairctl.sim import Fault, FaultPlan


def _actions(plan: FaultPlan, *calls: tuple[str, str, str]) -> list[str]:
    taken = (plan.take(*call) for call in calls)
    return [fault.action if fault else "" for fault in taken]


GET = ("palette", "GET", "/v1/edgehosts/tokens")
POST = ("store-1", "POST", "/v1/edge-mgmt/cluster/pair")


def test_a_fault_happens_as_often_as_planned() -> None:
    """`times` counts requests that fit, and others pass."""
    plan = FaultPlan([Fault("error", server="palette", times=2)])
    assert _actions(plan, GET, POST, GET, GET) == ["error", "", "error", ""]
    assert plan.remaining == ()


def test_a_fault_can_wait_for_a_later_request() -> None:
    """`skip` lets the first ones pass."""
    plan = FaultPlan([Fault("drop", skip=1)])
    assert _actions(plan, GET, GET, GET) == ["", "drop", ""]


def test_server_method_and_path_must_all_fit() -> None:
    """Wildcards stand for any text; a method may be written in small letters."""
    plan = FaultPlan([Fault("cut", server="store-*", method="post", path="*/pair", times=9)])
    pairing, other = POST, ("store-1", "POST", "/v1/edge-mgmt/cluster/pair/reject")
    assert _actions(plan, GET, pairing, other) == ["", "cut", ""]


def test_the_first_fault_that_fits_is_taken() -> None:
    """Faults come in the order in which they were planned."""
    plan = FaultPlan([Fault("error"), Fault("limit", method="GET")])
    assert _actions(plan, GET, GET, GET) == ["error", "limit", ""]
