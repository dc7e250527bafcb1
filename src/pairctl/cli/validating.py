"""Documents read and proven, for commands that need neither network nor secret."""

from typing import TYPE_CHECKING

from pairctl import validation  # what it offers is loaded when it is used

if TYPE_CHECKING:
    from pairctl.validation import ReadingCache, Request, Validation


def proven(request: "Request", cache: "ReadingCache") -> "Validation":
    """Validate a folder, in its repository where it is in one. Raises as validating does."""
    root = validation.repository_of(request.folder)
    if root is None:
        return validation.validate_folder(request, cache)
    import asyncio  # noqa: PLC0415 - only Git is waited for

    came: list[Validation] = []

    async def main() -> None:
        under = validation.below(root, request.folder)
        came.append(await validation.validate_in_repository(root, under, request, cache))

    asyncio.run(main())  # it makes a text of what it is given back: a whole fleet is too much
    return came[0]
