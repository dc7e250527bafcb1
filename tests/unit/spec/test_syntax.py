"""What a parser objects to, in words for people."""

import pytest

from pairctl.spec import Code
from spec_factory import load_text


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: [1, 2", (1, 4), "this `[` is never closed"),
        ("a: {x: 1\n", (1, 4), "this `{` is never closed"),
        ("a: {b\nc: d}", (2, 2), "a `,` or `}` is missing before this"),
        ("a: {", (1, 5), "a value is missing here"),
        ("a: 'x\nb: c\n", (1, 4), "this quote is never closed"),
        ('a: "b\n---\n', (1, 4), "this quote is never closed"),
        ("a: 'it's'", (1, 8), "text follows a value that has ended"),
        ("a:\n    b: 1\n  c: 2", (3, 3), "this line fits nothing above it"),
        ("- a\nb: c", (2, 1), "this line is no item of the list"),
        ("a: 1\nb", (2, 1), "this line is neither a key with a value nor the rest of one"),
        ("a: b: c", (1, 5), "a `:` stands where no key can end"),
        ("a: - b", (1, 4), "a list cannot begin here"),
        ("a: @b", (1, 4), "a value cannot begin with `@`"),
        ("a: ]", (1, 4), "`]` stands where a value belongs"),
        ('a: "\\q"', (1, 5), "double quotes know no such escape"),
        ("a: |x\n b", (1, 5), "text follows a `|` or `>` on its line"),
        ("{a:1}", (1, 3), "a `:` has no space behind it"),
    ],
)
def test_a_syntax_error_is_told_where_a_person_would_look(
    text: str, place: tuple[int, int], message: str
) -> None:
    """What is never closed is told where it is opened; and there is always something to do."""
    (found,) = load_text(text).findings
    assert (found.code, found.line, found.column) == (Code.YAML_SYNTAX, *place)
    assert found.message == message
    assert found.hint


@pytest.mark.parametrize(
    "text",
    [
        "a: {endpoint: https://10.0.42.10:5080}",
        "a: {tls: {fingerprint: sha256:9b1f}}",
        "a: {b: 1, c: x:y}",
        "a: {b: 1,\n  c: x:y}",
    ],
)
def test_a_colon_within_a_value_in_braces_wants_quotes(text: str) -> None:
    """A space behind the `:` would cut the value in two; doing what the hint says mends it."""
    (found,) = load_text(text).findings
    assert (found.code, found.hint) == (Code.YAML_SYNTAX, "quote the value")
    key, _, value = text.rpartition(": ")
    quoted = f'{key}: "{value.rstrip("}")}"{"}" * value.count("}")}'
    assert Code.YAML_SYNTAX not in [one.code for one in load_text(quoted).findings]


@pytest.mark.parametrize("text", ["a:\n\tb: 1", "a: b\n\tc: d"])
def test_a_tab_has_a_code_of_its_own(text: str) -> None:
    """Nobody sees it, and most parsers tell of something else."""
    (found,) = load_text(text).findings
    assert (found.code, found.line, found.column) == (Code.TAB_INDENTATION, 2, 1)
    assert found.message == "a tab stands where YAML wants spaces"


def test_what_is_not_known_keeps_the_parsers_words() -> None:
    """A fault that nobody has put into words is told all the same."""
    (found,) = load_text("a: &\n").findings
    assert found.message.startswith("while scanning an anchor")
