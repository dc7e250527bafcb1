"""`pairctl init`: a repository that is ready for the first intent."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli.output_files import refuse_unusable_folder
from pairctl.cli.screen import Screen
from pairctl.problem import ConfigurationError, Problem
from pairctl.starter import Answers, Forge, parse_source, starter_files
from pairctl.starter.answers import PLACEHOLDER_ENDPOINT
from pairctl.validation import repository_of

EXAMPLES = """
Examples:

  pairctl init                          # here, with placeholders

  pairctl init pairings --palette-endpoint https://palette.acme.example

  pairctl init --forge gitlab --source https://git.example/pairctl@v0.1.0

  pairctl init --path clusters          # in a folder of a larger repository
"""


def init(
    folder: Annotated[
        Path, typer.Argument(help="The repository's top folder; made where it is not there.")
    ] = Path(),
    name: Annotated[str, typer.Option(help="What documents call the Palette.")] = "production",
    palette_endpoint: Annotated[
        str,
        typer.Option(
            metavar="URL",
            show_default="a placeholder",
            help="Where Palette is: https://HOST or https://HOST:PORT.",
        ),
    ] = PLACEHOLDER_ENDPOINT,
    project: Annotated[
        str, typer.Option(help="The project's name or uid; left out: the tenant.")
    ] = "",
    path: Annotated[str, typer.Option(help="The folder for documents, from the top.")] = "",
    forge: Annotated[
        Forge, typer.Option(help="Where changes are reviewed: whose CI to set up.")
    ] = Forge.GITHUB,
    source: Annotated[
        str,
        typer.Option(
            metavar="URL[@REF]", help="The repository that CI and pre-commit take pairctl from."
        ),
    ] = "",
) -> None:
    """Make a ready repository: folders, a first Palette, CI, hooks, schemas for editors.

    Writes files and nothing else: no Git, no network. Files that are there already are kept.
    """
    refuse_unusable_folder(folder, "FOLDER")
    screen = Screen()
    # Forges and hooks look at the top of a repository only.
    top = repository_of(folder)
    if top is not None and top.resolve() != folder.resolve():
        within = folder.resolve().relative_to(top.resolve())
        raise ConfigurationError(
            Problem(
                "NotTheTop",
                f"{folder} lies in the repository {top}, and CI is set up at its top",
                f"use `pairctl init {top} --path {within.as_posix()}`, or `git init` here first",
            )
        )
    answers = Answers(
        name, palette_endpoint, project, path, forge, parse_source(source) if source else None
    )
    starter = starter_files(answers)
    for file, is_made in _write(folder, starter.texts):
        screen.line(f"{'made' if is_made else 'kept'}  {file}", "" if is_made else "yellow")
    screen.line()
    screen.line("Next:")
    for number, step in enumerate(starter.steps, start=1):
        screen.line(f"{number}. {step}")


def _write(folder: Path, texts: Mapping[str, str]) -> Iterator[tuple[Path, bool]]:
    """Write what is not there yet; yields each path, and whether it was made."""
    for path, text in texts.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with file.open("x", encoding="utf-8") as opened:
                opened.write(text)
        except FileExistsError:
            yield file, False
        else:
            yield file, True
