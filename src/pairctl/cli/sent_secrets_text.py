"""Secrets that a change sends somewhere new, in lines for people: names, and never a value."""

from collections.abc import Sequence
from itertools import accumulate, groupby

from pairctl.engine import PlannedSecret
from pairctl.spec import SecretRole, in_words
from pairctl.text import markdown_name, prose

TITLE = "Secrets that this change sends somewhere new"
MOST_DESTINATIONS = 3
MOST_BYTES = 16_384
"""What they may take of a comment, which a forge bounds."""


def sent_secrets(found: Sequence[PlannedSecret]) -> list[tuple[str, str]]:
    """Return for each secret and role its name, and as what it goes where.

    Those that are stored in Palette come first.
    """
    return [
        (name, _where(role, list(group)))
        for (name, role), group in groupby(found, key=lambda one: (one.name, one.role))
    ]


def secrets_markdown(found: Sequence[PlannedSecret], refused: Sequence[str]) -> str:
    """Return them as a section of a comment, with those that were refused; empty without any."""
    sent = (f"- {markdown_name(name)}: {prose(where)}\n" for name, where in sent_secrets(found))
    shown = [*(f"- ⛔ refused: {prose(text)}\n" for text in refused), *sent]
    if not shown:
        return ""
    sizes = accumulate(len(line.encode()) for line in shown)
    fitting = [line for line, size in zip(shown, sizes, strict=True) if size <= MOST_BYTES]
    left = len(shown) - len(fitting)
    more = f"- **and {left} more:** `pairctl plan --base` shows all of them\n" if left else ""
    return f"**{TITLE}:**\n\n{''.join(fitting)}{more}\n"


def _where(role: SecretRole, group: Sequence[PlannedSecret]) -> str:
    places = _some([one.destination for one in group])
    if role is SecretRole.VARIABLE:
        names = _some([one.variable for one in group])
        return f"stored in Palette as the value of a variable, {names}, at {places}"
    return f"{in_words(role)}, at {places}"


def _some(texts: Sequence[str]) -> str:
    each = list(dict.fromkeys(texts))
    more = len(each) - MOST_DESTINATIONS
    shown = ", ".join(each[:MOST_DESTINATIONS])
    return f"{shown} and {more} more" if more > 0 else shown
