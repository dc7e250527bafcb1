"""The status branch as files: statuses, claims, what was observed, STATUS.md; written and read."""

from pairctl.records.ledger import (
    Ledger,
    claim_path,
    parse_ledger,
    parse_status,
    read_ledger,
    render_claim,
    render_status,
    status_data,
    status_path,
)
from pairctl.records.observed import (
    ObservedCluster,
    ObservedPalette,
    cluster_file,
    observed_cluster,
    observed_palette,
    palette_file,
)
from pairctl.records.record import OWN_KEYS, Record, changes_on, message_of
from pairctl.records.summary import needs_somebody, render_summary
from pairctl.records.yaml_text import parse_yaml, render_yaml

__all__ = [
    "OWN_KEYS",
    "Ledger",
    "ObservedCluster",
    "ObservedPalette",
    "Record",
    "changes_on",
    "claim_path",
    "cluster_file",
    "message_of",
    "needs_somebody",
    "observed_cluster",
    "observed_palette",
    "palette_file",
    "parse_ledger",
    "parse_status",
    "parse_yaml",
    "read_ledger",
    "render_claim",
    "render_status",
    "render_summary",
    "render_yaml",
    "status_data",
    "status_path",
]
