"""Evidence as a file of the status branch: where it stands, how it is rendered and read. Pure."""

from typing import Any

from pairctl.pairing import Evidence, file_stem
from pairctl.records.documents import document, parse_document, reader_of, shown_fields
from pairctl.records.yaml_text import render_yaml

EVIDENCE_FOLDER = "evidence/"


def evidence_path(cluster: str) -> str:
    """Return where the evidence of a cluster's acceptance stands."""
    return f"{EVIDENCE_FOLDER}{file_stem(cluster)}.yaml"


def render_evidence(evidence: Evidence) -> bytes:
    """Return the bytes of an evidence file."""
    return render_yaml(evidence_data(evidence))


def evidence_data(evidence: Evidence) -> dict[str, Any]:
    """Return evidence as the document that stands for it; empty fields left out."""
    shown = shown_fields(reader_of(Evidence), evidence)
    return document("Evidence", evidence.cluster, "evidence", shown)


def parse_evidence(content: bytes) -> Evidence | None:
    """Read an evidence file back; None where it is none."""
    try:
        fields = parse_document(content)["evidence"]
        evidence: Evidence = reader_of(Evidence).validate_python(fields)
    except (KeyError, TypeError, ValueError):
        return None
    return evidence
