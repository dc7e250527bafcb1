"""`pairctl approve`: approvals of what waits for one, ready to be committed."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer

from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Intents, Place
from pairctl.cli.refusals_view import refusal_lines
from pairctl.cli.running import open_settings, run
from pairctl.cli.screen import Screen
from pairctl.engine import Approvable, Approvals, Stop, read_approvable
from pairctl.exits import Exit
from pairctl.records import render_yaml
from pairctl.spec import API_VERSION, IntentSelection, OperatorSpec
from pairctl.text import one_line

EXAMPLES = """
Examples:

  pairctl approve                        # all that waits for an approval

  pairctl approve -l wave=canary         # of those with this label

  pairctl approve store-0042 --reason "CHG-2107" > approval.yaml
"""


@grouped
def approve(
    place: Place,
    intents: Intents,
    reason: Annotated[str, typer.Option(help="Why, for people.")] = "",
    approved_by: Annotated[str, typer.Option(help="Who, for people.")] = "",
) -> None:
    """Print a PairingApproval for each acceptance that waits for one.

    It works on what the last pass wrote down, and needs no secret. Nothing is approved by this:
    look at what it says, and commit what you mean. Who may do that is for your forge to say.

    Exits 3 where files or documents are refused: what is in them is not known.
    """
    screen, selection = Screen(), intents.selection
    found = run(lambda stop: _read(place, selection, screen, stop))
    more = {"reason": reason, "approvedBy": approved_by}
    for one in found.items:
        if one.is_current:
            screen.plain(document(one, more, screen.clean).rstrip("\n"))
        else:
            screen.note(
                f"{one.status.name}: its documents have changed since the last pass; "
                "see what that comes to with `pairctl apply` first",
                "yellow",
            )
    current = sum(one.is_current for one in found.items)
    screen.note(f"{current} acceptance{'s' * (current != 1)} to be approved")
    for line in refusal_lines(found.refused):
        screen.note(line, "yellow")
    raise typer.Exit(Exit.BLOCKED if found.refused else Exit.OK)


async def _read(place: Place, selection: IntentSelection, screen: Screen, stop: Stop) -> Approvals:
    async with open_settings(
        place, OperatorSpec(), screen, stop, selection=selection, may_be_old=True
    ) as settings:
        return await read_approvable(settings)


def document(one: Approvable, more: dict[str, str], clean: Callable[[str], str] = str) -> str:
    """Return an approval as a document; what it stands for is told in comments, line by line.

    So a newer approval of the same intent shows what has changed, in the pull request's own diff.
    """
    status = one.status
    spec: dict[str, Any] = {"intent": status.name, "digest": status.digest}
    if status.pairing_uid and status.requested_at:
        spec["pairingUid"] = status.pairing_uid
    shown = render_yaml(
        {
            "apiVersion": API_VERSION,
            "kind": "PairingApproval",
            "metadata": {"name": status.name},
            "spec": spec | {key: value for key, value in more.items() if value},
        }
    )
    comments = "".join(f"# {one_line(clean(line))}\n" for line in _comments(one))
    return f"---\n{comments}{shown.decode()}"


def _comments(one: Approvable) -> Iterator[str]:
    status = one.status
    yield f"Approves that {status.name} (local cluster {status.local_uid}) is handed over for good,"
    yield "with the profiles"
    for profile in status.profiles:
        yield f"- {profile.name} {profile.version}"
    yield "which have exactly its layers:"
    for layer in one.layers:
        yield f"- {layer.kind}: {layer}"
