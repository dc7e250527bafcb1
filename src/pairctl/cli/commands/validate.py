"""`pairctl validate`: prove documents without network and without secrets."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from pairctl.cli import options
from pairctl.cli.causes_view import room_for
from pairctl.cli.formats import ReportFormat, render
from pairctl.cli.formats.text import Piece, brief_pieces, pieces
from pairctl.cli.operator_file import read_operator_file
from pairctl.cli.option_groups import grouped
from pairctl.cli.output_files import refuse_unwritable
from pairctl.cli.own_files import refuse_own_files
from pairctl.cli.report import Report
from pairctl.cli.screen import Screen
from pairctl.cli.validating import proven
from pairctl.exits import Exit
from pairctl.spec import Finding, IndexEntry, IntentSelection, excerpts
from pairctl.user_cache import user_cache_folder
from pairctl.validation import (
    Inspection,
    ReadingCache,
    Request,
    Validation,
    repository_of,
)

EXAMPLES = """
Examples:

  pairctl validate                      # the documents below the current folder

  pairctl validate clusters/            # those of one folder

  pairctl validate . store-0042         # one intent, and what it refers to

  pairctl validate --ref main           # as they are committed

  pairctl validate --staged             # in a pre-commit hook

  pairctl validate --base origin/main   # prove what a pull request changes

  pairctl validate --format github --write sarif=pairctl.sarif
"""

_FEW = 20
"""So many documents are no fleet: each finding about them is shown."""


class Destination(NamedTuple):
    """A format, and the file that it is written to."""

    form: ReportFormat
    file: Path


def _destination(text: str) -> Destination:
    name, is_there, file = text.partition("=")
    if not is_there or not file or name not in set(ReportFormat):
        formats = ", ".join(ReportFormat)
        raise typer.BadParameter(f"{text!r} is not FORMAT=FILE, with one of {formats}")
    return Destination(ReportFormat(name), Path(file))


@dataclass(frozen=True, slots=True)
class Reading:
    """What documents are read from, and held against."""

    ref: Annotated[
        str | None, typer.Option(help="Check a commit of the repository instead of the folder.")
    ] = None
    staged: Annotated[
        bool,
        typer.Option("--staged", help="Check what is staged: what `git commit` would commit."),
    ] = False
    observed: Annotated[
        str | None,
        typer.Option(
            metavar="REF",
            help="Prove matches on what this commit of the status branch holds."
            " Left out: on the status branch, where the clone has it.",
        ),
    ] = None
    base: Annotated[
        str | None,
        typer.Option(metavar="REF", help="Prove only matches of what has changed since."),
    ] = None
    operator: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="The operator's file, where it lets a secret serve as several things.",
        ),
    ] = None
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Read every file, and keep nothing for the next run.")
    ] = False

    def request(self, folder: Path, selection: IntentSelection) -> Request:
        """Return what is to be validated. Raises as the reading of the operator's file does."""
        top = repository_of(folder) or folder
        allowed = read_operator_file(self.operator, top).secret_roles
        return Request(
            *(folder, self.ref, self.observed, self.base, allowed),
            staged=self.staged,
            index_file=_index_file(os.environ) if self.staged else None,
            selection=selection,
        )


@grouped
def validate(
    folder: Annotated[Path, typer.Argument(help="The folder with the documents.")] = Path(),
    *,
    intents: options.Intents,
    reading: Reading,
    all_findings: Annotated[
        bool, typer.Option("--all", help="Show each finding, also where several say the same.")
    ] = False,
    format: Annotated[  # noqa: A002 - the option's name
        ReportFormat, typer.Option("--format", "-o", help="How to show the result.")
    ] = ReportFormat.TEXT,
    write: Annotated[
        list[Destination] | None,
        typer.Option(
            parser=_destination,
            metavar="FORMAT=FILE",
            help="Write the result to a file as well. May be given several times.",
        ),
    ] = None,
) -> None:
    """Check documents against their schemas and each other. Needs no network and no secret.

    Matches are proven on what passes have seen, where the clone has the status branch: layers of
    clusters, and Palette's latest profiles. What is found alike in several places is shown once,
    with their names; files and other formats have each finding.

    Behind the folder, names of intents keep to them and what they refer to. Exits 0 where all is
    well, 2 where there are findings, 1 where the folder cannot be read, or holds only your own
    files, beside the folder that is meant.
    """
    options.refuse_together(
        "--staged", "--ref", is_given=reading.staged, has_other=reading.ref is not None
    )
    for _, file in write or ():
        refuse_unwritable(file, "--write", makes_folders=True)
    screen, selection = Screen(), intents.selection
    cache = ReadingCache.open(None if reading.no_cache else user_cache_folder())
    if cache.refused:
        screen.note(f"validated without the cache: {cache.refused}")
    with closing(cache):
        found = proven(reading.request(folder, selection), cache)
        refuse_own_files(folder, found.inspection.entries)
        report = _report(found)
    for form, file in write or ():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(render(report, form), encoding="utf-8")
    if format is ReportFormat.TEXT:
        shown = pieces(report, _width(screen)) if all_findings else _brief(screen, report)
        screen.pieces(shown)
    else:
        screen.plain(render(report, format).removesuffix("\n"))
    raise typer.Exit(Exit.FINDINGS if report.is_refused else Exit.OK)


def _index_file(environment: Mapping[str, str]) -> Path | None:
    """Return the index that Git tells its hooks of: `git commit FILE` makes one of its own."""
    said = environment.get("GIT_INDEX_FILE")
    return Path.cwd() / said if said else None


def _width(screen: Screen) -> int | None:
    """Return how wide lines are: as wide as they come, unless somebody reads them in columns.

    Colours that are forced into a pipe change nothing but the colours.
    """
    in_columns = screen.out.file.isatty() or "COLUMNS" in os.environ
    return screen.out.width if in_columns else None


def _brief(screen: Screen, report: Report) -> Iterator[Piece]:
    width = _width(screen)
    if report.documents <= _FEW:
        return brief_pieces(report, width, None)
    return brief_pieces(report, width, room_for(screen, report.documents))


def _report(found: Validation) -> Report:
    inspection = found.inspection
    pointed = dict.fromkeys(one.path for one in found.findings if one.has_span)
    entries = _entries_of(inspection, found.findings)
    files = [file for path in pointed if (file := inspection.content(path))]
    return Report(
        found.findings,
        inspection.paths,
        len(inspection.entries),
        excerpts(found.findings, files),
        found.proofs,
        names={place: entry.name for place, entry in entries.items() if entry.name},
        kinds={one.name: one.kind for one in entries.values() if one.name and one.kind},
    )


def _entries_of(
    inspection: Inspection, findings: Sequence[Finding]
) -> dict[tuple[str, int], IndexEntry]:
    """Return the documents that findings are about, by file and line."""
    paths = {one.path for one in findings}
    by_path: dict[str, list[IndexEntry]] = {}
    for entry in inspection.entries:
        if entry.path in paths:
            by_path.setdefault(entry.path, []).append(entry)
    return {
        (one.path, one.line): entry
        for one in findings
        for entry in by_path.get(one.path, ())
        if entry.span.line <= one.line <= entry.span.end_line
    }
