"""The intents of a commit, as far as the monitor needs them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.branch import parse
from monitor.git import Git


@dataclass(frozen=True)
class Intent:
    """An intent's name, where its host is, and the cluster that it acknowledges."""

    name: str
    host: str
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
            documents = [one for body in bodies for one in parse(body)]
            sets = [one for one in documents if _is_set(one)]
            tables = git.tables(commit) if git and sets else {}
            rows = (row for one in sets for row in _rows(one, tables))
            self._known[commit] = _declared([*documents, *rows])
        return self._known[commit]


def _is_set(document: Any) -> bool:
    return isinstance(document, dict) and document.get("kind") == "PairingIntentSet"


def _rows(document: Mapping[str, Any], tables: Mapping[str, bytes]) -> Iterator[Any]:
    """Yield the intents of a set: its template with each row's cells in it."""
    spec = document.get("spec") or {}
    inventory = spec.get("inventory") or {}
    content = tables.get(inventory.get("csv", ""), b"").decode(errors="replace")
    for row in inventory.get("rows") or csv.DictReader(io.StringIO(content)):
        yield {"kind": "PairingIntent", **_filled(spec.get("template") or {}, row)}


def _filled(value: Any, row: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, row) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, row) for item in value]
    for column, cell in row.items() if isinstance(value, str) else ():
        value = value.replace(f"{{{column}}}", str(cell))
    return value


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


def _intent(document: Mapping[str, Any], spec: Mapping[str, Any]) -> Intent:
    return Intent(
        name=str((document.get("metadata") or {}).get("name", "")),
        host=str((spec.get("localUI") or {}).get("endpoint", "")),
        acknowledged=str((spec.get("acknowledge") or {}).get("centralManagementOnly", "")),
    )
