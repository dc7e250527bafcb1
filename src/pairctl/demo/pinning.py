"""Pointing documents at simulated servers: addresses and certificates, comments and all kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pairctl.sim import Address


def pin_documents(folder: Path, addresses: Mapping[str, Address]) -> int:
    """Rewrite every `endpoint` below `folder` that a simulation serves; return how many files.

    Beside each endpoint the certificate that is really served is pinned.
    """
    changed = 0
    for path in sorted(folder.rglob("*.yaml")):
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            changed += _pin_file(path, addresses)
    return changed


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
