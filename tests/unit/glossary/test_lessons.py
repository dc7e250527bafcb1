import re
from importlib.resources import files

import pytest

from pairctl.glossary import lesson_of, parse_lesson
from pairctl.spec import Code, Finding, Severity, load
from spec_factory import file_of, match, palette, text_file

# Codes whose wrong file cannot be shown as text; their lessons say in words what it looks like.
WRONG_IN_WORDS = {
    Code.SYMLINK_REFUSED,
    Code.UNREADABLE_FILE,
    Code.PATH_COLLISION,
    Code.TOO_LARGE,
    Code.NOT_UTF8,
    Code.TOO_MANY_NODES,
    Code.TOO_MANY_DOCUMENTS,
    Code.SCALAR_TOO_LONG,
    Code.BYTE_ORDER_MARK,
    Code.LINE_ENDINGS,
    Code.PROFILE_UNUSABLE,
    Code.MATCH_DIFFERS,
    Code.NOT_SEEN_YET,
    Code.CSV_SYNTAX,
    Code.TOO_MANY_ROWS,
    Code.WRONG_CELL_COUNT,
}
# Codes for which the right thing is no document in this place.
RIGHT_IN_WORDS = {
    Code.SYMLINK_REFUSED,
    Code.UNREADABLE_FILE,
    Code.LFS_POINTER,
    Code.PATH_COLLISION,
    Code.LINE_ENDINGS,
    Code.TOO_LARGE,
    Code.NOT_UTF8,
    Code.TOO_MANY_NODES,
    Code.TOO_MANY_DOCUMENTS,
    Code.OPERATOR_IN_REPOSITORY,
    Code.OWN_OUTPUT,
    Code.CSV_SYNTAX,
    Code.TOO_MANY_ROWS,
    Code.WRONG_CELL_COUNT,
}
# What a wrong example has to show beside its own code.
BESIDE = {Code.REFERS_TO_REJECTED: {Code.UNKNOWN_FIELD}}

# What the examples refer to. It is told at the top of docs/codes.md.
COMPANIONS = file_of(
    palette("production"),
    palette("lab", endpoint="https://lab.example.com"),
    match("retail-split", profiles=[{"name": "retail-infra"}, {"name": "retail-observability"}]),
    path="companions.yaml",
)
FOLDER = files("pairctl.glossary").joinpath("lessons")
TEXT = FOLDER.joinpath("NotText.md").read_text("utf-8")


def findings(document: str) -> list[Finding]:
    """Return what is found in a document that stands beside the companions."""
    return list(load([COMPANIONS, text_file(document, "example.yaml")]).findings)


def test_every_code_has_a_lesson_and_every_lesson_a_code() -> None:
    """A code that is added without `glossary/lessons/<Code>.md` fails here."""
    names = {path.name for path in FOLDER.iterdir() if path.name != "__pycache__"}
    assert names == {f"{code}.md" for code in Code}


@pytest.mark.parametrize("code", Code)
def test_the_wrong_example_has_this_very_fault(code: Code) -> None:
    """It is found, with the severity that the lesson tells, and nothing else is."""
    lesson = lesson_of(code)
    if code in WRONG_IN_WORDS:
        assert not lesson.wrong.document
        return
    found = findings(lesson.wrong.document)
    assert {one.code for one in found} == {code} | BESIDE.get(code, set())
    assert {one.severity for one in found} == {lesson.severity}


@pytest.mark.parametrize("code", Code)
def test_the_right_example_has_no_fault(code: Code) -> None:
    """What the lesson says to write is accepted as it is."""
    lesson = lesson_of(code)
    if code in RIGHT_IN_WORDS:
        assert not lesson.right.document
        return
    assert lesson.right.document
    assert [str(one) for one in findings(lesson.right.document)] == []


@pytest.mark.parametrize("code", Code)
def test_a_lesson_can_be_read_at_night(code: Code) -> None:
    """A few sentences of why, both sides told, and no line that a terminal has to break."""
    lesson = lesson_of(code)
    sentences = re.findall(r"[.?!](?= |$)", lesson.why)
    assert 2 <= len(sentences) <= 6
    assert list(lesson.wrong.blocks)
    assert list(lesson.right.blocks)
    text = FOLDER.joinpath(f"{code}.md").read_text("utf-8")
    assert max(map(len, text.splitlines())) <= 100


def test_a_side_is_paragraphs_and_examples_in_their_order() -> None:
    """Words before, between and after the examples stay where they are; lines are joined."""
    sides = (
        "Words\nin lines.\n\n```yaml\na: 1\n\nb: 2\n```\n\nMore.\n\nStill.\n\n```console\n$ x\n```"
    )
    text = re.sub(r"(?s)(?<=## Right\n\n).*", f"{sides}\n", TEXT)
    right = parse_lesson(Code.NOT_TEXT, text).right
    assert [(block.text, block.language) for block in right.blocks] == [
        ("Words in lines.", ""),
        ("a: 1\n\nb: 2", "yaml"),
        ("More.", ""),
        ("Still.", ""),
        ("$ x", "console"),
    ]
    assert right.document == "a: 1\n\nb: 2\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# NotText", "# NotTxt"),
        ("Severity: error.\n\n", ""),
        ("Severity: error", "Severity: bad"),
        ("## Wrong", "## Bad"),
        ("## Right", "## Good"),
    ],
)
def test_a_lesson_of_another_form_is_refused(old: str, new: str) -> None:
    """Nothing of a lesson is lost in silence because its file was written otherwise."""
    assert parse_lesson(Code.NOT_TEXT, TEXT).severity is Severity.ERROR
    with pytest.raises(ValueError, match=r"NotText|bad"):
        parse_lesson(Code.NOT_TEXT, TEXT.replace(old, new))
