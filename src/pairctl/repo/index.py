"""What a work tree's index says, read as data: no file of the work tree is looked at."""

from dataclasses import dataclass

from pairctl.repo.commits import MAX_LISTING_BYTES
from pairctl.repo.program import GitProgram

_SKIP_WORKTREE = "S"


@dataclass(frozen=True, slots=True)
class Index:
    """How a work tree is compared with its commit.

    `unwatched` are the paths that a sparse checkout leaves out, or that are marked skip-worktree or
    assume-unchanged. Where it `ignores_case`, so does the file system.
    """

    unwatched: frozenset[str]
    ignores_case: bool


async def read_index(git: GitProgram) -> Index:
    """Read the index of the work tree whose Git directory `git` works on."""
    listing = await git.output(
        ["ls-files", "-v", "-z"],
        doing="reading the index",
        max_output_bytes=MAX_LISTING_BYTES,
    )
    marked = (entry.partition(" ") for entry in listing.decode("utf-8", "replace").split("\0"))
    asked = await git.answer(
        ["config", "--type=bool", "--get", "core.ignoreCase"], doing="reading the clone's settings"
    )
    return Index(
        frozenset(path for mark, _, path in marked if mark == _SKIP_WORKTREE or mark.islower()),
        ignores_case=asked.stdout.strip() == b"true",
    )
