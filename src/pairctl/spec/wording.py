"""How findings speak of values and fields: cut, on one line, and with nothing secret in them."""

import difflib
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from pairctl.spec.scalars import resolve
from pairctl.spec.secret_shapes import looks_secret
from pairctl.text import HIDDEN, beginning, marked, without_users

Value: TypeAlias = "str | bool | Mapping[str, Value] | Sequence[Value]"
"""What may stand in a document that a hint suggests."""

_LONGEST = 60
_LONGEST_REPEATED = 128
_MOST_COMPARED = 50
_PLAIN = re.compile(r"[A-Za-z0-9_][\w.+-]*", re.ASCII)


def shown(value: object) -> str:
    """Return a value as a message may show it: short, printable, without what looks secret."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if looks_secret(text):
        return HIDDEN
    return beginning(marked(without_users(text, HIDDEN)), _LONGEST)


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

    Empty for none, and for what is long or looks secret: that is not repeated.
    """
    if not text or len(text) > _LONGEST_REPEATED or looks_secret(text):
        return ""
    return _scalar(text)


def snippet(fields: Mapping[str, Value]) -> str:
    """Return fields in back quotes, on one line, as they may be pasted into a document.

    Whatever the texts are, the loader reads them back as they are: pairctl itself refuses
    `{fingerprint: sha256:...}` in braces without quotes.
    """
    return f"`{', '.join(f'{_scalar(key)}: {_flow(value)}' for key, value in fields.items())}`"


def _flow(value: Value) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _scalar(value)
        case Mapping():
            inner = ", ".join(f"{_scalar(key)}: {_flow(item)}" for key, item in value.items())
            return f"{{{inner}}}"
        case _:
            return f"[{', '.join(map(_flow, value))}]"


def _scalar(text: str) -> str:
    plain = str(text)  # of an enumeration, too
    is_plain = _PLAIN.fullmatch(plain) and type(resolve(plain)) is str
    return plain if is_plain else json.dumps(plain, ensure_ascii=False)


def listed(words: Iterable[str]) -> str:
    """Return the words in a row, as in "a, b, c"."""
    return ", ".join(words)
