"""What a value without quotes means: by YAML 1.2 (core schema), and by the parsers before it.

pairctl reads YAML 1.2. Text that an older parser takes for something else is told apart, because
the same file is read by other tools too, and because nobody who writes `no` or `12:30` is sure.
"""

import math
import re
from functools import lru_cache
from typing import TypeAlias

Value: TypeAlias = bool | int | float | str | None
Json: TypeAlias = Value | list["Json"] | dict[str, "Json"]

_WORDS: dict[str, Value] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_STARTS = frozenset("-+.0123456789~nNtTfFyYoO") | {""}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LONGEST_EXACT_INTEGER = 40

_OLD_BOOLEANS = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), "true"),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF"), "false"),
}
_OLD_NUMBER = re.compile(
    r"[-+]?0b[01_]+"
    r"|[-+]?0x[0-9a-fA-F_]+"
    r"|[-+]?[0-9][0-9_]*"
    r"|[-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"
)
_OLD_TIME = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"(([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?"
    r"([ \t]*(Z|[-+][0-9]{1,2}(:?[0-9]{2})?))?)?"
)


class Doubtful(str):
    """Text by YAML 1.2 that an older parser reads as something else."""

    __slots__ = ()


def resolve(text: str) -> Value:
    """Return what a value without quotes means by YAML 1.2; a `Doubtful` where parsers differ."""
    if text[:1] not in _STARTS:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return Doubtful(text) if older_reading(text) else text


def older_reading(text: str) -> str:
    """Return how a YAML 1.1 parser reads `text`, in words; empty where it reads text."""
    if text in _OLD_BOOLEANS:
        return f"the truth value {_OLD_BOOLEANS[text]}"
    if _OLD_NUMBER.fullmatch(text):
        return "a number"
    return "a date" if _OLD_TIME.fullmatch(text) else ""


@lru_cache(maxsize=1024)
def is_read_as_text(key: str) -> bool:
    """Whether every parser reads a key as text, and as a key of its own.

    A fleet's documents have the same keys, and so it remembers them: keep it to short ones.
    """
    return key != "<<" and type(resolve(key)) is str


def _integer(text: str) -> int | float:
    """Return the number; as a float beyond any field's range, where Python's `int` may refuse."""
    if len(text) > _LONGEST_EXACT_INTEGER:
        return math.inf
    if text[1:2] in {"o", "x"}:
        return int(text, 8 if text[1] == "o" else 16)
    return int(text)
