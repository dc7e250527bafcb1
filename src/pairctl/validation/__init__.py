"""Proving documents before they are merged: read, judged, held against what was last seen.

What is offered here is loaded when it is asked for: the processes that read files need none of it.
"""

from typing import TYPE_CHECKING

from pairctl.on_demand import on_demand

if TYPE_CHECKING:
    from pairctl.validation.cache import ReadingCache
    from pairctl.validation.commits import validate_in_repository
    from pairctl.validation.folders import below, repository_of
    from pairctl.validation.inspection import Inspection
    from pairctl.validation.proof import OfflineProof, ProofVerdict
    from pairctl.validation.request import Request, Validation, validate_folder
else:
    __getattr__ = on_demand(
        __name__,
        {
            "cache": "ReadingCache",
            "commits": "validate_in_repository",
            "folders": "below repository_of",
            "inspection": "Inspection",
            "proof": "OfflineProof ProofVerdict",
            "request": "Request Validation validate_folder",
        },
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
