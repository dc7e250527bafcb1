"""What the status branch remembers of the world: clusters and profiles as they were last seen."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from pairctl.engine.ledger import OBSERVED_FOLDER, Ledger
from pairctl.engine.yaml_text import parse_yaml
from pairctl.layers import Layer, Profile, Stack, stack
from pairctl.pairing import LocalCluster, ProfileListing


def remembered_cluster(ledger: Ledger, name: str) -> LocalCluster | None:
    """Return an intent's cluster as it was last seen, taken to be well; None where it never was."""
    told = _observed(ledger, f"clusters/{name}")
    with suppress(KeyError, TypeError):
        layers = _stack(told["layers"])
        return LocalCluster(told["localUid"], told["cluster"], "Running", True, stack=layers)
    return None


def remembered_profiles(ledger: Ledger, palette: str) -> tuple[ProfileListing, ...] | None:
    """Return the latest profiles of a Palette as they were last seen; None where they never were.

    Drafts are not remembered: a profile without a published version counts as not there.
    """
    told = _observed(ledger, f"palettes/{palette}")
    with suppress(KeyError, TypeError):
        return tuple(map(_listing, told["profiles"]))
    return None


def _observed(ledger: Ledger, path: str) -> Mapping[str, Any]:
    content = ledger.files.get(f"{OBSERVED_FOLDER}{path}.yaml", b"")
    observed = parse_yaml(content).get("observed")
    return observed if isinstance(observed, dict) else {}


def _listing(told: Mapping[str, Any]) -> ProfileListing:
    layers = _stack(told["layers"])
    profile = Profile(told["uid"], told["name"], told["version"], told["type"], layers)
    return ProfileListing(profile.name, profile)


def _stack(layers: Sequence[Mapping[str, str]]) -> Stack:
    return stack(Layer(item["layer"], item["name"], item["version"]) for item in layers)
