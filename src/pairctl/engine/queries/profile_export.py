"""A repaired profile as the document that Palette takes to create or import a profile."""

import re
from typing import Any

from pairctl.layers import Repair

FIRST_VERSION = "1.0.0"
_NUMBER = "0|[1-9][0-9]{0,8}"
_VERSION = re.compile(
    rf"v?(?P<major>{_NUMBER})"
    rf"(\.(?P<minor>{_NUMBER})(\.(?P<patch>{_NUMBER})(?P<pre>-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?)?)?"
)
LEFT_OUT = "registries, pack values, variables and the cloud type"
"""What Palette does not show in its lists, so that no document here can say it."""


def profile_document(repair: Repair) -> dict[str, Any]:
    """Return a repaired profile in the fields that Palette's models for creating it have.

    A pack's version stands in `tag`. What is LEFT_OUT is not known from observation. The version
    is the next one after the latest; without one where that is not known.
    """
    version = FIRST_VERSION if repair.is_new else next_version(repair.profile.version)
    template = {
        "type": repair.profile.type,
        "packs": [
            {"name": layer.name, "layer": layer.kind, "tag": layer.version}
            for layer in repair.layers
        ],
    }
    spec = {"version": version, "template": template} if version else {"template": template}
    return {"metadata": {"name": repair.profile.name}, "spec": spec}


def next_version(version: str) -> str:
    """Return `1.4.1` for `1.4.0`: the next version by SemVer, all that Palette takes since 4.10.

    A version that leaves numbers out (`1.4`, `v2`) goes on as if they were zeros; a pre-release is
    followed by its release. Empty where no later version can be told.
    """
    found = _VERSION.fullmatch(version)
    if not found:
        return ""
    major, minor, patch = (int(found[name] or 0) for name in ("major", "minor", "patch"))
    return f"{major}.{minor}.{patch if found['pre'] else patch + 1}"
