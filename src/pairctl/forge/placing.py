"""One comment, put on a pull request or updated in place: look, send, and look again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from pairctl.forge.failures import Passing
from pairctl.forge.github import Comment, GitHub
from pairctl.problem import ConfigurationError, Problem

PAUSES_S = (1.0, 4.0)
"""How long to wait before the second and the third try."""

Pause = Callable[[float], Awaitable[object]]


class Placement(StrEnum):
    """What had to be done."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the comment is now, and what was done to get it there."""

    placement: Placement
    url: str


def mark_of(body: str) -> str:
    """Return a body's first line, an HTML comment that nobody sees. Raises ConfigurationError."""
    first = body.split("\n", 1)[0].strip()
    if not (first.startswith("<!--") and first.endswith("-->")):
        raise ConfigurationError(
            Problem(
                "NoMark",
                "the text does not begin with a mark to find it again by",
                "let its first line be an HTML comment, as `pairctl plan --format markdown` does",
            )
        )
    return first


async def place_comment(forge: GitHub, body: str, pause: Pause) -> Placed:
    """Have one comment of ours with this body's mark on the pull request, and its text as given.

    A comment whose answer was lost may be there all the same: every try looks first. Comments of
    others are never changed, whatever they begin with. Raises ForgeFailure.
    """
    mark = mark_of(body)
    for pause_s in PAUSES_S:
        try:
            return await _look_and_send(forge, mark, body)
        except Passing as failure:
            await pause(failure.wait_s or pause_s)
    return await _look_and_send(forge, mark, body)


async def _look_and_send(forge: GitHub, mark: str, body: str) -> Placed:
    found = await _own_comment(forge, mark)
    if found is None:
        return Placed(Placement.CREATED, (await forge.create(body)).html_url)
    # Texts are compared as the forge keeps them: line ends and what stands at the ends may differ.
    if _lines(found.body or "") == _lines(body):
        return Placed(Placement.UNCHANGED, found.html_url)
    return Placed(Placement.UPDATED, (await forge.update(found, body)).html_url)


async def _own_comment(forge: GitHub, mark: str) -> Comment | None:
    login = await forge.login()
    async for comment in forge.comments():
        is_own = comment.user is not None and comment.user.login == login
        if is_own and _lines(comment.body or "")[0].strip() == mark:
            return comment
    return None


def _lines(text: str) -> list[str]:
    return text.strip().replace("\r\n", "\n").split("\n")
