"""Secrets of a run that goes on for long: each is read when it is first asked for, and renewed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from pairctl.problem import Problem
from pairctl.secrets.redactor import Redactor
from pairctl.secrets.secret import Credentials, Secret
from pairctl.secrets.store import SecretFailure, SecretStore

_Key = tuple[str, str]
_Value = Secret | Credentials
ValueT = TypeVar("ValueT", Secret, Credentials)


@dataclass(frozen=True, slots=True)
class Renewed:
    """What came of a renewal: secrets with a new value, by name, and why others kept the old."""

    changed: frozenset[str] = frozenset()
    refused: Mapping[str, Problem] = field(default_factory=dict)


class KeptSecrets(SecretStore):
    """A store whose values stay the same until they are renewed.

    So no value changes between a look and the action that follows from it. One that cannot be used
    any more keeps its old value; one that never could is read each time. Old values go on being
    redacted.
    """

    def __init__(
        self, folder: Path | None, environment: Mapping[str, str], redactor: Redactor
    ) -> None:
        super().__init__(folder, environment, redactor)
        self._known: dict[_Key, _Value] = {}

    def get(self, name: str) -> Secret:
        """Return a key or token, as it was when it was renewed last."""
        return self._kept("get", name, super().get)

    def text(self, name: str) -> Secret:
        """Return a value of any text, as it was when it was renewed last."""
        return self._kept("text", name, super().text)

    def credentials(self, name: str) -> Credentials:
        """Return a user and password, as they were when they were renewed last."""
        return self._kept("credentials", name, super().credentials)

    def renew(self) -> Renewed:
        """Read all again that was asked for. It may be in the midst of being exchanged."""
        readers: Mapping[str, Callable[[str], _Value]] = {
            "get": super().get,
            "text": super().text,
            "credentials": super().credentials,
        }
        changed, refused = set(), {}
        for (kind, name), before in self._known.items():
            read = readers[kind]
            try:
                now = read(name)
                # A user may still be the old one, and the password the new one.
                if now != before and read(name) == now:
                    self._known[kind, name] = now
                    changed.add(name)
            except SecretFailure as error:
                refused[name] = error.problem
            except OSError as error:
                words = f"the secret `{name}` cannot be read: {error.strerror}"
                refused[name] = Problem("SecretUnusable", words)
        return Renewed(frozenset(changed), refused)

    def _kept(self, kind: str, name: str, read: Callable[[str], ValueT]) -> ValueT:
        if (kind, name) not in self._known:
            self._known[kind, name] = read(name)
        return cast("ValueT", self._known[kind, name])  # what this kind reads
