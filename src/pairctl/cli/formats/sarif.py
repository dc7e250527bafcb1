"""SARIF 2.1.0: findings for code scanning, and for editors; with what mends them."""

import json
from typing import Any
from urllib.parse import quote

from pairctl import __version__
from pairctl.cli.formats.fingerprints import fingerprints
from pairctl.cli.report import Report
from pairctl.glossary import lesson_of
from pairctl.spec import Code, Finding, Severity

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_BASE = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_RULES = {code: index for index, code in enumerate(Code)}


def render(report: Report) -> str:
    """Return the report as a SARIF log of one run."""
    marks = fingerprints(report)
    run = {
        "tool": {
            "driver": {
                "name": "pairctl",
                "semanticVersion": __version__,
                "rules": [_rule(code) for code in _RULES],
            }
        },
        "invocations": [{"executionSuccessful": True}],
        "originalUriBaseIds": {
            _BASE: {"description": {"text": "The folder that pairctl validate ran in."}}
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, mark) for one, mark in zip(report.findings, marks, strict=True)],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: Code) -> dict[str, Any]:
    """Return a rule with its lesson: what code scanning shows beside a finding."""
    lesson = lesson_of(code)
    return {
        "id": str(code),
        "shortDescription": {"text": code.meaning},
        "fullDescription": {"text": f"{code.meaning} {lesson.why}"},
        "defaultConfiguration": {"level": _LEVELS[lesson.severity]},
        "help": {
            "text": f"{lesson.why} `pairctl explain {code}` shows it in a terminal.",
            "markdown": f"{lesson.why}\n\n**Wrong**\n\n{lesson.wrong.text}\n\n"
            f"**Right**\n\n{lesson.right.text}",
        },
    }


def _result(one: Finding, fingerprint: str) -> dict[str, Any]:
    where: dict[str, Any] = {"artifactLocation": _artifact(one)}
    if one.has_span:
        where["region"] = _region(one)
    result: dict[str, Any] = {
        "ruleId": str(one.code),
        "ruleIndex": _RULES[one.code],
        "level": _LEVELS[one.severity],
        "message": {"text": _plain(f"{one.message}; {one.hint}" if one.hint else one.message)},
        "locations": [{"physicalLocation": where}],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }
    return {**result, "fixes": [_fix(one)]} if one.replacement else result


def _artifact(one: Finding) -> dict[str, str]:
    return {"uri": quote(one.path.encode("utf-8", "replace")), "uriBaseId": _BASE}


def _region(one: Finding) -> dict[str, int]:
    """Return the place; as in findings, columns count from 1 and the end is behind the last."""
    return {
        "startLine": one.line,
        "startColumn": one.column,
        "endLine": one.end_line,
        "endColumn": one.end_column,
    }


def _fix(one: Finding) -> dict[str, Any]:
    replacement = {"deletedRegion": _region(one), "insertedContent": {"text": one.replacement}}
    return {
        "description": {"text": _plain(one.hint or f"write {one.replacement}")},
        "artifactChanges": [{"artifactLocation": _artifact(one), "replacements": [replacement]}],
    }


def _plain(text: str) -> str:
    """Return text in which no viewer finds a link: `[words](target)` makes one."""
    return text.replace("](", "] (")
