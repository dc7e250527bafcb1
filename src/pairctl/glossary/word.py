"""Words: whatever an operator may read in a finding or a status, and look up."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from pairctl.glossary.reason import Reason
from pairctl.glossary.reasons import REASONS
from pairctl.pairing import ConditionType, Phase, RolloutPhase
from pairctl.spec import Code

_MOST_SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Word:
    """All that a word stands for: at least one of the five, and sometimes several."""

    text: str
    code: Code | None = None
    phase: Phase | None = None
    rollout_phase: RolloutPhase | None = None
    condition: ConditionType | None = None
    reason: Reason | None = None


_CODES = {str(code): code for code in Code}
_PHASES = {str(phase): phase for phase in Phase}
_ROLLOUT_PHASES = {str(phase): phase for phase in RolloutPhase}
_CONDITIONS = {str(kind): kind for kind in ConditionType}

WORDS: Mapping[str, Word] = {
    text.casefold(): Word(
        text,
        _CODES.get(text),
        _PHASES.get(text),
        _ROLLOUT_PHASES.get(text),
        _CONDITIONS.get(text),
        REASONS.get(text),
    )
    for text in sorted({*_CODES, *_PHASES, *_ROLLOUT_PHASES, *_CONDITIONS, *REASONS})
}
"""All words, by how they are looked up: in any case."""


def look_up(text: str) -> Word | None:
    """Return the word, however it is written; None where there is none."""
    return WORDS.get(text.casefold())


def near_words(text: str) -> tuple[str, ...]:
    """Return the words that are most like a text, the likeliest first."""
    found = get_close_matches(text.casefold(), WORDS, n=_MOST_SUGGESTED, cutoff=0.7)
    return tuple(WORDS[key].text for key in found)


def words_beginning(text: str) -> tuple[str, ...]:
    """Return all words that begin with a text, in any case, sorted: what a shell may complete."""
    beginning = text.casefold()
    return tuple(word.text for key, word in WORDS.items() if key.startswith(beginning))
