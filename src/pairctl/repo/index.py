"""What a work tree's index says, read as data: no file of the work tree is looked at."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pairctl.problem import Problem
from pairctl.repo.blobs import contents_of, sizes_of
from pairctl.repo.commits import (
    MAX_LISTING_BYTES,
    MAX_SINGLE_BYTES,
    Files,
    Wanted,
    read_entries,
    tables_among,
)
from pairctl.repo.git_dirs import whole_configuration
from pairctl.repo.problems import FileRefused
from pairctl.repo.program import GitProgram
from pairctl.repo.trees import Entry, Refused, sorted_out
from pairctl.text import escaped

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
    return Index(
        frozenset(path for mark, _, path in marked if mark == _SKIP_WORKTREE or mark.islower()),
        ignores_case=await _ignores_case(git),
    )


async def _ignores_case(git: GitProgram) -> bool:
    said = await asyncio.to_thread(whole_configuration, git.git_dir)
    if said is not None and b"ignorecase" not in said.lower():
        return False
    asked = await git.answer(
        ["config", "--type=bool", "--get", "core.ignoreCase"], doing="reading the clone's settings"
    )
    return asked.stdout.strip() == b"true"


async def read_staged(
    git: GitProgram, under: str, suffixes: Sequence[str], wanted: Wanted, index_file: Path | None
) -> Files:
    """The documents below `under` as they are staged; what is not merged yet is refused."""
    entries, unmerged = await _entries(git, index_file)
    inside = [one for one in entries if not under or one.path.startswith(f"{under}/".encode())]
    files = await read_entries(git, inside, under=under, suffixes=suffixes, wanted=wanted)
    names = sorted({path for path in unmerged if path.lower().endswith(tuple(suffixes))})
    refused = [Refused(path, _unmerged(path)) for path in names if wanted.is_wanted(path)]
    return Files(files.sources, (*files.refused, *refused))


async def read_staged_file(git: GitProgram, path: str, index_file: Path | None) -> bytes | None:
    """One file as it is staged; None where there is none. Raises FileRefused."""
    entries, _ = await _entries(git, index_file)
    blobs, refused = sorted_out([one for one in entries if one.path == path.encode()])
    if refused:
        raise FileRefused(refused[0].problem)
    if not blobs:
        return None
    sizes = await sizes_of(git, [blobs[0].object_id])
    if sizes[blobs[0].object_id] > MAX_SINGLE_BYTES:
        text = f"{path} holds more than {MAX_SINGLE_BYTES} bytes"
        raise FileRefused(Problem("FileTooLarge", text, "split the file"))
    return (await contents_of(git, sizes))[blobs[0].object_id]


async def read_staged_tables(
    git: GitProgram, paths: Sequence[str], most_bytes: int, index_file: Path | None
) -> Mapping[str, bytes | Problem]:
    """Plain files as they are staged, or why one is not read; what is not there is left out."""
    entries, unmerged = await _entries(git, index_file)
    found = await tables_among(git, entries, paths, most_bytes)
    return {**found, **{path: _unmerged(path) for path in set(unmerged).intersection(paths)}}


async def _entries(git: GitProgram, index_file: Path | None) -> tuple[list[Entry], list[str]]:
    """Return what is staged, and the paths of what is not merged."""
    if index_file is not None:
        git = replace(git, variables=(*git.variables, ("GIT_INDEX_FILE", str(index_file))))
    listing = await git.output(
        ["ls-files", "--stage", "-z"],
        doing="reading the index",
        max_output_bytes=MAX_LISTING_BYTES,
    )
    entries, unmerged = [], []
    for record in listing.split(b"\0"):
        if record:
            head, _, path = record.partition(b"\t")
            mode, object_id, stage = head.decode().split(" ")
            if stage == "0":
                entries.append(Entry(mode, object_id, path))
            else:
                unmerged.append(escaped(path))
    return entries, unmerged


def _unmerged(path: str) -> Problem:
    return Problem("Unmerged", f"{path} is not merged yet", "resolve the conflict, and add it")
