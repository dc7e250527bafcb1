"""What refs stand at in a repository here, which there are, and which commit came before which."""

import asyncio
from collections.abc import Sequence

from pairctl.problem import Problem
from pairctl.repo.failures import failure
from pairctl.repo.plain_refs import read_plain_ref
from pairctl.repo.problems import BrokenRef
from pairctl.repo.program import GitProgram


async def ref_id(git: GitProgram, ref: str) -> str | None:
    """The object that the full ref name `ref` points to in this repository, None without it."""
    try:
        return await whole_ref_id(git, ref)
    except BrokenRef:
        return None


async def whole_ref_id(git: GitProgram, ref: str) -> str | None:
    """As `ref_id`; raises BrokenRef for a ref that is there, and says nothing.

    A branch that a loss of power has emptied is none that was never made.
    """
    known = await asyncio.to_thread(read_plain_ref, git.git_dir, ref)
    if known is not None:
        return known or None
    doing = f"reading {ref}"
    answer = await git.answer(
        ["for-each-ref", "--format=%(refname) %(objectname)", ref], doing=doing
    )
    if answer.status != 0:
        raise failure(doing, answer.stderr)
    if f"ignoring broken ref {ref}\n" in f"{answer.stderr}\n":
        raise _broken(ref)
    pairs = (line.split(" ") for line in answer.stdout.decode().splitlines())
    return next((object_id for name, object_id in pairs if name == ref), None)


def _broken(ref: str) -> BrokenRef:
    text = f"{ref} is there and holds no object id, as a loss of power may leave it"
    hint = (
        "find its last commit (git fsck --lost-found, or git reflog), remove the ref's file in the "
        f"Git directory, and put it back: git update-ref {ref} COMMIT"
    )
    return BrokenRef(Problem("GitFailed", text, hint))


async def refs_like(git: GitProgram, pattern: str) -> Sequence[str]:
    """The full names of the refs that match a pattern: `*` stands for one part of a name."""
    answer = await git.output(
        ["for-each-ref", "--format=%(refname)", pattern], doing=f"looking for {pattern}"
    )
    return answer.decode("utf-8", "replace").splitlines()


async def is_ancestor(git: GitProgram, commit: str, tip: str) -> bool:
    """Whether `commit` is `tip`, or in its history as far as that is here."""
    doing = f"looking for commit {commit[:12]}"
    answer = await git.answer(["merge-base", "--is-ancestor", commit, tip], doing=doing)
    if answer.status > 1:
        raise failure(doing, answer.stderr)
    return answer.status == 0
