"""A repaired profile as the document that Palette takes to create or import a profile."""

import re
from typing import Any

from pairctl.layers import Layer, Repair

FIRST_VERSION = "1.0.0"
LEFT_OUT = "registries, pack values, variables and the cloud type"
"""What Palette does not show in its lists, so that no document here can say it."""


def profile_document(repair: Repair) -> dict[str, Any]:
    """Return a repaired profile in the fields that Palette's models for creating it have.

    A pack's version stands in `tag`. What is LEFT_OUT is not known from observation. The version
    is the next one after the latest; without one where that is not known.
    """
    version = FIRST_VERSION if repair.is_new else next_version(repair.profile.version)
    template = {"type": repair.profile.type, "packs": [_pack(layer) for layer in repair.layers]}
    spec = {"version": version, "template": template} if version else {"template": template}
    return {"metadata": {"name": repair.profile.name}, "spec": spec}


def next_version(version: str) -> str:
    """Return `1.4.1` for `1.4.0`; empty where a version does not end in a number."""
    found = re.fullmatch(r"((?:[0-9]+\.)*)([0-9]{1,9})", version)
    return f"{found[1]}{int(found[2]) + 1}" if found else ""


def _pack(layer: Layer) -> dict[str, str]:
    return {"name": layer.name, "layer": layer.kind, "tag": layer.version}
