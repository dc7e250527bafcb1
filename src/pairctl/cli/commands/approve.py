"""`pairctl approve`: approvals of what waits for one, ready to be committed."""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, NoReturn

import typer

from pairctl.cli import options
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Intents, Place
from pairctl.cli.refusals_view import refusal_lines
from pairctl.cli.running import open_settings, run
from pairctl.cli.screen import Screen
from pairctl.engine import (
    Approvable,
    ApprovableWave,
    Approvals,
    Stop,
    read_approvable,
    read_approvable_wave,
)
from pairctl.exits import Exit
from pairctl.records import render_yaml
from pairctl.spec import API_VERSION, Finding, IntentSelection, OperatorSpec
from pairctl.text import one_line

EXAMPLES = """
Examples:

  pairctl approve                        # all that waits for an approval

  pairctl approve -l wave=canary         # of those with this label

  pairctl approve store-0042 --reason "CHG-2107" > approval.yaml

  pairctl approve --rollout emea --wave canary > approvals/emea-canary.yaml
"""


@grouped
def approve(
    place: Place,
    intents: Intents,
    rollout: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="With --wave: approve that a wave of this begins."),
    ] = None,
    wave: Annotated[
        str | None, typer.Option(metavar="NAME", help="With --rollout: which of its waves.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, for people.")] = "",
    approved_by: Annotated[str, typer.Option(help="Who, for people.")] = "",
) -> None:
    """Print a PairingApproval for each acceptance that waits for one.

    It works on what the last pass wrote down, and needs no secret. Nothing is approved by this:
    look at what it says, and commit what you mean. Who may do that is for your forge to say.

    With --rollout and --wave it is a RolloutApproval: that the intents of a wave begin which no
    approval covers yet, as they are in the documents at --ref. Names and labels choose among them.

    Exits 3 where files or documents are refused: what is in them is not known.
    """
    given = {"--rollout": rollout, "--wave": wave}
    for option, other in (("--rollout", "--wave"), ("--wave", "--rollout")):
        options.refuse_without(
            option, other, is_given=bool(given[option]), has_needed=bool(given[other])
        )
    screen, selection = Screen(), intents.selection
    if rollout and wave:
        _approve_wave(place, selection, screen, (rollout, wave), _stated(reason, approved_by))
        return
    found = run(lambda stop: _read(place, selection, screen, stop))
    for one in found.items:
        if one.is_current:
            stated = _stated(reason, approved_by)
            screen.plain(document(one, stated, screen.clean).rstrip("\n"))
        else:
            screen.note(
                f"{one.status.name}: its documents have changed since the last pass; "
                "see what that comes to with `pairctl apply` first",
                "yellow",
            )
    current = sum(one.is_current for one in found.items)
    screen.note(f"{current} acceptance{'s' * (current != 1)} to be approved")
    _end(screen, found.refused)


def _approve_wave(
    place: Place,
    selection: IntentSelection,
    screen: Screen,
    wanted: tuple[str, str],
    stated: dict[str, str],
) -> None:
    async def read(stop: Stop) -> ApprovableWave:
        async with open_settings(
            place, OperatorSpec(), screen, stop, selection=selection, may_be_old=True
        ) as settings:
            return await read_approvable_wave(settings, *wanted)

    found = run(read)
    screen.plain(wave_document(found, stated).rstrip("\n"))
    count = len(found.intents)
    screen.note(f"{count} intent{'s' * (count != 1)} of wave {found.wave} to be approved")
    _end(screen, found.refused)


def _end(screen: Screen, refused: Sequence[Finding]) -> NoReturn:
    for line in refusal_lines(refused):
        screen.note(line, "yellow")
    raise typer.Exit(Exit.BLOCKED if refused else Exit.OK)


def _stated(reason: str, approved_by: str) -> dict[str, str]:
    """Return what is said for people, under the names of the document's fields."""
    return {key: text for key, text in (("reason", reason), ("approvedBy", approved_by)) if text}


async def _read(place: Place, selection: IntentSelection, screen: Screen, stop: Stop) -> Approvals:
    async with open_settings(
        place, OperatorSpec(), screen, stop, selection=selection, may_be_old=True
    ) as settings:
        return await read_approvable(settings)


def document(one: Approvable, stated: dict[str, str], clean: Callable[[str], str] = str) -> str:
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
            "spec": spec | stated,
        }
    )
    comments = "".join(f"# {one_line(clean(line))}\n" for line in _comments(one))
    return f"---\n{comments}{shown.decode()}"


def wave_document(found: ApprovableWave, stated: dict[str, str]) -> str:
    """Return an approval of a wave as a document, with what it stands for in comments."""
    spec: dict[str, Any] = {
        "rollout": found.rollout,
        "wave": found.wave,
        "intents": list(found.intents),
        "digest": found.digest,
    }
    shown = render_yaml(
        {
            "apiVersion": API_VERSION,
            "kind": "RolloutApproval",
            "metadata": {"name": found.name},
            "spec": spec | stated,
        }
    )
    count = len(found.intents)
    clusters = f"{count} cluster{'s' * (count != 1)}"
    part = "" if found.is_of_all else ", not all of those that wait"
    comments = (
        f"# Approves that {clusters} of wave {found.wave} of rollout {found.rollout} begin{part}.\n"
        "# They are handed over for good. What changes, or comes into it later, is not covered.\n"
    )
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
