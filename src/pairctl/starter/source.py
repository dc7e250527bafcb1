"""Where CI and hooks take pairctl itself from: a Git repository, at a tag or commit."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pairctl import __version__
from pairctl.problem import ConfigurationError, Problem

_ADDRESS = r"(https://|file://|ssh://(git@)?|/)[\w./:~+%-]+"
_SOURCE = re.compile(rf"(?P<url>{_ADDRESS})(@(?P<ref>[\w.+-]+))?", re.ASCII)


_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Source:
    """A Git repository with pairctl in it, and which version of it."""

    url: str
    ref: str

    @property
    def is_pinned(self) -> bool:
        """Whether it is a commit's id: a tag, or a branch, can be moved to other code."""
        return _COMMIT.fullmatch(self.ref) is not None

    @property
    def project(self) -> str:
        """Its path at the forge, as in `owner/name`."""
        return urlsplit(self.url).path.strip("/").removesuffix(".git")


def parse_source(text: str) -> Source:
    """Read `URL` or `URL@REF`; without one, the tag of this version is meant.

    Raises ConfigurationError for what is no such address, or has a login in it.
    """
    found = _SOURCE.fullmatch(text)
    if found is None:
        raise ConfigurationError(
            Problem(
                "BadSource",
                "--source is not the address of a Git repository",
                "write it as https://HOST/OWNER/NAME@TAG, without a user or a password in it",
            )
        )
    return Source(found["url"], found["ref"] or f"v{__version__}")
