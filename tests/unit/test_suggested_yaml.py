"""YAML that messages and hints suggest: pairctl reads it, and the text says where it belongs."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pairctl
from pairctl.spec.decoding import unfit_characters
from pairctl.spec.nodes import ListNode, MapNode, Node, Scalar
from pairctl.spec.parsing import parse
from pairctl.spec.scalars import resolve
from pairctl.spec.wording import snippet

SOURCE = Path(pairctl.__file__).parent
QUOTED = re.compile(r"`([^`\n]+)`")
FIELD = re.compile(r"\{?[A-Za-z][\w-]*: \S")
ASKED = re.compile(r"\b(?:write|add|say|set|give)\b[^`;]{0,40}`([^`\n]+)`")
PLACES = re.compile(r"intent|operator's file|document|ProfileMatch|in its place|workflow")
BY_HAND = "\0"
"""Stands for what is put into a text when it is shown."""
MADE = "`made: by snippet`"
NOT_OURS = {"key: value", "name: value", "{key: a:b}", "{key:b}"}
"""What a hint shows of YAML as such: no field of any document."""


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Give every text of the source that is no docstring, and of the glossary, with its place."""
    return (*texts_of_code(), *glossary())


def texts_of_code() -> Iterator[tuple[str, str]]:
    """Give the texts of the code."""
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text())
        left_out = docstrings(tree) | parts_of_texts(tree)
        for node in ast.walk(tree):
            if id(node) not in left_out and (text := text_of(node)):
                yield f"{path.relative_to(SOURCE)}:{getattr(node, 'lineno', 0)}", text


def glossary() -> Iterator[tuple[str, str]]:
    """Give the lines of the lessons."""
    for path in sorted(SOURCE.rglob("*.md")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            yield f"{path.relative_to(SOURCE)}:{number}", line


def parts_of_texts(tree: ast.Module) -> set[int]:
    """Give the parts of texts that are put together: they count as a whole."""
    joined = (node.values for node in ast.walk(tree) if isinstance(node, ast.JoinedStr))
    return {id(part) for parts in joined for part in parts}


def docstrings(tree: ast.Module) -> set[int]:
    """Give the texts that stand alone: they document, and are shown to nobody."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def text_of(node: ast.AST) -> str:
    """Give a text as the source has it; empty for anything else."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(map(piece, values))
    return ""


def piece(node: ast.expr) -> str:
    """Give a part of a text: what is put in by a call of `snippet`, or by hand."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=ast.Call(func=ast.Name(id=name))):
            return MADE if name in {"snippet", "named_request"} else BY_HAND
    return BY_HAND


def suggestions() -> list[tuple[str, str]]:
    """Give all that looks like fields of a document in a text, with its place."""
    return [
        (where, found)
        for where, text in texts()
        for found in QUOTED.findall(text)
        if FIELD.match(found) and found not in NOT_OURS
    ]


def refusals(text: str) -> list[str]:
    """Give why pairctl's own loader refuses a text."""
    parsed = parse("suggested", text)
    findings = (*parsed.findings, *(one for tree in parsed.trees for one in tree.findings))
    return [one.message for one in findings if one.refuses]


def value(node: Node) -> object:
    """Give what the loader has read: texts as they were written."""
    match node:
        case MapNode():
            return {entry.key.text: value(entry.value) for entry in node.entries}
        case ListNode():
            return [value(item) for item in node.items]
        case Scalar():
            return resolve(node.text) if node.is_plain else node.text


def test_what_is_suggested_is_collected() -> None:
    """Texts put together when they are shown, too, and those of the glossary."""
    found = {text for _, text in suggestions()}
    assert {"made: by snippet", "acceptance: Console", "suspended: true"} <= found
    assert "acknowledge: {centralManagementOnly: CLUSTER}" in found


def test_the_loader_reads_all_that_messages_hints_and_glossary_suggest() -> None:
    """Braces and brackets with texts from outside in them are written by `snippet` alone."""
    refused = [
        (where, text, why)
        for where, text in suggestions()
        for why in (
            ["a text is put between brackets by hand"]
            if BY_HAND in text and re.search(r"[\[{]", text)
            else refusals(text.replace(BY_HAND, "1"))
        )
    ]
    assert refused == []


def test_what_a_text_asks_to_write_says_where() -> None:
    """The intent, the Palette document, the operator's file: the text names it."""
    nowhere = [
        (where, text)
        for where, text in texts()
        if any(FIELD.match(asked) and asked not in NOT_OURS for asked in ASKED.findall(text))
        and not PLACES.search(text)
    ]
    assert nowhere == []


@pytest.mark.parametrize(
    "text", ["sha256:9b1f", "127.0.0.1:7443", "[::1]:7443", "0042", "yes", "null", 'a"b', "a, b}"]
)
def test_a_snippet_is_read_back_as_it_is_meant(text: str) -> None:
    """In braces and in brackets, as a value and as a key."""
    for fields in ({"a": {"b": text}}, {"a": [text, text]}, {"a": text}):
        assert read(snippet(fields)) == fields


@given(st.text(st.characters().filter(lambda one: not unfit_characters(one)), min_size=1))
def test_any_text_can_be_suggested(text: str) -> None:
    """Whatever a server calls itself, of the characters that may stand in a document."""
    fields = {"cluster": {"uid": text, "tags": [text]}}
    assert read(snippet(fields)) == fields


def read(shown: str) -> object:
    """Read a snippet as the loader does."""
    text = shown.removeprefix("`").removesuffix("`")
    assert refusals(text) == []
    (tree,) = parse("suggested", text).trees
    return value(tree.root)
