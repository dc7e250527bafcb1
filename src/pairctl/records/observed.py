"""`observed/` on the status branch: what was seen of clusters and Palettes, written and read back.

It is what lets a pull request prove matches without credentials. A file says since when its facts
are what they are; it changes only when they do.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pairctl.layers import Layer, Profile, Stack, pack_type, stack
from pairctl.pairing import (
    EdgeHost,
    PaletteView,
    ProfileListing,
    ShownChange,
    ShownDifference,
)
from pairctl.records.documents import document
from pairctl.records.yaml_text import OF_MANY, OF_ONE, Bounds, parse_yaml, render_yaml
from pairctl.text import is_plain

OBSERVED_FOLDER = "observed/"
CLUSTERS_FOLDER = f"{OBSERVED_FOLDER}clusters/"
PALETTES_FOLDER = f"{OBSERVED_FOLDER}palettes/"

_SEEN_AT = re.compile(rb"^  seenAt: .*\n", re.MULTILINE)
_LONGEST_TEXT = 1024
_MOST_DIFFERENCES = 500
_MOST_NOTES = 50
_USUAL_TYPES = ("", "spectro")
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class ObservedConfiguration:
    """What a pairing would change in the values of packs, as it may be shown, and `count` of it.

    At most 500 of them are written down; the digest is over all, and over the real values.
    """

    shown: ShownDifference
    count: int


@dataclass(frozen=True, slots=True)
class ObservedCluster:
    """What a host showed of its cluster; unchanged since `seen_at`, None where that is not said.

    `configuration` is None where no values would change, or nobody could tell.
    """

    name: str
    local_uid: str
    layers: Stack
    agent_version: str = ""
    seen_at: datetime | None = None
    configuration: ObservedConfiguration | None = None


@dataclass(frozen=True, slots=True)
class ObservedPalette:
    """The profiles that a Palette showed, those that cannot be used included."""

    profiles: tuple[ProfileListing, ...]
    seen_at: datetime | None = None


Document = Mapping[str, Any]


def cluster_file(name: str, host: EdgeHost, now: datetime) -> tuple[str, bytes] | None:
    """Return path and bytes of what a host showed; None where it has no cluster."""
    found = cluster_document(name, host, now)
    return (found[0], render_yaml(found[1])) if found else None


def palette_file(name: str, view: PaletteView, now: datetime) -> tuple[str, bytes]:
    """Return path and bytes of the profiles that a Palette showed, sorted by name and uid."""
    path, document = palette_document(name, view, now)
    return path, render_yaml(document)


def cluster_document(
    name: str, host: EdgeHost, now: datetime, configuration: ShownDifference | None = None
) -> tuple[str, Document] | None:
    """Return path and document of what a host showed; None where it has no cluster.

    Of values that a pairing would change only what may be shown is written.
    """
    if host.cluster is None:
        return None
    shown: dict[str, Any] = {
        "seenAt": f"{now:{_TIME}}",
        "localUid": host.cluster.uid,
        "cluster": host.cluster.name,
        "agentVersion": host.agent_version,
        "layers": _layers(host.cluster.stack),
    }
    if configuration:
        shown["configuration"] = _configuration(configuration)
    return f"{CLUSTERS_FOLDER}{name}.yaml", document("ObservedCluster", name, "observed", shown)


def palette_document(name: str, view: PaletteView, now: datetime) -> tuple[str, Document]:
    """Return path and document of the profiles that a Palette showed, sorted by name and uid."""
    latest = [(one.latest, one.scope) for one in view.profiles if one.latest]
    shown: dict[str, Any] = {
        "seenAt": f"{now:{_TIME}}",
        "profiles": [
            {
                "name": profile.name,
                "version": profile.version,
                "type": profile.type,
                "uid": profile.uid,
                **({"scope": scope} if scope else {}),
                "layers": _layers(profile.layers),
            }
            for profile, scope in sorted(latest, key=lambda one: (one[0].name, one[0].uid))
        ],
    }
    unusable = sorted((one.name, one.why_not) for one in view.profiles if one.latest is None)
    if unusable:
        shown["unusable"] = [{"name": name, "why": why} for name, why in unusable]
    return f"{PALETTES_FOLDER}{name}.yaml", document("ObservedPalette", name, "observed", shown)


def facts_of(document: Document) -> Document:
    """Return a document of `observed/` without the time since when it is so."""
    shown = {key: value for key, value in document["observed"].items() if key != "seenAt"}
    return {**document, "observed": shown}


def same_facts(before: bytes | None, now: bytes) -> bool:
    """Return whether two versions of a file of `observed/` differ in nothing but their time."""
    return before is not None and _SEEN_AT.sub(b"", before) == _SEEN_AT.sub(b"", now)


def observed_cluster(files: Mapping[str, bytes], name: str) -> ObservedCluster | None:
    """Return what was last seen of an intent's cluster; None where nothing, or nothing legible."""
    shown = _observed(files.get(f"{CLUSTERS_FOLDER}{name}.yaml"), OF_ONE)
    try:
        return ObservedCluster(
            name=_text(shown, "cluster"),
            local_uid=_text(shown, "localUid"),
            layers=_stack(shown["layers"]),
            agent_version=_text({"agentVersion": "", **shown}, "agentVersion"),
            seen_at=_time(shown),
            configuration=_configuration_read(shown.get("configuration")),
        )
    except (KeyError, TypeError):
        return None


def observed_palette(files: Mapping[str, bytes], name: str) -> ObservedPalette | None:
    """Return what was last seen of a Palette; None where nothing, or nothing legible."""
    shown = _observed(files.get(f"{PALETTES_FOLDER}{name}.yaml"), OF_MANY)
    try:
        return ObservedPalette(
            (*map(_usable, shown["profiles"]), *map(_unusable, shown.get("unusable", ()))),
            _time(shown),
        )
    except (KeyError, TypeError):
        return None


def _layers(layers: Stack) -> list[Mapping[str, str]]:
    return [_layer(one) for one in layers]


def _layer(layer: Layer) -> Mapping[str, str]:
    """Write a layer; its type where it is none that most packs have."""
    shown = {"layer": layer.kind, "name": layer.name, "version": layer.version}
    return shown if layer.type in _USUAL_TYPES else {**shown, "type": layer.type}


def _configuration(found: ShownDifference) -> Mapping[str, Any]:
    notes = {"notes": list(found.notes[:_MOST_NOTES])} if found.notes else {}
    return {
        "digest": found.digest,
        "count": len(found.changes),
        "differences": [
            {
                **_layers((one.layer,))[0],
                "path": one.path,
                "local": one.local,
                "profile": one.brought,
            }
            for one in found.changes[:_MOST_DIFFERENCES]
        ],
        **notes,
    }


def _observed(content: bytes | None, bounds: Bounds) -> Mapping[str, Any]:
    shown = parse_yaml(content, bounds).get("observed") if content else None
    return shown if isinstance(shown, dict) else {}


# ── reading back: what has another form than was written raises TypeError or KeyError ────────────


def _time(shown: Mapping[str, Any]) -> datetime | None:
    try:
        return datetime.strptime(str(shown.get("seenAt")), _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


def _stack(layers: Any) -> Stack:
    return stack(
        Layer(
            _text(item, "layer"),
            _text(item, "name"),
            _text(item, "version"),
            type=pack_type(_text({"type": "", **item}, "type")),
        )
        for item in layers
    )


def _configuration_read(shown: Any) -> ObservedConfiguration | None:
    if shown is None:
        return None
    changes = tuple(
        ShownChange(
            Layer(_text(item, "layer"), _text(item, "name"), _text(item, "version")),
            *(_text(item, key) for key in ("path", "local", "profile")),
        )
        for item in shown["differences"]
    )
    notes = tuple(_text({"note": note}, "note") for note in shown.get("notes", ()))
    count = shown["count"]
    if not isinstance(count, int):
        raise TypeError("`count` is no number")
    return ObservedConfiguration(ShownDifference(_text(shown, "digest"), changes, notes), count)


def _usable(item: Any) -> ProfileListing:
    layers = _stack(item["layers"])
    uid, name, version, kind = (_text(item, key) for key in ("uid", "name", "version", "type"))
    latest = Profile(uid, name, version, kind, layers)
    return ProfileListing(name, latest, scope=_text({"scope": "", **item}, "scope"))


def _unusable(item: Any) -> ProfileListing:
    return ProfileListing(_text(item, "name"), None, _text(item, "why"))


def _text(item: Any, key: str) -> str:
    """Return text of one line: findings and proofs tell it to people."""
    value = item[key]
    if not isinstance(value, str) or not is_plain(value) or len(value) > _LONGEST_TEXT:
        raise TypeError(f"`{key}` is no text of one line")
    return value
