"""Readings of files as JSON, to be kept from one run to the next; without their paths."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

from pairctl.spec import (
    Code,
    Expansion,
    Finding,
    IndexEntry,
    References,
    Requirement,
    RolloutSelects,
    RowPlace,
    SecretRole,
    Severity,
    Span,
    Target,
    UsedSecret,
)

_CODES = {str(code): code for code in Code}
_AFTER_PATH = [field.name for field in fields(Finding)][1:]


@dataclass(frozen=True, slots=True)
class KeptReading:
    """What one file holds, as far as other files, and a report, need it."""

    path: str
    entries: tuple[IndexEntry, ...]
    findings: tuple[Finding, ...]
    is_refused: bool
    is_foreign: bool = False


def encode(reading: Any) -> str:
    """Return a reading as JSON; `reading` has what a `KeptReading` has."""
    entries = [_packed(entry) for entry in reading.entries]
    shown = [_finding(one) for one in reading.findings]
    return json.dumps(
        [entries, shown, reading.is_refused, reading.is_foreign], separators=(",", ":")
    )


def decode(path: str, text: str) -> KeptReading:
    """Return the reading of the file at `path`. Raises ValueError, TypeError or KeyError."""
    entries, shown, is_refused, is_foreign = json.loads(text)
    return KeptReading(
        path,
        tuple(_unpacked(path, entry) for entry in entries),
        tuple(_finding_of(path, one) for one in shown),
        bool(is_refused),
        bool(is_foreign),
    )


@dataclass(frozen=True, slots=True)
class KeptRows:
    """What a set comes to with its inventory: its rows, and what is wrong with set or inventory."""

    entries: tuple[IndexEntry, ...]
    findings: tuple[Finding, ...]


def encode_rows(of: IndexEntry, expansion: Expansion) -> str:
    """Return the rows of a set as JSON, without the path of the set's file."""
    entries = [_packed(row.entry) for row in expansion.rows]
    shown = [[one.path == of.path, *_finding(one)] for one in expansion.findings]
    return json.dumps([entries, shown], separators=(",", ":"))


def decoded_rows(of: IndexEntry, text: str) -> KeptRows | None:
    """Return the kept rows of a set; None where there are none, or what was kept makes no sense."""
    if not text:
        return None
    try:
        entries, shown = json.loads(text)
        # The file that the rows of a set stand in.
        path = (of.references.table if of.references else "") or of.path
        return _kept_rows(of, path, entries, shown)
    except (ValueError, TypeError, KeyError):
        return None


def _kept_rows(of: IndexEntry, path: str, entries: Any, shown: Any) -> KeptRows:
    rows = (
        _unpacked(path, entry)._replace(row_of=RowPlace(of.path, of.number, index))
        for index, entry in enumerate(entries)
    )
    findings = (_finding_of(of.path if is_own else path, one) for is_own, *one in shown)
    return KeptRows(tuple(rows), tuple(findings))


def decoded(path: str, text: str) -> KeptReading | None:
    """Return a kept reading; None where there is none, or what was kept makes no sense."""
    try:
        return decode(path, text) if text else None
    except (ValueError, TypeError, KeyError):
        return None


def _packed(entry: IndexEntry) -> list[Any]:
    shown = [_finding(one) for one in entry.findings]
    references, used = entry.references, entry.secrets
    return [entry.number, entry.span, entry.kind, entry.name, shown, references, entry.digest, used]


def _unpacked(path: str, entry: Sequence[Any]) -> IndexEntry:
    number, span, kind, name, shown, references, digest, used = entry
    findings = tuple(_finding_of(path, one) for one in shown)
    secrets = tuple(UsedSecret(SecretRole(role), secret, tuple(at)) for role, secret, at in used)
    own = references and _ties_of(references)
    return IndexEntry(path, number, Span(*span), kind, name, findings, own, digest, secrets)


def _ties_of(references: Sequence[Any]) -> References:
    palette, match, is_pairing, targets, files, intent, acknowledged, *more = references
    pinned, table, labels, selects, rollout, wave = more
    found = tuple(Target(what, tuple(field), identity) for what, field, identity in targets)
    return References(
        palette,
        match,
        is_pairing,
        found,
        tuple(files),
        intent,
        acknowledged,
        tuple(pinned),
        table,
        _labels_of(labels),
        RolloutSelects(
            _requirements_of(selects[0]),
            tuple((name, one and _requirements_of(one)) for name, one in selects[1]),
        )
        if selects
        else None,
        rollout,
        wave,
    )


def _labels_of(values: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((key, value) for key, value in values)


def _requirements_of(values: Sequence[Sequence[Any]]) -> tuple[Requirement, ...]:
    return tuple(
        Requirement(key, allowed and tuple(allowed), is_negated)
        for key, allowed, is_negated in values
    )


def _finding(one: Finding) -> list[Any]:
    return list(astuple(one))[1:]


def _finding_of(path: str, values: Sequence[Any]) -> Finding:
    shown = dict(zip(_AFTER_PATH, values, strict=True))
    shown |= {"code": _CODES[shown["code"]], "severity": Severity(shown["severity"])}
    return Finding(path, **shown)
