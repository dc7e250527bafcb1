"""What is asked late, and only where it matters."""

from dataclasses import replace
from typing import Any

import pytest

from pairctl.pairing import (
    Case,
    LocalRequestStatus,
    Observed,
    PaletteView,
    Question,
    Recorded,
    RequestSnapshot,
    RequestState,
    TokenFacts,
    open_question,
)
from pairctl.spec import Acceptance, Desired
from pairing_factory import (
    ELSEWHERE,
    INFRA_PROFILE,
    NOW,
    PROBLEM,
    STACK,
    make_central,
    make_cluster,
    make_entry,
    make_host,
    make_intent,
    make_listing,
    make_observed,
    make_palette,
    make_pending,
    make_request,
    make_view,
)

REFUSED = make_host(request=make_request(LocalRequestStatus.REJECTED))


def asked(observed: Observed, recorded: Recorded | None = None, **changes: Any) -> Question | None:
    """Return what is asked after a first look, which asked neither."""
    first_look = replace(observed, connection=None, snapshot=None, objections=None)
    return open_question(Case(make_intent(**changes), first_look, recorded or Recorded(), now=NOW))


def test_the_connection_is_asked_for_where_all_else_is_proven() -> None:
    """The host is asked last, for it is handed the registration token."""
    assert asked(make_observed()) is Question.CONNECTION
    assert asked(make_observed(REFUSED), attempt=2) is Question.CONNECTION


def test_the_token_is_looked_up_before_the_host_is_asked() -> None:
    """One that lets nobody in need not be handed out to find that out."""
    assert asked(make_observed(token=None)) is Question.REGISTRATION
    assert asked(make_observed(token=PROBLEM)) is None


@pytest.mark.parametrize(
    "observed",
    [
        make_observed(PROBLEM),
        make_observed(view=PaletteView(problem=PROBLEM)),
        make_observed(make_host(cluster=None)),
        make_observed(make_host(cluster=make_cluster(state="Error"))),
        make_observed(make_host(cluster=make_cluster(stack=STACK[1:]))),
        make_observed(make_host(cluster=make_cluster(nodes=()))),
        make_observed(view=make_view(profiles=(make_listing(INFRA_PROFILE),))),
        make_observed(view=make_view(make_entry())),
        make_observed(view=make_view(make_entry(RequestState.ACCEPTED))),
        make_observed(token=TokenFacts("edge-retail", is_active=False)),
        make_observed(REFUSED),
        make_observed(make_host(request=make_request(palette_endpoint=ELSEWHERE))),
        make_observed(make_host(request=make_request())),
        make_central(),
    ],
)
def test_the_token_is_handed_to_nobody_without_need(observed: Observed) -> None:
    """Where the request would not be sent anyway, the connection is not asked for."""
    assert asked(observed) is None


def test_the_layers_in_the_request_are_asked_for_where_it_could_be_accepted() -> None:
    """Our own request, listed as pending, with everything else proven."""
    assert asked(make_pending()) is Question.SNAPSHOT


@pytest.mark.parametrize(
    ("observed", "changes"),
    [
        (make_pending(), {"acknowledge": None}),
        (make_pending(), {"palette": make_palette(acceptance=Acceptance.CONSOLE)}),
        (
            make_observed(
                make_host(request=make_request()), make_view(make_entry(RequestState.ACCEPTED))
            ),
            {},
        ),
        (
            make_observed(
                make_host(request=make_request()),
                make_view(make_entry(RequestState.UNKNOWN, word="InReview")),
            ),
            {},
        ),
        (
            make_observed(
                make_host(request=make_request(palette_endpoint=ELSEWHERE)),
                make_view(make_entry()),
            ),
            {},
        ),
    ],
    ids=["not acknowledged", "console", "accepted", "unknown word", "elsewhere"],
)
def test_the_layers_in_a_request_are_not_asked_for_without_need(
    observed: Observed, changes: dict[str, Any]
) -> None:
    """Where the request would not be accepted anyway, Palette is not asked for it."""
    assert asked(observed, **changes) is None


def test_palette_is_asked_to_validate_when_the_layers_in_the_request_are_right() -> None:
    """The last question before accepting; it hands out values of variables."""
    case = Case(make_intent(), make_pending(objections=None), now=NOW)
    assert open_question(case) is Question.OBJECTIONS
    other = Case(
        make_intent(), make_pending(objections=None, snapshot=RequestSnapshot(STACK[1:])), now=NOW
    )
    assert open_question(other) is None


def test_tags_are_asked_for_where_the_intent_names_some() -> None:
    """A request named by its id needs no look at tags."""
    view = Observed(make_view(make_entry()))
    by_tags = make_intent(Desired.REJECTED, request={"tags": {"shop": "42"}})
    assert open_question(Case(by_tags, view, now=NOW)) is Question.TAGS
    assert open_question(Case(make_intent(Desired.REJECTED), view, now=NOW)) is None


@pytest.mark.parametrize("desired", [Desired.LOCAL, Desired.REJECTED])
def test_only_a_pairing_asks(desired: Desired) -> None:
    """Taking back needs no proof."""
    assert asked(make_pending(), desired=desired) is None
    assert asked(make_observed(), desired=desired) is None


def test_a_suspended_intent_asks_nothing() -> None:
    """`suspend: true`: no token is handed out."""
    assert asked(make_observed(), suspend=True) is None


def test_what_was_answered_is_not_asked_again() -> None:
    """One look answers each question once, a failed one too."""
    for observed in (make_observed(), make_pending(), make_observed(connection=PROBLEM)):
        assert open_question(Case(make_intent(), observed, now=NOW)) is None
