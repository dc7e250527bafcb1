"""Characters that can be seen, and what becomes of all others.

Unseen are controls, halves of characters, and all that a renderer may ignore: marks of direction,
spaces and joiners of no width, variation selectors, fillers, tags. They forge lines, colours and
the order of what is read, and hide one text inside another.
"""

import re
from collections.abc import Callable

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

UNSEEN_IN_CLASS = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    r"\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    r"\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd"
    r"\U00013430-\U00013455\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Unicode's Cc, Cf, Cs, Zl, Zp and Default_Ignorable_Code_Point, without line feed and tab."""

UNSEEN = re.compile(f"[{UNSEEN_IN_CLASS}]")

ESCAPE_CODE = re.compile(
    r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]"  # a colour, a movement
    r"|[\]PX^_][^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\|\x9c))"  # a title, a link, up to its end
)
"""What a terminal obeys (ECMA-48), whole."""

_BREAKS = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
_SPACE = re.compile(r"\s")
_ODD = re.compile(rf"[{UNSEEN_IN_CLASS}\n\t]")


def printable(text: str) -> str:
    """Return the text without what cannot be seen; line feeds and tabs stay.

    Signs that no font has a picture for are seen as a mark.
    """
    if text.isascii() and text.isprintable():
        return text
    seen = UNSEEN.sub("", without_codes(text))
    if _bare(seen).isprintable():
        return seen
    return "".join(char if _bare(char).isprintable() else REPLACEMENT for char in seen)


def without_codes(text: str) -> str:
    """Return the text without what a terminal would obey."""
    return ESCAPE_CODE.sub("", text) if "\x1b" in text else text


def one_line(text: str) -> str:
    """Return the text printable and on one line, with single spaces between its words."""
    return " ".join(printable(_BREAKS.sub(" ", without_codes(text))).split())


def is_plain(text: str) -> bool:
    """Whether all of the text can be seen, and stands on one line."""
    return text.isprintable() and _ODD.search(text) is None


def marked(text: str) -> str:
    """Return the text as long as it was, with a mark for each sign that cannot be shown.

    So a word that merely looks like another one never equals it.
    """
    return _each_odd(text, lambda _: REPLACEMENT)


def escaped(raw: bytes | str) -> str:
    r"""Return the text on one line, with an escape such as `\n` for what cannot be shown."""
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
    return _each_odd(text, lambda char: char.encode("unicode_escape", "surrogatepass").decode())


def _bare(text: str) -> str:
    """Return the text with a plain space for each other one."""
    return _SPACE.sub(" ", text)


def _each_odd(text: str, change: Callable[[str], str]) -> str:
    if is_plain(text):
        return text
    return "".join(
        char if char.isprintable() and not UNSEEN.match(char) else change(char) for char in text
    )
