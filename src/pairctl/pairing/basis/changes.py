"""What has changed between two bases, told field by field."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pairctl.pairing.basis.basis import Basis, BasisLayer, BasisProfile, BasisRegistration
from pairctl.spec import Tls

_LONGEST = 80

Facts = Mapping[str, str]


def basis_changes(before: Basis, after: Basis) -> tuple[str, ...]:
    """Return a line for each thing that is not as it was; none where all is."""
    return (
        *_documents(before, after),
        *_changes(_places(before), _places(after)),
        *_layers("layer", before.layers, after.layers),
        *_profiles(before.profiles, after.profiles),
        *_configuration(before, after),
        *_changes(_registration(before.registration), _registration(after.registration)),
    )


def _documents(before: Basis, after: Basis) -> Iterator[str]:
    if before.intent.generation != after.intent.generation:
        yield "the intent, its Palette or its ProfileMatch has been changed"
    old, new = before.intent.files, after.intent.files
    for path in sorted({*old, *new}):
        if old.get(path) != new.get(path):
            how = "changed" if path in old and path in new else "added" if path in new else "gone"
            yield f"file {path}: {how}"


def _configuration(before: Basis, after: Basis) -> Iterator[str]:
    if before.configuration != after.configuration:
        yield "what would change in the values of packs"


def _places(basis: Basis) -> Facts:
    """Return who both sides are: the Palette, the host and the cluster."""
    host, cluster = basis.host, basis.cluster
    return {
        "Palette": basis.palette.name,
        "Palette's endpoint": basis.palette.endpoint,
        "Palette's project": basis.palette.project or "",
        "Palette's certificate": _trust(basis.palette.tls),
        "host": host.endpoint if host else "",
        "host certificate": _trust(host.tls) if host else "",
        "cluster": cluster.name if cluster else "",
        "cluster's uid": cluster.local_uid if cluster else "",
        "pairing request": basis.request.pairing_uid if basis.request else "",
    }


def _trust(tls: Tls | None) -> str:
    if tls is None:
        return ""
    return tls.fingerprint or (f"signed by {tls.ca_file}" if tls.ca_file else "not checked")


def _registration(given: BasisRegistration | None) -> Facts:
    if given is None:
        return {}
    return {
        "name in Palette": given.name,
        **({} if given.description is None else {"description": given.description}),
        **{f"tag {key}": value or "(empty)" for key, value in given.tags.items()},
        **{f"variable {name}": "set" for name in given.variables},
        **{f"values of pack {name}": "set" for name in given.values},
    }


def _profiles(before: Iterable[BasisProfile], after: Iterable[BasisProfile]) -> Iterator[str]:
    old, new = ({profile.name: profile for profile in side} for side in (before, after))
    yield from _changes(
        {f"profile {name}": profile.version for name, profile in old.items()},
        {f"profile {name}": profile.version for name, profile in new.items()},
    )
    for name in sorted(old.keys() & new.keys()):
        yield from _same_profile(old[name], new[name])


def _same_profile(before: BasisProfile, after: BasisProfile) -> Iterator[str]:
    """Tell what else has changed about a profile than its version."""
    is_same_version = before.version == after.version
    if is_same_version and before.uid != after.uid:
        yield f"profile {after.name} {after.version}: uid {before.uid} -> {after.uid}"
    if before.type != after.type:
        yield f"profile {after.name}: type {before.type} -> {after.type}"
    if is_same_version:
        yield from _layers(f"profile {after.name}: layer", before.layers, after.layers)


def _layers(what: str, before: Iterable[BasisLayer], after: Iterable[BasisLayer]) -> Iterator[str]:
    """Tell layers that are gone or new; one that only has another version is one line."""
    old, new = Counter(before), Counter(after)
    gone, come = _in_order(old - new), _in_order(new - old)
    for layer in gone:
        counterpart = next((item for item in come if _is_counterpart(layer, item)), None)
        if counterpart is None:
            yield f"{what} gone: {_shown(layer)}"
        else:
            come.remove(counterpart)
            yield f"{what} {layer.name}: {layer.version} -> {counterpart.version}"
    for layer in come:
        yield f"{what} added: {_shown(layer)}"


def _in_order(layers: Counter[BasisLayer]) -> list[BasisLayer]:
    """Return layers in the order of kinds, names and versions."""
    return sorted(layers.elements(), key=lambda one: (one.layer, one.name, one.version))


def _is_counterpart(one: BasisLayer, other: BasisLayer) -> bool:
    return (one.layer, one.name) == (other.layer, other.name)


def _shown(layer: BasisLayer) -> str:
    return f"{layer.name} {layer.version} in layer {layer.layer}"


def _changes(before: Facts, after: Facts) -> Iterator[str]:
    for label in dict.fromkeys([*before, *after]):
        old, new = before.get(label, ""), after.get(label, "")
        if old == new:
            continue
        if not old:
            yield f"{label} added: {_short(new)}"
        elif not new:
            yield f"{label} gone: {_short(old)}"
        else:
            yield f"{label}: {_short(old)} -> {_short(new)}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
