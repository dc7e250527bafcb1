"""The cluster profiles that the simulated Palette holds, with all their versions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pairctl.sim.identity import uid_of
from pairctl.sim.stack import Pack, ProfileType


@dataclass(frozen=True, slots=True)
class ProfileVersion:
    """One version of a profile: to Palette, an object with a uid of its own."""

    uid: str
    version: str
    packs: tuple[Pack, ...]
    is_published: bool
    variables: tuple[str, ...]
    modified_at: datetime
    shows_packs: bool = True


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of a project, or of the tenant where `project_uid` is None."""

    name: str
    type: ProfileType
    project_uid: str | None
    versions: tuple[ProfileVersion, ...] = ()
    cloud_type: str = "edge-native"
    disabled_packs: int = 0
    says_published: bool | None = None
    has_own_draft: bool = False

    @property
    def latest(self) -> ProfileVersion | None:
        """The version that was published last, the only one that may be selected."""
        published = [version for version in self.versions if version.is_published]
        return published[-1] if published else None

    @property
    def shown(self) -> ProfileVersion:
        """The version that stands for the profile in lists: the latest, else the newest draft."""
        return self.latest or self.versions[-1]

    @property
    def draft(self) -> ProfileVersion | None:
        """The newest version, where it is a draft."""
        newest = self.versions[-1]
        return None if newest.is_published else newest

    def is_visible_from(self, project_uid: str | None) -> bool:
        """Whether a scope shows this profile: a project shows its own and the tenant's."""
        return self.project_uid is None or self.project_uid == project_uid


class Catalog:
    """Profiles by name and scope; publishing is the only change."""

    def __init__(self) -> None:
        self._profiles: dict[tuple[str, str | None], Profile] = {}

    def publish(
        self,
        identity: Profile,
        version: str,
        packs: Iterable[Pack],
        *,
        at: datetime,
        is_published: bool = True,
        variables: Iterable[str] = (),
        shows_packs: bool = True,
    ) -> str:
        """Add a version to the profile that `identity` names; return the version's uid."""
        key = (identity.name, identity.project_uid)
        profile = self._profiles.get(key, identity)
        uid = uid_of("profile", *key, version, len(profile.versions))
        added = ProfileVersion(
            uid, version, tuple(packs), is_published, tuple(variables), at, shows_packs
        )
        self._profiles[key] = replace(profile, versions=(*profile.versions, added))
        return uid

    def with_values(self, name: str, values: Mapping[str, Any]) -> None:
        """Give packs of a profile other values, in all its versions: they stay the same versions.

        Raises KeyError where there is no such profile.
        """
        for version in self._versions(name):
            packs = (
                replace(pack, values=values.get(pack.name, pack.values)) for pack in version.packs
            )
            self._put(name, replace(version, packs=tuple(packs)))

    def hide_packs(self, name: str) -> None:
        """Answer no more about the packs of a profile; raises KeyError where there is none."""
        for version in self._versions(name):
            self._put(name, replace(version, shows_packs=False))

    def _versions(self, name: str) -> tuple[ProfileVersion, ...]:
        profile = self.find(name)
        if profile is None:
            raise KeyError(name)
        return profile.versions

    def _put(self, name: str, changed: ProfileVersion) -> None:
        for key, profile in self._profiles.items():
            if key[0] == name:
                versions = (changed if one.uid == changed.uid else one for one in profile.versions)
                self._profiles[key] = replace(profile, versions=tuple(versions))

    def visible_from(self, project_uid: str | None) -> tuple[Profile, ...]:
        """Give the profiles that a scope shows, by name."""
        profiles = (p for p in self._profiles.values() if p.is_visible_from(project_uid))
        return tuple(
            sorted(profiles, key=lambda profile: (profile.name, profile.project_uid or ""))
        )

    def find(self, name: str) -> Profile | None:
        """Give the first profile of this name in any scope."""
        return next((p for p in self._profiles.values() if p.name == name), None)

    def version(self, uid: str) -> tuple[Profile, ProfileVersion] | None:
        """Give the version with this uid and the profile it belongs to."""
        for profile in self._profiles.values():
            for version in profile.versions:
                if version.uid == uid:
                    return profile, version
        return None
