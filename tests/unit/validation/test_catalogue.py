"""A Palette's profiles, asked about again and again: the same answers, and soon."""

import pytest

from layers_factory import INFRA, MONITORING, make_profile, make_stack
from pairctl.layers import Stack, without_kinds
from pairctl.pairing import ProfileListing, prove
from pairctl.records import ObservedPalette
from pairctl.validation.catalogue import MOST_GUESSES, Catalogue
from pairing_factory import ADD_ON, INFRA_PROFILE, make_match

OTHERS = [make_profile(f"other-{n:04}", f"addon/pack-{n} 1.0") for n in range(2000)]
DRAFT = ProfileListing("draft", None, "it is a draft")
LISTINGS = (*(ProfileListing(one.name, one) for one in (INFRA_PROFILE, ADD_ON, *OTHERS)), DRAFT)
LOCAL = make_stack(*INFRA, MONITORING)


def make_catalogue() -> Catalogue:
    """Make the catalogue of a large Palette."""
    return Catalogue(ObservedPalette(LISTINGS))


@pytest.mark.parametrize("local", [LOCAL, make_stack(*INFRA)])
@pytest.mark.parametrize(
    "changes", [{}, {"profiles": [{"name": "draft"}]}, {"profiles": None, "select": "Auto"}]
)
def test_an_answer_is_what_the_proof_itself_says(local: Stack, changes: dict[str, object]) -> None:
    """Whether profiles are named or searched for, and whatever the others are."""
    wanted = make_match(**changes)
    judged = make_catalogue().judge(local, wanted)
    assert judged.proof == prove(local, wanted, LISTINGS)
    assert len(judged.rows) >= len(local)


def test_kinds_count_only_where_all_are_said() -> None:
    """Declared layers may come without them."""
    catalogue, wanted = make_catalogue(), make_match()
    assert catalogue.judge(without_kinds(LOCAL), wanted).proof.holds
    assert not catalogue.judge(make_stack("os/ubuntu 22.04"), wanted).proof.holds


def test_a_question_is_answered_once() -> None:
    """Thousands of clusters with one stack cost one proof; another stack is another question."""
    catalogue = make_catalogue()
    first = catalogue.judge(LOCAL, make_match())
    assert catalogue.judge(make_stack(*INFRA, MONITORING), make_match()) is first
    assert catalogue.judge(make_stack(*INFRA), make_match()) is not first
    assert catalogue.judge(LOCAL, make_match(profiles=[{"name": ADD_ON.name}])) is not first


def test_profiles_that_cannot_be_used_are_told_by_their_place() -> None:
    """One that is misspelled, with the nearest name, and one that is a draft."""
    names = [{"name": INFRA_PROFILE.name}, {"name": "retail-infro"}, {"name": "draft"}]
    (wrong, misspelled), (place, draft) = make_catalogue().unusable(make_match(profiles=names))
    assert (wrong, place) == (1, 2)
    assert "nearest are retail-infra" in misspelled.hint
    assert "it is a draft" in draft.message


def test_the_nearest_of_many_wrong_names_are_not_looked_for() -> None:
    """It takes long in a large Palette, so it is done a few times in all matches together."""
    catalogue = make_catalogue()
    names = [{"name": f"other-{n:03}x"} for n in range(64)]
    told = [
        problem for _ in range(50) for _, problem in catalogue.unusable(make_match(profiles=names))
    ]
    assert len(told) == 64 * 50
    assert sum("nearest" in problem.hint for problem in told) == MOST_GUESSES
