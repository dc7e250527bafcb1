"""Lessons: why a finding matters here, with a wrong document and a right one.

A code's lesson is the file `lessons/<Code>.md` beside this module, in one fixed form, and is read
only when somebody asks for it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from pairctl.spec import Code, Severity

_FORM = re.compile(
    r"# (?P<word>\w+)\n\n"
    r"Severity: (?P<severity>\w+)\.\n\n"
    r"(?P<why>.+?)\n\n"
    r"## Wrong\n\n(?P<wrong>.+?)\n\n"
    r"## Right\n\n(?P<right>.+?)\n",
    re.DOTALL,
)
_FENCE = re.compile(r"```(?P<language>\w+)\n(?P<text>.*?)\n```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or where `language` is given a block of text as it stands in a file."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a lesson, wrong or right, as Markdown."""

    text: str

    @property
    def blocks(self) -> Iterator[Block]:
        """Paragraphs and examples, in their order."""
        at = 0
        for fence in _FENCE.finditer(self.text):
            yield from _paragraphs(self.text[at : fence.start()])
            yield Block(fence["text"], fence["language"])
            at = fence.end()
        yield from _paragraphs(self.text[at:])

    @property
    def document(self) -> str:
        """The example as a file would hold it; empty where the side is told in words only."""
        return "".join(f"{block.text}\n" for block in self.blocks if block.language == "yaml")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What there is to know of a code beyond its meaning; `why` is one paragraph."""

    code: Code
    severity: Severity
    why: str
    wrong: Side
    right: Side


def lesson_of(code: Code) -> Lesson:
    """Return the lesson of a code."""
    text = files(__package__).joinpath("lessons", f"{code}.md").read_text("utf-8")
    return parse_lesson(code, text)


def parse_lesson(code: Code, text: str) -> Lesson:
    """Read a code's lesson. Raises ValueError where it has not the one form that lessons have."""
    found = _FORM.fullmatch(text)
    if found is None or found["word"] != code:
        form = f"`# {code}`, `Severity: ...`, why, `## Wrong` and `## Right`"
        raise ValueError(f"the lesson of {code} does not have the form {form}")
    return Lesson(
        code,
        Severity(found["severity"]),
        _joined(found["why"]),
        Side(found["wrong"]),
        Side(found["right"]),
    )


def _paragraphs(text: str) -> Iterator[Block]:
    return (Block(_joined(part)) for part in text.strip().split("\n\n") if part)


def _joined(text: str) -> str:
    """Return a paragraph as one line."""
    return " ".join(text.split())
