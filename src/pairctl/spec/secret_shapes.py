"""What gives a secret away: its own shape, or the name in front of it.

Every pattern looks at each character a bounded number of times, whatever the text.
"""

import re
from collections.abc import Iterator, Sequence

_JWT = re.compile(r"(?<![\w-])(?=[\w-]*+\.[\w-]{5})[\w-]*?eyJ[\w-]{5,}+\.[\w-]{5,}+(\.[\w-]*+)?")
_HEX_KEY = re.compile(r"[0-9a-fA-F]{32,}")
_HEX_WITHIN = re.compile(r"(?<![0-9a-fA-F])(?<!sha256:)[0-9a-fA-F]{32,}+")
_HEX_TEXT = re.compile(r'"[0-9a-fA-F]{32}')
_DIGITS = re.compile(r"[0-9]{32}")
_NUMBER = re.compile(r"\b[0-9]{32}")
_USER = re.compile(r"(?<!\S)((?:(?!//)\S)*+//)(\S*)@")

_NAME = r"passw|secret|token|credential|api_?key"
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE)
_NAMED_VALUE = re.compile(
    rf"""(?:{_NAME})[\w-]{{0,64}}["']?\s*[:=](?:\s*|[{{\[]+\s*)([^\s,{{}}\[\]][^,{{}}\[\]]*+)""",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"(?<!\S)#")


def looks_secret(text: str, *, hex_too: bool = True) -> bool:
    """Return whether `text` has the shape of a token (JWT) or, if `hex_too`, of a key in hex."""
    return bool(_JWT.search(text) or (hex_too and _HEX_KEY.fullmatch(text)))


def may_hold_secret(text: str) -> bool:
    """Return whether JSON may have text that looks secret: a quick look at the whole."""
    if "eyJ" in text or _HEX_TEXT.search(text):
        return True
    return bool(_DIGITS.search(text) and _NUMBER.search(text))  # the first is quick to say no


def is_named_as_secret(path: Sequence[str | int]) -> bool:
    """Return whether a field's name says that its value is nobody's business."""
    return bool(path) and names_a_secret(str(path[-1]))


def names_a_secret(text: str) -> bool:
    """Return whether a word in `text` is a name for secrets."""
    return bool(_SECRET_NAME.search(text))


def secret_pieces(line: str) -> Iterator[tuple[int, int]]:
    """Yield where in a line of a file something may be secret: from where, to where."""
    for pattern, group in ((_JWT, 0), (_HEX_WITHIN, 0), (_USER, 2), (_NAMED_VALUE, 1)):
        yield from (found.span(group) for found in pattern.finditer(line))
    comment = _COMMENT.search(line)
    if comment and names_a_secret(line[comment.end() :]):
        yield comment.end(), len(line)
