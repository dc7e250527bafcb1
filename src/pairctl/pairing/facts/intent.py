"""An intent with the documents that it refers to: all that is known of what is wanted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pairctl.spec import (
    PairingApprovalSpec,
    PairingIntentSpec,
    PaletteSpec,
    ProfileMatchSpec,
    RowColumns,
    SecretReference,
)
from pairctl.spec.overrides import PackValues


@dataclass(frozen=True, slots=True)
class Intent:
    """One valid intent, resolved. `generation` is the hash of it with all that it refers to.

    `match` is None where the desired state needs no profiles. `files` are the Git object ids of the
    other files that are named, by path, as the commit has them. `approval` is the one committed
    for this intent, whatever it approves; one that does not count stands in `stray_approval`, a
    file. `adopts_requests` and `adopts_after_s` are the operator's word: whether a request that
    pairctl did not send itself may be accepted, and how old it has to be, in seconds. `row` is
    where people write what a row of a set says; None for a document of its own.
    """

    name: str
    generation: str
    spec: PairingIntentSpec
    palette_name: str
    palette: PaletteSpec
    match: ProfileMatchSpec | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    approval: PairingApprovalSpec | None = None
    stray_approval: str = ""
    adopts_requests: bool = True
    adopts_after_s: float = 0.0
    row: RowColumns | None = None

    @property
    def variables(self) -> Mapping[str, str | SecretReference]:
        """The values of profile variables: the intent's own win over its ProfileMatch's."""
        return {**(self.match.variables if self.match else {}), **self.spec.variables}

    @property
    def pack_values(self) -> Mapping[str, PackValues]:
        """The values of packs, by pack: the intent's own win over its ProfileMatch's."""
        common = self.match.values if self.match else []
        return {item.pack: item for item in (*common, *self.spec.values)}

    @property
    def named_files(self) -> frozenset[str]:
        """The files that the documents name: certificate authorities, and values of packs."""
        local_ui = self.spec.local_ui
        places = local_ui.places if local_ui else ()
        trusts = (self.palette.tls, *(place.tls for place in places))
        values = (*self.spec.values, *(self.match.values if self.match else ()))
        authorities = (tls.ca_file for tls in trusts if tls and tls.ca_file)
        return frozenset((*authorities, *(item.file for item in values if item.file)))
