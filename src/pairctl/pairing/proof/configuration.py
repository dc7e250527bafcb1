"""What a pairing would change in the values of packs: its digest, and how it may be shown.

Values may hold secrets. What is shown of them are numbers, truth values, versions and quantities
whose names say nothing of secrets; of all other text its length. The digest is over the real ones.
"""

import re
from dataclasses import dataclass

from pairctl.layers import (
    ConfigurationChange,
    ConfigurationDifference,
    Fields,
    Items,
    Layer,
    Leaf,
    Lines,
    Tree,
    canonical,
)
from pairctl.problem import Problem
from pairctl.spec import OnDifference, ProfileMatchSpec, digest_of, snippet
from pairctl.spec.secret_shapes import looks_secret
from pairctl.text import HIDDEN, beginning, one_line, without_credentials

MOST_SHOWN = 3
"""How many differences a message tells; `explain` shows all of them."""

_LONGEST_PATH = 120
_LONGEST_KEY = 60
_LONGEST_VALUE = 24

_SECRET_WORD = re.compile(
    r"passw|passphrase|pwd|secret|token|credential|key|auth|cert|private|session|jwt|signature"
    r"|cookie|salt|\bpin\b|otp|license",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"v?[0-9]{1,6}(\.[0-9]{1,6}){1,3}(-(alpha|beta|rc|rev)?\.?[0-9]{0,3})?"  # a version
    r"|[0-9]{1,9}(\.[0-9]{1,3})?(m|k|M|G|T|Ki|Mi|Gi|Ti|ms|s|h|d|%)"  # a quantity, a time
)
_ENTRY = re.compile(r"\s*(- )*(?P<key>[A-Za-z_][\w.-]{0,60}):( +(?P<value>\S.*))?")


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One difference as it may be shown: where it is, and both sides without any secret."""

    layer: Layer
    path: str
    local: str
    brought: str

    def __str__(self) -> str:
        return f"{self.layer}: {self.path}: {self.local} -> {self.brought}"


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """What a pairing would change, without values that may be secret. `digest` is of the real ones.

    `notes` say what could not be read, or was compared as text.
    """

    digest: str
    changes: tuple[ShownChange, ...]
    notes: tuple[str, ...] = ()

    @property
    def beginning(self) -> str:
        """The first few differences, and how many more there are."""
        named = "; ".join(map(str, self.changes[:MOST_SHOWN]))
        left = len(self.changes) - MOST_SHOWN
        return f"{named}; and {left} more" if left > 0 else named


def digest_of_difference(found: ConfigurationDifference) -> str:
    """Return `sha256:` and the hash over the real values of both sides; empty where all is same."""
    if not found.changes:
        return ""
    return digest_of([_canonical(one) for one in found.changes])


def shown_difference(found: ConfigurationDifference) -> ShownDifference | None:
    """Return a difference as it may be shown; None where there is none."""
    if not found.changes:
        return None
    changes = tuple(map(_shown_change, found.changes))
    return ShownDifference(digest_of_difference(found), changes, found.notes)


def objection(
    match: ProfileMatchSpec, found: ShownDifference | None, intent: str
) -> Problem | None:
    """Say why a pairing must not go on with what it would change; None where it may."""
    if found is None or match.configuration is OnDifference.ANY:
        return None
    count = len(found.changes)
    words = (
        f"{count} value{'s' * (count != 1)} of packs would change with the pairing: "
        f"{found.beginning}"
    )
    if match.configuration is OnDifference.SAME:
        return Problem(
            "ConfigurationDiffers",
            words,
            "publish the profiles with the cluster's values, or write `valuesFrom: Local` into the "
            f"ProfileMatch; `pairctl explain {intent}` shows all",
        )
    if found.digest in match.reviewed:
        return None
    return Problem(
        "ConfigurationNotReviewed",
        words,
        f"read them: `pairctl explain {intent}` shows all; if all is meant, write "
        f"{reviewed_line(match, found.digest)} into the ProfileMatch",
    )


def reviewed_line(match: ProfileMatchSpec, digest: str) -> str:
    """Return the line to commit, in back quotes: what is reviewed already stays in it."""
    return snippet({"reviewed": tuple(dict.fromkeys([*match.reviewed, digest]))})


def _canonical(one: ConfigurationChange) -> object:
    layer, path = one.layer, [canonical(s) if isinstance(s, Leaf) else s for s in one.path]
    named = [layer.kind, layer.name, layer.version]
    return [named, path, canonical(one.local), canonical(one.brought)]


def _shown_change(one: ConfigurationChange) -> ShownChange:
    keys = (step.text for step in one.path if isinstance(step, Leaf))
    is_secret = any(map(_names_a_secret, (*one.near, *keys)))
    return ShownChange(
        layer=one.layer,
        path=_shown_path(one),
        local=_masked(one.local, is_secret=is_secret),
        brought=_masked(one.brought, is_secret=is_secret),
    )


def _names_a_secret(text: str) -> bool:
    return _SECRET_WORD.search(text[:1_000]) is not None


def _shown_path(one: ConfigurationChange) -> str:
    if not one.path:
        return "all values"
    if any(isinstance(tree, Leaf) and tree.kind == "line" for tree in (one.local, one.brought)):
        return f"line {one.path[0]}"
    steps = [f"[{step}]" if isinstance(step, int) else f".{_key(step)}" for step in one.path]
    return beginning("".join(steps).removeprefix("."), _LONGEST_PATH)


def _key(step: Leaf) -> str:
    """Return a key as it may be shown: it is a name, unless it looks like more than that."""
    if looks_secret(step.text) or without_credentials(step.text) != step.text:
        return HIDDEN
    shown = beginning(one_line(step.text), _LONGEST_KEY)
    return f'"{shown}"' if "." in shown else shown


def _masked(tree: Tree | None, *, is_secret: bool) -> str:
    match tree:
        case None:
            return "(nothing)"
        case Leaf():
            return _masked_leaf(tree, is_secret=is_secret)
        case Items(items):
            return _counted(len(items), "item")
        case Fields(entries):
            return _counted(len(entries), "field")
        case Lines(lines):
            return _counted(len(lines), "line")


def _counted(count: int, what: str) -> str:
    return f"({count} {what}{'s' * (count != 1)})"


def _masked_leaf(leaf: Leaf, *, is_secret: bool) -> str:
    match leaf.kind:
        case "unreadable":
            return "(unreadable)"
        case "null":
            return "null"
        case "line":
            return _masked_line(leaf.text, is_secret=is_secret)
        case _:
            return HIDDEN if is_secret else _masked_value(leaf)


def _masked_value(leaf: Leaf) -> str:
    text = leaf.text
    is_number = leaf.kind in ("bool", "int", "float") and len(text) <= _LONGEST_VALUE
    if is_number or (len(text) <= _LONGEST_VALUE and _HARMLESS.fullmatch(text)):
        return text if leaf.kind != "text" else f'"{text}"'
    return f"(text of {_counted(len(text), 'character')[1:]}"


def _masked_line(text: str, *, is_secret: bool) -> str:
    """Return a line of what is no YAML: the key that it begins with, and its value if harmless."""
    entry = _ENTRY.fullmatch(text)
    if entry is None or looks_secret(entry["key"]):
        return f"(text of {_counted(len(text), 'character')[1:]}"
    value = entry["value"] or ""
    is_harmless = re.fullmatch(r"[0-9]{1,9}|true|false|null", value) or _HARMLESS.fullmatch(value)
    if not value:
        return f"{entry['key']}:"
    if is_secret or not is_harmless:
        return f"{entry['key']}: {HIDDEN}"
    return f"{entry['key']}: {value}"
