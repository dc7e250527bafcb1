"""The operator's own file: read where it was named, and refused where a pull request can reach."""

from pathlib import Path

from pairctl.permissions import why_changeable
from pairctl.problem import ConfigurationError, Problem
from pairctl.spec import OperatorSpec, SourceFile, load_operator


def read_operator_file(file: Path | None, repository: Path) -> OperatorSpec:
    """Read the operator's file; without one all is at its default. Raises ConfigurationError."""
    if file is None:
        return OperatorSpec()
    # A pull request could change a file inside of the repository that it is to guard.
    if repository.is_dir() and file.resolve().is_relative_to(repository.resolve()):
        raise ConfigurationError(
            Problem(
                "OperatorInRepository",
                f"the operator's file {file} lies inside the repository that it is to guard",
                "keep it where no pull request can change it",
            )
        )
    if why := why_changeable(file):
        raise ConfigurationError(
            Problem(
                "InvalidOperator",
                f"the operator's file is not its owner's alone: {why}",
                f"take the permission away: chmod o-w {file} (or the folder)",
            )
        )
    return load_operator(SourceFile(str(file), file.read_bytes())).spec
