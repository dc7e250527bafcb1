"""GitHub's API, as far as one comment needs it: who am I, list, create, update.

Proxies and authorities are taken from the environment: the runner's own, as its token is.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from pairctl import __version__
from pairctl.forge.failures import (
    ForgeFailure,
    NotPermitted,
    Passing,
    Refused,
    UnexpectedAnswer,
)
from pairctl.forge.run import Run
from pairctl.http_library import httpx

MOST_PAGES = 50
"""Of a hundred comments each; GitHub itself allows 2,500 comments."""

MOST_WAIT_S = 60.0

_TIMEOUT_S = 30.0
_HINTS: Mapping[int, str] = {
    httpx.codes.UNAUTHORIZED: "the forge does not accept GITHUB_TOKEN",
    httpx.codes.NOT_FOUND: "is there such a pull request, and may the token see it?",
}
_WHO_AM_I = "query { viewer { login } }"

T = TypeVar("T")


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class User(_Model):
    """Who wrote a comment."""

    login: str


class Comment(_Model):
    """A comment on a pull request. Those of deleted accounts have no user."""

    id: int
    body: str | None = None
    html_url: str = ""
    user: User | None = None


class _Viewer(_Model):
    viewer: User


class _Answer(_Model):
    data: _Viewer


_COMMENTS = TypeAdapter(list[Comment])
_COMMENT = TypeAdapter(Comment)
_ANSWER = TypeAdapter(_Answer)


class GitHub:
    """Calls the forge of one run. Each method sends one request a page, once; redirects are none.

    Raises a ForgeFailure: Passing where the same call may succeed a moment later.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._client = httpx.AsyncClient(
            timeout=_TIMEOUT_S,
            follow_redirects=False,
            headers={
                "Authorization": f"Bearer {run.token}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
                "User-Agent": f"pairctl/{__version__}",
            },
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def login(self) -> str:
        """Return the name that the token's own comments bear.

        Asked of GraphQL: the REST API tells it to people, but not to a workflow's token.
        """
        answer = await self._send("POST", self._run.graphql, {"query": _WHO_AM_I})
        return _read(_ANSWER, answer).data.viewer.login

    async def comments(self) -> AsyncIterator[Comment]:
        """Yield the pull request's comments, oldest first, reading a page at a time."""
        for page in range(1, MOST_PAGES + 1):
            answer = await self._send("GET", f"{self._of_pull_request}?per_page=100&page={page}")
            for comment in _read(_COMMENTS, answer):
                yield comment
            if "next" not in answer.links:
                return
        raise UnexpectedAnswer(f"the list of comments does not end after {MOST_PAGES} pages")

    async def create(self, body: str) -> Comment:
        """Add a comment. After Passing it may be there all the same: look before another try."""
        return _read(_COMMENT, await self._send("POST", self._of_pull_request, {"body": body}))

    async def update(self, comment: Comment, body: str) -> Comment:
        """Replace a comment's text."""
        url = f"{self._repository}/issues/comments/{comment.id}"
        return _read(_COMMENT, await self._send("PATCH", url, {"body": body}))

    @property
    def _repository(self) -> str:
        return f"{self._run.api}/repos/{self._run.repository}"

    @property
    def _of_pull_request(self) -> str:
        return f"{self._repository}/issues/{self._run.number}/comments"

    async def _send(self, method: str, url: str, body: Any = None) -> httpx.Response:
        shown = f"{method} {url.partition('?')[0]}"
        try:
            answer = await self._client.request(method, url, json=body)
        except httpx.HTTPError as error:
            failure = Passing(f"{shown}: no answer ({type(error).__name__})", "is the forge there?")
        else:
            if answer.is_success:
                return answer
            raise _failure(f"{shown}: answered with {answer.status_code}", answer)
        # Outside of `except`: what the library raises holds the request, and with it the token.
        raise failure


def _failure(shown: str, answer: httpx.Response) -> ForgeFailure:
    if answer.is_server_error or _is_a_limit(answer):
        said = answer.headers.get("retry-after", "")
        wait_s = min(float(said), MOST_WAIT_S) if said.isdecimal() else 0.0
        return Passing(shown, "try again later", wait_s=wait_s)
    if answer.status_code == httpx.codes.FORBIDDEN:
        return NotPermitted(
            shown, "`pull-requests: write` is needed, which no token of a fork's pull request has"
        )
    return Refused(shown, _HINTS.get(answer.status_code, "the forge refused what was sent"))


def _is_a_limit(answer: httpx.Response) -> bool:
    """Whether it is told to wait: GitHub says so with 429, and with 403 as well."""
    if answer.status_code == httpx.codes.FORBIDDEN:
        headers = answer.headers
        return "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
    return answer.status_code == httpx.codes.TOO_MANY_REQUESTS


def _read(shape: TypeAdapter[T], answer: httpx.Response) -> T:
    """Return an answer's fields; an answer's text never gets into an error's."""
    try:
        return shape.validate_json(answer.content)
    except ValidationError:
        failure = UnexpectedAnswer(
            f"{answer.request.method} {answer.request.url.path}: the answer cannot be read",
            "check that GITHUB_API_URL and GITHUB_GRAPHQL_URL are the forge's API",
        )
    raise failure
