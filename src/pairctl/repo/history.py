"""What the history of a commit says: who changed a file last, and what became of files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pairctl.repo.program import GitProgram
from pairctl.text import escaped, output_words

# `rev-list` and `diff-tree` heed none of the settings of `git log` that a clone may have.
_WHO = "--format=%H%x00%P%x00%an <%ae>%x00%cn <%ce>"
_FIELDS = 4
_PLAIN_FILE = "100"


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """A commit's id, who wrote it, who committed it: `name <address>`, which Git does not prove."""

    id: str
    author: str
    committer: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """What a commit did to one file, by object ids; None where there is nothing.

    An empty id stands for what is no plain file. The path is fit to be shown.
    """

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class CommitChanges:
    """A commit, and what it did to the files that were asked for, by path."""

    id: str
    files: tuple[FileChange, ...]


@dataclass(frozen=True, slots=True)
class PathHistory:
    """The commits that changed some paths, oldest first, along first parents.

    `merge` is the newest commit with several parents, wherever in the history; empty without one.
    `cut` is the oldest commit that is here where its parents are not: what came before it is not
    known. Empty where the history is whole.
    """

    commits: tuple[CommitChanges, ...]
    merge: str = ""
    cut: str = ""


async def read_last_change(git: GitProgram, commit: str, *paths: str) -> CommitFacts | None:
    """The commit that changed one of `paths` last, up to `commit`; None where that is not here.

    Where history is cut off, the oldest commit that is here seems to have made every file: that
    says nothing.
    """
    command = ["rev-list", "-1", "--no-commit-header", "--encoding=UTF-8", _WHO, commit, "--"]
    doing = f"asking who changed {', '.join(paths)}"
    answer = await git.answer([*command, *paths], doing=doing)
    fields = answer.stdout.decode("utf-8", "replace").strip("\n").split("\0")
    if answer.status or len(fields) != _FIELDS:
        return None
    changed, parents, author, committer = fields
    if not parents and await _has_parents(git, changed):
        return None
    return CommitFacts(changed, output_words(author), output_words(committer))


async def read_commit_time(git: GitProgram, commit: str) -> datetime | None:
    """When a commit was made, by its committer's clock, in UTC; None where it does not say."""
    command = ["rev-list", "-1", "--no-commit-header", "--format=%ct", commit, "--"]
    answer = await git.answer(command, doing=f"asking when commit {commit[:12]} was made")
    shown = answer.stdout.strip()
    if answer.status or not shown.isdigit():
        return None
    try:
        return datetime.fromtimestamp(int(shown), UTC)
    except (ValueError, OverflowError, OSError):  # a date that a person made up
        return None


async def read_history(git: GitProgram, tip: str, paths: Sequence[str]) -> PathHistory:
    """Read what became of files and folders up to `tip`. Three processes, whatever their number."""
    listed = await git.output(
        ["rev-list", "--first-parent", "--topo-order", "--reverse", tip, "--", *paths],
        doing=f"reading the history of {', '.join(paths)}",
    )
    changed = await git.output(
        [
            *("diff-tree", "--stdin", "--root", "--diff-merges=first-parent"),
            *("-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--", *paths),
        ],
        doing=f"reading what commits did to {', '.join(paths)}",
        stdin=listed,
    )
    return PathHistory(
        tuple(parse_changes(changed)), await _merge_in(git, tip), await read_cut(git, tip)
    )


async def read_cut(git: GitProgram, commit: str) -> str:
    """The commit at which the history up to `commit` is cut off here; empty where it is whole."""
    roots = await git.output(
        ["rev-list", "--max-parents=0", commit], doing=f"looking for where {commit[:12]} began"
    )
    for root in roots.decode().split():
        if await _has_parents(git, root):
            return root
    return ""


def parse_changes(output: bytes) -> Iterator[CommitChanges]:
    """What `git diff-tree --stdin -r -z --raw` wrote, commit by commit."""
    commit, files = "", list[FileChange]()
    tokens = iter(output.split(b"\0"))
    for token in tokens:
        if token.startswith(b":"):
            files.append(_change(token.decode(), next(tokens)))
        elif token.strip():
            if commit:
                yield CommitChanges(commit, tuple(files))
            commit, files = token.decode().strip(), []
    if commit:
        yield CommitChanges(commit, tuple(files))


def _change(record: str, path: bytes) -> FileChange:
    before_mode, after_mode, before, after, _ = record.removeprefix(":").split(" ")
    return FileChange(escaped(path), _file(before_mode, before), _file(after_mode, after))


def _file(mode: str, object_id: str) -> str | None:
    if not object_id.strip("0"):
        return None
    return object_id if mode.startswith(_PLAIN_FILE) else ""


async def _merge_in(git: GitProgram, tip: str) -> str:
    found = await git.output(
        ["rev-list", "--first-parent", "--min-parents=2", "--max-count=1", tip],
        doing="looking for merges",
    )
    return found.decode().strip()


async def _has_parents(git: GitProgram, commit: str) -> bool:
    """Whether a commit says that it has parents, whether they are here or not."""
    content = await git.output(["cat-file", "commit", commit], doing=f"reading {commit[:12]}")
    return b"\nparent " in content.partition(b"\n\n")[0]
