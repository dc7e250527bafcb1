"""The vendor's rule for a match, judged by the simulator alone: it shares no code with pairctl."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pairctl.sim.palette.catalog import Catalog, Profile, ProfileVersion
from pairctl.sim.palette.pairings import Choice
from pairctl.sim.stack import Pack


@dataclass(frozen=True, slots=True)
class Objection:
    """A reason not to accept; `subject` is a pack's or a profile's name."""

    code: str
    subject: str
    message: str
    profile_uid: str = ""


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
    unknown = [_unknown(choice) for choice in choices if choice.uid not in known]
    if unknown:
        return tuple(unknown)
    profiles = [(profile, version) for _, profile, version in chosen]
    offered = [pack for _, version in profiles for pack in version.packs]
    return (
        *_not_latest(profiles),
        *_not_deployable(profiles),
        *_not_one_base(profile for profile, _ in profiles),
        *_mismatches(wanted, offered),
        *(objection for entry in chosen for objection in _foreign_parts(*entry)),
    )


def _unknown(choice: Choice) -> Objection:
    message = f"there is no cluster profile {choice.uid} in this scope"
    return Objection("ProfileNotFound", choice.uid, message, choice.uid)


def _not_latest(profiles: Iterable[tuple[Profile, ProfileVersion]]) -> Iterable[Objection]:
    for profile, version in profiles:
        latest = profile.latest
        if latest is None or latest.uid != version.uid:
            other = f"the latest is {latest.version}" if latest else "it has no published version"
            message = f"profile {profile.name} {version.version} cannot be selected: {other}"
            yield Objection("ProfileNotLatest", profile.name, message, version.uid)


def _not_deployable(profiles: Iterable[tuple[Profile, ProfileVersion]]) -> Iterable[Objection]:
    for profile, version in profiles:
        if why := profile.why_not_deployed:
            message = f"profile {profile.name} cannot be selected: {why}"
            yield Objection("ProfileNotDeployable", profile.name, message, version.uid)


def _not_one_base(profiles: Iterable[Profile]) -> Iterable[Objection]:
    bases = [profile.name for profile in profiles if profile.type in {"infra", "cluster"}]
    if len(bases) != 1:
        names = ", ".join(bases) or "none"
        message = f"exactly one infra or cluster profile must be selected, found: {names}"
        yield Objection("NotOneBaseProfile", names, message)


def _mismatches(wanted: Iterable[Pack], offered: Iterable[Pack]) -> Iterable[Objection]:
    here, there = Counter(wanted), Counter(offered)
    for pack in sorted((here - there).elements()):
        message = f"pack {pack} of the local cluster is in no selected profile"
        yield Objection("PackMissing", pack.name, message)
    for pack in sorted((there - here).elements()):
        message = f"pack {pack} of the selected profiles is not in the local cluster"
        yield Objection("PackExtra", pack.name, message)


def _foreign_parts(
    choice: Choice, profile: Profile, version: ProfileVersion
) -> Iterable[Objection]:
    for name in sorted(set(choice.variables) - set(version.variables)):
        message = f"profile {profile.name} has no variable {name}"
        yield Objection("VariableNotFound", name, message, version.uid)
    for name in sorted(set(choice.pack_names) - {pack.name for pack in version.packs}):
        message = f"profile {profile.name} has no pack {name} to give values for"
        yield Objection("PackNotFound", name, message, version.uid)
