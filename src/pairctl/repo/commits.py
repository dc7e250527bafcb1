"""A commit's files in, a new commit out: whole trees as values, without index or work tree."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    SUBMODULE,
    SYMLINK,
    Blob,
    Entry,
    Refused,
    is_candidate,
    parse_listing,
    sorted_out,
)
from pairctl.spec.links import MAX_LINK_BYTES, place_of_link
from pairctl.spec.source import SourceFile

MAX_FILES = 200_000
MAX_LISTING_BYTES = 32 << 20
MAX_SOURCE_BYTES = 256 << 10
MAX_SINGLE_BYTES = 1 << 20
MAX_STATUS_FILE_BYTES = 32 << 20
MOST_NAMED = 500  # with more of them the whole tree is listed: a command line has its limits
MAX_LOOKED_AT_BYTES = 64 << 20  # of what is too large, together
LFS_HEAD = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files are read as documents, and how to tell whose a file is that cannot be read.

    `is_wanted` is of a path, `is_foreign` of a content of at most `most_bytes`.
    """

    is_wanted: Callable[[str], bool] = lambda _: True
    is_foreign: Callable[[bytes], bool] = lambda _: False
    most_bytes: int = 0


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


@dataclass(frozen=True, slots=True)
class Listing:
    """What a commit holds below some paths: entries that are no folders, and the folders' trees.

    Git lists what stands in a tree, whatever the tree's id: `trees` are to be held against theirs.
    """

    entries: Sequence[Entry]
    trees: Sequence[str]


async def read_sources(
    git: GitProgram,
    commit: str,
    *,
    under: str,
    suffixes: Sequence[str],
    wanted: Wanted,
    listing: Listing | None = None,
) -> Files:
    """The files of `commit` below `under` with one of `suffixes`; links are never followed.

    What is too large is none of that where it is another tool's. A `listing` that is known by now
    is not asked for again, and is held against its trees here.
    """
    listed = listing or await list_commit(git, commit, [under] if under else [])
    if under:
        _check_folder(commit, under, listed.entries)
    return await read_entries(
        git, listed.entries, under=under, suffixes=suffixes, wanted=wanted, trees=listed.trees
    )


async def read_entries(
    git: GitProgram,
    entries: Sequence[Entry],
    *,
    under: str,
    suffixes: Sequence[str],
    wanted: Wanted,
    trees: Sequence[str] = (),
) -> Files:
    """The files among some entries that are documents by their names, as `read_sources` has it."""
    candidates = [
        entry
        for entry in entries
        if is_candidate(entry, under, suffixes)
        and wanted.is_wanted(entry.path.decode("utf-8", "surrogateescape"))
    ]
    harmless = await _harmless_links(git, candidates, entries, under, wanted)
    blobs, refused = sorted_out([entry for entry in candidates if entry.path not in harmless])
    odd = [one.object_id for one in refused if one.problem.reason == "PathCollision"]
    wanted_ids = [*(blob.object_id for blob in blobs), *odd]
    sizes = await _sizes_of(git, wanted_ids, candidates)
    small = [one.object_id for one in blobs if sizes[one.object_id] <= MAX_SOURCE_BYTES]
    contents = await contents_of(git, {one: sizes[one] for one in small}, trees)
    large = [blob.object_id for blob in blobs if sizes[blob.object_id] > MAX_SOURCE_BYTES]
    whose = await _whose(git, {*large, *odd}, sizes, wanted)
    sources = []
    for blob in blobs:
        problem = _content_problem(blob, sizes[blob.object_id], contents)
        if problem is None:
            sources.append(SourceFile(blob.path, contents[blob.object_id]))
        else:
            refused.append(Refused(blob.path, problem, blob.object_id))
    kept = (one for one in refused if not whose.get(one.object_id))
    return Files(
        tuple(sorted(sources, key=lambda source: source.path)),
        tuple(sorted(kept, key=lambda entry: entry.path)),
    )


async def _harmless_links(
    git: GitProgram,
    candidates: Sequence[Entry],
    entries: Sequence[Entry],
    under: str,
    wanted: Wanted,
) -> frozenset[bytes]:
    """Return the paths of links that lead to what is read at its own place, or to nothing of ours.

    Of a link with the name of a document that is a file of another tool.
    """
    links = {one.path: one.object_id for one in candidates if one.mode == SYMLINK}
    sizes = await _sizes_of(git, list(links.values()), candidates)
    texts = await contents_of(git, {k: size for k, size in sizes.items() if size <= MAX_LINK_BYTES})
    places = {
        path: place_of_link(os.fsdecode(path), os.fsdecode(texts.get(object_id, b"/")), under)
        for path, object_id in links.items()
    }
    inside = {path: os.fsencode(place) for path, place in places.items() if place is not None}
    folders = {path for path in inside if b"." not in path.rsplit(b"/", 1)[-1]}
    there = {one.path: one.object_id for one in entries if one.mode not in {SYMLINK, SUBMODULE}}
    files = {path: there[place] for path, place in inside.items() if place in there}
    sizes = await _sizes_of(git, [*files.values()], entries)
    whose = await _whose(git, set(files.values()), sizes, wanted)
    return frozenset(folders | {path for path, object_id in files.items() if whose.get(object_id)})


async def _whose(
    git: GitProgram, object_ids: Iterable[str], sizes: Mapping[str, int], wanted: Wanted
) -> Mapping[str, bool]:
    """Tell of files by object id whether they are another tool's, as far as they are read."""
    looked_at = {one: sizes[one] for one in object_ids if sizes[one] <= wanted.most_bytes}
    found: dict[str, bool] = {}
    if sum(looked_at.values()) > MAX_LOOKED_AT_BYTES:
        return found
    for object_id, size in looked_at.items():  # one by one: each may be large
        content = (await contents_of(git, {object_id: size}))[object_id]
        found[object_id] = wanted.is_foreign(content)
    return found


def _check_folder(commit: str, under: str, entries: Sequence[Entry]) -> None:
    """Raise FolderNotFound where a commit has no folder of this name."""
    if any(one.mode == SUBMODULE and one.path == under.encode() for one in entries):
        text = f"in commit {commit[:7]} {under} is a submodule, and submodules are never fetched"
        hint = "name the submodule's own clone with --repository"
        raise FolderNotFound(Problem("FolderNotFound", text, hint))
    if not entries:
        raise FolderNotFound(
            Problem(
                "FolderNotFound",
                f"commit {commit[:7]} has no folder {under}",
                "name a folder by its path from the repository's root; what is not committed is"
                " not there",
            )
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
    sizes = await _sizes_of(git, [blobs[0].object_id], entries)
    size = sizes[blobs[0].object_id]
    if size > MAX_SINGLE_BYTES:
        raise FileRefused(_too_large(path, size, MAX_SINGLE_BYTES))
    return (await contents_of(git, sizes))[blobs[0].object_id]


async def read_tables(
    git: GitProgram, commit: str, paths: Sequence[str], most_bytes: int
) -> Mapping[str, bytes | Problem]:
    """Plain files by path, or why one is not read; what is not there is left out."""
    plain = [path for path in paths if path_fault(path) is None]
    if not plain:
        return await tables_among(git, (), paths, most_bytes)
    listed = await _listing(git, commit, plain if len(plain) <= MOST_NAMED else [])
    return await tables_among(git, listed, paths, most_bytes)


async def tables_among(
    git: GitProgram, entries: Sequence[Entry], paths: Sequence[str], most_bytes: int
) -> Mapping[str, bytes | Problem]:
    """The files among some entries, as `read_tables` has it."""
    faults = {path: fault for path in paths if (fault := path_fault(path))}
    found: dict[str, bytes | Problem] = {
        path: Problem("BadPath", f"the path {fault}", "rename the file")
        for path, fault in faults.items()
    }
    wanted = {path.encode() for path in paths if path not in faults}
    blobs, refused = sorted_out([entry for entry in entries if entry.path in wanted])
    found |= {entry.path: entry.problem for entry in refused}
    sizes = await _sizes_of(git, [blob.object_id for blob in blobs], entries)
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
    return object_ids_among(await _listing(git, commit, asked), paths)


def object_ids_among(entries: Iterable[Entry], paths: Iterable[str]) -> Mapping[str, str]:
    """The object ids of plain files among some entries, as `read_object_ids` has them."""
    plain = {path for path in paths if path_fault(path) is None}
    blobs, _ = sorted_out([one for one in entries if os.fsdecode(one.path) in plain])
    return {blob.path: blob.object_id for blob in blobs if blob.path in plain}


async def read_status(git: GitProgram, tip: str) -> StatusTree:
    """All plain files of the commit `tip`; of what is no plain file of a plain path, the path."""
    listed = await list_commit(git, tip, [])
    blobs, refused = sorted_out(listed.entries, is_checked_out=False)
    sizes = await _sizes_of(git, [blob.object_id for blob in blobs], listed.entries)
    fitting = {key: size for key, size in sizes.items() if size <= MAX_STATUS_FILE_BYTES}
    contents = await contents_of(git, fitting, listed.trees)
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


async def list_commit(git: GitProgram, commit: str, paths: Sequence[str]) -> Listing:
    """What a commit holds at or below some paths, all of it for none. Raises TreeTooLarge."""
    listing = await git.output(
        ["ls-tree", "-r", "-t", "-l", "-z", "--full-tree", commit, "--", *paths],
        doing=f"listing the files of commit {commit[:12]}",
        max_output_bytes=MAX_LISTING_BYTES,
    )
    entries = list(parse_listing(listing))
    folders = [entry.object_id for entry in entries if entry.mode == FOLDER]
    count = len(entries) - len(folders)
    if count > MAX_FILES:
        text = f"commit {commit[:12]} holds {count} files, and {MAX_FILES} is the most"
        raise TreeTooLarge(Problem("TooManyFiles", text, "point pairctl at a smaller folder"))
    return Listing([entry for entry in entries if entry.mode != FOLDER], folders)


async def _sizes_of(
    git: GitProgram, object_ids: Sequence[str], listed: Iterable[Entry]
) -> Mapping[str, int]:
    """The size of each blob: as it was listed, else Git is asked. Raises as `sizes_of` does."""
    known = {one.object_id: one.size for one in listed if one.size is not None}
    asked = await sizes_of(git, [one for one in object_ids if one not in known])
    return {one: known[one] if one in known else asked[one] for one in object_ids}


async def _listing(git: GitProgram, commit: str, paths: Sequence[str]) -> Sequence[Entry]:
    listed = await list_commit(git, commit, paths)
    await verify_trees(git, listed.trees, most_bytes=2 * MAX_LISTING_BYTES)
    return listed.entries


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
