"""`pairctl validate`: prove documents without network and without secrets."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli.exits import Exit
from pairctl.cli.findings_text import findings_data, show_findings
from pairctl.cli.options import Format, Output
from pairctl.cli.screen import Screen
from pairctl.repo import Refused, Repository
from pairctl.spec import Code, Declared, Finding, SourceFile, load, read_folder

EXAMPLES = """
Examples:

  pairctl validate                      # the documents below the current folder

  pairctl validate clusters/            # those of one folder

  pairctl validate --ref main           # as they are committed

  pairctl validate --format json .      # for machines
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read, and all that is wrong with it, sorted."""

    declared: Declared
    files: int
    findings: tuple[Finding, ...]

    @property
    def documents(self) -> int:
        """How many documents there are, valid or not."""
        told = self.declared
        valid = (told.palettes, told.matches, told.intents, told.approvals)
        return sum(map(len, valid)) + len(told.rejected)


def validate(
    folder: Annotated[Path, typer.Argument(help="The folder with the documents.")] = Path(),
    ref: Annotated[
        str | None, typer.Option(help="Check a commit of this local repository instead.")
    ] = None,
    format: Format = Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Check documents against their schemas and each other. Needs no network and no secret.

    Exits 0 where all is well, 2 where there are findings, 1 where the folder cannot be read.
    """
    screen = Screen()
    checked = _folder(folder) if ref is None else asyncio.run(_commit(folder, ref))
    if format is Output.JSON:
        told = {"findings": findings_data(checked.findings), "documents": checked.documents}
        screen.data(told)
    else:
        show_findings(screen, checked.findings)
        screen.line(_summary(checked))
    is_refused = any(finding.refuses for finding in checked.findings)
    raise typer.Exit(Exit.FINDINGS if is_refused else Exit.OK)


def _folder(folder: Path) -> Checked:
    files = read_folder(folder)
    return _checked(files.files, files.refused)


async def _commit(folder: Path, ref: str) -> Checked:
    """Read the documents of a commit, as they are there, whatever the work tree holds."""
    async with await Repository.open(str(folder)) as repository:
        files = await repository.files(await repository.resolve(ref))
    return _checked(files.sources, tuple(map(_unread, files.refused)))


def _checked(files: tuple[SourceFile, ...], refused: tuple[Finding, ...]) -> Checked:
    declared = load(files)
    return Checked(declared, len(files), tuple(sorted((*declared.findings, *refused))))


def _unread(file: Refused) -> Finding:
    problem = file.problem
    return Finding(file.path, 1, 1, Code.UNREADABLE_FILE, problem.message, problem.hint)


def _summary(checked: Checked) -> str:
    errors = sum(finding.refuses for finding in checked.findings)
    if not checked.documents:
        return f"no documents in {checked.files} files: nothing was checked"
    verdict = f"{errors} error{'s' * (errors != 1)}" if errors else "all valid"
    return f"{checked.documents} documents in {checked.files} files: {verdict}"
