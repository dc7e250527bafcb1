"""What `pairctl inventory --write` makes of a survey: a set with its CSV file, and its matches."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pairctl.cli.inventory_file import InventoryFile
from pairctl.cli.inventory_labels import ACKNOWLEDGE
from pairctl.engine import Seen, Survey
from pairctl.layers import Stack
from pairctl.problem import ConfigurationError, Problem
from pairctl.records import render_document
from pairctl.spec import API_VERSION, columns_in, csv_line, digest_of, near_name

_PLAIN_CELL = re.compile(r"[0-9A-Za-z]([0-9A-Za-z ._-]{0,251}[0-9A-Za-z._-])?")
_OWN = ("match", "clusterUid", "cluster", ACKNOWLEDGE)
"""The columns that are added to those of the file of addresses."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to write: the names of secret and token, and whether clusters that are paired too.

    `labels` are those of each intent, as the template has them: `{column}` is a row's cell.
    """

    folder: Path
    below: str
    credentials: str
    token: str
    with_paired: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """Files by their name, and the rows that are in them."""

    files: Mapping[str, str]
    rows: tuple[str, ...]


def documents_of(file: InventoryFile, found: Survey, wanted: Wanted) -> Written:
    """Return the files: `NAME.csv`, `NAME.yaml` and `NAME-matches.yaml`, NAME being the file's.

    A row is written where a selection matches its cluster exactly, and where wanted those that are
    managed centrally already. The acknowledgement is left empty: a person writes it.
    """
    name = near_name(file.path.stem) or "sites"
    matches = {group.stack: group.match or match_name(group.stack) for group in found.groups}
    usable = {name for group in found.groups if group.is_matched for name in group.clusters}
    paired = {
        one.site.name
        for one in found.seen
        if wanted.with_paired
        and one.is_central
        and one.host is not None
        and one.host.cluster is not None
    }
    chosen = [one for one in found.seen if one.site.name in usable | paired]
    of_row = {
        one.site.name: f"{name}-paired" if one.is_central else matches[_stack(one)]
        for one in chosen
    }
    made = [*_matches(found, matches)]
    if any(one.is_central for one in chosen):
        made.append(
            _document(
                "ProfileMatch", f"{name}-paired", {"palette": found.palette, "select": "Auto"}
            )
        )
    files = {f"{name}.csv": "".join(_table(file, chosen, of_row)), f"{name}.yaml": ""}
    files[f"{name}.yaml"] = render_document(_set(name, file, found, wanted))
    if made:
        files[f"{name}-matches.yaml"] = "".join(map(render_document, made))
    return Written(files, tuple(one.site.name for one in chosen))


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write files that are not there yet. Raises ConfigurationError before any is written."""
    there = [name for name in files if (folder / name).exists()]
    if there:
        message = f"{folder / there[0]} is there already, and nothing is written over"
        raise ConfigurationError(
            Problem("CannotWrite", message, "name another folder, or move the file away")
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            with (folder / name).open("x", encoding="utf-8", newline="") as opened:
                opened.write(text)
    except OSError as error:
        message = f"cannot write into {folder}: {error.strerror}"
        raise ConfigurationError(
            Problem("CannotWrite", message, "see that the folder can be written")
        ) from error


def match_name(stack: Stack) -> str:
    """Return a name for a stack: by its Kubernetes, and as many letters as tell stacks apart."""
    kubernetes = next((layer.version for layer in stack if layer.kind == "k8s"), "")
    version = "".join(c if c.isalnum() else "-" for c in kubernetes.lower()).strip("-")
    letters = digest_of([[one.kind, one.name, one.version] for one in stack])[7:15]
    return "-".join(filter(None, ("stack", version[:32].strip("-"), letters)))


def _matches(found: Survey, names: Mapping[Stack, str]) -> Iterator[dict[str, Any]]:
    for group in found.groups:
        if group.proof is not None and group.proof.holds:
            spec = {
                "palette": found.palette,
                "profiles": [{"name": profile.name} for profile in group.proof.selection],
                "layers": [_layer(one.kind, one.name, one.version) for one in group.stack],
            }
            yield _document("ProfileMatch", names[group.stack], spec)


_KINDS = frozenset({"kernel", "os", "k8s", "cni", "csi", "addon"})


def _layer(kind: str, name: str, version: str) -> dict[str, str]:
    said = {"layer": kind} if kind in _KINDS else {}
    return {**said, "name": name, "version": version}


def _document(kind: str, name: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": name}, "spec": spec}


def _set(name: str, file: InventoryFile, found: Survey, wanted: Wanted) -> dict[str, Any]:
    used = {file.columns.name, "endpoint", file.columns.fingerprint, *_OWN} - {"cluster"}
    used |= {column for value in wanted.labels.values() for column in columns_in(value)}
    labels = {"labels": dict(wanted.labels)} if wanted.labels else {}
    template = {
        "metadata": {"name": _cell(file.columns.name), **labels},
        "spec": {
            "palette": found.palette,
            "localUI": {
                "endpoint": _cell("endpoint"),
                "credentials": {"secret": wanted.credentials},
                "tls": {"fingerprint": _cell(file.columns.fingerprint)},
            },
            "registrationToken": {"fromPalette": wanted.token},
            "profileMatch": _cell("match"),
            "cluster": {"uid": _cell("clusterUid")},
            "acknowledge": {"centralManagementOnly": _cell(ACKNOWLEDGE)},
        },
    }
    csv = f"{wanted.below}/{name}.csv" if wanted.below else f"{name}.csv"
    ignored = [column for column in _header(file) if column not in used]
    inventory = {"csv": csv, **({"ignore": ignored} if ignored else {})}
    return _document("PairingIntentSet", name, {"inventory": inventory, "template": template})


def _cell(column: str) -> str:
    return f"{{{column}}}"


def _header(file: InventoryFile) -> list[str]:
    own = {"endpoint", *_OWN}
    kept = [name for name in file.names if name not in own]
    return [*kept, "endpoint", *_OWN]


def _table(
    file: InventoryFile, chosen: Sequence[Seen], matches: Mapping[str, str]
) -> Iterator[str]:
    header = _header(file)
    yield csv_line(header)
    for one in chosen:
        cluster = one.host.cluster if one.host else None
        texts = {name: cell.text for name, cell in file.rows[one.site.name].cells.items()}
        texts |= {
            "endpoint": one.site.endpoint,
            "match": matches[one.site.name],
            "clusterUid": _harmless(cluster.uid) if cluster else "",
            "cluster": _harmless(cluster.name) if cluster else "",
            ACKNOWLEDGE: "",
        }
        yield csv_line([texts.get(column, "") for column in header])


def _harmless(text: str) -> str:
    """Return a text of a host as a spreadsheet may open it; empty for a formula, and odd ones."""
    return text if _PLAIN_CELL.fullmatch(text) else ""


def _stack(one: Seen) -> Stack:
    assert one.host
    assert one.host.cluster
    return one.host.cluster.stack
