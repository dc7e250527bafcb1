"""An acceptance as Palette's API takes it: which profiles, and what the cluster shall be called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pairctl.secrets import Secret

Value = Secret | str


@dataclass(frozen=True, slots=True)
class ProfileChoice:
    """One profile version, by its uid, with values for its variables, and for packs by name."""

    uid: str
    variables: Mapping[str, Value] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a pairing request is accepted with. It cannot be undone once it was sent."""

    pairing_uid: str
    profiles: tuple[ProfileChoice, ...]
    name: str
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    def payload(self) -> dict[str, Any]:
        """Return the body to send (specification: tags are labels, a description an annotation).

        It reveals secret values of variables.
        """
        return {
            "metadata": {
                "name": self.name,
                "labels": dict(self.tags),
                "annotations": {"description": self.description} if self.description else {},
            },
            "spec": {
                "pairingUid": self.pairing_uid,
                "profiles": [_choice(choice) for choice in self.profiles],
            },
        }


def _choice(choice: ProfileChoice) -> dict[str, Any]:
    variables = [
        {"name": name, "value": value.reveal() if isinstance(value, Secret) else value}
        for name, value in sorted(choice.variables.items())
    ]
    values = [{"name": pack, "values": text} for pack, text in sorted(choice.values.items())]
    shown: dict[str, Any] = {"uid": choice.uid, "variables": variables}
    return {**shown, "packValues": values} if values else shown
