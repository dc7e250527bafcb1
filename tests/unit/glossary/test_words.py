import pytest

from pairctl.glossary import (
    CONDITIONS,
    PHASES,
    REASONS,
    ROLLOUT_PHASES,
    WORDS,
    look_up,
    near_words,
    words_beginning,
)
from pairctl.pairing import ConditionType, Phase, RolloutPhase, Truth
from pairctl.spec import Code


def test_all_words_can_be_looked_up() -> None:
    """Every code, phase, condition and reason; no two differ only in case."""
    every = {*Code, *Phase, *RolloutPhase, *ConditionType, *REASONS}
    assert sorted(word.text for word in WORDS.values()) == sorted(every)
    assert all(look_up(text) for text in every)


@pytest.mark.parametrize("text", ["LayersDiffer", "layersdiffer", "LAYERSDIFFER", "layersDiffer"])
def test_a_word_is_found_in_any_case(text: str) -> None:
    """Who types at night does not hold the shift key."""
    found = look_up(text)
    assert found is not None
    assert (found.text, found.reason) == ("LayersDiffer", REASONS["LayersDiffer"])
    assert (found.code, found.phase, found.condition) == (None, None, None)


def test_a_word_may_stand_for_several_things() -> None:
    """What is both is found as both."""
    target, accepted = look_up("DuplicateTarget"), look_up("Accepted")
    assert target is not None
    assert accepted is not None
    assert target.code is Code.DUPLICATE_TARGET
    assert target.reason is not None
    assert (accepted.phase, accepted.condition) == (Phase.ACCEPTED, ConditionType.ACCEPTED)
    assert accepted.reason is not None


def test_what_is_no_word_is_not_found() -> None:
    """An intent's name is none, nor is an empty text."""
    assert look_up("store-0042") is None
    assert look_up("") is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [("LayerDiffers", "LayersDiffer"), ("nottxt", "NotText"), ("Pared", "Paired")],
)
def test_a_mistyped_word_leads_to_the_one_meant(text: str, meant: str) -> None:
    """Codes and words of statuses are suggested alike, the likeliest first."""
    assert near_words(text)[0] == meant


@pytest.mark.parametrize("text", ["store-0042", "berlin", "x"])
def test_what_is_like_no_word_leads_to_none(text: str) -> None:
    """Names of intents are not taken for mistyped words."""
    assert near_words(text) == ()


def test_completion_offers_the_words_that_begin_so() -> None:
    """Sorted; nothing typed offers all, and the beginning of an intent's name none."""
    assert words_beginning("Layers") == (
        "LayersChanged",
        "LayersDiffer",
        "LayersMatched",
        "LayersNotSeen",
    )
    assert len(words_beginning("")) == len(WORDS)
    assert words_beginning("layers") == words_beginning("Layers")
    assert words_beginning("store-") == ()


def test_every_phase_and_condition_is_told() -> None:
    """Each phase says when and until when; a condition that can be Unknown says when it is."""
    assert list(PHASES) == list(Phase)
    assert list(ROLLOUT_PHASES) == list(RolloutPhase)
    assert all(told.when and told.until for told in (*PHASES.values(), *ROLLOUT_PHASES.values()))
    assert list(CONDITIONS) == list(ConditionType)
    unseen = REASONS["NotObserved"].conditions
    for kind, told in CONDITIONS.items():
        assert told.when(Truth.TRUE)
        assert told.when(Truth.FALSE)
        assert bool(told.when(Truth.UNKNOWN)) == (kind in unseen)
