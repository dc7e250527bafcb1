"""The judge, asked about what the simulated Palette holds, and what else an acceptance may not."""

from collections.abc import Iterable, Sequence

from pairctl.sim.judge import JudgedPack, Offer, Ruling, rulings
from pairctl.sim.palette.catalog import Catalog, Profile, ProfileVersion
from pairctl.sim.palette.pairings import Choice
from pairctl.sim.stack import Pack

Objection = Ruling
"""A reason not to accept."""


def objections(
    catalog: Catalog, project_uid: str | None, wanted: Iterable[Pack], choices: Sequence[Choice]
) -> tuple[Objection, ...]:
    """List everything wrong with a selection of profiles for the packs of a local cluster."""
    found = [(choice, catalog.version(choice.uid)) for choice in choices]
    chosen = [
        (choice, *entry)
        for choice, entry in found
        if entry is not None and entry[0].is_visible_from(project_uid)
    ]
    known = {choice.uid for choice, _, _ in chosen}
    unknown = [choice.uid for choice in choices if choice.uid not in known]
    if unknown:
        words = "there is no cluster profile {} in this scope"
        return tuple(Objection("ProfileNotFound", uid, words.format(uid), uid) for uid in unknown)
    local = [judged(pack) for pack in sorted(wanted)]
    offers = [offer(profile, version) for _, profile, version in chosen]
    return (
        *rulings(local, offers),
        *(objection for entry in chosen for objection in _foreign_parts(*entry)),
    )


def judged(pack: Pack) -> JudgedPack:
    """Return a pack as the judge sees it."""
    return JudgedPack(pack.layer, pack.name, pack.version, pack.type, pack.shown_values)


def offer(profile: Profile, version: ProfileVersion) -> Offer:
    """Return a version of a profile as the judge sees it."""
    latest = profile.latest
    is_latest = latest is not None and latest.uid == version.uid
    # A latest version that is not the one selected has its uid: two may be called the same.
    other = f"{latest.version} ({latest.uid})" if latest else None
    return Offer(
        uid=version.uid,
        name=profile.name,
        version=version.version,
        latest=version.version if is_latest else other,
        type=profile.type,
        packs=tuple(judged(pack) for pack in version.packs),
        cloud=profile.cloud_type,
        flaw="a pack of it is disabled" if profile.disabled_packs else "",
    )


def _foreign_parts(
    choice: Choice, profile: Profile, version: ProfileVersion
) -> Iterable[Objection]:
    for name in sorted(set(choice.variables) - set(version.variables)):
        message = f"profile {profile.name} has no variable {name}"
        yield Objection("VariableNotFound", name, message, version.uid)
    for name in sorted(set(choice.pack_names) - {pack.name for pack in version.packs}):
        message = f"profile {profile.name} has no pack {name} to give values for"
        yield Objection("PackNotFound", name, message, version.uid)
