"""Proving documents before they are merged: read, judged, held against what was last seen."""

from pairctl.validation.cache import ReadingCache
from pairctl.validation.commits import validate_in_repository
from pairctl.validation.inspection import Inspection
from pairctl.validation.proof import OfflineProof, ProofVerdict
from pairctl.validation.request import (
    Request,
    Validation,
    below,
    repository_of,
    validate_folder,
)

__all__ = [
    "Inspection",
    "OfflineProof",
    "ProofVerdict",
    "ReadingCache",
    "Request",
    "Validation",
    "below",
    "repository_of",
    "validate_folder",
    "validate_in_repository",
]
