"""`pairctl expand`: the intents that sets come to, as YAML. Needs no network and no secret."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli.completion import set_completions
from pairctl.cli.screen import Screen
from pairctl.cli.validating import proven
from pairctl.exits import Exit
from pairctl.problem import ConfigurationError, Problem
from pairctl.records import render_document
from pairctl.spec import IndexEntry, plain
from pairctl.text import did_you_mean
from pairctl.validation import Inspection, ReadingCache, Request

EXAMPLES = """
Examples:

  pairctl expand              # all sets below the current folder

  pairctl expand emea         # one of them

  pairctl expand store-0042 --ref main
"""


def expand(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="Sets, or intents of theirs; left out: all.",
            autocompletion=set_completions,
        ),
    ] = None,
    folder: Annotated[Path, typer.Option(help="The folder with the documents.")] = Path(),
    ref: Annotated[
        str | None, typer.Option(help="Read a commit of the repository instead of the folder.")
    ] = None,
) -> None:
    """Print the intents that PairingIntentSets come to, as documents of their own.

    What is printed is what is judged and carried out: committed in place of its row, a document
    changes nothing. Rows that are refused are left out; `pairctl validate` says why.

    Exits 3 where something is refused that may hold such intents.
    """
    screen = Screen()
    inspection = proven(Request(folder, ref), ReadingCache()).inspection
    rows = [entry for entry in inspection.entries if entry.row_of]
    chosen = _chosen(names or (), rows, inspection)
    valid = {id(entry) for entry in inspection.valid}
    printed = [entry for entry in chosen if id(entry) in valid]
    for entry in printed:
        document, _ = plain(inspection.root_of(entry))
        assert isinstance(document, dict)
        screen.plain(render_document(document).rstrip("\n"))
    screen.note(f"{len(printed)} intent{'s' * (len(printed) != 1)} of sets")
    refused = len(chosen) - len(printed)
    is_whole = not refused and not _refused_sets(inspection, valid)
    if refused:
        screen.note(f"{refused} refused and left out: see `pairctl validate`", "yellow")
    for path in _refused_sets(inspection, valid):
        screen.note(f"a set in {path} is refused: see `pairctl validate`", "yellow")
    raise typer.Exit(Exit.OK if is_whole else Exit.BLOCKED)


def _refused_sets(inspection: Inspection, valid: set[int]) -> tuple[str, ...]:
    sets = (entry for entry in inspection.entries if entry.kind == "PairingIntentSet")
    return tuple(dict.fromkeys(entry.path for entry in sets if id(entry) not in valid))


def _chosen(
    names: Sequence[str], rows: Sequence[IndexEntry], inspection: Inspection
) -> list[IndexEntry]:
    """Return the rows that are meant. Raises ConfigurationError for a name that none has."""
    sets = {
        (entry.path, entry.number): entry.name or ""
        for entry in inspection.entries
        if entry.kind == "PairingIntentSet"
    }
    called = {id(row): {row.name, sets[row.row_of[:2]]} for row in rows if row.row_of}
    known = {name for own in called.values() for name in own if name} | set(sets.values())
    for name in names:
        if name not in known:
            near = did_you_mean(name, known)
            message = f"no set, and no intent of a set, is called {name}"
            raise ConfigurationError(
                Problem("UnknownName", message, near or "see `pairctl validate`")
            )
    return [row for row in rows if not names or called[id(row)] & set(names)]
