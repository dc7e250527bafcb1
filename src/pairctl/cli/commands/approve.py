"""`pairctl approve`: approvals of what waits for one, ready to be committed."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, NoReturn

import typer

from pairctl.cli.completion import wave_completions
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Intents, Place
from pairctl.cli.refusals_view import refusal_lines
from pairctl.cli.running import open_settings, run
from pairctl.cli.screen import Screen
from pairctl.engine import (
    Approvable,
    Approvals,
    Stop,
    WaveApproval,
    read_approvable,
    read_wave_approval,
)
from pairctl.exits import Exit
from pairctl.problem import ConfigurationError, Problem
from pairctl.records import render_yaml
from pairctl.spec import API_VERSION, Finding, IntentSelection, OperatorSpec
from pairctl.text import one_line

EXAMPLES = """
Examples:

  pairctl approve                        # all that waits for an approval

  pairctl approve -l wave=canary         # of those with this label

  pairctl approve store-0042 --reason "CHG-2107" > approval.yaml

  pairctl approve --wave emea/canary     # a wave of a rollout, for its gate
"""


@grouped
def approve(
    place: Place,
    intents: Intents,
    reason: Annotated[str, typer.Option(help="Why, for people.")] = "",
    approved_by: Annotated[str, typer.Option(help="Who, for people.")] = "",
    wave: Annotated[
        str,
        typer.Option(
            metavar="ROLLOUT/WAVE",
            help="Print a RolloutApproval of this wave instead.",
            autocompletion=wave_completions,
        ),
    ] = "",
) -> None:
    """Print a PairingApproval for each acceptance that waits for one, or one of a whole wave.

    It works on what the last pass wrote down, and needs no secret. Nothing is approved by this:
    look at what it says, and commit what you mean. Who may do that is for your forge to say.

    Exits 3 where files or documents are refused: what is in them is not known.
    """
    screen, selection = Screen(), intents.selection
    more = {"reason": reason, "approvedBy": approved_by}
    if wave:
        rollout, _, name = wave.partition("/")
        if not (rollout and name):
            raise ConfigurationError(
                Problem(
                    "BadWave", f"`{wave}` names no wave", "write ROLLOUT/WAVE, as in emea/canary"
                )
            )
        of = run(lambda stop: _read_wave(place, selection, screen, stop, (rollout, name)))
        screen.plain(wave_document(of, more).rstrip("\n"))
        _end(screen, f"{len(of.intents)} intents of wave {name} to be approved", of.refused)
    found = run(lambda stop: _read(place, selection, screen, stop))
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
    words = f"{current} acceptance{'s' * (current != 1)} to be approved"
    _end(screen, words, found.refused)


def _end(screen: Screen, words: str, refused: tuple[Finding, ...]) -> NoReturn:
    screen.note(words)
    for line in refusal_lines(refused):
        screen.note(line, "yellow")
    raise typer.Exit(Exit.BLOCKED if refused else Exit.OK)


async def _read_wave(
    place: Place, selection: IntentSelection, screen: Screen, stop: Stop, of: tuple[str, str]
) -> WaveApproval:
    async with open_settings(
        place, OperatorSpec(), screen, stop, selection=selection, may_be_old=True
    ) as settings:
        return await read_wave_approval(settings, *of)


async def _read(place: Place, selection: IntentSelection, screen: Screen, stop: Stop) -> Approvals:
    async with open_settings(
        place, OperatorSpec(), screen, stop, selection=selection, may_be_old=True
    ) as settings:
        return await read_approvable(settings)


def wave_document(one: WaveApproval, more: dict[str, str]) -> str:
    """Return an approval of a wave as a document."""
    spec: dict[str, Any] = {
        "rollout": one.rollout,
        "wave": one.wave,
        "intents": list(one.intents),
        "digest": one.digest,
    }
    shown = render_yaml(
        {
            "apiVersion": API_VERSION,
            "kind": "RolloutApproval",
            "metadata": {"name": f"{one.rollout}-{one.wave}"[:63].rstrip("-")},
            "spec": spec | {key: value for key, value in more.items() if value},
        }
    )
    words = f"# Approves that {len(one.intents)} intents of wave {one.wave} begin, as they are now."
    return f"---\n{words}\n{shown.decode()}"


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
