"""`pairctl validate`: prove documents without network and without secrets."""

import gc
from contextlib import closing
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from pairctl.cli.formats import ReportFormat, render
from pairctl.cli.formats.text import pieces
from pairctl.cli.operator_file import read_operator_file
from pairctl.cli.report import Report
from pairctl.cli.screen import Screen
from pairctl.cli.validating import proven
from pairctl.exits import Exit
from pairctl.spec import RolesOf, excerpts
from pairctl.validation import (
    ReadingCache,
    Request,
    Validation,
    repository_of,
    user_cache_folder,
)

EXAMPLES = """
Examples:

  pairctl validate                      # the documents below the current folder

  pairctl validate clusters/            # those of one folder

  pairctl validate --ref main           # as they are committed

  pairctl validate --base origin/main   # prove what a pull request changes

  pairctl validate --format github --write sarif=pairctl.sarif
"""

COLLECT_AFTER = 30_000
"""How many objects are made before the collector looks through all of them: nearly all are kept."""


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


def validate(
    folder: Annotated[Path, typer.Argument(help="The folder with the documents.")] = Path(),
    ref: Annotated[
        str | None, typer.Option(help="Check a commit of the repository instead of the folder.")
    ] = None,
    observed: Annotated[
        str | None,
        typer.Option(
            metavar="REF",
            help="Prove matches on what this commit of the status branch holds."
            " Left out: on the status branch, where the clone has it.",
        ),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(metavar="REF", help="Prove only matches of what has changed since."),
    ] = None,
    operator: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="The operator's file, where it lets a secret serve as several things.",
        ),
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Read every file, and keep nothing for the next run.")
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
    clusters, and Palette's latest profiles. Exits 0 where all is well, 2 where there are findings,
    1 where the folder cannot be read.
    """
    gc.set_threshold(COLLECT_AFTER)
    screen = Screen()
    cache = ReadingCache.open(None if no_cache else user_cache_folder())
    if cache.refused:
        screen.note(f"validated without the cache: {cache.refused}")
    with closing(cache):
        request = Request(folder, ref, observed, base, _allowed(operator, folder))
        report = _report(proven(request, cache))
    for form, file in write or ():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(render(report, form), encoding="utf-8")
    if format is ReportFormat.TEXT:
        screen.pieces(pieces(report))
    else:
        screen.plain(render(report, format).removesuffix("\n"))
    raise typer.Exit(Exit.FINDINGS if report.is_refused else Exit.OK)


def _allowed(operator: Path | None, folder: Path) -> RolesOf:
    return read_operator_file(operator, repository_of(folder) or folder).secret_roles


def _report(found: Validation) -> Report:
    inspection = found.inspection
    pointed = dict.fromkeys(one.path for one in found.findings if one.has_span)
    files = [file for path in pointed if (file := inspection.content(path))]
    return Report(
        found.findings,
        inspection.paths,
        len(inspection.entries),
        excerpts(found.findings, files),
        found.proofs,
    )
