"""Validates a folder as the command does, without a cache."""

from pathlib import Path

from pairctl.validation import (
    ReadingCache,
    Request,
    Validation,
    below,
    repository_of,
    validate_folder,
    validate_in_repository,
)
from repo_factory import run


def validated(folder: Path, **options: str) -> Validation:
    """Validate a folder, in its repository where it is in one."""
    request, cache = Request(folder, **options), ReadingCache()
    root = repository_of(folder)
    if root is None:
        return validate_folder(request, cache)
    return run(validate_in_repository(root, below(root, folder), request, cache))
