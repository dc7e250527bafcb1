"""The acceptance as it is sent: profiles with values for variables and packs, name and tags."""

from collections.abc import Iterable, Mapping

from pairctl.apis import Acceptance, Palette, ProfileChoice
from pairctl.engine.observe.access import Access
from pairctl.layers import Profile
from pairctl.pairing import Accept, Intent
from pairctl.problem import PairctlError, Problem
from pairctl.secrets import Secret


class OverrideUnknown(PairctlError):
    """A value is given for a variable, or a pack, that no selected profile has."""


async def build_acceptance(
    action: Accept, intent: Intent, palette: Palette, access: Access
) -> Acceptance:
    """Give each profile the values of its own variables and packs.

    Where the cluster's own values are kept, they are sent for the packs that are not given others.

    Raises OverrideUnknown, and what the client, the secrets and the repository raise.
    """
    variables, values = access.variables(intent), await access.pack_values(intent)
    choices = [
        ProfileChoice(
            profile.uid,
            await _own(variables, profile.uid, palette),
            {**action.kept.get(profile.uid, {}), **_of(profile, values)},
        )
        for profile in action.profiles
    ]
    _refuse_unknown("variable", variables, (choice.variables for choice in choices), intent)
    _refuse_unknown("pack", values, (choice.values for choice in choices), intent)
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


def _of(profile: Profile, values: Mapping[str, str]) -> Mapping[str, str]:
    packs = {layer.name for layer in profile.layers}
    return {pack: text for pack, text in values.items() if pack in packs}


def _refuse_unknown(
    what: str, given: Iterable[str], used: Iterable[Iterable[str]], intent: Intent
) -> None:
    unknown = sorted(set(given) - {name for names in used for name in names})
    if unknown:
        field = "variables" if what == "variable" else "values"
        raise OverrideUnknown(
            Problem(
                f"{what.capitalize()}Unknown",
                f"no selected profile has a {what} named {', '.join(unknown)}",
                f"correct `{field}` in the intent, or in ProfileMatch {intent.spec.profile_match}",
            )
        )
