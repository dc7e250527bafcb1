"""What a YAML parser objects to, in words that say what to do; and where a reader would look."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ruamel.yaml.error import MarkedYAMLError

from pairctl.spec.codes import Code
from pairctl.spec.findings import Finding, Span, finding
from pairctl.spec.wording import shown


def syntax_finding(path: str, text: str, error: Exception) -> Finding:
    """Return the finding about an error that the parser raised while it read `text`.

    The parser's own words, where they have to do, quote nothing but YAML's marks.
    """
    place = _Place(text.split("\n"), error if isinstance(error, MarkedYAMLError) else None)
    stated = _shown(place)
    span = place.opening if stated.is_at_opening and place.opening else place.stumbled
    return finding(path, span, stated.code, stated.message, stated.hint)


class _Draft(NamedTuple):
    """What to tell a person; `is_at_opening` where it is about the beginning of what was read."""

    message: str
    hint: str
    is_at_opening: bool = False
    code: Code = Code.YAML_SYNTAX


class _Place:
    """Where the parser stumbled, and what it was in the middle of."""

    def __init__(self, lines: list[str], error: MarkedYAMLError | None) -> None:
        self.lines = lines
        self.context = error.context if error else None
        self.problem = (error.problem if error else None) or "not readable as YAML"
        self._mark = error.problem_mark if error else None
        self._opening_mark = error.context_mark if error else None

    @property
    def stumbled(self) -> Span:
        """The character that the parser stumbled over; behind the last one at the file's end."""
        if not self._mark:
            return Span(1, 1, 1, 2)
        line, column = self._mark.line + 1, self._mark.column + 1
        if self.is_at_end:
            line = max(1, len(self.lines) - (not self.lines[-1]))
            column = len(self.lines[line - 1]) + 1
        return Span(line, column, line, column + 1)

    @property
    def opening(self) -> Span | None:
        """The character at which what was being read begins."""
        mark = self._opening_mark
        return mark and Span(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)

    @property
    def is_at_end(self) -> bool:
        """Whether the file ended where more was needed."""
        last = len(self.lines)
        line = self._mark.line + 1 if self._mark else 1
        return line > last or (line == last > 1 and not self.lines[-1])

    @property
    def character(self) -> str:
        """The character that the parser stumbled over; empty at a line's end."""
        line, column, *_ = self.stumbled
        return self.lines[line - 1][column - 1 : column]

    @property
    def begins_line(self) -> bool:
        """Whether nothing but space stands in front, in its line."""
        line, column, *_ = self.stumbled
        return not self.lines[line - 1][: column - 1].strip(" \t")

    @property
    def is_within_value(self) -> bool:
        """Whether a key stands in front, in its line: `{key: a:b}`, and not `{key:b}`."""
        line, column, *_ = self.stumbled
        item = re.split(r"[{\[,]", self.lines[line - 1][: column - 1])[-1]
        return ": " in item


def _shown(place: _Place) -> _Draft:
    if "did not find expected ',' or" in place.problem and place.opening:
        return _unclosed(place, place.opening)
    if place.problem == _COLON and place.is_within_value:
        return _Draft("within braces, a value with a `:` in it needs quotes", "quote the value")
    stated = _by_character(place) or _BY_PROBLEM.get(place.problem)
    words = f"{place.context}: {place.problem}" if place.context else place.problem
    return stated or _Draft(words, "mend the YAML first")


def _by_character(place: _Place) -> _Draft | None:
    """Tell what the character itself explains."""
    if place.character == "\t" and (place.begins_line or place.problem == _NO_TOKEN):
        return _TAB
    character = f"`{shown(place.character)}`"
    if place.problem == _NO_TOKEN:
        return _Draft(f"a value cannot begin with {character}", "quote the value")
    match place.problem:
        case "did not find expected node content" if not place.character:
            return _Draft("a value is missing here", "write one, or close what is open")
        case "did not find expected node content":
            return _Draft(f"{character} stands where a value belongs", "quote it, or remove it")
        case "did not find expected key" if not place.begins_line:
            return _Draft("text follows a value that has ended", "quote it all, or remove the rest")
        case _:
            return None


def _unclosed(place: _Place, opening: Span) -> _Draft:
    opener = place.lines[opening.line - 1][opening.column - 1 : opening.column]
    closer = "]" if opener == "[" else "}"
    if place.is_at_end:
        return _Draft(f"this `{opener}` is never closed", f"close it with `{closer}`", True)
    where = f"line {opening.line}, column {opening.column}"
    hint = f"close the `{opener}` of {where}, or separate what is in it by `,`"
    return _Draft(f"a `,` or `{closer}` is missing before this", hint)


_NO_TOKEN = "found character that cannot start any token"  # noqa: S105 - the parser's words
_COLON = "found unexpected ':'"
_TAB = _Draft(
    "a tab stands where YAML wants spaces", "indent with spaces", code=Code.TAB_INDENTATION
)
_INDENTATION = "keys of one mapping, and items of one list, begin in the same column"
_CLOSE_QUOTE = "close it with the same quote; within quotes of one kind use the other"
_BY_PROBLEM: Mapping[Any, _Draft] = {
    "found unexpected end of stream": _Draft("this quote is never closed", _CLOSE_QUOTE, True),
    "found unexpected document indicator": _Draft("this quote is never closed", _CLOSE_QUOTE, True),
    "did not find expected key": _Draft("this line fits nothing above it", _INDENTATION),
    "did not find expected '-' indicator": _Draft("this line is no item of the list", _INDENTATION),
    "could not find expected ':'": _Draft(
        "this line is neither a key with a value nor the rest of one",
        "write `key: value`; the rest of a longer value is indented more than its key",
        True,
    ),
    "mapping values are not allowed in this context": _Draft(
        "a `:` stands where no key can end",
        "quote the value if the `:` is part of it; else check how the line is indented",
    ),
    "block sequence entries are not allowed in this context": _Draft(
        "a list cannot begin here", "begin it on a line of its own, or write it as [a, b]"
    ),
    "did not find expected <document start>": _Draft(
        "this line fits nothing above it", "documents of one file are separated by a line of `---`"
    ),
    "found unknown escape character": _Draft(
        "double quotes know no such escape", r"write `\\` for a backslash, or use single quotes"
    ),
    "did not find expected comment or line break": _Draft(
        "text follows a `|` or `>` on its line", "begin the text on the next line"
    ),
    _COLON: _Draft(
        "a `:` has no space behind it",
        "write `key: value`; or quote the value, if the `:` is part of it",
    ),
}
