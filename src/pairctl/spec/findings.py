"""Findings: what is wrong with operators' documents, as data; and the places they point to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from pairctl.problem import Problem
from pairctl.spec.codes import Code


class Severity(StrEnum):
    """How bad a finding is: an error refuses its document, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Span(NamedTuple):
    """A piece of a file: 1-based lines and columns in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong, at one place; findings sort by file, line, column and code.

    `replacement` is what may stand at the place instead, where that is certain. Lines and columns
    are 1-based; where the end is not behind the start, the finding is about the file as a whole.
    `may_follow`: what is missing may stand in what is refused elsewhere.
    """

    path: str
    line: int
    column: int
    code: Code
    message: str
    hint: str = ""
    severity: Severity = field(default=Severity.ERROR, kw_only=True)
    end_line: int = field(default=0, kw_only=True)
    end_column: int = field(default=0, kw_only=True)
    replacement: str = field(default="", kw_only=True)
    may_follow: bool = field(default=False, kw_only=True)

    def __str__(self) -> str:
        shown = f"{self.path}:{self.line}:{self.column}: {self.message}"
        return f"{shown} ({self.hint})" if self.hint else shown

    @property
    def refuses(self) -> bool:
        """Whether this finding refuses the document it is about."""
        return self.severity is Severity.ERROR

    @property
    def follows(self) -> bool:
        """Whether this follows, or may, from other findings only, and goes when they do."""
        return self.code is Code.REFERS_TO_REJECTED or self.may_follow

    @property
    def has_span(self) -> bool:
        """Whether the finding is about a piece of its file, which can be shown."""
        return (self.end_line, self.end_column) > (self.line, self.column)

    @property
    def link(self) -> str:
        """Where the project's documentation tells more, from its root."""
        return f"docs/codes.md#{self.code.lower()}"


def finding(
    path: str,
    span: Span,
    code: Code,
    message: str,
    hint: str = "",
    *,
    severity: Severity = Severity.ERROR,
    replacement: str = "",
    may_follow: bool = False,
) -> Finding:
    """Return a finding that points to `span` of the file at `path`."""
    return Finding(
        path,
        span.line,
        span.column,
        code,
        message,
        hint,
        severity=severity,
        end_line=span.end_line,
        end_column=span.end_column,
        replacement=replacement,
        may_follow=may_follow,
    )


def causes_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by file and place, and behind all of them what only follows from others."""
    return tuple(sorted(findings, key=lambda one: (one.follows, one)))


_CODES_OF_FILES = {
    "SymlinkNotAllowed": Code.SYMLINK_REFUSED,
    "PathCollision": Code.PATH_COLLISION,
    "LfsPointer": Code.LFS_POINTER,
    "FileTooLarge": Code.TOO_LARGE,
}


def unread_file(path: str, problem: Problem) -> Finding:
    """Return a finding about a file of a commit that was not read, by why it was not."""
    code = _CODES_OF_FILES.get(problem.reason, Code.UNREADABLE_FILE)
    return Finding(path, 1, 1, code, problem.message, problem.hint)


def any_refuses(findings: tuple[Finding, ...]) -> bool:
    """Return whether one of the findings refuses its document."""
    return any(one.refuses for one in findings)
