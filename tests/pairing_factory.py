"""Intents, hosts, views and records for tests: a pairing that could go through, and its changes.

By default the intent wants store-0042 paired and acknowledges it, the cluster is healthy with the
vendor's five layers, and Palette has an infra profile and an add-on that match them exactly.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from layers_factory import INFRA, MONITORING, make_profile, make_stack
from pairctl.layers import Profile
from pairctl.pairing import (
    Claim,
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
    ProfileListing,
    RequestSnapshot,
    RequestState,
    TokenFacts,
)
from pairctl.problem import Problem
from pairctl.spec import (
    Desired,
    PairingApprovalSpec,
    PairingIntentSpec,
    PaletteSpec,
    ProfileMatchSpec,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PALETTE = "api.spectrocloud.com"
HOST = "10.0.42.10:5080"
ELSEWHERE = "palette.elsewhere.example"
STACK = make_stack(*INFRA, MONITORING)
INFRA_PROFILE = make_profile("retail-infra", *INFRA, type="infra", version="3.2.0")
ADD_ON = make_profile("retail-observability", MONITORING, version="1.4.0")
OTHER_DIGEST = "sha256:" + "0" * 64
PROBLEM = Problem("Dark", "no answer within 30 s", "see that it runs")


def make_palette(**changes: Any) -> PaletteSpec:
    """Make a Palette; changes are fields by their YAML names."""
    fields = {"endpoint": f"https://{PALETTE}", "apiKey": {"secret": "key"}, "project": "retail"}
    return PaletteSpec.model_validate(fields | changes, strict=False)


def make_match(**changes: Any) -> ProfileMatchSpec:
    """Make a ProfileMatch that names the two profiles; changes are fields by their YAML names."""
    profiles = [{"name": INFRA_PROFILE.name}, {"name": ADD_ON.name}]
    fields = {"palette": "production", "profiles": profiles} | changes
    return ProfileMatchSpec.model_validate(_given(fields), strict=False)


def make_spec(desired: Desired = Desired.PAIRED, **changes: Any) -> PairingIntentSpec:
    """Make the spec of an intent; changes are fields by their YAML names, None leaves one out."""
    fields: dict[str, Any] = {
        "desired": desired,
        "palette": "production",
        "localUI": {"endpoint": f"https://{HOST}", "credentials": {"secret": "local-ui"}},
        "registrationToken": {"fromPalette": "edge-retail"},
        "profileMatch": "retail",
        "acknowledge": {"centralManagementOnly": "store-0042"},
    }
    if desired is Desired.REJECTED:
        fields = {k: fields[k] for k in ("desired", "palette")} | {"request": {"pairingUid": "u1"}}
    return PairingIntentSpec.model_validate(_given(fields | changes), strict=False)


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def make_intent(
    desired: Desired = Desired.PAIRED,
    *,
    generation: str = "sha256:one",
    palette: PaletteSpec | None = None,
    match: ProfileMatchSpec | None = None,
    approval: PairingApprovalSpec | None = None,
    **changes: Any,
) -> Intent:
    """Make an intent with what it refers to; other changes go into its spec."""
    needs_match = desired is Desired.PAIRED
    return Intent(
        name="store-0042",
        generation=generation,
        spec=make_spec(desired, **changes),
        palette_name="production",
        palette=palette or make_palette(),
        match=match or (make_match() if needs_match else None),
        approval=approval,
    )


def make_approval(digest: str = OTHER_DIGEST) -> PairingApprovalSpec:
    """Make an approval for the intent; unless told otherwise, of something else than it is now."""
    return PairingApprovalSpec(intent="store-0042", digest=digest)


def make_cluster(**changes: Any) -> LocalCluster:
    """Make the local cluster: Running, with two healthy nodes."""
    nodes = (Node("node-a", "Running", is_healthy=True), Node("node-b", "Running", is_healthy=True))
    made = LocalCluster("local-42", "store-0042", "Running", True, nodes, STACK, {"a": "b"})
    return replace(made, **changes)


def make_request(
    status: LocalRequestStatus = LocalRequestStatus.PAIRING, **changes: Any
) -> LocalRequest:
    """Make the host's own pairing request `u1`, to the Palette that the intent names."""
    return replace(LocalRequest("u1", PALETTE, status), **changes)


def make_host(**changes: Any) -> EdgeHost:
    """Make a host that is managed locally, with the cluster, and without a request."""
    made = EdgeHost("host-1", ManagementMode.LOCAL, "airgap", cluster=make_cluster())
    return replace(made, **changes)


def make_entry(state: RequestState = RequestState.PENDING, **changes: Any) -> PaletteRequest:
    """Make Palette's entry of request `u1` of the cluster."""
    return replace(PaletteRequest("u1", "local-42", "store-0042", state, state.value), **changes)


def make_listing(profile: Profile, **changes: Any) -> ProfileListing:
    """Make Palette's listing of a published profile."""
    return replace(ProfileListing(profile.name, profile, scope="project"), **changes)


def make_view(*entries: PaletteRequest, **changes: Any) -> PaletteView:
    """Make a look at Palette with the two profiles, and the requests given."""
    listings = (make_listing(INFRA_PROFILE), make_listing(ADD_ON))
    return replace(PaletteView(listings, entries), **changes)


def make_observed(
    host: EdgeHost | Problem | None = None, view: PaletteView | None = None, **changes: Any
) -> Observed:
    """Make an observation in which all that may be asked was asked, and is fine."""
    made = Observed(
        palette=view or make_view(),
        host=make_host() if host is None else host,
        token=TokenFacts("edge-retail", is_active=True),
        connection=Connection(is_verified=True),
        snapshot=make_snapshot(),
        objections=(),
        brought=(),
    )
    return replace(made, **changes)


def make_snapshot(**changes: Any) -> RequestSnapshot:
    """Make what Palette holds in request `u1`: the cluster, and its host."""
    made = RequestSnapshot(STACK, "a shop", {}, "store-0042", "local-42", ("host-1", "host-2"))
    return replace(made, **changes)


def make_pending(**changes: Any) -> Observed:
    """Make an observation with our request pending on both sides."""
    return make_observed(make_host(request=make_request()), make_view(make_entry()), **changes)


def make_central(*entries: PaletteRequest, **changes: Any) -> Observed:
    """Make an observation of a host under central management whose cluster Palette has."""
    host = make_host(management_mode=ManagementMode.CENTRAL)
    view = make_view(
        *entries, clusters=(PaletteCluster("palette-42", "store-0042", "Running", "Healthy"),)
    )
    return make_observed(host, view, **changes)


def make_claim(action: str = "request", **changes: Any) -> Claim:
    """Make a claim of another daemon on the cluster."""
    made = Claim("claim-1", "local-42", "store-0042", action, 1, "daemon-7", 60.0, NOW)
    if action != "request":
        made = replace(made, pairing_uid="u1")
    return replace(made, **changes)
