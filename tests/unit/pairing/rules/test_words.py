"""Words and endpoints of the other sides, read in the one way that is compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.pairing import RequestState, canonical_endpoint, request_state


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("https://api.spectrocloud.com", "api.spectrocloud.com"),
        ("api.spectrocloud.com", "api.spectrocloud.com"),
        ("HTTPS://API.Spectrocloud.com:443/", "api.spectrocloud.com"),
        (" https://palette.example:8443/v1 ", "palette.example:8443"),
        ("https://[2001:db8::443]:443", "[2001:db8::443]"),
        ("http://api.spectrocloud.com/", "http://api.spectrocloud.com"),
        ("", ""),
    ],
)
def test_an_endpoint_is_compared_by_host_and_port(endpoint: str, expected: str) -> None:
    """Scheme https, its port, paths and capitals do not matter; another scheme does."""
    assert canonical_endpoint(endpoint) == expected


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Pending", RequestState.PENDING),
        ("PENDING_APPROVAL", RequestState.PENDING),
        ("in-progress", RequestState.ACCEPTED),
        ("accepted", RequestState.ACCEPTED),
        ("Paired", RequestState.PAIRED),
        ("Cancelled", RequestState.REJECTED),
        ("Failed", RequestState.FAILED),
        ("", RequestState.UNKNOWN),
        ("InReview", RequestState.UNKNOWN),
        ("not pending", RequestState.UNKNOWN),
        ("unknown", RequestState.UNKNOWN),
    ],
)
def test_known_words_are_read_and_others_stay_unknown(word: str, state: RequestState) -> None:
    """Case, spaces and dashes do not matter; a word that is not known is never guessed."""
    assert request_state(word) is state


@given(st.text(st.characters(codec="ascii"), max_size=20), st.sampled_from(["", " ", "-", "_"]))
def test_a_word_is_read_the_same_however_it_is_spelled(word: str, sign: str) -> None:
    """Palette's words are open strings: none raises, and capitals and signs never matter."""
    assert request_state(sign.join(word.upper())) is request_state(word)
