"""The bodies that Palette's routes read, as the vendor's models name their fields."""

from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from starlette.requests import Request

from pairctl.sim.answers import RefusalError
from pairctl.sim.palette.pairings import Acceptance, Choice
from pairctl.sim.stack import Layer, Pack, ProfileType

BodyT = TypeVar("BodyT", bound="Body")


class Body(BaseModel):
    """A part of a body: camelCase; unknown fields are none of the simulator's business."""

    model_config = ConfigDict(extra="ignore", alias_generator=to_camel, populate_by_name=True)


async def read(request: Request, model: type[BodyT]) -> BodyT:
    """Parse a request's body; refuse with 400. An empty body stands for an empty object."""
    try:
        return model.model_validate_json(await request.body() or b"{}")
    except ValidationError as error:
        places = ", ".join(".".join(map(str, found["loc"])) for found in error.errors()) or "body"
        raise RefusalError(400, "InvalidRequest", f"not understood: {places}") from None


class FilterString(Body):
    """Conditions on a text; all that are given must hold."""

    eq: str | None = None
    ne: str | None = None
    contains: str | None = None
    begins_with: str | None = None
    ignore_case: bool = True

    def admits(self, text: str) -> bool:
        """Whether a text meets every condition."""
        fold = str.lower if self.ignore_case else str
        found = fold(text)
        return (
            (self.eq is None or found == fold(self.eq))
            and (self.ne is None or found != fold(self.ne))
            and (self.contains is None or fold(self.contains) in found)
            and (self.begins_with is None or found.startswith(fold(self.begins_with)))
        )


class ProfileFilter(Body):
    """What a list of profiles is narrowed to."""

    profile_name: FilterString = FilterString()
    profile_type: tuple[ProfileType, ...] = ()


class ProfileQuery(Body):
    """The body of a search for profiles."""

    filter: ProfileFilter = ProfileFilter()


class PairingFilter(Body):
    """What a list of pairing requests is narrowed to."""

    local_cluster_uid: FilterString = FilterString()
    state: FilterString = FilterString()


class PairingSort(Body):
    """What a list of pairing requests is ordered by."""

    field: Literal["name", "state", "creationTimestamp"] = "creationTimestamp"
    order: Literal["asc", "desc"] = "asc"


class PairingQuery(Body):
    """The body of a search for pairing requests."""

    filter: PairingFilter = PairingFilter()
    sort: tuple[PairingSort, ...] = ()


class Meta(Body):
    """A name, tags (as labels) and annotations."""

    name: str | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None


class NamedBody(Body):
    """Something that is told apart by its name."""

    name: str


class VariableBody(NamedBody):
    """A value for a profile variable."""

    value: str = Field(default="", repr=False)


class PackBody(NamedBody):
    """A pack of a profile that is published: its version stands in `tag`."""

    layer: Layer
    tag: str


class TemplateBody(Body):
    """What a profile that is published is made of."""

    type: ProfileType = "add-on"
    packs: tuple[PackBody, ...]


class ProfileSpecBody(Body):
    """The version of a profile that is published."""

    version: str = "1.0.0"
    template: TemplateBody


class ProfileBody(Body):
    """The body that creates a profile, as `pairctl explain --repair` writes it."""

    metadata: NamedBody
    spec: ProfileSpecBody

    def packs(self) -> tuple[Pack, ...]:
        """Return the packs as the catalogue has them."""
        return tuple(Pack(pack.name, pack.tag, pack.layer) for pack in self.spec.template.packs)


class PackValuesBody(NamedBody):
    """Values for a pack of a profile."""

    values: str = Field(default="", repr=False)


class ChosenProfile(Body):
    """A profile in an acceptance."""

    uid: str
    pack_values: tuple[PackValuesBody, ...] = ()
    variables: tuple[VariableBody, ...] = ()


class AcceptanceSpec(Body):
    """The request that is accepted, and the profiles that stand for its packs."""

    pairing_uid: str = Field(min_length=1)
    profiles: tuple[ChosenProfile, ...]


class AcceptanceBody(Body):
    """The body that accepts a pairing request, or only validates the acceptance."""

    metadata: Meta = Meta()
    spec: AcceptanceSpec

    def acceptance(self) -> Acceptance:
        """Turn the body into what the state understands."""
        choices = (
            Choice(
                profile.uid,
                {variable.name: variable.value for variable in profile.variables},
                {pack.name: pack.values for pack in profile.pack_values},
            )
            for profile in self.spec.profiles
        )
        meta = self.metadata
        return Acceptance(
            self.spec.pairing_uid, tuple(choices), meta.name, meta.labels, meta.annotations
        )
