"""Values of packs: what is read of their texts, what differs, and what may be shown of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.apis.pack_values import LONGEST_TEXT, MAX_DEPTH, pack_values
from pairctl.layers import (
    Configuration,
    Form,
    Layer,
    LayerConfiguration,
    Leaf,
    configuration_difference,
)
from pairctl.pairing.proof.configuration import (
    ShownDifference,
    digest_of_difference,
    shown_difference,
)

PACK = Layer("addon", "grafana", "1.0.0")
OTHER = Layer("addon", "hello", "2.0.0")


def between(local: object, profile: object) -> ShownDifference | None:
    """Return what is shown of the difference between two texts."""
    sides = (((LayerConfiguration(PACK, pack_values(text)),)) for text in (local, profile))
    return shown_difference(configuration_difference((PACK,), *sides))


def lines(local: object, profile: object) -> list[str]:
    """Return it a line a difference, without the pack."""
    found = between(local, profile)
    return [f"{one.path}: {one.local} -> {one.brought}" for one in found.changes] if found else []


SAME = {
    "order of keys": ("a: 1\nb: 2\n", "b: 2\na: 1\n"),
    "comments and blank lines": ("a: 1\n", "# said\n\na: 1 # one\n\n"),
    "quotes of text": ("a: x\n", "a: 'x'\n"),
    "flow and block": ("a: {b: [x, y]}\n", "a:\n  b:\n    - x\n    - y\n"),
    "line ends": ("a: 1\nb: 2\n", "a: 1\r\nb: 2\r\n"),
    "forms of nothing": ("", "# only said\n"),
    "left out and empty": (None, ""),
    "null": ("a:\n", "a: ~\n"),
    "spellings of truth": ("a: true\n", "a: True\n"),
    "spellings of a float": ("a: 1.50\n", "a: 1.5\n"),
    "an alias and what it stands for": ("a: &x [1]\nb: *x\n", "a: [1]\nb: [1]\n"),
    "macros, but for trailing blanks": ("a: {{ .b }}  \n", "a: {{ .b }}\r\n\n"),
}
DIFFERENT = {
    "a number and text": ("a: 1\n", 'a: "1"\n', ["a: 1 -> (text of 1 character)"]),
    "an integer and a float": ("a: 1\n", "a: 1.0\n", ["a: 1 -> 1.0"]),
    "truth and text": ("a: true\n", "a: 'true'\n", ["a: true -> (text of 4 characters)"]),
    "truth of old and new": ("a: true\n", "a: yes\n", ["a: true -> (text of 3 characters)"]),
    "null and nothing": ("a: 1\nb:\n", "a: 1\n", ["b: null -> (nothing)"]),
    "order of a list": ("a: [1, 2]\n", "a: [2, 1]\n", ["a[0]: 1 -> 2", "a[1]: 2 -> 1"]),
    "a longer list": ("a: [1]\n", "a: [1, 2]\n", ["a[1]: (nothing) -> 2"]),
    "a list and a mapping": ("a: [1]\n", "a: {b: 1, c: 2}\n", ["a: (1 item) -> (2 fields)"]),
    "a version": ("a: v1.2.0\n", "a: v1.3.0-rc1\n", ['a: "v1.2.0" -> "v1.3.0-rc1"']),
    "a quantity": ("a: 100m\n", "a: 2Gi\n", ['a: "100m" -> "2Gi"']),
    "words": ("a: x\n", "a: yz\n", ["a: (text of 1 character) -> (text of 2 characters)"]),
    "a name of a secret": ("apiKey: 1\n", "apiKey: 2\n", ["apiKey: (hidden) -> (hidden)"]),
    "what is below one": (
        "credentials: {a: {pin: 1}}\n",
        "credentials: {a: {pin: 2}}\n",
        ["credentials.a.pin: (hidden) -> (hidden)"],
    ),
    "what is named beside it": (
        "env: [{name: DB_PASSWORD, value: 1234}]\n",
        "env: [{name: DB_PASSWORD, value: 12345}]\n",
        ["env[0].value: (hidden) -> (hidden)"],
    ),
    "all of it": ("a: 1\n", "", ["all values: (1 field) -> (nothing)"]),
    "what is no text": ({"a": 1}, "a: 1\n", ["all values: (unreadable) -> (1 field)"]),
    "both unreadable": (7, 7, ["all values: (unreadable) -> (unreadable)"]),
    "a line beside macros": (
        "a: {{ .b }}\nreplicas: 3\n",
        "a: {{ .b }}\nreplicas: 1\n",
        ["line 2: replicas: 3 -> replicas: 1"],
    ),
    "a line below a secret": (
        "a: {{ .b }}\npassword: |\n  number: 3\n",
        "a: {{ .b }}\npassword: |\n  number: 1\n",
        ["line 3: number: (hidden) -> number: (hidden)"],
    ),
    "macros on one side": ("a: 1\n", "a: {{ .b }}\n", ["line 1: a: 1 -> a: (hidden)"]),
    "a key that is a secret": (
        "a: {eyJhbGciOi.eyJzdWIiOiIx.sig: 1}\n",
        "a: {}\n",
        ["a.(hidden): 1 -> (nothing)"],
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_what_means_the_same_is_no_difference(name: str) -> None:
    """How values are written does not matter."""
    assert lines(*SAME[name]) == []


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_means_something_else_is_told(name: str) -> None:
    """Where it is, and both sides as they may be shown."""
    local, profile, expected = DIFFERENT[name]
    assert lines(local, profile) == expected


def test_what_is_compared_as_text_says_so() -> None:
    """Macros make values no YAML; which pack, which side, and why is told."""
    found = between("a: {{ .b }}\n", "a: 1\n")
    assert found is not None
    (note,) = found.notes
    assert note.startswith("grafana 1.0.0: the values of the cluster were compared as text: ")


ALIASES = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (ALIASES, Form.TEXT),
        ("[" * 100_000, Form.TEXT),
        ("{a: " * (MAX_DEPTH + 1), Form.TEXT),
        ("a: 1\n" * 3, Form.TEXT),
        ("? [a]\n: 1\n", Form.TEXT),
        ("a: !!python/object:x 1\n", Form.VALUES),
        ("a: !own {b: 1}\n", Form.TEXT),
        ("x" * (LONGEST_TEXT + 1), Form.UNREADABLE),
        ("a: \ud800\n", Form.UNREADABLE),
        (b"a: 1", Form.UNREADABLE),
        ("a: \x00\n", Form.TEXT),
        ("- 1\n" * 30_000, Form.TEXT),
        ("a: " + "9" * 10_000, Form.VALUES),
    ],
    ids=lambda value: str(value)[:12],
)
def test_odd_texts_have_an_end(text: object, form: Form) -> None:
    """Size, depth and aliases are bounded: what is beyond is compared as text, or not at all."""
    assert pack_values(text).form is form


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(st.characters(categories=["L", "N"], max_codepoint=0x24F), max_size=12)
)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "name", "image", "x.y"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def block(tree: Any, depth: int = 0) -> str:
    """Write a tree as YAML, otherwise than JSON does: keys turned round, in lines, with remarks."""
    pad = "  " * depth
    if isinstance(tree, dict) and tree:
        entries = reversed(list(tree.items()))
        return "".join(f"\n{pad}{json.dumps(k)}: # k{block(v, depth + 1)}\n" for k, v in entries)
    if isinstance(tree, list) and tree:
        return "".join(f"\n{pad}-{block(one, depth + 1)}\n" for one in tree)
    return f"\n{pad}{json.dumps(tree)}"


@given(TREES)
def test_the_way_of_writing_never_matters(tree: Any) -> None:
    """Two spellings of one tree do not differ, whatever it is."""
    assert lines(json.dumps(tree), block(tree)) == []


@given(TREES, TREES)
def test_a_digest_is_of_both_sides_and_of_nothing_else(one: Any, other: Any) -> None:
    """It is the same whenever it is made, however both are written, and another for the reverse."""
    first, again = between(json.dumps(one), json.dumps(other)), between(block(one), block(other))
    assert (first and first.digest) == (again and again.digest)
    back = between(json.dumps(other), json.dumps(one))
    assert (first is None) == (back is None)
    if first and back:
        assert first.digest != back.digest
        assert [change.path for change in first.changes] == [change.path for change in back.changes]


@given(TREES, TREES)
def test_layers_count_in_whatever_order_they_come(one: Any, other: Any) -> None:
    """The digest does not hang on the order in which servers list their packs."""
    here = [LayerConfiguration(layer, pack_values(json.dumps(one))) for layer in (PACK, OTHER)]
    there = [LayerConfiguration(layer, pack_values(json.dumps(other))) for layer in (PACK, OTHER)]
    stack = (PACK, OTHER)
    found = configuration_difference(stack, here, there)
    turned = configuration_difference(stack[::-1], here[::-1], there[::-1])
    assert digest_of_difference(found) == digest_of_difference(turned)


WORDS = st.text(st.characters(categories=["L"], max_codepoint=0x24F), min_size=3, max_size=30)


@given(WORDS, WORDS, st.sampled_from(["a", "password", "x.y"]), st.booleans())
def test_no_text_of_a_value_is_shown(mine: str, theirs: str, key: str, has_macros: bool) -> None:
    """Not under an innocent name either, in YAML or beside macros: only how long it is."""
    mine, theirs = f"\u0141{mine}", f"\u0142{theirs}"
    more = "m: {{ .x }}\n" if has_macros else ""
    found = between(*(f"{more}{key}: {json.dumps(text)}\n" for text in (mine, theirs)))
    assert found is not None
    shown = f"{found.changes}{found.notes}{found.beginning}"
    assert mine not in shown
    assert theirs not in shown


@given(st.integers(100, 10**9), st.integers(100, 10**9))
def test_no_number_is_shown_under_a_name_for_secrets(mine: int, theirs: int) -> None:
    """A PIN is a number, too."""
    shown = str(lines(f"db: {{pin: {mine}, a: 1}}\n", f"db: {{pin: {theirs}, a: 1}}\n"))
    assert str(mine) not in shown
    assert str(theirs) not in shown


def test_values_are_not_in_a_repr() -> None:
    """What is logged by accident shows no value."""
    made = pack_values("password: hunter2\n")
    assert "hunter2" not in repr(made)
    assert "hunter2" not in repr(Configuration(Form.VALUES, Leaf("text", "hunter2")))
    assert "hunter2" not in repr(LayerConfiguration(PACK, made))


def test_kept_layers_differ_only_where_nothing_is_known_of_them() -> None:
    """`valuesFrom: Local` keeps what can be read; what cannot is a difference still."""
    there = (LayerConfiguration(PACK, pack_values("a: 2\n")),)
    for text, count in (("a: 1\n", 0), ("a: {{ .b }}\n", 0), ("", 1), (7, 1)):
        here = (LayerConfiguration(PACK, pack_values(text)),)
        found = configuration_difference((PACK,), here, there, frozenset({PACK}))
        assert len(found.changes) == count
