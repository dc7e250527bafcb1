"""The fields that are read of Palette's profiles, and which of them can be selected."""

import re

from pydantic import Field

from pairctl.apis.answers import AnswerModel, ListItem
from pairctl.apis.routes import is_uid
from pairctl.apis.texts import (
    LONGEST_WORD,
    MOST_LAYERS,
    Label,
    Texts,
    Word,
    is_altered,
    is_fit,
    is_manifest,
)
from pairctl.layers import UNSAID, Layer, Profile, lacking, pack_type, stack
from pairctl.pairing.facts.palette import ProfileListing
from pairctl.text import beginning, marked


class ProfileEntity(AnswerModel):
    """Name and uid of a profile, and where it belongs."""

    uid: Label = ""
    name: Label = ""
    annotations: Texts = Field(default_factory=dict)


class PackItem(AnswerModel):
    """A pack of a profile; `tag` stands in where no version is said, and a manifest has none."""

    layer: str = ""
    name: str = ""
    version: str = ""
    tag: str = ""
    type: str = ""
    display_name: str = ""

    def fact(self) -> Layer:
        """Return the pack as a layer."""
        no_version = "" if is_manifest(self.type) else UNSAID
        version = self.version or self.tag or no_version
        return Layer(
            self.layer or UNSAID,
            self.name or UNSAID,
            version,
            pack_type(self.type[:LONGEST_WORD]),
            self.display_name if is_fit(self.display_name) else "",
        )

    @property
    def is_fit(self) -> bool:
        """Whether it can be compared and shown as it is."""
        return is_fit(self.layer, self.name, self.version or self.tag)


FOR_EDGE = frozenset({"edge-native", "all", ""})
"""The cloud types of profiles that a local cluster can have; add-ons may be for none in particular.

Nothing is known against a profile that does not say for which cloud it is.
"""

OTHER_CLOUDS = frozenset(
    {
        *("aks", "apache-cloudstack", "aws", "azure", "cloudstack", "coxedge", "eks", "gcp", "gke"),
        *("libvirt", "maas", "nested", "openstack", "tencent", "tke", "vmware", "vsphere"),
    }
)
"""The words that are known to stand for other clouds; the cloud types are not published."""


class PublishedPart(AnswerModel):
    """What a version of a profile is made of, and for which cloud."""

    type: Word = ""
    cloud_type: Word = ""
    packs: tuple[PackItem, ...] = ()

    @property
    def cloud(self) -> str:
        """The cloud type, as it is compared."""
        return self.cloud_type.strip().casefold()


class VersionItem(AnswerModel):
    """One version of a profile; each has its own uid."""

    uid: str = ""
    version: str = ""


class ProfileSummary(AnswerModel):
    """The versions of a profile, and the one that is listed."""

    published: PublishedPart | None = None
    draft: PublishedPart | None = None
    version: str = ""
    versions: tuple[VersionItem, ...] = ()

    @property
    def has_own_draft(self) -> bool:
        """Whether the listed version itself has changes that are not published.

        A draft that stands beside what is published may also be that of a later version.
        """
        if self.draft is None or self.published is None or self.draft == self.published:
            return False
        return not any(_is_later(entry.version, self.version) for entry in self.versions)


def _is_later(version: str, than: str) -> bool:
    one, other = (
        [int(n) for n in re.findall(r"\d{1,9}", v[:LONGEST_WORD])] for v in (version, than)
    )
    return one > other


class PackCounts(AnswerModel):
    """How many packs of a profile its registry has disabled, or no longer has."""

    disabled: float = 0
    deleted: float = 0


class ProfileStatus(AnswerModel):
    """Whether a profile is published, where it says so, and how its packs are."""

    is_published: bool | None = None
    pack: PackCounts = Field(default_factory=lambda: PackCounts.model_validate({}))


class ProfileItem(ListItem):
    """A profile as Palette lists it.

    One that cannot be compared letter for letter is listed all the same, as one that cannot be
    used: whoever made it stops nobody else's.
    """

    metadata: ProfileEntity = Field(default_factory=lambda: ProfileEntity.model_validate({}))
    spec_summary: ProfileSummary = Field(default_factory=lambda: ProfileSummary.model_validate({}))
    status: ProfileStatus = Field(default_factory=lambda: ProfileStatus.model_validate({}))

    @property
    def is_known(self) -> bool:
        """Whether it says which one it is."""
        return bool(self.metadata.uid)

    def fact(self) -> ProfileListing:
        """Return the profile with its latest version, or with the reason why there is none."""
        why_not = self._why_not()
        return ProfileListing(
            name=self.metadata.name,
            latest=None if why_not else self._latest(),
            why_not=why_not,
            scope=marked(beginning(self.metadata.annotations.get("scope", ""), LONGEST_WORD)),
            doubt="" if why_not else self._doubt(),
        )

    def _doubt(self) -> str:
        part = self.spec_summary.published
        if part is None or part.cloud in FOR_EDGE:
            return ""
        return f"it is for cloud type {part.cloud_type}, which pairctl does not know"

    def _latest(self) -> Profile:
        summary = self.spec_summary
        part = summary.published or PublishedPart.model_validate({})
        layers = stack(pack.fact() for pack in part.packs)
        return Profile(self.metadata.uid, self.metadata.name, summary.version, part.type, layers)

    def _why_not(self) -> str:
        summary = self.spec_summary
        if summary.published is None or self.status.is_published is False:
            return "it has no published version, only a draft"
        uids = {entry.uid for entry in summary.versions if entry.version == summary.version}
        if not summary.version or uids != {self.metadata.uid}:
            return "Palette does not say which uid its latest version has"
        return self._why_not_deployed(summary.published) or self._why_not_compared(
            summary.published
        )

    def _why_not_deployed(self, part: PublishedPart) -> str:
        if self.spec_summary.has_own_draft:
            return "its latest version has changes that are not published: a draft"
        if part.cloud in OTHER_CLOUDS:
            return f"it is for cloud type {part.cloud_type}, and the cluster is an edge-native one"
        if self.status.pack.disabled > 0:
            return "a pack of its latest version is disabled"
        if self.status.pack.deleted > 0:
            return "a pack of its latest version was deleted from its registry"
        return ""

    def _why_not_compared(self, part: PublishedPart) -> str:
        for layer in (pack.fact() for pack in part.packs):
            if not layer.is_comparable and is_fit(layer.kind, layer.name, layer.version):
                return f"a pack of its latest version has {lacking(layer)}"
        if not is_uid(self.metadata.uid):
            return "its uid is not a uid"
        is_plain = is_fit(self.spec_summary.version) and all(pack.is_fit for pack in part.packs)
        if is_altered(self.metadata.name) or not is_plain:
            return "a name or version in it is too long, or holds what cannot be shown"
        if len(part.packs) > MOST_LAYERS:
            return f"it has more than {MOST_LAYERS} layers"
        return ""
