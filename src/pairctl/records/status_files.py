"""A status as a file of the status branch: where it stands, how it is rendered and read. Pure."""

from typing import Any

from pydantic import ValidationError

from pairctl.pairing import Status
from pairctl.records.documents import document, parse_document, reader_of, shown_fields
from pairctl.records.yaml_text import render_yaml

STATUS_FOLDER = "status/"


def status_path(name: str) -> str:
    """Return where the status of an intent stands."""
    return f"{STATUS_FOLDER}{name}.yaml"


def render_status(status: Status) -> bytes:
    """Return the bytes of a status file: stable, and empty fields left out."""
    return render_yaml(status_data(status))


def status_data(status: Status) -> dict[str, Any]:
    """Return a status as the document that stands for it; empty fields left out."""
    shown = shown_fields(reader_of(Status), status)
    return document("PairingStatus", shown.pop("name"), "status", shown)


def parse_status(content: bytes) -> Status | None:
    """Read a status file back; None where it is none."""
    shown = parse_document(content)
    try:
        fields = {**shown["status"], "name": shown["metadata"]["name"]}
        status: Status = reader_of(Status).validate_python(fields)
    except (KeyError, TypeError, ValidationError):
        return None
    return status
