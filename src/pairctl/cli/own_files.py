"""A folder that holds a person's own files, with the repository of documents in a folder below."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from pairctl.problem import ConfigurationError, Problem
from pairctl.spec import IndexEntry
from pairctl.validation import repository_of

OWN_KINDS = frozenset({"Config", "Operator", "Simulation"})
"""What a person, or a machine that runs pairctl, keeps outside of every repository."""


def refuse_own_files(folder: Path, entries: Sequence[IndexEntry]) -> None:
    """Refuse a folder that is meant to hold a repository, and is none.

    In a Git repository nothing is refused so: there each of these files is a finding, whatever a
    pull request lays beside them. `entries` have paths from the folder, or from where the command
    is typed. Raises ConfigurationError.
    """
    if not any(entry.kind in OWN_KINDS for entry in entries) or repository_of(folder):
        return
    tops = {entry.path: _parts_below(folder, entry.path) for entry in entries}
    own = sorted({tops[one.path][-1] for one in entries if one.kind in OWN_KINDS})
    others = {tops[one.path][:-1] for one in entries if one.kind not in OWN_KINDS}
    are_at_top = all(len(tops[one.path]) == 1 for one in entries if one.kind in OWN_KINDS)
    below = {parts[0] for parts in others if parts}
    if not are_at_top or () in others or len(below) != 1:
        return
    meant = (folder / below.pop()).as_posix()
    place = "this folder" if folder == Path() else str(folder)
    raise ConfigurationError(
        Problem(
            "NotTheDocuments",
            f"{place} holds your own files ({', '.join(own)}), and is no repository of documents",
            f"did you mean `pairctl validate {meant}`?",
        )
    )


def _parts_below(folder: Path, path: str) -> tuple[str, ...]:
    parts, lead = PurePosixPath(path).parts, PurePosixPath(folder.as_posix()).parts
    is_below = parts[: len(lead)] == lead and len(parts) > len(lead)
    return parts[len(lead) :] if is_below else parts
