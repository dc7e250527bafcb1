"""The operator's own file: read where it was named, and refused where a pull request can reach."""

from pathlib import Path

from pairctl.permissions import why_changeable
from pairctl.problem import ConfigurationError, Problem
from pairctl.spec import OperatorSpec, SourceFile, load_operator


def read_operator_file(file: Path | None, repository: Path) -> OperatorSpec:
    """Read the operator's file; without one all is at its default. Raises ConfigurationError."""
    if file is None:
        return OperatorSpec()
    _refuse_inside(file, repository)
    _refuse_changeable(file)
    return load_operator(SourceFile(str(file), file.read_bytes())).spec


def _refuse_inside(file: Path, repository: Path) -> None:
    """Refuse an operator's file that a pull request could change."""
    if repository.is_dir() and file.resolve().is_relative_to(repository.resolve()):
        raise ConfigurationError(
            Problem(
                "OperatorInRepository",
                f"the operator's file {file} lies inside the repository that it is to guard",
                "keep it where no pull request can change it",
            )
        )


def _refuse_changeable(file: Path) -> None:
    """Refuse an operator's file that others of this machine could change."""
    if why := why_changeable(file):
        raise ConfigurationError(
            Problem(
                "InvalidOperator",
                f"the operator's file is not its owner's alone: {why}",
                f"take the permission away: chmod o-w {file} (or the folder)",
            )
        )
