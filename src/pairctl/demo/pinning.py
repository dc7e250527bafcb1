"""Pointing documents at simulated servers: addresses and certificates, comments and all kept."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pairctl.sim import Address

_FINGERPRINT = "fingerprint"
"""The column of an inventory that holds the certificates."""


def pin_documents(folder: Path, addresses: Mapping[str, Address]) -> int:
    """Rewrite every `endpoint` below `folder` that a simulation serves; return how many files.

    Beside each endpoint the certificate that is really served is pinned. In CSV files a cell that
    is such an endpoint is rewritten, and the `fingerprint` of its row where there is that column.
    """
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    changed = sum(_pin_file(path, addresses) for path in files if path.suffix == ".yaml")
    return changed + sum(_pin_table(path, addresses) for path in files if path.suffix == ".csv")


def _pin_table(path: Path, addresses: Mapping[str, Address]) -> bool:
    content = path.read_bytes()
    if not any(endpoint.encode() in content for endpoint in addresses):
        return False
    text = content.decode("utf-8", "surrogateescape")
    rows = list(csv.reader(io.StringIO(text)))
    column = rows[0].index(_FINGERPRINT) if rows and _FINGERPRINT in rows[0] else None
    pinned = sum(_pin_row(row, column, addresses) for row in rows)
    if pinned:
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows(rows)
        path.write_bytes(written.getvalue().encode("utf-8", "surrogateescape"))
    return bool(pinned)


def _pin_row(row: list[str], column: int | None, addresses: Mapping[str, Address]) -> bool:
    number = next((number for number, cell in enumerate(row) if cell in addresses), None)
    if number is None:
        return False
    address = addresses[row[number]]
    row[number] = address.endpoint
    if column is not None and column < len(row):
        row[column] = address.fingerprint
    return True


def _pin_file(path: Path, addresses: Mapping[str, Address]) -> bool:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    documents = list(yaml.load_all(path))
    pinned = sum(_pin(document, addresses) for document in documents)
    if pinned:
        yaml.dump_all(documents, path)
    return bool(pinned)


def _pin(node: Any, addresses: Mapping[str, Address]) -> int:
    """Pin all servers below a node; returns how many there were."""
    if isinstance(node, list):
        return sum(_pin(item, addresses) for item in node)
    if not isinstance(node, dict):
        return 0
    below = sum(_pin(item, addresses) for item in node.values())
    address = addresses.get(node.get("endpoint", ""))
    if address is None:
        return below
    node["endpoint"] = address.endpoint
    node["tls"] = {"fingerprint": address.fingerprint}
    return below + 1
