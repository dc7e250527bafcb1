"""What tells findings apart from one run to the next."""

from pairctl.cli.formats.fingerprints import fingerprints
from pairctl.spec import SourceFile
from report_factory import of_examples, report_of

DOCUMENT = (
    "apiVersion: pairctl/v1alpha1\nkind: Palette\nmetadata: {name: a}\nspec:\n"
    "  endpoint: https://a\n  apiKey: {secret: b}\n  colour: green\n"
)


def marks(*documents: str) -> list[str]:
    """Return the fingerprints of all that is wrong with one file of these documents."""
    text = "---\n".join(documents)
    return list(fingerprints(report_of(SourceFile("a.yaml", text.encode()))))


def test_a_finding_keeps_its_fingerprint_while_its_line_moves() -> None:
    """Lines above it, and around it, do not count; nor does how it is indented."""
    moved = DOCUMENT.replace("\n  ", "\n    # more\n    ").replace("name: a}", "name: b}")
    assert marks(DOCUMENT) == marks(f"# above\n\n{DOCUMENT}") == marks(moved)


def test_another_line_is_another_finding() -> None:
    """What was mended is gone, and what is new is new."""
    assert marks(DOCUMENT) != marks(DOCUMENT.replace("green", "blue"))


def test_equal_lines_are_told_apart_in_their_order() -> None:
    """A second one of the same kind does not make a new one of the first."""
    other = DOCUMENT.replace("name: a", "name: b")
    first, second = marks(DOCUMENT, other)
    assert first != second
    assert marks(DOCUMENT) == [first]


def test_no_two_findings_have_the_same() -> None:
    """In all that can be wrong."""
    report = of_examples()
    found = list(fingerprints(report))
    assert len(set(found)) == len(found) == len(report.findings)
