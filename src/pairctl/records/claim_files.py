"""A claim as a file of the status branch: where it stands, how it is rendered and read. Pure."""

from typing import Any

from pairctl.pairing import Claim, UnreadableClaim, canonical_uid, file_stem
from pairctl.records.documents import document, parse_document, reader_of, shown_fields
from pairctl.records.earlier_claims import from_earlier_version
from pairctl.records.yaml_text import render_yaml

CLAIMS_FOLDER = "claims/"

_LONGEST_CLAIM = 65536


def claim_path(cluster: str) -> str:
    """Return where the claim on a cluster stands: no two clusters share a path."""
    return f"{CLAIMS_FOLDER}{file_stem(cluster)}.yaml"


def render_claim(claim: Claim) -> bytes:
    """Return the bytes of a claim file."""
    return render_yaml(claim_data(claim))


def claim_data(claim: Claim) -> dict[str, Any]:
    """Return a claim as the document that stands for it; empty fields left out."""
    shown = shown_fields(reader_of(Claim), claim)
    return document("Claim", claim.cluster, "claim", shown)


def parse_claim(content: bytes) -> Claim | None:
    """Read a claim file back, one of the version before too; None where it is none."""
    try:
        fields = parse_document(content)["claim"]
        claim = reader_of(Claim).validate_python(from_earlier_version(fields, content))
    except (KeyError, TypeError, ValueError):
        return None
    return claim if claim.id and claim.cluster and claim.lifetime_seconds > 0 else None


def unreadable_claim(path: str, body: bytes) -> UnreadableClaim:
    """Return a claim file as it binds where it cannot be read."""
    text = body[:_LONGEST_CLAIM].decode(errors="replace")
    return UnreadableClaim(path, canonical_uid(text))
