"""What a CI run says of itself: the forge's addresses, the token, the pull request. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pairctl.problem import ConfigurationError, Problem

_PUBLIC_API = "https://api.github.com"
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


class NoPullRequest(ConfigurationError):
    """The run is about no pull request."""


@dataclass(frozen=True, slots=True)
class Run:
    """Which pull request of which repository, and how its forge is called."""

    api: str
    graphql: str
    repository: str
    number: int
    token: str = field(repr=False)


def run_of(environment: Mapping[str, str], event: str, number: int | None = None) -> Run:
    """Return the run from GitHub's variables and the event's JSON; `number` wins over the event.

    Raises NoPullRequest, or ConfigurationError where a variable is missing or makes no sense.
    """
    api = environment.get("GITHUB_API_URL") or _PUBLIC_API
    return Run(
        _address("GITHUB_API_URL", api),
        _address("GITHUB_GRAPHQL_URL", environment.get("GITHUB_GRAPHQL_URL") or f"{api}/graphql"),
        _repository(environment),
        number or _number(event),
        _token(environment),
    )


def _number(event: str) -> int:
    number = _field(_field(_parsed(event), "pull_request"), "number")
    if not isinstance(number, int):
        raise NoPullRequest(
            Problem(
                "NoPullRequest",
                "this run is about no pull request",
                "run it for the event pull_request, or name one with --pull-request",
            )
        )
    return number


def _parsed(event: str) -> Any:
    try:
        return json.loads(event) if event else None
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(
            Problem("BadEvent", "the file of GITHUB_EVENT_PATH is not JSON", "see who wrote it")
        ) from error


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _address(variable: str, value: str) -> str:
    """Refuse to send the token in the clear to any other machine."""
    url = urlsplit(value)
    if url.scheme == "https" or (url.scheme == "http" and url.hostname in _THIS_MACHINE):
        return value.rstrip("/")
    raise ConfigurationError(
        Problem("BadForge", f"{variable} is {value!r}", "the token is sent over https only")
    )


def _repository(environment: Mapping[str, str]) -> str:
    value = environment.get("GITHUB_REPOSITORY", "")
    if not _REPOSITORY.fullmatch(value):
        raise ConfigurationError(
            Problem(
                "NoForge",
                f"GITHUB_REPOSITORY is {value!r}, and names no repository",
                "run this in GitHub Actions, or set it to OWNER/NAME",
            )
        )
    return value


def _token(environment: Mapping[str, str]) -> str:
    token = environment.get("GITHUB_TOKEN", "").strip()
    if not token or not (token.isascii() and token.isprintable()):
        raise ConfigurationError(
            Problem(
                "NoForgeToken",
                "GITHUB_TOKEN holds no token",
                "give the step `GITHUB_TOKEN: ${{ github.token }}` below `env`, in the workflow",
            )
        )
    return token
