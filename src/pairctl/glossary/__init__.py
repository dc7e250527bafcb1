"""What words mean: the codes of findings, and the phases, conditions and reasons of statuses.

A room of words: it decides nothing, and nothing that decides knows it.
"""

from pairctl.glossary.conditions import CONDITIONS, ConditionMeaning
from pairctl.glossary.lesson import Block, Lesson, Side, lesson_of, parse_lesson
from pairctl.glossary.phases import PHASES, ROLLOUT_PHASES, PhaseMeaning
from pairctl.glossary.reason import Group, Reason
from pairctl.glossary.reasons import GROUPS, REASONS
from pairctl.glossary.word import WORDS, Word, look_up, near_words, words_beginning

__all__ = [
    "CONDITIONS",
    "GROUPS",
    "PHASES",
    "REASONS",
    "ROLLOUT_PHASES",
    "WORDS",
    "Block",
    "ConditionMeaning",
    "Group",
    "Lesson",
    "PhaseMeaning",
    "Reason",
    "Side",
    "Word",
    "lesson_of",
    "look_up",
    "near_words",
    "parse_lesson",
    "words_beginning",
]
