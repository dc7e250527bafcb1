"""The acceptance as it is sent: profiles with values for their variables, name and tags."""

from collections.abc import Mapping

from pairctl.apis import Acceptance, Palette, ProfileChoice
from pairctl.engine.access import Access
from pairctl.pairing import Accept, Intent
from pairctl.problem import PairctlError, Problem
from pairctl.secrets import Secret


class VariableUnknown(PairctlError):
    """A value is given for a variable that no selected profile has."""


async def build_acceptance(
    action: Accept, intent: Intent, palette: Palette, access: Access
) -> Acceptance:
    """Give each profile the values of its own variables.

    Raises VariableUnknown, and what the client and the secrets raise.
    """
    values = access.variables(intent)
    choices = [
        ProfileChoice(profile.uid, await _own(values, profile.uid, palette))
        for profile in action.profiles
    ]
    _refuse_unknown(values, choices, intent)
    return Acceptance(
        pairing_uid=action.pairing_uid,
        profiles=tuple(choices),
        name=action.name,
        description=action.description,
        tags=action.tags,
    )


async def _own(
    values: Mapping[str, Secret | str], uid: str, palette: Palette
) -> Mapping[str, Secret | str]:
    known = set(await palette.profile_variables(uid)) if values else set()
    return {name: value for name, value in values.items() if name in known}


def _refuse_unknown(
    values: Mapping[str, Secret | str], choices: list[ProfileChoice], intent: Intent
) -> None:
    unknown = sorted(set(values) - {name for choice in choices for name in choice.variables})
    if unknown:
        raise VariableUnknown(
            Problem(
                "VariableUnknown",
                f"no selected profile has a variable named {', '.join(unknown)}",
                f"correct `variables` in the ProfileMatch {intent.spec.profile_match}",
            )
        )
