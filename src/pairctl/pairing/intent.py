"""An intent with the documents that it refers to: all that is known of what is wanted."""

from collections.abc import Mapping
from dataclasses import dataclass

from pairctl.spec import PairingIntentSpec, PaletteSpec, ProfileMatchSpec, SecretReference
from pairctl.spec.overrides import PackValues


@dataclass(frozen=True, slots=True)
class Intent:
    """One valid intent, resolved. `generation` is the hash of it with all that it refers to.

    `match` is None where the desired state needs no profiles.
    """

    name: str
    generation: str
    spec: PairingIntentSpec
    palette_name: str
    palette: PaletteSpec
    match: ProfileMatchSpec | None = None

    @property
    def variables(self) -> Mapping[str, str | SecretReference]:
        """The values of profile variables: the intent's own win over its ProfileMatch's."""
        return {**(self.match.variables if self.match else {}), **self.spec.variables}

    @property
    def pack_values(self) -> Mapping[str, PackValues]:
        """The values of packs, by pack: the intent's own win over its ProfileMatch's."""
        common = self.match.values if self.match else []
        return {item.pack: item for item in (*common, *self.spec.values)}
