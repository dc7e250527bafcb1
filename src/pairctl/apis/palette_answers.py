"""The fields that are read of Palette's answers, but profiles'. Secrets have no field, but one.

A registration token's value is what the token list is asked for: it goes straight into a Secret.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from itertools import islice
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from pairctl.apis.answers import AnswerModel, ListItem
from pairctl.apis.profile_answers import PackItem
from pairctl.apis.routes import is_uid
from pairctl.apis.texts import (
    LONGEST_ID,
    MOST_LAYERS,
    ForeignIdentity,
    Label,
    Shown,
    Tags,
    Texts,
    Word,
)
from pairctl.layers import stack
from pairctl.pairing.facts.observation import RequestSnapshot, TokenFacts
from pairctl.pairing.facts.palette import (
    PaletteCluster,
    PaletteRequest,
    RequestState,
    request_state,
)

MOST_MESSAGES = 20
"""How many objections of Palette's own validation are told."""

MOST_CONTINUED = 8_192
"""How long the token of a next page may be: it is sent back."""

MOST_PROJECTS = 5_000
"""Of how many projects it is read what a key may do there."""

_PERMISSIONS_ABOUT = ("clusterPair.", "edgeToken.")
_NEVER = frozenset({MINYEAR, MAXYEAR})  # the zero of Palette's clock, and the end of all clocks


def _part(value: Any) -> Any:
    """Read what is no object as an empty one."""
    return value if isinstance(value, dict | AnswerModel) else {}


def _worded(value: Any) -> Any:
    """Say of what is no text what it is: no word that is known."""
    return value if isinstance(value, str) else f"({type(value).__name__})"


@dataclass(frozen=True, slots=True)
class KeyPermissions:
    """What Palette says that a key may do: in each project, by its uid or name; in the tenant."""

    of_projects: Mapping[str, frozenset[str]]
    of_tenant: frozenset[str]

    def has(self, permission: str, project: Collection[str]) -> bool:
        """Whether a permission is said to be there, in the tenant or in one project's names."""
        mine = (self.of_projects.get(name, frozenset()) for name in project)
        return permission in self.of_tenant.union(*mine)


class Entity(AnswerModel):
    """Name and uid of an object; one that lacks them stops nobody else's on the same page."""

    uid: Label = ""
    name: Label = ""


def _no_entity() -> Entity:
    return Entity.model_validate({})


def _whole_number(value: Any) -> Any:
    """Read what is no whole number as nothing said."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class ListMeta(AnswerModel):
    """Where the next page of a list begins, empty at the end; `count` is how long the list is."""

    next: str = Field("", alias="continue", max_length=MOST_CONTINUED)
    count: Annotated[int | None, BeforeValidator(_whole_number)] = None


Item = TypeVar("Item", bound=ListItem)


class Page(AnswerModel, Generic[Item]):
    """A page of a list. `listmeta` is None where the list does not speak of pages.

    No list is without `items` (specification), which may be null where there are none. An answer
    that says nothing of them is none: it must not read as an empty list.
    """

    items: tuple[Item, ...] = ()
    listmeta: ListMeta | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_a_list(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.keys().isdisjoint({"items", "listmeta"}):
            raise PydanticCustomError("no_list", "no list")
        return data


def _permissions(value: Any) -> Any:
    """Read lists of permissions by an id, and only those that matter here; drop what is odd."""
    if not isinstance(value, dict):
        return None
    return {
        key: [one for one in found if isinstance(one, str) and one.startswith(_PERMISSIONS_ABOUT)]
        for key, found in islice(value.items(), MOST_PROJECTS)
        if isinstance(found, list) and len(key) <= LONGEST_ID
    }


Permissions = Annotated[dict[str, frozenset[Word]] | None, BeforeValidator(_permissions)]


class OwnUserStatus(AnswerModel):
    """What the key's user may do: permissions such as `clusterPair.update`, by project or tenant.

    The shape is inferred. None is what is not said.
    """

    project_permissions: Permissions = None
    tenant_permissions: Permissions = None


class OwnUser(AnswerModel):
    """The user whose key it is: nothing of the person is read."""

    status: Annotated[OwnUserStatus, BeforeValidator(_part)] = OwnUserStatus()

    def fact(self) -> KeyPermissions | None:
        """Return what the key may do; None where nothing is said of it."""
        of_projects, of_tenant = self.status.project_permissions, self.status.tenant_permissions
        if of_projects is None and of_tenant is None:
            return None
        return KeyPermissions(of_projects or {}, frozenset().union(*(of_tenant or {}).values()))


class NamedItem(ListItem):
    """An item that is known by the uid in its metadata."""

    metadata: Entity = Field(default_factory=_no_entity)

    @property
    def is_known(self) -> bool:
        """Whether it says which one it is."""
        return bool(self.metadata.uid)


class ProjectItem(NamedItem):
    """A project."""


class TokenProject(AnswerModel):
    """The project that hosts of a token land in."""

    uid: Label = ""
    name: Label = ""


class TokenSpec(AnswerModel):
    """A registration token. `token` is a secret."""

    token: str = Field("", repr=False)
    expiry: datetime | None = None
    default_project: TokenProject = Field(default_factory=lambda: TokenProject.model_validate({}))


class TokenStatus(AnswerModel):
    """Whether a token can be used; left out, it cannot (Palette leaves `false` out)."""

    is_active: bool = False


class TokenItem(NamedItem):
    """A registration token as Palette lists it."""

    spec: TokenSpec = Field(default_factory=lambda: TokenSpec.model_validate({}))
    status: TokenStatus = Field(default_factory=lambda: TokenStatus.model_validate({}))

    def facts(self, dated_at: datetime | None) -> TokenFacts:
        """Return the token without its value, as Palette told of it at an instant of its own."""
        project = self.spec.default_project
        return TokenFacts(
            name=self.metadata.name,
            is_active=self.status.is_active,
            expires_at=_expiry(self.spec.expiry),
            default_project=project.uid,
            default_project_name=project.name,
            dated_at=dated_at,
        )


def _expiry(at: datetime | None) -> datetime | None:
    if at is None or at.year in _NEVER:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


class RequestItem(ListItem):
    """A pairing request as Palette lists it.

    Its own id is Palette's; where that is no uid, or holds a secret, the request has none, and its
    state is UNKNOWN: it holds back its own cluster, and no other. The cluster's id is what the
    sender says it is: what is no uid is no cluster's.
    """

    pairing_uid: ForeignIdentity = ""
    local_cluster_uid: ForeignIdentity = ""
    cluster_uid: Label = ""
    name: Label = ""
    state: Word = ""
    creation_timestamp: Word = ""

    @property
    def is_known(self) -> bool:
        """Whether it has an id that it could be named by."""
        return is_uid(self.pairing_uid)

    def fact(self) -> PaletteRequest:
        """Return the request as a fact, its state mapped without regard to case."""
        return PaletteRequest(
            pairing_uid=self.pairing_uid if self.is_known else "",
            local_uid=self.local_cluster_uid if is_uid(self.local_cluster_uid) else "",
            name=self.name,
            state=request_state(self.state) if self.is_known else RequestState.UNKNOWN,
            word=self.state,
            cluster_uid=self.cluster_uid,
            created_at=self.creation_timestamp,
        )


class RequestTemplate(AnswerModel):
    """A profile of the local cluster, as the pairing request carries it."""

    packs: tuple[PackItem, ...] = ()


class RequestCluster(AnswerModel):
    """The cluster that has sent a pairing request, without the token that is kept beside it."""

    name: Label = ""
    local_cluster_uid: ForeignIdentity = ""


class RequestHost(AnswerModel):
    """An edge host of the cluster."""

    host_uid: ForeignIdentity = ""


class RequestCloudConfig(AnswerModel):
    """The hosts of one pool."""

    edge_hosts: tuple[RequestHost, ...] = ()


class RequestPool(AnswerModel):
    """A pool of the cluster's nodes."""

    cloud_config: RequestCloudConfig = RequestCloudConfig()


class RequestSpec(AnswerModel):
    """The part of a pairing request that holds the layers, and whose they are."""

    profiles: tuple[RequestTemplate, ...] = ()
    cluster_meta: RequestCluster = RequestCluster()
    machinepoolconfig: tuple[RequestPool, ...] = ()


class RequestMetadata(AnswerModel):
    """What a pairing request tells of its cluster; labels are what the console calls tags.

    The description goes back to Palette as it came, and is neither shown nor stored.
    """

    name: Label = ""
    labels: Tags = Field(default_factory=dict)
    annotations: Texts = Field(default_factory=dict)


class RequestTags(AnswerModel):
    """The tags of one pairing request; whatever else is odd about it does not matter to them."""

    metadata: RequestMetadata = Field(default_factory=RequestMetadata)


class RequestDetails(RequestTags):
    """One pairing request."""

    spec: RequestSpec

    @model_validator(mode="after")
    def _can_be_compared(self) -> Self:
        packs = [pack for template in self.spec.profiles for pack in template.packs]
        if len(packs) > MOST_LAYERS or not all(pack.is_fit for pack in packs):
            raise PydanticCustomError(
                "layers_that_cannot_be_compared", "layers that cannot be compared"
            )
        return self

    def fact(self) -> RequestSnapshot:
        """Return the layers of all profiles together, and what the cluster is said to be."""
        packs = (pack for template in self.spec.profiles for pack in template.packs)
        pools, cluster = self.spec.machinepoolconfig, self.spec.cluster_meta
        hosts = (host.host_uid for pool in pools for host in pool.cloud_config.edge_hosts)
        return RequestSnapshot(
            stack(pack.fact() for pack in packs),
            self.metadata.annotations.get("description", ""),
            self.metadata.labels,
            name=self.metadata.name or cluster.name,
            local_uid=cluster.local_cluster_uid,
            host_uids=tuple(sorted({uid for uid in hosts if uid})),
        )


class ClusterHealthItem(AnswerModel):
    """How healthy a cluster is, in Palette's own word."""

    state: Annotated[Word, BeforeValidator(_worded)] = ""


class ClusterStatus(AnswerModel):
    """How a cluster is. Nothing is done for its health: an odd one must not cost the list."""

    state: Word = ""
    health: Annotated[ClusterHealthItem, BeforeValidator(_part)] = ClusterHealthItem()


class ClusterItem(NamedItem):
    """A cluster that is registered in Palette."""

    status: ClusterStatus = Field(default_factory=lambda: ClusterStatus.model_validate({}))

    def fact(self) -> PaletteCluster:
        """Return the cluster as a fact."""
        status = self.status
        return PaletteCluster(
            self.metadata.uid, self.metadata.name, status.state, status.health.state
        )


class VariableItem(AnswerModel):
    """A variable of a profile; one without a name is none that a value could be given for."""

    name: Label = ""


class Variables(AnswerModel):
    """The variables of a profile. An answer that says other things, and nothing of them, is none.

    Values are sent for those that are named: none must not be read out of it.
    """

    variables: tuple[VariableItem, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _of_a_profile(cls, data: Any) -> Any:
        if isinstance(data, dict) and data and "variables" not in data:
            raise PydanticCustomError("no_variables", "no variables of a profile")
        return data

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those that have one."""
        return tuple(item.name for item in self.variables if item.name)


class ConstraintError(AnswerModel):
    """One thing that is wrong with an acceptance."""

    code: Word = ""
    message: Shown = ""


class ValidationResult(AnswerModel):
    """What is wrong with one pack or pool."""

    name: Label = ""
    errors: tuple[ConstraintError, ...] = ()


class ValidationPart(AnswerModel):
    """Results about packs, or about machine pools."""

    results: tuple[ValidationResult, ...] = ()


class ProfileValidation(AnswerModel):
    """What is wrong with one profile."""

    packs: ValidationPart = Field(default_factory=lambda: ValidationPart.model_validate({}))


class Validation(AnswerModel):
    """Palette's own judgement of an acceptance, before it is sent; or an error in its place.

    What holds neither is no judgement: that nothing was found is not to be read out of it.
    """

    profiles: tuple[ProfileValidation, ...] = ()
    machine_pools: ValidationPart = Field(default_factory=lambda: ValidationPart.model_validate({}))
    code: Word = ""
    message: Shown = ""

    @model_validator(mode="before")
    @classmethod
    def _of_a_judgement(cls, data: Any) -> Any:
        known = {"profiles", "machinePools", "code", "message"}
        if isinstance(data, dict) and data and known.isdisjoint(data):
            raise PydanticCustomError("no_judgement", "no judgement of an acceptance")
        return data

    def messages(self) -> Iterator[str]:
        """Yield what is wrong, the first of it where it is much; nothing where all is well."""
        yield from islice(self._messages(), MOST_MESSAGES)

    def _messages(self) -> Iterator[str]:
        if self.code or self.message:
            yield ": ".join(part for part in (self.code, self.message) if part)
        for part in (*(profile.packs for profile in self.profiles), self.machine_pools):
            for result in part.results:
                for error in result.errors:
                    said = error.message or error.code or "refused without a reason"
                    yield f"{result.name}: {said}" if result.name else said
