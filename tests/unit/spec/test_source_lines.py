"""The lines that findings point to: as long as they are, and with nothing secret in them."""

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from pairctl.spec import Code, Finding, SourceFile, load
from pairctl.spec.findings import Span, finding
from pairctl.spec.source_lines import excerpts, masked
from spec_factory import text_file

CANARY = "kW7hunter2zQ"
TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJleGFtcGxlIn0.c2lnbmF0dXJl"
KEY = "0123456789abcdef0123456789ABCDEF"


def pointed_at(text: str, *, code: Code = Code.UNKNOWN_FIELD) -> list[str]:
    """Return every line of the text as an excerpt."""
    lines = text.split("\n")
    findings = [finding("all.yaml", Span(n, 1, n, 2), code, "x") for n in range(1, len(lines) + 1)]
    return in_order(excerpts(findings, [text_file(text)]), len(lines))


def in_order(found: Mapping[tuple[str, int], str], count: int) -> list[str]:
    """Return the excerpts of the first `count` lines."""
    return [found["all.yaml", number] for number in range(1, count + 1)]


def test_a_line_stands_as_it_is_written() -> None:
    """Without secrets, an excerpt is the line: tabs, quotes, comments and all."""
    text = "kind: Palette # 1\n\tmetadata:   {name: 'a'}\n\n- a: [é, 漢]"
    assert pointed_at(text) == text.split("\n")


def test_findings_about_a_whole_file_have_no_line() -> None:
    """Nor has a line that is not there."""
    file = SourceFile("a.yaml", b"a: b\n")
    whole = Finding("a.yaml", 1, 1, Code.EMPTY_FILE, "x")
    beyond = finding("a.yaml", Span(9, 1, 9, 2), Code.YAML_SYNTAX, "x")
    elsewhere = finding("b.yaml", Span(1, 1, 1, 2), Code.YAML_SYNTAX, "x")
    assert excerpts([whole, beyond, elsewhere], [file]) == {}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_lines_are_counted_as_findings_count_them(newline: str, bom: bytes) -> None:
    """Whatever ends a line, and with or without a byte order mark."""
    file = SourceFile("a.yaml", bom + newline.join(["a: 1", "b: 2"]).encode())
    told = finding("a.yaml", Span(2, 1, 2, 2), Code.UNKNOWN_FIELD, "x")
    assert excerpts([told], [file]) == {("a.yaml", 2): "b: 2"}


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (f"project: {TOKEN}", f"project: {'*' * len(TOKEN)}"),
        (f"project: x{TOKEN} y", f"project: {'*' * (len(TOKEN) + 1)} y"),
        (f"project: {KEY}0 y", f"project: {'*' * 33} y"),
        (f"fingerprint: sha256:{KEY}{KEY}", f"fingerprint: sha256:{KEY}{KEY}"),
        ("endpoint: https://a:b/c@d@host", "endpoint: https://*******@host"),
        ("a: b # the password is hunter2", "a: b #************************"),
        ("a: {password: hun ter2, b: c}", "a: {password: ********, b: c}"),
        ("PASSWORD=hunter2", "PASSWORD=*******"),
        ("a: 'x\x1b[31m\u202ey\u00a0z'", "a: 'x�[31m�y�z'"),
        (TOKEN[:9] + "\u200b" + TOKEN[9:], "*" * (len(TOKEN) + 1)),
    ],
)
def test_what_looks_secret_is_masked_wherever_it_stands(line: str, shown: str) -> None:
    """Character by character, so that columns stay true; a digest is no secret."""
    assert masked(line) == shown


@pytest.mark.parametrize(
    "text",
    [
        f"password: {CANARY}",
        f"password: '{CANARY}'",
        f"password:\n  {CANARY}",
        f"password:\n- {CANARY}",
        f"password: |\n  a\n  {CANARY}",
        f'password: "a\n{CANARY}"',
        f"password: a\n  {CANARY}",
        f"password:\n  value: {CANARY}",
        f"password: {{\nvalue: {CANARY}}}",
        f"password: [a, {{b: {CANARY}}}]",
        f"? password\n: {CANARY}",
        f'"pass\\u0077ord": {CANARY}',
        f"a: 1\npassword: b\npassword: {CANARY}",
        f"<<: {{password: {CANARY}}}",
        f"password: &a {CANARY}",
        f"password: !!str {CANARY}",
        f"password: &{CANARY} a",
        f"password: &{CANARY} {{a: b}}",
        f"password: !{CANARY}",
        f"password: [!{CANARY} [a]]",
        f"password: *{CANARY}",
        f"password: {{{CANARY}}}",
        f"password: {{{{ {CANARY} }}}}",
        f"password: {{{CANARY}\n  b\n  @",
        f"password:{{\n  {CANARY}",
        f"1: {{password: {CANARY}}}",
        f"apiKey: {{secret: {CANARY}}}",
        f"Kind: a\n---\ncredentials: {CANARY}\n...\n",
        f"password: [a,\n  {CANARY}",
        f'password: "a\n{CANARY}\n  b: c',
        f"password: a\n}}\n{CANARY}",
        f"}}\npassword:\n  - {CANARY}",
        f"password: \x00{CANARY}",
        f"{'[' * 40}\npassword: {CANARY}",
    ],
)
def test_a_value_is_masked_that_stands_under_a_name_of_secrets(text: str) -> None:
    """However it is written, on whichever line it stands, and whether or not the file is YAML."""
    shown = pointed_at(text)
    assert CANARY not in "\n".join(shown)
    assert [len(line) for line in shown] == [len(line) for line in text.split("\n")]


def test_the_place_of_a_secret_is_masked_whatever_it_looks_like() -> None:
    """A finding that says so knows best; also where it goes over several lines."""
    text = f"project: >-\n  one\n  {CANARY}\nb: c"
    told = finding("all.yaml", Span(1, 10, 4, 1), Code.SECRET_LITERAL, "x")
    others = [finding("all.yaml", Span(n, 1, n, 2), Code.EMPTY_VALUE, "x") for n in range(1, 5)]
    shown = in_order(excerpts([told, *others], [text_file(text)]), 4)
    assert shown == ["project: **", "*****", "*" * (len(CANARY) + 2), "b: c"]


def test_where_a_file_is_not_yaml_fields_are_still_to_be_seen() -> None:
    """Behind a secret's name only fields' names stay, until the next document begins."""
    text = "name: a\napiKey: {secret: b}\n  spec: {project: c, colour: d\n---\nname: e\n  b: c: d"
    assert pointed_at(text)[2:] == ["  spec: {project: *, ******: *", "---", "name: e", "  b: c: d"]


NAMES = st.sampled_from(["password", "apiKey", "secret", "'api_key'", '"token"', "myCredentials"])
STYLES = st.sampled_from(
    [
        "{name}: {canary}\n",
        "{name}: '{canary}'\n",
        '{name}: "x {canary}"\n',
        "{name}:\n  {canary}\n",
        "{name}: |\n  a\n  {canary}\n",
        "{name}: {{a: b, c: [{canary}]}}\n",
        "{name}:\n  value: {canary}\n  other: b\n",
        "list:\n- {{{name}: {canary}}}\n",
        "{name}: [\n{canary}\n]\n",
    ]
)
AROUND = st.sampled_from(
    ["", "a: 1\n", "b: 'x'\n", "c: {d: e}\n", "---\n", "- f\n", "\tg: h\n", "}\n"]
)
NOISE = st.sampled_from(["{", "[", '"', "'", ":", "\t", "&", "*", "!", "|", "\x1b", "\u202e"])


@examples(300)
@given(st.tuples(AROUND, NAMES, STYLES, AROUND), st.data())
def test_no_secret_survives_what_happens_to_a_file(
    parts: tuple[str, str, str, str], data: st.DataObject
) -> None:
    """Cut off, or with a character too many outside of name and value, in YAML or not."""
    before, name, style, after = parts
    text = before + style.format(name=name, canary=CANARY) + after
    if data.draw(st.booleans()):
        text = text[: data.draw(st.integers(text.index(CANARY) + len(CANARY), len(text)))]
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(text)).filter(lambda at: is_outside(text, at, name)))
        text = text[:at] + data.draw(NOISE) + text[at:]
    shown = pointed_at(text)
    assert CANARY not in "\n".join(shown)
    assert [len(line) for line in shown] == [len(line) for line in text.split("\n")]


def is_outside(text: str, at: int, name: str) -> bool:
    """Return whether something put at `at` leaves the name a key, and the canary whole below it."""
    key, canary = text.index(name), text.index(CANARY)
    if text[at : at + 1] == " " and not text[:at].rpartition("\n")[2].strip():
        return False  # within an indentation
    return not key <= at < key + len(name) and not canary < at < canary + len(CANARY)


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90))))
def test_a_masked_line_is_as_long_as_the_line(line: str, hidden: list[tuple[int, int]]) -> None:
    """Any text, with any pieces hidden, keeps its columns; and nothing unseen is left."""
    pieces = [(min(piece), max(piece)) for piece in hidden if min(piece) <= len(line)]
    shown = masked(line.replace("\n", " "), pieces)
    assert len(shown) == len(line)
    assert shown.replace("\t", "").isprintable()


@pytest.mark.parametrize(
    "piece", ["eyJ", "//a", "# ", "passw", "secret ", "password: ", "[", "a: {", "- ", "\\", "a@//"]
)
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_hostile_file_costs_no_more_than_another(piece: str, end: str) -> None:
    """On one line and on many: where time grew with the square, this would not end."""
    text = (piece + end) * (200_000 // len(piece + end))
    every = range(1, text.count("\n") + 2)
    findings: Iterable[Finding] = [
        finding("all.yaml", Span(n, 1, n, 2), Code.DUPLICATE_KEY, "x") for n in every
    ]
    assert len(excerpts(findings, [text_file(text)])) == len(every)


def test_a_real_finding_leads_to_its_line() -> None:
    """What the loader says of a line is found by the line that it says."""
    file = text_file("apiVersion: pairctl/v1alpha1\nkind: Pallette\n")
    (told,) = load([file]).findings
    assert excerpts([told], [file]) == {("all.yaml", 2): "kind: Pallette"}
