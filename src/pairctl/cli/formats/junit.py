"""JUnit XML: each file is a test case, which fails where the file has errors."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pairctl.cli.formats.plain import printable
from pairctl.cli.report import Report, counted
from pairctl.spec import Finding

_SUITE = "pairctl validate"


def render(report: Report) -> str:
    """Return the report as a test suite.

    It is plain ASCII: no encoding, and no character that XML does not know, can spoil it.
    """
    told: dict[str, list[Finding]] = {path: [] for path in report.paths}
    for one in report.findings:
        told.setdefault(one.path, []).append(one)
    failed = sum(any(one.refuses for one in findings) for findings in told.values())
    counts = {"tests": str(len(told)), "failures": str(failed), "errors": "0", "skipped": "0"}
    root = Element("testsuites", {"name": _SUITE, **counts, "time": "0"})
    suite = SubElement(root, "testsuite", {"name": _SUITE, **counts, "time": "0"})
    for path, findings in told.items():
        _case(suite, path, findings)
    indent(root)
    xml: bytes = tostring(root, encoding="us-ascii", xml_declaration=True)
    return xml.decode("ascii") + "\n"


def _case(suite: Element, path: str, findings: Sequence[Finding]) -> None:
    name = printable(path)
    case = SubElement(
        suite, "testcase", {"classname": _SUITE, "name": name, "file": name, "time": "0"}
    )
    errors = [one for one in findings if one.refuses]
    notes = [one for one in findings if not one.refuses]
    if errors:
        first = printable(errors[0].message)
        message = first if len(errors) == 1 else f"{counted(len(errors), 'error')}, first: {first}"
        failure = SubElement(case, "failure", {"type": str(errors[0].code), "message": message})
        failure.text = _body(errors)
    if notes:
        SubElement(case, "system-out").text = _body(notes)


def _body(findings: Sequence[Finding]) -> str:
    return "\n".join(map(_told, findings))


def _told(one: Finding) -> str:
    line = printable(
        f"{one.path}:{one.line}:{one.column}: {one.severity}[{one.code}]: {one.message}"
    )
    return f"{line}\n    help: {printable(one.hint)}" if one.hint else line
