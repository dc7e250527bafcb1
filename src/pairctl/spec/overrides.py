"""What an acceptance sets in the profiles: values of variables, and of packs (seed, step 8)."""

from collections import Counter
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from pairctl.spec.document import SecretReference
from pairctl.spec.fields import PackName, RepositoryPath, Strict, Text

_MOST_NAMED = 3


class PackValues(Strict):
    """The values of one pack, in place of those of the profile: as YAML, here or in a file."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["inline"]}, {"required": ["file"]}]}
    )

    pack: PackName = Field(description="The pack's name.")
    inline: Annotated[str, Field(max_length=65536)] | None = Field(
        default=None, description="The values themselves: YAML in a text."
    )
    file: RepositoryPath | None = Field(default=None, description="A file of the repository.")

    @model_validator(mode="after")
    def _here_or_there(self) -> Self:
        if (self.inline is None) == (self.file is None):
            raise ValueError("exactly one of `inline` and `file` is needed")
        return self


class Overrides(Strict):
    """Values for the selected profiles. Those of an intent win over those of its ProfileMatch."""

    variables: dict[Text, Annotated[str, Field(max_length=65536)] | SecretReference] = Field(
        default={}, description="Values of profile variables; a value may be a secret reference."
    )
    values: Annotated[list[PackValues], Field(max_length=256)] = Field(
        default=[], description="Values of packs, in place of those that the profiles have."
    )

    @model_validator(mode="after")
    def _names_each_pack_once(self) -> Self:
        count = Counter(item.pack for item in self.values)
        twice = sorted(pack for pack, times in count.items() if times > 1)
        if twice:
            more = f" and {len(twice) - _MOST_NAMED} more" if len(twice) > _MOST_NAMED else ""
            raise ValueError(f"`values` names {', '.join(twice[:_MOST_NAMED])}{more} twice")
        return self
