"""What the decision on one pairing rests on, as data: what a plan binds, and an approval names.

Cluster and pairing request are part of it from the moment that they are known; times and the
approval itself are not.
"""

from collections.abc import Iterable

from pydantic import Field

from pairctl.layers import Layer, Profile, Stack
from pairctl.pairing.action import acceptance_of
from pairctl.pairing.case import Case
from pairctl.pairing.predicates import is_over_at_host
from pairctl.spec import Desired, LocalUIPlace, Tls, Written, digest


class BasisIntent(Written):
    """The documents: `generation` covers them all, `files` are Git object ids by path."""

    name: str
    generation: str
    files: dict[str, str] = Field(default={})


class BasisPalette(Written):
    """The Palette, as its document names it."""

    name: str
    endpoint: str
    project: str | None = None
    tls: Tls | None = None


class BasisHost(Written):
    """Local UI on the edge host, as the intent names it: the first of several that may answer."""

    endpoint: str
    tls: Tls | None = None
    others: tuple[str, ...] = ()


class BasisCluster(Written):
    """The local cluster; only its uid is known where the host does not answer."""

    local_uid: str
    name: str = ""


class BasisRequest(Written):
    """The pairing request that the host holds towards this Palette."""

    pairing_uid: str


class BasisLayer(Written):
    """A layer, of the cluster or of a profile."""

    layer: str
    name: str
    version: str


class BasisProfile(Written):
    """A selected profile, in the version that is the latest now."""

    name: str
    version: str
    uid: str
    type: str
    layers: tuple[BasisLayer, ...] = ()


class BasisRegistration(Written):
    """What the acceptance sets. Of variables and packs' values the names are told."""

    name: str
    description: str | None = Field(default=None, description="None: as the cluster has it.")
    tags: dict[str, str] = Field(default={})
    variables: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


class Basis(Written):
    """All that the decision on one intent rests on, as far as it was seen."""

    intent: BasisIntent
    palette: BasisPalette
    host: BasisHost | None = None
    cluster: BasisCluster | None = None
    request: BasisRequest | None = None
    layers: tuple[BasisLayer, ...] = ()
    profiles: tuple[BasisProfile, ...] = ()
    registration: BasisRegistration | None = None
    configuration: str = Field(
        default="", description="The digest of what would change in the values of packs, if any."
    )

    @property
    def digest(self) -> str:
        """`sha256:` and a hash over all of it."""
        return digest(self)


def basis_of(case: Case) -> Basis:
    """Return what the decision on a case rests on.

    Layers and profiles, and what they are registered as, count only where a pairing is wanted.
    """
    intent, local_ui = case.intent, case.intent.spec.local_ui
    palette = intent.palette
    is_wanted = intent.spec.desired is Desired.PAIRED and case.cluster is not None
    return Basis(
        intent=BasisIntent(
            name=intent.name, generation=intent.generation, files=dict(intent.files)
        ),
        palette=BasisPalette(
            name=intent.palette_name,
            endpoint=palette.endpoint,
            project=palette.project,
            tls=palette.tls,
        ),
        host=_host(local_ui.places) if local_ui else None,
        cluster=_cluster(case),
        request=_request(case),
        layers=_layers(case.cluster.stack) if is_wanted and case.cluster else (),
        profiles=_profiles(case.selection) if is_wanted else (),
        registration=_registration(case) if is_wanted else None,
        configuration=case.configuration.digest if is_wanted and case.configuration else "",
    )


def _host(places: tuple[LocalUIPlace, ...]) -> BasisHost:
    first, *others = places
    named = tuple(place.endpoint for place in others)
    return BasisHost(endpoint=first.endpoint, tls=first.tls, others=named)


def _cluster(case: Case) -> BasisCluster | None:
    if not case.local_uid:
        return None
    return BasisCluster(local_uid=case.local_uid, name=case.cluster.name if case.cluster else "")


def _request(case: Case) -> BasisRequest | None:
    """Return the request as far as it may still come to something, by the host's own word."""
    if not case.request_uid or not case.request_is_ours or is_over_at_host(case):
        return None
    return BasisRequest(pairing_uid=case.request_uid)


def _profiles(selection: Iterable[Profile]) -> tuple[BasisProfile, ...]:
    """Return the profiles in one order, whatever order they were selected in."""
    return tuple(
        BasisProfile(
            name=profile.name,
            version=profile.version,
            uid=profile.uid,
            type=profile.type,
            layers=_layers(profile.layers),
        )
        for profile in sorted(selection, key=lambda profile: (profile.name, profile.uid))
    )


def _layers(stack: Stack) -> tuple[BasisLayer, ...]:
    return tuple(map(_layer, stack))


def _layer(layer: Layer) -> BasisLayer:
    return BasisLayer(layer=layer.kind, name=layer.name, version=layer.version)


def _registration(case: Case) -> BasisRegistration:
    spec, match, planned = case.intent.spec, case.intent.match, acceptance_of(case)
    return BasisRegistration(
        name=planned.name,
        description=spec.cluster.description,
        tags=dict(planned.tags),
        variables=tuple(sorted({*(match.variables if match else ()), *spec.variables})),
        values=tuple(
            sorted({item.pack for item in (*(match.values if match else ()), *spec.values)})
        ),
    )
