"""Text in the log of a CI job: runners obey some of what they read there.

GitHub's runner takes a line for a command that begins with `::name::`, whatever space stands in
front, and `##[name]` anywhere (documentation of workflow commands; the runner's own behaviour).
"""

import re

from pairctl.text.printable import marked

_OLD_COMMAND = re.compile(r"##(\w*)\[")
_COMMAND = re.compile(r"::(?=[A-Za-z][\w-]*(?:[ ][^\n]*?)?::)")


def harmless(text: str) -> str:
    """Return a line, as long as it was, of what can be seen and no CI takes for a command.

    A table may fold a text anywhere: what begins no line here may begin one there.
    """
    text = marked(text)
    if "##" in text:
        text = _OLD_COMMAND.sub(r"##\1(", text)
    return _COMMAND.sub(":.", text) if "::" in text else text


def harmless_path(path: str) -> str:
    """Return a path that may begin a line: `::` there is a command to GitHub's runner."""
    shown = harmless(path)
    return f"./{shown}" if shown[:1] in {":", " "} else shown
