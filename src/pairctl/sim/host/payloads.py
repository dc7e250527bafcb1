"""A host's answers and what it sends to Palette: state in, JSON out. Pure functions."""

from collections.abc import Mapping
from typing import Any

from pairctl.sim.host.cluster import Node, RunningCluster
from pairctl.sim.host.logins import TokenPair
from pairctl.sim.host.pairing import Pairing
from pairctl.sim.identity import bearer_of, uid_of
from pairctl.sim.stack import LocalProfile, Pack

Json = dict[str, Any]
CLOUD_TYPE = "edge-native"
POOL = {"name": "control-plane", "isControlPlane": True, "archType": "amd64"}


def tokens(pair: TokenPair) -> Json:
    """Write the two tokens of a login."""
    return {"Authorization": pair.jwt, "RefreshToken": pair.refresh}


def pairing_details(pairing: Pairing) -> Json:
    """Write a pairing; the registration token is in it, as in the real answer."""
    return {
        "pairingUid": pairing.uid,
        "paletteEndpoint": pairing.target.endpoint,
        "registrationToken": pairing.target.registration_token,
        "insecure": pairing.target.insecure,
        "status": pairing.status,
        "message": pairing.message,
    }


def cluster_details(cluster: RunningCluster, agent_version: str) -> Json:
    """Write a cluster; its kubeconfig is in it, as in the real answer, but is of no use."""
    metadata: Json = {"id": cluster.uid, "name": cluster.name, "labels": dict(cluster.tags)}
    hosts = [{"hostID": node.uid, "hostName": node.name} for node in cluster.nodes]
    token = bearer_of("kubeconfig-token", cluster.uid)
    status: Json = {
        "agentVersion": agent_version,
        "clusterState": cluster.state,
        "health": _health(is_healthy=cluster.is_healthy),
        "kubeconfig": "apiVersion: v1\nkind: Config\n"
        f"clusters: [{{name: {cluster.name}, cluster: {{server: 'https://127.0.0.1:6443'}}}}]\n"
        f"users: [{{name: admin, user: {{token: {token}}}}}]\n",
        "nodePools": [{"pool": POOL, "nodes": [_node(node) for node in cluster.shown_nodes]}],
    }
    if cluster.is_reboot_pending:
        status["isRebootPending"] = True
    spec: Json = {"nodePools": [{"pool": POOL, "hosts": hosts}]}
    if cluster.lists_hosts:
        spec["hostIDs"] = [node.uid for node in cluster.nodes]
    return {"metadata": metadata, "spec": spec, "status": status}


def applications(cluster: RunningCluster) -> Json:
    """Write the profiles of a cluster with their packs."""
    templates = [
        {
            "name": profile.name,
            "uid": uid_of("local-profile", profile.name, profile.version),
            "type": profile.type,
            "version": profile.version,
            "packs": [_local_pack(pack, cluster) for pack in profile.packs],
        }
        for profile in cluster.profiles
    ]
    return {"clusterProfileTemplates": templates}


def application(
    cluster: RunningCluster, *, registration_token: str, agent_version: str
) -> Mapping[str, Any]:
    """Write what a host sends to Palette to ask for a pairing."""
    annotations = {"description": cluster.description} if cluster.description else {}
    return {
        "metadata": {
            "name": cluster.name,
            "labels": dict(cluster.tags),
            "annotations": annotations,
        },
        "spec": {
            "clusterMeta": {
                "name": cluster.name,
                "localClusterUid": cluster.uid,
                "localClusterToken": bearer_of("cluster-token", cluster.uid),
            },
            "machinepoolconfig": [_machine_pool(cluster)],
            "profiles": [_template(profile) for profile in cluster.profiles],
            "registrationToken": registration_token,
            "stylusAgentVersion": agent_version,
        },
    }


def _node(node: Node) -> Json:
    return {
        "nodeName": node.name,
        "nodeState": node.state,
        "architecture": "amd64",
        "health": _health(is_healthy=node.is_healthy),
    }


def _health(*, is_healthy: bool) -> Json:
    if is_healthy:
        return {"status": "Healthy", "reason": ""}
    return {"status": "Unhealthy", "reason": "KubeletNotReady"}


def _local_pack(pack: Pack, cluster: RunningCluster) -> Json:
    shown: Json = {**pack.shown(), "status": cluster.pack_status.get(pack.name, "Running")}
    values = cluster.pack_values.get(pack.name, pack.shown_values)
    if values is not None:
        shown["values"] = values
    conditions = cluster.pack_conditions.get(pack.name)
    return shown if conditions is None else {**shown, "conditions": list(conditions)}


def _template(profile: LocalProfile) -> Json:
    return {
        "name": profile.name,
        "uid": uid_of("local-profile", profile.name, profile.version),
        "type": profile.type,
        "profileVersion": profile.version,
        "cloudType": CLOUD_TYPE,
        "packs": [_pack_ref(pack) for pack in profile.packs],
    }


def _pack_ref(pack: Pack) -> Json:
    return {**pack.shown(), "tag": pack.version}


def _machine_pool(cluster: RunningCluster) -> Json:
    hosts = [{"hostUid": node.uid, "hostName": node.name} for node in cluster.nodes]
    pool = {"name": "control-plane", "labels": ["control-plane"], "size": len(hosts)}
    return {
        "cloudConfig": {"edgeHosts": hosts},
        "poolConfig": pool | {"isControlPlane": True, "useControlPlaneAsWorker": True},
    }
