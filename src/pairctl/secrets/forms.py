"""The forms in which a secret is looked for in the readings of a text. Pure."""

import base64
import json
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from pairctl.secrets.reading import spellings, visible

SHORTEST = 4
"""What is shorter would garble everything: signs that can be seen, spaces not counted."""

LEAST = 8
"""The least length of a secret that is used; shorter ones are parts of too many words."""

MOST_LINES = 2_000
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]*")  # what no encoding changes (RFC 3986)
_QUOTINGS = (("'", "''"), ("'", "'\"'\"'"), ("'", "'\\''"), ('"', '""'))


def forms(value: str) -> frozenset[str]:
    """Return what stands for a value in the readings of a text; none where it is too short.

    Each line of a value is a value by itself: a program may quote one line of a key.
    """
    lines = [line for line in value.split("\n")[:MOST_LINES] if len(visible(line)) >= LEAST]
    values = dict.fromkeys((value, *lines))
    found = {form for one in values if len(visible(one)) >= SHORTEST for form in _forms(one)}
    return frozenset(form for form in found if len(form) >= SHORTEST)


def _forms(value: str) -> Iterator[str]:
    for written in dict.fromkeys(_written(value)):
        # Without its quotes only where enough is left of it.
        for spelling in spellings(written):
            if not spelling.is_bare or len(spelling.text) >= LEAST:
                yield spelling.text
    for content in dict.fromkeys(_contents(value)):
        yield from (form.casefold() for form in _base64_forms(content))
        yield from (content.hex(), content.hex(":"), content.hex("-"))


def _written(value: str) -> Iterator[str]:
    """Yield a value as it is, and as it may be written where no sign of it is escaped."""
    same = [value]
    if not value.isascii():
        same += [unicodedata.normalize("NFC", value), unicodedata.normalize("NFD", value)]
    if " " in value:
        same.append(value.replace(" ", "+"))  # forms of web pages
    same += [value.replace(sign, doubled) for sign, doubled in _QUOTINGS if sign in value]
    yield from same
    if _UNRESERVED.fullmatch(value) is None:
        # What stands beside an escaped value may make an escape with its first or last signs.
        shorter = (cut for one in same for cut in (one[1:], one[2:], one[:-1], one[:-2]))
        yield from (one for one in shorter if len(visible(one)) >= LEAST - 2)


def _contents(value: str) -> Iterator[bytes]:
    """Yield the bytes that base64 and hex may stand for: also of the value inside JSON or a URL."""
    yield value.encode("utf-8", "surrogatepass")
    if _UNRESERVED.fullmatch(value):
        return
    for text in (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
        yield text.encode("utf-8", "surrogatepass")
    yield quote(value.encode("utf-8", "surrogatepass"), safe="").encode()


def _base64_forms(content: bytes) -> Iterator[str]:
    """Yield `content` in base64, and what stands for it alone wherever it starts in a text."""
    yield base64.b64encode(content).decode().rstrip("=")
    yield base64.urlsafe_b64encode(content).decode().rstrip("=")
    for offset, first in enumerate((0, 2, 3)):
        text = base64.b64encode(bytes(offset) + content).decode().rstrip("=")
        # The last sign is shared with what follows, unless a group of three is full.
        shared = (len(content) + offset) % 3 != 0
        form = text[first : len(text) - shared]
        yield form
        yield form.translate({ord("+"): "-", ord("/"): "_"})
