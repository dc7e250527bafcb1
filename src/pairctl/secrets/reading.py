"""A text as others may have written it down: every usual encoding undone, and what stood where.

Nobody can list all spellings of a value: each of its signs may be escaped or not, in several
notations, and one notation may be inside another. So it is the text that is read in every way, and
a secret is looked for in each of its readings. Pure.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from pairctl.text import ESCAPE_CODE
from pairctl.text.printable import UNSEEN_IN_CLASS

MOST_ROUNDS = 4
"""How many encodings inside one another are undone."""

_PERCENT = re.compile(r"%(?:u[0-9a-fA-F]{4}|[0-9a-fA-F]{2})")
_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});?")
_BACKSLASH = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # two halves of a character
    r"|\\u\{[0-9a-fA-F]{1,6}\}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\x[0-9a-fA-F]{2}|\\[0-7]{3}"
    r"|\\[\s\S]"
)
_UTF8 = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_SPACE = re.compile(rf"[\s{UNSEEN_IN_CLASS}]+")
_QUOTES = re.compile(r"[\"'`\\]+")

_UNSEEN_ESCAPES = frozenset("abefnrtv0NLP_\n\r")  # of JSON, YAML, Python and shells
_LAST_POINT = 0x10FFFF


class Step(NamedTuple):
    """What is undone: each match of the pattern stands for what `undo` returns of it."""

    pattern: re.Pattern[str]
    undo: Callable[[re.Match[str]], str]


class Spelling(NamedTuple):
    """One reading of a text, folded in case, and the steps that led to it."""

    text: str
    steps: tuple[Step, ...]

    @property
    def is_bare(self) -> bool:
        """Whether quotes and backslashes were left out."""
        return self.steps[-1] is WITHOUT_QUOTES


def _percent(found: re.Match[str]) -> str:
    return chr(int(found.group().lstrip("%u"), 16))


def _entity(found: re.Match[str]) -> str:
    import html  # noqa: PLC0415 - its table of all entities is large, and hardly ever needed

    return html.unescape(found.group())


def _backslash(found: re.Match[str]) -> str:
    code = found.group()
    if len(code) == 2:  # noqa: PLR2004 - the backslash and one sign
        return "" if code[1] in _UNSEEN_ESCAPES else code[1]
    if len(code) == 12:  # noqa: PLR2004 - two halves
        high, low = int(code[2:6], 16), int(code[8:], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    digits = code.lstrip("\\uUx").strip("{}")
    point = int(digits, 16 if code[1] in "uUx" else 8)
    return chr(point) if point <= _LAST_POINT else code


_NOTATIONS = {
    "%": (_PERCENT, _percent),
    "&": (_ENTITY, _entity),
    "\\": (_BACKSLASH, _backslash),
}


def _any(found: re.Match[str]) -> str:
    return _NOTATIONS[found.group()[0]][1](found)


def _steps() -> Iterator[tuple[str, Step]]:
    """Yield what undoes each set of notations, by their marks."""
    for size in range(1, len(_NOTATIONS) + 1):
        for marks in combinations(_NOTATIONS, size):
            patterns = "|".join(_NOTATIONS[mark][0].pattern for mark in marks)
            yield "".join(marks), Step(re.compile(patterns), _any)


def _utf8(found: re.Match[str]) -> str:
    try:
        return found.group().encode("latin-1").decode()
    except UnicodeDecodeError:
        return found.group()


def _nothing(_: re.Match[str]) -> str:
    return ""


DECODERS = tuple(_steps())
UTF8 = Step(_UTF8, _utf8)
WITHOUT_CODES = Step(ESCAPE_CODE, _nothing)
WITHOUT_SPACE = Step(_SPACE, _nothing)
WITHOUT_QUOTES = Step(_QUOTES, _nothing)


def visible(text: str) -> str:
    """Return the text without spaces, line breaks, and all that cannot be seen."""
    if text.isascii() and text.isprintable():
        return text.replace(" ", "")  # most texts: in one quick step
    return _SPACE.sub("", text)


def spellings(text: str) -> Iterator[Spelling]:
    """Yield all readings of a text, the plainest first, each once."""
    seen: set[str] = set()
    for steps, decoded in _decodings(text):
        for more, plain in _plain(decoded):
            folded = _folded(plain)
            if folded not in seen:
                seen.add(folded)
                yield Spelling(folded, (*steps, *more))


def _decodings(text: str) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Yield a text as it is, and with each set of notations undone, round by round.

    Each set, not all at once: what stands beside a value, and is of another notation than it is
    written in, must not become one sign with its first or last.
    """
    yield (), text
    seen = {text}
    for marks, step in DECODERS:
        if not any(mark in text for mark in marks):
            continue
        decoded = text
        for rounds in range(1, MOST_ROUNDS + 1):
            before, decoded = decoded, step.pattern.sub(step.undo, decoded)
            if decoded == before:
                break
            if decoded not in seen:
                seen.add(decoded)
                yield (step,) * rounds, decoded


def _plain(text: str) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Yield a text without what may stand between the signs of a value, in each combination."""
    starts: list[tuple[tuple[Step, ...], str]] = [((), text)]
    if not text.isascii() and _UTF8.search(text):
        starts.append(((UTF8,), UTF8.pattern.sub(UTF8.undo, text)))
    if "\x1b" in text:
        starts += [
            ((*steps, WITHOUT_CODES), WITHOUT_CODES.pattern.sub("", one)) for steps, one in starts
        ]
    for steps, one in starts:
        solid = visible(one)
        yield (*steps, WITHOUT_SPACE), solid
        bare = _QUOTES.sub("", solid)
        if bare != solid:
            yield (*steps, WITHOUT_SPACE, WITHOUT_QUOTES), bare


def _folded(text: str) -> str:
    """Return the text without regard to case, and as long as it was."""
    folded = text.casefold()
    if len(folded) == len(text):
        return folded
    return "".join(one if len(one := char.casefold()) == 1 else char for char in text)


# ── who stood where ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Reading:
    """A text after some steps. Its pieces begin at `starts`, and stood at `sources` in `parent`.

    A source is where a piece began and ended, and whether it was copied sign by sign.
    """

    text: str
    parent: "Reading | None" = None
    starts: list[int] = field(default_factory=list)
    sources: list[tuple[int, int, bool]] = field(default_factory=list)

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Return where the signs from `start` to before `stop` stood in the first text."""
        if self.parent is None:
            return start, stop
        return self.parent.span(self._source(start)[0], self._source(stop - 1)[1])

    def _source(self, position: int) -> tuple[int, int]:
        """Return from where to where the parent's signs are that one sign stands for."""
        piece = bisect_right(self.starts, position) - 1
        first, end, is_copy = self.sources[piece]
        if not is_copy:
            return first, end
        at = first + position - self.starts[piece]
        return at, at + 1


def read(text: str, steps: tuple[Step, ...]) -> Reading:
    """Return a text after these steps, with what stood where."""
    reading = Reading(text)
    for step in steps:
        reading = _after(reading, step)
    return reading


def _after(reading: Reading, step: Step) -> Reading:
    pieces: list[str] = []
    starts: list[int] = []
    sources: list[tuple[int, int, bool]] = []
    length = end = 0

    def add(piece: str, first: int, last: int, *, is_copy: bool) -> None:
        nonlocal length
        if piece:
            pieces.append(piece)
            starts.append(length)
            sources.append((first, last, is_copy))
            length += len(piece)

    for found in step.pattern.finditer(reading.text):
        add(reading.text[end : found.start()], end, found.start(), is_copy=True)
        add(step.undo(found), found.start(), found.end(), is_copy=False)
        end = found.end()
    add(reading.text[end:], end, len(reading.text), is_copy=True)
    return Reading("".join(pieces), reading, starts, sources)
