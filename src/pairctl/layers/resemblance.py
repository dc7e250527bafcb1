"""Differences that are hardly seen: case, blanks, a `v`, other alphabets, display names."""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from pairctl.layers.difference import Brought, Difference
from pairctl.layers.stack import Layer, Profile, Stack

# fmt: off
_LOOKS_LIKE = {
    # Cyrillic
    "\u0410": "A", "\u0412": "B", "\u0415": "E", "\u0405": "S", "\u0406": "I", "\u0408": "J",
    "\u041a": "K", "\u041c": "M", "\u041d": "H", "\u041e": "O", "\u0420": "P", "\u0421": "C",
    "\u0422": "T", "\u0423": "Y", "\u0425": "X", "\u0430": "a", "\u0435": "e", "\u0455": "s",
    "\u0456": "i", "\u0458": "j", "\u043a": "k", "\u043e": "o", "\u0440": "p", "\u0441": "c",
    "\u0443": "y", "\u0501": "d", "\u04bb": "h", "\u04cf": "l", "\u051b": "q", "\u051d": "w",
    # Greek
    "\u03b1": "a", "\u03bf": "o", "\u03c1": "p", "\u03bd": "v", "\u03b9": "i", "\u03c5": "u",
    "\u03ba": "k", "\u03c4": "t", "\u03b3": "y", "\u0391": "A", "\u0392": "B", "\u0395": "E",
    "\u0396": "Z", "\u0397": "H", "\u0399": "I", "\u039a": "K", "\u039c": "M", "\u039d": "N",
    "\u039f": "O", "\u03a1": "P", "\u03a4": "T", "\u03a5": "Y", "\u03a7": "X",
    # Latin beside ASCII
    "\u0131": "i", "\u029f": "l", "\u0251": "a", "\u0261": "g",
    # dashes
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-",
    "\u2212": "-", "\u2043": "-",
}
# fmt: on
"""Signs that look like others, and what they look like (after Unicode's table of confusables)."""

_AS_IT_LOOKS = str.maketrans(_LOOKS_LIKE)


def _without_prefix(text: str) -> str:
    return text[1:] if text[:1] in ("v", "V") and text[1:2].isdigit() else text


_STEPS: Mapping[str, Callable[[str], str]] = {
    "their Unicode form": lambda text: unicodedata.normalize("NFKC", text),
    "signs that look alike": lambda text: text.translate(_AS_IT_LOOKS),
    "blanks": lambda text: "".join(text.split()),
    "the `v` before the number": _without_prefix,
    "case": str.casefold,
}
"""What the eye passes over, by what it is called, in the order in which it is taken away."""


def likeness(one: str, other: str) -> str:
    """Say what two texts differ in that is hardly seen: `case and blanks`; empty for all else.

    It is the fewest of the differences that pairctl knows; equal texts have none.
    """
    if one == other or _taken(one, _STEPS) != _taken(other, _STEPS):
        return ""
    for count in range(1, len(_STEPS) + 1):
        for steps in combinations(_STEPS, count):
            if _taken(one, steps) == _taken(other, steps):
                return " and ".join(steps)
    return ""


def visible(text: str) -> str:
    r"""Return a text in quotes, with an escape such as `\u0430` for all that is not ASCII."""
    return json.dumps(text)


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A layer of the cluster and one of the selection that differ in what is hardly seen only.

    `by_display_name` tells that the cluster's has the name that Palette displays for the other.
    """

    local: Layer
    brought: Brought
    by_display_name: bool = False

    @property
    def differs_in(self) -> str:
        """What they differ in, with both written so that it is seen."""
        one, other = self.local, self.brought.layer
        if self.by_display_name:
            return f"{visible(one.name)} is the display name of {visible(other.name)}"
        pairs = ((one.kind, other.kind), (one.name, other.name), (one.version, other.version))
        odd = [(a, b, how) for a, b in pairs if (how := likeness(a, b))]
        how = " and ".join(dict.fromkeys(how for _, _, how in odd))
        here, there = (" ".join(visible(pair[side]) for pair in odd) for side in (0, 1))
        return f"they differ only in {how}: {here} and {there}"


def look_alikes(found: Difference) -> tuple[LookAlike, ...]:
    """Return the layers of a difference that stand for each other but for what is hardly seen.

    Each stands in one of them; those of a wrong version come first.
    """
    alike = [
        LookAlike(wrong.local, wrong.brought)
        for wrong in found.wrong_version
        if likeness(wrong.local.version, wrong.brought.layer.version)
    ]
    if not found.missing or not found.extra:
        return tuple(alike)
    by_name, by_display = defaultdict(list), defaultdict(list)
    for item in found.extra:
        by_name[_bones(item.layer, item.layer.name)].append(item)
        if item.layer.display_name not in ("", item.layer.name):
            by_display[_bones(item.layer, item.layer.display_name)].append(item)
    taken: set[int] = set()
    for layer in found.missing:
        bones = _bones(layer, layer.name)
        for places, by_display_name in ((by_display, True), (by_name, False)):
            free = [item for item in places.get(bones, ()) if id(item) not in taken]
            if free:
                taken.add(id(free[0]))
                alike.append(LookAlike(layer, free[0], by_display_name))
                break
    return tuple(alike)


def resembling(local: Stack, profiles: Iterable[Profile]) -> tuple[LookAlike, ...]:
    """Return what profiles have that looks like layers of a stack which no profile has."""
    brought = {layer: profile for profile in profiles for layer in profile.layers}
    missing = tuple(layer for layer in dict.fromkeys(local) if layer not in brought)
    if not missing:
        return ()
    names, own = {_bare(layer.name) for layer in missing}, set(local)
    extra = (
        Brought(layer, str(profile))
        for layer, profile in brought.items()
        if (_bare(layer.name) in names or _bare(layer.display_name) in names) and layer not in own
    )
    return look_alikes(Difference(missing, tuple(extra)))


def _taken(text: str, steps: Iterable[str]) -> str:
    for step in steps:
        text = _STEPS[step](text)
    return text


def _bones(layer: Layer, name: str) -> tuple[str, str, str]:
    """Return what is left of a layer once all that is hardly seen is taken away."""
    return _bare(layer.kind), _bare(name), _bare(layer.version)


@lru_cache(maxsize=8192)
def _bare(text: str) -> str:
    # A fleet asks about the same few packs again and again.
    return _taken(text, _STEPS)
