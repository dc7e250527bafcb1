"""`pairctl discover`: pairing requests that no intent names, as intents that can be committed."""

import re

from pairctl.cli import options
from pairctl.cli.progress import Progress
from pairctl.cli.running import Place, Rules, make_keys, open_settings, read_operator, run
from pairctl.cli.screen import Screen
from pairctl.engine import Access, Plan, Stop, make_plan, render_yaml
from pairctl.pairing import PaletteRequest
from pairctl.spec import API_VERSION

EXAMPLES = """
Examples:

  pairctl discover --operator ~/operator.yaml --secrets-dir ~/secrets

  pairctl discover > intents/unrecognized.yaml    # look at each before you commit it
"""


def discover(
    repository: options.Repository = ".",
    ref: options.Ref = "HEAD",
    under: options.Under = "",
    status_branch: options.StatusBranch = options.DEFAULT_BRANCH,
    remote: options.Remote = "origin",
    operator: options.OperatorFile = None,
    secrets_dir: options.SecretsFolder = None,
    allow_host: options.AllowHost = None,
) -> None:
    """Print pairing requests that no intent names, as intents that reject them.

    Nothing is rejected by this: commit what you mean. Where the cluster of an intent cannot be
    seen, one of the requests may be its own; that is told.
    """
    screen = Screen()
    place = Place(repository, ref, under, status_branch, remote)
    rules = Rules(operator, secrets_dir, tuple(allow_host or ()))
    plan = run(lambda stop: _look(place, rules, screen, stop))
    found = [(name, r) for name, group in plan.unrecognized.items() for r in group.requests]
    for palette, request in found:
        screen.line(document(palette, request))
    screen.note(f"{len(found)} pairing requests that no intent names")
    for name, group in plan.unrecognized.items():
        if group.unseen:
            unseen = ", ".join(group.unseen)
            screen.note(f"in {name}, some may belong to intents not seen yet: {unseen}", "yellow")


async def _look(place: Place, rules: Rules, screen: Screen, stop: Stop) -> Plan:
    spec = read_operator(rules, place)
    keys = make_keys(rules, spec, screen)
    with Progress(screen, lines=False) as progress:
        async with (
            open_settings(place, spec, screen, stop, progress) as settings,
            Access(keys, spec, settings.clock) as access,
        ):
            return await make_plan(settings, access)


def document(palette: str, request: PaletteRequest) -> str:
    """Return a request as a document that, once committed, rejects it."""
    who = " ".join(f"{request.name} ({request.local_uid})".split())
    told = render_yaml(
        {
            "apiVersion": API_VERSION,
            "kind": "PairingIntent",
            "metadata": {"name": _name(request)},
            "spec": {
                "desired": "Rejected",
                "palette": palette,
                "request": {"pairingUid": request.pairing_uid},
            },
        }
    )
    head = f"---\n# Sent by cluster {who}. Committed as it is, this rejects the request.\n"
    return head + told.decode()


def _name(request: PaletteRequest) -> str:
    label = re.sub(r"[^a-z0-9]+", "-", request.pairing_uid.lower()).strip("-")
    return f"reject-{label}"[:63].rstrip("-")
