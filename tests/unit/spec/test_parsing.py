import pytest

from effort import calls
from pairctl.spec import Code
from pairctl.spec.nodes import MapNode, Scalar, locate
from pairctl.spec.parsing import MAX_DEPTH, MAX_DOCUMENTS, MAX_NODES, MAX_SCALAR_LENGTH, parse


def found(text: str) -> list[tuple[int, int, Code]]:
    """Return line, column and code of each finding, the documents' included."""
    parsed = parse("a.yaml", text)
    every = [*parsed.findings, *(one for tree in parsed.trees for one in tree.findings)]
    return [(one.line, one.column, one.code) for one in every]


def test_scalars_keep_their_text_and_their_place() -> None:
    """Text is as written, positions are 1-based and count characters."""
    (tree,) = parse("a.yaml", "é: 1.10\nb:\n  - 'x'\n").trees
    first, second = locate(tree.root, ("é",)).value, locate(tree.root, ("b", 0)).value
    assert first == Scalar("1.10", is_plain=True, span=(1, 4, 1, 8))
    assert second == Scalar("x", is_plain=False, span=(3, 5, 3, 8))


def test_a_block_ends_where_its_last_value_does() -> None:
    """Blank lines and comments after a mapping are not part of it."""
    (tree,) = parse("a.yaml", "a:\n  b: c\n\n# end\n").trees
    assert locate(tree.root, ("a",)).value.span == (2, 3, 2, 7)


def test_documents_are_kept_apart() -> None:
    """A file holds several documents; empty ones are left out."""
    trees = parse("a.yaml", "---\na: 1\n---\n# nothing\n---\nb: 2\n").trees
    assert [isinstance(tree.root, MapNode) for tree in trees] == [True, True]


@pytest.mark.parametrize(
    "text",
    ["[" * 30_000, "{a: " * 15_000, "- " * 30_000, "? " * 30_000, "[{a: " * 10_000],
)
def test_nesting_ends_at_the_limit_at_once(text: str) -> None:
    """60 kB of brackets are refused before anything is built: they cost what 6 kB of them do."""
    assert [code for _, _, code in found(text)] == [Code.TOO_DEEP]
    assert calls(lambda: found(text)) <= calls(lambda: found(text[: len(text) // 10])) + 10


def test_the_depth_limit_is_exact() -> None:
    """32 collections may stand in each other, 33 may not."""
    assert found("[" * MAX_DEPTH + "]" * MAX_DEPTH) == []
    assert found("[" * (MAX_DEPTH + 1)) == [(1, MAX_DEPTH + 1, Code.TOO_DEEP)]


def test_the_limit_of_nodes_is_exact() -> None:
    """10,000 values and keys may stand in a file, the list they stand in included."""
    items = ["a"] * (MAX_NODES - 1)
    assert found(f"[{','.join(items)}]") == []
    assert [code for *_, code in found(f"[{','.join([*items, 'a'])}]")] == [Code.TOO_MANY_NODES]


def test_the_limit_of_documents_is_exact() -> None:
    """100 documents may stand in a file."""
    assert found("--- a\n" * MAX_DOCUMENTS) == []
    too_many = (MAX_DOCUMENTS + 1, 1, Code.TOO_MANY_DOCUMENTS)
    assert found("--- a\n" * (MAX_DOCUMENTS + 1)) == [too_many]


def test_the_length_of_a_value_is_limited() -> None:
    """A value of 65,536 characters is read, a longer one refuses the file."""
    assert found("a: " + "x" * MAX_SCALAR_LENGTH) == []
    assert found("a: " + "x" * (MAX_SCALAR_LENGTH + 1)) == [(1, 4, Code.SCALAR_TOO_LONG)]


def bomb(levels: int) -> str:
    """Return merge keys that would multiply ninefold a level."""
    lines = ["a0: &a0 {x: y}"]
    lines += [
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, levels + 1)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("levels", [1, 8, 40])
def test_a_bomb_of_merge_keys_does_not_go_off(levels: int) -> None:
    """Aliases are never followed: each level costs as much as the one before."""
    told = {code for *_, code in found(bomb(levels))}
    assert told == {Code.ANCHOR_NOT_ALLOWED, Code.ALIAS_NOT_ALLOWED, Code.MERGE_KEY_NOT_ALLOWED}
    assert calls(lambda: found(bomb(levels))) <= 400 * (levels + 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x [*x]", [(1, 4, Code.ANCHOR_NOT_ALLOWED), (1, 8, Code.ALIAS_NOT_ALLOWED)]),
        ("a: !!binary eA==", [(1, 4, Code.TAG_NOT_ALLOWED)]),
        ("a: !Ref x", [(1, 4, Code.TAG_NOT_ALLOWED)]),
        ("a: !!set {x}", [(1, 4, Code.TAG_NOT_ALLOWED)]),
        ("&x", [(1, 1, Code.ANCHOR_NOT_ALLOWED)]),
        ("a: 1\nb: 2\na: 3", [(3, 1, Code.DUPLICATE_KEY)]),
        ("a: {b: 1, 'b': 2}", [(1, 11, Code.DUPLICATE_KEY)]),
        ("1: a\n1.0: b", [(1, 1, Code.KEY_NOT_TEXT), (2, 1, Code.KEY_NOT_TEXT)]),
        ("true: a", [(1, 1, Code.KEY_NOT_TEXT)]),
        ("no: a", [(1, 1, Code.KEY_NOT_TEXT)]),
        ("~: a", [(1, 1, Code.KEY_NOT_TEXT)]),
        ("[a, b]: c", [(1, 1, Code.KEY_NOT_TEXT)]),
        ("'1': a\n'no': b\n'<<': c", []),
        ('a: "x\\0y"', [(1, 4, Code.CONTROL_CHARACTER)]),
        ('a: "x\\u202ey"', [(1, 4, Code.INVISIBLE_CHARACTER)]),
    ],
)
def test_what_yaml_allows_and_pairctl_does_not(
    text: str, expected: list[tuple[int, int, Code]]
) -> None:
    """Each construct has a code of its own and the place where it stands."""
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "line", "column"), [("a:\n\t- b", 2, 1), ("a:\n  b: 1\n \tc: 1", 3, 2)]
)
def test_a_tab_that_indents_is_told_as_such(text: str, line: int, column: int) -> None:
    """No parser's words say what is wrong here: nobody sees a tab."""
    (one,) = parse("a.yaml", text).findings
    assert (one.line, one.column, one.code) == (line, column, Code.TAB_INDENTATION)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: [1", 1, 4),
        ("a: 'x", 1, 4),
        ("a: {", 1, 5),
        ("a: b: c", 1, 5),
        ("a: 1\n  b: 2", 2, 4),
        ("a: 1\n...\n}", 3, 1),
    ],
)
def test_bad_yaml_is_placed_and_refuses_the_file(text: str, line: int, column: int) -> None:
    """A syntax error has a place that exists in the file, and no document of it is kept."""
    parsed = parse("a.yaml", text)
    assert parsed.trees == ()
    assert [(one.line, one.column, one.code) for one in parsed.findings] == [
        (line, column, Code.YAML_SYNTAX)
    ]
