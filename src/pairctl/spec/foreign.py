"""Which files are another tool's: repositories hold Helm templates, Kustomize files, secrets.

A file is pairctl's where one of its documents names a version of pairctl, or nearly does, or where
it is of a kind of pairctl's and names no version. All else is nobody's business here, whatever
stands in it. Pure.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from pairctl.spec.fields import API_VERSION
from pairctl.spec.kinds import KINDS
from pairctl.spec.nodes import ListNode, MapNode, Node, Scalar

MAX_LOOKED_AT_BYTES = 4 << 20
"""How much of a file too large to be read is looked at, to tell whose it is."""

_GROUP, _, _VERSION = API_VERSION.partition("/")
_OWN_KINDS = (*KINDS, "PairingStatus", "RolloutStatus")
_SURELY_OURS = "pairing"
"""How those kinds begin that no other tool has: they are ours under any version."""
_NEAR_GROUP, _NEAR_VERSION, _NEAR_KIND, _NEAR_KEY = 0.75, 0.8, 0.8, 0.8
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_HEADS = re.compile(
    r"""\b(?P<key>api[_-]?[a-z]{4,10}|kind)["']?[ \t]{0,9}:[ \t]{0,99}["']?"""
    r"""(?P<value>[^\s"',}#]{1,200})""",
    re.IGNORECASE,
)
_DOCUMENT_START = re.compile(r"^---", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)


def is_foreign_content(content: bytes) -> bool:
    """Whether a file that is not parsed, or cannot be, is another tool's, by its bytes.

    What is kept elsewhere (Git LFS) is not known, and so is not.
    """
    if content.startswith(_LFS_POINTER) or len(content) > MAX_LOOKED_AT_BYTES:
        return False
    text = content.replace(b"\0", b"").decode("utf-8", "replace")
    text = _COMMENT.sub("", text)
    if f"{_GROUP}/v" in text:
        return False
    return not any(
        _is_own([(found["key"], found["value"]) for found in _HEADS.finditer(chunk)])
        for chunk in _DOCUMENT_START.split(text)
    )


def is_foreign(roots: Iterable[Node]) -> bool:
    """Whether all documents of a file are another tool's."""
    return not any(_is_own(_heads(root)) for each in roots for root in _documents(each))


def _documents(root: Node) -> Iterator[MapNode]:
    """Yield what may be meant as documents: of a list its items, also of one as Kubernetes has."""
    nodes = root.items if isinstance(root, ListNode) else (root,)
    for node in nodes:
        if isinstance(node, MapNode):
            yield node
            listed = node.entry("items")
            items = listed.value.items if listed and isinstance(listed.value, ListNode) else ()
            yield from (item for item in items if isinstance(item, MapNode))


def _heads(root: MapNode) -> list[tuple[str, str]]:
    """Return the fields at the top of a document that hold one text."""
    return [
        (entry.key.text, entry.value.text)
        for entry in root.entries
        if isinstance(entry.value, Scalar)
    ]


def _is_own(heads: list[tuple[str, str]]) -> bool:
    versions = [value for key, value in heads if _is_like(key, "apiVersion", _NEAR_KEY)]
    if any(map(_is_own_version, versions)):
        return True
    if any(_is_like(value, API_VERSION, _NEAR_VERSION) for _, value in heads):
        return True  # under whatever name
    ours = [value for _, value in heads if value in _OWN_KINDS]
    if any(value.casefold().startswith(_SURELY_OURS) for value in ours):
        return True  # under whatever name
    kinds = [value for key, value in heads if key.casefold() == "kind"]
    return not versions and any(
        _is_like(kind, own, _NEAR_KIND) for kind in kinds for own in _OWN_KINDS
    )


def _is_own_version(value: str) -> bool:
    group, is_parted, _ = value.casefold().partition("/")
    if group.startswith(_GROUP):
        return True
    if is_parted:
        return _is_like(group, _GROUP, _NEAR_GROUP)
    return _is_like(value, API_VERSION, _NEAR_VERSION)


def _is_like(word: str, known: str, least: float) -> bool:
    """Whether two words are the same but for a slip; a long one is nothing like a short one."""
    return len(word) <= 2 * len(known) and _is_near(word, known, least)


@lru_cache(maxsize=4096)
def _is_near(word: str, known: str, least: float) -> bool:
    """Compare two words; the heads of a fleet's documents are nearly all the same."""
    return SequenceMatcher(None, word.casefold(), known.casefold()).ratio() >= least
