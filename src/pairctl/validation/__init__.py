"""Proving documents before they are merged: read, judged, held against what was last seen."""

from pairctl.validation.cache import ReadingCache, user_cache_folder
from pairctl.validation.inspection import Inspection
from pairctl.validation.proof import OfflineProof, ProofVerdict
from pairctl.validation.request import Request, Validation, repository_of, validate

__all__ = [
    "Inspection",
    "OfflineProof",
    "ProofVerdict",
    "ReadingCache",
    "Request",
    "Validation",
    "repository_of",
    "user_cache_folder",
    "validate",
]
