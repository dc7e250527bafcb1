"""Documents read and proven, for commands that need neither network nor secret."""

import asyncio

from pairctl.validation import (
    ReadingCache,
    Request,
    Validation,
    below,
    repository_of,
    validate_folder,
    validate_in_repository,
)


def proven(request: Request, cache: ReadingCache) -> Validation:
    """Validate a folder, in its repository where it is in one. Raises as validating does."""
    root = repository_of(request.folder)
    if root is None:
        return validate_folder(request, cache)
    came: list[Validation] = []

    async def main() -> None:
        under = below(root, request.folder)
        came.append(await validate_in_repository(root, under, request, cache))

    asyncio.run(main())  # it makes a text of what it is given back: a whole fleet is too much
    return came[0]
