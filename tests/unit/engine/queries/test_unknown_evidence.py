"""Whoever asks for evidence that is not there is told what there is, and how much of it."""

from dataclasses import replace

from evidence_factory import SEEN
from pairctl.engine.queries import evidence


def test_what_is_left_out_of_the_names_is_counted() -> None:
    """In the order in which people count; some names alone would look like all of them."""
    known = [replace(SEEN, intent=f"store-{number}") for number in (2, 10, 1, 3)]
    hint = evidence._unknown("berlin", known, ()).hint
    assert hint == "there is evidence of: store-1 to store-3, store-10"
    odd = [replace(SEEN, intent=f"store-{2 * number}") for number in range(100)]
    assert evidence._unknown("berlin", odd, ()).hint.endswith(" more")
    assert evidence._unknown("berlin", (), ()).hint == "there is evidence of: none yet"
