"""Where secrets come from: a folder as Kubernetes and systemd mount them, or the environment."""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pairctl.permissions import why_changeable
from pairctl.problem import PairctlError, Problem
from pairctl.secrets.forms import LEAST
from pairctl.secrets.reading import visible
from pairctl.secrets.redactor import MOST_SECRETS, Redactor
from pairctl.secrets.secret import Credentials, Secret

MAX_SECRET_BYTES = 64 * 1024
VARIABLE_PREFIX = "PAIRCTL_SECRET_"
_LEAST_OF_A_KEY = 16
MOST_KEYS = 100
"""How many keys of one folder are made known before they are used."""

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NOT_FOR_HEADERS = re.compile(r"[^\x20-\x7e]")


class SecretFailure(PairctlError):
    """A secret could not be had. The text never holds its value."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(Problem(type(self).__name__, message, hint))


class SecretMissing(SecretFailure):
    """No secret of this name was found; the text says where it was looked for."""


class SecretUnusable(SecretFailure):
    """A secret was found and cannot be used; the text names place and position."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Raw bytes of a secret, and the place they were read from, for messages."""

    place: str
    content: bytes


def variable_name(name: str) -> str:
    """Return the environment variable that may hold the secret `name`."""
    return VARIABLE_PREFIX + name.upper().replace("-", "_")


class SecretStore:
    """Reads secrets by name; a file wins over the environment. Nothing is kept between calls.

    A secret of the folder is a file, or a folder with one file a key. Each value read is made
    known to the redactor before it is handed out; one that is too short for that is refused.
    """

    def __init__(
        self, folder: Path | None, environment: Mapping[str, str], redactor: Redactor
    ) -> None:
        self._folder = folder
        self._environment = environment
        self._redactor = redactor

    def teach(self, names: Iterable[str] | None = None) -> None:
        """Make the redactor know secrets before they are used; by default all that there are.

        Whoever was given one in another run may say it in this one. What cannot be read is told
        when it is used.
        """
        for name in self._names() if names is None else names:
            with suppress(SecretFailure, OSError):
                for value in self._values(name):
                    if len(visible(value)) >= LEAST:
                        self._redactor.learn(value)

    def seal_key(self, purpose: str) -> bytes:
        """Return a key that only those can make who have all the secrets; empty where none is.

        What is sealed with it was written by a run that had them. None of them can be told from
        it: at least one is long enough not to be guessed, or there is no key.
        """
        values: set[str] = set()
        for name in self._names():
            with suppress(SecretFailure, OSError):
                values.update(self._values(name))
        if not any(len(visible(value)) >= _LEAST_OF_A_KEY for value in values):
            return b""
        sealed = hmac.new(purpose.encode(), digestmod=hashlib.sha256)
        for value in sorted(values):
            sealed.update(hashlib.sha256(value.encode("utf-8", "surrogateescape")).digest())
        return sealed.digest()

    def get(self, name: str) -> Secret:
        """Return a key or token: one line of printable ASCII, fit for a header.

        Raises SecretMissing or SecretUnusable.
        """
        found = self._single(name)
        return self._learned(found.place, _checked(found, _NOT_FOR_HEADERS))

    def text(self, name: str) -> Secret:
        """Return a value of any text, several lines too, as variables of profiles may need it."""
        found = self._single(name)
        return self._learned(found.place, _checked(found, _CONTROL_IN_TEXT))

    def credentials(self, name: str) -> Credentials:
        """Return a user and password: a folder with these two keys, or a text `username:password`.

        The text is split at its first colon. Raises SecretMissing or SecretUnusable.
        """
        path = self._path(name)
        if path is not None and path.is_dir():
            keys = (_Found(str(path / key), _read(path / key)) for key in ("username", "password"))
            username, password = (_checked(found, _CONTROL) for found in keys)
            return Credentials(username, self._learned(str(path / "password"), password))
        found = self._single(name)
        return self._split(found.place, _checked(found, _CONTROL))

    def _split(self, place: str, text: str) -> Credentials:
        username, colon, password = text.partition(":")
        if not (username and colon and password):
            self._redactor.learn(text)
            raise SecretUnusable(
                f"{place} does not hold a user and a password",
                "write `username:password`, or a folder with the files `username` and `password`",
            )
        return Credentials(username, self._learned(place, password))

    def _learned(self, place: str, value: str) -> Secret:
        """Return a secret that can be kept out of texts. Raises SecretUnusable."""
        if len(visible(value)) < LEAST:
            raise SecretUnusable(
                f"the secret in {place} is too short to be kept out of texts: it has fewer than"
                f" {LEAST} characters that can be seen",
                f"use a secret of at least {LEAST} characters; spaces are not counted",
            )
        self._redactor.learn(value)
        return Secret(value)

    def _names(self) -> Iterator[str]:
        for variable in self._environment:
            if variable.startswith(VARIABLE_PREFIX):
                yield variable.removeprefix(VARIABLE_PREFIX).lower().replace("_", "-")
        with suppress(OSError):
            for path in islice(self._folder.iterdir() if self._folder else (), MOST_SECRETS):
                if _NAME.fullmatch(path.name):
                    yield path.name

    def _values(self, name: str) -> Iterator[str]:
        """Yield what may be a secret by this name: each key of a folder, a text, its password."""
        path = self._path(name)
        if path is not None and path.is_dir():
            keys = [key for key in path.iterdir() if not key.name.startswith(".")]
            for key in keys[:MOST_KEYS]:
                if key.name != "username":
                    yield _without_line_end(_decoded(_Found(str(key), _read(key))))
            return
        text = _without_line_end(_decoded(self._single(name)))
        yield text
        yield text.partition(":")[2]

    def _single(self, name: str) -> _Found:
        path = self._path(name)
        if path is not None:
            path = _only_key(path) if path.is_dir() else path
            return _Found(str(path), _read(path))
        variable = variable_name(name)
        if variable in self._environment:
            value = self._environment[variable]
            return _Found(f"the variable {variable}", value.encode("utf-8", "surrogateescape"))
        raise self._missing(name)

    def _path(self, name: str) -> Path | None:
        if _NAME.fullmatch(name) is None:
            raise SecretUnusable("a secret's name is not a DNS label", "use a-z, 0-9 and hyphens")
        if self._folder is None:
            return None
        path = self._folder / name
        if not path.exists():
            return None
        _refuse_changeable(path)
        return path

    def _missing(self, name: str) -> SecretMissing:
        variable = variable_name(name)
        if self._folder is None:
            looked, hint = "no secrets folder was given", f"set {variable}, or give --secrets-dir"
        else:
            looked = f"{self._folder / name} does not exist"
            hint = f"write its value to {self._folder / name}, or set {variable}"
        return SecretMissing(
            f"there is no secret `{name}`: {looked}, and {variable} is not set", hint
        )


def _refuse_changeable(path: Path) -> None:
    """Refuse what others could put in a secret's place.

    That they may read it is its owner's affair: Kubernetes mounts secrets readable for all.
    """
    try:
        why = why_changeable(path)
    except OSError as error:
        raise SecretUnusable(f"{path} cannot be looked at: {error.strerror}") from error
    if why:
        raise SecretUnusable(
            f"{path} may be somebody else's: {why}", "take the permission away: chmod o-w"
        )


def _only_key(folder: Path) -> Path:
    """Return the folder's one key; Kubernetes' own `..data` entries are no keys."""
    keys = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    if len(keys) != 1:
        found = ", ".join(keys) or "none"
        raise SecretUnusable(f"{folder} should hold one key, found: {found}", "keep one file in it")
    return folder / keys[0]


def _read(path: Path) -> bytes:
    if path.exists():
        _refuse_changeable(path)
    try:
        with path.open("rb") as file:
            return file.read(MAX_SECRET_BYTES + 1)
    except FileNotFoundError as error:
        raise SecretUnusable(f"{path} does not exist", "write the value to this file") from error
    except OSError as error:
        raise SecretUnusable(f"{path} cannot be read: {error.strerror}") from error


def _checked(found: _Found, refused: re.Pattern[str]) -> str:
    if len(found.content) > MAX_SECRET_BYTES:
        raise SecretUnusable(f"{found.place} is larger than {MAX_SECRET_BYTES} bytes")
    text = _without_line_end(_decoded(found).removeprefix("\ufeff"))
    if not text:
        raise SecretUnusable(f"{found.place} is empty", "write the secret's value to it")
    _refuse(found.place, text, refused.search)
    return text


def _decoded(found: _Found) -> str:
    try:
        return found.content.decode()
    except UnicodeDecodeError as error:
        # The exception carries the bytes: it must not travel on.
        position = error.start + 1
    raise SecretUnusable(f"{found.place} is not UTF-8 text: byte {position}", "write it as text")


def _without_line_end(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text


def _refuse(place: str, text: str, search: Callable[[str], re.Match[str] | None]) -> None:
    bad = search(text)
    if bad is None:
        return
    what = "a control character" if _CONTROL.match(bad.group()) else "a character beyond ASCII"
    raise SecretUnusable(
        f"{place} holds {what} at position {bad.start() + 1}",
        "write the value alone, as one line of text",
    )
