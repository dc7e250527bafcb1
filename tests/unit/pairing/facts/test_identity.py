"""Identities: compared in one form, and naming files that no two of them share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.pairing import canonical_uid, file_stem, is_same_uid

UIDS = st.from_regex(r"\A[0-9A-Za-z][0-9A-Za-z._-]{0,127}\Z")
WINDOWS = ("con", "prn", "aux", "nul", "com1", "lpt9")


@given(UIDS, UIDS)
def test_two_identities_share_no_file(one: str, other: str) -> None:
    """On a file system that folds letters, drops dots at an end, or keeps names to itself."""
    if not is_same_uid(one, other):
        assert file_stem(one).casefold().rstrip(". ") != file_stem(other).casefold().rstrip(". ")


@given(UIDS)
def test_one_identity_has_one_file_however_it_is_spelt(uid: str) -> None:
    """The case of letters says nothing."""
    assert file_stem(uid) == file_stem(uid.upper()) == file_stem(canonical_uid(uid))
    assert is_same_uid(uid, uid.swapcase())


@given(UIDS)
def test_a_file_is_named_by_plain_characters(uid: str) -> None:
    """Whatever the identity holds."""
    stem = file_stem(uid)
    assert stem == stem.casefold()
    assert stem.replace("-", "").isalnum()
    assert stem not in WINDOWS


@pytest.mark.parametrize("uid", [*WINDOWS, "a.", "a..b", "x-0123", "CON", "a_b"])
def test_what_is_not_plain_is_named_by_a_hash(uid: str) -> None:
    """Names that some file system reads in its own way, and those that look like such a hash."""
    assert file_stem(uid).startswith("x-")
    assert len(file_stem(uid)) == 42


def test_nothing_is_the_same_as_nothing() -> None:
    """Two things without a uid are not one thing."""
    assert not is_same_uid("", "")
