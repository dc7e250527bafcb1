"""What is asked before a repository is made."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from pairctl.problem import ConfigurationError, Problem
from pairctl.starter.source import Source

PLACEHOLDER_ENDPOINT = "https://palette.example.com"

_OWNER_AND_NAME = 2


class Forge(StrEnum):
    """Where pull requests are made."""

    GITHUB = "github"
    GITLAB = "gitlab"
    NONE = "none"


class BadAnswer(ConfigurationError):
    """With this answer the repository would not work."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(Problem("BadAnswer", message, hint))


@dataclass(frozen=True, slots=True)
class Answers:
    """What differs from one new repository to the next. Raises BadAnswer.

    `path` is the folder for documents, from the repository's top; empty: the top itself. Without
    a `source`, a placeholder stands for it, which no forge can take for somebody's repository.
    """

    name: str = "production"
    endpoint: str = PLACEHOLDER_ENDPOINT
    project: str = ""
    path: str = ""
    forge: Forge = Forge.GITHUB
    source: Source | None = None

    def __post_init__(self) -> None:
        if self.folder.is_absolute() or any(part.startswith(".") for part in self.folder.parts):
            raise BadAnswer(
                f"--path {self.path} is no folder that documents are read from",
                "name it from the repository's top; hidden folders are not read",
            )
        if self.forge is Forge.GITHUB and self.source is not None:
            _refuse_no_action(self.source)

    @property
    def folder(self) -> PurePosixPath:
        """The folder for documents."""
        return PurePosixPath(self.path)


def _refuse_no_action(source: Source) -> None:
    if len(source.project.split("/")) != _OWNER_AND_NAME:
        raise BadAnswer(
            f"--source {source.url} is not of the form https://HOST/OWNER/NAME",
            "GitHub takes actions from its own repositories: name the one there, or a copy of it",
        )
