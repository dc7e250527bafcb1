"""The world as it would be seen if nothing has changed since the last pass, and all is well."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pairctl.pairing import (
    Case,
    Connection,
    EdgeHost,
    Intent,
    LocalCluster,
    LocalRequest,
    LocalRequestStatus,
    ManagementMode,
    Node,
    Observed,
    PaletteCluster,
    PaletteRequest,
    PaletteView,
    Phase,
    ProfileListing,
    RequestSnapshot,
    RequestState,
    Status,
    basis_of,
)
from pairctl.records import ObservedCluster

LONG_AGO = datetime.fromtimestamp(0, UTC)
"""For a case that nothing is decided on."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of one intent: its status, its cluster, and its Palette's profiles."""

    cluster: LocalCluster
    profiles: tuple[ProfileListing, ...]
    status: Status | None = None

    @property
    def digest(self) -> str:
        """The digest that the status tells to be approved."""
        return self.status.digest if self.status else ""


def taken_to_be_well(seen: ObservedCluster) -> LocalCluster:
    """Return a cluster as it was last seen: Running, and healthy, for all that is known."""
    return LocalCluster(
        seen.local_uid,
        seen.name,
        "Running",
        is_healthy=True,
        nodes=(Node(seen.name, "Running", is_healthy=True),),
        stack=seen.layers,
    )


def imagined(intent: Intent, memory: Memory) -> Observed:
    """Return what would be seen if nothing has changed, and all is well."""
    status, cluster = memory.status, memory.cluster
    is_paired = status is not None and status.phase is Phase.PAIRED
    request, entry = _request(intent, memory)
    registered = None
    if status and is_paired:
        registered = PaletteCluster(status.palette_uid, cluster.name, health="Healthy")
    return Observed(
        palette=PaletteView(
            profiles=memory.profiles,
            requests=(entry,) if entry else (),
            clusters=(registered,) if registered else (),
        ),
        host=EdgeHost(
            uid=(intent.spec.local_ui.host_uid or "") if intent.spec.local_ui else "",
            management_mode=ManagementMode.CENTRAL if is_paired else ManagementMode.LOCAL,
            installation_mode="airgap",
            cluster=cluster,
            request=request,
        ),
        connection=Connection(is_verified=True),
        snapshot=RequestSnapshot(cluster.stack, name=cluster.name, local_uid=cluster.uid),
        objections=(),
        brought=(),
    )


def _request(intent: Intent, memory: Memory) -> tuple[LocalRequest | None, PaletteRequest | None]:
    """Return the pairing request as both sides showed it last."""
    status = memory.status
    if status is None:
        return None, None
    if status.accepted_at:
        words = (status.pairing_uid, LocalRequestStatus.PAIRED, RequestState.ACCEPTED)
    elif status.requested_at:
        words = (status.pairing_uid, LocalRequestStatus.PAIRING, RequestState.PENDING)
    elif status.refused:
        words = (status.refused.pairing_uid, LocalRequestStatus.REJECTED, RequestState.REJECTED)
    else:
        return None, None
    uid, at_host, in_palette = words
    cluster = memory.cluster
    return (
        LocalRequest(uid, intent.palette.endpoint, at_host),
        PaletteRequest(uid, cluster.uid, cluster.name, in_palette, in_palette.value),
    )


def with_known_approval(
    intent: Intent, observed: Observed, memory: Memory, *, is_same: bool
) -> Intent:
    """Let an approval count unless it is known to name something else.

    What it has to name rests on more than is remembered; the digest in the status is of the same
    documents only.
    """
    approval = intent.approval
    if approval is None or (is_same and approval.digest != memory.digest):
        return intent
    digest = basis_of(Case(intent, observed, now=LONG_AGO)).digest
    return replace(
        intent, approval=approval.model_copy(update={"digest": digest, "pairing_uid": None})
    )
