"""`.pairctlignore`: which files of a repository are not read as documents, in gitignore's syntax.

It stands at the top of the repository, as `.gitignore` and Flux's `.sourceignore` do. Pure.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pairctl.problem import PairctlError, Problem
from pairctl.spec.candidates import read_file
from pairctl.spec.document_index import IndexEntry
from pairctl.spec.expansion import is_set, tables_in, with_rows
from pairctl.spec.findings import Finding, any_refuses
from pairctl.spec.source import SourceFile

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE = ".pairctlignore"
MAX_LINES = 1_000
MAX_WILDCARDS = 3
"""In one part of a path, and how often `**` may stand in a line: matching stays cheap."""

_WILDCARDS = re.compile(r"\*+")


class IgnoreListRefused(PairctlError):
    """The list cannot be followed, so it is not known which files are documents."""


@dataclass(frozen=True, slots=True)
class IgnoreList:
    """What a repository leaves out; nothing, where it has no list."""

    _spec: "GitIgnoreSpec | None" = field(default=None)

    @classmethod
    def parse(cls, content: bytes | None) -> "IgnoreList":
        """Read a list; None stands for none. Raises IgnoreListRefused, with the line."""
        if content is None:
            return cls()
        try:
            lines = content.decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise _refused(1, "it is not UTF-8") from error
        if len(lines) > MAX_LINES:
            raise _refused(MAX_LINES + 1, f"{MAX_LINES} lines are the most")
        for number, line in enumerate(lines, 1):
            _check(number, line)
        return cls(_followed(lines))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left out."""
        return self._spec is None

    def ignores(self, path: str) -> bool:
        """Whether a file, by its path from the top of the repository, is left out."""
        return self._spec is not None and self._spec.match_file(path)


def ignored_problems(
    files: Collection[SourceFile],
    unread: Iterable[str],
    missing: Collection[str],
    tables: Mapping[str, SourceFile | Finding],
) -> Iterator[tuple[str, Problem]]:
    """Yield the paths of ignored files that hold intents which have a status, with what is wrong.

    `missing` are the names of intents that have a status, and stand in no file that is read. A file
    that cannot be read, as all those of `unread`, may hold some, and so may a set that is refused.
    `tables` are the CSV files that sets among the files name.
    """
    by_path = {file.path: file for file in files}
    readings = map(read_file, files)
    for reading in with_rows(readings, by_path.__getitem__, tables_in(tables)):
        kinds = ((entry.kind, entry.name or "") for entry in reading.entries)
        names = [name for kind, name in kinds if kind == "PairingIntent" and name in missing]
        # Intents may be in a file whose names cannot be read.
        if names or reading.is_refused or any(map(_is_unread, reading.entries)):
            yield reading.path, _ignored(reading.path, names)
    yield from ((path, _ignored(path, ())) for path in unread)


def _is_unread(entry: IndexEntry) -> bool:
    if entry.row_of:
        return entry.name is None
    is_refused = not is_set(entry) or any_refuses(entry.findings)
    return entry.kind == "PairingIntentSet" and is_refused


def _ignored(path: str, names: Iterable[str]) -> Problem:
    intents = ", ".join(sorted(names)) or "what cannot be read, and may be an intent"
    return Problem(
        "IgnoredIntent",
        f"{path} is ignored by {IGNORE_FILE}, and holds {intents}: what has a status is not "
        "forgotten by ignoring it, and nothing is done for it",
        f"take the file out of {IGNORE_FILE}, or delete the document",
    )


def _check(number: int, line: str) -> None:
    if line.startswith("#"):
        return
    parts = line.split("/")
    deep = sum("**" in part for part in parts)
    if deep > MAX_WILDCARDS or any(len(_WILDCARDS.findall(p)) > MAX_WILDCARDS for p in parts):
        raise _refused(number, f"more than {MAX_WILDCARDS} wildcards in one part of a path")
    try:
        _followed([line])
    except ValueError as error:
        raise _refused(number, "it is no pattern of gitignore") from error


def _refused(number: int, why: str) -> IgnoreListRefused:
    text = f"{IGNORE_FILE}:{number}: {why}"
    hint = "write patterns as in .gitignore, one a line; until then nothing is read"
    return IgnoreListRefused(Problem("IgnoreListRefused", text, hint))


def _followed(lines: Sequence[str]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec as Lines  # noqa: PLC0415 - few repositories have a list

    return Lines.from_lines(lines)
