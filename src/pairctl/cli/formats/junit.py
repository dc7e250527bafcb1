"""JUnit XML: each file is a test case, which fails where the file has errors."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pairctl.cli.formats.text import finding_pieces
from pairctl.cli.report import Report, counted
from pairctl.spec import Finding
from pairctl.text import marked

_SUITE = "pairctl validate"


def render(report: Report) -> str:
    """Return the report as a test suite.

    It is plain ASCII: no encoding, and no character that XML does not know, can spoil it.
    """
    shown: dict[str, list[Finding]] = {}
    for one in report.findings:
        shown.setdefault(one.path, []).append(one)
    shown |= {path: [] for path in report.paths if path not in shown}
    failed = sum(any(one.refuses for one in findings) for findings in shown.values())
    counts = {"tests": str(len(shown)), "failures": str(failed), "errors": "0", "skipped": "0"}
    root = Element("testsuites", {"name": _SUITE, **counts, "time": "0"})
    suite = SubElement(root, "testsuite", {"name": _SUITE, **counts, "time": "0"})
    for path, findings in shown.items():
        name = marked(path)
        case = SubElement(
            suite, "testcase", {"classname": _SUITE, "name": name, "file": name, "time": "0"}
        )
        errors = [one for one in findings if one.refuses]
        notes = [one for one in findings if not one.refuses]
        if errors:
            first = marked(errors[0].message)
            message = (
                first if len(errors) == 1 else f"{counted(len(errors), 'error')}, first: {first}"
            )
            failure = SubElement(case, "failure", {"type": str(errors[0].code), "message": message})
            failure.text = _body(report, errors)
        if notes:
            SubElement(case, "system-out").text = _body(report, notes)
    indent(root)
    xml: bytes = tostring(root, encoding="us-ascii", xml_declaration=True)
    return xml.decode("ascii") + "\n"


def _body(report: Report, findings: Sequence[Finding]) -> str:
    """Return the findings as people read them; as text, so that no character is lost to XML."""
    shown = ("".join(text for text, _ in finding_pieces(report, one)) for one in findings)
    return "\n".join(shown).rstrip("\n")
