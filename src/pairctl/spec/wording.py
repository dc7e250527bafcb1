"""How findings speak of values and fields: cut, on one line, and with nothing secret in them."""

import difflib
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from pairctl.spec.scalars import resolve

_LONGEST = 60
_MOST_COMPARED = 50
# Each run of characters is looked at once, whatever stands in it: time grows with the text only.
_JWT = re.compile(r"(?<![\w-])(?=[\w-]*+\.[\w-]{5})[\w-]*?eyJ[\w-]{5,}+\.[\w-]{5,}+(\.[\w-]*+)?")
_HEX_KEY = re.compile(r"[0-9a-fA-F]{32,}")
_HEX_VALUE = re.compile(r'"[0-9a-fA-F]{32}|\b[0-9]{32}')
_SECRET_NAME = re.compile(r"passw|secret|token|credential|api_?key", re.IGNORECASE)
_USER = re.compile(r"(?<!\S)((?:(?!//)\S)*+//)(\S*)@")
_PLAIN = re.compile(r"[A-Za-z0-9_][\w.+-]*", re.ASCII)


def looks_secret(text: str, *, hex_too: bool = True) -> bool:
    """Return whether `text` has the shape of a token (JWT) or, if `hex_too`, of a key in hex."""
    return bool(_JWT.search(text) or (hex_too and _HEX_KEY.fullmatch(text)))


def may_hold_secret(text: str) -> bool:
    """Return whether JSON may have text that looks secret: a quick look at the whole."""
    return "eyJ" in text or bool(_HEX_VALUE.search(text))


def is_named_as_secret(path: Sequence[str | int]) -> bool:
    """Return whether a field's name says that its value is nobody's business."""
    return bool(path) and bool(_SECRET_NAME.search(str(path[-1])))


def shown(value: object) -> str:
    """Return a value as a message may show it: short, printable, without what looks secret."""
    text = _as_yaml(value)
    if looks_secret(text):
        return "(hidden)"
    text = _USER.sub(r"\1(hidden)@", text)
    text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def quoted_path(path: Iterable[str | int]) -> str:
    """Return a field's path as people write it: `spec.profiles[0].name`, in back quotes."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{shown(step)}"
    return f"`{text.removeprefix('.')}`" if text else "the document"


def look_alike(text: str) -> str:
    """Return a hint that names the first letter of `text` outside ASCII; empty where none is."""
    odd = next((char for char in text if not char.isascii()), None)
    if odd is None:
        return ""
    return f"U+{ord(odd):04X} is {unicodedata.name(odd, 'no letter').lower()}; write it in ASCII"


def nearest(word: str, words: Collection[str]) -> str:
    """Return "did you mean ..." for the word most like `word`; empty where none is."""
    return did_you_mean(nearest_word(word, words))


def nearest_word(word: str, words: Collection[str]) -> str:
    """Return the one of `words` that is most like `word`; empty where none is."""
    is_dear = len(word) > _LONGEST or len(words) > _MOST_COMPARED
    return "" if is_dear else _nearest(word, tuple(sorted(words)))


@lru_cache(maxsize=256)
def _nearest(word: str, words: tuple[str, ...]) -> str:
    known = {known.lower(): known for known in words}
    found = difflib.get_close_matches(word.lower(), known, n=1)
    return known[found[0]] if found else ""


def did_you_mean(word: str) -> str:
    """Return the question after `word` as a hint; empty where there is no word."""
    return f"did you mean `{word}`?" if word else ""


def as_yaml(text: str) -> str:
    """Return text as it may stand in a document: quoted where it could be read otherwise.

    No text stays none.
    """
    is_plain = _PLAIN.fullmatch(text) and type(resolve(text)) is str
    return text if is_plain or not text else json.dumps(text, ensure_ascii=False)


def listed(words: Iterable[str]) -> str:
    """Return the words in a row, as in "a, b, c"."""
    return ", ".join(words)


def _as_yaml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
