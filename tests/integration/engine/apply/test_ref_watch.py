"""When the ref of the intents is reason for another pass."""

import asyncio
from pathlib import Path

import pytest

from pairctl.engine import Settings
from pairctl.engine.apply.ref_watch import RefWatch
from pairctl.repo import Repository
from repo_factory import Box, git, make_box


def heard(box: Box, *steps: str) -> list[bool]:
    """Ask after each step: a commit, a pass that had what is there by now, or one that had not."""

    async def story() -> list[bool]:
        found = []
        async with await Repository.open(str(box.clone)) as repository:
            ref = RefWatch(Settings(repository, "me", ref="main"))
            tip = git(box.bare, "rev-parse", "main").strip()
            for number, step in enumerate(steps):
                match step:
                    case "commit":
                        box.commit({"a.yaml": f"a: {number}\n"})
                    case "pass":
                        tip = git(box.bare, "rev-parse", "main").strip()
                        ref.note(tip)
                    case "late pass":
                        ref.note(tip)
                    case "failed pass":
                        ref.note("")
                    case "lost":
                        box.bare.rename(box.bare.with_name("lost.git"))
                found.append(await ref.has_changed())
        return found

    return asyncio.run(story())


YES, NO = True, False


@pytest.mark.parametrize(
    ("steps", "reasons"),
    [
        (["ask", "pass", "ask", "ask", "ask"], [YES, NO, NO, NO, NO]),
        (["ask", "pass", "commit", "pass", "ask"], [YES, NO, YES, NO, NO]),
        (["ask", "commit", "pass", "ask", "ask"], [YES, YES, NO, NO, NO]),
        (["ask", "pass", "commit", "failed pass", *["ask"] * 4], [YES, NO, YES, *[NO] * 5]),
    ],
    ids=["nothing new", "a commit", "a commit that a pass had", "passes that fail"],
)
def test_a_commit_is_reason_for_a_pass_once(
    tmp_path: Path, steps: list[str], reasons: list[bool]
) -> None:
    """One that a pass has had already is none; a pass that failed is not tried again for it."""
    assert heard(make_box(tmp_path), *steps) == reasons


def test_a_pass_that_did_not_have_the_commit_is_followed_by_another(tmp_path: Path) -> None:
    """A replica may lag: not at once, and later each time, until one had it."""
    late = ["late pass", *["ask"] * 4]
    steps = ["ask", "pass", "commit", *late[:2], *late[:3], *late, "pass", "ask", "ask", "ask"]
    assert heard(make_box(tmp_path), *steps) == [
        *(YES, NO, YES),
        *(NO, YES),
        *(NO, NO, YES),
        *(NO, NO, NO, NO, YES),
        *(NO, NO, NO, NO),
    ]


def test_no_answer_is_no_reason(tmp_path: Path) -> None:
    """A remote that is gone starts no passes."""
    steps = ["ask", "pass", "commit", "late pass", "lost", *["ask"] * 6]
    assert heard(make_box(tmp_path), *steps) == [YES, NO, YES, NO, *[NO] * 7]
