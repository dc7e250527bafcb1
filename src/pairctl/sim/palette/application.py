"""What a host sends to ask for a pairing, as the vendor's model names its fields."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from pairctl.sim.palette.bodies import Body, Meta
from pairctl.sim.palette.pairings import Application, EdgeHostRef
from pairctl.sim.stack import Layer, LocalProfile, Pack, PackType, ProfileType


class SentPack(Body):
    """A pack of a template that a host sends."""

    name: str = ""
    layer: Layer = ""
    version: str = ""
    type: PackType = "spectro"


class SentTemplate(Body):
    """A profile of the local cluster, as its host sends it."""

    name: str
    type: ProfileType
    profile_version: str = ""
    packs: tuple[SentPack, ...] = ()


class SentHost(Body):
    """A host in a machine pool."""

    host_uid: str
    host_name: str = ""


class SentPoolConfig(Body):
    """The hosts of a machine pool."""

    edge_hosts: tuple[SentHost, ...]


class SentPool(Body):
    """A machine pool of the local cluster."""

    cloud_config: SentPoolConfig


class SentClusterMeta(Body):
    """The local cluster's own names for itself."""

    local_cluster_uid: str = Field(min_length=1)
    local_cluster_token: str = ""
    name: str


class ApplicationSpec(Body):
    """The cluster that asks to be paired."""

    cluster_meta: SentClusterMeta
    profiles: tuple[SentTemplate, ...]
    machinepoolconfig: tuple[SentPool, ...] = Field(validation_alias="machinepoolconfig")
    registration_token: str
    stylus_agent_version: str


class ApplicationBody(Body):
    """The body by which a host asks for a pairing."""

    metadata: Meta = Meta()
    spec: ApplicationSpec

    def application(self) -> Application:
        """Turn the body into what the state understands."""
        spec, none = self.spec, dict[str, str]()
        labels: Mapping[str, str] = self.metadata.labels or none
        return Application(
            name=self.metadata.name or spec.cluster_meta.name,
            cluster_name=spec.cluster_meta.name,
            local_cluster_uid=spec.cluster_meta.local_cluster_uid,
            local_cluster_token=spec.cluster_meta.local_cluster_token,
            registration_token=spec.registration_token,
            labels=labels,
            annotations=self.metadata.annotations or none,
            profiles=tuple(_local_profile(template) for template in spec.profiles),
            hosts=tuple(
                EdgeHostRef(host.host_uid, host.host_name)
                for pool in spec.machinepoolconfig
                for host in pool.cloud_config.edge_hosts
            ),
            agent_version=spec.stylus_agent_version,
        )


def sent_application(payload: Mapping[str, Any]) -> Application:
    """Read a pairing request as a host writes it; raises ValidationError."""
    return ApplicationBody.model_validate(payload).application()


def _local_profile(template: SentTemplate) -> LocalProfile:
    packs = tuple(Pack(pack.name, pack.version, pack.layer, pack.type) for pack in template.packs)
    return LocalProfile(template.name, template.type, template.profile_version, packs)
