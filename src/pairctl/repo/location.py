"""Where a repository is: the only forms of path and URL that git is ever given."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn
from urllib.parse import unquote

from pairctl.problem import Problem
from pairctl.repo.problems import UrlNotAllowed
from pairctl.text import escaped, is_plain, without_credentials

MAX_LOCATION_CHARS = 2048
Scheme = Literal["path", "file", "https", "http", "ssh"]

_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
_LOOPBACK = r"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])"
_USER = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
_PORT = r"(?::[0-9]{1,5})?"
_URL_PATH = r"/[A-Za-z0-9_.~%/+,=@:-]*"
_FORMS: tuple[tuple[Scheme, re.Pattern[str]], ...] = (
    ("https", re.compile(rf"https://{_HOST}{_PORT}{_URL_PATH}")),
    ("http", re.compile(rf"http://{_LOOPBACK}{_PORT}{_URL_PATH}")),
    ("ssh", re.compile(rf"ssh://(?:{_USER}@)?{_HOST}{_PORT}{_URL_PATH}")),
    ("ssh", re.compile(rf"(?:{_USER}@)?{_HOST}:(?![-:])(?!//)[A-Za-z0-9_.~/+,=@-]+")),
)
# Git looks for the login up to the first slash only.
_WITH_USER = re.compile(r"(?P<scheme>https?://)(?P<user>[^/?#]*)@(?P<rest>[^/?#@]+(?:/.*)?)")
_HINT = (
    "give a path, https://host/path, ssh://host/path, user@host:path or file:///path;"
    " credentials belong into ~/.netrc or an ssh key, never into the URL"
)


@dataclass(frozen=True, slots=True)
class Location:
    """A checked location: `address` is an absolute path or a URL, without any secret in it."""

    address: str
    scheme: Scheme

    @property
    def is_url(self) -> bool:
        """A clone URL, `file://` included, as opposed to a path."""
        return self.scheme != "path"

    @property
    def folder(self) -> Path | None:
        """Where the repository is on this machine; None where it is elsewhere, or to be decoded."""
        path = self.address.removeprefix("file://")
        is_plain_path = self.scheme == "path" or "%" not in path
        return Path(path) if self.protocol == "file" and is_plain_path else None

    @property
    def protocol(self) -> str:
        """The one transport of git that this location needs."""
        return "file" if self.scheme == "path" else self.scheme


def parse_location(text: str, *, relative_to: Path) -> Location:
    """The location that `text` names; relative paths start at `relative_to`.

    Raises UrlNotAllowed for every form not listed here: other schemes, remote helpers such as
    `ext::`, a leading dash, control characters, credentials, plain http beyond loopback.
    """
    if not text or len(text) > MAX_LOCATION_CHARS or not is_plain(text) or text[0] == "-":
        _refuse(text, "it is empty, too long, starts with a dash or holds control characters")
    for scheme, form in _FORMS:
        if form.fullmatch(text):
            return Location(text, scheme)
    if text.startswith("file:///"):
        return Location(text, "file")
    if ":" not in text.split("/", maxsplit=1)[0]:
        return Location(str((relative_to / text).absolute()), "path")
    return _refuse(text, _why_not(text))


def without_login(url: str) -> tuple[str, str]:
    """Part an https or http URL from the login in it: the URL alone, and `user:password`.

    Without a password there is no login: the user alone lets nobody in. Pure.
    """
    found = _WITH_USER.fullmatch(url)
    if found is None:
        return url, ""
    user, _, password = found["user"].partition(":")
    login = f"{unquote(user)}:{unquote(password)}" if password else ""
    return found["scheme"] + found["rest"], login


def _why_not(text: str) -> str:
    if re.match(r"https?://[^/]*@", text) or re.match(r"[a-z]+://[^/@]*:[^/]*@", text):
        return "a URL with credentials in it would show them in process lists and messages"
    if text.startswith("http://"):
        return "plain http is for loopback only"
    return "this form is not allowed"


def _refuse(text: str, why: str) -> NoReturn:
    name = escaped(without_credentials(text))[:200]
    raise UrlNotAllowed(Problem("UrlNotAllowed", f"repository location {name!r}: {why}", _HINT))
