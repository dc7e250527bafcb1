"""Symbolic links that keep nothing from being read. Pure: no link is ever followed.

Repositories hold links of other tools: a folder under a second name, values that charts share. What
such a link leads to is read at its own place, so nothing is said of it.
"""

from pathlib import PurePosixPath

MAX_LINK_BYTES = 4096


def place_of_link(path: str, target: str, under: str = "") -> str | None:
    """Return the path that a link leads to, from the root, if it is below the folder `under`.

    None of a link that leads to anywhere else, to something hidden, to a folder that it is in
    itself, or in a way that depends on what else is a link.
    """
    folders = list(PurePosixPath(path).parent.parts)
    steps = [step for step in target.split("/") if step not in {"", "."}]
    while steps and steps[0] == "..":
        if not folders:
            return None
        folders.pop()
        steps.pop(0)
    top = PurePosixPath(under).parts
    parts = (*folders, *steps)
    inner = parts[len(top) :]
    is_hidden = any(part.startswith(".") for part in inner)  # `..` among them
    is_around = PurePosixPath(path).parts[: len(parts)] == parts
    if target.startswith("/") or parts[: len(top)] != top or is_hidden or is_around:
        return None
    return "/".join(parts)
