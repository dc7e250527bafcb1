"""The folder that a forge guards, where approvals count: what stands inside, and what outside.

What stands outside has no effect on what stands inside.
"""

APPROVALS = frozenset({"PairingApproval", "RolloutApproval"})
"""The kinds that count where the folder is only."""


def is_inside(path: str, folder: str | None) -> bool:
    """Whether a path lies in a folder; in none where there is no folder."""
    return folder is not None and path.startswith(f"{folder}/")


def is_stray(kind: str | None, path: str, folder: str | None) -> bool:
    """Whether a document is an approval that stands outside of the folder."""
    return kind in APPROVALS and folder is not None and not is_inside(path, folder)
