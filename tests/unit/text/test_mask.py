"""Secrets that are known by their place or shape."""

import pytest

from effort import calls
from pairctl.text import HIDDEN, MASK, without_credentials, without_users


def test_a_jwt_is_known_by_its_shape() -> None:
    """Whoever made it: no text needs to show one."""
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl-_x"
    assert without_credentials(f"token {token}, expired") == f"token {MASK}, expired"


def test_a_user_is_replaced_by_the_mask_that_is_asked_for() -> None:
    """Findings have a word of their own for it, and once is enough."""
    shown = without_users("https://a:b@c/d //e@f", HIDDEN)
    assert shown == "https://(hidden)@c/d //(hidden)@f"
    assert without_credentials(shown) == shown
    assert without_credentials("https://*******@c/d") == "https://*******@c/d"


@pytest.mark.parametrize("piece", ["//", "//a", "?a=", "eyJ", "eyJaaaaa.", "a@//", "&a", "x=//@ "])
def test_the_work_grows_with_the_text_only(piece: str) -> None:
    """Twice the text is twice the work, whatever it repeats."""
    once, twice = (calls(lambda n=n: without_credentials(piece * n)) for n in (2_000, 4_000))
    assert twice <= 2 * once + 20
