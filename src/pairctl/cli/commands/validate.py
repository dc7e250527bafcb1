"""`pairctl validate`: prove documents without network and without secrets."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from pairctl.cli.exits import Exit
from pairctl.cli.formats import ReportFormat, render
from pairctl.cli.formats.text import pieces
from pairctl.cli.report import Report
from pairctl.cli.screen import Screen
from pairctl.spec import Code, Declared, Finding, SourceFile, excerpts, load, read_folder

EXAMPLES = """
Examples:

  pairctl validate                      # the documents below the current folder

  pairctl validate clusters/            # those of one folder

  pairctl validate --ref main           # as they are committed

  pairctl validate --format github --write sarif=pairctl.sarif --write junit=pairctl.xml
"""


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
        str | None, typer.Option(help="Check a commit of this local repository instead.")
    ] = None,
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

    Exits 0 where all is well, 2 where there are findings, 1 where the folder cannot be read.
    """
    screen = Screen()
    report = _folder(folder) if ref is None else asyncio.run(_commit(folder, ref))
    for form, file in write or ():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(screen.clean(render(report, form)), encoding="utf-8")
    if format is ReportFormat.TEXT:
        screen.pieces(pieces(report))
    else:
        screen.pieces([(render(report, format), "")])
    raise typer.Exit(Exit.FINDINGS if report.is_refused else Exit.OK)


def _folder(folder: Path) -> Report:
    files = read_folder(*_root_and_folder(folder))
    return _report(files.files, files.refused)


def _root_and_folder(folder: Path) -> tuple[Path, str]:
    """Return where paths are told from, and the way from there to the documents.

    That is the current folder, as in a repository's clone, unless the documents lie elsewhere.
    """
    here, there = Path.cwd(), folder.resolve()
    return (
        (Path(), there.relative_to(here).as_posix())
        if here in (there, *there.parents)
        else (folder, "")
    )


async def _commit(folder: Path, ref: str) -> Report:
    """Read the documents of a commit, as they are there, whatever the work tree holds."""
    from pairctl.repo import Repository  # noqa: PLC0415 - Git is slow to load, and seldom needed

    async with await Repository.open(str(folder)) as repository:
        files = await repository.files(await repository.resolve(ref))
    unread = [
        Finding(one.path, 1, 1, Code.UNREADABLE_FILE, one.problem.message, one.problem.hint)
        for one in files.refused
    ]
    return _report(files.sources, unread)


def _report(files: Sequence[SourceFile], refused: Iterable[Finding]) -> Report:
    declared = load(files)
    findings = tuple(sorted((*declared.findings, *refused)))
    paths = tuple(sorted(file.path for file in files))
    return Report(findings, paths, _documents(declared), excerpts(findings, files))


def _documents(declared: Declared) -> int:
    """Return how many documents there are, valid or not."""
    valid = (declared.palettes, declared.matches, declared.intents)
    return sum(map(len, valid)) + len(declared.rejected)
