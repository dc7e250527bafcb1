"""`pairctl comment`: a text as one comment on a pull request, updated in place."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli.screen import Screen
from pairctl.forge import (
    GitHub,
    NoPullRequest,
    NotPermitted,
    Placed,
    Run,
    place_comment,
    run_of,
)
from pairctl.text import printable_document

EXAMPLES = """
Examples:

  pairctl comment plan.md                      # in a GitHub Action

  pairctl comment plan.md --pull-request 12    # on that one, whatever the event
"""


def comment(
    file: Annotated[
        Path, typer.Argument(help="The text, in Markdown.", exists=True, dir_okay=False)
    ],
    pull_request: Annotated[
        int | None, typer.Option(min=1, help="Its number; left out: that of the event.")
    ] = None,
) -> None:
    """Put a text on a GitHub pull request as one comment, or update the one that is there.

    The text's first line, an HTML comment, is what it is found again by. Reads GITHUB_TOKEN and
    the other variables of GitHub Actions. Where no comment can be made, as with a pull request
    from a fork, the text goes into the job's summary.
    """
    screen = Screen()
    environment = os.environ
    screen.redactor.learn(environment.get("GITHUB_TOKEN", ""))
    text = file.read_text(encoding="utf-8", errors="replace")
    body = printable_document(screen.redactor.mask(text))
    try:
        placed = asyncio.run(_place(run_of(environment, _event(environment), pull_request), body))
    except (NoPullRequest, NotPermitted) as refusal:
        summary = environment.get("GITHUB_STEP_SUMMARY")
        if not summary:
            raise
        with Path(summary).open("a", encoding="utf-8") as opened:
            opened.write(f"{body}\n")
        screen.note(f"no comment was made: {refusal.problem}")
        screen.note("the text is in the job's summary")
    else:
        screen.line(placed.url)
        screen.note(f"the comment: {placed.placement}")


async def _place(run: Run, body: str) -> Placed:
    async with GitHub(run) as forge:
        return await place_comment(forge, body, asyncio.sleep)


def _event(environment: Mapping[str, str]) -> str:
    path = environment.get("GITHUB_EVENT_PATH")
    return Path(path).read_text(encoding="utf-8") if path else ""
