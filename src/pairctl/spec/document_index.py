"""A document as the others need to know it: small enough that a fleet's are kept, and cached."""

from typing import NamedTuple

from pairctl.spec.findings import Finding, Span
from pairctl.spec.intents import with_port
from pairctl.spec.kinds import (
    AnyDocument,
    Desired,
    PairingApproval,
    PairingIntent,
    PairingIntentSet,
    PairingIntentSetSpec,
    PairingIntentSpec,
    ProfileMatch,
    Rollout,
    RolloutApproval,
)
from pairctl.spec.secret_roles import UsedSecret
from pairctl.spec.selector import Requirement


class Target(NamedTuple):
    """What an intent is about, as far as a file can tell; `field` is where that stands."""

    what: str
    field: tuple[str, ...]
    identity: str


Labels = tuple[tuple[str, str], ...]
"""Labels with their values, sorted: hashable, and plain enough for a cache."""


class RolloutSelects(NamedTuple):
    """What a rollout asks of labels, and each of its waves; None: the rest."""

    select: tuple[Requirement, ...]
    waves: tuple[tuple[str, tuple[Requirement, ...] | None], ...]


class References(NamedTuple):
    """What ties a document to others: names that it refers to, and what only one may be about.

    `is_pairing` tells an intent whose match has to hold. `acknowledged` is the cluster that an
    intent hands over for good, where Palette will call it by that very name. `fingerprints` are
    those that hosts are pinned to, `table` the CSV file of a set. Of a set, `palette` and
    `profile_match` are those that its template names for all rows. `labels` are an intent's,
    `selects` is what a rollout takes, and `rollout` and `wave` are what an approval is for.
    """

    palette: str = ""
    profile_match: str = ""
    is_pairing: bool = False
    targets: tuple[Target, ...] = ()
    value_files: tuple[str, ...] = ()
    intent: str = ""
    acknowledged: str = ""
    fingerprints: tuple[str, ...] = ()
    table: str = ""
    labels: Labels = ()
    selects: RolloutSelects | None = None
    rollout: str = ""
    wave: str = ""


class RowPlace(NamedTuple):
    """Which row of which set an intent comes from, both counting from 0; `path` is the set's."""

    path: str
    number: int
    row: int


class IndexEntry(NamedTuple):
    """One document of a file, `number` counting from 0; `ties` is None where it is refused.

    `kind`, `name` and `secrets` are told as far as they can be read, `digest` where the document is
    valid. An intent that is a row of a set stands in the file that holds the row.
    """

    path: str
    number: int
    span: Span
    kind: str | None
    name: str | None
    findings: tuple[Finding, ...] = ()
    references: References | None = None
    digest: str = ""
    secrets: tuple[UsedSecret, ...] = ()
    row_of: RowPlace | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that it is written in: of a row, its own and that of the set."""
        return (self.path,) if self.row_of is None else (self.path, self.row_of.path)


def references_of(document: AnyDocument) -> References:
    """Return what ties a valid document to others."""
    match document:
        case PairingIntent(spec=spec):
            files = tuple(item.file for item in spec.values if item.file)
            is_pairing = spec.desired is Desired.PAIRED
            targets = tuple(_targets(spec))
            return References(
                spec.palette,
                spec.profile_match or "",
                is_pairing,
                targets,
                files,
                acknowledged=_acknowledged(spec),
                fingerprints=_fingerprints(spec),
                labels=tuple(sorted(document.metadata.labels.items())),
            )
        case PairingIntentSet(spec=set_spec):
            return _of_set(set_spec)
        case ProfileMatch(spec=spec):
            files = tuple(item.file for item in spec.values if item.file)
            return References(spec.palette, value_files=files)
        case PairingApproval(spec=spec):
            return References(intent=spec.intent)
        case _:
            return _of_rollouts(document)


def _of_rollouts(document: AnyDocument) -> References:
    match document:
        case Rollout(spec=rollout):
            waves = (
                (one.name, one.select.requirements if one.select else None) for one in rollout.waves
            )
            return References(selects=RolloutSelects(rollout.select.requirements, tuple(waves)))
        case RolloutApproval(spec=approved):
            return References(rollout=approved.rollout, wave=approved.wave)
        case _:
            return References()


def _acknowledged(spec: PairingIntentSpec) -> str:
    is_meant = spec.desired is Desired.PAIRED and not spec.cluster.name
    return spec.acknowledge.central_management_only if spec.acknowledge and is_meant else ""


def _fingerprints(spec: PairingIntentSpec) -> tuple[str, ...]:
    pinned = (place.tls for place in spec.local_ui.places) if spec.local_ui else ()
    return tuple(tls.fingerprint for tls in pinned if tls and tls.fingerprint)


def _of_set(spec: PairingIntentSetSpec) -> References:
    """Return what all rows refer to: what stands in the template without a column."""
    wanted = spec.template["spec"]
    assert isinstance(wanted, dict)
    values = wanted.get("values", [])
    assert isinstance(values, list)
    files = (item.get("file") for item in values if isinstance(item, dict))
    return References(
        _without_column(wanted.get("palette")),
        _without_column(wanted.get("profileMatch")),
        value_files=tuple(filter(None, map(_without_column, files))),
        table=spec.inventory.csv or "",
    )


def _without_column(value: object) -> str:
    return value if isinstance(value, str) and "{" not in value else ""


def _targets(spec: PairingIntentSpec) -> list[Target]:
    found = []
    if spec.local_ui:
        field = "endpoint" if spec.local_ui.endpoint else "endpoints"
        for place in spec.local_ui.places:
            target = ("spec", "localUI", field)
            found.append(Target("cluster", target, with_port(place.endpoint)))
    if spec.request and spec.request.pairing_uid:
        identity = f"{spec.palette}/{spec.request.pairing_uid}"
        found.append(Target("pairing request", ("spec", "request", "pairingUid"), identity))
    if spec.request and spec.request.tags:
        identity = f"{spec.palette}/{sorted(spec.request.tags.items())}"
        found.append(Target("pairing request", ("spec", "request", "tags"), identity))
    return found
