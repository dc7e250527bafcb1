"""What is said alike of several things: put together, and said once. Pure."""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

LEFT_OUT = "…"
"""What stands in a text for what differs from one thing to the next."""

_IDENTITIES = (
    r"https?://\S*[\w/\]]"
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|\b(?=[a-f]*[0-9])[0-9a-f]{12,}\b"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}:\d+\b"
    r"|(?<![^\s(])[^\s()]{1,300}\.(?:ya?ml|YA?ML|csv|CSV):[0-9]+(?::[0-9]+)?\b"
)
"""Addresses, uids, digests, places in files: two texts that differ only in these say the same."""

_OWN = "\0"
"""Stands for a thing's own name, while a text is split."""

_VARYING = re.compile(f"({_OWN}|{_IDENTITIES})")
_NUMBERED = re.compile(r"(.*?)([0-9]{1,15})")
_FEWEST_OF_RANGE = 3

_SPLITS_KEPT = 10_000
"""Of most things the same is said from one time to the next."""


@dataclass(frozen=True, slots=True)
class Said(Generic[K]):
    """What is said of the thing `name`. Only what has the same `key` is put together.

    `number` is whatever tells the caller one from another.
    """

    name: str
    key: K
    texts: tuple[str, ...]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Alike(Generic[K]):
    """Things that the same is said of. In `texts`, what differs between them is left out.

    `names` are sorted, `numbers` in the order in which things came. `pattern` is the texts without
    all that may differ: it stays the same whatever joins the group.
    """

    key: K
    names: tuple[str, ...]
    texts: tuple[str, ...]
    numbers: tuple[int, ...] = ()
    pattern: tuple[str, ...] = field(default=(), compare=False)


def put_together(items: Iterable[Said[K]]) -> list[Alike[K]]:
    """Return the groups in the order of their first items; the names of each are sorted.

    Texts are alike where they differ only in the thing's own name, in addresses, uids, digests and
    places in files.
    """
    groups: dict[Hashable, list[tuple[Said[K], tuple[tuple[str, ...], ...]]]] = {}
    for one in items:
        split = tuple(_split(text, one.name) for text in one.texts)
        fixed = tuple(pieces[::2] for pieces in split)
        groups.setdefault((one.key, fixed), []).append((one, split))
    return [_alike(members) for members in groups.values()]


def _alike(members: Sequence[tuple[Said[K], tuple[tuple[str, ...], ...]]]) -> Alike[K]:
    names = tuple(sorted((one.name for one, _ in members), key=_order))
    splits = zip(*(split for _, split in members), strict=True)
    numbers = tuple(one.number for one, _ in members)
    pattern = tuple(LEFT_OUT.join(pieces[::2]) for pieces in members[0][1])
    return Alike(members[0][0].key, names, tuple(map(_common, splits)), numbers, pattern)


def _common(splits: Sequence[tuple[str, ...]]) -> str:
    """Return the one text that several come to: their pieces, and what is equal between them."""
    columns = zip(*splits, strict=True)
    return "".join(column[0] if len(set(column)) == 1 else LEFT_OUT for column in columns)


@lru_cache(_SPLITS_KEPT)
def _split(text: str, name: str) -> tuple[str, ...]:
    """Split a text: at even places is what is fixed, at odd places what may differ."""
    pieces = _VARYING.split(_marked(text, name))
    return tuple(piece.replace(_OWN, name) for piece in pieces)


def _marked(text: str, name: str) -> str:
    """Return the text with a sign for each place where the name stands by itself."""
    text = text.replace(_OWN, "")
    if not name or name not in text:
        return text
    parts, at = [], 0
    while (found := text.find(name, at)) >= 0:
        end = found + len(name)
        is_whole = not (text[found - 1 : found].isalnum() or text[end : end + 1].isalnum())
        parts += [text[at:found], _OWN if is_whole else name]
        at = end
    return "".join((*parts, text[at:]))


@dataclass(frozen=True, slots=True)
class Range:
    """Names that count on without a gap, from the first to the last; `count` is how many."""

    first: str
    last: str
    count: int = 1

    def shown(self, show: Callable[[str], str] = str) -> str:
        """Return the range in words, each of its two names as `show` shows it."""
        return show(self.first) if self.count == 1 else f"{show(self.first)} to {show(self.last)}"


def ranges(names: Iterable[str]) -> list[Range]:
    """Return names in their order; from three on, those that count on without a gap are one."""
    found: list[Range] = []
    run: list[str] = []
    for name in sorted(set(names), key=_order):
        if run and not _follows(run[-1], name):
            found += _of_run(run)
            run = []
        run.append(name)
    return found + _of_run(run)


def name_list(names: Iterable[str], most: int, show: Callable[[str], str] = str) -> str:
    """Return names in a row of at most so many characters; those without room are counted.

    No name is cut: the first stands there whatever its length. What `show` adds has no length.
    """
    entries = ranges(names)
    left, length = sum(one.count for one in entries), 0
    shown: list[str] = []
    for one in entries:
        longer = length + len(", ") * bool(shown) + len(one.shown())
        if shown and longer + len(_rest(left - one.count)) > most:
            break
        shown.append(one.shown(show))
        left, length = left - one.count, longer
    return ", ".join(shown) + _rest(left)


def _rest(left: int) -> str:
    return f" and {left} more" if left else ""


def _of_run(run: Sequence[str]) -> list[Range]:
    if len(run) < _FEWEST_OF_RANGE:
        return [Range(name, name) for name in run]
    return [Range(run[0], run[-1], len(run))]


def _follows(before: str, name: str) -> bool:
    """Whether a name is the next one after another: equal but for a number, which is one more."""
    first = _NUMBERED.fullmatch(before)
    if first is None:
        return False
    letters, number = first[1], first[2]
    return name == f"{letters}{str(int(number) + 1).zfill(len(number))}"


def _order(name: str) -> tuple[str, int, str]:
    """Sort names as people count: `store-9` is before `store-10`."""
    numbered = _NUMBERED.fullmatch(name)
    return (numbered[1], int(numbered[2]), name) if numbered else (name, 0, name)
