"""The block form is a part of YAML: what is read line by line is what the parser reads."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from effort import calls
from pairctl.records.block_form import MOST_LEVELS, MOST_LINES, read_block, write_block
from pairctl.records.yaml_text import emitted_yaml, parse_any_yaml, parse_yaml, render_yaml

WORDS = st.sampled_from([
    "a", "name", "on", "no", "null", "true", "1", "1.20", "0x1", "1e5", "12:30", "2026-01-02",
    "2026-01-02T03:04:05Z", "it's", "a: b", "a:b", "a #b", "a#b", "- a", "-a", "?", "", " ", "a ",
    "[]", "{}", "[a]", "{a: b}", "'a'", '"a"', "https://10.0.0.1:5080", "sha256:0f", "a:", "|", ">",
    "a\nb", "\u00e9", "\u2028", "\ufeff", "&a", "*a", "!a", "%a", "---", "...", "<<", "\t", "~",
])  # fmt: skip
SCALARS = WORDS | st.text(max_size=12) | st.integers() | st.booleans() | st.none() | st.floats()
DATA = st.recursive(
    SCALARS,
    lambda d: st.lists(d, max_size=4) | st.dictionaries(WORDS, d, max_size=4),
    max_leaves=16,
)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["", "  ", "    ", " ", "- ", "  - ", "    - ", "- - ", "-   "]),
        st.sampled_from(["", "a:", "b:", "a: ", "'a': ", "on: ", "? a", "1: ", "a.b/c-d: "]),
        WORDS.map(str) | st.sampled_from(["'a", "a'", "''", "'it''s'", "'a' b", "[", "]", "a\\"]),
    ).map("".join),
    max_size=8,
)
STATUS = {
    "metadata": {"name": "store-1"},
    "status": {
        "message": 'it\'s: "odd" #here',
        "empty": [],
        "none": {},
        "conditions": [{"type": "Valid", "status": "True", "of": {"number": 1}}, {"type": "Ready"}],
        "names": ["a", "1.31.0", "0633e12"],
        "count": 1.5,
    },
}


def agrees(content: bytes) -> bool:
    """Whether a file is left to the parser, or read as the parser reads it."""
    found = read_block(content)
    return found is None or repr(found) == repr(parse_any_yaml(content))


@given(st.dictionaries(WORDS, DATA, max_size=5))
def test_what_is_rendered_is_read_as_the_parser_reads_it(data: dict[str, Any]) -> None:
    """Whatever stands in a document, the two readers agree on it, or one leaves it to the other."""
    assert agrees(render_yaml(data))


PARTS = st.sampled_from([
    "a", "b1", "it's", ":", ": ", "#", " #", " ", "  ", "-", "- ", "?", "[", "]", "{", "}", ",",
    "&", "*", "!", "|", ">", "'", '"', "%", "@", "`", "/", "0", "1", ".", "e", "T", "Z", "~", "=",
    "2026-01-02", "---", "...", "true", "null", "<<", "\u00e9", "\n", "\t", "\\", "y", "No", "+",
    "_", "0x", "x" * 90,
])  # fmt: skip
TEXTS = st.lists(PARTS, max_size=6).map("".join) | st.text(max_size=12)


@given(st.dictionaries(TEXTS, DATA | TEXTS | st.lists(TEXTS, max_size=3), max_size=6))
@example({"a": "x " * 2_100})
@example({"a" * 200: "b"})
@example({"a": [[]], "b": [{}], "c": {}, "d": ()})
@example({"a": (twice := ["b"]), "c": twice})
@example({"a": [["b"]], "c": [{"d": ["e"]}, {"f": {"g": "h"}}]})
@example({"a": 1.0, "b": None, "c": True, "d": -7})
@example({})
def test_what_is_written_is_what_the_emitter_writes(data: dict[str, Any]) -> None:
    """Byte by byte, or it is left to the emitter."""
    assert write_block(data) in (None, emitted_yaml(data))


def test_a_status_is_written_without_the_emitter() -> None:
    """What changes in a fleet costs little to write down."""
    status = {
        "metadata": {"name": "store-1"},
        "message": 'it\'s: "odd" #here',
        "conditions": [{"type": "Valid", "of": {"number": 1}, "empty": []}, {"type": "Ready"}],
        "texts": ["2026-01-02T03:04:05Z", "1.31", "", "null", "a: b", "- c", "sha256:0f"],
    }
    assert write_block(status) == emitted_yaml(status)
    assert 10 * calls(lambda: write_block(status)) < calls(lambda: emitted_yaml(status))


@given(LINES)
@example(["a:", "- b", "c: d"])
@example(["a:", "  - b"])
@example(["a: b", "  c"])
@example(["a:", "- b: c", "  d: e", "f:", "  g: h"])
@example(["a: b", "a: c"])
@example(["a: b #c"])
@example(["a:"])
@example(["a:", "b: c"])
@example(["- a"])
@example(["a:", "- b: c", "    d: e"])
@example(["a: 'b", "  c'"])
def test_lines_in_any_order_are_read_as_the_parser_reads_them(lines: list[str]) -> None:
    """What is written by others, or by hand, is not read as something else than it is."""
    assert agrees("\n".join([*lines, ""]).encode())
    assert agrees("\n".join(lines).encode())


@given(st.binary(max_size=40))
def test_bytes_are_read_as_the_parser_reads_them(content: bytes) -> None:
    """Whatever the bytes: they are left to the parser where they are not in the form."""
    assert agrees(content)
    assert agrees(b"a: " + content + b"\n")


def test_a_status_is_read_without_the_parser() -> None:
    """What pairctl writes is in the form: a settled fleet is not parsed as YAML."""
    content = render_yaml(STATUS)
    assert read_block(content) == STATUS
    assert 3 * calls(lambda: parse_yaml(content)) < calls(lambda: parse_any_yaml(content))


@pytest.mark.parametrize(
    "text",
    [
        "a: b\n" * 2,
        "".join(f"k{n}: v\n" for n in range(MOST_LINES + 1)),
        "".join(f"{'  ' * n}a:\n" for n in range(MOST_LEVELS + 2)),
        f"a: {'b' * 3000}\n",
        "a: b",
        "# a comment\na: b\n",
    ],
)
def test_what_is_not_in_the_form_is_left_to_the_parser(text: str) -> None:
    """The parser has its own limits and findings: what crosses the form's is its to judge."""
    assert read_block(text.encode()) is None


def test_two_readings_share_no_list() -> None:
    """A line is read once for many files: what is made of it is each file's own."""
    first, second = read_block(b"a: []\nb: {}\n"), read_block(b"a: []\nb: {}\n")
    assert first == second == {"a": [], "b": {}}
    assert first is not None
    assert second is not None
    assert first["a"] is not second["a"]


def test_keys_are_renamed_on_every_level() -> None:
    """What is renamed while it is read is what it would be after; what collides is left out."""
    content = b"a:\n- bB: c\n  d: []\n"
    assert read_block(content, str.upper) == {"A": [{"BB": "c", "D": []}]}
    assert read_block(b"a: b\nA: c\n", str.upper) is None
