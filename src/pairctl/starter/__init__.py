"""The files of a new repository: from a few answers to documents, CI, hooks and schemas. Pure."""

from pairctl.starter.answers import Answers, BadAnswer, Forge
from pairctl.starter.files import StarterFiles, starter_files
from pairctl.starter.source import Source, parse_source

__all__ = [
    "Answers",
    "BadAnswer",
    "Forge",
    "Source",
    "StarterFiles",
    "parse_source",
    "starter_files",
]
