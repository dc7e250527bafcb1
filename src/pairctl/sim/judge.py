"""Whether profiles may stand for a local cluster: the rules of the vendor's page, and no others.

This module knows nothing of pairctl, nor of the simulator around it: what a pairing rests on is
judged here a second time, from what the page says and with types of its own. Where the page leaves
a question open, the answer is the one that lets Palette refuse.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError


@dataclass(frozen=True, slots=True)
class JudgedPack:
    """A pack as it is shown: an empty text is one that is not said. `values` are text, or None."""

    layer: str
    name: str
    version: str
    type: str = ""
    values: Any = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.layer} {self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Offer:
    """A version of a profile that was selected.

    `latest` is the version that was published last; None where there is none. `cloud` is for which
    cloud the profile is, `flaw` is what else keeps it from being deployed.
    """

    uid: str
    name: str
    version: str
    latest: str | None
    type: str
    packs: tuple[JudgedPack, ...]
    cloud: str = ""
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A reason to refuse; `subject` is a pack's or a profile's name."""

    code: str
    subject: str
    message: str
    profile_uid: str = ""


@dataclass(frozen=True, slots=True)
class PageRule:
    """What the page says, and where; `refuses` yields what is against it."""

    step: str
    says: str
    refuses: Callable[[Sequence[JudgedPack], Sequence[Offer]], Iterator[Ruling]]


FULL_OR_INFRA = ("infra", "cluster")
SELECTABLE = (*FULL_OR_INFRA, "add-on")
CLOUDS = ("edge-native", "all", "")
MADE_OF: Mapping[str, str] = MappingProxyType(
    {"spectro": "pack", "helm": "chart", "manifest": "manifest"}
)
"""What a pack is made of, by its type. Another type, such as `oci`, says where it comes from."""


def rulings(
    local: Sequence[JudgedPack], offers: Sequence[Offer], *, with_values: bool = False
) -> tuple[Ruling, ...]:
    """List all that the page lets Palette refuse of a selection; nothing for a valid match.

    `with_values` takes "all the layers are exactly the same" to mean the packs' values too.
    """
    rules = (*PAGE, SAME_VALUES) if with_values else PAGE
    return tuple(found for rule in rules for found in rule.refuses(local, offers))


def _not_latest(_: Sequence[JudgedPack], offers: Sequence[Offer]) -> Iterator[Ruling]:
    for offer in offers:
        if offer.latest != offer.version:
            other = f"the latest is {offer.latest}" if offer.latest else "no version is published"
            message = f"profile {offer.name} {offer.version} cannot be selected: {other}"
            yield Ruling("ProfileNotLatest", offer.name, message, offer.uid)


def _not_for_edge(_: Sequence[JudgedPack], offers: Sequence[Offer]) -> Iterator[Ruling]:
    for offer in offers:
        why = offer.flaw if offer.cloud in CLOUDS else f"it is for {offer.cloud}"
        if why:
            message = f"profile {offer.name} cannot be selected: {why}"
            yield Ruling("ProfileNotDeployable", offer.name, message, offer.uid)


def _not_one_base(_: Sequence[JudgedPack], offers: Sequence[Offer]) -> Iterator[Ruling]:
    bases = [offer.name for offer in offers if offer.type in FULL_OR_INFRA]
    if len(bases) != 1:
        names = ", ".join(bases) or "none"
        message = f"exactly one infra or cluster profile must be selected, found: {names}"
        yield Ruling("NotOneBaseProfile", names, message)


def _not_selectable(_: Sequence[JudgedPack], offers: Sequence[Offer]) -> Iterator[Ruling]:
    seen: set[str] = set()
    for offer in offers:
        if offer.type not in SELECTABLE:
            message = f"profile {offer.name} is of type {offer.type}, which cannot be selected"
            yield Ruling("ProfileNotSelectable", offer.name, message, offer.uid)
        if offer.uid in seen:
            message = f"profile {offer.name} is selected more than once"
            yield Ruling("ProfileTwice", offer.name, message, offer.uid)
        seen.add(offer.uid)


def _nothing_to_match(local: Sequence[JudgedPack], _: Sequence[Offer]) -> Iterator[Ruling]:
    if not local:
        yield Ruling("NoPacks", "", "the local cluster has no packs that could be matched")


def _mismatches(local: Sequence[JudgedPack], offers: Sequence[Offer]) -> Iterator[Ruling]:
    offered = [(offer, pack) for offer in offers for pack in offer.packs]
    matched = _matched(local, [pack for _, pack in offered])
    for place, pack in enumerate(local):
        if place not in matched:
            message = f"pack {_described(pack)} of the local cluster is in no selected profile"
            yield Ruling("PackMissing", pack.name, message)
    used = set(matched.values())
    for place, (_, pack) in enumerate(offered):
        if place not in used:
            message = (
                f"pack {_described(pack)} of the selected profiles is not in the local cluster"
            )
            yield Ruling("PackExtra", pack.name, message)


def _other_values(local: Sequence[JudgedPack], offers: Sequence[Offer]) -> Iterator[Ruling]:
    offered = [pack for offer in offers for pack in offer.packs]
    same = _matched(local, offered)
    with_values = _matched(local, offered, _is_same_with_values)
    for place, pack in enumerate(local):
        if place in same and place not in with_values:
            message = f"the selected profiles have {pack} with other values than the cluster's"
            yield Ruling("ValuesDiffer", pack.name, message)


PAGE: tuple[PageRule, ...] = (
    PageRule(
        "Prerequisites",
        "profiles whose latest version exactly matches all layers of the local cluster",
        _nothing_to_match,
    ),
    PageRule("Accept, step 7", "You can only choose the latest version of a profile", _not_latest),
    PageRule(
        "Prerequisites", "it is a cluster of Edge hosts that the profile is for", _not_for_edge
    ),
    PageRule(
        "Accept, step 7, the table",
        "an infra profile with add-ons, or one full profile instead of them",
        _not_one_base,
    ),
    PageRule("Accept, step 7, the table", "infra, add-on and full profiles", _not_selectable),
    PageRule(
        "Accept, step 7",
        "every pack is matched with the same pack in the exact same version, and no additional "
        "pack is there that is not found in the local cluster",
        _mismatches,
    ),
)
"""What the page says of a valid match, in the order in which refusals are told."""

SAME_VALUES = PageRule(
    "Accept, step 7, combination B", "all the layers are exactly the same", _other_values
)


def _is_same(ours: JudgedPack, theirs: JudgedPack) -> bool:
    """Whether two are the same pack in the exact same version: letter for letter."""
    one, other = MADE_OF.get(ours.type, ""), MADE_OF.get(theirs.type, "")
    return (
        ours.name == theirs.name
        and ours.version == theirs.version
        and ours.layer == theirs.layer
        and (not one or not other or one == other)
    )


def _is_same_with_values(ours: JudgedPack, theirs: JudgedPack) -> bool:
    return _is_same(ours, theirs) and _is_same_text(ours.values, theirs.values)


def _matched(
    ours: Sequence[JudgedPack],
    theirs: Sequence[JudgedPack],
    is_same: Callable[[JudgedPack, JudgedPack], bool] = _is_same,
) -> dict[int, int]:
    """Match as many packs one to one as can be; return places of theirs by places of ours."""
    by_theirs: dict[int, int] = {}

    def find(place: int, tried: set[int]) -> bool:
        for at, pack in enumerate(theirs):
            if at in tried or not is_same(ours[place], pack):
                continue
            tried.add(at)
            if at not in by_theirs or find(by_theirs[at], tried):
                by_theirs[at] = place
                return True
        return False

    for place in range(len(ours)):
        find(place, set())
    return {place: at for at, place in by_theirs.items()}


def _described(pack: JudgedPack) -> str:
    return f"{pack} ({pack.type})" if pack.type not in ("", "spectro") else str(pack)


def _is_same_text(one: Any, other: Any) -> bool:
    """Whether two texts of values say the same; as text where one of them is no YAML."""
    if (one or "") == (other or ""):
        return True
    try:
        return _said(one) == _said(other)
    except (YAMLError, ValueError, TypeError):
        return False


def _said(text: Any) -> list[Any]:
    return [one for one in YAML(typ="safe").load_all(io.StringIO(text or "")) if one is not None]
