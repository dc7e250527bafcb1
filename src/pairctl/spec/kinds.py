"""All kinds that operators write, and the models that they are made of."""

from collections.abc import Mapping
from typing import TypeAlias

from pydantic import BaseModel

from pairctl.spec.approvals import PairingApproval, PairingApprovalSpec
from pairctl.spec.config import Config
from pairctl.spec.document import Document, Metadata, SecretReference, Tls
from pairctl.spec.intents import (
    Acknowledge,
    ClusterFields,
    Desired,
    LocalUI,
    LocalUIPlace,
    PairingIntent,
    PairingIntentSpec,
    PairingRequestReference,
    RegistrationToken,
)
from pairctl.spec.matches import (
    LayerDeclaration,
    OnAmbiguous,
    ProfileMatch,
    ProfileMatchSpec,
    ProfileReference,
    Selection,
)
from pairctl.spec.operators import (
    HostPattern,
    Limits,
    Operator,
    OperatorSpec,
    PairingRoutes,
    RoutePath,
    SecretUse,
    Timing,
)
from pairctl.spec.palettes import Acceptance, Palette, PaletteSpec, UnrecognizedRequests
from pairctl.spec.rollouts import (
    AllowedPart,
    HaltWhen,
    LabelSelect,
    Rollout,
    RolloutApproval,
    RolloutApprovalSpec,
    RolloutPace,
    RolloutSpec,
    Suspension,
    Wave,
    Window,
)
from pairctl.spec.sets import Inventory, PairingIntentSet, PairingIntentSetSpec

__all__ = [
    "KINDS",
    "MODELS",
    "Acceptance",
    "Acknowledge",
    "AllowedPart",
    "AnyDocument",
    "ClusterFields",
    "Config",
    "Desired",
    "Document",
    "HaltWhen",
    "HostPattern",
    "Inventory",
    "LabelSelect",
    "LayerDeclaration",
    "Limits",
    "LocalUI",
    "LocalUIPlace",
    "Metadata",
    "OnAmbiguous",
    "Operator",
    "OperatorSpec",
    "PairingApproval",
    "PairingApprovalSpec",
    "PairingIntent",
    "PairingIntentSet",
    "PairingIntentSetSpec",
    "PairingIntentSpec",
    "PairingRequestReference",
    "PairingRoutes",
    "Palette",
    "PaletteSpec",
    "ProfileMatch",
    "ProfileMatchSpec",
    "ProfileReference",
    "RegistrationToken",
    "Rollout",
    "RolloutApproval",
    "RolloutApprovalSpec",
    "RolloutPace",
    "RolloutSpec",
    "RoutePath",
    "SecretReference",
    "SecretUse",
    "Selection",
    "Suspension",
    "Timing",
    "Tls",
    "UnrecognizedRequests",
    "Wave",
    "Window",
]

AnyDocument: TypeAlias = (
    Palette
    | ProfileMatch
    | PairingIntent
    | PairingIntentSet
    | PairingApproval
    | Rollout
    | RolloutApproval
    | Operator
)

KINDS: Mapping[str, type[AnyDocument]] = {
    "Palette": Palette,
    "ProfileMatch": ProfileMatch,
    "PairingIntent": PairingIntent,
    "PairingIntentSet": PairingIntentSet,
    "PairingApproval": PairingApproval,
    "Rollout": Rollout,
    "RolloutApproval": RolloutApproval,
    "Operator": Operator,
}

MODELS: Mapping[str, type[BaseModel]] = {**KINDS, "Config": Config}
"""All that a person writes: what a repository may hold, and the files that lie outside of it."""
