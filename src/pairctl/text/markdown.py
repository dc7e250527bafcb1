"""Text from outside in Markdown: it reads as it was written, and nothing of it means anything.

Forges look for mentions and references in the text that is left once Markdown is rendered, and in
mails that answer a comment; so an escaped `@` still calls somebody. A space of no width behind it
does not.
"""

import re

from pairctl.text.printable import one_line, printable
from pairctl.text.truncate import beginning

LONGEST = 320
"""How many signs of one text are shown in a table."""

_NO_WIDTH = "\u200b"
_MEANING = {ord(sign): f"&#{ord(sign)};" for sign in "\\`*_[]{}<>|!&~$#@^"}
_MEANING[ord(_NO_WIDTH)] = "&#8203;"
_CALLS = re.compile(
    r"(?<=[@#!$%&~^])(?=[\w\"'])"  # @team, #1, !1, ~label, %milestone, and their quoted forms
    r"|(?<=\bgh-)(?=\d)"  # GH-1
    r"|(?<=:)(?=//)|(?<=\bwww)(?=\.)",  # addresses that would become links
    re.IGNORECASE,
)
_AS_EMOJI = "\ufe0f"
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")


def prose(text: str, longest: int = LONGEST) -> str:
    """Return text as it may stand anywhere in one line of Markdown, in a table too."""
    shown = beginning(one_line(text), longest)
    return _CALLS.sub(_NO_WIDTH, shown).translate(_MEANING)


def markdown_name(text: str) -> str:
    """Return the name of a document, as code; one that is no DNS label is shown as prose."""
    return f"`{text}`" if _LABEL.fullmatch(text) else prose(text)


def printable_document(text: str) -> str:
    """Return a finished document without what cannot be seen; signs of ours stay emoji."""
    return _AS_EMOJI.join(map(printable, text.split(_AS_EMOJI)))
