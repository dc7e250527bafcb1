"""What a plan says of one intent below what is done for it."""

from collections.abc import Iterator

from pairctl.cli.configuration_view import changing_values
from pairctl.engine import PlannedIntent


def intent_notes(intent: PlannedIntent) -> Iterator[str]:
    """Yield the note of an intent, if it has one, and the values that would change."""
    if intent.note:
        yield intent.note
    yield from changing_values(intent)
