"""Palette's answers: state in, JSON out, in the shapes of the vendor's models. Pure functions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from pairctl.sim.identity import uid_of
from pairctl.sim.palette.access import ProjectRef
from pairctl.sim.palette.catalog import Profile, ProfileVersion
from pairctl.sim.palette.paging import Page
from pairctl.sim.palette.pairings import Cluster, PairingRequest
from pairctl.sim.palette.tokens import EdgeToken
from pairctl.sim.stack import Pack

Json = dict[str, Any]
ItemT = TypeVar("ItemT")
CLOUD_TYPE = "edge-native"
RUNNING = "Running"


def instant(moment: datetime) -> str:
    """Write an instant as the APIs do: RFC 3339, UTC, milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def listing(page: Page[ItemT], items: Iterable[Json]) -> Json:
    """Write a page of a list."""
    meta = {
        "continue": page.token,
        "count": page.count,
        "limit": page.limit,
        "offset": page.offset,
    }
    return {"items": list(items), "listmeta": meta}


def project(ref: ProjectRef) -> Json:
    """Write a project's metadata."""
    return {"metadata": {"name": ref.name, "uid": ref.uid}}


def profile_summary(profile: Profile) -> Json:
    """Write a profile in a list: its latest version, and the uids of all."""
    shown = profile.shown
    spec: Json = {
        "version": shown.version,
        "versions": [{"uid": v.uid, "version": v.version} for v in profile.versions],
    }
    if profile.latest is not None:
        spec["published"] = _template_summary(profile, profile.latest)
    if profile.draft is not None:
        spec["draft"] = _template_summary(profile, profile.draft)
    elif profile.has_own_draft:
        spec["draft"] = _template_summary(profile, shown) | {"packs": []}
    said, counts = profile.says_published, {"disabled": profile.disabled_packs}
    is_published = profile.latest is not None if said is None else said
    return {
        "metadata": _meta(shown.uid, profile.name, shown.modified_at),
        "specSummary": spec,
        "status": {"isPublished": is_published, "pack": counts},
    }


def variables(version: ProfileVersion) -> Json:
    """Write the variables of a profile's version."""
    return {
        "variables": [
            {
                "name": name,
                "displayName": name,
                "defaultValue": "",
                "format": "string",
                "hidden": False,
                "immutable": False,
                "isSensitive": False,
                "required": False,
            }
            for name in version.variables
        ]
    }


def profile_packs(version: ProfileVersion) -> Json:
    """Write the packs of a profile's version, with their values."""
    return {"items": [_profile_pack(pack) for pack in version.packs]}


def _profile_pack(pack: Pack) -> Json:
    spec: Json = {**pack.shown()}
    if pack.shown_values is not None:
        spec["values"] = pack.shown_values
    return {"metadata": {"name": pack.name, "uid": uid_of("pack", pack)}, "spec": spec}


def edge_token(token: EdgeToken, project_name: str, now: datetime) -> Json:
    """Write a registration token, its value included."""
    spec: Json = {"token": token.value}
    if token.expires_at is not None:
        spec["expiry"] = instant(token.expires_at)
    if token.project_uid is not None:
        spec["defaultProject"] = {"name": project_name, "uid": token.project_uid}
    return {
        "metadata": {"uid": token.uid, "name": token.name},
        "spec": spec,
        "status": {"isActive": token.is_usable_at(now)},
    }


def pairing_meta(request: PairingRequest, state: str) -> Json:
    """Write a pairing request in a list."""
    return {
        "name": request.application.cluster_name,
        "pairingUid": request.uid,
        "clusterUid": request.cluster_uid,
        "localClusterUid": request.application.local_cluster_uid,
        "cloudType": CLOUD_TYPE,
        "state": state,
        "creationTimestamp": instant(request.created_at),
    }


def pairing(request: PairingRequest, state: str, cluster_name: str) -> Json:
    """Write a whole pairing request: what the host sent, and what became of it."""
    sent = request.application
    meta = _meta(request.uid, sent.name, request.created_at, sent.labels, sent.annotations)
    spec = {
        "clusterMeta": {
            "name": sent.cluster_name,
            "uid": request.cluster_uid,
            "localClusterUid": sent.local_cluster_uid,
            "localClusterToken": sent.local_cluster_token,
        },
        "profiles": [
            {
                "uid": uid_of("local-profile", profile.name, profile.version),
                "name": profile.name,
                "type": profile.type,
                "profileVersion": profile.version,
                "cloudType": CLOUD_TYPE,
                "packs": [_pack_ref(pack) for pack in profile.packs],
            }
            for profile in sent.profiles
        ],
        "machinepoolconfig": [_machine_pool(request)],
        # The vendor's model requires this one without describing it.
        "registrationToken": sent.registration_token,
        "stylusAgentVersion": sent.agent_version,
    }
    status = {
        "state": state,
        "pairingClusterName": cluster_name,
        "pairingClusterUid": request.cluster_uid,
    }
    return {"metadata": meta, "spec": spec, "status": status}


def cluster(paired: Cluster, profiles: Iterable[tuple[Profile, ProfileVersion]]) -> Json:
    """Write a paired cluster, with the profiles that now define it."""
    return {
        "apiVersion": "v1",
        "kind": "spectrocluster",
        "metadata": _cluster_meta(paired),
        "spec": {
            "cloudType": CLOUD_TYPE,
            "clusterProfileTemplates": [_template(*entry) for entry in profiles],
            "clusterType": "PureManage",
        },
        "status": {"state": RUNNING},
    }


def cluster_profiles(entries: Iterable[tuple[Profile, ProfileVersion]]) -> Json:
    """Write the profiles of a paired cluster."""
    return {"profiles": [_cluster_profile(*entry) for entry in entries]}


def cluster_summary(paired: Cluster, project_name: str, health: Any) -> Json:
    """Write a paired cluster in a list; a health of None is left out."""
    spec: Json = {"cloudConfig": {"cloudType": CLOUD_TYPE}}
    if paired.project_uid is not None:
        spec["projectMeta"] = {"name": project_name, "uid": paired.project_uid}
    return {
        "metadata": _cluster_meta(paired),
        "specSummary": spec,
        "status": {"state": RUNNING} | ({} if health is None else {"health": {"state": health}}),
    }


def _meta(
    uid: str,
    name: str,
    at: datetime,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
) -> Json:
    return {
        "uid": uid,
        "name": name,
        "labels": dict(labels or {}),
        "annotations": dict(annotations or {}),
        "creationTimestamp": instant(at),
        "lastModifiedTimestamp": instant(at),
    }


def _cluster_meta(paired: Cluster) -> Json:
    return _meta(paired.uid, paired.name, paired.registered_at, paired.labels, paired.annotations)


def _template_summary(profile: Profile, version: ProfileVersion) -> Json:
    packs = [_pack_ref(pack) | {"displayName": pack.name} for pack in version.packs]
    cloud = {"cloudType": profile.cloud_type} if profile.cloud_type else {}
    return {"type": profile.type, **cloud, "packs": packs}


def _pack_ref(pack: Pack) -> Json:
    return {**pack.shown(), "tag": pack.version, "packUid": uid_of("pack", pack)}


def _template(profile: Profile, version: ProfileVersion) -> Json:
    return {
        "uid": version.uid,
        "name": profile.name,
        "type": profile.type,
        "profileVersion": version.version,
        "cloudType": CLOUD_TYPE,
        "packs": [_pack_ref(pack) for pack in version.packs],
    }


def _machine_pool(request: PairingRequest) -> Json:
    hosts = [{"hostUid": host.uid, "hostName": host.name} for host in request.application.hosts]
    pool = {"name": "control-plane", "labels": ["control-plane"], "size": len(hosts)}
    return {
        "cloudConfig": {"edgeHosts": hosts},
        "poolConfig": pool | {"isControlPlane": True, "useControlPlaneAsWorker": True},
    }


def _cluster_profile(profile: Profile, version: ProfileVersion) -> Json:
    packs = [
        {
            "metadata": {"name": pack.name, "uid": uid_of("pack", pack)},
            "spec": {"name": pack.name, "version": pack.version, "layer": pack.layer},
        }
        for pack in version.packs
    ]
    return {
        "metadata": _meta(version.uid, profile.name, version.modified_at),
        "spec": {"type": profile.type, "cloudType": CLOUD_TYPE, "packs": packs},
    }
