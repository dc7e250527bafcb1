"""Which full names a ref may stand for."""

import pytest

from pairctl.repo.blobs import split_batch, split_trees
from pairctl.repo.namespaces import FETCHED, HERE
from pairctl.repo.remote import parse_advertised
from pairctl.repo.tree_objects import object_id

ID = "a" * 40


@pytest.mark.parametrize(
    ("ref", "first"),
    [
        ("HEAD", "HEAD"),
        ("main", "refs/heads/main"),
        ("refs/tags/v1", "refs/tags/v1"),
        ("refs/notes/x", "refs/notes/x"),
        (ID, ID),
    ],
)
def test_a_local_ref_is_a_branch_first(ref: str, first: str) -> None:
    """In a local repository names mean what they mean to git, but a branch wins over a tag."""
    assert HERE.candidates(ref)[0] == first


def test_a_short_id_is_the_last_thing_a_name_may_be() -> None:
    """A branch that looks like an id is the branch."""
    assert HERE.candidates("abcdef1")[0] == "refs/heads/abcdef1"
    assert HERE.candidates("abcdef1")[-1] == "abcdef1"


def test_refs_of_a_url_never_reach_outside_what_was_fetched() -> None:
    """A private ref of the cache has no name from outside."""
    assert FETCHED.candidates("refs/heads/main") == (f"{FETCHED.heads}main",)
    assert FETCHED.candidates("refs/pairctl/status") == ()
    assert FETCHED.candidates("HEAD") == ()


def test_head_of_a_url_is_the_remotes_default_branch() -> None:
    """The remote says what HEAD is, and may change it."""
    text = f"ref: refs/heads/trunk\tHEAD\n{ID}\tHEAD\n{ID}\trefs/heads/trunk\n"
    advertised = parse_advertised(text)
    assert advertised.refs == {"HEAD": ID, "refs/heads/trunk": ID}
    assert FETCHED.with_head_of(advertised).candidates("HEAD") == (f"{FETCHED.heads}trunk",)


def test_a_batch_is_split_by_sizes() -> None:
    """Content that looks like a header is content."""
    evil = f"{ID} blob 3\n".encode()
    other = "b" * 40
    stream = f"{ID} blob {len(evil)}\n".encode() + evil + f"\n{other} blob 0\n\n".encode()
    assert split_batch(stream) == {ID: evil, other: b""}


def test_names_that_lead_to_no_folder_are_told_apart_in_a_batch() -> None:
    """What is not there, a file, and a submodule: newer Git says so of one that is not here."""
    empty = object_id(b"tree", b"")
    stream = f"{empty} tree 0\n\n{ID}:a missing\n{ID} submodule\n{ID} blob 1\nx\n{empty} tree 0\n\n"
    assert split_trees(stream.encode(), 5) == [b"", None, None, None, b""]
