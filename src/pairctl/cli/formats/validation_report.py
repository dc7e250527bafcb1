"""The report as JSON, and the published schema of that: both from the same models."""

import json
from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from pairctl.cli.report import Report
from pairctl.spec import Code, Severity, model_schema
from pairctl.spec.fields import Strict
from pairctl.validation import OfflineProof, ProofVerdict

NAME = "validation-report"
_Count = Annotated[int, Field(ge=0)]
_Position = Annotated[int, Field(ge=1)]


class _Record(Strict):
    """What is written by the fields' own names, and told in camelCase."""

    model_config = ConfigDict(validate_by_name=True)


class FindingRecord(_Record):
    """One thing that is wrong, at one place.

    Lines and columns count from 1, columns in characters; the end is behind the last character.
    Where it is not behind the start, the finding is about the file as a whole.
    """

    code: Code = Field(description="What is wrong: one stable word.")
    severity: Severity = Field(description="An error refuses the document, the others do not.")
    path: str = Field(description="The file, with `/` between the parts of its path.")
    line: _Position
    column: _Position
    end_line: _Position
    end_column: _Position
    message: str
    hint: str = Field(description="What to do; empty where the message says it.")
    replacement: str = Field(
        description="What may stand at the place instead; empty where nothing is certain."
    )
    link: str = Field(description="Where the documentation tells more, in pairctl's repository.")


class LayerRecord(_Record):
    """One layer of the cluster beside the selection's; null where a side does not have it."""

    cluster: str | None
    selection: str | None
    profile: str = Field(description="The profile that brings it.")
    verdict: str


class ProofRecord(_Record):
    """What an intent's match comes to, as both sides were last seen."""

    intent: str
    verdict: ProofVerdict
    reason: str = Field(description="Why it is not proven: a reason of docs/statuses.md.")
    message: str
    hint: str
    cluster_seen_at: datetime | None = Field(description="Since when its layers are as they are.")
    agent_version: str = Field(description="The agent that told them.")
    is_declared: bool = Field(description="The layers are those that the ProfileMatch declares.")
    palette_seen_at: datetime | None = Field(description="Since when the profiles are so.")
    profiles: list[str]
    layers: list[LayerRecord]


class Counts(_Record):
    """How many findings there are of each severity."""

    errors: _Count
    warnings: _Count
    infos: _Count


class ValidationReport(_Record):
    """What `pairctl validate --format json` tells: all findings, sorted by file and place."""

    api_version: Literal["pairctl/v1alpha1"]
    kind: Literal["ValidationReport"]
    findings: list[FindingRecord]
    proofs: list[ProofRecord] = Field(description="Where there is a status branch to prove on.")
    documents: _Count = Field(description="How many documents there are, valid or not.")
    files: _Count = Field(description="How many files were read.")
    summary: Counts


def render(report: Report) -> str:
    """Return the report as JSON, in ASCII."""
    written = ValidationReport(
        api_version="pairctl/v1alpha1",
        kind="ValidationReport",
        findings=[
            FindingRecord(
                code=one.code,
                severity=one.severity,
                path=one.path,
                line=one.line,
                column=one.column,
                end_line=max(one.line, one.end_line),
                end_column=max(1, one.end_column),
                message=one.message,
                hint=one.hint,
                replacement=one.replacement,
                link=one.link,
            )
            for one in report.findings
        ],
        proofs=[_proof(one) for one in report.proofs],
        documents=report.documents,
        files=report.files,
        summary=Counts(
            errors=report.count(Severity.ERROR),
            warnings=report.count(Severity.WARNING),
            infos=report.count(Severity.INFO),
        ),
    ).model_dump(mode="json", by_alias=True)
    return json.dumps(written, indent=2) + "\n"


def schema() -> str:
    """Return the text of the published JSON Schema of the report."""
    return model_schema(ValidationReport, NAME)


def _proof(one: OfflineProof) -> ProofRecord:
    return ProofRecord(
        intent=one.intent,
        verdict=one.verdict,
        **{part: getattr(one.problem, part, "") for part in ("reason", "message", "hint")},
        cluster_seen_at=one.cluster_seen_at,
        agent_version=one.agent_version,
        is_declared=one.is_declared,
        palette_seen_at=one.palette_seen_at,
        profiles=[str(profile) for profile in one.selection],
        layers=[
            LayerRecord(
                cluster=str(row.local) if row.local else None,
                selection=str(row.selected) if row.selected else None,
                profile=row.profile,
                verdict=row.verdict,
            )
            for row in one.rows
        ],
    )
