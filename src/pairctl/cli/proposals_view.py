"""What would make a selection match, for people and for machines, and as files for Palette."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pairctl.cli.layout import show_wrapped
from pairctl.cli.screen import Screen
from pairctl.engine import LEFT_OUT, Explanation, profile_document
from pairctl.layers import Profile, Proposal, Repair
from pairctl.problem import PairctlError, Problem
from pairctl.text import Own, each_text

MOST_USERS = 3
_INDENT = "   "


def show_proposals(screen: Screen, explanation: Explanation) -> None:
    """Show the nearest selections, each with its distance and its repair."""
    proposals = explanation.proposals
    if not proposals.nearest:
        return
    screen.line()
    screen.line("What would match, nearest first:", "bold")
    for number, proposal in enumerate(proposals.nearest, 1):
        _show_proposal(screen, explanation, number, proposal)
    if not proposals.is_complete:
        screen.line("The search was left at its limit: there may be nearer selections.", "yellow")


def proposals_data(explanation: Explanation) -> dict[str, Any]:
    """Return the nearest selections as data."""
    return {
        "nearest": [_data(explanation, proposal) for proposal in explanation.proposals.nearest],
        "nearestIsComplete": explanation.proposals.is_complete,
    }


def write_repair(screen: Screen, proposals: Sequence[Proposal], number: int, file: Path) -> None:
    """Write the profiles to publish for a proposal: to `file`, or numbered files beside it.

    Raises PairctlError where there is no such proposal, or a file is there already.
    """
    if number > len(proposals):
        raise PairctlError(
            Problem(
                "NoSuchProposal",
                f"there is no selection {number}: {len(proposals)} are shown",
                "run `pairctl explain` without --repair, and pick one that it shows",
            )
        )
    proposal = proposals[number - 1]
    if not proposal.repairs:
        screen.note(f"nothing is written, for nothing has to be published: {proposal}")
        return
    write_profiles(screen, proposal.repairs, file)


def write_profiles(screen: Screen, repairs: Sequence[Repair], file: Path) -> None:
    """Write repaired profiles: one to `file`, several to numbered files beside it.

    Raises PairctlError where a file is there already.
    """
    count = len(repairs)
    files = (
        [file]
        if count == 1
        else [file.with_stem(f"{file.stem}-{number}") for number in range(1, count + 1)]
    )
    for path, repair in zip(files, repairs, strict=True):
        profile = each_text(profile_document(repair), screen.clean)
        try:
            with path.open("x", encoding="utf-8") as opened:
                opened.write(json.dumps(profile, indent=2) + "\n")
        except OSError as error:
            raise PairctlError(
                Problem(
                    "CannotWrite",
                    f"cannot write {path}: {error.strerror}",
                    "name a file that is not there yet, in a folder that is",
                )
            ) from error
        screen.note(f"wrote {repair.profile.name} to {path}")
    screen.note(f"not known, and left out: {LEFT_OUT}; complete them in Palette before publishing")


def _show_proposal(
    screen: Screen, explanation: Explanation, number: int, proposal: Proposal
) -> None:
    now = " (selected now)" if _is_selected(explanation, proposal) else ""
    names = " + ".join(map(str, proposal.match.selection))
    title = f"{number}. {names}{now}: {_apart(proposal.distance)}"
    show_wrapped(screen, screen.text(title))
    for repair in proposal.repairs:
        show_wrapped(screen, screen.text(str(repair), "green"), _INDENT)
        profile = repair.profile.name
        if users := explanation.users.get(profile):
            note = f"note: selected for {_some(users)} too"
            show_wrapped(screen, screen.text(note, "dim"), _INDENT)
        if paired := explanation.paired.get(profile):
            show_wrapped(screen, screen.text(paired_note(paired), "dim"), _INDENT)
    if not proposal.repairs:
        show_wrapped(screen, screen.text(str(proposal), "green"), _INDENT)


def paired_note(names: Sequence[str]) -> str:
    """Say whose clusters are paired with a profile that is to be published."""
    if len(names) == 1:
        return f"note: {names[0]} is paired with it, and would see it as the latest"
    return f"note: {_some(names)} are paired with it, and would see it as the latest"


def _apart(distance: int) -> str:
    match distance:
        case 0:
            return "matches exactly"
        case 1:
            return "1 layer apart"
        case _:
            return f"{distance} layers apart"


def _some(users: Sequence[str]) -> str:
    left = len(users) - MOST_USERS
    return ", ".join(users[:MOST_USERS]) + (f" and {left} more" if left > 0 else "")


def _is_selected(explanation: Explanation, proposal: Proposal) -> bool:
    return set(proposal.match.selection) == set(explanation.proof.selection)


def _data(explanation: Explanation, proposal: Proposal) -> dict[str, Any]:
    return {
        "profiles": profiles_data(proposal.match.selection),
        "distance": proposal.distance,
        "isSelected": _is_selected(explanation, proposal),
        "humanAction": str(proposal),
        "repairs": [
            {
                "profile": repair.profile.name,
                "isNew": repair.is_new,
                "alsoSelectedFor": [
                    Own(user) for user in explanation.users.get(repair.profile.name, ())
                ],
                "pairedWith": [
                    Own(name) for name in explanation.paired.get(repair.profile.name, ())
                ],
                "changes": [
                    {
                        "layer": pack.kind,
                        "name": pack.name,
                        "from": change.before.version if change.before else None,
                        "to": change.after.version if change.after else None,
                    }
                    for change in repair.changes
                    if (pack := change.after or change.before)
                ],
            }
            for repair in proposal.repairs
        ],
    }


def profiles_data(profiles: Sequence[Profile]) -> list[dict[str, str]]:
    """Return profiles as data: name, version and uid."""
    return [{"name": p.name, "version": p.version, "uid": p.uid} for p in profiles]
