"""What a word means, for people and for machines: a code with its lesson, a word of a status."""

import textwrap
from collections.abc import Iterator
from typing import Any

from rich.syntax import Syntax
from rich.text import Text

from pairctl.cli.screen import Screen
from pairctl.glossary import (
    CONDITIONS,
    PHASES,
    ROLLOUT_PHASES,
    Lesson,
    PhaseMeaning,
    Reason,
    Side,
    Word,
    lesson_of,
)
from pairctl.pairing import ConditionType, Truth

PROSE_WIDTH = 100
"""How wide a paragraph is at most: longer lines are hard to read."""

_INDENT = "    "


def show_word(screen: Screen, word: Word) -> None:
    """Show all that a word stands for, one below the other."""
    if word.code:
        lesson = lesson_of(word.code)
        screen.line(f"{lesson.code}, the code of a finding ({lesson.severity})", "bold")
        screen.line(lesson.code.meaning)
        screen.line()
        _show_paragraph(screen, lesson.why)
        _show_side(screen, "Wrong", "red", lesson.wrong)
        _show_side(screen, "Right", "green", lesson.right)
    for number, (title, facts) in enumerate(_shown(word)):
        if number or word.code:
            screen.line()
        screen.line(title, "bold")
        for name, text in facts:
            if text:
                _show_paragraph(screen, f"{name}: {text}", "  ")


def word_data(word: Word) -> dict[str, Any]:
    """Return all that a word stands for as data; what it does not stand for is left out."""
    words = {
        "code": word.code and _lesson_data(lesson_of(word.code)),
        "phase": word.phase and _phase_data(PHASES[word.phase]),
        "rolloutPhase": word.rollout_phase and _phase_data(ROLLOUT_PHASES[word.rollout_phase]),
        "condition": word.condition
        and {truth.value: CONDITIONS[word.condition].when(truth) for truth in Truth},
        "reason": word.reason
        and {
            "phases": list(word.reason.phases),
            "conditions": [
                {"type": kind, "status": word.reason.truth} for kind in word.reason.conditions
            ],
            "when": word.reason.when,
            "until": word.reason.until,
            "humanAction": word.reason.action,
        },
    }
    return {"word": word.text, **{name: data for name, data in words.items() if data}}


# ── a code ───────────────────────────────────────────────────────────────────────────────────────


def _show_side(screen: Screen, title: str, style: str, side: Side) -> None:
    screen.line()
    screen.line(f"{title}:", f"bold {style}")
    for block in side.blocks:
        screen.line()
        if block.language:
            text = screen.clean(block.text)
            is_yaml = block.language == "yaml"
            shown = Syntax("", "yaml", theme="ansi_dark").highlight(text) if is_yaml else Text(text)
            shown.rstrip()  # the highlighter ends each text with a line feed
            for line in shown.split("\n"):
                screen.show(Text(_INDENT).append_text(line))
        else:
            _show_paragraph(screen, block.text)


# ── a word of a status ───────────────────────────────────────────────────────────────────────────

Facts = Iterator[tuple[str, str]]


def _shown(word: Word) -> Iterator[tuple[str, Facts]]:
    if word.phase:
        yield f"{word.text}, a phase", _facts_of_phase(PHASES[word.phase])
    if word.rollout_phase:
        meaning = ROLLOUT_PHASES[word.rollout_phase]
        yield f"{word.text}, a phase of a rollout", _facts_of_phase(meaning)
    if word.condition:
        yield f"{word.text}, a condition", _facts_of_condition(word.condition)
    if word.reason:
        phases = " or ".join(word.reason.phases)
        conditions = " or ".join(word.reason.conditions)
        words = (
            phases and f"phase {phases}",
            conditions and f"condition {conditions} {word.reason.truth}",
            "what a rollout waits for" if word.reason.of_rollouts else "",
        )
        places = "; ".join(filter(None, words))
        yield f"{word.text}, a reason: {places}", _facts_of_reason(word.reason)


def _facts_of_phase(meaning: PhaseMeaning) -> Facts:
    yield "when", meaning.when
    yield "until", meaning.until


def _facts_of_condition(kind: ConditionType) -> Facts:
    yield from ((truth, CONDITIONS[kind].when(truth)) for truth in Truth)


def _facts_of_reason(reason: Reason) -> Facts:
    yield "when", reason.when
    yield "until", reason.until
    yield "do", reason.action or "nothing"


def _show_paragraph(screen: Screen, text: str, indent: str = "") -> None:
    lines = textwrap.wrap(
        text,
        min(PROSE_WIDTH, screen.out.width),
        initial_indent=indent,
        subsequent_indent=indent * 2,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for line in lines:
        screen.line(line)


# ── data ─────────────────────────────────────────────────────────────────────────────────────────


def _phase_data(meaning: PhaseMeaning) -> dict[str, str]:
    return {"when": meaning.when, "until": meaning.until}


def _lesson_data(lesson: Lesson) -> dict[str, Any]:
    return {
        "severity": lesson.severity,
        "meaning": lesson.code.meaning,
        "why": lesson.why,
        "wrong": _side_data(lesson.wrong),
        "right": _side_data(lesson.right),
    }


def _side_data(side: Side) -> dict[str, str]:
    return {"text": side.text, "document": side.document}
