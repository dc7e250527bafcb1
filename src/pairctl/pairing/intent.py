"""An intent with the documents that it refers to: all that is known of what is wanted."""

from dataclasses import dataclass

from pairctl.spec import PairingIntentSpec, PaletteSpec, ProfileMatchSpec


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
