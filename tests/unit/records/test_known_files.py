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


def test_of_the_very_same_thing_the_same_is_made_while_the_same_secrets_are_known() -> None:
    """Of an equal one it is made anew: what is known is the object, and where it is shown."""
    known, made = KnownFiles(), []
    one, equal, before, after = ["x"], ["x"], object(), object()

    def tell(where: str, thing: object, secrets: object) -> int:
        return known.made_of(
            where, "status/a.yaml", thing, secrets, lambda: made.append(1) or len(made)
        )

    assert tell("file", one, before) == tell("file", one, before) == 1
    assert tell("row", one, before) == 2
    assert tell("file", equal, before) == 3
    assert tell("file", equal, after) == 4
    assert tell("file", equal, None) == 5
    assert tell("file", equal, None) == 6, "nobody knows whether the secrets are the same"
    known.forget_but(["status/a.yaml"])
    assert tell("row", one, before) == 2
    known.forget_but([])
    assert tell("row", one, before) == 7
