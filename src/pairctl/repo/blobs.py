"""Blobs in bulk: sizes are asked before any content is read, and nothing is read twice."""

from collections.abc import Mapping, Sequence

from pairctl.problem import Problem
from pairctl.repo.problems import GitFailed, TreeTooLarge
from pairctl.repo.program import GitProgram

MAX_TOTAL_BYTES = 256 << 20
_HEADER_BYTES = 128


async def sizes_of(git: GitProgram, object_ids: Sequence[str]) -> Mapping[str, int]:
    """The size in bytes of each blob; raises GitFailed if one is missing or no blob."""
    if not object_ids:
        return {}
    lines = await git.output(
        ["cat-file", "--batch-check"],
        doing="asking the sizes of files",
        stdin=_lines(object_ids),
    )
    return dict(_size(line) for line in lines.decode().splitlines())


async def contents_of(git: GitProgram, sizes: Mapping[str, int]) -> Mapping[str, bytes]:
    """The content of each blob named in `sizes`; raises TreeTooLarge before reading too much."""
    total = sum(sizes.values())
    if total > MAX_TOTAL_BYTES:
        text = f"the files hold {total} bytes together, and {MAX_TOTAL_BYTES} is the most"
        raise TreeTooLarge(Problem("TooManyBytes", text, "split the repository"))
    if not sizes:
        return {}
    stream = await git.output(
        ["cat-file", "--batch"],
        doing="reading files",
        stdin=_lines(list(sizes)),
        max_output_bytes=total + len(sizes) * _HEADER_BYTES,
    )
    return split_batch(stream)


async def read_blobs(
    git: GitProgram, object_ids: Sequence[str], at_most_bytes: int
) -> Mapping[str, bytes]:
    """Contents by object id, without those that are larger; raises as the two above do."""
    sizes = await sizes_of(git, object_ids)
    return await contents_of(
        git, {object_id: size for object_id, size in sizes.items() if size <= at_most_bytes}
    )


def split_batch(stream: bytes) -> dict[str, bytes]:
    """The blobs in what `git cat-file --batch` wrote, by object id."""
    found, at = {}, 0
    while at < len(stream):
        end = stream.index(b"\n", at)
        object_id, size = _size(stream[at:end].decode())
        found[object_id] = stream[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return found


def _size(header: str) -> tuple[str, int]:
    match header.split(" "):
        case [object_id, "blob", size]:
            return object_id, int(size)
        case _:
            text = f"an object of the repository cannot be read: {header}"
            raise GitFailed(Problem("GitFailed", text, "check the repository with `git fsck`"))


def _lines(object_ids: Sequence[str]) -> bytes:
    return "".join(f"{object_id}\n" for object_id in dict.fromkeys(object_ids)).encode()
