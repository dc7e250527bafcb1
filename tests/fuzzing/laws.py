"""What holds for every repository, whatever its bytes. A law that is broken is an AssertionError.

Anything else that is raised is a traceback that an operator would have seen.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from functools import partial
from itertools import pairwise
from xml.etree import ElementTree

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import DocumentStartEvent, ScalarEvent

from fuzzing.case import Case
from fuzzing.patience import Patience, endless
from pairctl.cli.formats import ReportFormat, render
from pairctl.cli.report import Report
from pairctl.problem import ConfigurationError
from pairctl.records import (
    ObservedCluster,
    ObservedPalette,
    observed_cluster,
    observed_palette,
    parse_ledger,
    parse_status,
    parse_yaml,
    render_status,
    render_summary,
)
from pairctl.repo import StatusTree
from pairctl.spec import (
    AnyDocument,
    Code,
    Declared,
    FileReading,
    Finding,
    IndexEntry,
    Loaded,
    SourceFile,
    excerpts,
    load,
    load_operator,
    read_file,
    roots,
)
from pairctl.spec.candidates import read_own_file
from pairctl.spec.rules import broken_rules
from pairctl.spec.shape import plain
from pairctl.validation import Inspection, ReadingCache
from pairctl.validation.codec import KeptReading, decode, encode
from pairctl.validation.facts import Facts
from pairctl.validation.inspection import inspect_files
from pairctl.validation.proving import Proven, prove_all

MOST_SECONDS = 1.0
"""Of processor time, for one file within the limit of size."""
MOST_TEXT = 4_000
MOST_FINDINGS = 10_100
"""In one file: a hundred for each of a hundred documents, and some for the file itself."""
SMALL = 4_000


def hold(case: Case, within: Patience = endless) -> Sequence[Finding]:
    """Hold all laws against a case; return all that is to be said of it.

    `within` is how patient we are with what may take long.
    """
    known = {}
    for file in case.sources:
        known[file] = within(MOST_SECONDS, file.path, partial(read_file, file))
        own = within(MOST_SECONDS, file.path, partial(read_own_file, file))
        for law in OF_A_FILE:
            law(file, known[file])
            law(file, own)
    inspection = within(
        MOST_SECONDS * (1 + len(known)),
        "judging all files",
        partial(inspect_files, case.sources, (), ReadingCache()),
    )
    declared = load(reversed(case.sources), read=known.__getitem__)
    nothing_is_lost(known.values(), declared)
    entries_say_what_documents_say(inspection, declared)
    proven = intents_are_proven_on_anything(inspection, case, within)
    findings = (*inspection.findings, *proven.findings)
    reports_are_well_formed(case, inspection, findings, within)
    for path, content in (*case.documents.items(), *case.records.items()):
        records_are_read_or_absent(path, content, within)
    _ = render_summary(parse_ledger(StatusTree("tip", case.records)).statuses.values())
    return findings


# ── one file ─────────────────────────────────────────────────────────────────────────────────────


def findings_are_told_in_few_words(_: SourceFile, reading: FileReading) -> None:
    """Each fits on two lines of a terminal, says something, and holds nothing that acts on it."""
    findings = _all(reading)
    assert len(findings) <= MOST_FINDINGS, f"{len(findings)} findings"
    for one in findings:
        _is_fit(one)


def findings_point_into_the_file(file: SourceFile, reading: FileReading) -> None:
    """Lines and columns are those that an editor shows; the end is not before the beginning."""
    text = file.content.decode("utf-8-sig", "replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for one in _all(reading):
        assert 1 <= one.line <= len(lines), one
        assert 1 <= one.column <= len(lines[one.line - 1]) + 1, one
        assert (one.line, one.column) <= (one.end_line, one.end_column), one
        assert one.end_line <= len(lines) + 1, one


def a_document_is_whole_or_refused(_: SourceFile, reading: FileReading) -> None:
    """It has a model, ties and a digest, or an error that says why not."""
    for entry, document in reading.candidates:
        is_refused = any(one.refuses for one in entry.findings)
        parts = (document is None, entry.references is None, not entry.digest)
        assert parts == (is_refused,) * 3, entry
    assert not (reading.is_refused and reading.candidates)


def every_document_is_read(file: SourceFile, reading: FileReading) -> None:
    """Another parser, written in Python, finds as many that are not empty."""
    if reading.is_refused or reading.is_foreign or len(file.content) > SMALL:
        return
    own = sum(one.code is Code.OWN_OUTPUT for one in reading.findings)
    with suppress(YAMLError, ValueError):
        count = _documents(file.content.decode("utf-8-sig"))
        told = f"{len(reading.entries)} of {count} documents"
        assert count is None or len(reading.entries) + own == count, told


def _documents(text: str) -> int | None:
    """Count documents; one whose root is a plain scalar without text is empty.

    None where a root is a block of text: for that parser it does not end at `---`, as it has to.
    """
    events = list(YAML(typ="safe", pure=True).parse(text))
    firsts = [b for a, b in pairwise(events) if type(a) is DocumentStartEvent]
    if any(isinstance(one, ScalarEvent) and one.style in ("|", ">") for one in firsts):
        return None
    empty = [
        one
        for one in firsts
        if isinstance(one, ScalarEvent) and not (one.value or one.style or one.anchor or one.tag)
    ]
    return len(firsts) - len(empty)


def what_the_models_accept_the_schemas_accept(file: SourceFile, reading: FileReading) -> None:
    """Editors and other tools judge by the published schemas."""
    for entry, document in reading.candidates:
        if document is not None:
            data, _ = plain(roots(file)[entry.number])
            assert broken_rules(str(entry.kind), data) == ()


def a_reading_is_kept_as_it_is(file: SourceFile, reading: FileReading) -> None:
    """What the cache holds is what was read."""
    kept = KeptReading(
        *(reading.path, reading.entries, reading.findings),
        is_refused=reading.is_refused,
        is_foreign=reading.is_foreign,
    )
    assert decode(file.path, encode(reading)) == kept


def both_ways_of_reading_come_to_the_same(file: SourceFile, reading: FileReading) -> None:
    """A usual file is read without its places, and nobody can tell."""
    assert reading.is_foreign or reading == read_own_file(file)


def an_operators_file_is_read_or_refused(file: SourceFile, reading: FileReading) -> None:
    """There is one kind of error for it."""
    if any(entry.kind == "Operator" for entry in reading.entries):
        with suppress(ConfigurationError):
            load_operator(file)


OF_A_FILE: Sequence[Callable[[SourceFile, FileReading], None]] = (
    findings_are_told_in_few_words,
    findings_point_into_the_file,
    a_document_is_whole_or_refused,
    every_document_is_read,
    what_the_models_accept_the_schemas_accept,
    a_reading_is_kept_as_it_is,
    an_operators_file_is_read_or_refused,
    both_ways_of_reading_come_to_the_same,
)


def _all(reading: FileReading) -> list[Finding]:
    return [*reading.findings, *(one for entry in reading.entries for one in entry.findings)]


def _is_fit(one: Finding) -> None:
    for text in (one.message, one.hint):
        assert text.isprintable(), one
        assert len(text) <= MOST_TEXT, f"{len(text)} characters: {text[:200]}"
    assert one.message, one


# ── all files ────────────────────────────────────────────────────────────────────────────────────


def nothing_is_lost(readings: Iterable[FileReading], declared: Declared) -> None:
    """Each document is declared or rejected, unless its file is named as values of a pack.

    So is each row of a set, beside the set itself.
    """
    values = {
        path
        for reading in readings
        for entry in reading.entries
        if entry.references
        for path in entry.references.value_files
    }
    kept = [reading for reading in readings if reading.path not in values]
    read = sum(len(reading.candidates) or reading.is_refused for reading in kept)
    loaded = _loaded(declared)
    written = len([one for one in loaded if not one.row_files]) + len(declared.rejected)
    has_sets = any(one.entry.kind == "PairingIntentSet" for r in kept for one in r.candidates)
    # Rows that are refused are counted with what is rejected, and are no documents of their own.
    assert read <= written if has_sets else read == written == len(loaded) + len(declared.rejected)
    assert all(any(f.refuses for f in one.findings) for one in declared.rejected)


def entries_say_what_documents_say(inspection: Inspection, declared: Declared) -> None:
    """Judging from index entries and loading give the same, in whatever order the files come."""
    assert inspection.findings == declared.findings
    assert sorted(map(str, inspection.judgement.rejected)) == sorted(map(str, declared.rejected))
    assert sorted(map(_identity, inspection.valid)) == sorted(
        (one.path, one.line, one.document.kind, one.document.metadata.name, one.digest)
        for one in _loaded(declared)
    )
    for one in declared.findings:
        _is_fit(one)


def _loaded(declared: Declared) -> list[Loaded[AnyDocument]]:
    """Return all that is declared, of every kind that it has a map for."""
    maps = (getattr(declared, field.name) for field in fields(declared))
    return [one for held in maps if isinstance(held, Mapping) for one in held.values()]


def _identity(entry: IndexEntry) -> tuple[str, int, str, str, str]:
    return (entry.path, entry.span.line, str(entry.kind), str(entry.name), entry.digest)


# ── the status branch ────────────────────────────────────────────────────────────────────────────


def intents_are_proven_on_anything(inspection: Inspection, case: Case, within: Patience) -> Proven:
    """Whatever the status branch holds, every valid intent that is not settled has a verdict."""
    facts = Facts("commit", case.records)
    prove = partial(prove_all, inspection, facts, lambda _: True)
    proven = within(5 * MOST_SECONDS, "proving all intents", prove)
    meant = [
        entry for entry in inspection.valid if entry.references and entry.references.is_pairing
    ]
    settled = [entry for entry in meant if facts.is_past_matching(str(entry.name))]
    assert len(proven.proofs) == len(meant) - len(settled)
    for one in proven.findings:
        _is_fit(one)
    return proven


# ── what people and machines are shown ───────────────────────────────────────────────────────────


def reports_are_well_formed(
    case: Case, inspection: Inspection, findings: tuple[Finding, ...], within: Patience
) -> None:
    """Lines are shown as long as they are, without what acts on a terminal, in every format."""
    show = partial(excerpts, findings, case.sources)
    lines = within(MOST_SECONDS * (1 + len(case.documents)), "showing lines", show)
    for line in lines.values():
        assert line.replace("\t", " ").isprintable(), line[:200]
    report = Report(findings, inspection.paths, len(inspection.entries), lines)
    texts = {
        form: within(MOST_SECONDS, f"writing {form}", partial(render, report, form))
        for form in ReportFormat
    }
    for form in (ReportFormat.JSON, ReportFormat.GITLAB, ReportFormat.SARIF):
        json.loads(texts[form])
    ElementTree.fromstring(texts[ReportFormat.JUNIT])  # noqa: S314 - our own text
    assert texts[ReportFormat.TEXT].replace("\n", "").replace("\t", "").isprintable()
    for line in texts[ReportFormat.GITHUB].splitlines():
        assert line.isprintable(), line[:200]


def records_are_read_or_absent(path: str, content: bytes, within: Patience) -> None:
    """A status that is read is written and read back as it is; what was observed is text."""
    assert isinstance(parse_yaml(content), dict)
    status = within(MOST_SECONDS, f"the record {path}", partial(parse_status, content))
    assert status is None or parse_status(render_status(status)) == status
    what_was_observed_is_text(path, content)


def what_was_observed_is_text(path: str, content: bytes) -> None:
    """What layers are compared by is text of one line, or nothing was seen."""
    name = path.rpartition("/")[2].removesuffix(".yaml")
    files = {f"observed/{kind}/{name}.yaml": content for kind in ("clusters", "palettes")}
    texts: list[object] = []
    match observed_cluster(files, name):
        case ObservedCluster(name=cluster, local_uid=uid, layers=layers, agent_version=agent):
            texts += [cluster, uid, agent]
            texts += [text for one in layers for text in (one.kind, one.name, one.version)]
    match observed_palette(files, name):
        case ObservedPalette(profiles=profiles):
            texts += [text for one in profiles for text in (one.name, one.why_not, one.scope)]
    assert all(isinstance(text, str) and text.isprintable() for text in texts)
