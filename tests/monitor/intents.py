"""The intents of a commit, as far as the monitor needs them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.branch import parse
from monitor.git import Git


@dataclass(frozen=True)
class Intent:
    """An intent's name, where its hosts are, and the cluster that it acknowledges."""

    name: str
    hosts: tuple[str, ...]
    acknowledged: str


@dataclass(frozen=True)
class Declared:
    """What a commit declares. `rejects_rest`: some Palette rejects what no intent names."""

    intents: Mapping[str, Intent]
    rejects_rest: bool


class Documents:
    """The documents of commits, each read once, from the first repository that has it."""

    def __init__(self, sources: Sequence[Git]) -> None:
        self._sources = sources
        self._known: dict[str, Declared] = {}

    def at(self, commit: str) -> Declared:
        """Return what a commit declares; files that cannot be read are left out."""
        if commit not in self._known:
            git = next((one for one in self._sources if one.has(commit)), None)
            bodies = git.documents(commit) if git else ()
            self._known[commit] = _declared([one for body in bodies for one in parse(body)])
        return self._known[commit]


def _declared(documents: list[Any]) -> Declared:
    intents, rejects_rest = {}, False
    for document in documents:
        spec = document.get("spec") if isinstance(document, dict) else None
        if not isinstance(spec, dict):
            continue
        if document.get("kind") == "Palette":
            rejects_rest |= spec.get("unrecognizedRequests") == "Reject"
        if document.get("kind") == "PairingIntent":
            intent = _intent(document, spec)
            intents[intent.name] = intent
    return Declared(intents, rejects_rest)


def _hosts(local_ui: Any) -> Iterator[str]:
    """Yield where a cluster's hosts are: at one address, or at any of a list."""
    given = local_ui if isinstance(local_ui, dict) else {}
    listed = given.get("endpoints")
    for one in [given, *(listed if isinstance(listed, list) else [])]:
        if isinstance(one, dict) and one.get("endpoint"):
            yield str(one["endpoint"])


def _intent(document: Mapping[str, Any], spec: Mapping[str, Any]) -> Intent:
    return Intent(
        name=str((document.get("metadata") or {}).get("name", "")),
        hosts=tuple(_hosts(spec.get("localUI"))),
        acknowledged=str((spec.get("acknowledge") or {}).get("centralManagementOnly", "")),
    )
