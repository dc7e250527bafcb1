"""Objects in bulk: sizes are asked before any content is read, and nothing is read twice.

Git gives a blob, or a tree within another, as it finds it stored. Here each is held against its
id, so that the bytes are those of the commit whoever has written to the repository's folder.
"""

from collections.abc import Collection, Mapping, Sequence

from pairctl.problem import Problem
from pairctl.repo.problems import GitFailed, TreeTooLarge
from pairctl.repo.program import GitProgram
from pairctl.repo.tree_objects import object_id as id_of

MAX_TOTAL_BYTES = 256 << 20
MAX_TREES_BYTES = 64 << 20
_PARTIAL = "a partial clone leaves objects out: "
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


async def contents_of(
    git: GitProgram, sizes: Mapping[str, int], trees: Sequence[str] = ()
) -> Mapping[str, bytes]:
    """The content of each blob named in `sizes`; raises TreeTooLarge before reading too much.

    In the same process `trees` are read. Raises GitFailed where anything is not what its id says.
    """
    total = sum(sizes.values())
    if total > MAX_TOTAL_BYTES:
        text = f"the files hold {total} bytes together, and {MAX_TOTAL_BYTES} is the most"
        raise TreeTooLarge(Problem("TooManyBytes", text, "split the repository"))
    if not sizes and not trees:
        return {}
    stream = await git.output(
        ["cat-file", "--batch"],
        doing="reading files",
        stdin=_lines([*trees, *sizes]),
        max_output_bytes=total + len(sizes) * _HEADER_BYTES + MAX_TREES_BYTES * bool(trees),
    )
    found = split_batch(stream, ("blob", "tree"))
    _verified("tree", {one: found.pop(one, b"") for one in set(trees)})
    if found.keys() != sizes.keys():
        raise _unreadable("a folder is listed where a file is, or the other way round")
    return _verified("blob", found)


async def read_blobs(
    git: GitProgram, object_ids: Sequence[str], at_most_bytes: int
) -> Mapping[str, bytes]:
    """Contents by object id, without those that are larger; raises as the two above do."""
    sizes = await sizes_of(git, object_ids)
    return await contents_of(
        git, {object_id: size for object_id, size in sizes.items() if size <= at_most_bytes}
    )


async def verify_trees(git: GitProgram, object_ids: Sequence[str], *, most_bytes: int) -> None:
    """Hold trees against their ids; raises GitFailed for one that is another, or missing."""
    if object_ids:
        stream = await git.output(
            ["cat-file", "--batch"],
            doing="reading folders",
            stdin=_lines(object_ids),
            max_output_bytes=most_bytes,
        )
        _verified("tree", split_batch(stream, ("tree",)))


async def read_trees_at(
    git: GitProgram, commit: str, folders: Sequence[bytes]
) -> dict[bytes, bytes | None]:
    """The trees of a commit's folders by path, the root's is empty; None where there is none.

    Raises GitFailed where the commit is not here, or a tree is not what its id says.
    """
    asked = [
        b"%s^{tree}" % commit.encode(),
        *(b"%s:%s" % (commit.encode(), one) for one in folders),
    ]
    stream = await git.output(
        ["cat-file", "--batch"],
        doing="reading folders",
        stdin=b"".join(one + b"\n" for one in asked),
        max_output_bytes=MAX_TREES_BYTES,
    )
    read = split_trees(stream, len(asked))
    if read[0] is None:
        raise _unreadable(f"{commit} is missing", _PARTIAL)
    return dict(zip((b"", *folders), read, strict=True))


def split_trees(stream: bytes, count: int) -> list[bytes | None]:
    """The trees in what `git cat-file --batch` wrote of so many names; None for what is none.

    There is no tree where a name names nothing, a file, or a submodule, which newer Git has a word
    of its own for. Raises GitFailed where one is not what its id says.
    """
    found: list[bytes | None] = []
    at = 0
    for _ in range(count):
        end = stream.index(b"\n", at)
        head = stream[at:end]
        at = end + 1
        if head.endswith((b" missing", b" submodule")):
            found.append(None)
            continue
        object_id, kind, size = head.decode().split(" ")
        content = stream[at : at + int(size)]
        at += int(size) + 1
        is_tree = kind == "tree"
        found.append(_verified("tree", {object_id: content})[object_id] if is_tree else None)
    return found


def split_batch(stream: bytes, kinds: Collection[str] = ("blob",)) -> dict[str, bytes]:
    """The objects of some kinds in what `git cat-file --batch` wrote, by object id."""
    found, at = {}, 0
    while at < len(stream):
        end = stream.index(b"\n", at)
        object_id, size = _size(stream[at:end].decode(), kinds)
        found[object_id] = stream[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return found


def _verified(kind: str, contents: dict[str, bytes]) -> dict[str, bytes]:
    for object_id, content in contents.items():
        if id_of(kind.encode(), content, len(object_id)) != object_id:
            raise _unreadable(f"{kind} {object_id} holds other bytes than its id says")
    return contents


def _size(header: str, kinds: Collection[str] = ("blob",)) -> tuple[str, int]:
    match header.split(" "):
        case [object_id, found, size] if found in kinds:
            return object_id, int(size)
        case [object_id, "missing"]:
            raise _unreadable(f"{object_id} is missing", _PARTIAL)
        case _:
            raise _unreadable(header)


def _unreadable(what: str, why: str = "") -> GitFailed:
    text = f"an object of the repository cannot be read: {what}"
    whole = "`git fetch --refetch --no-filter` makes it whole; else " if why else ""
    return GitFailed(
        Problem("GitFailed", text, f"{why}{whole}check the repository with `git fsck`")
    )


def _lines(object_ids: Sequence[str]) -> bytes:
    return "".join(f"{object_id}\n" for object_id in dict.fromkeys(object_ids)).encode()
