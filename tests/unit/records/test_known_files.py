"""What is the same is parsed and rendered once; what differs is done again."""

from pairctl.records import KnownFiles
from pairctl.records.yaml_text import parse_yaml, render_yaml


def test_the_same_bytes_are_parsed_once() -> None:
    """By path: another path, or other bytes at the path, are parsed anew."""
    known, parsed = KnownFiles(), []

    def parse(body: bytes) -> str:
        parsed.append(body)
        return body.decode()

    for path, body in [("a", b"1"), ("a", b"1"), ("b", b"1"), ("a", b"2"), ("a", b"1")]:
        assert known.parsed(path, body, parse) == body.decode()
    assert parsed == [b"1", b"1", b"2", b"1"]


def test_what_is_gone_is_forgotten() -> None:
    """A run that goes on for months keeps what is on the branch, and no more."""
    known, parsed = KnownFiles(), []
    known.parsed("a", b"1", parsed.append)
    first = known.rendered("observed", {"one": 1})
    known.forget_but(["b"])
    known.parsed("a", b"1", parsed.append)
    assert parsed == [b"1", b"1"]
    again = known.rendered("observed", {"one": 1})
    assert again == render_yaml({"one": 1})
    assert again is not first


def test_the_same_document_is_the_same_bytes() -> None:
    """They are those of rendering it, and of the first time where only the time differs."""
    known = KnownFiles()
    first = known.rendered("a", {"at": "today", "one": "x"}, {"one": "x"})
    assert parse_yaml(first) == {"at": "today", "one": "x"}
    assert known.rendered("a", {"at": "tomorrow", "one": "x"}, {"one": "x"}) is first
    later = known.rendered("a", {"at": "tomorrow", "one": "y"}, {"one": "y"})
    assert parse_yaml(later) == {"at": "tomorrow", "one": "y"}
