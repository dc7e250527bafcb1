import json

import pytest

from pairctl.forge import NoPullRequest, run_of
from pairctl.problem import ConfigurationError

EVENT = json.dumps({"pull_request": {"number": 12}})
ENVIRONMENT = {"GITHUB_REPOSITORY": "acme/pairings", "GITHUB_TOKEN": "ghs_made-up"}


def test_a_run_is_what_the_runner_and_the_event_say() -> None:
    """Addresses, repository, token and number come from the variables and the event's file."""
    urls = {
        "GITHUB_API_URL": "https://ghe.acme.com/api/v3",
        "GITHUB_GRAPHQL_URL": "https://ghe.acme.com/api/graphql",
    }
    run = run_of({**ENVIRONMENT, **urls}, EVENT)
    assert run.api == "https://ghe.acme.com/api/v3"
    assert run.graphql == "https://ghe.acme.com/api/graphql"
    assert (run.repository, run.number, run.token) == ("acme/pairings", 12, "ghs_made-up")


def test_without_addresses_the_public_forge_is_meant() -> None:
    """A person can run it with a repository and a token alone."""
    run = run_of(ENVIRONMENT, EVENT)
    assert (run.api, run.graphql) == ("https://api.github.com", "https://api.github.com/graphql")


def test_a_number_given_wins_over_the_event() -> None:
    """`--pull-request` names it whatever the event is about."""
    assert run_of(ENVIRONMENT, "", 7).number == 7
    assert run_of(ENVIRONMENT, EVENT, 7).number == 7


@pytest.mark.parametrize("event", ["", "{}", "[]", '{"pull_request": null}', '{"issue": {}}'])
def test_an_event_without_a_pull_request_is_told_as_that(event: str) -> None:
    """A push, say: then there is nothing to comment on."""
    with pytest.raises(NoPullRequest):
        run_of(ENVIRONMENT, event)


@pytest.mark.parametrize("event", ["{", "[" * 100_000])
def test_an_event_that_is_no_json_is_an_error(event: str) -> None:
    """It is not taken for a run without a pull request."""
    with pytest.raises(ConfigurationError, match="GITHUB_EVENT_PATH"):
        run_of(ENVIRONMENT, event)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GITHUB_API_URL", "http://ghe.acme.com/api/v3"),
        ("GITHUB_API_URL", "ftp://127.0.0.1"),
        ("GITHUB_GRAPHQL_URL", "http://ghe.acme.com/api/graphql"),
        ("GITHUB_REPOSITORY", ""),
        ("GITHUB_REPOSITORY", "acme/pairings/../../user"),
        ("GITHUB_TOKEN", ""),
        ("GITHUB_TOKEN", "two\nlines"),
    ],
)
def test_a_variable_that_makes_no_sense_is_named(variable: str, value: str) -> None:
    """Nothing is sent in the clear to another machine, nor to a path made of a variable."""
    with pytest.raises(ConfigurationError, match=variable):
        run_of({**ENVIRONMENT, variable: value}, EVENT)


def test_a_run_does_not_show_its_token() -> None:
    """The token is in no text that is made of a run."""
    assert "ghs_made-up" not in repr(run_of(ENVIRONMENT, EVENT))
