"""A commit's files in, a new commit out: whole trees as values, without index or work tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from pairctl.problem import Problem
from pairctl.repo.blobs import contents_of, sizes_of, verify_trees
from pairctl.repo.problems import FileRefused, FolderNotFound, TreeTooLarge
from pairctl.repo.program import GitProgram
from pairctl.repo.refs import path_fault
from pairctl.repo.stream import Identity, import_stream
from pairctl.repo.trees import (
    FOLDER,
    Blob,
    Entry,
    Refused,
    is_candidate,
    parse_listing,
    sorted_out,
)
from pairctl.spec.source import SourceFile

MAX_FILES = 200_000
MAX_LISTING_BYTES = 32 << 20
MAX_SOURCE_BYTES = 256 << 10
MAX_SINGLE_BYTES = 1 << 20
MAX_STATUS_FILE_BYTES = 32 << 20
MOST_NAMED = 500  # with more of them the whole tree is listed: a command line has its limits
LFS_HEAD = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True)
class Files:
    """The documents of one commit, and what was refused; both sorted by path."""

    sources: tuple[SourceFile, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class StatusTree:
    """The status branch as it was read: `tip` is None where there is no branch yet.

    `unread` are the paths of what stands there too and is not read (links, submodules, odd names,
    what is too large), fit to be shown. Paths that differ in case only are both read, for nothing
    of it is ever checked out.
    """

    tip: str | None
    files: Mapping[str, bytes]
    unread: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths of the commit, read or not."""
        return (*self.files, *self.unread)


EMPTY_STATUS = StatusTree(None, MappingProxyType({}))


async def read_sources(
    git: GitProgram, commit: str, *, under: str, suffixes: Sequence[str]
) -> Files:
    """The files of `commit` below `under` with one of `suffixes`; links are never followed."""
    entries = await _listing(git, commit, [under] if under else [])
    if under and not entries:
        raise FolderNotFound(
            Problem(
                "FolderNotFound",
                f"commit {commit[:7]} has no folder {under}",
                "name a folder by its path from the repository's root; what is not committed is"
                " not there",
            )
        )
    candidates = [entry for entry in entries if is_candidate(entry, under, suffixes)]
    blobs, refused = sorted_out(candidates)
    sizes = await sizes_of(git, [blob.object_id for blob in blobs])
    small = {object_id: size for object_id, size in sizes.items() if size <= MAX_SOURCE_BYTES}
    contents = await contents_of(git, small)
    sources = []
    for blob in blobs:
        problem = _content_problem(blob, sizes[blob.object_id], contents)
        if problem is None:
            sources.append(SourceFile(blob.path, contents[blob.object_id]))
        else:
            refused.append(Refused(blob.path, problem))
    return Files(
        tuple(sorted(sources, key=lambda source: source.path)),
        tuple(sorted(refused, key=lambda entry: entry.path)),
    )


async def read_file(git: GitProgram, commit: str, path: str) -> bytes | None:
    """One file's content, None where there is none; raises FileRefused for what is not read."""
    entries = await _listing(git, commit, [path])
    mine = [entry for entry in entries if entry.path == path.encode()]
    blobs, refused = sorted_out(mine)
    if refused:
        raise FileRefused(refused[0].problem)
    if not blobs:
        return None
    sizes = await sizes_of(git, [blobs[0].object_id])
    size = sizes[blobs[0].object_id]
    if size > MAX_SINGLE_BYTES:
        raise FileRefused(_too_large(path, size, MAX_SINGLE_BYTES))
    return (await contents_of(git, sizes))[blobs[0].object_id]


async def read_tables(
    git: GitProgram, commit: str, paths: Sequence[str], most_bytes: int
) -> Mapping[str, bytes | Problem]:
    """Plain files by path, or why one is not read; what is not there is left out."""
    faults = {path: fault for path in paths if (fault := path_fault(path))}
    plain = [path for path in paths if path not in faults]
    found: dict[str, bytes | Problem] = {
        path: Problem("BadPath", f"the path {fault}", "rename the file")
        for path, fault in faults.items()
    }
    if not plain:
        return found
    wanted = {path.encode() for path in plain}
    listed = await _listing(git, commit, plain if len(plain) <= MOST_NAMED else [])
    blobs, refused = sorted_out([entry for entry in listed if entry.path in wanted])
    found |= {entry.path: entry.problem for entry in refused}
    sizes = await sizes_of(git, [blob.object_id for blob in blobs])
    fitting = {key: size for key, size in sizes.items() if size <= most_bytes}
    contents = await contents_of(git, fitting)
    for blob in blobs:
        content = contents.get(blob.object_id)
        size = sizes[blob.object_id]
        found[blob.path] = _too_large(blob.path, size, most_bytes) if content is None else content
    return found


async def read_object_ids(git: GitProgram, commit: str, paths: Sequence[str]) -> Mapping[str, str]:
    """The object ids of plain files, by path; what is none, or has no plain path, is left out.

    One process, whatever the number of files; nothing of their content is read.
    """
    plain = {path for path in paths if path_fault(path) is None}
    if not plain:
        return {}
    asked = sorted(plain) if len(plain) <= MOST_NAMED else []
    blobs, _ = sorted_out(await _listing(git, commit, asked))
    return {blob.path: blob.object_id for blob in blobs if blob.path in plain}


async def read_status(git: GitProgram, tip: str) -> StatusTree:
    """All plain files of the commit `tip`; of what is no plain file of a plain path, the path."""
    blobs, refused = sorted_out(await _listing(git, tip, []), is_checked_out=False)
    sizes = await sizes_of(git, [blob.object_id for blob in blobs])
    fitting = {key: size for key, size in sizes.items() if size <= MAX_STATUS_FILE_BYTES}
    contents = await contents_of(git, fitting)
    files = {blob.path: contents[blob.object_id] for blob in blobs if blob.object_id in contents}
    too_large = (blob.path for blob in blobs if blob.path not in files)
    unread = sorted([*(entry.path for entry in refused), *too_large])
    return StatusTree(tip, MappingProxyType(files), tuple(unread))


async def write_commit(
    git: GitProgram,
    base: str | None,
    changes: Mapping[str, bytes | None],
    *,
    message: str,
    identity: Identity,
    now: datetime,
    id_digits: int,
) -> str:
    """The id of a new commit on `base` with `changes` made; no ref points to it yet.

    One process, whatever the number of files; its cost follows the changes, not the tree.
    """
    stream = import_stream(
        base, changes, message=message, identity=identity, now=now, id_digits=id_digits
    )
    answer = await git.output(
        ["fast-import", "--quiet", "--done", "--date-format=raw"],
        doing="writing the status commit",
        stdin=stream,
    )
    return answer.decode().strip()


async def _listing(git: GitProgram, commit: str, paths: Sequence[str]) -> list[Entry]:
    listing = await git.output(
        ["ls-tree", "-r", "-t", "-z", "--full-tree", commit, "--", *paths],
        doing=f"listing the files of commit {commit[:12]}",
        max_output_bytes=MAX_LISTING_BYTES,
    )
    entries = list(parse_listing(listing))
    folders = [entry.object_id for entry in entries if entry.mode == FOLDER]
    count = len(entries) - len(folders)
    if count > MAX_FILES:
        text = f"commit {commit[:12]} holds {count} files, and {MAX_FILES} is the most"
        raise TreeTooLarge(Problem("TooManyFiles", text, "point pairctl at a smaller folder"))
    await verify_trees(git, folders, most_bytes=2 * MAX_LISTING_BYTES)
    return [entry for entry in entries if entry.mode != FOLDER]


def _content_problem(blob: Blob, size: int, contents: Mapping[str, bytes]) -> Problem | None:
    if size > MAX_SOURCE_BYTES:
        return _too_large(blob.path, size, MAX_SOURCE_BYTES)
    if contents[blob.object_id].startswith(LFS_HEAD):
        text = f"{blob.path} is stored in Git LFS, which pairctl does not read"
        return Problem("LfsPointer", text, "commit the file itself")
    return None


def _too_large(path: str, size: int, most: int) -> Problem:
    text = f"{path} holds {size} bytes, and {most} is the most"
    return Problem("FileTooLarge", text, "split the file")
