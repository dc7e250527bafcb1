"""What words mean: the codes of findings.

A room of words: it decides nothing, and nothing that decides knows it.
"""

from pairctl.glossary.lesson import Block, Lesson, Side, lesson_of, parse_lesson

__all__ = ["Block", "Lesson", "Side", "lesson_of", "parse_lesson"]
