"""Proving documents before they are merged: read, judged, held against what was last seen.

What is offered here is loaded when it is asked for: the processes that read files need none of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_MODULES = {
    "Inspection": "inspection",
    "OfflineProof": "proof",
    "ProofVerdict": "proof",
    "ReadingCache": "cache",
    "Request": "request",
    "Validation": "request",
    "below": "request",
    "repository_of": "request",
    "validate_folder": "request",
    "validate_in_repository": "commits",
}

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


def __getattr__(name: str) -> Any:
    """Load what is asked for."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"pairctl.validation.{_MODULES[name]}"), name)
