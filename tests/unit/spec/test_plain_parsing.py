"""The short way to read a file, held against the long one that has the words and the places."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import calls
from fuzzing.mutations import WORDS, changed, examples
from pairctl.spec import SourceFile, Span, events, read_file
from pairctl.spec.candidates import read_own_file
from pairctl.spec.decoding import decode
from pairctl.spec.parsing import MAX_DEPTH, MAX_DOCUMENTS, MAX_NODES, MAX_SCALAR_LENGTH, parse
from pairctl.spec.plain_parsing import plain_documents
from pairctl.spec.shape import plain
from spec_factory import approval, file_of, intent, match, palette, text_file

Documents = list[tuple[str, Span]]
PIECES = (
    *(word.decode("utf-8", "replace") for word in WORDS),
    *("a: ", "b: ", "'c': ", '"d": ', "- ", "  ", "    ", "\n", "\n  ", "\n- ", "x", "1", "{", "}"),
    *("? ", ": ", ", ", "|\n", ">-\n", "# c\n", "\n\n", "é", "😀", "0123", "1e3", "2001-01-01"),
)


def short(text: str) -> Documents | None:
    """Return what the short way makes of a text, as JSON: no NaN equals another."""
    found = plain_documents(text)
    return None if found is None else [(json.dumps(one.data), one.span) for one in found]


def long(text: str) -> Documents | None:
    """Return what the long way makes of a text of which it has nothing to say."""
    parsed = parse("a.yaml", text)
    held = [(*plain(tree.root), tree.root.span, tree.findings) for tree in parsed.trees]
    is_said = parsed.findings or not all(certain and not said for _, certain, _, said in held)
    return None if is_said else [(json.dumps(data), span) for data, _, span, _ in held]


def agree(text: str) -> None:
    """Hold both ways against each other."""
    found = short(text)
    assert found is None or found == long(text)


@settings(max_examples=300)
@given(changed(examples()))
def test_a_changed_example_is_read_alike(content: bytes) -> None:
    """Bytes of any kind, both by the parser and with all that is judged of a document."""
    file = SourceFile("a.yaml", content)
    text = decode(file).text
    if text is not None:
        agree(text)
    reading = read_file(file)
    assert reading.is_foreign or reading == read_own_file(file)


@settings(max_examples=500)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_made_up_text_is_read_alike(made_up: str) -> None:
    """Alone, as a value, in a list, in braces: as both parsers tell it."""
    for text in (made_up, f"a: {made_up}", f"a:\n  - {made_up}\nb: c", f"{{a: {made_up}}}"):
        decoded = decode(text_file(text)).text
        if decoded is not None:
            agree(decoded)


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: {c: [x, 'y', \"z\"], d: {}}\n",
        "a: |\n  one\n  two\n\n# end\n",
        "{a: b}",
        "---\na: b\n...\n---\nc: [d]\n",
        "a:\n- b\n- c: d\n  e: f\n\n",
        "é: ü\nb: 😀 \n",
        "a: 123456789012345678901234567890123456789012\nb: .nan\nc: 0x1F\nd: 1e999\n",
        '"<<": a\n"no": "12:30"\n',
        "a: R&D! *\n",
        "# nothing\n",
    ],
)
def test_usual_texts_are_read_the_short_way(text: str) -> None:
    """Data and place are those of the tree; blank lines behind it are no part of it."""
    assert short(text) == long(text)
    assert short(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        *("a\n", "[a]\n", "a:\n", "a: ~\n", "a: no\n", "a: 12:30\n", "a: 1_0\n"),
        *("a: &b c\n", "a: *b\n", "a: !!str b\n", "&a {b: c}\n", "a: &b [c]\n", "<<: {a: b}\n"),
        *("&a b: c\n", "!x b: c\n", "a: !x [b]\n", "a: !x {b: c}\n", "a: b\n---\n---\nc: d\n"),
        *(
            "a: b\na: c\n",
            "no: a\n",
            "1: a\n",
            "? [a]\n: b\n",
            "? {a: b}\n: c\n",
            "2001-01-01: a\n",
        ),
        *(
            "a: [b\n",
            "a: b: c\n",
            "\ta: b\n",
            'a: "\\u200b"\n',
            "a: b\n---\n- c\n",
            "a: b\n---\nc\n",
        ),
        f"{'k' * 65}: a\n",
    ],
)
def test_what_is_unusual_is_left_to_the_long_way(text: str) -> None:
    """What has findings, what is empty, and keys of a length that no field has."""
    assert short(text) is None


@pytest.mark.parametrize(
    ("at_limit", "beyond"),
    [(f"a: {'[' * n}{']' * n}", f"a: {'[' * (n + 1)}{']' * (n + 1)}") for n in (MAX_DEPTH - 1,)]
    + [(f"a: [{','.join('x' * n)}]", f"a: [{','.join('x' * (n + 1))}]") for n in (MAX_NODES - 3,)]
    + [("---\na: b\n" * n, "---\na: b\n" * (n + 1)) for n in (MAX_DOCUMENTS,)]
    + [(f"a: {'x' * n}", f"a: {'x' * (n + 1)}") for n in (MAX_SCALAR_LENGTH,)],
    ids=["depth", "nodes", "documents", "length"],
)
def test_limits_are_those_of_the_long_way(at_limit: str, beyond: str) -> None:
    """What it would refuse is left to it, and no less is read."""
    assert short(at_limit) == long(at_limit)
    assert short(at_limit) is not None
    assert short(beyond) is None


@pytest.mark.parametrize(
    "text", ["a: b\n", "a: {b: [c]}\n\n# d\n---\ne: |\n  f\n", "a: [", "a: *b"]
)
def test_the_parser_in_python_is_read_alike(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the one written in C is not to be had."""
    known = short(text)
    monkeypatch.setattr(events, "CParser", None)
    assert short(text) == known
    agree(text)


@pytest.mark.parametrize(
    "documents",
    [
        [intent(cluster={"name": "store-0042", "description": "R&D: a", "tags": {"a": "b"}})],
        [palette(), match(), intent(), approval(digest="sha256:" + "0a" * 32)],
        [match(variables={"a": {"secret": "one"}, "b": "two"})],
    ],
    ids=["intent", "each", "variables"],
)
def test_usual_documents_cost_much_less_than_the_long_way(
    documents: Sequence[dict[str, object]],
) -> None:
    """And are what they are there."""
    file = file_of(*documents)
    assert read_file(file) == read_own_file(file)
    assert all(one.document for one in read_file(file).candidates)
    assert calls(lambda: read_file(file)) < 0.7 * calls(lambda: read_own_file(file))
