"""`pairctl discover`: pairing requests that no intent names, as intents that can be committed."""

import re
from collections.abc import Callable

import typer

from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Place, Rules
from pairctl.cli.planning import look
from pairctl.cli.refusals_view import refusal_lines
from pairctl.cli.running import run
from pairctl.cli.screen import Screen
from pairctl.cli.unseen_view import tell_unseen
from pairctl.exits import Exit
from pairctl.pairing import PaletteRequest
from pairctl.records import render_yaml
from pairctl.spec import API_VERSION
from pairctl.text import one_line

EXAMPLES = """
Examples:

  pairctl discover --operator ~/operator.yaml --secrets-dir ~/secrets

  pairctl discover > intents/unrecognized.yaml    # look before you commit
"""


@grouped
def discover(
    place: Place,
    rules: Rules,
) -> None:
    """Print pairing requests that no intent names, as intents that reject them.

    Nothing is rejected by this: commit what you mean. Where the cluster of an intent cannot be
    seen, one of the requests may be its own; that is told.

    Exits 1 where a Palette was not looked at: then nobody knows what is pending there. Exits 3
    where another document is refused.
    """
    screen = Screen()
    plan = run(lambda stop: look(place, rules, screen, stop, is_shown=False))
    found = [(name, r) for name, group in plan.unrecognized.items() for r in group.requests]
    unlisted = plan.unlisted
    for palette, request in found:
        screen.plain(document(palette, request, screen.clean))
    if found or not unlisted:
        screen.note(f"{len(found)} pairing request{'s' * (len(found) != 1)} that no intent names")
    for name, group in plan.unrecognized.items():
        if group.requests and group.unseen:
            unseen = ", ".join(group.unseen)
            screen.note(f"in {name}, some may belong to intents not seen yet: {unseen}", "yellow")
    for line in refusal_lines(plan.source.refusals):
        screen.note(line, "yellow")
    tell_unseen(screen, unlisted)
    if unlisted:
        raise typer.Exit(Exit.ERROR)
    raise typer.Exit(Exit.BLOCKED if plan.source.refusals else Exit.OK)


def document(palette: str, request: PaletteRequest, clean: Callable[[str], str] = str) -> str:
    """Return a request as a document that, once committed, rejects it."""
    who = one_line(clean(f"{request.name} ({request.local_uid})"))
    label = re.sub(r"[^a-z0-9]+", "-", request.pairing_uid.lower()).strip("-")
    shown = render_yaml(
        {
            "apiVersion": API_VERSION,
            "kind": "PairingIntent",
            "metadata": {"name": f"reject-{label}"[:63].rstrip("-")},
            "spec": {
                "desired": "Rejected",
                "palette": palette,
                "request": {"pairingUid": request.pairing_uid},
            },
        }
    )
    head = f"---\n# Sent by cluster {who}. Committed as it is, this rejects the request.\n"
    return head + shown.decode()
