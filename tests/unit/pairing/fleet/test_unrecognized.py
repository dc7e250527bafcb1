"""Pairing requests that no intent names."""

from dataclasses import replace

import pytest

from pairctl.pairing import (
    Case,
    EdgeHost,
    Intent,
    Observed,
    PaletteView,
    Recorded,
    Reject,
    RequestState,
    Unrecognized,
    decide,
    rejecting,
    unrecognized,
)
from pairctl.problem import Problem
from pairctl.spec import Desired
from pairing_factory import (
    NOW,
    PROBLEM,
    make_entry,
    make_host,
    make_intent,
    make_palette,
    make_request,
    make_view,
)

STRANGER = make_entry(pairing_uid="u9", local_uid="local-99", name="unknown")


def make_case(
    host: EdgeHost | Problem,
    view: PaletteView,
    recorded: Recorded | None = None,
    intent: Intent | None = None,
) -> Case:
    """Make the case of an intent with this host."""
    return Case(intent or make_intent(), Observed(view, host), recorded or Recorded(), now=NOW)


def test_a_request_of_no_intent_is_found() -> None:
    """Neither its id nor its cluster is that of an intent."""
    view = make_view(make_entry(), STRANGER)
    found = unrecognized(view, [make_case(make_host(request=make_request()), view)])
    assert found.requests == (STRANGER,)
    assert found.is_certain


def test_requests_of_intents_are_recognized() -> None:
    """By the host's own id, by the cluster, by what is on record, and by being named."""
    view = make_view(STRANGER)
    request = make_request(pairing_uid="u9")
    named = make_intent(Desired.REJECTED, request={"pairingUid": "u9"})
    cases = [
        make_case(make_host(request=request), view),
        make_case(PROBLEM, view, Recorded(pairing_uid="u9", local_uid="local-42")),
        make_case(PROBLEM, view, Recorded(local_uid="local-99")),
        make_case(PROBLEM, view, intent=named),
    ]
    for case in cases:
        assert unrecognized(view, [case]).requests == ()


def test_requests_that_tags_name_are_recognized() -> None:
    """One or several: an intent is about them, and they are not for others to reject."""
    view = make_view(STRANGER, replace(STRANGER, pairing_uid="u8"))
    intent = make_intent(Desired.REJECTED, request={"tags": {"shop": "42"}})
    tags = {"u9": {"shop": "42"}, "u8": {"shop": "42", "more": "x"}}
    case = Case(intent, Observed(view, tags=tags), now=NOW)
    assert unrecognized(view, [case]) == Unrecognized()


@pytest.mark.parametrize("tags", [None, PROBLEM])
def test_while_the_tags_that_an_intent_names_were_not_seen_nothing_is_certain(
    tags: Problem | None,
) -> None:
    """A request may have them."""
    view = make_view(STRANGER)
    intent = make_intent(Desired.REJECTED, request={"tags": {"shop": "42"}})
    found = unrecognized(view, [Case(intent, Observed(view, tags=tags), now=NOW)])
    assert found.requests == (STRANGER,)
    assert not found.is_certain


def test_only_pending_requests_count() -> None:
    """What is over needs nobody; an unknown word is left alone."""
    states = (RequestState.ACCEPTED, RequestState.REJECTED, RequestState.UNKNOWN)
    view = make_view(*(replace(STRANGER, state=state) for state in states))
    assert unrecognized(view, []).requests == ()


def test_while_a_cluster_is_not_known_nothing_is_certain() -> None:
    """A request may belong to the host that could not be seen."""
    view = make_view(STRANGER)
    found = unrecognized(view, [make_case(PROBLEM, view)])
    assert found.requests == (STRANGER,)
    assert (found.is_certain, found.unseen) == (False, ("store-0042",))


def test_a_palette_that_was_not_seen_shows_nothing() -> None:
    """No look, no strangers."""
    assert unrecognized(PaletteView(problem=PROBLEM), []).requests == ()
    assert unrecognized(make_view(requests=None), []).requests == ()


def test_rejecting_a_stranger_is_an_intent_like_any_other() -> None:
    """The same table decides, so that it is claimed, looked at and recorded alike."""
    intent = rejecting(STRANGER, "production", make_palette())
    assert decide(intent, Observed(make_view(STRANGER)), now=NOW).action == Reject("local-99", "u9")


def test_what_cannot_be_read_leaves_nothing_certain() -> None:
    """A request may belong to an intent that is broken, or in a file that was not read."""
    view = make_view(STRANGER)
    known = make_case(make_host(request=make_request()), view)
    found = unrecognized(view, [known], ["store-0007", "broken.yaml"])
    assert found.requests == (STRANGER,)
    assert (found.is_certain, found.unseen) == (False, ("broken.yaml", "store-0007"))
