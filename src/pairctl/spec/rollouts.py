"""`Rollout` and `RolloutApproval`: in which order, when and how fast a fleet is paired."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache, cached_property
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from pairctl.spec.digests import digest_of
from pairctl.spec.document import Document
from pairctl.spec.fields import Digest, Name, Strict, Text
from pairctl.spec.selector import Requirement, are_met

Labels = Mapping[str, str]

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days of the week, in the order of `datetime.weekday`."""

_TIME = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"


@cache
def time_zone(key: str) -> ZoneInfo:
    """Return a time zone by its name in the IANA database. Raises ValueError where there is none.

    Of the machine's database, else of the package `tzdata`.
    """
    try:
        return ZoneInfo(key)
    except (OSError, ValueError, LookupError) as error:
        raise ValueError(
            f"there is no time zone `{key}`; name one of the IANA database, such as Europe/Lisbon "
            "or UTC"
        ) from error


def _known_zone(key: str) -> str:
    time_zone(key)
    return key


TimeOfDay = Annotated[
    str,
    Field(
        pattern=_TIME, description="Hours and minutes by the clock on the wall.", examples=["02:00"]
    ),
]
TimeZone = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$",
        max_length=64,
        description="A time zone by its name in the IANA database.",
        examples=["Europe/Lisbon"],
    ),
    AfterValidator(_known_zone),
]
LabelValue = Annotated[str, Field(max_length=63)]
Percent = Annotated[int, Field(ge=0, le=100)]


class LabelOperator(StrEnum):
    """How a label stands to values."""

    IN = "In"
    NOT_IN = "NotIn"
    EXISTS = "Exists"
    DOES_NOT_EXIST = "DoesNotExist"


class MatchExpression(Strict):
    """What one label has to be, as in a label selector of Kubernetes."""

    key: Name = Field(description="The label.")
    operator: LabelOperator = Field(
        description="`In`: the label has one of `values`. `NotIn`: it has none of them, or is not "
        "there. `Exists` and `DoesNotExist`: it is there, or it is not."
    )
    values: Annotated[list[LabelValue], Field(min_length=1, max_length=256)] | None = Field(
        default=None, description="Values, for `In` and `NotIn`."
    )

    @model_validator(mode="after")
    def _has_values_for_its_operator(self) -> Self:
        has_to = self.operator in (LabelOperator.IN, LabelOperator.NOT_IN)
        if has_to and self.values is None:
            raise ValueError(f"`operator: {self.operator}` needs `values`; add them")
        if not has_to and self.values is not None:
            raise ValueError(f"`operator: {self.operator}` looks at no values; leave `values` out")
        return self

    @property
    def requirement(self) -> Requirement:
        """What it asks of labels."""
        is_negated = self.operator in (LabelOperator.NOT_IN, LabelOperator.DOES_NOT_EXIST)
        values = None if self.values is None else tuple(self.values)
        return Requirement(self.key, values, is_negated)


class LabelSelect(Strict):
    """Which intents are meant, by their labels: all that is asked of them has to be so."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    match_labels: Annotated[dict[Name, LabelValue], Field(min_length=1)] | None = Field(
        default=None, description="Labels that an intent has, with their values."
    )
    match_expressions: (
        Annotated[list[MatchExpression], Field(min_length=1, max_length=32)] | None
    ) = Field(default=None, description="What else labels have to be.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if self.match_labels is None and self.match_expressions is None:
            raise ValueError("`matchLabels` or `matchExpressions` is needed")
        return self

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """What it asks of labels, one after the other."""
        wanted = sorted((self.match_labels or {}).items())
        labels = (Requirement(key, (value,)) for key, value in wanted)
        return (*labels, *(one.requirement for one in self.match_expressions or ()))

    def selects(self, labels: Labels) -> bool:
        """Whether labels are as they have to be."""
        return are_met(self.requirements, labels)


class Gate(StrEnum):
    """What has to be there before a wave begins."""

    APPROVAL = "Approval"


class Wave(Strict):
    """Some of a rollout's intents, which come after those of the waves before."""

    name: Name = Field(description="What statuses and approvals call the wave.")
    select: LabelSelect | None = Field(
        default=None,
        description="Which of the rollout's intents are in the wave, where no wave before has "
        "them. Left out, for the last wave only: the rest.",
    )
    gate: Gate | None = Field(
        default=None,
        description="`Approval`: of the wave only those begin that a committed RolloutApproval "
        "covers.",
    )


def _that_go_together(waves: list[Wave]) -> list[Wave]:
    names = [wave.name for wave in waves]
    for index, name in enumerate(names):
        if (first := names.index(name)) < index:
            raise ValueError(
                f"two waves are called `{name}`, number {first + 1} and number {index + 1}; give "
                "one of them another name"
            )
    for wave in waves[:-1]:
        if wave.select is None:
            raise ValueError(
                f"the wave `{wave.name}` has no `select`, and is not the last; give it one: it "
                "would leave nothing to the waves after it"
            )
    return waves


class RolloutPace(Strict):
    """How fast. What was accepted is seen through in any case."""

    at_once: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Clusters that are under way at one time."
    )
    per_hour: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Clusters that are accepted within an hour."
    )


class Window(Strict):
    """When something new may begin: by the clock on the wall, in one time zone.

    It ends on the next day where `to` is not later than `from`. An hour that the clock skips is in
    no window, and one that it shows twice is in it twice.
    """

    days: Annotated[list[Day], Field(min_length=1, max_length=7)] | None = Field(
        default=None, description="The days on which it begins. Left out: every day."
    )
    from_: TimeOfDay = Field(alias="from", description="When it begins.")
    to: TimeOfDay = Field(description="When it is over: nothing begins at this minute any more.")
    time_zone: TimeZone = Field(description="Where the clock is.")

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.from_ == self.to or (self.from_, self.to) == ("24:00", "00:00"):
            raise ValueError(
                f"a window from {self.from_} to {self.to} is never open; leave `windows` out where "
                "all times will do, and write 00:00 to 24:00 for a whole day"
            )
        if self.from_ == "24:00":
            raise ValueError("a window begins at 00:00 of the next day, not at 24:00")
        return self


class HaltWhen(Strict):
    """When nothing new begins any more, until a commit mends what failed, or says otherwise."""

    failed: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="So many of the rollout's clusters have failed."
    )
    failed_percent: Annotated[int, Field(ge=1, le=100)] | None = Field(
        default=None, description="At least this part of one wave has failed."
    )


class AllowedPart(Strict):
    """What part of a wave may be so, and the next wave begins all the same."""

    allowed_percent: Percent = Field(
        default=0, description="Of the wave's intents; within it they hold no later wave."
    )


class Suspension(Strict):
    """Nothing new begins while it stands here."""

    reason: Text = Field(description="Why; statuses say it.")
    by: Text = Field(description="Who says so.")


class RolloutSpec(Strict):
    """Which intents, in which waves, when, how fast, and when to stop.

    What is held back is what begins something new: sending a request, accepting it, replacing it.
    Taking back (`Local`, `Rejected`) is never held, and what was accepted is seen through.
    """

    select: LabelSelect = Field(
        description="Which intents; those with `desired: Paired` are held to the rollout."
    )
    waves: Annotated[
        list[Wave], Field(min_length=1, max_length=64), AfterValidator(_that_go_together)
    ] = Field(
        description="In this order. A wave begins when those before are paired, in the generation "
        "that is wanted now, and healthy in Palette."
    )
    pace: RolloutPace = Field(default_factory=RolloutPace)
    windows: Annotated[list[Window], Field(min_length=1, max_length=64)] | None = Field(
        default=None, description="When something new may begin. Left out: at any time."
    )
    halt_when: HaltWhen = Field(default_factory=HaltWhen)
    unreachable: AllowedPart = Field(
        default_factory=AllowedPart,
        description="Of those whose Local UI does not answer. They are caught up when they do.",
    )
    unhealthy: AllowedPart = Field(
        default_factory=AllowedPart,
        description="Of those that are paired, and that Palette does not show as healthy now.",
    )
    suspend: Suspension | None = None

    def wave_of(self, labels: Labels) -> int | None:
        """Return the first wave that selects an intent of the rollout, from 0; None where none."""
        return next(
            (
                number
                for number, wave in enumerate(self.waves)
                if wave.select is None or wave.select.selects(labels)
            ),
            None,
        )


class Rollout(Document):
    """A fleet of intents, paired in waves."""

    kind: Literal["Rollout"]
    spec: RolloutSpec


class RolloutApprovalSpec(Strict):
    """Which intents of which wave may begin, as they were when it was written."""

    rollout: Name = Field(description="The name of the Rollout.")
    wave: Name = Field(description="The name of its wave.")
    intents: Annotated[list[Name], Field(min_length=1, max_length=10_000)] = Field(
        description="The intents that it covers. One that comes into the wave later is not covered."
    )
    digest: Digest = Field(
        description="Of the wave, and of the generations of these intents: where one of them "
        "changes, none is covered any more."
    )
    reason: Text | None = Field(default=None, description="For people; nothing is decided by it.")
    approved_by: Text | None = Field(
        default=None, description="For people; who may approve is decided by the forge."
    )


class RolloutApproval(Document):
    """The consent that intents of one wave begin, for a wave with `gate: Approval`."""

    kind: Literal["RolloutApproval"]
    spec: RolloutApprovalSpec


def approval_digest(rollout: str, wave: str, generations: Iterable[tuple[str, str]]) -> str:
    """Return the digest that an approval of a wave has: of pairs of an intent and its generation.

    Their order does not matter.
    """
    return digest_of(
        ["rollout", rollout, wave, *(text for pair in sorted(generations) for text in pair)]
    )
